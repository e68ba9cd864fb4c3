"""Every kind grades its own samples as it says; what is particular to a kind has tests of its own below."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.documents.reader import DefinitionError
from content.items.drawing import draw_variant
from content.items.grading import grade
from content.items.interactions import INTERACTIONS
from content.items.interactions.ordering import CREDIT
from content.items.interactions.text.comparing import normal, within_edits
from content.items.parsing.document import parse_definition
from content.items.presenting import present, right_answers
from tests.builders import choice_document, exercise_document

ENTRIES = [{"id": name, "text": f"Step {name}"} for name in "pqrs"]

DEFINITIONS = {
    "choice": choice_document()["interactions"]["a"],
    "inline_choice": choice_document()["interactions"]["a"],
    "expression": {
        "kind": "expression",
        "key": "{x}*a + b",
        "variables": ["a", "b"],
        "recognise": [{"formula": "{x}*(a + b)", "misconception": "forgot-the-two"}],
    },
    "numeric": {"kind": "numeric", "key": "x"},
    "matrix": {"kind": "matrix", "key": "[[x, 1], [2, x]]"},
    "ordering": {"kind": "ordering", "entries": ENTRIES},
    "matching": {
        "kind": "matching",
        "left": ENTRIES[:2],
        "right": ENTRIES[1:],
        "pairs": {"p": "q", "q": "s"},
    },
    "text": {"kind": "text", "accepted": [{"text": "lasso"}, {"pattern": "l(1|one)", "example": "L1"}]},
}


def item(interaction, kind=None, **changes):
    kind = kind or interaction["kind"]
    document = exercise_document(
        body="Given ${x}$: [[a]]",
        steps={},
        check={},
        misconceptions={},
        solution="",
        interactions={"a": {**interaction, "kind": kind} | changes},
    )
    return parse_definition(document)


def graded(interaction, answer, seed=1, **changes):
    definition = item(interaction, **changes)
    return grade(definition, draw_variant(definition, seed), {"a": answer}).interactions["a"]


def test_every_kind_has_an_example_here():
    assert set(INTERACTIONS) <= set(DEFINITIONS)


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_a_kind_grades_its_own_samples_as_it_says(kind):
    definition = item(DEFINITIONS[kind], kind)
    for seed in range(20):
        variant = draw_variant(definition, seed)
        samples = definition.interactions["a"].samples(variant.interactions["a"])
        assert samples.right
        assert samples.wrong
        assert all(grade(definition, variant, {"a": right}).correct for right in samples.right)
        assert not any(grade(definition, variant, {"a": wrong}).correct for wrong in samples.wrong)
        assert not any(grade(definition, variant, {"a": unreadable}).valid for unreadable in samples.invalid)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_no_json_value_breaks_a_grader(kind):
    definition = item(DEFINITIONS[kind], kind)
    variant = draw_variant(definition, 1)

    @given(JSON_VALUES)
    def graded_without_error(answer):
        verdict = grade(definition, variant, {"a": answer})
        assert 0 <= verdict.score <= 1
        json.dumps(verdict.to_json())

    graded_without_error()


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_the_right_answer_that_is_shown_would_be_right(kind):
    definition = item(DEFINITIONS[kind], kind)
    variant = draw_variant(definition, 1)
    told = right_answers(definition, variant)
    assert grade(definition, variant, told).correct
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_the_right_answer_has_the_decimal_mark_of_the_item(kind):
    document = {**item(DEFINITIONS[kind], kind).document, "locale": "de"}
    definition = parse_definition(document)
    variant = draw_variant(definition, 1)
    assert grade(definition, variant, right_answers(definition, variant)).correct


@pytest.mark.parametrize(
    ("kind", "answer", "parts"),
    [
        ("ordering", ["p", "r", "q", "s"], [True, False, False, True]),
        ("matching", {"p": "q", "q": "r"}, {"p": True, "q": False}),
    ],
)
def test_a_verdict_says_which_parts_are_right(kind, answer, parts):
    assert graded(DEFINITIONS[kind], answer).parts == parts


def test_cells_and_components_are_told_apart():
    definition = item(DEFINITIONS["matrix"], "matrix")
    variant = draw_variant(definition, 1)
    [[first, *rest], *rows] = right_answers(definition, variant)["a"]
    verdict = grade(definition, variant, {"a": [["1e6", *rest], *rows]}).interactions["a"]
    assert verdict.parts[0][0] is False
    assert all(verdict.parts[0][1:])
    assert all(map(all, verdict.parts[1:]))
    assert first not in ("", "1e6")


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_what_is_presented_is_json_without_the_record(kind):
    definition = item(DEFINITIONS[kind], kind)
    shown = present(definition, draw_variant(definition, 1))["interactions"][0]
    json.dumps(shown)
    assert not {"key", "policy", "order", "pairs", "accepted", "credit", "misconceptions"} & set(shown)


# Matrix


def test_cells_of_a_matrix_can_earn_credit_each():
    interaction = {"kind": "matrix", "key": "[[1, 2], [3, 4]]", "credit": "each"}
    verdict = graded(interaction, [["1", "2"], ["3", "5"]])
    assert (verdict.score, verdict.parsed) == (0.75, [[1.0, 2.0], [3.0, 5.0]])


def test_an_unreadable_cell_is_named():
    assert "Row 2, column 1" in graded(DEFINITIONS["matrix"], [["1", "2"], ["x", "5"]]).message


# Ordering


@pytest.mark.parametrize(
    ("credit", "answer", "score"),
    [
        ("exact", "pqrs", 1),
        ("exact", "pqsr", 0),
        ("in_place", "pqsr", 0.5),
        ("in_place", "spqr", 0),
        ("neighbours", "spqr", 2 / 3),
        ("neighbours", "srqp", 0),
        ("concordant_pairs", "pqsr", 5 / 6),
        ("concordant_pairs", "srqp", 0),
        ("longest_run", "spqr", 2 / 3),
        ("longest_run", "srqp", 0),
    ],
)
def test_an_order_earns_what_its_rule_says(credit, answer, score):
    verdict = graded(DEFINITIONS["ordering"], list(answer), credit=credit)
    assert verdict.score == pytest.approx(score)


@pytest.mark.parametrize("credit", CREDIT)
def test_only_the_right_order_earns_everything(credit):
    dice = random.Random(1)
    for _ in range(50):
        places = dice.sample(range(6), 6)
        assert (CREDIT[credit](places) == 1) == (places == sorted(places))


def test_entries_are_never_shown_in_their_right_order():
    definition = item({"kind": "ordering", "entries": ENTRIES[:2]})
    assert all(draw_variant(definition, seed).interactions["a"]["order"] == ["q", "p"] for seed in range(20))


# Matching


def test_pairs_earn_credit_each_or_all_together():
    answer = {"p": "q", "q": "r"}
    assert graded(DEFINITIONS["matching"], answer).score == 0.5
    assert graded(DEFINITIONS["matching"], answer, credit="all").score == 0


@pytest.mark.parametrize(
    ("pairs", "where"), [({"p": "q", "q": 7}, "q"), ({"p": "q", "q": "s", "z": None}, "z")]
)
def test_a_pair_that_names_no_id_is_a_fault_at_its_place(pairs, where):
    with pytest.raises(DefinitionError) as refused:
        item({**DEFINITIONS["matching"], "pairs": pairs})
    assert dict(refused.value.faults)[f"interactions.a.pairs.{where}"] == "must be an id of the right"


# Text


@pytest.mark.parametrize(
    ("changes", "answer", "correct"),
    [
        ({}, "Lasso", True),
        ({}, "  LASSO ", True),
        ({}, "ｌａｓｓｏ", True),
        ({}, "L1", True),
        ({}, "lone", True),
        ({}, "l2", False),
        ({}, "xl1x", False),
        ({"case": True}, "Lasso", False),
        ({}, "lassso", False),
        ({"edits": 1}, "lassso", True),
        ({"edits": 1}, "lsaso", True),
        ({"edits": 1}, "laso", True),
        ({"edits": 1}, "lazzo", False),
    ],
)
def test_a_text_is_compared_with_the_care_asked_for(changes, answer, correct):
    assert graded(DEFINITIONS["text"], answer, **changes).correct is correct


def several(**changes):
    options = [{"id": id, "text": id, "key": key} for id, key in (("p", True), ("q", False), ("r", False))]
    return {"kind": "choice", "multiple": True, "options": options} | changes


@pytest.mark.parametrize("name", ["all_or_nothing", "per_option", "right_minus_wrong"])
def test_nothing_chosen_is_no_answer_unless_none_may_be_right(name):
    verdict = graded(several(policy={"name": name}), [])
    assert (verdict.valid, verdict.message) == (False, "Choose at least one option.")
    assert graded(several(policy={"name": name}, may_be_none=True), []).valid


def test_that_no_option_is_right_must_be_said():
    none = [{"id": id, "text": id, "key": False} for id in "pq"]
    with pytest.raises(DefinitionError, match="must have a key"):
        item(several(options=none))
    assert graded(several(options=none, may_be_none=True), []).correct
    with pytest.raises(DefinitionError, match="several options"):
        item(several(multiple=False, may_be_none=True))


def test_a_peer_s_policy_keeps_its_own_reading_of_a_blank():
    assert graded(several(policy={"name": "edx.choice"}), []).valid


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("the lasso", 1),
        ("a lasso", 1),
        ('"lasso"', 1),
        ("“The lasso.”", 1),
        ("**lasso**!", 1),
        ("lasso regression", 1),
        ("the lasso model", 1),
        ("Lasso regresion", 1),
        ("it is the lasso", 1),
        ("lasso penalty", 0.5),
        ("not lasso", 0),
        ("ridge regression", 0),
        ("the ridge", 0),
        ("regression", 0),
        ("the", 0),
        ("lasso and ridge", 0),
    ],
)
def test_articles_quotes_and_companions_do_not_make_a_text_wrong(answer, score):
    interaction = {
        "kind": "text",
        "edits": 1,
        "companions": ["regression", "model", "it is", "penalty"],
        "accepted": [
            {"text": "lasso"},
            {"text": "ridge", "credit": 0},
            {"text": "lasso penalty", "credit": 0.5},
        ],
    }
    assert graded(interaction, answer).score == score


@pytest.mark.parametrize(
    ("accepted", "answer", "correct"),
    [
        ("weight decay", "weight-decay", True),
        ("decay of weights", "the decay of the weights", True),
        ("vitamin a", "vitamin", False),
        ("5", ".5", False),
        ("5!", "5", False),
        ("-5", "5", False),
        ("f'", "f", False),
        ("(a, b)", "[a, b]", False),
        ("5-3", "5 3", False),
        ("a", "a", True),
        ("the", "a", False),
        ("!", "?", False),
        ("yes", "Yes!", True),
        ("l1", "L1.", True),
    ],
)
def test_what_surrounds_a_text_is_forgiven_and_what_changes_it_is_not(accepted, answer, correct):
    assert graded({"kind": "text", "accepted": [{"text": accepted}]}, answer).correct is correct


def test_an_author_may_ask_for_the_bare_text():
    strict = {"kind": "text", "wrapping": True, "accepted": [{"text": "lasso"}]}
    assert graded(strict, "lasso").correct
    assert not graded(strict, "the lasso").correct


def test_a_pattern_is_tried_on_the_bare_text_as_well():
    accepted = [{"pattern": "l[12]", "example": "L1"}]
    assert graded({"kind": "text", "accepted": accepted}, "“the L1”").correct


def test_a_text_drawn_before_wrapping_was_forgiven_is_read_as_strictly_as_then():
    definition = item({"kind": "text", "accepted": [{"text": "lasso"}]})
    record = draw_variant(definition, 1).interactions["a"]
    old = {**record, "policy": {"name": "text", "version": 1, "case": False, "accents": True, "edits": 0}}
    verdict = definition.interactions["a"].grade(old, "the lasso", "en")
    assert (verdict.score, verdict.policy_version) == (0, 1)


@pytest.mark.parametrize("companions", [[""], ["x"] * 31, "regression"])
def test_companions_are_a_short_list_of_words(companions):
    with pytest.raises(DefinitionError):
        item({"kind": "text", "accepted": [{"text": "x"}], "companions": companions})


def test_accents_may_be_let_go():
    accepted = [{"text": "Gauß–Élise"}]
    assert not graded({"kind": "text", "accepted": accepted}, "gauss–elise").correct
    assert graded({"kind": "text", "accepted": accepted, "accents": False}, "gauss–elise").correct


def test_an_accepted_text_may_hold_the_learner_s_numbers():
    definition = item({"kind": "text", "accepted": [{"text": "shrinks by {x}"}]})
    variant = draw_variant(definition, 3)
    assert grade(definition, variant, {"a": f"Shrinks by {variant.values['x']}"}).correct


def test_a_wrong_text_can_be_a_misconception_with_credit():
    accepted = [
        {"text": "ridge"},
        {"text": "lasso", "credit": 0.25, "misconception": "swapped-l1-and-l2", "feedback": "The other one."},
    ]
    verdict = graded({"kind": "text", "accepted": accepted}, "lasso")
    assert (verdict.score, verdict.misconception) == (0.25, "swapped-l1-and-l2")


def test_a_pattern_that_explodes_elsewhere_is_linear_here():
    accepted = [{"pattern": "(a+)+b|" + "(x*)*" * 20, "example": "ab"}]
    assert not graded({"kind": "text", "accepted": accepted}, "a" * 400).correct


@pytest.mark.parametrize(
    "accepted",
    [
        [],
        [{}],
        [{"text": "x", "pattern": "x"}],
        [{"text": "x", "credit": 0.5}],
        [{"pattern": "(", "example": "x"}],
        [{"pattern": "x"}],
        [{"pattern": "x", "example": "y"}],
        [{"pattern": r"(a)\1", "example": "aa"}],
        [{"pattern": "((x{100}){100}){100}", "example": "x"}],
    ],
)
def test_what_can_never_be_answered_is_refused(accepted):
    with pytest.raises(DefinitionError):
        item({"kind": "text", "accepted": accepted})


@given(st.text("ab", max_size=6), st.text("ab", max_size=6), st.integers(0, 3))
def test_edits_go_both_ways(one, other, limit):
    assert within_edits(one, other, limit) == within_edits(other, one, limit)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "ab", 2), ("kitten", "sitting", 3), ("ca", "ac", 1), ("abc", "abc", 0)],
)
def test_edits_are_counted(one, other, distance):
    assert within_edits(one, other, distance)
    assert not within_edits(one, other, distance - 1)


def test_letters_that_look_the_same_are_the_same():
    assert normal("ﬁt", case=False, accents=True) == "fit"
