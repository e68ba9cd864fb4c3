"""The modes of assessments by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assessment.models import Attempt
from assessment.modes.adaptive import Adaptive
from assessment.modes.base import Mode, Result
from assessment.modes.fixed import Fixed
from assessment.modes.mastery import Mastery
from assessment.rules.definition import AssessmentDefinition

__all__ = ["MODES", "Mode", "mode_of", "result"]

MODES: Final[Mapping[str, Mode]] = {"fixed": Fixed(), "adaptive": Adaptive(), "mastery": Mastery()}


def mode_of(chosen: AssessmentDefinition | Attempt) -> Mode:
    """Return the mode that a document names, or of an attempt as it began."""
    return MODES[chosen.mode]


def result(attempt: Attempt) -> Result:
    """Return what an attempt is worth, as its mode says."""
    return mode_of(attempt).result(attempt)
