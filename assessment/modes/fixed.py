"""The fixed mode: all items are there from the start, the named ones and those that the dice draw from banks."""

from __future__ import annotations

import math
import random
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from assessment.errors import BankExhausted
from assessment.models import Assessment, Attempt, Presentation, Section, Slot
from assessment.modes.base import (
    Begun,
    Grown,
    Mode,
    Places,
    Planned,
    Rehearsal,
    Result,
    Score,
    final,
    weighed,
)
from assessment.psychometrics.stopping import Stop
from content.items.enemies import Enemies, apart
from content.items.soundness import sound_variant
from content.items.stream import Stream
from content.models import Item


class Fixed(Mode):
    """Items in sections; what they earn is weighed and added."""

    def begin(self, attempt: Attempt, dice: random.Random) -> Begun:
        planned = plan(attempt.assessment, dice)
        attempt.max_score = math.fsum(place.weight for place in planned)
        return Begun(
            [_presentation(attempt, position, place, dice) for position, place in enumerate(planned, start=1)]
        )

    def next_item(
        self, attempt: Attempt, places: Places, retired: Collection[str], now: datetime
    ) -> Grown | Stop:
        return Stop("length")

    def total(self, attempt: Attempt, places: Places) -> Score:
        return weighed(places)

    def result(self, attempt: Attempt) -> Result:
        score, most = final(attempt)
        passed = score >= attempt.rules.pass_fraction * most if most else None
        return Result(score, most, passed, None, "The sum of what the items earned, by their weights.")

    def longest(self, assessment: Assessment) -> int:
        return sum(section.item_count for section in assessment.sections.all())

    def rehearse(self, assessment: Assessment, dice: random.Random) -> Rehearsal:
        return Rehearsal(places=plan(assessment, dice))


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


def _presentation(attempt: Attempt, position: int, place: Planned, dice: random.Random) -> Presentation:
    version = place.item.version
    return Presentation(
        learner_id=attempt.learner_id,
        attempt=attempt,
        position=position,
        section_title=place.section_title,
        item_version=version,
        variant_document=sound_variant(version.definition, dice, Stream.ASSESSMENT).to_json(),
        weight=place.weight,
        shown_at=attempt.started_at,
    )
