"""Counting requests in memory that all workers of a host share: no statement, no file, no waiting.

The table is made when this module is first imported, before the server forks its workers, and they inherit it.
Another way of starting workers gives each its own table, and each then allows the whole rate. Where several hosts
serve, ``CACHE_URL`` counts for all of them.
"""

from __future__ import annotations

import mmap
import struct
from hashlib import blake2b
from typing import Final

SLOTS: Final = 1 << 16
PROBES: Final = 8
_SLOT: Final = struct.Struct("=QII")
"""Whose it is (a hash), when the window of time ends that it counts (in seconds since 1970), how many."""


class SharedCounters:
    """How often each name was counted within its latest window.

    No lock: a worker that is killed must not hold one. Two requests at the same moment may count as one. When
    ``PROBES`` slots in a row are taken, names share the last of them, which counts too much and never too little.
    """

    def __init__(self, slots: int = SLOTS) -> None:
        self._slots = slots
        self._table = mmap.mmap(-1, slots * _SLOT.size)

    def count_up(self, name: str, *, ends: int, now: float) -> int:
        """Count one and return how many there are in the window that ends at ``ends``, this one included."""
        mark = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") | 1
        offset, count = self._find(mark, ends, now)
        _SLOT.pack_into(self._table, offset, mark, ends, count + 1)
        return count + 1

    def clear(self) -> None:
        self._table[:] = bytes(self._slots * _SLOT.size)

    def _find(self, mark: int, ends: int, now: float) -> tuple[int, int]:
        """Return the slot of a name, and what it has been counted to in its window."""
        free: int | None = None
        offset = 0
        for probe in range(PROBES):
            offset = (mark + probe) % self._slots * _SLOT.size
            owner, last, count = _SLOT.unpack_from(self._table, offset)
            if owner == mark:
                return offset, count if last == ends else 0
            if free is None and last <= now:
                free = offset
        return (free, 0) if free is not None else (offset, count)


SHARED: Final = SharedCounters()
