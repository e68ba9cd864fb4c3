"""When a skill counts as mastered and how long an attempt goes on: the ``mastery`` part of an assessment's document.

Read from a file, from the database and from a form, and written, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from assessment.knowledge.mastery import MASTERED_LOW, MASTERED_PROBABILITY
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


@dataclass(frozen=True, slots=True)
class MasteryRules(BankRules):
    """``probability``: known with ``threshold`` at least, and the low end of the band at ``floor`` at least.
    ``m_of_n``: ``m`` of the last ``n`` first tries right, without hints.

    ``skills`` are practiced (none: those of the lesson), in at most ``max_items`` items. With ``carry_over``
    it counts what a learner has shown of them before.
    """

    key: ClassVar[str] = "mastery"
    grows: ClassVar[bool] = True
    # Practice goes on from verdicts.
    feedbacks: ClassVar[Sequence[Feedback]] = (Feedback.IMMEDIATE,)

    criterion: Criterion = Criterion.PROBABILITY
    threshold: float = MASTERED_PROBABILITY
    floor: float = MASTERED_LOW
    m: int = 3
    n: int = 4
    max_items: int = 30
    skills: tuple[str, ...] = ()
    carry_over: bool = True
    bank: str = ""

    @classmethod
    def read_entry(cls, entry: Reader) -> Self:
        threshold = entry.between("threshold", MASTERED_PROBABILITY, 0.5, 0.999)
        rules = cls(
            criterion=Criterion(
                entry.one_of("criterion", Criterion.PROBABILITY, [c.value for c in Criterion])
            ),
            threshold=threshold,
            floor=entry.between("floor", min(MASTERED_LOW, threshold), 0.0, 0.999),
            m=entry.whole("m", 3, most=WINDOW),
            n=entry.whole("n", 4, most=WINDOW),
            max_items=entry.whole("max_items", 30, most=LONGEST),
            skills=entry.texts("skills"),
            carry_over=entry.flag("carry_over", default=True),
            bank=entry.text("bank", default=""),
        )
        if rules.m > rules.n and not entry.is_faulty("m", "n"):
            entry.fault("m", "is more than n")
        if rules.floor > rules.threshold and not entry.is_faulty("floor", "threshold"):
            entry.fault("floor", "is more than threshold")
        if len(set(rules.skills)) < len(rules.skills):
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
