"""Simulated learners take an adaptive assessment with its own rules and bank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from assessment.calibration.simulated import Asked, Simulated, SimulationRefused, theta_between
from assessment.modes.base import rules_of
from assessment.modes.pools import assembled
from assessment.psychometrics import pictures
from assessment.psychometrics.shadow import Infeasible
from assessment.psychometrics.simulation import Band, Report, Simulation, report, simulate
from assessment.rules.adaptive import AdaptiveRules
from assessment.selection.pool import ItemPool

ENDED: Final = {
    "length": "the most questions",
    "standard_error": "the standard error",
    "information_exhausted": "no question that tells enough",
    "ratio_test": "the decision (ratio test)",
    "confidence_interval": "the decision (confidence interval)",
    "bank_exhausted": "no question left",
}
"""What ended attempts, in words."""
ODD_BIAS: Final = 0.3
KNOWN_TO_ALL: Final = 0.5
"""An item that more than half of the learners see is soon known to all."""


@dataclass(frozen=True, slots=True)
class SimulatedAdaptive(Simulated):
    mode: ClassVar[str] = "adaptive"

    rules: AdaptiveRules
    pool: ItemPool
    simulation: Simulation
    report: Report

    @property
    def ceiling(self) -> float | None:
        return self.rules.exposure.ceiling if self.rules.exposure else None

    @property
    def ended(self) -> dict[str, int]:
        """How many attempts ended by what, in words, the commonest first."""
        counts = sorted(self.report.reasons.items(), key=lambda one: -one[1])
        return {ENDED.get(reason, reason): count for reason, count in counts}

    @property
    def remarks(self) -> list[str]:
        found = (_exposure, _ended, _violations, _bias, _guesses)
        return [remark for look in found for remark in look(self)]

    def pictures(self) -> dict[str, str]:
        return {
            "estimates": pictures.estimates(self.simulation),
            "errors": pictures.errors(self.simulation),
            "exposures": pictures.exposures(self.simulation, ceiling=self.ceiling),
            "information": pictures.bank_information(self.pool.snapshot.items),
        }

    def told(self) -> dict[str, Any]:
        return {
            "items": len(self.pool.measuring),
            "calibrated": sum(item.calibrated for item in self.pool.measuring),
            "exposure_ceiling": self.ceiling,
            "report": self.report.to_json(),
        }

    def lines(self) -> list[str]:
        report = self.report
        ceiling = f" (ceiling {self.ceiling:.2f})" if self.ceiling is not None else ""
        violated = [f"  {name}: {count:g}" for name, count in report.violations.items()]
        return [
            f"{report.learners} learners, {len(self.pool.measuring)} items",
            f"bias {report.bias:+.3f}, RMSE {report.rmse:.3f}, standard error {report.standard_error:.3f}, "
            f"correlation {'unknown' if np.isnan(report.correlation) else format(report.correlation, '.3f')}",
            f"length {report.length:.1f} on average, {report.longest} at most",
            f"highest exposure {report.highest_exposure:.2f}{ceiling}, overlap {report.overlap:.2f}, "
            f"{report.unused_items:.0%} of the items unused",
            "ended by " + ", ".join(f"{reason} {count}" for reason, count in self.ended.items()),
            f"violated constraints: {'none' if not violated else ''}",
            *violated,
            f"{'theta':>14} {'learners':>8} {'bias':>7} {'RMSE':>6} {'SE':>6} {'length':>6}",
            *map(_row, report.bands),
        ]


def simulate_adaptive(asked: Asked) -> SimulatedAdaptive:
    """Let learners, drawn from the prior of the rules, take it. Unscored items are left out: they move no estimate.

    Raises SimulationRefused, or BankExhausted when the bank is too small to begin with.
    """
    rules = rules_of(asked.definition, AdaptiveRules)
    pool = assembled(rules).pool
    rng = np.random.default_rng(asked.seed)
    theta = rng.normal(rules.prior.mean, rules.prior.sd, asked.learners)
    try:
        found = simulate(pool.snapshot, pool.plan(rules), theta, rng, progress=asked.progress)
    except Infeasible as error:
        raise SimulationRefused(f"The constraints cannot be met by this bank: {error}.") from error
    return SimulatedAdaptive(asked.definition.slug, asked.seed, rules, pool, found, report(found))


def _row(band: Band) -> str:
    return (
        f"{theta_between(band.low, band.high):>14} {band.learners:>8} {band.bias:>+7.3f} {band.rmse:>6.3f} "
        f"{band.standard_error:>6.3f} {band.length:>6.1f}"
    )


def _exposure(found: SimulatedAdaptive) -> Iterator[str]:
    highest, ceiling, learners = found.report.highest_exposure, found.ceiling, found.report.learners
    if ceiling is None and highest > KNOWN_TO_ALL:
        yield (
            f"One question goes to {highest:.0%} of the learners, because nothing limits how often a question is "
            "given: "
            "it will soon be known. A ceiling of exposure spreads them."
        )
    elif ceiling is not None and highest > ceiling:
        by_chance = 3 * (ceiling * (1 - ceiling) / learners) ** 0.5
        yield (
            "The highest exposure is above the ceiling: each learner is refused an item by chance, so that it is "
            "kept on average. "
            "With "
            f"{learners} learners a share may lie up to {by_chance:.2f} above it; more than that says that too few "
            "items are left to choose from."
        )
    if found.report.unused_items > KNOWN_TO_ALL:
        yield (
            f"{found.report.unused_items:.0%} of the questions are never given: others tell more wherever they "
            "would fit. "
            "A ceiling of exposure brings more of them into use."
        )


def _ended(found: SimulatedAdaptive) -> Iterator[str]:
    learners, stop = found.report.learners, found.rules.stop
    at_length = found.report.reasons.get("length", 0) / learners
    if at_length == 1 and not stop.stopping():
        yield f"Every attempt ends with {stop.max_items} questions, as nothing else is asked for."
    elif at_length > 0.5 and stop.stopping():
        yield (
            f"{at_length:.0%} of the attempts end because {stop.max_items} questions are the most, before what was "
            "asked "
            f"for is reached (the standard error is {found.report.standard_error:.2f} on average). Allow more "
            "questions, "
            "ask for less, or add questions that tell more."
        )
    if exhausted := found.report.reasons.get("bank_exhausted", 0):
        yield f"{exhausted / learners:.0%} of the attempts end because no question is left: the bank is too small."


def _violations(found: SimulatedAdaptive) -> Iterator[str]:
    for skill, count in found.report.violations.items():
        least, most = found.rules.constraints.get(skill, (0, 0))
        yield (
            f"{count / found.report.learners:.0%} of the attempts do not have {least} to {most} questions of "
            f"{skill}. The bank "
            "has too few of them, other bounds leave no room, or they should be kept with certainty (shadow)."
        )


def _bias(found: SimulatedAdaptive) -> Iterator[str]:
    for band in found.report.bands:
        if abs(band.bias) > ODD_BIAS and band.learners > 1:
            where = f"below {band.high:g}" if band.low is None else f"of {band.low:g} or more"
            side = "high" if band.bias > 0 else "low"
            yield (
                f"Abilities {where} are estimated {abs(band.bias):.2f} too {side} on average: few answers pull an "
                "estimate "
                "towards what is assumed of everybody, the more so where the bank has few questions of that "
                "difficulty."
            )


def _guesses(found: SimulatedAdaptive) -> Iterator[str]:
    guessed = sum(not item.calibrated for item in found.pool.measuring)
    if guessed:
        yield (
            f"{guessed} of {len(found.pool.measuring)} difficulties are guesses of the authors; what comes of them "
            "holds as "
            "far as the guesses do."
        )
