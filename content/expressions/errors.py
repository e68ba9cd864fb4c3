"""The one exception of the language: what is wrong, and where."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that cannot be read, does not fit its values, or costs too much.

    ``line`` and ``column`` count characters from 1 in the text as the author wrote it. ``suggestion`` is the name
    that may have been meant by the one that stands there.
    """

    def __init__(self, reason: str, line: int, column: int, suggestion: str | None = None) -> None:
        super().__init__(reason, line, column, suggestion)
        self.reason = reason
        self.line = line
        self.column = column
        self.suggestion = suggestion

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"
