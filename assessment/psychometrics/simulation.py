"""What an adaptive assessment will do, before anyone sits it: simulated learners through the real
functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from assessment.psychometrics import irt
from assessment.psychometrics.adaptive import AdaptivePlan, AdaptiveState, answer, begin, propose
from assessment.psychometrics.bank import BankSnapshot
from assessment.psychometrics.constraints import violations
from assessment.psychometrics.exposure import ExposureCounts, overlap
from assessment.psychometrics.irt import Floats, Integers
from assessment.psychometrics.stopping import Stop

BANDS = (-2.0, -1.0, 0.0, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What happened. ``estimates`` and ``standard_errors`` are learners x items, NaN behind the end.

    ``given`` are the items of each learner in order; ``exposure`` is the share of learners that each item
    of the bank was given to; ``violated`` counts learners by the name of a row that was not met.
    """

    theta: Floats
    estimates: Floats
    standard_errors: Floats
    given: tuple[Integers, ...]
    reasons: tuple[str, ...]
    exposure: Floats
    violated: dict[str, int]

    @property
    def lengths(self) -> Integers:
        """The number of items that each learner was given."""
        return np.array([len(items) for items in self.given], dtype=np.int64)

    @property
    def final(self) -> Floats:
        """The last estimate of each learner."""
        return self.estimates[np.arange(len(self.given)), self.lengths - 1]

    @property
    def final_errors(self) -> Floats:
        """The last standard error of each learner."""
        return self.standard_errors[np.arange(len(self.given)), self.lengths - 1]

    def rmse_after(self, items: int) -> float:
        """Return the root mean squared error after ``items`` items, over the learners who were given as many."""
        return float(np.sqrt(np.nanmean((self.estimates[:, items - 1] - self.theta) ** 2)))

    def items_to(self, standard_error: float) -> Floats:
        """Return after how many items each learner's standard error was first so small; NaN for never."""
        reached = self.standard_errors <= standard_error
        return np.where(reached.any(axis=1), reached.argmax(axis=1) + 1.0, np.nan)


@dataclass(frozen=True, slots=True)
class Band:
    """The learners with theta in [low, high): how many, and how they were measured. None is no bound."""

    low: float | None
    high: float | None
    learners: int
    bias: float
    rmse: float
    standard_error: float
    length: float


@dataclass(frozen=True, slots=True)
class Report:
    """A simulation in numbers, JSON-able by `to_json`."""

    learners: int
    bias: float
    rmse: float
    standard_error: float
    correlation: float
    length: float
    longest: int
    highest_exposure: float
    unused_items: float
    overlap: float
    violations: dict[str, int]
    reasons: dict[str, int]
    bands: tuple[Band, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def simulate(
    bank: BankSnapshot,
    plan: AdaptivePlan,
    theta: Floats,
    rng: np.random.Generator,
    *,
    uniforms: Floats | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Simulation:
    """Return what the plan does to learners of these abilities, one after the other.

    ``uniforms``, learners x items by position, decide right from wrong where given: a response is right
    when its number is below the probability. ``progress`` is told how many of how many learners are done.
    """
    luck = rng.random((len(theta), plan.length)) if uniforms is None else uniforms
    estimates = np.full((2, len(theta), plan.length), np.nan)
    counts = None if plan.exposure is None else ExposureCounts.none(plan.exposure, len(bank))
    given, reasons, violated = [], [], Counter[str]()
    for learner, ability in enumerate(theta):
        start = begin(plan, counts=counts, rng=rng)
        end, reason = _sit(plan, bank, start, float(ability), luck[learner], estimates[:, learner], rng)
        given.append(np.array(end.administered, dtype=np.int64))
        reasons.append(reason)
        violated.update(list(violations(plan.rows, end.administered)))
        counts = _counted(plan, counts, end)
        if progress is not None:
            progress(learner + 1, len(theta))
    times = np.bincount(np.concatenate(given), minlength=len(bank))
    return Simulation(
        np.asarray(theta),
        estimates[0],
        estimates[1],
        tuple(given),
        tuple(reasons),
        times / len(theta),
        dict(violated),
    )


def report(simulation: Simulation, *, edges: tuple[float, ...] = BANDS) -> Report:
    """Return the numbers that an instructor reads: bias, error, length, exposure, overlap, violations."""
    error = simulation.final - simulation.theta
    return Report(
        learners=len(error),
        bias=float(error.mean()),
        rmse=float(np.sqrt(np.mean(error**2))),
        standard_error=float(simulation.final_errors.mean()),
        correlation=_correlation(simulation.final, simulation.theta),
        length=float(simulation.lengths.mean()),
        longest=int(simulation.lengths.max()),
        highest_exposure=float(simulation.exposure.max()),
        unused_items=float(np.mean(simulation.exposure == 0)),
        overlap=overlap(list(simulation.given)) if len(error) > 1 else 1.0,
        violations=simulation.violated,
        reasons=dict(Counter(simulation.reasons)),
        bands=_bands(simulation, edges),
    )


def _sit(
    plan: AdaptivePlan,
    bank: BankSnapshot,
    state: AdaptiveState,
    ability: float,
    luck: Floats,
    trace: Floats,
    rng: np.random.Generator,
) -> tuple[AdaptiveState, str]:
    """Let one learner sit the assessment; write estimate and standard error after each item into
    ``trace``.
    """
    chances = irt.probability(ability, bank.items)[0]
    while not isinstance(proposal := propose(plan, bank, state, rng), Stop):
        position = len(state.administered)
        state = answer(bank, state, proposal, float(luck[position] < chances[proposal.item]))
        estimate = state.estimate
        trace[:, position] = float(estimate.theta), float(estimate.standard_error)
    return state, proposal.reason


def _counted(plan: AdaptivePlan, counts: ExposureCounts | None, end: AdaptiveState) -> ExposureCounts | None:
    if plan.exposure is None or counts is None or end.eligibility is None:
        return counts
    band = plan.exposure.band(float(end.estimate.theta))
    return counts.after(band, end.administered, end.eligibility.mask(band))


def _bands(simulation: Simulation, edges: tuple[float, ...]) -> tuple[Band, ...]:
    bounds = (-np.inf, *edges, np.inf)
    bands = []
    for low, high in pairwise(bounds):
        inside = (simulation.theta >= low) & (simulation.theta < high)
        if not inside.any():
            continue
        error = (simulation.final - simulation.theta)[inside]
        bands.append(
            Band(
                low=float(low) if np.isfinite(low) else None,
                high=float(high) if np.isfinite(high) else None,
                learners=int(inside.sum()),
                bias=float(error.mean()),
                rmse=float(np.sqrt(np.mean(error**2))),
                standard_error=float(simulation.final_errors[inside].mean()),
                length=float(simulation.lengths[inside].mean()),
            )
        )
    return tuple(bands)


def _correlation(one: Floats, other: Floats) -> float:
    """Return Pearson's correlation, NaN where one of the two does not vary."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
