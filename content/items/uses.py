"""What an item is for. A bank says it for all its items, and an item may say otherwise."""

from __future__ import annotations

from enum import StrEnum


class Use(StrEnum):
    """Free practice shows worked solutions to anybody, so what is asked in earnest may be kept out of it."""

    PRACTICE = "practice"
    ASSESSMENT = "assessment"
    BOTH = "both"


USES = tuple(use.value for use in Use)
