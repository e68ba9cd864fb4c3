"""The demo: accounts, and a course with work in it."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from assessment.delivery.verifying import verify_attempt
from assessment.demo.course import AT_IT, SLOW, LibraryMissing, NotADemo, seed_demo
from assessment.models import Attempt, Course, Response, User, Verdict
from assessment.people.oversight import overseen_attempts, overseen_courses
from assessment.people.passwords import DEMO_PASSWORD as PASSWORD
from content.models import AuthorGrant, ItemBank
from tests.builders import (
    NOW,
    choice_document,
    exercise_document,
    make_assessment,
    make_bank,
    make_item,
    make_lesson,
)

pytestmark = pytest.mark.django_db

NAMES = (SLOW, AT_IT, "Ada Okafor")


def seed():
    return seed_demo(now=NOW, names=NAMES)


@pytest.fixture
def library(settings):
    """A quiz of four items under the name that the demo looks for, in an installation that is a demo."""
    settings.DEMO = True
    bank = make_bank(lesson=make_lesson())
    items = [make_item(choice_document(f"choice-{n}"), bank=bank) for n in range(2)]
    items += [make_item(exercise_document(f"exercise-{n}"), bank=bank) for n in range(2)]
    return make_assessment(
        *items, slug="regularization-quiz", lesson=bank.lesson, time_limit_minutes=22, penalty=0.25
    )


@pytest.fixture
def report(library):
    return seed()


def test_it_is_refused_outside_the_demo(library, settings):
    settings.DEMO = False
    with pytest.raises(NotADemo):
        seed_demo(now=NOW)
    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("demo")
    assert not User.objects.exists()


def test_it_wants_the_library_first(settings):
    settings.DEMO = True
    with pytest.raises(LibraryMissing, match="import_content"):
        seed_demo(now=NOW)


def test_three_accounts_can_sign_in_and_the_others_cannot(report):
    for username in ("learner", "instructor", "admin"):
        assert User.objects.get(username=username).check_password(PASSWORD)
    others = User.objects.exclude(username__in=report.accounts)
    assert len(others) == len(NAMES)
    assert not any(user.has_usable_password() for user in others)


def test_the_instructor_is_staff_of_the_course_and_no_superuser(report):
    instructor = User.objects.get(username="instructor")
    assert (instructor.is_staff, instructor.is_superuser) == (True, False)
    assert overseen_courses(instructor, NOW).get() == Course.objects.get()
    assert instructor.has_perms(["content.change_itemversion", "assessment.view_attempt"])
    assert not instructor.has_perm("assessment.change_attempt")
    assert not instructor.has_perm("assessment.change_user")


def test_the_instructor_sees_what_the_course_did_and_may_change_the_library(report):
    instructor = User.objects.get(username="instructor")
    seen = Attempt.objects.filter(overseen_attempts(instructor, timezone.now()))
    assert set(seen) == set(Attempt.objects.all())
    assert set(AuthorGrant.objects.banks(instructor)) == set(ItemBank.objects.all())


def test_the_quiz_of_the_library_is_assigned_to_the_course(library, report):
    everybodys, courses = library.assignments.order_by("id")
    assert (everybodys.course, courses.course) == (None, Course.objects.get())
    assert everybodys.usual_terms == courses.usual_terms
    assert set(Attempt.objects.values_list("assignment", flat=True)) == {courses.pk}


def test_there_are_attempts_in_every_state_and_no_learner_without_one(report):
    states = Counter(Attempt.objects.values_list("state", flat=True))
    assert set(states) == {"open", "submitted", "expired"}
    assert states["submitted"] > states["open"] + states["expired"]
    assert User.objects.filter(learners__attempts=None, is_staff=False).count() == 0
    assert not Attempt.objects.filter(learner__users__username="learner", state="open").exists()


def test_there_is_something_to_explain(report):
    verdicts = [a for v in Verdict.objects.all() for a in v.document["interactions"].values()]
    assert any(verdict["misconception"] for verdict in verdicts)
    assert Response.objects.filter(presentation__attempt=None).exists()
    assert Verdict.objects.filter(valid=True, score__lt=1).exists()


def test_what_was_made_up_follows_from_the_log_and_lies_in_the_past(report):
    for attempt in Attempt.objects.all():
        assert verify_attempt(attempt_id=attempt.pk) == []
        assert attempt.started_at < NOW
    assert not Response.objects.filter(created_at__gt=NOW).exists()


def test_twice_is_once(report):
    again = seed()
    assert (report.seeded, again.seeded) == (True, False)
    assert (again.attempts, again.responses) == (report.attempts, report.responses)


@pytest.mark.parametrize("username", ["admin", "instructor", "learner"])
def test_a_name_that_somebody_has_taken_gets_nothing(library, username):
    User.objects.create_user(username, password="something else entirely")
    seed()
    existing = User.objects.get(username=username)
    assert not existing.check_password(PASSWORD)
    assert (existing.is_staff, existing.is_superuser) == (False, False)
    assert not existing.get_all_permissions()
    assert not existing.courses.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_seed_one_demo(library):
    def run(_):
        try:
            return seed_demo(now=NOW, names=(AT_IT,)).seeded
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [False, True]


def test_the_command_says_how_to_sign_in(library, capsys):
    call_command("demo")
    assert "sign in as learner, instructor, admin with assay-demo" in capsys.readouterr().out
    call_command("demo", "--json")
    assert json.loads(capsys.readouterr().out)["seeded"] is False
