"""Collecting what is wrong with a document, all of it, each with the place where it stands, and nothing that only
follows from another fault: a part that could not be read is known to be broken, and is not complained of again.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self, TypeGuard

from content.expressions import ExpressionError
from content.expressions.suggesting import CERTAIN, did_you_mean, nearest

MOST_FAULTS: Final = 200
"""Faults of one document that are told: nobody mends more at once, and a hostile document could have any number."""

MOST_COMPARED: Final = 100
"""Unknown keys of one mapping of which one may be a known one misspelled."""

UNKNOWN: Final = "is not known here"

_TRUTHS: Final = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


@dataclass(frozen=True, slots=True)
class PathFault:
    """What is wrong with the value at ``path``, or with its key where ``at_key``.

    ``inside`` are the characters of the value's text, from and without, that are meant. ``suggestion`` could stand
    there instead. ``alone`` is the reason for whoever does not see where in the document that is.
    """

    path: str
    reason: str
    at_key: bool = False
    inside: tuple[int, int] | None = None
    suggestion: str | None = None
    alone: str = ""

    @classmethod
    def of_expression(cls, path: str, text: str, error: ExpressionError) -> Self:
        """Return what is wrong with an expression that stands at ``path``."""
        start = sum(len(line) + 1 for line in text.split("\n")[: error.line - 1]) + error.column - 1
        inside = start, _end_of_word(text, start)
        return cls(path, error.reason, inside=inside, suggestion=error.suggestion, alone=str(error))

    @property
    def told(self) -> tuple[str, str]:
        return self.path, self.alone or self.reason


def _end_of_word(text: str, start: int) -> int:
    """Return the end of the name or number that begins at a place of a text; of a sign, the place behind it."""
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return min(max(end, start + 1), max(len(text), start))


class DefinitionError(ValueError):
    """A document cannot be used; ``faults`` lists (path, reason), ``found`` the same with all that is known."""

    def __init__(self, faults: Iterable[tuple[str, str] | PathFault]) -> None:
        self.found = tuple(one if isinstance(one, PathFault) else PathFault(*one) for one in faults)
        self.faults = tuple(one.told for one in self.found)
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
    """The list that all readers of one document add to.

    ``broken`` are the paths of what could not be read. Nothing at or below them is complained of any more.
    """

    listed: list[PathFault] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    @property
    def found(self) -> list[tuple[str, str]]:
        return [fault.told for fault in self.listed]

    @property
    def is_full(self) -> bool:
        return len(self.listed) >= MOST_FAULTS

    def add(self, path: str, reason: str, **known: Any) -> None:
        """Note what is wrong at a path, with what else is known of it, as `PathFault` has it."""
        self.put(PathFault(path, reason, **known))

    def put(self, fault: PathFault) -> None:
        if not self.is_full and not self.is_broken(fault.path):
            self.listed.append(fault)

    def spoil(self, path: str, reason: str, **known: Any) -> None:
        """Note why what stands at a path cannot be read."""
        self.add(path, reason, **known)
        if not self.is_full:
            self.broken.add(path)

    def is_broken(self, path: str) -> bool:
        """Return whether what stands at a path, or around it, could not be read."""
        while path not in self.broken:
            if not path:
                return False
            path = path.rpartition(".")[0]
        return True

    def below(self, path: str) -> list[str]:
        """Return the keys of a mapping whose values could not be read."""
        start = f"{path}." if path else ""
        inside = (one.removeprefix(start) for one in self.broken if one.startswith(start) and one != path)
        return sorted({one for one in inside if one and "." not in one})

    def is_faulty(self, path: str) -> bool:
        """Return whether something is wrong at a path, below it or around it, or too much to know."""
        start = f"{path}." if path else ""
        return (
            self.is_full
            or self.is_broken(path)
            or any(
                one == path or one.startswith(start)
                for one in (*self.broken, *(fault.path for fault in self.listed))
            )
        )

    def forget(self, path: str) -> None:
        """Drop what was said of a path, and below it: it only follows from another fault."""
        self.listed = [
            fault for fault in self.listed if fault.path != path and not fault.path.startswith(f"{path}.")
        ]
        self.broken.add(path)

    def raise_if_any(self) -> None:
        if self.listed:
            raise DefinitionError(self.listed)


@dataclass(frozen=True)
class Reader:
    """A mapping inside a document, read key by key; what is missing, mistyped or unknown becomes a fault.

    Where its keys are ``known``, a misspelled one is a fault and is read all the same: nothing else rests on it.
    """

    document: Mapping[str, Any]
    path: str
    faults: Faults
    known: Collection[str] = ()
    _seen: set[str] = field(default_factory=set)
    _written: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object, path: str, faults: Faults, known: Collection[str] = ()) -> Reader:
        """Read ``value`` as a mapping; anything else is a fault and reads as an empty one."""
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            faults.spoil(path, "must be a mapping with names as keys")
            value = {}
        reader = cls(value, path, faults, known)
        reader._take_misspelled()
        return reader

    def _take_misspelled(self) -> None:
        """Report each key that is nearly one of the known ones, and read it as that."""
        missing = [key for key in self.known if key not in self.document]
        unknown = [key for key in self.document if key not in self.known][:MOST_COMPARED] if missing else []
        for key in unknown:
            meant = nearest(key, missing, likeness=CERTAIN)
            if meant:
                self._report_unknown(key, meant)
                self._written[meant] = key
                self._seen.add(key)
                missing.remove(meant)

    def at(self, key: str | int) -> str:
        """Return the path of what stands under a key, or further down."""
        first, dot, rest = str(key).partition(".")
        written = self._written.get(first, first)
        return f"{self.path}.{written}{dot}{rest}" if self.path else f"{written}{dot}{rest}"

    def fault(self, key: str | int, reason: str, **known: Any) -> None:
        self.faults.add(self.at(key), reason, **known)

    def spoil(self, key: str | int, reason: str, **known: Any) -> None:
        """Report that what stands under a key cannot be read."""
        self.faults.spoil(self.at(key), reason, **known)

    def is_broken(self, key: str | int) -> bool:
        return self.faults.is_broken(self.at(key))

    def is_faulty(self, *keys: str) -> bool:
        """Return whether something is wrong with what stands under one of the keys."""
        return any(self.faults.is_faulty(self.at(key)) for key in keys)

    def has(self, key: str) -> bool:
        return self._written.get(key, key) in self.document

    def raw(self, key: str, default: Any = None) -> Any:
        self._seen.add(key)
        return self.document.get(self._written.get(key, key), default)

    def names(self) -> list[str]:
        """Return all keys, those whose values could not be read among them."""
        return list(dict.fromkeys([*self.document, *self.faults.below(self.path)]))

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text; without a default it must be there and not be blank."""
        value = self.raw(key, default)
        if isinstance(value, str) and (value.strip() or default is not None):
            return value
        if value is None:
            self.spoil(key, "is missing")
        else:
            self.spoil(key, f"must be a text{_how_to_write(value)}")
        return ""

    def number(self, key: str, default: float | None = None) -> float | None:
        """Return a finite number that a float can hold: whoever computes with it need not ask again."""
        value = self.raw(key, default)
        if value is None or is_number(value):
            return value
        self.spoil(key, "must be a number")
        return default

    def between(self, key: str, default: float | None, low: float, high: float) -> float:
        """Return a number in [low, high]; without a default it must be there."""
        value = self.raw(key, default)
        if is_number(value) and low <= value <= high:
            return float(value)
        self.spoil(key, f"must be a number of {low:g} to {high:g}")
        return low if default is None else default

    def whole(self, key: str, default: int, *, most: int) -> int:
        """Return a whole number of 1 to ``most``."""
        value = self.raw(key, default)
        if type(value) is int and 1 <= value <= most:
            return value
        self.spoil(key, f"must be a whole number of 1 to {most}")
        return default

    def one_of(self, key: str, default: str, choices: Collection[str]) -> str:
        value = self.raw(key, default)
        if isinstance(value, str) and value in choices:
            return value
        self.refuse_choice(key, value, choices)
        return default

    def refuse_choice(self, key: str, value: object, choices: Iterable[str], reason: str = "") -> None:
        """Report that a value is none of the words that may stand under a key."""
        listed = list(choices)
        meant = nearest(value, listed) if isinstance(value, str) else None
        said = reason or f"must be one of {', '.join(listed)}"
        self.spoil(key, said + did_you_mean(meant), suggestion=meant)

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.raw(key, default)
        if isinstance(value, bool):
            return value
        meant = _TRUTHS.get(value.casefold()) if isinstance(value, str) else None
        self.spoil(key, f"must be true or false{f': write {meant}' if meant else ''}", suggestion=meant)
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw(key, [])
        if not isinstance(value, Sequence) or isinstance(value, str):
            hint = ": put each on a line of its own after a dash" if isinstance(value, str) else ""
            self.spoil(key, f"must be a list of texts{hint}")
            return ()
        for place, one in enumerate(value):
            if not isinstance(one, str):
                self.spoil(f"{key}.{place}", f"must be a text{_how_to_write(one)}")
        return tuple(one if isinstance(one, str) else "" for one in value)

    def mapping(self, key: str, known: Collection[str] = ()) -> Reader:
        return Reader.of(self.raw(key, {}), self.at(key), self.faults, known)

    def readers(self, key: str, known: Collection[str] = ()) -> list[Reader]:
        """Return a reader for each entry of a list of mappings."""
        value = self.raw(key, [])
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.spoil(key, "must be a list")
            return []
        return [Reader.of(entry, self.at(f"{key}.{i}"), self.faults, known) for i, entry in enumerate(value)]

    def items(self) -> list[tuple[str, Any]]:
        self._seen.update(self.document)
        return list(self.document.items())

    def finish(self) -> None:
        """Report the keys that nobody asked for: a misspelled option must not be lost in silence."""
        for key in self.document:
            if self.faults.is_full:
                return
            if key not in self._seen:
                missing = {*self._seen, *self.known} - self.document.keys()
                meant = nearest(key, sorted(missing)) or nearest(key, sorted(self._seen))
                if meant in missing:
                    self.faults.forget(self.at(meant))
                self._report_unknown(key, meant)

    def _report_unknown(self, key: str, meant: str | None) -> None:
        path = f"{self.path}.{key}" if self.path else key
        self.faults.spoil(path, UNKNOWN + did_you_mean(meant), at_key=True, suggestion=meant)


def _how_to_write(value: object) -> str:
    """Return what an author did who meant a text and wrote something else that YAML knows."""
    if isinstance(value, bool | int | float):
        return ": put it in quotes"
    if isinstance(value, Mapping) and all(one is None for one in value.values()):
        return ": one that begins with { needs quotes around it"
    if isinstance(value, Mapping):
        return ": one with a colon and a space in it needs quotes around it"
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return ": one that begins with [[ needs quotes around it, or a block (|)"
    return ""
