"""Calibration of a bank by marginal maximum likelihood: EM on 61 points (Bock & Aitkin 1981).

The E-step is a sum over shards of persons, computed by any scheduler with the same result. EM alone creeps;
here each step is combined with the last few (Anderson's acceleration, as in Walker & Ni 2011), and a step
that lowers the objective is taken back to the plain EM step, so that the ascent of EM is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import ArrayLike
from threadpoolctl import threadpool_limits

from assessment.psychometrics.errors import ErrorMethod, ItemErrors, item_errors
from assessment.psychometrics.estimation import grid_for
from assessment.psychometrics.expectation import Counts, expected_counts
from assessment.psychometrics.irt import Floats, Integers, ItemParameters
from assessment.psychometrics.maximization import (
    CalibrationModel,
    Parameters,
    Priors,
    maximize,
    tables,
)
from assessment.psychometrics.responses import ResponseLog, Totals, shards, totals
from assessment.psychometrics.schedulers import Apply, Scheduler, in_process

DEFAULT_PRIORS = Priors()
NO_PRIORS = Priors(None, None)

_MEMORY = 10
# A drop of the objective below this share of it is rounding.
_ROUNDING = 1e-13


class DegenerateItems(ValueError):
    """Items that nobody answered, or that everybody answered alike: there is nothing to calibrate them by."""

    def __init__(self, items: Integers) -> None:
        self.items = items
        super().__init__(f"no two different answers to the items {items.tolist()}")


@dataclass(frozen=True, slots=True)
class Anchors:
    """Items whose parameters are kept: their indices in the responses, and their parameters in that order."""

    index: Integers
    parameters: ItemParameters


@dataclass(frozen=True, slots=True)
class Settings:
    """How to calibrate.

    The work ends when no parameter moves by more than ``tolerance`` in an EM step, or after
    ``max_iterations``. The group is normal(0, 1); with anchors its mean and variance are free.
    """

    model: CalibrationModel = CalibrationModel.TWO
    priors: Priors = DEFAULT_PRIORS
    tolerance: float = 1e-6
    max_iterations: int = 500
    errors: ErrorMethod = ErrorMethod.AUTO


@dataclass(frozen=True, slots=True)
class Iteration:
    """What a calibration tells while it works: the largest change of a parameter in this EM step."""

    number: int
    log_likelihood: float
    change: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A calibration and its report. ``log_likelihood`` is marginal and without the priors."""

    items: ItemParameters
    standard_errors: ItemErrors
    log_likelihood: float
    group_mean: float
    group_sd: float
    model: CalibrationModel
    persons: float
    answers: Floats
    iterations: int
    converged: bool


Progress = Callable[[Iteration], None]


def calibrate(
    responses: Floats | ResponseLog,
    settings: Settings | None = None,
    *,
    weights: ArrayLike | None = None,
    anchors: Anchors | None = None,
    scheduler: Scheduler = in_process,
    progress: Progress | None = None,
) -> Calibration:
    """Return the calibration of all items of ``responses``: persons x items with NaN for missing, or a log.

    ``weights`` counts each person that often (response patterns with frequencies). Raises `DegenerateItems`
    for items without both a right and a wrong answer, unless they are anchored.
    """
    chosen = settings or Settings()
    parts = shards(responses, weights)
    sums = totals(parts)
    start = _start(sums, chosen, anchors)
    # The matrices are small: a second thread of linear algebra waits more than it works, most of all where
    # others use the cores too.
    with threadpool_limits(1, user_api="blas"), scheduler(parts) as apply:
        best, ascent = _climb(start, apply, chosen, progress)
        errors = item_errors(best, ascent.counts, apply, chosen.errors, sums.persons)
    return Calibration(
        items=best.items(),
        standard_errors=errors,
        log_likelihood=ascent.counts.log_likelihood,
        group_mean=best.mean,
        group_sd=float(np.exp(best.log_sd)),
        model=chosen.model,
        persons=sums.persons,
        answers=sums.answered,
        iterations=ascent.iterations,
        converged=ascent.converged,
    )


