"""The key of every numeric exercise on regularization, worked out a second time without our expression language.

Loops where the exercise has a formula, formulas where it has a loop: two roads to one number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from tests.content.library.shelf import definitions, draws, folder, parameters, served

Values = Mapping[str, Any]
By = Callable[[Values], dict[str, Any]]


def thresholded(values: Any, threshold: float) -> np.ndarray:
    """Soft thresholding, written as three cases."""
    return np.array(
        [
            v - threshold if v > threshold else v + threshold if v < -threshold else 0.0
            for v in np.atleast_1d(values)
        ]
    )


def decayed(weight: float, lr: float, lam: float, steps: int) -> float:
    for _ in range(steps):
        weight -= lr * 2 * lam * weight
    return weight


def halving(p: Values) -> dict[str, Any]:
    weight, steps = p["w"], 0
    while weight > p["w"] / 2:
        weight, steps = decayed(weight, p["lr"], p["lam"], 1), steps + 1
    return {"a": steps}


def steps_to_zero(p: Values) -> dict[str, Any]:
    weight, steps = p["w"], 0
    while weight > 0:
        weight, steps = max(weight - p["lr"] * p["lam"], 0.0), steps + 1
    return {"a": steps}


def step_from_data(p: Values) -> dict[str, Any]:
    slope = sum(-2 * x * (y - p["w"] * x) for x, y in zip(p["x"], p["y"], strict=True)) / 4
    return {"a": p["w"] - p["lr"] * (slope + 2 * p["lam"] * p["w"])}


def freedom_reached(p: Values) -> dict[str, Any]:
    """Find by bisection where the sum over the directions has come down to what is asked."""
    low, high, wanted = 0.0, 1e4, p["m"] * p["share"]
    for _ in range(200):
        middle = (low + high) / 2
        freedom = sum(p["d"] ** 2 / (p["d"] ** 2 + p["n"] * middle) for _ in range(int(p["m"])))
        low, high = (middle, high) if freedom > wanted else (low, middle)
    return {"a": low}


def kept_and_stopped(losses: list[float], patience: int) -> tuple[int, int]:
    """Train epoch by epoch; return which is kept and which is the last."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best == patience:
            return best + 1, epoch + 1
    return best + 1, len(losses)


def enough_patience(p: Values) -> dict[str, Any]:
    early, late = int(p["early"]), int(p["early"] + p["gap"])
    losses = [
        p["base"] + p["slope"] * (early - epoch)
        if epoch <= early
        else p["base"] - p["dip"]
        if epoch == late
        else p["base"] + p["over"][epoch - 1]
        for epoch in range(1, 15)
    ]
    losses = [round(loss, 2) for loss in losses]
    lowest = losses.index(min(losses)) + 1
    for patience in range(1, 14):
        kept, stop = kept_and_stopped(losses, patience)
        if kept == lowest:
            return {"a": patience, "b": stop}
    raise AssertionError("no patience is enough")


def validation_table(p: Values) -> dict[str, Any]:
    k, losses = int(p["k"]), [0.0] * 6
    losses[k] = p["low"]
    for i in range(k - 1, -1, -1):
        losses[i] = losses[i + 1] + p["left"][i + 1]
    for i in range(k + 1, 6):
        losses[i] = losses[i - 1] + p["right"][i]
    cents = [round(100 * loss) for loss in losses]
    best = cents.index(min(cents))
    bar = cents[best] + round(100 * p["se"][best])
    chosen = max(i for i in range(6) if cents[i] <= bar)
    grid = [0.0003, 0.003, 0.03, 0.3, 3, 30]
    return {"a": grid[best], "b": grid[chosen]}


def patience(p: Values) -> dict[str, Any]:
    best, floor, slope = int(p["best"]), p["floor0"], p["slope"]
    losses = []
    for epoch in range(1, 13):
        if epoch <= best:
            loss = floor + slope * (best - epoch) + (2 * slope if epoch == best - 1 else 0)
        elif epoch == p["late"]:
            loss = floor - p["dip"]
        else:
            loss = floor + p["over"][epoch - 1]
        losses.append(round(loss, 2))
    lowest, kept = math.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, kept = loss, epoch
        elif epoch - kept == p["patience"]:
            return {"a": epoch, "b": kept}
    raise AssertionError("training never stopped")


def mean_and_error(p: Values) -> dict[str, Any]:
    return {"a": np.mean(p["f"]), "b": np.std(p["f"], ddof=1) / np.sqrt(len(p["f"]))}


def grid_points(p: Values) -> dict[str, Any]:
    exponents = {round(p["low"] * p["per"]) + i for i in range(1000)}
    return {"a": len([e for e in exponents if e <= round(p["high"] * p["per"])])}


