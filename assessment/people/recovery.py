"""Getting back in without the password: by the link of a mail, or by the code that was shown once."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.crypto import constant_time_compare

from assessment.models import RateCount, RecoveryCode, User
from assessment.people.accounts import end_sessions
from assessment.people.invitations import invited_by, still_holds
from assessment.people.mailing import post

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter looks like a digit or like another letter."""
GROUPS, IN_A_GROUP = 7, 4
"""28 letters of five bits each: 140, of which 128 would do."""
LOOKALIKES: Final = str.maketrans("OIL", "011")
TOKEN: Final = re.compile(r"([0-9a-f]{32})-([0-9a-z]+-[0-9a-f]+)", re.ASCII)
AN_HOUR: Final = timedelta(hours=1)

SUBJECT: Final = "Choose a new password"
LETTER: Final = """Hello {name},

somebody, hopefully you, wants to choose a new password for your account. This link does it:

{address}

It works once, for {minutes} minutes. If it was not you, there is nothing to do: your password stays as it is.
"""


class WrongRecovery(Exception):
    """The name, the code or the link opens no account. Which of them is wrong is not told."""


def send_links(*, name: str, address_of: Callable[[str], str], now: datetime) -> None:
    """Mail a link to the accounts that have this name or address, where they have one to mail to.

    ``address_of`` makes the link of a token. The work is the same whoever exists, and mail leaves later; of each name
    no more than ``RECOVERY_MAILS`` requests an hour are heard.
    """
    found = [user for user in _named(name) if user.email and user.has_usable_password()]
    letters = [_letter(user, address_of(token_for(user))) for user in found or [User()]]
    if _is_heard(name, now) and found:
        for letter in letters:
            post(letter)


def token_for(user: User) -> str:
    """Return what lets somebody choose a new password for an hour.

    It is dead once the password or the e-mail address has changed, or somebody has signed in.
    """
    return f"{user.pk.hex}-{default_token_generator.make_token(user)}"


@transaction.atomic
def make_code(*, user: User, now: datetime) -> str:
    """Return a new code, which nothing can show again, in place of the one before."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(IN_A_GROUP)) for _ in range(GROUPS)]
    code = "-".join(groups)
    RecoveryCode.objects.update_or_create(user=user, defaults={"digest": digest(code), "made_at": now})
    return code


@transaction.atomic
def recover_by_code(*, name: str, code: str, password: str) -> User:
    """Give the account of a name a new password, use its code up and end its sessions. Locks both.

    Raises WrongRecovery, or ValidationError where the password is no protection; then the code stays good.
    """
    codes = RecoveryCode.objects.filter(user__in=_named(name)).select_related("user").select_for_update()
    given = digest(code)
    found = next((one for one in codes if constant_time_compare(one.digest, given)), None)
    if found is None:
        raise WrongRecovery
    user = found.user
    _choose(user, password)
    found.delete()
    return user


@transaction.atomic
def recover_by_token(*, token: str, password: str) -> User:
    """Give the account of a mailed link, or of an invitation, a new password and end its sessions. Locks the account.

    Raises WrongRecovery, or ValidationError where the password is no protection; then the link stays good.
    """
    people = User.objects.filter(is_active=True, is_guest=False).select_for_update()
    parts = TOKEN.fullmatch(token)
    named = UUID(parts[1]) if parts else invited_by(token)
    user = people.filter(pk=named).first() if named else None
    if user is None or not _opens(user, token, parts):
        raise WrongRecovery
    _choose(user, password)
    return user


def _opens(user: User, token: str, parts: re.Match[str] | None) -> bool:
    return default_token_generator.check_token(user, parts[2]) if parts else still_holds(token, user)


def digest(code: str) -> str:
    """Return the hash of a code, however it was typed: small letters, other hyphens, O for 0."""
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", code))).upper()
    return hashlib.sha256(letters.translate(LOOKALIKES).encode()).hexdigest()


def _choose(user: User, password: str) -> None:
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user)


def _named(name: str) -> QuerySet[User]:
    """Return the accounts that somebody may mean: that of the name, and that of the address. Two at most."""
    people = User.objects.filter(is_active=True, is_guest=False)
    folded = people.alias(folded_name=Lower("username"), folded_email=Lower("email"))
    username = User.normalize_username(name)
    return folded.filter(Q(folded_name=Lower(Value(username))) | Q(folded_email=Lower(Value(name))))


def _is_heard(name: str, now: datetime) -> bool:
    """Count a request for a name. Of names only hashes are kept, and those until the hour is over."""
    ends_at = datetime.fromtimestamp((now.timestamp() // 3600 + 1) * 3600, UTC)
    ident = hashlib.sha256(unicodedata.normalize("NFKC", name).casefold().encode()).hexdigest()
    return RateCount.objects.count_up("recovery", ident, ends_at) <= int(settings.RECOVERY_MAILS)


def _letter(user: User, address: str) -> EmailMessage:
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    words = LETTER.format(name=user.get_username(), address=address, minutes=minutes)
    return EmailMessage(SUBJECT, words, to=[user.email])
