"""Formulas that hold each draw's numbers as ``{name}``, computed for thousands of draws at once.

This is a sieve for certification, coarser than a verdict: it says where a formula has no values and where two of them
cannot be told apart. Learners' answers are compared by `comparing`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import count as steps
from typing import Any, Final, cast

import numpy as np

from content.expressions import Name, Node, Number
from content.expressions.planning import make_plan
from content.items.equivalence.formulas import Domain, Grammar, read
from content.items.stream import Bools, Floats, as_words, uniforms

PLACES: Final = 32
"""Places of the domain at which each draw's formula is computed."""
CHUNK: Final = 250
"""Draws computed in one pass, which keeps the cost of a pass within that of an expression."""
TOLERANCE: Final = 1e-9
FEWEST: Final = 0.75
"""Share of the places at which a formula must have a value."""

_PLACEHOLDER: Final = re.compile(r"\{[A-Za-z][A-Za-z0-9_]*\}")
_SLOT: Final = 0x74656D706C617465


def values(template: str, numbers: Mapping[str, Floats], grammar: Grammar, count: int) -> Floats:
    """Return a formula's values, (draws, places); ``numbers`` has those of each ``{name}``, (draws,).

    Raises FormulaFault for a template that is no formula.
    """
    unlike = (value for value in (1 + step / 8192 for step in steps(1)) if repr(value) not in template)
    standing = dict(zip(sorted(numbers), unlike, strict=False))
    typed = _PLACEHOLDER.sub(lambda found: f"({standing[found[0]]!r})", template)
    named = {value: f"drawn{index}_" for index, value in enumerate(standing.values())}
    tree = _with_names(read(typed, grammar).tree, named)
    places = _places(grammar.variables)
    arrays = {named[standing[text]]: array for text, array in numbers.items()}
    plan = make_plan(tree, dict.fromkeys((*places, *arrays), ()))
    parts = []
    for start in range(0, count, CHUNK):
        rows = min(CHUNK, count - start)
        spread = [np.tile(place, rows) for place in places.values()]
        spread += [np.repeat(array[start : start + rows], PLACES) for array in arrays.values()]
        with np.errstate(all="ignore"):
            computed = plan.run([np.ascontiguousarray(one) for one in spread], rows * PLACES)
        parts.append(np.asarray(computed, dtype=np.float64).reshape(rows, PLACES))
    return np.concatenate(parts)


def undefined(computed: Floats) -> Bools:
    """Return the draws whose formula has no value at too many places."""
    return np.asarray(np.isfinite(computed).mean(axis=1) < FEWEST)


def inseparable(one: Floats, other: Floats) -> Bools:
    """Return the draws in which two formulas have the same value wherever both have one."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(one), np.abs(other))
        apart = np.abs(one - other) > TOLERANCE * np.maximum(size, np.finfo(np.float64).tiny)
    both = np.isfinite(one) & np.isfinite(other)
    return np.asarray(both.any(axis=1) & ~(apart & both).any(axis=1))


def _places(variables: Mapping[str, Domain]) -> dict[str, Floats]:
    drawn = {
        name: uniforms(as_words([0]), slot=_SLOT + index, size=PLACES)[0]
        for index, name in enumerate(variables)
    }
    return {name: low + (high - low) * drawn[name] for name, (low, high) in variables.items()}


def _with_names(node: Node, named: Mapping[float, str]) -> Node:
    """Return the tree with a name for each number that stands for a placeholder."""
    if isinstance(node, Number):
        return Name(named[node.value], at=node.at) if node.value in named else node
    changed = {
        entry.name: _replaced(getattr(node, entry.name), named)
        for entry in fields(node)
        if entry.name != "at"
    }
    return replace(node, **changed)


def _replaced(value: Any, named: Mapping[float, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_replaced(entry, named) for entry in value)
    return _with_names(cast(Node, value), named) if is_dataclass(value) else value
