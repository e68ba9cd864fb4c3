"""What practice until mastery does, before anyone practices: simulated learners of whom it is known what they know.

Learners follow the model that the criterion rests on (`assessment.knowledge.mastery`): each knows a skill or not, may
learn it after any answer, guesses and slips. So it can be counted how often the criterion is wrong: passed by whoever
does not have the skill, or not passed by somebody who has. All in one sitting: nothing is forgotten.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assessment.knowledge.mastery import Floats, MasteryParameters, Tracing

Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
Integers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Watch(ABC):
    """Watches the answers of many learners to one skill, and tells who has passed."""

    @abstractmethod
    def after(self, rows: Integers, right: Floats) -> Bools:
        """Return which of these learners have passed with an answer each, 1 for right."""


Criterion = Callable[[MasteryParameters, int], Watch]
"""Begins to watch so many learners of a skill."""


@dataclass(frozen=True, slots=True)
class _Probability(Watch):
    threshold: float
    floor: float
    tracing: Tracing

    def after(self, rows: Integers, right: Floats) -> Bools:
        known = self.tracing.take(rows, right)
        return np.asarray((known.probability >= self.threshold) & (known.low >= self.floor))


@dataclass(frozen=True, slots=True)
class _Last(Watch):
    m: int
    last: Floats

    def after(self, rows: Integers, right: Floats) -> Bools:
        self.last[rows] = np.hstack([self.last[rows, 1:], right[:, np.newaxis]])
        return np.asarray(self.last[rows].sum(axis=1) >= self.m)


def by_probability(threshold: float, floor: float) -> Criterion:
    """Return the criterion that a skill is known with ``threshold``, and at the band's low end with ``floor``."""
    return lambda parameters, learners: _Probability(threshold, floor, Tracing.begin(parameters, learners))


def by_last(m: int, n: int) -> Criterion:
    """Return the criterion that ``m`` of the last ``n`` answers are right."""
    return lambda _parameters, learners: _Last(m, np.zeros((learners, n)))


@dataclass(frozen=True, slots=True)
class Practiced:
    """One skill, an entry per learner: ``answers`` given, whether the criterion ``passed``, whether the skill is
    ``known`` at the end, and whether it was ``reached`` at all."""

    slug: str
    answers: Integers
    passed: Bools
    known: Bools
    reached: Bools


@dataclass(frozen=True, slots=True)
class SkillReport:
    """``answers`` until the criterion was passed, the middle and the 90th percentile; None where nobody passed.

    ``false_mastery`` is the share that does not have the skill of those who passed, ``false_nonmastery`` the share
    that has it of those who practiced it and did not pass; NaN where there are none.
    """

    slug: str
    reached: float
    mastered: float
    answers: float | None
    answers_90: float | None
    false_mastery: float
    false_nonmastery: float


@dataclass(frozen=True, slots=True)
class MasteryReport:
    """A simulation in numbers. ``finished`` is the share of learners who mastered all; ``length`` counts items.

    ``bars`` count learners by how many skills they mastered, from none to all.
    """

    learners: int
    skills: tuple[SkillReport, ...]
    finished: float
    mastered: float
    length: float
    longest: int
    bars: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def practice(
    skills: Sequence[tuple[str, MasteryParameters]],
    criterion: Criterion,
    *,
    learners: int,
    most: int,
    rng: np.random.Generator,
) -> list[Practiced]:
    """Let learners practice skills one after the other until each is passed, at most ``most`` items in all.

    A skill that is not passed keeps its learner to the end, as an attempt does.
    """
    left = np.full(learners, most)
    found = []
    for slug, parameters in skills:
        one = _practiced(slug, parameters, criterion, left, rng)
        left = np.where(one.passed, left - one.answers, 0)
        found.append(one)
    return found


def report(practiced: Sequence[Practiced]) -> MasteryReport:
    """Return the numbers that an instructor reads."""
    mastered = np.sum([one.passed for one in practiced], axis=0)
    lengths = np.sum([one.answers for one in practiced], axis=0)
    return MasteryReport(
        learners=len(mastered),
        skills=tuple(map(_skill_report, practiced)),
        finished=float((mastered == len(practiced)).mean()),
        mastered=float(mastered.mean() / len(practiced)),
        length=float(lengths.mean()),
        longest=int(lengths.max()),
        bars=tuple(np.bincount(mastered, minlength=len(practiced) + 1).tolist()),
    )


def _practiced(
    slug: str, parameters: MasteryParameters, criterion: Criterion, left: Integers, rng: np.random.Generator
) -> Practiced:
    learners = len(left)
    known: Bools = np.asarray(rng.random(learners) < parameters.prior)
    passed, count = np.zeros(learners, dtype=np.bool_), np.zeros(learners, dtype=np.int64)
    watch = criterion(parameters, learners)
    while len(busy := np.flatnonzero(~passed & (count < left))):
        chance = np.where(known[busy], 1 - parameters.slip, parameters.guess)
        right = (rng.random(len(busy)) < chance).astype(np.float64)
        # Learned from the answer, as the estimate after it assumes.
        known[busy] |= rng.random(len(busy)) < parameters.learn
        count[busy] += 1
        passed[busy] = watch.after(busy, right)
    return Practiced(slug, count, passed, known, np.asarray(left > 0))


def _skill_report(one: Practiced) -> SkillReport:
    until = one.answers[one.passed]
    tried = one.reached & ~one.passed
    return SkillReport(
        slug=one.slug,
        reached=float(one.reached.mean()),
        mastered=float(one.passed.mean()),
        answers=float(np.median(until)) if len(until) else None,
        answers_90=float(np.percentile(until, 90)) if len(until) else None,
        false_mastery=_share(~one.known, one.passed),
        false_nonmastery=_share(one.known, tried),
    )


def _share(wanted: Bools, among: Bools) -> float:
    return float(wanted[among].mean()) if among.any() else float("nan")
