"""What is arranged for people, and how it reaches the attempts that run: at once, never less, for one or many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from assessment.errors import ActionRefused
from assessment.models import Accommodation, Assessment, Assignment, Attempt, AttemptAction, User, UserLearner
from assessment.models.attempts import AttemptState
from assessment.models.corrections import ActionKind
from assessment.models.statements import all_rows
from assessment.recording.overruling import extend
from assessment.recording.queries import QUERIES
from assessment.rules.delivery import Feedback

TERMS: Final = (
    "time_factor",
    "extra_minutes",
    "no_limit",
    "extra_attempts",
    "tries",
    "closes_at",
    "reason",
)
"""What can be arranged."""
REASON: Final = "More time was arranged for this learner."
MOST_ADDED: Final = 7 * 24 * 60
"""Minutes at once: more is another closing."""
DOUBLE_CLICK: Final = timedelta(seconds=10)
"""Within this the same is meant once."""


@dataclass(frozen=True, slots=True)
class _Gain:
    """An attempt that has more by now: another deadline, or more tries for each of its items."""

    attempt: Attempt
    deadline: datetime | None
    tries: int | None

    @property
    def is_longer(self) -> bool:
        return self.deadline != self.attempt.deadline

    @property
    def is_more(self) -> bool:
        return self.is_longer or self.tries != self.attempt.tries


@transaction.atomic
def arrange(
    *,
    users: Collection[User],
    assessment: Assessment | None,
    terms: Mapping[str, Any],
    author: User,
    now: datetime,
) -> tuple[list[Accommodation], list[Attempt]]:
    """Arrange the same for each of some people, in one assessment or in all, and let it reach the attempts that run.

    It takes the place of what was arranged for them there before. Returns it with the attempts that have more by it.
    Raises ValidationError for terms that no accommodation can have.
    """
    wanted = [Accommodation(user=one, assessment=assessment, **terms) for one in users]
    for one in wanted[:1]:
        one.full_clean(exclude=["user", "assessment"], validate_unique=False, validate_constraints=False)
    Accommodation.objects.bulk_create(
        wanted, update_conflicts=True, unique_fields=["user", "assessment"], update_fields=TERMS
    )
    made = Accommodation.objects.filter(user__in=users, assessment=assessment).select_related(
        "user", "assessment"
    )
    return list(made), reach_attempts(users=users, author=author, now=now)


@transaction.atomic
def reach_attempts(*, users: Collection[User], author: User, now: datetime) -> list[Attempt]:
    """Let what is arranged for people reach their attempts that run, and return those that have more by it.

    A deadline moves later only, and tries become more. An attempt that the clock has ended goes on where its new
    deadline is still to come, unless another one has begun since. Locks the attempts.
    """
    arranged = _arranged(users)
    mine = Attempt.objects.select_for_update(of=("self",)).select_related("assignment")
    found = mine.filter(
        learner__in=list(arranged), state__in=[AttemptState.OPEN, AttemptState.EXPIRED]
    ).order_by("pk")
    gains = [_gain(one, arranged[one.learner_id], now) for one in found]
    running = [one for one in gains if one.attempt.state == AttemptState.OPEN and one.is_more]
    _move(running, REASON, author, now)
    ended = (one for one in gains if one.attempt.state == AttemptState.EXPIRED and one.is_longer)
    return [one.attempt for one in running] + list(_reopened(ended, author, now))


@transaction.atomic
def add_minutes(
    *, assignment: Assignment, users: Collection[UUID], minutes: int, reason: str, author: User, now: datetime
) -> list[Attempt]:
    """Give the attempts at an assignment that run, of some people, so many minutes more; return those.

    One without a deadline has time enough. Locks the attempts; sent twice within seconds it is once. Raises
    ActionRefused without a reason, and for minutes that no attempt can have.
    """
    if not reason.strip():
        raise ActionRefused("Say why: whoever looks at this later has nothing else.")
    if not 1 <= minutes <= MOST_ADDED:
        raise ActionRefused(f"This must be 1 to {MOST_ADDED} minutes.")
    just_done = AttemptAction.objects.filter(
        attempt=OuterRef("pk"),
        kind=ActionKind.EXTEND,
        author=author,
        reason=reason,
        created_at__gt=now - DOUBLE_CLICK,
    )
    found = Attempt.objects.select_for_update(of=("self",)).filter(
        ~Exists(just_done),
        assignment=assignment,
        state=AttemptState.OPEN,
        deadline__isnull=False,
        learner__in=UserLearner.objects.filter(user__in=users).values("learner"),
    )
    more = timedelta(minutes=minutes)
    gains = [_Gain(one, max(one.deadline or now, now) + more, one.tries) for one in found.order_by("pk")]
    _move(gains, reason, author, now)
    return [one.attempt for one in gains]


def _arranged(users: Collection[User]) -> dict[UUID, list[Accommodation]]:
    """Return what is arranged for each learner of some people. Two queries."""
    for_users: dict[UUID, list[Accommodation]] = defaultdict(list)
    for one in Accommodation.objects.filter(user__in=users):
        for_users[one.user_id].append(one)
    arranged: dict[UUID, list[Accommodation]] = defaultdict(list)
    for link in UserLearner.objects.filter(user__in=list(for_users)):
        arranged[link.learner_id] += for_users[link.user_id]
    return arranged


def _gain(attempt: Attempt, arranged: Sequence[Accommodation], now: datetime) -> _Gain:
    given = attempt.assignment
    mine = given.accommodation_among(arranged)
    until = given.deadline(attempt.started_at, mine)
    is_sooner = attempt.deadline is None or (until is not None and until <= max(attempt.deadline, now))
    return _Gain(
        attempt, attempt.deadline if is_sooner else until, _tries(attempt, mine.tries if mine else None)
    )


def _tries(attempt: Attempt, arranged: int | None) -> int | None:
    """Return the tries that an attempt keeps: those arranged, where they give more than it has."""
    given = attempt.definition.rules_under(Feedback(attempt.release), arranged)
    has = attempt.rules.tries
    return arranged if has is not None and given.tries is not None and given.tries > has else attempt.tries


def _move(gains: Sequence[_Gain], reason: str, author: User, now: datetime) -> None:
    """Change attempts that are locked and open, so that whoever has read them reads them again."""
    if not gains:
        return
    AttemptAction.objects.bulk_create(
        _extended(one.attempt, one.deadline, reason, author, now) for one in gains if one.is_longer
    )
    all_rows(QUERIES["give_more"], {
        "attempts": [one.attempt.pk for one in gains],
        "deadlines": [one.deadline for one in gains],
        "tries": [one.tries for one in gains],
    })  # fmt: skip


def _reopened(gains: Iterator[_Gain], author: User, now: datetime) -> Iterator[Attempt]:
    for one in gains:
        try:
            with transaction.atomic():
                _extended(one.attempt, one.deadline, REASON, author, now).save()
                extend(one.attempt, one.deadline, author, now)
                Attempt.objects.filter(pk=one.attempt.pk).update(tries=one.tries)
        except ActionRefused:
            continue
        yield one.attempt


def _extended(
    attempt: Attempt, until: datetime | None, reason: str, author: User, now: datetime
) -> AttemptAction:
    return AttemptAction(
        attempt=attempt, kind=ActionKind.EXTEND, until=until, reason=reason, author=author, created_at=now
    )
