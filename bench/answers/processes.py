"""What processes have used, as the kernel counts it under ``/proc``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")
TICKS: Final = os.sysconf("SC_CLK_TCK")
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
LISTENS: Final = "0A"


@dataclass(frozen=True, slots=True)
class Usage:
    """One process: its parent, the seconds of CPU of itself and of its ended children, its resident bytes."""

    parent: int
    seconds: float
    resident: int


def read_stat(text: str) -> Usage:
    """Return what a line of ``/proc/<number>/stat`` says."""
    # The name stands in parentheses and may hold any character.
    fields = text.rpartition(")")[2].split()
    ticks = sum(int(field) for field in fields[11:15])
    return Usage(int(fields[1]), ticks / TICKS, int(fields[21]) * PAGE)


def running() -> dict[int, Usage]:
    """Return every process there is, by its number."""
    found = {}
    for place in PROC.iterdir():
        if place.name.isdecimal():
            # It may end while we look.
            with suppress(FileNotFoundError, ProcessLookupError):
                found[int(place.name)] = read_stat((place / "stat").read_text())
    return found


def tree(root: int, processes: Mapping[int, Usage]) -> set[int]:
    """Return the numbers of ``root`` and of all that descend from it."""
    family = {root}
    while more := {number for number, one in processes.items() if one.parent in family} - family:
        family |= more
    return family


def cpu_seconds(root: int) -> float:
    """Return the CPU seconds of a process and of all its descendants, those included that have ended."""
    processes = running()
    return sum(processes[number].seconds for number in tree(root, processes) if number in processes)


def listening(port: int, among: Iterable[int]) -> list[int]:
    """Return which of the processes accept connections at a port of 127.0.0.1."""
    wanted = {f"socket:[{inode}]" for inode in listening_inodes((PROC / "net" / "tcp").read_text(), port)}
    return sorted(number for number in among if wanted & _open_files(number))


def listening_inodes(table: str, port: int) -> set[str]:
    """Return the inodes of the sockets that listen at a port, from the text of ``/proc/net/tcp``."""
    rows = [line.split() for line in table.splitlines()[1:]]
    return {row[9] for row in rows if row[3] == LISTENS and int(row[1].partition(":")[2], 16) == port}


def resident_bytes(numbers: Iterable[int]) -> list[int]:
    """Return the resident memory of processes, pages that they share included."""
    processes = running()
    return [processes[number].resident for number in numbers]


def machine() -> str:
    """Return what this machine is, in a line: cores, processor, memory, and how busy it is."""
    model = re.search(r"model name\s*:\s*(.+)", (PROC / "cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", (PROC / "meminfo").read_text())
    gigabytes = int(memory[1]) / 1024**2 if memory else 0
    load = " ".join(f"{one:.2f}" for one in os.getloadavg())
    name = model[1] if model else "unknown processor"
    return f"{os.cpu_count()} cores ({name}), {gigabytes:.0f} GB; load before: {load}"


def _open_files(number: int) -> set[str]:
    found = set()
    with suppress(FileNotFoundError, PermissionError):
        for descriptor in (PROC / str(number) / "fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(str(descriptor.readlink()))
    return found
