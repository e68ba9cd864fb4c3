"""A code of an app after the password: once each, not by guessing, and not without a way back."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessment.models import AuditEntry, Session, User
from assessment.people import second_factor
from assessment.people.second_factor import Standing, TooManyCodes, WrongCode, standing
from tests.builders import NOW, make_learner

pytestmark = pytest.mark.django_db


def code_of(device: TOTPDevice) -> str:
    """Return the code that an app shows now."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time()
    return f"{totp.token():06}"


def wrong_code_of(device: TOTPDevice) -> str:
    """Return a code that the app shows neither now nor soon."""
    good = {code_of(device)}
    for step in (-1, 1, 2):
        totp = TOTP(device.bin_key, device.step, device.t0 + step * device.step, device.digits)
        totp.time = time.time()
        good.add(f"{totp.token():06}")
    return next(code for code in map("{:06}".format, range(10)) if code not in good)


def switched_on(user: User) -> TOTPDevice:
    """Switch the second factor of somebody on, some time ago."""
    device = second_factor.begin(user=user)
    second_factor.confirm(user=user, code=code_of(device))
    later(user)
    return TOTPDevice.objects.get(pk=device.pk)


def later(user: User) -> None:
    """Let so much time pass that the app shows another code, and that the pause after wrong ones is over."""
    TOTPDevice.objects.filter(user=user).update(
        last_t=-1, drift=0, throttling_failure_timestamp=None, throttling_failure_count=0
    )


@pytest.fixture
def ines() -> User:
    return make_learner("ines", is_staff=True)


def test_a_device_is_on_once_it_has_shown_a_code(ines: User) -> None:
    device = second_factor.begin(user=ines)
    assert second_factor.begin(user=ines) == device
    assert second_factor.device_of(ines) is None
    second_factor.confirm(user=ines, code=code_of(device))
    assert second_factor.device_of(ines) == device
    assert device.key not in str(list(AuditEntry.objects.values()))


def test_a_wrong_code_switches_nothing_on(ines: User) -> None:
    device = second_factor.begin(user=ines)
    wrong = wrong_code_of(device)
    with pytest.raises(WrongCode):
        second_factor.confirm(user=ines, code=wrong)
    assert second_factor.device_of(ines) is None
    with pytest.raises(WrongCode):
        second_factor.confirm(user=make_learner("ann"), code=wrong)


def test_a_code_is_good_once(ines: User) -> None:
    device = switched_on(ines)
    code = code_of(device)
    assert second_factor.prove(user=ines, code=f" {code[:3]} {code[3:]} ") == device
    with pytest.raises(WrongCode):
        second_factor.prove(user=ines, code=code)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "-12345", "abcdef", "١٢٣٤٥٦", "\x00", "x" * 500])
def test_what_is_no_code_is_wrong(ines: User, code: str) -> None:
    switched_on(ines)
    with pytest.raises(WrongCode):
        second_factor.prove(user=ines, code=code)


def test_whoever_guesses_has_to_wait(ines: User) -> None:
    device = switched_on(ines)
    wrong = wrong_code_of(device)
    with pytest.raises(WrongCode):
        second_factor.prove(user=ines, code=wrong)
    with pytest.raises(TooManyCodes) as refusal:
        second_factor.prove(user=ines, code=code_of(device))
    assert refusal.value.wait == 1
    later(ines)
    assert second_factor.prove(user=ines, code=code_of(device)) == device


def test_a_recovery_code_is_good_once(ines: User) -> None:
    device = switched_on(ines)
    first, second, *rest = second_factor.make_recovery_codes(user=ines)
    assert len(rest) == 8
    assert second_factor.prove(user=ines, code=first.lower().replace("-", " ")) == device
    with pytest.raises(WrongCode):
        second_factor.prove(user=ines, code=first)
    with pytest.raises(TooManyCodes):
        second_factor.prove(user=ines, code=second)
    assert second_factor.codes_left(ines) == 9


def test_new_recovery_codes_replace_the_old_ones(ines: User) -> None:
    switched_on(ines)
    [old, *_], [new, *_] = (second_factor.make_recovery_codes(user=ines) for _ in range(2))
    assert not StaticToken.objects.filter(token__in=[old, new]).exists()
    with pytest.raises(WrongCode):
        second_factor.prove(user=ines, code=old)
    assert second_factor.codes_left(ines) == 10


def test_recovery_codes_without_a_device_open_nothing(ines: User) -> None:
    [code, *_] = second_factor.make_recovery_codes(user=ines)
    with pytest.raises(WrongCode):
        second_factor.prove(user=ines, code=code)


def test_a_session_stands_on_the_device_that_it_has_shown(ines: User) -> None:
    assert standing(ines, {}) is Standing.PROVEN
    device = switched_on(ines)
    proven = {"otp_device_id": device.persistent_id}
    assert standing(ines, proven) is Standing.PROVEN
    assert standing(ines, {}) is Standing.NEEDS_CODE
    second_factor.switch_off(user=ines)
    switched_on(ines)
    assert standing(ines, proven) is Standing.NEEDS_CODE


def test_required_it_is_wanted_of_staff_alone(ines: User, settings: object) -> None:
    settings.STAFF_SECOND_FACTOR = "required"  # type: ignore[attr-defined]
    assert standing(ines, {}) is Standing.NEEDS_DEVICE
    assert standing(make_learner("ann"), {}) is Standing.PROVEN


def test_a_lost_device_is_taken_away_with_all_sessions(ines: User) -> None:
    switched_on(ines)
    second_factor.make_recovery_codes(user=ines)
    Session.objects.create(session_key="a", user=ines, expire_date=NOW + timedelta(days=9999))
    assert second_factor.take_away(user=ines)
    assert not second_factor.take_away(user=ines)
    assert not Session.objects.filter(user=ines).exists()
    assert (second_factor.device_of(ines), second_factor.codes_left(ines)) == (None, 0)


def test_what_was_switched_is_in_the_audit(ines: User) -> None:
    switched_on(ines)
    [code, *_] = second_factor.make_recovery_codes(user=ines)
    second_factor.prove(user=ines, code=code)
    second_factor.switch_off(user=ines)
    found = AuditEntry.objects.filter(what__startswith="otp_").order_by("pk")
    assert list(found.values_list("what", "operation")) == [
        ("otp_totp_totpdevice", "update"),
        ("otp_static_staticdevice", "insert"),
        ("otp_static_staticdevice", "update"),
        ("otp_totp_totpdevice", "delete"),
    ]
    assert {entry.about["user_id"] for entry in found} == {str(ines.pk)}


def test_the_command_lists_and_takes_away(ines: User) -> None:
    def told(**options: str) -> str:
        out = StringIO()
        call_command("second_factor", stdout=out, **options)
        return out.getvalue()

    assert told() == "off  ines\n"
    switched_on(ines)
    assert told() == "on   ines\n"
    assert "taken away" in told(take_away="INES")
    assert told() == "off  ines\n"
    for name, words in (("ines", "not on"), ("nobody", "no account")):
        with pytest.raises(CommandError, match=words):
            told(take_away=name)
