"""Links by which people whose accounts were made for them choose their first password."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.utils.crypto import constant_time_compare, salted_hmac

from assessment.models import User
from assessment.people.mailing import post

SALT: Final = "assessment.people.invitations"
AGE: Final = timedelta(days=14)
"""A roster is brought before the term begins, and read when it does."""
NO_MAIL: Final = ("console", "dummy")
"""Backends that reach nobody."""

SUBJECT: Final = "Your account for {course}"
LETTER: Final = """Hello {name},

an account was made for you, because you are enrolled in "{course}". Choose your password by this link:

{address}

It works once, for {days} days. You sign in with the name {username}.
"""


def invitation_for(user: User) -> str:
    """Return what lets somebody choose the first password within ``AGE``. It is dead once there is one."""
    return signing.dumps([user.pk.hex, _state(user)], salt=SALT)


def invited_by(token: str) -> UUID | None:
    """Return the id of the account that an invitation is for, if it is one of ours and not too old."""
    try:
        user, _ = signing.loads(token, salt=SALT, max_age=AGE)
    except (signing.BadSignature, ValueError):
        return None
    return UUID(user)


def still_holds(token: str, user: User) -> bool:
    """Whether nobody has used an invitation yet: it names the password that its account had, which was none."""
    _, state = signing.loads(token, salt=SALT, max_age=AGE)
    return not user.has_usable_password() and constant_time_compare(state, _state(user))


def mail_reaches_people() -> bool:
    return not any(name in settings.EMAIL_BACKEND for name in NO_MAIL)


def send_invitation(*, user: User, course: str, address: str) -> None:
    """Mail somebody their link soon."""
    words = LETTER.format(
        name=user.get_full_name() or user.username,
        course=course,
        address=address,
        days=AGE.days,
        username=user.username,
    )
    title = " ".join(SUBJECT.format(course=course).split())
    post(EmailMessage(title, words, to=[user.email]))


def _state(user: User) -> str:
    return salted_hmac(SALT, f"{user.password}{user.email}", algorithm="sha256").hexdigest()[:24]
