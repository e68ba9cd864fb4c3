"""Every fault of a broken document comes at once, at its line, and nothing that only follows from another."""

from __future__ import annotations

import pytest

from content.items.examining import Names, examine_item
from tests.content.items.parsing.slips import EXERCISE, QUESTION, SLIPS, Slip

NAMES = Names(
    skills=["l2-update"], misconceptions=["forgot-the-two", "no-gradient"], items=["l2-step", "pick-two"]
)


@pytest.mark.parametrize("text", [EXERCISE, QUESTION])
def test_the_sound_documents_have_no_fault(text: str) -> None:
    found = examine_item(text, NAMES, certified=True, draws=500)
    assert not found.refuses, found.faults
    assert found.certificate


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_gives_its_faults_and_no_others(slip: Slip) -> None:
    slug = "l2-step" if slip.text is EXERCISE else "pick-two"
    found = examine_item(slip.broken, NAMES, slug=slug)
    assert [(one.path, one.line) for one in found.faults] == [(path, line) for path, line, _ in slip.faults]
    for fault, (_, _, said) in zip(found.faults, slip.faults, strict=True):
        assert said in fault.reason
        assert fault.refuses


def test_there_are_enough_of_them() -> None:
    assert len({slip.name for slip in SLIPS}) == len(SLIPS) >= 60