def factor(p: Values) -> dict[str, Any]:
    grid = np.geomspace(p["low"], p["high"], int(p["m"]))
    return {"a": grid[1] / grid[0], "b": grid[1]}


def stays_zero(p: Values) -> dict[str, Any]:
    return {"a": sum(1 for g in p["g"] if -p["lam"] <= g <= p["lam"])}


def proximal(p: Values) -> np.ndarray:
    return thresholded(np.round(p["w"] - p["lr"] * p["g"], 9), round(p["lr"] * p["lam"], 9))


def flips(p: Values) -> dict[str, Any]:
    return {"a": [decayed(p["w"], p["lr"], p["lam"], steps) for steps in (1, 2, 3)]}


def elastic_step(p: Values) -> dict[str, Any]:
    return {
        "a": [
            w - p["lr"] * (g + (p["lam1"] if w > 0 else -p["lam1"]) + 2 * p["lam2"] * w)
            for w, g in zip(p["w"], p["g"], strict=True)
        ]
    }


def noise(p: Values) -> dict[str, Any]:
    outcomes, chances = np.array([0, p["act"] / (1 - p["p"])]), np.array([p["p"], 1 - p["p"]])
    return {"a": chances @ (outcomes - chances @ outcomes) ** 2}


KEYS: dict[str, By] = {
    "a-layer-with-inverted-dropout": lambda p: {
        "a": [a / (1 - p["p"]) if m else 0.0 for a, m in zip(p["act"], p["mask"], strict=True)]
    },
    "a-program-that-halves-l2": lambda p: {"a": p["s"] * p["r"], "b": p["s"] * (1 - p["r"]) / 2},
    "a-table-of-decay": lambda p: {
        "a": [[decayed(w, p["lr"], p["lam"], steps) for steps in (1, 2, 3)] for w in p["w"]]
    },
    "bias-and-variance-of-ridge": lambda p: {
        "a": ((1 - p["share"]) * p["w"]) ** 2,
        "b": p["share"] ** 2 * p["v"],
        "c": p["w"] ** 2 - 2 * p["w"] * p["share"] * p["w"] + p["share"] ** 2 * (p["w"] ** 2 + p["v"]),
    },
    "choose-from-a-validation-table": validation_table,
    "degrees-of-freedom-of-ridge": lambda p: {
        "a": np.trace(
            np.diag(p["d"] ** 2) @ np.linalg.inv(np.diag(p["d"] ** 2) + p["n"] * p["lam"] * np.eye(3))
        )
    },
    "elastic-net-loss-two-strengths": lambda p: {
        "a": p["mse"] + sum(p["lam1"] * abs(w) + p["lam2"] * w * w for w in p["w"])
    },
    "elastic-net-penalty-from-a-mix": lambda p: {
        "a": sum(p["lam"] * (p["alpha"] * abs(w) + (1 - p["alpha"]) * w * w) for w in p["w"])
    },
    "elastic-net-step": elastic_step,
    "elastic-net-with-one-feature": lambda p: {
        "a": thresholded(p["b"], p["lam1"] / 2 / p["c"])[0] / (1 + p["lam2"] / p["c"])
    },
    "expected-activation-under-dropout": lambda p: {
        "a": p["act"] - p["p"] * p["act"],
        "b": p["act"] / (1 - p["p"]),
    },
    "from-mix-to-two-strengths": lambda p: {"a": p["alpha"] * p["lam"], "b": (1 - p["alpha"]) * p["lam"]},
    "from-two-strengths-to-a-mix": lambda p: {
        "a": p["lam1"] + p["lam2"],
        "b": 1 / (1 + p["lam2"] / p["lam1"]),
    },
    "l1-loss-from-residuals": lambda p: {
        "a": sum(r * r for r in p["r"]) / 4 + p["lam"] * np.linalg.norm(p["w"], 1)
    },
    "l1-steps-to-zero": steps_to_zero,
    "l1-subgradient-step": lambda p: {
        "a": [
            w - p["lr"] * g - math.copysign(p["lr"] * p["lam"], w)
            for w, g in zip(p["w"], p["g"], strict=True)
        ]
    },
    "l2-after-many-steps": lambda p: {"a": decayed(p["w"], p["lr"], p["lam"], int(p["n"]))},
    "l2-halving-steps": halving,
    "l2-loss-value": lambda p: {"a": p["mse"] + p["lam"] * np.linalg.norm(p["w"]) ** 2},
    "l2-step": lambda p: {"a": p["w"] - p["lr"] * (p["g"] + 2 * p["lam"] * p["w"])},
    "l2-step-by-parts": lambda p: {
        "a": 1 - 2 * p["lr"] * p["lam"],
        "b": p["w"] - p["lr"] * (p["g"] + 2 * p["lam"] * p["w"]),
    },
    "l2-step-from-data": step_from_data,
    "l2-step-matrix": lambda p: {
        "a": [
            [w - p["lr"] * (g + 2 * p["lam"] * w) for w, g in zip(weights, slopes, strict=True)]
            for weights, slopes in zip(p["w"], p["g"], strict=True)
        ]
    },
    "l2-step-on-a-contour": lambda p: {
        "a": [
            w - p["lr"] * (2 * k * (w - m) + 2 * p["lam"] * w)
            for w, k, m in zip(p["w"], p["k"], p["m"], strict=True)
        ]
    },
    "l2-step-vector": lambda p: {
        "a": [w - p["lr"] * (g + 2 * p["lam"] * w) for w, g in zip(p["w"], p["g"], strict=True)]
    },
    "a-step-with-a-mix": lambda p: {
        "a": [
            w - p["lr"] * (g + p["lam"] * (math.copysign(p["alpha"], w) + 2 * w - 2 * p["alpha"] * w))
            for w, g in zip(p["w"], p["g"], strict=True)
        ]
    },
    "lambda-for-a-given-freedom": freedom_reached,
    "patience-that-is-enough": enough_patience,
    "lambda-for-a-given-shrinkage": lambda p: {"a": p["c"] / p["share"] - p["c"]},
    "lasso-with-one-feature": lambda p: {
        "a": thresholded(2 * p["x"] @ p["y"] / 4, p["lam"])[0] / (2 * p["x"] @ p["x"] / 4)
    },
    "mean-and-error-over-folds": mean_and_error,
    "penalties-of-a-weight-vector": lambda p: {
        "a": np.linalg.norm(p["w"], 1),
        "b": np.linalg.norm(p["w"]) ** 2,
    },
    "points-of-a-grid": grid_points,
    "ridge-and-lasso-side-by-side": lambda p: {
        "a": [w / (1 + p["lam"]) for w in p["b"]],
        "b": thresholded(p["b"], p["lam"] / 2),
    },
    "ridge-with-one-feature": lambda p: {
        "a": np.linalg.lstsq(
            np.append(p["x"], math.sqrt(4 * p["lam"]))[:, np.newaxis], np.append(p["y"], 0.0), rcond=None
        )[0][0]
    },
    "ridge-weights-along-a-path": lambda p: {
        "a": [[b - lam * b / (1 + lam) for b in p["b"]] for lam in (p["p"], 2 * p["p"], 4 * p["p"])]
    },
    "soft-threshold-step": lambda p: {"a": proximal(p)},
    "strength-from-an-observed-decay": lambda p: {"a": p["lam"]},
    "the-best-shrinkage": lambda p: {"a": 1 / (1 + p["v"] / p["w"] ** 2)},
    "the-factor-between-neighbors": factor,
    "the-lambda-that-empties-the-model": lambda p: {"a": max(2 * abs(s) / p["n"] for s in p["s"])},
    "the-middle-of-a-logarithmic-scale": lambda p: {"a": np.geomspace(p["low"], p["high"], 3)[1]},
    "the-noise-of-dropout": noise,
    "the-rates-that-matter": lambda p: {"a": 0.5 / p["lam"], "b": 1 / p["lam"]},
    "the-same-strength-elsewhere": lambda p: {"a": p["n"] * p["lam"], "b": p["lam"] / 2},
    "the-stable-rate-with-data": lambda p: {"a": 2 / (p["h"] + 2 * p["lam"])},
    "three-flips": flips,
    "three-scalings-of-ridge": lambda p: {
        "a": p["sxy"] / (p["sxx"] + p["n"] * p["lam"]),
        "b": p["sxy"] / (p["sxx"] + p["lam"]),
        "c": p["sxy"] / (p["sxx"] + 2 * p["lam"]),
    },
    "when-patience-runs-out": patience,
    "which-weights-stay-zero": stays_zero,
    "zeros-after-a-proximal-step": lambda p: {"a": sum(1 for w in proximal(p) if w == 0)},
}


