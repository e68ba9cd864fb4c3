"""Keys on the admin's desk: shown once, revoked and not deleted."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from api.models import ApiKey, Scope
from tests import builders
from tests.api.client import Api
from tests.api.test_policy import make_key

pytestmark = pytest.mark.django_db

KEYS = "/admin/api/apikey/"


@pytest.fixture
def desk() -> Client:
    client = Client()
    admin = builders.make_learner(is_staff=True, is_superuser=True)
    client.force_login(admin, "django.contrib.auth.backends.ModelBackend")
    return client


def test_a_new_key_is_shown_once_and_works(desk: Client) -> None:
    owner = builders.make_learner("robot")
    form = {"name": "nightly job", "owner": str(owner.pk), "scopes": [Scope.CATALOGUE]}
    page = desk.post(f"{KEYS}add/", form, follow=True).content.decode()
    token = re.search(r"assay_[0-9a-f]{12}_[\w-]+", page)
    assert token
    assert token[0] not in desk.get(KEYS).content.decode()
    assert Api(key=token[0]).get("me/").json["username"] == "robot"


def test_a_key_cannot_be_given_to_somebody_else(desk: Client) -> None:
    owner = builders.make_learner("robot")
    make_key(owner, Scope.CATALOGUE)
    other, key = builders.make_learner(), ApiKey.objects.get()
    form = {"name": "renamed", "owner": str(other.pk), "scopes": [Scope.PROGRESS]}
    desk.post(f"{KEYS}{key.pk}/change/", form)
    key.refresh_from_db()
    assert (key.name, key.owner, key.scopes) == ("renamed", owner, [Scope.PROGRESS])


def test_a_key_is_revoked_and_not_deleted(desk: Client) -> None:
    token = make_key(builders.make_learner(), Scope.CATALOGUE)
    key = ApiKey.objects.get()
    assert desk.post(f"{KEYS}{key.pk}/delete/", {"post": "yes"}).status_code == 403
    desk.post(KEYS, {"action": "revoke", "_selected_action": [str(key.pk)]})
    assert Api(key=token).browser.get("/api/v1/me/").status_code == 401


def test_a_key_is_given_an_end(desk: Client) -> None:
    owner = builders.make_learner("robot")
    form = {"name": "nightly job", "owner": str(owner.pk), "scopes": [Scope.CATALOGUE]}
    ends = {"expires_at_0": "2035-01-31", "expires_at_1": "12:00:00"}
    desk.post(f"{KEYS}add/", form | ends, follow=True)
    found = ApiKey.objects.get()
    assert found.expires_at
    assert found.expires_at.year == 2035


def test_keys_are_replaced_in_peace_and_what_has_ended_is_not(desk: Client) -> None:
    token = make_key(builders.make_learner("robot"), Scope.CATALOGUE)
    key = ApiKey.objects.get()
    page = desk.post(KEYS, {"action": "replace", "_selected_action": [str(key.pk)]}, follow=True)
    [shown] = re.findall(r"assay_[0-9a-f]{12}_[\w-]{20,}", page.content.decode())
    assert [Api(key=one).get("me/").json["username"] for one in (token, shown)] == ["robot"] * 2
    assert LogEntry.objects.get().object_id != str(key.pk)
    key.refresh_from_db()
    key.expires_at = timezone.now() - timedelta(minutes=1)
    key.save()
    page = desk.post(KEYS, {"action": "replace", "_selected_action": [str(key.pk)]}, follow=True)
    assert "has ended" in page.content.decode()
    assert ApiKey.objects.count() == 2
