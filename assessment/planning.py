"""Which items an attempt will have: the named ones, and those the dice draw from banks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from uuid import UUID

from assessment.errors import BankExhausted
from assessment.models import Assessment, Section, Slot
from content.models import Item


@dataclass(frozen=True, slots=True)
class Planned:
    """An item at its place in an attempt."""

    item: Item
    section_title: str
    weight: float


def plan(assessment: Assessment, dice: random.Random) -> list[Planned]:
    """Return the items of a new attempt in the order of their positions. No item comes twice.

    Raises BankExhausted when an item may not be asked or a bank has too few that are.
    """
    planned: list[Planned] = []
    used: set[UUID] = _named_items(assessment)
    for section in assessment.sections.prefetch_related("slots").order_by("position"):
        places = _plan_section(section, used, dice)
        if section.shuffle:
            dice.shuffle(places)
        planned += places
    if not planned:
        raise BankExhausted
    return planned


def _named_items(assessment: Assessment) -> set[UUID]:
    """Items that stand in the assessment by name are not drawn as well."""
    named = Slot.objects.filter(section__assessment=assessment, item__isnull=False)
    return set(named.values_list("item_id", flat=True))


def _plan_section(section: Section, used: set[UUID], dice: random.Random) -> list[Planned]:
    places = []
    for slot in section.slots.order_by("position"):
        items = _named(slot) if slot.item_id else _drawn(slot, used, dice)
        used |= {item.pk for item in items}
        places += [Planned(item, section.title, slot.weight) for item in items]
    return places


def _named(slot: Slot) -> list[Item]:
    items = Item.objects.asked().filter(slots=slot)
    if not items:
        raise BankExhausted
    return list(items)


def _drawn(slot: Slot, used: set[UUID], dice: random.Random) -> list[Item]:
    candidates = Item.objects.asked().filter(bank=slot.bank_id).exclude(pk__in=used)
    if slot.skill_id:
        candidates = candidates.filter(skills=slot.skill_id)
    pool = list(candidates)
    if len(pool) < slot.draw:
        raise BankExhausted
    return dice.sample(pool, slot.draw)
