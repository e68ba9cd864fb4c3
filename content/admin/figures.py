"""Sketches of figures for the desk: enough to see what the numbers make of them. Learners get the drawn ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from content.items.markup import with_sources

WIDTH, HEIGHT = 360, 220
LEVELS = 8
"""Shades of a contour sketch."""

Figure = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps an interval of values to one of the drawing."""

    do_not_call_in_templates: ClassVar[bool] = True
    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(self.start + share * (self.end - self.start), 2)


def sketch(figure: Figure) -> SafeString:
    """Return a figure's data as a small drawing or a table. The labels are safe: `markup` has cleaned them."""
    prepare = {"curve": _curves, "contour": _contour}.get(figure["kind"], dict)
    context = {**prepare(figure), "figure": figure, "width": WIDTH, "height": HEIGHT}
    return render_to_string(f"admin/content/figures/{figure['kind']}.html", context)


def _curves(figure: Figure) -> dict[str, Any]:
    heights = [v for curve in figure["curves"] for v in curve["values"] if v is not None]
    heights += [point["y"] for point in figure["points"] if point["y"] is not None]
    x, y = _scale(figure["x"]["values"], 0, WIDTH), _scale(heights, HEIGHT, 0)
    return {
        "lines": [
            {"label": curve["label"], "runs": _runs(figure["x"]["values"], curve["values"], x, y)}
            for curve in figure["curves"]
        ],
        "dots": _dots(figure, x, y),
        "scale_x": x,
        "scale_y": y,
    }


def _contour(figure: Figure) -> dict[str, Any]:
    xs, ys, rows = figure["x"]["values"], figure["y"]["values"], figure["z"]
    x, y = _scale(xs, 0, WIDTH), _scale(ys, HEIGHT, 0)
    shade = _scale([value for row in rows for value in row if value is not None], 0, 1)
    wide, high = WIDTH / max(1, len(xs) - 1), HEIGHT / max(1, len(ys) - 1)
    cells = [
        {"x": x(xs[j]) - wide / 2, "y": y(ys[i]) - high / 2, "shade": round(shade(value) * LEVELS) / LEVELS}
        for i, row in enumerate(rows)
        for j, value in enumerate(row)
        if value is not None
    ]
    return {
        "cells": cells,
        "wide": wide,
        "high": high,
        "dots": _dots(figure, x, y),
        "scale_x": x,
        "scale_y": y,
    }


def _scale(values: Sequence[float], start: float, end: float) -> Scale:
    return Scale(min(values, default=0.0), max(values, default=1.0), start, end)


def _runs(xs: Sequence[float], ys: Sequence[float | None], x: Scale, y: Scale) -> list[str]:
    """Return the points of each unbroken stretch; a gap parts two of them."""
    runs: list[list[str]] = [[]]
    for across, up in zip(xs, ys, strict=True):
        if up is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(across)},{y(up)}")
    return [" ".join(run) for run in runs if run]


def _dots(figure: Figure, x: Scale, y: Scale) -> list[dict[str, Any]]:
    return [
        {"x": x(point["x"]), "y": y(point["y"]), "label": unescape(strip_tags(with_sources(point["label"])))}
        for point in figure["points"]
        if point["x"] is not None and point["y"] is not None
    ]
