"""A document with anything wrong in it is refused with the place of its fault, and never breaks who reads it."""

import random
from typing import Any

import pytest

from assessment.rules.document import parse_assessment
from content.catalogue import parse_bank, parse_misconception, parse_skill, parse_subject
from content.documents.reader import DefinitionError
from content.expressions import ExpressionError
from content.items.drawing import ImpossibleDraw
from content.items.grading import grade
from content.items.interactions import INTERACTIONS
from content.items.parsing.document import parse_definition
from content.items.policies import POLICIES
from content.items.presenting import hint_html, present, solution_html
from content.items.soundness import sound_variant
from content.lessons import parse_lesson
from tests.builders import choice_document, exercise_document
from tests.mutations import mutated, mutations

OPTIONS: list[dict[str, Any]] = [
    {"id": "p", "text": "As ${x}$", "key": True, "feedback": "Yes.", "fixed": True, "weight": 1.0},
    {"id": "q", "text": "Not so", "misconception": "forgot-the-two", "feedback": "No.", "weight": 0.0},
]
ENTRIES = [{"id": name, "text": f"Step {name}"} for name in "pqrs"]
POLICY = {"name": "absolute", "tolerance": 0.01, "version": 1}
PLACED: dict[str, dict[str, Any]] = {
    "choice": {
        "multiple": True,
        "options": OPTIONS,
        "policy": {"name": "per_option"},
        "shuffle": False,
        "weight": 2,
    },
    "inline_choice": {"options": [OPTIONS[0], {"id": "q", "text": "Not so"}], "shuffle": True},
    "expression": {
        "key": "{x}*a + b",
        "variables": {"a": [-1, 1], "b": [0.1, 2]},
        "functions": ["exp"],
        "aliases": {"alpha": "a"},
        "recognise": [
            {"formula": "{x}*(a + b)", "misconception": "forgot-the-two", "feedback": "No.", "credit": 0.5}
        ],
    },
    "numeric": {"key": "x", "policy": POLICY, "credit": "all", "unit": "kg", "weight": 1},
    "matrix": {"key": "[[x, 1], [2, x]]", "policy": POLICY, "credit": "each"},
    "ordering": {"entries": ENTRIES, "credit": "in_place"},
    "matching": {"left": ENTRIES[:2], "right": ENTRIES[1:], "pairs": {"p": "q", "q": "s"}, "credit": "all"},
    "text": {
        "accepted": [
            {"text": "lasso", "credit": 1},
            {"pattern": "l(1|one)", "example": "L1", "feedback": "Yes.", "misconception": "forgot-the-two"},
        ],
        "edits": 1,
        "case": True,
        "accents": False,
        "placeholder": "a word",
    },
}
PARAMETERS: dict[str, dict[str, Any]] = {
    "x": {"decimal": [1, 9], "places": 1, "nonzero": True},
    "n": {"integer": [1, 3], "shape": [2], "distinct": True},
    "c": {"choice": [0.1, 0.2]},
    "g": {"log_grid": [0.01, 1], "per_decade": 3},
    "z": {"normal": [0, 1], "places": 2, "shape": [2, 2]},
}
AXIS = {"name": "t", "from": "0", "to": "x", "label": "time"}
POINT = {"x": "x", "y": "1", "label": "here"}
FIGURES: list[dict[str, Any]] = [
    {
        "kind": "curve",
        "title": "c",
        "x": AXIS,
        "y_label": "y",
        "curves": [{"label": "l", "y": "t"}],
        "points": [POINT],
    },
    {"kind": "table", "title": "t", "columns": [{"label": "n", "values": "n", "places": 1}]},
    {"kind": "contour", "title": "s", "x": AXIS, "y": AXIS | {"name": "u"}, "z": "t*u", "points": [POINT]},
]


def placed(kind: str) -> dict[str, Any]:
    return exercise_document(
        body="Given ${x}$: [[a]]",
        steps={},
        check={},
        misconceptions={},
        solution="",
        interactions={"a": {"kind": kind, **PLACED[kind]}},
    )


def with_policy(name: str) -> dict[str, Any]:
    """An item under a policy with every setting that it has, sound or not."""
    kind = "choice" if POLICIES[name].interaction == "choice" else "numeric"
    rule = dict.fromkeys(POLICIES[name].__dataclass_fields__, "1") | {"name": name}
    document = placed(kind)
    document["interactions"]["a"]["policy"] = rule
    return document


