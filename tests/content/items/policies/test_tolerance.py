"""Our own numeric policies: right, at the boundary, wrong, unreadable."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from content.items.policies import IntervalPolicy, PolicyFault, policy
from content.items.verdict import Verdict


def graded(document: dict[str, Any], key: float, answer: object, locale: str = "en") -> Verdict:
    return policy(document).grade(key, answer, locale=locale)


ABSOLUTE = {"name": "absolute", "tolerance": 0.1}
RELATIVE = {"name": "relative", "tolerance": 0.01}
FIGURES = {"name": "significant_figures", "digits": 3}
PLACES = {"name": "decimal_places", "places": 2}


@pytest.mark.parametrize(
    ("document", "key", "answer", "score"),
    [
        (ABSOLUTE, 0.3, "0.35", 1),
        (ABSOLUTE, 0.3, "0.4", 1),
        (ABSOLUTE, 0.3, "0.2", 1),
        (ABSOLUTE, 0.3, "0.4000001", 0),
        (ABSOLUTE, -0.3, "0.3", 0),
        (ABSOLUTE | {"tolerance": 0}, 0.1, "0.1", 1),
        (ABSOLUTE | {"tolerance": 0}, 0.1, "0.10000001", 0),
        (RELATIVE, 200, "202", 1),
        (RELATIVE, 200, "198", 1),
        (RELATIVE, 200, "202.001", 0),
        (RELATIVE, -200, "-202", 1),
        (RELATIVE, 0, "1e-9", 1),
        (RELATIVE, 0, "2e-9", 0),
        (RELATIVE | {"zero": 0.5}, 0, "-0.5", 1),
        (RELATIVE | {"zero": 0.5}, 0.001, "0.5", 0),
        (FIGURES, 3.14159, "3.14", 1),
        (FIGURES, 3.14159, "3.1416", 1),
        (FIGURES, 3.14159, "3.15", 0),
        (FIGURES, 3.14159, "3.1", 0),
        (FIGURES, 2.675, "2.67", 1),
        (FIGURES, 2.675, "2.68", 1),
        (FIGURES, 123456, "123000", 1),
        (FIGURES, 123456, "122000", 0),
        (FIGURES, 9.996, "10.0", 1),
        (FIGURES, -0.00123456, "-1.23e-3", 1),
        (FIGURES, 0, "0", 1),
        (FIGURES, 0, "0.0001", 0),
        (FIGURES | {"strict": True}, 3.14159, "3.14", 1),
        (FIGURES | {"strict": True}, 3.14159, "3.1416", 0),
        (FIGURES | {"strict": True}, 1000, "1000", 1),
        (PLACES, 3.14159, "3.14", 1),
        (PLACES, 3.14159, "3.1459", 1),
        (PLACES, 3.14159, "3.15", 0),
        (PLACES, 2.675, "2.67", 1),
        (PLACES, 2.675, "2.68", 1),
        (PLACES, 7, "7", 1),
        (PLACES | {"strict": True}, 7, "7.00", 1),
        (PLACES | {"strict": True}, 7, "7", 0),
    ],
)
def test_an_answer_is_right_up_to_and_on_the_bound(
    document: dict[str, Any], key: float, answer: str, score: int
) -> None:
    verdict = graded(document, key, answer)
    assert verdict.valid
    assert verdict.score == score


@pytest.mark.parametrize("document", [ABSOLUTE, RELATIVE, FIGURES, PLACES])
@pytest.mark.parametrize(
    "answer", ["", "abc", "1,5", "nan", "inf", "1e400", "1/0", "1,704", None, [0.3], True]
)
def test_an_unreadable_answer_is_invalid_and_says_why(document: dict[str, Any], answer: object) -> None:
    verdict = graded(document, 1.5, answer)
    assert (verdict.valid, verdict.score) == (False, 0)
    assert verdict.message


@pytest.mark.parametrize("document", [ABSOLUTE, RELATIVE, FIGURES, PLACES])
def test_neither_infinity_nor_nan_is_ever_accepted(document: dict[str, Any]) -> None:
    rule = policy(document)
    assert isinstance(rule, IntervalPolicy)
    hopeless = np.array([np.inf, -np.inf, np.nan])
    assert not rule.accepts(np.array([1.0, 0.0, 1e308]), hopeless).any()


@pytest.mark.parametrize("document", [ABSOLUTE, RELATIVE, FIGURES, PLACES])
def test_one_answer_and_ten_thousand_are_judged_alike(document: dict[str, Any]) -> None:
    rule = policy(document)
    assert isinstance(rule, IntervalPolicy)
    generator = np.random.default_rng(7)
    key = generator.normal(size=(50, 3))
    answer = key * (1 + generator.normal(scale=0.02, size=(50, 3)))
    together = rule.accepts(key, answer)
    alone = [
        [bool(rule.accepts(k, a)) for k, a in zip(*row, strict=True)] for row in zip(key, answer, strict=True)
    ]
    assert together.tolist() == alone


def test_the_verdict_explains_itself() -> None:
    verdict = graded({"name": "absolute", "tolerance": 0.005}, 1.0, "1,02", locale="de")
    assert (verdict.policy, verdict.policy_version, verdict.parsed) == ("absolute", 1, 1.02)
    assert verdict.rule == "within 0.005 of the key"
    assert verdict.distance == pytest.approx(4)


def test_a_strict_rule_says_that_only_the_digits_are_wrong() -> None:
    verdict = graded(FIGURES | {"strict": True}, 3.14159, "3.1416")
    assert verdict.message == "The value is right; write it with exactly 3 significant figures."
    assert not graded(FIGURES | {"strict": True}, 3.14159, "9.1416").message


@pytest.mark.parametrize("document", [ABSOLUTE, RELATIVE, FIGURES, PLACES])
def test_the_rule_never_shows_the_key(document: dict[str, Any]) -> None:
    rules = {graded(document, key, "1").rule for key in (0.0, 1.0, 77.7)}
    assert len(rules) == 1
    assert "77" not in rules.pop()


@pytest.mark.parametrize("document", [ABSOLUTE, RELATIVE, FIGURES | {"strict": True}, PLACES])
def test_a_document_survives_json_and_keeps_its_defaults(document: dict[str, Any]) -> None:
    rule = policy(document)
    assert document.items() <= rule.document.items()
    assert policy(json.loads(json.dumps(rule.document))) == rule


@pytest.mark.parametrize(
    "document",
    [
        {"name": "nearly"},
        {},
        {"name": ["absolute"]},
        {"name": "absolute"},
        {"name": "absolute", "tolerance": -1},
        {"name": "absolute", "tolerance": "wide"},
        {"name": "absolute", "tolerance": float("inf")},
        {"name": "absolute", "tolerance": True},
        {"name": "absolute", "tolerance": 1, "tolerence": 2},
        {"name": "absolute", "tolerance": 1, "version": 99},
        {"name": "relative", "tolerance": 0.1, "zero": 0},
        {"name": "significant_figures", "digits": 0},
        {"name": "significant_figures", "digits": 2.5},
        {"name": "decimal_places", "places": -1},
        {"name": "decimal_places", "places": 2, "strict": "yes"},
    ],
)
def test_a_policy_that_makes_no_sense_is_the_authors_fault(document: dict[str, Any]) -> None:
    with pytest.raises(PolicyFault) as caught:
        policy(document)
    assert caught.value.fault == "policy"


@pytest.mark.parametrize("key", [None, "x", float("nan"), float("inf"), True, [1]])
def test_a_key_that_is_no_number_is_the_authors_fault(key: Any) -> None:
    with pytest.raises(PolicyFault) as caught:
        graded(ABSOLUTE, key, "1")
    assert caught.value.fault == "key"


@pytest.mark.parametrize(
    ("answer", "score"),
    [("3.14 m", 1), ("314 cm", 1), ("3.14", 0.75), ("3.14 s", 0.75), ("314 m", 0), ("314 mm", 0)],
)
def test_a_unit_is_converted_and_a_missing_or_unfit_one_costs(answer: str, score: float) -> None:
    document = ABSOLUTE | {"tolerance": 0.01, "unit": "m", "unit_penalty": 0.25}
    assert graded(document, 3.14, answer).score == score


def test_a_unit_that_nobody_knows_is_unreadable() -> None:
    assert not graded(ABSOLUTE | {"unit": "m"}, 3.14, "3.14 ells").valid
    with pytest.raises(PolicyFault):
        policy(ABSOLUTE | {"unit": "ell"})


def test_fractions_and_percentages_are_read_where_the_policy_says_so() -> None:
    assert graded(PLACES | {"fractions": True}, 0.75, "3/4").score == 1
    assert graded(RELATIVE | {"percent": True}, 0.75, "75 %").score == 1
    assert not graded(RELATIVE | {"fractions": False}, 0.75, "3/4").valid
    assert not graded(RELATIVE, 0.75, "75 %").valid


def test_what_may_be_typed_goes_without_saying_until_it_is_widened() -> None:
    assert policy(ABSOLUTE).document == ABSOLUTE | {"version": 1}
    assert policy(ABSOLUTE | {"unit": "m"}).document == ABSOLUTE | {"version": 1, "unit": "m"}
