"""Reading settings within limits: what lies outside becomes a fault and reads as the default."""

from __future__ import annotations

from collections.abc import Collection

from content.documents.reader import Reader


def one_of(reader: Reader, key: str, default: str, choices: Collection[str]) -> str:
    value = reader.raw(key, default)
    if isinstance(value, str) and value in choices:
        return value
    reader.fault(key, f"must be one of {', '.join(choices)}")
    return default


def whole(reader: Reader, key: str, default: int, *, most: int) -> int:
    """Return a whole number of 1 to ``most``."""
    value = reader.raw(key, default)
    if type(value) is int and 1 <= value <= most:
        return value
    reader.fault(key, f"must be a whole number of 1 to {most}")
    return default


def between(reader: Reader, key: str, default: float | None, low: float, high: float) -> float:
    """Return a number in [low, high]; without a default it must be there."""
    value = reader.number(key, default)
    if value is not None and low <= value <= high:
        return float(value)
    reader.fault(key, f"must be a number of {low:g} to {high:g}")
    return low if default is None else default
