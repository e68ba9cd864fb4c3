"""What an expression says: precedence, positions, and refusals that name the place and the reason."""

from __future__ import annotations

import copy
import doctest
import pickle
from dataclasses import replace

import numpy as np
import pytest

from content import expressions
from content.expressions import (
    CONSTANTS,
    FUNCTIONS,
    RESERVED,
    Binary,
    Call,
    ExpressionError,
    Index,
    Name,
    Number,
    children,
    parse,
    walk,
)
from content.expressions.languages import latest
from content.expressions.tokens import WORDS
from content.expressions.tree import Position

X = {"x": np.array([3.0]), "y": np.array([0.5]), "v": np.array([[1.0, 2.0, 4.0]]), "k": np.array([2.0])}

READINGS = {
    "1 + 2*3": 7,
    "(1 + 2)*3": 9,
    "7 - 4 - 2": 1,
    "8/4/2": 1,
    "-2**2": -4,
    "(-2)**2": 4,
    "2**-1": 0.5,
    "2**3**2": 512,
    "2**-x**2": 2.0**-9,
    "2^10": 1024,
    "2 * -x": -6,
    "--x": 3,
    "+x - +y": 2.5,
    "- x ** 2 * 2": -18,
    ".5 + 5. + 1e1 + 2.5E-1": 15.75,
    "007": 7,
    "1 < 2": True,
    "1 < 2 < 2": False,
    "1 < 2 <= 2 != 3": True,
    "3 > x": False,
    "x == 3 and y == 0.5": True,
    "x == 3 or 1/0": True,
    "not x == 3": False,
    "not not x": True,
    "not x < 1 and x > 2": True,
    "1 == 1 or 1 == 1 and 1 == 2": True,
    "1 if x > 2 else 2": 1,
    "1 if x > 5 else 2 if x > 4 else 3": 3,
    "(1 if x > 5 else 2) + 10": 12,
    "x + 1 if y < 1 else x - 1": 4,
    "1 + (x > 2)": 2,
    "(x > 2) + (x > 1)": 2,
    "-(x > 2)": -1,
    "v[0]": 1,
    "v[-1]": 4,
    "v[k]": 4,
    "v[k - 3]": 4,
    "v[0]**2 + v[1]": 3,
    "-v[1]": -2,
    "[10, 20, 30][argmax(v)]": 30,
    "[[1, 2], [3, 4]][1, 0]": 3,
    "[[1, 2], [3, 4]][1][0]": 3,
    "sum(v[1:])": 6,
    "sum(v[:-1])": 3,
    "sum(v[1:2])": 2,
    "sum([[1, 2], [3, 4]][:, 1])": 6,
    "sum([[1, 2, 3], [4, 5, 6]][0:1, 1:])": 5,
    "[[1, 2], [3, 4]][k - 1, k - 2]": 3,
    "v @ v": 21,
    "pi": np.pi,
    "log(e)": 1,
    "x\n  + y\n": 3.5,
    "\tx\r\n*2": 6,
}


@pytest.mark.parametrize(("text", "value"), READINGS.items())
def test_operators_bind_as_mathematicians_expect(text: str, value: float) -> None:
    assert parse(text).evaluate(X, 1).tolist() == [value]


