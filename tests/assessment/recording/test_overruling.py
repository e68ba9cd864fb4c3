"""Scores given by hand, and attempts that people void, extend or open again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.rest.attempts import last_responses
from assessment.delivery.attempts import settle
from assessment.delivery.verifying import verify_attempt
from assessment.errors import ActionRefused, NoAttemptsLeft, UnknownPosition
from assessment.models import Accommodation, Attempt, Correction, User
from assessment.models.corrections import ActionKind
from assessment.modes import result
from assessment.recording.arranging import add_minutes, reach_attempts
from assessment.recording.correcting import apply_correction
from assessment.recording.overruling import act, override_score
from tests import sitting
from tests.builders import NOW, make_assessment, make_attempt, make_item, make_learner, who

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def author() -> User:
    return make_learner("teacher")


def overridden(attempt: Attempt, author: User, score: float | None, position: int | None = 1) -> Attempt:
    override_score(
        attempt_id=attempt.pk, position=position, score=score, reason="Seen on paper.", author=author, now=NOW
    )
    attempt.refresh_from_db()
    return attempt


def acted(attempt: Attempt, author: User, kind: ActionKind, **options: Any) -> Attempt:
    act(attempt_id=attempt.pk, kind=kind, reason="He was ill.", author=author, now=NOW, **options)
    attempt.refresh_from_db()
    return attempt


def test_a_score_given_by_hand_counts_instead(author: User) -> None:
    attempt = make_attempt(make_item(), make_item())
    sitting.answer(attempt, 1, sitting.WRONG)
    sitting.answer(attempt, 2, sitting.RIGHT)
    assert overridden(attempt, author, 0.5).score == 1.5
    assert overridden(attempt, author, None).score == 1.0
    assert verify_attempt(attempt_id=attempt.pk, exact=True) == []


def test_it_stands_above_corrections_and_later_answers(author: User) -> None:
    item = make_item()
    attempt = make_attempt(item, tries=3)
    sitting.answer(attempt, 1, sitting.WRONG)
    overridden(attempt, author, 0.25)
    correction = Correction.objects.create(kind="full_credit", reason="All get it.", created_at=NOW)
    correction.versions.add(item.version)
    apply_correction(correction_id=correction.pk, now=NOW)
    sitting.answer(attempt, 1, sitting.RIGHT)
    attempt.refresh_from_db()
    assert attempt.score == 0.25
    assert overridden(attempt, author, None).score == 1.0


def test_a_score_of_the_whole_attempt_is_its_result(author: User) -> None:
    attempt = overridden(make_attempt(), author, 0.9, position=None)
    assert (result(attempt).score, result(attempt).passed, attempt.score) == (0.9, True, 0.0)


@pytest.mark.parametrize(("score", "reason"), [(1.5, "Why not"), (-0.1, "Why not"), (0.5, " ")])
def test_what_makes_no_sense_is_refused(author: User, score: float, reason: str) -> None:
    attempt = make_attempt()
    with pytest.raises(ActionRefused):
        override_score(attempt_id=attempt.pk, position=1, score=score, reason=reason, author=author, now=NOW)
    with pytest.raises(UnknownPosition):
        overridden(attempt, author, 0.5, position=9)


def test_time_is_added_and_never_taken(author: User) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    assert acted(attempt, author, ActionKind.EXTEND, until=NOW + 2 * HOUR).deadline == NOW + 2 * HOUR
    with pytest.raises(ActionRefused, match="sooner"):
        acted(attempt, author, ActionKind.EXTEND, until=NOW + HOUR)
    assert sitting.answer(attempt, 1, sitting.RIGHT, now=NOW + 1.5 * HOUR).verdict.valid


def test_more_time_opens_what_the_clock_has_ended(author: User) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    settle(attempt_id=attempt.pk, now=NOW + 2 * HOUR)
    opened = acted(attempt, author, ActionKind.EXTEND, until=NOW + 3 * HOUR)
    assert (opened.state, opened.finished_at) == ("open", None)
    sitting.answer(attempt, 1, sitting.RIGHT, now=NOW + 2.5 * HOUR)
    assert sitting.submit(attempt, NOW + 2.6 * HOUR).score == 1.0


def test_a_submitted_attempt_is_opened_again_unless_another_is_open(author: User) -> None:
    attempt = make_attempt()
    sitting.submit(attempt)
    assert acted(attempt, author, ActionKind.REOPEN).state == "open"
    sitting.submit(attempt)
    sitting.start(attempt.assessment, who(attempt))
    with pytest.raises(ActionRefused, match="Another attempt"):
        acted(attempt, author, ActionKind.REOPEN)


# What was not sent when an attempt ended is a draft again where it goes on.


@pytest.fixture
def cut_off(author: User) -> Attempt:
    """An attempt with one try at each of two places: the clock ended it over a wrong draft of the second."""
    attempt = make_attempt(make_item(), make_item(), time_limit_minutes=60, tries=1)
    sitting.answer(attempt, 1, sitting.RIGHT)
    sitting.draft(attempt, 2, sitting.WRONG, now=NOW + 0.9 * HOUR)
    settle(attempt_id=attempt.pk, now=NOW + 1.1 * HOUR)
    attempt.refresh_from_db()
    assert attempt.presentations.get(position=2).is_settled
    arranged(attempt, author, NOW + 1.2 * HOUR, time_factor=2.0)
    assert attempt.state == "open"
    return attempt


def test_a_draft_that_the_clock_sent_can_be_changed_and_sent(cut_off: Attempt) -> None:
    place = cut_off.presentations.get(position=2)
    assert (place.tries_used, place.is_settled, place.score, place.first_score) == (0, False, None, None)
    assert place.draft.answer == sitting.WRONG
    assert cut_off.score == 1.0
    assert verify_attempt(attempt_id=cut_off.pk, exact=True) == []
    sitting.answer(cut_off, 2, sitting.RIGHT, now=NOW + 1.5 * HOUR)
    assert sitting.submit(cut_off, NOW + 1.6 * HOUR).score == 2.0
    assert verify_attempt(attempt_id=cut_off.pk, exact=True) == []


def test_it_is_judged_at_the_next_end_where_nobody_changes_it(cut_off: Attempt) -> None:
    settle(attempt_id=cut_off.pk, now=NOW + 2.1 * HOUR)
    place = cut_off.presentations.get(position=2)
    assert (place.tries_used, place.is_settled, place.score, place.answers) == (1, True, 0.0, 2)
    assert verify_attempt(attempt_id=cut_off.pk, exact=True) == []


def test_saving_it_again_keeps_it(cut_off: Attempt) -> None:
    sitting.draft(cut_off, 2, sitting.WRONG, now=NOW + 1.5 * HOUR)
    assert cut_off.presentations.get(position=2).unsent_answer() == sitting.WRONG


def test_what_is_void_is_no_answer_to_review(cut_off: Attempt) -> None:
    cut_off.presentations.get(position=2).draft.delete()
    sitting.submit(cut_off, NOW + 1.5 * HOUR)
    assert list(last_responses(cut_off)) == [cut_off.presentations.get(position=1).pk]


@pytest.mark.parametrize("kind", [ActionKind.VOID, ActionKind.ALLOW_ANOTHER])
def test_a_void_attempt_or_another_one_makes_room(author: User, kind: ActionKind) -> None:
    assessment, ann = make_assessment(attempts_allowed=1), make_learner("ann")
    attempt, _ = sitting.start(assessment, ann)
    sitting.submit(attempt)
    with pytest.raises(NoAttemptsLeft):
        sitting.start(assessment, ann)
    acted(attempt, author, kind)
    assert sitting.start(assessment, ann)[1]


def test_a_void_attempt_counts_again_once_restored(author: User) -> None:
    attempt = make_attempt()
    with pytest.raises(ActionRefused):
        acted(attempt, author, ActionKind.RESTORE)
    assert acted(attempt, author, ActionKind.VOID).is_void
    with pytest.raises(ActionRefused):
        acted(attempt, author, ActionKind.VOID)
    assert not acted(attempt, author, ActionKind.RESTORE).is_void


# The same minutes for many at once.


def lengthened(attempt: Attempt, author: User, later: timedelta = timedelta(), **changes: Any) -> int:
    """Add ten minutes for whoever takes the attempt, and return how many attempts have more."""
    terms: dict[str, Any] = {
        "minutes": 10,
        "reason": "The network was down.",
        "users": [who(attempt).pk],
    } | changes
    found = add_minutes(assignment=attempt.assignment, author=author, now=NOW + later, **terms)
    return len(found)


def test_minutes_are_added_to_attempts_that_run(author: User) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    assert lengthened(attempt, author, users=[author.pk]) == 0
    assert lengthened(attempt, author) == 1
    before = attempt.revision
    attempt.refresh_from_db()
    assert (attempt.deadline, attempt.revision) == (NOW + timedelta(minutes=70), before + 1)
    assert attempt.actions.get().reason == "The network was down."


def test_the_same_minutes_sent_twice_are_added_once(author: User) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    seconds = timedelta(seconds=5)
    assert [lengthened(attempt, author), lengthened(attempt, author, seconds)] == [1, 0]
    assert lengthened(attempt, author, 4 * seconds) == 1


def test_time_that_is_just_up_counts_from_now(author: User) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    lengthened(attempt, author, HOUR + timedelta(seconds=20))
    attempt.refresh_from_db()
    assert attempt.deadline == NOW + HOUR + timedelta(minutes=10, seconds=20)


def test_who_has_ended_or_has_no_limit_gets_no_minutes(author: User) -> None:
    unlimited, ended = make_attempt(), make_attempt(time_limit_minutes=60)
    sitting.submit(ended)
    assert [lengthened(unlimited, author), lengthened(ended, author)] == [0, 0]


@pytest.mark.parametrize("changes", [{"minutes": 0}, {"minutes": -5}, {"minutes": 10**9}, {"reason": " "}])
def test_minutes_that_make_no_sense_are_refused(author: User, changes: dict[str, Any]) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    with pytest.raises(ActionRefused):
        lengthened(attempt, author, **changes)
    assert not attempt.actions.exists()


# What is arranged for a person reaches the attempts that run.


def arranged(attempt: Attempt, author: User, now: Any = NOW, **terms: Any) -> list[Attempt]:
    user = who(attempt)
    Accommodation.objects.create(user=user, **terms)
    moved = reach_attempts(users=[user], author=author, now=now)
    attempt.refresh_from_db()
    return moved


def test_more_time_reaches_an_attempt_that_runs(author: User) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    assert arranged(attempt, author, time_factor=1.5) == [attempt]
    assert attempt.deadline == NOW + 1.5 * HOUR
    assert attempt.actions.get().kind == ActionKind.EXTEND
    assert reach_attempts(users=[who(attempt)], author=author, now=NOW) == []


def test_it_opens_what_the_clock_has_just_ended(author: User) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    settle(attempt_id=attempt.pk, now=NOW + 1.1 * HOUR)
    arranged(attempt, author, NOW + 1.2 * HOUR, time_factor=1.5)
    assert (attempt.state, attempt.deadline) == ("open", NOW + 1.5 * HOUR)


@pytest.mark.parametrize(
    ("terms", "later"), [({"time_factor": 1.5}, 2 * HOUR), ({"extra_attempts": 1}, 0 * HOUR)]
)
def test_what_gives_no_time_by_now_moves_nothing(author: User, terms: dict[str, Any], later: Any) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    assert arranged(attempt, author, NOW + later, **terms) == []
    assert attempt.deadline == NOW + HOUR


def test_no_attempt_is_opened_beside_another(author: User) -> None:
    attempt = make_attempt(time_limit_minutes=60)
    sitting.start(attempt.assessment, who(attempt), now=NOW + 1.1 * HOUR)
    moved = arranged(attempt, author, NOW + 1.2 * HOUR, time_factor=1.5)
    assert attempt not in moved
    assert (attempt.state, attempt.actions.count()) == ("expired", 0)
