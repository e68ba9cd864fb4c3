"""The next item as delivery chooses it: from what is stored, with a ceiling on exposure and bounds by skill."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from assessment.psychometrics import exposure, irt
from assessment.psychometrics.estimation import log_prior, update
from assessment.psychometrics.exposure import ExposureCounts
from assessment.psychometrics.stopping import Stop
from assessment.rules.adaptive import AdaptiveRules
from assessment.selection.adaptive import Beginning, Shown, choose_next, eligibility_to_keep
from assessment.selection.pool import ItemPool, Measuring, Parameters
from bench import Measurement, seconds_per_call

ITEMS: Final = 100_000
LENGTH: Final = 20
IN_DEMAND: Final = 300
"""Items that are given more often than their ceiling allows."""
SKILLS: Final = tuple(f"skill-{number}" for number in range(5))


def measure() -> Iterator[Measurement]:
    pool, rules = _pool(), _rules()
    theta = np.zeros(1)
    yield Measurement(
        "choose the next of 100,000 items, with exposure and rows",
        seconds_to_choose(pool, rules),
        "one pass of information over the bank",
        seconds_per_call(lambda: irt.information(theta, pool.snapshot.items), calls=3),
    )


def seconds_to_choose(pool: ItemPool, rules: AdaptiveRules) -> float:
    """Return the median over the items of an attempt; what a process makes once of a pool is made before."""
    rng = np.random.default_rng(1)
    beginning = Beginning(rules, 1, eligibility_to_keep(pool, _drawn(pool, rules, rng)))
    log_posterior, shown, times = log_prior(rules.prior), list[Shown](), list[float]()
    choose_next(beginning, pool, log_posterior, shown)
    for _ in range(LENGTH):
        begin = time.perf_counter()
        chosen = choose_next(beginning, pool, log_posterior, shown)
        times.append(time.perf_counter() - begin)
        if isinstance(chosen, Stop):
            raise RuntimeError(f"the attempt ended early: {chosen.reason}")  # noqa: TRY004 - it is one that may come
        score = float(rng.random() < 0.5)
        log_posterior = update(log_posterior, chosen.parameters.as_item(), score)
        shown.append(Shown(chosen.slug, is_seeded=False, score=score))
    return float(np.median(times))


def _pool() -> ItemPool:
    difficulties = np.random.default_rng(2).normal(size=ITEMS).round(3).tolist()
    return ItemPool(
        tuple(
            Measuring(
                f"item-{place}", Parameters(1.0, b), calibrated=False, skills=(SKILLS[place % len(SKILLS)],)
            )
            for place, b in enumerate(difficulties)
        ),
        (),
    )


def _rules() -> AdaptiveRules:
    return AdaptiveRules.from_json(
        {
            "exposure": {"ceiling": 0.25, "bands": [-1, 1]},
            "constraints": {skill: [3, 8] for skill in SKILLS},
            "stop": {"min_items": LENGTH, "max_items": LENGTH},
            "seeding": 0,
        }
    )


def _drawn(pool: ItemPool, rules: AdaptiveRules, rng: np.random.Generator) -> exposure.Eligibility:
    if rules.exposure is None:
        raise RuntimeError("this benchmark is about exposure")
    counts = ExposureCounts.none(rules.exposure, len(pool.measuring))
    counts.attempts[:] = counts.eligible[:] = 1000
    counts.given[:, rng.choice(len(pool.measuring), IN_DEMAND, replace=False)] = 600
    return exposure.draw(rules.exposure, counts, rng)