@dataclass(frozen=True, slots=True)
class _Ascent:
    counts: Counts
    iterations: int
    converged: bool


def _start(sums: Totals, settings: Settings, anchors: Anchors | None) -> Parameters:
    """Return slopes of 1 and intercepts from the proportions right, with the anchored items in their
    place.
    """
    count = len(sums.answered)
    fixed = np.zeros(count, dtype=np.bool_)
    if anchors is not None:
        fixed[anchors.index] = True
    degenerate = np.flatnonzero(~fixed & ((sums.right <= 0) | (sums.right >= sums.answered)))
    if len(degenerate):
        raise DegenerateItems(degenerate)
    share = (sums.right + 0.5) / (sums.answered + 1)
    has_prior = settings.priors.discrimination is not None
    free = np.stack([np.zeros(count) if has_prior else np.ones(count), np.log(share / (1 - share))])
    lower = np.zeros(count)
    if settings.model is CalibrationModel.THREE:
        free = np.vstack([free, np.full(count, np.log(0.15 / 0.85))])
    if anchors is not None:
        if has_prior and np.any(anchors.parameters.a <= 0):
            raise ValueError("a prior on discrimination needs anchors of positive discrimination")
        known = anchors.parameters
        free[0, anchors.index] = np.log(known.a) if has_prior else known.a
        free[1, anchors.index] = known.intercept
        lower[anchors.index] = known.c
    return Parameters(
        free,
        fixed,
        lower,
        0.0,
        0.0,
        settings.model,
        settings.priors,
        free_group=anchors is not None,
        grid=grid_for(_answers_each(sums)),
    )


def _answers_each(sums: Totals) -> int:
    """Return how many answers a person gave on average: so narrow are the posteriors that the grid must show."""
    return round(float(np.sum(sums.answered)) / max(sums.persons, 1.0))


def _climb(
    start: Parameters, apply: Apply, settings: Settings, progress: Progress | None
) -> tuple[Parameters, _Ascent]:
    """Return the parameters at the top and how it was reached."""
    here, memory, height, stepped = start, _Memory(), -np.inf, start
    for number in range(1, settings.max_iterations + 1):
        counts = reduce(add, apply(expected_counts, tables(here)))
        objective = counts.log_likelihood + here.log_prior()
        if objective < height - _ROUNDING * abs(height) and memory.points:
            here, memory = stepped, _Memory()
            continue
        height, stepped = objective, maximize(here, counts)
        step = stepped.vector() - here.vector()
        change = float(np.abs(step).max(initial=0.0))
        if progress is not None:
            progress(Iteration(number, counts.log_likelihood, change))
        memory = memory.with_step(here.vector(), step)
        last, here = here, here.moved_to(memory.extrapolated())
        if change < settings.tolerance:
            # The last extrapolation needs no pass of its own: what is left of the way is far below any error.
            return here, _Ascent(counts, number, converged=True)
    return last, _Ascent(counts, settings.max_iterations, converged=False)


@dataclass(frozen=True, slots=True)
class _Memory:
    """The last points of the ascent and the EM steps from them."""

    points: tuple[Floats, ...] = ()
    steps: tuple[Floats, ...] = ()

    def with_step(self, point: Floats, step: Floats) -> _Memory:
        return _Memory((*self.points, point)[-_MEMORY:], (*self.steps, step)[-_MEMORY:])

    def extrapolated(self) -> Floats:
        """Return the point where the steps, combined linearly, come nearest to vanishing."""
        target = self.points[-1] + self.steps[-1]
        if len(self.points) == 1:
            return target
        turns = np.diff(np.array(self.steps), axis=0).T
        moves = np.diff(np.array(self.points), axis=0).T
        mixture = np.linalg.lstsq(turns, self.steps[-1], rcond=None)[0]
        extrapolated: Floats = target - (moves + turns) @ mixture
        return extrapolated
