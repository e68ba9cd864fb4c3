import numpy as np
import pytest

from content.documents.reader import Faults, Reader
from content.items.parameters import parse_parameter
from content.items.stream import as_words, uniforms

SEEDS = as_words(list(range(5_000)))


def parameter(document):
    faults = Faults()
    parsed = parse_parameter("x", Reader.of(document, "parameters.x", faults))
    faults.raise_if_any()
    return parsed


def draw(document):
    parsed = parameter(document)
    return parsed.draw(uniforms(SEEDS, slot=1, size=parsed.size * parsed.uniforms_per_value))


def test_integers_reach_both_ends_equally_often():
    values, counts = np.unique(draw({"integer": [-2, 2]}), return_counts=True)
    assert values.tolist() == [-2, -1, 0, 1, 2]
    assert counts.min() > 850


def test_decimals_are_the_doubles_that_their_text_means():
    drawn = draw({"decimal": [-2, 2], "places": 1})
    assert {float(f"{value:.1f}") for value in drawn} == set(drawn.tolist())
    assert (drawn.min(), drawn.max()) == (-2, 2)


def test_no_zero_is_negative():
    drawn = draw({"normal": [0, 0.1], "places": 1})
    assert not np.signbit(drawn[drawn == 0]).any()


def test_choices_are_drawn_as_written():
    assert set(draw({"choice": [0.05, 0.1, 0.2]}).tolist()) == {0.05, 0.1, 0.2}


@pytest.mark.parametrize(
    ("per_decade", "grid"),
    [
        (1, {0.01, 0.1, 1.0}),
        (2, {0.01, 0.03, 0.1, 0.3, 1.0}),
        (3, {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0}),
    ],
)
def test_a_logarithmic_grid_has_the_points_people_use(per_decade, grid):
    assert set(draw({"log_grid": [0.01, 1], "per_decade": per_decade}).tolist()) == grid


def test_normals_have_their_mean_and_deviation_after_rounding():
    drawn = draw({"normal": [3, 2], "places": 2})
    assert drawn.mean() == pytest.approx(3, abs=0.1)
    assert drawn.std() == pytest.approx(2, abs=0.1)
    assert (np.round(drawn, 2) == drawn).all()


@pytest.mark.parametrize("shape", [[3], [2, 4]])
def test_a_shape_gives_vectors_and_matrices(shape):
    assert draw({"integer": [0, 9], "shape": shape}).shape == (len(SEEDS), *shape)


def test_distinct_and_nonzero_mark_the_rows_to_keep():
    parsed = parameter({"integer": [0, 3], "shape": [2], "distinct": True, "nonzero": True})
    rows = np.array([[1.0, 2.0], [1.0, 1.0], [0.0, 2.0]])
    assert parsed.accepts(rows).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({}, "parameters.x"),
        ({"integer": [1, 2], "decimal": [1, 2]}, "parameters.x"),
        ({"integer": [2, 1]}, "parameters.x.integer"),
        ({"integer": [0.2, 0.8]}, "parameters.x.integer"),
        ({"integer": "1 to 2"}, "parameters.x.integer"),
        ({"integer": [0, 1e300]}, "parameters.x.integer"),
        ({"integer": [0, float("nan")]}, "parameters.x.integer"),
        ({"decimal": [0.11, 0.12], "places": 1}, "parameters.x.decimal"),
        ({"decimal": [0, 1], "places": -1}, "parameters.x.places"),
        ({"choice": []}, "parameters.x.choice"),
        ({"choice": [True]}, "parameters.x.choice"),
        ({"log_grid": [0, 1]}, "parameters.x.log_grid"),
        ({"log_grid": [2, 4]}, "parameters.x.log_grid"),
        ({"normal": [0, -1]}, "parameters.x.normal"),
        ({"integer": [0, 1], "shape": [100, 100]}, "parameters.x.shape"),
        ({"integer": [0, 1], "shape": [0]}, "parameters.x.shape"),
        ({"integer": [0, 1], "shpae": [2]}, "parameters.x.shpae"),
        ({"integer": [0, 1], "distinct": 1}, "parameters.x.distinct"),
    ],
)
def test_a_bad_parameter_names_its_place(document, path):
    faults = Faults()
    assert parse_parameter("x", Reader.of(document, "parameters.x", faults)) is None
    assert path in [found for found, _ in faults.found]
