"""Fields of a document, each declared once: how it is read, within which bounds, and its JSON Schema.

A frozen dataclass that derives from `Declared` gives one of the functions below as the value of each of its fields.
What is wrong in a document becomes a fault at the place of its field; another value then stands in for it, so that
the rest is checked as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from dataclasses import field as dataclass_field
from typing import Any, Final, Self

from content.documents.reader import PathFault, Reader
from content.expressions import ExpressionError, Scope
from content.expressions.suggesting import did_you_mean, nearest
from content.items.policies import OURS, POLICIES, READERS, Policy, PolicyFault, policy_class

Schema = Mapping[str, Any]
Read = Callable[[Reader, str, Scope], Any]
"""Reads what stands under a key; faults go to the reader."""
Fault = tuple[str, str] | PathFault
"""Where, below the document that was read (empty for the whole of it), and why."""

EXPRESSION_SCHEMA: Final[Schema] = {"type": ["string", "number"]}

UNREADABLE: Final = object()
"""Read where nothing can stand in for what was meant."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a document. One without a schema may not be written."""

    read: Read
    schema: Schema | None
    name: str | None = None
    required: bool = False
    about: str = ""

    def described(self) -> dict[str, Any]:
        return {**(self.schema or {}), "description": self.about} if self.about else dict(self.schema or {})


