"""Expressions against numpy written by hand, every function against its declared cost, and a fuzzer.

python -m bench.expressions                 ratios, of the best of several runs in this process
python -m bench.expressions --fuzz 60       a minute of random input; reports the slowest against 100 ms
python -m bench.expressions --corpus        the hostile corpus of the tests, slowest first
"""

from __future__ import annotations

import argparse
import heapq
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from math import prod
from random import Random

import numpy as np

from content.expressions import FUNCTIONS, ExpressionError, limits, parse
from tests.content.expressions import grammar, hostile

BATCH = 10_000
SLOW = 0.1
"""Seconds after which an input counts as slow."""

HAND_WRITTEN: dict[str, Callable[[dict[str, np.ndarray]], np.ndarray]] = {
    "shrink*w - lr*g": lambda d: d["shrink"][:, None] * d["w"] - d["lr"][:, None] * d["g"],
    "1 - 2*lr*lam": lambda d: 1 - 2 * d["lr"] * d["lam"],
    "sigmoid(w @ g)": lambda d: 1 / (1 + np.exp(-np.vecdot(d["w"], d["g"]))),
    "soft_threshold(w - lr*g, lr*lam)": lambda d: _threshold(
        d["w"] - d["lr"][:, None] * d["g"], (d["lr"] * d["lam"])[:, None]
    ),
    "norm1(g) > 0.5 and norm2(w) > 0.1": lambda d: (
        (np.abs(d["g"]).sum(axis=1) > 0.5) & (np.sqrt((d["w"] * d["w"]).sum(axis=1)) > 0.1)
    ),
    "w if lr > 0.1 else g": lambda d: np.where((d["lr"] > 0.1)[:, None], d["w"], d["g"]),
}


def _threshold(x: np.ndarray, t: np.ndarray) -> np.ndarray:
    return np.asarray(np.sign(x) * np.maximum(np.abs(x) - t, 0.0))


def _draws(batch: int) -> dict[str, np.ndarray]:
    dice = np.random.Generator(np.random.Philox(3))
    vectors = {name: dice.normal(size=(batch, 3)) for name in ("w", "g")}
    return vectors | {name: dice.uniform(0.01, 0.5, size=batch) for name in ("lr", "lam", "shrink")}


_values = lru_cache(grammar.values)


def _race(*works: Callable[[], object], rounds: int = 9) -> list[float]:
    """Return the best time of one call of each, in seconds; they take turns, so that all meet the same noise."""
    calls = [_calls_in(0.01, work) for work in works]
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, (work, count) in enumerate(zip(works, calls, strict=True)):
            started = time.perf_counter()
            for _ in range(count):
                work()
            best[place] = min(best[place], (time.perf_counter() - started) / count)
    return best


def _calls_in(seconds: float, work: Callable[[], object]) -> int:
    work()
    started = time.perf_counter()
    work()
    return max(1, int(seconds / (time.perf_counter() - started + 1e-9)))


def compare() -> None:
    """Print the time of each expression beside numpy by hand, for one variant and for many."""
    values, one = _draws(BATCH), _draws(1)
    print(
        f"{'expression':38} {'parse':>8} {'one':>7} {'by hand':>8} {BATCH:9} {'by hand':>8} {'ratio':>6}   (µs)"
    )
    for text, by_hand in HAND_WRITTEN.items():
        evaluate = parse(text).evaluate
        reading, single, single_hand, ours, theirs = _race(
            partial(parse, text),
            partial(evaluate, one, 1),
            partial(by_hand, one),
            partial(evaluate, values, BATCH),
            partial(by_hand, values),
        )
        figures = f"{reading * 1e6:8.1f} {single * 1e6:7.1f} {single_hand * 1e6:8.1f}"
        print(f"{text:38} {figures} {ours * 1e6:9.1f} {theirs * 1e6:8.1f} {ours / theirs:6.2f}")


