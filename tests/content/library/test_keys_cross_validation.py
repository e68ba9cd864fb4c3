"""The keys of the lesson on cross-validation, worked out a second time with loops, lists and numpy.

Folds are really cut, fits are really counted one by one, and means are taken of the rows that may be seen.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from content.expressions import parse
from content.items.drawing import variant_of
from content.items.grading import grade
from content.items.interactions.expression import ExpressionEntry
from tests.content.library.shelf import course, definitions, draws, parameters, served

Values = Mapping[str, Any]
By = Callable[[Values], dict[str, Any]]

LESSON = "cross-validation"
ITEMS = {
    source.slug: definitions()[source.slug]
    for lesson in course().lessons
    if lesson.lesson.slug == LESSON
    for source in lesson.items
}
EXPECTED_BEST = {2: 0.56, 5: 1.16, 10: 1.54, 20: 1.87, 50: 2.25}
"""How many standard deviations the lowest of so many normal scores lies below their mean, to two places."""


def exercises() -> list[str]:
    return sorted(slug for slug, definition in ITEMS.items() if definition.is_exercise)


def folds(rows: int, count: int) -> list[list[int]]:
    """Deal the rows out like cards."""
    return [list(range(first, rows, count)) for first in range(count)]


def search(candidates: int, count: int) -> int:
    """Count the fits of a search one by one, with the last one on all rows."""
    return sum(1 for _ in itertools.product(range(candidates), range(count))) + 1


def sizes(p: Values) -> dict[str, Any]:
    lengths = [len(fold) for fold in folds(int(p["n"]), int(p["k"]))]
    return {
        "a": max(lengths),
        "b": lengths.count(max(lengths)),
        "c": sum(lengths) - min(lengths),
    }


def nested(p: Values) -> dict[str, Any]:
    inner = search(int(p["m"]), int(p["i"]))
    measuring = sum(inner for _ in range(int(p["o"])))
    return {"a": measuring, "b": measuring + inner}


def one_row(p: Values) -> dict[str, Any]:
    """Follow row 0 through all candidates, repeats and rounds."""
    count = int(p["k"])
    held = [0 in fold for _ in range(int(p["m"]) * int(p["r"])) for fold in folds(4 * count, count)]
    return {"a": held.count(False), "b": held.count(True)}


def patients(p: Values) -> dict[str, Any]:
    count, visits = int(p["k"]), int(p["v"])
    groups = folds(int(p["q"]) * count, count)
    rows = [[(patient, visit) for patient in group for visit in range(visits)] for group in groups]
    return {"a": len(rows[0]), "b": sum(len(fold) for fold in rows[1:])}


def windows(p: Values) -> dict[str, Any]:
    known, train, splits = int(p["w"] + p["h"] * p["s"]), int(p["w"]), []
    while train < known:
        splits.append(train)
        train += int(p["h"])
    return {"a": len(splits), "b": splits[-1]}


def summary(scores: Any) -> tuple[float, float, float]:
    """Return mean, sample standard deviation and standard error."""
    listed = [float(score) for score in scores]
    spread = statistics.stdev(listed)
    return statistics.fmean(listed), spread, spread / math.sqrt(len(listed))


def interval(p: Values) -> dict[str, Any]:
    error = math.sqrt(p["s"] ** 2 / p["k"])
    return {"a": error, "b": [p["average"] + side * 2 * error for side in (-1, 1)]}


def paired(p: Values) -> dict[str, Any]:
    first = [round(float(score), 1) for score in p["f"]]
    second = [round(float(score - d), 1) for score, d in zip(p["f"], p["d"], strict=True)]
    average, _, error = summary([a - b for a, b in zip(first, second, strict=True)])
    return {"a": average, "b": error}


def features(p: Values) -> dict[str, Any]:
    k, cents = int(p["k"]), [0] * 6
    cents[k] = round(100 * p["low"])
    for i in range(k - 1, -1, -1):
        cents[i] = cents[i + 1] + round(100 * p["left"][i + 1])
    for i in range(k + 1, 6):
        cents[i] = cents[i - 1] + round(100 * p["right"][i])
    counts = [p["from"] + i * p["step"] for i in range(6)]
    best = cents.index(min(cents))
    bar = cents[best] + round(100 * p["se"][best])
    return {"a": counts[best], "b": min(n for n, c in zip(counts, cents, strict=True) if c <= bar)}


def three_models(p: Values) -> dict[str, Any]:
    rows = [summary(scores) for scores in p["f"]]
    average, _, error = min(rows)
    return {"a": [[mean, standard_error] for mean, _, standard_error in rows], "b": average + error}


def without_itself(p: Values) -> dict[str, Any]:
    targets = [p["base"] + 3 * d for d in p["d"]]
    predictions = [statistics.fmean(targets[:i] + targets[i + 1 :]) for i in range(4)]
    errors = [(y - predicted) ** 2 for y, predicted in zip(targets, predictions, strict=True)]
    return {"a": predictions, "b": statistics.fmean(errors)}


def two_errors(p: Values) -> dict[str, Any]:
    shown = np.round(p["w"] * p["x"] + p["c"] + p["r"], 1)
    errors = [(y - (p["w"] * x + p["c"])) ** 2 for x, y in zip(p["x"], shown, strict=True)]
    return {"a": statistics.fmean(errors[:3]), "b": statistics.fmean(errors[3:])}


def against_the_majority(p: Values) -> dict[str, Any]:
    truth = [1] * int(p["tp"] + p["fn"]) + [0] * int(p["fp"] + p["tn"])
    said = [1] * int(p["tp"]) + [0] * int(p["fn"]) + [1] * int(p["fp"]) + [0] * int(p["tn"])
    accuracy = np.mean(np.equal(truth, said))
    baseline = np.mean(np.equal(truth, 0))
    return {"a": accuracy, "b": baseline, "c": accuracy - baseline}


def scaler(p: Values) -> dict[str, Any]:
    middle, spread = np.mean(p["t"]), statistics.pstdev([float(t) for t in p["t"]])
    return {"a": spread, "b": (p["v"] - middle) / spread}


def imputer(p: Values) -> dict[str, Any]:
    v1, v2, v3, v5, v6 = p["v"]
    column, fold = [v1, v2, v3, math.nan, v5, v6], [1, 1, 2, 2, 3, 3]

    def learned(held: int) -> float:
        return float(np.nanmean([value for value, of in zip(column, fold, strict=True) if of != held]))

    return {"a": learned(2), "b": learned(1)}


def luck(p: Values) -> tuple[int, float]:
    candidates = list(EXPECTED_BEST)[int(p["j"])]
    return candidates, EXPECTED_BEST[candidates]


def luckiest(p: Values) -> dict[str, Any]:
    _, deviations = luck(p)
    return {"a": deviations * p["sigma"], "b": p["mu"] - deviations * p["sigma"]}


def at_least_one(p: Values) -> dict[str, Any]:
    """Add up the chances of exactly one, two, … that pass."""
    tries, p_one = int(p["m"]), p["p"]
    chances = [math.comb(tries, n) * p_one**n * (1 - p_one) ** (tries - n) for n in range(tries + 1)]
    return {"a": sum(n * chance for n, chance in enumerate(chances)), "b": sum(chances[1:])}


KEYS: dict[str, By] = {
    "a-city-as-a-number": lambda p: {
        "a": statistics.fmean(p["y"][2:].tolist()),
        "b": statistics.fmean(p["y"].tolist()),
    },
    "a-missing-value-in-a-fold": imputer,
    "a-table-from-the-folds": three_models,
    "a-useless-model-gets-lucky": at_least_one,
    "better-than-the-majority": against_the_majority,
    "fits-of-a-grid-search": lambda p: {"a": search(int(p["a"]) * int(p["b"]), int(p["k"]))},
    "fits-of-nested-cross-validation": nested,
    "fold-by-fold": paired,
    "from-few-fits-to-many": lambda p: {"b": search(int(p["m"]), int(p["n"]))},
    "how-many-features": features,
    "how-often-a-row-trains": one_row,
    "months-that-train": windows,
    "predicted-by-the-others": without_itself,
    "rows-in-each-fold": sizes,
    "scaled-inside-the-fold": scaler,
    "seen-and-unseen-rows": two_errors,
    "the-luckiest-of-equals": luckiest,
    "the-noise-behind-a-gap": lambda p: {"a": p["gap"] / luck(p)[1]},
    "three-numbers-from-four-folds": lambda p: dict(zip("abc", summary(p["f"]), strict=True)),
    "two-errors-around-a-mean": interval,
    "whole-patients-in-folds": patients,
}


def test_every_exercise_of_the_lesson_is_worked_out_by_hand() -> None:
    asked = {s for s in exercises() if any(i.computed.get("key") for i in ITEMS[s].interactions.values())}
    assert set(KEYS) == asked


@pytest.mark.parametrize("slug", sorted(KEYS))
def test_the_key_is_what_a_hand_would_get(slug: str) -> None:
    computed = {name: kept for name, kept in draws(slug).computed.items() if "key" in kept}
    for index in served(slug):
        by_hand = KEYS[slug](parameters(slug, index))
        assert by_hand.keys() == computed.keys()
        for identifier, expected in by_hand.items():
            key = computed[identifier]["key"][index]
            assert np.all(np.isfinite(key))
            np.testing.assert_allclose(key, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("candidates", sorted(EXPECTED_BEST))
def test_the_factors_of_the_lesson_are_those_of_normal_scores(candidates: int) -> None:
    """The mean of the lowest is the integral of the chance that all scores lie above."""
    z = np.linspace(-9, 9, 20_001)
    above = np.array([0.5 * math.erfc(at / math.sqrt(2)) for at in z]) ** candidates
    lowest = z[0] + np.trapezoid(above, z)
    assert -lowest == pytest.approx(EXPECTED_BEST[candidates], abs=0.005)


def test_leave_one_out_is_the_training_residual_made_larger() -> None:
    """What the lesson says of the mean as a model: the residual times n over n − 1."""
    for index in served("predicted-by-the-others"):
        p = parameters("predicted-by-the-others", index)
        targets = p["base"] + 3 * p["d"]
        left_out = targets - np.array(without_itself(p)["a"])
        np.testing.assert_allclose(left_out, (targets - targets.mean()) * 4 / 3)


def test_the_plans_stand_in_the_order_of_their_fits() -> None:
    for index in served("from-few-fits-to-many"):
        p = {name: int(value) for name, value in parameters("from-few-fits-to-many", index).items()}
        folded = search(p["m"], p["k"])
        fits = [p["m"] + 1, folded, p["o"] * folded, search(p["m"], p["n"])]
        assert fits == sorted(set(fits))


def test_the_error_to_report_is_that_of_the_test_set_and_no_other_option_reads_like_it() -> None:
    for index in served("which-of-three-errors"):
        p = parameters("which-of-three-errors", index)
        shown = [p["train"], p["valid"], round(p["valid"] + p["gap"], 1), p["valid"] + p["gap"] / 2]
        assert len({f"{value:.2f}" for value in shown}) == 4
        assert shown[0] < shown[1] < shown[2]


FORMULAS: dict[str, Callable[[dict[str, float]], float]] = {
    "share-that-trains-as-a-formula": lambda v: 1 - 1 / v["k"],
    "the-error-as-a-formula": lambda v: (v["q"] / (v["k"] * (v["k"] - 1))) ** 0.5,
}


def entry(slug: str) -> ExpressionEntry:
    interaction = ITEMS[slug].interactions["a"]
    assert isinstance(interaction, ExpressionEntry)
    return interaction


@pytest.mark.parametrize("slug", sorted(FORMULAS))
def test_the_formula_of_the_key_gives_what_the_definition_gives(slug: str) -> None:
    asked, dice = entry(slug), np.random.default_rng(11)
    for _ in range(50):
        at = {name: float(dice.uniform(*domain)) for name, domain in asked.grammar.variables.items()}
        assert parse(asked.key).evaluate_one(at) == pytest.approx(FORMULAS[slug](at))


def test_the_nested_fits_as_a_formula_are_those_that_are_counted() -> None:
    slug = "nested-fits-as-a-formula"
    for index in list(served(slug))[:50]:
        p = parameters(slug, index)
        key = parse(variant_of(ITEMS[slug], draws(slug), index).interactions["a"]["key"])
        for candidates in (1, 7, 30):
            assert key.evaluate_one({"m": candidates}) == nested({**p, "m": candidates})["b"]


@pytest.mark.parametrize("slug", [*sorted(FORMULAS), "nested-fits-as-a-formula"])
def test_each_mistaken_formula_is_wrong_and_called_by_its_name(slug: str) -> None:
    for index in list(served(slug))[:5]:
        variant = variant_of(ITEMS[slug], draws(slug), index)
        mistaken = variant.interactions["a"]["recognise"]
        for mistake, formula in zip(entry(slug).recognized, mistaken, strict=True):
            verdict = grade(ITEMS[slug], variant, {"a": formula}).interactions["a"]
            assert not verdict.correct
            assert (verdict.misconception, verdict.feedback) == (mistake.misconception, mistake.feedback)
