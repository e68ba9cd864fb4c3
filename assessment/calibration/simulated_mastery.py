"""Simulated learners practice until mastery, with the rules and skills of an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from assessment.calibration.simulated import Asked, Simulated
from assessment.knowledge.mastery import MasteryParameters
from assessment.knowledge.simulating import (
    Criterion,
    MasteryReport,
    SkillReport,
    by_last,
    by_probability,
    practice,
    report,
)
from assessment.knowledge.tracing import DEFAULT
from assessment.modes.base import Practiced, rules_of
from assessment.modes.mastery import skills_of
from assessment.progress.evidence import mastery_parameters
from assessment.psychometrics import charts
from assessment.rules.mastery import Criterion as By
from assessment.rules.mastery import MasteryRules

TOO_OFTEN: Final = 0.1
ENOUGH: Final = 20
"""Learners who passed, before a share of them is worth a word."""
NEARLY_ALL: Final = 0.9


@dataclass(frozen=True, slots=True)
class SkillTold:
    """A skill with what is assumed of it, how many items it has, and what came of it."""

    title: str
    items: int
    parameters: MasteryParameters
    found: SkillReport


@dataclass(frozen=True, slots=True)
class SimulatedMastery(Simulated):
    mode: ClassVar[str] = "mastery"

    rules: MasteryRules
    skills: Sequence[SkillTold]
    report: MasteryReport

    @property
    def remarks(self) -> list[str]:
        found = (_wrong, _length, _few_items, _assumed)
        return [remark for look in found for remark in look(self)]

    def pictures(self) -> dict[str, str]:
        edges = (-0.5, len(self.skills) + 0.5)
        bars = charts.distribution(self.report.bars, edges, "Skills mastered", "skills", counted="learners")
        return {"mastered": bars}

    def told(self) -> dict[str, Any]:
        return {"skills": len(self.skills), "report": self.report.to_json()}

    def lines(self) -> list[str]:
        found = self.report
        return [
            f"{found.learners} learners, {len(self.skills)} skills",
            f"{found.finished:.0%} master all of them, {found.mastered:.0%} of the skills on average",
            f"length {found.length:.1f} on average, {found.longest} at most",
            f"{'reached':>8} {'mastered':>8} {'answers':>8} {'90 %':>6} {'wrongly':>8} {'missed':>7}  skill",
            *map(_row, self.skills),
            "answers: until mastery, the middle and the 90th percentile; wrongly: do not have it, of those who",
            "passed; missed: have it, of those who did not",
        ]


def simulate_mastery(asked: Asked) -> SimulatedMastery:
    """Let new learners practice the skills in their order. Raises BankExhausted when there is nothing to practice.

    Each item counts for the skill that is practiced; what a learner has shown before is not simulated.
    """
    rules = rules_of(asked.definition, MasteryRules)
    order = skills_of(asked.definition)
    parameters = mastery_parameters([one.skill.pk for one in order])
    found = practice(
        [(one.skill.slug, parameters[one.skill.pk]) for one in order],
        _criterion(rules),
        learners=asked.learners,
        most=rules.max_items,
        rng=np.random.default_rng(asked.seed),
    )
    if asked.progress:
        asked.progress(asked.learners, asked.learners)
    told = report(found)
    skills = [_told(one, parameters[one.skill.pk], of) for one, of in zip(order, told.skills, strict=True)]
    return SimulatedMastery(asked.definition.slug, asked.seed, rules, skills, told)


def _criterion(rules: MasteryRules) -> Criterion:
    if rules.criterion is By.M_OF_N:
        return by_last(rules.m, rules.n)
    return by_probability(rules.threshold, rules.floor)


def _told(one: Practiced, parameters: MasteryParameters, found: SkillReport) -> SkillTold:
    return SkillTold(one.skill.title, one.items, parameters, found)


def _row(one: SkillTold) -> str:
    found = one.found
    return (
        f"{found.reached:>8.0%} {found.mastered:>8.0%} {_count(found.answers):>8} {_count(found.answers_90):>6} "
        f"{_share(found.false_mastery):>8} {_share(found.false_nonmastery):>7}  {one.title}"
    )


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.0%}"


def _wrong(found: SimulatedMastery) -> Iterator[str]:
    for one in found.skills:
        passed = one.found.mastered * found.report.learners
        if passed >= ENOUGH and one.found.false_mastery > TOO_OFTEN:
            yield (
                f"Of those who pass “{one.title}” {one.found.false_mastery:.0%} do not have it: the criterion is "
                "passed by "
                "luck. Ask for more right answers, or for more certainty."
            )


def _length(found: SimulatedMastery) -> Iterator[str]:
    last, most = found.skills[-1], found.rules.max_items
    if last.found.reached < NEARLY_ALL:
        yield (
            f"Only {last.found.reached:.0%} of the learners come to “{last.title}” before {most} questions are used "
            "up. Allow "
            "more, or practice fewer skills at once."
        )
    elif found.report.finished < NEARLY_ALL:
        yield (
            f"{1 - found.report.finished:.0%} of the learners use up {most} questions before they have mastered "
            "everything."
        )


def _few_items(found: SimulatedMastery) -> Iterator[str]:
    for one in found.skills:
        if one.found.answers is not None and one.items < one.found.answers:
            there = "there is one question" if one.items == 1 else f"there are {one.items} questions"
            yield (
                f"“{one.title}” takes about {one.found.answers:.0f} answers, and {there} for it: they come again, "
                "with other "
                "numbers where they have parameters."
            )


def _assumed(found: SimulatedMastery) -> Iterator[str]:
    usual = sum(one.parameters == DEFAULT for one in found.skills)
    if usual:
        yield (
            f"Of {usual} of {len(found.skills)} skills it is assumed what is of any: {DEFAULT.prior:.0%} know it "
            "before, "
            f"{DEFAULT.learn:.0%} learn it from an answer, {DEFAULT.guess:.0%} guess, {DEFAULT.slip:.0%} slip. With "
            "enough answers this can be fitted to each skill."
        )