REFUSALS = {
    "": (1, 1, "an expression is missing"),
    " \n  ": (2, 3, "an expression is missing"),
    "1 +": (1, 4, "missing before the end"),
    "* 2": (1, 1, "missing before '*'"),
    "(1 + 2": (1, 7, "')' is missing before the end, for the '(' of line 1, column 1"),
    "1 + 2)": (1, 6, "')' closes nothing"),
    "[1, 2": (1, 6, "']' is missing"),
    "[1, 2)": (1, 6, "']' is missing before ')'"),
    "[]": (1, 1, "nothing between '[' and ']'"),
    "max()": (1, 4, "nothing between '(' and ')'"),
    "[1, 2,]": (1, 7, "missing before ']'"),
    "v[]": (1, 3, "missing before ']'"),
    "v[0": (1, 4, "']' is missing"),
    "2x": (1, 2, "an operator is missing between '2' and 'x'"),
    "x y": (1, 3, "an operator is missing"),
    "(x)(y)": (1, 4, "an operator is missing"),
    "(x y)": (1, 4, "an operator is missing between 'x' and 'y'"),
    "0x10": (1, 2, "an operator is missing"),
    "1_000": (1, 2, "a name begins with a letter"),
    "1.2.3": (1, 4, "an operator is missing"),
    "1,5": (1, 2, "a decimal has a point"),
    "x(3)": (1, 1, "'x' is not a function; write x*(...) to multiply"),
    "sqr(x)": (1, 1, "did you mean sqrt?"),
    "exec(x)": (1, 1, "'exec' is not a function"),
    "exp": (1, 1, "exp is a function: write exp(x)"),
    "exp + 1": (1, 1, "exp is a function"),
    "exp(1, 2)": (1, 1, "exp does not take 2 arguments: write exp(x)"),
    "clip(x)": (1, 1, "clip does not take 1 argument: write clip(x, low, high)"),
    "sum(v, 0, 1)": (1, 1, "does not take 3 arguments"),
    "1 if x": (1, 7, "'else' is missing before the end"),
    "1 else 2": (1, 3, "'else' does not fit here"),
    "if x else 2": (1, 1, "missing before 'if'"),
    "2 == not x": (1, 6, "put 'not ...' into parentheses"),
    "2 * not x": (1, 5, "put 'not ...' into parentheses"),
    "x = 2": (1, 3, "write == to compare"),
    "x % 2": (1, 3, "write mod(a, b)"),
    "x // 2": (1, 4, "missing before '/'"),
    "x && y": (1, 3, "write and"),
    "!x": (1, 1, "write not"),
    "|x|": (1, 1, "write or, or abs(x)"),
    "x.real": (1, 2, "there are no attributes"),
    "'x'": (1, 1, "there is no text"),
    "x; y": (1, 2, "not part of the language"),
    "x +\n  λ": (2, 3, "write lambda"),
    "x\r\n+ $": (2, 3, "'$' is not part of the language"),
    "xy": (1, 1, "'xy' is not known here"),
    "shrinkk * x": (1, 1, "did you mean shrink?"),
    "1e400": (1, 1, "1e400 is too large"),
    "2*1e-400": (1, 3, "1e-400 is too small"),
    "[1, 2] + [1, 2, 3]": (1, 8, "vectors of 2 and 3 do not add"),
    "x +\n [[1, 2]] * [[1], [2]]": (2, 11, "matrices of 1 by 2 and 2 by 1 do not multiply"),
}


@pytest.mark.parametrize(("text", "refusal"), REFUSALS.items())
def test_a_refusal_names_the_line_the_column_and_the_reason(text: str, refusal: tuple[int, int, str]) -> None:
    shapes = {"x": (), "y": (), "v": (3,), "shrink": ()}
    with pytest.raises(ExpressionError) as caught:
        parse(text, names=shapes).shape(shapes)
    line, column, reason = refusal
    assert (caught.value.line, caught.value.column) == (line, column)
    assert reason in caught.value.reason
    assert str(caught.value) == f"line {line}, column {column}: {caught.value.reason}"


