"""Grading one number, and many at once, against the comparison of two floats that no grader can do without."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from assessment.scoring.tries import LogEntry, Slot, TryRules, attempt_score
from bench import Measurement, seconds_per_call
from content.items.policies import IntervalPolicy, policy

KEY = 3.14159265358979
SCALAR: Mapping[str, Mapping[str, Any]] = {
    "absolute": {"name": "absolute", "tolerance": 0.005},
    "significant figures, strict": {"name": "significant_figures", "digits": 3, "strict": True},
    "absolute, with a unit": {"name": "absolute", "tolerance": 0.005, "unit": "m"},
    "moodle.nominal": {"name": "moodle.nominal", "tolerance": 0.005},
    "stack.num_sig_figs": {"name": "stack.num_sig_figs", "digits": 3},
    "edx.tolerance": {"name": "edx.tolerance", "tolerance": "1%"},
}
BATCH = (10_000, 3)


def measure() -> Iterable[Measurement]:
    answer, tolerance = 3.14, 0.005
    compare = seconds_per_call(lambda: abs(answer - KEY) <= tolerance, calls=100_000)
    for name, document in SCALAR.items():
        typed = "3.14 m" if "unit" in document else "3.14"
        graded = seconds_per_call(partial(policy(document).grade, KEY, typed), calls=2_000)
        yield Measurement(f"grade a typed number: {name}", graded, "compare two floats", compare)
    yield _batch()
    yield _attempt(compare)


def _batch() -> Measurement:
    rule = policy(SCALAR["absolute"])
    assert isinstance(rule, IntervalPolicy)
    key = np.random.default_rng(1).normal(size=BATCH)
    answer = key + 0.004
    ours = seconds_per_call(lambda: rule.accepts(key, answer), calls=50)
    floor = seconds_per_call(lambda: np.abs(answer - key) <= 0.005, calls=50)
    return Measurement(f"accept {BATCH[0]} x {BATCH[1]} answers", ours, "the same comparison in numpy", floor)


def _attempt(compare: float) -> Measurement:
    slots = [Slot(position) for position in range(20)]
    log = [LogEntry(position, score) for score in (0.0, 1.0) for position in range(20)]
    rules = TryRules(tries=3, penalty=0.25)
    ours = seconds_per_call(lambda: attempt_score(slots, log, rules), calls=500)
    return Measurement("score 20 slots from 40 responses", ours, "compare 40 pairs of floats", 40 * compare)
