"""Mastery attempts: how one begins, what it shows next, what its log comes to.

An attempt keeps what it began with: the skills in their order, the parameters in force, what the learner had shown
before. The rest is a fold of its responses.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from assessment.errors import BankExhausted
from assessment.knowledge.tracing import Answered
from assessment.models import Attempt, Learner, Presentation
from assessment.modes.base import (
    Begun,
    Grown,
    Mode,
    Places,
    Practiced,
    Rehearsal,
    Result,
    Score,
    SkillsShown,
    Unfounded,
    final,
    reaches,
    rules_of,
)
from assessment.progress.evidence import (
    first_answers,
    mastery_parameters,
    merged,
    released_attempts,
    seen_in,
)
from assessment.psychometrics.stopping import Stop
from assessment.rules.definition import AssessmentDefinition
from assessment.rules.mastery import MasteryRules
from assessment.selection.mastery import (
    Candidate,
    Path,
    PathSkill,
    Shown,
    Standing,
    State,
    choose_item,
    grounds,
    in_order,
    next_skill,
    reason,
    standings,
)
from content.items.drawing import ImpossibleDraw
from content.items.enemies import both_ways
from content.items.soundness import sound_variant
from content.items.stream import SEED_BITS, Stream
from content.models import Item, Skill
from content.models.items import ItemQuerySet

PATHS_KEPT: Final = 4_000
"""What an attempt began with never changes; it is read again with every answer."""


class Mastery(Mode):
    """Skills are practiced in the order of prerequisites until each is mastered."""

    item_rules = MasteryRules
    about_statistics = (
        "These attempts practice skills until each is known: learners get different numbers of items, in an order "
        "that follows from their answers. Totals, discrimination and comparisons by ability mean nothing here; what "
        "was right at the first try, by skill and by item, does."
    )

    def begin(self, attempt: Attempt, dice: random.Random) -> Begun:
        """Fill a new attempt with what it begins with. Raises BankExhausted when there is nothing to practice."""
        path = Path(
            rules=rules_of(attempt.definition, MasteryRules),
            seed=dice.getrandbits(SEED_BITS),
            started_at=attempt.started_at,
            skills=_path_skills(attempt),
            seen=_seen(attempt),
        )
        attempt.mastery_document = path.to_json()
        attempt.score, attempt.max_score = _score(standings(path, []))
        return Begun()

    def next_item(
        self, attempt: Attempt, places: Places, retired: Collection[str], now: datetime
    ) -> Grown | Stop:
        """Choose an item of the next skill, or return why it ends: ``mastered``, ``length`` or ``bank_exhausted``."""
        path, shown = path_of(attempt), _shown(places)
        standing = standings(path, shown)
        if all(one.state is State.MASTERED for one in standing):
            return Stop("mastered")
        if len(shown) >= path.rules.max_items:
            return Stop("length")
        tried: set[str] = set()
        while one := next_skill(standing, tried):
            if presentation := _presentation(attempt, path, standing, one, shown, now):
                return Grown(presentation)
            # A skill without an item that can be shown must not hold the learner up.
            tried.add(one.skill.slug)
        return Stop("bank_exhausted")

    def total(self, attempt: Attempt, places: Places) -> Score:
        """Return (skills mastered, skills)."""
        return _score(standings(path_of(attempt), _shown(places)))

    def result(self, attempt: Attempt) -> Result:
        score, most = final(attempt)
        passed = reaches(score, attempt.rules.pass_fraction * most) if most else None
        return Result(score, most, passed, None, f"{score:g} of {most:g} skills mastered.")

    def longest(self, definition: AssessmentDefinition) -> int:
        return rules_of(definition, MasteryRules).max_items

    def rehearse(self, definition: AssessmentDefinition, dice: random.Random) -> Rehearsal:
        return Rehearsal(skills=skills_of(definition))

    def why(self, presentation: Presentation) -> str | None:
        return str(_document(presentation.choice)["reason"])

    def grounds(self, presentation: Presentation) -> str | None:
        told: str | None = _document(presentation.choice).get("grounds")
        return told

    def skills(self, attempt: Attempt, places: Places) -> SkillsShown | None:
        path = path_of(attempt)
        standing = standings(path, _shown(places))
        return SkillsShown(path.rules.criterion, attempt.stop_reason or None, standing)

    def verify(self, attempt: Attempt, places: Places, before: Mapping[int, Places]) -> Iterator[Unfounded]:
        """Yield the skills that were practiced although the log of that moment had them locked or mastered."""
        path = path_of(attempt)
        for place in places:
            skill = _document(place.choice)["skill"]
            states = {one.skill.slug: one.state for one in standings(path, _shown(before[place.position]))}
            if states.get(skill) is not State.OPEN:
                yield Unfounded(place.position, "choice.skill", skill, None)


def path_of(attempt: Attempt) -> Path:
    """Return what an attempt began with: kept in the process, and read from a row that is not stored yet."""
    if attempt._state.adding:
        return Path.from_json(_document(attempt.mastery_document))
    return _stored_path(attempt.pk)


@lru_cache(maxsize=PATHS_KEPT)
def _stored_path(attempt_id: UUID) -> Path:
    row = Attempt.objects.only("mastery_document").get(pk=attempt_id)
    return Path.from_json(_document(row.mastery_document))


def skills_of(definition: AssessmentDefinition) -> list[Practiced]:
    """Return the skills that can be practiced: those of the rules, or of the lesson, for which the bank has items.

    They stand in the order of prerequisites.

    Raises BankExhausted when a skill that the rules name has none, or no skill has any.
    """
    rules = rules_of(definition, MasteryRules)
    named = rules.skills
    skills = Skill.objects.filter(slug__in=named) if named else _of_lesson(definition)
    items = Counter(practice_items(rules).values_list("skills", flat=True))
    found = {skill.slug: skill for skill in skills.order_by("pk") if items[skill.pk]}
    if not found or set(named) - set(found):
        raise BankExhausted
    return [
        Practiced(found[slug], before, items[found[slug].pk])
        for slug, before in in_order(_graph(), list(named or found))
    ]


def practice_items(rules: MasteryRules) -> ItemQuerySet:
    """Return the items that may be shown, in a stable order."""
    return Item.objects.asked().filter(bank__slug=rules.bank)


def _of_lesson(definition: AssessmentDefinition) -> QuerySet[Skill]:
    return Skill.objects.filter(lessons__slug=definition.lesson)


def _graph() -> dict[str, list[str]]:
    """Return the prerequisites of every skill: what lies between two skills tells their order."""
    links = Skill.prerequisites.through.objects.order_by("pk")
    graph: dict[str, list[str]] = {}
    for later, earlier in links.values_list("from_skill__slug", "to_skill__slug"):
        graph.setdefault(later, []).append(earlier)
    return graph


def _path_skills(attempt: Attempt) -> tuple[PathSkill, ...]:
    order = skills_of(attempt.definition)
    parameters = mastery_parameters([one.skill.pk for one in order])
    earlier = _earlier(attempt) if rules_of(attempt.definition, MasteryRules).carry_over else {}
    return tuple(
        PathSkill(
            slug=one.skill.slug,
            title=one.skill.title,
            requires=one.requires,
            parameters=parameters[one.skill.pk],
            earlier=tuple(earlier.get(one.skill.pk, ())),
        )
        for one in order
    )


def _earlier(attempt: Attempt) -> Mapping[UUID, Sequence[Answered]]:
    learners = list(Learner.objects.of_the_person(attempt.learner_id).values_list("pk", flat=True))
    released = released_attempts(learners, attempt.started_at)
    return merged(list(first_answers(learners, among=seen_in(released)).values()))


def _seen(attempt: Attempt) -> dict[str, int]:
    """Return how often the person has been shown the items of the bank."""
    before = Presentation.objects.filter(
        learner__in=Learner.objects.of_the_person(attempt.learner_id),
        item_version__item__bank__slug=rules_of(attempt.definition, MasteryRules).bank,
    )
    return dict(Counter(before.values_list("item_version__item__slug", flat=True)))


def _presentation(
    attempt: Attempt,
    path: Path,
    standing: Sequence[Standing],
    one: Standing,
    shown: Sequence[Shown],
    now: datetime,
) -> Presentation | None:
    """Return the presentation of an item of a skill; None when none can be shown."""
    place = len(shown) + 1
    offered = practice_items(rules_of(attempt.definition, MasteryRules))
    items = {item.slug: item for item in offered.filter(skills__slug=one.skill.slug)}
    left = _candidates(items, shown)
    while chosen := choose_item(left, path, standing, shown):
        version = items[chosen.slug].version
        try:
            dice = path.dice(f"variant {chosen.slug}", place)
            variant = sound_variant(version.definition, dice, Stream.ASSESSMENT)
        except ImpossibleDraw:
            left.remove(chosen)
            continue
        return Presentation(
            learner_id=attempt.learner_id,
            attempt=attempt,
            position=place,
            section_title=one.skill.title,
            item_version=version,
            variant_document=variant.to_json(),
            shown_at=now,
            choice={
                "rule": "mastery",
                "skill": one.skill.slug,
                "skills": list(chosen.skills),
                "candidates": len(left),
                "reason": reason(path.rules, one),
                "grounds": grounds(path.rules, one),
            },
        )
    return None


def _candidates(items: Mapping[str, Item], shown: Sequence[Shown]) -> list[Candidate]:
    definitions = {slug: item.version.definition for slug, item in items.items()}
    named = ((slug, other) for slug, definition in definitions.items() for other in definition.enemies)
    enemies = both_ways([*named, *_enemies_of_shown(shown)])
    return [
        Candidate(slug, items[slug].is_exercise, definition.skills, enemies.get(slug, frozenset()))
        for slug, definition in definitions.items()
    ]


def _enemies_of_shown(shown: Sequence[Shown]) -> list[tuple[str, str]]:
    """Return what the items of the attempt so far name as their enemies by now."""
    naming = Item.objects.filter(
        slug__in=[one.slug for one in shown], current__document__enemies__isnull=False
    )
    rows = naming.values_list("slug", "current__document__enemies")
    return [(slug, other) for slug, others in rows for other in others]


def _shown(places: Places) -> list[Shown]:
    return [Shown(one.slug, tuple(_document(one.choice)["skills"]), one.first) for one in places]


def _score(standing: Sequence[Standing]) -> tuple[float, float]:
    return float(sum(one.state is State.MASTERED for one in standing)), float(len(standing))


def _document(stored: Any) -> Mapping[str, Any]:
    """Return a document that rows of mastery attempts have and others lack."""
    if stored is None:
        raise TypeError("this is no mastery attempt")
    document: Mapping[str, Any] = stored
    return document
