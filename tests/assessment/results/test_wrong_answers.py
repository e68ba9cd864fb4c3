import json

import numpy as np
import pytest

from assessment.results.counting import LONGEST, Given
from assessment.results.statistics import Subject, statistics_of
from assessment.results.wrong_answers import wrong_answers
from tests import builders, sitting
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def numeric(slug="a-half", **changes):
    return builders.choice_document(
        slug,
        body="What is a half? [[a]]",
        interactions={"a": {"kind": "numeric", "key": "0.5"}},
        **changes,
    )


def test_wrong_answers_carry_what_a_correction_needs():
    item = builders.make_item(numeric())
    assessment = builders.make_assessment(item, builders.make_item(), tries=2)
    for entered in (["0.25", "0.5"], ["0.25", "2"], ["0.5"], ["1/4"]):
        attempt, _ = sitting.start(assessment)
        for one in entered:
            sitting.answer(attempt, 1, {"a": one})
        sitting.submit(attempt)
    first, second = wrong_answers(statistics_of(Subject(assessment), now=NOW).report)
    assert (first.item_version, first.interaction) == (item.current_id, "a")
    assert (first.parsed, first.written, first.count, first.share) == (0.25, "0.25", 3, 0.75)
    assert first.is_whole
    assert (second.written, second.count, second.misconception) == ("2", 1, None)


def test_a_choice_has_options_instead():
    assessment = builders.make_assessment()
    attempt, _ = sitting.start(assessment)
    sitting.answer(attempt, 1, sitting.WRONG)
    sitting.submit(attempt)
    assert wrong_answers(statistics_of(Subject(assessment), now=NOW).report) == []


def test_the_beginning_of_a_long_answer_is_not_the_answer():
    stored = json.dumps("x" * 700)[:LONGEST]
    found = Given("a", None, 0.0, stored, True, np.array([100_001]))
    assert (found.is_whole, found.value) == (False, stored)
    assert Given("a", None, 0.0, '"x"', True, np.array([100_001])).value == "x"
