"""Knowledge tracing: how likely it is that a learner has a skill, from scored answers in order.

A two-state hidden Markov model (Corbett & Anderson 1995) with forgetting over elapsed time (Qiu et al.
2011) and guess and slip below one half (Baker, Corbett & Aleven 2008), so that a right answer never counts
against a learner.

The band says how far ``probability`` can be trusted. The five parameters describe a skill, not a learner:
one learner guesses more than another, or came knowing more. So the trace is run again for a fixed spread of
parameter sets around the given one (logit-normal, standard deviation ``SPREAD``), each set is weighted by
how well it explains this learner's own answers, and the band holds the central 90 % of the results. With no
answers it is as wide as our ignorance of where the learner began; it narrows because of answers, never
because of optimism.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from statistics import NormalDist
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MasteryLevel = Literal["new", "not_yet", "shaky", "nearly", "mastered"]

SPREAD = 0.8
DRAWS = 256
BAND = (0.05, 0.95)
MASTERED_PROBABILITY = 0.95
MASTERED_LOW = 0.80
READY_PROBABILITY = 0.60

LEVELS: Final[tuple[tuple[MasteryLevel, float, float], ...]] = (
    ("mastered", MASTERED_PROBABILITY, MASTERED_LOW),
    ("nearly", 0.75, 0.0),
    ("shaky", 1 / 3, 0.0),
    ("not_yet", 0.0, 0.0),
)
"""Each level with the least probability and the least low end of the band that it takes, the highest first.

The only table of its kind: whoever has a word for an estimate has it from here.
"""
LEVEL_WORDS: Final[Mapping[MasteryLevel, str]] = {
    "new": "not practiced yet",
    "not_yet": "not yet",
    "shaky": "shaky",
    "nearly": "probably known",
    "mastered": "mastered",
}
"""What a learner and an instructor read."""

# One prime per parameter: the bases of the Halton sequence that spreads the parameter sets evenly.
_BASES = (2, 3, 5, 7, 11)
# The upper limit of each parameter, in the order of the fields of MasteryParameters.
LIMITS = np.array([1.0, 1.0, 1.0, 0.5, 0.5])
# Keeps a parameter of exactly 0 or 1 on the logit scale and every likelihood above zero.
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class MasteryParameters:
    """What is assumed of one skill, before any answer of the learner is seen.

    ``prior`` known at the first answer; ``learn`` learned from one answer; ``forget`` forgotten in one day;
    ``guess`` right without knowing and ``slip`` wrong in spite of knowing. All are probabilities, the last
    two below one half. Raises ValueError otherwise.
    """

    prior: float = 0.30
    learn: float = 0.15
    forget: float = 0.005
    guess: float = 0.20
    slip: float = 0.10

    def __post_init__(self) -> None:
        for name in ("prior", "learn", "forget"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must lie in [0, 1], got {getattr(self, name)}")
        for name in ("guess", "slip"):
            if not 0 <= getattr(self, name) < 0.5:
                raise ValueError(f"{name} must lie in [0, 0.5), got {getattr(self, name)}")

    def for_readiness(self, readiness: float) -> Self:
        """Return these parameters for a learner who has the prerequisites with probability ``readiness``."""
        return replace(self, prior=self.prior * readiness)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One scored answer: ``correct`` in [0, 1] and the days since the previous answer on the same skill.

    The first answer's days are ignored: ``prior`` is what was known then. Partial credit is soft evidence:
    a score of 0.8 weighs the likelihoods of right and wrong 4 to 1, a score of one half says nothing.
    """

    correct: float
    days_since_previous: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.correct <= 1:
            raise ValueError(f"correct must lie in [0, 1], got {self.correct}")
        if not self.days_since_previous >= 0:
            raise ValueError(f"days_since_previous must not be negative, got {self.days_since_previous}")


