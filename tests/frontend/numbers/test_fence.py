"""The constrained minima that the map of two weights is held to."""

import json
from typing import Any

import numpy as np
import pytest

from tests.frontend.numbers import fence

CASES = json.loads(fence.FILE.read_text(encoding="utf-8"))
CONVEX = [case for case in CASES if case["setting"]["penalty"].get("p", 1.0) >= 1]


def test_the_file_holds_more_than_fifty_settings_and_both_sides_of_thresholds() -> None:
    assert len(CASES) > 50
    pairs = CASES[32:]
    assert [case["expected"]["weights"][0] == 0.0 for case in pairs[::2]] == [True] * 12
    assert [case["expected"]["weights"][0] == 0.0 for case in pairs[1::2]] == [False] * 12


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_file_agrees_with_a_look_along_the_fence(case: dict[str, Any]) -> None:
    fresh = fence.expected(case["setting"])
    assert case["expected"]["place"] == fresh["place"]
    np.testing.assert_allclose(case["expected"]["weights"], fresh["weights"], atol=2e-7)
    assert case["expected"]["multiplier"] == pytest.approx(fresh["multiplier"], rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("case", CONVEX, ids=range(len(CONVEX)))
def test_the_same_weights_minimize_the_penalized_loss(case: dict[str, Any]) -> None:
    setting, found = case["setting"], case["expected"]
    phi = fence.charge(setting["penalty"])

    def penalized(weights: fence.Floats) -> float:
        return float(fence.loss(setting, weights) + found["multiplier"] * phi(np.abs(weights)).sum())

    here = np.array(found["weights"])
    moves = np.random.default_rng(1).normal(0, 0.1, (200, 2))
    assert all(penalized(here + move) >= penalized(here) - 1e-6 for move in moves)
