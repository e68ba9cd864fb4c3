"""Which processes of this installation live: each holds a lock on a byte of one file, and the kernel knows who.

A lock ends with its process, however that ends, and a process cannot hold one for another: nothing here goes stale,
and no number is taken for a process that has long been another one. Parents lock below ``CHILDREN`` and their
children above it.
"""

import fcntl
import os
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHILDREN: Final = 1 << 40
"""Larger than the number of any process, so that the bytes of parents and children do not meet."""
LINUX: Final = sys.platform == "linux"
LOCK_FORMAT: Final = "hhqqi4x" if LINUX else "qqihh"
"""``struct flock``: type, whence, start, length, process; elsewhere start, length, process, type, whence."""


@dataclass(frozen=True, slots=True)
class Register:
    """The processes that run from one data folder."""

    descriptor: int

    @classmethod
    def open(cls, var: Path) -> "Register":
        place = var / "run" / "processes"
        place.parent.mkdir(parents=True, exist_ok=True)
        return cls(os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def enter_as_parent(self) -> None:
        fcntl.lockf(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, os.getpid())

    def enter_as_child(self) -> None:
        fcntl.lockf(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, CHILDREN + os.getpid())

    def parents(self) -> set[int]:
        """Return the numbers of living parents, apart from this process."""
        return self._holders(0, CHILDREN)

    def children(self) -> set[int]:
        """Return the numbers of living children, apart from this process."""
        return self._holders(CHILDREN, 2 * CHILDREN)

    def _holders(self, start: int, end: int) -> set[int]:
        """Return who holds a lock on the bytes from ``start`` to ``end``.

        The kernel names any one of them; the others are before it or behind it.
        """
        if start >= end or not (found := self._holder(start, end - start)):
            return set()
        process, held = found
        return {process} | self._holders(start, held) | self._holders(held + 1, end)

    def _holder(self, start: int, length: int) -> tuple[int, int] | None:
        """Return a process that holds a lock there, and on which byte."""
        answer = fcntl.fcntl(self.descriptor, fcntl.F_GETLK, _packed(fcntl.F_WRLCK, start, length))
        kind, held, process = _unpacked(answer)
        # A process of another container has no number here, and cannot be stopped from here.
        return None if kind == fcntl.F_UNLCK or process <= 0 else (process, held)


def _packed(kind: int, start: int, length: int) -> bytes:
    fields = (kind, os.SEEK_SET, start, length, 0) if LINUX else (start, length, 0, kind, os.SEEK_SET)
    return struct.pack(LOCK_FORMAT, *fields)


def _unpacked(answer: bytes) -> tuple[int, int, int]:
    """Return kind, start and process."""
    fields = struct.unpack(LOCK_FORMAT, answer)
    return (fields[0], fields[2], fields[4]) if LINUX else (fields[3], fields[0], fields[2])
