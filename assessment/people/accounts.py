"""What somebody changes of the own account, and what it says of itself. Who asks has been proven to be its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from assessment.models import Enrolment, RecoveryCode, Session, User, Verdict


class EmailTaken(Exception):
    """Another account has this address, however it is capitalized."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account says of itself beside its name.

    ``keeps_grades``: erased, its attempts would stay with their numbers, of a learner without a name.
    ``is_erasable``: it has judged nobody's answers.
    """

    recovery_code_made_at: datetime | None
    other_sessions: int
    keeps_grades: bool
    is_erasable: bool


def standing(*, user: User, session_key: str | None, now: datetime) -> Standing:
    code = RecoveryCode.objects.filter(user=user).values_list("made_at", flat=True).first()
    live = Session.objects.filter(user=user, expire_date__gt=now).exclude(session_key=session_key)
    return Standing(code, live.count(), keeps_grades(user), not Verdict.objects.filter(person=user).exists())


def keeps_grades(user: User) -> bool:
    """Whether a course has, or had, the person as a member and so has to keep what its grades rest on."""
    return Enrolment.objects.filter(user=user).exists()


def change_email(*, user: User, email: str) -> None:
    """Give an account an address, or none where it is empty. Raises EmailTaken, whoever is faster."""
    user.email = email
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        raise EmailTaken from None


@transaction.atomic
def change_password(*, user: User, password: str, session_key: str | None) -> None:
    """Give an account another password and end its sessions but the one named. Links of mails are dead with it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user, but=session_key)


def end_sessions(*, user: User, but: str | None = None) -> int:
    """End the sessions of an account, but the one named, and return how many there were."""
    return Session.objects.filter(user=user).exclude(session_key=but).delete()[0]
