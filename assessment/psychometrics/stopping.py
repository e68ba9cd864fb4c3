"""When an adaptive assessment ends: rules that look at what is known and name the reason.

Sequential probability ratio test for a cut score: Wald 1947, Reckase 1983. Classification by a confidence
interval: Kingsbury & Weiss 1983. A rule is a frozen dataclass with one method; rules are asked in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Protocol

import numpy as np

from assessment.psychometrics.estimation import GRID, expected
from assessment.psychometrics.irt import Floats


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rule may know: ``best_value`` is the criterion of the best item that is left (0 for none)."""

    log_posterior: Floats
    log_prior: Floats
    count: int
    best_value: float

    @property
    def log_likelihood(self) -> Floats:
        """The log-likelihood of the responses at the grid points, without the prior."""
        return self.log_posterior - self.log_prior


@dataclass(frozen=True, slots=True)
class Stop:
    """Why an assessment ended, and whether theta was found above (True) or below the cut of a
    classification.
    """

    reason: str
    above: bool | None = None


class StoppingRule(Protocol):
    """Says whether to stop."""

    def check(self, standing: Standing) -> Stop | None:
        """Return why to stop, or None to go on."""
        ...


@dataclass(frozen=True, slots=True)
class Length:
    """Stops after a fixed number of items."""

    items: int

    def check(self, standing: Standing) -> Stop | None:
        return Stop("length") if standing.count >= self.items else None


@dataclass(frozen=True, slots=True)
class StandardError:
    """Stops when the standard error is at most ``target``."""

    target: float

    def check(self, standing: Standing) -> Stop | None:
        reached = expected(standing.log_posterior).standard_error <= self.target
        return Stop("standard_error") if reached else None


@dataclass(frozen=True, slots=True)
class InformationExhausted:
    """Stops when no item that is left would tell ``least`` or more."""

    least: float

    def check(self, standing: Standing) -> Stop | None:
        return Stop("information_exhausted") if standing.best_value < self.least else None


@dataclass(frozen=True, slots=True)
class RatioTest:
    """Stops when the likelihood ratio of ``cut`` + and - ``indifference`` decides, with these error rates."""

    cut: float
    indifference: float = 0.2
    false_above: float = 0.05
    false_below: float = 0.05

    def check(self, standing: Standing) -> Stop | None:
        above, below = (
            np.interp(self.cut + sign * self.indifference, GRID, standing.log_likelihood) for sign in (1, -1)
        )
        if above - below >= np.log((1 - self.false_below) / self.false_above):
            return Stop("ratio_test", above=True)
        if above - below <= np.log(self.false_below / (1 - self.false_above)):
            return Stop("ratio_test", above=False)
        return None


@dataclass(frozen=True, slots=True)
class ConfidenceInterval:
    """Stops when the interval around the estimate, of this confidence, leaves out ``cut``."""

    cut: float
    confidence: float = 0.95

    def check(self, standing: Standing) -> Stop | None:
        estimate = expected(standing.log_posterior)
        reach = NormalDist().inv_cdf((1 + self.confidence) / 2) * float(estimate.standard_error)
        distance = float(estimate.theta) - self.cut
        return Stop("confidence_interval", above=distance > 0) if abs(distance) > reach else None


def should_stop(rules: Sequence[StoppingRule], standing: Standing, *, minimum: int = 1) -> Stop | None:
    """Return the first reason to stop, or None; never before ``minimum`` items."""
    if standing.count < minimum:
        return None
    return next((stop for rule in rules if (stop := rule.check(standing)) is not None), None)
