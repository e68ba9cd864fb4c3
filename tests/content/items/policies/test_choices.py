"""Our own policies for chosen options."""

from __future__ import annotations

from typing import Any

import pytest

from content.items.policies import PolicyFault, grade_case, policy

KEY = {"a": True, "b": True, "c": False, "d": False}


@pytest.mark.parametrize(
    ("name", "answer", "score"),
    [
        ("single", "a", 1),
        ("single", ["a"], 1),
        ("single", "c", 0),
        ("all_or_nothing", ["b", "a"], 1),
        ("all_or_nothing", ["a", "a", "b"], 1),
        ("all_or_nothing", ["a"], 0),
        ("all_or_nothing", ["a", "b", "c"], 0),
        ("all_or_nothing", [], 0),
        ("per_option", ["a", "b"], 1),
        ("per_option", ["a"], 0.75),
        ("per_option", ["a", "c"], 0.5),
        ("per_option", [], 0.5),
        ("per_option", ["c", "d"], 0),
        ("right_minus_wrong", ["a", "b"], 1),
        ("right_minus_wrong", ["a"], 0.5),
        ("right_minus_wrong", ["a", "b", "c"], 0.5),
        ("right_minus_wrong", ["a", "c"], 0),
        ("right_minus_wrong", ["c", "d"], 0),
    ],
)
def test_a_choice_earns_what_its_policy_says(name: str, answer: Any, score: float) -> None:
    verdict = policy({"name": name}).grade(KEY, answer)
    assert (verdict.valid, verdict.score) == (True, score)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("single", None),
        ("single", ""),
        ("single", ["a", "b"]),
        ("single", "e"),
        ("all_or_nothing", ["a", "e"]),
        ("per_option", 3),
        ("right_minus_wrong", [1]),
        ("right_minus_wrong", {"a": True}),
    ],
)
def test_what_is_not_on_offer_cannot_be_graded(name: str, answer: Any) -> None:
    verdict = policy({"name": name}).grade(KEY, answer)
    assert (verdict.valid, verdict.score) == (False, 0)
    assert verdict.message


def test_where_no_option_is_right_choosing_none_is() -> None:
    for name in ("all_or_nothing", "per_option", "right_minus_wrong"):
        assert policy({"name": name}).grade({"a": False, "b": False}, []).score == 1


def test_the_verdict_keeps_the_choice_in_one_order() -> None:
    assert policy({"name": "all_or_nothing"}).grade(KEY, ["b", "a", "b"]).parsed == ["a", "b"]


@pytest.mark.parametrize("key", [None, {}, [], {"a": "yes"}, {"a": 0.5, "b": True}])
def test_a_key_without_right_and_wrong_is_the_authors_fault(key: Any) -> None:
    with pytest.raises(PolicyFault) as caught:
        policy({"name": "all_or_nothing"}).grade(key, ["a"])
    assert caught.value.fault == "key"


def test_a_key_may_list_the_right_ones_beside_the_options() -> None:
    verdict = grade_case(
        interaction="choice",
        key={"correct": ["a"]},
        policy={"name": "per_option"},
        answer=["a", "b"],
        options=["a", "b", "c", "d"],
    )
    assert verdict.score == 0.75


def test_a_policy_grades_only_its_own_kind_of_interaction() -> None:
    with pytest.raises(PolicyFault):
        grade_case(interaction="numeric", key={"a": True}, policy={"name": "single"}, answer="a")
