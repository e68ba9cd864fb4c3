"""What a formula may be made of, as its author says it."""

from __future__ import annotations

import re
from typing import Any, Final

from content.documents.reader import Reader
from content.expressions import RESERVED, Scope
from content.items.equivalence import DEFAULT_DOMAIN, ELEMENTARY
from content.items.interactions import fields

MAX_VARIABLES: Final = 12
MAX_BOUND: Final = 1e6
"""Magnitude of the ends of a domain."""

ALIAS: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9_]{0,39}|[^\W\d_])\Z")
_VARIABLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}\Z")


def variables() -> Any:
    """Declare names alone, or names with their domains."""
    domain = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    listed = {"type": "array", "minItems": 1, "maxItems": MAX_VARIABLES, "items": {"type": "string"}}
    by_name = {"type": "object", "minProperties": 1, "maxProperties": MAX_VARIABLES}
    schema = {"oneOf": [listed, by_name | {"additionalProperties": domain}]}
    return fields.field(_variables, schema, required=True, about="The names, perhaps with their domains.")


def functions() -> Any:
    """Declare the functions that an answer may use."""
    schema = {"type": "array", "items": {"enum": list(ELEMENTARY)}}
    return fields.field(_functions, schema, about="Those that an answer may use; all of them if left out.")


def aliases() -> Any:
    """Declare other spellings of variables."""
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    return fields.field(_aliases, schema, about="From other spellings to variables.")


def _variables(reader: Reader, key: str, scope: Scope) -> dict[str, tuple[float, float]]:
    document = reader.raw(key)
    if isinstance(document, list) and all(isinstance(name, str) for name in document):
        document = {name: list(DEFAULT_DOMAIN) for name in document}
    entries = Reader.of(document, reader.at(key), reader.faults)
    if not 1 <= len(entries.document) <= MAX_VARIABLES:
        reader.fault(key, f"must be 1 to {MAX_VARIABLES} names, perhaps with their domains")
    found = {}
    all_named = True
    for name, domain in entries.items()[:MAX_VARIABLES]:
        if not _VARIABLE.match(name) or name in RESERVED[scope.language]:
            entries.spoil(name, "must be a name of letters and digits that means nothing yet", at_key=True)
            all_named = False
        elif not _is_domain(domain):
            entries.spoil(name, f"must be a pair [low, high] within ±{MAX_BOUND:,.0f}")
            found[name] = DEFAULT_DOMAIN
        else:
            found[name] = (float(domain[0]), float(domain[1]))
    # Without one of its names no formula can be judged.
    return found if all_named else {}


def _is_domain(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(end) in (int, float) and abs(end) <= MAX_BOUND for end in value)
        and value[0] < value[1]
    )


def _functions(reader: Reader, key: str, _: Scope) -> tuple[str, ...]:
    named = reader.texts(key) if reader.has(key) else ELEMENTARY
    for place, name in enumerate(named):
        if name not in ELEMENTARY:
            reader.refuse_choice(f"{key}.{place}", name, ELEMENTARY, f"must be among {', '.join(ELEMENTARY)}")
    return named


def _aliases(reader: Reader, key: str, _: Scope) -> dict[str, Any]:
    return dict(reader.mapping(key).document)
