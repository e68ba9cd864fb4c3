"""How items are shown and what lies beside them, as documents say it."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.rules.delivery import Feedback, Layout, Tool
from assessment.rules.document import parse_assessment
from content.documents.reader import DefinitionError

SLOT = {"item": "an-item"}


def document(**fields: Any) -> dict[str, Any]:
    sections = {"sections": [{"slots": [SLOT]}]} if fields.get("mode", "fixed") == "fixed" else {}
    return {"slug": "a-quiz", "title": "A quiz", **sections, **fields}


def faults(**fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as refused:
        parse_assessment(document(**fields))
    return list(refused.value.faults)


def test_without_a_word_one_question_is_shown_with_nothing_beside_it_and_no_solution() -> None:
    rules = parse_assessment(document()).rules
    assert (rules.layout, rules.tools, rules.gives_solutions) == (Layout.ONE_QUESTION, (), False)


def test_a_document_says_the_layout_the_tools_and_that_solutions_are_given() -> None:
    rules = parse_assessment(
        document(layout="one_page", tools=["scratchpad", "calculator"], solution_on_request=True)
    ).rules
    assert rules.layout is Layout.ONE_PAGE
    assert rules.tools == (Tool.CALCULATOR, Tool.SCRATCHPAD)
    assert rules.gives_solutions


@pytest.mark.parametrize("release", [Feedback.AT_END, Feedback.AFTER_CLOSE])
def test_an_assignment_that_withholds_verdicts_withholds_solutions(release: Feedback) -> None:
    definition = parse_assessment(document(solution_on_request=True))
    assert not definition.rules_under(release).gives_solutions


@pytest.mark.parametrize(
    ("fields", "path", "reason"),
    [
        ({"layout": "two_pages"}, "layout", "must be one of one_question, one_page"),
        ({"tools": "calculator"}, "tools", "must be a list of texts"),
        ({"tools": ["calculator", "abacus"]}, "tools.1", "must be one of calculator, scratchpad"),
        ({"solution_on_request": "yes"}, "solution_on_request", "must be true or false"),
        (
            {"solution_on_request": True, "feedback": "at_end"},
            "solution_on_request",
            "is not possible: verdicts are withheld, and a solution tells them",
        ),
        (
            {"sections": [{"slots": [{"bank": "a-bank", "draw": 101}]}], "layout": "one_page"},
            "layout",
            "cannot be one page: 101 items are more than 100",
        ),
        (
            {"mode": "mastery", "mastery": {"bank": "a-bank"}, "layout": "one_page"},
            "layout",
            "cannot be one page: the mode mastery chooses items one by one",
        ),
        (
            {"mode": "mastery", "mastery": {"bank": "a-bank"}, "solution_on_request": True},
            "solution_on_request",
            "is not possible: the mode mastery goes on by what was answered",
        ),
    ],
)
def test_what_does_not_go_together_is_a_fault_at_its_place(
    fields: dict[str, Any], path: str, reason: str
) -> None:
    assert any(found == path and told.startswith(reason) for found, told in faults(**fields))