@dataclass(frozen=True, slots=True)
class Mastery:
    """The probability that the skill is known, its central 90 % band, and the number of answers behind it."""

    probability: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Masteries:
    """The same for many learners at once: one entry per learner in each array."""

    probability: Floats
    low: Floats
    high: Floats
    count: NDArray[np.int64]

    def __getitem__(self, learner: int) -> Mastery:
        return Mastery(
            float(self.probability[learner]),
            float(self.low[learner]),
            float(self.high[learner]),
            int(self.count[learner]),
        )


def trace(
    parameters: MasteryParameters, evidence: Sequence[Evidence], *, days_since_last: float = 0.0
) -> Mastery:
    """Return the mastery after all of ``evidence``, oldest first, and ``days_since_last`` days without
    practice.
    """
    correct = np.array([[one.correct for one in evidence]])
    days = np.array([[one.days_since_previous for one in evidence]])
    return trace_many(parameters, correct, days, days_since_last=np.array([days_since_last]))[0]


def trace_many(
    parameters: MasteryParameters, correct: Floats, days: Floats, *, days_since_last: Floats | None = None
) -> Masteries:
    """Return the mastery of many learners of one skill.

    ``correct`` and ``days`` are learners x answers, as in `Evidence`; rows shorter than the longest are
    padded with NaN in ``correct``. ``days_since_last`` has one entry per learner.
    """
    rest = np.zeros(len(correct)) if days_since_last is None else days_since_last
    known, _ = forward(np.array([astuple(parameters)]), correct, days, rest)
    spread, log_likelihood = forward(_parameter_sets(parameters), correct, days, rest)
    return _masteries(known[:, 0], spread, log_likelihood, np.sum(~np.isnan(correct), axis=1))


def forward(sets: Floats, correct: Floats, days: Floats, rest: Floats) -> tuple[Floats, Floats]:
    """Return P(known) now and the log-likelihood of the answers, both learners x parameter sets.

    ``sets`` is parameter sets x 5 in the order of `MasteryParameters`; ``rest`` is days since the last
    answer.
    """
    prior, learn, forget, guess, slip = sets.T[:, np.newaxis, :]
    known = np.repeat(prior, len(correct), axis=0)
    log_likelihood = np.zeros_like(known)
    kept = np.log1p(-np.minimum(forget, 1 - _TINY))
    for step in range(correct.shape[1]):
        score = correct[:, step, np.newaxis]
        answered = ~np.isnan(score)
        if step:
            # Learning belongs to the answer before, forgetting to the days since.
            moved = (known + (1 - known) * learn) * np.exp(kept * days[:, step, np.newaxis])
            known = np.where(answered, moved, known)
        right = np.where(answered, score, 0.5)
        posterior, likelihood = _answered(known, right, guess, slip)
        log_likelihood += np.where(answered, np.log(likelihood), 0.0)
        known = np.where(answered, posterior, known)
    practiced = np.any(~np.isnan(correct), axis=1)[:, np.newaxis]
    after = (known + (1 - known) * learn) * np.exp(kept * rest[:, np.newaxis])
    return np.where(practiced, after, known), log_likelihood


@dataclass(frozen=True, slots=True)
class Tracing:
    """Many learners of one skill, traced answer by answer in one sitting: what `trace_many` finds, without beginning
    anew each time. The arrays are learners x parameter sets, the first set the given one; `take` changes them."""

    sets: Floats
    known: Floats
    log_likelihood: Floats
    counts: NDArray[np.int64]

    @classmethod
    def begin(cls, parameters: MasteryParameters, learners: int) -> Self:
        sets = np.vstack([astuple(parameters), _parameter_sets(parameters)])
        known = np.repeat(sets[np.newaxis, :, 0], learners, axis=0)
        return cls(sets, known, np.zeros_like(known), np.zeros(learners, dtype=np.int64))

    def take(self, rows: NDArray[np.int64], right: Floats) -> Masteries:
        """Add an answer of each of these learners, and return their masteries."""
        _, learn, _, guess, slip = self.sets.T[:, np.newaxis, :]
        posterior, likelihood = _answered(self.known[rows], right[:, np.newaxis], guess, slip)
        self.known[rows] = posterior + (1 - posterior) * learn
        self.log_likelihood[rows] += np.log(likelihood)
        self.counts[rows] += 1
        return _masteries(
            self.known[rows, 0], self.known[rows, 1:], self.log_likelihood[rows, 1:], self.counts[rows]
        )