FULL = exercise_document(
    difficulty=0.5,
    locale="de",
    parameters=PARAMETERS,
    require=["x > 1"],
    steps={"twice": "2*x", "more": "twice + c + g"},
    body="What is twice ${x}$ (${n}$, ${c}$, ${g}$, ${z}$)? [[a]] [[b]]",
    interactions={
        "a": {"kind": "numeric", "key": "twice", "policy": POLICY},
        "b": {"kind": "numeric", "key": "more"},
    },
    misconceptions={"a": {"forgot-the-two": {"value": "x", "feedback": "The 2.", "credit": 0.1}}},
    follow_through={"b": {"answer": "a", "step": "twice", "credit": 0.5}},
    figures=FIGURES,
)
ASSESSMENT = {
    "slug": "a-quiz",
    "title": "A quiz",
    "summary": "",
    "instructions": "",
    "lesson": "a-lesson",
    "time_limit_minutes": 10,
    "attempts_allowed": 2,
    "tries": 2,
    "penalty": 0.1,
    "keep": "best",
    "feedback": "immediate",
    "pass_fraction": 0.5,
}
SECTIONS = [
    {
        "title": "",
        "shuffle": True,
        "slots": [{"item": "i", "weight": 2}, {"draw": 2, "bank": "b", "skill": "s"}],
    }
]
ADAPTIVE = {
    "bank": "b",
    "model": "2pl",
    "start": {"rule": "random", "among": 5},
    "prior": {"mean": 0, "deviation": 1},
    "rule": "maximum_information",
    "among": 3,
    "exposure": {"ceiling": 0.3},
    "constraints": {"s": {"least": 1, "most": 3}},
    "stop": {"error": 0.3, "least": 3, "most": 20},
    "seeded": {"items": 2},
}
MASTERY = {
    "bank": "b",
    "skills": ["s"],
    "criterion": "probability",
    "threshold": 0.9,
    "max_items": 20,
    "carry_over": True,
}
LESSON = {
    "slug": "a-lesson",
    "title": "A lesson",
    "summary": "What it is about.",
    "level": "Advanced",
    "minutes": 12,
    "updated_on": "2026-05-13",
    "premium": False,
    "objectives": ["Know it."],
    "related": [{"title": "More", "kind": "lesson"}],
    "skills": ["s"],
    "theory": "The secret of $w$.",
}
NAMED = {"slug": "a-name", "title": "A name"}


def tried(document: dict[str, Any]) -> None:
    """Read an item and, where it is sound, draw it, show it and grade an answer to it."""
    definition = parse_definition(document)
    try:
        variant = sound_variant(definition, random.Random(1))
    except (ImpossibleDraw, ExpressionError):
        return
    present(definition, variant)
    solution_html(definition, variant)
    [hint_html(definition, variant, number) for number in range(len(definition.hints))]
    grade(definition, variant, dict.fromkeys(definition.interactions, "1"))


def test_no_slip_in_an_item_breaks_its_reader():
    """Fields that every item has, parameters, steps, figures and follow-through."""
    tried(FULL)
    refused = 0
    for what, document in mutations(FULL):
        refused += refuses(tried, document, what)
    assert refused > 2000


@pytest.mark.parametrize("kind", sorted(INTERACTIONS))
def test_no_slip_in_an_interaction_breaks_its_reader(kind):
    tried(placed(kind))
    refused = sum(refuses(tried, document, what) for what, document in mutations(placed(kind)))
    assert refused > 100


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_no_slip_in_a_policy_breaks_its_reader(name):
    rule = with_policy(name)["interactions"]["a"]["policy"]
    for what, changed in mutations(rule):
        document = with_policy(name)
        document["interactions"]["a"]["policy"] = changed
        refuses(tried, document, what)


@pytest.mark.parametrize(
    ("parse", "document"),
    [
        (parse_assessment, ASSESSMENT | {"sections": SECTIONS}),
        (parse_assessment, ASSESSMENT | {"mode": "adaptive", "adaptive": ADAPTIVE}),
        (parse_assessment, ASSESSMENT | {"mode": "mastery", "mastery": MASTERY}),
        (parse_lesson, LESSON),
        (parse_bank, NAMED),
        (parse_skill, NAMED | {"description": "d", "prerequisites": ["s"]}),
        (parse_misconception, NAMED | {"explanation": "e"}),
        (parse_subject, NAMED | {"description": "d"}),
        (parse_definition, choice_document(hints=["h"])),
    ],
)
def test_no_slip_in_another_document_breaks_its_reader(parse, document):
    refused = sum(refuses(parse, changed, what) for what, changed in mutations(document))
    assert refused > 20


def test_pairs_of_slips_break_no_reader_either():
    dice = random.Random(5)
    for _ in range(500):
        document = mutated(mutated(FULL, dice), dice)
        refuses(tried, document, str(document))


def refuses(parse: Any, document: Any, what: str) -> bool:
    """Return whether a document is refused, as it should be; any other exception names what was done to it."""
    try:
        parse(document)
    except DefinitionError as error:
        return bool(error.faults)
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}: {error}") from error
    return False
