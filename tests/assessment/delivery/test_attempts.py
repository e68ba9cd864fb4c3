import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from assessment.delivery import attempts
from assessment.delivery.attempts import (
    GRACE,
    presentations_of,
    settle,
    start_attempt,
)
from assessment.delivery.responses import MOST_LATE
from assessment.errors import (
    AssessmentClosed,
    AttemptClosed,
    AttemptExpired,
    BankExhausted,
    DraftStale,
    EnrolmentRequired,
    KeyReused,
    NoAttemptsLeft,
    PresentationSettled,
    UnknownPosition,
)
from assessment.models import Accommodation, Draft, Response
from content.items.grading import GRADER_VERSION
from tests import sitting
from tests.builders import (
    NOW,
    change,
    choice_document,
    enrol,
    exercise_document,
    make_assessment,
    make_attempt,
    make_bank,
    make_course,
    make_item,
    make_learner,
    make_lesson,
    make_skill,
)
from tests.sitting import fold

pytestmark = pytest.mark.django_db

RIGHT, WRONG = {"a": "right"}, {"a": "wrong"}


def start(assessment, learner=None, now=NOW, seed=1):
    attempt, is_new, _ = start_attempt(
        user=learner or make_learner(), assessment=assessment, now=now, dice=random.Random(seed)
    )
    return attempt, is_new


def answer(attempt, answer, *, position=1, key=None, now=NOW):
    return sitting.answer(attempt, position, answer, key=key, now=now)


def submit(attempt, now=NOW):
    return sitting.submit(attempt, now)


# Starting


def test_an_attempt_shows_every_item_of_its_assessment_in_order():
    items = [make_item(), make_item(), make_item()]
    attempt, created = start(make_assessment(*items))
    assert created
    assert [p.item_version.item for p in presentations_of(attempt)] == items


def test_starting_twice_goes_on_with_the_open_attempt():
    assessment, learner = make_assessment(), make_learner()
    first, _ = start(assessment, learner)
    again, created = start(assessment, learner, seed=2)
    assert (again, created) == (first, False)


def test_an_attempt_that_is_handed_in_meanwhile_makes_way_for_another(monkeypatch):
    assessment, learner = make_assessment(), make_learner()
    first, _ = start(assessment, learner)
    listed = attempts._standing

    def handed_in_after(*arguments):
        found = listed(*arguments)
        submit(first)
        return found

    monkeypatch.setattr(attempts, "_standing", handed_in_after)
    second, created = start(assessment, learner)
    assert (second.number, created) == (2, True)


def test_what_was_shown_is_stored_with_its_key_and_policy():
    attempt = make_attempt(make_item(exercise_document()))
    variant = presentations_of(attempt)[0].variant
    assert variant.interactions["a"]["key"] == pytest.approx(2 * variant.values["x"])
    assert variant.interactions["a"]["policy"]["name"] == "absolute"


def test_two_learners_get_other_numbers():
    assessment = make_assessment(make_item(exercise_document()))
    shown = {presentations_of(start(assessment, seed=s)[0])[0].variant.values["x"] for s in range(8)}
    assert len(shown) > 4


@pytest.mark.parametrize(
    "closed",
    [{"is_open": False}, {"opens_at": NOW + timedelta(minutes=1)}, {"closes_at": NOW}],
    ids=["hidden", "not yet", "no more"],
)
def test_a_closed_assessment_starts_no_attempt(closed):
    with pytest.raises(AssessmentClosed):
        start(make_assessment(**closed))


def test_a_course_s_assessment_is_for_its_members():
    course, learner = make_course(), make_learner()
    assessment = make_assessment(course=course)
    with pytest.raises(EnrolmentRequired):
        start(assessment, learner)
    enrol(learner, course)
    assert start(assessment, learner)[1]


def test_a_premium_lesson_s_assessment_is_for_those_enrolled():
    lesson, learner = make_lesson(premium=True), make_learner()
    assessment = make_assessment(lesson=lesson)
    with pytest.raises(EnrolmentRequired):
        start(assessment, learner)
    enrol(learner, make_course(lesson))
    assert start(assessment, learner)[1]


