"""Files for spreadsheets: what they show is what stands there, and nothing is computed."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from content.sheets.writing import LONGEST, csv_lines, xlsx_chunks

BERLIN = ZoneInfo("Europe/Berlin")


def as_csv(rows: list[list[Any]]) -> list[list[str]]:
    data = b"".join(csv_lines(rows, BERLIN))
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_xlsx(rows: list[list[Any]], title: str = "A course") -> list[list[Any]]:
    data = b"".join(xlsx_chunks(rows, BERLIN, title=title))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_index(0).to_python()


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_is_no_formula(text: str) -> None:
    assert as_csv([["name"], [text]])[1] == [f"'{text}"]
    assert as_xlsx([["name"], [text]])[1] == [text]


def test_numbers_stay_numbers() -> None:
    assert as_csv([["n"], [-1.5], [7], [None], [float("nan")]]) == [["n"], ["-1.5"], ["7"], [""], [""]]
    assert as_xlsx([["n"], [-1.5], [7], [True]])[1:] == [[-1.5], [7.0], [True]]


def test_times_are_told_in_the_zone() -> None:
    row = [datetime(2026, 7, 1, 12, tzinfo=UTC), date(2026, 7, 2)]
    assert as_csv([["at", "on"], row])[1] == ["2026-07-01T14:00:00+02:00", "2026-07-02"]
    assert as_xlsx([["at", "on"], row])[1] == ["2026-07-01T14:00:00+02:00", "2026-07-02"]


def test_spreadsheets_take_it_for_utf8() -> None:
    assert b"".join(csv_lines([["Ünal"]], BERLIN)).startswith(b"\xef\xbb\xbf\xc3\x9c")


def test_an_empty_table_is_a_file() -> None:
    assert as_csv([]) == []
    assert as_xlsx([]) == []


@pytest.mark.parametrize("title", ["", "'Robert': a/b [c]?*", "x" * 100, "history"])
def test_any_title_makes_a_workbook(title: str) -> None:
    assert as_xlsx([["a"]], title) == [["a"]]


def test_a_text_too_long_for_a_cell_is_cut() -> None:
    assert as_xlsx([["x" * (LONGEST + 1)]]) == [["x" * LONGEST]]
