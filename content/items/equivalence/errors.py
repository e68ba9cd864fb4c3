"""What can stand in the way of comparing two formulas."""

from __future__ import annotations


class FormulaFault(ValueError):
    """A text is no formula. ``column`` counts its characters from 1."""

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(reason, column)
        self.reason = reason
        self.column = column

    def __str__(self) -> str:
        return f"At column {self.column}: {self.reason}."


class TooLarge(ArithmeticError):
    """Exact arithmetic would cost more than it may."""


class Undefined(ArithmeticError):
    """A formula divides by what is 0 whatever its variables are."""
