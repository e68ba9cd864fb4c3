"""The form of an item document: its schema with the words that an author reads, and its parts in their order.

A kind of interaction that is not named here has a form as well, with the names of its fields as labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, Final

from content.documents.editing import Action, Edit, Path
from content.documents.form import Node, Odd, Schema, at, build
from content.items.interactions import INTERACTIONS
from content.items.markup import interaction_marks
from content.items.parsing.schema import item_schema
from content.items.policies import OURS, POLICIES

Words = Mapping[str, Any]

NUMBER: Final[Words] = {"name": "relative", "tolerance": 0.01}


@dataclass(frozen=True, slots=True)
class KindWords:
    """What an author reads of a kind of interaction, what stands in its fields, and what a new one begins with."""

    title: str
    about: str
    fields: Mapping[str, Words]
    blank: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form. ``adds`` is what can be added to it as a whole, by name and words."""

    name: str
    title: str
    about: str
    nodes: tuple[Node, ...]
    is_open: bool = True
    adds: tuple[tuple[str, str, str], ...] = ()
    removes: str = ""


_TEXT: Final[Words] = {"x-widget": "text"}
_CREDIT: Final[Words] = {"title": "Credit", "x-more": True, "description": "What it earns, from 0 to 1."}
_MISCONCEPTION: Final[Words] = {
    "title": "Misconception",
    "x-names": "misconception",
    "description": "The mistake behind it, if there is one with a name. Type to find it, or to make a new one.",
}
_ID: Final[Words] = {
    "title": "Id",
    "x-more": True,
    "description": "How the answer is stored. Learners can read it: it must not tell what is right.",
}
_FEEDBACK: Final[Words] = {
    "title": "Feedback",
    **_TEXT,
    "description": "What a learner reads who chooses it.",
}
_EACH: Final[Mapping[str, str]] = {
    "all": "everything must be right",
    "each": "the share that is right",
    "exact": "only the whole order counts",
    "in_place": "the share of entries in their place",
    "neighbours": "the share of entries with the right one after them",
    "concordant_pairs": "the share of pairs in the right order",
    "longest_run": "the longest run in the right order",
}
_OPTIONS: Final[Words] = {
    "title": "Options",
    "x-entry": "option",
    "items": {
        "text": {"title": "Text", **_TEXT},
        "key": {"title": "This is right"},
        "feedback": _FEEDBACK,
        "misconception": _MISCONCEPTION,
        "weight": {"title": "Credit", "x-more": True},
        "fixed": {"title": "Keeps its place when the others are shuffled", "x-more": True},
        "id": _ID,
    },
}
_ENTRIES: Final[Words] = {"x-entry": "entry", "items": {"text": {"title": "Text", **_TEXT}, "id": _ID}}
_SHUFFLE: Final[Words] = {"title": "Shuffle the options", "default": True, "x-more": True}
_UNIT: Final[Words] = {
    "title": "Unit",
    "description": "Stands behind the field, such as kg or m/s.",
    "x-more": True,
}
_KEY: Final[Words] = {
    "title": "The right answer",
    "description": "A number, or a formula with the numbers and steps above, such as w - lr*g.",
}

