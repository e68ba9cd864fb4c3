import pytest

from content.documents.reader import DefinitionError
from content.items.parsing.document import parse_definition
from tests.builders import choice_document, exercise_document, vector_document


def faults(document):
    with pytest.raises(DefinitionError) as raised:
        parse_definition(document)
    return dict(raised.value.faults)


def choice_with(*options, **changes):
    return choice_document(interactions={"a": {"kind": "choice", "options": list(options)} | changes})


def test_a_whole_document_is_read():
    definition = parse_definition(exercise_document())
    assert definition.is_exercise
    assert definition.misconception_slugs == {"forgot-the-two"}


def test_an_item_without_parameters_is_fixed():
    definition = parse_definition(choice_document())
    assert not definition.is_exercise
    assert definition.misconception_slugs == {"forgot-the-two"}


def test_every_fault_is_reported_at_once():
    found = faults({"title": 3, "body": "", "interactions": {}, "extra": 1})
    assert {"slug", "title", "body", "interactions", "extra"} <= set(found)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": "x" * 101}, "slug"),
        ({"title": "x" * 201}, "title"),
        ({"parameters": {"1x": {"integer": [0, 1]}}}, "parameters.1x"),
        ({"parameters": {"sum": {"integer": [0, 1]}}}, "parameters.sum"),
        ({"parameters": []}, "parameters"),
        ({"steps": {"exp": "x"}}, "steps.exp"),
        ({"steps": {"twice": "2*y"}}, "steps.twice"),
        ({"steps": {"twice": "later", "later": "x"}}, "steps.twice"),
        ({"steps": {"x": "1"}}, "steps.x"),
        ({"require": ["twice > 1"]}, "require.0"),
        ({"require": "x > 1"}, "require"),
        ({"check": {"nothing": "x"}}, "check.nothing"),
        ({"check": {"twice": "twice"}}, "check.twice"),
        ({"body": "No place for an answer. ${x}$"}, "body"),
        ({"body": "Twice: [[a]] and [[a]] ${x}$"}, "body"),
        ({"body": "Another: [[a]] [[b]] ${x}$"}, "body"),
        ({"body": "What is {y}? [[a]]"}, "body"),
        ({"body": "x" * 20_001 + "[[a]]"}, "body"),
        ({"solution": "It is {z}."}, "solution"),
        ({"hints": ["Try {z}."]}, "hints.0"),
        (
            {"misconceptions": {"a": {"slug": {"value": "x", "feedback": "{z}"}}}},
            "misconceptions.a.slug.feedback",
        ),
        (
            {"interactions": {"a": {"kind": "text", "accepted": [{"text": "x", "feedback": "{z}"}]}}},
            "interactions.a.accepted.0.feedback",
        ),
        ({"interactions": {"a": {"kind": "essay"}}}, "interactions.a.kind"),
        ({"interactions": {"a": {"kind": "numeric"}}}, "interactions.a.key"),
        ({"interactions": {"a": {"kind": "numeric", "key": "x +"}}}, "interactions.a.key"),
        (
            {"interactions": {"a": {"kind": "numeric", "key": "x", "policy": {"name": "vague"}}}},
            "interactions.a.policy.name",
        ),
        (
            {"interactions": {"a": {"kind": "numeric", "key": "x", "tolerance": 1}}},
            "interactions.a.tolerance",
        ),
        ({"misconceptions": {"b": {"slug": "x"}}}, "misconceptions.b"),
        ({"misconceptions": {"a": {"slug": "y"}}}, "misconceptions.a.slug"),
        ({"misconceptions": {"a": {"slug": {"value": "x", "credit": 1}}}}, "misconceptions.a.slug.credit"),
    ],
)
def test_a_fault_names_its_place(changes, path):
    assert path in faults(exercise_document(**changes))


@pytest.mark.parametrize(
    "document",
    [
        choice_with({"id": "one", "text": "One", "key": True}),
        choice_with({"id": "one", "text": "One"}, {"id": "two", "text": "Two"}),
        choice_with({"id": "one", "text": "One", "key": True}, {"id": "one", "text": "Two"}),
        choice_with({"id": "one", "text": "One", "key": True}, {"id": "two", "text": "Two", "key": True}),
    ],
    ids=["a single option", "no key", "the same id", "two keys"],
)
def test_options_that_do_not_make_a_choice_are_refused(document):
    assert "interactions.a.options" in faults(document)


@pytest.mark.parametrize("document", [None, [], "text", 7, {1: 2}])
def test_what_is_no_document_is_a_fault_and_nothing_worse(document):
    assert faults(document)


def test_an_expression_s_fault_names_line_and_column():
    assert "line 1, column 3" in faults(exercise_document(steps={"twice": "x $ 2"}))["steps.twice"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"steps": {"twice": "x + [1, 2]"}}, "steps.twice"),
        ({"require": ["x @ [1, 2] > 0"]}, "require.0"),
        ({"check": {"twice": "sum(x)"}}, "check.twice"),
        ({"misconceptions": {"a": {"slug": "x[0]"}}}, "misconceptions.a.slug"),
        ({"interactions": {"a": {"kind": "numeric", "key": "outer(x, x)"}}}, "interactions.a.key"),
        ({"interactions": {"a": {"kind": "matrix", "key": "x"}}}, "interactions.a.key"),
        ({"interactions": {"a": {"kind": "numeric", "key": "linspace(0, 1, 101)"}}}, "interactions.a.key"),
    ],
)
def test_shapes_that_do_not_fit_are_found_before_anything_is_drawn(changes, path):
    assert path in faults(vector_document(**changes))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"steps": {f"s{n}": "x" for n in range(61)}}, "steps"),
        ({"steps": {"twice": "2*x", "many": "linspace(0, x, 3000)"}}, "steps"),
        ({"steps": {"twice": "2*x", "slow": "sum(sort(linspace(0, x, 9000)))"}}, "steps"),
        ({"hints": ["hint"] * 11}, "hints"),
        ({"misconceptions": {"a": {f"m{n}": f"x + {n}" for n in range(21)}}}, "misconceptions"),
    ],
)
def test_no_document_can_be_a_burden(changes, path):
    assert path in faults(exercise_document(**changes))


def test_the_feedback_of_an_option_may_only_show_what_there_is():
    document = choice_with(
        {"id": "one", "text": "One", "key": True}, {"id": "two", "text": "Two", "feedback": "{z}"}
    )
    assert "interactions.a.options.1.feedback" in faults(document)
