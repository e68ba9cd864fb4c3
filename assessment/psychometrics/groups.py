"""Groups of equal size by ability, and what each of them answered: tables of options and distractor curves.

Thirds: Kelley 1939 shows that the outer 27 % tell most; thirds are nearly as good and have a name. Curves by
groups: Martinkova & Hladka 2023, "Computational Aspects of Psychometric Methods", chapter 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assessment.psychometrics.intervals import NAN, Estimate, correlation
from assessment.psychometrics.irt import Bools, Floats, Integers

THIRDS: Final = 3
CURVE: Final = 5
"""Points of a distractor curve: a class of a hundred has twenty learners in each."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Who gave one answer: how many, the share of all, the share in each third and each group of a curve.

    ``third`` is the mean third of those who gave it (1 the weakest, 3 the strongest); ``correlation`` is that of
    giving it with ability. NaN where ability is not known.
    """

    count: int
    share: float
    thirds: tuple[float, ...]
    curve: tuple[float, ...]
    third: float
    correlation: Estimate


def by_ability(ability: Floats, groups: int) -> Integers:
    """Return the group of each person, 0 the weakest, of equal size as far as persons of one ability stay together;
    -1 where ability is not known."""
    known = ~np.isnan(ability)
    found = np.full(len(ability), -1, dtype=np.int64)
    if not known.any() or np.ptp(ability[known]) == 0:
        return found
    _, which, sizes = np.unique(ability[known], return_inverse=True, return_counts=True)
    middle = (np.cumsum(sizes) - sizes / 2) / known.sum()
    found[known] = np.minimum((middle * groups).astype(np.int64), groups - 1)[which]
    return found


def taken(who: Sequence[Bools], ability: Floats) -> list[Taken]:
    """Return for each answer who gave it; ``who`` says it for each person, whose ability may be NaN."""
    thirds, curve = by_ability(ability, THIRDS), by_ability(ability, CURVE)
    known = ~np.isnan(ability)
    return [
        Taken(
            count=int(gave.sum()),
            share=float(gave.mean()) if len(gave) else NAN,
            thirds=_shares(gave, thirds, THIRDS),
            curve=_shares(gave, curve, CURVE),
            third=_mean_third(thirds[gave]),
            correlation=correlation(gave[known].astype(np.float64), ability[known]),
        )
        for gave in who
    ]


def mean_ability(ability: Floats, groups: int) -> tuple[float, ...]:
    """Return the mean ability of each group: where the points of a curve stand."""
    group = by_ability(ability, groups)
    return tuple(
        float(ability[group == one].mean()) if (group == one).any() else NAN for one in range(groups)
    )


def _shares(gave: Bools, group: Integers, groups: int) -> tuple[float, ...]:
    inside = group >= 0
    members = np.bincount(group[inside], minlength=groups)
    takers = np.bincount(group[inside], gave[inside], minlength=groups)
    shares = np.divide(takers, members, out=np.full(groups, np.nan), where=members > 0)
    return tuple(float(one) for one in shares)


def _mean_third(thirds: Integers) -> float:
    inside = thirds[thirds >= 0]
    return float(inside.mean()) + 1 if len(inside) else NAN
