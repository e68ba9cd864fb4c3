"""The formats of other systems: a new one is a module beside this one and a line in the table.

What a file is, its content says and never its name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from content.formats import sheet
from content.formats.foreign import Foreign
from content.formats.gift import aiken
from content.formats.gift import reading as gift
from content.formats.gift import writing as gift_writing
from content.formats.moodle import writing as moodle_writing
from content.formats.moodle import xml
from content.formats.written import Given, Written


@dataclass(frozen=True, slots=True)
class Format:
    """``sniff`` looks at the bytes; ``read`` returns one entry for each question, or raises ForeignFault.

    ``write`` returns a file with what it could not hold; None where the format is only read.
    """

    name: str
    label: str
    suffix: str
    sniff: Callable[[bytes], bool]
    read: Callable[[bytes, str], list[Foreign]]
    write: Callable[[Sequence[Given], str], Written] | None = None


FORMATS: Final[tuple[Format, ...]] = (
    Format("moodle-xml", "Moodle XML", "xml", xml.sniff, xml.read, moodle_writing.write),
    Format("xlsx", "a table (Excel)", "xlsx", sheet.is_workbook, sheet.read, sheet.write_xlsx),
    Format("aiken", "Aiken", "txt", aiken.sniff, aiken.read),
    Format("csv", "a table (CSV)", "csv", sheet.is_csv, sheet.read, sheet.write_csv),
    Format("gift", "GIFT", "gift", gift.sniff, gift.read, gift_writing.write),
)
"""In the order in which they are asked: GIFT is last, as much looks like it."""

WRITTEN: Final = {one.name: one for one in FORMATS if one.write}


def recognized(data: bytes) -> Format | None:
    """Return the format of a file, None where it is none of these."""
    return next((one for one in FORMATS if one.sniff(data)), None)
