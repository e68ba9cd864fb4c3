"""Whether the worked solution comes to the key: the values it states, read back and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from content.expressions import exact
from content.items.definition import ItemDefinition
from content.items.drawing import Batch
from content.items.findings import Finding, in_draws
from content.items.interactions import Interaction
from content.items.leaks import is_right
from content.items.markup import strong
from content.items.soundness import written_columns
from content.items.stream import Bools, Floats
from content.items.usage import names_in

TRIED: Final = 200
"""Draws whose solutions are read."""
MAX_AWAY: Final = 0.02
"""Share of draws in which the solution may miss the key, by rounding at the edge of the tolerance."""

_NUMBER: Final = re.compile(
    r"(?<![\w.])(?P<digits>[0-9]+(?:[.,][0-9]+)*)"
    r"(?:\s*\\(?:times|cdot)\s*10\^\{?\s*(?P<exponent>[-\u2212]?[0-9]+)\s*\}?)?(?P<percent>\s*\\?%)?"
)
_MINUS: Final = re.compile(r"(?P<before>[0-9)]?)\s*[-\u2212\u2013]\Z")
"""A minus right before a number: its sign, unless it takes the number from what stands before."""
_SHARE: Final = re.compile(r"(?:\\[dt]?frac\s*\{([0-9.]+)\}\s*\{([0-9.]+)\}|([0-9.]+)\s*/\s*([0-9.]+))")
_RESULT: Final = re.compile(r"(?:=|\\approx|≈)\s*\$?\s*[-\u2212\u2013]?\s?[0-9(]")
_NO_WORDS: Final = re.compile(r"[^A-Za-z]*[0-9][^A-Za-z]*\Z")
_WORD: Final = re.compile(r"[A-Za-z]{4,}")


def of_solution(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    """Yield the interactions whose key the solution never comes to, though it states values."""
    solution = definition.solution
    if not solution.strip() or not len(served):
        return
    rows = served[:TRIED]
    texts = written_columns(definition, batch, rows)(solution)
    fields = [i for i, one in definition.interactions.items() if "key" in one.computed]
    if not fields or not (names_in(solution) & set(definition.steps) or any(map(_states, texts[:1]))):
        return
    mark = definition.decimal
    everything = [_numbers(text, mark) for text in texts]
    for identifier in fields:
        away = _away(definition, batch, rows, identifier, everything)
        if away.mean() > MAX_AWAY:
            reason = f"the solution never comes to the key of {identifier}"
            yield in_draws(definition, batch, reason, _spread(batch, rows, away), path="solution")
    if len(fields) == len(definition.interactions):
        bold = [[n for passage in strong(text) for n in _alone(passage, mark)] for text in texts]
        yield from _bold(definition, batch, rows, fields, bold)


def _bold(
    definition: ItemDefinition, batch: Batch, rows: Any, fields: Sequence[str], bold: list[list[float]]
) -> Iterator[Finding]:
    """Yield that no value in bold is a key, where all that is asked are numbers and each solution has bold ones."""
    if not all(bold):
        return
    away = [_away(definition, batch, rows, identifier, bold) for identifier in fields]
    nowhere = np.logical_and.reduce(away)
    if nowhere.mean() > MAX_AWAY:
        wrong = _spread(batch, rows, nowhere)
        reason = "no value in bold in the solution is a right answer"
        yield in_draws(definition, batch, reason, wrong, path="solution")


def _spread(batch: Batch, rows: Any, marked: Bools) -> Bools:
    wrong = np.zeros(len(batch), dtype=np.bool_)
    wrong[rows] = marked
    return wrong


def _away(
    definition: ItemDefinition, batch: Batch, rows: Any, identifier: str, stated: list[list[float]]
) -> Bools:
    """Return for each draw whether none of the values stated, in their order, is right for the key."""
    interaction = definition.interactions[identifier]
    keys = batch.computed[identifier]["key"][rows]
    held = [_holds(interaction, key, numbers) for key, numbers in zip(keys, stated, strict=True)]
    return ~np.array(held, dtype=np.bool_)


def _holds(interaction: Interaction, key: Floats, numbers: Sequence[float]) -> bool:
    """Whether the key, as a run of as many numbers as it has components, stands among the numbers."""
    size = key.size
    runs = np.array([numbers[i : i + size] for i in range(len(numbers) - size + 1)])
    if not len(runs):
        return False
    answers = runs.reshape(len(runs), *key.shape)
    return bool(is_right(interaction, np.broadcast_to(key, answers.shape).copy(), answers).any())


def _states(text: str) -> bool:
    """Return whether a solution states a result: a number in bold, or behind a sign of equality."""
    return bool(_RESULT.search(text)) or any(_NO_WORDS.match(passage) for passage in strong(text))


def _alone(passage: str, mark: str) -> list[float]:
    """Return the numbers of a passage in bold that is nothing else, as in ``x = 2.5`` or ``2.5 m``."""
    return [] if _WORD.search(passage) else _numbers(passage, mark)


def _numbers(text: str, mark: str) -> list[float]:
    """Return the numbers that stand in a text, in their order; then quotients such as 1/3, and percentages."""
    found, derived = [], []
    for match in _NUMBER.finditer(text):
        value = _scaled(_value(match["digits"], mark), match["exponent"] or "0")
        minus = _MINUS.search(text, max(0, match.start() - 10), match.start())
        value = -value if minus and not minus["before"] else value
        found.append(value)
        if match["percent"]:
            derived.append(value / 100)
    for one, other, over, under in _SHARE.findall(text):
        above, below = _value(one or over, mark), _value(other or under, mark)
        derived += [above / below, -above / below] if below else []
    return found + derived


def _scaled(value: float, exponent: str) -> float:
    """Return a value times a power of ten; infinity, which states nothing, where no float holds it."""
    try:
        return value * 10.0 ** exact.whole(exponent.replace("\u2212", "-"))
    except (OverflowError, exact.UnusableNumber):
        return float("inf")


def _value(digits: str, mark: str) -> float:
    """Return the number that digits are, with this decimal mark; marks of groups mean nothing."""
    whole, _, decimals = digits.strip(".").rpartition(mark) if mark in digits.strip(".") else (digits, "", "")
    kept = "".join(filter(str.isdigit, whole))
    return float(f"{kept or 0}.{''.join(filter(str.isdigit, decimals)) or 0}")
