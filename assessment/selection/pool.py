"""The items that an adaptive attempt may be given, with their parameters: a snapshot that never changes.

A pool knows its items by their slugs; the engine knows them by their place in arrays. This is where one becomes
the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, Self
from uuid import UUID

import numpy as np

from assessment.psychometrics import irt
from assessment.psychometrics.adaptive import AdaptivePlan
from assessment.psychometrics.bank import BankSnapshot, snapshot
from assessment.psychometrics.constraints import Constraint
from assessment.psychometrics.estimation import GRID
from assessment.psychometrics.irt import Floats, ItemParameters
from assessment.psychometrics.shadow import blueprint
from assessment.rules.adaptive import AdaptiveRules
from content.items.enemies import Enemies, both_ways, enemies_of

CURVE_AT: Final = np.linspace(GRID[0], GRID[-1], 241)
"""Between two of these abilities a share of right answers is a straight line to within 0.0001."""
REDUCED_KEPT: Final = 64
"""Pools less the enemies of what was given; a snapshot of a thousand items takes a megabyte."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the model needs of one item: discrimination, difficulty, lower and upper asymptote."""

    a: float
    b: float
    c: float = 0.0
    d: float = 1.0

    def to_json(self) -> dict[str, float]:
        return {"a": self.a, "b": self.b, "c": self.c, "d": self.d}

    @classmethod
    def from_json(cls, stored: Mapping[str, float]) -> Self:
        return cls(stored["a"], stored["b"], stored["c"], stored["d"])

    def as_item(self) -> ItemParameters:
        """Return the parameters as the engine takes them: arrays of one."""
        return ItemParameters(*(np.array([value]) for value in (self.a, self.b, self.c, self.d)))


@dataclass(frozen=True, slots=True)
class Measuring:
    """An item that counts towards the estimate; ``calibrated`` is false for an author's guess."""

    slug: str
    parameters: Parameters
    calibrated: bool
    skills: tuple[str, ...]
    version: str = ""


@dataclass(frozen=True, slots=True)
class Uncalibrated:
    """An item that is asked unscored, to learn about it; ``difficulty`` is where its author put it."""

    slug: str
    difficulty: float
    version: str = ""


