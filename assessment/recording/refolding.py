"""An attempt folded from nothing but its log: responses in the order of their sequence, and the verdicts on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from assessment.knowledge.tracing import Answered
from assessment.models import Attempt, Presentation, Response, Verdict
from assessment.models.responses import Origin
from assessment.models.statements import copied
from assessment.modes import mode_of
from assessment.modes.base import Exposed, Place, Places
from assessment.modes.places import place_of
from assessment.scoring.tries import Tally, Try, TryRules, credit, settled


@dataclass(frozen=True, slots=True)
class Entry:
    """A response of the log with what it was announced to be and the verdicts on it, the first one first."""

    response: Response
    verdicts: Sequence[Verdict]

    @property
    def is_pending(self) -> bool:
        """Whether it waits for a verdict: a grader failed on it."""
        return not self.verdicts and self.response.origin != Origin.LATE

    def verdict_at(self, moment: datetime | None) -> Verdict | None:
        """Return the verdict that was current at a moment, or is now; None where there was none.

        One that was made with its response is known from then on: of two that arrived at once, the later can be
        written first.
        """
        known = [
            one
            for one in self.verdicts
            if moment is None or one.created_at <= max(moment, self.response.created_at)
        ]
        current = next((one for one in known if one.current), None) if moment is None else None
        return current or (known[-1] if known else None)


@dataclass(frozen=True, slots=True)
class Folded:
    """What the log says of one place: its stored columns by their names."""

    answers: int
    tries_used: int
    score: float | None
    is_settled: bool
    is_pending: bool
    first: Answered | None


@dataclass(frozen=True, slots=True)
class Refolded:
    """An attempt and its presentations as the log has them, and what that changes in the exposure of items."""

    attempt: Attempt
    shown: Sequence[Presentation]
    exposed: Sequence[Exposed]


Log = Mapping[UUID, Sequence[Entry]]
"""By the ids of presentations, in the order of the sequence."""


def log_of(attempt: Attempt) -> list[Entry]:
    """Return the log of an attempt. Two queries."""
    return _entries(Response.objects.filter(attempt=attempt))


def log_of_practice(presentation: Presentation) -> list[Entry]:
    """Return the log of a variant of practice. Two queries."""
    return _entries(presentation.responses.all())


def _entries(responses: QuerySet[Response]) -> list[Entry]:
    rows = responses.order_by("sequence").prefetch_related("verdicts")
    return [Entry(row, sorted(row.verdicts.all(), key=lambda one: one.number)) for row in rows]


def fold_place(
    entries: Sequence[Entry], rules: TryRules, moment: datetime | None = None, *, closed: bool = False
) -> Folded:
    """Fold what was answered at a place, with the verdicts of a moment or of now.

    Tries and the closing follow what was announced, credit follows the verdicts. What is void was not sent.
    ``closed``: besides, its learner has asked for the solution.
    """
    sent = [one for one in entries if one.response.origin != Origin.LATE]
    known = [(one, one.verdict_at(moment)) for one in sent]
    judged = [(one, verdict) for one, verdict in known if verdict is None or not verdict.is_void]
    tries = [
        Try(one.response.try_number is not None, verdict.score if verdict and verdict.valid else None)
        for one, verdict in judged
    ]
    spent = sum(one.spent for one in tries)
    told_right = any((one.response.announcement or {}).get("settled") for one, _ in judged)
    first = next(((one, v) for one, v in judged if one.response.try_number == 1), None)
    return Folded(
        answers=len(sent),
        tries_used=spent,
        score=credit(rules, tries),
        is_settled=closed or told_right or settled(rules, Tally(spent)),
        is_pending=any(verdict is None for _, verdict in judged),
        first=_first(first),
    )


def _first(found: tuple[Entry, Verdict | None] | None) -> Answered | None:
    if found is None or found[1] is None or not found[1].valid:
        return None
    response = found[0].response
    return Answered(response.created_at, found[1].score, response.hints_taken)


def refolded(attempt: Attempt, shown: Sequence[Presentation], log: Sequence[Entry]) -> Refolded:
    """Return copies of an attempt and its presentations as the log has them. Nothing is written."""
    rules, mode = attempt.rules.scoring, mode_of(attempt)
    by_place = _by_place(shown, log)
    current = [with_fold(one, fold_place(by_place[one.pk], rules, closed=one.is_given_up)) for one in shown]
    places = folded_places(attempt, current, log)
    change = mode.refold(attempt, places)
    after = copied(attempt)
    after.posterior = change.posterior
    after.score, after.max_score = mode.total(after, places)
    return Refolded(after, current, change.exposed)


def with_fold(presentation: Presentation, folded: Folded) -> Presentation:
    """Return a copy of a presentation as its log has it."""
    place = copied(presentation)
    place.tries_used, place.score = folded.tries_used, folded.score
    place.is_settled, place.is_pending = folded.is_settled, folded.is_pending
    first = folded.first
    place.first_at, place.first_score, place.first_hints = (
        (first.at, first.score, first.hints) if first else (None, None, 0)
    )
    return place


def folded_places(
    attempt: Attempt,
    presentations: Sequence[Presentation],
    log: Sequence[Entry],
    until: Callable[[Entry], bool] = lambda _: True,
    moment: datetime | None = None,
) -> Places:
    """Return the places of an attempt as its log says, of the entries ``until`` and with the verdicts of a moment."""
    rules = attempt.rules.scoring
    by_place = _by_place(presentations, [entry for entry in log if until(entry)])
    return [
        _place(one, fold_place(by_place[one.pk], rules, moment, closed=one.is_given_up))
        for one in presentations
    ]


def _by_place(presentations: Sequence[Presentation], log: Sequence[Entry]) -> dict[UUID, list[Entry]]:
    by_place: dict[UUID, list[Entry]] = {one.pk: [] for one in presentations}
    for entry in log:
        by_place[entry.response.presentation_id].append(entry)
    return by_place


def _place(presentation: Presentation, folded: Folded) -> Place:
    return replace(
        place_of(presentation), score=folded.score, is_settled=folded.is_settled, first=folded.first
    )
