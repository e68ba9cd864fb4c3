"""A mastery assessment on the screen: skill by skill, and what comes due afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import make_learner
from tests.e2e.screens import answer, shown_number, sign_in, start, title_of_item, type_number
from tests.practicing import make_chain, make_mastery, record_practice

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]


def answer_rightly(page: Page) -> None:
    type_number(page, f"{2 * shown_number(page):g}")
    answer(page)


def test_skills_open_one_after_the_other_until_all_are_mastered(page: Page) -> None:
    make_chain()
    make_mastery(skills=["count", "add"])
    start(page, "mastery")
    skills = page.get_by_role("region", name="skills mastered").get_by_role("listitem")
    expect(page.get_by_text("Practices “count”, which builds on nothing else here.")).to_be_visible()
    expect(skills).to_contain_text(["open", "later"])
    for position in range(1, 5):
        expect(title_of_item(page)).to_have_text(f"Question {position}")
        answer_rightly(page)
        page.get_by_role("button", name="Next question").click()
        if position == 2:
            expect(skills).to_contain_text(["mastered", "open"])
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()
    expect(page.get_by_text("You have mastered every skill here.")).to_be_visible()
    expect(page.get_by_text("2 of 2 skills").first).to_be_visible()


def test_progress_says_when_the_next_review_is_due(
    page: Page, context: BrowserContext, live_server: LiveServer
) -> None:
    ann = make_learner("ann")
    old, new, _ = make_chain()
    record_practice(ann, new, [1.0], at=timezone.now())
    sign_in(context, live_server.url, ann)
    page.goto("/progress")
    expect(page.get_by_text("The next review is due on")).to_be_visible()
    record_practice(ann, old, [1.0], at=timezone.now() - timedelta(days=90))
    page.reload()
    due = page.get_by_role("region", name="Worth another look")
    expect(due.get_by_role("link", name="Practice count")).to_have_attribute("href", "/practice/count-it")
    expect(due).to_contain_text("You last practiced it 90 days ago")
    expect(page.get_by_text("The next review is due on")).to_have_count(0)
