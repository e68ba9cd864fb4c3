"""Corrections through the API: proposed, looked at, applied and taken back, by those who may and by nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from assessment.models import Attempt, Correction, CorrectionRun, Course, User
from assessment.models.people import Role
from assessment.results import regrading
from content.models import AuthorGrant, Item
from tests import builders, sitting
from tests.api.client import Api, Reply
from tests.assessment.recording.test_correcting import OTHER, mended, with_key
from tests.builders import NOW

pytestmark = pytest.mark.django_db

REASON = "The key was wrong."
KEY = {"item": "pick", "kind": "key", "reason": REASON}


@dataclass
class Class:
    """A course with a teacher and a quiz of one item, whose second wording has the right key, and who took it."""

    teacher: User = field(default_factory=lambda: builders.make_learner("teacher"))
    author: User = field(default_factory=lambda: builders.make_learner("author"))
    course: Course = field(default_factory=builders.make_course)

    def __post_init__(self) -> None:
        builders.enrol(self.teacher, self.course, Role.INSTRUCTOR)
        self.item: Item = builders.make_item(builders.choice_document("pick"))
        AuthorGrant.objects.give(self.item.bank, user=self.author, granted_by=None, now=NOW)
        mended(self.item, with_key("pick", "other"))
        self.quiz = builders.make_assessment(self.item, slug="quiz", course=self.course, tries=1)
        self.attempt = self.take()

    def take(self) -> Attempt:
        learner = builders.make_learner()
        builders.enrol(learner, self.course)
        attempt, _ = sitting.start(self.quiz, learner)
        sitting.answer(attempt, 1, OTHER)
        return sitting.submit(attempt)

    def change(self, before: float, after: float) -> dict[str, Any]:
        learner, attempt = str(self.attempt.learner_id), str(self.attempt.pk)
        return {"learner": learner, "attempt": attempt, "from": before, "to": after}


@pytest.fixture
def taught() -> Class:
    return Class()


@pytest.fixture
def author(taught: Class) -> Api:
    return Api(taught.author)


def proposed(api: Api, **fields: Any) -> str:
    made = api.post("corrections/", KEY | fields)
    assert made.status == 201, made
    return f"corrections/{made.json['id']}/"


def test_it_is_proposed_previewed_applied_and_taken_back(taught: Class, author: Api) -> None:
    path = proposed(author)
    made = author.get(path).json
    assert (made["state"], made["versions"], made["corrected"]) == ("proposed", [1], 2)
    assert (made["summary"], made["may_undo"], made["author"]) == (None, False, "author")
    previewed = author.post(f"{path}preview/")
    assert (previewed.status, previewed.json["changed"]) == (200, [taught.change(0.0, 1.0)])
    assert Attempt.objects.get().score == 0.0
    applied = author.post(f"{path}apply/")
    assert (applied.status, applied.json["changed"]) == (200, [taught.change(0.0, 1.0)])
    assert applied.json["run"]["done"] == applied.json["run"]["total"] == applied.json["attempts"] == 1
    assert Attempt.objects.get().score == 1.0
    seen = author.get(path).json
    assert (seen["state"], seen["may_undo"], seen["summary"]["better"]) == ("applied", True, 1)
    undone = author.post(f"{path}undo/", {"reason": "It was right after all."})
    assert (undone.status, undone.json["changed"]) == (200, [taught.change(1.0, 0.0)])
    assert Attempt.objects.get().score == 0.0
    after = author.get(path).json
    assert (after["state"], after["undone_by"], after["may_undo"]) == ("undone", undone.json["id"], False)


def test_twice_is_once(taught: Class, author: Api) -> None:
    path = proposed(author)
    first, again = author.post(f"{path}apply/").json, author.post(f"{path}apply/").json
    assert again == first
    undone = [author.post(f"{path}undo/", {"reason": "Taken back."}).json for _ in range(2)]
    assert undone[0] == undone[1]
    assert Correction.objects.count() == CorrectionRun.objects.count() == 2


def test_changes_come_in_pages_with_what_becomes_of_a_pass(taught: Class, author: Api) -> None:
    path = proposed(author)
    author.post(f"{path}preview/")
    [change] = author.get(f"{path}changes/").json["results"]
    assert change == taught.change(0.0, 1.0) | {"kept": False, "passed_before": False, "passed_after": True}


def test_a_list_is_narrowed_by_item_and_assessment(author: Api) -> None:
    everywhere, here = proposed(author), proposed(Api(User.objects.get(username="author")), kind="drop")
    assert everywhere != here
    assert len(author.get("corrections/").json["results"]) == 2
    assert len(author.get("corrections/?item=pick").json["results"]) == 2
    assert author.get("corrections/?item=another").json["results"] == []
    assert author.get("corrections/?assessment=quiz").json["results"] == []
    assert author.get("corrections/?item=%00").status == 400


def test_a_list_costs_the_same_however_long(
    author: Api, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        proposed(author)
    author.get("corrections/")
    with django_assert_max_num_queries(6):
        assert len(author.get("corrections/").json["results"]) == 5


def test_more_than_fits_into_a_request_goes_on_by_itself(
    author: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = proposed(author)
    monkeypatch.setattr(regrading, "AT_ONCE", 0)
    asked = [author.post(f"{path}preview/") for _ in range(2)]
    assert [one.status for one in asked] == [202, 202]
    assert asked[0].json == asked[1].json
    assert (asked[0].json["run"]["done"], asked[0].json["run"]["total"]) == (0, 1)
    assert author.get(path).json["run"] == asked[0].json["run"]
    regrading.carry_out(CorrectionRun.objects.get(), NOW)
    CorrectionRun.objects.update(finished_at=Correction.objects.get().created_at)
    done = author.post(f"{path}preview/")
    assert (done.status, done.json["changed_total"]) == (200, 1)


def test_who_teaches_corrects_what_only_his_courses_have(taught: Class) -> None:
    teacher = Api(taught.teacher)
    assert teacher.post("corrections/", KEY).code == "permission_denied"
    path = proposed(teacher, assessment="quiz")
    assert teacher.post(f"{path}apply/").json["changed_total"] == 1
    assert len(teacher.get("corrections/").json["results"]) == 1


def test_what_another_course_has_too_is_not_the_teachers_to_correct(taught: Class) -> None:
    teacher = Api(taught.teacher)
    path = proposed(teacher, assessment="quiz")
    taught.quiz.assignments.create(course=builders.make_course())
    assert teacher.post("corrections/", KEY | {"assessment": "quiz"}).code == "permission_denied"
    assert teacher.get(path).status == teacher.post(f"{path}apply/").status == 404
    taught.quiz.assignments.filter(course__slug="none").delete()
    taught.quiz.assignments.exclude(course=taught.course).update(course=None)
    assert teacher.post("corrections/", KEY | {"assessment": "quiz"}).status == 403


def strangers(taught: Class) -> list[User]:
    learner = taught.attempt.learner.users.get()
    other = builders.make_learner("other")
    builders.enrol(other, builders.make_course(), Role.INSTRUCTOR)
    return [learner, other]


def test_to_others_a_correction_does_not_exist(taught: Class, author: Api) -> None:
    path = proposed(author)
    for api in map(Api, strangers(taught)):
        assert api.get("corrections/").json["results"] == []
        replies = [
            api.get(path),
            api.get(f"{path}changes/"),
            api.post(f"{path}preview/"),
            api.post(f"{path}apply/"),
            api.post(f"{path}undo/", {"reason": "No."}),
            api.post("corrections/", KEY),
        ]
        assert [one.status for one in replies] == [404] * 6
    assert author.get(f"corrections/{uuid4()}/").status == 404
    assert not CorrectionRun.objects.exists()


def test_only_what_is_on_top_is_taken_back(taught: Class, author: Api) -> None:
    path, above = proposed(author), proposed(author, kind="full_credit")
    assert author.post(f"{path}undo/", {"reason": "Too soon."}).code == "correction_refused"
    author.post(f"{path}apply/")
    author.post(f"{above}apply/")
    refused = author.post(f"{path}undo/", {"reason": "It was right."})
    assert (refused.status, refused.code) == (409, "correction_refused")
    assert "later correction" in refused.text
    assert not author.get(path).json["may_undo"]
    assert author.post(f"{above}preview/").status == 409


def test_another_answer_can_be_accepted_too(taught: Class, author: Api) -> None:
    accepted = {"interaction": "a", "parsed": ["other"], "credit": 0.5}
    path = proposed(author, kind="accept", accepted=accepted)
    assert author.get(path).json["accepted"] == {**accepted, "misconception": None}
    assert author.post(f"{path}apply/").json["changed"] == [taught.change(0.0, 0.5)]


HOSTILE: dict[str, Any] = {
    "no item": {"kind": "drop", "reason": REASON},
    "an item that is no slug": KEY | {"item": "\0"},
    "no such kind": KEY | {"kind": "worse"},
    "no reason": KEY | {"reason": "  "},
    "a reason that no column holds": KEY | {"reason": "\0"},
    "a reason without end": KEY | {"reason": "x" * 2_001},
    "a version that no column holds": KEY | {"version": 2**40},
    "no such version": KEY | {"version": 9},
    "a version that is a list": KEY | {"corrected": [2]},
    "nothing accepted": KEY | {"kind": "accept"},
    "something accepted beside a key": KEY | {"accepted": {"interaction": "a", "parsed": 1}},
    "no such interaction": KEY | {"kind": "accept", "accepted": {"interaction": "z", "parsed": 1}},
    "an endless number": '{"item": "pick", "kind": "accept", "reason": "r", '
    '"accepted": {"interaction": "a", "parsed": 1e400}}',
    "a null character": KEY | {"kind": "accept", "accepted": {"interaction": "a", "parsed": "\0"}},
    "a deep nest": KEY | {"kind": "accept", "accepted": {"interaction": "a", "parsed": [[[["x"]]]]}},
    "no credit": KEY | {"kind": "accept", "accepted": {"interaction": "a", "parsed": 1, "credit": 0}},
    "a list": [],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_makes_no_sense_is_refused(author: Api, name: str) -> None:
    reply: Reply = author.post("corrections/", HOSTILE[name])
    assert reply.status == 400, reply
    assert all(one["detail"] for one in reply.json["errors"])
    assert not Correction.objects.exists()


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "\0"}, {"reason": ["x"]}, "[]"])
def test_taking_back_needs_a_reason(author: Api, body: Any) -> None:
    path = proposed(author)
    author.post(f"{path}apply/")
    assert author.post(f"{path}undo/", body).status == 400
