"""Which items an attempt of the fixed mode has, and in which order: the ``sections`` of its document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from assessment.rules import fields
from assessment.rules.definition import MOST, AssessmentDefinition, ItemRules, ItemSource
from assessment.rules.delivery import Layout
from content.documents.reader import Reader

MOST_ON_A_PAGE: Final = 100
"""Items: what a phone shows without stopping."""


def _read_weight(reader: Reader, key: str) -> float:
    weight = reader.number(key, 1.0)
    if weight is None or not 0 < weight <= MOST:
        reader.spoil(key, f"must be more than 0 and at most {MOST}")
        return 1.0
    return float(weight)


@dataclass(frozen=True, slots=True)
class Slot(fields.Declared):
    """One item by its slug, or ``draw`` items from a bank, perhaps of one skill; each counts ``weight``."""

    item: str | None = fields.named("item", title="Question", about="This one, the same for everybody.")
    bank: str | None = fields.named("bank", title="Or drawn from the bank")
    skill: str | None = fields.named("skill", title="Only of the skill", about="Empty: any of the bank.")
    draw: int = fields.whole(1, most=MOST, title="How many are drawn")
    weight: float = fields.field(
        _read_weight,
        {"type": "number", "exclusiveMinimum": 0, "maximum": MOST},
        title="Points",
        about="Of each question.",
        default=1.0,
    )

    @classmethod
    def schema(cls) -> dict[str, Any]:
        one = {
            "required": ["item"],
            "not": {"anyOf": [{"required": [key]} for key in ("bank", "skill", "draw")]},
        }
        drawn = {"required": ["bank"], "not": {"required": ["item"]}}
        # A dataclass with slots is another class than the one written here, which a bare super() would ask.
        schema = super(Slot, cls).schema()
        for key in ("skill", "draw"):
            schema["properties"][key]["x-beside"] = ["bank"]
        asked = {"x-one-of": ["item", "bank"], "x-choose": "What is asked", "x-blank": {"item": ""}}
        return {**schema, **asked, "oneOf": [one, drawn]}

    @classmethod
    def read(cls, reader: Reader) -> Slot:
        slot = cls(**cls.take_all(reader))
        if reader.faults.is_faulty(reader.path):
            return slot
        if slot.item and (slot.bank or slot.skill or reader.has("draw")):
            reader.faults.add(reader.path, "names an item, so it cannot draw from a bank as well")
        if not slot.item and not slot.bank:
            reader.faults.add(reader.path, "must name an item, or a bank to draw from")
        return slot


def _read_slots(reader: Reader, key: str) -> tuple[Slot, ...]:
    return tuple(Slot.read(entry) for entry in reader.readers(key))


@dataclass(frozen=True, slots=True)
class Section(fields.Declared):
    """Slots under a title; where it says ``shuffle``, each learner gets its items in another order."""

    title: str = fields.text(title="Title of the section", about="Stands above its questions; may be empty.")
    shuffle: bool = fields.flag(title="Another order for each learner")
    slots: tuple[Slot, ...] = fields.parts(Slot, _read_slots, entry="question", title="Questions")

    @classmethod
    def read(cls, reader: Reader) -> Section:
        return cls(**cls.take_all(reader))

    @property
    def item_count(self) -> int:
        """How many items an attempt gets from here."""
        return sum(1 if slot.item else slot.draw for slot in self.slots)


@dataclass(frozen=True, slots=True)
class FixedRules(ItemRules):
    key: ClassVar[str] = "sections"
    title: ClassVar[str] = "fixed: everybody gets the questions of its sections"

    sections: tuple[Section, ...]

    @classmethod
    def part(cls) -> dict[str, Any]:
        return {
            "title": "Sections",
            "description": "Questions in their order, in one or more sections.",
            "type": "array",
            "minItems": 1,
            "x-entry": "section",
            "items": {**Section.schema(), "x-blank": {"title": "", "slots": []}},
        }

    @classmethod
    def read(cls, reader: Reader) -> FixedRules:
        return cls(tuple(Section.read(entry) for entry in reader.readers(cls.key)))

    @property
    def slots(self) -> Iterator[Slot]:
        return (slot for section in self.sections for slot in section.slots)

    def sources(self) -> Iterator[ItemSource]:
        for number, section in enumerate(self.sections):
            for place, slot in enumerate(section.slots):
                yield ItemSource(f"sections.{number}.slots.{place}", slot.item, slot.bank, slot.skill)

    def check(self, reader: Reader, definition: AssessmentDefinition) -> None:
        if not any(self.slots) and not reader.is_faulty(self.key):
            reader.fault(self.key, "must hold at least one item")
        count = sum(section.item_count for section in self.sections)
        if definition.rules.layout is Layout.ONE_PAGE and count > MOST_ON_A_PAGE:
            reader.fault("layout", f"cannot be one page: {count} items are more than {MOST_ON_A_PAGE}")
