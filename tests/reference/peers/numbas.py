"""Numbas, numbas/Numbas: marking_scripts/numberentry.jme, multipleresponse.jme, scripts/math.js and scripts/util.js.

The bounds are rounded to as many digits as the learner typed, at least those asked for, a half away from 0. A
bound that is a floating-point number is widened in its thirteenth digit before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.reference.peers.fact import Fact

PI: Final = "3.14159265"
PLACES: Final[Mapping[str, Any]] = {
    "name": "numbas.precision",
    "precisionType": "dp",
    "precision": 2,
    "precisionPartialCredit": 25,
}
STRICT: Final[Mapping[str, Any]] = {**PLACES, "strictPrecision": True, "precisionPartialCredit": 50}
FIGURES: Final[Mapping[str, Any]] = {"name": "numbas.precision", "precisionType": "sigfig", "precision": 3}
ONE_PLACE: Final[Mapping[str, Any]] = {"name": "numbas.precision", "precisionType": "dp", "precision": 1}
SCIENTIFIC: Final[Mapping[str, Any]] = {**FIGURES, "notationStyles": ["scientific"]}
REDUCED: Final[Mapping[str, Any]] = {
    "name": "numbas.range",
    "allowFractions": True,
    "mustBeReduced": True,
    "mustBeReducedPC": 50,
}

FACTS: Final = (
    Fact({"name": "numbas.range", "minvalue": 3, "maxvalue": 5}, None, "5.0", 1, "both bounds are included"),
    Fact({"name": "numbas.range", "minvalue": 3, "maxvalue": 5}, None, "5.01", 0, "beyond the bound"),
    Fact({"name": "numbas.range"}, 4, "+4", None, "no notation has a plus sign"),
    Fact({"name": "numbas.range"}, 4, "infinity", 0, "infinity is a number, and a wrong one"),
    Fact({"name": "numbas.range"}, 4, "nan", None, "it is no number"),
    Fact({"name": "numbas.range"}, 1234, "1,234", 1, "the English notation is one of those read by default"),
    Fact(
        {"name": "numbas.range", "notationStyles": ["plain-eu"]},
        1234,
        "1,234",
        0,
        "with a decimal comma it is 1.234",
    ),
    Fact(
        {"name": "numbas.range", "notationStyles": ["eu"]},
        "1234.5",
        "1.234,5",
        1,
        "points between thousands, then a comma",
    ),
    Fact({"name": "numbas.range"}, "1/2", "1/2", None, "fractions are read only where they are allowed"),
    Fact(REDUCED, "3/2", "6/4", 0.5, "a fraction that can be reduced earns its share"),
    Fact(REDUCED, "3/2", "3/2", 1, "in lowest terms"),
    Fact(PLACES, PI, "3.1", 0, "the bounds stay at two places when fewer are typed"),
    Fact(PLACES, PI, "3.142", 0.25, "a right third place is one too many"),
    Fact(PLACES, PI, "3.140", 0, "a wrong third place is a wrong value"),
    Fact(PLACES, "3.1", "3.1", 1, "a trailing zero may be left out"),
    Fact(STRICT, "3.1", "3.1", 0.5, "but not where the precision is strict"),
    Fact(STRICT, "3.1", "3.10", 1, "exactly two places"),
    Fact(FIGURES, 1200, "1200", 1, "two sure figures and two zeros that may count"),
    Fact(FIGURES, 1234, "1234", 0, "four figures for three"),
    Fact(SCIENTIFIC, 1230, "1.23e3", 1, "the significand has the figures"),
    Fact(SCIENTIFIC, 1230, "1230", None, "another notation is not read"),
    Fact(ONE_PLACE, "1/4", "0.3", 1, "an exact half goes away from 0"),
    Fact(ONE_PLACE, "1/4", "0.2", 0, "and not towards it"),
    Fact(
        ONE_PLACE, 0.25, "0.2", 1, "a floating-point key is widened first, so its bounds round to either side"
    ),
    Fact(
        {"name": "numbas.sum_ticked"},
        {"a": 1.0, "b": 1.0, "c": -1.0},
        ["a", "c"],
        0,
        "a wrong tick takes a right one back",
    ),
    Fact(
        {"name": "numbas.sum_ticked", "maxAnswers": 1},
        {"a": 1.0, "b": 1.0},
        ["a", "b"],
        0,
        "more ticks than allowed earn nothing",
    ),
    Fact(
        {"name": "numbas.score_per_cell"},
        {"a": 1.0, "b": 0.0},
        [],
        0.5,
        "leaving a wrong option is a right decision",
    ),
)
