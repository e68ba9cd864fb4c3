"""What an assessment with a set of items does, before anyone sits it: simulated first tries on one or more forms.

A *form* is a set of items as one learner gets it (the field's word: Lord & Novick 1968); where items are drawn, there
are several. Reliability by Cronbach's alpha on each form, as if everybody took it; and over all forms as the squared
correlation of scores with what each learner's score would be without luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from assessment.psychometrics import classical, irt
from assessment.psychometrics.irt import Floats, Integers, ItemParameters

BANDS: Final = (-2.0, -1.0, 0.0, 1.0, 2.0)
BARS: Final = 10


@dataclass(frozen=True, slots=True)
class Form:
    """The items of one learner, by their places among all items, and what each of them weighs."""

    items: Integers
    weights: Floats


@dataclass(frozen=True, slots=True)
class Taken:
    """What happened: ``shares`` of the full score by learner, ``facility`` and ``asked`` (share of learners) by item.

    ``expected`` are the shares without luck; ``alphas`` and ``errors`` have an entry for each form, errors as shares.
    """

    theta: Floats
    shares: Floats
    expected: Floats
    facility: Floats
    asked: Floats
    alphas: Floats
    errors: Floats


@dataclass(frozen=True, slots=True)
class LinearBand:
    """The learners with theta in [low, high); None is no bound. ``mean`` is a share of the full score."""

    low: float | None
    high: float | None
    learners: int
    mean: float
    passing: float


@dataclass(frozen=True, slots=True)
class LinearReport:
    """A simulation in numbers, all of scores as shares of the full one; ``bars`` count learners by tenths of it."""

    learners: int
    mean: float
    sd: float
    passing: float
    alpha: float
    lowest_alpha: float
    reliability: float
    standard_error: float
    bars: tuple[int, ...]
    bands: tuple[LinearBand, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def take(items: ItemParameters, forms: Sequence[Form], theta: Floats, rng: np.random.Generator) -> Taken:
    """Let learners of these abilities take the forms, one each in turn, answering every item once."""
    chances = irt.probability(theta, items)
    right = (rng.random(chances.shape) < chances).astype(np.float64)
    form_of = np.arange(len(theta)) % len(forms)
    weights = np.zeros((len(forms), chances.shape[1]))
    for number, form in enumerate(forms):
        weights[number, form.items] = form.weights
    own = weights[form_of] / weights.sum(axis=1)[form_of, np.newaxis]
    was_asked = own > 0
    times = was_asked.sum(axis=0)
    facility = np.divide(
        (right * was_asked).sum(axis=0), times, out=np.full(len(times), np.nan), where=times > 0
    )
    tables = [right[:, form.items] * form.weights / form.weights.sum() for form in forms]
    return Taken(
        theta=theta,
        shares=(right * own).sum(axis=1),
        expected=(chances * own).sum(axis=1),
        facility=facility,
        asked=times / len(theta),
        alphas=np.array([classical.alpha(table) for table in tables]),
        errors=np.array([_error(table) for table in tables]),
    )


def report(taken: Taken, *, pass_fraction: float) -> LinearReport:
    """Return the numbers that an instructor reads. Whoever reaches ``pass_fraction`` of the full score passes."""
    passes = _passes(taken.shares, pass_fraction)
    counted, _ = np.histogram(np.clip(taken.shares, 0, 1), bins=BARS, range=(0, 1))
    return LinearReport(
        learners=len(taken.theta),
        mean=float(taken.shares.mean()),
        sd=float(taken.shares.std(ddof=1)),
        passing=float(passes.mean()),
        alpha=_mean(taken.alphas),
        lowest_alpha=float(np.nanmin(taken.alphas)) if not np.isnan(taken.alphas).all() else float("nan"),
        reliability=_squared_correlation(taken.shares, taken.expected),
        standard_error=_mean(taken.errors),
        bars=tuple(counted.tolist()),
        bands=_bands(taken, passes),
    )


def _error(table: Floats) -> float:
    """Return the standard error of measurement; of a form of one item, which has no alpha, it is not known."""
    return (
        float("nan") if np.isnan(classical.alpha(table)) else classical.standard_error_of_measurement(table)
    )


def _passes(shares: Floats, pass_fraction: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    reached: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = shares >= pass_fraction - 1e-9
    return reached


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _squared_correlation(one: Floats, other: Floats) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1] ** 2)


def _bands(taken: Taken, passes: Any) -> tuple[LinearBand, ...]:
    found = []
    for low, high in pairwise((-np.inf, *BANDS, np.inf)):
        inside = (taken.theta >= low) & (taken.theta < high)
        if inside.any():
            found.append(
                LinearBand(
                    low=float(low) if np.isfinite(low) else None,
                    high=float(high) if np.isfinite(high) else None,
                    learners=int(inside.sum()),
                    mean=float(taken.shares[inside].mean()),
                    passing=float(passes[inside].mean()),
                )
            )
    return tuple(found)
