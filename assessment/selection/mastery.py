"""The way through the skills of a mastery attempt: which are mastered, which comes next, by which item. Pure.

All of it follows from what the attempt began with and the first answers in it, so whoever asks again, in whichever
process, gets the same. A skill mastered in an attempt stays so to its end: what fades later is for the review queue.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from assessment.knowledge.mastery import (
    LEVEL_WORDS,
    Mastery,
    MasteryLevel,
    MasteryParameters,
    mastery_level,
)
from assessment.knowledge.tracing import DEFAULT, Answered, History, trace_histories
from assessment.rules.mastery import Criterion, MasteryRules


@dataclass(frozen=True, slots=True)
class PathSkill:
    """A skill of the attempt. ``requires`` are those of the attempt that it builds on, directly or through others;
    ``earlier`` is what had been answered before the attempt.
    """

    slug: str
    title: str
    requires: tuple[str, ...] = ()
    parameters: MasteryParameters = DEFAULT
    earlier: tuple[Answered, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "slug": self.slug,
            "title": self.title,
            "requires": list(self.requires),
            "parameters": asdict(self.parameters),
            "earlier": [[one.at.isoformat(), one.score, one.hints] for one in self.earlier],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            slug=stored["slug"],
            title=stored["title"],
            requires=tuple(stored["requires"]),
            parameters=MasteryParameters(**stored["parameters"]),
            earlier=tuple(
                Answered(datetime.fromisoformat(at), score, hints) for at, score, hints in stored["earlier"]
            ),
        )


@dataclass(frozen=True, slots=True)
class Path:
    """What a mastery attempt began with and keeps. ``skills`` stand in the order of prerequisites; ``seen`` counts
    how often the learner had been shown items before.
    """

    rules: MasteryRules
    seed: int
    started_at: datetime
    skills: tuple[PathSkill, ...]
    seen: Mapping[str, int]

    def dice(self, purpose: str, place: int) -> random.Random:
        """Return the dice of one purpose at one place of the attempt."""
        digest = hashlib.sha256(f"{self.seed}/{purpose}/{place}".encode()).digest()
        return random.Random(int.from_bytes(digest[:16], "big"))  # noqa: S311 - the seed is secret and random

    def to_json(self) -> dict[str, Any]:
        return {
            "rules": self.rules.to_json(),
            "seed": self.seed,
            "started_at": self.started_at.isoformat(),
            "skills": [skill.to_json() for skill in self.skills],
            "seen": dict(self.seen),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            rules=MasteryRules.from_json(stored["rules"]),
            seed=stored["seed"],
            started_at=datetime.fromisoformat(stored["started_at"]),
            skills=tuple(PathSkill.from_json(skill) for skill in stored["skills"]),
            seen=stored["seen"],
        )


class State(StrEnum):
    """How a skill stands: ``open`` may be practiced, ``locked`` waits for what it builds on."""

    MASTERED = "mastered"
    OPEN = "open"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Standing:
    """One skill now. ``right`` of the ``counted`` last first tries were right; ``practiced`` is the number of items
    of this attempt that asked for it and were answered."""

    skill: PathSkill
    state: State
    mastery: Mastery
    right: int
    counted: int
    practiced: int

    @property
    def estimate(self) -> Mastery | None:
        """What answers say; None before any: the prior is about people, not about this one."""
        return self.mastery if self.mastery.count else None

    @property
    def level(self) -> MasteryLevel:
        """The level of the skill in this attempt. What the criterion passed is mastered here; nothing else is."""
        if self.state is State.MASTERED:
            return "mastered"
        level = mastery_level(self.mastery)
        return "nearly" if level == "mastered" else level

    @property
    def words(self) -> str:
        return LEVEL_WORDS[self.level]


@dataclass(frozen=True, slots=True)
class Shown:
    """One item of the attempt so far, with its first answer; None while there is none."""

    slug: str
    skills: tuple[str, ...]
    answered: Answered | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that might be shown; an exercise is a fresh variant every time."""

    slug: str
    is_exercise: bool
    skills: tuple[str, ...]
    enemies: frozenset[str] = frozenset()


