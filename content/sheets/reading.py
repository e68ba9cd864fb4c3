"""Tables that people bring: CSV as any program writes it, and XLSX. Bytes in, rows of text out.

Nothing is evaluated: a formula in a CSV is its text, in a workbook the value that was last computed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 50
LONGEST_CELL: Final = 1_000
MOST_UNPACKED: Final = 32 * 1024 * 1024
"""A workbook of this many rows and columns is smaller by far; a bomb is larger."""
MOST_PARTS: Final = 500
"""Files in a workbook."""
CHUNK: Final = 64 * 1024

ZIP: Final = b"PK\x03\x04"
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
DELIMITERS: Final = (",", ";", "\t")
PLACE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


class SheetFault(Exception):
    """Why a table cannot be read. ``row`` and ``column`` count from 1; None: it is about the whole."""

    def __init__(self, reason: str, row: int | None = None, column: int | None = None) -> None:
        self.reason, self.row, self.column = reason, row, column
        place = f"Row {row}" if row else ""
        place += f", column {column_name(column)}" if column else ""
        super().__init__(f"{place}: {reason}" if place else reason)


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` is the row of the file, from 1. There are as many cells as headers."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``headers`` are as they stand in the first row that is not empty; rows that are empty are left out."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(content: bytes, *, longest: int = LONGEST_CELL) -> Table:
    """Return the table in a file of CSV or XLSX, whichever it is; no cell is longer. Raises SheetFault."""
    if len(content) > MOST_BYTES:
        raise SheetFault(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB.")
    if content.startswith(OLD_EXCEL):
        raise SheetFault("This is an old Excel file, or one with a password. Save it as .xlsx or .csv.")
    found = _rows_of_workbook(content) if content.startswith(ZIP) else _rows_of_text(_decoded(content))
    return _table(found, longest)


def column_name(number: int) -> str:
    """Return what spreadsheets call a column: A for 1, AA for 27."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _table(rows: Iterable[tuple[int, Sequence[str]]], longest: int) -> Table:
    filled = ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))
    first = next(filled, None)
    if first is None:
        raise SheetFault("The file is empty.")
    headers = _trimmed(_checked(*first, longest))
    found: list[Row] = []
    for number, cells in filled:
        if len(found) == MOST_ROWS:
            raise SheetFault(f"There are more than {MOST_ROWS} rows.", number)
        found.append(Row(number, _fitted(_trimmed(_checked(number, cells, longest)), len(headers), number)))
    return Table(headers, tuple(found))


def _checked(number: int, cells: Sequence[str], longest: int) -> list[str]:
    if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
        raise SheetFault(f"There are more than {MOST_COLUMNS} columns.", number)
    for column, cell in enumerate(cells, start=1):
        if len(cell) > longest:
            raise SheetFault(f"The cell has more than {longest} characters.", number, column)
        if "\0" in cell:
            raise SheetFault("The cell has a character that is no text.", number, column)
    return [cell.strip() for cell in cells]


def _trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the cells up to the last that is not empty."""
    length = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return tuple(cells[:length])


def _fitted(cells: tuple[str, ...], width: int, number: int) -> tuple[str, ...]:
    if len(cells) > width:
        reason = "The row has more cells than the headers. Is a text with a separator in it not quoted?"
        raise SheetFault(reason, number, width + 1)
    return cells + ("",) * (width - len(cells))


def _decoded(content: bytes) -> str:
    """Return the text of a file by its mark, or as UTF-8, or as what Windows wrote before it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf_16(content, "utf-16")
    head = content[:CHUNK]
    # UTF-16 without a mark: of Western text every other byte is nothing.
    for encoding, nothing in (("utf-16-be", head[::2]), ("utf-16-le", head[1::2])):
        if nothing.count(0) > len(head) / 4:
            return _utf_16(content, encoding)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (
            content.decode("cp1252", errors="replace") if _is_cp1252(content) else content.decode("latin-1")
        )


