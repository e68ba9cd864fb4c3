"""Which items an attempt of the fixed mode has, and in which order: the ``sections`` of its document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from assessment.rules.definition import MOST, AssessmentDefinition, ItemRules, ItemSource
from assessment.rules.delivery import Layout
from content.documents.reader import Reader

MOST_ON_A_PAGE: Final = 100
"""Items: what a phone shows without stopping."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One item by its slug, or ``draw`` items from a bank, perhaps of one skill; each counts ``weight``."""

    item: str | None
    bank: str | None
    skill: str | None
    draw: int
    weight: float


@dataclass(frozen=True, slots=True)
class Section:
    """Slots under a title; where it says ``shuffle``, each learner gets its items in another order."""

    title: str
    shuffle: bool
    slots: tuple[Slot, ...]

    @property
    def item_count(self) -> int:
        """How many items an attempt gets from here."""
        return sum(1 if slot.item else slot.draw for slot in self.slots)


@dataclass(frozen=True, slots=True)
class FixedRules(ItemRules):
    key: ClassVar[str] = "sections"

    sections: tuple[Section, ...]

    @classmethod
    def read(cls, reader: Reader) -> FixedRules:
        return cls(tuple(_section(entry) for entry in reader.readers(cls.key)))

    @property
    def slots(self) -> Iterator[Slot]:
        return (slot for section in self.sections for slot in section.slots)

    def sources(self) -> Iterator[ItemSource]:
        for number, section in enumerate(self.sections):
            for place, slot in enumerate(section.slots):
                yield ItemSource(f"sections.{number}.slots.{place}", slot.item, slot.bank, slot.skill)

    def check(self, reader: Reader, definition: AssessmentDefinition) -> None:
        if not any(self.slots) and not reader.faults.is_faulty(reader.at(self.key)):
            reader.fault(self.key, "must hold at least one item")
        count = sum(section.item_count for section in self.sections)
        if definition.rules.layout is Layout.ONE_PAGE and count > MOST_ON_A_PAGE:
            reader.fault("layout", f"cannot be one page: {count} items are more than {MOST_ON_A_PAGE}")


def _section(reader: Reader) -> Section:
    section = Section(
        title=reader.text("title", default=""),
        shuffle=reader.flag("shuffle"),
        slots=tuple(_slot(entry) for entry in reader.readers("slots")),
    )
    reader.finish()
    return section


def _slot(reader: Reader) -> Slot:
    slot = Slot(
        item=reader.text("item", default="") or None,
        bank=reader.text("bank", default="") or None,
        skill=reader.text("skill", default="") or None,
        draw=reader.whole("draw", 1, most=MOST),
        weight=_weight(reader),
    )
    reader.finish()
    if reader.faults.is_faulty(reader.path):
        return slot
    if slot.item and (slot.bank or slot.skill or reader.has("draw")):
        reader.faults.add(reader.path, "names an item, so it cannot draw from a bank as well")
    if not slot.item and not slot.bank:
        reader.faults.add(reader.path, "must name an item, or a bank to draw from")
    return slot


def _weight(reader: Reader) -> float:
    weight = reader.number("weight", 1.0)
    if weight is None or not 0 < weight <= MOST:
        reader.fault("weight", f"must be more than 0 and at most {MOST}")
        return 1.0
    return float(weight)
