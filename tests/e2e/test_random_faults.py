"""Faults at random moments of a quiz: what the screen called saved or graded is on the server, once; all else is on
the device, and goes to the server when the fault is over.

``FAULT_ROUNDS=10 pytest tests/e2e/test_random_faults.py`` tries each fault at ten moments; a failure names its seed.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from assessment.delivery.attempts import submit_attempt
from assessment.models import Attempt, Draft, Response, User
from assessment.models.responses import Origin
from tests.builders import PASSWORD, exercise_document, make_assessment, make_item, make_learner
from tests.e2e.screens import hand_in, sign_in, start, title_of_item

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
QUESTIONS = 3
STEPS = 6
API = "**/api/v1/**"
RESPONSES = "**/responses/"
SETTLED = 30_000
FULL_STORAGE = """() => {
    Storage.prototype.setItem = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
}"""


@dataclass
class Sitting:
    """A learner at work: what was typed at each question, and what the screen said of it."""

    page: Page
    context: BrowserContext
    learner: User
    dice: random.Random
    typed: dict[int, str] = field(default_factory=dict)
    sent: set[tuple[int, str]] = field(default_factory=set)
    graded: set[tuple[int, str]] = field(default_factory=set)
    saved: dict[int, str] = field(default_factory=dict)
    serial: int = 0

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your answer")

    @property
    def standing(self) -> set[tuple[int, str]]:
        """What was sent last at each place: what nobody was signed in to send gives way to what is typed later."""
        return self.sent & set(self.typed.items())

    def pause(self, most: float = 700) -> None:
        self.page.wait_for_timeout(self.dice.uniform(0, most))

    def step(self) -> None:
        """Go to some question, type something else, and answer or not; look now and then what is said."""
        position = self.dice.randint(1, QUESTIONS)
        self.page.get_by_role("button", name=f"Question {position}").click()
        self.pause()
        if not self.is_at(position) or not self.box.is_enabled():
            return
        self.serial += 1
        text = f"{1000 + self.serial}.5"
        self.box.fill(text)
        self.typed[position] = text
        self.pause()
        self.look(position)
        if self.dice.random() < 0.5 and self.answers():
            self.sent.add((position, text))
            self.pause()
            self.look(position)

    def answers(self) -> bool:
        for name in ("Answer", "Try again", "Change the answer"):
            button = self.page.get_by_role("button", name=name, exact=True)
            if button.count() and button.is_enabled():
                button.click()
                return True
        return False

    def is_at(self, position: int) -> bool:
        title = title_of_item(self.page)
        return title.count() > 0 and f"Question {position} " in (title.text_content() or "")

    def look(self, position: int) -> None:
        """Believe the screen: a verdict on what stands in the field, or that its draft was saved."""
        said = self.page.evaluate(
            """() => ({
                text: document.querySelector("form.item input")?.value,
                isIdle: document.querySelector("form.item button[type=submit]")?.textContent === "Try again"
                    && document.querySelector("form.item [role=alert]") === null
                    && !document.body.innerText.includes("Signed out"),
                save: document.querySelector(".save-state")?.textContent ?? "",
            })"""
        )
        if said["text"] != self.typed.get(position) or not self.is_at(position):
            return
        if said["isIdle"] and (position, said["text"]) in self.sent and said["save"] == "":
            self.graded.add((position, said["text"]))
        if said["save"] == "Draft saved":
            self.saved[position] = said["text"]


@dataclass(frozen=True)
class Fault:
    begin: Callable[[Sitting], object]
    end: Callable[[Sitting], object]


def answering(route: Callable[[Route], None], pattern: str = API) -> Fault:
    """The network does something to requests as long as the fault lasts."""
    return Fault(
        lambda sitting: sitting.context.route(pattern, route),
        lambda sitting: sitting.context.unroute_all(behavior="ignoreErrors"),
    )


def drop_reply(route: Route) -> None:
    """The server commits, and nobody hears of it."""
    route.fetch()
    route.abort("connectionreset")


def lose_session(sitting: Sitting) -> None:
    sitting.context.clear_cookies(name="sessionid")


def sign_in_again(sitting: Sitting) -> None:
    page = sitting.page
    page.reload()
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill(sitting.learner.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def go_on_in_another_tab(sitting: Sitting) -> None:
    sitting.page = sitting.context.new_page()
    sitting.page.goto(f"/attempts/{Attempt.objects.get().pk}")
    sitting.page.get_by_role("button", name="Go on here").click()


def nothing(_: Sitting) -> None:
    """The fault ends by itself."""


FAULTS = {
    "the network is cut": Fault(
        lambda sitting: sitting.context.set_offline(True), lambda sitting: sitting.context.set_offline(False)
    ),
    "replies are lost": answering(drop_reply),
    "the server fails": answering(lambda route: route.fulfill(status=500, body="")),
    "the server is away": answering(lambda route: route.abort("connectionrefused")),
    "too many requests": answering(
        lambda route: route.fulfill(status=429, headers={"Retry-After": "1"}, body="{}")
    ),
    "the session ends": Fault(lose_session, sign_in_again),
    "the storage is full": Fault(lambda sitting: sitting.page.evaluate(FULL_STORAGE), nothing),
    "another tab": Fault(go_on_in_another_tab, nothing),
    "a reload": Fault(lambda sitting: sitting.page.reload(), nothing),
}
ROUND = [(name, seed) for name in FAULTS for seed in range(ROUNDS)]


@pytest.fixture
def sitting(context: BrowserContext, live_server: LiveServer) -> Sitting:
    items = [make_item(exercise_document(f"double-{n}")) for n in range(QUESTIONS)]
    make_assessment(*items, slug="quiz", title="The quiz", tries=50)
    learner = make_learner("ann")
    sign_in(context, live_server.url, learner)
    page = context.new_page()
    start(page)
    return Sitting(page, context, learner, random.Random())


def answers_on_server(position: int, text: str) -> int:
    found = Response.objects.filter(presentation__position=position).values_list("answer", flat=True)
    return list(found).count({"a": text})


def settle(sitting: Sitting) -> None:
    """Wait until nothing is under way: every answer that stands has its row."""
    for position, text in sorted(sitting.standing):
        for _ in range(SETTLED // 200):
            if answers_on_server(position, text):
                break
            sitting.page.wait_for_timeout(200)


@pytest.mark.parametrize(("name", "seed"), ROUND, ids=[f"{name}-{seed}" for name, seed in ROUND])
def test_no_fault_at_any_moment_loses_or_doubles_an_answer(sitting: Sitting, name: str, seed: int) -> None:
    sitting.dice = dice = random.Random(f"{name}-{seed}")
    fault, begins, lasts = FAULTS[name], dice.randrange(STEPS), dice.randint(1, 2)
    for number in range(STEPS):
        if number == begins:
            fault.begin(sitting)
        if number == begins + lasts:
            fault.end(sitting)
        sitting.step()
    if begins + lasts >= STEPS:
        fault.end(sitting)
    expect(title_of_item(sitting.page)).to_be_visible(timeout=SETTLED)
    settle(sitting)
    for position, text in sitting.standing:
        assert answers_on_server(position, text) == 1, "an answer that was sent"
    for position, text in sitting.sent:
        assert answers_on_server(position, text) <= 1, "an answer that was sent"
    for position, text in sitting.graded:
        assert answers_on_server(position, text) == 1, "an answer that was called graded"
    for position, text in sitting.saved.items():
        if text == sitting.typed[position] and (position, text) not in sitting.sent:
            drafts = Draft.objects.filter(presentation__position=position)
            assert [draft.answer for draft in drafts] == [{"a": text}], "a draft that was called saved"
    hand_in(sitting.page)
    for position, text in sitting.typed.items():
        assert answers_on_server(position, text) == 1, "what was typed last"


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_what_was_typed_when_another_device_hands_in_is_kept_where_it_can_be_read(
    sitting: Sitting, seed: int
) -> None:
    sitting.dice = dice = random.Random(f"handed in elsewhere-{seed}")
    for _ in range(dice.randint(1, STEPS)):
        sitting.step()
    settle(sitting)
    attempt = Attempt.objects.get()
    submit_attempt(attempt_id=attempt.pk, user_id=sitting.learner.pk, now=timezone.now())
    position = 1 + (max(sitting.typed, default=0) % QUESTIONS)
    sitting.page.get_by_role("button", name=f"Question {position}").click()
    if sitting.is_at(position) and sitting.box.is_enabled():
        sitting.box.fill("7777.5")
        sitting.answers()
    sitting.page.goto(f"/attempts/{attempt.pk}/result")
    expect(sitting.page.get_by_role("heading", name="Your result")).to_be_visible()
    for place, text in sitting.graded:
        assert answers_on_server(place, text) == 1
    shown = sitting.page.get_by_role("main").inner_text()
    for place, text in sitting.typed.items():
        assert answers_on_server(place, text) == 1 or text in shown
    late = Response.objects.filter(origin=Origin.LATE)
    assert all("7777.5" in shown for response in late if response.answer == {"a": "7777.5"})


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_handing_in_while_an_answer_is_on_its_way_sends_it_first(sitting: Sitting, seed: int) -> None:
    dice = random.Random(f"hand in while sending-{seed}")
    delay = dice.uniform(50, 1500)

    def slow(route: Route) -> None:
        sitting.page.wait_for_timeout(delay)
        route.continue_()

    sitting.page.route(RESPONSES, slow)
    sitting.box.fill("1000.5")
    sitting.answers()
    sitting.page.wait_for_timeout(dice.uniform(0, delay))
    hand_in(sitting.page)
    assert answers_on_server(1, "1000.5") == 1
