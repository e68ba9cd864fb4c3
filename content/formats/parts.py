"""Pieces of items that readers of other systems' files put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from content.formats.foreign import Trial
from content.items.policies.peers.moodle import ANY_NUMBER

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
NEGATIVE: Final = "a wrong option costs credit there; here an answer never earns less than nothing"
FEEDBACK_OF_NUMBERS: Final = "the feedback to single numbers was left out"
RIGHT: Final = 1 - 1e-6
"""Three answers of 33.33333 % make a whole."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option, or an answer foreseen: Markdown, or plain text where the learner types it."""

    text: str
    fraction: float
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number foreseen: ``value`` as the file writes it, or * for any; ``kind`` of tolerance as Moodle names it."""

    value: str
    fraction: float
    tolerance: float = 0.0
    kind: str = "nominal"
    feedback: str = ""

    @property
    def document(self) -> dict[str, Any]:
        said: dict[str, Any] = {"answer": self.value, "tolerance": self.tolerance, "fraction": self.fraction}
        return said if self.kind == "nominal" else {**said, "type": self.kind}


@dataclass
class Part:
    """An interaction with the answers by which its import is tried, and what was lost in it."""

    document: dict[str, Any]
    trials: list[tuple[Any, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def trials_of(self, identifier: str) -> tuple[Trial, ...]:
        return tuple(Trial(identifier, answer, fraction) for answer, fraction in self.trials)


def identifiers(count: int) -> list[str]:
    """Return short names: a, b, … z, a1, b1, …"""
    return [LETTERS[i % 26] + (str(i // 26) if i >= 26 else "") for i in range(count)]


def choice(options: Sequence[Option], *, multiple: bool, shuffle: bool = True, kind: str = "choice") -> Part:
    """Return a choice that marks as Moodle does, by the weight of each option."""
    names = identifiers(len(options))
    document: dict[str, Any] = {"kind": kind}
    if multiple:
        document["multiple"] = True
    if not shuffle:
        document["shuffle"] = False
    if multiple or any(0 != one.fraction < RIGHT for one in options):
        document["policy"] = {"name": "moodle.fractions"} | ({"multiple": True} if multiple else {})
    weighted = "policy" in document
    document["options"] = [
        _option(name, one, weighted=weighted) for name, one in zip(names, options, strict=True)
    ]
    part = Part(document)
    if not multiple:
        part.trials = [(name, max(0.0, one.fraction)) for name, one in zip(names, options, strict=True)]
        part.notes += [NEGATIVE] if any(one.fraction < 0 for one in options) else []
    else:
        keys = [name for name, one in zip(names, options, strict=True) if one.fraction > 0]
        part.trials = [
            ([name], min(1.0, max(0.0, one.fraction))) for name, one in zip(names, options, strict=True)
        ]
        part.trials += (
            [(keys, min(1.0, sum(one.fraction for one in options if one.fraction > 0)))] if keys else []
        )
    return part


def _option(name: str, option: Option, *, weighted: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"id": name, "text": option.text, "key": option.fraction >= RIGHT}
    if weighted:
        said |= {"key": option.fraction > 0, "weight": option.fraction}
    return said | ({"feedback": option.feedback} if option.feedback else {})


def true_or_false(right: Option, wrong: Option, *, truth: bool) -> Part:
    """Return the choice between true and false. ``right`` and ``wrong`` carry the feedback."""
    options = [
        _option(name, Option(name.capitalize(), float(given is right), given.feedback), weighted=False)
        for name, given in (("true", right if truth else wrong), ("false", wrong if truth else right))
    ]
    part = Part({"kind": "choice", "shuffle": False, "options": options})
    part.trials = [(name, float((name == "true") == truth)) for name in ("true", "false")]
    return part


def text(answers: Sequence[Option], *, case: bool) -> Part:
    """Return a short text that is compared as Moodle does: letter by letter, * stands for anything."""
    document: dict[str, Any] = {"kind": "text", "wrapping": True}
    if case:
        document["case"] = True
    document["accepted"] = [_accepted(one) for one in answers]
    part = Part(document)
    for one in answers:
        sample = _sample(one.text)
        if sample.strip():
            part.trials.append((sample, _first_fraction(answers, sample, case=case)))
    return part


def _accepted(answer: Option) -> dict[str, Any]:
    credit = min(1.0, max(0.0, answer.fraction))
    said: dict[str, Any]
    if _is_wild(answer.text):
        said = {"pattern": wildcard(answer.text), "example": _sample(answer.text) or "anything"}
    else:
        said = {"text": _bare(answer.text)}
    if credit < 1:
        said["credit"] = credit
    return said | ({"feedback": answer.feedback} if answer.feedback else {})


def _is_wild(pattern: str) -> bool:
    return bool(re.search(r"(?<!\\)\*", pattern)) or "{" in pattern


def _bare(pattern: str) -> str:
    return pattern.replace(r"\*", "*")


def wildcard(pattern: str) -> str:
    """Return a pattern of Moodle, in which a star stands for anything, as a regular expression."""
    pieces = re.split(r"(?<!\\)\*+", pattern)
    return ".*".join(re.sub(r"([^\w\s])", r"\\\1", _bare(piece), flags=re.ASCII) for piece in pieces)


def _sample(pattern: str) -> str:
    return _bare(re.sub(r"(?<!\\)\*+", "xyz" if pattern.strip("*") == "" else "", pattern)).strip()


def _first_fraction(answers: Iterable[Option], typed: str, *, case: bool) -> float:
    """Return what the first answer that fits earns, by Moodle's own rule."""
    flags = 0 if case else re.IGNORECASE
    for one in answers:
        if re.fullmatch(wildcard(one.text), typed.strip(), flags):
            return min(1.0, max(0.0, one.fraction))
    return 0.0


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a numerical question: each with how many of it make the first."""

    factors: Mapping[str, float] = field(default_factory=dict)
    grading: str = "none"
    penalty: float = 0.1
    before: bool = False


def number(answers: Sequence[Number], units: Units | None = None) -> Part:
    """Return a number that marks as Moodle does: the first answer foreseen that holds it decides."""
    keys = [one for one in answers if one.fraction >= RIGHT and one.value != ANY_NUMBER]
    # Without a whole key certification says so; the first number stands in its place meanwhile.
    key = (keys or [one for one in answers if one.value != ANY_NUMBER] or [Number("0", 0)])[0]
    policy: dict[str, Any] = {"name": "moodle.numerical", "answers": [one.document for one in answers]}
    if units and units.factors:
        policy["units"] = dict(units.factors)
        if units.grading != "none":
            policy |= {"unit_grading": units.grading, "unit_penalty": units.penalty}
        if units.before:
            policy["units_before"] = True
    part = Part({"kind": "numeric", "key": key.value, "policy": policy})
    part.notes += [FEEDBACK_OF_NUMBERS] if any(one.feedback for one in answers) else []
    unit = next(iter(units.factors), "") if units and units.grading != "none" else ""
    for one in answers:
        if one.value != ANY_NUMBER:
            typed = f"{unit}{one.value}" if units and units.before else f"{one.value}{unit}"
            part.trials.append((typed, _first_holding(answers, float(one.value))))
    return part


def _first_holding(answers: Iterable[Number], value: float) -> float:
    """Return what the first answer that holds a number earns; whoever calls has looked at the numbers."""
    for one in answers:
        if one.value == ANY_NUMBER or _is_within(one, value):
            return one.fraction
    return 0.0


def _is_within(one: Number, value: float) -> bool:
    center = float(one.value)
    match one.kind:
        case "relative":
            return abs(value - center) <= abs(center) * one.tolerance * (1 + 1e-12)
        case "geometric":
            low, high = sorted((center / (1 + one.tolerance), center * (1 + one.tolerance)))
            return low <= value <= high
        case _:
            return abs(value - center) <= one.tolerance * (1 + 1e-12)


def matching(pairs: Sequence[tuple[str, str]], others: Sequence[str] = ()) -> Part:
    """Return a matching of which each pair earns its share; ``others`` fit nothing."""
    rights = list(dict.fromkeys([*(right for _, right in pairs), *others]))
    names = {text: f"r{n}" for n, text in enumerate(rights, start=1)}
    left = [{"id": f"l{n}", "text": text} for n, (text, _) in enumerate(pairs, start=1)]
    key = {f"l{n}": names[right] for n, (_, right) in enumerate(pairs, start=1)}
    right = [{"id": name, "text": text} for text, name in names.items()]
    part = Part({"kind": "matching", "left": left, "right": right, "pairs": key})
    part.trials = [(dict(key), 1.0)]
    return part


def ordering(entries: Sequence[str], credit: str) -> Part:
    """Return an order, with a rule of credit by its name."""
    names = identifiers(len(entries))
    listed = [{"id": name, "text": text} for name, text in zip(names, entries, strict=True)]
    part = Part({"kind": "ordering", "entries": listed, "credit": credit})
    part.trials = [(names, 1.0)]
    return part
