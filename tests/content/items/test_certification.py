"""Exercises with planted faults: each is refused, or its bad draws are rejected, for the right reason."""

import random
from typing import Any

import numpy as np
import pytest

from content.documents.reader import DefinitionError
from content.items.certification import certify
from content.items.drawing import ImpossibleDraw, draw_batch
from content.items.parsing.document import parse_definition
from content.items.soundness import faults, sound, sound_variant
from tests.builders import exercise_document, publishable_choice, vector_document

SEEDS = np.arange(2_000, dtype=np.uint64)


def certificate(**changes):
    return certify(parse_definition(exercise_document(**changes)), draws=2_000)


def reasons_of(found):
    return " | ".join(found.reasons)


def numeric(key, **policy):
    return {"a": {"kind": "numeric", "key": key, "policy": {"name": "absolute", "tolerance": 0.01} | policy}}


@pytest.mark.parametrize(
    "document", [exercise_document(), vector_document(), vector_document(locale="fr"), publishable_choice()]
)
def test_a_sound_item_is_certified(document):
    found = certify(parse_definition(document), draws=2_000)
    assert found.certified
    assert (found.fenced, found.reasons) == (0.0, [])


def test_a_rare_division_by_zero_is_rejected_and_never_served():
    changes = {
        "parameters": {"x": {"integer": [1, 1000]}, "d": {"integer": [0, 999]}},
        "body": "Divide ${x}$ by ${d}$. [[a]]",
        "steps": {"twice": "x/d"},
        "check": {},
        "interactions": numeric("twice", name="relative", tolerance=1e-3),
        "misconceptions": {},
    }
    found = certificate(**changes)
    assert found.certified
    assert 0 < found.fenced < 0.01
    assert "twice is not finite" in reasons_of(found)
    definition = parse_definition(exercise_document(**changes))
    dice = random.Random(1)
    assert all(sound_variant(definition, dice).values["d"] != 0 for _ in range(200))


def test_a_misconception_that_is_sometimes_the_key_is_rejected_there():
    parameters = {"x": {"decimal": [1, 9], "places": 1}, "lr": {"choice": [0.1, 0.25, 0.5, 1, 2, 3, 4, 5]}}
    changes: dict[str, Any] = {
        "parameters": parameters,
        "steps": {"twice": "x*(1 - 2*lr*0.5)"},
        "check": {},
        "body": "${x}$, ${lr}$ [[a]]",
        "misconceptions": {"a": {"forgot-the-two": "x*(1 - lr*0.5)", "sign": "x*abs(1 - 2*lr*0.5)"}},
    }
    definition = parse_definition(exercise_document(**changes))
    batch = draw_batch(definition, SEEDS)
    wrong = faults(definition, batch)["sign is taken for the key"]
    assert (wrong == (batch.values["lr"] <= 1)).all()


def test_a_tolerance_wider_than_the_gap_is_refused():
    found = certificate(interactions=numeric("twice", tolerance=20))
    assert not found.certified
    assert "forgot-the-two is taken for the key" in reasons_of(found)
    assert "more than 20% of the draws are rejected" in reasons_of(found)


def test_an_impossible_requirement_is_refused():
    found = certificate(require=["x > 10"])
    assert not found.certified
    assert "no draw satisfies require" in reasons_of(found)
    with pytest.raises(ImpossibleDraw, match=r"no draw satisfies require \(64 of 64\)"):
        sound_variant(parse_definition(exercise_document(require=["x > 10"])), random.Random(1))


def test_a_key_that_the_other_road_contradicts_is_refused():
    found = certificate(check={"twice": "x + x + 1"})
    assert not found.certified
    assert "check of twice disagrees" in reasons_of(found)


def test_one_contradiction_in_a_thousand_draws_is_refused_too():
    found = certificate(check={"twice": "x + x if x < 8.9 else 0"})
    assert not found.certified


def test_a_body_that_rounds_what_is_computed_with_is_rejected():
    found = certificate(body="About ${x:0}$. [[a]]")
    assert not found.certified
    assert "x is not displayed as it is computed with" in reasons_of(found)


def test_trivial_keys_are_refused():
    found = certificate(steps={"twice": "x*0 + 1"}, check={}, misconceptions={})
    assert not found.certified
    assert found.trivial == 1.0


def test_a_handful_of_variants_is_refused():
    found = certificate(parameters={"x": {"integer": [2, 5]}})
    assert (found.certified, found.distinct) == (False, 4)


def test_a_place_lost_in_an_image_s_description_is_refused():
    assert not certificate(body="Twice ${x}$ is ![[[a]]](https://example.org/a.png)").certified


def test_a_refusal_comes_with_three_draws_at_most():
    found = certificate(check={"twice": "x"})
    assert found.refusals[0].count("seed") == 3


def test_what_is_served_is_what_is_sound():
    definition = parse_definition(exercise_document())
    assert sound(definition, draw_batch(definition, SEEDS)).all()


def test_more_misconceptions_than_can_be_told_apart_are_refused_before_anything_is_drawn():
    document = exercise_document(
        parameters={"x": {"decimal": [1, 9], "places": 1, "shape": [100]}},
        misconceptions={"a": {f"mistake-{number}": f"x + {number}" for number in range(20)}},
    )
    with pytest.raises(DefinitionError, match="21,000 numbers to be told apart"):
        certify(parse_definition(document))
