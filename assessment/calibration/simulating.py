"""What an adaptive assessment will do, with its own rules and its own bank, before anyone sits it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from assessment.calibration.report import json_safe
from assessment.modes import mode_of
from assessment.modes.base import rules_of
from assessment.modes.pools import assembled
from assessment.psychometrics import pictures
from assessment.psychometrics.shadow import Infeasible
from assessment.psychometrics.simulation import Report, Simulation, report, simulate
from assessment.rules.adaptive import AdaptiveRules
from assessment.rules.definition import AssessmentDefinition
from assessment.selection.pool import ItemPool

MOST_LEARNERS: Final = 100_000


class SimulationRefused(Exception):
    """Why an assessment cannot be simulated; the text may be shown to whoever asked for it."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulation with what it was made from and its report."""

    slug: str
    seed: int
    rules: AdaptiveRules
    pool: ItemPool
    simulation: Simulation
    report: Report

    @property
    def ceiling(self) -> float | None:
        return self.rules.exposure.ceiling if self.rules.exposure else None

    def pictures(self) -> dict[str, str]:
        """Return SVG by name, without scripts and style attributes."""
        return {
            "estimates": pictures.estimates(self.simulation),
            "errors": pictures.errors(self.simulation),
            "exposures": pictures.exposures(self.simulation, ceiling=self.ceiling),
            "information": pictures.bank_information(self.pool.snapshot.items),
        }

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON; numbers that could not be had, and the ends of theta, are null."""
        document: dict[str, Any] = json_safe(
            {
                "assessment": self.slug,
                "seed": self.seed,
                "items": len(self.pool.measuring),
                "calibrated": sum(item.calibrated for item in self.pool.measuring),
                "exposure_ceiling": self.ceiling,
                "report": self.report.to_json(),
            }
        )
        return document


def simulate_assessment(
    *,
    definition: AssessmentDefinition,
    learners: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Simulated:
    """Let simulated learners, drawn from the prior of the rules, take an adaptive assessment. Nothing is stored.

    Unscored items are left out: they move no estimate. Raises SimulationRefused, or BankExhausted when the bank
    is too small to begin with.
    """
    if not mode_of(definition).measures:
        raise SimulationRefused(f"{definition.slug} is not adaptive: there is nothing to simulate.")
    if not 2 <= learners <= MOST_LEARNERS:
        raise SimulationRefused(f"A simulation takes 2 to {MOST_LEARNERS} learners.")
    rules = rules_of(definition, AdaptiveRules)
    pool = assembled(rules).pool
    rng = np.random.default_rng(seed)
    theta = rng.normal(rules.prior.mean, rules.prior.sd, learners)
    try:
        found = simulate(pool.snapshot, pool.plan(rules), theta, rng, progress=progress)
    except Infeasible as error:
        raise SimulationRefused(f"The constraints cannot be met by this bank: {error}.") from error
    return Simulated(definition.slug, seed, rules, pool, found, report(found))
