"""Courses over the interface: what a member sees, who joins, and what only teachers do."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.models import Accommodation, Assignment, Course, Enrolment, Section, User
from assessment.models.people import Role
from assessment.people.courses import set_join_code
from assessment.progress.course_page import course_page
from tests import builders
from tests.api.client import Api
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Class:
    """A course with a teacher and a learner."""

    def __init__(self):
        self.course = builders.make_course(builders.make_lesson(), slug="optics")
        self.teacher = builders.make_learner("tess", first_name="Tess", last_name="Teach")
        self.learner = builders.make_learner("ann")
        builders.enrol(self.teacher, self.course, Role.INSTRUCTOR)
        builders.enrol(self.learner, self.course)

    def give(self, slug, **terms):
        now = timezone.now()
        dates = {name: now + terms.pop(name) for name in ("opens_at", "closes_at") if name in terms}
        return builders.make_assessment(slug=slug, course=self.course, **dates, **terms)

    def page(self, user=None):
        return Api(user or self.learner).get(f"courses/{self.course.pk}/").json

    def states(self, user=None):
        return {one["assessment"]["slug"]: one["state"] for one in self.page(user)["assignments"]}


@pytest.fixture
def optics():
    return Class()


def test_my_courses_come_with_my_role(optics):
    [mine] = Api(optics.learner).get("courses/").json
    assert (mine["title"], mine["role"]) == ("A course", "learner")
    assert Api(optics.teacher).get("courses/").json[0]["role"] == "instructor"
    assert Api(builders.make_learner()).get("courses/").json == []


def test_a_course_has_its_lessons_and_its_teachers(optics):
    page = optics.page()
    assert page["teachers"] == ["Tess Teach"]
    assert page["lessons"] == [{"slug": "a-lesson", "title": "A lesson"}]


def test_a_course_does_not_exist_for_others(optics):
    path = f"courses/{optics.course.pk}/"
    Enrolment.objects.filter(user=optics.learner).update(ends_at=timezone.now())
    for user in (builders.make_learner(), optics.learner):
        assert Api(user).get(path).status == 404
    for method, below in (("PUT", "join-code/"), ("DELETE", "join-code/"), ("POST", "copies/")):
        body = {"title": "a", "slug": "b", "days": 1} if method == "POST" else None
        assert Api(builders.make_learner()).send(method, path + below, body).status == 404


def test_what_is_due_comes_first(optics):
    optics.give("later", closes_at=10 * DAY)
    optics.give("endless")
    optics.give("soon", closes_at=HOUR)
    optics.give("future", opens_at=DAY)
    optics.give("past", closes_at=-HOUR)
    optics.give("hidden", is_open=False)
    assert optics.states() == {
        "soon": "due_soon",
        "later": "open",
        "endless": "open",
        "future": "not_open",
        "past": "missing",
    }
    assert list(optics.states()) == ["soon", "later", "endless", "future", "past"]


def test_an_attempt_is_in_progress_then_done_with_its_score(optics):
    optics.give("quiz", attempts_allowed=2)
    ann = Api(optics.learner)
    attempt = ann.start("quiz")
    [entry] = optics.page()["assignments"]
    assert (entry["state"], entry["open_attempt"], entry["attempts_left"]) == ("in_progress", attempt, 1)
    ann.respond(attempt, 1, {"a": "right"})
    ann.post(f"attempts/{attempt}/submit/")
    [entry] = optics.page()["assignments"]
    assert (entry["state"], entry["last_attempt"], entry["score"]) == ("done", attempt, 1.0)


def test_a_score_is_told_when_it_is_released(optics):
    optics.give("quiz", feedback="after_close", closes_at=HOUR)
    ann = Api(optics.learner)
    attempt = ann.start("quiz")
    ann.post(f"attempts/{attempt}/submit/")
    [entry] = optics.page()["assignments"]
    assert (entry["state"], entry["score"]) == ("done", None)


def test_dates_are_those_of_the_section_and_of_what_is_arranged(optics):
    assessment = optics.give("quiz", closes_at=-HOUR, time_limit_minutes=10)
    section = Section.objects.create(course=optics.course, title="B")
    of_b = Assignment.objects.create(
        assessment=assessment, course=optics.course, section=section, closes_at=timezone.now() + DAY
    )
    assert optics.states() == {"quiz": "missing"}
    Enrolment.objects.filter(user=optics.learner).update(section=section)
    page = optics.page()
    assert (page["section"], page["assignments"][0]["assignment"]) == ("B", str(of_b.pk))
    Enrolment.objects.filter(user=optics.learner).update(section=None)
    closing = timezone.now() + 5 * DAY
    Accommodation.objects.create(user=optics.learner, assessment=assessment, time_factor=2, closes_at=closing)
    [entry] = optics.page()["assignments"]
    assert (entry["state"], entry["time_limit_minutes"]) == ("late", 20)


def test_a_course_costs_the_same_however_much_is_in_it(optics, django_assert_num_queries):
    def queries(count):
        for number in range(count):
            optics.give(f"quiz-{count}-{number}", feedback="after_close", closes_at=HOUR)
        for slug in list(optics.states()):
            attempt = Api(optics.learner).start(slug)
            Api(optics.learner).post(f"attempts/{attempt}/submit/")

    queries(1)
    now = timezone.now()
    user = User.objects.get(pk=optics.learner.pk)
    with django_assert_num_queries(7):
        course_page(course=optics.course, user=user, now=now)
    queries(4)
    user = User.objects.get(pk=optics.learner.pk)
    with django_assert_num_queries(7):
        assert len(course_page(course=optics.course, user=user, now=now)) == 5


def test_a_code_shows_its_course_before_anybody_joins(optics):
    code = set_join_code(course=optics.course)
    shown = Api().post("courses/invitation/", {"code": code.lower()}).json
    assert shown == {"title": "A course", "teachers": ["Tess Teach"], "course": None}
    mine = Api(optics.learner).post("courses/invitation/", {"code": code}).json
    assert mine["course"] == str(optics.course.pk)


def test_joining_finds_the_course(optics):
    code = set_join_code(course=optics.course)
    bob = Api(builders.make_learner())
    reply = bob.post("courses/join/", {"code": f"{code[:4]}-{code[4:]}"})
    assert (reply.status, reply.json["id"]) == (200, str(optics.course.pk))
    assert bob.post("courses/join/", {"code": code}).status == 200
    assert bob.get("courses/").json[0]["role"] == "learner"


def test_an_unknown_code_and_a_guest_are_refused_in_words(optics):
    code = set_join_code(course=optics.course)
    for path in ("courses/join/", "courses/invitation/"):
        reply = Api(optics.learner).post(path, {"code": "nothing"})
        assert (reply.status, reply.code) == (404, "unknown_join_code")
    guest = Api(builders.make_learner(is_guest=True)).post("courses/join/", {"code": code})
    assert (guest.status, guest.code) == (403, "sign_up_first")
    Enrolment.objects.filter(user=optics.learner).update(ends_at=timezone.now())
    over = Api(optics.learner).post("courses/join/", {"code": code})
    assert (over.status, over.code) == (403, "enrolment_over")


def test_codes_cannot_be_tried_through(optics, settings, monkeypatch):
    monkeypatch.setattr("api.rest.throttles.JoinThrottle.THROTTLE_RATES", {"join": "3/min"})
    replies = [Api().post("courses/invitation/", {"code": "ABCDEFGH"}).status for _ in range(5)]
    assert replies[:3] == [404] * 3
    assert 429 in replies


def test_an_instructor_makes_a_course_and_teaches_it():
    ines = Api(make_instructor())
    wanted = {"title": "Optics", "slug": "optics", "time_zone": "Europe/Berlin"}
    reply = ines.post("courses/", wanted)
    assert (reply.status, reply.json["role"]) == (201, "instructor")
    again = ines.post("courses/", wanted)
    assert (again.status, again.json["errors"][0]["attr"]) == (400, "slug")
    assert ines.post("courses/", {**wanted, "slug": "o2", "time_zone": "Mars"}).status == 400


def test_a_roster_is_looked_at_and_then_brought(optics):
    tess = Api(optics.teacher)
    path, body = f"courses/{optics.course.pk}/roster/", {"rows": [{"email": "zoe@x.org", "section": "B"}]}
    seen = tess.post(f"{path}?dry_run=true", body).json
    assert (seen["counts"]["account"], seen["new_sections"], seen["invitations"]) == (1, ["B"], [])
    assert not User.objects.filter(email="zoe@x.org").exists()
    done = tess.post(path, {**body, "expected": seen["fingerprint"]}).json
    assert done["invitations"][0]["link"].startswith("http://testserver/recover?token=")
    changed = tess.post(path, {**body, "expected": seen["fingerprint"]})
    assert (changed.status, changed.code) == (409, "roster_changed")


def test_a_file_is_a_roster_too(optics):
    tess, path = Api(optics.teacher), f"courses/{optics.course.pk}/roster/?dry_run=true"
    file = base64.b64encode(b"mail;shoe\nzoe@x.org;38\n").decode()
    reply = tess.post(path, {"file": file}).json
    assert (reply["unread_columns"], reply["rows"][0]["row"]) == (["shoe"], 2)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rows": [], "file": ""},
        {"file": "no base64!"},
        {"file": base64.b64encode(b"a,b\n1,2,3").decode()},
        {"rows": [{"email": "x" * 2000}]},
        {"rows": "none"},
    ],
)
def test_a_roster_that_is_none_is_refused(optics, body):
    reply = Api(optics.teacher).post(f"courses/{optics.course.pk}/roster/", body)
    assert reply.status == 400, reply


def test_a_teacher_without_the_right_makes_no_instructors(optics):
    body = {"rows": [{"email": "zoe@x.org", "role": "instructor"}]}
    path = f"courses/{optics.course.pk}/roster/?dry_run=1"
    assert Api(optics.teacher).post(path, body).json["rows"][0]["outcome"] == "refused"
    ines = make_instructor()
    builders.enrol(ines, optics.course, Role.INSTRUCTOR)
    assert Api(ines).post(path, body).json["rows"][0]["outcome"] == "account"


def test_a_copy_starts_on_the_day_that_was_asked_for(optics):
    tess, path = Api(optics.teacher), f"courses/{optics.course.pk}/copies/"
    optics.give("quiz", closes_at=DAY)
    wanted = {"title": "Next", "slug": "next", "starts_on": "2030-01-01"}
    reply = tess.post(path, wanted)
    assert reply.status == 201, reply
    copy = Course.objects.get(pk=reply.json["id"])
    assert copy.assignments.get().closes_at.date().isoformat() == "2030-01-01"
    assert tess.post(path, wanted).json["errors"][0]["attr"] == "slug"
    assert tess.post(path, {**wanted, "days": 1}).status == 400
    far = tess.post(path, {"title": "Far", "slug": "far", "days": 10**9})
    assert (far.status, far.json["errors"][0]["attr"]) == (400, "days")
