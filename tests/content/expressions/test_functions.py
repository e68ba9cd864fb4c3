"""Every function and operator against an independent computation, one row at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.special

from content.expressions import CONSTANTS, FUNCTIONS, Call, parse, walk

BATCH = 7
_dice = np.random.Generator(np.random.Philox(20261123))
VALUES = {
    "x": _dice.normal(size=BATCH),
    "y": _dice.normal(size=BATCH),
    "t": _dice.uniform(0.1, 3, size=BATCH),
    "k": np.array([0.0, 1, 2, -1, -3, 0, 1]),
    "v": _dice.normal(size=(BATCH, 3)),
    "w": _dice.normal(size=(BATCH, 3)),
    "p": _dice.dirichlet(np.ones(3), size=BATCH),
    "z": _dice.choice([0.0, 1.0, 2.0], size=(BATCH, 5)),
    "m": _dice.normal(size=(BATCH, 2, 3)),
    "a": _dice.normal(size=(BATCH, 3, 3)),
    "s": np.array([g @ g.T for g in _dice.normal(size=(BATCH, 3, 3))]),
}

Row = Any
# Each right side sees one variant: numbers, vectors and matrices without a batch axis.
EXPECTED: dict[str, Callable[[Row], Any]] = {
    "x + y*t - x/t": lambda r: r.x + r.y * r.t - r.x / r.t,
    "t**x": lambda r: r.t**r.x,
    "v**2": lambda r: r.v * r.v,
    "t**0.5": lambda r: r.t**0.5,
    "2**v": lambda r: 2**r.v,
    "t*v - x*w": lambda r: r.t * r.v - r.x * r.w,
    "v*w/t": lambda r: r.v * r.w / r.t,
    "t*m + 1": lambda r: r.t * r.m + 1,
    "v @ w": lambda r: np.inner(r.v, r.w),
    "m @ v": lambda r: r.m.dot(r.v),
    "v @ a": lambda r: r.v.dot(r.a),
    "m @ a": lambda r: r.m.dot(r.a),
    "v @ identity(3)": lambda r: r.v,
    "[1, 2, 3] @ v": lambda r: r.v[0] + 2 * r.v[1] + 3 * r.v[2],
    "[x, 1, y]": lambda r: [r.x, 1, r.y],
    "[v, w]": lambda r: [r.v, r.w],
    "[[x, 0], [1, y]]": lambda r: [[r.x, 0], [1, r.y]],
    "v[1]": lambda r: r.v[1],
    "v[k]": lambda r: r.v[int(r.k)],
    "[5, 6, 7][k]": lambda r: [5, 6, 7][int(r.k)],
    "a[k]": lambda r: r.a[int(r.k)],
    "a[:, k]": lambda r: r.a[:, int(r.k)],
    "a[k, k]": lambda r: r.a[int(r.k), int(r.k)],
    "a[1:, k]": lambda r: r.a[1:, int(r.k)],
    "m[1]": lambda r: r.m[1],
    "m[:, 0]": lambda r: r.m[:, 0],
    "m[-1, 1:]": lambda r: r.m[-1, 1:],
    "x < y": lambda r: r.x < r.y,
    "-1 < v <= 1": lambda r: [-1 < c <= 1 for c in r.v],
    "v == v and not v != v": lambda r: [True] * 3,
    "x > 0 or y > 0": lambda r: r.x > 0 or r.y > 0,
    "x if x > y else y": lambda r: max(r.x, r.y),
    "v if x > 0 else w": lambda r: r.v if r.x > 0 else r.w,
    "v if v > 0 else 0": lambda r: [max(c, 0) for c in r.v],
    "x if k else y": lambda r: r.x if r.k else r.y,
    "(x > 0 if k else y > 0) + 1": lambda r: (r.x > 0 if r.k else r.y > 0) + 1,
    "2*pi*e": lambda r: 2 * np.pi * np.e,
    "abs(v)": lambda r: [abs(c) for c in r.v],
    "sign(z - 1)": lambda r: [float(c > 1) - float(c < 1) for c in r.z],
    "round(v)": lambda r: [round(c) for c in r.v],
    "round(v, 2)": lambda r: [round(c, 2) for c in r.v],
    "floor(v) + ceil(w)": lambda r: np.floor(r.v) + np.ceil(r.w),
    "mod(x, t)": lambda r: r.x - r.t * np.floor(r.x / r.t),
    "sqrt(t)": lambda r: r.t**0.5,
    "exp(v)": lambda r: np.e**r.v,
    "expm1(t)": lambda r: np.e**r.t - 1,
    "log(t) + log1p(t)": lambda r: np.log(r.t * (1 + r.t)),
    "log2(t)": lambda r: np.log(r.t) / np.log(2),
    "log10(t)": lambda r: np.log(r.t) / np.log(10),
    "sin(x)/cos(x)": lambda r: np.tan(r.x),
    "tan(x)": lambda r: np.sin(r.x) / np.cos(r.x),
    "arctan(tan(x/2))": lambda r: r.x / 2,
    "tanh(v)": lambda r: (np.exp(2 * r.v) - 1) / (np.exp(2 * r.v) + 1),
    "sigmoid(v)": lambda r: scipy.special.expit(r.v),
    "relu(v)": lambda r: [max(c, 0) for c in r.v],
    "clip(v, -t, 0.5)": lambda r: [min(max(c, -r.t), 0.5) for c in r.v],
    "soft_threshold(v, 0.4)": lambda r: [c - 0.4 if c > 0.4 else c + 0.4 if c < -0.4 else 0 for c in r.v],
    "where(v > w, v, 0)": lambda r: [c if c > d else 0 for c, d in zip(r.v, r.w, strict=True)],
    "isfinite([x/0, x])": lambda r: [False, True],
    "min(v)": lambda r: sorted(r.v)[0],
    "max(a)": lambda r: sorted(r.a.ravel())[-1],
    "min(x, y, t)": lambda r: sorted([r.x, r.y, r.t])[0],
    "max(v, x, w)": lambda r: [max(c, r.x, d) for c, d in zip(r.v, r.w, strict=True)],
    "sum(v) + sum(m)": lambda r: r.v.sum() + r.m.sum(),
    "sum(m, 0)": lambda r: r.m[0] + r.m[1],
    "sum(m, 1)": lambda r: [r.m[0].sum(), r.m[1].sum()],
    "sum(v, 0)": lambda r: r.v[0] + r.v[1] + r.v[2],
    "sum(v > 0)": lambda r: sum(c > 0 for c in r.v),
    "prod(v)": lambda r: r.v[0] * r.v[1] * r.v[2],
    "mean(m, 1)": lambda r: np.mean(r.m, axis=1),
    "var(v)": lambda r: sum((r.v - r.v.mean()) ** 2) / 3,
    "var(m, 0)": lambda r: np.var(r.m, axis=0),
    "std(z)": lambda r: np.std(r.z),
    "median(z)": lambda r: sorted(r.z)[2],
    "median(m, 0)": lambda r: r.m.mean(axis=0),
    "norm1(v)": lambda r: np.linalg.norm(r.v, 1),
    "norm2(v)": lambda r: np.linalg.norm(r.v, 2),
    "norm2(m)": lambda r: np.linalg.norm(r.m, "fro"),
    "norm2(m, 1)": lambda r: [np.linalg.norm(r.m[0]), np.linalg.norm(r.m[1])],
    "argmin(v)": lambda r: list(r.v).index(min(r.v)),
    "argmax(a, 0)": lambda r: [list(column).index(max(column)) for column in r.a.T],
    "any(v > 1)": lambda r: any(c > 1 for c in r.v),
    "all(m > -1, 1)": lambda r: [all(c > -1 for c in row) for row in r.m],
    "count_nonzero(z)": lambda r: 5 - list(r.z).count(0),
    "count_zero(z)": lambda r: list(r.z).count(0),
    "softmax(v)": lambda r: scipy.special.softmax(r.v),
    "softmax(m)": lambda r: [scipy.special.softmax(row) for row in r.m],
    "logsumexp(v)": lambda r: np.log(sum(np.exp(r.v))),
    "logsumexp(m)": lambda r: [np.log(sum(np.exp(row))) for row in r.m],
    "cumsum(v)": lambda r: [r.v[0], r.v[0] + r.v[1], sum(r.v)],
    "cumsum(m)": lambda r: np.cumsum(r.m, axis=1),
    "sort(v)": lambda r: sorted(r.v),
    "sort(m)": lambda r: [sorted(row) for row in r.m],
    "entropy(p)": lambda r: sum(-c * np.log(c) for c in r.p),
    "entropy([1, 0])": lambda r: 0,
    "dot(v, w)": lambda r: np.inner(r.v, r.w),
    "outer(v, p)": lambda r: [[c * d for d in r.p] for c in r.v],
    "transpose(m)": lambda r: [[r.m[0, j], r.m[1, j]] for j in range(3)],
    "diag(v)": lambda r: np.diagflat(r.v),
    "diag(a)": lambda r: [r.a[0, 0], r.a[1, 1], r.a[2, 2]],
    "trace(a)": lambda r: r.a[0, 0] + r.a[1, 1] + r.a[2, 2],
    "det(a)": lambda r: np.cross(r.a[0], r.a[1]) @ r.a[2],
    "inv(a) @ a": lambda r: np.eye(3),
    "inv(s)": lambda r: scipy.linalg.inv(r.s),
    "solve(a, v)": lambda r: scipy.linalg.inv(r.a) @ r.v,
    "solve(s, a)": lambda r: scipy.linalg.inv(r.s) @ r.a,
    "eigvals(s)": lambda r: sorted(scipy.linalg.eigvals(r.s).real),
    "linspace(x, y, 4)": lambda r: [r.x, r.x * 2 / 3 + r.y / 3, r.x / 3 + r.y * 2 / 3, r.y],
    "identity(2)": lambda r: [[1, 0], [0, 1]],
    "zeros(3) + ones(3)": lambda r: [1, 1, 1],
    "zeros(2, 3) + m": lambda r: r.m,
    "ones(len(v), len(m))": lambda r: np.ones((3, 2)),
    "len(z)": lambda r: 5,
}


class _Row:
    def __init__(self, row: int) -> None:
        for name, value in VALUES.items():
            setattr(self, name, value[row])


@pytest.mark.parametrize("text", EXPECTED)
def test_a_batch_agrees_with_an_independent_computation_of_each_row(text: str) -> None:
    result = parse(text, names=VALUES).evaluate(VALUES, BATCH)
    expected = np.array([EXPECTED[text](_Row(row)) for row in range(BATCH)])
    assert result.shape == expected.shape
    np.testing.assert_allclose(result, expected, rtol=1e-9, atol=1e-12)


def test_every_function_is_compared() -> None:
    called = {
        node.function for text in EXPECTED for node, _ in walk(parse(text).tree) if isinstance(node, Call)
    }
    assert called == set(FUNCTIONS)


def test_every_function_and_constant_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "expressions.md").read_text(encoding="utf-8")
    signatures = [function.signature for function in FUNCTIONS.values()]
    assert [entry for entry in (*signatures, *CONSTANTS) if f"`{entry}`" not in page] == []


def test_whole_arguments_come_last_as_the_table_promises() -> None:
    for function in FUNCTIONS.values():
        arguments = function.signature.count(",") + 1
        assert function.whole == tuple(range(arguments - len(function.whole), arguments)), function.name


def test_a_softmax_of_large_scores_does_not_overflow() -> None:
    assert parse("softmax([1000, 1000])").evaluate({}, 1).tolist() == [[0.5, 0.5]]
    assert parse("logsumexp([1000, 1000])").evaluate({}, 1) == 1000 + np.log(2)


def test_sigmoid_keeps_small_probabilities() -> None:
    assert parse("sigmoid(-40)").evaluate({}, 1) == pytest.approx(np.exp(-40), rel=1e-12)


def test_variance_and_standard_deviation_divide_by_the_number_of_elements() -> None:
    assert parse("var([1, 3])").evaluate({}, 1) == 1
    assert parse("std([1, 3])").evaluate({}, 1) == 1


def test_rounding_takes_halves_to_the_even_neighbor() -> None:
    assert parse("round([0.5, 1.5, 2.5, -0.5])").evaluate({}, 1).tolist() == [[0, 2, 2, 0]]


@pytest.mark.parametrize("text", ["inv(a)", "solve(a, [1, 2])", "solve(a, a)", "eigvals(a)", "log(det(a))"])
def test_a_singular_matrix_spoils_its_own_row_only(text: str) -> None:
    regular, singular, asymmetric = (
        [[2.0, 1.0], [1.0, 2.0]],
        [[1.0, 2.0], [2.0, 4.0]],
        [[0.0, 1.0], [0.0, 0.0]],
    )
    undefined = [[np.nan, 1.0], [1.0, np.inf]]
    batch = np.array([regular, undefined, asymmetric if text == "eigvals(a)" else singular, regular])
    result = parse(text).evaluate({"a": batch}, 4).reshape(4, -1)
    assert np.isfinite(result).all(axis=1).tolist() == [True, False, False, True]
    assert (result[0] == result[3]).all()


def test_a_matrix_that_is_singular_but_for_rounding_has_no_inverse() -> None:
    counting = "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]"
    assert np.isnan(parse(f"inv({counting})").evaluate({}, 1)).all()
    assert np.isnan(parse(f"solve({counting}, [1, 2, 3])").evaluate({}, 1)).all()


def test_undefined_elements_are_left_without_a_warning() -> None:
    texts = [
        "1/0",
        "0/0",
        "log(-1)",
        "sqrt(-1)",
        "exp(1000)",
        "(-8)**(1/3)",
        "0**-1",
        "mod(1, 0)",
        "median([0/0, 1])",
    ]
    for text in texts:
        assert not np.isfinite(parse(text).evaluate({}, 2)).any(), text


def test_a_position_that_does_not_exist_is_undefined_for_its_row_only() -> None:
    positions = np.array([0.0, 3.0, -4.0, 0.5, np.nan, np.inf, 1e300, 2.0])
    result = parse("[1, 2, 3][k]").evaluate({"k": positions}, 8)
    np.testing.assert_array_equal(result, [1, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 3])
