"""WeBWorK, openwebwork/pg 2.20: lib/Value/Real.pm and the defaults of lib/Value.pm.

Bounds are excluded, and equal is always right. Keys and answers are expressions. The test of digits lets further
digits be typed if they are right, rounded or cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.reference.peers.fact import Fact

RELATIVE: Final[Mapping[str, Any]] = {"name": "webwork.relative"}
DIGITS: Final[Mapping[str, Any]] = {"name": "webwork.digits", "tolerance": 3}
ROUNDED: Final[Mapping[str, Any]] = {**DIGITS, "tolTruncation": 0}

FACTS: Final = (
    Fact(RELATIVE, "10000", "10000.9", 1, "less than 1e-4 of the key"),
    Fact(RELATIVE, "10000", "10001", 0, "just 1e-4 of it"),
    Fact(RELATIVE, "-5", "5", 0, "the sign counts"),
    Fact(RELATIVE, "0", "1e-13", 1, "near 0 the tolerance is 1e-12"),
    Fact(RELATIVE, "0", "1e-11", 0, "and this is more"),
    Fact(RELATIVE, "0.5", "1/2", 1, "an answer is an expression"),
    Fact(RELATIVE, "pi", "3.1416", 1, "so is a key: 7e-6 away, and 3e-4 would do"),
    Fact(RELATIVE, "1", "1/0", None, "nothing comes of a division by 0"),
    Fact(RELATIVE, "3.14", "3,14", None, "a comma makes a list"),
    Fact({"name": "webwork.absolute", "tolerance": 0.5}, "2", "2.5", 0, "the bound is excluded"),
    Fact({"name": "webwork.absolute", "tolerance": 0.5}, "2", "2.49", 1, "within it"),
    Fact({"name": "webwork.absolute", "tolerance": 0}, "2", "2.0", 1, "equal is right without any tolerance"),
    Fact(DIGITS, "3.14159", "3.14", 1, "three digits"),
    Fact(DIGITS, "3.14159", "3.1", 0, "which stands for 3.10"),
    Fact(DIGITS, "3.14159", "3.142", 1, "a fourth digit, rounded"),
    Fact(DIGITS, "3.14159", "3.141", 1, "a fourth digit, cut off"),
    Fact(ROUNDED, "3.14159", "3.141", 0, "unless cutting off is not allowed"),
    Fact(DIGITS, "3.14159", "3.143", 0, "a wrong fourth digit"),
    Fact(DIGITS, "0", "1e-15", 1, "both are below the level of 0"),
    Fact(DIGITS, "0", "0.001", 0, "one of them only"),
)
