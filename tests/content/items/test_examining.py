"""What trying an item out finds stands where its author can mend it, and what refuses apart from what is a remark."""

from __future__ import annotations

from content.items.examining import Names, examine_item
from content.lessons import LessonNames, examine_lesson
from tests.content.items.parsing.slips import EXERCISE

NAMES = Names(skills=["l2-update"], misconceptions=["forgot-the-two", "no-gradient", "planted"])


def found(*changes: tuple[str, str]) -> list[tuple[str, int | None, bool]]:
    text = EXERCISE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    faults = examine_item(text, NAMES, certified=True, draws=1000).faults
    return [(fault.path, fault.line, fault.refuses) for fault in faults]


def test_an_inseparable_misconception_is_refused_at_its_line() -> None:
    assert found(("    forgot", "    planted: w - lr*(g + 2*lam*w)\n    forgot")) == [
        ("misconceptions.a.planted", 26, True)
    ]


def test_a_key_that_is_shown_is_refused_where_it_is_shown() -> None:
    assert ("body", 18, True) in found(("  [[a]]", "  It is ${new}$. [[a]]"))


def test_a_parameter_that_is_not_used_is_refused_at_its_line() -> None:
    assert found(("steps:", "steps:"), ("  lam: {log", "  idle: {integer: [0, 9]}\n  lam: {log")) == [
        ("parameters.idle", 8, True)
    ]


def test_a_check_that_is_a_copy_is_refused_at_its_line() -> None:
    assert ("check.new", 14, True) in found(("  new: w - lr*(g + 2*lam*w)", "  new: shrink*w - lr*g"))


def test_a_formula_that_cannot_be_set_is_refused_at_its_line() -> None:
    assert found(("The weights shrink", r"$\nosuch$ The weights shrink")) == [("solution", 33, True)]


def test_what_only_may_be_better_is_a_remark() -> None:
    faults = found(("check:\n  new: w - lr*(g + 2*lam*w)\n", ""))
    assert faults == [("interactions.a.key", 20, False)]


def test_a_lesson_s_faults_stand_at_their_lines() -> None:
    text = (
        "slug: a-lesson\ntitle: A lesson\nsummary: s\nlevel: Basic\nminuts: 12\nupdated_on: 2026-05-13\n"
        "skills: [l2-updat]\ntheory: |\n  Words.\n\n  [[check: gone]]\n"
    )
    names = LessonNames(skills=["l2-update"], items=["l2-step"])
    faults = examine_lesson(text, names, slug="a-lesson").faults
    assert [(fault.path, fault.line) for fault in faults] == [
        ("minuts", 5),
        ("skills.0", 7),
        ("theory:3", 11),
    ]
