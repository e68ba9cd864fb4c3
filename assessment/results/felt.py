"""What corrections and people did to results, as learners are told it: nothing before the results are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import CharField, DateTimeField, F, FloatField, IntegerField, Subquery, Value
from django.db.models.expressions import OuterRef

from assessment.disclosure.announcing import Announcement
from assessment.models import (
    Attempt,
    AttemptAction,
    CorrectionEffect,
    Override,
    Presentation,
    User,
    Verdict,
)
from assessment.models.attempts import AttemptState
from assessment.models.corrections import ActionKind, CorrectionKind
from assessment.models.regrading import CHANGED, fraction
from assessment.models.responses import ResponseQuerySet

WORDS: Final[Mapping[str, str]] = {
    CorrectionKind.KEY: "The right answer of a question was corrected.",
    CorrectionKind.POLICY: "How a question is graded was corrected.",
    CorrectionKind.DROP: "A question does not count any more.",
    CorrectionKind.FULL_CREDIT: "Everybody gets full credit for a question.",
    CorrectionKind.ACCEPT: "Another answer to a question is accepted too.",
}
TAKEN_BACK: Final = "An earlier correction was taken back."

SCORE_GIVEN: Final = "score"
"""The kind of a decision that is a score by hand; the others are the kinds of actions."""

DECIDED: Final[Mapping[str, str]] = {
    SCORE_GIVEN: "A score was given by hand.",
    ActionKind.VOID: "This attempt does not count.",
    ActionKind.EXTEND: "You got more time.",
    ActionKind.REOPEN: "This attempt was opened again.",
    ActionKind.ALLOW_ANOTHER: "You got another attempt.",
}


@dataclass(frozen=True, slots=True)
class Felt:
    """What a correction did to an attempt. ``before`` and ``after`` are shares of everything, None of nothing.

    ``kept``: it would have lowered the result, which stays. ``versions`` are the wordings that it judges anew.
    """

    correction: UUID
    at: datetime
    kind: str
    words: str
    reason: str
    before: float | None
    after: float | None
    changes: bool
    kept: bool
    author: User | None
    versions: frozenset[UUID]

    @property
    def is_news(self) -> bool:
        """Whether its learner is told of it: the result changed, or would have."""
        return self.changes or self.kept


@dataclass(frozen=True, slots=True)
class Anew:
    """An answer that is worth something else since a correction.

    ``before`` is what it was judged to be at first, and ``after`` what it is by now, as shares of the item; None: the
    item does not count. ``was_told``: its learner read the first at once.
    """

    felt: Felt
    before: float
    after: float | None
    was_told: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an attempt; ``position`` and ``score`` are of a score by hand alone."""

    kind: str
    words: str
    reason: str
    at: datetime
    by: str
    position: int | None
    score: float | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A result that was corrected, and whose learner has not looked at it since."""

    attempt: Attempt
    at: datetime
    before: float | None
    after: float | None


def is_told(attempt: Attempt, now: datetime) -> bool:
    """Whether it is over and its learner may see what came of it."""
    return attempt.state != AttemptState.OPEN and attempt.releases_verdicts(now)


def felt_in(attempt: Attempt) -> list[Felt]:
    """Return what corrections did to an attempt, the earliest first. One query."""
    effects = CorrectionEffect.objects.filter(attempt=attempt, applied_at__isnull=False)
    effects = effects.select_related("correction__author").annotate(versions=ArrayAgg("correction__versions"))
    return [_felt(one) for one in effects.order_by("applied_at", "id")]


def _felt(effect: Any) -> Felt:
    correction = effect.correction
    return Felt(
        correction=correction.pk,
        at=effect.applied_at,
        kind=correction.kind,
        words=TAKEN_BACK if correction.undoes_id else WORDS[correction.kind],
        reason=correction.reason,
        before=fraction(effect.before_score, effect.before_max),
        after=fraction(effect.after_score, effect.after_max),
        changes=effect.changes,
        kept=effect.kept,
        author=correction.author,
        versions=frozenset(effect.versions),
    )


def with_first_verdict(responses: ResponseQuerySet) -> ResponseQuerySet:
    """Add ``first_score``, ``current_score`` and ``corrected_by``, and what was asked. In the same statement."""
    verdicts = Verdict.objects.filter(response=OuterRef("pk"))
    return responses.select_related("regrade_request").annotate(
        first_score=Subquery(verdicts.filter(number=1).values("score")[:1]),
        current_score=Subquery(verdicts.current().values("score")[:1]),
        corrected_by=Subquery(verdicts.current().values("correction")[:1]),
    )


def anew(presentation: Presentation, response: Any, felt: Sequence[Felt]) -> Anew | None:
    """Return what corrections made of an answer, read by `with_first_verdict`; None where it is worth the same."""
    concerned = [one for one in felt if presentation.item_version_id in one.versions and not one.kept]
    if not concerned or response.first_score is None:
        return None
    by = next((one for one in concerned if one.correction == response.corrected_by), concerned[-1])
    after = _worth(presentation, response)
    if after == response.first_score:
        return None
    told = Announcement.from_json(response.announcement) if response.announcement else None
    return Anew(by, response.first_score, after, told is not None and told.released)


def _worth(presentation: Presentation, response: Any) -> float | None:
    """Return what an answer is worth by corrections alone: what a person gave is said apart."""
    if presentation.is_dropped:
        return None
    if presentation.awarded is not None and not presentation.is_overridden:
        return presentation.awarded
    score: float = response.current_score
    return score


def decided_about(attempt: Attempt) -> list[Decision]:
    """Return what people decided about an attempt, the earliest first: of scores by hand what holds. One query."""
    given = Override.objects.filter(attempt=attempt).order_by()
    acted = AttemptAction.objects.filter(attempt=attempt).order_by()
    rows = given.values_list(
        "created_at",
        "pk",
        Value(SCORE_GIVEN, CharField()),
        "reason",
        *_AUTHOR,
        F("presentation__position"),
        F("score"),
        Value(None, DateTimeField()),
    ).union(
        acted.values_list(
            "created_at",
            "pk",
            "kind",
            "reason",
            *_AUTHOR,
            Value(None, IntegerField()),
            Value(None, FloatField()),
            F("until"),
        ),
        all=True,
    )
    # Of two in the same moment, the one with the later id came later.
    return _holding(_decision(at, *said) for at, _, *said in sorted(rows, key=lambda row: row[:2]))


_AUTHOR: Final = ("author__first_name", "author__last_name", "author__username")


def _decision(
    at: datetime,
    kind: str,
    reason: str,
    first: str | None,
    last: str | None,
    username: str | None,
    position: int | None,
    score: float | None,
    until: datetime | None,
) -> Decision:
    by = " ".join(filter(None, (first, last))) or username or ""
    return Decision(kind, DECIDED[kind], reason, at, by, position, score, until)


def _holding(decisions: Iterable[Decision]) -> list[Decision]:
    """Leave out scores that a later one replaces or takes back."""
    found = list(decisions)
    latest = {one.position: one for one in found if one.kind == SCORE_GIVEN}
    return [
        one
        for one in found
        if one.kind != SCORE_GIVEN or (latest[one.position] is one and one.score is not None)
    ]


def notices(user: User, now: datetime) -> list[Notice]:
    """Return the corrected results that somebody has not looked at since, each once, the latest first.

    One query where there are none, and a constant number where there are.
    """
    effects = CorrectionEffect.objects.filter(
        CHANGED,
        learner__users=user,
        applied_at__isnull=False,
        seen_at=None,
        attempt__is_void=False,
        attempt__awarded=None,
    )
    whole = effects.select_related("attempt__assignment__assessment", "attempt__learner")
    whole = whole.prefetch_related("attempt__learner__users__accommodations")
    by_attempt: dict[UUID, list[CorrectionEffect]] = {}
    for effect in whole.order_by("applied_at", "id"):
        by_attempt.setdefault(effect.attempt_id, []).append(effect)
    told = [_notice(some) for some in by_attempt.values() if is_told(some[-1].attempt, now)]
    return sorted((one for one in told if one.before != one.after), key=lambda one: one.at, reverse=True)


def _notice(effects: Sequence[CorrectionEffect]) -> Notice:
    first, last = effects[0], effects[-1]
    assert last.applied_at is not None  # as the query asks for
    return Notice(
        attempt=last.attempt,
        at=last.applied_at,
        before=fraction(first.before_score, first.before_max),
        after=fraction(last.after_score, last.after_max),
    )


def mark_seen(attempt: Attempt, now: datetime) -> int:
    """Put away the notices about an attempt, and return how many; nothing before its result may be seen."""
    if not is_told(attempt, now):
        return 0
    unseen = CorrectionEffect.objects.filter(attempt=attempt, applied_at__isnull=False, seen_at=None)
    return unseen.update(seen_at=now)
