"""The M-step of marginal maximum likelihood, and the free parameters that it moves.

Parameters are moved on scales without borders: the logarithm of a slope that has a log-normal prior
(otherwise the slope itself), the intercept, the logit of a lower asymptote. On these scales both priors are
log-concave. The priors are densities of ``a`` and ``c`` themselves, as in the literature (Mislevy 1986).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from assessment.psychometrics.expectation import Counts, Slopes, Tables
from assessment.psychometrics.irt import Bools, Floats, ItemParameters

_LIMIT = 700.0
_LONGEST_STEP = 1.0
_NEWTON_STEPS = 2
_HALVINGS = 12
# A fall of a height below this share of it is rounding.
_ROUNDING = 1e-14
_RIDGE = 1e-10
# A lower asymptote between 0.00005 and 0.95: beyond, and without a prior, an item would be all asymptote.
_ASYMPTOTE_LOGITS = (-10.0, 3.0)


class CalibrationModel(StrEnum):
    """One slope for all items, a slope for each, or a lower asymptote for each as well."""

    ONE = "1PL"
    TWO = "2PL"
    THREE = "3PL"


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A prior of discrimination: log a is normal with ``mean`` and ``sd``; the default has its mode near
    1.
    """

    mean: float = 0.2
    sd: float = 0.4


@dataclass(frozen=True, slots=True)
class Beta:
    """A prior of the lower asymptote; the default has its mode at 0.2 and the weight of 20 answers."""

    alpha: float = 5.0
    beta: float = 17.0


