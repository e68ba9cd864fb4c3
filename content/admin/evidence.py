"""What the desk shows of an item's draws: its parameters, its variants side by side, and its certificate in pictures.

Each panel is a function from a definition to the context of a fragment in ``admin/content/editor/``. The fragments
stand alone beside an editor, and on pages about published versions and drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from content.admin.desk import Page
from content.admin.pictures import apart, histogram, in_words, number, percent, strip
from content.admin.trying import opened_preview
from content.expressions import Expression, exact
from content.items.definition import ItemDefinition
from content.items.evidence.certificate import Evidence, KeyPicture, Told, evidence, stored_findings
from content.items.evidence.grid import ROWS, Cell, Row, columns, grid
from content.items.evidence.sampling import ParameterSample, sample
from content.items.parameters import Parameter
from content.items.parsing.document import parse_definition
from content.items.refusals import REFUSALS, faults_in
from content.items.soundness import NO_DRAW
from content.items.stream import SEED_BITS
from content.models import ItemVersion

PARAMETERS: Final = "admin/content/editor/parameters.html"
VARIANTS: Final = "admin/content/editor/variants.html"
CERTIFICATE: Final = "admin/content/editor/certificate.html"
PAGE: Final = "admin/content/evidence.html"

LONG: Final = 36
"""Characters from which on a cell runs over several lines."""
LAST_START: Final = (1 << SEED_BITS) - 1 - ROWS


def parameters_panel(
    parameters: Mapping[str, Parameter],
    require: Sequence[Expression] = (),
    *,
    start: int = 0,
    decimal: str = ".",
) -> dict[str, Any]:
    """Return the table of sampled values, and what each condition rejects; other parts may still be broken."""
    if not parameters:
        return {"sample": None, "fixed": True}
    try:
        found = sample(parameters, require, start=_within(start), decimal=decimal)
    except REFUSALS as error:
        return {"refused": faults_in(error)}
    return {
        "sample": found,
        "draws": f"{found.draws:,}",
        "parameters": [_parameter(one) for one in found.parameters],
        "conditions": [
            {
                "text": one.text,
                "rejects": percent(one.rejects),
                "alone": percent(one.alone),
                "fault": one.fault,
            }
            for one in found.conditions
        ],
        "first": percent(found.first),
        "impossible": percent(found.impossible) if found.impossible else "",
    }


def _parameter(one: ParameterSample) -> dict[str, Any]:
    kept = one.kept or one.free
    changed = (
        one.kept
        and one.free
        and (one.kept.smallest, one.kept.largest) != (one.free.smallest, one.free.largest)
    )
    return {
        "name": one.name,
        "shape": f"{' × '.join(map(str, one.shape))} numbers" if one.shape else "",
        "is_kept": one.kept is not None,
        "smallest": number(kept.smallest) if kept else "–",
        "largest": number(kept.largest) if kept else "–",
        "before": f"{number(one.free.smallest)} to {number(one.free.largest)}"
        if changed and one.free
        else "",
        "distinct": f"{kept.distinct:,}" if kept else "–",
        "often": f"{number(kept.most_frequent)} ({percent(kept.most_frequent_share)})" if kept else "–",
        "shown": one.shown,
        "picture": histogram(kept, f"Values of {one.name}") if kept else "",
    }


def variants_panel(
    definition: ItemDefinition, start: int = 0, seed: int | None = None, entered: QueryDict | None = None
) -> dict[str, Any]:
    """Return the variants from a seed on, and one of them opened: with ``entered``, an answer that is graded."""
    first = _within(start)
    try:
        found = grid(definition, first)
        opened = opened_preview(definition, seed, entered) if seed is not None else None
    except REFUSALS as error:
        return {"refused": faults_in(error)}
    return {
        "definition": definition,
        "grid": found,
        "columns": columns(found),
        "rows": [_row(row) for row in found.rows],
        "rejected": len(found.rows) - found.served,
        "start": first,
        "next_start": _within(first + ROWS),
        "previous_start": max(0, first - ROWS) if first else None,
        "opened": opened,
    }


def _within(start: int) -> int:
    return min(max(start, 0), LAST_START)


def _row(row: Row) -> dict[str, Any]:
    cells = [_cell(cell) for cell in (*row.values, *row.keys)]
    cells += [
        {
            **_cell(one.value),
            "note": f"taken for {', '.join(one.taken_for)}" if one.taken_for else _distance(one.distance),
            "wrong": bool(one.taken_for),
        }
        for one in row.mistakes
    ]
    cells += [
        {**_cell(one.value), "note": "agrees" if one.agrees else "disagrees", "wrong": not one.agrees}
        for one in row.checks
    ]
    cells = [{**cell, "note": "", "wrong": False} if cell["text"] == "–" else cell for cell in cells]
    return {"seed": row.seed, "cells": cells, "rejected": row.rejected}


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "text": cell.text,
        "order": "" if cell.order is None else repr(cell.order),
        "is_long": len(cell.text) > LONG,
        "note": "",
        "wrong": False,
    }


def _distance(distance: float | None) -> str:
    return "" if distance is None else f"{apart(distance)} tolerances away"


def certificate_panel(
    definition: ItemDefinition, stored: Mapping[str, Any] | None = None, *, variants: str = ""
) -> dict[str, Any]:
    """Return the certificate in words and pictures.

    ``stored`` is what a published version has; ``variants`` the address of the page that opens seeds.
    """
    try:
        found = evidence(definition)
    except REFUSALS as error:
        return {"refused": faults_in(error), **_stored(stored)}
    return {
        "definition": definition,
        "found": found,
        "certificate": found.certificate,
        "verdict_class": "right" if found.certificate.certified else "wrong",
        "figures": _figures(definition, found),
        "keys": [_key(one) for one in found.keys],
        "texts": [(one, [(text, percent(share)) for text, share in one.shares]) for one in found.texts],
        "constants": [(one, percent(one.share)) for one in found.constants],
        "told": [_told(one, found) for one in found.told if one.separation.judged and _matters(one)],
        "told_apart": [
            _told(one, found) for one in found.told if one.separation.judged and not _matters(one)
        ],
        "exclusions": [
            (one, percent(one.share), f"{one.count:,}", percent(one.advice.costs) if one.advice else "")
            for one in found.exclusions
        ],
        "conditions": [
            (one, percent(one.rejects), percent(one.alone))
            for one in (found.sample.conditions if found.sample else ())
        ],
        "refusals": [(one, percent(one.share) if one.share else "") for one in found.refusals],
        "remarks": [(one, percent(one.share) if one.share else "") for one in found.remarks],
        "examples": [_row_of_example(definition, row) for row in found.examples],
        "variants": variants,
        "never": NO_DRAW,
        **_stored(stored),
    }


def _figures(definition: ItemDefinition, found: Evidence) -> list[tuple[str, str]]:
    one = found.certificate
    if not definition.is_exercise:
        return []
    return [
        ("Draws tried", f"{one.draws:,}"),
        ("May be given to learners", f"{found.served:,} ({percent(found.served / one.draws)})"),
        ("Different variants", f"{one.distinct:,}"),
        ("Rejected", percent(one.fenced)),
        ("Trivial keys (0, 1 or a value shown)", percent(one.trivial)),
    ]


def _key(one: KeyPicture) -> dict[str, Any]:
    title = f"Key of {one.interaction}" + (f", component {one.part} of {one.parts}" if one.part else "")
    return {
        "title": title,
        "picture": histogram(one.numbers, title),
        "words": in_words(one.numbers),
        "zeros": percent(one.zeros) if one.zeros else "",
        "ones": percent(one.ones) if one.ones else "",
        "outside": percent(one.numbers.outside) if one.numbers.outside > 1e-9 else "",
    }


def _matters(one: Told) -> bool:
    """Return whether a pair is shown at once: against the key, and mistakes that are ever taken for each other."""
    return one.separation.other is None or bool(one.separation.taken)


def _told(one: Told, found: Evidence) -> dict[str, Any]:
    pair = one.separation
    other = pair.other or "the key"
    farthest = max((t.separation.quantiles[-1] for t in found.told if t.separation.quantiles), default=1.0)
    smallest, median = apart(pair.smallest), apart(pair.median)
    label = (
        f"{pair.slug} and {other}: at least {smallest} tolerances apart, half of the time {median} or more"
    )
    return {
        "one": one,
        "pair": pair,
        "other": other,
        "smallest": smallest,
        "median": median,
        "taken": percent(pair.taken) if pair.taken else "never" if pair.taken is not None else "not compared",
        "wrong": bool(pair.taken and pair.taken >= 0.01),
        "costs": percent(one.advice.costs) if one.advice else "",
        "picture": strip(pair.quantiles, farthest, label) if pair.quantiles else "",
    }


def _row_of_example(definition: ItemDefinition, row: Row) -> dict[str, Any]:
    values = [
        f"{name} = {cell.text}"
        for name, cell in zip(definition.parameters, row.values, strict=True)
        if cell.text != "–"
    ]
    return {"seed": row.seed, "values": ", ".join(values), "rejected": row.rejected}


def _stored(stored: Mapping[str, Any] | None) -> dict[str, Any]:
    if not stored:
        return {}
    return {
        "stored": stored,
        "stored_fenced": percent(float(stored.get("fenced", 0))),
        "stored_findings": stored_findings(stored),
    }


# Pages about published versions and drafts


def evidence_pages(version_of: Callable[[Any], ItemVersion | None]) -> list[Page]:
    """Return the pages of a row that is an item version, or has one."""

    def page(name: str, label: str, fragment: str, panel: Callable[..., dict[str, Any]]) -> Page:
        def context(row: Any, request: HttpRequest) -> dict[str, Any]:
            version = version_of(row)
            if version is None:
                raise LookupError("there is no version to show")
            try:
                definition = parse_definition(version.document)
            except REFUSALS as error:
                return {"faults": faults_in(error), "fragment": fragment, **_stored(version.certificate)}
            return {"fragment": fragment, **panel(definition, row, version, request)}

        return Page(name, label, PAGE, context, shown=lambda row: version_of(row) is not None)

    return [
        page("parameters", "Parameters", PARAMETERS, _parameters_page),
        page("variants", "Variants", VARIANTS, _variants_page),
        page("certificate", "Certificate", CERTIFICATE, _certificate_page),
    ]


def _parameters_page(
    definition: ItemDefinition, _row: Any, _version: ItemVersion, request: HttpRequest
) -> dict[str, Any]:
    start = seed_of(request.GET.get("start")) or 0
    return parameters_panel(
        definition.parameters, definition.require, start=start, decimal=definition.decimal
    )


def _variants_page(
    definition: ItemDefinition, _row: Any, _version: ItemVersion, request: HttpRequest
) -> dict[str, Any]:
    seed = seed_of(request.GET.get("seed"))
    start = seed_of(request.GET.get("start"))
    entered = request.POST if request.method == "POST" else None
    return variants_panel(definition, (seed or 0) if start is None else start, seed, entered)


def _certificate_page(
    definition: ItemDefinition, row: Any, version: ItemVersion, _request: HttpRequest
) -> dict[str, Any]:
    address = reverse(f"admin:content_{row._meta.model_name}_page", args=[row.pk, "variants"])
    return certificate_panel(definition, version.certificate, variants=address)


def seed_of(text: Any) -> int | None:
    """Return a seed that came with an address or a form; None for what is none."""
    text = text if isinstance(text, str) else str(text) if type(text) is int else ""
    if not text or not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    value = exact.whole(text)
    return value if value >> SEED_BITS == 0 else None
