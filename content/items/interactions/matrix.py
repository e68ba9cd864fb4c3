"""Matrix entry: a table of numbers, each judged by the tolerance policy; credit for the whole or by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from content.items.interactions import shown
from content.items.interactions.base import Record, Render, Samples
from content.items.interactions.forms import Boxes, Form
from content.items.interactions.numeric import READS, Numeric, written
from content.items.interactions.shown import Shown
from content.items.policies import policy, reads
from content.items.verdict import Verdict, invalid


@dataclass(frozen=True)
class ShownMatrix(Shown):
    """The answer is a list of rows of numbers."""

    rows: int
    columns: int
    reads: tuple[str, ...] | None = shown.about(READS)

    @property
    def form(self) -> Form:
        rows, columns = range(1, self.rows + 1), range(1, self.columns + 1)
        return Boxes(tuple(tuple(f"row {r}, column {c}" for c in columns) for r in rows), decimal=True)

    def from_form(self, values: Sequence[str]) -> Any:
        return [list(values[i : i + self.columns]) for i in range(0, len(values), self.columns)]


@dataclass(frozen=True, kw_only=True)
class Matrix(Numeric):
    """``credit``: ``all`` wants every cell right, ``each`` gives the share of cells that are."""

    kind: ClassVar[str] = "matrix"
    shows: ClassVar[type[Shown]] = ShownMatrix
    key_dimensions: ClassVar[tuple[int, ...]] = (2,)

    def present(self, record: Record, render: Render) -> Shown:
        rows, columns = np.shape(record["key"])
        return ShownMatrix(rows, columns, reads(record["policy"]))

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        judge = policy(record["policy"])
        rows, columns = np.shape(record["key"])
        if not (
            isinstance(answer, list)
            and len(answer) == rows
            and all(isinstance(row, list) and len(row) == columns for row in answer)
        ):
            message = f"This answer is a table of {rows} rows and {columns} columns."
            return invalid(judge.name, judge.version, message)
        cells = [
            (f"Row {r}, column {c}", judge.grade(key, entered, locale=locale))
            for r, (keys, entries) in enumerate(zip(record["key"], answer, strict=True), start=1)
            for c, (key, entered) in enumerate(zip(keys, entries, strict=True), start=1)
        ]
        verdict = self.combine(judge, cells, parts="cells")
        return verdict.arranged(
            parsed=_rows(verdict.parsed, columns), parts=verdict.parts and _rows(verdict.parts, columns)
        )

    def right_answer(self, record: Record, decimal: str) -> Any:
        return [[self.written_for_reading(key, decimal) for key in row] for row in record["key"]]

    def compared(self, record: Record, verdict: Verdict) -> str:
        return ""

    def samples(self, record: Record) -> Samples:
        key = record["key"]
        right = [[written(self.policy, value) for value in row] for row in key]
        wrong = [[written(self.policy, value, off=1) for value in row] for row in key]
        return Samples((right,), (wrong,), (right[1:], [row[1:] for row in right], "", None, 7, [["x"]]))


def _rows(flat: Sequence[Any], columns: int) -> list[list[Any]]:
    return [list(flat[i : i + columns]) for i in range(0, len(flat), columns)]
