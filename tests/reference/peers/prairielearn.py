"""PrairieLearn, PrairieLearn/PrairieLearn: elements/pl-number-input and pl-checkbox, python/prairielearn.

Numbers are read as Python reads them. Digits are compared by an interval of .51 of their unit, so that either
neighbor of a tie is right, however many digits are typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.reference.peers.fact import Fact

RELABS: Final[Mapping[str, Any]] = {"name": "prairielearn.relabs"}
EXACT: Final[Mapping[str, Any]] = {"name": "prairielearn.relabs", "rtol": 0, "atol": 0}
KEY: Final = {"a": True, "b": True, "c": False, "d": False}

FACTS: Final = (
    Fact(RELABS, 100, "101", 1, "1 % of the key and 1e-8, which add up"),
    Fact(RELABS, 100, "101.1", 0, "beyond both"),
    Fact(RELABS, 0, "1e-9", 1, "a key of 0 has the absolute part"),
    Fact(RELABS, 0, "1e-7", 0, "and no more"),
    Fact(RELABS, -100, "-99", 1, "the size of the key counts"),
    Fact(EXACT, 1000, "1_000", 1, "Python reads an underscore between digits"),
    Fact(EXACT, 1000, "1 000", 1, "spaces between digits are taken out"),
    Fact(EXACT, -5, "\u22125", 1, "the minus of mathematics is a minus"),
    Fact(EXACT, 0.25, "1/4", 1, "a fraction of two numbers"),
    Fact(EXACT, 1, "1/0", None, "which may not divide by 0"),
    Fact(EXACT, 1.5, "1,5", None, "a comma is not read"),
    Fact(EXACT, 0.5, "50%", None, "a percent sign is not read"),
    Fact(EXACT, 1, "inf", None, "an answer is finite"),
    Fact(EXACT, 1, "nan", None, "and a number"),
    Fact({"name": "prairielearn.sigfig", "digits": 2}, 3.14, "3.19", 1, "0.05 is less than 0.051"),
    Fact(
        {"name": "prairielearn.sigfig", "digits": 2},
        3.14,
        "3.14000",
        1,
        "how many digits are typed does not matter",
    ),
    Fact({"name": "prairielearn.sigfig", "digits": 2}, 3.14, "3.0", 0, "0.14 away"),
    Fact(
        {"name": "prairielearn.sigfig", "digits": 3}, 99.95, "100", 1, "the unit is that of 99.95, one tenth"
    ),
    Fact({"name": "prairielearn.sigfig", "digits": 2}, 0, "0.05", 1, "a key of 0 counts as one of size 1"),
    Fact({"name": "prairielearn.decdig", "digits": 2}, 2.675, "2.67", 1, "the lower neighbor of the tie"),
    Fact({"name": "prairielearn.decdig", "digits": 2}, 2.675, "2.68", 1, "and the upper one"),
    Fact({"name": "prairielearn.decdig", "digits": 2}, 2.675, "2.69", 0, "but no other"),
    Fact({"name": "prairielearn.off"}, KEY, ["a"], 0, "all or nothing"),
    Fact({"name": "prairielearn.net_correct"}, KEY, ["a", "b", "c"], 0.5, "two right less one wrong, of two"),
    Fact({"name": "prairielearn.each_answer"}, KEY, ["a", "b", "c"], 0.75, "three decisions of four"),
    Fact(
        {"name": "prairielearn.coverage"},
        KEY,
        ["a", "b", "c", "d"],
        0.5,
        "all the right ones, but half of the choices are wrong",
    ),
    Fact({"name": "prairielearn.net_correct"}, KEY, [], None, "nothing chosen asks for an answer"),
)
