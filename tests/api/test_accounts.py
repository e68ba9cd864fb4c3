"""Signing up, in and out; a guest keeps everything by signing up."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import IntegrityError

from assessment.models import User
from tests import builders
from tests.api.client import Api

pytestmark = pytest.mark.django_db


def test_nobody_is_an_answer(api: Api) -> None:
    assert api.get("me/").json == {
        "id": None,
        "username": None,
        "email": None,
        "is_guest": False,
        "is_staff": False,
    }


def test_signing_up_signs_in(api: Api) -> None:
    reply = api.sign_up("ann")
    assert reply.status == 201
    assert reply.json == api.get("me/").json
    assert reply.json["username"] == "ann"


def test_signing_in_and_out(api: Api) -> None:
    builders.make_learner("ann")
    assert api.sign_in("ann").status == 200
    assert api.get("me/").json["username"] == "ann"
    assert api.delete("session/").status == 204
    assert api.get("me/").json["username"] is None


def test_signing_out_twice_is_signing_out_once(api: Api) -> None:
    assert api.delete("session/").status == 204


@pytest.mark.parametrize("password", ["wrong", "", " " + builders.PASSWORD])
def test_a_wrong_password_does_not_sign_in(api: Api, password: str) -> None:
    builders.make_learner("ann")
    reply = api.sign_in("ann", password)
    assert reply.status == 400
    assert api.get("me/").json["id"] is None


def test_a_wrong_name_and_a_wrong_password_look_the_same(api: Api) -> None:
    builders.make_learner("ann")
    assert api.sign_in("ann", "wrong").json == api.sign_in("bob", "wrong").json


def test_a_name_is_locked_after_too_many_wrong_passwords(api: Api) -> None:
    builders.make_learner("ann")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        api.sign_in("ann", "wrong")
    reply = api.sign_in("ann")
    assert (reply.status, reply.code) == (429, "locked_out")
    assert int(reply.headers["Retry-After"]) == settings.AXES_COOLOFF_TIME.total_seconds()


def test_the_last_wrong_password_before_the_pause_is_answered_like_the_others(api: Api) -> None:
    builders.make_learner("ann")
    codes = [api.sign_in(name, "wrong").code for name in ["ann", "ANN", "Ann"] * settings.AXES_FAILURE_LIMIT]
    assert codes[: settings.AXES_FAILURE_LIMIT] == ["wrong_credentials"] * settings.AXES_FAILURE_LIMIT
    assert set(codes[settings.AXES_FAILURE_LIMIT :]) == {"locked_out"}
    assert api.sign_in("other", "wrong").code == "wrong_credentials"


@pytest.mark.parametrize(("taken", "wanted"), [("ann", "ANN"), ("Ann", "ann"), ("ÄNNE", "änne")])
def test_names_that_differ_in_capitals_alone_are_one(api: Api, taken: str, wanted: str) -> None:
    user = builders.make_learner(taken)
    reply = api.sign_up(wanted)
    assert (reply.status, reply.code, reply.json["errors"][0]["attr"]) == (400, "unique", "username")
    assert api.sign_in(wanted).json["id"] == str(user.pk)
    with pytest.raises(IntegrityError, match="one_account_per_folded_name"):
        builders.make_learner(wanted)


@pytest.mark.parametrize(
    ("username", "attr"),
    [
        ("", "username"),
        ("two words", "username"),
        ("x" * 151, "username"),
        ("a\0b", "username"),
        (None, "username"),
    ],
)
def test_a_name_that_cannot_be_is_refused(api: Api, username: str | None, attr: str) -> None:
    api.get("me/")
    reply = api.post("accounts/", {"username": username, "password": builders.PASSWORD})
    assert (reply.status, reply.json["errors"][0]["attr"]) == (400, attr)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "12345678901234",
        "password123",
        "ann-ann-ann",
        "x" * 300,
        "a\0" * 9,
        " " * 12,
        "aaaaaaaaaaaa",
        "abababababab",
        "assay-demo",
        "Assay-Demo",
        "learnerlearner",
        "Learner Learner",
        "moon-moon-moon",
        "ann-ann-ann1",
    ],
)
def test_a_password_that_is_no_protection_is_refused(api: Api, password: str) -> None:
    reply = api.sign_up("ann-ann-ann", password)
    assert reply.status == 400
    assert {error["attr"] for error in reply.json["errors"]} == {"password"}


def test_a_name_is_given_once(api: Api) -> None:
    builders.make_learner("ann")
    reply = api.sign_up("ann")
    assert (reply.status, reply.code, reply.json["errors"][0]["attr"]) == (400, "unique", "username")


def test_an_account_does_not_sign_up_again() -> None:
    reply = Api(builders.make_learner()).sign_up("another")
    assert (reply.status, reply.code) == (403, "permission_denied")


def test_a_guest_keeps_row_and_progress_by_signing_up(api: Api) -> None:
    builders.make_item(builders.exercise_document())
    token = api.post("exercises/double-it/variants/").json["token"]
    guest = api.get("me/").json
    assert guest["is_guest"]
    assert guest["username"] is None
    api.post("exercises/double-it/check/", {"token": token, "answer": {"a": "1"}})
    session = api.browser.cookies["sessionid"].value
    account = api.sign_up("ann").json
    assert (account["id"], account["is_guest"]) == (guest["id"], False)
    assert api.browser.cookies["sessionid"].value != session
    assert api.get("progress/").json["skills"][0]["count"] == 1
    assert User.objects.get().check_password(builders.PASSWORD)


def test_a_guest_who_signs_in_brings_what_he_did(api: Api) -> None:
    ann = builders.make_learner("ann")
    attempt = api.start(builders.make_assessment(slug="quiz", attempts_allowed=1).slug)
    api.respond(attempt, 1, {"a": "right"})
    assert api.sign_in("ann").json["username"] == "ann"
    assert [one["id"] for one in api.get("attempts/").json["results"]] == [attempt]
    assert api.respond(attempt, 1, {"a": "right"}).code == "presentation_settled"
    assert api.post(f"attempts/{attempt}/submit/").json["score"] == 1
    assert api.post("attempts/", {"assessment": "quiz"}).code == "no_attempts_left"
    assert not User.objects.filter(is_guest=True).exists()
    assert [link.kind for link in ann.links.all()] == ["guest"]


def test_nobody_else_gets_what_a_guest_did(api: Api) -> None:
    attempt = api.start(builders.make_assessment().slug)
    assert Api(builders.make_learner()).get(f"attempts/{attempt}/").status == 404


def test_a_guest_cannot_be_signed_in_to(api: Api) -> None:
    builders.make_item(builders.exercise_document())
    Api().post("exercises/double-it/variants/")
    guest = User.objects.get()
    assert not guest.has_usable_password()
    assert api.sign_in(guest.username, "").status == 400


def test_an_ended_session_is_nobody(api: Api) -> None:
    api.sign_up("ann")
    api.browser.session.flush()
    assert api.get("progress/").status == 401
