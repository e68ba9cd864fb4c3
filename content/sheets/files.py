"""The kinds of files that a table can be had as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

from content.sheets.writing import csv_lines, xlsx_chunks

KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What a browser is told of each."""


@dataclass(frozen=True, slots=True)
class SheetFile:
    kind: str
    content: Iterator[bytes]


def sheet_file(form: str, rows: Iterable[Sequence[Any]], *, zone: tzinfo, title: str) -> SheetFile | None:
    """Return a table as a file of one of ``KINDS``, made as it is read; None where there is no such kind."""
    match form:
        case "csv":
            return SheetFile(KINDS[form], csv_lines(rows, zone))
        case "xlsx":
            return SheetFile(KINDS[form], xlsx_chunks(rows, zone, title=title))
        case _:
            return None
