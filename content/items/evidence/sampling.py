"""What parameters turn out to be: a table of sampled values, and what each condition of ``require`` rejects.

Parameters and conditions are all that is needed: the rest of a definition may still be broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from content.expressions import Expression, ExpressionError
from content.expressions.limits import MAX_BATCH_COST, MAX_BATCH_ELEMENTS
from content.expressions.shapes import elements
from content.items.drawing import MAX_RETRIES, draw_freely, draw_parameters, holds
from content.items.evidence.summaries import Summary, summary
from content.items.evidence.writing import brief
from content.items.parameters import Parameter
from content.items.stream import Bools, Floats, Words

DRAWS: Final = 2_000
FEWEST: Final = 50
SHOWN: Final = 10
MOST_NUMBERS: Final = 2_000_000
"""Numbers of one batch: 16 MB."""
MOST_COST: Final = 200_000_000
"""Steps of computation for a table: a few tenths of a second."""
NUMBER_COST: Final = 40
"""Steps that it takes to draw a number and to sort it among the others."""


@dataclass(frozen=True, slots=True)
class ParameterSample:
    """``free`` is how a parameter comes out of the dice, ``kept`` what of it satisfies all that is required."""

    name: str
    shape: tuple[int, ...]
    free: Summary | None
    kept: Summary | None
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionSample:
    """``rejects`` is the share of free draws that a condition rejects, ``alone`` that nothing else rejects.

    A condition that cannot be computed has a ``fault`` and rejects nothing here.
    """

    text: str
    rejects: float
    alone: float
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """``first`` is the share of draws that satisfy everything at once, ``impossible`` of seeds that never do."""

    draws: int
    seeds: tuple[int, ...]
    parameters: tuple[ParameterSample, ...]
    conditions: tuple[ConditionSample, ...]
    first: float
    impossible: float

    @property
    def is_impossible(self) -> bool:
        return self.impossible >= 1


def sample(
    parameters: Mapping[str, Parameter],
    require: Sequence[Expression] = (),
    *,
    start: int = 0,
    draws: int = DRAWS,
    decimal: str = ".",
) -> Sample:
    """Draw the seeds from ``start`` on, as many of ``draws`` as stay within bounds, and return what came out."""
    shapes = {name: one.shape for name, one in parameters.items()}
    usable, faults = _usable(require, shapes)
    seeds = np.arange(start, start + _affordable(parameters, usable, draws, 1), dtype=np.uint64)
    free = draw_freely(parameters, seeds)
    held = _held(parameters, usable, free, len(seeds))
    first = float(_all(list(held.values()), len(seeds)).mean())
    again = _affordable(parameters, usable, draws, _tries(first))
    kept, possible = draw_parameters(parameters, usable, seeds[:again])
    return Sample(
        draws=len(seeds),
        seeds=tuple(int(seed) for seed in seeds[:SHOWN]),
        parameters=tuple(
            _parameter(one, free[name], kept[name], possible, decimal) for name, one in parameters.items()
        ),
        conditions=(*_conditions(held, len(seeds)), *faults),
        first=first,
        impossible=float(1 - possible.mean()) if len(possible) else 0.0,
    )


def _usable(
    require: Sequence[Expression], shapes: Mapping[str, tuple[int, ...]]
) -> tuple[list[Expression], list[ConditionSample]]:
    usable, faults = [], []
    for condition in require:
        try:
            condition.cost(shapes)
            usable.append(condition)
        except ExpressionError as error:
            faults.append(ConditionSample(condition.text, 0.0, 0.0, str(error)))
    return usable, faults


def _affordable(
    parameters: Mapping[str, Parameter], require: Sequence[Expression], draws: int, tries: int
) -> int:
    shapes = {name: one.shape for name, one in parameters.items()}
    numbers = max(1, sum(one.size * one.uniforms_per_value for one in parameters.values()))
    cost = NUMBER_COST * numbers + sum(condition.cost(shapes) for condition in require)
    at_once = [MAX_BATCH_COST // max(1, one.cost(shapes)) for one in require]
    at_once += [MAX_BATCH_ELEMENTS // max(1, elements(one.shape(shapes))) for one in require]
    return max(FEWEST, min(draws, MOST_NUMBERS // numbers, MOST_COST // (cost * tries), *at_once))


def _tries(first: float) -> int:
    """Return how often a seed is drawn on average until it satisfies everything."""
    return MAX_RETRIES if first * MAX_RETRIES <= 1 else int(np.ceil(1 / first))


def _held(
    parameters: Mapping[str, Parameter], require: Sequence[Expression], free: Mapping[str, Floats], count: int
) -> dict[str, Bools]:
    """Return for everything that may reject a draw which draws it keeps."""
    held = {}
    for name, one in parameters.items():
        if one.nonzero or one.distinct:
            words = " and ".join(word for word in ("nonzero", "distinct") if getattr(one, word))
            held[f"{name} is {words}"] = one.accepts(free[name])
    for condition in require:
        held[condition.text] = holds(condition.evaluate(free, count))
    return held


def _all(held: Sequence[Bools], count: int) -> Bools:
    return np.asarray(np.logical_and.reduce([np.ones(count, np.bool_), *held]))


def _conditions(held: Mapping[str, Bools], count: int) -> list[ConditionSample]:
    found = []
    for text, kept in held.items():
        others = _all([other for name, other in held.items() if name != text], count)
        found.append(ConditionSample(text, float((~kept).mean()), float((~kept & others).mean())))
    return found


def _parameter(one: Parameter, free: Floats, kept: Floats, possible: Bools, decimal: str) -> ParameterSample:
    shown = [
        brief(kept[index], one.places, decimal) if possible[index] else "–"
        for index in range(min(SHOWN, len(kept)))
    ]
    return ParameterSample(one.name, one.shape, summary(free), summary(kept[possible]), tuple(shown))


def failing(
    parameters: Mapping[str, Parameter], require: Sequence[Expression], seeds: Words
) -> list[tuple[dict[str, Floats], list[str]]]:
    """Return for each seed the first values that the dice give, and the conditions that reject them."""
    free = draw_freely(parameters, seeds)
    held = _held(parameters, require, free, len(seeds))
    return [
        (
            {name: array[index] for name, array in free.items()},
            [text for text, kept in held.items() if not kept[index]],
        )
        for index in range(len(seeds))
    ]
