"""Simulated learners take an assessment of the fixed mode: first tries, by what is known of the items' difficulty."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from assessment.calibration.simulated import Asked, Simulated, theta_between
from assessment.models import Calibration, StatisticsSnapshot
from assessment.modes import mode_of
from assessment.modes.base import Planned, rules_of
from assessment.psychometrics import charts, linear, pictures
from assessment.psychometrics.irt import ItemParameters
from assessment.rules.definition import AssessmentDefinition
from assessment.rules.fixed import FixedRules
from assessment.selection.pool import Parameters
from content.models import Item

FORMS: Final = 20
"""Draws that stand for all where items are drawn from banks."""
AVERAGE: Final = Parameters(a=1.0, b=0.0)
"""What is assumed of an item of whose difficulty nobody has said anything."""
RELIABLE: Final = 0.8
TOO_LOW: Final = 0.6
EXTREME: Final = 0.3
"""A share of learners at one end of the scale that tells them no longer apart."""
UNEVEN: Final = 0.1


@dataclass(frozen=True, slots=True)
class Known:
    """An item with its parameters: ``origin`` is answers, guess or nothing; ``seconds`` as far as they are known."""

    item: Item
    parameters: Parameters
    origin: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class ItemTold:
    """An item as its author reads of it: its share right, and the share of learners who get it."""

    slug: str
    title: str
    difficulty: float | None
    origin: str
    facility: float
    asked: float


@dataclass(frozen=True, slots=True)
class SimulatedFixed(Simulated):
    mode: ClassVar[str] = "fixed"

    definition: AssessmentDefinition
    known: Sequence[Known]
    forms: Sequence[linear.Form]
    taken: linear.Taken
    report: linear.LinearReport

    @property
    def by_item(self) -> list[ItemTold]:
        return [
            ItemTold(
                one.item.slug,
                one.item.title,
                None if one.origin == "nothing" else one.parameters.b,
                one.origin,
                float(self.taken.facility[place]),
                float(self.taken.asked[place]),
            )
            for place, one in enumerate(self.known)
        ]

    @property
    def minutes(self) -> float | None:
        """How long half of the learners need, by the answers so far; None where that is not known of every item."""
        seconds = [one.seconds for one in self.known]
        if any(one is None for one in seconds):
            return None
        sums = [sum(seconds[place] or 0.0 for place in form.items) for form in self.forms]
        return float(np.mean(sums)) / 60

    @property
    def remarks(self) -> list[str]:
        found = (_unknown, _reliability, _ends, _uneven, _time, _tries)
        return [remark for look in found for remark in look(self)]

    def pictures(self) -> dict[str, str]:
        return {
            "scores": charts.distribution(
                self.report.bars, (0, 100), "Scores", "percent of all points", counted="learners"
            ),
            "abilities": pictures.scores(
                self.taken.theta, self.taken.shares, self.definition.rules.pass_fraction
            ),
        }

    def told(self) -> dict[str, Any]:
        return {
            "items": len(self.known),
            "calibrated": sum(one.origin == "answers" for one in self.known),
            "forms": len(self.forms),
            "minutes": self.minutes,
            "report": self.report.to_json(),
            "by_item": [
                {"slug": one.slug, "difficulty": one.difficulty, "facility": one.facility, "asked": one.asked}
                for one in self.by_item
            ],
        }

    def lines(self) -> list[str]:
        found = self.report
        minutes = "not known yet" if self.minutes is None else f"about {self.minutes:.0f} minutes"
        return [
            f"{found.learners} learners, {len(self.known)} items, {len(self.forms)} forms",
            f"score {found.mean:.0%} on average, standard deviation {found.sd:.0%}, {found.passing:.0%} pass",
            f"reliability {_number(found.alpha)} (alpha; {_number(found.reliability)} over all forms), standard "
            "error "
            f"{_number(found.standard_error)} of the full score",
            f"time {minutes}",
            f"{'theta':>14} {'learners':>8} {'score':>6} {'pass':>6}",
            *(
                f"{theta_between(one.low, one.high):>14} {one.learners:>8} {one.mean:>6.0%} {one.passing:>6.0%}"
                for one in found.bands
            ),
            f"{'right':>6} {'asked':>6}  item",
            *(f"{one.facility:>6.0%} {one.asked:>6.0%}  {one.slug}" for one in self.by_item),
        ]


def simulate_fixed(asked: Asked) -> SimulatedFixed:
    """Let learners of normal ability take the forms that its own draws make. Raises BankExhausted."""
    plans = list(_plans(asked.definition, asked.seed))
    items = list({one.item.slug: one.item for plan in plans for one in plan}.values())
    place = {item.slug: number for number, item in enumerate(items)}
    known = _known(items)
    forms = [
        linear.Form(
            np.array([place[one.item.slug] for one in plan]),
            np.array([one.weight for one in plan], dtype=float),
        )
        for plan in plans
    ]
    rng = np.random.default_rng(asked.seed)
    table = np.array([[p.a, p.b, p.c, p.d] for p in (one.parameters for one in known)])
    taken = linear.take(ItemParameters(*table.T), forms, rng.normal(size=asked.learners), rng)
    if asked.progress:
        asked.progress(asked.learners, asked.learners)
    report = linear.report(taken, pass_fraction=asked.definition.rules.pass_fraction)
    return SimulatedFixed(asked.definition.slug, asked.seed, asked.definition, known, forms, taken, report)


def _plans(definition: AssessmentDefinition, seed: int) -> Iterator[Sequence[Planned]]:
    draws = any(slot.bank for slot in rules_of(definition, FixedRules).slots)
    for number in range(FORMS if draws else 1):
        dice = random.Random(f"{seed}/{number}")  # noqa: S311 - so that a report can be had again
        yield mode_of(definition).rehearse(definition, dice).places or ()


def _known(items: Sequence[Item]) -> list[Known]:
    banks = {item.bank_id for item in items}
    calibrated: dict[str, Parameters] = {}
    for one in Calibration.objects.filter(bank__in=banks, is_active=True):
        calibrated |= one.items()
    seconds = _seconds(banks)
    return [_of(item, calibrated.get(item.slug), seconds.get(item.slug)) for item in items]


def _of(item: Item, calibrated: Parameters | None, seconds: float | None) -> Known:
    if calibrated:
        return Known(item, calibrated, "answers", seconds)
    guess = item.version.definition.difficulty
    if guess is None:
        return Known(item, AVERAGE, "nothing", seconds)
    return Known(item, Parameters(a=1.0, b=float(guess)), "guess", seconds)


def _seconds(banks: set[Any]) -> Mapping[str, float]:
    """Return the middle time in view by slug, from the statistics of banks that somebody has looked at."""
    found: dict[str, float] = {}
    for snapshot in StatisticsSnapshot.objects.filter(bank__in=banks):
        report = snapshot.document.get("all") or snapshot.document.get("first") or {}
        for item in report.get("items", ()):
            if (median := item["seconds"]["median"]) is not None:
                found[item["slug"]] = float(median)
    return found


def _number(value: float) -> str:
    return "unknown" if np.isnan(value) else f"{value:.2f}"


def _unknown(found: SimulatedFixed) -> Iterator[str]:
    total = len(found.known)
    nothing = sum(one.origin == "nothing" for one in found.known)
    guessed = sum(one.origin == "guess" for one in found.known)
    if nothing:
        yield (
            f"Nobody has said how hard {nothing} of {total} questions are: they are taken as average. Write a "
            "difficulty into each, or calibrate the bank when there are answers."
        )
    if guessed:
        yield (
            f"{guessed} of {total} difficulties are guesses of the authors; what comes of them holds as far as the "
            "guesses do."
        )


def _reliability(found: SimulatedFixed) -> Iterator[str]:
    alpha = found.report.alpha
    if np.isnan(alpha):
        yield "One question alone tells nothing of how reliable a score is."
    elif 0 < alpha < TOO_LOW:
        times = RELIABLE / (1 - RELIABLE) * (1 - alpha) / alpha  # Spearman and Brown
        yield (
            f"A reliability of {alpha:.2f} tells learners hardly apart. About {times:.1f} times as many questions "
            "like these "
            f"would come to {RELIABLE}; so would fewer that tell more."
        )
    elif alpha <= 0:
        yield "These scores are luck: the reliability is not above 0."


def _ends(found: SimulatedFixed) -> Iterator[str]:
    low, high = found.report.bars[0], found.report.bars[-1]
    if high / found.report.learners > EXTREME:
        yield (
            f"{high / found.report.learners:.0%} of the learners get nine tenths or more: it is easy, and tells "
            "good ones hardly apart."
        )
    if low / found.report.learners > EXTREME:
        yield f"{low / found.report.learners:.0%} of the learners get less than a tenth: it is too hard."


def _uneven(found: SimulatedFixed) -> Iterator[str]:
    """Compare the forms for somebody of average ability."""
    chance = np.array([_chance(one.parameters) for one in found.known])
    shares = [float(chance[form.items] @ form.weights / form.weights.sum()) for form in found.forms]
    if (gap := max(shares) - min(shares)) > UNEVEN:
        yield (
            f"Who gets which questions matters: for somebody of average ability the hardest and the easiest draw are "
            f"{gap:.0%} of the points apart. Draw from questions of like difficulty."
        )


def _chance(one: Parameters) -> float:
    return float(one.c + (one.d - one.c) / (1 + np.exp(one.a * one.b)))


def _time(found: SimulatedFixed) -> Iterator[str]:
    limit, minutes = found.definition.usual.time_limit_minutes, found.minutes
    unknown = sum(one.seconds is None for one in found.known)
    if minutes is None:
        yield (
            f"How long it takes is not known: for {unknown} of {len(found.known)} questions no time has been counted "
            "yet."
        )
    elif limit is not None and minutes > limit:
        yield f"Half of the learners need {minutes:.0f} minutes or more, and the limit is {limit}."


def _tries(found: SimulatedFixed) -> Iterator[str]:
    if found.definition.rules.tries != 1 and found.definition.rules.tells_at_once:
        yield "First tries are simulated; with further ones scores are higher."
