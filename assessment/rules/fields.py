"""Fields of an assessment's document, each declared once: its default, how it is read, its JSON Schema, its words.

A frozen dataclass that derives from `Declared` gives one of the functions below as the value of each field that
stands in a document. `Declared.take` reads them, `Declared.schema` describes them to editors and authors; so what a
form offers is what the reader takes. Rules between two fields stay with the reader of their part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Any, Final, Literal

from content.documents.reader import Reader

Schema = Mapping[str, Any]
Read = Callable[[Reader, str], Any]
"""Reads what stands under a key; faults go to the reader, and what the field is by default stands in."""
Kind = Literal["item", "bank", "skill", "lesson"]

UNSAID: Final = object()
"""A default that depends on the rest of the document: a schema cannot name it."""
MARKDOWN: Final[Schema] = {"format": "markdown", "x-widget": "markdown"}
NUMBER: Final[Schema] = {"x-widget": "number"}
"""Entered as a number, though it may be null."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a document; ``name`` is its name there, where that differs from the name in Python."""

    read: Read
    schema: Schema
    name: str | None = None
    required: bool = False


class Declared:
    """What is read from a document by the declarations of its fields. Other fields are given by whoever reads."""

    __slots__ = ()

    @classmethod
    def declared(cls) -> dict[str, Field]:
        """Return the declarations by the names of the fields in Python."""
        found: Any = cls
        return {one.name: one.metadata["field"] for one in fields(found) if "field" in one.metadata}

    @classmethod
    def take(cls, reader: Reader) -> dict[str, Any]:
        """Return the declared values by their names in Python. The caller finishes the reader."""
        return {name: one.read(reader, one.name or name) for name, one in cls.declared().items()}

    @classmethod
    def take_all(cls, reader: Reader) -> dict[str, Any]:
        """Return the declared values of a mapping that may have no others.

        It is finished before anybody compares its values: what is misspelled is not as its default says.
        """
        values = cls.take(reader)
        reader.finish()
        return values

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of the mapping that the fields stand in."""
        declared = {one.name or name: one for name, one in cls.declared().items()}
        required = [key for key, one in declared.items() if one.required]
        return {
            "type": "object",
            **({"required": required} if required else {}),
            "additionalProperties": False,
            "properties": {key: dict(one.schema) for key, one in declared.items()},
        }


def field(
    read: Read,
    schema: Schema,
    *,
    title: str,
    about: str = "",
    default: Any = MISSING,
    written: Any = MISSING,
    name: str | None = None,
    required: bool = False,
    more: bool = False,
) -> Any:
    """Declare a field. ``written`` is its default as it stands in a document, where that differs from the value.

    What is ``more`` is seldom needed: a form shows it on request.
    """
    words = {"title": title} | ({"description": about} if about else {}) | ({"x-more": True} if more else {})
    shown = default if written is MISSING else written
    usual = {} if shown in (MISSING, UNSAID) or required else {"default": shown}
    metadata = {"field": Field(read, {**words, **schema, **usual}, name, required)}
    if isinstance(default, dict):
        return dataclass_field(default_factory=lambda: dict(default), metadata=metadata)
    return dataclass_field(default=default, metadata=metadata)


def text(*, title: str, about: str = "", most: int | None = None, markdown: bool = False) -> Any:
    """Declare a text that may be left out."""

    def read(reader: Reader, key: str) -> str:
        return reader.text(key, default="")

    entered = MARKDOWN if markdown else {"x-widget": "text"}
    schema = {"type": "string", **({"maxLength": most} if most else {}), **entered}
    return field(read, schema, title=title, about=about, default="")


def label(read: Read, schema: Schema, *, title: str, about: str = "") -> Any:
    """Declare a text that must be there."""
    return field(read, {"type": "string", "minLength": 1, **schema}, title=title, about=about, required=True)


def named(kind: Kind, *, title: str, about: str = "", empty: str | None = None, needed: bool = False) -> Any:
    """Declare the slug of something that exists; without one it reads as ``empty``.

    Where it is ``needed`` the reader of the part refuses its absence.
    """

    def read(reader: Reader, key: str) -> str | None:
        return reader.text(key, default="") or empty

    schema = {"type": "string", "minLength": 1, "x-names": kind}
    return field(read, schema, title=title, about=about, default=empty, written=UNSAID, required=needed)


def names(kind: Kind, *, title: str, about: str = "") -> Any:
    """Declare a list of slugs of things that exist."""

    def read(reader: Reader, key: str) -> tuple[str, ...]:
        return reader.texts(key)

    each = {"type": "string", "minLength": 1, "x-names": kind}
    schema = {"type": "array", "items": each, "uniqueItems": True}
    return field(read, schema, title=title, about=about, default=(), written=[])


def flag(*, title: str, about: str = "", default: bool = False, more: bool = False) -> Any:
    """Declare what is true or false."""

    def read(reader: Reader, key: str) -> bool:
        return reader.flag(key, default=default)

    return field(read, {"type": "boolean"}, title=title, about=about, default=default, more=more)


def perhaps(*, title: str, about: str = "") -> Any:
    """Declare what is true, false, or left to the rules."""

    def read(reader: Reader, key: str) -> bool | None:
        return None if reader.raw(key) is None else reader.flag(key)

    schema = {"type": ["boolean", "null"], "x-widget": "flag"}
    return field(read, schema, title=title, about=about, default=None, more=True)


def whole(default: int, *, most: int, title: str, about: str = "") -> Any:
    """Declare a whole number of 1 to ``most``."""

    def read(reader: Reader, key: str) -> int:
        return reader.whole(key, default, most=most)

    schema = {"type": "integer", "minimum": 1, "maximum": most}
    return field(read, schema, title=title, about=about, default=default)


def limit(default: int | None, *, most: int, title: str, about: str = "") -> Any:
    """Declare a whole number of 1 to ``most``; null, where it is written, means without limit."""

    def read(reader: Reader, key: str) -> int | None:
        value = reader.raw(key, default)
        if value is None or (type(value) is int and 1 <= value <= most):
            return value
        reader.spoil(key, f"must be a whole number of 1 to {most}, or null for no limit")
        return default

    schema = {"type": ["integer", "null"], "minimum": 1, "maximum": most, **NUMBER}
    return field(read, schema, title=title, about=about, default=default)


def between(
    default: float, low: float, high: float, *, title: str, about: str = "", more: bool = False
) -> Any:
    """Declare a number within bounds."""

    def read(reader: Reader, key: str) -> float:
        return reader.between(key, default, low, high)

    schema = {"type": "number", "minimum": low, "maximum": high}
    return field(read, schema, title=title, about=about, default=default, more=more)


def needed_between(low: float, high: float, *, title: str, about: str = "") -> Any:
    """Declare a number within bounds that must be there."""

    def read(reader: Reader, key: str) -> float:
        return reader.between(key, None, low, high)

    schema = {"type": "number", "minimum": low, "maximum": high}
    return field(read, schema, title=title, about=about, required=True)


def perhaps_between(low: float, high: float, *, title: str, about: str = "", name: str | None = None) -> Any:
    """Declare a number within bounds; None where there is none."""

    def read(reader: Reader, key: str) -> float | None:
        return None if reader.raw(key) is None else reader.between(key, None, low, high)

    schema = {"type": ["number", "null"], "minimum": low, "maximum": high, **NUMBER}
    return field(read, schema, title=title, about=about, default=None, name=name)


def fraction(default: float, *, title: str, about: str = "") -> Any:
    """Declare a share of 0 to 1."""

    def read(reader: Reader, key: str) -> float:
        value = reader.number(key, default)
        if value is None or not 0 <= value <= 1:
            reader.spoil(key, "must be a fraction of 0 to 1")
            return default
        return float(value)

    schema = {"type": "number", "minimum": 0, "maximum": 1}
    return field(read, schema, title=title, about=about, default=default)


def one_of(
    choices: Mapping[str, str], default: str, *, title: str, about: str = "", more: bool = False
) -> Any:
    """Declare one word of a few, each with what it means."""

    def read(reader: Reader, key: str) -> str:
        return reader.one_of(key, default, choices)

    return field(read, options(choices), title=title, about=about, default=default, more=more)


def one_of_enum(
    words: Mapping[Any, str], default: StrEnum, *, title: str, about: str = "", more: bool = False
) -> Any:
    """Declare a member of an enumeration; ``words`` say of each what it means."""
    kind = type(default)

    def read(reader: Reader, key: str) -> StrEnum:
        return kind(reader.one_of(key, default.value, [one.value for one in kind]))

    meant = {one.value: words[one] for one in kind}
    return field(
        read, options(meant), title=title, about=about, default=default, written=default.value, more=more
    )


def options(choices: Mapping[str, str]) -> Schema:
    """Return the schema of a choice: each word beside what it means."""
    return {
        "type": "string",
        "oneOf": [{"const": word, "title": meaning} for word, meaning in choices.items()],
    }


def part(
    of: type[Declared], read: Read, *, title: str, about: str = "", default: Any, more: bool = False
) -> Any:
    """Declare a mapping of its own; left out it says nothing but defaults."""
    return field(read, of.schema(), title=title, about=about, default=default, written={}, more=more)


def perhaps_part(of: type[Declared], read: Read, *, title: str, about: str = "") -> Any:
    """Declare a mapping that may be missing altogether."""
    schema = {**of.schema(), "type": ["object", "null"], "x-widget": "object"}
    return field(read, schema, title=title, about=about, default=None, more=True)


def parts(of: type[Declared], read: Read, *, entry: str, title: str, about: str = "") -> Any:
    """Declare a list of mappings; ``entry`` is what one of them is called."""
    schema = {"type": "array", "x-entry": entry, "items": of.schema()}
    return field(read, schema, title=title, about=about, default=(), written=[])
