"""Shadow tests: before each item, the best whole assessment that meets every row, as a mixed integer
program.

The next item is taken from the assembled test, so what is given always has a way to a finish without
violation (van der Linden & Reese 1998; van der Linden 2005). Solved by HiGHS. Only the best items of each
kind are candidates; the search is bounded by nodes of its tree, never by a clock, so that the same situation gives
the same test on a busy machine. When the nodes run out, the best test found so far or the one of the step before
serves as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assessment.psychometrics.constraints import Constraint, signatures
from assessment.psychometrics.irt import Bools, Floats, Integers

CANDIDATES = 6
NODES = 50
FIRST_NODES = 5_000
"""Where there is no test of the step before to fall back on."""

_GAP = 1e-4
_INFEASIBLE = 2


class Infeasible(Exception):
    """No assessment meets all rows, or none was found within the nodes and none from before can serve."""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The rows of an assessment of ``length`` items, made ready by `blueprint`.

    ``rows`` is constraints x items, the first for the length itself; ``kinds`` numbers the items that are
    alike in all counting rows.
    """

    constraints: tuple[Constraint, ...]
    length: int
    rows: Floats
    lower: Floats
    upper: Floats
    kinds: Integers


@dataclass(frozen=True, slots=True)
class ShadowTest:
    """An assessment that meets all rows; ``proven`` when it is the best to a ten-thousandth."""

    items: tuple[int, ...]
    value: float
    proven: bool

    def next_item(self, values: Floats, given: Sequence[int]) -> int:
        """Return the item of most value among those not given yet."""
        return max(sorted(set(self.items) - set(given)), key=lambda item: float(values[item]))


def blueprint(constraints: Sequence[Constraint], length: int) -> Blueprint:
    """Return the rows made ready for many assemblies."""
    count = len(constraints[0].coefficients)
    rows = np.stack([np.ones(count), *(one.coefficients for one in constraints)])
    lower = np.array([length, *(one.lower for one in constraints)], dtype=np.float64)
    upper = np.array([length, *(one.upper for one in constraints)], dtype=np.float64)
    return Blueprint(tuple(constraints), length, rows, lower, upper, signatures(constraints))


def assemble(
    plan: Blueprint,
    values: Floats,
    given: Sequence[int] = (),
    *,
    before: ShadowTest | None = None,
    allowed: Bools | None = None,
    nodes: int | None = None,
) -> ShadowTest:
    """Return the test of highest total ``values`` (one per item) that meets all rows and holds all of
    ``given``.

    ``before`` is the shadow test of the step before, which stays possible after one of its items was given;
    ``allowed`` leaves out items, but neither given ones nor those of ``before``. ``nodes`` bounds the search:
    `NODES`, and `FIRST_NODES` where there is no test to fall back on. Raises `Infeasible`.
    """
    fallback = _still_serving(before, values, given)
    limit = nodes or (FIRST_NODES if fallback is None else NODES)
    usable = np.ones(len(values), dtype=np.bool_) if allowed is None else allowed.copy()
    usable[list(given)] = True
    for candidates in (_cut(plan, values, usable, given, fallback), np.flatnonzero(usable)):
        found, impossible = _solve(plan, values, candidates, given, limit)
        if found is not None:
            return found if fallback is None else max(found, fallback, key=lambda test: test.value)
        if fallback is not None:
            return fallback
        if not impossible:
            break
    raise Infeasible("no assessment was found that meets all rows")


def _still_serving(before: ShadowTest | None, values: Floats, given: Sequence[int]) -> ShadowTest | None:
    """Return the test of the step before at today's values, if it holds all items given."""
    if before is None or not set(given) <= set(before.items):
        return None
    return ShadowTest(before.items, float(values[list(before.items)].sum()), proven=False)


def _cut(
    plan: Blueprint, values: Floats, usable: Bools, given: Sequence[int], fallback: ShadowTest | None
) -> Integers:
    """Return the best items of each kind, what is given, and what the test of the step before holds."""
    order = np.lexsort((-values, plan.kinds, ~usable))[: int(usable.sum())]
    kinds = plan.kinds[order]
    starts = np.flatnonzero(np.diff(kinds, prepend=-1))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    kept = order[rank < CANDIDATES]
    others = list(given) if fallback is None else [*given, *fallback.items]
    return np.unique(np.concatenate([kept, np.array(others, dtype=np.int64)]))


def _solve(
    plan: Blueprint, values: Floats, candidates: Integers, given: Sequence[int], nodes: int
) -> tuple[ShadowTest | None, bool]:
    """Return the best test found among the candidates, and whether it is certain that there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    solution = milp(
        -values[candidates],
        integrality=np.ones(len(candidates)),
        bounds=Bounds(np.isin(candidates, given).astype(np.float64), 1.0),
        constraints=LinearConstraint(plan.rows[:, candidates], plan.lower, plan.upper),
        options={"node_limit": nodes, "mip_rel_gap": _GAP},
    )
    if solution.x is None:
        return None, solution.status == _INFEASIBLE
    items = candidates[solution.x > 0.5]
    return ShadowTest(tuple(items.tolist()), float(values[items].sum()), proven=solution.status == 0), False
