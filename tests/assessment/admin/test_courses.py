"""The pages at the desk from which a course is run."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.models import Assignment, Course, Enrolment, Section, User
from assessment.models.people import Role
from tests.builders import enrol, make_assessment, make_course, make_learner
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


class Desk:
    """A browser of an instructor who teaches one course, which lives in Berlin."""

    def __init__(self):
        self.user = make_instructor()
        self.course = make_course(slug="optics")
        self.course.time_zone = "Europe/Berlin"
        self.course.save()
        enrol(self.user, self.course, Role.INSTRUCTOR)
        self.client = Client()
        self.client.force_login(self.user)

    def address(self, page, course=None):
        return reverse("admin:assessment_course_page", args=[(course or self.course).pk, page])

    def text(self, page):
        return plain(self.client.get(self.address(page)))

    def do(self, page, act, **fields):
        return self.client.post(self.address(page), {"do": act, **fields}, follow=True)

    def bring(self, text, name="people.csv"):
        return self.do("roster", "look", file=SimpleUploadedFile(name, text.encode()))


def plain(response):
    assert response.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def kept(response):
    return re.search(r'name="kept" value="([^"]+)"', response.content.decode())[1]


@pytest.fixture
def desk():
    return Desk()


def test_a_new_course_leads_to_its_overview():
    client = Client()
    client.force_login(make_instructor())
    data = {
        "title": "Waves",
        "slug": "waves",
        "time_zone": "Asia/Tokyo",
        "enrolments-TOTAL_FORMS": 0,
        "enrolments-INITIAL_FORMS": 0,
    }
    reply = client.post(reverse("admin:assessment_course_add"), data)
    course = Course.objects.get(slug="waves")
    assert reply["Location"] == reverse("admin:assessment_course_page", args=[course.pk, "overview"])
    assert course.enrolments.get().role == Role.INSTRUCTOR
    assert "Bring your learners from a file" in plain(client.get(reply["Location"]))


def test_an_overview_says_what_runs_by_the_courses_clock(desk):
    now = timezone.now()
    opens = (now + timedelta(days=3)).astimezone(BERLIN).replace(hour=0, minute=30)
    make_assessment(course=desk.course, slug="running")
    make_assessment(course=desk.course, slug="coming", opens_at=opens)
    text = desk.text("overview")
    assert f"{opens.day} {opens:%b %Y}, 00:30" in text
    assert "All times are those of Europe/Berlin" in text


def test_a_link_to_join_is_made_and_ended(desk):
    assert "/join/" not in desk.text("overview")
    desk.do("overview", "new-code")
    desk.course.refresh_from_db()
    html = desk.client.get(desk.address("overview")).content.decode()
    assert f"http://testserver/join/{desk.course.join_code}" in html
    desk.do("overview", "end-code")
    desk.course.refresh_from_db()
    assert desk.course.join_code is None


@pytest.mark.parametrize("page", ["overview", "roster", "assignments", "copy"])
def test_a_course_of_others_has_no_pages(desk, page):
    other = make_course()
    assert desk.client.get(desk.address(page, other)).status_code == 404
    assert desk.client.post(desk.address(page, other), {"do": "new-code"}).status_code == 404


def test_ten_learners_come_from_a_file_after_a_look(desk):
    rows = "\n".join(f"learner{number};x{number}@x.org;A" for number in range(10))
    seen = desk.bring(f"First name;Mail;Group\n{rows}\nbad;no address;A")
    assert "10 with a new account" in plain(seen)
    assert "This is no e-mail address" in plain(seen)
    assert desk.course.enrolments.count() == 1
    done = desk.do("roster", "confirm", kept=kept(seen))
    assert done.content.decode().count("/recover?token=") == 10
    assert "data:text/csv" in done.content.decode()
    assert desk.course.enrolments.filter(section__title="A").count() == 10
    assert "/recover?token=" not in desk.text("roster")


def test_a_change_after_the_look_is_told_and_nothing_is_done(desk):
    seen = desk.bring("mail\nzoe@x.org")
    make_learner("zoe")
    again = desk.do("roster", "confirm", kept=kept(seen))
    assert "nothing was done" in plain(again)
    assert not User.objects.filter(email="zoe@x.org").exists()
    desk.do("roster", "confirm", kept=kept(again))
    assert User.objects.filter(email="zoe@x.org").exists()


def test_what_was_looked_at_cannot_be_changed_or_taken_elsewhere(desk):
    token = kept(desk.bring("mail\nzoe@x.org"))
    assert "Bring the file again" in plain(desk.do("roster", "confirm", kept=token[:-2] + "xx"))
    other = make_course()
    enrol(desk.user, other, Role.INSTRUCTOR)
    reply = desk.client.post(desk.address("roster", other), {"do": "confirm", "kept": token})
    assert reply.status_code == 403


@pytest.mark.parametrize("text", ["", "nothing\nx", "mail\na,b,c", "mail\n\0\0\0"])
def test_a_file_that_is_no_roster_is_refused_in_words(desk, text):
    reply = desk.bring(text)
    assert reply.status_code == 200
    assert "errorlist" in reply.content.decode() or 'class="error"' in reply.content.decode()


def test_a_name_that_a_spreadsheet_would_compute_is_text(desk):
    seen = desk.bring("mail,first name\nzoe@x.org,=1+1")
    done = desk.do("roster", "confirm", kept=kept(seen)).content.decode()
    assert "%0D%0A%27%3D1%2B1" in done


def test_five_thousand_rows_can_be_looked_at(desk):
    rows = "\n".join(f"First{n},Last{n},person.{n}@university.example" for n in range(5000))
    assert len(kept(desk.bring(f"first name,last name,mail\n{rows}"))) < 240_000


def test_members_move_and_leave(desk):
    ann = make_learner("ann")
    enrol(ann, desk.course)
    desk.do("roster", "section", title="A")
    desk.do("roster", "move", person=str(ann.pk), section="A")
    assert desk.course.enrolments.get(user=ann).section.title == "A"
    desk.do("roster", "rename", section="A", title="B")
    assert "There is a section" not in plain(desk.do("roster", "section", title="b"))
    desk.do("roster", "end", person=str(ann.pk))
    assert not Enrolment.objects.active(timezone.now()).filter(user=ann).exists()
    refused = desk.do("roster", "end", person=str(desk.user.pk))
    assert "at least one instructor" in plain(refused)


def test_a_quiz_opens_on_tuesday_at_six_by_the_courses_clock(desk):
    assessment = make_assessment(slug="quiz", course=None)
    fields = {"assessment": str(assessment.pk), "opens_at": "2026-12-01T18:00"}
    desk.do("assignments", "give", **fields, time_limit_minutes="45")
    given = desk.course.assignments.get()
    assert given.opens_at == datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
    assert (given.time_limit_minutes, given.changes.get().author) == (45, desk.user)
    assert "Tue 1 Dec 2026, 18:00" in desk.text("assignments")
    assert "assigned there already" in plain(desk.do("assignments", "give", **fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"closes_at": "2026-12-01T10:00", "opens_at": "2026-12-01T18:00"},
        {"attempts_allowed": "0"},
        {"opens_at": "yesterday"},
        {"assessment": ""},
    ],
)
def test_what_cannot_be_given_is_said_at_its_field(desk, fields):
    assessment = make_assessment(slug="quiz", course=None)
    reply = desk.do("assignments", "give", **{"assessment": str(assessment.pk), **fields})
    assert "errorlist" in reply.content.decode()
    assert not desk.course.assignments.exists()


def test_dates_are_moved_together(desk):
    closes = datetime(2027, 3, 25, 23, 59, tzinfo=BERLIN)
    given = make_assessment(course=desk.course, slug="quiz", closes_at=closes).assignments.get()
    desk.do("assignments", "shift", days="7", assignment=str(given.pk))
    given.refresh_from_db()
    assert given.closes_at == datetime(2027, 4, 1, 23, 59, tzinfo=BERLIN)
    for days in ("", "x", "0", "99999", "9" * 30):
        assert "Say by how many days" in plain(
            desk.do("assignments", "shift", days=days, assignment=str(given.pk))
        )


def test_a_copy_is_looked_at_before_it_is_made(desk):
    make_assessment(course=desk.course, slug="quiz", closes_at=datetime(2026, 10, 1, 23, 59, tzinfo=BERLIN))
    fields = {"title": "Next", "slug": "next", "starts_on": "2027-02-18"}
    assert "Thu 18 Feb 2027, 23:59" in plain(desk.do("copy", "preview", **fields))
    assert not Course.objects.filter(slug="next").exists()
    assert "Nobody is in it yet but you" in plain(desk.do("copy", "copy", **fields))
    again = desk.do("copy", "copy", **fields)
    assert "already exists" in plain(again)
    assert "errorlist" in desk.do("copy", "copy", **fields | {"starts_on": "9999-12-31"}).content.decode()


def test_the_form_of_an_assignment_has_the_courses_clock(desk):
    opens = datetime(2026, 12, 1, 18, 0, tzinfo=BERLIN)
    given = make_assessment(course=desk.course, slug="quiz", opens_at=opens).assignments.get()
    address = reverse("admin:assessment_assignment_change", args=[given.pk])
    html = desk.client.get(address).content.decode()
    assert 'value="18:00:00"' in html
    assert "By the clock of Europe/Berlin" in html
    data = {
        "is_open": "on",
        "opens_at_0": "2026-12-02",
        "opens_at_1": "08:15",
        "exclusive": "unknown",
        "grade_rule": "best",
        "weight": "1",
        "changes-TOTAL_FORMS": 0,
        "changes-INITIAL_FORMS": 0,
    }
    assert desk.client.post(address, data).status_code == 302
    given.refresh_from_db()
    assert given.opens_at == datetime(2026, 12, 2, 8, 15, tzinfo=BERLIN)


def test_sections_of_others_are_offered_nowhere(desk):
    secret = Section.objects.create(course=make_course(), title="The secret section")
    Section.objects.create(course=desk.course, title="Mine")
    for name in ("assignment", "enrolment"):
        html = desk.client.get(reverse(f"admin:assessment_{name}_add")).content.decode()
        assert "A course: Mine" in html
        assert secret.title not in html


def test_whoever_may_only_look_changes_nothing(desk):
    desk.user.groups.clear()
    desk.user.user_permissions.clear()
    desk.user.save()
    assert desk.client.post(desk.address("overview"), {"do": "new-code"}).status_code in (302, 403)
    assert Course.objects.get(pk=desk.course.pk).join_code is None
    assert not Assignment.objects.exists()
