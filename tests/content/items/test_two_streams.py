"""Practice and attempts never draw the same variant."""

import random

import numpy as np
import pytest

from content.items.drawing import ImpossibleDraw, draw_batch
from content.items.parsing.document import parse_definition
from content.items.soundness import sound_variant, streams_of
from content.items.stream import SEED_BITS, Stream, as_words
from tests.builders import choice_document, exercise_document, vector_document

SCALAR = parse_definition(exercise_document())
VECTOR = parse_definition(vector_document())


def drawn(definition, stream, count=400, seed=1):
    dice = random.Random(seed)
    return [sound_variant(definition, dice, stream) for _ in range(count)]


@pytest.mark.parametrize("definition", [SCALAR, VECTOR])
def test_no_numbers_are_in_both_streams(definition):
    practiced, asked = (
        {repr(v.values["x"]) for v in drawn(definition, stream)}
        for stream in (Stream.PRACTICE, Stream.ASSESSMENT)
    )
    assert min(len(practiced), len(asked)) > 20
    assert not practiced & asked


def test_all_numbers_are_in_one_of_them():
    found = {v.values["x"] for stream in Stream for v in drawn(SCALAR, stream, 2000)}
    assert len(found) == 81


@pytest.mark.parametrize("stream", Stream)
def test_a_stored_seed_tells_its_stream(stream):
    seeds = {variant.seed for variant in drawn(SCALAR, stream)}
    assert {seed & 1 for seed in seeds} == {stream}
    assert all(0 <= seed < 1 << SEED_BITS for seed in seeds)
    assert max(seeds).bit_length() == SEED_BITS


def test_every_draw_belongs_to_one_stream_and_about_half_to_each():
    batch = draw_batch(VECTOR, as_words(np.arange(2000)))
    of_practice = sum(streams_of(VECTOR, batch, i) == (Stream.PRACTICE,) for i in range(2000))
    assert 900 < of_practice < 1100


def test_what_draws_nothing_belongs_to_both():
    fixed = parse_definition(choice_document())
    batch = draw_batch(fixed, as_words([1]))
    assert set(streams_of(fixed, batch, 0)) == set(Stream)
    assert drawn(fixed, Stream.PRACTICE, 1)


def test_an_attempt_does_not_break_where_practice_has_all_the_variants():
    outcomes = set()
    for number in range(1, 10):
        one = parse_definition(exercise_document(parameters={"x": {"choice": [number]}}))
        assert sound_variant(one, random.Random(1), Stream.ASSESSMENT).values["x"] == number
        try:
            sound_variant(one, random.Random(1), Stream.PRACTICE)
        except ImpossibleDraw:
            outcomes.add("refused")
        else:
            outcomes.add("drawn")
    assert outcomes == {"refused", "drawn"}
