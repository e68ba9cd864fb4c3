"""When a skill counts as mastered and how long an attempt goes on: the ``mastery`` part of an assessment's document.

Read from a file, from the database and from a form, and written, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from assessment.knowledge.mastery import MASTERED_LOW, MASTERED_PROBABILITY
from assessment.rules.definition import AssessmentDefinition, ItemRules, ItemSource, Reference
from assessment.rules.delivery import Feedback
from content.documents.reader import Faults, Reader

LONGEST: Final = 200
"""Items that anybody will sit through."""
WINDOW: Final = 20
"""First tries that "m of n" may look back on."""


class Criterion(StrEnum):
    """By which a skill is mastered."""

    PROBABILITY = "probability"
    M_OF_N = "m_of_n"


@dataclass(frozen=True, slots=True)
class MasteryRules(ItemRules):
    """``probability``: known with ``threshold`` at least, and the low end of the band at ``floor`` at least.
    ``m_of_n``: ``m`` of the last ``n`` first tries right, without hints.

    ``skills`` are practiced (none: those of the lesson), in at most ``max_items`` items. With ``carry_over``
    it counts what a learner has shown of them before. ``bank`` has a name in every document of an assessment.
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
    def read(cls, reader: Reader) -> MasteryRules:
        entry = reader.mapping(cls.key)
        rules = _read(entry)
        entry.finish()
        if not rules.bank:
            entry.fault("bank", "is missing")
        return rules

    def sources(self) -> Iterator[ItemSource]:
        yield ItemSource("mastery.bank", bank=self.bank)

    def references(self) -> Iterator[Reference]:
        yield from ItemRules.references(self)
        for skill in self.skills:
            yield Reference("mastery.skills", "skill", skill)

    def check(self, reader: Reader, definition: AssessmentDefinition) -> None:
        """Practice must not be held up by an item without end, and it needs skills."""
        if definition.rules.tries is None:
            reader.fault("tries", "a mastery assessment needs a limit")
        if not self.skills and not definition.lesson:
            reader.fault("mastery.skills", "must name skills, or the assessment a lesson that has them")

    def to_json(self) -> dict[str, Any]:
        """Return the document that `rules_from_json` reads, with every default written out."""
        document = asdict(self) | {"criterion": self.criterion.value, "skills": list(self.skills)}
        if not self.bank:
            del document["bank"]
        return document


def rules_from_json(document: Mapping[str, Any]) -> MasteryRules:
    """Return the rules as an attempt keeps them. Raises DefinitionError with every fault and its path."""
    faults = Faults()
    reader = Reader.of(document, "", faults)
    rules = _read(reader)
    reader.finish()
    faults.raise_if_any()
    return rules


def _read(reader: Reader) -> MasteryRules:
    """Read the rules key by key; what is wrong becomes a fault. The caller finishes the reader."""
    threshold = reader.between("threshold", MASTERED_PROBABILITY, 0.5, 0.999)
    rules = MasteryRules(
        criterion=Criterion(reader.one_of("criterion", Criterion.PROBABILITY, [c.value for c in Criterion])),
        threshold=threshold,
        floor=reader.between("floor", min(MASTERED_LOW, threshold), 0.0, 0.999),
        m=reader.whole("m", 3, most=WINDOW),
        n=reader.whole("n", 4, most=WINDOW),
        max_items=reader.whole("max_items", 30, most=LONGEST),
        skills=reader.texts("skills"),
        carry_over=reader.flag("carry_over", default=True),
        bank=reader.text("bank", default=""),
    )
    if rules.m > rules.n:
        reader.fault("m", "is more than n")
    if rules.floor > rules.threshold:
        reader.fault("floor", "is more than threshold")
    if len(set(rules.skills)) < len(rules.skills):
        reader.fault("skills", "names a skill twice")
    return rules
