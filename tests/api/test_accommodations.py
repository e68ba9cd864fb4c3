"""What is arranged for a learner, through the API: at once, never less, and by those who teach them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from api.models import ApiKey, Scope
from assessment.delivery.verifying import verify_attempt
from assessment.models import Accommodation, Assignment, Attempt, Course, User
from assessment.models.people import Role
from tests import builders
from tests.api.client import Api

pytestmark = pytest.mark.django_db

USUAL_TRIES = 2


@dataclass
class Class:
    """A course with a teacher, a learner and a timed quiz."""

    teacher: User = field(default_factory=lambda: builders.make_learner("teacher"))
    learner: User = field(default_factory=lambda: builders.make_learner("ann"))
    course: Course = field(default_factory=builders.make_course)

    def __post_init__(self) -> None:
        builders.enrol(self.teacher, self.course, Role.INSTRUCTOR)
        builders.enrol(self.learner, self.course)
        assessment = builders.make_assessment(
            *(builders.make_item() for _ in range(2)),
            slug="quiz",
            course=self.course,
            time_limit_minutes=20,
            attempts_allowed=1,
            tries=USUAL_TRIES,
        )
        self.assignment: Assignment = builders.assignment_of(assessment)
        self.path = f"accommodations/{self.learner.pk}/{self.assignment.pk}/"

    def deadline(self) -> datetime:
        attempt = Attempt.objects.get()
        assert attempt.deadline
        return attempt.deadline


@pytest.fixture
def taught() -> Class:
    return Class()


def test_it_reaches_an_attempt_that_runs_at_once_and_can_be_read_back(taught: Class) -> None:
    attempt = Api(taught.learner).start("quiz")
    before = taught.deadline()
    teacher = Api(taught.teacher)
    terms = {"time_factor": 1.5, "extra_minutes": 5, "extra_attempts": 1, "tries": 3, "reason": "As agreed."}
    made = teacher.put(taught.path, terms)
    assert made.status == 200, made
    assert made.json["extended"] == [attempt]
    assert taught.deadline() == before + timedelta(minutes=15)
    read = teacher.get(taught.path).json
    assert {name: read[name] for name in terms} == terms
    seen = Api(taught.learner).get(f"attempts/{attempt}/").json["deadline"]
    assert datetime.fromisoformat(seen) == taught.deadline()
    assert Api(taught.learner).get("assessments/quiz/").json["arranged"] == {
        "time_limit_minutes": 35.0,
        "attempts_allowed": 2,
        "closes_at": None,
        "tries": 3,
    }
    assert teacher.get("assessments/quiz/").json["arranged"] is None
    Api(taught.learner).post(f"attempts/{attempt}/submit/")
    assert Api(taught.learner).get("assessments/quiz/").json["attempts_left"] == 1


def test_no_clock_is_ever_made_shorter(taught: Class) -> None:
    Api(taught.learner).start("quiz")
    teacher = Api(taught.teacher)
    teacher.put(taught.path, {"time_factor": 2})
    longer = taught.deadline()
    assert teacher.put(taught.path, {"time_factor": 1.1}).json["extended"] == []
    assert taught.deadline() == longer
    assert teacher.delete(taught.path).status == 204
    assert taught.deadline() == longer
    assert teacher.get(taught.path).status == 404
    assert teacher.delete(taught.path).status == 204


def test_without_a_limit_the_attempt_has_no_deadline(taught: Class) -> None:
    Api(taught.learner).start("quiz")
    Api(taught.teacher).put(taught.path, {"no_limit": True})
    assert Attempt.objects.get().deadline is None


def test_an_attempt_that_the_clock_has_just_ended_goes_on(
    taught: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = Api(taught.learner).start("quiz")
    late = timezone.now() + timedelta(minutes=21)
    monkeypatch.setattr(timezone, "now", lambda: late)
    Api(taught.learner).post(f"attempts/{attempt}/submit/")
    assert Attempt.objects.get().state == "expired"
    Api(taught.teacher).put(taught.path, {"time_factor": 2})
    assert Attempt.objects.get().state == "open"


@pytest.mark.parametrize(
    "terms",
    [
        {"time_factor": 0.5},
        {"time_factor": 1e9},
        {"time_factor": "nan"},
        {"extra_minutes": -1},
        {"extra_minutes": 10**9},
        {"extra_attempts": -1},
        {"tries": 0},
        {"tries": 10**6},
        {"closes_at": "tomorrow"},
        {"no_limit": "perhaps"},
        {"reason": "x" * 300},
    ],
    ids=str,
)
def test_what_cannot_be_arranged_is_refused_at_its_field(taught: Class, terms: dict[str, Any]) -> None:
    refused = Api(taught.teacher).put(taught.path, terms)
    assert refused.status == 400
    assert {one["attr"] for one in refused.json["errors"]} == set(terms)
    assert not Accommodation.objects.exists()


def test_what_holds_everywhere_is_arranged_by_superusers_and_gives_way_to_the_particular(
    taught: Class,
) -> None:
    everywhere = f"accommodations/{taught.learner.pk}/"
    assert Api(taught.teacher).put(everywhere, {"time_factor": 2}).status == 403
    assert Api(taught.teacher).get(everywhere).status == 403
    chief = Api(builders.make_learner(is_staff=True, is_superuser=True))
    assert chief.put(everywhere, {"time_factor": 2}).json["assignment"] is None
    chief.put(taught.path, {"time_factor": 3})
    Api(taught.learner).start("quiz")
    attempt = Attempt.objects.get()
    assert taught.deadline() - attempt.started_at == timedelta(minutes=60)


def test_nobody_arranges_for_whom_they_do_not_teach_nor_for_themselves(taught: Class) -> None:
    elsewhere = builders.make_learner("elsewhere")
    builders.enrol(elsewhere, builders.make_course(), Role.INSTRUCTOR)
    own = f"accommodations/{taught.teacher.pk}/{taught.assignment.pk}/"
    unknown = f"accommodations/{uuid4()}/{taught.assignment.pk}/"
    nowhere = f"accommodations/{taught.learner.pk}/{uuid4()}/"
    assert Api(elsewhere).put(taught.path, {}).status == 404
    assert Api(taught.learner).put(taught.path, {}).status == 404
    for path in (own, unknown, nowhere):
        assert Api(taught.teacher).put(path, {}).status == 404
    # A learner of one's own course, at an assignment of another course.
    foreign = builders.make_assessment(slug="foreign", course=builders.make_course())
    path = f"accommodations/{taught.learner.pk}/{builders.assignment_of(foreign).pk}/"
    assert Api(taught.teacher).put(path, {}).status == 404
    assert not Accommodation.objects.exists()


def test_a_machine_does_it_with_a_key_of_its_teacher(taught: Class) -> None:
    key = ApiKey(owner=taught.teacher, name="LMS", scopes=[Scope.ACCOMMODATIONS.value])
    token = key.issue(timezone.now())
    key.save()
    assert Api(key=token).put(taught.path, {"extra_minutes": 5}).status == 200
    assert Api(key=token).get("progress/").status == 403


def test_who_arranged_what_stands_in_the_history_of_the_desk(taught: Class) -> None:
    teacher = Api(taught.teacher)
    teacher.put(taught.path, {"extra_minutes": 5})
    teacher.put(taught.path, {"extra_minutes": 6})
    teacher.delete(taught.path)
    entries = LogEntry.objects.order_by("pk")
    assert [(one.user, one.action_flag) for one in entries] == [(taught.teacher, flag) for flag in (1, 2, 3)]


def test_one_person_costs_few_queries(taught: Class, django_assert_max_num_queries: Any) -> None:
    Api(taught.learner).start("quiz")
    with django_assert_max_num_queries(40):
        Api(taught.teacher).put(taught.path, {"extra_minutes": 5})


def test_more_tries_reach_the_questions_that_are_open_and_leave_closed_ones_closed(taught: Class) -> None:
    ann = Api(taught.learner)
    attempt = ann.start("quiz")
    for _ in range(USUAL_TRIES):
        closed = ann.respond(attempt, 1, {"a": "wrong"}).json
    assert (closed["place"]["state"], closed["place"]["tries_left"]) == ("answered", 0)
    assert ann.respond(attempt, 2, {"a": "wrong"}).json["place"]["tries_left"] == USUAL_TRIES - 1
    made = Api(taught.teacher).put(taught.path, {"tries": USUAL_TRIES + 2})
    assert made.json["extended"] == [attempt]
    shown = {one["position"]: one for one in ann.get(f"attempts/{attempt}/").json["presentations"]}
    assert shown[1]["state"] == "answered"
    told = ann.respond(attempt, 2, {"a": "wrong"}).json
    assert (told["place"]["state"], told["place"]["tries_left"]) == ("open", USUAL_TRIES)
    assert ann.respond(attempt, 1, {"a": "right"}).status == 409
    # Fewer would take away what somebody counts on.
    assert Api(taught.teacher).put(taught.path, {"tries": 1}).json["extended"] == []
    assert ann.respond(attempt, 2, {"a": "right"}).json["correct"]
    ann.post(f"attempts/{attempt}/submit/")
    assert verify_attempt(attempt_id=UUID(attempt)) == []


def test_tries_that_are_no_more_than_usual_reach_nothing(taught: Class) -> None:
    Api(taught.learner).start("quiz")
    before = Attempt.objects.get()
    made = Api(taught.teacher).put(taught.path, {"tries": USUAL_TRIES})
    assert made.json["extended"] == []
    after = Attempt.objects.get()
    assert (after.tries, after.revision) == (None, before.revision)


def test_arranged_tries_hold_for_attempts_to_come(taught: Class) -> None:
    Api(taught.teacher).put(taught.path, {"tries": USUAL_TRIES + 1})
    ann = Api(taught.learner)
    attempt = ann.start("quiz")
    assert ann.respond(attempt, 1, {"a": "wrong"}).json["place"]["tries_left"] == USUAL_TRIES


@dataclass
class Many:
    """A course with many learners, of whom each has begun."""

    taught: Class
    learners: list[User]

    @property
    def wanted(self) -> dict[str, Any]:
        return {
            "learners": [str(one.pk) for one in self.learners],
            "assignment": str(self.taught.assignment.pk),
        }


@pytest.fixture
def many(taught: Class) -> Many:
    learners = [builders.make_learner() for _ in range(5)]
    for one in learners:
        builders.enrol(one, taught.course)
        Api(one).start("quiz")
    return Many(taught, learners)


def test_the_same_is_arranged_for_many_at_once(
    many: Many, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    before = {one.pk: one.deadline for one in Attempt.objects.all()}
    teacher = Api(many.taught.teacher)
    with django_assert_max_num_queries(30):
        made = teacher.put("accommodations/", {**many.wanted, "extra_minutes": 10, "tries": 9})
    assert (made.status, made.json["arranged"]) == (200, 5)
    assert {UUID(one) for one in made.json["extended"]} == set(before)
    for attempt in Attempt.objects.all():
        assert (attempt.deadline, attempt.tries) == (before[attempt.pk] + timedelta(minutes=10), 9)
        assert attempt.revision > 0
        assert attempt.actions.get().author == many.taught.teacher
        assert verify_attempt(attempt_id=attempt.pk) == []
    assert LogEntry.objects.count() == 5
    # Again: it takes the place of what was there.
    again = teacher.put("accommodations/", {**many.wanted, "extra_minutes": 5})
    assert (again.json["arranged"], again.json["extended"]) == (5, [])
    assert set(Accommodation.objects.values_list("extra_minutes", "tries")) == {(5, None)}


def test_what_is_arranged_for_many_is_arranged_for_all_of_them_or_none(many: Many) -> None:
    stranger = builders.make_learner()
    teacher, wanted = Api(many.taught.teacher), many.wanted
    wanted["learners"].append(str(stranger.pk))
    refused = teacher.put("accommodations/", {**wanted, "extra_minutes": 10})
    assert (refused.status, refused.json["errors"][0]["attr"]) == (400, "learners")
    assert str(stranger.pk) in refused.json["errors"][0]["detail"]
    assert teacher.put("accommodations/", {**many.wanted, "time_factor": 0.1}).status == 400
    assert teacher.put("accommodations/", {**many.wanted, "assignment": None}).status == 403
    assert teacher.put("accommodations/", {**many.wanted, "assignment": str(uuid4())}).status == 400
    assert teacher.put("accommodations/", {**many.wanted, "learners": []}).status == 400
    elsewhere = builders.make_learner("elsewhere")
    builders.enrol(elsewhere, builders.make_course(), Role.INSTRUCTOR)
    assert Api(elsewhere).put("accommodations/", many.wanted).status == 400
    assert Api(many.learners[0]).put("accommodations/", many.wanted).status == 400
    assert not Accommodation.objects.exists()


def test_a_superuser_arranges_for_many_everywhere(many: Many) -> None:
    chief = Api(builders.make_learner(is_staff=True, is_superuser=True))
    made = chief.put("accommodations/", {**many.wanted, "assignment": None, "no_limit": True})
    assert made.json["arranged"] == 5
    assert set(Attempt.objects.values_list("deadline", flat=True)) == {None}
