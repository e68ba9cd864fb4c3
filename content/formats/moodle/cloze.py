"""Cloze questions of Moodle: subquestions in braces inside a text, such as ``{2:SHORTANSWER:=Paris~%50%Lyon}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Final

from content.formats import parts
from content.formats.foreign import NotHere
from content.formats.moodle.markdown import from_html, inline
from content.formats.numerals import numeral, value, whole
from content.formats.parts import Number, Option, Part

MOST_GAPS: Final = 20
"""As many interactions as an item may have."""

_KINDS: Final = {
    "SHORTANSWER": "text", "SA": "text", "MW": "text",
    "SHORTANSWER_C": "text_case", "SAC": "text_case", "MWC": "text_case",
    "NUMERICAL": "number", "NM": "number",
    "MULTICHOICE": "list", "MC": "list", "MULTICHOICE_S": "list_shuffled", "MCS": "list_shuffled",
    "MULTICHOICE_V": "choice", "MCV": "choice", "MULTICHOICE_VS": "choice_shuffled", "MCVS": "choice_shuffled",
    "MULTICHOICE_H": "choice", "MCH": "choice", "MULTICHOICE_HS": "choice_shuffled", "MCHS": "choice_shuffled",
    "MULTIRESPONSE": "several", "MR": "several", "MULTIRESPONSE_H": "several", "MRH": "several",
    "MULTIRESPONSE_S": "several_shuffled", "MRS": "several_shuffled",
    "MULTIRESPONSE_HS": "several_shuffled", "MRHS": "several_shuffled",
}  # fmt: skip
_HEAD: Final = re.compile(
    r"\{\s*([0-9]{0,4})\s*:\s*(" + "|".join(sorted(_KINDS, key=len, reverse=True)) + r")\s*:", re.ASCII
)
_SHARE: Final = re.compile(r"\s*(?:=|%(-?[0-9]{1,3}(?:[.,][0-9]{1,10})?)%)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gap:
    """A subquestion: where it stands in the text, what it counts, and what it is."""

    start: int
    end: int
    weight: int
    kind: str
    answers: tuple[Option, ...]
    has_shares: bool = False
    """Whether any of its answers says in percent what it is worth."""


def gaps(text: str) -> list[Gap]:
    """Return the subquestions in a text. Raises NotHere for one that never ends, and for too many."""
    found: list[Gap] = []
    place = 0
    while head := _HEAD.search(text, place):
        end = _end_of(text, head.end())
        if end is None:
            raise NotHere(f"the gap “{text[head.start() : head.start() + 40]}” is never closed")
        weight = whole(head[1] or "1") or 1
        inside = text[head.end() : end - 1]
        has_shares = any(re.match(r"\s*%-?[0-9]", piece) for piece in _split(inside, "~"))
        found.append(Gap(head.start(), end, weight, _KINDS[head[2]], _answers(inside), has_shares))
        place = end
        if len(found) > MOST_GAPS:
            raise NotHere(f"it has more than {MOST_GAPS} gaps")
    return found


def _end_of(text: str, place: int) -> int | None:
    """Return the place behind the brace that closes a gap: escaped ones, and pairs inside it, do not."""
    depth = 1
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            place += 2
            continue
        depth += (sign == "{") - (sign == "}")
        place += 1
        if depth == 0:
            return place
    return None


def _answers(text: str) -> tuple[Option, ...]:
    return tuple(_answer(piece) for piece in _split(text, "~") if piece.strip())


def _answer(piece: str) -> Option:
    share = _SHARE.match(piece)
    fraction = 0.0
    if share:
        fraction = value(share[1], 0.0) / 100 if share[1] else 1.0
        piece = piece[share.end() :]
    said, *feedback = _split(piece, "#", most=1)
    return Option(_unescaped(said).strip(), round(fraction, 9), _unescaped("".join(feedback)).strip())


def _split(text: str, sign: str, most: int = 0) -> list[str]:
    """Return the pieces between signs that are neither escaped nor part of a character reference."""
    reference = r"(?<!&)" if sign == "#" else ""
    return re.split(rf"(?<!\\){reference}{re.escape(sign)}", text, maxsplit=most)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([}~#/\"\\=:])", r"\1", text)


def part_of(gap: Gap) -> Part:
    """Return the interaction of a gap. Raises NotHere."""
    if not gap.answers:
        raise NotHere("a gap has no answers")
    part = _MAKERS[gap.kind.partition("_")[0]](gap)
    if gap.weight != 1:
        part.document["weight"] = gap.weight
    return part


def _text(gap: Gap) -> Part:
    plain = [_plain(one) for one in gap.answers]
    part = parts.text([one for one, _ in plain], case=gap.kind == "text_case")
    part.notes += [note for _, notes in plain for note in notes]
    return part


def _plain(answer: Option) -> tuple[Option, Sequence[str]]:
    feedback = from_html(answer.feedback)
    words = " ".join(unescape(re.sub(r"<[^>]*>", "", answer.text)).split())
    return Option(words, answer.fraction, feedback.text), feedback.notes


def _number(gap: Gap) -> Part:
    return parts.number([number_from(one) for one in gap.answers])


def number_from(answer: Option) -> Number:
    """Return a number foreseen as ``3.5``, ``3.5:0.1``, ``3..4`` or ``*`` says it. Raises NotHere."""
    text = unescape(answer.text).strip()
    if text == "*":
        return Number("*", answer.fraction, feedback=answer.feedback)
    if ".." in text:
        low, _, high = text.partition("..")
        least, most = value(numeral(low), 0), value(numeral(high), 0)
        center, width = (least + most) / 2, (most - least) / 2
        return Number(numeral(repr(center)), answer.fraction, round(abs(width), 12), feedback=answer.feedback)
    said, _, tolerance = text.partition(":")
    width = abs(value(numeral(tolerance), 0)) if tolerance.strip() else 0.0
    return Number(numeral(said), answer.fraction, width, feedback=answer.feedback)


def _options(gap: Gap) -> tuple[list[Option], list[str]]:
    options, notes = [], []
    for one in gap.answers:
        text, feedback = from_html(one.text), from_html(one.feedback)
        options.append(Option(inline(text.text), one.fraction, feedback.text))
        notes += [*text.notes, *feedback.notes]
    return options, notes


def _chosen(gap: Gap, *, kind: str, multiple: bool = False) -> Part:
    options, notes = _options(gap)
    if len(options) < 2:
        raise NotHere("a gap offers fewer than two options")
    part = parts.choice(options, multiple=multiple, shuffle=gap.kind.endswith("_shuffled"), kind=kind)
    part.notes += notes
    return part


def _list(gap: Gap) -> Part:
    return _chosen(gap, kind="inline_choice")


def _choice(gap: Gap) -> Part:
    return _chosen(gap, kind="choice")


def _several(gap: Gap) -> Part:
    """Return the choice of several options, of which the right ones are worth the whole together.

    Where no share is said, each wrong one takes away what a right one gives.
    """
    whole_credit = sum(one.fraction for one in gap.answers if one.fraction > 0)
    if not whole_credit:
        return _chosen(gap, kind="choice", multiple=True)
    shared = [
        replace(one, fraction=_share_of(one, whole_credit, has_shares=gap.has_shares)) for one in gap.answers
    ]
    return _chosen(replace(gap, answers=tuple(shared)), kind="choice", multiple=True)


def _share_of(answer: Option, whole_credit: float, *, has_shares: bool) -> float:
    if answer.fraction > 0:
        return round(answer.fraction / whole_credit, 9)
    return answer.fraction if has_shares else round(-1 / whole_credit, 9)


_MAKERS: Final[dict[str, Callable[[Gap], Part]]] = {
    "text": _text,
    "number": _number,
    "list": _list,
    "choice": _choice,
    "several": _several,
}
