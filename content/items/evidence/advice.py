"""What to ``require`` so that draws which must not be shown are never drawn: found by trying, and counted.

A condition is only advised if, over the draws at hand, it rejects every one of the wrong ones and keeps most others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np

from content.expressions import Expression, ExpressionError, Scope
from content.items.definition import ItemDefinition
from content.items.drawing import Batch, holds
from content.items.evidence.separation import Separation
from content.items.stream import Bools, Floats

TRIED: Final = 2_000
"""Draws of either kind on which conditions are tried."""
MOST_NAMES: Final = 12
"""Parameters that conditions are made of: pairs of more are too many to try."""
LEAST_KEPT: Final = 0.5
"""Share of the other draws that a condition must keep, to be worth its price."""
ENOUGH: Final = 20
"""From so many wrong draws on, what they have in common is more than chance."""
SIMPLER: Final = 0.05
"""Share of draws that a shorter condition may cost more than a longer one."""
LONGEST: Final = 160
"""Characters of a condition that somebody still reads."""
APART: Final = 2.0
"""Tolerances that advice keeps between a mistake and the key: one is just told apart."""

_ATOM: Final = re.compile(r"\w+(?:\.\d+)?(?:\[\w+\])?")
_NAME: Final = re.compile(r"(?<![\w.])[A-Za-z]\w*")


@dataclass(frozen=True, slots=True)
class Advice:
    """A condition for ``require``, and the share of the draws that it would reject besides the wrong ones."""

    condition: str
    costs: float


def for_draws(
    definition: ItemDefinition, batch: Batch, wrong: Bools, longer: Iterator[str] | None = None
) -> Advice | None:
    """Return the condition that keeps most draws and none of the wrong ones; None where none was found.

    ``longer`` are conditions to try besides those on single parameters and pairs of them.
    """
    bad = np.flatnonzero(wrong & batch.possible)[:TRIED]
    good = np.flatnonzero(~wrong & batch.possible)[:TRIED]
    if not len(bad) or not len(good):
        return None
    trial = _Trial(definition, batch, bad, good)
    short = _short(definition, batch, bad) if len(bad) >= ENOUGH else iter(())
    found = [
        (trial.kept(text) + bonus, text)
        for bonus, texts in ((SIMPLER, short), (0.0, longer or iter(())))
        for text in texts
    ]
    usable = [one for one in found if one[0] >= LEAST_KEPT]
    if not usable:
        return None
    text = max(usable, key=lambda one: one[0])[1]
    return Advice(text, 1 - trial.kept(text))


@dataclass(frozen=True, slots=True)
class _Trial:
    definition: ItemDefinition
    batch: Batch
    bad: Any
    good: Any

    def kept(self, text: str) -> float:
        """Return the share of the good draws that a condition keeps; 0 if it keeps a bad one or cannot be read."""
        scope = Scope(frozenset(self.definition.parameters), self.definition.language)
        try:
            condition = scope.parse(text)
            if self._holding(condition, self.bad).any():
                return 0.0
            return float(self._holding(condition, self.good).mean())
        except ExpressionError:
            return 0.0

    def _holding(self, condition: Expression, rows: Any) -> Bools:
        values = {name: self.batch.values[name][rows] for name in condition.names}
        return holds(condition.evaluate(values, len(rows)))


def _short(definition: ItemDefinition, batch: Batch, bad: Any) -> Iterator[str]:
    names = [*definition.parameters][:MOST_NAMES]
    values = {name: batch.values[name][bad] for name in names}
    for name in names:
        yield from _on_one(name, values[name])
    for one, other in combinations(names, 2):
        if values[one].shape == values[other].shape:
            yield from _on_two(one, other, values[one], values[other])


def _on_one(name: str, bad: Floats) -> Iterator[str]:
    if bad.ndim > 1:
        yield from (f"all({name} != 0)", f"norm1({name}) > {_up(_rows(np.abs(bad)).sum(axis=1).max())}")
        yield f"max(abs({name})) > {_up(np.abs(bad).max())}"
        return
    different = np.unique(bad)
    if len(different) == 1:
        yield f"{name} != {_number(different[0])}"
    if len(different) == 2:
        yield f"({name} - {_number(different[0])})*({name} - {_number(different[1])}) != 0"
    yield f"{name} > {_up(bad.max())}"
    yield f"{name} < {_number(bad.min())}"
    if (bad < 0).any() and (bad > 0).any():
        yield f"abs({name}) > {_up(np.abs(bad).max())}"


def _on_two(one: str, other: str, first: Floats, second: Floats) -> Iterator[str]:
    gap = np.abs(first - second).max()
    if first.ndim > 1:
        yield f"max(abs({one} - {other})) > {_up(gap)}"
        return
    if gap == 0:
        yield f"{one} != {other}"
    yield f"abs({one} - {other}) > {_up(gap)}"
    if (first < second).all():
        yield f"{one} >= {other}"
    if (first > second).all():
        yield f"{one} <= {other}"


def _rows(values: Floats) -> Floats:
    return values.reshape(len(values), -1)


def _number(value: Any) -> str:
    return f"{float(value):.12g}"


def _up(value: Any) -> str:
    """Write a bound with few digits that is no smaller than the value."""
    exact = float(value)
    short = float(f"{exact:.3g}")
    return _number(short if short >= exact else exact)


def for_separation(definition: ItemDefinition, batch: Batch, found: Separation) -> Advice | None:
    """Return what to require so that a misconception is told apart; None where nothing on the parameters helps."""
    return for_draws(definition, batch, found.wrong, _difference(definition, batch, found))


def _difference(definition: ItemDefinition, batch: Batch, found: Separation) -> Iterator[str]:
    """Yield that the two values differ by some tolerances, in the parameters alone."""
    interaction = definition.interactions[found.interaction]
    rules = {rule.slug: rule.value for rule in definition.misconceptions[found.interaction]}
    first = rules[found.slug]
    second = rules[found.other] if found.other else interaction.computed["key"]
    written = [written_out(one, definition.steps) for one in (first, second)]
    if None in written:
        return
    values = batch.computed[found.interaction]["key"]
    apart = f"abs({written[0]} - {_in_parentheses(str(written[1]))})"
    whole = apart if values.ndim == 1 else f"max({apart})"
    half_width = getattr(getattr(interaction, "policy", None), "half_width", None)
    if half_width is None:
        yield f"{whole} > 0"
        return
    width = np.unique(np.broadcast_to(half_width(values), values.shape))
    if len(width) == 1:
        yield f"{whole} > {_number(APART * width[0])}"
    elif values.ndim == 1:
        usable = values[np.isfinite(values) & (values != 0)]
        share = (half_width(usable) / np.abs(usable)).max(initial=0.0)
        yield f"{whole} > {_up(APART * share)}*abs({written[1]})"


def written_out(expression: Expression, steps: Mapping[str, Expression]) -> str | None:
    """Return an expression with every step replaced by its formula; None where that is too long to read."""
    text = expression.text.strip()
    while text in steps:
        text = steps[text].text.strip()
    for _ in steps:
        longer = _NAME.sub(lambda match: _formula_of(match[0], steps), text)
        if longer == text:
            break
        text = longer
        if len(text) > LONGEST:
            return None
    return " ".join(text.split())


def _formula_of(name: str, steps: Mapping[str, Expression]) -> str:
    return _in_parentheses(steps[name].text.strip()) if name in steps else name


def _in_parentheses(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"
