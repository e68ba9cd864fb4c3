"""Random expressions: well-formed ones of a wanted shape, and the same ones damaged.

All choices come from the ``dice``, so that hypothesis can shrink them and the fuzzer can repeat them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import numpy as np

SHAPES: dict[str, tuple[int, ...]] = {
    "x": (),
    "t": (),
    "k": (),
    "v": (3,),
    "w": (3,),
    "a": (3, 3),
    "s": (3, 3),
}

_ELEMENTWISE = "abs sign round floor ceil sqrt exp expm1 log log2 log10 log1p sin cos tan arctan tanh".split()
_ELEMENTWISE += "sigmoid relu isfinite".split()
_REDUCTIONS = (
    "min max sum prod mean median var std norm1 norm2 argmin argmax any all count_nonzero count_zero".split()
)
_ODD = [
    *"λ １ . .. \x00 \ud800 ' __ ; ** ^ @ - == < ( ) [ ] , : and or not if else import lambda unknown exp".split()
]
_ODD += (
    "9999999999999999999999 1e308 1e-308 1e309 0.0 1000001 x v a zeros(100,100) linspace(0,1,9999)".split()
)

_PATTERNS = [
    (opening, "") for opening in "-|not |x+|2**|x**x**|x if x else |x<|x@|inv(s)@|median(a)+|+|x,".split("|")
]
_PATTERNS += [("(", ")"), ("[", "]"), ("exp(", ")"), ("(x+", ")"), ("v[", "]"), ("max(1,", ")"), ("[x,", "]")]
_PATTERNS += [("", "[0]"), ("linspace(0,1,99)[3]+", ""), ("\n", "\n"), ("\t ", "")]


def values(batch: int) -> dict[str, np.ndarray]:
    """Return values for the names that the expressions use; some rows are not finite."""
    dice = np.random.Generator(np.random.Philox(11))
    drawn = {name: dice.normal(size=(batch, *shape)) for name, shape in SHAPES.items()}
    drawn["k"] = dice.integers(-4, 5, batch).astype(np.float64)
    drawn["s"] = drawn["s"] @ np.swapaxes(drawn["s"], 1, 2)
    for name in ("x", "v", "a", "s"):
        drawn[name][1::7] = np.nan
        drawn[name][2::7] = np.inf
        drawn[name][3::7] = 0.0
    return drawn


def well_formed(dice: Random, shape: tuple[int, ...], depth: int) -> str:
    """Return an expression of this shape: a number, a vector of 3 or a matrix of 3 by 3."""
    return {0: _number, 1: _vector, 2: _matrix}[len(shape)](dice, depth)


def damaged(dice: Random, text: str) -> str:
    """Return ``text`` after a few tokens were dropped, doubled, swapped or replaced."""
    pieces = re.findall(r"[A-Za-z0-9_.]+|\s+|.", text, re.DOTALL)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(pieces) + 1)
        pieces[place : place + dice.randint(0, 2)] = dice.choice(
            [[], [dice.choice(_ODD)], pieces[place : place + 9] * 2]
        )
    return "".join(pieces)


def repeated(dice: Random) -> str:
    """Return a short pattern many times over: long, deep or both."""
    opening, closing = dice.choice(_PATTERNS)
    count = int(10 ** dice.uniform(0, 4))
    return opening * count + dice.choice(["x", "1", "v", "s", ""]) + closing * count


def _operator(dice: Random) -> str:
    return dice.choice(["+", "-", "*", "/", "**"])


def _elementwise(dice: Random, depth: int, same: Callable[[Random, int], str]) -> str:
    def part() -> str:
        return dice.choice([same, same, _number])(dice, depth - 1)

    return dice.choice(
        [
            lambda: f"({same(dice, depth - 1)} {_operator(dice)} {part()})",
            lambda: f"({part()} {_operator(dice)} {same(dice, depth - 1)})",
            lambda: f"-{same(dice, depth - 1)}",
            lambda: f"({same(dice, depth - 1)})**{dice.randint(-3, 3)}",
            lambda: f"{dice.choice(_ELEMENTWISE)}({same(dice, depth - 1)})",
            lambda: f"({same(dice, depth - 1)} if {_truth(dice, depth - 1)} else {part()})",
            lambda: f"where({same(dice, depth - 1)} > {part()}, {part()}, {part()})",
            lambda: f"max({same(dice, depth - 1)}, {part()}, {part()})",
            lambda: f"clip({same(dice, depth - 1)}, {part()}, {part()})",
            lambda: f"mod({part()}, {same(dice, depth - 1)})",
            lambda: f"soft_threshold({same(dice, depth - 1)}, {part()})",
            lambda: f"round({same(dice, depth - 1)}, {dice.randint(-2, 9)})",
        ]
    )()


def _number(dice: Random, depth: int) -> str:
    if depth <= 0:
        return dice.choice(["x", "t", "k", "0", "1", "2.5", "1e-3", "pi", "0.1"])
    return dice.choice(
        [
            lambda: _elementwise(dice, depth, _number),
            lambda: f"{dice.choice(_REDUCTIONS)}({dice.choice([_vector, _matrix])(dice, depth - 1)})",
            lambda: f"({_vector(dice, depth - 1)} @ {_vector(dice, depth - 1)})",
            lambda: f"dot({_vector(dice, depth - 1)}, {_vector(dice, depth - 1)})",
            lambda: f"({_vector(dice, depth - 1)})[{dice.choice(['0', '-1', 'k', 'k + round(x)'])}]",
            lambda: f"({_matrix(dice, depth - 1)})[k, {dice.randint(-3, 2)}]",
            lambda: f"{dice.choice(['det', 'trace'])}({_matrix(dice, depth - 1)})",
            lambda: f"{dice.choice(['entropy', 'logsumexp', 'len'])}({_vector(dice, depth - 1)})",
            lambda: (
                f"sum(linspace({_number(dice, depth - 1)}, {_number(dice, depth - 1)}, {dice.randint(2, 40)}))"
            ),
        ]
    )()


def _vector(dice: Random, depth: int) -> str:
    if depth <= 0:
        return dice.choice(["v", "w", "[1, x, 2]", "ones(3)", "a[1]", "[0, 1, 2]"])
    return dice.choice(
        [
            lambda: _elementwise(dice, depth, _vector),
            lambda: f"{dice.choice(['softmax', 'cumsum', 'sort', 'abs'])}({_vector(dice, depth - 1)})",
            lambda: f"[{', '.join(_number(dice, depth - 1) for _ in range(3))}]",
            lambda: f"({_matrix(dice, depth - 1)} @ {_vector(dice, depth - 1)})",
            lambda: f"({_vector(dice, depth - 1)} @ {_matrix(dice, depth - 1)})",
            lambda: f"solve({_matrix(dice, depth - 1)}, {_vector(dice, depth - 1)})",
            lambda: f"{dice.choice(_REDUCTIONS[2:])}({_matrix(dice, depth - 1)}, {dice.randint(0, 1)})",
            lambda: f"({_matrix(dice, depth - 1)})[{dice.choice(['0', 'k', ':, 1', ':, k'])}]",
            lambda: f"eigvals({dice.choice(['s', _matrix(dice, depth - 1)])})",
            lambda: f"diag({_matrix(dice, depth - 1)})",
            lambda: f"entropy({_matrix(dice, depth - 1)})",
        ]
    )()


def _matrix(dice: Random, depth: int) -> str:
    if depth <= 0:
        return dice.choice(["a", "s", "identity(3)", "[v, w, [1, 2, 3]]"])
    return dice.choice(
        [
            lambda: _elementwise(dice, depth, _matrix),
            lambda: (
                f"{dice.choice(['inv', 'transpose', 'softmax', 'sort', 'cumsum'])}({_matrix(dice, depth - 1)})"
            ),
            lambda: f"({_matrix(dice, depth - 1)} @ {_matrix(dice, depth - 1)})",
            lambda: f"solve({_matrix(dice, depth - 1)}, {_matrix(dice, depth - 1)})",
            lambda: f"outer({_vector(dice, depth - 1)}, {_vector(dice, depth - 1)})",
            lambda: f"diag({_vector(dice, depth - 1)})",
            lambda: f"[{', '.join(_vector(dice, depth - 1) for _ in range(3))}]",
        ]
    )()


def _truth(dice: Random, depth: int) -> str:
    compare = (
        f"{_number(dice, depth - 1)} {dice.choice(['<', '<=', '==', '!=', '>'])} {_number(dice, depth - 1)}"
    )
    return dice.choice(
        [compare, f"not ({compare})", f"({compare} and x < 1)", f"({compare} or k)", "0 < x <= t", "k"]
    )
