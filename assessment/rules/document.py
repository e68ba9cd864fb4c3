"""The assessment document: what an assessment asks, in which order, under which rules of delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from assessment.rules import adaptive as adaptive_rules
from assessment.rules import mastery as mastery_rules
from assessment.rules.adaptive import AdaptiveRules
from assessment.rules.delivery import DeliveryRules, Feedback, may_change
from assessment.rules.mastery import MasteryRules
from assessment.scoring.tries import Keep
from content.catalogue import read_slug, read_title
from content.documents.reader import DefinitionError, Faults, Reader

__all__ = ["AssessmentDefinition", "DefinitionError", "Section", "Slot", "parse_assessment"]

MODES: Final = ("fixed", "adaptive", "mastery")
MOST: Final = 10_000
"""Minutes, attempts, tries or items: nobody means more."""


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
    title: str
    shuffle: bool
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class AssessmentDefinition:
    """None as ``time_limit_minutes`` or ``attempts_allowed`` means that there is no limit.

    ``exclusive`` keeps its items out of practice while it runs; None: where it closes or withholds verdicts.
    Instead of sections an adaptive assessment has ``adaptive`` rules and a ``bank``, one of mastery ``mastery`` rules
    and a ``bank``.
    """

    slug: str
    title: str
    summary: str
    instructions: str
    lesson: str | None
    mode: str
    time_limit_minutes: int | None
    attempts_allowed: int | None
    exclusive: bool | None
    rules: DeliveryRules
    sections: tuple[Section, ...]
    bank: str | None
    adaptive: AdaptiveRules | None
    mastery: MasteryRules | None

    @property
    def slots(self) -> Iterator[Slot]:
        return (slot for section in self.sections for slot in section.slots)


def parse_assessment(document: Mapping[str, Any]) -> AssessmentDefinition:
    """Return the assessment in ``document``. Raises DefinitionError with every fault and its path."""
    faults = Faults()
    reader = Reader.of(document, "", faults)
    mode = reader.one_of("mode", MODES[0], MODES)
    bank, adaptive, mastery = _chosen(reader, mode)
    assessment = AssessmentDefinition(
        slug=read_slug(reader),
        title=read_title(reader),
        summary=reader.text("summary", default=""),
        instructions=reader.text("instructions", default=""),
        lesson=reader.text("lesson", default="") or None,
        mode=mode,
        time_limit_minutes=_count(reader, "time_limit_minutes", None),
        attempts_allowed=_count(reader, "attempts_allowed", None),
        exclusive=_perhaps(reader, "exclusive"),
        rules=_rules(reader, mode),
        sections=tuple(_section(entry) for entry in reader.readers("sections")),
        bank=bank,
        adaptive=adaptive,
        mastery=mastery,
    )
    reader.finish()
    _check_mode(reader, assessment)
    faults.raise_if_any()
    return assessment


def remarks(definition: AssessmentDefinition, document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a sound document says without effect, as (path, reason)."""
    if not definition.rules.answers_may_change:
        return []
    stated = [key for key in ("tries", "penalty") if document.get(key)]
    reason = "has no effect here: verdicts are withheld, so an answer may be changed and the last one counts"
    return [(key, reason) for key in stated]


def _chosen(reader: Reader, mode: str) -> tuple[str | None, AdaptiveRules | None, MasteryRules | None]:
    """Return the bank and the rules where items are chosen one by one; their keys mean nothing in another mode."""
    if mode == "fixed":
        return None, None, None
    entry = reader.mapping(mode)
    bank = entry.text("bank")
    adaptive = adaptive_rules.read_rules(entry) if mode == "adaptive" else None
    mastery = mastery_rules.read_rules(entry) if mode == "mastery" else None
    entry.finish()
    return bank, adaptive, mastery


def _check_mode(reader: Reader, assessment: AssessmentDefinition) -> None:
    """Items come from sections or from a bank; an estimate takes the first answer and no other."""
    if assessment.mode == "fixed":
        if not any(assessment.slots):
            reader.fault("sections", "must hold at least one item")
        return
    if assessment.sections:
        reader.fault("sections", f"this mode takes its items from {assessment.mode}.bank")
    if assessment.adaptive and assessment.rules.tries != 1:
        reader.fault("tries", "an adaptive assessment allows one try")
    if assessment.mastery:
        _check_mastery(reader, assessment, assessment.mastery)


def _check_mastery(reader: Reader, assessment: AssessmentDefinition, rules: MasteryRules) -> None:
    """Practice goes on from verdicts, and must not be held up by an item without end."""
    if assessment.rules.tries is None:
        reader.fault("tries", "a mastery assessment needs a limit")
    if assessment.rules.feedback is not Feedback.IMMEDIATE:
        reader.fault("feedback", "a mastery assessment tells verdicts at once")
    if not rules.skills and not assessment.lesson:
        reader.fault("mastery.skills", "must name skills, or the assessment a lesson that has them")


def _rules(reader: Reader, mode: str) -> DeliveryRules:
    """Verdicts come at the end of an adaptive assessment, where nothing else is said."""
    feedback = [f.value for f in Feedback]
    if mode == "adaptive":
        feedback.sort(key=lambda value: value != Feedback.AT_END)
    rules = DeliveryRules(
        tries=_count(reader, "tries", 1),
        penalty=_fraction(reader, "penalty", 0.0),
        keep=Keep(reader.one_of("keep", Keep.BEST, [k.value for k in Keep])),
        feedback=Feedback(reader.one_of("feedback", feedback[0], feedback)),
        pass_fraction=_fraction(reader, "pass_fraction", 0.7),
    )
    return replace(rules, answers_may_change=may_change(rules.feedback, grows=mode != "fixed"))


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
        draw=_count(reader, "draw", 1) or 1,
        weight=_weight(reader),
    )
    reader.finish()
    if slot.item and (slot.bank or slot.skill or reader.has("draw")):
        reader.faults.add(reader.path, "names an item, so it cannot draw from a bank as well")
    if not slot.item and not slot.bank:
        reader.faults.add(reader.path, "must name an item, or a bank to draw from")
    return slot


def _count(reader: Reader, key: str, default: int | None) -> int | None:
    """Return a whole number of 1 or more; null, where it is written, means without limit."""
    value = reader.raw(key, default)
    if value is None or (type(value) is int and 1 <= value <= MOST):
        return value
    reader.fault(key, f"must be a whole number of 1 to {MOST}, or null for no limit")
    return default


def _perhaps(reader: Reader, key: str) -> bool | None:
    """Return true or false where it is written; None leaves it to the rules."""
    return None if reader.raw(key) is None else reader.flag(key)


def _fraction(reader: Reader, key: str, default: float) -> float:
    value = reader.number(key, default)
    if value is None or not 0 <= value <= 1:
        reader.fault(key, "must be a fraction of 0 to 1")
        return default
    return float(value)


def _weight(reader: Reader) -> float:
    weight = reader.number("weight", 1.0)
    if weight is None or not 0 < weight <= MOST:
        reader.fault("weight", f"must be more than 0 and at most {MOST}")
        return 1.0
    return float(weight)
