"""What holds for every policy, ours and our peers', and for what only reads."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.items.policies import (
    POLICIES,
    READERS,
    ChoicePolicy,
    IntervalPolicy,
    Policy,
    PolicyFault,
    policy,
)

NAMES = [*POLICIES, *READERS]

# What a policy cannot do without; all else has a default.
NEEDED: dict[str, dict[str, Any]] = {
    "absolute": {"tolerance": 0.1},
    "relative": {"tolerance": 0.1},
    "significant_figures": {"digits": 3},
    "decimal_places": {"places": 2},
    "stack.num_sig_figs": {"digits": 3},
    "stack.sig_figs_strict": {"digits": 3},
    "stack.num_dec_places": {"digits": 2},
    "stack.num_dec_places_wrong": {"digits": 2},
}
HOSTILE: list[Any] = [
    "", " ", "\x00", "nan", "inf", "-Infinity", "1e400", "-1e400", "1e-400", "0x1F", "1_000", "٣", "１", "½", "²",
    "9" * 5000, "1e" + "9" * 90, "10^" + "9" * 90, "9^9^9^9", "(" * 3000, "-" * 10**5, "x+" * 5000, "1/0", "0/0",
    "1" * 10**6, "__import__('os').system('id')", "().__class__.__base__", "{0.__class__}", "lambda: 1", "[0]*10**10",
    "1e308", "-1e308", "1e350", "5e-324", "1e308+1e308*i", "1e308*10", "1.5e3", "3/4", "1 000", "3 m",
    "1,5", "1.5.2", "--5", "+-5", "5 m", "e5", "1e", "*10^3", "<script>alert(1)</script>", "\ud800", "1\n2",
    None, True, 0, -0.0, 5, 2.5, 10**400, float("nan"), float("inf"), [], ["a"], [1], {}, {"a": 1}, [["a"]], b"5",
]  # fmt: skip


def made(name: str) -> Policy:
    return policy({"name": name} | NEEDED.get(name, {}))


def key_of(rule: Policy) -> Any:
    return {"a": True, "b": False} if isinstance(rule, ChoicePolicy) else 3.0


INTERVALS = [name for name in NAMES if isinstance(made(name), IntervalPolicy)]


WIDE_OPEN: list[dict[str, Any]] = [
    {"name": "absolute", "tolerance": 0, "fractions": True, "unit": "m"},
    {"name": "significant_figures", "digits": 15, "strict": True, "percent": True},
    {"name": "edx.tolerance", "tolerance": "0.1", "credit": ["close", "list"], "partial_answers": ["1", "2"]},
    {"name": "moodle.numerical", "units": {"m": 1, "cm": 100}, "units_before": True, "separate_unit": ""},
    {"name": "numbas.range", "notationStyles": ["scientific", "eu", "in", "ch"], "allowFractions": True},
    {
        "name": "numbas.precision",
        "notationStyles": ["scientific"],
        "precisionType": "sigfig",
        "precision": 300,
    },
    {"name": "qti.round_to", "roundingMode": "significantFigures", "figures": 300},
    {"name": "qti.round_to", "roundingMode": "decimalPlaces", "figures": 300},
    {"name": "stack.num_sig_figs", "digits": [300, -1]},
    {"name": "webwork.digits", "tolerance": 50},
]


@pytest.mark.parametrize(
    "document", [*({"name": name} | NEEDED.get(name, {}) for name in NAMES), *WIDE_OPEN], ids=str
)
def test_no_answer_breaks_a_grader(document: dict[str, Any]) -> None:
    rule = policy(document)
    for answer in HOSTILE:
        verdict = rule.grade(key_of(rule), answer)
        assert math.isfinite(verdict.score)
        assert verdict.valid or verdict.message
        json.dumps(verdict.to_json(), allow_nan=False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", ["nan", "inf", "-inf", "infinity", "1e400", float("inf"), float("nan")])
def test_what_is_not_finite_is_never_right(name: str, answer: Any) -> None:
    rule = made(name)
    if rule.interaction in ("numeric", "choice"):
        assert not rule.grade(key_of(rule), answer).correct


@pytest.mark.parametrize("name", NAMES)
def test_a_document_makes_the_policy_it_came_from(name: str) -> None:
    rule = made(name)
    assert policy(json.loads(json.dumps(rule.document))) == rule


@pytest.mark.parametrize("name", NAMES)
def test_every_policy_says_what_it_does(name: str) -> None:
    rule = made(name)
    assert rule.rule
    assert inspect.getdoc(type(rule))
    assert rule.name == name
    assert rule.version >= 1


@pytest.mark.parametrize("name", INTERVALS)
@given(key=st.floats(-1e9, 1e9).filter(lambda value: abs(value) > 1e-6))
def test_the_key_itself_is_accepted(name: str, key: float) -> None:
    rule = made(name)
    assert isinstance(rule, IntervalPolicy)
    assert bool(rule.accepts(key, key))


@pytest.mark.parametrize("name", INTERVALS)
def test_keys_and_answers_are_broadcast(name: str) -> None:
    rule = made(name)
    assert isinstance(rule, IntervalPolicy)
    right = rule.accepts(np.full((4, 3), 2.0), np.array([2.0, 200.0, np.inf]))
    assert right.tolist() == [[True, False, False]] * 4


@given(answer=st.text(alphabet="0123456789eE+-.,'()^*/% x×−⁻³mki\u00a0", max_size=20))
def test_whatever_is_typed_gets_a_verdict(answer: str) -> None:
    for name in NAMES:
        rule = made(name)
        json.dumps(rule.grade(key_of(rule), answer).to_json(), allow_nan=False)


def normalized(document: dict[str, Any]) -> dict[str, Any]:
    return policy(document).document


def graded(rule: Policy, key: Any, answer: str) -> dict[str, Any]:
    return rule.grade(key, answer).to_json()


def fault_of(work: Callable[[], dict[str, Any]]) -> str | None:
    """Return whose fault it is that ``work`` fails; what it returns otherwise must be JSON."""
    try:
        json.dumps(work(), allow_nan=False)
    except PolicyFault as fault:
        return fault.fault
    return None


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_that_makes_no_sense_is_a_fault_and_nothing_else(name: str) -> None:
    sound = {"name": name} | NEEDED.get(name, {})
    for setting in made(name).document:
        for nonsense in HOSTILE:
            document = sound | {setting: nonsense}
            assert fault_of(partial(normalized, document)) in (None, "policy")


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_makes_no_sense_is_a_fault_and_nothing_else(name: str) -> None:
    rule = made(name)
    answer = "a" if isinstance(rule, ChoicePolicy) else "3.00"
    for nonsense in HOSTILE:
        assert fault_of(partial(graded, rule, nonsense, answer)) in (None, "key")
