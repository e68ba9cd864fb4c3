"""No answer makes a grader raise, and none makes it compute without bounds."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.documents.reader import DefinitionError
from content.items.definition import ItemDefinition
from content.items.drawing import draw_variant
from content.items.grading import ItemVerdict, grade
from content.items.interactions import INTERACTIONS
from content.items.parsing.document import parse_definition
from content.items.policies import POLICIES, READERS, ChoicePolicy, PolicyFault, grade_case, policy
from tests.builders import exercise_document
from tests.content.items.hostile import ANSWERS, FORMULAS, NUMBERS, UNITS
from tests.content.items.policies.test_laws import NEEDED
from tests.content.items.test_interactions import DEFINITIONS

WITH_UNIT = {"kind": "numeric", "key": "x", "policy": {"name": "absolute", "tolerance": 0.01, "unit": "m"}}
VECTOR = {"kind": "numeric", "key": "[x, 1]", "policy": {"name": "relative", "tolerance": 0.1}}
SETTINGS = [
    "0e99999999",
    "1e99999999",
    "1e-99999999",
    "1e-400000",
    "9" * 2_000,
    "9" * 2_000 + "/7",
    10**400,
    1e308,
]


def item(interaction: dict[str, Any]) -> ItemDefinition:
    return parse_definition(
        exercise_document(
            body="Given ${x}$: [[a]]",
            steps={},
            check={},
            misconceptions={},
            solution="",
            interactions={"a": interaction},
        )
    )


ITEMS = {kind: item(DEFINITIONS[kind] | {"kind": kind}) for kind in INTERACTIONS} | {
    "with a unit": item(WITH_UNIT),
    "vector": item(VECTOR),
}


def graded(kind: str, answer: Any) -> ItemVerdict:
    definition = ITEMS[kind]
    verdict = grade(definition, draw_variant(definition, 1), {"a": answer})
    assert math.isfinite(verdict.score)
    assert verdict.valid or verdict.message
    json.dumps(verdict.to_json(), allow_nan=False)
    return verdict


@pytest.mark.parametrize("kind", ITEMS)
def test_no_answer_breaks_an_item(kind: str) -> None:
    for answer in ANSWERS:
        graded(kind, answer)


@pytest.mark.parametrize("kind", ITEMS)
@given(
    answer=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(ANSWERS),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
        max_leaves=8,
    )
)
def test_no_json_breaks_an_item(kind: str, answer: Any) -> None:
    graded(kind, answer)


@pytest.mark.parametrize("name", [*POLICIES, *READERS])
def test_no_answer_breaks_a_policy(name: str) -> None:
    rule = policy({"name": name} | NEEDED.get(name, {}))
    keys: list[Any] = [{"a": True}] if isinstance(rule, ChoicePolicy) else [3.0, 0.0, 1.7e308, -5e-324]
    for key in keys:
        for answer in ANSWERS:
            verdict = rule.grade(key, answer)
            json.dumps(verdict.to_json(), allow_nan=False)
            assert verdict.valid or verdict.message


@pytest.mark.parametrize("name", [*POLICIES, *READERS])
def test_no_setting_and_no_key_breaks_a_policy_but_by_a_fault(name: str) -> None:
    kind = {**POLICIES, **READERS}[name]
    settings = kind.from_document({"name": name} | NEEDED.get(name, {})).document.keys() - {"name", "version"}
    for setting in sorted(settings):
        for value in SETTINGS:
            _graded_or_at_fault(
                kind.interaction, {"name": name} | NEEDED.get(name, {}) | {setting: value}, 3.0
            )
    for key in (*SETTINGS, *NUMBERS):
        _graded_or_at_fault(kind.interaction, {"name": name} | NEEDED.get(name, {}), key)


def _graded_or_at_fault(interaction: str, document: dict[str, Any], key: Any) -> None:
    with suppress(PolicyFault):
        verdict = grade_case(interaction=interaction, key=key, policy=document, answer="0.5")
        assert math.isfinite(verdict.score)


@pytest.mark.parametrize(
    "bound", ["1e-400000", "1e99999999", "-1e-99999999", "1/" + "9" * 2_000, "9" * 2_000]
)
def test_an_absurd_bound_is_a_fault_of_the_policy(bound: str) -> None:
    for setting in ("minvalue", "maxvalue"):
        with pytest.raises(PolicyFault, match="must"):
            policy({"name": "numbas.range", setting: bound})


@pytest.mark.parametrize("answer", ["5e300 Ym", "1 Ym^99/m^98", "1e300 km^9/m^8", "1e-320 ym", "9e307 km"])
def test_a_unit_that_leaves_the_range_of_floats_makes_an_answer_unreadable(answer: str) -> None:
    verdict = graded("with a unit", answer).interactions["a"]
    assert not verdict.valid
    assert "too large, or too close to 0" in verdict.message


@pytest.mark.parametrize("text", ["0e99999999", "0.0e-3000000", "-0e400", "0×10⁹⁹⁹⁹⁹⁹"])
def test_a_zero_with_any_exponent_is_an_answer_of_zero(text: str) -> None:
    assert policy({"name": "absolute", "tolerance": 0}).grade(0.0, text).correct


@pytest.mark.parametrize(
    "name", ["numbas.range", "stack.num_absolute", "prairielearn.relabs", "edx.tolerance"]
)
def test_a_zero_with_any_exponent_is_zero_to_the_policies_of_peers_as_well(name: str) -> None:
    styles = {"notationStyles": ["plain", "scientific"]} if name == "numbas.range" else {}
    assert policy({"name": name} | styles).grade(0, "0e99999999").correct


@pytest.mark.parametrize("zero", ["0e8000000", "0.0e-3000000", "0e" + "9" * 36])
def test_a_formula_with_an_absurd_zero_equals_the_one_without(zero: str) -> None:
    definition = item({"kind": "expression", "key": "a + b", "variables": ["a", "b"]})
    assert grade(definition, draw_variant(definition, 1), {"a": f"a + b + {zero}"}).correct


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_of_an_author_is_read_or_is_a_fault(formula: str) -> None:
    for document in (
        {"kind": "expression", "key": formula, "variables": ["a", "b"]},
        {"kind": "expression", "key": "a", "variables": ["a", "b"], "recognise": [{"formula": formula}]},
        {"kind": "numeric", "key": formula.replace("a", "x").replace("b", "2")},
    ):
        with suppress(DefinitionError):
            draw_variant(item(document), 1)


@pytest.mark.parametrize("unit", [*UNITS, "Ym^99" * 100, "m " * 100_000])
def test_a_unit_of_an_author_is_known_or_is_a_fault(unit: str) -> None:
    _graded_or_at_fault("numeric", {"name": "absolute", "tolerance": 1, "unit": unit.removeprefix("1 ")}, 3.0)
