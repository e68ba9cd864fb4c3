"""Every fault of an assessment's text comes at once, at its line, and what has no effect is a remark."""

from __future__ import annotations

import pytest

from assessment.rules.examining import examine_assessment

TEXT = """\
slug: a-quiz
title: A quiz
tries: 2
feedback: immediate
sections:
  - title: First
    slots:
      - {item: pick-one, weight: 2}
      - {bank: sums, draw: 3, skill: adding}
"""
NAMES = {"item": ["pick-one"], "bank": ["sums"], "skill": ["adding"], "lesson": []}


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("slug: a-quiz", "slug: a-quiz", []),
        ("pick-one", "pick-on", [("sections.0.slots.0.item", 8, True)]),
        ("bank: sums", "bank: sum", [("sections.0.slots.1.bank", 9, True)]),
        ("immediate", "imediate", [("feedback", 4, True)]),
        ("sections:", "section:", [("section", 5, True)]),
        ("weight: 2", "wieght: 2", [("sections.0.slots.0.wieght", 8, True)]),
        ("immediate", "at_end", [("tries", 3, False)]),
        ("title: A quiz", "mode: adaptve\ntitle: A quiz", [("mode", 2, True)]),
        ("draw: 3", "draw: 0", [("sections.0.slots.1.draw", 9, True)]),
    ],
)
def test_a_slip_gives_its_faults_and_no_others(
    old: str, new: str, faults: list[tuple[str, int, bool]]
) -> None:
    found = examine_assessment(TEXT.replace(old, new, 1), NAMES, slug="a-quiz")
    assert [(one.path, one.line, one.refuses) for one in found.faults] == faults
