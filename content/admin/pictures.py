"""Pictures of numbers for the desk, drawn on the server: bars of a distribution, and how far values lie apart.

Colors are the theme's: shapes have classes, and the style sheet says the rest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from content.items.evidence.summaries import Summary, ticks
from content.items.evidence.writing import plain

WIDTH: Final = 340
HEIGHT: Final = 150
LEFT, RIGHT, TOP, BOTTOM = 40, 10, 8, 24
"""Room around what is drawn, for the numbers of the axes."""
LETTER: Final = 6.2
"""Width of a digit of an axis, in the units of the drawing."""
FARTHEST: Final = 1e6
"""Tolerances at which a strip ends: what is farther stands at its end."""
STRIP_WIDTH: Final = 300
STRIP_HEIGHT: Final = 46


def histogram(numbers: Summary, label: str) -> SafeString:
    """Return the bars of a distribution: one for each value where they are few, else of a histogram."""
    highest = max(bar.share for bar in numbers.bars)
    place = _places_of_values if numbers.is_listed else _places_of_ranges
    context = {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "floor": HEIGHT - BOTTOM,
        "label": f"{label}: {in_words(numbers)}",
        "levels": [_level(share, highest) for share in ticks(0, highest, 3)],
        **place(numbers, highest),
    }
    return render_to_string("admin/content/pictures/histogram.html", context)


def in_words(numbers: Summary) -> str:
    """Say what a picture shows to those who do not see it."""
    different = f"{numbers.distinct:,} different value{'' if numbers.distinct == 1 else 's'}"
    often = f"most often {number(numbers.most_frequent)} ({percent(numbers.most_frequent_share)})"
    return f"from {number(numbers.smallest)} to {number(numbers.largest)}, {different}, {often}"


def _height(share: float, highest: float) -> float:
    return round((HEIGHT - TOP - BOTTOM) * share / highest, 2) if highest else 0.0


def _level(share: float, highest: float) -> dict[str, Any]:
    return {"y": HEIGHT - BOTTOM - _height(share, highest), "text": f"{100 * share:g}%"}


def _places_of_values(numbers: Summary, highest: float) -> dict[str, Any]:
    slot = (WIDTH - LEFT - RIGHT) / len(numbers.bars)
    texts = [number(bar.start) for bar in numbers.bars]
    every = math.ceil(max(map(len, texts)) * LETTER / slot)
    bars = [
        _bar(LEFT + slot * (n + 0.15), slot * 0.7, bar.share, highest, text)
        for n, (bar, text) in enumerate(zip(numbers.bars, texts, strict=True))
    ]
    marks = [
        {"x": round(LEFT + slot * (n + 0.5), 2), "text": text}
        for n, text in enumerate(texts)
        if n % every == 0
    ]
    return {"bars": bars, "marks": marks}


def _places_of_ranges(numbers: Summary, highest: float) -> dict[str, Any]:
    half = numbers.spacing / 2 if numbers.spacing else 0.0
    low, high = numbers.bars[0].start - half, numbers.bars[-1].end + half
    scale = (WIDTH - LEFT - RIGHT) / (high - low)
    bars = [
        _bar(
            LEFT + (bar.start - half - low) * scale,
            (bar.end - bar.start + 2 * half) * scale - 1,
            bar.share,
            highest,
            number(bar.start) if half else f"{number(bar.start)} to {number(bar.end)}",
        )
        for bar in numbers.bars
    ]
    marks = [{"x": round(LEFT + (at - low) * scale, 2), "text": number(at)} for at in ticks(low, high, 5)]
    return {"bars": bars, "marks": marks}


def _bar(x: float, width: float, share: float, highest: float, text: str) -> dict[str, Any]:
    height = _height(share, highest)
    return {
        "x": round(x, 2),
        "width": round(max(width, 0.5), 2),
        "y": HEIGHT - BOTTOM - height,
        "height": height,
        "title": f"{text}: {percent(share)}",
    }


def strip(quantiles: Sequence[float], farthest: float, label: str) -> SafeString:
    """Return how far two values lie apart over all draws, on a scale in tolerances up to ``farthest``.

    Between 0 and 1 tolerance they are taken for each other. The line spans 9 of 10 draws, the box the middle half.
    """
    end = min(max(farthest, 10.0), FARTHEST)
    least, low, first, middle, third, high, most = (_along(one, end) for one in quantiles)
    powers = range(math.ceil(math.log10(end)) + 1)
    marks = [(0.0, "0"), *((10.0**power, f"{10**power:,}") for power in powers)]
    apart = 2 if len(marks) > 5 else 1
    context = {
        "width": STRIP_WIDTH,
        "height": STRIP_HEIGHT,
        "label": label,
        "taken": _along(1, end),
        "line": (low, high),
        "box": (first, round(max(third - first, 1.0), 2)),
        "middle": middle,
        "ends": (least, most),
        "marks": [
            {"x": _along(at, end), "text": text}
            for n, (at, text) in enumerate(marks)
            if at <= end and (n < 2 or n % apart == 0)
        ],
    }
    return render_to_string("admin/content/pictures/strip.html", context)


def _along(tolerances: float, end: float) -> float:
    share = math.log10(1 + min(tolerances, end)) / math.log10(1 + end)
    return round(12 + (STRIP_WIDTH - 40) * share, 2)


def apart(distance: float | None) -> str:
    """Write a distance in tolerances."""
    if distance is None:
        return "not measured"
    if math.isinf(distance):
        return "any number of"
    if distance == 0 or distance >= 100:
        return f"{distance:,.0f}"
    return f"{distance:.3g}" if distance >= 0.001 else "less than 0.001"


def percent(share: float) -> str:
    """Write a share: with one decimal, and never as none or all where it is neither."""
    if 0 < share < 0.0005:
        return "less than 0.1%"
    if 0.9995 <= share < 1:
        return "more than 99.9%"
    return f"{100 * share:.3g}%" if share < 0.1 else f"{100 * share:.1f}%".replace(".0%", "%")


def number(value: float) -> str:
    """Write a number in a few digits: enough for a picture and the words beside it."""
    return plain(float(f"{value:.4g}"))
