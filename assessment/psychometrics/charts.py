"""Charts of item statistics as SVG text, in the manner of `assessment.psychometrics.pictures`."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from assessment.psychometrics.pictures import ACCENT, DASHES, HEIGHT, WARNING, Frame, line, picture, short
from assessment.psychometrics.regions import Region

GAP = 0.12
"""Between two bars, as a share of a bar."""
MUTED = "#767c85"
_ANCHORS = {0: "start", -1: "end"}


def distribution(
    bars: Sequence[int], edges: tuple[float, float], title: str, x_name: str, *, counted: str = "attempts"
) -> str:
    """Return how many attempts there are in each of some steps of equal width between two edges."""
    top = -(-max(*bars, 1) // 4) * 4
    step = (edges[1] - edges[0]) / len(bars)
    commonest = edges[0] + step * int(np.argmax(bars))
    about = f"Most lie between {short(commonest)} and {short(commonest + step)}: {max(bars)} of {sum(bars)}."
    frame = Frame(title, x_name, counted, edges, (0, top), about)
    marks = [
        _bar(frame, edges[0] + step * n, step, count, ACCENT, f"{count} {counted}")
        for n, count in enumerate(bars)
    ]
    return picture(frame, marks)


def facility_and_discrimination(places: Sequence[tuple[float, float, str]]) -> str:
    """Return items by facility and discrimination, each with its name in the table below."""
    lowest = min([-0.2, *(y for _, y, _ in places)])
    about = f"{len(places)} items; those low down tell little apart, those at the right are easy."
    frame = Frame("Facility and discrimination", "facility", "discrimination", (0, 1), (lowest, 1), about)
    ends = np.array([0.0, 1.0])
    marks = [line(frame, ends, np.full(2, 0.2), MUTED, "2 3", "below this line items tell little apart")]
    for x, y, name in places:
        (across,), (up,) = frame.place(np.array([x]), np.array([y]))
        color = WARNING if y < 0 else ACCENT
        marks.append(
            f'<circle cx="{across:.1f}" cy="{up:.1f}" r="4" fill="{color}"/>'
            f'<text x="{across + 6:.1f}" y="{up + 4:.1f}" font-size="10">{escape(name)}</text>'
        )
    return picture(frame, marks)


def distractor_curves(curves: Sequence[tuple[str, Sequence[float], bool]]) -> str:
    """Return for each answer its share among learners from the weakest to the strongest; the key is in color."""
    points = np.arange(1.0, len(curves[0][1]) + 1)
    about = " ".join(f"{name}: {_words(shares)}." for name, shares, _ in curves)
    frame = Frame(
        "Who answers what",
        "learners, from the weakest to the strongest",
        "share",
        (1, float(points[-1])),
        (0, 1),
        about,
    )
    marks = []
    for number, (name, shares, is_key) in enumerate(curves):
        y = np.array(shares, dtype=np.float64)
        seen = ~np.isnan(y)
        if not seen.any():
            continue
        color, dash = (ACCENT, "") if is_key else (MUTED, DASHES[1 + number % (len(DASHES) - 1)])
        marks.append(line(frame, points[seen], y[seen], color, dash, name))
        # Lines meet at their ends more often than in between, so each has its name at another point.
        named = -1 if is_key else number % int(seen.sum())
        (across,), (up,) = frame.place(points[seen][[named]], y[seen][[named]])
        marks.append(
            f'<text x="{across:.1f}" y="{up - 5:.1f}" text-anchor="{_ANCHORS.get(named, "middle")}" '
            f'font-weight="bold" fill="{color}">'
            f"{escape(name)}</text>"
        )
    return picture(frame, marks)


def regions(name: str, found: Sequence[Region]) -> str:
    """Return the facility in each region of a parameter: as it was (bars), and for equal ability (dots)."""
    about = " ".join(f"{_span(one)}: {short(one.facility)}." for one in found)
    frame = Frame(
        f"Facility by {name}",
        f"{name}, from small to large",
        "facility",
        (0, float(len(found))),
        (0, 1),
        about,
        x_scale=False,
    )
    marks = []
    for number, one in enumerate(found):
        marks.append(_bar(frame, number, 1, one.facility, ACCENT, f"{_span(one)}: {one.answers} answers"))
        (across,), (up,) = frame.place(np.array([number + 0.5]), np.array([one.adjusted]))
        marks.append(
            f'<circle cx="{across:.1f}" cy="{up:.1f}" r="5" fill="none" stroke="{WARNING}" stroke-width="2"/>'
        )
        marks.append(
            f'<text x="{across:.1f}" y="{HEIGHT - 28}" text-anchor="middle">{escape(_span(one))}</text>'
        )
    return picture(frame, marks)


def _bar(frame: Frame, left: float, width: float, height: float, color: str, name: str) -> str:
    ends = np.array([left + GAP * width / 2, left + (1 - GAP / 2) * width])
    across, up = frame.place(ends, np.array([0.0, height]))
    return (
        f'<rect x="{across[0]:.1f}" y="{up[1]:.1f}" width="{across[1] - across[0]:.1f}" '
        f'height="{up[0] - up[1]:.1f}" fill="{color}"><title>{escape(name)}</title></rect>'
    )


def _span(one: Region) -> str:
    return short(one.low) if one.low == one.high else f"{short(one.low)} to {short(one.high)}"


def _words(shares: Sequence[float]) -> str:
    return ", ".join("unknown" if np.isnan(one) else f"{one:.0%}" for one in shares)
