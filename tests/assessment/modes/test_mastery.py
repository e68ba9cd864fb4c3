"""Mastery attempts: what is practiced and why, when it ends, and that it can be done again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from assessment.delivery.hints import take_hint
from assessment.delivery.verifying import verify_attempt
from assessment.errors import AttemptClosed, BankExhausted
from assessment.knowledge.mastery import MasteryParameters
from assessment.models import Attempt, MasteryFit, Presentation
from assessment.modes import MODES
from assessment.modes.mastery import path_of
from assessment.modes.places import places_of
from content.models import Item
from tests import sitting
from tests.builders import (
    NOW,
    choice_document,
    exercise_document,
    make_assessment,
    make_item,
    make_learner,
    make_lesson,
    make_skill,
    who,
)
from tests.practicing import ask, begin, give, make_chain, make_fit, make_mastery, record_practice, sit
from tests.sitting import fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def items():
    return make_chain()


# Beginning


def test_an_attempt_begins_with_its_skills_in_order_and_its_first_item(items):
    attempt = begin(make_mastery(skills=["multiply", "count"]))
    assert [(one.slug, one.requires) for one in path_of(attempt).skills] == [
        ("count", ()),
        ("multiply", ("count",)),
    ]
    assert attempt.presentations.get().choice["skill"] == "count"
    assert (attempt.score, attempt.max_score) == (0.0, 2.0)


def test_without_a_list_the_skills_of_the_lesson_are_practiced_as_far_as_there_are_items(items):
    lesson = make_lesson()
    lesson.skills.set([make_skill("add"), make_skill("count"), make_skill("without-items")])
    assessment = make_assessment(lesson=lesson, slug="mastery", mode="mastery", mastery={"bank": "bank"})
    assert [one.slug for one in path_of(begin(assessment)).skills] == ["count", "add"]


def test_a_skill_that_is_named_and_has_no_items_starts_nothing(items):
    make_skill("divide")
    with pytest.raises(BankExhausted):
        begin(make_mastery(skills=["count", "divide"]))
    assert not Attempt.objects.exists()


# Practicing


def test_skills_are_practiced_in_order_each_until_it_is_mastered(items):
    assert sit(begin(make_mastery())) == ["count", "count", "add", "add", "multiply", "multiply"]


def test_wrong_answers_keep_a_skill_going_and_later_tries_do_not_help(items):
    attempt = begin(make_mastery())
    assert sit(attempt, True, False, False, True, True, True) == ["count"] * 5 + ["add"]


def test_each_item_of_an_exercise_is_a_fresh_variant(items):
    attempt = begin(make_mastery(m=5, n=5))
    sit(attempt, *[True] * 5)
    drawn = {p.variant.values["x"] for p in attempt.presentations.all()}
    assert len(drawn) > 3


def test_enemies_are_kept_apart_while_there_are_others():
    make_chain("count")
    for slug, enemies in {"twin": ["count-it"], "third": []}.items():
        make_item(exercise_document(slug, skills=["count"], enemies=enemies))
    assessment = make_mastery(skills=["count"], m=5, n=5)
    given = []
    for seed in range(6):
        attempt = begin(assessment, seed=seed)
        sit(attempt, *[True] * 5)
        given.append(frozenset(p.item_version.item.slug for p in attempt.presentations.all()))
    assert set(given) == {frozenset({"count-it", "third"}), frozenset({"twin", "third"})}


def test_the_choice_is_stored_with_its_reason_in_words(items):
    attempt = begin(make_mastery())
    sit(attempt, True, True, False)
    shown = ask(attempt)
    assert shown.choice["skills"] == ["add"]
    assert shown.choice["reason"] == (
        "Practices “add”, whose foundations here are mastered. "
        "It is mastered with 2 of the last 3 right at the first try; so far 0 of 1."
    )
    assert shown.section_title == "add"


def test_an_answer_counts_for_every_skill_that_its_item_asks_for(items):
    make_item(exercise_document("both", skills=["count", "add"]))
    Item.objects.filter(slug__in=["count-it", "add-it"]).update(retired_at=NOW)
    attempt = begin(make_mastery(skills=["count", "add"]))
    assert sit(attempt) == ["count", "count"]
    assert (attempt.score, attempt.stop_reason) == (2.0, "mastered")


def test_a_fixed_item_is_not_repeated_while_others_are_left():
    for number in range(4):
        make_item(choice_document(f"pick-{number}", skills=["count"]))
    attempt = begin(make_mastery(skills=["count"], m=3, n=3, max_items=6))
    while shown := ask(attempt):
        choose_wrongly(attempt, shown.position)
    slugs = [p.item_version.item.slug for p in attempt.presentations.order_by("position")]
    assert len(set(slugs[:4])) == 4
    assert len(slugs) == 6


def choose_wrongly(attempt, position):
    for option in ("wrong", "other"):
        sitting.answer(attempt, position, {"a": option}, key=None, now=NOW)


def test_an_item_that_has_no_sound_variant_is_passed_over(items):
    impossible = make_item(exercise_document("hopeless", skills=["count"], require=["x > 100"]))
    attempt = begin(make_mastery())
    sit(attempt, *[False] * 4)
    assert impossible.slug not in {p.item_version.item.slug for p in attempt.presentations.all()}


def test_practice_from_before_counts_where_the_rules_say_so(items):
    learner = make_learner()
    record_practice(learner, items[0], [1.0, 1.0])
    carried = begin(make_mastery(carry_over=True), learner)
    assert (carried.score, sit(carried, True)) == (1.0, ["add"])
    fresh = begin(make_mastery(slug="fresh"), learner)
    assert (fresh.score, sit(fresh, True)) == (0.0, ["count"])


def test_what_is_carried_over_stays_as_it_was_at_the_start(items):
    attempt = begin(make_mastery(carry_over=True))
    record_practice(who(attempt), items[0], [1.0] * 6)
    assert fold(attempt) == (0.0, 3.0)


def test_an_attempt_keeps_the_parameters_that_were_in_force(items):
    fit = make_fit("count", MasteryParameters(prior=0.9, guess=0.01, slip=0.01))
    MasteryFit.objects.filter(pk=fit.pk).update(is_active=True)
    attempt = begin(make_mastery(criterion="probability"))
    MasteryFit.objects.filter(pk=fit.pk).update(is_active=False)
    assert path_of(attempt).skills[0].parameters == fit.parameters
    assert MODES["mastery"].skills(attempt, places_of(attempt)).skills[0].mastery.probability == 0.9


def test_a_right_answer_after_a_hint_masters_nothing(items):
    attempt = begin(make_mastery(m=1, n=1))
    for _ in range(3):
        shown = ask(attempt)
        take_hint(attempt_id=attempt.pk, user_id=who(attempt).pk, position=shown.position, now=NOW)
        give(attempt, shown, right=True)
    attempt.refresh_from_db()
    assert attempt.score == 0.0


# Ending


def test_an_attempt_ends_when_every_skill_is_mastered_and_its_score_is_the_skills(items):
    attempt = begin(make_mastery())
    sit(attempt)
    assert (attempt.state, attempt.stop_reason) == ("submitted", "mastered")
    assert (attempt.score, attempt.max_score) == (3.0, 3.0)
    assert sitting.upcoming(attempt, NOW) is None


def test_an_attempt_ends_with_its_longest_length(items):
    attempt = begin(make_mastery(max_items=4))
    sit(attempt, *[False] * 4)
    assert ask(attempt) is None
    attempt.refresh_from_db()
    assert (attempt.stop_reason, attempt.score) == ("length", 0.0)


def test_an_attempt_ends_when_there_is_nothing_left_to_show(items):
    attempt = begin(make_mastery())
    shown = ask(attempt)
    Item.objects.update(retired_at=NOW)
    give(attempt, shown, right=True)
    assert ask(attempt) is None
    attempt.refresh_from_db()
    assert attempt.stop_reason == "bank_exhausted"


def test_whoever_knows_everything_already_is_done_at_once(items):
    learner = make_learner()
    for item in items:
        record_practice(learner, item, [1.0, 1.0])
    attempt = begin(make_mastery(carry_over=True), learner)
    assert sit(attempt) == []
    assert (attempt.stop_reason, attempt.score) == ("mastered", 3.0)


def test_a_learner_may_submit_early_and_a_draft_counts(items):
    attempt = begin(make_mastery(m=1, n=1))
    key = ask(attempt).variant.interactions["a"]["key"]
    sitting.draft(attempt, 1, {"a": repr(key)}, now=NOW)
    ended = sitting.submit(attempt, NOW)
    assert (ended.score, ended.stop_reason) == (1.0, "")
    with pytest.raises(AttemptClosed):
        sitting.upcoming(ended, NOW)


def test_forgetting_between_two_days_of_an_attempt_does_not_take_a_skill_back(items):
    attempt = begin(make_mastery(criterion="probability"))
    for _ in range(3):
        give(attempt, ask(attempt), right=True)
    assert ask(attempt, NOW + timedelta(days=400)).choice["skill"] == "add"


# Doing it again


def test_asking_again_gives_the_same_item(items):
    attempt = begin(make_mastery())
    assert ask(attempt).pk == ask(attempt).pk
    assert attempt.presentations.count() == 1


def test_a_process_that_dies_while_choosing_leaves_the_same_choice_to_the_next(items):
    for number in range(6):
        make_item(exercise_document(f"more-{number}", skills=["count"]))
    attempt = begin(make_mastery())
    standing = ask(attempt)

    def interrupted():
        with transaction.atomic():
            give(attempt, standing, right=True)
            shown = ask(attempt)
            transaction.set_rollback(True)
        return shown.item_version_id, shown.choice, shown.variant_document

    first, second = interrupted(), interrupted()
    assert attempt.presentations.count() == 1
    assert first == second


@pytest.mark.parametrize("rules", [{}, {"criterion": "probability"}, {"carry_over": True}])
def test_the_score_and_every_choice_follow_from_the_log(items, rules):
    learner = make_learner()
    record_practice(learner, items[0], [0.0, 1.0])
    attempt = begin(make_mastery(**rules), learner)
    for right in (False, True, True, False, True, True, True):
        sit(attempt, right)
        assert verify_attempt(attempt_id=attempt.pk) == []


def test_verification_finds_a_score_and_a_choice_that_do_not_follow_from_the_log(items):
    attempt = begin(make_mastery())
    sit(attempt, True, True, False)
    Attempt.objects.update(score=2.0)
    shown = attempt.presentations.get(position=1)
    shown.choice["skill"] = "multiply"
    shown.save()
    found = verify_attempt(attempt_id=attempt.pk)
    assert [(one.field, one.position, one.stored) for one in found] == [
        ("score", None, 2.0),
        ("choice.skill", 1, "multiply"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_requests_for_the_next_item_at_once_show_one():
    make_chain()
    attempt = begin(make_mastery())

    def request(_):
        try:
            return sitting.upcoming(attempt, NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        shown = set(pool.map(request, range(4)))
    assert len(shown) == Presentation.objects.count() == 1


def test_a_longer_attempt_costs_no_more_queries(
    items, django_assert_num_queries, django_assert_max_num_queries
):
    attempt = begin(make_mastery(m=20, n=20))
    sit(attempt, True)
    with django_assert_max_num_queries(20) as few:
        ask(attempt)
    sit(attempt, *[True] * 8)
    with django_assert_num_queries(len(few.captured_queries)):
        ask(attempt)
