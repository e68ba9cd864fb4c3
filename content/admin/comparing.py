"""Two versions of something side by side: their texts, and where it can be drawn what learners would see."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from content.admin.desk import Page, address
from content.admin.trying import Preview, drawn_again, preview
from content.documents.comparing import compare
from content.documents.reader import DefinitionError
from content.expressions import exact
from content.items.definition import ItemDefinition
from content.items.drawing import Variant
from content.items.parsing.document import parse_definition
from content.items.refusals import REFUSALS, faults_in
from content.items.soundness import sound_variant
from content.lessons import parse_lesson
from content.models import ItemVersion, LessonVersion, Version


@dataclass(frozen=True)
class Side:
    """One version as learners see it; ``faults`` where it cannot be shown. ``note`` says what is not comparable."""

    html: SafeString = field(default_factory=SafeString)
    shown: Preview | None = None
    faults: Sequence[tuple[str, str]] = ()
    note: str = ""


Beside = Callable[[Any, Any, int], tuple[Side, Side]]
"""Draws two versions as learners see them; the number makes the dice."""


def compare_page(beside: Beside | None = None) -> Page:
    """Return the page that compares two versions of what a row is."""
    return Page(
        "compare",
        "Compare versions",
        "admin/content/compare.html",
        partial(comparison, beside=beside),
        shown=lambda row: row.versions.all()[1:2].exists(),
    )


def comparison(row: Any, request: HttpRequest, *, beside: Beside | None) -> dict[str, Any]:
    """Return two versions of a row: those that the address names, else the last one and the one in force before."""
    versions = list(row.versions.select_related("written_by", "published_by").order_by("-number"))
    left, right = chosen(versions, request.GET.get("left"), request.GET.get("right"), row.current_id)
    compared = compare(text_of(left), text_of(right))
    context = {"versions": versions, "left": left, "right": right, "compared": compared}
    sides = beside(left, right, _start(request)) if beside else ()
    varies = any(side.shown and side.shown.values for side in sides)
    return {
        **context,
        "pair": [(left, address(left)), (right, address(right))],
        "sides": sides,
        "next_start": _start(request) + 1 if varies else None,
    }


def _start(request: HttpRequest) -> int:
    """Return the number that makes the dice of the page, 0 for anything that is none."""
    text = request.GET.get("start", "")
    return exact.whole(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def chosen(
    versions: Sequence[Any], left: str | None, right: str | None, current: Any
) -> tuple[Version, Version]:
    """Return the versions of two numbers. Without a right one it is the last, without a left one the one before.

    A draft is compared with what is in force.
    """
    numbered = {str(version.number): version for version in versions}
    after = numbered.get(right or "", versions[0])
    in_force = next((one for one in versions if one.pk == current), None)
    earlier = next((one for one in versions if one.number < after.number), None)
    before = in_force if after.is_draft and in_force else earlier or after
    return numbered.get(left or "", before), after


def text_of(version: Version) -> str:
    """Return the document of a version as its author reads it."""
    return version.text


def comparing(owner: Model, right: Version) -> str:
    """Return where a version is compared with the one before it."""
    name = f"admin:{owner._meta.app_label}_{owner._meta.model_name}_page"
    return f"{reverse(name, args=[owner.pk, 'compare'])}?right={right.number}"


def items_beside(left: ItemVersion, right: ItemVersion, start: int) -> tuple[Side, Side]:
    """Return two wordings of an item with their keys, drawn from the same seed where both make a variant of it."""
    dice = random.Random(start)  # noqa: S311 - so that a page can be looked at again
    try:
        definition = parse_definition(left.document)
        variant = sound_variant(definition, dice)
    except REFUSALS as error:
        return Side(faults=faults_in(error)), _drawn(right, None, dice)
    return Side(shown=preview(definition, variant)), _drawn(right, variant, dice)


def _drawn(version: ItemVersion, other: Variant | None, dice: random.Random) -> Side:
    """Return a version as it looks with the seed of the ``other`` variant, with another where that makes none."""
    try:
        definition = parse_definition(version.document)
        same = drawn_again(definition, str(other.seed)) if other else None
        shown = preview(definition, same or sound_variant(definition, dice))
    except REFUSALS as error:
        return Side(faults=faults_in(error))
    return Side(shown=shown, note=_note(definition, same, other))


def _note(definition: ItemDefinition, same: Variant | None, other: Variant | None) -> str:
    if same or other is None or not definition.is_exercise:
        return ""
    return f"The seed {other.seed} makes no variant here that may be shown: this is another one."


def lessons_beside(left: LessonVersion, right: LessonVersion, _start: int) -> tuple[Side, Side]:
    """Return two wordings of a lesson as they are read."""
    return _read(left), _read(right)


def _read(version: LessonVersion) -> Side:
    try:
        lesson = parse_lesson(version.document)
    except DefinitionError as error:
        return Side(faults=error.faults)
    return Side(html=mark_safe(lesson.theory.html()))  # noqa: S308 - markup has cleaned it