@dataclass(frozen=True, slots=True)
class Priors:
    """What is assumed of items before any response; None assumes nothing."""

    discrimination: LogNormal | None = LogNormal()
    guessing: Beta | None = Beta()


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters of a calibration on their free scales.

    ``free`` is kinds x items: slope or log-slope, intercept, and for the 3PL the logit of the lower
    asymptote. ``fixed`` marks anchored items and ``lower`` holds their lower asymptotes (0 for all others).
    The group is normal with ``mean`` and exp(``log_sd``), on the points of ``grid``.
    """

    free: Floats
    fixed: Bools
    lower: Floats
    mean: float
    log_sd: float
    model: CalibrationModel
    priors: Priors
    free_group: bool
    grid: Floats

    @property
    def slope(self) -> Floats:
        """The discrimination ``a`` of every item."""
        discrimination: Floats = self.free[0] if self.priors.discrimination is None else np.exp(self.free[0])
        return discrimination

    @property
    def asymptote(self) -> Floats:
        """The lower asymptote ``c`` of every item."""
        if self.model is not CalibrationModel.THREE:
            return self.lower
        estimated: Floats = 1 / (1 + np.exp(-self.free[2]))
        return np.where(self.fixed, self.lower, estimated)

    def items(self) -> ItemParameters:
        """Return discrimination, difficulty and asymptote of every item."""
        return ItemParameters(self.slope, -self.free[1] / self.slope, self.asymptote)

    def vector(self) -> Floats:
        """Return everything that moves as one vector."""
        group = [self.mean, self.log_sd] if self.free_group else []
        return np.concatenate([self.free[:, ~self.fixed].ravel(), group])

    def moved_to(self, vector: Floats) -> Parameters:
        """Return these parameters with what moves replaced by ``vector``."""
        free = self.free.copy()
        count = int(np.sum(~self.fixed)) * len(free)
        free[:, ~self.fixed] = vector[:count].reshape(len(free), -1)
        if self.model is CalibrationModel.THREE:
            free[2] = np.clip(free[2], *_ASYMPTOTE_LOGITS)
        if not self.free_group:
            return replace(self, free=free)
        return replace(self, free=free, mean=float(vector[count]), log_sd=float(vector[count + 1]))

    def log_prior(self) -> float:
        """Return the logarithm of the prior density of what moves, without its constant."""
        by_item = self.item_log_priors()[~self.fixed]
        # The items of a 1PL have one slope, which is counted once.
        return float(np.sum(by_item[:1] if self.model is CalibrationModel.ONE else by_item))

    def item_log_priors(self) -> Floats:
        """Return the logarithm of the prior density of every item, without its constant."""
        total = np.zeros(len(self.fixed))
        if (normal := self.priors.discrimination) is not None:
            log_a = self.free[0]
            total -= log_a + ((log_a - normal.mean) / normal.sd) ** 2 / 2
        if self.model is CalibrationModel.THREE and (beta := self.priors.guessing) is not None:
            c = self.asymptote
            total += (beta.alpha - 1) * np.log(c) + (beta.beta - 1) * np.log1p(-c)
        return total


def tables(parameters: Parameters) -> Tables:
    """Return the log-probabilities of wrong and right and the log-weights of the group, by grid point."""
    wrong, right, _ = _curves(parameters)
    deviation = (parameters.grid - parameters.mean) / np.exp(parameters.log_sd)
    weight = -np.square(deviation) / 2
    log_weights = weight - weight.max() - np.log(np.exp(weight - weight.max()).sum())
    return Tables(np.log(wrong), np.log(right), log_weights)


def slopes(parameters: Parameters) -> Slopes:
    """Return the derivatives of `tables` by every parameter on its free scale."""
    wrong, right, change = _curves(parameters)
    deviation = (parameters.grid - parameters.mean) / np.exp(parameters.log_sd)
    weights = np.exp(tables(parameters).prior)
    group = np.stack([deviation / np.exp(parameters.log_sd), deviation**2])
    # The weights on the grid are made to sum to 1, so their derivatives must sum to 0.
    centered = group - (group @ weights)[:, np.newaxis]
    return Slopes(-change / wrong, change / right, centered if parameters.free_group else centered[:0])


def maximize(parameters: Parameters, counts: Counts) -> Parameters:
    """Return the parameters after Newton steps (Fisher's scoring) on the expected counts.

    With asymptotes no item ends lower than it began: where a whole step would lead down, a shorter one is taken.
    """
    for _ in range(_NEWTON_STEPS):
        gradient, curvature = _item_sums(parameters, counts)
        if parameters.model is CalibrationModel.ONE:
            step = np.clip(_common_slope_step(parameters, gradient, curvature), -_LONGEST_STEP, _LONGEST_STEP)
        else:
            gradient, curvature = _with_priors(parameters, gradient, curvature)
            if parameters.model is CalibrationModel.THREE:
                step = _step_within_borders(parameters, gradient, curvature)
            else:
                solved = np.linalg.solve(curvature, gradient.T[:, :, np.newaxis])[:, :, 0].T
                step = np.clip(solved, -_LONGEST_STEP, _LONGEST_STEP)
        parameters = _moved(parameters, np.where(parameters.fixed, 0.0, step), counts)
    return _with_group(parameters, counts) if parameters.free_group else parameters


def _step_within_borders(parameters: Parameters, gradient: Floats, curvature: Floats) -> Floats:
    """Return the step of each item, kinds x items, no longer than allowed and with the asymptote inside its borders.

    The asymptote's part is limited first and the others follow from it: cut off afterwards, the step could lead down.
    """
    solved = np.linalg.solve(curvature, gradient.T[:, :, np.newaxis])[:, 2, 0]
    room = (border - parameters.free[2] for border in _ASYMPTOTE_LOGITS)
    lowest, highest = np.clip(np.stack(list(room)), -_LONGEST_STEP, _LONGEST_STEP)
    asymptote = np.clip(solved, lowest, highest)
    rest = gradient[:2].T - curvature[:, :2, 2] * asymptote[:, np.newaxis]
    others = np.linalg.solve(curvature[:, :2, :2], rest[:, :, np.newaxis])[:, :, 0].T
    step = np.vstack([others, asymptote])
    scaled: Floats = step * np.minimum(1.0, _LONGEST_STEP / np.maximum(np.abs(step).max(axis=0), _RIDGE))
    return scaled


def _moved(parameters: Parameters, step: Floats, counts: Counts) -> Parameters:
    """Return the parameters after the step of each item, with asymptotes halved until it does not lead down."""
    if parameters.model is not CalibrationModel.THREE:
        return replace(parameters, free=parameters.free + step)
    begun, share = _heights(parameters, counts), np.ones(step.shape[1])
    for _ in range(_HALVINGS):
        reached = replace(parameters, free=parameters.free + share * step)
        falls = _heights(reached, counts) < begun - _ROUNDING * np.abs(begun)
        if not falls.any():
            return reached
        share = np.where(falls, share / 2, share)
    return replace(parameters, free=np.where(falls, parameters.free, reached.free))


def _heights(parameters: Parameters, counts: Counts) -> Floats:
    """Return what the maximization raises, one entry per item: the expected log-likelihood and the log-prior."""
    wrong, right, _ = _curves(parameters)
    likelihood = counts.right * np.log(right) + (counts.answered - counts.right) * np.log(wrong)
    heights: Floats = likelihood.sum(axis=1) + parameters.item_log_priors()
    return heights


def prior_precision(parameters: Parameters) -> Floats:
    """Return what the priors add to the information, kinds x items."""
    precision = np.zeros_like(parameters.free)
    if (normal := parameters.priors.discrimination) is not None:
        shared = len(parameters.fixed) if parameters.model is CalibrationModel.ONE else 1
        precision[0] = normal.sd**-2 / shared
    if parameters.model is CalibrationModel.THREE and (beta := parameters.priors.guessing) is not None:
        c = parameters.asymptote
        precision[2] = (beta.alpha + beta.beta - 2) * c * (1 - c)
    return precision


def _curves(parameters: Parameters) -> tuple[Floats, Floats, Floats]:
    """Return P(wrong), P(right), and the derivatives of P(right) by kind."""
    a, c = parameters.slope[:, np.newaxis], parameters.asymptote[:, np.newaxis]
    odds = np.exp(-np.clip(a * parameters.grid + parameters.free[1][:, np.newaxis], -_LIMIT, _LIMIT))
    rising = 1 / (1 + odds)
    falling = odds * rising
    wrong = (1 - c) * falling
    by_logit = wrong * rising
    scale = parameters.grid if parameters.priors.discrimination is None else a * parameters.grid
    change = [by_logit * scale, by_logit]
    if parameters.model is CalibrationModel.THREE:
        change.append(falling * c * (1 - c))
    return wrong, c + (1 - c) * rising, np.stack(change)


def _item_sums(parameters: Parameters, counts: Counts) -> tuple[Floats, Floats]:
    """Return the gradient, kinds x items, and Fisher's information, items x kinds x kinds, of the counts."""
    wrong, right, change = _curves(parameters)
    precision = 1 / (right * wrong)
    surprise = (counts.right - counts.answered * right) * precision
    weighted = change * (counts.answered * precision)
    gradient = np.einsum("kjg,jg->kj", change, surprise)
    return gradient, np.einsum("kjg,ljg->jkl", weighted, change)


def _with_priors(parameters: Parameters, gradient: Floats, curvature: Floats) -> tuple[Floats, Floats]:
    pulled = gradient + _prior_gradient(parameters)
    diagonal = np.arange(len(gradient))
    stiff = curvature.copy()
    # The ridge keeps an item that nobody near its difficulty answered from having no curvature at all.
    stiff[:, diagonal, diagonal] += prior_precision(parameters).T + _RIDGE
    return pulled, stiff


def _prior_gradient(parameters: Parameters) -> Floats:
    pull = np.zeros_like(parameters.free)
    if (normal := parameters.priors.discrimination) is not None:
        pull[0] = -1 - (parameters.free[0] - normal.mean) / normal.sd**2
    if parameters.model is CalibrationModel.THREE and (beta := parameters.priors.guessing) is not None:
        pull[2] = beta.alpha - 1 - (beta.alpha + beta.beta - 2) * parameters.asymptote
    return pull


def _common_slope_step(parameters: Parameters, gradient: Floats, curvature: Floats) -> Floats:
    """Solve for one slope and all intercepts: the intercepts are eliminated, for they do not touch each
    other.
    """
    by_slope, mixed, by_intercept = curvature[:, 0, 0], curvature[:, 0, 1], curvature[:, 1, 1] + _RIDGE
    moving = ~parameters.fixed
    pull, stiffness = 0.0, 0.0
    if (normal := parameters.priors.discrimination) is not None:
        pull = -1 - (parameters.free[0, moving][0] - normal.mean) / normal.sd**2
        stiffness = normal.sd**-2
    reduced = np.sum((by_slope - mixed**2 / by_intercept)[moving]) + stiffness
    slope_step = (np.sum((gradient[0] - mixed * gradient[1] / by_intercept)[moving]) + pull) / reduced
    return np.stack([np.full(len(moving), slope_step), (gradient[1] - mixed * slope_step) / by_intercept])


def _with_group(parameters: Parameters, counts: Counts) -> Parameters:
    share = counts.persons / counts.persons.sum()
    mean = float(share @ parameters.grid)
    variance = float(share @ np.square(parameters.grid - mean))
    return replace(parameters, mean=mean, log_sd=float(np.log(variance) / 2))
