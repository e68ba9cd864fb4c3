"""A course in the browser: joined by its link, with what is due, and looked at by its teacher."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.models import Course
from assessment.models.people import Role
from assessment.people.courses import set_join_code
from tests.builders import PASSWORD, enrol, make_assessment, make_course, make_learner
from tests.desks import make_instructor
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import make_quiz, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]


@pytest.fixture
def course() -> Course:
    """A course whose clock is far from that of the browser, with a quiz that closes tomorrow."""
    made = make_course(slug="optics")
    Course.objects.filter(pk=made.pk).update(time_zone="Pacific/Auckland")
    enrol(make_learner("tess", first_name="Tess", last_name="Teach"), made, Role.INSTRUCTOR)
    make_quiz(course=made, closes_at=timezone.now() + timedelta(days=1))
    set_join_code(course=made)
    made.refresh_from_db()
    return made


def test_a_link_leads_through_the_door_into_the_course(page: Page, course: Course) -> None:
    make_learner("ann")
    page.goto(f"/join/{course.join_code}")
    expect(page.get_by_role("heading", name="Join “A course”")).to_be_visible()
    page.locator("main").get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Join the course").click()
    expect(page.get_by_role("heading", name="A course")).to_be_focused()
    expect(page.get_by_text("Pacific/Auckland")).to_be_visible()
    page.get_by_role("link", name="Begin: The quiz").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page.goto("/")
    page.get_by_role("region", name="Your courses").get_by_role("link", name="A course").click()
    expect(page.get_by_text("Due soon")).to_be_visible()


def test_a_code_is_read_however_it_is_typed(page: Page, course: Course) -> None:
    page.goto("/join")
    page.get_by_label("Code").fill(f"{course.join_code[:4]} - {course.join_code[4:].lower()}")
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_role("heading", name="Join “A course”")).to_be_visible()


def test_an_assessment_without_a_lesson_is_found_at_home(page: Page) -> None:
    make_assessment(slug="loose", title="A loose one")
    page.goto("/")
    page.get_by_role("region", name="Assessments").get_by_role("link", name="A loose one").click()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_screens_of_a_course_are_accessible(
    page: Page, context: BrowserContext, live_server: LiveServer, axe: str, course: Course, width: int
) -> None:
    ann = make_learner("ann")
    sign_in(context, live_server.url, ann)
    page.set_viewport_size({"width": width, "height": 800})
    for address in (f"/join/{course.join_code}", f"/courses/{course.pk}"):
        if address.startswith("/courses"):
            enrol(ann, course)
        page.goto(address)
        expect(page.locator("h1")).to_contain_text("A course")
        assert faults(page, axe) == []
        assert sideways(page) == 0


def test_the_pages_of_a_course_are_accessible_at_the_desk(
    page: Page, context: BrowserContext, live_server: LiveServer, axe: str, course: Course
) -> None:
    ines = make_instructor()
    enrol(ines, course, Role.INSTRUCTOR)
    sign_in(context, live_server.url, ines)
    page.set_viewport_size({"width": 820, "height": 900})
    for name in ("overview", "roster", "assignments", "copy"):
        page.goto(f"/admin/assessment/course/{course.pk}/page/{name}/")
        expect(page.locator("h1").last).to_contain_text("A course")
        assert faults(page, axe) == []
        assert sideways(page) == 0
