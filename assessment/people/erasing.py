"""Forgetting a person: the account, what is arranged for it, and what its learners wrote."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import ProtectedError, QuerySet

from assessment.errors import ErasureRefused
from assessment.models import Erasure, Learner, User

OWN_WISH: Final = "Erased at the owner's own wish."
NAMED_BY_PEOPLE: Final = (
    "accommodation",
    "attempt",
    "authorgrant",
    "enrolment",
    "learner",
    "user",
    "userlearner",
)
"""Kinds of rows that the admin's history calls by somebody's name."""


@transaction.atomic
def erase_person(
    *, user: User, reason: str, author: User | None, now: datetime, keeps_grades: bool = False
) -> list[Erasure]:
    """Remove an account with all that says who it was, and what it did as a learner. Sums over learners stay.

    ``keeps_grades`` is for courses that have to keep grades: attempts and their numbers stay, of a learner without a
    name. A learner whom other accounts are as well stays theirs. Without an ``author`` it is the person's own doing.
    Locks the account. Raises ErasureRefused where it has judged others' answers, or the reason of somebody else is
    empty or names it.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if author:
        _check(locked, reason)
    erasures = [
        _erase(learner, reason, author, now, keeps_grades=keeps_grades)
        for learner in Learner.objects.filter(users=locked)
        if learner.users.count() == 1
    ]
    _forget(locked)
    return erasures


def _check(user: User, reason: str) -> None:
    if not reason.strip():
        raise ErasureRefused("Say why: the row of the erasure is all that is left of it.")
    if user.get_username().lower() in reason.lower():
        raise ErasureRefused("The reason must not name who is to be forgotten.")


def _erase(
    learner: Learner, reason: str, author: User | None, now: datetime, *, keeps_grades: bool
) -> Erasure:
    erasure = Erasure.objects.create(
        learner=learner, keeps_grades=keeps_grades, reason=reason, author=author, created_at=now
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_learner(%s)", [erasure.pk])
    erasure.done_at = now
    erasure.save(update_fields=["done_at"])
    return erasure


def _forget(user: User) -> None:
    """Delete the account with what hangs on it, and the places where only its name stands."""
    for name in filter(None, (user.get_username(), user.email)):
        for model in (AccessAttempt, AccessFailureLog, AccessLog):
            model.objects.filter(username__iexact=name).delete()
    own = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=own, object_id=str(user.pk)).delete()
    _entries_naming(user).update(object_repr="erased", change_message="")
    try:
        user.delete()
    except ProtectedError as error:
        raise ErasureRefused(
            "This account has judged answers of others, which stay with its name."
        ) from error


def _entries_naming(user: User) -> QuerySet[LogEntry]:
    """Return what the admin's history says of rows that are called by the person's name.

    Only where the whole name stands in the place of a name: whoever calls himself "e" must not blank the history.
    """
    kinds = ContentType.objects.filter(app_label__in=("assessment", "content"), model__in=NAMED_BY_PEOPLE)
    name = re.escape(user.get_username())
    place = rf"(^|, | by | to ){name}($|, |: | in | by | as | sent by )"
    return LogEntry.objects.filter(content_type__in=kinds, object_repr__iregex=place)