def field(
    read: Read, schema: Schema | None, *, name: str | None = None, required: bool = False, about: str = ""
) -> Any:
    """Declare a field that ``read`` takes from the document, under ``name`` where the document's differs."""
    return dataclass_field(metadata={"field": Field(read, schema, name, required, about)})


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What is read from a document by the declarations of its fields. Other fields are given by whoever reads."""

    @classmethod
    def declared(cls) -> dict[str, tuple[str, Field]]:
        """Return the declared fields: from their name in Python to that in the document and their declaration."""
        found = {each.name: each.metadata["field"] for each in fields(cls) if "field" in each.metadata}
        return {name: (one.name or name, one) for name, one in found.items()}

    @classmethod
    def read(cls, reader: Reader, scope: Scope, **given: Any) -> Self | None:
        """Read a document; faults go to the reader, and None comes where a field cannot do without its value."""
        made, is_usable = cls.take(reader, scope, **given)
        return made if is_usable else None

    @classmethod
    def take(cls, reader: Reader, scope: Scope, **given: Any) -> tuple[Self, bool]:
        """Return what can be read of a document, and whether it can be used; faults go to the reader."""
        values = {name: one.read(reader, key, scope) for name, (key, one) in cls.declared().items()}
        readable = {name: None if value is UNREADABLE else value for name, value in values.items()}
        made = cls(**given, **readable)
        found = [one if isinstance(one, PathFault) else PathFault(*one) for one in made.faults(scope)]
        # What does not fit together with something that could not be read only follows from that.
        for fault in [one for one in found if not reader.faults.is_faulty(_field(reader, one.path))]:
            path = reader.at(fault.path) if fault.path else reader.path
            reader.faults.put(replace(fault, path=path))
        return made, UNREADABLE not in values.values()

    def faults(self, scope: Scope) -> Iterator[Fault]:
        """Yield what does not fit together. A field that could not be read at all is None here."""
        yield from ()

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the keys that a document may have."""
        return tuple(key for key, one in cls.declared().values() if one.schema is not None)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of the document."""
        writable = {key: one for key, one in cls.declared().values() if one.schema is not None}
        required = [key for key, one in writable.items() if one.required]
        return {
            "type": "object",
            **({"required": required} if required else {}),
            "additionalProperties": False,
            "properties": {key: one.described() for key, one in writable.items()},
        }


def _field(reader: Reader, path: str) -> str:
    """Return the path of the field that a fault below a document belongs to; that of the document for none."""
    return reader.at(path.partition(".")[0]) if path else reader.path


def written_in(key: str, listed: Sequence[Declared], name: str) -> tuple[tuple[str, str], ...]:
    """Return the texts that the entries under a key have under a name, where they have one, with their places."""
    texts = ((f"{key}.{place}.{name}", getattr(one, name)) for place, one in enumerate(listed))
    return tuple((path, text) for path, text in texts if text)


def text(default: str | None = None, *, about: str = "") -> Any:
    """Declare a text; without a default it must be there and not be blank."""

    def read(reader: Reader, key: str, _: Scope) -> str:
        return reader.text(key, default=default)

    return field(read, {"type": "string"}, required=default is None, about=about)


def optional_text(*, about: str = "") -> Any:
    """Declare a text that is None where there is none."""

    def read(reader: Reader, key: str, _: Scope) -> str | None:
        return reader.text(key, default="") or None

    return field(read, {"type": "string"}, about=about)


def texts(*, most: int, about: str = "") -> Any:
    """Declare a list of words or phrases."""

    def read(reader: Reader, key: str, _: Scope) -> tuple[str, ...]:
        listed = reader.texts(key)
        if len(listed) > most or not all(each.strip() for each in listed):
            reader.fault(key, f"must be at most {most} words or phrases, none of them blank")
        return listed

    schema = {"type": "array", "maxItems": most, "items": {"type": "string", "minLength": 1}}
    return field(read, schema, about=about)


def flag(*, default: bool = False, name: str | None = None, about: str = "") -> Any:
    """Declare what is true or false."""

    def read(reader: Reader, key: str, _: Scope) -> bool:
        return reader.flag(key, default=default)

    return field(read, {"type": "boolean"}, name=name, about=about)


def number(*, name: str | None = None, about: str = "") -> Any:
    """Declare any number; None where there is none."""

    def read(reader: Reader, key: str, _: Scope) -> float | None:
        value = reader.number(key)
        return None if value is None else float(value)

    return field(read, {"type": "number"}, name=name, about=about)


def share(default: float, *, below_one: bool = False, about: str = "") -> Any:
    """Declare a share of the credit: 0 to 1, or less than 1."""

    def read(reader: Reader, key: str, _: Scope) -> float:
        value = reader.number(key, default)
        value = default if value is None else float(value)
        if not 0 <= value <= 1 or (below_one and value == 1):
            reader.fault(key, "must be at least 0 and less than 1" if below_one else "must be 0 to 1")
        return value

    end = "exclusiveMaximum" if below_one else "maximum"
    return field(read, {"type": "number", "minimum": 0, end: 1}, about=about)


def whole(default: int, *, least: int, most: int, about: str = "") -> Any:
    """Declare a whole number within bounds."""

    def read(reader: Reader, key: str, _: Scope) -> int:
        value = reader.raw(key, default)
        if type(value) is int and least <= value <= most:
            return value
        reader.fault(key, f"must be an integer of {least} to {most}")
        return default

    return field(read, {"type": "integer", "minimum": least, "maximum": most}, about=about)


def one_of(choices: Collection[str], *, default: str, reason: str | None = None, about: str = "") -> Any:
    """Declare one word of a few."""

    def read(reader: Reader, key: str, _: Scope) -> str:
        value = reader.text(key, default=default)
        if value in choices:
            return value
        reader.refuse_choice(key, value, choices, reason or "")
        return default

    return field(read, {"enum": list(choices)}, about=about)


def entries(
    of: type[Declared],
    *,
    name: str | None = None,
    least: int = 0,
    most: int | None = None,
    reason: str = "",
    distinct: bool = False,
    about: str = "",
) -> Any:
    """Declare a list of entries; ``reason`` is the fault of too few or too many, or of ids that are not ``distinct``.

    ``least`` of 1 is for the schema alone where there is no reason.
    """

    def read(reader: Reader, key: str, scope: Scope) -> tuple[Any, ...]:
        listed = reader.readers(key, of.keys())
        found = [entry for entry in (of.read(one, scope) for one in listed[:most]) if entry is not None]
        for one in listed[:most]:
            one.finish()
        few_or_many = not least <= len(listed) <= (len(listed) if most is None else most)
        repeated = distinct and not reader.faults.is_faulty(reader.at(key)) and repeats(found)
        if reason and (few_or_many or repeated):
            reader.fault(key, reason)
        return tuple(found)

    bounds = {"minItems": least} if least else {}
    bounds |= {} if most is None else {"maxItems": most}
    schema = {"type": "array", **bounds, "items": of.schema()}
    return field(read, schema, name=name, required=bool(least), about=about)


def repeats(listed: Collection[Any]) -> bool:
    """Return whether two entries have the same id."""
    return len({entry.id for entry in listed}) < len(listed)


def expression(*, about: str = "") -> Any:
    """Declare an expression, given as text or as a bare number."""

    def read(reader: Reader, key: str, scope: Scope) -> Any:
        return parse_expression(reader, key, scope) or UNREADABLE

    return field(read, EXPRESSION_SCHEMA, required=True, about=about)


def parse_expression(reader: Reader, key: str, scope: Scope) -> Any:
    """Read one expression, given as text or as a bare number; a fault and None where it is none."""
    source = reader.raw(key)
    if isinstance(source, bool) or not isinstance(source, str | int | float):
        reader.spoil(key, "must be an expression" if source is not None else "is missing")
        return None
    try:
        return scope.parse(str(source))
    except ExpressionError as error:
        if not scope.is_spoiled(str(source)):
            reader.faults.put(PathFault.of_expression(reader.at(key), str(source), error))
        reader.faults.broken.add(reader.at(key))
        return None


def policy(grades: str, *, default: Callable[[Reader], Mapping[str, Any]], about: str = "") -> Any:
    """Declare the policy of an interaction that ``grades`` numbers or choices; what it refuses is a fault."""

    def read(reader: Reader, key: str, _: Scope) -> Any:
        document = reader.raw(key, default(reader))
        kind = _policy_named(reader, key, document, grades)
        if kind is None:
            return UNREADABLE
        settings = reader.mapping(key) if reader.has(key) else Reader.of(document, "", reader.faults)
        faults = list(kind.faults_in(settings.document))
        for fault in faults:
            settings.fault(
                fault.setting,
                str(fault),
                at_key=fault.suggestion is not None,
                suggestion=fault.suggestion,
            ) if fault.setting else reader.spoil(key, str(fault))
        if faults:
            return UNREADABLE
        try:
            return kind.from_document(document)
        except PolicyFault as fault:
            reader.spoil(key, str(fault))
            return UNREADABLE

    schema = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"enum": _policies(grades)}, "version": {"type": "integer"}},
    }
    return field(read, schema, about=about)


def _policies(grades: str) -> list[str]:
    return [name for name, each in POLICIES.items() if each.interaction == grades]


def _policy_named(reader: Reader, key: str, document: object, grades: str) -> type[Policy] | None:
    """Return the policy that a document names; None, and a fault, where it names none that can judge here."""
    if isinstance(document, str):
        meant = document if document in POLICIES else nearest(document, _policies(grades))
        wanted = _example(meant or document)
        reader.spoil(
            key, f"must be a mapping with a name: write {wanted}", suggestion=wanted if meant else None
        )
        return None
    if not isinstance(document, Mapping):
        reader.spoil(key, "must be a mapping with a name")
        return None
    name, at = document.get("name"), f"{key}.name" if "name" in document else key
    if name is None:
        reader.spoil(at, f"needs the name of a policy: {_listed(grades)}")
        return None
    try:
        found = policy_class(document)
    except PolicyFault as fault:
        known = isinstance(name, str) and (name in POLICIES or name in READERS)
        meant = None if known or not isinstance(name, str) else nearest(name, _policies(grades))
        listed = "" if known else f"{did_you_mean(meant) or '.'} There are {_listed(grades)}"
        reader.spoil(f"{key}.version" if known else at, f"{fault}{listed}", suggestion=meant)
        return None
    if found.name in READERS:
        reader.spoil(at, f"{found.name} reads answers and judges none")
        return None
    if found.interaction != grades:
        reader.spoil(
            at,
            f"{found.name} grades {found.interaction}, not {grades}; for {grades} there are {_listed(grades)}",
        )
        return None
    return found


def _listed(grades: str) -> str:
    """Name our own policies for numbers or choices, and say that there are those of others."""
    ours = [each.name for each in OURS if each.interaction == grades]
    return f"{', '.join(ours)}, and those of other systems, such as moodle.nominal"


def _example(name: str) -> str:
    """Write a policy as a document has it, with what it needs."""
    needed = POLICIES[name].needed() if name in POLICIES else ()
    return "{" + ", ".join([f"name: {name}", *(f"{one}: ..." for one in needed)]) + "}"


def weight() -> Any:
    """Declare what an interaction counts beside the others of its item."""

    def read(reader: Reader, key: str, _: Scope) -> float:
        value = reader.number(key, 1.0)
        if value is None or not 0 < value <= MAX_WEIGHT:
            reader.fault(key, f"must be positive and at most {MAX_WEIGHT}")
            return 1.0
        return value

    schema = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_WEIGHT}
    return field(read, schema, about="What it counts beside the other interactions; 1 if left out.")


MAX_WEIGHT: Final = 1000


def settled(value: Any, reason: str) -> Any:
    """Declare that a field of the parent class has one value here; ``reason`` is the fault of writing another."""

    def read(reader: Reader, key: str, _: Scope) -> Any:
        if reader.has(key):
            reader.raw(key)
            reader.fault(key, reason)
        return value

    return field(read, None)
