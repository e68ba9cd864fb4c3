"""The form of an assessment, and what is seen beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final

from assessment.admin import panels
from assessment.admin.panels import nameable, panel_html
from assessment.rules.document import RULES
from assessment.rules.examining import Names
from assessment.rules.schema import assessment_schema
from content.admin.editing import Panel, Seen
from content.documents.form import Schema, build
from content.items.form import Section
from content.models import Skill

_ABOUT: Final = ("title", "summary", "instructions", "lesson", "mode")
_USUAL: Final = ("time_limit_minutes", "attempts_allowed", "exclusive")
_LONG: Final = {"summary": "text", "instructions": "text"}
"""Texts of more than a line, and how they are entered."""


@cache
def schema() -> Schema:
    """Return the schema of assessments with what a form needs to know besides."""
    found = assessment_schema()
    properties = {
        key: {**one, "x-widget": _LONG[key]} if key in _LONG else one
        for key, one in found["properties"].items()
    }
    properties["slug"] = {**properties["slug"], "x-hidden": True}
    return {**found, "properties": properties}


def sections(document: Mapping[str, Any]) -> list[Section]:
    """Return the form of an assessment: what it is, what it asks, how it is delivered, how it is usually given."""
    properties = schema()["properties"]
    mode = document.get("mode", next(iter(RULES)))

    def nodes(keys: Sequence[str]) -> tuple[Any, ...]:
        shown = [key for key in keys if mode in properties[key].get("x-modes", [mode])]
        return tuple(
            build(properties[key], _value(document, properties[key], key), (key,), required=key == "title")
            for key in shown
        )

    parts = {rules.key for rules in RULES.values()}
    others = [key for key in properties if key not in {"slug", *_ABOUT, *_USUAL, *parts}]
    asked = RULES[mode].key if isinstance(mode, str) and mode in RULES else "sections"
    return [
        Section("about", "The assessment", "", nodes(_ABOUT)),
        Section("questions", "What it asks", "", nodes([asked])),
        Section("delivery", "How it is answered", "", nodes(others)),
        Section(
            "usual",
            "How it is usually given",
            "An assignment begins with these terms; dates and courses stand in assignments alone.",
            nodes(_USUAL),
            is_open=False,
        ),
    ]


def _value(document: Mapping[str, Any], described: Schema, key: str) -> Any:
    """Return what stands there; of a number without a limit, what is meant where nothing does."""
    types = described.get("type")
    return document.get(key, described.get("default") if isinstance(types, list) else None)


def names_for(user: Any, document: Any) -> Names:
    """Return what an assessment of somebody may name: what one sees, and what its stored document names already."""
    seen = {kind: set(rows.values_list("slug", flat=True)) for kind, rows in nameable(user).items()}
    definition = panels.read(document)
    for one in definition.references() if definition else ():
        seen.setdefault(one.kind, set()).add(one.slug)
    return {**seen, "skill": set(Skill.objects.values_list("slug", flat=True))}


def _html(panel: panels.Panel, seen: Seen) -> str:
    return panel_html(panel, seen.found.document, seen.options, user=seen.user, before=seen.version.document)


def _drawn(panel: panels.Panel) -> Callable[[Seen], str]:
    return partial(_html, panel)


PANELS: Final = tuple(Panel(one.name, one.label, _drawn(one)) for one in panels.PANELS)