KINDS: Final[Mapping[str, KindWords]] = {
    "choice": KindWords(
        "Choice",
        "One right option, or several.",
        {
            "multiple": {"title": "Several options may be right", "description": ""},
            "options": _OPTIONS,
            "may_be_none": {"title": "It may be that none is right", "x-more": True, "description": ""},
            "shuffle": _SHUFFLE,
            "policy": {
                "title": "How it is graded",
                "x-more": True,
                "description": "Only where several may be right.",
            },
        },
        {
            "kind": "choice",
            "options": [
                {"id": "a", "text": "The right answer", "key": True, "feedback": "Why it is right."},
                {"id": "b", "text": "A wrong answer", "feedback": "What is wrong with it."},
            ],
        },
    ),
    "inline_choice": KindWords(
        "List within a sentence",
        "One option, picked from a list that stands in the text.",
        {"options": _OPTIONS, "shuffle": _SHUFFLE, "policy": {"title": "How it is graded", "x-more": True}},
        {
            "kind": "inline_choice",
            "options": [{"id": "a", "text": "right", "key": True}, {"id": "b", "text": "wrong"}],
        },
    ),
    "numeric": KindWords(
        "Number",
        "A number, or a vector of numbers, within a tolerance.",
        {
            "key": _KEY,
            "policy": {"title": "How exact it must be"},
            "unit": _UNIT,
            "credit": {"title": "Credit of a vector", "x-more": True, "default": "all"},
        },
        {"kind": "numeric", "key": 0, "policy": {"name": "absolute", "tolerance": 0.01}},
    ),
    "matrix": KindWords(
        "Table of numbers",
        "A matrix, cell by cell.",
        {
            "key": _KEY,
            "policy": {"title": "How exact it must be"},
            "unit": {"x-hidden": True},
            "credit": {"title": "Credit", "default": "all"},
        },
        {"kind": "matrix", "key": "m", "policy": {"name": "absolute", "tolerance": 0.01}},
    ),
    "text": KindWords(
        "Words",
        "A word or two, compared without regard to case, articles and punctuation.",
        {
            "accepted": {
                "title": "Accepted answers",
                "x-entry": "answer",
                "items": {
                    "text": {"title": "Text"},
                    "credit": {**_CREDIT, "x-more": False, "default": 1},
                    "feedback": _FEEDBACK,
                    "misconception": _MISCONCEPTION,
                    "pattern": {"title": "Pattern in place of a text", "x-more": True},
                    "example": {"title": "Example that the pattern fits", "x-more": True},
                },
                "blank": {"text": "", "credit": 1},
            },
            "companions": {"title": "Words that may stand beside it", "x-widget": "words"},
            "case": {"title": "Upper and lower case matter", "x-more": True, "description": ""},
            "accents": {"title": "Accents matter", "default": True, "x-more": True, "description": ""},
            "edits": {
                "title": "Slips of letters that are forgiven",
                "default": 0,
                "x-more": True,
                "description": "",
            },
            "wrapping": {"title": "Articles and punctuation matter", "x-more": True, "description": ""},
            "placeholder": {"title": "Words in the empty field", "x-more": True},
        },
        {"kind": "text", "accepted": [{"text": "the answer"}]},
    ),
    "expression": KindWords(
        "Formula",
        "A formula in letters; any form of it that is equal is right.",
        {
            "key": {
                "title": "The right formula",
                "description": "In the letters below, such as w*(1 - 2*lr*lam). Drawn numbers stand as {name}.",
            },
            "variables": {"title": "Letters", "description": "The letters that an answer may use."},
            "functions": {"title": "Functions", "x-widget": "words", "x-more": True},
            "aliases": {"title": "Other spellings of the letters", "x-keys": "Spelling", "x-more": True},
            "recognise": {
                "title": "Formulas that mistakes lead to",
                "x-entry": "formula",
                "description": "",
                "items": {
                    "formula": {"title": "Formula"},
                    "misconception": _MISCONCEPTION,
                    "feedback": {**_FEEDBACK, "description": ""},
                    "credit": _CREDIT,
                },
            },
        },
        {"kind": "expression", "key": "2*x", "variables": ["x"]},
    ),
    "ordering": KindWords(
        "Order",
        "Entries to put into order.",
        {
            "entries": {**_ENTRIES, "title": "Entries in their right order", "description": ""},
            "credit": {"title": "Credit", "default": "exact"},
        },
        {
            "kind": "ordering",
            "entries": [
                {"id": "k", "text": "First"},
                {"id": "m", "text": "Second"},
                {"id": "e", "text": "Third"},
            ],
        },
    ),
    "matching": KindWords(
        "Matching",
        "Entries of two columns to join.",
        {
            "left": {**_ENTRIES, "title": "Left"},
            "right": {
                **_ENTRIES,
                "title": "Right",
                "description": "There may be more here than on the left.",
            },
            "pairs": {"title": "What belongs together", "x-pairs": ["left", "right"], "description": ""},
            "credit": {"title": "Credit", "default": "each"},
        },
        {
            "kind": "matching",
            "left": [{"id": "a", "text": "One"}, {"id": "b", "text": "Two"}],
            "right": [{"id": "p", "text": "1"}, {"id": "q", "text": "2"}],
            "pairs": {"a": "p", "b": "q"},
        },
    ),
}
"""What an author reads of each kind. Its fields are in the order of the form."""