def _is_cp1252(content: bytes) -> bool:
    """Whether no byte is one that Windows left undefined."""
    return not set(content) & {0x81, 0x8D, 0x8F, 0x90, 0x9D}


def _utf_16(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise SheetFault("This is no text and no Excel file. Save it as .csv or .xlsx.") from None


def _rows_of_text(text: str) -> Iterator[tuple[int, list[str]]]:
    delimiter, text, skipped = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetFault(_csv_reason(error), number) from None
        yield number, cells


def _csv_reason(error: csv.Error) -> str:
    if "field limit" in str(error) or "field larger" in str(error):
        return f"A cell has more than {LONGEST_CELL} characters. Is a quotation mark never closed?"
    if "NUL" in str(error):
        return "The row has a character that is no text."
    return "A quotation mark is opened and not closed, or stands in the middle of a cell."


def _delimiter(text: str) -> tuple[str, str, int]:
    """Return what separates the cells, the text to read, and how many lines before it only name the separator."""
    first, _, rest = text.lstrip("\r\n").partition("\n")
    named = re.fullmatch(r"sep=([,;\t])\r?", first, re.IGNORECASE)
    if named:
        return named[1], rest, 1
    outside = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=outside.count), text, 0


def _rows_of_workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_unpacked(content)))
        sheets = [one.name for one in workbook.sheets_metadata if "WorkSheet" in str(one.typ)]
        if not sheets:
            raise SheetFault("The workbook has no sheet.")
        rows = workbook.get_sheet_by_name(sheets[0]).to_python(skip_empty_area=False)
    except PasswordError:
        raise SheetFault("The workbook has a password.") from None
    except (CalamineError, XmlError, ZipError, OSError, ValueError):
        raise SheetFault(
            "This is no Excel file that can be read. Save it again as .xlsx, or as .csv."
        ) from None
    for number, cells in enumerate(rows, start=1):
        yield number, [_as_text(cell) for cell in cells]


def _as_text(value: Any) -> str:
    """Return a cell as its reader sees it: whole numbers without a point, dates as ISO 8601."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)


def _unpacked(content: bytes) -> bytes:
    """Return a workbook with its parts as they are, not compressed: no more is unpacked than is looked at here."""
    whole, size = io.BytesIO(), 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(whole, "w") as plain:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS:
                raise SheetFault("The workbook has too many parts.")
            for part in parts:
                text = _part(packed, part, MOST_UNPACKED - size)
                size += len(text)
                if SHEET.fullmatch(part.filename):
                    _check_places(text)
                plain.writestr(part.filename, text)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise SheetFault(
            "This is no Excel file that can be read. Save it again as .xlsx, or as .csv."
        ) from None
    return whole.getvalue()


def _part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    """Return a part of at most ``most`` bytes, whatever its header says of its size."""
    text = bytearray()
    with packed.open(part) as opened:
        while chunk := opened.read(CHUNK):
            text += chunk
            if len(text) > most:
                raise SheetFault("The workbook is far larger than its file says.")
    return bytes(text)


def _check_places(sheet: bytes) -> None:
    """Raises SheetFault for a cell far outside: what reads a sheet makes room for all that lies between."""
    parser = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] not in ("c", "row"):
            return
        place = PLACE.fullmatch(attributes.get("r", ""))
        row = int(place[2]) if place else _number(attributes.get("r"))
        column = _column_number(place[1]) if place else 1
        if row > 4 * MOST_ROWS:
            raise SheetFault(f"There are more than {MOST_ROWS} rows.", row)
        if column > 4 * MOST_COLUMNS:
            raise SheetFault(f"There are more than {MOST_COLUMNS} columns.", row or None, column)

    def refuse(*_: Any) -> None:
        raise SheetFault("The workbook has declarations that no spreadsheet writes.")

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(sheet, True)
    except expat.ExpatError:
        raise SheetFault(
            "This is no Excel file that can be read. Save it again as .xlsx, or as .csv."
        ) from None


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 0


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
