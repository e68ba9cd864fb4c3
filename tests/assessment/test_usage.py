"""Which assessments would miss an item."""

from datetime import timedelta
from typing import Any

import pytest

from assessment.models import Assignment
from assessment.usage import Usage, usages
from content.models import Item, ItemBank
from tests.builders import (
    NOW,
    assessment_document,
    choice_document,
    make_assessment,
    make_attempt,
    make_bank,
    make_course,
    make_item,
    make_skill,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> ItemBank:
    return make_bank("bank")


def items(bank: ItemBank, count: int) -> list[Item]:
    return [
        make_item(choice_document(f"{bank.slug}-{number}", difficulty=0.0), bank=bank)
        for number in range(count)
    ]


def drawing(bank: ItemBank, draw: int, **slot: Any) -> Any:
    sections = [{"title": "Drawn", "slots": [{"bank": bank.slug, "draw": draw, **slot}]}]
    return make_assessment(sections=sections)


def only(found: list[Usage]) -> Usage:
    (usage,) = found
    return usage


def test_an_assessment_that_names_an_item_breaks_without_it(bank: ItemBank) -> None:
    item, other = items(bank, 2)
    assessment = make_assessment(item)
    usage = only(usages([item], None, NOW))
    assert (usage.assessment, usage.named, usage.breaks) == (assessment, (item,), True)
    assert usages([other], None, NOW) == []


@pytest.mark.parametrize(("draw", "breaks"), [(2, False), (3, True)])
def test_an_assessment_breaks_when_its_bank_has_too_few(bank: ItemBank, draw: int, breaks: bool) -> None:
    item, *_ = items(bank, 3)
    drawing(bank, draw)
    usage = only(usages([item], None, NOW))
    assert (usage.breaks, usage.draws[0].now, usage.draws[0].then) == (breaks, 3, 2)


def test_several_items_go_together(bank: ItemBank) -> None:
    found = items(bank, 3)
    drawing(bank, 2)
    assert not only(usages(found[:1], None, NOW)).breaks
    assert only(usages(found[:2], None, NOW)).breaks


def test_a_draw_by_skill_misses_items_of_the_skill_alone(bank: ItemBank) -> None:
    item, *_ = items(bank, 2)
    make_skill("alone")
    skilled = make_item(choice_document("skilled", skills=["alone"]), bank=bank)
    drawing(bank, 1, skill="alone")
    assert only(usages([skilled], None, NOW)).breaks
    assert usages([item], None, NOW) == []


@pytest.mark.parametrize("mode", ["adaptive", "mastery"])
def test_other_modes_are_tried_by_their_own_rules(bank: ItemBank, mode: str) -> None:
    item, other = items(bank, 2)
    rules: dict[str, Any] = {"skills": ["l2-update"]}
    if mode == "adaptive":
        rules = {"provisional": True, "stop": {"min_items": 2, "max_items": 5}}
    make_assessment(mode=mode, bank=bank, rules=rules, tries=1)
    gone = [item] if mode == "adaptive" else [item, other]
    assert only(usages(gone, None, NOW)).breaks


def test_a_move_breaks_what_draws_and_not_what_names(bank: ItemBank) -> None:
    item, *_ = items(bank, 2)
    named, drawn = make_assessment(item), drawing(bank, 2)
    found = usages([item], make_bank("other"), NOW)
    assert [(one.assessment, one.breaks) for one in found] == [(drawn, True), (named, False)]


def test_what_is_broken_already_does_not_break(bank: ItemBank) -> None:
    item, *_ = items(bank, 2)
    drawing(bank, 5)
    assert not only(usages([item], None, NOW)).breaks


def test_retired_assessments_and_old_versions_miss_nothing(bank: ItemBank) -> None:
    item, other = items(bank, 2)
    retired = make_assessment(item)
    retired.retired_at = NOW
    retired.save()
    moved_on = make_assessment(item)
    publish(moved_on, assessment_document(moved_on.slug, other))
    assert usages([item], None, NOW) == []


def test_nothing_is_retired_by_asking(bank: ItemBank) -> None:
    found = items(bank, 1)
    make_assessment(*found)
    usages(found, None, NOW)
    usages(found, make_bank("other"), NOW)
    assert Item.objects.servable().get().bank == bank


def test_assignments_are_told_with_their_running_attempts(bank: ItemBank) -> None:
    item, *_ = items(bank, 1)
    attempt = make_attempt(item)
    assessment = attempt.assignment.assessment
    course, over = make_course(), make_course()
    Assignment.objects.create(assessment=assessment, course=course, closes_at=NOW + timedelta(days=1))
    Assignment.objects.create(assessment=assessment, course=over, closes_at=NOW - timedelta(days=1))
    given = only(usages([item], None, NOW)).given
    assert [(one.assignment.course, one.running) for one in given] == [(None, 1), (course, 0)]
