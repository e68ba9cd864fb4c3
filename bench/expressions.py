"""Expressions against numpy written by hand, every function against its declared cost, and a fuzzer.

python -m bench.expressions                 ratios, of the best of several runs in this process
python -m bench.expressions --fuzz 60       a minute of random input; reports the slowest against 100 ms
python -m bench.expressions --corpus        the hostile corpus of the tests, slowest first
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
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
    return np.sign(x) * np.maximum(np.abs(x) - t, 0.0)


def _draws(batch: int) -> dict[str, np.ndarray]:
    dice = np.random.Generator(np.random.Philox(3))
    vectors = {name: dice.normal(size=(batch, 3)) for name in ("w", "g")}
    return vectors | {name: dice.uniform(0.01, 0.5, size=batch) for name in ("lr", "lam", "shrink")}


def _seconds(work: Callable[[], object], *, rounds: int = 7) -> float:
    """Return the best time of one call."""
    started = time.perf_counter()
    work()
    calls = max(1, int(0.02 / (time.perf_counter() - started + 1e-9)))
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(calls):
            work()
        times.append((time.perf_counter() - started) / calls)
    return min(times)


def compare() -> None:
    """Print each expression as a ratio to numpy by hand, and the time of one variant alone."""
    values, one = _draws(BATCH), _draws(1)
    print(
        f"{'expression':38} {'parse':>8} {'one':>7} {'by hand':>8} {BATCH:9} {'by hand':>8} {'ratio':>6}   (µs)"
    )
    for text, by_hand in HAND_WRITTEN.items():
        expression = parse(text)
        reading = _seconds(lambda text=text: parse(text))
        single = _seconds(lambda expression=expression: expression.evaluate(one, 1))
        single_hand = _seconds(lambda by_hand=by_hand: by_hand(one))
        ours = _seconds(lambda expression=expression: expression.evaluate(values, BATCH))
        theirs = _seconds(lambda by_hand=by_hand: by_hand(values))
        figures = f"{reading * 1e6:8.1f} {single * 1e6:7.1f} {single_hand * 1e6:8.1f}"
        print(f"{text:38} {figures} {ours * 1e6:9.1f} {theirs * 1e6:8.1f} {ours / theirs:6.2f}")


def weigh() -> None:
    """Print what one step of each function's declared cost takes: the limits assume a few nanoseconds."""
    values, shapes = grammar.values(BATCH), grammar.SHAPES
    print(f"\n{'call':38} {'steps':>6} {'ns/step':>8} {'one µs':>7}")
    for text in _calls():
        expression = parse(text)
        rows = {name: value[:1] for name, value in values.items()}
        cost = expression.cost(shapes)
        size = prod(expression.shape(shapes))
        batch = min(BATCH, limits.MAX_BATCH_COST // cost, limits.MAX_BATCH_ELEMENTS // size)
        some = {name: value[:batch] for name, value in values.items()}
        seconds = _seconds(lambda e=expression, some=some, batch=batch: e.evaluate(some, batch), rounds=3)
        alone = _seconds(lambda e=expression, rows=rows: e.evaluate(rows, 1), rounds=3)
        print(f"{text:38} {cost:6} {seconds / batch / cost * 1e9:8.2f} {alone * 1e6:7.1f}")


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


def measure(texts: Iterable[str], *, keep: int = 5) -> None:
    """Read and evaluate each text for 1 and for 2,000 variants, and print the slowest; any other error ends it."""
    batches = [(batch, grammar.values(batch)) for batch in (1, 2_000)]
    slowest: list[tuple[float, str, str]] = []
    tried = refused = 0
    for text in texts:
        for batch, values in batches:
            started = time.perf_counter()
            outcome = "computed"
            try:
                parse(text).evaluate(values, batch)
            except ExpressionError as refusal:
                outcome = refusal.reason[:60]
                refused += 1
            tried += 1
            slowest.append((time.perf_counter() - started, f"batch {batch}: {outcome}", text))
        if len(slowest) > 1_000:
            slowest = sorted(slowest, reverse=True)[:keep]
    print(
        f"{tried} evaluations, {refused} of them refused; no other error. The slowest, against {SLOW * 1e3:.0f} ms:"
    )
    for seconds, outcome, text in sorted(slowest, reverse=True)[:keep]:
        mark = "SLOW" if seconds > SLOW else "ok"
        print(f"  {seconds * 1e3:8.2f} ms {mark}  {outcome}  {text[:100]!a} ({len(text)} characters)")


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