def test_every_exercise_is_worked_out_by_hand() -> None:
    items = [definitions()[source.slug] for source in folder("regularization").items]
    asked = {item.slug for item in items if any("key" in i.computed for i in item.interactions.values())}
    assert set(KEYS) == asked


@pytest.mark.parametrize("slug", sorted(KEYS))
def test_the_key_is_what_a_hand_would_get(slug: str) -> None:
    batch = draws(slug)
    for index in served(slug):
        by_hand = KEYS[slug](parameters(slug, index))
        assert by_hand.keys() == batch.computed.keys()
        for identifier, expected in by_hand.items():
            key = batch.computed[identifier]["key"][index]
            assert np.all(np.isfinite(key))
            np.testing.assert_allclose(key, expected, rtol=1e-9, atol=1e-9)


STEPS: dict[str, Callable[[Any, Any, float, float], Any]] = {
    "forgot-the-two": lambda w, g, lr, lam: w - lr * (g + lam * w),
    "grew-instead": lambda w, g, lr, lam: w - lr * (g - 2 * lam * w),
    "lambda-on-the-wrong-term": lambda w, g, lr, lam: w - lr * (lam * g + 2 * w),
    "gradient-left-out": lambda w, g, lr, lam: w - lr * 2 * lam * w,
    "penalty-left-out": lambda w, g, lr, lam: w - lr * g,
    "learning-rate-left-out": lambda w, g, lr, lam: w - lr * g - 2 * lam * w,
}


