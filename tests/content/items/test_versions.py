"""A language or a grader that is raised to another version leaves what was written under the former one alone."""

import random
from dataclasses import replace
from typing import Final

import pytest

from content.documents.reader import DefinitionError
from content.expressions import CONSTANTS, FUNCTIONS, RESERVED
from content.items import grading
from content.items.drawing import Variant
from content.items.grading import GRADERS, ItemVerdict, UnknownGrader, grade
from content.items.parsing.document import parse_definition
from content.items.soundness import sound_variant
from tests.builders import exercise_document

FORMULA: Final = exercise_document(
    "with-a-formula",
    parameters={},
    steps={},
    check={},
    misconceptions={},
    body="Twice the same? [[a]]",
    interactions={"a": {"kind": "expression", "key": "twice*x", "variables": ["twice", "x", "w"]}},
    solution="",
)


@pytest.fixture
def second_language(monkeypatch):
    """Make a function of the step, a constant of the parameter and functions of products that a learner may type."""
    ramp = FUNCTIONS["relu"]
    for name in ("twice", "xw"):
        monkeypatch.setitem(FUNCTIONS, name, replace(ramp, signature=f"{name}(x)"))
    monkeypatch.setitem(CONSTANTS, "x", 2.0)
    monkeypatch.setitem(RESERVED, 2, RESERVED[1] | {"twice", "xw", "x"})


def faults(document):
    with pytest.raises(DefinitionError) as raised:
        parse_definition(document)
    return dict(raised.value.faults)


@pytest.mark.parametrize("document", [exercise_document(), exercise_document(language=1)])
def test_a_stored_document_is_read_in_its_own_language(request, document):
    before = sound_variant(parse_definition(document), random.Random(3))
    request.getfixturevalue("second_language")
    definition = parse_definition(document)
    assert definition.language == 1
    assert sound_variant(definition, random.Random(3)) == before
    assert grade(definition, before, {"a": repr(before.values["twice"])}).correct


@pytest.mark.usefixtures("second_language")
def test_a_document_of_the_later_language_may_not_take_its_names():
    found = faults(exercise_document(language=2))
    assert {"parameters.x", "steps.twice"} <= set(found)


@pytest.mark.usefixtures("second_language")
def test_only_a_document_of_the_later_language_may_call_its_functions():
    document = exercise_document(
        parameters={"y": {"integer": [1, 9]}},
        steps={"more": "xw(y)"},
        check={},
        misconceptions={},
        body="As much as ${y}$? [[a]]",
        interactions={"a": {"kind": "numeric", "key": "more"}},
        solution="",
    )
    assert parse_definition(document | {"language": 2}).language == 2
    assert "'xw' is not a function" in faults(document)["steps.more"]


def test_a_formula_is_typed_in_the_language_of_its_item(request):
    shown = sound_variant(parse_definition(FORMULA), random.Random(3)).to_json()
    request.getfixturevalue("second_language")
    definition = parse_definition(FORMULA)
    stored = Variant.from_json(shown)
    assert stored == sound_variant(definition, random.Random(3))
    for right in ("twice*x", "x twice", "xw*twice/w"):
        assert grade(definition, stored, {"a": right}).correct, right
    found = faults(FORMULA | {"language": 2})
    assert {"interactions.a.variables.twice", "interactions.a.variables.x"} <= set(found)


@pytest.mark.usefixtures("second_language")
def test_the_grammar_of_a_later_language_is_stored_with_it():
    definition = parse_definition(
        FORMULA
        | {"language": 2, "interactions": {"a": {"kind": "expression", "key": "2*v", "variables": ["v"]}}}
    )
    shown = Variant.from_json(sound_variant(definition, random.Random(3)).to_json())
    assert shown.interactions["a"]["policy"]["language"] == 2
    assert grade(definition, shown, {"a": "v*x"}).correct  # where x is the constant 2


@pytest.mark.parametrize("language", [0, 2, True, 1.0, "1", None, [1], {}])
def test_a_language_that_does_not_exist_is_a_fault(language):
    assert faults(exercise_document(language=language)) == {"language": "must be one of 1"}


@pytest.fixture
def strict_grader(monkeypatch):
    """A third grader, to which nothing is right."""

    def strict(definition, variant, answer, locale):
        verdict = GRADERS[2](definition, variant, answer, locale)
        return replace(verdict, score=0.0)

    monkeypatch.setitem(GRADERS, 3, strict)


def test_a_stored_verdict_is_given_again_by_its_own_grader(request):
    definition = parse_definition(exercise_document())
    shown = sound_variant(definition, random.Random(3))
    answer = {"a": repr(shown.values["twice"])}
    stored = grade(definition, shown, answer).to_json()
    request.getfixturevalue("strict_grader")
    assert grade(definition, shown, answer, version=stored["grader_version"]).to_json() == stored
    assert ItemVerdict.from_json(stored).grader_version == 2


@pytest.mark.usefixtures("strict_grader")
def test_without_a_version_the_latest_grader_decides():
    definition = parse_definition(exercise_document())
    shown = sound_variant(definition, random.Random(3))
    verdict = grade(definition, shown, {"a": repr(shown.values["twice"])})
    assert (verdict.score, verdict.grader_version) == (0.0, 3)


def test_a_grader_that_does_not_exist_is_named():
    definition = parse_definition(exercise_document())
    shown = sound_variant(definition, random.Random(3))
    with pytest.raises(UnknownGrader, match="1"):
        grade(definition, shown, {}, version=1)


def test_the_current_grader_stands_in_the_table():
    assert max(GRADERS) == grading.GRADER_VERSION
