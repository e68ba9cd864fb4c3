"""A bank of calibrated items, made ready once for many choices: an immutable snapshot.

Choosing by information means finding the highest of many weighted sums, ``information @ weights``. The
snapshot keeps together the items that are among the best 64 at any grid point (the core) and lays the
others out in cells of similar items, each under an envelope: the highest information of any of its items,
point by point. The core nearly always holds the answer; the envelopes prove it, or name the few cells that
have to be looked into.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessment.psychometrics import irt
from assessment.psychometrics.estimation import GRID
from assessment.psychometrics.irt import Floats, Integers, ItemParameters

TOP = 64

_HALVINGS = 9
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, slots=True)
class BankSnapshot:
    """Arrays for the choice of items, none of them writeable; made by `snapshot`.

    ``information`` is items x 61 points, the core's rows first and then cell by cell; ``order`` says which
    item stands in each row, ``place`` in which row each item stands. ``bounds`` are the row where the core
    ends and those where each cell ends; ``envelopes``, cells x 61, is what no item of a cell exceeds.
    """

    items: ItemParameters
    information: Floats
    order: Integers
    place: Integers
    bounds: Integers
    envelopes: Floats

    def __len__(self) -> int:
        return len(self.items)

    @property
    def core(self) -> Integers:
        """The items among the best at any grid point, ascending."""
        return self.order[: self.bounds[0]]

    def item(self, index: int) -> ItemParameters:
        """Return one item as a bank of its own, as `estimation.update` takes it."""
        return self.items[np.array([index])]


def snapshot(items: ItemParameters) -> BankSnapshot:
    """Return the snapshot of a bank. Takes about a second and 50 MB for 100,000 items."""
    information = irt.information(GRID, items).T
    core = _core(information)
    rest = np.setdiff1d(np.arange(len(items)), core, assume_unique=True)
    cells = _cells(information, rest)
    order = np.concatenate([core, *cells])
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    bounds = np.cumsum([len(core), *(len(cell) for cell in cells)], dtype=np.int64)
    envelopes = np.array([information[cell].max(axis=0) for cell in cells]).reshape(-1, len(GRID))
    arrays = (information[order], order, place, bounds, envelopes)
    for array in arrays:
        array.setflags(write=False)
    return BankSnapshot(items, *arrays)


def _core(information: Floats) -> Integers:
    """Return the items among the ``TOP`` of most information at any grid point, ascending."""
    count = min(TOP, len(information))
    lists = [np.argpartition(-column, count - 1)[:count] for column in information.T]
    return np.unique(np.concatenate(lists))


def _cells(information: Floats, members: Integers) -> list[Integers]:
    """Return ``members`` in groups of similar items, at most 2 ** _HALVINGS of them."""
    center = information @ GRID / (information.sum(axis=1) + _TINY)
    height = np.log(information.max(axis=1) + _TINY)
    return [np.sort(cell) for cell in _halve(members, center, height, _HALVINGS) if len(cell)]


def _halve(members: Integers, center: Floats, height: Floats, times: int) -> list[Integers]:
    """Return 2 ** times groups, each split at the median of what makes its envelope loose.

    An item of peak information h exceeds another, whose peak is x away, by about h x² / 2 of it, and one
    whose peak is lower by the difference of their logarithms.
    """
    if times == 0 or len(members) < 2:
        return [members]
    by_center = np.ptp(center[members]) ** 2 * np.exp(height[members].max()) / 2
    key = center if by_center > np.ptp(height[members]) else height
    ordered = members[np.argsort(key[members], kind="stable")]
    left, right = np.array_split(ordered, 2)
    return _halve(left, center, height, times - 1) + _halve(right, center, height, times - 1)
