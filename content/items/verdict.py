"""What a grader says about one answer to one interaction: an explanation, not a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

RIGHT: Final = 1 - 1e-6
"""Three options of 0.3333333 each make a right answer; no smaller shortfall can be meant."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of grading one interaction.

    ``valid`` is false for an answer that cannot be read: it costs no try and ``message`` says what is wrong. Of one
    that can be read ``message`` says what a score does not: that it was rounded too far, or follows from an earlier
    one. ``score`` lies in [0, 1] for our own policies (some peers' policies give negative credit). ``parsed`` is the
    answer as understood, JSON-able; ``parts`` says which parts of it are right, in the same arrangement, and is None
    where it has none. ``rule`` states the decision in words with its numbers. ``distance`` is the distance from the
    key in tolerances (1 is the edge of what is right), where the policy has one. ``probing`` is the key by which a
    formula was tried: it is kept so that the verdict can be given again, and never shown to learners.
    """

    valid: bool
    score: float
    policy: str
    policy_version: int
    rule: str
    parsed: Any = None
    message: str = ""
    distance: float | None = None
    misconception: str | None = None
    feedback: str | None = None
    probing: str | None = None
    parts: Any = None

    @property
    def correct(self) -> bool:
        return self.valid and self.score >= RIGHT

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)

    def following(self, *, score: float, message: str) -> Verdict:
        """Return this verdict as that on an answer which follows rightly from an earlier, wrong one."""
        rule = f"{self.rule}, taking the earlier answer as it is"
        return replace(self, score=score, message=message, rule=rule, misconception=None, feedback=None)

    def accepted(self, score: float) -> Verdict:
        """Return this verdict as that on an answer which a correction accepts besides the key."""
        rule = f"{self.rule}; a correction accepts this answer too"
        return replace(self, score=score, rule=rule, misconception=None, feedback=None)

    def arranged(self, *, parsed: Any, parts: Any) -> Verdict:
        """Return this verdict with the answer as understood, and its parts, in another arrangement."""
        return replace(self, parsed=parsed, parts=parts)

    def with_misconception(self, slug: str | None, *, feedback: str | None, score: float) -> Verdict:
        """Return this verdict, recognized as ``slug`` with its feedback and its partial credit."""
        return replace(self, misconception=slug, feedback=feedback, score=score)


FIELDS: Final = tuple(field.name for field in fields(Verdict))


def invalid(policy: str, version: int, message: str, parsed: Any = None) -> Verdict:
    """Return the verdict on an answer that cannot be read; ``message`` tells the learner how to mend it."""
    return Verdict(False, 0.0, policy, version, rule="unreadable", parsed=parsed, message=message)
