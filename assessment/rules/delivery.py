"""The rules of delivery that an attempt begins with and keeps to its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assessment.scoring.tries import Keep, TryRules

PRACTICE: Final = TryRules(tries=None, penalty=0.0, keep=Keep.BEST, until_right=False)
"""Nothing is at stake: every check is recorded, and only the first tells what the learner knew."""


class Feedback(StrEnum):
    """When a learner sees verdicts, explanations and scores."""

    IMMEDIATE = "immediate"
    AT_END = "at_end"
    AFTER_CLOSE = "after_close"


class Layout(StrEnum):
    """How the items of an attempt stand on the learner's screen."""

    ONE_QUESTION = "one_question"
    ONE_PAGE = "one_page"


class Tool(StrEnum):
    """What lies beside the items for who needs it."""

    CALCULATOR = "calculator"
    SCRATCHPAD = "scratchpad"


def may_change(feedback: Feedback, *, grows: bool) -> bool:
    """Return whether an answer may be changed until the end; an attempt that ``grows`` has chosen by it already."""
    return feedback is not Feedback.IMMEDIATE and not grows


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """``tries`` is per item (None: no limit), ``penalty`` the share that each wrong try costs.

    ``answers_may_change`` until the end where nothing is told before it and no later item was chosen by an answer:
    then the last one counts, and tries, penalty and keep mean nothing. ``solution_on_request``: where verdicts are
    told at once, a learner may see the solution of an item, which closes it with what it is worth by then.
    """

    tries: int | None
    penalty: float
    keep: Keep
    feedback: Feedback
    pass_fraction: float
    answers_may_change: bool = False
    solution_on_request: bool = False
    layout: Layout = Layout.ONE_QUESTION
    tools: tuple[Tool, ...] = ()

    @property
    def tells_at_once(self) -> bool:
        return self.feedback is Feedback.IMMEDIATE

    @property
    def gives_solutions(self) -> bool:
        return self.solution_on_request and self.tells_at_once

    @property
    def scoring(self) -> TryRules:
        """How tries are counted. Where verdicts are withheld none costs anything, and a right one closes nothing."""
        if self.tells_at_once:
            return TryRules(tries=self.tries, penalty=self.penalty, keep=self.keep)
        tries = None if self.answers_may_change else self.tries
        return TryRules(tries=tries, penalty=0.0, keep=Keep.LAST, until_right=False)

    def releases(self, *, finished: bool, closed: bool) -> bool:
        """Whether verdicts may be shown: ``finished`` of the attempt, ``closed`` of the assessment."""
        match self.feedback:
            case Feedback.IMMEDIATE:
                return True
            case Feedback.AT_END:
                return finished
            case Feedback.AFTER_CLOSE:
                return finished and closed
