"""What holds for every policy, ours and our peers'."""

from __future__ import annotations

import inspect
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.items.policies import POLICIES, ChoicePolicy, IntervalPolicy, Policy, policy

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
    "1,5", "1.5.2", "--5", "+-5", "5 m", "e5", "1e", "*10^3", "<script>alert(1)</script>", "\ud800", "1\n2",
    None, True, 0, -0.0, 5, 2.5, 10**400, float("nan"), float("inf"), [], ["a"], [1], {}, {"a": 1}, [["a"]], b"5",
]  # fmt: skip


def made(name: str) -> Policy:
    return policy({"name": name} | NEEDED.get(name, {}))


def key_of(rule: Policy) -> Any:
    return {"a": True, "b": False} if isinstance(rule, ChoicePolicy) else 3.0


INTERVALS = [name for name in POLICIES if isinstance(made(name), IntervalPolicy)]


@pytest.mark.parametrize("name", POLICIES)
def test_no_answer_breaks_a_grader(name: str) -> None:
    rule = made(name)
    for answer in HOSTILE:
        verdict = rule.grade(key_of(rule), answer)
        assert math.isfinite(verdict.score)
        assert verdict.valid or verdict.message
        json.dumps(verdict.to_json(), allow_nan=False)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("answer", ["nan", "inf", "-inf", "infinity", "1e400", float("inf"), float("nan")])
def test_what_is_not_finite_is_never_right(name: str, answer: Any) -> None:
    rule = made(name)
    if rule.interaction in ("numeric", "choice"):
        assert not rule.grade(key_of(rule), answer).correct


@pytest.mark.parametrize("name", POLICIES)
def test_a_document_makes_the_policy_it_came_from(name: str) -> None:
    rule = made(name)
    assert policy(json.loads(json.dumps(rule.document))) == rule


@pytest.mark.parametrize("name", POLICIES)
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
