"""All that is wrong with an assessment's text is told at once, where it stands, and nothing that only follows."""

from __future__ import annotations

import pytest

from assessment.rules.examining import examine_assessment

NAMES = {"item": ["pick-one"], "bank": ["sums"], "skill": ["adding"], "lesson": ["first"]}
FIXED = "slug: quiz\ntitle: Quiz\nsections:\n- slots:\n  - {item: pick-one}\n"
ADAPTIVE = "slug: level\ntitle: Level\nmode: adaptive\nadaptive:\n  bank: sums\n"
MASTERY = "slug: check\ntitle: Check\nmode: mastery\nmastery:\n  bank: sums\n"


def told(text: str) -> list[tuple[str, str]]:
    return [(fault.path, fault.reason) for fault in examine_assessment(text, NAMES).faults]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (FIXED.replace("item:", "itme:"), "sections.0.slots.0.itme"),
        (FIXED.replace("item: pick-one", "item: 3"), "sections.0.slots.0.item"),
        (FIXED + "feedback: at_ned\nsolution_on_request: true\n", "feedback"),
        (FIXED.replace("sections", "secions"), "secions"),
        (ADAPTIVE.replace("adaptive\n", "adaptve\n", 1) + "tries: 1\nfeedback: at_end\n", "mode"),
        (MASTERY.replace("mastery\n", "mastry\n", 1) + "  skills: [adding]\nfeedback: at_end\n", "mode"),
        (ADAPTIVE.replace("mode:", "moed:"), "moed"),
        (ADAPTIVE.replace("adaptive:\n", "adaptiv:\n"), "adaptiv"),
        (ADAPTIVE.replace("bank", "bnak"), "adaptive.bnak"),
        (ADAPTIVE + "  shadow: true\n  constraints: {adding: [3, 1]}\n", "adaptive.constraints.adding"),
        (ADAPTIVE + "  stop: {min_items: 30, max_itmes: 40}\n", "adaptive.stop.max_itmes"),
        (ADAPTIVE + "  stop: {min_items: 30, max_items: many}\n", "adaptive.stop.max_items"),
        (
            ADAPTIVE + "  constraints: {adding: [30, 40]}\n  stop: {max_items: 0}\n",
            "adaptive.stop.max_items",
        ),
        (
            ADAPTIVE + "  result:\n    levels: [{name: A}, {name: B, from: low}, {name: C, from: -1}]\n",
            "adaptive.result.levels.1.from",
        ),
        (
            ADAPTIVE + "  result:\n    levels: [{name: A, from: low}, {name: B, from: 1}]\n",
            "adaptive.result.levels.0.from",
        ),
        (MASTERY + "  skills: [adding]\n  m: 8\n  n: ten\n", "mastery.n"),
        (MASTERY + "  skills: [adding]\n  m: 8\n  nn: 10\n", "mastery.nn"),
        (MASTERY + "  skills: [adding]\n  floor: 0.9\n  threshold: 8\n", "mastery.threshold"),
        (MASTERY + "  skils: [adding]\n", "mastery.skils"),
    ],
)
def test_one_slip_is_one_fault(text, path):
    assert [at for at, _ in told(text)] == [path]


def test_all_parts_are_told_of_at_once():
    text = FIXED.replace("pick-one", "pick-two") + "tries: 0\npenalty: 2\ntools: [calculater]\n"
    assert [path for path, _ in told(text)] == ["sections.0.slots.0.item", "tries", "penalty", "tools.0"]


def test_misspelled_words_are_told_what_they_may_have_meant():
    text = FIXED.replace("pick-one", "pick-oen") + "keep: bset\ntools: [calculater]\n"
    found = {fault.path: fault.suggestion for fault in examine_assessment(text, NAMES).faults}
    assert found == {"sections.0.slots.0.item": "pick-one", "keep": "best", "tools.0": "calculator"}


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        (ADAPTIVE + "  constraints:\n    addig: [0, 1]\n", "adaptive.constraints.addig", 7),
        (
            ADAPTIVE + "  result:\n    reference:\n    - pick-one\n    - other\n",
            "adaptive.result.reference.1",
            9,
        ),
        (MASTERY + "  skills:\n  - adding\n  - dividing\n", "mastery.skills.1", 8),
    ],
)
def test_names_of_nothing_stand_at_their_line(text, path, line):
    assert [(one.path, one.line) for one in examine_assessment(text, NAMES).faults] == [(path, line)]
