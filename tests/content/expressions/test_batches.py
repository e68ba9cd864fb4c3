"""One row or ten thousand: the same bits, the right shape, an array that belongs to the caller."""

from __future__ import annotations

import numpy as np
import pytest

from content.expressions import limits, parse

TEXTS = [
    "shrink*w - lr*g",
    "exp(w) + tanh(g)**lr",
    "sum(w*g) + norm2(w)",
    "sum(transpose(m) @ w[:2], 0) if lr > 0 else prod(m)",
    "var(m, 0) + softmax(w)",
    "inv(s) @ w",
    "solve(s, g)[argmax(w)]",
    "eigvals(s)",
    "m @ s @ identity(3)",
    "det(s) + v @ v",
    "median(v) + mean(v) + std(v)",
    "cumsum(sort(v))",
    "[lr, 2, shrink][1:] * 3",
    "w > g",
    "7",
    "identity(2)",
]


def draws(batch: int) -> dict[str, np.ndarray]:
    dice = np.random.Generator(np.random.Philox(7))
    half = dice.normal(size=(batch, 3, 3))
    return {
        "lr": dice.random(batch),
        "shrink": dice.random(batch),
        "w": dice.normal(size=(batch, 3)),
        "g": dice.normal(size=(batch, 3)),
        "v": dice.normal(size=(batch, 40)),
        "m": dice.normal(size=(batch, 2, 3)),
        "s": half @ np.swapaxes(half, 1, 2),
    }


@pytest.mark.parametrize("text", TEXTS)
def test_a_row_has_the_same_bits_alone_and_in_every_batch(text: str) -> None:
    expression, values = parse(text), draws(50)
    together = expression.evaluate(values, 50)
    alone = [
        expression.evaluate({name: value[row : row + 1] for name, value in values.items()}, 1)
        for row in range(50)
    ]
    assert np.concatenate(alone).tobytes() == together.tobytes()


@pytest.mark.parametrize("text", TEXTS)
def test_the_memory_order_of_the_values_does_not_matter(text: str) -> None:
    expression, values = parse(text), draws(20)
    turned = {name: np.asfortranarray(value) for name, value in values.items()}
    assert expression.evaluate(turned, 20).tobytes() == expression.evaluate(values, 20).tobytes()


@pytest.mark.parametrize("text", TEXTS)
def test_a_batch_that_is_worked_off_in_blocks_has_the_same_bits(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = draws(50)
    whole = parse(text).evaluate(values, 50)
    monkeypatch.setattr("content.expressions.plan.BLOCK_COST", 1)
    in_blocks = parse(text).evaluate(values, 50)
    assert in_blocks.dtype == whole.dtype
    assert in_blocks.tobytes() == whole.tobytes()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("batch", [0, 1, 5])
def test_the_result_has_the_batch_first_and_then_the_shape(text: str, batch: int) -> None:
    expression, values = parse(text), draws(batch)
    shapes = {name: value.shape[1:] for name, value in values.items()}
    assert expression.evaluate(values, batch).shape == (batch, *expression.shape(shapes))


@pytest.mark.parametrize("text", ["w", "+w", "w[1:]", "w[0]", "transpose(m)", "3", "[1, 2]", "ones(2, 2)"])
def test_the_result_belongs_to_the_caller(text: str) -> None:
    expression, values = parse(text), draws(1)
    before = {name: value.copy() for name, value in values.items()}
    first = expression.evaluate(values, 1)
    kept = first.copy()
    first += 1
    assert (expression.evaluate(values, 1) == kept).all()
    assert all((values[name] == before[name]).all() for name in values)


def test_truth_values_are_bool_and_everything_else_is_float() -> None:
    values = draws(3)
    for text in [
        "w > g",
        "not lr",
        "lr > 0 and lr < 1",
        "any(w > 0)",
        "lr > 0 if lr else lr < 0",
        "isfinite(w)",
    ]:
        assert parse(text).evaluate(values, 3).dtype == np.bool_
    for text in [
        "w",
        "lr > 0 if lr else 1",
        "(lr > 0)*1",
        "sum(w > 0)",
        "argmax(w)",
        "len(w)",
        "where(lr > 0, 1, 0)",
    ]:
        assert parse(text).evaluate(values, 3).dtype == np.float64


def test_whole_numbers_and_truth_values_are_taken_as_floats() -> None:
    values = {"n": np.array([1, 2]), "b": np.array([True, False])}
    assert parse("n/2 - b").evaluate(values, 2).tolist() == [-0.5, 1.0]


def test_a_new_shape_of_a_value_makes_a_new_plan() -> None:
    double = parse("2*w")
    for shape in [(2,), (2, 3), (2, 3, 3), (2,)]:
        assert double.evaluate({"w": np.ones(shape)}, 2).shape == shape


def test_an_expression_keeps_a_bounded_number_of_plans() -> None:
    total = parse("sum(w)")
    for size in range(1, 3 * limits.MAX_PLANS):
        assert total.evaluate({"w": np.ones((1, size))}, 1) == size
    assert len(total._plans) <= limits.MAX_PLANS


def test_a_single_variant_needs_no_batch_axis() -> None:
    step = parse("w - lr*g")
    result = step.evaluate_one({"w": [1, 2], "g": [4, 8], "lr": 0.5})
    assert result.tolist() == [-1, -2]
    assert float(parse("2*x").evaluate_one({"x": 4})) == 8
