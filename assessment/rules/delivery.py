"""The rules of delivery that an attempt begins with and keeps to its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assessment.rules import fields
from assessment.scoring.tries import Keep, TryRules
from content.documents.reader import Reader

MOST: Final = 10_000
"""Minutes, attempts, tries or items: nobody means more."""

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


FEEDBACK_WORDS: Final = {
    Feedback.IMMEDIATE: "right after each answer",
    Feedback.AT_END: "when the attempt is handed in",
    Feedback.AFTER_CLOSE: "when the assessment has closed",
}
KEEP_WORDS: Final = {Keep.BEST: "the best try", Keep.LAST: "the last try"}
LAYOUT_WORDS: Final = {
    Layout.ONE_QUESTION: "one question at a time",
    Layout.ONE_PAGE: "all on one page",
}
TOOL_WORDS: Final = {Tool.CALCULATOR: "a calculator", Tool.SCRATCHPAD: "a scratchpad"}


def _read_feedback(reader: Reader, key: str) -> Feedback | None:
    """Return what is written; None where nothing is, or no such word: what is usual depends on the mode."""
    word = reader.one_of(key, "", [one.value for one in Feedback]) if reader.has(key) else ""
    return Feedback(word) if word else None


def _read_tools(reader: Reader, key: str) -> tuple[Tool, ...]:
    named = reader.texts(key)
    known = [one.value for one in Tool]
    for number, name in enumerate(named):
        if name not in known:
            reader.refuse_choice(f"{key}.{number}", name, known)
    return tuple(tool for tool in Tool if tool.value in named)


_TOOLS: Final = {
    "type": "array",
    "x-entry": "tool",
    "items": fields.options({one.value: TOOL_WORDS[one] for one in Tool}),
    "uniqueItems": True,
}


def may_change(feedback: Feedback, *, grows: bool) -> bool:
    """Return whether an answer may be changed until the end; an attempt that ``grows`` has chosen by it already."""
    return feedback is not Feedback.IMMEDIATE and not grows


@dataclass(frozen=True, slots=True)
class DeliveryRules(fields.Declared):
    """``tries`` is per item (None: no limit), ``penalty`` the share that each wrong try costs.

    ``answers_may_change`` until the end where nothing is told before it and no later item was chosen by an answer:
    then the last one counts, and tries, penalty and keep mean nothing. ``solution_on_request``: where verdicts are
    told at once, a learner may see the solution of an item, which closes it with what it is worth by then.
    """

    feedback: Feedback = fields.field(
        _read_feedback,
        fields.options({one.value: FEEDBACK_WORDS[one] for one in Feedback}),
        title="Answers are explained",
        about="When learners see what was right, with explanations and points. Left out: right after each answer; "
        "in an adaptive assessment when it is handed in.",
        default=Feedback.IMMEDIATE,
        written=fields.UNSAID,
    )
    tries: int | None = fields.limit(
        1,
        most=MOST,
        title="Tries per question",
        about="Empty: one. In the text, null is any number.",
    )
    penalty: float = fields.fraction(
        0.0,
        title="Cost of a wrong try",
        about="The share of the points that each wrong try takes: 0.25 takes a quarter.",
    )
    keep: Keep = fields.one_of_enum(KEEP_WORDS, Keep.BEST, title="What counts of several tries", more=True)
    pass_fraction: float = fields.fraction(
        0.7,
        title="Needed to pass",
        about="The share of all points, or of the skills in a mastery check: 0.7 is 70 %.",
    )
    answers_may_change: bool = False
    solution_on_request: bool = fields.flag(
        title="Learners may ask for a solution",
        about="It closes the question with what it is worth by then. Only where answers are explained at once.",
    )
    layout: Layout = fields.one_of_enum(
        LAYOUT_WORDS, Layout.ONE_QUESTION, title="Questions on the screen", more=True
    )
    tools: tuple[Tool, ...] = fields.field(
        _read_tools, _TOOLS, title="Tools beside the questions", default=(), written=[], more=True
    )

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