MISFITS = {
    "x + v[1:]\n + v": (2, 2, "vectors of 2 and 3 do not add"),
    "v - m": (1, 3, "a vector of 3 and a matrix of 2 by 3 do not subtract"),
    "v < [1, 2]": (1, 3, "vectors of 3 and 2 do not compare"),
    "v > 0 and m > 0": (1, 7, "do not combine"),
    "v ** [1, 2]": (1, 3, "do not make a power"),
    "v if x else [1, 2]": (1, 3, "do not go together in a choice"),
    "m @ m": (1, 3, "matrices of 2 by 3 and 2 by 3 have no matrix product"),
    "x @ v": (1, 3, "write * for numbers"),
    "[v, [1, 2]]": (1, 5, "the first is a vector of 3, this is a vector of 2"),
    "[1, v]": (1, 5, "the first is a number, this is a vector of 3"),
    "[m, m]": (1, 1, "a matrix holds numbers in rows"),
    "v[3]": (1, 3, "there is no position 3 among 3"),
    "v[-4]": (1, 3, "there is no position -4 among 3"),
    "v[0.5]": (1, 3, "a whole number that is known in advance"),
    "v[v]": (1, 3, "a position is a number, not a vector of 3"),
    "v[0, 1]": (1, 2, "a vector of 3 has no element at 2 positions"),
    "x[0]": (1, 2, "a number has no element at 1 positions"),
    "v[2:2]": (1, 3, "the slice holds none"),
    "v[1:9]": (1, 3, "the slice holds none, or not only"),
    "v[x:]": (1, 3, "known in advance"),
    "sum(x)": (1, 1, "sum: takes a vector or a matrix, not a number"),
    "sum(m, 2)": (1, 1, "sum: a matrix of 2 by 3 has no axis 2"),
    "sum(m, x)": (1, 8, "known in advance"),
    "sum(m, v)": (1, 8, "known in advance"),
    "clip(v, [1, 2], 0)": (1, 1, "clip: vectors of 3 and 2 do not go together"),
    "dot(v, m)": (1, 1, "dot: takes vectors, not a matrix of 2 by 3"),
    "dot(v, [1, 2])": (1, 1, "dot: vectors of 3 and 2 do not have a product"),
    "outer(x, v)": (1, 1, "outer: takes vectors, not a number"),
    "inv(m)": (1, 1, "inv: takes a square matrix, not a matrix of 2 by 3"),
    "trace(v)": (1, 1, "trace: takes a square matrix, not a vector of 3"),
    "transpose(v)": (1, 1, "transpose: takes a matrix, not a vector of 3"),
    "solve(identity(2), v)": (1, 1, "make no system of equations"),
    "linspace(0, 1, 1)": (1, 1, "a count of at least 2"),
    "linspace(v, 1, 3)": (1, 1, "takes two numbers"),
    "zeros(0)": (1, 1, "takes sizes from 1 upwards, not 0"),
    "identity(x)": (1, 10, "known in advance"),
    "len(x)": (1, 1, "len: takes a vector or a matrix"),
}


@pytest.mark.parametrize(("text", "refusal"), MISFITS.items())
def test_shapes_that_do_not_go_together_are_refused_at_their_place(
    text: str, refusal: tuple[int, int, str]
) -> None:
    values = {"x": np.ones(4), "v": np.ones((4, 3)), "m": np.ones((4, 2, 3))}
    with pytest.raises(ExpressionError) as caught:
        parse(text).evaluate(values, 4)
    assert (caught.value.line, caught.value.column) == refusal[:2]
    assert refusal[2] in caught.value.reason


BAD_VALUES = {
    "missing": ({}, "there is no value for 'w'"),
    "text": ({"w": np.array(["1", "2"])}, "not made of numbers"),
    "objects": ({"w": np.array([None, None])}, "not made of numbers"),
    "complex": ({"w": np.array([1j, 2j])}, "not made of numbers"),
    "without a batch": ({"w": np.array(1.0)}, "not a batch of 2"),
    "another batch": ({"w": np.ones(3)}, "not a batch of 2"),
    "an empty vector": ({"w": np.ones((2, 0))}, "must be a number, a vector or a matrix"),
    "three axes": ({"w": np.ones((2, 3, 3, 3))}, "must be a number, a vector or a matrix"),
}


