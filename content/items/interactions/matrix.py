"""Matrix entry: a table of numbers, each judged by the tolerance policy; credit for the whole or by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from content.items.interactions.base import Record, Render, Samples
from content.items.interactions.numeric import Numeric, written
from content.items.policies import policy
from content.items.verdict import Verdict, invalid


@dataclass(frozen=True, kw_only=True)
class Matrix(Numeric):
    """``credit``: ``all`` wants every cell right, ``each`` gives the share of cells that are."""

    kind: ClassVar[str] = "matrix"
    key_dimensions: ClassVar[tuple[int, ...]] = (2,)

    def present(self, record: Record, render: Render) -> dict[str, Any]:
        rows, columns = np.shape(record["key"])
        return {"rows": rows, "columns": columns}

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
        flat = verdict.parsed
        return verdict.with_parsed([flat[i : i + columns] for i in range(0, len(flat), columns)])

    def samples(self, record: Record) -> Samples:
        key = record["key"]
        right = [[written(self.policy, value) for value in row] for row in key]
        wrong = [[written(self.policy, value, off=1) for value in row] for row in key]
        return Samples((right,), (wrong,), (right[1:], [row[1:] for row in right], "", None, 7, [["x"]]))
