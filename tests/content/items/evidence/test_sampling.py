"""Parameters as they are drawn, and what each condition rejects."""

import numpy as np
import pytest

from content.documents.reader import Faults, Reader
from content.expressions import parse
from content.items.drawing import draw_batch
from content.items.evidence.sampling import sample
from content.items.parameters import parse_parameter
from content.items.parsing.document import parse_definition
from tests.builders import exercise_document

DIE = {"integer": [1, 6]}


def parameters(**documents):
    faults = Faults()
    found = {name: parse_parameter(name, Reader.of(one, name, faults)) for name, one in documents.items()}
    assert not faults.found
    return found


def test_a_die_is_even():
    (die,) = sample(parameters(d=DIE)).parameters
    assert [bar.start for bar in die.kept.bars] == [1, 2, 3, 4, 5, 6]
    assert all(bar.share == pytest.approx(1 / 6, abs=0.03) for bar in die.kept.bars)


def test_conditions_are_counted_by_themselves_and_alone():
    found = sample(parameters(d=DIE), [parse("d > 2"), parse("d > 3"), parse("d < 6")])
    (_, rejects_low, rejects_six) = found.conditions
    assert rejects_low.rejects == pytest.approx(1 / 2, abs=0.04)
    assert rejects_low.alone == pytest.approx(1 / 6, abs=0.03)
    assert rejects_six.alone == pytest.approx(1 / 6, abs=0.03)
    assert found.conditions[0].alone == 0
    assert found.first == pytest.approx(2 / 6, abs=0.04)


def test_what_is_kept_satisfies_what_is_required():
    (die,) = sample(parameters(d=DIE), [parse("d > 4")]).parameters
    assert (die.free.smallest, die.kept.smallest, die.kept.largest) == (1, 5, 6)


def test_flags_of_a_parameter_reject_as_conditions_do():
    found = sample(parameters(d={"integer": [0, 3], "nonzero": True}))
    (condition,) = found.conditions
    assert condition.text == "d is nonzero"
    assert condition.rejects == pytest.approx(1 / 4, abs=0.03)


def test_a_contradiction_is_impossible_and_no_condition_rejects_all():
    found = sample(parameters(d=DIE), [parse("d > 3"), parse("d < 4")])
    assert found.is_impossible
    assert all(one.rejects < 1 and one.alone > 0.4 for one in found.conditions)
    assert found.parameters[0].kept is None
    assert found.parameters[0].free.distinct == 6


def test_a_condition_that_cannot_be_computed_does_not_hide_the_rest():
    found = sample(parameters(d=DIE), [parse("step > 1"), parse("d > 3")])
    assert [bool(one.fault) for one in found.conditions] == [False, True]
    assert found.parameters[0].kept.smallest == 4


def test_samples_are_the_values_that_seeds_draw():
    definition = parse_definition(exercise_document(require=["x > 3"]))
    found = sample(definition.parameters, definition.require, start=7)
    drawn = draw_batch(definition, np.array(found.seeds, dtype=np.uint64)).values["x"]
    assert found.seeds[0] == 7
    assert found.parameters[0].shown == tuple(f"{value:.1f}" for value in drawn)


def test_costly_parameters_are_sampled_less_often():
    many = {f"p{n}": {"decimal": [0, 1], "places": 2, "shape": [20, 20]} for n in range(40)}
    assert sample(parameters(**many)).draws < 200
