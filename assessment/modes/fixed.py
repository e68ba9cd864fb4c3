"""The fixed mode: all items are there from the start, the named ones and those that the dice draw from banks."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from assessment.errors import BankExhausted
from assessment.models import Attempt, Presentation
from assessment.modes.base import (
    Begun,
    Grown,
    Mode,
    Part,
    Places,
    Planned,
    Rehearsal,
    Result,
    Score,
    final,
    reaches,
    rules_of,
    weighed,
)
from assessment.psychometrics.stopping import Stop
from assessment.rules.definition import AssessmentDefinition
from assessment.rules.fixed import FixedRules, Section, Slot
from content.items.enemies import Enemies, apart
from content.items.soundness import sound_variant
from content.items.stream import Stream
from content.models import Item


class Fixed(Mode):
    """Items in sections; what they earn is weighed and added."""

    item_rules = FixedRules
    adds_up = True

    def begin(self, attempt: Attempt, dice: random.Random) -> Begun:
        planned = plan(rules_of(attempt.definition, FixedRules), dice)
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
        if not most:
            return Result(score, most, None, None, "Nothing of this attempt counts.")
        needed = attempt.rules.pass_fraction * most
        words = f"{score:.4g} of {most:.4g} points; {needed:.4g} are needed to pass."
        return Result(score, most, reaches(score, needed), None, words)

    def longest(self, definition: AssessmentDefinition) -> int:
        return sum(part.item_count for part in self.sections(definition))

    def full_score(self, definition: AssessmentDefinition) -> float:
        slots = rules_of(definition, FixedRules).slots
        return sum(slot.weight * (1 if slot.item else slot.draw) for slot in slots)

    def sections(self, definition: AssessmentDefinition) -> Sequence[Part]:
        return [Part(one.title, one.item_count) for one in rules_of(definition, FixedRules).sections]

    def rehearse(self, definition: AssessmentDefinition, dice: random.Random) -> Rehearsal:
        return Rehearsal(places=plan(rules_of(definition, FixedRules), dice))


def plan(rules: FixedRules, dice: random.Random) -> list[Planned]:
    """Return the items of a new attempt in the order of their positions. No item comes twice.

    Enemies are drawn together only from banks that are too small otherwise; two that stand there by name stay.
    Raises BankExhausted when an item may not be asked or a bank has too few that are.
    """
    planned: list[Planned] = []
    # Items that stand there by name are not drawn as well.
    used = {slot.item for slot in rules.slots if slot.item}
    named = {item.slug: item for item in Item.objects.asked().filter(slug__in=used)} if used else {}
    enemies = _enemies(rules, used)
    for section in rules.sections:
        places = _plan_section(section, named, used, enemies, dice)
        if section.shuffle:
            dice.shuffle(places)
        planned += places
    if not planned:
        raise BankExhausted
    return planned


def _enemies(rules: FixedRules, named: set[str]) -> Enemies:
    """Return who is whose enemy among the items that may come up: no other bank is read."""
    banks = {slot.bank for slot in rules.slots if slot.bank}
    if not banks:
        return {}
    return Item.objects.servable().filter(Q(bank__slug__in=banks) | Q(slug__in=named)).enemies()


def _plan_section(
    section: Section, named: Mapping[str, Item], used: set[str], enemies: Enemies, dice: random.Random
) -> list[Planned]:
    places = []
    for slot in section.slots:
        items = [_named(slot.item, named)] if slot.item else _drawn(slot, used, enemies, dice)
        used |= {item.slug for item in items}
        places += [Planned(item, section.title, slot.weight) for item in items]
    return places


def _named(slug: str, named: Mapping[str, Item]) -> Item:
    if slug not in named:
        raise BankExhausted
    return named[slug]


def _drawn(slot: Slot, used: set[str], enemies: Enemies, dice: random.Random) -> list[Item]:
    candidates = Item.objects.asked().filter(bank__slug=slot.bank).exclude(slug__in=used)
    if slot.skill:
        candidates = candidates.filter(skills__slug=slot.skill)
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
