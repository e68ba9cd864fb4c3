"""Pictures of simulations and of items as SVG text: no library, no script, no inline style.

Colors are presentation attributes and follow the text color, so the pictures live in light and dark pages
and under a strict content security policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from assessment.psychometrics import irt
from assessment.psychometrics.irt import Floats, ItemParameters
from assessment.psychometrics.simulation import Simulation

WIDTH, HEIGHT = 480, 300
ACCENT = "#3867d6"
WARNING = "#d63838"

LEFT, RIGHT, TOP, BOTTOM = 52, 14, 30, 44
DASHES = ("", "6 3", "2 3", "8 3 2 3")


@dataclass(frozen=True, slots=True)
class Frame:
    """A pair of axes: the ranges of x and y, their names, and the title of the picture.

    ``about`` tells those who do not see it what it shows. ``x_scale`` is off where names stand below the axis.
    """

    title: str
    x_name: str
    y_name: str
    x: tuple[float, float]
    y: tuple[float, float]
    about: str = ""
    x_scale: bool = True

    def place(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return where values stand in the picture, in its units."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return (
            LEFT + across * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM),
        )


def estimates(simulation: Simulation, *, shown: int = 1000) -> str:
    """Return each learner's estimate over the true theta, the first ``shown`` of them."""
    frame = Frame("Estimate and truth", "true theta", "estimate", (-4, 4), (-4, 4))
    true, found = np.clip(simulation.theta[:shown], -4, 4), np.clip(simulation.final[:shown], -4, 4)
    ends = np.array([-4.0, 4.0])
    return picture(frame, [line(frame, ends, ends, "currentColor", "4 4"), _dots(frame, true, found)])


def scores(theta: Floats, shares: Floats, pass_fraction: float, *, shown: int = 1000) -> str:
    """Return each learner's share of the full score over theta, with what is needed to pass as a line."""
    passing = float(np.mean(shares >= pass_fraction - 1e-9))
    about = f"{passing:.0%} of {len(shares)} learners reach {pass_fraction:.0%}."
    frame = Frame("Score and ability", "theta", "share of all points", (-4, 4), (0, 1), about)
    ends = np.array([-4.0, 4.0])
    dots = _dots(frame, np.clip(theta[:shown], -4, 4), shares[:shown])
    return picture(
        frame, [line(frame, ends, np.full(2, pass_fraction), WARNING, "6 3", "needed to pass"), dots]
    )


def errors(simulation: Simulation, *, bands: int = 13) -> str:
    """Return standard error and bias over theta, in bands of equal width."""
    edges = np.linspace(-3.25, 3.25, bands + 1)
    band = np.digitize(simulation.theta, edges) - 1
    error = simulation.final - simulation.theta
    filled = [number for number in range(bands) if np.any(band == number)]
    center = np.array([(edges[number] + edges[number + 1]) / 2 for number in filled])
    bias = np.array([error[band == number].mean() for number in filled])
    spread = np.array([simulation.final_errors[band == number].mean() for number in filled])
    reach = max(0.5, float(np.abs(np.concatenate([bias, spread, [0.0]])).max()) * 1.1)
    frame = Frame("Standard error (line) and bias (dashed)", "theta", "", (-3.5, 3.5), (-reach, reach))
    return picture(frame, [line(frame, center, spread, ACCENT), line(frame, center, bias, WARNING, "6 3")])


def exposures(simulation: Simulation, *, ceiling: float | None = None) -> str:
    """Return the exposure of every item, most exposed first, with the ceiling as a line."""
    rates = -np.sort(-simulation.exposure)
    rank = np.arange(1.0, len(rates) + 1)
    top = min(max(float(rates.max()), ceiling or 0.0, 0.01) * 1.1, 1.0)
    frame = Frame(
        "Exposure of the items", "item, by exposure", "share of learners", (0, len(rates)), (0, top)
    )
    marks = [line(frame, rank, rates, ACCENT)]
    if ceiling is not None:
        ends = np.array([0.0, len(rates)])
        marks.append(line(frame, ends, np.full(2, ceiling), WARNING, "6 3"))
    return picture(frame, marks)


def item_curves(items: ItemParameters, names: Sequence[str]) -> str:
    """Return the probability of a right answer over theta for a few items."""
    theta = np.linspace(-4, 4, 81)
    frame = Frame("Probability of a right answer", "theta", "", (-4, 4), (0, 1))
    chance = irt.probability(theta, items)
    marks = [
        line(frame, theta, chance[:, item], ACCENT, DASHES[item % len(DASHES)], name)
        for item, name in enumerate(names)
    ]
    return picture(frame, marks)


def bank_information(items: ItemParameters) -> str:
    """Return the information of the whole bank over theta."""
    theta = np.linspace(-4, 4, 81)
    total = irt.information(theta, items).sum(axis=1)
    frame = Frame("Information of the bank", "theta", "information", (-4, 4), (0, float(total.max()) * 1.1))
    return picture(frame, [line(frame, theta, total, ACCENT)])


def picture(frame: Frame, marks: list[str]) -> str:
    """Return marks with the axes around them."""
    title = escape(frame.title)
    told = escape(f"{frame.title}. {frame.about}") if frame.about else title
    body = "".join([*_axes(frame), *marks])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{told}" font-family="sans-serif" font-size="12" fill="currentColor">'
        f'<text x="{LEFT}" y="18" font-weight="bold">{title}</text>{body}</svg>'
    )


def _axes(frame: Frame) -> list[str]:
    left, right, bottom = LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [
        f'<path d="M{left} {TOP}V{bottom}H{right}" fill="none" stroke="currentColor"/>',
        f'<text x="{(left + right) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(frame.x_name)}</text>',
        f'<text x="14" y="{(TOP + bottom) / 2:.0f}" text-anchor="middle" '
        f'transform="rotate(-90 14 {(TOP + bottom) / 2:.0f})">{escape(frame.y_name)}</text>',
    ]
    across, up = ticks(*frame.x) if frame.x_scale else np.array([]), ticks(*frame.y)
    for value, x in zip(across, frame.place(across, across)[0], strict=True):
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{short(value)}</text>')
    for value, y in zip(up, frame.place(up, up)[1], strict=True):
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{short(value)}</text>')
    return parts


def ticks(low: float, high: float) -> Floats:
    """Return the round numbers of a range: three to seven multiples of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10((high - low) / 4))
    step = next(size * power for size in (1, 2, 5, 10) if (high - low) / (size * power) <= 6)
    first = np.ceil(low / step - 1e-9)
    # Adding 0 makes a plain zero of a negative one.
    found: Floats = np.arange(first, np.floor(high / step + 1e-9) + 1) * step + 0.0
    return found


def line(frame: Frame, x: Floats, y: Floats, color: str, dash: str = "", name: str = "") -> str:
    """Return a line through some points."""
    across, up = frame.place(x, y)
    points = " ".join(f"{one:.1f},{other:.1f}" for one, other in zip(across, up, strict=True))
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    title = f"<title>{escape(name)}</title>" if name else ""
    return f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"{dashes}>{title}</polyline>'


def _dots(frame: Frame, x: Floats, y: Floats) -> str:
    across, up = frame.place(x, y)
    path = "".join(f"M{one:.1f} {other:.1f}h0" for one, other in zip(across, up, strict=True))
    return (
        f'<path d="{path}" stroke="{ACCENT}" stroke-width="3" stroke-linecap="round" stroke-opacity="0.5"/>'
    )


def short(value: float) -> str:
    """A short number with a real minus sign."""
    return f"{value:.3g}".replace("-", "−")
