"""What a simulation of an assessment is, whatever its mode: numbers, pictures, and words on what is odd in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from assessment.calibration.report import json_safe
from assessment.rules.definition import AssessmentDefinition

Progress = Callable[[int, int], None]
"""Is told how many of how many learners are done."""


class SimulationRefused(Exception):
    """Why an assessment cannot be simulated; the text may be shown to whoever asked for it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be simulated."""

    definition: AssessmentDefinition
    learners: int
    seed: int
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Simulated(ABC):
    """A simulation with its report."""

    mode: ClassVar[str]

    slug: str
    seed: int

    @property
    @abstractmethod
    def remarks(self) -> list[str]:
        """What is odd in the numbers, and what could be done about it."""

    @abstractmethod
    def lines(self) -> list[str]:
        """Return the report as a table for a terminal, without the remarks."""

    @abstractmethod
    def pictures(self) -> dict[str, str]:
        """Return SVG by name, without scripts and style attributes."""

    @abstractmethod
    def told(self) -> dict[str, Any]:
        """Return what the report is of and what it says."""

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON; numbers that could not be had, and the ends of theta, are null."""
        document: dict[str, Any] = json_safe(
            {
                "assessment": self.slug,
                "mode": self.mode,
                "seed": self.seed,
                **self.told(),
                "remarks": self.remarks,
            }
        )
        return document


def theta_between(low: float | None, high: float | None) -> str:
    """Return the ends of a band of abilities as a column of a table."""
    ends = ("" if end is None else f"{end:.1f}" for end in (low, high))
    return " to ".join(ends)
