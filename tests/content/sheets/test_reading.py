"""Files as people bring them: what is read of each, and what is refused, with its place."""

import io
import zipfile

import pytest
import xlsxwriter

from content.sheets.reading import LONGEST_CELL, MOST_BYTES, MOST_ROWS, SheetFault, column_name, read_table


def workbook(rows, change=None):
    """The bytes of an XLSX file; ``change`` makes other bytes of each part."""
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as book:
        sheet = book.add_worksheet("People")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        book.add_worksheet("Another")
    return repacked(whole.getvalue(), change) if change else whole.getvalue()


def repacked(content, change):
    again = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return again.getvalue()


def cells(content):
    table = read_table(content)
    return [table.headers, *(row.cells for row in table.rows)]


PEOPLE = [("e-mail", "name"), ("zoë@example.org", "Zoë, A.")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
def test_text_is_read_as_any_program_writes_it(encoding, delimiter):
    text = f'e-mail{delimiter}name\r\nzoë@example.org{delimiter}"Zoë, A."\r\n'
    assert cells(text.encode(encoding)) == PEOPLE


def test_a_workbook_is_read_by_its_first_sheet():
    assert cells(workbook([["e-mail", "name"], ["zoë@example.org", "Zoë, A."]])) == PEOPLE


def test_numbers_of_a_workbook_have_no_point():
    assert cells(workbook([["id", "share"], [20261129, 0.5]]))[1] == ("20261129", "0.5")


def test_a_formula_stays_its_text():
    assert cells(b"a,b\n=1+1,@SUM(A1)\n")[1] == ("=1+1", "@SUM(A1)")


def test_a_line_that_names_the_separator_is_no_header():
    table = read_table(b"sep=;\na;b\n1;2\n")
    assert (table.headers, table.rows[0].number) == (("a", "b"), 3)


def test_rows_keep_their_numbers_around_empty_ones():
    assert [row.number for row in read_table(b'\na,b\n\n"1\n2",3\n,,\n4\n').rows] == [4, 7]
    assert [row.number for row in read_table(workbook([["a"], [""], ["1"]])).rows] == [3]


def test_short_rows_are_filled_up():
    assert cells(b"a,b,c\n1\n")[1] == ("1", "", "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n ,\n", "empty"),
        (b"a,b\n1,2,3\n", "Row 2, column C"),
        (b'a,b\n1,"2\n3,4\n', "Row 2: A quotation mark"),
        (b"a,b\n1," + b"x" * (LONGEST_CELL + 1), "Row 2, column B"),
        (b"a,b\n1,x\0y\n", "no text"),
        (b"a\n" + b"1\n" * (MOST_ROWS + 1), "more than 5000 rows"),
        (b",".join([b"a"] * 51), "more than 50 columns"),
        (b"a" * (MOST_BYTES + 1), "larger than 2 MB"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old Excel"),
        (b"PK\x03\x04" + b"x" * 100, "no Excel file"),
        (b"\xff\xfea", "no text"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(content, words):
    with pytest.raises(SheetFault, match=words):
        read_table(content)


def test_a_bomb_is_not_unpacked():
    content = workbook([["a"]], lambda name, text: text + b" " * 40_000_000 if "shared" in name else text)
    assert len(content) < MOST_BYTES
    with pytest.raises(SheetFault, match="far larger"):
        read_table(content)


@pytest.mark.parametrize("place", ["XFD1", "A1048576", "XFD1048576"])
def test_a_cell_far_outside_makes_no_room_for_all_between(place):
    far = workbook([["a"]], lambda _, text: text.replace(b'r="A1"', f'r="{place}"'.encode()))
    with pytest.raises(SheetFault, match="more than"):
        read_table(far)


def test_declarations_in_a_sheet_are_refused():
    def declared(name, text):
        doctype = b'<!DOCTYPE a [<!ENTITY b "c">]>'
        return text.replace(b"<worksheet", doctype + b"<worksheet", 1) if "worksheets/" in name else text

    with pytest.raises(SheetFault, match="declarations"):
        read_table(workbook([["a"]], declared))


def test_a_workbook_that_is_none_is_refused():
    empty = repacked(workbook([["a"]]), lambda name, text: b"" if name == "xl/workbook.xml" else text)
    with pytest.raises(SheetFault):
        read_table(empty)


def test_columns_are_named_as_in_spreadsheets():
    assert [column_name(number) for number in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