POLICY_WORDS: Final[Mapping[str, str]] = {
    "absolute": "within a distance of the key",
    "relative": "within a share of the key",
    "significant_figures": "to a number of significant figures",
    "decimal_places": "to a number of decimal places",
    "single": "one option",
    "all_or_nothing": "all options must be right",
    "per_option": "each option counts by itself",
    "right_minus_wrong": "a wrong option cancels a right one",
}
_SETTINGS: Final[Mapping[str, Words]] = {
    "tolerance": {"title": "Tolerance"},
    "digits": {"title": "Figures"},
    "places": {"title": "Places"},
    "strict": {"title": "The figures typed are counted", "x-more": True},
    "fractions": {"title": "Fractions may be typed", "x-more": True},
    "percent": {"title": "Percent may be typed", "x-more": True},
    "unit": {"title": "Unit that belongs to the answer", "x-more": True},
    "unit_penalty": {"title": "Share lost for a wrong unit", "x-more": True},
    "zero": {"title": "What counts as 0", "x-more": True},
}
_PARAMETER: Final[Mapping[str, Words]] = {
    "integer": {"title": "whole number", "x-label": "Between", "x-widget": "pair", "x-blank": [1, 9]},
    "decimal": {"title": "decimal number", "x-label": "Between", "x-widget": "pair", "x-blank": [-2, 2]},
    "choice": {"title": "one of a list", "x-label": "Values", "x-blank": [0.1, 0.2, 0.5]},
    "log_grid": {
        "title": "1, 2, 5, 10, 20 …",
        "x-label": "Between",
        "x-widget": "pair",
        "x-blank": [0.01, 1],
    },
    "normal": {
        "title": "normally distributed",
        "x-label": "Mean, deviation",
        "x-widget": "pair",
        "x-blank": [0, 1],
    },
    "places": {"title": "Decimal places", "x-beside": ["decimal", "normal"], "default": 1},
    "per_decade": {
        "title": "Steps in a power of ten",
        "x-beside": ["log_grid"],
        "x-more": True,
        "default": 3,
    },
    "shape": {
        "title": "Size",
        "x-widget": "numbers",
        "description": "3: a vector of three; 2, 3: a matrix.",
    },
    "distinct": {"title": "All its numbers differ", "x-more": True},
    "nonzero": {"title": "Never 0", "x-more": True},
}
_MORE: Final = ("difficulty", "use", "locale", "enemies")
ELSEWHERE: Final = ("language", "figures", "follow_through")
"""What has no field in the form: it is written in the document."""


@cache
def form_schema() -> Schema:
    """Return the schema of item documents with what a form needs to know besides."""
    schema = item_schema()
    found: dict[str, Any] = {key: {**one, **_ITEM.get(key, {})} for key, one in schema["properties"].items()}
    parameter = schema["properties"]["parameters"]["additionalProperties"]
    found["parameters"]["additionalProperties"] = {
        **{key: one for key, one in parameter.items() if key != "oneOf"},
        "x-one-of": [one["required"][0] for one in parameter["oneOf"]],
        "x-choose": "What is drawn",
        "x-blank": {"decimal": [-2, 2], "places": 1},
        "properties": {
            key: {**one, **_PARAMETER.get(key, {})} for key, one in parameter["properties"].items()
        },
    }
    kinds = schema["properties"]["interactions"]["additionalProperties"]["oneOf"]
    found["interactions"] = {
        **found["interactions"],
        "additionalProperties": {"oneOf": [_of_kind(one) for one in kinds], "x-choose": "The learner gives"},
    }
    found["misconceptions"] = _misconceptions(found["misconceptions"])
    return {**schema, "properties": found}


