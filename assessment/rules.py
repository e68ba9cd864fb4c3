"""The rules of delivery that an attempt begins with and keeps to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from assessment.scoring import Keep, TryRules


class Feedback(StrEnum):
    """When a learner sees verdicts, explanations and scores."""

    IMMEDIATE = "immediate"
    AT_END = "at_end"
    AFTER_CLOSE = "after_close"


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """``tries`` is per item (None: no limit), ``penalty`` the share that each wrong try costs."""

    tries: int | None
    penalty: float
    keep: Keep
    feedback: Feedback
    pass_fraction: float

    @property
    def tells_at_once(self) -> bool:
        return self.feedback is Feedback.IMMEDIATE

    @property
    def scoring(self) -> TryRules:
        """Where verdicts are withheld an answer may be changed: the last one counts and none costs anything."""
        if self.tells_at_once:
            return TryRules(tries=self.tries, penalty=self.penalty, keep=self.keep)
        return TryRules(tries=self.tries, penalty=0.0, keep=Keep.LAST, until_right=False)

    def releases(self, *, finished: bool, closed: bool) -> bool:
        """Whether verdicts may be shown: ``finished`` of the attempt, ``closed`` of the assessment."""
        match self.feedback:
            case Feedback.IMMEDIATE:
                return True
            case Feedback.AT_END:
                return finished
            case Feedback.AFTER_CLOSE:
                return finished and closed

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{**stored, "keep": Keep(stored["keep"]), "feedback": Feedback(stored["feedback"])})
