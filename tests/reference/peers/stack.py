"""STACK 4.11, maths/moodle-qtype_stack: stack/maxima/numericaltest.mac and stack/maxima/utils.mac.

Tolerances are widened by 1e-9: absolutely by one test, in proportion by the other. The tests of digits read the
answer as typed; the trailing zeros of a whole number may or may not be significant.
"""

from __future__ import annotations

from typing import Final

from tests.reference.peers.fact import Fact

FACTS: Final = (
    Fact(
        {"name": "stack.num_absolute", "tolerance": 0.1},
        "1",
        "1.1",
        1,
        "the bound is excluded, but 1e-9 is added to it",
    ),
    Fact({"name": "stack.num_absolute", "tolerance": 0.1}, "1", "1.100000002", 0, "2e-9 beyond the bound"),
    Fact(
        {"name": "stack.num_absolute", "tolerance": 0},
        "1e-10",
        "5e-10",
        1,
        "with a tiny key the working precision swallows all",
    ),
    Fact({"name": "stack.num_relative", "tolerance": 0.05}, "20", "21", 1, "the bound is included"),
    Fact({"name": "stack.num_relative", "tolerance": 0.05}, "0", "0.001", 0, "a share of 0 is 0"),
    Fact({"name": "stack.num_relative", "tolerance": 0.05}, "20", "-20", 0, "the sign counts"),
    Fact(
        {"name": "stack.num_sig_figs", "digits": 3},
        "3.14159",
        "3.141",
        0,
        "a figure too many, though a right one",
    ),
    Fact(
        {"name": "stack.num_sig_figs", "digits": [3, -1]},
        "3.14159",
        "3.141",
        1,
        "further figures are condoned",
    ),
    Fact(
        {"name": "stack.num_sig_figs", "digits": [3, -1]},
        "3.14159",
        "3.145",
        0,
        "rounded to three figures it is 3.15",
    ),
    Fact(
        {"name": "stack.num_sig_figs", "digits": 3},
        "1234",
        "1230",
        1,
        "the trailing zero may stand for the fourth figure or not",
    ),
    Fact(
        {"name": "stack.num_sig_figs", "digits": 2},
        "100",
        "1e2",
        0,
        "an exponent brings no figures: this is one",
    ),
    Fact({"name": "stack.num_sig_figs", "digits": 2}, "100", "1.0*10^2", 1, "1.0 has two"),
    Fact(
        {"name": "stack.num_sig_figs", "digits": 2},
        "0.0125",
        "0.013",
        1,
        "the key is rounded first, its tie upwards",
    ),
    Fact(
        {"name": "stack.num_sig_figs", "digits": 2},
        "0.0125",
        "0.012",
        0,
        "so the lower neighbor of the tie is wrong",
    ),
    Fact(
        {"name": "stack.num_sig_figs", "digits": [3, 2]},
        "3.14159",
        "3.16",
        1,
        "two of the three figures must be accurate: .02 is .2 of their unit",
    ),
    Fact({"name": "stack.num_sig_figs", "digits": [3, 2]}, "3.14159", "3.20", 0, ".06 is .6 of it"),
    Fact({"name": "stack.num_sig_figs", "digits": [2, 0]}, "5", "9.9", 1, "only the form is asked for"),
    Fact({"name": "stack.num_sig_figs", "digits": 3}, "-3.14", "3.14", 0, "the sign counts"),
    Fact({"name": "stack.sig_figs_strict", "digits": 3}, "100", "100", 0, "one figure is all that is sure"),
    Fact(
        {"name": "stack.sig_figs_strict", "digits": 3},
        "100",
        "0.0100",
        1,
        "three figures; the value is not looked at",
    ),
    Fact({"name": "stack.num_dec_places", "digits": 2}, "3.14159", "3.140", 0, "a place too many"),
    Fact(
        {"name": "stack.num_dec_places", "digits": 2}, "3", "3", None, "a whole number is no decimal number"
    ),
    Fact(
        {"name": "stack.num_dec_places", "digits": 2},
        "0.125",
        "0.12",
        1,
        "a tie of the key goes to the even neighbor",
    ),
    Fact({"name": "stack.num_dec_places", "digits": 2}, "0.125", "0.13", 0, "and not to the odd one"),
    Fact(
        {"name": "stack.num_absolute", "tolerance": 0.1}, "3.14", "3,14", None, "a decimal comma is not read"
    ),
)
