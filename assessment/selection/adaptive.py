"""Choosing the next item of an adaptive attempt: from what is stored to a choice with its reason. Pure.

The same stored state gives the same choice: all chance comes from the attempt's own seed and the place in it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from assessment.psychometrics import irt
from assessment.psychometrics.adaptive import AdaptiveState, Proposal, propose
from assessment.psychometrics.exposure import Eligibility
from assessment.psychometrics.irt import Floats
from assessment.psychometrics.shadow import Infeasible, ShadowTest
from assessment.psychometrics.stopping import Stop
from assessment.rules.adaptive import AdaptiveRules
from assessment.selection.ability import estimate
from assessment.selection.pool import ItemPool, Parameters
from assessment.selection.seeding import has_room

SEED_NOW: Final = 0.5
"""How often an unscored item is asked where there is room for one: nobody shall tell them by their place."""
SEEDED: Final = "seeded"

Withheld = Mapping[str, Sequence[tuple[float, bool]]]
"""From an item to its chance and its eligibility in each band, for items that were not certain to be eligible."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What an adaptive attempt began with and keeps: its rules, its seed, what exposure control allowed it."""

    rules: AdaptiveRules
    seed: int
    eligibility: Withheld

    def dice(self, purpose: str, place: int = 0) -> np.random.Generator:
        """Return the generator of one purpose at one place of the attempt: Philox with a key of its own."""
        return np.random.Generator(np.random.Philox(key=self._key(purpose, place)))

    def variants(self, place: int, slug: str) -> random.Random:
        """Return the dice that draw the variant of an item at a place."""
        return random.Random(self._key(f"variant {slug}", place))  # noqa: S311 - the seed is secret and random

    def band(self, theta: float) -> int:
        """Return the band of exposure control that an estimate lies in."""
        return self.rules.exposure.band(theta) if self.rules.exposure else 0

    def withheld(self, band: int) -> list[str]:
        """Return the items that exposure control keeps from this attempt in a band."""
        return [slug for slug, bands in self.eligibility.items() if not bands[band][1]]

    def eligible(self, pool: ItemPool) -> Eligibility | None:
        """Return the eligibility of the pool's items as the engine takes it."""
        if self.rules.exposure is None:
            return None
        kept = {slug: bands for slug, bands in self.eligibility.items() if slug in pool.place}
        shape = (len(kept), len(self.rules.exposure.edges) + 1)
        demanded = np.array([pool.place[slug] for slug in kept], dtype=np.int64)
        chance = np.array([[one for one, _ in bands] for bands in kept.values()]).reshape(shape)
        eligible = np.array([[one for _, one in bands] for bands in kept.values()], dtype=np.bool_)
        return Eligibility(len(pool.measuring), demanded, eligible.reshape(shape).T, chance.T)

    def to_json(self) -> dict[str, Any]:
        eligibility = {slug: [list(band) for band in bands] for slug, bands in self.eligibility.items()}
        return {"rules": self.rules.to_json(), "seed": self.seed, "eligibility": eligibility}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        eligibility = {
            slug: [(float(chance), bool(eligible)) for chance, eligible in bands]
            for slug, bands in stored["eligibility"].items()
        }
        return cls(AdaptiveRules.from_json(stored["rules"]), stored["seed"], eligibility)

    def _key(self, purpose: str, place: int) -> int:
        digest = hashlib.sha256(f"{self.seed}/{purpose}/{place}".encode()).digest()
        return int.from_bytes(digest[:16], "big")


@dataclass(frozen=True, slots=True)
class Shown:
    """One item of an attempt so far; ``shadow`` is the test it was taken from, if it was."""

    slug: str
    is_seeded: bool
    score: float
    shadow: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The next item and why. ``value`` is what its rule went by, ``information`` what it tells at ``theta``."""

    slug: str
    is_seeded: bool
    parameters: Parameters
    calibrated: bool
    rule: str
    theta: float
    standard_error: float
    value: float
    information: float
    candidates: int
    shadow: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The choice in a sentence, for whoever asks."""
        if self.is_seeded:
            return (
                f"Not calibrated yet: asked to learn about it, and not scored ({self.candidates} such items)."
            )
        source = "" if self.calibrated else ", by its author's guess of its difficulty,"
        return (
            f"Of {self.candidates} items that might be given, this one{source} served best by the rule "
            f"{self.rule.replace('_', ' ')} for an ability of {self.theta:.2f} ± {self.standard_error:.2f}."
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "theta": self.theta,
            "standard_error": self.standard_error,
            "value": self.value,
            "information": self.information,
            "candidates": self.candidates,
            "seeded": self.is_seeded,
            "calibrated": self.calibrated,
            "parameters": self.parameters.to_json(),
            "shadow": list(self.shadow),
            "reason": self.reason,
        }


