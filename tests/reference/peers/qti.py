"""QTI 2 as qti-sdk works it out, oat-sa/qti-sdk: EqualProcessor, EqualRoundedProcessor and RoundToProcessor.

They stand under src/qtism/runtime/expressions/operators. Nothing is added to a bound. A text that is no number
has no value and cannot be judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.reference.peers.fact import Fact

EXACT: Final[Mapping[str, Any]] = {"name": "qti.equal"}
TENTH: Final[Mapping[str, Any]] = {"name": "qti.equal", "toleranceMode": "absolute", "tolerance": [0.1]}
UNEVEN: Final[Mapping[str, Any]] = {"name": "qti.equal", "toleranceMode": "absolute", "tolerance": [1, 2]}
OPEN: Final[Mapping[str, Any]] = {**UNEVEN, "includeLowerBound": False}
PERCENT: Final[Mapping[str, Any]] = {"name": "qti.equal", "toleranceMode": "relative", "tolerance": [10]}
FIGURES: Final[Mapping[str, Any]] = {
    "name": "qti.equal_rounded",
    "roundingMode": "significantFigures",
    "figures": 3,
}
PLACES: Final[Mapping[str, Any]] = {
    "name": "qti.equal_rounded",
    "roundingMode": "decimalPlaces",
    "figures": 2,
}
ONE_PLACE: Final[Mapping[str, Any]] = {**PLACES, "figures": 1}

FACTS: Final = (
    Fact(EXACT, 10, "10.0", 1, "the numbers are equal, whatever their form"),
    Fact(EXACT, 100, "1e2", 1, "an exponent is read"),
    Fact(EXACT, 0.3, "0.30000000000000004", 0, "the next double is another number"),
    Fact(EXACT, 3.14, "3,14", None, "a text with a comma is no number"),
    Fact(EXACT, 3, "", None, "no answer has no value"),
    Fact(EXACT, 3, "nan", None, "nor has this"),
    Fact(TENTH, 0.7, "0.8", 0, "0.7 + 0.1 is 0.7999999999999999 in doubles, and nothing is added"),
    Fact(TENTH, 0.3, "0.4", 1, "0.3 + 0.1 is the double of 0.4, and the bound is included"),
    Fact(UNEVEN, 10, "9", 1, "the first tolerance goes down, bound included"),
    Fact(UNEVEN, 10, "12", 1, "the second goes up"),
    Fact(OPEN, 10, "9", 0, "unless the bound is left out"),
    Fact(PERCENT, 20, "18", 1, "10 % of the key"),
    Fact(PERCENT, -20, "-20", 0, "the bounds of a negative key, -18 and -22, cross over"),
    Fact(PERCENT, 0, "0.001", 0, "a share of 0 is 0"),
    Fact(FIGURES, 3.14159, "3.14", 1, "both are 3.14"),
    Fact(FIGURES, 1.24, "1.235", 1, "a half goes away from 0"),
    Fact(FIGURES, 0, "0.0001", 0, "three figures of a small number are not 0"),
    Fact(PLACES, 0, "0.004", 1, "two places of it are"),
    Fact(PLACES, 5.06, "5.055", 1, "the decimal form counts: its double lies below the half"),
    Fact(ONE_PLACE, -1.3, "-1.25", 1, "below 0 a half goes down"),
)
