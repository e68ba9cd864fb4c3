"""Tables as files for spreadsheets, as CSV and as XLSX: nothing in them is ever computed there. Pure."""

from __future__ import annotations

import csv
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import IO, Any, Final

from xlsxwriter import Workbook

Cell = str | int | float | bool | date | datetime | None
"""What a cell may be: numbers stay numbers, dates become texts as ISO 8601 writes them."""

FORMULA: Final = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet would take for the beginning of a formula."""
BOM: Final = b"\xef\xbb\xbf"
"""Without it spreadsheets do not take a file for UTF-8."""
LONGEST: Final = 32_767
"""Characters in a cell of a workbook: a longer text would not be written at all."""
CHUNK: Final = 64 * 1024
TITLE: Final = re.compile(r"[\[\]:*?/\\']")
"""What the name of a sheet may not have."""


def csv_lines(rows: Iterable[Sequence[Any]], zone: tzinfo) -> Iterator[bytes]:
    """Yield a table as CSV line by line, marked as UTF-8. Times are told in ``zone``."""
    writer = csv.writer(Lines())
    mark = BOM
    for row in rows:
        yield mark + writer.writerow([defused(plain(value, zone)) for value in row])
        mark = b""


def xlsx_chunks(rows: Iterable[Sequence[Any]], zone: tzinfo, *, title: str) -> Iterator[bytes]:
    """Yield a workbook with one sheet, of which the first row stays in view. It is built on the disk."""
    with tempfile.TemporaryFile() as file:
        _write(file, rows, zone, title)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def defused(value: Any) -> Any:
    """Return a cell that no spreadsheet computes: a text that could begin a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def plain(value: Any, zone: tzinfo) -> Any:
    """Return a cell as text or number: times in ``zone``, what is no number empty."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


class Lines:
    """A file that gives back what is written: `csv` returns what its file returns."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _write(file: IO[bytes], rows: Iterable[Sequence[Any]], zone: tzinfo, title: str) -> None:
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(TITLE.sub(" ", title).strip()[:31] or "Table")
    sheet.freeze_panes(1, 1)
    bold = book.add_format({"bold": True})
    # As an apostrophe does in CSV, and the text stays as it is: it is none of a formula even when it is edited.
    quoted = book.add_format({"quote_prefix": True})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            _put(sheet, number, place, plain(value, zone), None if number else bold, quoted)
    book.close()


def _put(sheet: Any, row: int, column: int, value: Any, style: Any, quoted: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    else:
        text = str(value)[:LONGEST]
        sheet.write_string(row, column, text, quoted if FORMULA.match(text) else style)
