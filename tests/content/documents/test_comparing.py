"""What differs between two texts."""

import random
from collections.abc import Iterable

import pytest

from content.documents.comparing import Comparison, Line, compare


def shown(compared: Comparison) -> list[tuple[str | None, ...]]:
    return [tuple(side.text if side else None for side in (row.left, row.right)) for row in compared.rows]


def changed(line: Line | None) -> list[str]:
    return [piece.text for piece in line.pieces if piece.is_changed] if line else []


def test_equal_texts_have_nothing_to_show() -> None:
    compared = compare("a\nb\n", "a\nb\n")
    assert compared.is_equal
    assert compared.skipped == 2


def test_a_changed_word_is_marked_on_both_sides() -> None:
    (row,) = compare("title: one step", "title: two step").rows
    assert (changed(row.left), changed(row.right)) == (["one"], ["two"])


def test_lines_that_share_nothing_are_marked_whole() -> None:
    (row,) = compare("alpha beta gamma", "1 + 2 = 3").rows
    assert (changed(row.left), changed(row.right)) == (["alpha beta gamma"], ["1 + 2 = 3"])


def test_an_added_line_has_nothing_beside_it() -> None:
    assert shown(compare("a\nc", "a\nb\nc")) == [("a", "a"), (None, "b"), ("c", "c")]


def test_equal_lines_far_from_a_change_are_counted() -> None:
    before = [str(number) for number in range(20)]
    compared = compare("\n".join(before), "\n".join([*before[:10], "new", *before[10:]]), context=2)
    assert [row.skipped for row in compared.rows] == [8, 0, 0, 0, 0]
    assert compared.skipped == 8


def test_lines_keep_their_numbers() -> None:
    row = compare("a\nb\nc", "b\nc\nd").rows[-1]
    assert (row.left, row.right and row.right.number) == (None, 3)


@pytest.mark.parametrize("seed", range(20))
def test_each_side_reads_as_its_text(seed: int) -> None:
    dice = random.Random(seed)
    left, right = (["".join(dice.choices("ab c", k=6)) for _ in range(dice.randrange(30))] for _ in "12")
    compared = compare("\n".join(left), "\n".join(right), context=100)
    assert _texts(row.left for row in compared.rows) == (left if compared.rows else [])
    assert _texts(row.right for row in compared.rows) == (right if compared.rows else [])


def test_long_texts_are_compared_without_their_words() -> None:
    left, right = (["a b " * 200 + str(number) for number in range(5000)] for _ in "12")
    right[100] = right[4900] = "other"
    compared = compare("\n".join(left), "\n".join(right))
    assert sum(row.is_changed for row in compared.rows) == 4801


def _texts(lines: Iterable[Line | None]) -> list[str]:
    return [line.text for line in lines if line]