def test_the_attempts_allowed_can_be_used_up_and_extended():
    assessment, learner = make_assessment(attempts_allowed=1), make_learner()
    submit(start(assessment, learner)[0])
    with pytest.raises(NoAttemptsLeft):
        start(assessment, learner)
    Accommodation.objects.create(user=learner, assessment=assessment, extra_attempts=1)
    assert start(assessment, learner)[0].number == 2


def test_extra_time_moves_the_deadline():
    assessment, learner = make_assessment(time_limit_minutes=30), make_learner()
    Accommodation.objects.create(user=learner, time_factor=1.5)
    assert start(assessment, learner)[0].deadline == NOW + timedelta(minutes=45)
    assert start(assessment)[0].deadline == NOW + timedelta(minutes=30)


def test_the_accommodation_of_this_assessment_goes_before_the_general_one():
    assessment, learner = make_assessment(time_limit_minutes=30), make_learner()
    Accommodation.objects.create(user=learner, time_factor=1.5)
    Accommodation.objects.create(user=learner, assessment=assessment, time_factor=2)
    assert start(assessment, learner)[0].deadline == NOW + timedelta(minutes=60)


def test_the_closing_cuts_the_time_limit_short():
    closing = NOW + timedelta(minutes=10)
    assert start(make_assessment(time_limit_minutes=30, closes_at=closing))[0].deadline == closing


def drawing_assessment(*, draw, skill="l1-sparsity"):
    make_skill(skill)
    drawn = {"draw": draw, "bank": make_bank().slug, "skill": skill}
    return make_assessment(sections=[{"slots": [{"item": make_item().slug}]}, {"slots": [drawn]}])


def test_a_draw_takes_different_items_of_its_skill():
    for n in range(5):
        make_item(choice_document(f"sparse-{n}", skills=["l1-sparsity"]))
    attempt, _ = start(drawing_assessment(draw=3))
    drawn = [p.item_version.item.slug for p in presentations_of(attempt)[1:]]
    assert len(set(drawn)) == 3
    assert all(slug.startswith("sparse-") for slug in drawn)


def enemies_drawn(draw):
    for slug, enemies in {"one": ["other"], "other": [], "third": []}.items():
        make_item(choice_document(slug, skills=["l1-sparsity"], enemies=enemies))
    assessment = drawing_assessment(draw=draw)
    attempts = [start(assessment, seed=seed)[0] for seed in range(12)]
    return [{p.item_version.item.slug for p in presentations_of(attempt)[1:]} for attempt in attempts]


def test_enemies_are_not_drawn_into_one_attempt():
    drawn = enemies_drawn(2)
    assert not any({"one", "other"} <= slugs for slugs in drawn)
    assert {"one", "third"} in drawn
    assert {"other", "third"} in drawn


def test_enemies_are_drawn_together_rather_than_starting_nothing():
    assert enemies_drawn(3) == [{"one", "other", "third"}] * 12


def test_a_bank_with_too_few_items_says_so():
    with pytest.raises(BankExhausted):
        start(drawing_assessment(draw=1))


def test_a_retired_item_is_not_drawn():
    item = make_item(choice_document("sparse", skills=["l1-sparsity"]))
    item.retired_at = NOW
    item.save()
    with pytest.raises(BankExhausted):
        start(drawing_assessment(draw=1))


# Answering


def test_a_right_answer_is_recorded_scored_and_settles():
    attempt = make_attempt()
    recorded = answer(attempt, RIGHT)
    assert (recorded.verdict.valid, recorded.verdict.score) == (True, 1.0)
    assert recorded.presentation.is_settled
    assert (recorded.attempt.score, recorded.attempt.max_score) == (1.0, 1.0)


def test_the_verdict_names_its_grader_and_its_policy():
    verdict = answer(make_attempt(), RIGHT).verdict.document
    assert (verdict["grader"], verdict["grader_version"]) == ("assay", GRADER_VERSION)
    assert verdict["interactions"]["a"]["policy"] == "single"
    assert verdict["interactions"]["a"]["policy_version"] >= 1


def test_a_second_try_costs_the_penalty():
    attempt = make_attempt(penalty=0.25)
    assert not answer(attempt, WRONG).presentation.is_settled
    assert answer(attempt, RIGHT).attempt.score == 0.75


