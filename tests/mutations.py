"""Documents with one thing wrong: each place of a sound document set to each value that nobody means."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any, Final

ODD: Final[tuple[Any, ...]] = (
    None,
    {},
    {"a": 1},
    [],
    [1],
    [{}],
    ["a", None],
    "",
    "a-b",
    "1/0",
    -1,
    0,
    1,
    10**300,
    10**400,
    float("inf"),
    float("nan"),
    True,
)
"""Of every type that JSON has, with the numbers at the edges, also those that YAML does not let through."""


def mutations(document: Any, odd: tuple[Any, ...] = ODD) -> Iterator[tuple[str, Any]]:
    """Yield (what was done, the document with it): a value replaced, a key left out, one added, an entry twice."""
    for path in _places(document):
        for value in odd:
            yield f"{'.'.join(map(str, path))} = {value!r:.40}", _with(document, path, value)
        *before, _ = path
        if isinstance(_at(document, before), dict):
            yield f"without {'.'.join(map(str, path))}", _without(document, path)
        inside = _at(document, path)
        if isinstance(inside, dict):
            yield f"{path} with an empty key", _with(document, [*path, ""], inside)
            yield f"{path} with an odd key", _with(document, [*path, "No Name!"], 1)
        if isinstance(inside, list):
            yield f"{path} twice", _with(document, path, [*inside, *inside])


def mutated(document: Any, dice: random.Random) -> Any:
    """Return the document with one value replaced, as the dice have it."""
    return _with(document, dice.choice(list(_places(document))), dice.choice(ODD))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, entry in entries:
        yield (*path, key)
        yield from _places(entry, (*path, key))


def _at(document: Any, path: Any) -> Any:
    for key in path:
        document = document[key]
    return document


def _with(document: Any, path: Any, value: Any) -> Any:
    changed = copy.deepcopy(document)
    *before, last = path
    _at(changed, before)[last] = copy.deepcopy(value)
    return changed


def _without(document: Any, path: Any) -> Any:
    changed = copy.deepcopy(document)
    *before, last = path
    del _at(changed, before)[last]
    return changed
