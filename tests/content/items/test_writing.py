"""Formulas are written out as one would type them, and read as what they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.items.drawing import draw_variant
from content.items.equivalence import ELEMENTARY, Grammar, read, written
from content.items.parsing.document import parse_definition
from content.items.presenting import right_answers
from tests.builders import exercise_document

GRAMMAR = Grammar({"w": (-3.0, 3.0), "g": (-2.0, 2.0), "lr": (0.01, 0.5)}, ELEMENTARY, {"λ": "g"})


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("-(5)*((4) - (5)*w) - (-4)*((1) - (4)*w)", "-5*(4 - 5*w) - (-4)*(1 - 4*w)"),
        ("((w)*(1-((2)*lr)))-(g)", "w*(1 - 2*lr) - g"),
        ("w-(g-lr)", "w - (g - lr)"),
        ("(w-g)-lr", "w - g - lr"),
        ("w/(g*lr)", "w/(g*lr)"),
        ("(w/g)*lr", "w/g*lr"),
        ("w·λ²", "w*g^2"),
        ("(-w)^2 - -g", "(-w)^2 - (-g)"),
        ("-(w^2)", "-w^2"),
        ("2^(3^w)", "2^3^w"),
        ("(2^3)^w", "(2^3)^w"),
        ("w^(-2)", "w^(-2)"),
        ("exp(-(w))*max(w,(g+1))", "exp(-w)*max(w, g + 1)"),
        ("ln(w^2 + 1)", "log(w^2 + 1)"),
        ("0.30w", "0.30*w"),
    ],
)
def test_no_more_parentheses_than_are_needed(text: str, out: str) -> None:
    assert written(read(text, GRAMMAR), GRAMMAR) == out


LEAVES = st.sampled_from(["w", "g", "lr", "2", "0.5", "pi"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def wrapped(parts: tuple[str, str, str]) -> str:
        return f"({parts[0]}){parts[1]}({parts[2]})"

    pairs = st.tuples(inner, st.sampled_from("+-*/"), inner).map(wrapped)
    signs = inner.map(lambda one: f"-({one})")
    powers = inner.map(lambda one: f"({one})^2")
    return st.one_of(pairs, signs, powers, inner.map(lambda one: f"sin({one})"))


@given(st.recursive(LEAVES, grown, max_leaves=12))
def test_what_is_written_reads_as_the_same_formula(text: str) -> None:
    formula = read(text, GRAMMAR)
    out = written(formula, GRAMMAR)
    assert read(out, GRAMMAR).tree == formula.tree
    assert out.count("(") <= text.count("(")


def test_the_right_formula_of_a_drawn_item_has_its_numbers_plainly() -> None:
    definition = parse_definition(
        exercise_document(
            parameters={"x": {"choice": [-3, -3]}, "y": {"choice": [0.5, 0.5]}},
            steps={},
            check={},
            body="[[a]]",
            interactions={
                "a": {"kind": "expression", "key": "({x})*w + ({y})*w^2", "variables": {"w": [-1, 1]}}
            },
            misconceptions={},
            solution="",
        )
    )
    assert right_answers(definition, draw_variant(definition, 1)) == {"a": "-3*w + 0.5*w^2"}
