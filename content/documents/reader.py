"""Collecting what is wrong with a document, all of it, each with the place where it stands."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard


class DefinitionError(ValueError):
    """A document cannot be used; ``faults`` lists (path, reason)."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in self.faults))


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value of a document is a number that a float can hold; infinities and NaN are none."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= sys.float_info.max  # false for NaN
    )


@dataclass
class Faults:
    """The list that all readers of one document add to."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, path: str, reason: str) -> None:
        self.found.append((path, reason))

    def raise_if_any(self) -> None:
        if self.found:
            raise DefinitionError(self.found)


@dataclass(frozen=True)
class Reader:
    """A mapping inside a document, read key by key; what is missing, mistyped or unknown becomes a fault."""

    document: Mapping[str, Any]
    path: str
    faults: Faults
    _seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, value: object, path: str, faults: Faults) -> Reader:
        """Read ``value`` as a mapping; anything else is a fault and reads as an empty one."""
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            faults.add(path, "must be a mapping with names as keys")
            value = {}
        return cls(value, path, faults)

    def at(self, key: str | int) -> str:
        return f"{self.path}.{key}" if self.path else str(key)

    def fault(self, key: str | int, reason: str) -> None:
        self.faults.add(self.at(key), reason)

    def has(self, key: str) -> bool:
        return key in self.document

    def raw(self, key: str, default: Any = None) -> Any:
        self._seen.add(key)
        return self.document.get(key, default)

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text; without a default it must be there and not be blank."""
        value = self.raw(key, default)
        if isinstance(value, str) and (value.strip() or default is not None):
            return value
        self.fault(key, "must be a text" if value is not None else "is missing")
        return ""

    def number(self, key: str, default: float | None = None) -> float | None:
        """Return a finite number that a float can hold: whoever computes with it need not ask again."""
        value = self.raw(key, default)
        if value is None or is_number(value):
            return value
        self.fault(key, "must be a number")
        return default

    def between(self, key: str, default: float | None, low: float, high: float) -> float:
        """Return a number in [low, high]; without a default it must be there."""
        value = self.number(key, default)
        if value is not None and low <= value <= high:
            return float(value)
        self.fault(key, f"must be a number of {low:g} to {high:g}")
        return low if default is None else default

    def whole(self, key: str, default: int, *, most: int) -> int:
        """Return a whole number of 1 to ``most``."""
        value = self.raw(key, default)
        if type(value) is int and 1 <= value <= most:
            return value
        self.fault(key, f"must be a whole number of 1 to {most}")
        return default

    def one_of(self, key: str, default: str, choices: Collection[str]) -> str:
        value = self.raw(key, default)
        if isinstance(value, str) and value in choices:
            return value
        self.fault(key, f"must be one of {', '.join(choices)}")
        return default

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.raw(key, default)
        if isinstance(value, bool):
            return value
        self.fault(key, "must be true or false")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw(key, [])
        if (
            isinstance(value, Sequence)
            and not isinstance(value, str)
            and all(isinstance(v, str) for v in value)
        ):
            return tuple(value)
        self.fault(key, "must be a list of texts")
        return ()

    def mapping(self, key: str) -> Reader:
        return Reader.of(self.raw(key, {}), self.at(key), self.faults)

    def readers(self, key: str) -> list[Reader]:
        """Return a reader for each entry of a list of mappings."""
        value = self.raw(key, [])
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.fault(key, "must be a list")
            return []
        return [Reader.of(entry, self.at(f"{key}.{i}"), self.faults) for i, entry in enumerate(value)]

    def items(self) -> list[tuple[str, Any]]:
        self._seen.update(self.document)
        return list(self.document.items())

    def finish(self) -> None:
        """Report the keys that nobody asked for: a misspelled option must not be lost in silence."""
        for key in self.document:
            if key not in self._seen:
                self.fault(key, "is not known here")