def mastery_level(mastery: Mastery) -> MasteryLevel:
    """Return the level of a mastery. ``mastered`` asks for certainty: the low end of the band counts, too."""
    if mastery.count == 0:
        return "new"
    reached = (name for name, known, low in LEVELS if mastery.probability >= known and mastery.low >= low)
    return next(reached)


def readiness(prerequisites: Sequence[Mastery]) -> float:
    """Return the probability that all prerequisites are known; 1 without prerequisites.

    The product, as if skills were known independently. Known skills go together in practice, so this errs
    towards more practice of the prerequisites, never towards a skill that the learner cannot follow.
    """
    return float(np.prod([mastery.probability for mastery in prerequisites]))


def ready_skills(
    prerequisites: Mapping[str, Sequence[str]],
    masteries: Mapping[str, Mastery],
    *,
    threshold: float = READY_PROBABILITY,
) -> tuple[str, ...]:
    """Return the skills to learn next, in the order given: not mastered yet, all prerequisites likely known.

    A prerequisite without a mastery counts as not known.
    """
    unknown = Mastery(probability=0.0, low=0.0, high=1.0, count=0)

    def is_next(skill: str) -> bool:
        before = [masteries.get(name, unknown) for name in prerequisites[skill]]
        return mastery_level(masteries.get(skill, unknown)) != "mastered" and readiness(before) >= threshold

    return tuple(skill for skill in prerequisites if is_next(skill))


def _answered(known: Floats, right: Floats, guess: Floats, slip: Floats) -> tuple[Floats, Floats]:
    """Return P(known) after an answer, and its likelihood."""
    if_known = right * (1 - slip) + (1 - right) * slip
    if_not = right * guess + (1 - right) * (1 - guess)
    likelihood = np.maximum(known * if_known + (1 - known) * if_not, _TINY)
    return known * if_known / likelihood, likelihood


def _masteries(known: Floats, spread: Floats, log_likelihood: Floats, count: NDArray[np.int64]) -> Masteries:
    weights = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    low, high = (_weighted_quantile(spread, weights, level) for level in BAND)
    # A few unlikely sets can pull the plain estimate past the edge of the band; a band always holds its
    # estimate.
    return Masteries(known, np.minimum(low, known), np.maximum(high, known), count)


@lru_cache(maxsize=256)
def _parameter_sets(parameters: MasteryParameters) -> Floats:
    """Return the spread of parameter sets around the given one, ``DRAWS`` x 5, always the same."""
    center = np.clip(np.array(astuple(parameters)) / LIMITS, _TINY, 1 - _TINY)
    logit = np.log(center / (1 - center)) + SPREAD * _normal_halton()
    sets: Floats = LIMITS / (1 + np.exp(-logit))
    sets.setflags(write=False)
    return sets


@lru_cache(maxsize=1)
def _normal_halton() -> Floats:
    standard = NormalDist()
    return np.array(
        [[standard.inv_cdf(_radical_inverse(n, base)) for base in _BASES] for n in range(1, DRAWS + 1)]
    )


def _radical_inverse(number: int, base: int) -> float:
    """Return the digits of ``number`` in ``base`` mirrored behind the point: the van der Corput sequence."""
    value, place = 0.0, 1.0
    while number:
        number, digit = divmod(number, base)
        place /= base
        value += digit * place
    return value


def _weighted_quantile(values: Floats, weights: Floats, level: float) -> Floats:
    """Return, for each row, the smallest value that holds ``level`` of the row's weight below or at it."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    share = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    index = np.argmax(share >= level * share[:, -1:], axis=1)
    return np.take_along_axis(ordered, index[:, np.newaxis], axis=1)[:, 0]
