"""Which learners a user is. New work goes to the user's own; what a guest did is linked, never moved."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from assessment.models import Learner, User, UserLearner
from assessment.models.people import Way


def own_learner(*, user: User, now: datetime) -> Learner:
    """Return the learner whom a user's new work belongs to, made when it is first needed. Twice is once."""
    link = UserLearner.objects.select_related("learner").filter(user=user, kind=Way.OWN).first()
    return link.learner if link else _begin(user, now)


def lock_own_learner(*, user: User, now: datetime) -> Learner:
    """Return `own_learner` with the user's row locked until the transaction ends. Raises User.DoesNotExist."""
    links = UserLearner.objects.filter(user=user, kind=Way.OWN).select_related("learner", "user")
    if link := links.select_for_update(of=("user",), no_key=True).first():
        return link.learner
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return own_learner(user=user, now=now)


def adopt_guest(*, guest: User, user: User) -> None:
    """Let a user who signs in be the learners that the guest of the same browser was, and end the guest.

    Nothing recorded moves. Locks the guest; twice is once.
    """
    with transaction.atomic():
        if not User.objects.select_for_update().filter(pk=guest.pk, is_guest=True).exists():
            return
        for link in UserLearner.objects.filter(user=guest):
            UserLearner.objects.get_or_create(
                user=user, learner_id=link.learner_id, defaults={"kind": Way.GUEST}
            )
        guest.delete()


def learners_of(users: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Return the ids of the learners by the ids of the users who are them. One query."""
    found: dict[UUID, list[UUID]] = {user: [] for user in users}
    for user, learner in UserLearner.objects.filter(user__in=users).values_list("user", "learner"):
        found[user].append(learner)
    return found


def _begin(user: User, now: datetime) -> Learner:
    """Who comes second finds what the first has made."""
    try:
        with transaction.atomic():
            learner = Learner.objects.create(created_at=now)
            UserLearner.objects.create(user=user, learner=learner, kind=Way.OWN)
            return learner
    except IntegrityError:
        return UserLearner.objects.select_related("learner").get(user=user, kind=Way.OWN).learner
