"""Corrections at the desk, as an instructor meets them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from assessment.jobs.tasks import run_task
from assessment.models import Attempt, Correction, RegradeRequest
from assessment.models.people import Role
from assessment.results import regrading
from assessment.results.requests import request_regrade
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


# --- From what was answered to a correction ---


@pytest.fixture
def class_of_three(item: Item) -> tuple[Client, Any]:
    """A course whose three learners said ``other``, and its teacher's desk."""
    teacher, course = make_instructor("teacher"), make_course()
    enrol(teacher, course, Role.INSTRUCTOR)
    here = make_assessment(item, tries=1, course=course)
    for name in ("ann", "bob", "cid"):
        learner = make_learner(name)
        enrol(learner, course)
        attempt, _ = sitting.start(here, learner)
        sitting.answer(attempt, 1, OTHER)
        sitting.submit(attempt)
    client = Client()
    client.force_login(teacher)
    return client, here


def links(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'href="([^"]*correction/add/[^"]*)"', page)]


def test_an_option_is_accepted_by_a_link_from_the_statistics(class_of_three: tuple[Client, Any]) -> None:
    desk, here = class_of_three
    version = Item.objects.get(slug="pick").versions.get(number=1)
    shown = desk.get(f"/admin/assessment/assessment/{here.pk}/page/statistics/?item={version.pk}")
    accept = next(one for one in links(shown.content.decode()) if "other" in one)
    form = desk.get(accept).context["adminform"].form
    entered = {name: form[name].value() for name in form.fields}
    assert (entered["kind"], entered["parsed"], entered["item"]) == ("accept", '["other"]', "pick")
    sent = {name: value for name, value in entered.items() if value not in (None, False)}
    desk.post(ADD, {**sent, "reason": "It is right as well."})
    do(desk, Correction.objects.get(), "apply")
    assert [one.score for one in Attempt.objects.all()] == [1.0, 1.0, 1.0]


def asked(text: str = "Is this not right?") -> None:
    for attempt in Attempt.objects.all()[:2]:
        request_regrade(attempt=attempt, response_id=attempt.responses.get().pk, text=text, now=NOW)


def requests_of(here: Any) -> str:
    return f"/admin/assessment/course/{here.assignments.get().course_id}/page/requests/"


def test_requests_stand_together_by_answer_and_are_replied_to(class_of_three: tuple[Client, Any]) -> None:
    desk, here = class_of_three
    asked()
    shown = desk.get(requests_of(here)).content.decode()
    assert "2 ask, 3 gave this answer." in shown
    assert any("parsed=%5B%22other%22%5D" in one for one in links(shown))
    ids = [str(one.pk) for one in RegradeRequest.objects.all()]
    refused = desk.post(requests_of(here), {"request": ids, "reply": " "}, follow=True).content.decode()
    assert "Write a reply" in refused
    told = desk.post(requests_of(here), {"request": ids, "reply": "It is not."}, follow=True)
    assert "2 learners can read your reply." in told.content.decode()
    assert {one.reply for one in RegradeRequest.objects.all()} == {"It is not."}
    assert "Nobody asks for anything." in desk.get(requests_of(here)).content.decode()


def test_a_correction_answers_the_requests_that_it_helps(class_of_three: tuple[Client, Any]) -> None:
    desk, here = class_of_three
    asked()
    desk.post(ADD, entered(assessment=str(here.pk)))
    do(desk, Correction.objects.get(), "apply")
    assert {one.reply for one in RegradeRequest.objects.all()} == {"The key was wrong."}


def test_nobody_replies_to_requests_of_another_course(class_of_three: tuple[Client, Any]) -> None:
    _, here = class_of_three
    asked()
    stranger, course = make_instructor("stranger"), make_course()
    enrol(stranger, course, Role.INSTRUCTOR)
    client = Client()
    client.force_login(stranger)
    ids = [str(one.pk) for one in RegradeRequest.objects.all()]
    own = f"/admin/assessment/course/{course.pk}/page/requests/"
    for address in (own, requests_of(here)):
        assert client.post(address, {"request": [*ids, "nonsense"], "reply": "No."}).status_code in (403, 404)
    assert not RegradeRequest.objects.filter(closed_at__isnull=False).exists()
