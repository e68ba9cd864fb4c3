"""How numbers are distributed: the few figures and the bars by which a picture of them is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from content.items.stream import Floats

FEW: Final = 12
"""Up to so many different values are listed, each with its share; more of them are drawn as bars of a histogram."""
SOME: Final = 60
"""Up to so many, each value still has a bar of its own, at its place on the axis."""
BARS: Final = 24
TAIL: Final = 0.005
"""Share of the draws on either side that is left out of a histogram which it would make too wide to read."""
WIDE: Final = 4.0
"""A histogram is that many times wider than its middle before its tails are left out."""
SAME: Final = 12
"""Significant digits up to which numbers are told apart: the rest is the rounding of the arithmetic."""
STEPS: Final = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """The share of the values from ``start`` up to and without ``end``; of one value where both are the same."""

    start: float
    end: float
    share: float


@dataclass(frozen=True, slots=True)
class Summary:
    """``bars`` are single values where ``is_listed``, and where ``spacing`` says how near they come to each other.

    ``outside`` is the share that lies beyond all bars.
    """

    count: int
    smallest: float
    largest: float
    median: float
    distinct: int
    most_frequent: float
    most_frequent_share: float
    bars: tuple[Bar, ...]
    is_listed: bool
    spacing: float | None
    outside: float


def summary(values: Floats) -> Summary | None:
    """Return how the finite ones of some values are distributed, whatever their shape; None where there is none."""
    flat = np.ravel(values)
    flat = _rounded(flat[np.isfinite(flat)])
    if not len(flat):
        return None
    different, counts = np.unique(flat, return_counts=True)
    often = int(np.argmax(counts))
    is_single = len(different) <= SOME
    bars = _listed(different, counts) if is_single else _binned(flat)
    return Summary(
        count=len(flat),
        smallest=float(different[0]),
        largest=float(different[-1]),
        median=float(np.median(flat)),
        distinct=len(different),
        most_frequent=float(different[often]),
        most_frequent_share=float(counts[often] / len(flat)),
        bars=bars,
        is_listed=len(different) <= FEW,
        spacing=float(np.diff(different).min()) if FEW < len(different) <= SOME else None,
        outside=0.0 if is_single else max(0.0, 1 - sum(bar.share for bar in bars)),
    )


def _rounded(values: Floats) -> Floats:
    """Return values to so many significant digits that 0.1 + 0.2 and 0.3 are the same one."""
    size = np.abs(values)
    with np.errstate(all="ignore"):
        scale = 10.0 ** (SAME - 1 - np.floor(np.log10(np.where(size > 0, size, 1.0))))
        rounded = np.round(values * scale) / scale
    # A scale that no float holds leaves the value as it is; adding zero makes one of the two zeros.
    return np.asarray(np.where(np.isfinite(rounded), rounded, values) + 0.0)


def _listed(different: Floats, counts: NDArray[np.int_]) -> tuple[Bar, ...]:
    total = counts.sum()
    return tuple(
        Bar(float(value), float(value), float(count / total))
        for value, count in zip(different, counts, strict=True)
    )


def _binned(values: Floats) -> tuple[Bar, ...]:
    low, high = _range(values)
    step = round_step(high - low, BARS)
    if (values == np.floor(values)).all():
        step = max(1.0, step)
    first = math.floor(low / step)
    count = max(1, math.ceil(high / step - 1e-9) - first)
    places = np.floor(values / step + 1e-9) - first
    places[values == high] = count - 1  # the last bar takes in its end, as in every histogram
    kept = places[(places >= 0) & (places < count)].astype(np.int64)
    shares = np.bincount(kept, minlength=count) / len(values)
    return tuple(
        Bar(_tidy((first + n) * step), _tidy((first + n + 1) * step), float(share))
        for n, share in enumerate(shares)
    )


def _range(values: Floats) -> tuple[float, float]:
    """Return from where to where bars are drawn: all of it, unless a few far values would flatten the rest."""
    low, high = float(values.min()), float(values.max())
    inner = np.quantile(values, [TAIL, 1 - TAIL])
    if inner[1] > inner[0] and high - low > WIDE * (inner[1] - inner[0]):
        return float(inner[0]), float(inner[1])
    return low, high


def round_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that fits at most ``most`` times into a span."""
    least = span / most
    if not least > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return float(next(step * power for step in STEPS if step * power >= least * (1 - 1e-9)))


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers from ``low`` to ``high`` for an axis."""
    step = round_step(high - low, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [_tidy(n * step) for n in range(first, min(last, first + 2 * most) + 1)]


def _tidy(value: float) -> float:
    """Return a multiple of a round step as it would be typed: 0.3 and not 0.30000000000000004."""
    return float(f"{value:.12g}") + 0.0
