"""The weights along λ that the figure is held to."""

import json
from typing import Any

import numpy as np
import pytest

from tests.frontend.numbers import paths

CASES = json.loads(paths.FILE.read_text(encoding="utf-8"))


def test_the_file_holds_what_the_script_computes() -> None:
    for kept, fresh in zip(CASES, paths.cases(), strict=True):
        assert kept["table"] == fresh["table"]
        np.testing.assert_allclose(kept["ridge"], fresh["ridge"], atol=1e-10)
        np.testing.assert_allclose(kept["lasso"], fresh["lasso"], atol=1e-10)


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_lasso_satisfies_the_condition_of_its_zeros(case: dict[str, Any]) -> None:
    features, targets = paths.standardized(np.array(case["table"]))
    for strength, weights in zip(case["strengths"], np.array(case["lasso"]), strict=True):
        slope = 2 * features.T @ (features @ weights - targets) / len(targets)
        at_zero = weights == 0
        assert np.all(np.abs(slope[at_zero]) <= strength + 1e-9)
        np.testing.assert_allclose(slope[~at_zero], -strength * np.sign(weights[~at_zero]), atol=1e-9)
