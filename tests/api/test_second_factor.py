"""Signing in with a code, and what a session without one may not: read others' rows, or change the account."""

from __future__ import annotations

from typing import Any

import pytest

from api.rest.policy import RULES
from assessment.models import AuditEntry, User
from assessment.people import second_factor
from tests import builders
from tests.api.client import Api, Reply
from tests.api.test_policy import CALLS, World, make_key
from tests.assessment.people.test_second_factor import code_of, later, switched_on, wrong_code_of
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db

GUARDED = sorted(name for name, rule in RULES.items() if rule.needs_proof)
OF_STAFF = [name for name in GUARDED if not name.endswith("_at")]
"""Those whose call leaves who asks on the staff; at one assignment a teacher needs not be."""


def sign_in(api: Api, **more: str) -> Reply:
    api.get("me/")
    return api.post("session/", {"username": "ines", "password": builders.PASSWORD, **more})


@pytest.fixture
def ines() -> User:
    return make_instructor("ines")


def test_without_a_code_nobody_is_signed_in(ines: User) -> None:
    switched_on(ines)
    api = Api()
    reply = sign_in(api)
    assert (reply.status, reply.code, reply.json["errors"][0]["attr"]) == (
        400,
        "second_factor_needed",
        "code",
    )
    assert sign_in(api, code=" ").code == "second_factor_needed"
    assert api.get("me/").json["id"] is None


def test_a_wrong_password_is_told_before_the_code(ines: User) -> None:
    device = switched_on(ines)
    api = Api()
    assert sign_in(api, code=code_of(device), password="another").code == "wrong_credentials"
    assert sign_in(api, code=code_of(device)).status == 200


def test_with_a_code_the_session_is_proven_for_desk_and_app(ines: User) -> None:
    device = switched_on(ines)
    api = Api()
    assert sign_in(api, code=code_of(device)).status == 200
    assert api.post("grade/", []).status == 200
    assert api.browser.get("/admin/").status_code == 200


def test_a_session_proven_at_the_desk_is_proven_here(ines: User) -> None:
    device = switched_on(ines)
    api = Api(ines)
    assert api.post("grade/", []).code == "second_factor_needed"
    token = api.browser.cookies["csrftoken"].value
    api.browser.post("/admin/login/", {"code": code_of(device), "csrfmiddlewaretoken": token})
    assert api.post("grade/", []).status == 200


def test_a_code_is_taken_once_and_guessing_pauses(ines: User) -> None:
    device = switched_on(ines)
    code = code_of(device)
    assert sign_in(Api(), code=code).status == 200
    assert sign_in(Api(), code=code).code == "wrong_second_factor"
    reply = sign_in(Api(), code=code_of(device))
    assert (reply.status, reply.code, reply.headers["Retry-After"]) == (429, "too_many_codes", "1")
    later(ines)
    assert sign_in(Api(), code=wrong_code_of(device)).code == "wrong_second_factor"


def test_a_recovery_code_does_as_well_once(ines: User) -> None:
    switched_on(ines)
    [code, *_] = second_factor.make_recovery_codes(user=ines)
    assert sign_in(Api(), code=code).status == 200
    assert AuditEntry.objects.get(what="otp_static_staticdevice", operation="update").actor_name == "ines"
    assert sign_in(Api(), code=code).code == "wrong_second_factor"


@pytest.mark.parametrize("code", ["x" * 41, 5, None, {}, "\x00"])
def test_a_hostile_code_is_refused(ines: User, code: Any) -> None:
    switched_on(ines)
    assert sign_in(Api(), code=code).status == 400


def test_a_code_of_whoever_has_no_device_is_not_looked_at(ines: User) -> None:
    assert sign_in(Api(), code="123456").status == 200


@pytest.mark.parametrize("operation", OF_STAFF)
def test_a_session_without_its_code_is_refused(operation: str) -> None:
    world, user = World(), make_instructor("ines")
    switched_on(user)
    reply = CALLS[operation](Api(user), world)
    assert (reply.status, reply.code) == (403, "second_factor_needed"), reply


@pytest.mark.parametrize("operation", OF_STAFF)
def test_where_it_is_required_a_session_without_a_device_is_refused(operation: str, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "required"
    reply = CALLS[operation](Api(make_instructor("ines")), World())
    assert (reply.status, reply.code) == (403, "second_factor_needed"), reply


def test_what_is_guarded_is_what_others_may_be_read_by() -> None:
    expected = {
        "get_attempt",
        "review_attempt",
        "grade_cases",
        "make_accommodations",
        "make_key",
        "export_me",
    }
    assert expected < set(GUARDED)
    assert not {"submit_response", "start_attempt", "save_draft", "get_me", "sign_in"} & set(GUARDED)


def test_a_key_needs_no_code(ines: User) -> None:
    token = make_key(ines, "grade")
    switched_on(ines)
    assert Api(key=token).post("grade/", []).status == 200


def test_own_work_goes_on_without_a_code(ines: User) -> None:
    world = World()
    builders.enrol(ines, world.course)
    switched_on(ines)
    assert Api(ines).post("attempts/", {"assessment": "of-the-course"}).status == 201


# The audit


def test_what_is_written_by_the_api_is_known(ines: User) -> None:
    api = Api(ines)
    body = {"name": "robot", "scopes": ["practice"], "password": builders.PASSWORD}
    assert api.post("me/keys/", body).status == 201
    entry = AuditEntry.objects.get(what="api_apikey")
    assert (entry.actor_name, entry.door, entry.after["name"]) == ("ines", "rest", "robot")


def test_a_sign_in_of_staff_is_known_and_of_a_learner_not(ines: User) -> None:
    builders.make_learner("ann")
    assert Api().sign_in("ann").status == 200
    assert Api().sign_in("ines").status == 200
    entry = AuditEntry.objects.filter(operation="sign_in").get()
    assert (entry.actor_name, entry.door, entry.after) == ("ines", "rest", {"network": "127.0.0.0/24"})


def test_an_own_erasure_leaves_no_name() -> None:
    api = Api(builders.make_learner("xanthippe"))
    assert api.send("DELETE", "me/", {"password": builders.PASSWORD}).status == 204
    assert not AuditEntry.objects.filter(actor_name="xanthippe").exists()