@pytest.mark.parametrize("slug", ["l2-step", "l2-step-vector"])
def test_the_misconceptions_about_an_l2_step_give_the_numbers_they_should(slug: str) -> None:
    found = draws(slug).misconceptions["a"]
    assert found.keys() == STEPS.keys()
    for index in served(slug):
        p = parameters(slug, index)
        for name, mistaken in STEPS.items():
            expected = mistaken(p["w"], p["g"], p["lr"], p["lam"])
            np.testing.assert_allclose(found[name][index], expected, rtol=1e-12, atol=1e-12)


Loss = Callable[[Values, float], float]
LOSSES: dict[tuple[str, str], Loss] = {
    ("ridge-with-one-feature", "a"): lambda p, w: np.mean((p["y"] - w * p["x"]) ** 2) + p["lam"] * w**2,
    ("lasso-with-one-feature", "a"): lambda p, w: np.mean((p["y"] - w * p["x"]) ** 2) + p["lam"] * abs(w),
    ("elastic-net-with-one-feature", "a"): lambda p, w: (
        p["c"] * (w - p["b"]) ** 2 + p["lam1"] * abs(w) + p["lam2"] * w**2
    ),
    ("the-best-shrinkage", "a"): lambda p, s: (1 - s) ** 2 * p["w"] ** 2 + s**2 * p["v"],
    ("three-scalings-of-ridge", "a"): lambda p, w: (
        (p["sxx"] * w**2 - 2 * p["sxy"] * w) / p["n"] + p["lam"] * w**2
    ),
    ("three-scalings-of-ridge", "b"): lambda p, w: p["sxx"] * w**2 - 2 * p["sxy"] * w + p["lam"] * w**2,
    ("three-scalings-of-ridge", "c"): lambda p, w: p["sxx"] * w**2 / 2 - p["sxy"] * w + p["lam"] * w**2,
}


@pytest.mark.parametrize(("slug", "identifier"), sorted(LOSSES))
def test_what_is_called_a_minimizer_is_lower_than_its_neighbors(slug: str, identifier: str) -> None:
    loss = LOSSES[slug, identifier]
    for index in served(slug):
        p, key = parameters(slug, index), float(draws(slug).computed[identifier]["key"][index])
        for distance in (1e-3, 0.1):
            assert loss(p, key) < min(loss(p, key - distance), loss(p, key + distance))


def test_the_same_strength_elsewhere_leads_to_the_same_weight() -> None:
    """Ridge with one feature, solved with each of the three losses."""
    for index in served("the-same-strength-elsewhere"):
        p = parameters("the-same-strength-elsewhere", index)
        total, halved = (draws("the-same-strength-elsewhere").computed[i]["key"][index] for i in "ab")
        sxx, sxy = 3.0 * p["n"], 2.0 * p["n"]
        mean = (sxy / p["n"]) / (sxx / p["n"] + p["lam"])
        assert sxy / (sxx + total) == pytest.approx(mean)
        assert (sxy / (2 * p["n"])) / (sxx / (2 * p["n"]) + halved) == pytest.approx(mean)


def test_weights_decay_below_the_stable_rate_and_diverge_above_it() -> None:
    for index in served("the-stable-rate-with-data"):
        p = parameters("the-stable-rate-with-data", index)
        edge = draws("the-stable-rate-with-data").computed["a"]["key"][index]
        for share, shrinks in ((0.98, True), (1.02, False)):
            distance = 1.0
            for _ in range(50):
                distance -= share * edge * (p["h"] + 2 * p["lam"]) * distance
            assert bool(abs(distance) < 1) is shrinks
