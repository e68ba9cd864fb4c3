"""Whatever is written, an examination comes to an end, says something, and places what it says."""

from __future__ import annotations

import resource

import pytest

from content.documents.reader import MOST_FAULTS
from content.items.examining import Names, examine_item
from tests.content.items.parsing.hostile import hostile
from tests.content.items.parsing.slips import SLIPS

DOCUMENTS = list(hostile())
NAMES = Names(
    skills=["l2-update", *(f"skill-{n}" for n in range(500))],
    misconceptions=["forgot-the-two", "no-gradient", *(f"misconception-{n}" for n in range(500))],
    items=[f"item-{n}" for n in range(10_000)],
)
SOUND = {"stars", "other breaks of lines", "carriage returns", "a mark at the beginning"}
"""What looks bad and is not."""
MEMORY = 200 * 1024
"""KiB that a document may add to the most that this process has held."""


@pytest.mark.parametrize(("name", "text"), DOCUMENTS, ids=[name for name, _ in DOCUMENTS])
def test_a_hostile_document_is_refused_and_nothing_worse(name: str, text: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = examine_item(text, NAMES, certified=True, draws=200)
    assert found.refuses or name in SOUND
    assert len(found.faults) <= 2 * MOST_FAULTS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY
    lines = found.source.text.split("\n")
    for fault in found.faults:
        assert fault.line
        assert fault.column
        assert fault.end_line
        assert fault.end_line >= fault.line
        assert fault.line <= len(lines) or "\u2028" in text


def test_there_are_enough_of_them() -> None:
    assert len(dict(DOCUMENTS)) == len(DOCUMENTS) >= 40


@pytest.mark.parametrize("slip", SLIPS[:40], ids=lambda slip: slip.name)
def test_a_text_cut_off_anywhere_is_examined(slip) -> None:
    text = slip.broken
    for end in range(0, len(text), 97):
        for fault in examine_item(text[:end], NAMES).faults:
            assert fault.line
