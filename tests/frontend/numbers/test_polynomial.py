"""The fits and errors that the figure of a flexible model is held to."""

import json
from typing import Any

import numpy as np
import pytest

from tests.frontend.numbers import polynomial

CASES = json.loads(polynomial.FILE.read_text(encoding="utf-8"))


def test_the_file_holds_fifty_settings() -> None:
    assert [case["setting"] for case in CASES] == polynomial.settings()
    assert len(CASES) == 50


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_file_agrees_with_numpy(case: dict[str, Any]) -> None:
    for key, values in polynomial.expected(case["setting"]).items():
        np.testing.assert_allclose(case["expected"][key], values, rtol=1e-6, atol=1e-9)


def test_new_noisy_points_have_the_expected_error() -> None:
    setting = CASES[0]["setting"]
    x, y = polynomial.sample(setting)
    new = polynomial.truth(polynomial.GRID) + setting["noise"] * np.random.default_rng(1).normal(
        size=(4000, 201)
    )
    weights = np.polynomial.legendre.legfit(x, y, setting["degree"])
    unpenalized = {**setting, "strength": 0.0}
    measured = np.mean(
        (np.polynomial.legendre.legvander(polynomial.GRID, setting["degree"]) @ weights - new) ** 2
    )
    assert polynomial.expected(unpenalized)["test"] == pytest.approx(measured, rel=0.01)
