"""What exclusive assessments keep out of practice, from whom, and for how long."""

import random
from datetime import timedelta

import pytest

from assessment.delivery.attempts import start_attempt
from assessment.delivery.practice import start_practice
from assessment.errors import BankExhausted, NotForPractice
from assessment.models import Accommodation, Assignment
from assessment.people.access import for_practice
from content.models import Item
from tests import sitting
from tests.builders import (
    NOW,
    change,
    choice_document,
    enrol,
    exercise_document,
    make_assessment,
    make_bank,
    make_course,
    make_item,
    make_learner,
)
from tests.measuring import make_adaptive
from tests.practicing import make_mastery

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def item():
    return make_item(exercise_document())


def can_practice(item, user=None, now=NOW):
    return for_practice(user, now).filter(pk=item.pk).exists()


def start(assessment, learner, now=NOW):
    return start_attempt(user=learner, assessment=assessment, now=now, dice=random.Random(1))[0]


@pytest.mark.parametrize(
    ("use", "feedback", "again"),
    [
        ("both", "immediate", True),
        ("both", "at_end", True),
        ("both", "after_close", False),
        ("assessment", "immediate", False),
    ],
)
def test_a_fixed_item_is_practiced_by_who_has_seen_its_solution(use, feedback, again):
    fixed, ann = make_item(choice_document("pick", use=use)), make_learner()
    attempt = start(make_assessment(fixed, feedback=feedback, exclusive=False), ann)
    assert not can_practice(fixed, ann)
    sitting.submit(attempt)
    assert can_practice(fixed, ann) is again
    assert not can_practice(fixed, make_learner())
    assert not can_practice(fixed)


def test_what_a_closing_opens_waits_for_the_latest_of_a_learner():
    fixed, ann = make_item(choice_document("pick")), make_learner()
    assessment = make_assessment(fixed, feedback="after_close", closes_at=NOW + HOUR, exclusive=False)
    sitting.submit(start(assessment, ann))
    assert not can_practice(fixed, ann, NOW)
    assert can_practice(fixed, ann, NOW + 2 * HOUR)
    Accommodation.objects.create(user=ann, closes_at=NOW + 3 * HOUR)
    assert not can_practice(fixed, ann, NOW + 2 * HOUR)
    assert can_practice(fixed, ann, NOW + 4 * HOUR)


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, False),
        ({"exclusive": True}, True),
        ({"feedback": "at_end"}, True),
        ({"feedback": "at_end", "exclusive": False}, False),
        ({"feedback": "after_close"}, True),
        ({"closes_at": NOW + HOUR}, True),
        ({"closes_at": NOW + HOUR, "exclusive": False}, False),
    ],
)
def test_without_a_word_what_closes_or_withholds_is_exclusive(item, fields, kept):
    make_assessment(item, **fields)
    assert can_practice(item) is not kept


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"opens_at": NOW + HOUR}, False),
        ({"opens_at": NOW, "closes_at": NOW + HOUR}, True),
        ({"opens_at": NOW - 2 * HOUR, "closes_at": NOW}, False),
        ({"is_open": False}, False),
        ({"is_open": False, "closes_at": NOW + HOUR}, False),
    ],
)
def test_items_are_kept_from_opening_to_closing(item, fields, kept):
    make_assessment(item, exclusive=True, **fields)
    assert can_practice(item) is not kept


def test_what_is_taken_off_keeps_its_items_until_it_closes_once_somebody_began(item):
    assessment = make_assessment(item, closes_at=NOW + HOUR)
    start(assessment, make_learner())
    Assignment.objects.update(is_open=False)
    assert not can_practice(item)
    assert can_practice(item, now=NOW + HOUR)


def test_an_attempt_under_way_keeps_its_items_to_its_end(item):
    assessment = make_assessment(item, exclusive=True, time_limit_minutes=30)
    start(assessment, make_learner())
    Assignment.objects.update(is_open=False)
    assert not can_practice(item)
    assert can_practice(item, now=NOW + HOUR)


def test_a_later_closing_of_one_keeps_the_items_from_all(item):
    assessment = make_assessment(item, closes_at=NOW + HOUR)
    Accommodation.objects.create(user=make_learner(), assessment=assessment, closes_at=NOW + 3 * HOUR)
    assert not can_practice(item, make_learner(), NOW + 2 * HOUR)
    assert can_practice(item, make_learner(), NOW + 3 * HOUR)


def test_items_of_a_course_are_kept_from_its_members_and_from_guests(item):
    course = make_course()
    make_assessment(item, exclusive=True, course=course)
    enrol(member := make_learner(), course)
    assert [can_practice(item, user) for user in (None, make_learner(is_guest=True), member)] == [False] * 3
    assert can_practice(item, make_learner())


def test_items_of_no_course_are_kept_from_everybody(item):
    make_assessment(item, exclusive=True)
    assert not can_practice(item, make_learner())


def slot_of(**drawn):
    make_assessment(exclusive=True, sections=[{"slots": [drawn]}])


def test_what_may_be_drawn_is_kept_as_what_is_named(item):
    elsewhere = make_item(exercise_document("elsewhere"), bank=make_bank("other"))
    slot_of(bank=item.bank.slug)
    assert not can_practice(item)
    assert can_practice(elsewhere)


def test_of_a_skill_only_its_items_are_kept(item):
    other = make_item(exercise_document("other", skills=["another"]))
    slot_of(bank=item.bank.slug, skill="another")
    assert can_practice(item)
    assert not can_practice(other)


def test_what_somebody_is_still_answering_is_kept_after_other_items_are_published(item):
    other = make_item(exercise_document("other"))
    assessment = make_assessment(item, exclusive=True)
    attempt = start(assessment, make_learner())
    change(assessment, sections=[{"slots": [{"item": other.slug}]}])
    assert not can_practice(item)
    assert not can_practice(other)
    sitting.submit(attempt, NOW)
    assert can_practice(item)


@pytest.mark.parametrize("make", [make_adaptive, make_mastery])
def test_where_items_are_chosen_one_by_one_the_bank_is_kept(item, make):
    make()
    Assignment.objects.update(exclusive=True)
    assert not can_practice(item)


def test_a_variant_in_hand_waits_as_well(item):
    learner = make_learner()
    shown = start_practice(user=learner, item=item, now=NOW, dice=random.Random(1))
    make_assessment(item, exclusive=True)
    with pytest.raises(NotForPractice):
        start_practice(user=learner, item=item, now=NOW, dice=random.Random(1))
    with pytest.raises(NotForPractice):
        sitting.check(shown, "1", key=None, now=NOW)


@pytest.mark.parametrize(
    ("bank", "own", "practiced", "asked"),
    [
        ("both", "", True, True),
        ("practice", "", True, False),
        ("assessment", "", False, True),
        ("assessment", "both", True, True),
        ("practice", "assessment", False, True),
        ("both", "practice", True, False),
    ],
)
def test_an_item_is_for_what_it_says_or_else_its_bank(item, bank, own, practiced, asked):
    item.use, item.bank.use = own, bank
    item.bank.save()
    item.save()
    assert can_practice(item) is practiced
    assert Item.objects.asked().filter(pk=item.pk).exists() is asked
    assessment = make_assessment(item, exclusive=False)
    if asked:
        assert start(assessment, make_learner())
    else:
        with pytest.raises(BankExhausted):
            start(assessment, make_learner())