def in_order(
    prerequisites: Mapping[str, Sequence[str]], wanted: Sequence[str]
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the wanted skills, each after all that it builds on, with what of those is wanted, too.

    Skills between that are not wanted still tell the order. Where skills build on each other in a circle, the one
    wanted first opens it.
    """
    before = {slug: _reached(prerequisites, slug) & set(wanted) - {slug} for slug in wanted}
    order: list[tuple[str, tuple[str, ...]]] = []
    left = list(wanted)
    while left:
        placed = [slug for slug, _ in order]
        ready = (slug for slug in left if before[slug] <= set(placed))
        slug = next(ready, left[0])
        left.remove(slug)
        order.append((slug, tuple(one for one in placed if one in before[slug])))
    return order


def standings(path: Path, shown: Sequence[Shown]) -> list[Standing]:
    """Return how every skill stands after the first answers so far."""
    answers = {skill.slug: _answers(skill, shown) for skill in path.skills}
    passed, latest = _judged(path, answers)
    return [
        Standing(
            skill=skill,
            state=_state(skill, passed),
            mastery=latest[skill.slug],
            right=sum(map(_is_right, answers[skill.slug][-path.rules.n :])),
            counted=len(answers[skill.slug][-path.rules.n :]),
            practiced=len(answers[skill.slug]) - len(skill.earlier),
        )
        for skill in path.skills
    ]


def next_skill(standing: Sequence[Standing], passing_over: Collection[str] = ()) -> Standing | None:
    """Return the first skill that is open; None when there is none left."""
    return next(
        (one for one in standing if one.state is State.OPEN and one.skill.slug not in passing_over), None
    )


def choose_item(
    candidates: Sequence[Candidate], path: Path, standing: Sequence[Standing], shown: Sequence[Shown]
) -> Candidate | None:
    """Return the item to practice with, by the first of these that tells items apart: it asks for nothing that is
    locked; it is no fixed item that the learner knows; none of its enemies was shown in the attempt; it was shown
    least often; it was not the last one; the dice.
    """
    locked = {one.skill.slug for one in standing if one.state is State.LOCKED}
    times = Counter(path.seen) + Counter(one.slug for one in shown)
    last = shown[-1].slug if shown else None

    here = {one.slug for one in shown}

    def rank(item: Candidate) -> tuple[bool, bool, bool, int, bool]:
        known = not item.is_exercise and times[item.slug] > 0
        met = not item.enemies.isdisjoint(here)
        return not locked.isdisjoint(item.skills), known, met, times[item.slug], item.slug == last

    best = min(map(rank, candidates), default=None)
    tied = sorted((item for item in candidates if rank(item) == best), key=lambda item: item.slug)
    return path.dice("item", len(shown) + 1).choice(tied) if tied else None


def reason(rules: MasteryRules, standing: Standing) -> str:
    """Return in a plain sentence why a skill is practiced now, for the learner as well."""
    skill = standing.skill
    before = "whose foundations here are mastered" if skill.requires else "which builds on nothing else here"
    return f"Practices “{skill.title}”, {before}. {_so_far(rules, standing)}"


def grounds(rules: MasteryRules, standing: Standing) -> str | None:
    """Return the numbers behind `reason`; None where it has them itself."""
    if rules.criterion is Criterion.M_OF_N:
        return None
    needed = (
        f"Mastered means known with at least {rules.threshold:.0%}, and with {rules.floor:.0%} "
        "at the low end of the band."
    )
    known = standing.mastery
    if not known.count:
        return needed
    band = f"the band runs from {known.low:.0%} to {known.high:.0%}"
    return f"It is known with about {known.probability:.0%}; {band}. {needed}"


SO_FAR: Final[Mapping[MasteryLevel, str]] = {
    "new": "You have not practiced it yet.",
    "not_yet": "Your answers so far say that you do not have it yet.",
    "shaky": "Your answers so far say that it is still shaky.",
    "nearly": "You probably know it; a few right answers more make it sure.",
    "mastered": "You have it.",
}


def _so_far(rules: MasteryRules, standing: Standing) -> str:
    if rules.criterion is Criterion.PROBABILITY:
        return SO_FAR[standing.level]
    wanted = f"mastered with {rules.m} of the last {rules.n} right at the first try"
    so_far = f"; so far {standing.right} of {standing.counted}" if standing.counted else ""
    return f"It is {wanted}{so_far}."


def _reached(prerequisites: Mapping[str, Sequence[str]], slug: str) -> set[str]:
    reached: set[str] = set()
    waiting = [slug]
    while waiting:
        new = set(prerequisites.get(waiting.pop(), ())) - reached
        reached |= new
        waiting += new
    return reached


def _answers(skill: PathSkill, shown: Sequence[Shown]) -> list[Answered]:
    own = [one.answered for one in shown if one.answered and skill.slug in one.skills]
    return [*skill.earlier, *own]


def _judged(path: Path, answers: Mapping[str, Sequence[Answered]]) -> tuple[set[str], dict[str, Mastery]]:
    """Return the skills that met the criterion at the start or after any answer, and what is known of each now."""
    asked: list[tuple[str, History]] = []
    for skill in path.skills:
        log, begun = answers[skill.slug], len(skill.earlier)
        asked.append((skill.slug, History(log[:begun], path.started_at, skill.parameters)))
        for end in range(begun + 1, len(log) + 1):
            asked.append((skill.slug, History(log[:end], log[end - 1].at, skill.parameters)))
    passed: set[str] = set()
    latest: dict[str, Mastery] = {}
    for (slug, history), known in zip(asked, trace_histories([one for _, one in asked]), strict=True):
        latest[slug] = known
        if _meets(path.rules, history.answers, known):
            passed.add(slug)
    return passed, latest


def _meets(rules: MasteryRules, answers: Sequence[Answered], known: Mastery) -> bool:
    if rules.criterion is Criterion.M_OF_N:
        return sum(map(_is_right, answers[-rules.n :])) >= rules.m
    return bool(answers) and known.probability >= rules.threshold and known.low >= rules.floor


def _is_right(answer: Answered) -> bool:
    return answer.evidence >= 1


def _state(skill: PathSkill, passed: Collection[str]) -> State:
    if skill.slug in passed:
        return State.MASTERED
    return State.OPEN if set(skill.requires) <= set(passed) else State.LOCKED
