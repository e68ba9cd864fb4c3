"""A corpus of hostile expressions: refused with their place, or computed within their bounds. Nothing else."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from content.expressions import Expression, ExpressionError, limits, parse, walk
from tests.content.expressions import grammar, hostile

BATCH = 15
VALUES = {**grammar.values(BATCH), "lambda": np.ones(BATCH)}
SHAPES = {name: value.shape[1:] for name, value in VALUES.items()}


def _short(text: str) -> str:
    return ascii(text if len(text) <= 40 else f"{text[:40]}...{len(text)}")


@pytest.mark.parametrize("text", hostile.REFUSED, ids=_short)
def test_it_is_refused_at_a_place_in_its_text(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, names=SHAPES).evaluate(VALUES, BATCH)
    lines = text.split("\n")
    assert 1 <= caught.value.line <= len(lines)
    assert 1 <= caught.value.column <= len(lines[caught.value.line - 1]) + 1
    assert caught.value.reason.isprintable()
    assert len(caught.value.reason) < 250


@pytest.mark.parametrize("text", hostile.HARMLESS, ids=_short)
def test_it_is_harmless_and_finite(text: str) -> None:
    assert np.isfinite(_bounded(text).evaluate(VALUES, BATCH)).all()


@pytest.mark.parametrize("text", hostile.UNDEFINED, ids=_short)
def test_it_is_harmless_and_undefined(text: str) -> None:
    assert not np.isfinite(_bounded(text).evaluate(VALUES, BATCH)).all()


def _bounded(text: str) -> Expression:
    expression = parse(text, names=SHAPES)
    levels = [level for _, level in walk(expression.tree)]
    assert len(levels) <= limits.MAX_NODES
    assert max(levels) <= limits.MAX_DEPTH
    assert expression.cost(SHAPES) <= limits.MAX_ROW_COST
    return expression


def test_the_corpus_is_large_and_has_no_doubles() -> None:
    corpus = [*hostile.REFUSED, *hostile.HARMLESS, *hostile.UNDEFINED]
    assert len(corpus) >= 300
    assert len(set(corpus)) == len(corpus)


@pytest.mark.parametrize("name", ["lambda", "eval", "os", "nan", "True", "self", "import", "class"])
def test_no_name_means_anything_but_its_value(name: str) -> None:
    assert parse(f"2*{name}").evaluate({name: np.array([21.0])}, 1) == 42


@pytest.mark.parametrize("seed", range(300))
def test_programs_cut_and_glued_at_random_are_refused_or_harmless(seed: int) -> None:
    dice = Random(seed)
    text = "".join(dice.choice(hostile.PROGRAMS)[: dice.randint(0, 12)] for _ in range(4))
    try:
        result = parse(text).evaluate(VALUES, BATCH)
    except ExpressionError:
        return
    assert len(result) == BATCH


def test_a_batch_that_costs_too_much_is_refused_where_the_expression_stands() -> None:
    power = parse("\n x**t")
    most = limits.MAX_BATCH_COST // power.cost({"x": (), "t": ()})
    with pytest.raises(ExpressionError, match="steps, and the limit is 60,000,000") as caught:
        power.evaluate({"x": np.ones(most + 1), "t": np.ones(most + 1)}, most + 1)
    assert (caught.value.line, caught.value.column) == (2, 3)
    assert power.evaluate({"x": np.ones(most), "t": np.ones(most)}, most).all()


def test_a_result_with_too_many_elements_is_refused() -> None:
    with pytest.raises(ExpressionError, match="more than the 2,000,000 elements"):
        parse("ones(1000)").evaluate({}, 2_001)


def test_a_value_that_would_be_too_large_is_refused_before_it_is_built() -> None:
    with pytest.raises(ExpressionError, match="this is a matrix of 10000 by 10000"):
        parse("sum(outer(x, x))").shape({"x": (10_000,)})
    with pytest.raises(ExpressionError, match="has at most 10,000 elements"):
        parse("sum(x)").shape({"x": (10_001,)})


def test_the_limits_are_the_last_values_allowed() -> None:
    assert parse("x" * limits.MAX_NAME).names
    assert parse("1" + " " * (limits.MAX_TEXT - 1)).evaluate({}, 1) == 1
    assert parse("9" * limits.MAX_LITERAL).evaluate({}, 1) == pytest.approx(1e40)
    assert parse("1" + "+1" * (limits.MAX_DEPTH - 1)).evaluate({}, 1) == limits.MAX_DEPTH
    assert parse("(" * (limits.MAX_DEPTH - 1) + "1" + ")" * (limits.MAX_DEPTH - 1)).evaluate({}, 1) == 1
    assert parse(f"ones({limits.MAX_SIDE}, {limits.MAX_SIDE})").evaluate({}, 1).size == limits.MAX_ELEMENTS
    assert parse(f"1**{limits.MAX_EXPONENT:.0f}").evaluate({}, 1) == 1
    assert len(list(walk(parse("[" + "1," * (limits.MAX_NODES - 2) + "1]").tree))) == limits.MAX_NODES


def test_the_deepest_expression_fits_below_a_deep_call_stack() -> None:
    text = "exp(-" * 31 + "x" + ")" * 31

    def below(levels: int) -> np.ndarray:
        return below(levels - 1) if levels else parse(text).evaluate({"x": np.ones(1)}, 1)

    assert np.isfinite(below(400)).all()
