"""Laws on random expressions, and nothing but ``ExpressionError`` from random text."""

from __future__ import annotations

import string
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.expressions import ExpressionError, limits, parse, walk
from tests.content.expressions import grammar

BATCH = 15
VALUES = grammar.values(BATCH)
LIMITS = ("a constant exponent is at most", "the limit is", "divide it into steps", "has at most")

# No deadline: a slow machine breaks no law.
law = settings(deadline=None)
dice = st.randoms(use_true_random=False)
depths = st.integers(0, 4)
shapes = st.sampled_from([(), (3,), (3, 3)])


def _bits(result: np.ndarray) -> bytes:
    # All nans are one: which sign bit survives in nan + nan depends on the width of the processor's registers.
    return np.where(np.isnan(result), np.nan, result).tobytes()


def _outcome(text: str) -> np.ndarray | ExpressionError:
    try:
        return parse(text).evaluate(VALUES, BATCH)
    except ExpressionError as refusal:
        return refusal


def _is_harmless(text: str) -> bool:
    outcome = _outcome(text)
    if isinstance(outcome, ExpressionError):
        lines = text.split("\n")
        return 1 <= outcome.line <= len(lines) and 1 <= outcome.column <= len(lines[outcome.line - 1]) + 1
    expression = parse(text)
    levels = [level for _, level in walk(expression.tree)]
    return (
        len(outcome) == BATCH
        and len(levels) <= limits.MAX_NODES
        and max(levels) <= limits.MAX_DEPTH
        and expression.cost(grammar.SHAPES) <= limits.MAX_ROW_COST
    )


@law
@given(dice, shapes, depths)
def test_a_well_formed_expression_has_its_shape_unless_it_is_too_large(
    dice: Random, shape: tuple[int, ...], depth: int
) -> None:
    outcome = _outcome(grammar.well_formed(dice, shape, depth))
    if isinstance(outcome, ExpressionError):
        assert any(limit in outcome.reason for limit in LIMITS), outcome
    else:
        assert outcome.shape == (BATCH, *shape)


@law
@given(dice, shapes, depths)
def test_a_row_of_any_expression_has_the_same_bits_alone(
    dice: Random, shape: tuple[int, ...], depth: int
) -> None:
    text = grammar.well_formed(dice, shape, depth)
    together = _outcome(text)
    if isinstance(together, ExpressionError):
        return
    expression = parse(text)
    rows = [{name: value[row : row + 1] for name, value in VALUES.items()} for row in range(BATCH)]
    alone = np.concatenate([expression.evaluate(row, 1) for row in rows])
    assert _bits(alone) == _bits(together)


@law
@given(dice, shapes, depths)
def test_a_damaged_expression_is_refused_in_its_own_text_or_harmless(
    dice: Random, shape: tuple[int, ...], depth: int
) -> None:
    assert _is_harmless(grammar.damaged(dice, grammar.well_formed(dice, shape, depth)))


@law
@given(dice)
def test_any_pattern_repeated_is_refused_or_harmless(dice: Random) -> None:
    assert _is_harmless(grammar.repeated(dice))


@law
@given(st.text())
def test_any_text_is_refused_or_harmless(text: str) -> None:
    assert _is_harmless(text)


@law
@given(st.text(alphabet=string.digits + "xvk.eE+-*/^@()[],:<>=! \n", max_size=40))
def test_any_text_of_the_languages_own_characters_is_refused_or_harmless(text: str) -> None:
    assert _is_harmless(text)


@law
@given(st.text())
def test_a_message_can_be_printed(text: str) -> None:
    outcome = _outcome(text)
    if isinstance(outcome, ExpressionError):
        assert str(outcome).encode("utf-8").decode("utf-8").isprintable()


@law
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0))
def test_every_float_reads_back_as_itself(value: float) -> None:
    assert parse(repr(value)).evaluate({}, 1) == value


def test_the_random_expressions_are_mostly_accepted() -> None:
    # Or the laws above would say little.
    dice = Random(5)
    outcomes = [_outcome(grammar.well_formed(dice, dice.choice([(), (3,), (3, 3)]), 3)) for _ in range(200)]
    accepted = [outcome for outcome in outcomes if not isinstance(outcome, ExpressionError)]
    assert len(accepted) > 150
    assert sum(np.isfinite(outcome).any() for outcome in accepted) > 100


@pytest.mark.parametrize("text", ["1e-324 + 0", "4.9e-324", "1.7976931348623157e308"])
def test_the_ends_of_the_floats_are_read_or_refused(text: str) -> None:
    outcome = _outcome(text)
    assert isinstance(outcome, ExpressionError) == (text == "1e-324 + 0")
