"""Sessions need their CSRF token; keys are hashed, compared whole, and can be revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from api.models import USE_RESOLUTION, ApiKey, Scope
from assessment.models import User
from tests import builders
from tests.api.client import Api
from tests.api.test_policy import make_key

pytestmark = pytest.mark.django_db


def test_the_first_get_of_any_address_sets_the_csrf_cookie(api: Api) -> None:
    api.get("lessons/")
    assert api.browser.cookies["csrftoken"].value


def test_a_session_without_its_csrf_token_is_refused() -> None:
    builders.make_assessment(slug="quiz")
    reply = Api(builders.make_learner()).post("attempts/", {"assessment": "quiz"}, csrf=False)
    assert (reply.status, reply.code) == (403, "csrf_failed")


@pytest.mark.parametrize("path", ["accounts/", "session/"])
def test_signing_up_and_in_need_the_csrf_token_too(api: Api, path: str) -> None:
    reply = api.post(path, {"username": "ann", "password": builders.PASSWORD}, csrf=False)
    assert (reply.status, reply.code) == (403, "csrf_failed")
    assert not User.objects.exists()


def test_a_page_of_another_site_cannot_make_a_guest(api: Api) -> None:
    builders.make_item(builders.exercise_document())
    reply = api.post("exercises/double-it/variants/", headers={"Origin": "https://elsewhere.example"})
    assert (reply.status, reply.code) == (403, "csrf_failed")
    assert not User.objects.exists()


def test_a_program_without_cookies_needs_no_csrf_token(api: Api) -> None:
    builders.make_item(builders.exercise_document())
    assert api.post("exercises/double-it/variants/").status == 201


def test_a_key_needs_no_csrf_token() -> None:
    builders.make_assessment(slug="quiz")
    key = make_key(builders.make_learner(), Scope.ATTEMPTS_WRITE)
    assert Api(key=key).post("attempts/", {"assessment": "quiz"}).status == 201


def test_the_database_cannot_give_a_key_away() -> None:
    token = make_key(builders.make_learner(), Scope.CATALOGUE)
    stored = ApiKey.objects.values().get()
    assert all(token.rpartition("_")[2] not in str(value) for value in stored.values())


@pytest.mark.parametrize(
    "wrong", ["", "x", "assay_", "assay_000000000000_secret", "Ünïcode", "a b c", "assay_" + "x" * 5000]
)
def test_a_wrong_key_is_a_401(wrong: str) -> None:
    make_key(builders.make_learner(), Scope.CATALOGUE)
    response = Api().browser.get("/api/v1/lessons/", headers={"Authorization": f"Bearer {wrong}"})
    assert response.status_code == 401
    assert response.json()["errors"][0]["code"] == "authentication_failed"


def test_the_prefix_of_a_key_is_not_enough() -> None:
    prefix, _, _ = make_key(builders.make_learner(), Scope.CATALOGUE).rpartition("_")
    assert Api(key=f"{prefix}_guessed").browser.get("/api/v1/me/").status_code == 401


def test_another_way_of_authorization_is_named_as_such(api: Api) -> None:
    response = api.browser.get("/api/v1/me/", headers={"Authorization": "Basic YTpi"})
    assert response.status_code == 401


def test_a_revoked_key_opens_nothing() -> None:
    token = make_key(builders.make_learner(), Scope.CATALOGUE)
    key = ApiKey.objects.get()
    key.revoke(timezone.now())
    key.save()
    assert Api(key=token).browser.get("/api/v1/me/").status_code == 401


def test_a_key_of_a_person_who_left_opens_nothing() -> None:
    owner = builders.make_learner()
    token = make_key(owner, Scope.CATALOGUE)
    owner.is_active = False
    owner.save()
    assert Api(key=token).browser.get("/api/v1/me/").status_code == 401


def test_a_revocation_keeps_its_first_date() -> None:
    key = ApiKey(revoked_at=builders.NOW)
    key.revoke(builders.NOW + timedelta(days=1))
    assert key.revoked_at == builders.NOW


def test_a_key_knows_about_when_it_was_used_last() -> None:
    make_key(builders.make_learner(), Scope.CATALOGUE)
    key = ApiKey.objects.get()
    later, much_later = builders.NOW + USE_RESOLUTION / 2, builders.NOW + 2 * USE_RESOLUTION
    for moment, expected in ((builders.NOW, builders.NOW), (later, builders.NOW), (much_later, much_later)):
        key.note_use(moment)
        key.refresh_from_db()
        assert key.last_used_at == expected


def test_a_key_that_is_sent_counts_more_than_a_session() -> None:
    session, key = (
        builders.make_learner("by-session"),
        make_key(builders.make_learner("by-key"), Scope.CATALOGUE),
    )
    api = Api(session)
    assert api.get("me/", Authorization=f"Bearer {key}").json["username"] == "by-key"