def test_spent_tries_take_no_more_answers():
    attempt = make_attempt(tries=1)
    answer(attempt, WRONG)
    with pytest.raises(PresentationSettled):
        answer(attempt, RIGHT)


def test_an_unreadable_answer_is_recorded_and_costs_no_try():
    attempt = make_attempt(make_item(exercise_document()), tries=1)
    recorded = answer(attempt, {"a": "about seven"})
    assert not recorded.verdict.valid
    assert (recorded.presentation.tries_used, recorded.presentation.score) == (0, None)
    assert not recorded.presentation.is_settled


def test_the_same_key_and_answer_give_the_stored_response():
    attempt, key = make_attempt(), uuid4()
    first = answer(attempt, WRONG, key=key)
    again = answer(attempt, WRONG, key=key)
    assert (again.response.id, again.replayed) == (first.response.id, True)
    assert Response.objects.count() == 1


def test_a_key_answers_even_after_the_end():
    attempt, key = make_attempt(), uuid4()
    first = answer(attempt, RIGHT, key=key)
    submit(attempt)
    assert answer(attempt, RIGHT, key=key).response.id == first.response.id


def test_a_key_is_for_one_answer_only():
    attempt, key = make_attempt(), uuid4()
    answer(attempt, WRONG, key=key)
    with pytest.raises(KeyReused):
        answer(attempt, RIGHT, key=key)


def test_there_is_nothing_beyond_the_last_position():
    with pytest.raises(UnknownPosition):
        answer(make_attempt(), RIGHT, position=2)


def test_the_next_presentation_stays_until_its_tries_are_spent():
    attempt = make_attempt(make_item(), make_item())
    assert sitting.upcoming(attempt, NOW).position == 1
    answer(attempt, WRONG)
    assert sitting.upcoming(attempt, NOW).position == 1
    answer(attempt, WRONG)
    assert sitting.upcoming(attempt, NOW).position == 2
    answer(attempt, RIGHT, position=2)
    assert sitting.upcoming(attempt, NOW) is None


def test_where_verdicts_are_withheld_an_answer_can_be_changed_and_the_last_counts():
    attempt = make_attempt(feedback="at_end", tries=None, penalty=0.5)
    assert not answer(attempt, RIGHT).presentation.is_settled
    assert sitting.upcoming(attempt, NOW) is None
    answer(attempt, WRONG)
    assert answer(attempt, RIGHT).attempt.score == 1.0


def test_an_attempt_keeps_the_rules_it_began_with():
    attempt = make_attempt(tries=2)
    change(attempt.assessment, tries=1)
    answer(attempt, WRONG)
    assert answer(attempt, RIGHT).attempt.score == 1.0


# Ending


def test_submitting_twice_is_submitting_once():
    attempt = make_attempt()
    first = submit(attempt)
    again = submit(attempt, now=NOW + timedelta(minutes=1))
    assert (again.state, again.finished_at) == ("submitted", first.finished_at)


def test_a_submitted_attempt_takes_no_more_responses():
    attempt = make_attempt()
    submit(attempt)
    with pytest.raises(AttemptClosed):
        answer(attempt, RIGHT)


def test_a_draft_that_was_not_sent_is_graded_at_the_end():
    attempt = make_attempt()
    sitting.draft(attempt, 1, RIGHT, now=NOW)
    assert submit(attempt).score == 1.0
    assert Response.objects.get().origin == "draft"


def test_a_draft_saved_after_its_answer_was_sent_is_no_second_try():
    attempt = make_attempt()
    answer(attempt, WRONG)
    sitting.draft(attempt, 1, WRONG, now=NOW)
    submit(attempt)
    assert Response.objects.count() == 1


def test_past_its_deadline_an_attempt_expires_with_its_drafts_graded():
    attempt = make_attempt(time_limit_minutes=10)
    sitting.draft(attempt, 1, RIGHT, now=NOW)
    late = settle(attempt_id=attempt.pk, now=NOW + timedelta(minutes=11))
    assert (late.state, late.score) == ("expired", 1.0)


