import numpy as np
import pytest

from content.items.stream import as_words, uniforms

SEEDS = as_words(list(range(20_000)))


def test_one_number_is_the_same_alone_and_in_a_batch():
    batch = uniforms(SEEDS, slot=7, retry=2, size=5)
    alone = uniforms(SEEDS[123:124], slot=7, retry=2, size=5)
    assert (batch[123] == alone[0]).all()


def test_the_stream_never_changes():
    """Presentations name their stream's version: other numbers here want another version there."""
    assert uniforms(as_words([0, 1, 2**63 - 1]), slot=1, size=2).tolist() == [
        [0.4327449275927212, 0.4256321780286294],
        [0.7386401410820047, 0.4482920109337919],
        [0.19241089105495945, 0.5686908387805516],
    ]


@pytest.mark.parametrize("size", [1, 3])
def test_the_numbers_are_uniform(size):
    drawn = uniforms(SEEDS, slot=3, size=size)
    counts = np.histogram(drawn, bins=50, range=(0, 1))[0]
    expected = drawn.size / 50
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert chi_square < 49 + 5 * np.sqrt(2 * 49)


def test_elements_slots_retries_and_seeds_are_uncorrelated():
    first = uniforms(SEEDS, slot=3, size=2)
    others = [
        first[:, 1],
        uniforms(SEEDS, slot=4)[:, 0],
        uniforms(SEEDS, slot=3, retry=1)[:, 0],
        np.roll(first[:, 0], 1),
    ]
    for other in others:
        assert abs(np.corrcoef(first[:, 0], other)[0, 1]) < 5 / np.sqrt(len(SEEDS))


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        as_words([seed])
