"""Items as GIFT. What the format cannot hold, or Moodle would mark otherwise, is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from content.formats.foreign import NotHere
from content.formats.moodle import html, marks
from content.formats.moodle.question import refuse_if
from content.formats.moodle.writing import EXERCISE
from content.formats.parts import Number, Option
from content.formats.written import Given, Omission, Written
from content.items.definition import ItemDefinition
from content.items.interactions.choice import Choice
from content.items.interactions.matching import Matching
from content.items.interactions.numeric import Numeric
from content.items.interactions.text import Text


def write(items: Sequence[Given], title: str) -> Written:
    """Return a text with the items that GIFT can hold, in a category of the given name."""
    pieces = [f"$CATEGORY: $course$/top/{_one_line(title).replace('/', '//')}\n"]
    omissions: list[Omission] = []
    for item in items:
        lost: list[str] = []
        try:
            pieces.append(_question(item.definition, lost))
        except NotHere as reason:
            omissions.append(Omission(item.slug, str(reason), is_whole=True))
            continue
        omissions += [
            Omission(item.slug, one) for one in marks.joined([*lost, *marks.left_behind(item.definition)])
        ]
    return Written("\n".join(pieces).encode(), len(pieces) - 1, tuple(omissions))


def _question(definition: ItemDefinition, lost: list[str]) -> str:
    refuse_if(definition.is_exercise, EXERCISE)
    refuse_if(definition.steps, "it computes values in steps")
    refuse_if(
        len(definition.interactions) != 1, "it has several questions in one text, for which GIFT has no form"
    )
    ((identifier, interaction),) = definition.interactions.items()
    before, _, after = definition.body.partition(f"[[{identifier}]]")
    refuse_if(len(re.findall(r"\n\s*\n", after.strip())), "its answer stands before other paragraphs")
    answers = _answers(definition, identifier, interaction, lost)
    if definition.hints:
        lost.append("its hints")
    if definition.media:
        lost.append("its images")
    if definition.solution.strip():
        answers += f"####{_escaped(html.block(definition.solution))}\n"
    head = f"// [id:{definition.slug}]\n::{_escaped(_one_line(definition.title))}::[html]"
    behind = _escaped(html.line(after)) if after.strip() else ""
    text = _escaped(html.block(before) if not behind else html.line(before))
    return f"{head}{text}{{{answers}}}{' ' + behind if behind else ''}\n"


def _answers(definition: ItemDefinition, identifier: str, interaction: Any, lost: list[str]) -> str:
    match interaction:
        case Choice() if marks.is_true_or_false(interaction):
            return _true_false(marks.options(interaction, lost))
        case Choice():
            if not interaction.shuffle:
                lost.append("that its options keep their order")
            return _options(marks.options(interaction, lost), multiple=interaction.multiple)
        case Numeric() if type(interaction) is Numeric:
            return _numbers(marks.numbers(definition, identifier, interaction, lost))
        case Text():
            refuse_if(interaction.case, "upper and lower case matter in it, which GIFT cannot say")
            found = marks.texts(interaction, lost)
            return _lines(
                "=", [(_share(one.fraction), one.text.replace(r"\*", "*"), one.feedback) for one in found]
            )
        case Matching():
            pairs = marks.pairs(interaction, lost)
            return "".join(f"\n\t={_escaped(left)} -> {_escaped(right)}" for left, right in pairs) + "\n"
    raise NotHere(f"GIFT has no form for the kind {interaction.kind}")


def _true_false(options: Sequence[Option]) -> str:
    truth = options[0].fraction == 1
    right, wrong = options if truth else options[::-1]
    feedback = (
        f"#{_escaped(wrong.feedback)}#{_escaped(right.feedback)}" if wrong.feedback or right.feedback else ""
    )
    return f"{'TRUE' if truth else 'FALSE'}{feedback}"


def _options(options: Sequence[Option], *, multiple: bool) -> str:
    lines = []
    for one in options:
        whole = one.fraction == 1 and not multiple
        share = "" if whole or not one.fraction else f"%{marks.percent(one.fraction)}%"
        lines.append(f"\n\t{'=' if whole else '~'}{share}{_escaped(one.text)}{_feedback(one.feedback)}")
    return "".join(lines) + "\n"


def _numbers(numbers: Sequence[Number]) -> str:
    refuse_if(any(one.value == "*" and one.fraction for one in numbers), "any number earns credit in it")
    found = [
        (_share(one.fraction), f"{one.value}:{one.tolerance:.12g}", one.feedback)
        for one in numbers
        if one.value != "*"
    ]
    return "#" + _lines("=", found, escape=False)


def _lines(sign: str, answers: Sequence[tuple[str, str, str]], *, escape: bool = True) -> str:
    said = [(share, _escaped(text) if escape else text, feedback) for share, text, feedback in answers]
    return "".join(f"\n\t{sign}{share}{text}{_feedback(feedback)}" for share, text, feedback in said) + "\n"


def _share(share: float) -> str:
    return "" if share == 1 else f"%{marks.percent(share)}%"


def _feedback(text: str) -> str:
    return f"#{_escaped(text)}" if text else ""


def _escaped(text: str) -> str:
    """Return a text in which no sign means anything, on one line."""
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", r"\n")


def _one_line(text: str) -> str:
    return " ".join(text.split())