def test_a_late_answer_is_refused_and_kept():
    attempt = make_attempt(time_limit_minutes=10)
    with pytest.raises(AttemptExpired):
        answer(attempt, RIGHT, now=NOW + timedelta(minutes=11))
    kept = Response.objects.get()
    assert (kept.answer, kept.origin, kept.verdict, kept.announcement) == (RIGHT, "late", None, None)
    ended = settle(attempt_id=attempt.pk, now=NOW + timedelta(minutes=12))
    assert (ended.state, ended.score) == ("expired", 0.0)


def test_a_late_answer_takes_no_draft_out_of_the_count():
    attempt = make_attempt(time_limit_minutes=10)
    sitting.draft(attempt, 1, RIGHT, now=NOW)
    with pytest.raises(AttemptExpired):
        answer(attempt, WRONG, now=NOW + timedelta(minutes=11))
    assert settle(attempt_id=attempt.pk, now=NOW + timedelta(minutes=11)).score == 1.0
    assert not Draft.objects.exists()


def test_a_repeated_late_answer_is_kept_once_and_too_many_are_not():
    attempt, key, late = make_attempt(time_limit_minutes=10), uuid4(), NOW + timedelta(minutes=11)
    for _ in range(2):
        with pytest.raises(AttemptExpired):
            answer(attempt, RIGHT, key=key, now=late)
    assert Response.objects.count() == 1
    for _ in range(MOST_LATE):
        with pytest.raises(AttemptExpired):
            answer(attempt, RIGHT, now=late)
    assert Response.objects.count() == MOST_LATE


def test_an_answer_counts_by_its_arrival():
    attempt = make_attempt(time_limit_minutes=10)
    assert answer(attempt, RIGHT, now=attempt.deadline).verdict.valid
    assert settle(attempt_id=attempt.pk, now=attempt.deadline + GRACE).state == "open"
    assert (
        settle(attempt_id=attempt.pk, now=attempt.deadline + GRACE + timedelta(seconds=1)).state == "expired"
    )


def test_a_draft_older_than_the_last_answer_is_refused():
    attempt = make_attempt()
    answer(attempt, WRONG)
    with pytest.raises(DraftStale):
        sitting.draft(attempt, 1, RIGHT, after=0)
    sitting.draft(attempt, 1, RIGHT, after=1)
    assert submit(attempt).score == 1.0


def test_an_expired_attempt_makes_way_for_a_new_one():
    assessment, learner = make_assessment(time_limit_minutes=10), make_learner()
    first, _ = start(assessment, learner)
    second, created = start(assessment, learner, now=NOW + timedelta(minutes=11))
    assert created
    first.refresh_from_db()
    assert (first.state, second.number) == ("expired", 2)


def test_the_score_is_the_fold_of_the_log():
    attempt = make_attempt(make_item(), make_item(exercise_document()), make_item(), penalty=0.25, tries=3)
    answer(attempt, WRONG)
    answer(attempt, RIGHT)
    answer(attempt, {"a": "nonsense"}, position=2)
    answer(attempt, {"a": "-7"}, position=2)
    answer(attempt, RIGHT, position=3)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.max_score) == fold(attempt) == (1.75, 3.0)


# Two at once


def at_once(*calls):
    """Run the calls in threads of their own, and return what each returned or raised."""

    def run(call):
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_a_double_click_starts_one_attempt():
    assessment, learner = make_assessment(), make_learner()
    results = at_once(*[lambda: start(assessment, learner)] * 4)
    assert len({attempt.pk for attempt, _ in results}) == 1
    assert sum(created for _, created in results) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_sent_four_times_at_once_is_stored_once():
    attempt, key = make_attempt(tries=None), uuid4()
    results = at_once(*[lambda: answer(attempt, WRONG, key=key)] * 4)
    assert len({recorded.response.id for recorded in results}) == 1
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_two_tries_and_never_a_third():
    attempt = make_attempt(tries=2)
    results = at_once(*[lambda: answer(attempt, WRONG)] * 4)
    assert sum(isinstance(result, PresentationSettled) for result in results) == 2
    assert sorted(Response.objects.values_list("try_number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_submits_at_once_end_the_attempt_once():
    attempt = make_attempt()
    sitting.draft(attempt, 1, RIGHT, now=NOW)
    results = at_once(*[lambda: submit(attempt)] * 4)
    assert {result.state for result in results} == {"submitted"}
    assert Response.objects.count() == 1
