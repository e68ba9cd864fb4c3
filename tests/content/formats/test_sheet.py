"""Tables of simple items."""

from __future__ import annotations

from typing import Any

import pytest

from content.formats import sheet
from content.formats.foreign import Foreign, ForeignFault
from content.formats.registry import WRITTEN, recognized
from content.formats.trying import mismatches
from content.formats.written import Given
from content.items.certification import certify
from content.items.parsing.document import parse_definition
from tests.builders import exercise_document


def rows(text: str) -> list[Foreign]:
    return sheet.read(text.encode(), "items.csv")


def sound(found: Foreign) -> dict[str, Any]:
    assert not found.refused, found.refused
    document = {"slug": "a", **found.document}
    definition = parse_definition(document)
    assert certify(definition).grounds == []
    assert mismatches(definition, found.trials) == []
    return document


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_table_to_fill_is_read_and_every_row_of_it_is_sound(kind: str) -> None:
    data = sheet.template(kind)
    assert recognized(data).name == kind
    found = sheet.read(data, "")
    assert [each.kind for each in found] == ["choice", "several", "number", "text", "truth"]
    for each in found:
        sound(each)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_reads_as_the_same_items(kind: str) -> None:
    given = [
        Given(parse_definition({"slug": f"row-{n}", **found.document}))
        for n, found in enumerate(sheet.read(sheet.template("csv"), ""))
    ]
    written = WRITTEN[kind].write(given, "Items")
    assert (written.count, written.omissions) == (len(given), ())
    again = sheet.read(written.content, "")
    assert [each.name for each in again] == [each.slug for each in given]
    assert [{"slug": each.name, **each.document} for each in again] == [each.document for each in given]


def test_an_exercise_is_left_out_by_name() -> None:
    written = WRITTEN["csv"].write([Given(parse_definition(exercise_document()))], "Items")
    (omission,) = written.omissions
    assert (omission.slug, omission.is_whole) == ("double-it", True)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Which?,,,1", "option said to be right is not there|fewer than two"),
        ("Which?,a,b,3", "is not there"),
        ("Which?,a,b,z9", "names none of its options"),
        (",a,b,1", "its question is empty"),
        ("Which?,a,b,", "nothing is said to be right"),
    ],
)
def test_a_row_that_is_no_item_says_why(row: str, reason: str) -> None:
    (found,) = rows(f"kind,question,option 1,option 2,right\nchoice,{row}\n")
    assert found.document is None
    assert any(one in found.refused for one in reason.split("|"))
    assert found.line == 2


def test_columns_that_are_not_known_are_told() -> None:
    (found,) = rows("Question;Answer;Points\nTwo?;2;5\n")
    assert sound(found)["interactions"]["a"]["kind"] == "numeric"
    assert found.notes == ("the columns Points are not known and were not read",)


def test_a_cell_that_spreadsheets_would_compute_is_a_number_again() -> None:
    (found,) = rows("question,right\nLess than nothing?,'-2.5\n")
    assert sound(found)["interactions"]["a"]["key"] == "-2.5"


@pytest.mark.parametrize(
    "data", [b'question,right\n"never closed', b"\x00\x01question,right", b"question,right\n" + b"a," * 90]
)
def test_a_table_that_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(ForeignFault):
        sheet.read(data, "")
