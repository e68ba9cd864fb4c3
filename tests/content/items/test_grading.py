import json

import pytest

from content.documents.reader import DefinitionError
from content.items.drawing import draw_variant
from content.items.grading import ItemVerdict, grade
from content.items.parsing.document import parse_definition
from content.items.presenting import present, solution_html
from tests.builders import choice_document, exercise_document, vector_document

EXERCISE = parse_definition(exercise_document())
VECTOR = parse_definition(vector_document())
CHOICE = parse_definition(choice_document())

SECRETS = {"key", "seed", "policy", "tolerance", "misconception", "misconceptions", "feedback", "solution"}


def variant_with(definition, seed=4):
    return draw_variant(definition, seed)


def graded(definition, answer, **changes):
    return grade(definition, variant_with(definition), {"a": answer}, **changes).interactions["a"]


def keys_in(value):
    """Every key of every mapping inside a JSON value."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_in(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys_in(inner)}
    return set()


def test_the_key_is_right_and_says_by_which_rule():
    verdict = graded(EXERCISE, str(2 * variant_with(EXERCISE).values["x"]))
    assert verdict.correct
    assert "0.01" in verdict.rule


def test_a_wrong_number_is_recognized_by_its_misconception():
    verdict = graded(EXERCISE, str(variant_with(EXERCISE).values["x"]))
    assert (verdict.score, verdict.misconception) == (0.0, "forgot-the-two")


def test_a_misconception_may_earn_partial_credit():
    credited = {"a": {"forgot-the-two": {"value": "x", "credit": 0.4, "feedback": "Twice!"}}}
    definition = parse_definition(exercise_document(misconceptions=credited))
    verdict = graded(definition, str(variant_with(definition).values["x"]))
    assert (verdict.score, verdict.feedback) == (0.4, "Twice!")


def test_another_wrong_number_is_only_wrong():
    verdict = graded(EXERCISE, "-1000")
    assert (verdict.valid, verdict.score, verdict.misconception) == (True, 0.0, None)


@pytest.mark.parametrize(
    "entered",
    [
        "", " ", "abc", "1,5", "1e400", "nan", "inf", "-inf", "0x10", "1_000", "١٢", "9" * 1000,
        "1" * 1_000_000, "\x00", "\ud800", True, [], {}, ["1"], {"a": 1}, float("inf"), float("nan"), 10**400,
    ],
)  # fmt: skip
def test_what_is_no_number_is_invalid_and_says_what_to_do(entered):
    verdict = graded(EXERCISE, entered)
    assert not verdict.valid
    assert verdict.message
    assert len(verdict.message) < 400


@pytest.mark.parametrize(
    "entered", [["1", "2"], ["1"] * 4, "1 2 3", {}, 7, [["1"], ["2"], ["3"]], ["1", None, "3"]]
)
def test_a_vector_of_another_form_is_invalid(entered):
    assert not graded(VECTOR, entered).valid


def test_every_component_of_a_vector_counts():
    key = variant_with(VECTOR).interactions["a"]["key"]
    assert graded(VECTOR, [str(k) for k in key]).correct
    assert not graded(VECTOR, [str(key[0]), str(key[1]), "0"]).correct


def test_a_vector_can_give_credit_by_component():
    each = {"a": {"kind": "numeric", "key": "twice", "credit": "each"}}
    definition = parse_definition(vector_document(interactions=each))
    key = variant_with(definition).interactions["a"]["key"]
    assert graded(definition, [str(key[0]), "-5", str(key[2])]).score == pytest.approx(2 / 3)


def test_a_chosen_distractor_brings_its_feedback_and_misconception():
    verdict = graded(CHOICE, "wrong")
    assert (verdict.score, verdict.misconception, verdict.feedback) == (
        0.0,
        "forgot-the-two",
        "Not that one.",
    )


def test_the_chosen_key_has_no_misconception():
    verdict = graded(CHOICE, "right")
    assert (verdict.correct, verdict.misconception, verdict.feedback) == (True, None, "Well seen.")


@pytest.mark.parametrize("entered", ["nowhere", "", 7, True, {}, {"id": "right"}, ["right", "wrong"]])
def test_what_is_no_option_is_invalid(entered):
    assert not graded(CHOICE, entered).valid


def test_an_answer_to_nothing_is_invalid():
    assert not grade(CHOICE, variant_with(CHOICE), {"z": "right"}).valid
    assert not grade(CHOICE, variant_with(CHOICE), {}).valid


def test_parts_are_weighted():
    document = exercise_document(
        body="Twice ${x}$: [[a]]; itself: [[b]]",
        interactions={
            "a": {"kind": "numeric", "key": "twice", "weight": 3},
            "b": {"kind": "numeric", "key": "x"},
        },
    )
    definition = parse_definition(document)
    variant = draw_variant(definition, 4)
    verdict = grade(definition, variant, {"a": str(2 * variant.values["x"]), "b": "-1"})
    assert (verdict.score, verdict.correct) == (0.75, False)


def test_a_verdict_survives_storage():
    verdict = grade(EXERCISE, variant_with(EXERCISE), {"a": "3"})
    assert ItemVerdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict


@pytest.mark.parametrize("definition", [EXERCISE, VECTOR, CHOICE], ids=lambda d: d.slug)
def test_what_a_learner_sees_holds_no_secret(definition):
    shown = present(definition, variant_with(definition))
    assert not keys_in(shown) & SECRETS
    assert set(shown) == {"body", "interactions", "locale", "figures", "hints_available"}


def test_the_rule_of_a_verdict_does_not_tell_the_key():
    key = variant_with(EXERCISE).interactions["a"]["key"]
    assert str(key) not in graded(EXERCISE, "-1").rule


def test_the_solution_is_in_the_learner_s_numbers():
    x = variant_with(EXERCISE).values["x"]
    assert f">{x}<" in solution_html(EXERCISE, variant_with(EXERCISE))


# Follow-through


def two_parts(**rule):
    return parse_definition(
        exercise_document(
            body="Twice ${x}$: [[a]]; that plus one: [[b]]",
            steps={"twice": "2*x", "more": "twice + 1"},
            check={},
            interactions={"a": {"kind": "numeric", "key": "twice"}, "b": {"kind": "numeric", "key": "more"}},
            follow_through={"b": {"answer": "a", "step": "twice"} | rule},
        )
    )


@pytest.mark.parametrize(
    ("first", "second", "score"),
    [("wrong", "follows", 0.5), ("wrong", "right", 0.5), ("wrong", "neither", 0.0), ("right", "right", 1.0)],
)
def test_an_answer_may_follow_from_the_learner_s_own_earlier_one(first, second, score):
    definition = two_parts()
    variant = draw_variant(definition, 4)
    x = variant.values["x"]
    a = {"wrong": 10 * x, "right": 2 * x}[first]
    b = {"follows": 10 * x + 1, "right": 2 * x + 1, "neither": -1}[second]
    assert grade(definition, variant, {"a": str(a), "b": str(b)}).score == score


def test_follow_through_may_earn_less_and_says_why():
    definition = two_parts(credit=0.5)
    variant = draw_variant(definition, 4)
    verdict = grade(definition, variant, {"a": "100", "b": "101"}).interactions["b"]
    assert (verdict.score, verdict.misconception) == (0.5, None)
    assert "your answer to a" in verdict.message


@pytest.mark.parametrize(
    "rule", [{"answer": "b"}, {"answer": "z"}, {"step": "x"}, {"credit": 0}, {"credit": 2}]
)
def test_follow_through_names_an_earlier_answer_and_a_step(rule):
    with pytest.raises(DefinitionError, match=r"follow_through\.b"):
        two_parts(**rule)


def three_parts(**rule):
    number = {"kind": "numeric"}
    return parse_definition(
        exercise_document(
            body="Twice ${x}$: [[a]]; thrice: [[b]]; together and once more: [[c]]",
            steps={"twice": "2*x", "thrice": "3*x", "together": "twice + thrice", "more": "together + x"},
            check={},
            interactions={
                "a": number | {"key": "twice"},
                "b": number | {"key": "thrice"},
                "c": number | {"key": "more"},
            },
            misconceptions={},
            follow_through={"c": {"sources": {"a": "twice", "b": "thrice"}, "credit": 0.75} | rule},
        )
    )


@pytest.mark.parametrize(
    ("a", "b", "credit"), [(100, None, 0.75), (None, 200, 0.75), (100, 200, 0.75), (None, None, 0)]
)
def test_an_answer_may_follow_from_several_earlier_ones(a, b, credit):
    definition = three_parts()
    variant = draw_variant(definition, 4)
    x = variant.values["x"]
    own = {"a": 2 * x if a is None else a, "b": 3 * x if b is None else b}
    carried = sum(own.values()) + x + (1 if a is b is None else 0)
    answer = {**{i: str(value) for i, value in own.items()}, "c": str(carried)}
    verdict = grade(definition, variant, answer).interactions["c"]
    assert verdict.score == credit
    named = " and ".join(name for name, wrong in (("a", a), ("b", b)) if wrong is not None)
    assert (f"to {named}." in verdict.message) is bool(named)


def test_an_unreadable_source_gives_nothing_to_follow():
    definition = three_parts()
    verdict = grade(definition, draw_variant(definition, 4), {"a": "100", "b": "?", "c": "300"})
    assert (verdict.valid, verdict.interactions["c"].score) == (False, 0)


@pytest.mark.parametrize(
    "rule",
    [
        {"sources": {}},
        {"sources": {"c": "more"}},
        {"sources": {"a": "x"}},
        {"sources": {"a": "twice", "b": "twice"}},
        {"answer": "a", "step": "twice"},
    ],
)
def test_several_sources_are_earlier_answers_with_steps_of_their_own(rule):
    with pytest.raises(DefinitionError, match=r"follow_through\.c"):
        three_parts(**rule)


# Locales


def test_numbers_are_shown_and_read_as_the_item_s_locale_writes_them():
    definition = parse_definition(vector_document(locale="de"))
    variant = draw_variant(definition, 4)
    shown = present(definition, variant)["body"]
    assert str(variant.values["x"][0]).replace(".", ",") in shown
    key = [str(round(value, 3)) for value in variant.interactions["a"]["key"]]
    assert grade(definition, variant, {"a": [number.replace(".", ",") for number in key]}).correct
    assert not grade(definition, variant, {"a": key}).valid


def test_an_unknown_locale_is_refused():
    with pytest.raises(DefinitionError, match="locale"):
        parse_definition(exercise_document(locale="tlh"))
