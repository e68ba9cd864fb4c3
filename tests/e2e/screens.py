"""What a learner does on the screens, in the words of the tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect

from assessment.models import Assessment, Response, User
from content.models import Item
from tests.builders import choice_document, exercise_document, make_assessment, make_item


def make_quiz(**fields: object) -> Assessment:
    """A choice, whose first option is the key, and an exercise, whose key is twice the shown number."""
    return make_assessment(
        _choice(), make_item(exercise_document()), slug="quiz", **{"title": "The quiz", **fields}
    )


def _choice() -> Item:
    document = choice_document()
    document["interactions"]["a"]["shuffle"] = False
    return make_item(document)


def sign_in(context: BrowserContext, url: str, learner: User) -> None:
    """Give the browser the learner's session, as signing in does."""
    client = Client()
    client.force_login(learner)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again and again from outside: the policy of the page lets no text become a program in it."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    pytest.fail("it never came true")


def start(page: Page, slug: str = "quiz") -> None:
    page.goto(f"/assessments/{slug}")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(title_of_item(page)).to_contain_text("Question 1")


def title_of_item(page: Page) -> Locator:
    return page.locator(".item-head h2").first


def answer(page: Page) -> None:
    page.get_by_role("button", name="Answer", exact=True).click()


def verdict(page: Page) -> Locator:
    return page.get_by_role("region", name="Verdict")


def shown_number(page: Page) -> float:
    """The number that the exercise asks to double."""
    formula = page.locator(".stem annotation").first
    formula.wait_for(state="attached")
    return float(formula.text_content() or "")


def type_number(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your answer").fill(text)


def score_of_the_answer() -> float | None:
    """The score of the only answer that there is."""
    verdict = Response.objects.get().verdict
    return verdict.score if verdict else None


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()
