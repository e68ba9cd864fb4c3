"""A form for a document, from its JSON Schema: what can be filled in, at which place, with what stands there.

The schema says more than others need. ``title`` and ``description`` are what a person reads, ``x-label`` where a
field is called otherwise than a choice of it. ``x-widget`` is how something is entered where its type is not enough;
``x-names`` is the kind of row that a text names; ``x-blank`` is what a new entry begins with; ``x-more`` is shown on
request; ``x-keys`` is what the names of a mapping are called; ``x-one-of`` lists keys of which one is written;
``x-scalar`` is the key that a bare value stands for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, ClassVar, Final, TypeAlias

from content.documents.editing import Action, Edit, ImpossibleEdit, Path

Schema: TypeAlias = Mapping[str, Any]

LONGEST_LINE: Final = 80
"""A longer text is entered in several lines."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of a form. ``part`` names the template that draws it."""

    part: ClassVar[str]
    path: Path
    label: str
    help: str = ""

    @property
    def place(self) -> str:
        """The path as JSON, for whoever sends an edit."""
        return json.dumps(self.path)

    @property
    def dotted(self) -> str:
        """The path as faults name it."""
        return ".".join(map(str, self.path))

    @property
    def id(self) -> str:
        """The id of the element: the same whenever the form is drawn."""
        return f"f{blake2b(self.place.encode(), digest_size=6).hexdigest()}"


@dataclass(frozen=True, kw_only=True)
class Leaf(Node):
    """One thing to enter.

    ``widget`` is one of line, text, markdown, expression, number, count (a number, or nothing for no limit), numbers,
    pair, words, flag, perhaps (yes, no, or as usual), ticks, select, name, names.
    """

    part: ClassVar[str] = "leaf"
    widget: str = "line"
    value: str = ""
    values: tuple[str, ...] = ()
    """Of ``names``: what is listed."""
    choices: tuple[Choice, ...] = ()
    names: str = ""
    """The kind of row that it names."""
    required: bool = False
    is_on: bool = False
    default: str = ""
    """What is meant where nothing is entered, in words."""
    stays: bool = False
    """Whether it can only be looked at."""
    action: str = Action.SET
    ends_line: bool = False
    """Whether the text that stands there ends with a line break, as blocks do."""


