"""What somebody changes of the own account: address, password, code, sessions, and its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from assessment.models import Attempt, Erasure, RecoveryCode, Session, User, Verdict
from assessment.models.corrections import ActionKind
from assessment.recording.overruling import act, override_score
from tests import builders
from tests.api.client import Api, Reply
from tests.api.test_policy import make_key
from tests.assessment.people.test_erasing import tables_with
from tests.builders import NOW, PASSWORD

pytestmark = pytest.mark.django_db

NEW = "another-long-one"


@pytest.fixture
def user() -> User:
    return builders.make_learner("ann")


@pytest.fixture
def ann(user: User) -> Api:
    return Api(user)


def fault(reply: Reply) -> tuple[int, str, str | None]:
    return reply.status, reply.code, reply.json["errors"][0]["attr"]


# The address


def test_an_address_is_set_changed_and_removed(ann: Api) -> None:
    for sent, told in [
        ("Ann@Example.org", "Ann@example.org"),
        ("b@example.org", "b@example.org"),
        ("", None),
    ]:
        assert ann.patch("me/", {"email": sent, "password": PASSWORD}).json["email"] == told
        assert ann.get("me/").json["email"] == told


def test_an_address_is_told_to_nobody_else(ann: Api, user: User) -> None:
    ann.patch("me/", {"email": "ann@example.org", "password": PASSWORD})
    key = Api(key=make_key(user, "catalogue:read"))
    assert (key.get("me/").json["username"], key.get("me/").json["email"]) == ("ann", None)


@pytest.mark.parametrize("wanted", ["ann@example.org", "ANN@example.ORG"])
def test_an_address_belongs_to_one_account(ann: Api, wanted: str) -> None:
    builders.make_learner("bob", email="Ann@example.org")
    assert fault(ann.patch("me/", {"email": wanted, "password": PASSWORD})) == (400, "unique", "email")
    assert ann.get("me/").json["email"] is None
    with pytest.raises(IntegrityError, match="one_account_per_folded_email"):
        builders.make_learner("eve", email=wanted)


def test_the_own_address_is_nobody_elses(ann: Api) -> None:
    for email in ("ann@example.org", "ANN@example.org"):
        assert ann.patch("me/", {"email": email, "password": PASSWORD}).status == 200


@pytest.mark.parametrize(
    "email",
    ["ann", "a@b", "a@b.c\nBcc: all@example.org", "a b@example.org", "x" * 250 + "@example.org", None, {}, 7],
)
def test_what_is_no_address_is_refused(ann: Api, email: Any) -> None:
    reply = ann.patch("me/", {"email": email, "password": PASSWORD})
    assert (reply.status, reply.json["errors"][0]["attr"]) == (400, "email")


# The password


def test_another_password_keeps_this_session_and_ends_the_others(ann: Api, user: User) -> None:
    elsewhere = Api(user)
    assert ann.post("me/password/", {"current": PASSWORD, "new": NEW}).status == 204
    assert ann.get("me/").json["username"] == "ann"
    assert elsewhere.get("me/").json["username"] is None
    assert Session.objects.filter(user=user).count() == 1
    assert [Api().sign_in("ann", word).status for word in (PASSWORD, NEW)] == [400, 200]


@pytest.mark.parametrize(
    "new", ["short", "12345678901234", "ann-ann-ann", "password123", "x" * 300, "assay-demo"]
)
def test_a_new_password_is_held_to_the_rules_of_signing_up(ann: Api, new: str) -> None:
    reply = ann.post("me/password/", {"current": PASSWORD, "new": new})
    assert reply.status == 400
    assert {error["attr"] for error in reply.json["errors"]} == {"new"}
    assert Api().sign_in("ann").status == 200


def test_a_password_like_the_address_is_refused(user: User, ann: Api) -> None:
    ann.patch("me/", {"email": "wintergarden@example.org", "password": PASSWORD})
    reply = ann.post("me/password/", {"current": PASSWORD, "new": "wintergarden"})
    assert fault(reply) == (400, "password_too_similar", "new")


# The current password


REQUESTS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "address": ("PATCH", "me/", "password", {"email": "a@example.org"}),
    "password": ("POST", "me/password/", "current", {"new": NEW}),
    "code": ("POST", "me/recovery-code/", "password", {}),
    "erasure": ("DELETE", "me/", "password", {}),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_wrong_current_password_changes_nothing_and_counts(name: str, ann: Api, user: User) -> None:
    method, path, field, body = REQUESTS[name]
    before = User.objects.values().get(pk=user.pk)
    replies = [
        ann.send(method, path, {field: "wrong", **body}) for _ in range(settings.AXES_FAILURE_LIMIT + 1)
    ]
    assert [fault(one) for one in replies[:-1]] == [
        (400, "wrong_password", field)
    ] * settings.AXES_FAILURE_LIMIT
    assert replies[-1].code == "locked_out"
    assert ann.send(method, path, {field: PASSWORD, **body}).code == "locked_out"
    assert Api().sign_in("ann").code == "locked_out"
    assert User.objects.values().get(pk=user.pk) == before
    assert not RecoveryCode.objects.exists()


@pytest.mark.parametrize("name", REQUESTS)
def test_a_session_alone_proves_nothing(name: str, ann: Api) -> None:
    method, path, field, body = REQUESTS[name]
    assert ann.send(method, path, body).status == 400
    assert ann.send(method, path, {field: PASSWORD, **body}, csrf=False).code == "csrf_failed"
    assert User.objects.get().check_password(PASSWORD)


# Sessions


def test_signing_out_everywhere_leaves_this_session_alone(ann: Api, user: User) -> None:
    bob, elsewhere = Api(builders.make_learner("bob")), [Api(user) for _ in range(2)]
    assert ann.get("me/account/").json["other_sessions"] == 2
    assert ann.delete("me/sessions/").status == 204
    assert ann.get("me/account/").json["other_sessions"] == 0
    assert [one.get("me/").json["id"] for one in elsewhere] == [None, None]
    assert bob.get("me/").json["username"] == "bob"


# The end


def test_an_erased_account_is_gone_and_its_session_with_it(ann: Api, user: User) -> None:
    attempt = ann.start(builders.make_assessment().slug)
    ann.respond(attempt, 1, {"a": "right"})
    assert ann.delete("me/", {"password": PASSWORD}).status == 204
    assert ann.get("me/").json["id"] is None
    assert not User.objects.filter(pk=user.pk).exists()
    assert not Attempt.objects.exists()
    assert Erasure.objects.get().author is None
    assert Api().sign_in("ann").code == "wrong_credentials"


@pytest.mark.parametrize("is_enrolled", [True, False])
def test_an_erased_name_is_left_nowhere(is_enrolled: bool) -> None:
    user = builders.make_learner("xanthippe", first_name="Xanthippe", email="xanthippe@example.org")
    root = builders.make_learner("root", is_superuser=True, is_staff=True)
    if is_enrolled:
        builders.enrol(user, builders.make_course())
    api = Api(user)
    api.post("me/recovery-code/", {"password": PASSWORD})
    attempt = api.start(builders.make_assessment(builders.make_item(builders.exercise_document())).slug)
    api.respond(attempt, 1, {"a": "Xanthippe does not know"})
    api.put(f"attempts/{attempt}/presentations/1/draft/", {"answer": {"a": "Xanthippe"}})
    row = Attempt.objects.get()
    override_score(attempt_id=row.pk, position=1, score=1, reason="Xanthippe", author=root, now=NOW)
    act(attempt_id=row.pk, kind=ActionKind.ALLOW_ANOTHER, reason="Xanthippe", author=root, now=NOW)
    for name in ("xanthippe", "xanthippe@example.org"):
        Api().sign_in(name, "wrong")
        api.post("accounts/recovery/", {"name": name})
        api.post("accounts/recovery/confirm/", {"name": name, "code": "x", "password": NEW})
    assert AccessAttempt.objects.count() == 2
    assert api.get("me/account/").json["keeps_grades"] is is_enrolled
    assert api.delete("me/", {"password": PASSWORD}).status == 204
    assert tables_with("xanthippe") == []
    assert tables_with(str(user.pk)) == []
    assert Attempt.objects.exists() is is_enrolled


def test_who_was_a_member_of_a_course_leaves_grades_without_a_name(ann: Api, user: User) -> None:
    place = builders.enrol(user, builders.make_course())
    place.ends_at = NOW
    place.save()
    assert ann.get("me/account/").json["keeps_grades"] is True
    attempt = ann.start(builders.make_assessment().slug)
    ann.respond(attempt, 1, {"a": "right"})
    ann.post(f"attempts/{attempt}/submit/")
    ann.delete("me/", {"password": PASSWORD})
    assert Attempt.objects.get().score == 1
    assert not Attempt.objects.get().learner.users.exists()


def test_who_has_judged_others_is_refused_and_stays(ann: Api, user: User) -> None:
    bob = Api(builders.make_learner("bob"))
    attempt = bob.start(builders.make_assessment().slug)
    answered = bob.respond(attempt, 1, {"a": "right"}).json["id"]
    judge(answered, user)
    assert ann.get("me/account/").json["is_erasable"] is False
    assert fault(ann.delete("me/", {"password": PASSWORD})) == (409, "erasure_refused", None)
    assert ann.get("me/").json["username"] == "ann"


def judge(response: str, person: User) -> None:
    Verdict.objects.filter(response=UUID(response)).update(current=False)
    Verdict.objects.create(
        response_id=UUID(response), number=2, person=person, valid=True, score=1, document={}, created_at=NOW
    )


def test_a_guest_leaves_without_a_password() -> None:
    guest = Api()
    attempt = guest.start(builders.make_assessment().slug)
    guest.respond(attempt, 1, {"a": "right"})
    assert guest.delete("me/", {}).status == 204
    assert (guest.get("me/").json["id"], Attempt.objects.count(), User.objects.count()) == (None, 0, 0)


@pytest.mark.parametrize("name", ["e", "for", "own", "in"])
def test_a_short_name_is_erased_as_well(name: str) -> None:
    api = Api(builders.make_learner(name))
    assert api.delete("me/", {"password": PASSWORD}).status == 204
    assert not User.objects.exists()


def test_the_desk_says_that_an_address_is_taken(user: User) -> None:
    builders.make_learner("bob", email="bob@example.org")
    user.email = "BOB@example.org"
    with pytest.raises(ValidationError, match="Another account has this e-mail address"):
        user.full_clean()


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'"x"', b"[" * 9_000, b'{"password": {}}', b'{"password": "\xff"}']
)
@pytest.mark.parametrize("name", REQUESTS)
def test_a_body_that_cannot_be_is_refused_as_clearly(name: str, ann: Api, user: User, body: bytes) -> None:
    method, path, _, _ = REQUESTS[name]
    reply = ann.send(method, path, body)
    assert reply.status == 400
    assert all(error["code"] and error["detail"] for error in reply.json["errors"])
    assert User.objects.filter(pk=user.pk).exists()
