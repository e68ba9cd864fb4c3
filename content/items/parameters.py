"""Parameters: the quantities of an exercise that differ for every learner.

Each kind turns uniform numbers into values that are already what will be displayed: rounding comes before anything
is computed with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from content.documents.reader import Reader
from content.expressions.suggesting import did_you_mean, nearest
from content.items.rows import every
from content.items.stream import Bools, Floats

MAX_ELEMENTS = 400
MAX_CHOICES = 1000
MAX_MAGNITUDE = 1e12

MANTISSAS = {1: (1,), 2: (1, 3), 3: (1, 2, 5)}
"""The steps of a logarithmic grid within a decade."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One quantity to draw. ``transform`` maps uniforms (n, size) to values of the same shape.

    ``shape`` is () for a number, (k,) for a vector, (r, c) for a matrix. ``uniforms_per_value`` is 2 for
    normals (Box & Muller 1958), else 1.
    """

    name: str
    shape: tuple[int, ...]
    transform: Callable[[Floats], Floats]
    uniforms_per_value: int = 1
    places: int | None = None
    distinct: bool = False
    nonzero: bool = False

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def draw(self, uniforms: Floats) -> Floats:
        """Return values with a leading batch axis, shape (n, *shape), from uniforms (n, size * per value)."""
        return self.transform(uniforms).reshape(len(uniforms), *self.shape)

    def accepts(self, values: Floats) -> Bools:
        """Return for each row of the batch whether ``nonzero`` and ``distinct`` hold."""
        flat = values.reshape(len(values), -1)
        kept = np.ones(len(values), dtype=np.bool_)
        if self.nonzero:
            kept &= every(flat != 0)
        if self.distinct:
            kept &= every(np.diff(np.sort(flat, axis=1), axis=1) != 0)
        return kept


def parse_parameter(name: str, reader: Reader) -> Parameter | None:
    """Read one parameter; what is wrong goes to the reader's faults and gives None."""
    kinds = [kind for kind in KINDS if reader.has(kind)]
    if len(kinds) != 1:
        _refuse_kinds(reader)
        return None
    parameter = Parameter(
        name=name,
        shape=_shape(reader),
        distinct=reader.flag("distinct"),
        nonzero=reader.flag("nonzero"),
        **KINDS[kinds[0]](reader),
    )
    reader.finish()
    return None if reader.faults.is_faulty(reader.path) else parameter


def parse_shape(reader: Reader) -> tuple[int, ...] | None:
    """Return the shape of a parameter, which may be known where the rest of it is not; else None."""
    shape = _shape(reader)
    return None if reader.is_broken("shape") else shape


def _refuse_kinds(reader: Reader) -> None:
    """Report that a parameter is of no kind, or of several: at the key that should have been one, if there is one."""
    reason = f"needs exactly one of {', '.join(KINDS)}"
    unknown = [key for key in reader.document if key not in KEYS and not reader.is_broken(key)]
    for key in unknown:
        meant = nearest(key, KINDS)
        told = f"is not known here{did_you_mean(meant) or '.'} A parameter {reason}"
        reader.spoil(key, told, at_key=True, suggestion=meant)
    if not unknown:
        reader.faults.add(reader.path, reason)


def _integer(reader: Reader) -> dict[str, Any]:
    low, high = _interval(reader, "integer")
    first, last = math.ceil(low), math.floor(high)
    if first > last:
        reader.spoil("integer", "holds no integer")
    return {"transform": lambda u: first + np.floor(u * (last - first + 1)), "places": 0}


def _decimal(reader: Reader) -> dict[str, Any]:
    low, high = _interval(reader, "decimal")
    places = _places(reader)
    scale = 10.0**places
    first, last = math.ceil(low * scale - 1e-9), math.floor(high * scale + 1e-9)
    if first > last and not reader.is_broken("places"):
        reader.spoil("decimal", f"holds no number with {places} decimal places")
    return {"transform": lambda u: (first + np.floor(u * (last - first + 1))) / scale, "places": places}


def _choice(reader: Reader) -> dict[str, Any]:
    listed = reader.raw("choice")
    if (
        not isinstance(listed, list)
        or not 1 <= len(listed) <= MAX_CHOICES
        or not all(map(_is_finite, listed))
    ):
        reader.spoil("choice", f"must list 1 to {MAX_CHOICES} finite numbers")
        listed = [0.0]
    values = np.array(listed, dtype=np.float64)
    return {"transform": lambda u: values[np.floor(u * len(values)).astype(np.int64)]}


def _log_grid(reader: Reader) -> dict[str, Any]:
    low, high = _interval(reader, "log_grid")
    per_decade = reader.raw("per_decade", 1)
    if type(per_decade) is not int or per_decade not in MANTISSAS:
        reader.spoil("per_decade", "must be 1, 2 or 3")
        per_decade = 1
    if low <= 0:
        reader.spoil("log_grid", "needs positive ends")
        low, high = 1.0, 10.0
    exponents = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    grid = [float(f"{m}e{e}") for e in exponents for m in MANTISSAS[per_decade]]
    values = np.array([v for v in grid if low * (1 - 1e-12) <= v <= high * (1 + 1e-12)])
    if not len(values):
        reader.spoil("log_grid", "holds no point of the grid")
        values = np.ones(1)
    return {"transform": lambda u: values[np.floor(u * len(values)).astype(np.int64)]}


def _normal(reader: Reader) -> dict[str, Any]:
    pair = reader.raw("normal")
    if not _is_pair(pair) or pair[1] < 0:
        reader.spoil("normal", "must be [mean, standard deviation]")
        pair = [0.0, 1.0]
    mean, deviation = map(float, pair)
    places = _places(reader)

    def transform(uniforms: Floats) -> Floats:
        first, second = np.split(uniforms, 2, axis=1)
        standard = np.sqrt(-2 * np.log1p(-first)) * np.cos(2 * np.pi * second)
        return np.asarray(np.round(mean + deviation * standard, places) + 0.0)

    return {"transform": transform, "places": places, "uniforms_per_value": 2}


KINDS: Mapping[str, Callable[[Reader], dict[str, Any]]] = {
    "integer": _integer,
    "decimal": _decimal,
    "choice": _choice,
    "log_grid": _log_grid,
    "normal": _normal,
}

KEYS: Final = (*KINDS, "places", "per_decade", "shape", "distinct", "nonzero")
"""What may stand in the document of a parameter."""


def _interval(reader: Reader, key: str) -> tuple[float, float]:
    pair = reader.raw(key)
    if _is_pair(pair) and pair[0] <= pair[1] and max(abs(pair[0]), abs(pair[1])) <= MAX_MAGNITUDE:
        return float(pair[0]), float(pair[1])
    reader.spoil(key, f"must be [lowest, highest], in order, within {MAX_MAGNITUDE:g}")
    return 0.0, 1.0


def _places(reader: Reader) -> int:
    places = reader.raw("places", 1)
    if isinstance(places, int) and not isinstance(places, bool) and 0 <= places <= 12:
        return places
    reader.spoil("places", "must be an integer of 0 to 12")
    return 1


def _shape(reader: Reader) -> tuple[int, ...]:
    shape = reader.raw("shape", [])
    sound = isinstance(shape, list) and len(shape) <= 2 and all(type(k) is int and k >= 1 for k in shape)
    if sound and math.prod(shape) <= MAX_ELEMENTS:
        return tuple(shape)
    reader.spoil("shape", f"must be [], [k] or [rows, columns] of at most {MAX_ELEMENTS} elements")
    return ()


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_MAGNITUDE


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_finite, value))