@dataclass(frozen=True, kw_only=True)
class Group(Node):
    """Several things that belong together; ``more`` are seldom needed."""

    part: ClassVar[str] = "group"
    children: tuple[Node, ...] = ()
    more: tuple[Node, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row(Node):
    """An entry of a list or of a mapping. ``key`` names it in a mapping."""

    part: ClassVar[str] = "row"
    body: Node
    number: int
    count: int
    key: str = ""
    key_names: str = ""
    is_keyed: bool = False

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1


@dataclass(frozen=True, kw_only=True)
class Rows(Node):
    """A list of entries, or a mapping of named ones, that grows and shrinks."""

    part: ClassVar[str] = "rows"
    rows: tuple[Row, ...] = ()
    blank: str = ""
    """What a new entry begins with, as JSON."""
    is_keyed: bool = False
    key_label: str = ""
    key_names: str = ""
    entry: str = "entry"
    """What one of them is called."""
    most: int | None = None

    @property
    def is_full(self) -> bool:
        return self.most is not None and len(self.rows) >= self.most


@dataclass(frozen=True, kw_only=True)
class Odd(Node):
    """Something that stands in the document in a way that a form cannot show."""

    part: ClassVar[str] = "odd"
    text: str = ""


def build(schema: Schema, value: Any, path: Path = (), *, label: str = "", required: bool = False) -> Node:
    """Return the part of a form for what a schema describes, filled with a value (None: nothing stands there)."""
    schema = _by_type(schema, value)
    named = schema.get("x-label") or schema.get("title") or label or _in_words(path)
    words: dict[str, Any] = {"path": path, "label": named, "help": str(schema.get("description", ""))}
    if value is not None and not _fits(schema, value):
        return Odd(**words, text=json.dumps(value, ensure_ascii=False, indent=1))
    if "x-one-of" in schema:
        return _one_of_keys(schema, value or {}, words)
    if _branches(schema):
        return _variant(schema, value or {}, words)
    match _kind(schema):
        case "object" if "properties" in schema:
            return _group(schema, _whole(schema, value), words)
        case "object":
            return _mapping(schema, value or {}, words)
        case "list":
            return _list(schema, value or [], words)
    return _leaf(schema, value, words, required=required)


def blank(schema: Schema) -> Any:
    """Return what a new entry begins with."""
    if "x-blank" in schema:
        return schema["x-blank"]
    match _kind(schema):
        case "object":
            needed = schema.get("required", ())
            return {
                key: blank(schema["properties"][key]) for key in needed if key in schema.get("properties", {})
            }
        case "list" | "names" | "numbers" | "words" | "pair" | "ticks":
            return []
        case "flag":
            return False
        case "select":
            return _choices(schema)[0][0]
    return ""


def at(schema: Schema, value: Any, path: Path) -> Schema:
    """Return the schema of what stands at a path. Raises ImpossibleEdit where nothing is described."""
    for step in path:
        schema = _branch(_by_type(schema, value), value)
        inner: Schema | None
        if isinstance(step, int):
            inner = schema.get("items")
            value = value[step] if isinstance(value, list) and 0 <= step < len(value) else None
        else:
            inner = schema.get("properties", {}).get(step) or _additional(schema)
            value = value.get(step) if isinstance(value, Mapping) else None
        if inner is None:
            raise ImpossibleEdit(f"{'.'.join(map(str, path))} is not known here.")
        schema = inner
    return schema


def switched(schema: Schema, value: Any, choice: str) -> Any:
    """Return a value turned into another of its kinds; what both have stays. Raises ImpossibleEdit."""
    value = value if isinstance(value, Mapping) else {}
    if "x-one-of" in schema:
        if choice not in schema["x-one-of"]:
            raise ImpossibleEdit(f"There is no {choice}.")
        others = {key: one for key, one in value.items() if key not in schema["x-one-of"]}
        kept = {key: one for key, one in others.items() if choice in _companions(schema, key)}
        return {choice: blank(schema["properties"][choice]), **kept}
    key, branches = _discriminator(schema)
    branch = branches.get(choice)
    if branch is None:
        raise ImpossibleEdit(f"There is no {choice}.")
    begun = {**blank(branch), key: choice}
    kept = {name: one for name, one in value.items() if name in branch.get("properties", {}) and name != key}
    order = [name for name in [key, *value, *begun] if name in {**begun, **kept}]
    return {name: {**begun, **kept}[name] for name in dict.fromkeys(order)}


def order_of(schema: Schema, document: Any) -> Any:
    """Return what gives the usual order of keys at each place of a document, as `editing` asks for it."""

    def order(path: Path) -> Sequence[str]:
        try:
            found = _branch(at(schema, document, path), _value_at(document, path))
        except ImpossibleEdit:
            return ()
        return list(found.get("properties", ()))

    return order


def edits_of(sent: Sequence[Mapping[str, Any]], schema: Schema, document: Any) -> list[Edit]:
    """Return the edits that a form sent: those of `editing`, and ``switch``. Raises ImpossibleEdit."""
    found = []
    for one in sent:
        path, action = one.get("path"), one.get("action", Action.SET)
        if not isinstance(path, list) or not all(isinstance(step, str) or type(step) is int for step in path):
            raise ImpossibleEdit("A path is a list of names and places.")
        place = tuple(path)
        if action == "switch":
            value = switched(at(schema, document, place), _value_at(document, place), str(one.get("value")))
            found.append(Edit(place, Action.SET, value))
        elif action in set(Action):
            found += _unfolded(schema, document, place[:-1])
            found.append(Edit(place, Action(action), one.get("value")))
        else:
            raise ImpossibleEdit(f"Nobody knows how to {action!s:.40}.")
    return found


def _unfolded(schema: Schema, document: Any, path: Path) -> list[Edit]:
    """Return the edit that makes a mapping of a bare value, so that something can be set in it."""
    value = _value_at(document, path)
    if value is None or isinstance(value, Mapping | list):
        return []
    scalar = at(schema, document, path).get("x-scalar")
    return [Edit(path, Action.SET, {scalar: value})] if scalar else []


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield a part of a form and everything in it."""
    yield node
    inner: Sequence[Node] = ()
    match node:
        case Group():
            inner = (*node.children, *node.more)
        case Rows():
            inner = node.rows
        case Row():
            inner = (node.body,)
    for one in inner:
        yield from nodes_in(one)


def _value_at(document: Any, path: Path) -> Any:
    for step in path:
        if isinstance(step, str) and isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(step, int) and isinstance(document, list) and 0 <= step < len(document):
            document = document[step]
        else:
            return None
    return document


def _kind(schema: Schema) -> str:
    """Return what is entered: object, list, or the widget of a leaf."""
    if widget := schema.get("x-widget"):
        return str(widget)
    if "enum" in schema or _constants(schema):
        return "select"
    match schema.get("type"):
        case "object":
            return "object"
        case "array":
            items = schema.get("items", {})
            if items.get("x-names"):
                return "names"
            if "enum" in items or _constants(items):
                return "ticks"
            return "numbers" if items.get("type") in ("number", "integer") else "list"
        case "boolean":
            return "flag"
        case "number" | "integer":
            return "number"
        case list() as types if "null" in types:
            return "perhaps" if "boolean" in types else "count"
        case list():
            return "expression"
    return "name" if "x-names" in schema else "line"


def _fits(schema: Schema, value: Any) -> bool:
    """Return whether a form can show a value at all; whether it is right is not asked here."""
    if "x-scalar" in schema and not isinstance(value, Mapping | list):
        return True
    if _branches(schema) or "x-one-of" in schema:
        return isinstance(value, Mapping)
    match _kind(schema):
        case "object":
            return isinstance(value, Mapping)
        case "list":
            return isinstance(value, list)
        case "names" | "numbers" | "words" | "pair" | "ticks":
            return isinstance(value, list) and not any(isinstance(one, Mapping | list) for one in value)
        case "flag":
            return isinstance(value, bool)
    return not isinstance(value, Mapping | list)


def _by_type(schema: Schema, value: Any) -> Schema:
    """Return what describes a value of its type, where it may have several."""
    by_type = schema.get("x-by-type")
    if not by_type:
        return schema
    inner = by_type["object"] if isinstance(value, Mapping) else by_type["array"]
    return {**{key: one for key, one in schema.items() if key != "x-by-type"}, **inner}


def _whole(schema: Schema, value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    return {schema["x-scalar"]: value} if value is not None and "x-scalar" in schema else {}


def _group(
    schema: Schema, value: Mapping[str, Any], words: Mapping[str, Any], skip: Sequence[str] = ()
) -> Group:
    path = words["path"]
    needed = schema.get("required", ())
    shown: list[Node] = []
    more: list[Node] = []
    for key, inner in schema["properties"].items():
        if key in skip or inner.get("x-hidden"):
            continue
        if "x-pairs" in inner:
            node: Node = _pairs(inner, value, (*path, key))
        else:
            # Of a count nothing means no limit: what is left out is shown as what it means.
            stands = inner.get("default") if key not in value and _kind(inner) == "count" else value.get(key)
            node = build(inner, stands, (*path, key), label=_in_words((key,)), required=key in needed)
        (more if inner.get("x-more") else shown).append(node)
    for key in value:
        if key not in schema["properties"]:
            shown.append(
                Odd(path=(*path, key), label=key, help="is not known here", text=json.dumps(value[key]))
            )
    return Group(**words, children=tuple(shown), more=tuple(more))


def _pairs(schema: Schema, within: Mapping[str, Any], path: Path) -> Node:
    """Return, for each entry of one list, a choice among those of another: the two are siblings of the pairs."""
    first, second = (_entries_of(within.get(side)) for side in schema["x-pairs"])
    pairs = within.get(str(path[-1])) or {}
    if not isinstance(pairs, Mapping):
        return build(schema, pairs, path)
    leaves = []
    for identifier, text in first.items():
        chosen = pairs.get(identifier)
        choices = [Choice(one, words, one == chosen) for one, words in second.items()]
        if chosen not in second:
            choices.insert(0, Choice("", "choose one", chosen=True))
        leaves.append(
            Leaf(path=(*path, identifier), label=text, widget="select", choices=tuple(choices), required=True)
        )
    return Group(path=path, label=str(schema.get("title", "")), children=tuple(leaves))


def _entries_of(listed: Any) -> dict[str, str]:
    """Return the texts of entries by their ids."""
    entries = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return {str(one.get("id")): str(one.get("text", "")) for one in entries}


def _variant(schema: Schema, value: Mapping[str, Any], words: Mapping[str, Any]) -> Group:
    """Return a group that begins with the choice of what it is."""
    key, branches = _discriminator(schema)
    chosen = value.get(key, schema.get("x-default"))
    choices = [Choice(name, branch.get("title", name), name == chosen) for name, branch in branches.items()]
    if chosen not in branches:
        choices.insert(
            0, Choice("", "choose one" if chosen is None else f"{chosen} (not known)", chosen=True)
        )
    path = words["path"]
    picker = Leaf(
        path=path,
        label=schema.get("x-choose", "Kind"),
        widget="select",
        choices=tuple(choices),
        action="switch",
        help=branches.get(chosen, {}).get("description", "") if isinstance(chosen, str) else "",
    )
    branch = branches.get(chosen) if isinstance(chosen, str) else None
    rest = _group(branch, value, words, skip=(key,)) if branch else Group(**words)
    return Group(**words, children=(picker, *rest.children), more=rest.more)


def _one_of_keys(schema: Schema, value: Mapping[str, Any], words: Mapping[str, Any]) -> Group:
    """Return a group of which one of some keys is written: that one, and what goes with it."""
    keys = schema["x-one-of"]
    chosen = next((key for key in keys if key in value), None)
    choices = [Choice(key, schema["properties"][key].get("title", key), key == chosen) for key in keys]
    if chosen is None:
        choices.insert(0, Choice("", "choose one", chosen=True))
    picker = Leaf(
        path=words["path"],
        label=schema.get("x-choose", "Kind"),
        widget="select",
        choices=tuple(choices),
        action="switch",
    )
    hidden = [key for key in keys if key != chosen]
    hidden += [
        key
        for key in schema["properties"]
        if chosen and key not in keys and chosen not in _companions(schema, key)
    ]
    rest = _group(schema, value, words, skip=[key for key in hidden if key not in value])
    return Group(**words, children=(picker, *rest.children), more=rest.more)


def _companions(schema: Schema, key: str) -> Sequence[str]:
    """Return beside which of the exclusive keys another one may stand."""
    beside: Sequence[str] = schema["properties"].get(key, {}).get("x-beside", schema["x-one-of"])
    return beside


def _mapping(schema: Schema, value: Mapping[str, Any], words: Mapping[str, Any]) -> Rows:
    inner = _additional(schema) or {}
    names = str(schema.get("x-key-names", ""))
    rows = tuple(
        Row(
            path=(*words["path"], key),
            label=key,
            body=build(inner, one, (*words["path"], key), label=key),
            number=number,
            count=len(value),
            key=key,
            key_names=names,
            is_keyed=True,
        )
        for number, (key, one) in enumerate(value.items())
    )
    return Rows(
        **words,
        rows=rows,
        blank=json.dumps(blank(inner)),
        is_keyed=True,
        key_label=str(schema.get("x-keys", "Name")),
        key_names=names,
        entry=str(schema.get("x-entry", "entry")),
        most=schema.get("maxProperties"),
    )


def _list(schema: Schema, value: Sequence[Any], words: Mapping[str, Any]) -> Rows:
    inner = schema.get("items", {})
    entry = str(schema.get("x-entry", "entry"))
    rows = tuple(
        Row(
            path=(*words["path"], number),
            label=f"{entry.capitalize()} {number + 1}",
            body=build(inner, one, (*words["path"], number), label=f"{entry.capitalize()} {number + 1}"),
            number=number,
            count=len(value),
        )
        for number, one in enumerate(value)
    )
    return Rows(**words, rows=rows, blank=json.dumps(blank(inner)), entry=entry, most=schema.get("maxItems"))


def _leaf(schema: Schema, value: Any, words: Mapping[str, Any], *, required: bool) -> Leaf:
    kind = _kind(schema)
    listed = [_typed(one) for one in value] if isinstance(value, list) else []
    typed = ", ".join(listed) if isinstance(value, list) else _typed(value)
    default = schema.get("default")
    choices: list[Choice] = []
    if kind == "perhaps":
        known = [("", "as usual"), ("true", "yes"), ("false", "no")]
        choices = [Choice(one, text, one == typed) for one, text in known]
    elif kind == "ticks":
        choices = [Choice(one, text, one in listed) for one, text in _choices(schema["items"])]
    elif kind == "select":
        chosen = typed if value is not None else _typed(default)
        known = _choices(schema)
        choices = [Choice(one, text, one == chosen) for one, text in known]
        if chosen not in {one for one, _ in known}:
            choices.insert(0, Choice(chosen, f"{chosen} (not known)" if chosen else "–", chosen=True))
    return Leaf(
        **words,
        widget=kind,
        value=typed.removesuffix("\n") if kind in ("text", "markdown") else typed,
        values=tuple(listed),
        choices=tuple(choices),
        names=str(schema.get("x-names") or schema.get("items", {}).get("x-names", "")),
        required=required,
        is_on=value if isinstance(value, bool) else default is True,
        default="no limit" if kind == "count" else "" if kind in ("select", "flag") else _typed(default),
        stays=bool(schema.get("x-stays")),
        ends_line=isinstance(value, str) and value.endswith("\n"),
    )


def _typed(value: Any) -> str:
    """Return a value as it is entered."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _choices(schema: Schema) -> list[tuple[str, str]]:
    if constants := _constants(schema):
        return [(_typed(one["const"]), str(one.get("title", _typed(one["const"])))) for one in constants]
    return [(_typed(one), _typed(one)) for one in schema["enum"]]


def _constants(schema: Schema) -> Sequence[Schema]:
    branches = schema.get("oneOf", ())
    return branches if branches and all("const" in one for one in branches) else ()


def _branches(schema: Schema) -> Sequence[Schema]:
    """Return the kinds of which something is one, told apart by a constant."""
    branches = schema.get("oneOf", ())
    return branches if branches and all(_constant_key(one) for one in branches) else ()


def _constant_key(branch: Schema) -> str | None:
    return next((key for key, inner in branch.get("properties", {}).items() if "const" in inner), None)


def _discriminator(schema: Schema) -> tuple[str, dict[str, Schema]]:
    branches = _branches(schema)
    key = (_constant_key(branches[0]) if branches else None) or "kind"
    return key, {
        branch["properties"][key]["const"]: branch for branch in branches if key in branch["properties"]
    }


def _branch(schema: Schema, value: Any) -> Schema:
    """Return what describes a value among the kinds of which it is one."""
    if not _branches(schema):
        return schema
    key, branches = _discriminator(schema)
    chosen = (
        value.get(key, schema.get("x-default")) if isinstance(value, Mapping) else schema.get("x-default")
    )
    return branches.get(chosen, schema) if isinstance(chosen, str) else schema


def _additional(schema: Schema) -> Schema | None:
    inner = schema.get("additionalProperties")
    return inner if isinstance(inner, Mapping) else None


def _in_words(path: Path) -> str:
    name = str(path[-1]) if path else ""
    return name.replace("_", " ").capitalize() if name.islower() else name
