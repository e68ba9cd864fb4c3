"""The commands about platforms: inviting one, listing them, and their grades."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessment.models import Grade, Invitation
from assessment.models.grades import GradeState
from assessment.models.platforms import PlatformState
from assessment.platforms.arriving import digest
from tests.assessment.admin.test_platforms import make_deployment, make_grade, make_link, make_platform
from tests.builders import NOW, make_course, make_learner

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(seconds=1)


def words(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def found(command: str, *arguments: str) -> Any:
    return json.loads(words(command, *arguments, "--json"))


# Inviting


def secret_in(text: str) -> str:
    match = re.search(r"/lti/register\?invitation=([\w-]+)", text)
    assert match
    return match[1]


def test_an_invitation_is_a_link_whose_secret_is_not_kept() -> None:
    told = found("lti_invite", "--name", "School", "--base", "https://assay.example/")
    assert list(told) == ["url"]
    assert told["url"].startswith("https://assay.example/lti/register?invitation=")
    invitation, secret = Invitation.objects.get(), secret_in(told["url"])
    assert invitation.digest == digest(secret)
    assert secret not in str(Invitation.objects.values().get())
    assert (invitation.name, invitation.confirms) == ("School", True)
    assert invitation.expires_at - invitation.created_at == timedelta(days=7)


def test_an_invitation_lasts_and_confirms_as_it_is_told() -> None:
    text = words("lti_invite", "--days", "2", "--waits")
    invitation = Invitation.objects.get(digest=digest(secret_in(text)))
    assert not invitation.confirms
    assert invitation.expires_at - invitation.created_at == timedelta(days=2)
    assert f"{invitation.expires_at:%Y-%m-%d %H:%M}" in text


@pytest.mark.parametrize(("port", "host"), [("", "127.0.0.1:8000"), ("8123", "127.0.0.1:8123")])
def test_without_a_base_the_link_is_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, port: str, host: str
) -> None:
    monkeypatch.setenv("PORT", port)
    assert found("lti_invite")["url"].startswith(f"http://{host}/lti/register?")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--days", "0"], "--days"),
        (["--days", "1000"], "--days"),
        (["--base", "assay.example"], "--base"),
        (["--base", "ftp://assay.example"], "--base"),
        (["--base", "https://assay.example/lti"], "--base"),
        (["--base", "https://"], "--base"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_not_made(arguments: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("lti_invite", *arguments)
    assert not Invitation.objects.exists()


# Listing


def test_platforms_are_listed_with_their_deployments() -> None:
    platform = make_platform("School", keys_fetched_at=NOW)
    make_deployment(platform, "7")
    make_platform("Another", state=PlatformState.PENDING)
    another, school = found("lti_platforms")
    assert (another["name"], another["state"], another["deployments"]) == ("Another", "pending", [])
    assert (school["id"], school["issuer"]) == (str(platform.pk), "https://school.example")
    assert school["keys_fetched_at"] == NOW.isoformat()
    assert [(one["deployment_id"], one["state"]) for one in school["deployments"]] == [("7", "pending")]


def test_platforms_are_told_in_words() -> None:
    assert "No platform is registered" in words("lti_platforms")
    make_deployment(make_platform("School"), "7")
    text = words("lti_platforms")
    assert "School: may open us" in text
    assert "deployment 7: waits until somebody here confirms it" in text


# The ledger


@pytest.fixture
def refused() -> Grade:
    return make_grade(make_link(make_course()), make_learner("ada"))


@pytest.fixture
def sent(refused: Grade) -> Grade:
    """Of the same link as the one that was refused, and of another person."""
    bob = make_learner("bob")
    return make_grade(refused.link, bob, state=GradeState.SENT, sent_at=NOW, created_at=LATER, reason="")


def test_the_ledger_is_shown(refused: Grade, sent: Grade) -> None:
    told = found("lti_grades")
    assert told["resent"] is None
    assert [one["id"] for one in told["grades"]] == [str(sent.pk), str(refused.pk)]
    shown = told["grades"][1]
    assert (shown["person"], shown["score"], shown["maximum"]) == ("ada", 7.0, 10.0)
    assert (shown["state"], shown["reason"]) == ("parked", "school.example answered 403.")
    assert (shown["platform"], shown["link"], shown["sent_at"]) == ("School", "Week 1", None)


@pytest.mark.parametrize(("state", "count"), [("parked", 1), ("sent", 1), ("waiting", 0)])
def test_the_ledger_is_shown_by_state(refused: Grade, sent: Grade, state: str, count: int) -> None:
    shown = found("lti_grades", "--state", state)["grades"]
    assert [one["state"] for one in shown] == [state] * count


def test_the_ledger_is_told_in_words(refused: Grade) -> None:
    make_grade(refused.link, make_learner("eve"), score=None, is_final=False, reason="")
    text = words("lti_grades")
    assert f"{refused.pk}  ada at School, Week 1: 7 of 10, refused by the platform." in text
    assert "eve at School, Week 1: not judged yet of 10" in text


def states(*grades: Grade) -> list[str]:
    for grade in grades:
        grade.refresh_from_db()
    return [grade.state for grade in grades]


def test_one_grade_is_sent_again(refused: Grade, sent: Grade) -> None:
    assert found("lti_grades", "--resend", str(sent.pk))["resent"] == 1
    assert states(refused, sent) == ["parked", "waiting"]


def test_all_that_were_refused_are_sent_again(refused: Grade, sent: Grade) -> None:
    told = found("lti_grades", "--resend", "all")
    assert told["resent"] == 1
    assert states(refused, sent) == ["waiting", "sent"]
    assert [one["state"] for one in told["grades"]] == ["sent", "waiting"]


def test_all_in_a_state_are_sent_again(refused: Grade, sent: Grade) -> None:
    assert "1 grades wait to be sent again." in words("lti_grades", "--resend", "all", "--state", "sent")
    assert states(refused, sent) == ["parked", "waiting"]


@pytest.mark.parametrize("identifier", ["7", "01a227b2-65d3-703b-8d8c-c378d426affc"])
def test_a_grade_that_is_not_there_is_not_sent(identifier: str) -> None:
    with pytest.raises(CommandError, match=f"no grade with id {identifier}"):
        call_command("lti_grades", "--resend", identifier)


def test_a_grade_that_is_no_longer_the_latest_is_not_sent(refused: Grade) -> None:
    make_grade(refused.link, refused.person.user, version=2, timestamp=LATER)
    with pytest.raises(CommandError, match="a later one"):
        call_command("lti_grades", "--resend", str(refused.pk))
    assert states(refused) == ["parked"]
