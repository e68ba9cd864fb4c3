"""Progress on the screen: what to do next by one click, one estimate a skill, and every attempt."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.models import User
from content.models import Item
from tests import sitting
from tests.builders import (
    choice_document,
    exercise_document,
    make_assessment,
    make_item,
    make_learner,
    make_lesson,
    make_skill,
)
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import answer, hand_in, sign_in, start, type_number
from tests.practicing import make_chain, record_practice

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]


@pytest.fixture
def exercise() -> Item:
    """The only question of the quiz of a lesson, with a skill that another builds on."""
    item = make_item(exercise_document(title="Double the number"))
    lesson = make_lesson(skills=["l2-update", "shrink-factor"])
    before, after = make_skill("l2-update"), make_skill("shrink-factor")
    after.prerequisites.add(before)
    lesson.skills.set([before, after])
    item.bank.lesson = lesson
    item.bank.save()
    make_assessment(item, slug="quiz", title="The quiz", lesson=lesson, tries=1)
    return item


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def fail_the_quiz(page: Page) -> None:
    start(page)
    type_number(page, "-1")
    answer(page)
    expect(page.get_by_text("Not right").first).to_be_visible()
    hand_in(page)


@pytest.mark.usefixtures("exercise")
def test_after_a_poor_quiz_one_click_leads_to_what_helps(page: Page) -> None:
    fail_the_quiz(page)
    expect(region(page, "Your next step")).to_contain_text("Look again: l2 update")
    page.get_by_role("link", name="See your progress").click()
    expect(region(page, "Your next step")).to_contain_text("Look again: l2 update")
    expect(region(page, "Worth another look")).to_contain_text("Your latest answers to it went wrong.")
    expect(region(page, "Redo your mistakes")).to_contain_text("Double the number")
    expect(page.get_by_text("The next review is due on")).to_have_count(0)
    region(page, "Your next step").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Double the number")).to_be_visible()


@pytest.mark.usefixtures("exercise")
def test_a_skill_has_one_estimate_and_none_before_it_was_asked(page: Page) -> None:
    fail_the_quiz(page)
    page.goto("/progress")
    skills = region(page, "Skills")
    expect(skills).to_contain_text("0 mastered, 0 probably known, of 2 skills")
    asked, waiting = skills.get_by_role("listitem").filter(has=page.locator(".skill-title")).all()
    expect(asked).to_contain_text("not yet")
    expect(waiting).to_contain_text("later, after l2 update")
    expect(page.get_by_text(re.compile(r"\d%")).locator("visible=true")).to_have_count(0)
    asked.locator("summary").click()
    expect(asked).to_contain_text("Opens: shrink factor")
    expect(asked.get_by_text(re.compile(r"^Known with \d+%"))).to_be_visible()
    waiting.locator("summary").click()
    expect(waiting.get_by_text(re.compile(r"\d%"))).to_have_count(0)
    expect(waiting).to_contain_text("no exercise now")


@pytest.mark.usefixtures("exercise")
def test_the_history_leads_to_the_explanation_and_says_the_result_in_words(page: Page) -> None:
    fail_the_quiz(page)
    page.goto("/progress")
    row = region(page, "Your attempts").get_by_role("link", name="The quiz")
    expect(row).to_contain_text("Not passed. 0 of 1 points; 0.7 are needed to pass.")
    row.click()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()


def test_a_long_history_comes_in_parts(page: Page, context: BrowserContext, live_server: LiveServer) -> None:
    ann = make_learner("ann")
    quiz = make_assessment(make_item(choice_document()), title="The quiz")
    for _ in range(53):
        sitting.submit(sitting.start(quiz, ann)[0])
    sign_in(context, live_server.url, ann)
    page.goto("/progress")
    rows = region(page, "Your attempts").get_by_role("listitem")
    expect(rows).to_have_count(5)
    for shown in (25, 45, 53):
        page.get_by_role("button", name="Show earlier attempts").click()
        expect(rows).to_have_count(shown)
    expect(page.get_by_role("button", name="Show earlier attempts")).to_have_count(0)


@pytest.mark.usefixtures("exercise")
def test_the_next_step_stands_on_the_catalogue_and_below_a_lesson_for_who_has_one(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/lessons/a-lesson")
    expect(page.get_by_role("heading", name="A lesson")).to_be_visible()
    page.goto("/progress")
    expect(page.get_by_role("link", name="Choose a lesson")).to_have_attribute("href", "/")
    assert not [url for url in asked if url.endswith(("/progress/", "/attempts/"))]
    fail_the_quiz(page)
    page.goto("/")
    expect(region(page, "Your next step")).to_contain_text("Look again: l2 update")
    expect(page.get_by_role("img", name="0 of 2 skills mastered or probably known")).to_be_visible()
    page.goto("/lessons/a-lesson")
    expect(region(page, "Your next step").get_by_role("link")).to_have_attribute(
        "href", "/practice/double-it"
    )


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_a_full_progress_has_no_serious_fault(
    scheme: str, width: int, axe: str, browser: Browser, live_server: LiveServer, exercise: Item
) -> None:
    ann = _learner_with_everything(exercise)
    context = browser.new_context(
        base_url=live_server.url,
        color_scheme="light" if scheme == "light" else "dark",
        viewport={"width": width, "height": 640},
        reduced_motion="reduce",
    )
    sign_in(context, live_server.url, ann)
    page = context.new_page()
    page.goto("/progress")
    expect(page.get_by_role("heading", name="Your attempts")).to_be_visible()
    page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    found, beyond = faults(page, axe), sideways(page)
    context.close()
    assert found == []
    assert beyond == 0, "the page is wider than its window"


def _learner_with_everything(exercise: Item) -> User:
    """Skills of every level, in a lesson and in none, due, locked and mistaken, and attempts."""
    ann = make_learner("ann")
    for item, scores in zip(make_chain(), ([1.0] * 6, [0.0, 1.0], [0.0]), strict=True):
        record_practice(ann, item, scores)
    attempt, _ = sitting.start(make_assessment(exercise, lesson=exercise.bank.lesson, tries=1), ann)
    sitting.answer(attempt, 1, {"a": "-1"})
    sitting.submit(attempt)
    return ann
