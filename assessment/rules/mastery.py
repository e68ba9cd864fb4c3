"""When a skill counts as mastered and how long an attempt goes on: the ``mastery`` part of an assessment's document.

Read from a file, from the database and from a form, and written, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from assessment.knowledge.mastery import MASTERED_LOW, MASTERED_PROBABILITY
from assessment.rules import fields
from assessment.rules.definition import AssessmentDefinition, BankRules, Reference
from assessment.rules.delivery import Feedback
from content.documents.reader import Reader

LONGEST: Final = 200
"""Items that anybody will sit through."""
WINDOW: Final = 20
"""First tries that "m of n" may look back on."""


class Criterion(StrEnum):
    """By which a skill is mastered."""

    PROBABILITY = "probability"
    M_OF_N = "m_of_n"


CRITERIA: Final = {
    Criterion.PROBABILITY: "known with near certainty, by all answers so far",
    Criterion.M_OF_N: "enough of the last first tries right",
}


@dataclass(frozen=True, slots=True)
class MasteryRules(BankRules):
    """``probability``: known with ``threshold`` at least, and the low end of the band at ``floor`` at least.
    ``m_of_n``: ``m`` of the last ``n`` first tries right, without hints.

    ``skills`` are practiced (none: those of the lesson), in at most ``max_items`` items. With ``carry_over``
    it counts what a learner has shown of them before.
    """

    key: ClassVar[str] = "mastery"
    title: ClassVar[str] = "mastery: skills are practiced one after the other until each is known"
    grows: ClassVar[bool] = True
    # Practice goes on from verdicts.
    feedbacks: ClassVar[Sequence[Feedback]] = (Feedback.IMMEDIATE,)

    bank: str = fields.named("bank", title="Bank", about="Where the questions come from.", empty="")
    skills: tuple[str, ...] = fields.names(
        "skill",
        title="Skills",
        about="In any order: what builds on another comes after it. Empty: those of the lesson.",
    )
    criterion: Criterion = fields.one_of_enum(
        CRITERIA, Criterion.PROBABILITY, title="A skill counts as mastered when"
    )
    threshold: float = fields.between(
        MASTERED_PROBABILITY,
        0.5,
        0.999,
        title="Known with at least",
        about="For “near certainty”: 0.95 is 95 %.",
    )
    floor: float = fields.between(
        MASTERED_LOW,
        0.0,
        0.999,
        title="And, at the cautious end, with at least",
        about="For “near certainty”: how sure the estimate itself must be. More asks for more answers.",
    )
    m: int = fields.whole(3, most=WINDOW, title="Right first tries needed", about="For “enough of the last”.")
    n: int = fields.whole(4, most=WINDOW, title="Of the last", about="For “enough of the last”.")
    max_items: int = fields.whole(30, most=LONGEST, title="At most so many questions")
    carry_over: bool = fields.flag(
        title="What was shown before counts", about="Also in other assessments and in practice.", default=True
    )

    @classmethod
    def read_entry(cls, entry: Reader) -> Self:
        values = cls.take_all(entry)
        if not entry.has("floor"):
            values["floor"] = min(values["floor"], values["threshold"])
        rules = cls(**values)
        if rules.m > rules.n and not entry.is_faulty("m", "n"):
            entry.fault("m", "is more than n")
        if rules.floor > rules.threshold and not entry.is_faulty("floor", "threshold"):
            entry.fault("floor", "is more than threshold")
        if len(set(rules.skills)) < len(rules.skills) and not entry.is_faulty("skills"):
            entry.fault("skills", "names a skill twice")
        return rules

    def references(self) -> Iterator[Reference]:
        yield from BankRules.references(self)
        for place, skill in enumerate(self.skills):
            yield Reference(f"mastery.skills.{place}", "skill", skill)

    def check(self, reader: Reader, definition: AssessmentDefinition) -> None:
        """Practice must not be held up by an item without end, and it needs skills."""
        if definition.rules.tries is None:
            reader.fault("tries", "a mastery assessment needs a limit")
        if not self.skills and not definition.lesson and not reader.is_faulty("lesson", self.key):
            reader.fault("mastery.skills", "must name skills, or the assessment a lesson that has them")

    def to_json(self) -> dict[str, Any]:
        """Return the document that `from_json` reads, with every default written out."""
        document = asdict(self) | {"criterion": self.criterion.value, "skills": list(self.skills)}
        if not self.bank:
            del document["bank"]
        return document
