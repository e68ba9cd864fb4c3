"""What an assessment will do, with its own rules and its own bank, before anyone sits it. Nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from assessment.calibration.simulated import Asked, Progress, Simulated, SimulationRefused
from assessment.calibration.simulated_adaptive import simulate_adaptive
from assessment.calibration.simulated_fixed import simulate_fixed
from assessment.calibration.simulated_mastery import simulate_mastery
from assessment.rules.definition import AssessmentDefinition

__all__ = ["SIMULATIONS", "Simulated", "SimulationRefused", "simulate_assessment"]

MOST_LEARNERS: Final = 100_000

SIMULATIONS: Final[Mapping[str, Callable[[Asked], Simulated]]] = {
    "fixed": simulate_fixed,
    "adaptive": simulate_adaptive,
    "mastery": simulate_mastery,
}
"""What simulates each mode; `assessment.modes.MODES` has the same names."""


def simulate_assessment(
    *, definition: AssessmentDefinition, learners: int, seed: int, progress: Progress | None = None
) -> Simulated:
    """Let simulated learners take an assessment, as it stands and perhaps unsaved.

    Raises SimulationRefused, or BankExhausted when no attempt could begin.
    """
    if not 2 <= learners <= MOST_LEARNERS:
        raise SimulationRefused(f"A simulation takes 2 to {MOST_LEARNERS} learners.")
    if definition.mode not in SIMULATIONS:
        raise SimulationRefused(f"Assessments of the mode {definition.mode} cannot be simulated.")
    return SIMULATIONS[definition.mode](Asked(definition, learners, seed, progress))
