"""Items without parameters: when one is asked unscored, and what is believed of its difficulty at first.

What its answers tell is Elo's business (`assessment.psychometrics.elo`); discrimination is left to a calibration.
"""

from __future__ import annotations

from typing import Final

from assessment.psychometrics.elo import Rating

GUESSED_WITHIN: Final = 1.0
"""The standard deviation of an author's guess of a difficulty."""
SLACK: Final = 1e-12


def has_room(share: float, shown: int, seeded: int) -> bool:
    """Return whether one more seeded item keeps their share of all items shown within ``share``."""
    return seeded + 1 <= share * (shown + 1) + SLACK


def first_guess(difficulty: float) -> Rating:
    """Return what is believed of a difficulty before any answer."""
    return Rating(difficulty, GUESSED_WITHIN**2)
