"""What a learner may see of a verdict, and when. Everything that leaves through a reply passes here.

A reply to an answer tells what held at that response, so that the same request repeated later gets the
same reply: its score and state are folded from the log up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import UUID

from assessment.models import Attempt, Presentation, Response
from assessment.models.attempts import AttemptState
from assessment.modes import mode_of
from assessment.rules.delivery import PRACTICE
from assessment.scoring.tries import settled, tally_tries
from content.items.grading import ItemVerdict
from content.items.presenting import solution_html, text_html
from content.items.verdict import Verdict
from content.models import Misconception


@dataclass(frozen=True, slots=True)
class Recorded:
    """A response as stored, and where it stands; ``replayed`` when it had been stored before."""

    response: Response
    presentation: Presentation
    attempt: Attempt | None
    replayed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands after a response: what fraction counts, whether it is closed, and what the attempt
    came to."""

    score: float | None
    is_settled: bool
    attempt_score: float
    attempt_max_score: float


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """One interaction's verdict as the learner sees it; what is withheld is None."""

    valid: bool
    score: float | None
    parsed: Any
    rule: str | None
    message: str | None
    misconception: Misconception | None


@dataclass(frozen=True, slots=True)
class AttemptTotals:
    state: str
    score: float | None
    max_score: float


@dataclass(frozen=True, slots=True)
class ShownResponse:
    """The verdict on an answer as the learner sees it.

    ``standing`` is what the item counts for after it, and ``score`` the same where the answer could be read.
    """

    id: UUID
    position: int | None
    try_number: int
    valid: bool
    score: float | None
    standing: float | None
    max_score: float
    correct: bool | None
    interactions: Mapping[str, ShownVerdict]
    feedback: str | None
    solution: str | None
    attempt: AttemptTotals | None


def reply(recorded: Recorded) -> ShownResponse:
    """Return what is answered to an answer, the first time and every time it is repeated."""
    attempt, presentation = recorded.attempt, recorded.presentation
    released = attempt is None or attempt.rules.releases(finished=False, closed=False)
    standing = _standing_then(recorded) if recorded.replayed else _standing_now(recorded)
    totals = None
    if attempt:
        score = standing.attempt_score if released else None
        totals = AttemptTotals(AttemptState.OPEN, score, standing.attempt_max_score)
    # In practice the solution is what one comes for; in an attempt it would spoil the tries that are left.
    solvable = recorded.response.valid if attempt is None else standing.is_settled
    names = misconceptions_in([recorded.response]) if released else {}
    return shown_response(
        recorded.response,
        presentation,
        standing.score,
        names,
        released=released,
        solvable=solvable,
        totals=totals,
    )


def shown_response(
    response: Response,
    presentation: Presentation,
    score: float | None,
    names: Mapping[str, Misconception],
    *,
    released: bool,
    solvable: bool,
    totals: AttemptTotals | None = None,
) -> ShownResponse:
    """Return a stored response with the misconceptions in ``names`` that its verdict names.

    ``solvable`` says whether its solution may be seen once verdicts are released.
    """
    verdict = ItemVerdict.from_json(response.verdict)
    # An answer that costs no try tells nothing of its readable parts: one could ask for ever.
    explained = released and verdict.valid
    standing = (score or 0.0) * presentation.weight if released else None
    return ShownResponse(
        id=response.id,
        position=presentation.position,
        try_number=response.try_number,
        valid=verdict.valid,
        score=standing if explained else None,
        standing=standing,
        max_score=presentation.weight,
        correct=verdict.correct if explained else None,
        interactions={i: _shown(v, names, explained=explained) for i, v in verdict.interactions.items()},
        feedback=_feedback(verdict, presentation) if explained else _complaint(verdict),
        solution=solution_of(presentation) if released and solvable else None,
        attempt=totals,
    )


def solution_of(presentation: Presentation) -> str | None:
    return solution_html(presentation.item_version.definition, presentation.variant)


def _standing_now(recorded: Recorded) -> Standing:
    presentation, attempt = recorded.presentation, recorded.attempt
    total, most = (attempt.score, attempt.max_score) if attempt else (0.0, 0.0)
    return Standing(presentation.score, presentation.is_settled, total, most)


def _standing_then(recorded: Recorded) -> Standing:
    """Fold the log up to the response: under the attempt's lock, ids rise in the order of recording."""
    response, presentation, attempt = recorded.response, recorded.presentation, recorded.attempt
    tries = presentation.responses.filter(id__lte=response.id).graded_scores()
    rules = attempt.rules.scoring if attempt else PRACTICE
    tally = tally_tries(rules, tries)
    total, most = mode_of(attempt).fold(attempt, response) if attempt else (0.0, 0.0)
    return Standing(tally.score, settled(rules, tally), total, most)


def _shown(verdict: Verdict, names: Mapping[str, Misconception], *, explained: bool) -> ShownVerdict:
    """What was read of the answer and why it cannot be graded tell nothing of the key; the rest waits."""
    return ShownVerdict(
        valid=verdict.valid,
        score=verdict.score if explained else None,
        parsed=verdict.parsed,
        rule=verdict.rule if explained else None,
        message=verdict.message or None,
        misconception=names.get(verdict.misconception or "") if explained else None,
    )


def misconceptions_in(responses: Iterable[Response]) -> dict[str, Misconception]:
    """Return the misconceptions that valid responses name, by their slugs. One query, none where there are none."""
    verdicts = [ItemVerdict.from_json(response.verdict) for response in responses if response.valid]
    slugs = {v.misconception for one in verdicts for v in one.interactions.values() if v.misconception}
    return {row.slug: row for row in Misconception.objects.filter(slug__in=slugs)} if slugs else {}


def _complaint(verdict: ItemVerdict) -> str | None:
    """What is wrong with an answer as a whole, where no interaction can say it."""
    return f"<p>{escape(verdict.message)}</p>" if verdict.message and not verdict.interactions else None


def _feedback(verdict: ItemVerdict, presentation: Presentation) -> str | None:
    """What the authors say to this answer, in this variant's numbers."""
    texts = [v.feedback for v in verdict.interactions.values() if v.feedback]
    if not texts:
        return None
    return text_html(presentation.item_version.definition, presentation.variant, "\n\n".join(texts))
