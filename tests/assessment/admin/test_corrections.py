"""Corrections at the desk, as an instructor meets them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessment.jobs.tasks import run_task
from assessment.models import Attempt, Correction
from assessment.models.people import Role
from assessment.results import regrading
from content.models import AuthorGrant, Item
from tests import sitting
from tests.assessment.recording.test_correcting import OTHER, mended, with_key
from tests.builders import NOW, choice_document, enrol, make_assessment, make_course, make_item, make_learner
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db

ADD = "/admin/assessment/correction/add/"


@pytest.fixture
def item() -> Item:
    made = make_item(choice_document("pick"))
    mended(made, with_key("pick", "other"))
    return made


@pytest.fixture
def attempt(item: Item) -> Attempt:
    """Of a learner of a course, who said ``other``."""
    made, _ = sitting.start(make_assessment(item, tries=1))
    sitting.answer(made, 1, OTHER)
    return sitting.submit(made)


@pytest.fixture
def desk(item: Item) -> Client:
    """The desk of somebody who wrote the item."""
    author = make_instructor("author")
    AuthorGrant.objects.create(user=author, bank=item.bank, granted_at=NOW)
    client = Client()
    client.force_login(author)
    return client


def entered(**changes: Any) -> dict[str, Any]:
    return {"item": "pick", "kind": "key", "reason": "The key was wrong.", "credit": "1", **changes}


def page(correction: Correction) -> str:
    return f"/admin/assessment/correction/{correction.pk}/page/regrading/"


def do(desk: Client, correction: Correction, what: str, **fields: Any) -> str:
    response = desk.post(page(correction), {"do": what, **fields}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def test_it_is_written_down_looked_at_applied_and_taken_back(desk: Client, attempt: Attempt) -> None:
    written = desk.post(ADD, entered(), follow=True)
    correction = Correction.objects.get()
    assert "Look at what it would change before you apply it." in written.content.decode()
    assert "1 attempt had this item" in written.content.decode()
    assert correction.author.username == "author"
    seen = do(desk, correction, "preview")
    assert "1 (1 up, 0 down)" in seen
    assert Attempt.objects.get().score == 0.0
    assert "in force since" in do(desk, correction, "apply")
    assert Attempt.objects.get().score == 1.0
    back = do(desk, correction, "undo", reason="It was right.")
    assert "It is taken back." in back
    assert Attempt.objects.get().score == 0.0
    listed = desk.get("/admin/assessment/correction/").content.decode()
    assert "taken back" in listed
    assert "takes another back" in listed


def test_what_is_refused_is_said_and_nothing_entered_is_lost(desk: Client, attempt: Attempt) -> None:
    for changes, why in (
        ({"item": "nothing"}, "There is no item with this slug."),
        ({"version": "7"}, "No version of pick"),
        ({"kind": "accept"}, "The item has no interaction"),
        ({"kind": "accept", "interaction": "a", "parsed": "[oops"}, "This is no JSON"),
        ({"reason": " "}, "This field is required."),
    ):
        told = desk.post(ADD, entered(**{"misconception": "kept-text", **changes}))
        assert told.status_code == 200
        assert why in told.content.decode()
        assert "kept-text" in told.content.decode()
    assert not Correction.objects.exists()


def test_taking_back_needs_a_reason(desk: Client, attempt: Attempt) -> None:
    desk.post(ADD, entered())
    correction = Correction.objects.get()
    do(desk, correction, "apply")
    assert "Say why" in do(desk, correction, "undo", reason=" ")
    assert Attempt.objects.get().score == 1.0


def test_many_attempts_are_left_to_the_scheduled_work(
    desk: Client, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrading, "AT_ONCE", 0)
    desk.post(ADD, entered())
    correction = Correction.objects.get()
    waiting = do(desk, correction, "apply")
    assert "0 of 1 attempts" in waiting
    assert 'http-equiv="refresh"' in waiting
    done = run_task("corrections", NOW)
    assert done.detail == "1 corrections previewed or applied, 0 to be gone on with."
    assert 'http-equiv="refresh"' not in desk.get(page(correction)).content.decode()
    assert Attempt.objects.get().score == 1.0


def test_an_instructor_corrects_what_only_his_courses_have(item: Item, attempt: Attempt) -> None:
    teacher, course = make_instructor("teacher"), make_course()
    enrol(teacher, course, Role.INSTRUCTOR)
    here = make_assessment(item, tries=1, course=course)
    learner = make_learner("ann", first_name="Ann")
    enrol(learner, course)
    own, _ = sitting.start(here, learner)
    sitting.answer(own, 1, OTHER)
    sitting.submit(own)
    desk = Client()
    desk.force_login(teacher)
    refused = desk.post(ADD, entered())
    assert "You may correct items of your own banks everywhere" in refused.content.decode()
    assert not Correction.objects.exists()
    desk.post(ADD, entered(assessment=str(here.pk)))
    correction = Correction.objects.get()
    assert "ann" in do(desk, correction, "preview")
    do(desk, correction, "apply")
    assert [Attempt.objects.get(pk=one.pk).score for one in (own, attempt)] == [1.0, 0.0]


def test_who_may_correct_everywhere_sees_no_names_of_other_courses(desk: Client, item: Item) -> None:
    course, learner = make_course(), make_learner("ann")
    enrol(learner, course)
    attempt, _ = sitting.start(make_assessment(item, tries=1, course=course), learner)
    sitting.answer(attempt, 1, OTHER)
    sitting.submit(attempt)
    desk.post(ADD, entered())
    seen = do(desk, Correction.objects.get(), "preview")
    assert "1 (1 up, 0 down)" in seen
    assert "ann" not in seen


def test_nobody_else_finds_it(attempt: Attempt, desk: Client) -> None:
    desk.post(ADD, entered())
    correction = Correction.objects.get()
    stranger = Client()
    stranger.force_login(make_instructor("stranger"))
    assert stranger.get(page(correction)).status_code == 404
    assert stranger.post(page(correction), {"do": "apply"}).status_code == 404
    assert str(correction.pk) not in stranger.get("/admin/assessment/correction/").content.decode()
    assert Attempt.objects.get().score == 0.0


def test_every_correction_stands_in_the_history_of_an_attempt(desk: Client, attempt: Attempt) -> None:
    desk.post(ADD, entered())
    do(desk, Correction.objects.get(), "apply")
    client = Client()
    client.force_login(make_learner("root", is_staff=True, is_superuser=True))
    told = client.get(f"/admin/assessment/attempt/{attempt.pk}/page/timeline/").content.decode()
    assert "author: <a" in told
    assert "a correction, from 0 of 1 to 1 of 1</a>. The key was wrong." in told
    assert "by author: The key was wrong." in told
