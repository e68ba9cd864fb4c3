"""The learner's numbers in a formula: ``{name}`` stands for a parameter or a step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

PLACEHOLDER: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")


def names_in(formula: str) -> list[str]:
    """Return what the placeholders of a formula name."""
    return PLACEHOLDER.findall(formula)


def filled(formula: str, numbers: Mapping[str, Any]) -> str:
    """Return the formula with every digit of the draw's numbers; a text for reading would round them."""
    return PLACEHOLDER.sub(lambda found: f"({_written(numbers[found[0]])})", formula)


def with_any_numbers(formula: str) -> str:
    """Return the formula with something that reads as a number, and is as long, for each placeholder."""
    return PLACEHOLDER.sub(lambda found: f"({'1'.center(len(found[0]) - 2)})", formula)


def _written(value: Any) -> str:
    return (
        str(int(value))
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        else repr(value)
    )
