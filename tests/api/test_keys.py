"""Keys that people make for their programs: shown once, limited in time, replaced in peace, revoked at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from api.models import OVERLAP, ApiKey, Scope
from api.rest.keys import MOST_KEYS
from assessment.models import User
from tests import builders
from tests.api.client import Api
from tests.api.test_policy import make_key
from tests.builders import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return builders.make_learner("ann")


@pytest.fixture
def ann(user: User) -> Api:
    return Api(user)


def wanted(**changes: Any) -> dict[str, Any]:
    return {"name": "My script", "scopes": [Scope.CATALOGUE, Scope.PRACTICE], "password": PASSWORD, **changes}


def opens(token: str) -> bool:
    return bool(Api(key=token).browser.get("/api/v1/me/").status_code == 200)


def pass_time(monkeypatch: pytest.MonkeyPatch, amount: timedelta) -> None:
    then = timezone.now() + amount
    monkeypatch.setattr(timezone, "now", lambda: then)


def test_a_key_is_made_used_listed_and_revoked(ann: Api) -> None:
    made = ann.post("me/keys/", wanted())
    assert made.status == 201
    token = made.json["token"]
    assert token.startswith(made.json["beginning"])
    machine = Api(key=token)
    assert machine.get("me/").json["username"] == "ann"
    assert machine.get("attempts/").code == "scope_missing"
    [listed] = ann.get("me/keys/").json["results"]
    assert token not in str(listed)
    assert (listed["name"], listed["scopes"], listed["expires_at"]) == (
        "My script",
        ["catalogue:read", "practice"],
        None,
    )
    assert listed["last_used_at"]
    assert ann.delete(f"me/keys/{listed['id']}/").status == 204
    assert not opens(token)
    assert ann.get("me/keys/").json["results"] == []
    assert ann.delete(f"me/keys/{listed['id']}/").status == 404


def test_a_key_ends_when_its_time_is_over(ann: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = timezone.now() + timedelta(days=30)
    token = ann.post("me/keys/", wanted(expires_at=ends.isoformat())).json["token"]
    assert opens(token)
    pass_time(monkeypatch, timedelta(days=30))
    assert not opens(token)


def test_a_key_that_is_replaced_holds_for_a_day_and_its_successor_as_long_as_it_did(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = timezone.now() + timedelta(days=30)
    first = Api(user).post("me/keys/", wanted(expires_at=ends.isoformat())).json
    pass_time(monkeypatch, timedelta(days=29, hours=12))
    # The session of then is over.
    ann = Api(user)
    second = ann.post(f"me/keys/{first['id']}/rotation/", {"password": PASSWORD}).json
    assert (second["name"], second["scopes"]) == (first["name"], first["scopes"])
    assert (opens(first["token"]), opens(second["token"])) == (True, True)
    old, new = ApiKey.objects.get(pk=first["id"]), ApiKey.objects.get(pk=second["id"])
    assert old.expires_at == ends
    assert new.expires_at
    assert abs(new.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    third = ann.post(f"me/keys/{second['id']}/rotation/", {"password": PASSWORD}).json
    new.refresh_from_db()
    assert new.expires_at == timezone.now() + OVERLAP
    pass_time(monkeypatch, OVERLAP)
    assert (opens(second["token"]), opens(third["token"])) == (False, True)


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"password": "wrong"}, "password"),
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": [Scope.GRADE]}, "scopes"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2999-01-01T00:00:00Z"}, "expires_at"),
    ],
    ids=str,
)
def test_what_cannot_be_made_is_refused_at_its_field(ann: Api, changes: dict[str, Any], attr: str) -> None:
    refused = ann.post("me/keys/", wanted(**changes))
    assert refused.status == 400
    assert refused.json["errors"][0]["attr"].partition(".")[0] == attr
    assert not ApiKey.objects.exists()


def test_a_key_never_makes_another_nor_reads_of_them(user: User) -> None:
    token = make_key(user, *Scope.values)
    assert Api(key=token).post("me/keys/", wanted()).code == "scope_missing"
    assert Api(key=token).get("me/keys/").code == "scope_missing"


def test_keys_of_others_do_not_exist(ann: Api) -> None:
    make_key(builders.make_learner("bob"), Scope.PRACTICE)
    path = f"me/keys/{ApiKey.objects.get().pk}/"
    assert ann.get("me/keys/").json["results"] == []
    assert ann.delete(path).status == 404
    assert ann.post(f"{path}rotation/", {"password": PASSWORD}).status == 404


def test_nobody_has_more_than_a_few(ann: Api, user: User) -> None:
    for _ in range(MOST_KEYS):
        make_key(user, Scope.PRACTICE)
    assert ann.post("me/keys/", wanted()).code == "too_many_keys"
    ended = ApiKey.objects.first()
    assert ended
    ended.revoke(timezone.now())
    ended.save()
    assert ann.post("me/keys/", wanted()).status == 201
