"""Tries, penalties, best and last, and the sum over an attempt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.scoring.tries import (
    Keep,
    LogEntry,
    Slot,
    TryRules,
    UnknownPosition,
    attempt_score,
    settled,
    tally_tries,
)

THIRD = TryRules(tries=3, penalty=1 / 3)
SCORES = st.lists(st.none() | st.floats(0, 1))
RULES = st.builds(
    TryRules, tries=st.none() | st.integers(1, 5), penalty=st.floats(0, 1), keep=st.sampled_from(Keep)
)


@pytest.mark.parametrize(
    ("rules", "scores", "expected"),
    [
        (TryRules(), [], None),
        (TryRules(), [None, None], None),
        (TryRules(), [0.0, 1.0], 1.0),
        (TryRules(penalty=0.25), [0.0, 1.0], 0.75),
        (TryRules(penalty=0.25), [None, 0.0, None, 1.0], 0.75),
        (TryRules(penalty=0.5), [0.0, 0.0, 0.0, 1.0], 0.0),
        (TryRules(penalty=0.1), [0.5, 0.2], 0.5),
        (TryRules(penalty=0.1, keep=Keep.LAST), [0.5, 0.4], pytest.approx(0.3)),
        (TryRules(tries=2), [0.1, 0.2, 1.0], 0.2),
        (TryRules(), [-0.5], 0.0),
        (TryRules(), [0.9999999], 0.9999999),
    ],
)
def test_each_valid_try_before_costs_the_penalty(
    rules: TryRules, scores: list[float | None], expected: float | None
) -> None:
    assert tally_tries(rules, scores).score == expected


@pytest.mark.parametrize(
    ("rules", "scores", "closed"),
    [
        (THIRD, [], False),
        (THIRD, [0.0, None, 0.5], False),
        (THIRD, [0.0, 1.0], True),
        (THIRD, [0.9999999], True),
        (THIRD, [0.0, None, 0.0, 0.0], True),
        (TryRules(), [0.0] * 50, False),
    ],
)
def test_an_item_is_settled_once_right_or_out_of_tries(
    rules: TryRules, scores: list[float | None], closed: bool
) -> None:
    assert settled(rules, tally_tries(rules, scores)) is closed


def test_what_follows_a_right_answer_changes_nothing() -> None:
    assert tally_tries(TryRules(keep=Keep.LAST), [1.0, 0.0]).score == 1.0


def test_an_invalid_answer_uses_no_try() -> None:
    assert tally_tries(TryRules(), [None, 0.0, None, 1.0]).used == 2


@given(rules=RULES, before=SCORES, after=SCORES)
def test_folding_a_prefix_and_going_on_is_folding_the_whole(
    rules: TryRules, before: list[float | None], after: list[float | None]
) -> None:
    assert tally_tries(rules, after, tally_tries(rules, before)) == tally_tries(rules, before + after)


@given(rules=RULES, scores=SCORES)
def test_a_score_is_a_fraction(rules: TryRules, scores: list[float | None]) -> None:
    score = tally_tries(rules, scores).score
    assert score is None or 0 <= score <= 1


@given(tries=st.integers(1, 5), penalty=st.floats(0, 1), scores=SCORES, more=st.floats(0, 1))
def test_with_the_best_kept_another_try_never_lowers_the_score(
    tries: int, penalty: float, scores: list[float | None], more: float
) -> None:
    rules = TryRules(tries=tries, penalty=penalty)
    assert (tally_tries(rules, [*scores, more]).score or 0) >= (tally_tries(rules, scores).score or 0)


@pytest.mark.parametrize("bad", [{"tries": 0}, {"penalty": -0.1}, {"penalty": 1.1}])
def test_rules_that_make_no_sense_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"an item allows|a penalty is"):
        TryRules(**bad)  # type: ignore[arg-type]


def test_an_attempt_sums_its_slots_by_weight() -> None:
    slots = [Slot(1, weight=2), Slot(2), Slot(3, weight=0.5)]
    log = [LogEntry(1, 0.5), LogEntry(2, None), LogEntry(1, 1.0), LogEntry(3, 1.0)]
    result = attempt_score(slots, log, TryRules(penalty=0.25))
    assert (result.score, result.max_score) == (2.0, 3.5)
    assert result.by_position == {1: 1.5, 2: 0.0, 3: 0.5}


def test_a_total_does_not_depend_on_the_order_of_the_slots() -> None:
    slots = [Slot(position, weight=0.1) for position in range(10)]
    log = [LogEntry(position, 1.0) for position in range(10)]
    assert attempt_score(slots, log, TryRules()) == attempt_score(slots[::-1], log, TryRules())
    assert attempt_score(slots, log, TryRules()).score == 1.0


def test_an_entry_without_a_slot_is_refused() -> None:
    with pytest.raises(UnknownPosition):
        attempt_score([Slot(1)], [LogEntry(2, 1.0)], TryRules())
