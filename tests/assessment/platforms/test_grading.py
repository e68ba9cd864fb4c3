"""Grades on their way to a gradebook: at least once, never doubled, wiped, early, or in another order."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from assessment.delivery.attempts import submit_attempt
from assessment.grades.noting import note_grade
from assessment.models import Accommodation, Assignment, Attempt, Grade, ResultChange, Section, User
from assessment.models.grades import GradeState
from assessment.people.assignments import change_assignment
from assessment.people.erasing import erase_person
from assessment.platforms import grading
from assessment.platforms.grading import note_changes, note_results, resend
from assessment.platforms.line_items import score_of
from assessment.recording.overruling import override_score
from tests import builders, sitting
from tests.assessment.platforms.conftest import School
from tests.lti import faults
from tests.lti.gradebook import parse_score
from tests.lti.school import User as Somebody

pytestmark = pytest.mark.django_db


def test_the_end_of_an_attempt_brings_its_grade_to_the_gradebook(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    learner = school.learner()
    attempt = school.take(assignment, learner, 1, ends=False)
    assert not ResultChange.objects.exists()
    sitting.submit(attempt, school.now)
    assert ResultChange.objects.count() == 1
    assert school.send() == (1, 0)
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 50
    [score] = school.lms.log
    assert (score.given, score.maximum) == (1.0, 2.0)
    assert not ResultChange.objects.exists()
    assert school.send() == (0, 0)


def test_nothing_right_is_a_grade_of_zero(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    school.take(assignment, school.learner(), 0)
    school.send()
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 0


@pytest.mark.parametrize(("rule", "expected"), [("best", 100), ("last", 0), ("first", 50), ("mean", 50)])
def test_several_attempts_count_by_the_rule_of_the_assignment(
    school: School, rule: str, expected: float
) -> None:
    assignment = school.quiz(grade_rule=rule)
    school.link(assignment)
    learner = school.learner()
    for right in (1, 2, 0):
        school.take(assignment, learner, right)
        school.send()
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == expected


def test_what_changes_nothing_is_not_sent_again(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    learner = school.learner()
    for right in (2, 1, 0):
        school.take(assignment, learner, right)
        school.send()
    assert len(school.lms.log) == 1


def test_a_burst_is_one_score(school: School) -> None:
    assignment = school.quiz(grade_rule="last")
    school.link(assignment)
    learner = school.learner()
    for right in (0, 1, 2):
        school.take(assignment, learner, right)
        note_changes(school.now)
    assert [state for _, state, _ in school.grades()] == ["replaced", "replaced", "waiting"]
    school.send()
    assert [score.given for score in school.lms.log] == [2.0]


def test_a_changed_result_is_sent_again_and_later_by_its_time(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    attempt = school.take(assignment, school.learner(), 1)
    school.send()
    override_score(
        attempt_id=attempt.pk,
        position=None,
        score=1.0,
        reason="Fair.",
        author=builders.make_learner(),
        now=school.now,
    )
    # Within the same second.
    assert grading.send_due(school.now) == (1, 0)
    first, second = school.lms.log
    assert second.timestamp > first.timestamp
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 100
    assert {score.maximum for score in school.lms.log} == {2.0}


def test_no_grade_is_sent_before_results_are_released(school: School) -> None:
    closes = school.now + timedelta(hours=1)
    assignment = school.quiz(feedback="after_close")
    assignment.closes_at = closes
    assignment.save()
    school.link(assignment)
    school.take(assignment, school.learner(), 2)
    school.send(minutes=30)
    assert school.lms.log == []
    # The closing is put off: what was planned before does not hold.
    assignment.closes_at = closes + timedelta(hours=1)
    assignment.save()
    school.send(minutes=45)
    assert school.lms.log == []
    school.send(hours=1)
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 100


def test_results_that_are_released_sooner_than_was_said_are_sent_then(school: School) -> None:
    assignment = school.quiz(feedback="after_close")
    assignment.closes_at = school.now + timedelta(days=9)
    assignment.save()
    school.link(assignment)
    school.take(assignment, school.learner(), 2)
    school.send()
    assignment.closes_at = school.now + timedelta(minutes=5)
    assignment.save()
    school.send(minutes=1)
    assert school.lms.log == []
    school.send(minutes=5)
    assert len(school.lms.log) == 1
    [grade] = Grade.objects.all()
    assert (grade.tries, grade.state) == (0, "sent")


def test_a_closing_of_ones_own_that_is_taken_back_holds_no_grade(school: School) -> None:
    assignment = school.quiz(feedback="after_close")
    assignment.closes_at = school.now + timedelta(minutes=5)
    assignment.save()
    school.link(assignment)
    learner = school.learner()
    own = Accommodation.objects.create(
        user=learner, assessment=assignment.assessment, closes_at=school.now + timedelta(days=9)
    )
    school.take(assignment, learner, 2)
    school.send(minutes=30)
    assert school.lms.log == []
    own.delete()
    school.send(hours=1)
    assert len(school.lms.log) == 1


def test_another_rule_makes_other_grades_of_the_same_attempts(school: School) -> None:
    assignment = school.quiz(grade_rule="best")
    school.link(assignment)
    learner = school.learner()
    for right in (1, 2, 0):
        school.take(assignment, learner, right)
    school.send()
    assignment.grade_rule = "first"
    change_assignment(assignment=assignment, author=builders.make_learner(), now=school.now)
    school.send()
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 50
    # What says nothing of grades sends none.
    assignment.weight = 2.0
    change_assignment(assignment=assignment, author=builders.make_learner(), now=school.now)
    assert not ResultChange.objects.exists()


def test_what_waits_to_be_judged_is_told_once_and_never_after_a_grade(school: School) -> None:
    assignment = school.quiz(grade_rule="last")
    school.link(assignment)
    learner = school.learner()
    attempt = school.take(assignment, learner, 2)
    place = attempt.presentations.get(position=1)
    place.is_pending = True
    place.save()
    school.send()
    assert [score.grading for score in school.lms.log] == ["PendingManual"]
    place.is_pending = False
    place.save()
    ResultChange.objects.create(assignment=assignment, learner_id=attempt.learner_id)
    school.send()
    again = school.take(assignment, learner, 1)
    again.presentations.filter(position=1).update(is_pending=True)
    school.send()
    assert [score.grading for score in school.lms.log] == ["PendingManual", "FullyGraded"]
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 100


def test_an_open_attempt_and_a_void_one_are_no_grade(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    learner = school.learner()
    attempt = school.take(assignment, learner, 2)
    Attempt.objects.filter(pk=attempt.pk).update(is_void=True)
    school.take(assignment, learner, 2, ends=False)
    assert school.send() == (0, 0)
    assert school.lms.log == []


def test_a_learner_whom_the_platform_has_not_sent_has_no_grade_there(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    school.take(assignment, builders.enrol(builders.make_learner(), school.context.course).user, 2)
    assert school.send() == (0, 0)


def test_without_a_link_nothing_is_noted(school: School) -> None:
    school.take(school.quiz(), school.learner(), 2)
    assert not ResultChange.objects.exists()


# --- What goes wrong ---


def test_too_many_requests_wait_as_long_as_the_platform_says(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    school.take(assignment, school.learner(), 2)
    school.lms.faults.add("scores", faults.status(429, retry_after=120))
    assert school.send() == (0, 1)
    assert school.send(seconds=100) == (0, 0)
    assert school.send(seconds=30) == (1, 0)


def test_a_token_that_is_refused_is_replaced_at_once(school: School) -> None:
    assignment = school.quiz(grade_rule="last")
    school.link(assignment)
    learner = school.learner()
    school.take(assignment, learner, 2)
    school.send()
    school.lms.expire_tokens()
    school.take(assignment, learner, 1)
    assert school.send() == (1, 0)
    assert school.lms.calls["token"] == 2


@pytest.mark.parametrize(
    "fault",
    [
        faults.status(500),
        faults.status(503),
        faults.garbage(),
        faults.drop(),
        faults.too_large(),
        faults.status(408),
    ],
    ids=["500", "503", "garbage", "cut", "too large", "408"],
)
@pytest.mark.parametrize("endpoint", ["scores", "token"])
def test_a_passing_fault_delays_and_loses_nothing(school: School, endpoint: str, fault: faults.Fault) -> None:
    assignment = school.quiz()
    school.link(assignment)
    school.take(assignment, school.learner(), 2)
    school.lms.faults.add(endpoint, fault)
    first = school.send()
    for _ in range(3):
        school.send(minutes=2)
    assert first in {(0, 1), (1, 0)}
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 100
    assert Grade.objects.get().state == GradeState.SENT


def test_a_reply_that_is_lost_doubles_nothing(school: School) -> None:
    """The platform has taken the score, and says 409 to the repetition: its results tell that it is there."""
    assignment = school.quiz()
    school.link(assignment)
    school.take(assignment, school.learner(), 2)
    school.lms.faults.add("scores", faults.drop_after())
    assert school.send() == (0, 1)
    assert school.send(minutes=2) == (1, 0)
    assert len(school.lms.log) == 1
    assert school.lms.answers["scores", 409] == 1


def test_a_process_that_is_killed_between_sending_and_noting_doubles_nothing(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = school.quiz()
    school.link(assignment)
    school.take(assignment, school.learner(), 2)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for _ in range(25):
        with monkeypatch.context() as patched:
            note_changes(school.now)
            patched.setattr(Grade, "save", killed)
            with pytest.raises(KeyboardInterrupt):
                school.send()
    assert school.send() == (1, 0)
    assert len(school.lms.log) == 1
    assert Grade.objects.get().state == GradeState.SENT


def test_a_grade_of_the_same_second_is_sent_under_a_later_one(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    school.take(assignment, school.learner(), 2)
    # Somebody at the platform has graded by hand a moment ago.
    note_changes(school.now)
    sent = score_of(Grade.objects.get())
    column = school.lms.line_item(school.lms.link)
    school.lms.gradebook.accept(column, parse_score(column, sent | {"scoreGiven": 0.0}))
    school.send()
    school.send(minutes=1)
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 100


def test_a_refusal_is_parked_with_its_reason_and_can_be_sent_again(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    school.take(assignment, school.learner(), 2)
    school.lms.faults.add("scores", faults.status(422, {"error": "The course is archived"}))
    assert school.send() == (0, 1)
    parked = Grade.objects.get()
    assert parked.state == GradeState.PARKED
    assert "archived" in parked.reason
    assert school.send(days=1) == (0, 0)
    assert resend(Grade.objects.all(), now=school.now) == 1
    assert school.send() == (1, 0)
    assert Grade.objects.get().state == GradeState.SENT


def test_one_bad_score_holds_up_no_other(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    people = [Somebody(sub=f"s{n}", name=f"S {n}", email="") for n in range(4)]
    for person in people:
        school.take(assignment, school.learner(person), 2)
    school.lms.faults.add("scores", faults.status(400, {"error": "no"}))
    assert school.send() == (3, 1)
    assert sum(school.lms.grade(school.lms.link, one.sub) == 100 for one in people) == 3


def test_a_platform_that_is_away_for_a_day_has_everything_when_it_is_back(school: School) -> None:
    assignment = school.quiz(grade_rule="last")
    school.link(assignment)
    learner = school.learner()
    school.lms.faults.add("token", faults.drop(), times=1000)
    for hour in range(24):
        school.take(assignment, learner, hour % 3)
        school.send(hours=1)
    assert school.lms.log == []
    school.lms.faults.clear()
    school.send(hours=7)
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 100
    assert len(school.lms.log) == 1


def test_a_column_is_found_before_it_is_made_and_never_made_twice(school: School) -> None:
    assignment = school.quiz()
    found = school.lms.add_link(title="Found")
    link = school.link(assignment, theirs=found, line_item="")
    school.take(assignment, school.learner(), 2)
    school.send()
    link.refresh_from_db()
    assert link.line_item == school.lms.line_item_url(school.lms.line_item(found))
    assert school.lms.grade(found, school.lms.student.sub) == 100
    bare = school.lms.add_link(title="Bare", maximum=None)
    school.link(assignment, theirs=bare)
    note_results(school.context.links.get(link_id=bare.id))
    # The platform makes it, and its answer is lost.
    school.lms.faults.add("lineitems", faults.drop_after(), times=2)
    for _ in range(4):
        school.send(minutes=5)
    assert len(school.lms.gradebook.of_link(bare.id)) == 1
    assert school.lms.grade(bare, school.lms.student.sub) == 100


def test_a_column_is_made_once_where_the_platform_does_not_say_whose_it_is(school: School) -> None:
    assignment = school.quiz()
    bare = school.lms.add_link(maximum=None)
    link = school.link(assignment, theirs=bare)
    school.lms.tells_links = False
    learner = school.learner()
    school.take(assignment, learner, 1)
    assert school.send() == (1, 0)
    # As if the reply that named it had been lost.
    link.line_item = ""
    link.save()
    school.take(assignment, learner, 2)
    assert school.send() == (1, 0)
    assert len(school.lms.gradebook.of_link(bare.id)) == 1
    assert school.lms.grade(bare, school.lms.student.sub) == 100


def test_a_platform_that_takes_no_grades_is_sent_none(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment, line_item="", line_items="", scopes=[])
    school.take(assignment, school.learner(), 2)
    assert school.send() == (0, 0)
    assert not Grade.objects.exists()


def test_no_token_goes_to_an_address_of_somebody_else(school: School) -> None:
    assignment = school.quiz()
    link = school.link(assignment, line_item="")
    school.take(assignment, school.learner(), 2)
    link.line_items = "http://127.0.0.2:1/lineitems"
    link.save()
    school.lms.gradebook.of_link(school.lms.link.id)
    school.send()
    assert Grade.objects.get().state != GradeState.SENT
    assert school.lms.log == []


@pytest.mark.parametrize("seed", range(3))
def test_whatever_goes_wrong_none_is_lost_doubled_or_out_of_order(school: School, seed: int) -> None:
    dice = random.Random(seed)
    assignment = school.quiz(grade_rule="last")
    school.link(assignment)
    people = [Somebody(sub=f"s{n}", name=f"S {n}", email="") for n in range(12)]
    users = {one.sub: school.learner(one) for one in people}
    last: dict[str, int] = {}
    kinds = [
        faults.status(429, retry_after=1), faults.status(401), faults.status(409), faults.status(500),
        faults.garbage(), faults.drop(), faults.drop_after(),
    ]  # fmt: skip
    for _ in range(30):
        sub = dice.choice(list(users))
        last[sub] = dice.randint(0, 2)
        school.take(assignment, users[sub], last[sub])
        if dice.random() < 0.6:
            school.lms.faults.add(dice.choice(["scores", "scores", "token", "results"]), dice.choice(kinds))
        if dice.random() < 0.5:
            school.send(seconds=dice.uniform(0, 20))
    school.lms.faults.clear()
    for _ in range(10):
        school.send(hours=2)
    assert {sub: school.lms.grade(school.lms.link, sub) for sub in last} == {
        sub: 50 * right for sub, right in last.items()
    }
    for sub in last:
        mine = [score for score in school.lms.log if score.user == sub]
        assert [one.timestamp for one in mine] == sorted({one.timestamp for one in mine})
    assert not Grade.objects.filter(state=GradeState.WAITING).exists()


def test_the_end_by_the_clock_is_told_as_well(school: School) -> None:
    assignment = school.quiz()
    assignment.time_limit_minutes = 1
    assignment.save()
    school.link(assignment)
    learner = school.learner()
    attempt = school.take(assignment, learner, 1, ends=False)
    submit_attempt(attempt_id=attempt.pk, user_id=learner.pk, now=school.pass_time(minutes=5))
    assert school.send() == (1, 0)
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 50


def test_a_learner_who_is_erased_takes_along_what_was_to_be_told(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    learner = school.learner()
    school.take(assignment, learner, 2)
    note_changes(school.now)
    school.take(assignment, learner, 1)
    erase_person(user=learner, reason="Asked.", author=None, now=school.now)
    assert not Grade.objects.exists()
    assert not ResultChange.objects.exists()
    assert school.send() == (0, 0)


def test_a_turn_ends_in_time_and_the_next_goes_on(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    for n in range(4):
        school.take(assignment, school.learner(Somebody(sub=f"s{n}", name=f"S {n}", email="")), 2)
    seconds = iter([0.0, 1.0, 2.0, grading.MOST_SECONDS + 1.0])
    assert grading.send_due(school.pass_time(seconds=2), clock=lambda: next(seconds)) == (2, 0)
    assert school.send() == (2, 0)


def test_what_a_section_takes_counts_for_the_link_of_its_course(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    learner = school.learner()
    section = Section.objects.create(course=school.context.course, title="B")
    own = Assignment.objects.create(
        assessment=assignment.assessment, course=school.context.course, section=section
    )
    learner.enrolments.update(section=section)
    attempt = school.take(assignment, learner, 1)
    assert attempt.assignment == own
    assert school.send() == (1, 0)
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 50
    assert [grade.link.assignment for grade in grading.states_of(attempt)] == [assignment]


# --- What a person gave ---


def given_by_hand(school: School, assignment: Assignment, user: User, **said: Any) -> None:
    author = builders.make_learner()
    note_grade(assignment=assignment, user=user, author=author, now=school.now, **said)


def test_a_given_grade_goes_to_the_gradebook_and_back(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    learner = school.learner()
    school.take(assignment, learner, 1)
    school.send()
    given_by_hand(school, assignment, learner, score=0.9, reason="Seen on paper.")
    school.send()
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == pytest.approx(90)
    given_by_hand(school, assignment, learner)
    school.send()
    assert school.lms.grade(school.lms.link, school.lms.student.sub) == 50


def test_a_grade_given_without_any_attempt_is_sent(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    given_by_hand(school, assignment, school.learner(), score=0.75, reason="An oral exam.")
    school.send()
    [score] = school.lms.log
    assert (score.given, score.maximum) == (1.5, 2.0)


def test_of_who_is_excused_nothing_is_sent(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    learner = school.learner()
    school.take(assignment, learner, 1)
    note_changes(school.now)
    given_by_hand(school, assignment, learner, is_excused=True, reason="Ill.")
    assert school.send() == (0, 0)
    assert school.grades()[0][1] == "replaced"
    given_by_hand(school, assignment, learner)
    school.send()
    assert [score.given for score in school.lms.log] == [1.0]


def test_a_grade_without_attempts_waits_for_the_release(school: School) -> None:
    assignment = school.quiz(feedback="after_close")
    assignment.closes_at = school.now + timedelta(hours=1)
    assignment.save()
    school.link(assignment)
    given_by_hand(school, assignment, school.learner(), score=0.75, reason="An oral exam.")
    assert school.send(minutes=30) == (0, 0)
    assert school.send(minutes=31) == (1, 0)


def test_a_grade_on_its_way_is_stopped_where_it_is_taken_back(school: School) -> None:
    assignment = school.quiz()
    school.link(assignment)
    learner = school.learner()
    given_by_hand(school, assignment, learner, score=0.75, reason="An oral exam.")
    note_changes(school.now)
    given_by_hand(school, assignment, learner)
    assert school.send() == (0, 0)
    assert school.lms.log == []
