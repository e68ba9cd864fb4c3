"""Pairs of formulas with the domain on which they are compared, in both directions and by keys of many kinds."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.expressions import FUNCTIONS
from content.items.equivalence import (
    ELEMENTARY,
    FormulaFault,
    Grammar,
    Outcome,
    compare,
    read,
    share_defined,
)
from content.items.equivalence.comparing import Candidate
from content.items.equivalence.places import EVEN, coordinates
from content.items.equivalence.precise import MAX_COST, Effort, Known, Lost, Precise
from content.items.equivalence.probing import measure

KEYS = ("draft", "5f0c", "a key that is kept")

EQUAL = """
[-1e6, 1e6] tanh(x) | (e^x - e^(-x))/(e^x + e^(-x))
[-1e6, 1e6] tanh(x) | (exp(2x) - 1)/(exp(2x) + 1)
[-1e6, 1e6] tanh(x) | (1 - exp(-2x))/(1 + exp(-2x))
[-1e6, 1e6] tanh(x) | 1 - 2/(e^(2x) + 1)
[-1e6, 1e6] tanh(x) | 2*sigmoid(2x) - 1
[-1e6, 1e6] sigmoid(x) | 1/(1 + exp(-x))
[-1e6, 1e6] sigmoid(x) | e^x/(1 + e^x)
[-1e6, 1e6] sigmoid(x) | (1 + tanh(x/2))/2
[-1e6, 1e6] 1 - sigmoid(x) | sigmoid(-x)
[-1e6, 1e6] sigmoid(x)*(1 - sigmoid(x)) | e^x/(1 + e^x)^2
[-1e6, 1e6] log(1 + e^x) | x + log(1 + e^(-x))
[-1e6, 1e6] log(1 + e^x) | max(x, 0) + log1p(exp(-abs(x)))
[-1e6, 1e6] -log(sigmoid(x)) | log(1 + e^(-x))
[-1e6, 1e6] e^x | 1/e^(-x)
[-1e6, 1e6] relu(x) | (x + abs(x))/2
[-1e6, 1e6] arctan(x) | 2*arctan(x/(1 + sqrt(1 + x^2)))
[0, 1e-6] expm1(x) | exp(x) - 1
[0, 1e-6] log1p(x) | log(1 + x)
[0, 1e-6] 1 - cos(x) | 2*sin(x/2)^2
[0, 1e-6] (1 - cos(x))/x^2 | 2*sin(x/2)^2/x^2
[0, 1e-6] sqrt(1 + x) - 1 | x/(1 + sqrt(1 + x))
[0, 1e-6] tanh(x) | (e^x - e^(-x))/(e^x + e^(-x))
[1e5, 1e6] sqrt(x + 1) - sqrt(x) | 1/(sqrt(x + 1) + sqrt(x))
[1e5, 1e6] log(x + 1) - log(x) | log1p(1/x)
[1e5, 1e6] 1/x - 1/(x + 1) | 1/(x*(x + 1))
[1e5, 1e6] sqrt(x^2 + 1) - x | 1/(sqrt(x^2 + 1) + x)
[1e5, 1e6] e^x*e^x | e^(2x)
[-8, 8] x^(1/3) | sign(x)*abs(x)^(1/3)
[-8, 8] (x^(1/3))^2 | x^(2/3)
[-8, 8] x^(2/3) | (x^2)^(1/3)
[-8, 8] x^(1/3)*x^(2/3) | x
[-8, 8] x^(1/3) | -(-x)^(1/3)
[-8, 8] x^(-1/3) | 1/x^(1/3)
[-8, 8] x^0.2 | sign(x)*abs(x)^(1/5)
[0.1, 8] x^(1/3) | exp(log(x)/3)
[0, 3] sqrt(x) | x^(1/2)
[0, 3] sqrt(x)*sqrt(x) | x
[0, 3] sqrt(x*y) | sqrt(x)*sqrt(y)
[0, 3] sqrt(x^2) | x
[-3, 0] sqrt(x^2) | -x
[-3, 3] sqrt(x^2) | abs(x)
[0.1, 3] 2*log(x) | log(x^2)
[-3, 3] 2*log(abs(x)) | log(x^2)
[0.1, 3] log(x/y) | log(x) - log(y)
[0.1, 3] x^y | exp(y*log(x))
[0.1, 3] log2(x) | log(x)/log(2)
[0, 1] x*(1 - x) | x - x^2
[-3, 3] sin(x)^2 | 1 - cos(x)^2
[-3, 3] sin(2x) | 2*sin(x)*cos(x)
[-3, 3] sin(x + y) | sin(x)*cos(y) + cos(x)*sin(y)
[-3, 3] cos(x) | sin(x + pi/2)
[-1, 1] tan(x) | sin(x)/cos(x)
[-3, 3] max(x, y) | (x + y + abs(x - y))/2
[-3, 3] min(x, y) | x + y - max(x, y)
[-3, 3] clip(x, -1, 1) | max(-1, min(1, x))
[-3, 3] relu(x) - relu(-x) | x
[-3, 3] soft_threshold(x, 1) | x - clip(x, -1, 1)
[-3, 3] exp(-(x - y)^2/2) | exp(x*y)*exp(-x^2/2)*exp(-y^2/2)
[-3, 3] 0 | x*sin(y) - sin(y)*x
[-3, 3] x + 1e17*(sin(y)^2 + cos(y)^2 - 1) | x
[-3, 3] (x^2 - 1)/(x - 1) | x + 1
[-3, 3] sin(x)/sin(x) | 1
"""

DIFFERENT = """
[-3, 3] x | x + relu(x - 2.99)
[-3, 3] x | clip(x, -2.98, 2.98)
[-3, 3] x | max(x, -2.99)
[-3, 3] x | min(x, 2.999999)
[-3, 3] sin(x) | sin(x) + relu(x - 2.95)
[-3, 3] x*y | x*y + relu(x - 2.5)*relu(y - 2.5)*relu(z - 2.5)
[-3, 3] x + y + z | x + y + z + relu(x - 2)*relu(y - 2)*relu(z - 2)
[-3, 3] x*y*z | x*y*z + relu(-x - 2.9)*relu(y - 2.9)*relu(1 - abs(z))
[-3, 3] x*y | x*y + relu(x - 2.999)
[-3, 3] x + y | x + y + relu(x - 2.9)*relu(y - 2.9)
[-3, 3] x | x + relu(0.05 - abs(x))
[-3, 3] x | x + relu(0.06 - abs(x - 1))
[-1e6, 1e6] x | x + relu(x - 999999)
[-1e6, 1e6] x | x + relu(10 - abs(x))
[-1e6, 1e6] tanh(x) | sign(x)
[-1e6, 1e6] tanh(x) | clip(x, -1, 1)
[-1e6, 1e6] tanh(x) | (e^x + e^(-x))/(e^x - e^(-x))
[-1e6, 1e6] tanh(x) | (e^x - 1)/(e^x + 1)
[-1e6, 1e6] sigmoid(x) | 1/(1 + exp(x))
[-1e6, 1e6] sigmoid(x) | (1 + tanh(x))/2
[-1e6, 1e6] log(1 + e^x) | relu(x)
[-1e6, 1e6] e^x | e^(x + 1e-8)
[0, 1e-6] expm1(x) | x
[0, 1e-6] log1p(x) | x
[0, 1e-6] log1p(x) | exp(x) - 1
[0, 1e-6] 1 - cos(x) | x^2
[0, 1e-6] sqrt(1 + x) - 1 | x/2
[1e5, 1e6] sqrt(x + 1) - sqrt(x) | 1/(2*sqrt(x))
[1e5, 1e6] log(x + 1) - log(x) | 1/x
[1e5, 1e6] 1/x - 1/(x + 1) | 1/x^2
[-8, 8] x^(1/3) | abs(x)^(1/3)
[-8, 8] x^(2/3) | x^(1/3)
[-8, 8] x^(1/3) | exp(log(x)/3)
[-8, 8] x^(1/3) | x/3
[-3, 3] sqrt(x)*sqrt(y) | sqrt(x*y)
[-3, 3] 2*log(x) | log(x^2)
[-3, 3] x | sqrt(x)^2
[-3, 3] x | exp(log(x))
[-3, 3] sqrt(x)/sqrt(x) | 1
[-3, 3] 0*log(x) | 0
[-3, 3] sqrt(x^2) | x
[-3, 3] abs(x) | x
[-3, 3] abs(x + y) | abs(x) + abs(y)
[-3, 3] max(x, y) | x
[-3, 3] relu(x) | x
[-3, 3] clip(x, -1, 1) | tanh(x)
[-3, 3] soft_threshold(x, 1) | x - 1
[-3, 3] sin(x) | x - x^3/6
[-3, 3] sin(x + y) | sin(x) + sin(y)
[-3, 3] cos(x) | sin(x)
[-3, 3] e^x | 1 + x + x^2/2
[-3, 3] e^(x*y) | e^x*e^y
[0.1, 3] log(x + y) | log(x) + log(y)
[0.1, 3] log(x) | log10(x)
[0.1, 3] x^y | y^x
[0, 3] sqrt(x + y) | sqrt(x) + sqrt(y)
[0, 1] x*(1 - x) | x*(1 + x)
[-3, 3] (x + y)^2 | x^2 + y^2
[-3, 3] pi*x | 3.14159x
[-3, 3] x | x + 1e-7*sin(x)
"""

UNDECIDED = """
[-3, 3] x | x + 1e99*(sin(y)^2 + cos(y)^2 - 1)
[-3, 3] x + 1e200*((1e-200*exp(x) + 1) - 1) | x
[1, 3] e^(e^(e^(99x))) | e^(e^(e^(98x)))
"""

Pair = tuple[Grammar, str, str]


def pairs(table: str) -> list[Pair]:
    return [_pair(row) for row in table.strip().split("\n")]


def _pair(row: str) -> Pair:
    domain, _, formulas = row.removeprefix("[").partition("] ")
    low, high = map(float, domain.split(","))
    one, other = formulas.split(" | ")
    used = [
        name for name in ("x", "y", "z") if name in f"{one} {other}".replace("max", "").replace("exp", "")
    ]
    return Grammar(dict.fromkeys(used, (low, high))), one, other


def outcomes(pair: Pair) -> set[Outcome]:
    """Compare both ways and by several keys."""
    grammar, *texts = pair
    one, other = (read(text, grammar) for text in texts)
    return {compare(*both, grammar, key).outcome for both in ((one, other), (other, one)) for key in KEYS}


@pytest.mark.parametrize("pair", pairs(EQUAL), ids=lambda pair: f"{pair[1]} | {pair[2]}")
def test_these_are_the_same_on_their_domain(pair: Pair) -> None:
    assert outcomes(pair) == {Outcome.EQUAL}


@pytest.mark.parametrize("pair", pairs(DIFFERENT), ids=lambda pair: f"{pair[1]} | {pair[2]}")
def test_these_are_not_the_same_on_their_domain(pair: Pair) -> None:
    assert outcomes(pair) == {Outcome.DIFFERENT}


@pytest.mark.parametrize("pair", pairs(UNDECIDED), ids=lambda pair: f"{pair[1]} | {pair[2]}")
def test_of_these_nothing_is_claimed_on_their_domain(pair: Pair) -> None:
    assert outcomes(pair) == {Outcome.UNDECIDED}


def test_the_tables_hold_more_than_a_hundred_pairs() -> None:
    assert len(pairs(EQUAL)) + len(pairs(DIFFERENT)) >= 120


# What is promised


LINE = Grammar({"x": (-3.0, 3.0)})


def test_what_differs_on_a_fiftieth_of_the_domain_is_all_but_surely_found() -> None:
    assert (1 - 0.02) ** EVEN < 1e-6


@pytest.mark.parametrize("width", [0.02, 0.03])
def test_a_bump_on_a_fiftieth_of_the_domain_is_found_by_every_key(width: float) -> None:
    half, missed = 3 * width, 0
    for seed in range(150):
        center = -2.7 + 5.4 * (seed * 0.6180339887 % 1)
        bumped = read(f"x + relu({half} - abs(x - ({center})))", LINE)
        missed += compare(read("x", LINE), bumped, LINE, f"key {seed}").outcome is not Outcome.DIFFERENT
    assert missed == 0


def test_the_places_of_many_keys_are_spread_evenly() -> None:
    """Half of a fiftieth is hit by each key about 8 times, and the mean over many keys tells a bias."""
    hits = [
        int(((x[:EVEN] >= 0) & (x[:EVEN] < 0.06)).sum())
        for x in (coordinates(LINE.variables, f"key {seed}")["x"] for seed in range(400))
    ]
    expected = EVEN * 0.01
    assert abs(np.mean(hits) - expected) < 4 * (expected / 400) ** 0.5


def test_a_bump_smaller_than_promised_passes_with_some_key() -> None:
    """The promise ends somewhere, or the two tests above could not fail."""
    bump = read("x + relu(0.0005 - abs(x - 1.2345))", LINE)
    found = [compare(read("x", LINE), bump, LINE, f"key {seed}").equal for seed in range(20)]
    assert any(found)


def test_ends_corners_and_faces_are_among_the_places() -> None:
    cube = coordinates(dict.fromkeys("xyz", (-1.0, 2.0)), "key")
    at = np.column_stack(list(cube.values()))
    corners = {tuple(row) for row in at if set(row) <= {-1.0, 2.0}}
    assert len(corners) == 8
    for index in range(3):
        for end in (-1.0, 2.0):
            assert (at[:, index] == end).sum() >= 32
    assert np.abs(at).min() < 1e-4


def test_a_domain_of_many_variables_keeps_its_places_in_bounds() -> None:
    places = coordinates({f"v{n}": (-1e6, 1e6) for n in range(12)}, "key")
    assert {len(column) for column in places.values()} == {len(places["v0"])}
    assert len(places["v0"]) < 3_000
    assert all(np.abs(column).max() <= 1e6 for column in places.values())


def test_places_follow_from_the_key_and_from_nothing_else() -> None:
    one, same, other = (coordinates(LINE.variables, key)["x"] for key in ("a", "a", "b"))
    assert (one == same).all()
    assert not np.isin(one[:EVEN], other[:EVEN]).any()


def test_the_share_of_the_domain_that_a_formula_is_defined_on_is_told() -> None:
    assert share_defined(read("x + exp(300x)", LINE), LINE) == 1.0
    assert share_defined(read("1/x", LINE), LINE) == 1.0
    assert abs(share_defined(read("log(x)", LINE), LINE) - 0.5) < 0.1
    assert share_defined(read("sqrt(-1 - x^2)", LINE), LINE) == 0.0


# More digits


POINTS = {"x": np.array([-2.5, -0.3, 1e-7, 0.4, 2.0, 30.0]), "y": np.array([0.5, 1.5, 0.7, 3.0, 0.2, 1.1])}
CALLS = {
    "min": "min(x, y)",
    "max": "max(x, y)",
    "clip": "clip(x, -y, y)",
    "soft_threshold": "soft_threshold(x, y)",
}
PLANE = Grammar({"x": (-3.0, 30.0), "y": (0.1, 3.0)})


@pytest.mark.parametrize(
    "text",
    [*(CALLS.get(name, f"{name}(x)") for name in ELEMENTARY), "x/y", "x*y - x", "y^x", "x^3", "x^-2", "e^x"],
)
def test_many_digits_agree_with_few(text: str) -> None:
    tree = read(text, PLANE).tree
    few = measure(tree, POINTS)
    for index, found in enumerate(Precise.at(POINTS, range(6)).values(tree)):
        if isinstance(found, Known):
            assert abs(found.value - Decimal(float(few.values[index]))) <= Decimal(float(few.errors[index]))
            assert 0 <= found.error <= Decimal("1e-20")
        else:
            assert found is Lost.UNDEFINED
            assert few.undefined[index]


def test_pi_has_all_its_digits() -> None:
    (found,) = Precise.at({"x": np.zeros(1)}, [0]).values(read("pi", LINE).tree)
    assert isinstance(found, Known)
    assert str(found.value).startswith("3.14159265358979323846264338327950288419")


@pytest.mark.parametrize("text", ["sin(x)", "cos(x)", "tan(x)"])
def test_large_angles_are_turned_back(text: str) -> None:
    (found,) = Precise.at({"x": np.array([1e15])}, [0]).values(read(text, LINE).tree)
    assert isinstance(found, Known)
    assert float(found.value) == pytest.approx(float(getattr(np, text[:3])(1e15)), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("sqrt(x)", Lost.UNDEFINED),
        ("log(x)", Lost.UNDEFINED),
        ("log1p(x)", Lost.UNDEFINED),
        ("log(x + 2)", Lost.UNDEFINED),
        ("1/(x + 2)", Lost.UNDEFINED),
        ("x^0.5", Lost.UNDEFINED),
        ("x^x^0.5", Lost.UNDEFINED),
        ("(x + 2)^-1", Lost.UNDEFINED),
        ("0*log(x)", Lost.UNDEFINED),
        ("exp(exp(exp(99 - x)))", Lost.HIDDEN),
        ("sign(sin(x)^2 + cos(x)^2 - 1)", Lost.HIDDEN),
        ("1/(sin(x)^2 + cos(x)^2 - 1)", Lost.HIDDEN),
        ("log(sin(x)^2 + cos(x)^2 - 1)", Lost.HIDDEN),
        ("sqrt(sin(x)^2 + cos(x)^2 - 1)", Lost.HIDDEN),
        ("sin(exp(99 - x))", Lost.HIDDEN),
    ],
)
def test_what_has_no_value_is_told_from_what_is_not_known(text: str, lost: Lost) -> None:
    assert Precise.at({"x": np.array([-2.0])}, [0]).values(read(text, LINE).tree) == [lost]


def test_what_more_digits_cost_is_bounded_over_all_comparisons() -> None:
    wide = Grammar({"x": (-1e6, 1e6)})
    answer = "+".join(f"e^(x+{n})/(1+e^(x+{n}))" for n in range(20))
    candidate = Candidate(read(answer, wide), wide)
    for last in range(18, 22):
        key = "+".join(f"sigmoid(x+{n})" for n in range(last))
        candidate.compare(read(key, wide))
    assert 0 <= candidate.effort.left < MAX_COST


def test_work_that_is_not_covered_is_not_begun() -> None:
    effort = Effort(10)
    assert not effort.allows(11)
    assert effort.allows(10)
    assert effort.left == 0


# Whatever is typed

PIECES = (
    "x y z λ lam λ₁ l1 2 0.5 1e300 1e-300 pi e + - * / ^ ** ( ) | √ sin exp( ln sqrt( sign( max( clip( ² ⁿ ⁻¹ ⁽ , = "
    ":= \\lambda \\frac { d/dw ∂ ½ ₁ _ ' % xy sigmoid abs"
).split()
WILD = Grammar({"x": (-3.0, 3.0), "y": (-1e6, 1e6), "z": (0.0, 1e-6), "lam": (0.1, 1.0), "l1": (0.1, 1.0)})


@given(st.lists(st.sampled_from([*PIECES, " "]), max_size=40).map("".join))
def test_whatever_is_typed_is_read_or_refused_at_a_column(text: str) -> None:
    try:
        read(text, WILD)
    except FormulaFault as found:
        fault = found
    else:
        return
    assert 1 <= fault.column <= len(text) + 1
    assert str(fault).isprintable()
    assert len(str(fault)) < 250


LEAVES = st.sampled_from(["x", "y", "z", "2", "1/3", "1e300", "1e-300", "pi", "e", "0", "-1", "1e17"])
ONE = [name for name in ELEMENTARY if FUNCTIONS[name].accepts(1) and name not in ("min", "max")]


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "^"]), inner)
    calls = st.tuples(st.sampled_from(ONE), inner).map(lambda parts: f"{parts[0]}({parts[1]})")
    return calls | two.map(lambda parts: f"({parts[0]}){parts[1]}({parts[2]})")


@settings(deadline=None, max_examples=60)
@given(st.recursive(LEAVES, grown, max_leaves=6), st.recursive(LEAVES, grown, max_leaves=4))
def test_a_formula_is_never_called_different_from_itself(text: str, other: str) -> None:
    try:
        formula, another = read(text, WILD), read(other, WILD)
    except FormulaFault:
        return
    assert compare(formula, read(f"1.0*({text})", WILD), WILD).outcome is not Outcome.DIFFERENT
    assert compare(formula, another, WILD).outcome in Outcome
