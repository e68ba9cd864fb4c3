"""The file of random numbers is what its script computes, and they look random."""

import json
from itertools import islice

import numpy as np
import pytest
from scipy import stats

from tests.frontend.numbers import random


def test_the_file_holds_what_the_script_computes() -> None:
    stored, fresh = json.loads(random.FILE.read_text()), random.cases()
    assert [case["seed"] for case in stored] == [case["seed"] for case in fresh]
    for kept, computed in zip(stored, fresh, strict=True):
        assert kept["uniforms"] == computed["uniforms"]
        np.testing.assert_allclose(kept["normals"], computed["normals"], rtol=1e-12)


@pytest.mark.parametrize("seed", [0, 7, 1000])
def test_the_streams_are_uniform_and_normal(seed: int) -> None:
    assert stats.kstest(list(islice(random.uniforms(seed), 5000)), "uniform").pvalue > 0.001
    assert stats.kstest(random.normals(random.uniforms(seed), 5000), "norm").pvalue > 0.001
