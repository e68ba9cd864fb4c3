"""The numbers that the figures of gradient descent are held to."""

import json
from typing import Any

import numpy as np
import pytest

from tests.frontend.numbers import descent

CASES = json.loads(descent.FILE.read_text(encoding="utf-8"))


def test_the_file_holds_fifty_settings() -> None:
    assert [case["setting"] for case in CASES] == descent.settings()


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_file_agrees_with_numpy(case: dict[str, Any]) -> None:
    fresh = descent.expected(case["setting"])
    for key in ("mse", "gradient", "penalty", "loss"):
        assert case["expected"][key] == pytest.approx(fresh[key], rel=1e-9, abs=1e-9)
    for rule, path in fresh["paths"].items():
        np.testing.assert_allclose(case["expected"]["paths"][rule], path, rtol=1e-7, atol=1e-9)
    assert case["expected"]["minimizer"] == pytest.approx(fresh["minimizer"], abs=1e-9)


def test_no_point_nearby_has_a_smaller_loss() -> None:
    dice = np.random.default_rng(1)
    for case in CASES:
        setting, least = case["setting"], case["expected"]["minimizer"]
        if least is None:
            continue
        best = _loss(setting, np.array(least))
        assert all(
            _loss(setting, np.array(least) + move) >= best - 1e-9 for move in dice.normal(0, 0.3, (40, 2))
        )


def _loss(setting: dict[str, Any], w: descent.Floats) -> float:
    return descent.mse(setting, w) + descent.priced(setting, w)