_ITEM: Final[Mapping[str, Words]] = {
    "title": {
        "title": "Title",
        "description": "What the question is about; learners see it above the question.",
    },
    "slug": {"title": "Name in addresses and files", "x-stays": True, "x-hidden": True},
    "skills": {
        "title": "Skills",
        "items": {"type": "string", "x-names": "skill"},
        "description": "What a right answer shows. Type to find one, or to make a new one.",
    },
    "body": {
        "title": "Text of the question",
        "x-widget": "markdown",
        "description": "Formulas stand between dollars, $w^2$. {w} shows a number that is drawn, "
        "and [[a]] is the place of the answer.",
    },
    "difficulty": {
        "title": "Difficulty",
        "description": "Your guess: 0 for a learner in the middle, 1 harder, −1 easier.",
    },
    "use": {"title": "What it is for", "description": "Without it, what its bank is for."},
    "locale": {"title": "How numbers are written", "default": "en"},
    "enemies": {"title": "Never together with", "items": {"type": "string", "x-names": "item"}},
    "parameters": {
        "title": "Numbers that are drawn",
        "x-entry": "number",
        "x-keys": "Name",
        "description": "Each learner gets others. A name is letters and digits, such as w or lr.",
    },
    "require": {
        "title": "Conditions",
        "x-entry": "condition",
        "items": {"type": "string", "x-widget": "expression"},
        "description": "A draw that does not fulfill them is drawn again: abs(w) > 0.5.",
    },
    "steps": {
        "title": "Steps",
        "x-entry": "step",
        "x-keys": "Name",
        "description": "Values computed one after the other, each from what stands above it.",
    },
    "check": {
        "title": "Independent checks",
        "x-entry": "check",
        "x-keys": "Step",
        "description": "Another way to the value of a step. Both are compared in every draw.",
    },
    "hints": {
        "title": "Hints",
        "x-entry": "hint",
        "items": {"type": "string", "x-widget": "text"},
        "description": "",
    },
    "solution": {"title": "Worked solution", "x-widget": "markdown", "description": ""},
}


def _of_kind(schema: Schema) -> Schema:
    """Return the schema of a kind of interaction with its words, its fields in the order of the form."""
    kind = schema["properties"]["kind"]["const"]
    words = KINDS.get(kind)
    properties = dict(schema["properties"])
    if "policy" in properties:
        properties["policy"] = _policies(properties["policy"])
    if "variables" in properties:
        properties["variables"] = _variables(properties["variables"])
    properties["weight"] = {**properties.get("weight", {}), "title": "Weight", "x-more": True, "default": 1}
    if words is None:
        return {**schema, "properties": properties}
    order = [key for key in ("kind", *words.fields, *properties) if key in properties]
    said = {key: _worded(properties[key], words.fields.get(key, {})) for key in dict.fromkeys(order)}
    return {
        **schema,
        "title": words.title,
        "description": words.about,
        "x-blank": words.blank,
        "properties": said,
    }


def _worded(schema: Schema, words: Words) -> Schema:
    """Return a schema with words, those of its entries among them."""
    inner = words.get("items")
    found = {**schema, **{key: one for key, one in words.items() if key not in ("items", "blank")}}
    if "enum" in found and set(found["enum"]) <= set(_EACH):
        found["oneOf"] = [{"const": one, "title": _EACH[one]} for one in found.pop("enum")]
    if isinstance(inner, Mapping) and "properties" in schema.get("items", {}):
        entry = schema["items"]
        order = [key for key in (*inner, *entry["properties"]) if key in entry["properties"]]
        said = {key: {**entry["properties"][key], **inner.get(key, {})} for key in dict.fromkeys(order)}
        begun = {"x-blank": words["blank"]} if "blank" in words else {}
        found["items"] = {**entry, "properties": said, **begun}
    return found


def _policies(schema: Schema) -> Schema:
    """Return the schema of a policy by its name, with the settings that each declares."""
    names = schema["properties"]["name"]["enum"]
    ours = [one.name for one in OURS]
    named = sorted(names, key=lambda name: (name not in ours, ours.index(name) if name in ours else 0, name))
    branches = [_policy(name) for name in named]
    return {**schema, "oneOf": branches, "x-choose": "Right means", "type": "object"}


