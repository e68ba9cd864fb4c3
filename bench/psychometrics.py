"""The measuring machinery against its published and specified figures.

python -m bench.psychometrics            a table of every figure beside what it is asked to reach
python -m bench.psychometrics --json     the figures alone

All data are drawn from fixed seeds, so that the figures other than times are the same everywhere.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from assessment.psychometrics import estimation, irt, selection
from assessment.psychometrics.adaptive import AdaptivePlan
from assessment.psychometrics.bank import BankSnapshot, snapshot
from assessment.psychometrics.calibration import NO_PRIORS, Settings, calibrate
from assessment.psychometrics.constraints import Constraint, bounded_counts, violations
from assessment.psychometrics.estimation import update
from assessment.psychometrics.exposure import ExposureControl
from assessment.psychometrics.irt import Floats, ItemParameters
from assessment.psychometrics.responses import ResponseLog
from assessment.psychometrics.selection import Situation
from assessment.psychometrics.shadow import assemble, blueprint
from assessment.psychometrics.simulation import Simulation, simulate
from bench import Measurement, seconds_per_call
from tests.reference import lsat

PLAIN = Settings(priors=NO_PRIORS)
LENGTH = 30


def lsat6() -> dict[str, float]:
    """The largest distance from the converged table of section six, over a, b and intercepts."""
    fitted = calibrate(lsat.PATTERNS, PLAIN, weights=lsat.LSAT6_COUNTS)
    table = lsat.LSAT6_2PL
    distances = [np.abs(getattr(fitted.items, name) - table[name]).max() for name in ("a", "b", "intercept")]
    return {"max_error": float(max(distances)), "loglik": fitted.log_likelihood}


def calibrated(persons: int, items: int = 100) -> dict[str, float]:
    """Seconds and log-likelihood of a calibration of specified data, standard errors included."""
    responses = specified_responses(persons, items)
    begin = time.perf_counter()
    fitted = calibrate(responses, PLAIN)
    return {"seconds": time.perf_counter() - begin, "loglik": fitted.log_likelihood}


def specified_responses(persons: int, items: int) -> Floats:
    """Complete responses to a 2PL bank, by the specified seed and order of draws."""
    rng = np.random.default_rng(20240601)
    bank = ItemParameters(np.exp(rng.normal(0.2, 0.3, items)), rng.normal(0, 1, items))
    return irt.simulate(rng.normal(0, 1, persons), bank, rng)


def sparse_log(persons: int, items: int = 1000, each: int = 20) -> ResponseLog:
    """A log in which every learner saw a few of many items."""
    rng = np.random.default_rng(20240606)
    bank = ItemParameters(np.exp(rng.normal(0.2, 0.3, items)), rng.normal(0, 1, items))
    person = np.repeat(np.arange(persons), each)
    item = np.concatenate([rng.choice(items, each, replace=False) for _ in range(persons)])
    logit = bank.a[item] * (rng.normal(0, 1, persons)[person] - bank.b[item])
    score = (rng.random(len(item)) < 1 / (1 + np.exp(-logit))).astype(np.float64)
    return ResponseLog(person, item, score, persons, items)


@lru_cache(maxsize=2)
def bank_of(items: int) -> BankSnapshot:
    """The specified bank; of 500 items for the simulations."""
    rng = np.random.default_rng(20240602)
    return snapshot(ItemParameters(np.exp(rng.normal(0.2, 0.3, items)), rng.normal(0, 1, items)))


def seconds_to_select(items: int, learners: int = 30) -> float:
    """The median time to choose an item and to take its score, over attempts of 30 items.

    Afterwards, so that it does not disturb the times, every choice is compared with a full pass over the
    bank; a difference raises AssertionError.
    """
    bank, rng, times, chosen = bank_of(items), np.random.default_rng(1), [], []
    for theta in rng.normal(0, 1, learners):
        situation = Situation(estimation.log_prior())
        chances = irt.probability(theta, bank.items)[0]
        for _ in range(LENGTH):
            begin = time.perf_counter()
            item = selection.posterior_weighted(bank, situation).item
            selected = time.perf_counter()
            score = float(rng.random() < chances[item])
            answered = time.perf_counter()
            log_posterior = update(situation.log_posterior, bank.item(item), score)
            times.append(time.perf_counter() - answered + selected - begin)
            chosen.append((situation, item))
            situation = Situation(log_posterior, (*situation.administered, item))
    if any(item != np.argmax(selection.scores(bank, before)) for before, item in chosen):
        raise AssertionError("a choice differs from a full pass")
    return float(np.median(times))


def sat(learners: int, plan: AdaptivePlan) -> Simulation:
    """The specified simulation on 500 items: abilities and luck by their own seeds."""
    theta = np.random.default_rng(20240603).normal(0, 1, learners)
    luck = np.random.default_rng(20240605).random((learners, 60))
    return simulate(bank_of(500), plan, theta, np.random.default_rng(20240604), uniforms=luck)


def adaptive() -> dict[str, Any]:
    """Errors after 10, 20 and 30 items, with and without a ceiling, and the items to a standard error of
    .30.
    """
    free = sat(1000, AdaptivePlan(length=60))
    kept = sat(3000, AdaptivePlan(length=LENGTH, exposure=ExposureControl(ceiling=0.25)))
    return {
        "rmse": [round(free.rmse_after(items), 4) for items in (10, 20, 30)],
        "items_to_se_30": round(float(np.nanmean(free.items_to(0.30))), 1),
        "ceiling_25": {
            "rmse": [round(kept.rmse_after(items), 4) for items in (10, 20, 30)],
            "max_exposure": round(float(kept.exposure.max()), 4),
        },
    }


def shadow_tests(learners: int = 20, items: int = 1000) -> dict[str, float]:
    """Milliseconds of an assembly of 30 from 1,000 items with 11 rows, at every step of simulated
    attempts.
    """
    rng = np.random.default_rng(20240607)
    bank = bank_of(items)
    rows = shadow_rows(items, rng)
    plan, times, missed = blueprint(rows, LENGTH), [], 0
    for theta in rng.normal(0, 1, learners):
        chances = irt.probability(theta, bank.items)[0]
        situation, test = Situation(estimation.log_prior()), None
        for _ in range(LENGTH):
            values = selection.scores(bank, Situation(situation.log_posterior))
            begin = time.perf_counter()
            test = assemble(plan, values, situation.administered, before=test)
            times.append(1000 * (time.perf_counter() - begin))
            item = test.next_item(values, situation.administered)
            score = float(rng.random() < chances[item])
            situation = Situation(
                update(situation.log_posterior, bank.item(item), score), (*situation.administered, item)
            )
        missed += len(violations(rows, situation.administered))
    median, late = np.percentile(times, [50, 99])
    return {"median": round(float(median), 1), "p99": round(float(late), 1), "violations": missed}


def shadow_rows(items: int, rng: np.random.Generator) -> tuple[Constraint, ...]:
    """Five areas, three types, words and the balance of keys; with the length, eleven rows."""
    area, kind = rng.integers(0, 5, items).tolist(), rng.integers(0, 3, items).tolist()
    words = rng.integers(40, 161, items).astype(np.float64)
    first_key = (rng.random(items) < 0.25).astype(np.float64)
    return (
        *bounded_counts("area", area, dict.fromkeys(range(5), (4, 8))),
        *bounded_counts("type", kind, dict.fromkeys(range(3), (5, 15))),
        Constraint("words", words, upper=3000),
        Constraint("first key", first_key, 4, 11),
    )


def figures() -> dict[str, Any]:
    """Everything, in the shape that `--json` prints."""
    return {
        "lsat6": lsat6(),
        "calibration": {"10000x100": calibrated(10_000), "100000x100": calibrated(100_000)},
        "select_ms": {"100000": round(1000 * seconds_to_select(100_000), 4)},
        "cat": adaptive(),
        "shadow_ms": shadow_tests(),
    }


def measure() -> Iterator[Measurement]:
    """What a learner or an instructor waits for, as ratios to floors of the same run."""
    bank = bank_of(100_000)
    theta = np.zeros(1)
    yield Measurement(
        "choose of 100,000 items and take the score",
        seconds_to_select(100_000, 5),
        "one pass of information over the bank",
        seconds_per_call(lambda: irt.information(theta, bank.items), calls=3),
    )
    responses, log = specified_responses(10_000, 100), sparse_log(20_000)
    dense = seconds_per_call(lambda: calibrate(responses, PLAIN), calls=1, rounds=3) / responses.size
    table = np.random.default_rng(1).random((100, 61))
    product = seconds_per_call(lambda: responses @ table, calls=3) / responses.size
    yield Measurement("calibrate, per answer of a matrix", dense, "its product with one table", product)
    sparse = seconds_per_call(lambda: calibrate(log, PLAIN), calls=1, rounds=3) / len(log.item)
    yield Measurement("calibrate, per answer of a sparse log", sparse, "the same of a matrix", dense)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.psychometrics", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    found = figures()
    if parser.parse_args().json:
        print(json.dumps(found))
        return
    for name, value, wanted in _beside(found):
        print(f"{name:<34} {value:<34} {wanted}")


def _beside(found: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each figure as text, beside what it is asked to reach."""
    small, large = found["calibration"].values()
    cat, kept, shadow = found["cat"], found["cat"]["ceiling_25"], found["shadow_ms"]
    yield "LSAT6, largest error", f"{found['lsat6']['max_error']:.1e}", "5e-06: every digit printed"
    yield "LSAT6, log-likelihood", f"{found['lsat6']['loglik']:.5f}", "-2466.65338"
    yield "calibrate 10,000 x 100", f"{small['seconds']:.2f} s", "under 0.5 s"
    yield "  log-likelihood", f"{small['loglik']:.2f}", "-500681.97, within 0.1"
    yield "calibrate 100,000 x 100", f"{large['seconds']:.2f} s", "under 6 s"
    yield "select and update, 100,000 items", f"{found['select_ms']['100000']} ms", "under 0.1 ms"
    yield "RMSE at 10, 20, 30 items", str(cat["rmse"]), "[.290, .220, .193] or less"
    yield "items to a standard error of .30", str(cat["items_to_se_30"]), "10.8 or less"
    yield "RMSE with a ceiling of .25", str(kept["rmse"]), "[.330, .253, .217] or less"
    yield "  highest exposure", str(kept["max_exposure"]), ".25 and its sampling error, .008"
    yield "shadow test, median and p99", f"{shadow['median']} and {shadow['p99']} ms", "under 20 and 100 ms"
    yield "  rows violated", str(shadow["violations"]), "0"


if __name__ == "__main__":
    main()
