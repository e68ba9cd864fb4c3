"""Open edX's own platform code launches us, takes a choice, lets us in for grades and takes one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from assessment.models import Platform
from assessment.models.platforms import PlatformState
from assessment.platforms.grading import send_due
from assessment.platforms.tokens import forget_tokens
from tests.builders import make_assessment

pytest.importorskip("lti_consumer", reason="the code of Open edX is not installed")
pytestmark = pytest.mark.django_db(transaction=True)

PROGRAM = Path(__file__).with_name("open_edx.py")


class Edx:
    """The platform of Open edX, and a browser that goes between it and us."""

    def __init__(self, address: str, tool: str) -> None:
        self.address, self.tool = address, tool
        self.browser = httpx.Client(trust_env=False, timeout=30)

    def launch(self, user: str, role: str, **asked: str) -> httpx.Response:
        query = {"user": user, "role": role, **asked}
        begun = self.browser.get(f"{self.address}/start", params=query).json()
        away = self.browser.get(begun["url"])
        assert away.status_code == 302, away.text
        form = self.browser.get(away.headers["Location"]).json()
        return self.browser.post(f"{self.tool}/lti/launch", data=form)

    def take(self, launched: httpx.Response) -> tuple[dict[str, Any], httpx.Client]:
        """Take a launch up as its page does, and return what was opened with the page's way in."""
        assert launched.status_code == 303, launched.text
        code = urlsplit(launched.headers["Location"]).fragment
        opened = self.browser.post(f"{self.tool}/api/v1/launch/", json={"code": code}).json()
        headers = {"Authorization": f"Bearer {opened['token']}"}
        return opened, httpx.Client(base_url=f"{self.tool}/api/v1/", headers=headers, trust_env=False)


class Fields(HTMLParser):
    """The hidden fields of a page, and where its form leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.values: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.action = found.get("action") or ""
        elif tag == "input" and found.get("type") == "hidden":
            self.values[found["name"] or ""] = found.get("value") or ""


@pytest.fixture
def edx(live_server: LiveServer, settings: Settings) -> Iterator[Edx]:
    settings.PRIVATE_PLATFORMS = True
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), live_server.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    ) as process:
        assert process.stdout
        running = Edx(process.stdout.readline().strip(), live_server.url)
        platform = Platform.objects.create(
            name="Open edX",
            issuer=running.address,
            client_id="assay-at-edx",
            authorization_url=f"{running.address}/auth",
            token_url=f"{running.address}/token",
            jwks_url=f"{running.address}/jwks",
            state=PlatformState.ACTIVE,
            trusts_new_deployments=True,
            created_at=timezone.now(),
        )
        with running.browser:
            yield running
        process.kill()
    forget_tokens(platform)


def test_a_learner_is_launched_and_the_grade_arrives(edx: Edx) -> None:
    make_assessment(slug="quiz", title="The quiz")
    edx.launch("teacher", "instructor", assessment="quiz")
    opened, app = edx.take(edx.launch("ada", "student"))
    assert (opened["assessment"], opened["is_teacher"]) == ("quiz", False)
    with app:
        wanted = {"assessment": "quiz", "assignment": opened["assignment"]}
        attempt = app.post("attempts/", json=wanted).json()["id"]
        answered = app.post(
            f"attempts/{attempt}/presentations/1/responses/",
            json={"answer": {"a": "right"}},
            headers={"Idempotency-Key": "01a227e2-50fb-75cd-996b-e2f9b57c29ed"},
        )
        assert answered.json()["correct"], answered.text
        app.post(f"attempts/{attempt}/submit/")
    assert send_due(timezone.now()) == (1, 0)
    [score] = edx.browser.get(f"{edx.address}/scores").json()
    told = {name: score[name] for name in ("userId", "scoreGiven", "scoreMaximum", "gradingProgress")}
    assert told == {"userId": "ada", "scoreGiven": 1.0, "scoreMaximum": 1.0, "gradingProgress": "FullyGraded"}


def test_a_teacher_s_choice_is_taken_as_a_deep_linking_response(edx: Edx) -> None:
    make_assessment(slug="quiz", title="The quiz")
    choosing = edx.launch("teacher", "instructor", kind="LtiDeepLinkingRequest")
    page = Fields(choosing.text)
    returning = edx.browser.post(f"{edx.tool}{page.action}", data={**page.values, "assessment": "quiz"})
    form = Fields(returning.text)
    assert form.action == f"{edx.address}/deep"
    [item] = edx.browser.post(form.action, data=form.values).json()
    assert (item["title"], item["custom"]) == ("The quiz", {"assessment": "quiz"})
