"""Which items an attempt will have: the named ones, and those the dice draw from banks."""

from __future__ import annotations

import random
from dataclasses import dataclass

from django.db.models import Q

from assessment.errors import BankExhausted
from assessment.models import Assessment, Section, Slot
from content.items.enemies import Enemies, apart
from content.models import Item


@dataclass(frozen=True, slots=True)
class Planned:
    """An item at its place in an attempt."""

    item: Item
    section_title: str
    weight: float


def plan(assessment: Assessment, dice: random.Random) -> list[Planned]:
    """Return the items of a new attempt in the order of their positions. No item comes twice.

    Enemies are drawn together only from banks that are too small otherwise; two that stand there by name stay.
    Raises BankExhausted when an item may not be asked or a bank has too few that are.
    """
    planned: list[Planned] = []
    used = _named_items(assessment)
    enemies = _enemies(assessment)
    for section in assessment.sections.prefetch_related("slots").order_by("position"):
        places = _plan_section(section, used, enemies, dice)
        if section.shuffle:
            dice.shuffle(places)
        planned += places
    if not planned:
        raise BankExhausted
    return planned


def _named_items(assessment: Assessment) -> set[str]:
    """Items that stand in the assessment by name are not drawn as well."""
    named = Slot.objects.filter(section__assessment=assessment, item__isnull=False)
    return set(named.values_list("item__slug", flat=True))


def _enemies(assessment: Assessment) -> Enemies:
    """Return who is whose enemy among the items that may come up: no other bank is read."""
    slots = Slot.objects.filter(section__assessment=assessment)
    banks = slots.filter(bank__isnull=False).values("bank")
    if not banks.exists():
        return {}
    named = slots.filter(item__isnull=False).values("item")
    return Item.objects.servable().filter(Q(bank__in=banks) | Q(pk__in=named)).enemies()


def _plan_section(section: Section, used: set[str], enemies: Enemies, dice: random.Random) -> list[Planned]:
    places = []
    for slot in section.slots.order_by("position"):
        items = _named(slot) if slot.item_id else _drawn(slot, used, enemies, dice)
        used |= {item.slug for item in items}
        places += [Planned(item, section.title, slot.weight) for item in items]
    return places


def _named(slot: Slot) -> list[Item]:
    items = Item.objects.asked().filter(slots=slot)
    if not items:
        raise BankExhausted
    return list(items)


def _drawn(slot: Slot, used: set[str], enemies: Enemies, dice: random.Random) -> list[Item]:
    candidates = Item.objects.asked().filter(bank=slot.bank_id).exclude(slug__in=used)
    if slot.skill_id:
        candidates = candidates.filter(skills=slot.skill_id)
    pool = {item.slug: item for item in candidates}
    if len(pool) < slot.draw:
        raise BankExhausted
    shuffled = dice.sample(list(pool), len(pool))
    return [pool[slug] for slug in apart(shuffled, slot.draw, used, enemies)]