def eligibility_to_keep(pool: ItemPool, drawn: Eligibility) -> Withheld:
    """Return the part of a draw that has to be stored: the items that were not certain to be eligible."""
    bands = zip(drawn.demanded.tolist(), drawn.chance.T.tolist(), drawn.eligible.T.tolist(), strict=True)
    return {
        pool.measuring[place].slug: list(zip(chance, eligible, strict=True))
        for place, chance, eligible in bands
    }


def choose_next(
    beginning: Beginning, pool: ItemPool, log_posterior: Floats, shown: Sequence[Shown]
) -> Chosen | Stop:
    """Return the next item of an attempt, or why it ends. An item for which there is room is seeded by chance.

    Enemies of what has been given are passed over, unless nothing else is left.
    """
    apart = pool.after([one.slug for one in shown])
    chosen = _choose(beginning, apart, log_posterior, shown)
    if apart is not pool and chosen == Stop("bank_exhausted"):
        return _choose(beginning, pool, log_posterior, shown)
    return chosen


def _choose(
    beginning: Beginning, pool: ItemPool, log_posterior: Floats, shown: Sequence[Shown]
) -> Chosen | Stop:
    state = _state(beginning, pool, log_posterior, shown)
    proposed = _propose(beginning, pool, state, len(shown))
    if isinstance(proposed, Stop):
        return proposed
    if seeded := _seeded(beginning, pool, state, shown):
        return seeded
    return _chosen(pool, state, proposed)


def _state(
    beginning: Beginning, pool: ItemPool, log_posterior: Floats, shown: Sequence[Shown]
) -> AdaptiveState:
    measured = [one for one in shown if not one.is_seeded]
    last = measured[-1].shadow if measured else ()
    items = tuple(pool.place[slug] for slug in last) if set(last) <= pool.place.keys() else ()
    return AdaptiveState(
        log_posterior,
        tuple(pool.place[one.slug] for one in measured),
        tuple(one.score for one in measured),
        beginning.eligible(pool),
        # Its value is computed anew from today's posterior.
        ShadowTest(items, 0.0, proven=False) if items else None,
    )


def _propose(beginning: Beginning, pool: ItemPool, state: AdaptiveState, place: int) -> Proposal | Stop:
    if not pool.measuring:
        return Stop("bank_exhausted")
    dice = beginning.dice("choice", place)
    try:
        return propose(pool.plan(beginning.rules), pool.snapshot, state, dice)
    except Infeasible:
        # Rows that cannot all be met, with what is left, are come near to instead of trapping the learner.
        return propose(pool.plan(beginning.rules, shadow=False), pool.snapshot, state, dice)


def _seeded(
    beginning: Beginning, pool: ItemPool, state: AdaptiveState, shown: Sequence[Shown]
) -> Chosen | None:
    given = {one.slug for one in shown}
    left = [item for item in pool.uncalibrated if item.slug not in given]
    seeded_so_far = sum(one.is_seeded for one in shown)
    if not left or not has_room(beginning.rules.seeding, len(shown), seeded_so_far):
        return None
    dice = beginning.dice(SEEDED, len(shown))
    if dice.random() >= SEED_NOW:
        return None
    item = left[int(dice.integers(len(left)))]
    theta, error = estimate(state.log_posterior)
    guess = Parameters(a=1.0, b=item.difficulty)
    return Chosen(
        slug=item.slug,
        is_seeded=True,
        parameters=guess,
        calibrated=False,
        rule=SEEDED,
        theta=theta,
        standard_error=error,
        value=0.0,
        information=_information(guess, theta),
        candidates=len(left),
        shadow=(),
    )


def _chosen(pool: ItemPool, state: AdaptiveState, proposal: Proposal) -> Chosen:
    item = pool.measuring[proposal.item]
    theta, error = estimate(state.log_posterior)
    test = proposal.shadow.items if proposal.shadow else ()
    return Chosen(
        slug=item.slug,
        is_seeded=False,
        parameters=item.parameters,
        calibrated=item.calibrated,
        rule=proposal.rule,
        theta=theta,
        standard_error=error,
        value=proposal.value,
        information=_information(item.parameters, theta),
        candidates=_allowed(pool, state),
        shadow=tuple(pool.measuring[place].slug for place in test),
    )


def _information(parameters: Parameters, theta: float) -> float:
    return float(irt.information(theta, parameters.as_item())[0, 0])


def _allowed(pool: ItemPool, state: AdaptiveState) -> int:
    """Return how many items have not been given and are not withheld in every band."""
    withheld = [] if state.eligibility is None else state.eligibility.withheld().tolist()
    return len(pool.measuring) - len({*withheld, *state.administered})
