"""What a learner may see of a verdict, and when. Everything that leaves through a reply passes here.

A reply to an answer is made from what was announced with it and from its first verdict, neither of which changes, so
that the same request repeated later gets the same reply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any
from uuid import UUID

from assessment.disclosure.announcing import Announcement
from assessment.models import Attempt, Presentation, Response
from assessment.models import Verdict as StoredVerdict
from content.items.grading import ItemVerdict
from content.items.presenting import comparisons, right_answers, solution_html, text_html
from content.items.verdict import Verdict
from content.models import Misconception


@dataclass(frozen=True, slots=True)
class Recorded:
    """A response as stored with its first verdict, and where it stands; ``replayed`` when it had been stored before.

    ``following`` is the presentation that the attempt went on to by itself; ``ideas`` are the misconceptions that are
    at hand, by their slugs.
    """

    response: Response
    verdict: StoredVerdict
    presentation: Presentation
    attempt: Attempt | None
    replayed: bool
    following: Presentation | None = None
    ideas: Mapping[str, Misconception] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """One interaction's verdict as the learner sees it; what is withheld is None."""

    valid: bool
    score: float | None
    parsed: Any
    parts: Any
    rule: str | None
    message: str | None
    compared: str | None
    misconception: Misconception | None


@dataclass(frozen=True, slots=True)
class AttemptTotals:
    state: str
    score: float | None
    max_score: float


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """Where a place stands for its learner. ``tries_left`` is None where there is no limit."""

    state: str
    tries_left: int | None
    answers: int


@dataclass(frozen=True, slots=True)
class ShownResponse:
    """The verdict on an answer as the learner sees it.

    ``standing`` is what the item counts for after it, and ``score`` the same where the answer could be read.
    """

    id: UUID
    position: int | None
    number: int
    valid: bool
    score: float | None
    standing: float | None
    max_score: float
    correct: bool | None
    interactions: Mapping[str, ShownVerdict]
    feedback: str | None
    solution: str | None
    right: Mapping[str, Any] | None
    place: PlaceShown | None
    attempt: AttemptTotals | None


def reply(recorded: Recorded, *, solves: bool = True) -> ShownResponse:
    """Return what is answered to an answer, the first time and every time it is repeated.

    In practice a wrong answer brings the solution where it is what one comes for (``solves``), a right one always.
    """
    attempt, presentation = recorded.attempt, recorded.presentation
    told = Announcement.from_json(recorded.response.announcement or {})
    verdict = ItemVerdict.from_json(recorded.verdict.document)
    # In an attempt it would spoil the tries that are left.
    solvable = told.valid and (solves or told.correct) if attempt is None else told.settled
    return ShownResponse(
        **_shown_parts(
            verdict,
            presentation,
            ideas=misconceptions_in([verdict], recorded.ideas) if told.released else {},
            released=told.released,
            solvable=solvable,
            standing=told.score,
        ),
        id=recorded.response.pk,
        number=told.number,
        place=_place_told(told, attempt) if attempt else None,
        attempt=_totals_told(told) if attempt else None,
    )


def _totals_told(told: Announcement) -> AttemptTotals:
    return AttemptTotals(told.state, told.attempt_score if told.released else None, told.attempt_max_score)


def _place_told(told: Announcement, attempt: Attempt) -> PlaceShown:
    through = told.settled or (told.score is not None and not attempt.rules.tells_at_once)
    return PlaceShown("answered" if through else "open", told.tries_left, told.answers)


def shown_response(
    response: Response,
    verdict: ItemVerdict,
    presentation: Presentation,
    ideas: Mapping[str, Misconception],
    *,
    released: bool,
    solvable: bool,
) -> ShownResponse:
    """Return a stored response as it is judged by now. ``solvable`` says whether its solution may be seen once
    verdicts are released.
    """
    credit = presentation.credit
    standing = None if credit is None else credit * presentation.weight
    return ShownResponse(
        **_shown_parts(
            verdict, presentation, ideas=ideas, released=released, solvable=solvable, standing=standing
        ),
        id=response.pk,
        number=response.try_number or presentation.tries_used + 1,
        place=None,
        attempt=None,
    )


