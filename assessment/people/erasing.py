"""Forgetting a person: the account, what is arranged for it, and what its learners wrote."""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import ProtectedError

from assessment.errors import ErasureRefused
from assessment.models import Erasure, Learner, User


@transaction.atomic
def erase_person(
    *, user: User, reason: str, author: User, now: datetime, keeps_grades: bool = False
) -> list[Erasure]:
    """Remove an account with all that says who it was, and what it did as a learner. Sums over learners stay.

    ``keeps_grades`` is for courses that have to keep grades: attempts and their numbers stay, of a learner without a
    name. A learner whom other accounts are as well stays theirs. Locks the account. Raises ErasureRefused where it
    has judged others' answers, or the reason is empty or names it.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
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


def _erase(learner: Learner, reason: str, author: User, now: datetime, *, keeps_grades: bool) -> Erasure:
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
    name = user.get_username()
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(username__iexact=name).delete()
    own = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=own, object_id=str(user.pk)).delete()
    LogEntry.objects.filter(object_repr__icontains=name).update(object_repr="erased", change_message="")
    try:
        user.delete()
    except ProtectedError as error:
        raise ErasureRefused(
            "This account has judged answers of others, which stay with its name."
        ) from error
