"""The second factor of staff: a code of an authenticator app after the password, or a recovery code once.

An account has one device and ten recovery codes, or none of both. Whether a session has proven it stands in the
session: it names the device. The library of the devices counts wrong codes and makes who guesses wait.
"""

from __future__ import annotations

import re
import secrets
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessment.models import User
from assessment.people.accounts import end_sessions
from assessment.people.recovery import ALPHABET, digest

RECOVERY_CODES: Final = 10
GROUPS, IN_A_GROUP = 4, 4
"""16 letters of five bits each. Only a hash is kept of them, so no reader of the table can use one."""
LONGEST_CODE: Final = 40
HASH_LENGTH: Final = 16
"""As long as the library's column is: 64 bits."""
CODE_OF_THE_APP: Final = re.compile(r"[0-9]{6}", re.ASCII)


class Standing(StrEnum):
    """What a session still has to show before it sees what staff sees."""

    PROVEN = "proven"
    NEEDS_CODE = "needs_code"
    NEEDS_DEVICE = "needs_device"


class WrongCode(Exception):
    """The code opens nothing: mistyped, too old, or used before."""


@dataclass(frozen=True, slots=True)
class TooManyCodes(Exception):
    """Codes were wrong, so for some seconds none is looked at, a right one neither."""

    wait: int


def standing(user: User, session: Mapping[str, Any]) -> Standing:
    """Return whether a session has proven what its account asks for, in one statement."""
    device = device_of(user)
    if device is None:
        return Standing.NEEDS_DEVICE if is_required(user) else Standing.PROVEN
    proven = session.get(DEVICE_ID_SESSION_KEY) == device.persistent_id
    return Standing.PROVEN if proven else Standing.NEEDS_CODE


def is_required(user: User) -> bool:
    """Whether the installation wants a second factor of this account."""
    return bool(user.is_staff or user.is_superuser) and settings.STAFF_SECOND_FACTOR == "required"


def device_of(user: User) -> TOTPDevice | None:
    """Return the device that an account has confirmed, if it has."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("id").first()


def codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def begin(*, user: User) -> TOTPDevice:
    """Return the device that waits to be confirmed, made if there is none. Locks the account."""
    User.objects.select_for_update().get(pk=user.pk)
    waiting = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("id").first()
    return waiting or TOTPDevice.objects.create(user=user, name="authenticator app", confirmed=False)


def confirm(*, user: User, code: str) -> TOTPDevice:
    """Switch the waiting device on, by a code of it. Raises WrongCode or TooManyCodes.

    The device takes the place of the former one, and all other sessions have to prove themselves.
    """
    device = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("id").first()
    if device is None:
        raise WrongCode
    _verify(device, _plain(code))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return device


def prove(*, user: User, code: str) -> TOTPDevice:
    """Return the device of the account, proven by a code of it or by a recovery code, which is used up.

    Raises WrongCode or TooManyCodes. An account without a device proves nothing: WrongCode.
    """
    device = device_of(user)
    if device is None:
        raise WrongCode
    plain = _plain(code)
    if CODE_OF_THE_APP.fullmatch(plain):
        _verify(device, plain)
        return device
    recovery = StaticDevice.objects.filter(user=user).order_by("-id").first()
    if recovery is None:
        raise WrongCode
    _verify(recovery, _hash(plain))
    return device


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """Return new recovery codes, which nothing can show again, in place of the former ones. Locks the account."""
    User.objects.select_for_update().get(pk=user.pk)
    StaticDevice.objects.filter(user=user).delete()
    holder = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [_code() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=holder, token=_hash(code)) for code in codes)
    return codes


@transaction.atomic
def switch_off(*, user: User) -> bool:
    """Remove the device and the recovery codes of an account; return whether there was a device. Twice is once."""
    StaticDevice.objects.filter(user=user).delete()
    removed, _ = TOTPDevice.objects.filter(user=user).delete()
    return bool(removed)


@transaction.atomic
def take_away(*, user: User) -> bool:
    """Remove what somebody has lost, and end all sessions of the account: whoever found it is not let stay."""
    was_on = switch_off(user=user)
    end_sessions(user=user)
    return was_on


def secret_of(device: TOTPDevice) -> str:
    """Return the secret as people type it into an app, in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _verify(device: Device, code: str) -> None:
    """Raise unless the device takes the code. The row is locked, so that of two that bring one code one is let in.

    What is counted has to stay when the code was wrong, so nothing is raised before the transaction is over.
    """
    with transaction.atomic(durable=True):
        locked = type(device).objects.select_for_update().get(pk=device.pk)
        allowed, why_not = locked.verify_is_allowed()
        right = allowed and locked.verify_token(code)
    if right:
        return
    if not allowed:
        wait = (why_not["locked_until"] - timezone.now()).total_seconds()
        raise TooManyCodes(max(1, round(wait)))
    raise WrongCode


def _plain(code: str) -> str:
    return "".join(code.split())


def _code() -> str:
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(IN_A_GROUP)) for _ in range(GROUPS)]
    return "-".join(groups)


def _hash(code: str) -> str:
    return digest(code)[:HASH_LENGTH]
