"""The files of the figures' numbers are what their scripts compute."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.frontend.numbers import folds, leakage, random, streams, valley, walk, winner


@pytest.mark.parametrize(
    "module", [folds, leakage, valley, walk, winner], ids=lambda module: Path(module.FILE).stem
)
def test_the_file_holds_what_the_script_computes(module: ModuleType) -> None:
    assert_same(json.loads(module.FILE.read_text()), module.cases())


def assert_same(stored: Any, fresh: Any) -> None:
    if isinstance(fresh, dict):
        assert stored.keys() == fresh.keys()
        for key, value in fresh.items():
            assert_same(stored[key], value)
    elif isinstance(fresh, list):
        assert len(stored) == len(fresh)
        for kept, computed in zip(stored, fresh, strict=True):
            assert_same(kept, computed)
    elif isinstance(fresh, float):
        np.testing.assert_allclose(stored, fresh, rtol=1e-9, atol=1e-12)
    else:
        assert stored == fresh


def test_the_streams_are_the_same_one_by_one_and_at_once() -> None:
    at_once = streams.uniforms(11, 3, 40)
    stream = random.uniforms(streams.seed_of(11, 3))
    assert at_once.tolist() == [next(stream) for _ in range(40)]


def test_the_mean_of_two_maxima_is_one_over_root_pi() -> None:
    assert winner.expected_maximum(2) == pytest.approx(1 / np.sqrt(np.pi), abs=1e-12)
