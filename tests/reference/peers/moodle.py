"""Moodle 4.3, moodle/moodle: question/type/numerical/question.php and questiontype.php, question/type/multichoice.

An interval is widened by 1e-14 of the larger of its tolerance and its key. A lone comma is a decimal mark only
where the language does not separate thousands by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.reference.peers.fact import Fact

GERMAN: Final[Mapping[str, Any]] = {"name": "moodle.numerical", "decsep": ",", "thousandssep": "."}
FRENCH: Final[Mapping[str, Any]] = {"name": "moodle.numerical", "decsep": ",", "thousandssep": " "}
METERS: Final[Mapping[str, Any]] = {
    "name": "moodle.numerical",
    "answers": [{"answer": "3.14", "fraction": 1, "tolerance": 0.005}],
    "units": {"m": 1, "cm": 100},
    "unit_grading": "out_of_mark",
    "unit_penalty": 0.1,
}
HALF_METERS: Final[Mapping[str, Any]] = {
    **METERS,
    "answers": [{"answer": "3.14", "fraction": 0.5, "tolerance": 0.005}],
    "unit_grading": "out_of_max",
}
COARSE_FIRST: Final[Mapping[str, Any]] = {
    "name": "moodle.numerical",
    "answers": [
        {"answer": "3", "fraction": 0.5, "tolerance": 1},
        {"answer": "3", "fraction": 1, "tolerance": 0},
    ],
}
SEVERAL: Final[Mapping[str, Any]] = {"name": "moodle.fractions", "multiple": True}

FACTS: Final = (
    Fact(
        {"name": "moodle.nominal", "tolerance": 0.1},
        0.3,
        "0.4",
        1,
        "0.4 - 0.3 is above 0.1 in doubles, by less than the widening",
    ),
    Fact(
        {"name": "moodle.nominal", "tolerance": 0.5},
        10,
        "10.5000001",
        0,
        "beyond the bound by more than the widening",
    ),
    Fact(
        {"name": "moodle.nominal", "tolerance": "-0.5"}, 3, "3.4", 1, "the sign of a tolerance means nothing"
    ),
    Fact({"name": "moodle.nominal", "tolerance": ""}, 3, "3.0000000001", 0, "a blank tolerance is 0"),
    Fact(
        {"name": "moodle.nominal", "tolerance": 0},
        6.02e23,
        "6.02×10^23",
        1,
        "the sign of multiplication and a power are an exponent",
    ),
    Fact({"name": "moodle.nominal", "tolerance": 0}, 2000, "2*10**3", 1, "and so are a star and two stars"),
    Fact({"name": "moodle.nominal", "tolerance": 0}, 5, "inf", None, "there are no digits to read"),
    Fact({"name": "moodle.nominal", "tolerance": 0}, 5, "nan", None, "there are no digits to read"),
    Fact({"name": "moodle.nominal", "tolerance": 0}, "*", "-17", 1, "a star takes any number"),
    Fact(
        {"name": "moodle.relative", "tolerance": 0.05},
        -20,
        "-21",
        1,
        "the size of the key counts, and the bound is included",
    ),
    Fact({"name": "moodle.relative", "tolerance": 0.05}, 0, "0.0001", 0, "a share of 0 is 0"),
    Fact({"name": "moodle.relative", "tolerance": 0.05}, 0, "0", 1, "0 is within 0 of 0"),
    Fact(
        {"name": "moodle.geometric", "tolerance": 0.1},
        10,
        "9",
        0,
        "10 / 1.1 is 9.09, where a share of 10 % would reach down to 9",
    ),
    Fact(
        {"name": "moodle.geometric", "tolerance": 1}, 8, "4", 1, "a factor of 2 below is the bound, included"
    ),
    Fact({"name": "moodle.geometric", "tolerance": 1}, 8, "-8", 0, "no factor crosses 0"),
    Fact(GERMAN, 3.14, "3,14", 1, "a German comma is the decimal mark"),
    Fact(GERMAN, 1234.5, "1.234,5", None, "the separator of thousands asks for another answer"),
    Fact(FRENCH, 1234.5, "1 234,5", 1, "spaces go before anything is read"),
    Fact(FRENCH, 1234.5, "1.234,5", 0, "beside a point every comma goes: this is 1.2345"),
    Fact(METERS, None, "314 cm", 1, "a known unit converts"),
    Fact(METERS, None, "3.14", 0.9, "the bare value is right, and a missing unit costs a tenth of the mark"),
    Fact(METERS, None, "3.14 cm", 0.9, "the value converts to 0.0314, so it is right only without its unit"),
    Fact(HALF_METERS, None, "3.14 km", 0.4, "a tenth of the maximum is lost, not of the half mark"),
    Fact(COARSE_FIRST, None, "3", 0.5, "the first answer that holds it decides, not the best"),
    Fact({"name": "moodle.fractions"}, {"a": 1.0, "b": -0.25}, "b", -0.25, "a single choice may cost marks"),
    Fact(SEVERAL, {"a": 0.5, "b": 0.5, "c": -1.0}, ["a", "c"], 0, "a sum below 0 is 0"),
    Fact(SEVERAL, {"a": 0.5, "b": 0.5, "c": -1.0}, [], None, "nothing chosen asks for an answer"),
)
