"""Open edX, openedx/xblocks-contrib: problem/capa/util.py and problem/capa/responsetypes.py, with openedx-calc 4.0.3.

Real numbers are compared as the shortest decimals that make the same doubles. The default tolerance, and only
that, is a share of the larger of key and answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.reference.peers.fact import Fact

CLOSE: Final[Mapping[str, Any]] = {"name": "edx.tolerance", "tolerance": "0.1", "credit": "close"}
LISTED: Final[Mapping[str, Any]] = {
    "name": "edx.tolerance",
    "tolerance": "0.1",
    "credit": "close,list",
    "partial_answers": "20",
}
ADDITIONAL: Final[Mapping[str, Any]] = {
    "name": "edx.tolerance",
    "tolerance": "0.1",
    "additional_answers": ["12"],
}
FIVE: Final = {"a": True, "b": True, "c": False, "d": False, "e": False}
FOUR: Final = {"a": True, "b": True, "c": False, "d": False}

FACTS: Final = (
    Fact(
        {"name": "edx.tolerance", "tolerance": "0.1"},
        "0.3",
        "0.4",
        1,
        "as decimals the distance is exactly 0.1, and the bound is included",
    ),
    Fact(
        {"name": "edx.tolerance"},
        "1000",
        "1000.0100001",
        1,
        "0.001 % of the answer, which is the larger, is 0.010000100001",
    ),
    Fact(
        {"name": "edx.tolerance", "tolerance": "0.0010%"},
        "1000",
        "1000.0100001",
        0,
        "written otherwise it is not the default: 0.01 of the key",
    ),
    Fact({"name": "edx.tolerance", "tolerance": "5%"}, "-20", "-21", 1, "the size of the key counts"),
    Fact({"name": "edx.tolerance", "tolerance": "5%"}, "0", "0.0001", 0, "a share of 0 is 0"),
    Fact({"name": "edx.tolerance"}, "0.5", "50%", 1, "a percent sign divides by 100"),
    Fact({"name": "edx.tolerance"}, "10", "sqrt(100)", 1, "an answer is an expression"),
    Fact({"name": "edx.tolerance"}, "1500", "1.5e3", 1, "an exponent is read"),
    Fact({"name": "edx.tolerance"}, "3.14", "3,14", None, "a comma is not"),
    Fact({"name": "edx.tolerance"}, "10", "1/0", None, "nothing comes of a division by 0"),
    Fact({"name": "edx.tolerance"}, "10", "", 0, "a blank answer is wrong, not an error"),
    Fact({"name": "edx.tolerance"}, "10", "1e400", 0, "infinity equals infinity only"),
    Fact({"name": "edx.tolerance"}, "[5, 7)", "5", 1, "a square bracket includes its bound"),
    Fact({"name": "edx.tolerance"}, "[5, 7)", "7", 0, "a round one does not"),
    Fact(CLOSE, "10", "10.2", 0.5, "twice the tolerance earns a half, bound included"),
    Fact(CLOSE, "10", "10.21", 0, "beyond it nothing"),
    Fact(LISTED, "10", "20.1", 0.5, "within the tolerance of a listed answer"),
    Fact(LISTED, "10", "20.15", 0.25, "within the widened tolerance of it"),
    Fact(ADDITIONAL, "10", "12", 1, "another answer is as good as the key"),
    Fact(ADDITIONAL, "10", "12.05", 0, "but has no tolerance"),
    Fact({"name": "edx.choice"}, FOUR, [], 0, "choosing nothing is wrong, not an error"),
    Fact(
        {"name": "edx.choice", "credit": "edc"},
        {"a": True, "b": False, "c": False},
        ["a", "b"],
        0.67,
        "two decisions of three, to two places",
    ),
    Fact({"name": "edx.choice", "credit": "halves"}, FIVE, ["a", "c"], 0.25, "two errors among five options"),
    Fact(
        {"name": "edx.choice", "credit": "halves"}, FOUR, ["a", "c"], 0, "two errors among four are too many"
    ),
)