def _shown_parts(
    verdict: ItemVerdict,
    presentation: Presentation,
    *,
    ideas: Mapping[str, Misconception],
    released: bool,
    solvable: bool,
    standing: float | None,
) -> dict[str, Any]:
    # An answer that costs no try tells nothing of its readable parts: one could ask permanently.
    explained = released and verdict.valid
    solved = released and solvable
    differs = _differences(verdict, presentation) if explained and solved else {}
    told = (standing or 0.0) if released else None
    return {
        "position": presentation.position,
        "valid": verdict.valid,
        "score": told if explained else None,
        "standing": told,
        "max_score": presentation.weight,
        "correct": verdict.correct if explained else None,
        "interactions": {
            i: _shown(v, ideas, explained=explained, solved=solved, compared=differs.get(i))
            for i, v in verdict.interactions.items()
        },
        "feedback": _feedback(verdict, presentation) if explained else _complaint(verdict),
        "solution": solution_of(presentation) if solved else None,
        "right": right_of(presentation) if solved else None,
    }


def solution_of(presentation: Presentation) -> str | None:
    return solution_html(presentation.item_version.definition, presentation.variant)


def right_of(presentation: Presentation) -> Mapping[str, Any]:
    """Return what would have been right, by the key that counts."""
    return right_answers(presentation.grading_version.definition, presentation.graded_by)


def revealed(presentation: Presentation) -> dict[str, Any]:
    """Return what a learner sees who has asked for the solution."""
    return {"solution": solution_of(presentation), "right": right_of(presentation)}


def _differences(verdict: ItemVerdict, presentation: Presentation) -> Mapping[str, str]:
    return comparisons(presentation.grading_version.definition, presentation.graded_by, verdict.interactions)


def _shown(
    verdict: Verdict,
    ideas: Mapping[str, Misconception],
    *,
    explained: bool,
    solved: bool,
    compared: str | None,
) -> ShownVerdict:
    """What was read of the answer and why it cannot be read tell nothing of the key; the rest waits.

    The rule names tolerances: it waits for the solution.
    """
    return ShownVerdict(
        valid=verdict.valid,
        score=verdict.score if explained else None,
        parsed=verdict.parsed,
        parts=verdict.parts if explained else None,
        rule=verdict.rule if explained and solved else None,
        message=(verdict.message or None) if explained or not verdict.valid else None,
        compared=compared or None,
        misconception=ideas.get(verdict.misconception or "") if explained else None,
    )


def misconceptions_in(
    verdicts: Iterable[ItemVerdict], ideas: Mapping[str, Misconception]
) -> dict[str, Misconception]:
    """Return the misconceptions at hand, by their slugs, with those that valid verdicts name besides.

    A query only where one is not at hand, as in a wording that a correction names.
    """
    shown = (v.misconception for one in verdicts if one.valid for v in one.interactions.values())
    missing = {slug for slug in shown if slug} - ideas.keys()
    found = Misconception.objects.filter(slug__in=missing) if missing else ()
    return {**ideas, **{row.slug: row for row in found}}


def _complaint(verdict: ItemVerdict) -> str | None:
    """What is wrong with an answer as a whole, where no interaction can say it."""
    return f"<p>{escape(verdict.message)}</p>" if verdict.message and not verdict.interactions else None


def _feedback(verdict: ItemVerdict, presentation: Presentation) -> str | None:
    """What the authors say to this answer, in this variant's numbers."""
    texts = tuple(v.feedback for v in verdict.interactions.values() if v.feedback)
    if not texts:
        return None
    return text_html(presentation.item_version.definition, presentation.variant, "\n\n".join(texts))
