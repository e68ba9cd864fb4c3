"""Sections 6 and 7 of the Law School Admission Test: response patterns and published calibrations.

Patterns: Bock & Lieberman 1970 (Psychometrika 35), 1,000 persons, five items; section 6 as in Thissen 1982.
Tables of section 6: marginal maximum likelihood, theta normal(0, 1), converged on 61 points over [-6, 6].
Values printed elsewhere from 21 Gauss-Hermite points differ in the third decimal (a .8254 .7229 .8905 .6886
.6575). Tables of section 7: as printed by the R package mirt for its data set LSAT7, to the third decimal.
"""

from typing import Any

import numpy as np

PATTERNS = np.array([[int(digit) for digit in f"{number:05b}"] for number in range(32)], dtype=np.float64)

# fmt: off
LSAT6_COUNTS = np.array([
    3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15,
    10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298,
])
LSAT7_COUNTS = np.array([
    12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28,
    7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136, 32, 308,
])
# fmt: on

LSAT6_2PL: dict[str, Any] = {
    "a": [0.82566, 0.72274, 0.89087, 0.68837, 0.65686],
    "b": [-3.35881, -1.37006, -0.27967, -1.86638, -3.12591],
    "intercept": [2.77323, 0.99020, 0.24915, 1.28476, 2.05327],
    "a_error": [0.258, 0.187, 0.233, 0.185, 0.210],
    "log_likelihood": -2466.65338,
    "s_x2": [0.450, 1.691, 0.666, 0.175, 0.111],
}
LSAT6_1PL: dict[str, Any] = {
    "a": 0.75513,
    "b": [-3.61527, -1.32242, -0.31763, -1.73009, -2.78017],
    "log_likelihood": -2466.9376,
}
# Standard errors of b as printed by the R package ltm (21 Gauss-Hermite points).
LSAT6_LTM_B_ERROR = [0.8669, 0.3073, 0.0997, 0.4341, 0.8700]

LSAT7_2PL: dict[str, Any] = {
    "a": [0.988, 1.081, 1.706, 0.765, 0.736],
    "intercept": [1.856, 0.808, 1.804, 0.486, 1.855],
    "log_likelihood": -2658.805,
    "s_x2": [4.749, 14.451, 1.270, 5.238, 0.941],
}
