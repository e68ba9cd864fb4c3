"""What is seen beside the text of an item: a variant as a learner has it, samples, variants, the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from content.admin.editing import Panel, Seen, drawn
from content.admin.evidence import (
    CERTIFICATE,
    PARAMETERS,
    VARIANTS,
    certificate_panel,
    parameters_panel,
    seed_of,
    variants_panel,
)
from content.admin.trying import draw_some, opened_preview
from content.items.refusals import REFUSALS, faults_in

Options = Mapping[str, Any]


def entered(options: Options) -> QueryDict | None:
    """Return the answer that was tried, as a form sends it."""
    answer = options.get("answer")
    if not isinstance(answer, Mapping):
        return None
    form = QueryDict(mutable=True)
    for name, values in answer.items():
        if isinstance(values, list):
            form.setlist(str(name), [str(value) for value in values])
    return form


def preview_context(seen: Seen) -> dict[str, Any]:
    """Return one variant with inputs that work: of a seed, or as the dice of ``start`` give it."""
    definition, options = seen.definition, seen.options
    start = seed_of(options.get("start")) or 0
    seed = seed_of(options.get("seed"))
    try:
        chosen = draw_some(definition, start, 1)[0].seed if seed is None else seed
        opened = opened_preview(definition, chosen, entered(options))
    except REFUSALS as error:
        return {"refused": faults_in(error)}
    return {"definition": definition, "opened": opened, "start": start, "next_start": start + 1}


def parameters_context(seen: Seen) -> dict[str, Any]:
    definition = seen.definition
    return parameters_panel(
        definition.parameters,
        definition.require,
        start=seed_of(seen.options.get("start")) or 0,
        decimal=definition.decimal,
    )


def variants_context(seen: Seen) -> dict[str, Any]:
    seed, start = seed_of(seen.options.get("seed")), seed_of(seen.options.get("start"))
    first = (seed or 0) if start is None else start
    return variants_panel(seen.definition, first, seed, entered(seen.options))


def certificate_context(seen: Seen) -> dict[str, Any]:
    address = reverse("admin:content_itemversion_page", args=[seen.version.pk, "variants"])
    return certificate_panel(seen.definition, variants=address)


PANELS = (
    Panel("preview", "Preview", drawn("admin/content/editor/preview.html", preview_context)),
    Panel("parameters", "Numbers", drawn(PARAMETERS, parameters_context)),
    Panel("variants", "Variants", drawn(VARIANTS, variants_context)),
    Panel("certificate", "Certificate", drawn(CERTIFICATE, certificate_context)),
)