def _policy(name: str) -> Schema:
    settings = {
        one.metadata["name"] or one.name: one for one in fields(POLICIES[name]) if "reader" in one.metadata
    }
    needed = [
        key for key, one in settings.items() if one.default is MISSING and one.default_factory is MISSING
    ]
    properties = {
        key: {**_setting(str(one.type), one.default), **_SETTINGS.get(key, {"x-more": key not in needed})}
        for key, one in settings.items()
    }
    begun = {"tolerance": 0.01, "digits": 3, "places": 2}
    return {
        "type": "object",
        "title": POLICY_WORDS.get(name, f"as in {name.replace('.', ', ')}"),
        "x-blank": {"name": name, **{key: begun.get(key, 1) for key in needed}},
        "properties": {
            "name": {"const": name},
            "version": {"type": "integer", "x-hidden": True},
            **properties,
        },
    }


def _setting(kind: str, default: Any) -> Schema:
    types = {"bool": "boolean", "int": "integer", "float": "number", "str": "string"}
    known = {} if default is MISSING or default is None or default == "" else {"default": default}
    return {"type": types.get(kind, ["string", "number"]), **known}


def _variables(schema: Schema) -> Schema:
    """Return the schema of letters: names alone, or names with where their values are tried."""
    listed, by_name = schema["oneOf"]
    pair = {
        **by_name["additionalProperties"],
        "x-widget": "pair",
        "title": "Tried between",
        "x-blank": [0.1, 2],
    }
    return {
        "x-by-type": {
            "array": {**listed, "x-widget": "words"},
            "object": {**by_name, "additionalProperties": pair, "x-keys": "Letter", "x-entry": "letter"},
        },
    }


def _misconceptions(schema: Schema) -> Schema:
    rule = schema["additionalProperties"]["additionalProperties"]["oneOf"][1]
    words = {
        "value": {
            "title": "Leads to",
            "description": "The wrong answer as a formula, such as (1 - lr*lam)*w - lr*g.",
        },
        "feedback": {"title": "Feedback", **_TEXT},
        "credit": _CREDIT,
    }
    whole = {
        **rule,
        "x-scalar": "value",
        "x-blank": "",
        "properties": {key: {**one, **words.get(key, {})} for key, one in rule["properties"].items()},
    }
    by_slug = {
        **schema["additionalProperties"],
        "additionalProperties": whole,
        "title": "Wrong answers that show a misconception",
        "description": "Whoever gives such an answer is told which mistake it is. It must differ from the right one.",
        "x-keys": "Misconception",
        "x-key-names": "misconception",
        "x-entry": "misconception",
    }
    return {**schema, "additionalProperties": by_slug}


def sections(document: Mapping[str, Any]) -> list[Section]:
    """Return the form of an item document, part by part."""
    schema = form_schema()

    def node(*path: str | int) -> Node:
        value: Any = document
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        return build(at(schema, document, path), value, path)

    properties = schema["properties"]
    question = [
        build(properties[key], document.get(key), (key,), required=key in ("title", "body"))
        for key in ("title", "body", "skills")
    ]
    return [
        Section("question", "The question", "", tuple(question)),
        *_answers(document, node),
        Section(
            "numbers",
            "Numbers that differ for every learner",
            "" if document.get("parameters") else "Without them the question is the same for everybody.",
            tuple(node(key) for key in ("parameters", "require", "steps", "check")),
            is_open=bool(document.get("parameters") or document.get("steps")),
        ),
        Section("help", "Hints and worked solution", "", (node("hints"), node("solution"))),
        Section("more", "For the bank", "", tuple(node(key) for key in _MORE), is_open=False),
        *_elsewhere(document),
    ]


