"""Mastery attempts: how one begins, what it shows next, what its log comes to. `assessment.delivery` calls these
under its locks.

An attempt keeps what it began with: the skills in their order, the parameters in force, what the learner had shown
before. The rest is a fold of its responses.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from assessment.errors import BankExhausted
from assessment.knowledge.tracing import Answered
from assessment.models import Assessment, Attempt, Learner, Presentation, Response
from assessment.modes.base import Mode, Order, Rehearsal, Score, SkillsShown, Unfounded
from assessment.progress.evidence import (
    first_answers,
    mastery_parameters,
    merged,
    released_attempts,
    seen_in,
)
from assessment.psychometrics.stopping import Stop
from assessment.selection.mastery import (
    Candidate,
    Path,
    PathSkill,
    Shown,
    Standing,
    State,
    choose_item,
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


class Mastery(Mode):
    """Skills are practiced in the order of prerequisites until each is mastered."""

    grows = True

    def begin(self, attempt: Attempt, dice: random.Random) -> None:
        """Store a new attempt with what it begins with. Raises BankExhausted when there is nothing to practise."""
        path = Path(
            rules=attempt.assessment.mastery_rules,
            seed=dice.getrandbits(SEED_BITS),
            started_at=attempt.started_at,
            skills=_path_skills(attempt),
            seen=_seen(attempt),
        )
        attempt.mastery_document = path.to_json()
        attempt.score, attempt.max_score = _score(standings(path, []))
        attempt.save(force_insert=True)

    def next_item(self, attempt: Attempt, now: datetime) -> Presentation | Stop:
        """Show an item of the next skill, or return why it ends: ``mastered``, ``length`` or ``bank_exhausted``.

        The caller holds the attempt's lock and knows that everything shown has been answered.
        """
        path, shown = path_of(attempt), _shown(attempt)
        standing = standings(path, shown)
        if all(one.state is State.MASTERED for one in standing):
            return Stop("mastered")
        if len(shown) >= path.rules.max_items:
            return Stop("length")
        tried: set[str] = set()
        while one := next_skill(standing, tried):
            if presentation := _present(attempt, path, standing, one, shown, now):
                return presentation
            # A skill without an item that can be shown must not hold the learner up.
            tried.add(one.skill.slug)
        return Stop("bank_exhausted")

    def fold(self, attempt: Attempt, until: Response | None = None) -> Score:
        """Return (skills mastered, skills)."""
        return _score(standings(path_of(attempt), _shown(attempt, until=until.id if until else None)))

    def longest(self, assessment: Assessment) -> int:
        return assessment.mastery_rules.max_items

    def rehearse(self, assessment: Assessment, dice: random.Random) -> Rehearsal:
        return Rehearsal(skills=skills_of(assessment))

    def why(self, presentation: Presentation) -> str | None:
        return str(_document(presentation.choice)["reason"])

    def skills(self, attempt: Attempt) -> SkillsShown | None:
        return SkillsShown(
            path_of(attempt).rules.criterion, attempt.stop_reason or None, standing_of(attempt)
        )

    def verify(self, attempt: Attempt) -> Iterator[Unfounded]:
        for position, skill in unfounded(attempt):
            yield Unfounded(position, "choice.skill", skill, None)


def standing_of(attempt: Attempt) -> list[Standing]:
    """Return how every skill of a mastery attempt stands, in the order of prerequisites."""
    return standings(path_of(attempt), _shown(attempt))


def unfounded(attempt: Attempt) -> list[tuple[int, str]]:
    """Return the (position, skill) that were practised although the log so far had the skill locked or mastered."""
    path, shown = path_of(attempt), _shown(attempt)
    chosen = attempt.presentations.order_by("position").values_list("choice", flat=True)
    found = []
    for place, choice in enumerate(chosen):
        skill = _document(choice)["skill"]
        states = {one.skill.slug: one.state for one in standings(path, shown[:place])}
        if states.get(skill) is not State.OPEN:
            found.append((place + 1, skill))
    return found


def path_of(attempt: Attempt) -> Path:
    return Path.from_json(_document(attempt.mastery_document))


def skills_of(assessment: Assessment) -> Order:
    """Return the skills that can be practised: those of the rules, or of the lesson, for which the bank has items.

    Raises BankExhausted when a skill that the rules name has none, or no skill has any.
    """
    named = assessment.mastery_rules.skills
    skills = Skill.objects.filter(slug__in=named) if named else _of_lesson(assessment)
    with_items = set(practice_items(assessment).values_list("skills", flat=True))
    found = {skill.slug: skill for skill in skills.order_by("pk") if skill.pk in with_items}
    if not found or set(named) - set(found):
        raise BankExhausted
    return [(found[slug], before) for slug, before in in_order(_graph(), list(named or found))]


def practice_items(assessment: Assessment) -> ItemQuerySet:
    """Return the items that may be shown, in a stable order."""
    return Item.objects.asked().filter(bank=assessment.bank_id)


def _of_lesson(assessment: Assessment) -> QuerySet[Skill]:
    return Skill.objects.filter(lessons=assessment.lesson_id)


def _graph() -> dict[str, list[str]]:
    """Return the prerequisites of every skill: what lies between two skills tells their order."""
    links = Skill.prerequisites.through.objects.order_by("pk")
    graph: dict[str, list[str]] = {}
    for later, earlier in links.values_list("from_skill__slug", "to_skill__slug"):
        graph.setdefault(later, []).append(earlier)
    return graph


def _path_skills(attempt: Attempt) -> tuple[PathSkill, ...]:
    order = skills_of(attempt.assessment)
    parameters = mastery_parameters([skill.pk for skill, _ in order])
    earlier = _earlier(attempt) if attempt.assessment.mastery_rules.carry_over else {}
    return tuple(
        PathSkill(skill.slug, skill.title, requires, parameters[skill.pk], tuple(earlier.get(skill.pk, ())))
        for skill, requires in order
    )


def _earlier(attempt: Attempt) -> Mapping[UUID, Sequence[Answered]]:
    learners = list(Learner.objects.of_the_person(attempt.learner_id).values_list("pk", flat=True))
    released = released_attempts(learners, attempt.started_at)
    return merged(list(first_answers(learners, among=seen_in(released)).values()))


def _seen(attempt: Attempt) -> dict[str, int]:
    """Return how often the person has been shown the items of the bank."""
    before = Presentation.objects.filter(
        learner__in=Learner.objects.of_the_person(attempt.learner_id),
        item_version__item__bank=attempt.assessment.bank_id,
    )
    return dict(Counter(before.values_list("item_version__item__slug", flat=True)))


def _present(
    attempt: Attempt,
    path: Path,
    standing: Sequence[Standing],
    one: Standing,
    shown: Sequence[Shown],
    now: datetime,
) -> Presentation | None:
    """Show an item of a skill; None when none can be shown."""
    place = len(shown) + 1
    items = {
        item.slug: item for item in practice_items(attempt.assessment).filter(skills__slug=one.skill.slug)
    }
    left = _candidates(attempt, items)
    while chosen := choose_item(left, path, standing, shown):
        version = items[chosen.slug].version
        try:
            dice = path.dice(f"variant {chosen.slug}", place)
            variant = sound_variant(version.definition, dice, Stream.ASSESSMENT)
        except ImpossibleDraw:
            left.remove(chosen)
            continue
        return Presentation.objects.create(
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
            },
        )
    return None


def _candidates(attempt: Attempt, items: Mapping[str, Item]) -> list[Candidate]:
    definitions = {slug: item.version.definition for slug, item in items.items()}
    named = ((slug, other) for slug, definition in definitions.items() for other in definition.enemies)
    enemies = both_ways([*named, *_enemies_of_shown(attempt)])
    return [
        Candidate(slug, items[slug].is_exercise, definition.skills, enemies.get(slug, frozenset()))
        for slug, definition in definitions.items()
    ]


def _enemies_of_shown(attempt: Attempt) -> list[tuple[str, str]]:
    """Return what the items of the attempt so far name as their enemies."""
    naming = attempt.presentations.filter(item_version__document__enemies__isnull=False)
    rows = naming.values_list("item_version__item__slug", "item_version__document__enemies")
    return [(slug, other) for slug, others in rows for other in others]


def _shown(attempt: Attempt, *, until: UUID | None = None) -> list[Shown]:
    """Return the items of an attempt in order, each with its first valid answer, if that came by then."""
    log = Response.objects.filter(presentation__attempt=attempt, valid=True, try_number=1)
    if until is not None:
        log = log.filter(id__lte=until)
    first = {
        presentation: Answered(at, min(1.0, max(0.0, score)), hints)
        for presentation, at, score, hints in log.values_list(
            "presentation", "created_at", "score", "hints_taken"
        )
    }
    fields = ("pk", "choice", "item_version__item__slug")
    places = attempt.presentations.order_by("position").values_list(*fields)
    return [Shown(slug, tuple(_document(choice)["skills"]), first.get(pk)) for pk, choice, slug in places]


def _score(standing: Sequence[Standing]) -> tuple[float, float]:
    return float(sum(one.state is State.MASTERED for one in standing)), float(len(standing))


def _document(stored: Any) -> Mapping[str, Any]:
    """Return a document that rows of mastery attempts have and others lack."""
    if stored is None:
        raise TypeError("this is no mastery attempt")
    document: Mapping[str, Any] = stored
    return document
