"""A fact about a peer: what one of its rules gives one answer, worked out by hand from the rule that it publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fact:
    """``score`` is None where the peer asks for another answer instead of giving a score."""

    policy: Mapping[str, Any]
    key: Any
    answer: Any
    score: float | None
    reason: str
