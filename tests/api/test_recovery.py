"""A forgotten password: by mail or by code, once, for an hour, and telling nobody who exists."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as configured
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from pytest_django import Settings

from assessment.models import Attempt, RateCount, RecoveryCode, User
from assessment.people import recovery
from assessment.people.mailing import wait_until_sent
from tests import builders
from tests.api.client import Api, Reply
from tests.builders import PASSWORD
from tests.wire import statements

pytestmark = pytest.mark.django_db

NEW = "another-long-one"


@pytest.fixture
def user() -> User:
    return builders.make_learner("ann", email="Ann@example.org")


@pytest.fixture
def browser(user: User) -> Api:
    """Nobody, who has been here before."""
    api = Api()
    api.get("me/")
    return api


def ask(api: Api, name: str) -> Reply:
    reply = api.post("accounts/recovery/", {"name": name})
    wait_until_sent()
    return reply


def link() -> str:
    found = re.search(r"https?://\S+", str(mail.outbox[-1].body))
    assert found
    return found[0]


def mailed_token(api: Api) -> str:
    assert ask(api, "ann").status == 202
    return parse_qs(urlsplit(link()).query)["token"][0]


def confirm(api: Api, **body: Any) -> Reply:
    api.get("me/")
    return api.post("accounts/recovery/confirm/", {"password": NEW, **body})


def make_code(user: User) -> str:
    return Api(user).post("me/recovery-code/", {"password": PASSWORD}).json["code"]


# By mail


@pytest.mark.parametrize("name", ["ann", "ANN", "Ann@example.org", "aNN@EXAMPLE.org"])
def test_a_link_goes_to_the_address_of_the_account(browser: Api, name: str) -> None:
    assert ask(browser, name).status == 202
    assert [one.to for one in mail.outbox] == [["Ann@example.org"]]
    assert link().startswith("http://testserver/recover?token=")
    assert mail.outbox[0].from_email == configured.DEFAULT_FROM_EMAIL


def test_the_link_lets_in_with_a_new_password_and_ends_all_sessions(browser: Api, user: User) -> None:
    elsewhere, token = Api(user), mailed_token(browser)
    reply = confirm(browser, token=token)
    assert (reply.status, reply.json["username"]) == (200, "ann")
    assert browser.get("me/").json["username"] == "ann"
    assert elsewhere.get("me/").json["id"] is None
    assert [Api().sign_in("ann", word).status for word in (PASSWORD, NEW)] == [400, 200]


@pytest.mark.parametrize(
    "name",
    ["bob", "nobody@example.org", "closed", "closed@example.org", "guest", "bare", "x" * 254, "' or 1=1 --"],
)
def test_who_has_no_link_coming_is_answered_in_the_same_words(browser: Api, name: str) -> None:
    builders.make_learner("closed", email="closed@example.org", is_active=False)
    builders.make_learner("guest", email="guest@example.org", is_guest=True)
    builders.make_learner("bare")
    there = ask(browser, "ann")
    mail.outbox.clear()
    missing = ask(browser, name)
    assert (missing.status, missing.text) == (there.status, there.text)
    assert mail.outbox == []


def test_asking_costs_the_same_statements_whoever_exists(browser: Api) -> None:
    with statements() as there:
        ask(browser, "ann")
    with statements() as missing:
        ask(browser, "nobody")
    assert len(there) == len(missing)


def test_one_name_gets_few_mails_in_an_hour(browser: Api, settings: Settings) -> None:
    replies = [ask(browser, name) for name in ["ann", "ANN"] * settings.RECOVERY_MAILS]
    assert {one.status for one in replies} == {202}
    assert len(mail.outbox) == settings.RECOVERY_MAILS
    assert not RateCount.objects.filter(scope="recovery", ident__icontains="ann").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
        {"Origin": "http://testserver"},
    ],
)
def test_the_link_is_made_of_a_host_that_is_ours(browser: Api, headers: dict[str, str]) -> None:
    browser.post("accounts/recovery/", {"name": "ann"}, headers=headers)
    wait_until_sent()
    assert link().startswith("http://testserver/")


def test_a_host_that_is_not_ours_gets_no_mail(browser: Api) -> None:
    response = browser.browser.post(
        "/api/v1/accounts/recovery/",
        '{"name": "ann"}',
        "application/json",
        headers={"Host": "evil.example", "X-CSRFToken": browser.browser.cookies["csrftoken"].value},
    )
    wait_until_sent()
    assert (response.status_code, mail.outbox) == (400, [])


def change_password(api: Api, user: User) -> None:
    Api(user).post("me/password/", {"current": PASSWORD, "new": "quite-another-one"})


def change_email(api: Api, user: User) -> None:
    Api(user).patch("me/", {"email": "other@example.org", "password": PASSWORD})


def use_it(api: Api, user: User) -> None:
    assert confirm(Api(), token=mailed_token(api)).status == 200


def close_the_account(api: Api, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def sign_in_again(api: Api, user: User) -> None:
    assert Api().sign_in("ann").status == 200


@pytest.mark.parametrize(
    "event",
    [change_password, change_email, use_it, close_the_account, sign_in_again],
    ids=lambda f: f.__name__,
)
def test_a_link_is_dead_after(event: Callable[[Api, User], None], browser: Api, user: User) -> None:
    token = mailed_token(browser)
    event(browser, user)
    before = User.objects.values_list("password", flat=True).get(pk=user.pk)
    reply = confirm(browser, token=token)
    assert (reply.status, reply.code, reply.json["errors"][0]["attr"]) == (400, "wrong_token", "token")
    assert User.objects.values_list("password", flat=True).get(pk=user.pk) == before


@pytest.mark.parametrize(("age", "status"), [(timedelta(minutes=59), 200), (timedelta(minutes=61), 400)])
def test_a_link_is_good_for_an_hour(
    browser: Api, age: timedelta, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, made = mailed_token(browser), default_token_generator._now()
    monkeypatch.setattr(default_token_generator, "_now", lambda: made + age)
    assert confirm(browser, token=token).status == status


@pytest.mark.parametrize("token", ["", "x", "-", "0" * 32 + "-abc-def", "é" * 40, None, [], {}, "x" * 300])
def test_a_token_of_ones_own_making_is_refused(browser: Api, token: Any) -> None:
    reply = confirm(browser, token=token)
    assert (reply.status, reply.json["errors"][0]["attr"]) == (400, "token")


def test_a_link_is_for_its_own_account(browser: Api) -> None:
    bob, token = builders.make_learner("bob"), mailed_token(browser)
    assert confirm(browser, token=f"{bob.pk.hex}-{token.partition('-')[2]}").code == "wrong_token"


def test_a_password_that_is_no_protection_leaves_the_link_good(browser: Api) -> None:
    token = mailed_token(browser)
    for password in ("short", "password123", "ann@example.org"):
        reply = confirm(browser, token=token, password=password)
        assert (reply.status, reply.json["errors"][0]["attr"]) == (400, "password")
    assert confirm(browser, token=token).status == 200


def test_a_mail_that_cannot_be_sent_is_logged(
    browser: Api, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ask(browser, "ann").status == 202
    assert "could not be sent" in caplog.text
    assert "example.org" not in caplog.messages[-1]


# By code


def test_a_code_lets_in_once_with_a_new_password(browser: Api, user: User) -> None:
    elsewhere, code = Api(user), make_code(user)
    reply = confirm(browser, name="ann", code=code)
    assert (reply.status, reply.json["username"]) == (200, "ann")
    assert browser.get("me/").json["username"] == "ann"
    assert elsewhere.get("me/").json["id"] is None
    again = confirm(Api(), name="ann", code=code, password="a-third-long-one")
    assert (again.status, again.code) == (400, "wrong_recovery")
    assert Api().sign_in("ann", NEW).status == 200


def test_a_new_code_replaces_the_one_before(browser: Api, user: User) -> None:
    first, second = make_code(user), make_code(user)
    assert confirm(browser, name="ann", code=first).code == "wrong_recovery"
    assert confirm(browser, name="ann", code=second).status == 200


def test_a_code_is_shown_once_and_stored_as_a_hash(user: User) -> None:
    code = make_code(user)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}", code)
    stored = [str(value).upper() for value in RecoveryCode.objects.values().get().values()]
    assert not [value for value in stored if code in value or code.replace("-", "") in value]
    seen = Api(user).get("me/account/").json["recovery_code_made_at"]
    assert seen
    assert code not in Api(user).get("me/account/").text


def test_codes_differ(user: User) -> None:
    assert len({recovery.make_code(user=user, now=builders.NOW) for _ in range(50)}) == 50
    assert len(recovery.ALPHABET) ** (recovery.GROUPS * recovery.IN_A_GROUP) >= 2**128


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " ").replace("0", "O").replace("1", "l"),
        lambda code: f"  {code}\t",
    ],
)
def test_a_code_is_read_however_it_was_typed(browser: Api, user: User, typed: Callable[[str], str]) -> None:
    assert confirm(browser, name="ANN", code=typed(make_code(user))).status == 200


def test_a_wrong_name_and_a_wrong_code_look_the_same(browser: Api, user: User) -> None:
    code = make_code(user)
    bare = builders.make_learner("bare")
    replies = [
        confirm(browser, name="ann", code="WRONG"),
        confirm(browser, name="nobody", code=code),
        confirm(browser, name=bare.username, code=code),
        confirm(browser, name="ann", code="-"),
    ]
    assert {(one.status, one.text) for one in replies} == {(400, replies[0].text)}
    assert replies[0].code == "wrong_recovery"


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_wrong_codes_lock_a_name_as_wrong_passwords_do(browser: Api, user: User, name: str) -> None:
    code = make_code(user)
    codes = [confirm(browser, name=name, code="WRONG").code for _ in range(configured.AXES_FAILURE_LIMIT)]
    assert set(codes) == {"wrong_recovery"}
    locked = [confirm(browser, name=name, code=code), Api().sign_in(name)]
    assert [(one.status, one.code) for one in locked] == [(429, "locked_out")] * 2
    assert int(locked[0].headers["Retry-After"]) == configured.AXES_COOLOFF_TIME.total_seconds()


def test_a_password_that_is_no_protection_leaves_the_code_good(browser: Api, user: User) -> None:
    code = make_code(user)
    reply = confirm(browser, name="ann", code=code, password="password123")
    assert (reply.status, reply.json["errors"][0]["attr"]) == (400, "password")
    assert confirm(browser, name="ann", code=code).status == 200


@pytest.mark.parametrize(
    "body", [{}, {"name": "ann"}, {"code": "x"}, {"name": "", "code": ""}, {"name": [], "code": {}}]
)
def test_half_a_recovery_is_refused(browser: Api, body: dict[str, Any]) -> None:
    reply = confirm(browser, **body)
    assert reply.status == 400
    assert {error["attr"] for error in reply.json["errors"]} <= {"name", "code"}


def test_what_was_done_as_a_guest_comes_along(browser: Api, user: User) -> None:
    code = make_code(user)
    attempt = browser.start(builders.make_assessment().slug)
    assert confirm(browser, name="ann", code=code).status == 200
    assert str(Attempt.objects.get(learner__users=user).pk) == attempt


@pytest.mark.parametrize("path", ["accounts/recovery/", "accounts/recovery/confirm/"])
def test_recovery_needs_the_token_of_our_own_page(browser: Api, user: User, path: str) -> None:
    body = {"name": "ann", "code": make_code(user), "password": NEW}
    assert browser.post(path, body, csrf=False).code == "csrf_failed"
    assert mail.outbox == []