def _answers(document: Mapping[str, Any], node: Any) -> Iterator[Section]:
    interactions = document.get("interactions")
    found = interactions if isinstance(interactions, Mapping) else {}
    for identifier, one in found.items():
        kind = one.get("kind") if isinstance(one, Mapping) else None
        nodes = [node("interactions", identifier)]
        if "key" in getattr(INTERACTIONS.get(str(kind)), "__annotations__", {}) or document.get(
            "misconceptions", {}
        ).get(identifier):
            nodes.append(node("misconceptions", identifier))
        words = KINDS.get(str(kind))
        title = f"Answer [[{identifier}]]" + (f": {words.title.lower()}" if words else "")
        yield Section(
            f"answer-{identifier}", title, "", tuple(nodes), removes=identifier if len(found) > 1 else ""
        )
    adds = tuple((kind, words.title, words.about) for kind, words in KINDS.items())
    yield Section("answers", "Another answer in the same question", "", (), is_open=False, adds=adds)


def _elsewhere(document: Mapping[str, Any]) -> Iterator[Section]:
    known = form_schema()["properties"]
    nodes = tuple(
        Odd(
            path=(key,), label=key, help="is written in the document" if key in known else "is not known here"
        )
        for key in document
        if key in ELSEWHERE or key not in known
    )
    if nodes:
        yield Section("document", "Only in the document", "", nodes)


def with_answer(document: Mapping[str, Any], kind: str) -> list[Edit]:
    """Return the edits that add an answer of a kind, with its place at the end of the text."""
    interactions = document.get("interactions")
    taken = set(interactions if isinstance(interactions, Mapping) else ()) | set(
        interaction_marks(_body(document))
    )
    identifier = next(name for name in _identifiers() if name not in taken)
    words = KINDS.get(kind)
    begun = words.blank if words else {"kind": kind}
    return [
        Edit(("interactions", identifier), Action.SET, dict(begun)),
        Edit(("body",), Action.SET, f"{_body(document).rstrip()}\n\n[[{identifier}]]\n".lstrip()),
    ]


def without_answer(document: Mapping[str, Any], identifier: str) -> list[Edit]:
    """Return the edits that take an answer away, with its place in the text and its misconceptions."""
    edits = [Edit(("interactions", identifier), Action.REMOVE)]
    for key in ("misconceptions", "follow_through"):
        if identifier in (document.get(key) or {}):
            edits.append(Edit((key, identifier), Action.REMOVE))
    body = re.sub(rf"\n*\[\[{re.escape(identifier)}\]\]", "", _body(document))
    return [*edits, Edit(("body",), Action.SET, body)]


def _body(document: Mapping[str, Any]) -> str:
    body = document.get("body")
    return body if isinstance(body, str) else ""


def _identifiers() -> Iterator[str]:
    yield from "abcdefghijklmnopqrstuvwxyz"
    number = 1
    while True:
        yield f"a{number}"
        number += 1


def completed(edit: Edit, document: Mapping[str, Any]) -> Iterator[Edit]:
    """Yield an edit with what goes along with it: a new entry has an id, and a removed one leaves no partner."""
    if edit.action is Action.INSERT and isinstance(edit.value, Mapping) and "id" in edit.value:
        taken = {one.get("id") for one in _listed(document, edit.path[:-1]) if isinstance(one, Mapping)}
        free = next(name for name in _identifiers() if name not in taken)
        yield Edit(edit.path, edit.action, {**edit.value, "id": free})
        return
    if edit.action is Action.REMOVE and len(edit.path) > 2 and edit.path[-2] in ("left", "right"):
        yield from _without_partner(edit, document)
    yield edit


def _without_partner(edit: Edit, document: Mapping[str, Any]) -> Iterator[Edit]:
    pairs = (*edit.path[:-2], "pairs")
    listed, number = _listed(document, edit.path[:-1]), edit.path[-1]
    one = listed[number] if isinstance(number, int) and number < len(listed) else None
    gone = one.get("id") if isinstance(one, Mapping) else None
    joined = _found(document, pairs)
    for left, right in joined.items() if isinstance(joined, Mapping) else ():
        if gone == (left if edit.path[-2] == "left" else right):
            yield Edit((*pairs, left), Action.REMOVE)


def _listed(document: Any, path: Path) -> Sequence[Any]:
    found = _found(document, path)
    return found if isinstance(found, list) else ()


def _found(document: Any, path: Path) -> Any:
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document