def weigh() -> None:
    """Print what one step of each function's declared cost takes: the limits assume a few nanoseconds."""
    one, shapes = _values(1), grammar.SHAPES
    print(f"\n{'call':38} {'steps':>6} {'ns/step':>8} {'one':>7}   (µs)")
    for text in _calls():
        expression = parse(text)
        cost, size = expression.cost(shapes), prod(expression.shape(shapes))
        batch = min(BATCH, limits.MAX_BATCH_COST // cost, limits.MAX_BATCH_ELEMENTS // size)
        evaluate = expression.evaluate
        many, single = _race(partial(evaluate, _values(batch), batch), partial(evaluate, one, 1), rounds=5)
        print(f"{text:38} {cost:6} {many / batch / cost * 1e9:8.2f} {single * 1e6:7.1f}")


def _calls() -> Iterator[str]:
    yield from [
        "x + t",
        "v + w",
        "x*v",
        "a + s",
        "v**t",
        "v < w",
        "v @ w",
        "a @ v",
        "a @ s",
        "[x, t, k]",
        "v[k]",
    ]
    for name in FUNCTIONS:
        for arguments in ("v", "a", "s", "x", "v, w", "s, v", "v, x, t", "x, t, 50", "50"):
            try:
                parse(f"{name}({arguments})").shape(grammar.SHAPES)
            except ExpressionError:
                continue
            yield f"{name}({arguments})"
            break


@dataclass(frozen=True, order=True)
class Trial:
    """One text for one batch: processor time, and what came of it."""

    seconds: float
    batch: int
    text: str
    outcome: str

    def __str__(self) -> str:
        mark = "SLOW" if self.seconds > SLOW else "ok"
        shown = f"{self.text[:80]!a} ({len(self.text)} characters)"
        return f"{self.seconds * 1e3:8.2f} ms {mark:4} batch {self.batch}: {shown}: {self.outcome[:70]}"


def attempt(text: str, batch: int) -> Trial:
    """Read and evaluate the text; any error but ``ExpressionError`` is a fault and gets out."""
    values = _values(batch)
    # Processor time: another program's turn is no property of the text.
    started = time.thread_time()
    try:
        parse(text).evaluate(values, batch)
        outcome = "computed"
    except ExpressionError as refusal:
        outcome = refusal.reason
    return Trial(time.thread_time() - started, batch, text, outcome)


def measure(texts: Iterable[str], *, keep: int = 12) -> None:
    """Try each text for 1 and for 2,000 variants, and print the slowest, each the best of three."""
    slowest: list[Trial] = []
    tried = refused = 0
    for text in texts:
        trials = [attempt(text, batch) for batch in (1, 2_000)]
        tried += 2
        refused += sum(trial.outcome != "computed" for trial in trials)
        slowest = heapq.nlargest(keep, [*slowest, *trials])
    print(
        f"{tried} evaluations, {refused} of them refused, no other error; the slowest against {SLOW * 1e3:.0f} ms:"
    )
    best = [
        min(trial, attempt(trial.text, trial.batch), attempt(trial.text, trial.batch)) for trial in slowest
    ]
    print(*sorted(best, reverse=True)[:5], sep="\n")


def random_texts(seconds: float, seed: int) -> Iterator[str]:
    """Yield well-formed, damaged and repeated expressions, and soup of characters, until the time is over."""
    dice, end = Random(seed), time.monotonic() + seconds  # noqa: S311 - dice to repeat, no secret
    corpus = [*hostile.REFUSED, *hostile.HARMLESS, *hostile.UNDEFINED]
    while time.monotonic() < end:
        text = grammar.well_formed(dice, dice.choice([(), (3,), (3, 3)]), dice.randint(0, 6))
        yield text
        yield grammar.damaged(dice, text)
        yield grammar.damaged(dice, dice.choice(corpus) or "x")
        yield grammar.repeated(dice)
        yield grammar.damaged(dice, grammar.repeated(dice))
        yield "".join(
            chr(dice.choice([dice.randint(32, 126), dice.randint(0, 0x2FFF)]))
            for _ in range(dice.randint(0, 60))
        )


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--fuzz", type=float, metavar="SECONDS")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--corpus", action="store_true")
    chosen = options.parse_args()
    if chosen.fuzz:
        measure(random_texts(chosen.fuzz, chosen.seed))
    elif chosen.corpus:
        measure([*hostile.REFUSED, *hostile.HARMLESS, *hostile.UNDEFINED])
    else:
        compare()
        weigh()


if __name__ == "__main__":
    main()