@pytest.mark.parametrize(("values", "reason"), BAD_VALUES.values(), ids=BAD_VALUES.keys())
def test_a_value_that_is_no_batch_of_numbers_is_refused_where_its_name_stands(
    values: dict[str, np.ndarray], reason: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("1 +\n 2*w").evaluate(values, 2)
    assert (caught.value.line, caught.value.column) == (2, 4)
    assert reason in caught.value.reason


def test_the_names_are_those_that_need_a_value() -> None:
    assert parse("a*sin(b) + pi - e + a").names == {"a", "b"}
    assert parse("lambda + sigma").names == {"lambda", "sigma"}


def test_only_the_given_names_may_occur() -> None:
    assert parse("a + b", names=["a", "b", "c"]).names == {"a", "b"}
    with pytest.raises(ExpressionError):
        parse("a + b", names=["a"])
    with pytest.raises(ExpressionError):
        parse("a", names=[])


def test_a_value_cannot_be_called_like_a_constant() -> None:
    with pytest.raises(ExpressionError, match="'e' is a constant; give the value another name") as caught:
        parse("2*e", names={"e"})
    assert caught.value.column == 3


def test_functions_constants_and_words_are_reserved() -> None:
    assert {"sum", "pi", "e", "and", "if"} <= RESERVED[1]
    assert not {"lambda", "w", "x"} & RESERVED[1]


def test_the_latest_language_reserves_every_name_that_means_something() -> None:
    assert RESERVED[latest()] == {*FUNCTIONS, *CONSTANTS, *WORDS}


def test_a_later_language_only_adds_names() -> None:
    assert all(RESERVED[version - 1] <= RESERVED[version] for version in RESERVED if version > 1)


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise the language: ``ramp`` becomes a function, ``tau`` a constant, and ``let`` a word."""
    monkeypatch.setitem(FUNCTIONS, "ramp", replace(FUNCTIONS["relu"], signature="ramp(x)"))
    monkeypatch.setitem(CONSTANTS, "tau", 6.28)
    monkeypatch.setattr("content.expressions.languages.WORDS", WORDS | {"let"})
    monkeypatch.setitem(RESERVED, 2, RESERVED[1] | {"ramp", "tau", "let"})


@pytest.mark.usefixtures("second")
def test_a_name_means_what_it_meant_in_its_own_language() -> None:
    text = "ramp*tau + let"
    values = {"ramp": 2.0, "tau": 3.0, "let": 4.0}
    expression = parse(text, names=values, language=1)
    assert expression.evaluate_one(values) == 10
    assert pickle.loads(pickle.dumps(expression)).evaluate_one(values) == 10
    assert expression != parse("ramp(tau)")
    for part in ("ramp*2", "tau*2", "let*2"):
        with pytest.raises(ExpressionError):
            parse(part, names=values)


@pytest.mark.usefixtures("second")
def test_an_earlier_language_has_no_later_function() -> None:
    assert parse("ramp(tau)").evaluate_one({}) == 6.28
    with pytest.raises(ExpressionError, match="'ramp' is not a function"):
        parse("ramp(2)", language=1)
    with pytest.raises(ExpressionError) as caught:
        parse("ram(2)", language=1)
    assert "ramp" not in str(caught.value)


def test_trees_are_equal_when_they_say_the_same() -> None:
    assert parse("x**2 + 2*x").tree == parse("( x ^ 2.0 )\n + (2)*x").tree
    assert parse("x + y").tree != parse("y + x").tree


def test_a_tree_can_be_walked_and_knows_its_places() -> None:
    tree = parse("sin(x) +\n v[0]").tree
    assert isinstance(tree, Binary)
    left, right = children(tree)
    assert isinstance(left, Call)
    assert isinstance(right, Index)
    assert (left.at, right.at) == (Position(1, 1), Position(2, 3))
    kinds = [(type(node), level) for node, level in walk(tree)]
    assert kinds == [(Binary, 1), (Call, 2), (Name, 3), (Index, 2), (Name, 3), (Number, 3)]


def test_an_expression_survives_pickling_and_copying() -> None:
    expression = parse("x + y")
    expression.evaluate(X, 1)
    for twin in (pickle.loads(pickle.dumps(expression)), copy.deepcopy(expression)):
        assert twin == expression
        assert twin.evaluate(X, 1) == 3.5


def test_a_refusal_survives_pickling() -> None:
    refusal = pickle.loads(pickle.dumps(ExpressionError("no", 2, 3)))
    assert (refusal.reason, refusal.line, refusal.column) == ("no", 2, 3)
    assert isinstance(refusal, ValueError)


def test_the_example_of_the_package_is_true() -> None:
    outcome = doctest.testmod(expressions)
    assert outcome.attempted == 3
    assert outcome.failed == 0