@dataclass(frozen=True)
class ItemPool:
    """The measuring items in the order of the engine's arrays, and those that are only tried out."""

    measuring: tuple[Measuring, ...]
    uncalibrated: tuple[Uncalibrated, ...]
    enemies: tuple[tuple[str, str], ...] = ()
    """Pairs of items that no attempt should have both of."""

    __hash__ = object.__hash__
    """Pools are kept in the process and found by being the same: a hash of ten thousand items is no small thing."""

    @cached_property
    def _enemies(self) -> Enemies:
        return both_ways(self.enemies)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """From the slug of a measuring item to its place."""
        return {item.slug: place for place, item in enumerate(self.measuring)}

    @cached_property
    def snapshot(self) -> BankSnapshot:
        """The bank as the engine takes it. Raises ValueError when nothing in the pool measures."""
        if not self.measuring:
            raise ValueError("no item of this pool has parameters")
        table = np.array([[p.a, p.b, p.c, p.d] for p in (item.parameters for item in self.measuring)])
        return snapshot(ItemParameters(*table.T))

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        measuring = {item.slug: item.version for item in self.measuring}
        return measuring | {item.slug: item.version for item in self.uncalibrated}

    def version_of(self, slug: str) -> UUID:
        """Return the id of the item version that was in force when the pool was made."""
        return UUID(self._versions[slug])

    def share_right(self, theta: float, among: Collection[str] = ()) -> float:
        """Return the share of the measuring items, or of these, that somebody is expected to answer rightly."""
        if not among:
            return float(np.interp(theta, CURVE_AT, self._curve))
        places = np.array([self.place[slug] for slug in among], dtype=np.int64)
        return float(irt.probability(theta, self.snapshot.items[places]).mean())

    @cached_property
    def _curve(self) -> Floats:
        """The share of all measuring items at each point: it is read with every answer, and costs a walk to make."""
        return np.array([irt.probability(theta, self.snapshot.items).mean() for theta in CURVE_AT])

    def without(self, slugs: Set[str]) -> ItemPool:
        """Return the pool less some items."""
        return ItemPool(
            tuple(item for item in self.measuring if item.slug not in slugs),
            tuple(item for item in self.uncalibrated if item.slug not in slugs),
            tuple(pair for pair in self.enemies if slugs.isdisjoint(pair)),
        )

    def after(self, given: Collection[str]) -> ItemPool:
        """Return the pool less the enemies of what has been given; what has been given stays."""
        met = enemies_of(given, self._enemies).difference(given)
        return _less(self, frozenset(met)) if met else self

    def plan(self, rules: AdaptiveRules, *, shadow: bool | None = None) -> AdaptivePlan:
        """Return the engine's plan for these items, made once; ``shadow`` overrides the rules' own choice."""
        key = (json.dumps(rules.to_json()), shadow)
        if key not in self._plans:
            self._plans[key] = self._plan(rules, shadow)
        return self._plans[key]

    @cached_property
    def _plans(self) -> dict[tuple[str, bool | None], AdaptivePlan]:
        return {}

    def _plan(self, rules: AdaptiveRules, shadow: bool | None) -> AdaptivePlan:
        rows = self._rows(rules)
        by_shadow = bool(rows) and (rules.shadow if shadow is None else shadow)
        return AdaptivePlan(
            length=rules.stop.max_items,
            rule=rules.selection,
            stopping=rules.stop.stopping(),
            minimum=rules.stop.min_items,
            prior=rules.prior,
            exposure=rules.exposure,
            constraints=() if by_shadow else rows,
            blueprint=blueprint(rows, rules.stop.max_items) if by_shadow else None,
        )

    def to_json(self) -> dict[str, Any]:
        # A pool without enemies is written as it was before there were any: its fingerprint stays.
        enemies = {"enemies": [list(pair) for pair in self.enemies]} if self.enemies else {}
        return enemies | {
            "measuring": [
                {
                    "slug": item.slug,
                    **item.parameters.to_json(),
                    "calibrated": item.calibrated,
                    "skills": list(item.skills),
                    "version": item.version,
                }
                for item in self.measuring
            ],
            "uncalibrated": [
                {"slug": one.slug, "difficulty": one.difficulty, "version": one.version}
                for one in self.uncalibrated
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            tuple(
                Measuring(
                    item["slug"],
                    Parameters.from_json(item),
                    item["calibrated"],
                    tuple(item["skills"]),
                    item["version"],
                )
                for item in stored["measuring"]
            ),
            tuple(
                Uncalibrated(one["slug"], one["difficulty"], one["version"]) for one in stored["uncalibrated"]
            ),
            tuple((one, other) for one, other in stored.get("enemies", ())),
        )

    def _rows(self, rules: AdaptiveRules) -> tuple[Constraint, ...]:
        return tuple(
            Constraint(skill, self._having(skill), least, most)
            for skill, (least, most) in rules.constraints.items()
        )

    def _having(self, skill: str) -> Any:
        return np.array([skill in item.skills for item in self.measuring], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item of the bank as it stands: ``difficulty`` is its author's guess."""

    slug: str
    skills: tuple[str, ...]
    difficulty: float | None
    enemies: tuple[str, ...] = ()
    version: str = ""


def assemble(
    candidates: Sequence[Candidate], calibrated: Mapping[str, Parameters], *, provisional: bool
) -> ItemPool:
    """Return the pool of a bank: by the calibration where it has the item, else by the author's guess if allowed."""
    measuring, uncalibrated = [], []
    for item in candidates:
        if known := calibrated.get(item.slug):
            measuring.append(Measuring(item.slug, known, True, item.skills, item.version))
        elif provisional and item.difficulty is not None:
            guess = Parameters(a=1.0, b=float(item.difficulty))
            measuring.append(Measuring(item.slug, guess, False, item.skills, item.version))
        else:
            uncalibrated.append(Uncalibrated(item.slug, float(item.difficulty or 0.0), item.version))
    return ItemPool(tuple(measuring), tuple(uncalibrated), _pairs(candidates))


def _pairs(candidates: Sequence[Candidate]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of enemies among the candidates, each once."""
    here = {item.slug for item in candidates}
    named = ((item.slug, other) for item in candidates for other in item.enemies if other in here)
    return tuple(sorted({(min(pair), max(pair)) for pair in named}))


@lru_cache(maxsize=REDUCED_KEPT)
def _less(pool: ItemPool, slugs: frozenset[str]) -> ItemPool:
    """Keep the reduced pools: each has a snapshot of its own, and learners meet the same few enemies."""
    return pool.without(slugs)


def fingerprint(pool: ItemPool) -> str:
    """Return the SHA-256 of a pool: equal pools share one row and one snapshot in memory."""
    return hashlib.sha256(json.dumps(pool.to_json(), separators=(",", ":")).encode()).hexdigest()
