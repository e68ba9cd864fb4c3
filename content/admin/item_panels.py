"""What is seen beside the text of an item: a variant as a learner has it, samples, variants, the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from content.admin.editing import Panel
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
from content.documents.examining import Examination
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


def preview_context(found: Examination[Any], _version: Any, options: Options) -> dict[str, Any]:
    """Return one variant with inputs that work: of a seed, or as the dice of ``start`` give it."""
    definition = found.definition
    if definition is None:
        return {"is_missing": True}
    start = seed_of(options.get("start")) or 0
    seed = seed_of(options.get("seed"))
    try:
        chosen = draw_some(definition, start, 1)[0].seed if seed is None else seed
        opened = opened_preview(definition, chosen, entered(options))
    except REFUSALS as error:
        return {"refused": faults_in(error)}
    return {"definition": definition, "opened": opened, "start": start, "next_start": start + 1}


def parameters_context(found: Examination[Any], _version: Any, options: Options) -> dict[str, Any]:
    if found.definition is None:
        return {"is_missing": True}
    return parameters_panel(
        found.definition.parameters,
        found.definition.require,
        start=seed_of(options.get("start")) or 0,
        decimal=found.definition.decimal,
    )


def variants_context(found: Examination[Any], _version: Any, options: Options) -> dict[str, Any]:
    if found.definition is None:
        return {"is_missing": True}
    seed, start = seed_of(options.get("seed")), seed_of(options.get("start"))
    return variants_panel(found.definition, (seed or 0) if start is None else start, seed, entered(options))


def certificate_context(found: Examination[Any], version: Any, _options: Options) -> dict[str, Any]:
    if found.definition is None:
        return {"is_missing": True}
    address = reverse("admin:content_itemversion_page", args=[version.pk, "variants"])
    return certificate_panel(found.definition, variants=address)


PANELS = (
    Panel("preview", "Preview", "admin/content/editor/preview.html", preview_context),
    Panel("parameters", "Numbers", PARAMETERS, parameters_context),
    Panel("variants", "Variants", VARIANTS, variants_context),
    Panel("certificate", "Certificate", CERTIFICATE, certificate_context),
)
