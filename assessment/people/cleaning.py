"""Throwing away what nobody will miss: guests who never answered, sessions that are over, old counts of requests.

Each verb can run at any time, twice at once, and as often as one likes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from assessment.models import (
    Attempt,
    Draft,
    Learner,
    Presentation,
    RateCount,
    Response,
    Session,
    User,
    UserLearner,
)
from assessment.models.people import Way

AT_ONCE: Final = 500
"""Guests in one transaction, so that no lock is held for long."""


def delete_idle_guests(*, now: datetime) -> int:
    """Delete guests older than ``GUEST_AGE`` who have answered nothing, with what they were shown.

    Return how many. Whoever has left an answer, and be it a draft or one that could not be read, stays: answers are
    never deleted. Guests who are locked are left for the next time.
    """
    deleted = 0
    while found := _delete_some(now):
        deleted += found
    return deleted


def delete_expired_sessions(*, now: datetime) -> int:
    """Delete sessions that are over and return how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def delete_old_counts(*, now: datetime) -> int:
    """Delete counts of requests whose window is over, and with them the addresses. Return how many."""
    return RateCount.objects.filter(ends_at__lt=now).delete()[0]


@transaction.atomic
def _delete_some(now: datetime) -> int:
    """Locks the guests: an answer that comes in meanwhile waits, and finds no guest."""
    before = now - settings.GUEST_AGE
    answered = Exists(Response.objects.filter(learner__users=OuterRef("pk")))
    drafted = Exists(Draft.objects.filter(presentation__learner__users=OuterRef("pk")))
    seen_since = Q(last_login__gte=before)
    idle = User.objects.filter(~answered, ~drafted, is_guest=True, date_joined__lt=before).exclude(seen_since)
    guests: list[UUID] = list(
        idle.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:AT_ONCE]
    )
    learners = list(
        UserLearner.objects.filter(user__in=guests, kind=Way.OWN).values_list("learner", flat=True)
    )
    Presentation.objects.filter(learner__in=learners).delete()
    Attempt.objects.filter(learner__in=learners).delete()
    Learner.objects.filter(pk__in=learners).delete()
    User.objects.filter(pk__in=guests).delete()
    return len(guests)
