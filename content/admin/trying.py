"""What a learner would see of an item, with inputs that work, and what the author may see beside it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from content.admin.figures import sketch
from content.expressions import exact
from content.items.definition import ItemDefinition
from content.items.display import format_value
from content.items.drawing import Variant
from content.items.evidence.grid import opened
from content.items.grading import ItemVerdict, grade
from content.items.interactions.shown import Shown
from content.items.markup import render, with_sources
from content.items.presenting import hint_html, interactions_shown, present, solution_html
from content.items.soundness import sound_variant, variant_again
from content.items.verdict import RIGHT, Verdict
from content.models import Misconception

VARIANTS = 3
"""How many variants of an exercise stand side by side."""

_MARK = re.compile(r'<span data-interaction="([a-z0-9_]+)"></span>')


@dataclass(frozen=True, slots=True)
class Secret:
    """What only the author sees of an interaction: its key, its policy and the misconceptions' answers."""

    id: str
    key: str
    policy: str
    misconceptions: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Explained:
    """The verdict on one interaction, with the misconception that it names."""

    id: str
    outcome: str
    parsed: str
    verdict: Verdict
    misconception: Misconception | None
    feedback: SafeString


@dataclass(frozen=True)
class Preview:
    """One variant: the learner's side, the author's side, and the verdict on an answer that was tried."""

    variant: Variant
    body: SafeString
    figures: Sequence[SafeString]
    hints: Sequence[SafeString]
    solution: SafeString
    values: Sequence[tuple[str, str]]
    secrets: Sequence[Secret]
    verdict: ItemVerdict | None = None
    tried: Sequence[Explained] = field(default_factory=tuple)


@dataclass(frozen=True)
class OpenedPreview:
    """The variant of one seed, and why learners never get it; where it has no numbers nothing is shown."""

    seed: int
    shown: Preview | None
    rejected: Sequence[str]


def draw_some(definition: ItemDefinition, start: int, most: int = VARIANTS) -> list[Variant]:
    """Return variants that may be shown, as the dice give them from ``start``; one if all are the same.

    Raises ImpossibleDraw or ExpressionError.
    """
    dice = random.Random(start)  # noqa: S311 - so that a page can be looked at again
    return [sound_variant(definition, dice) for _ in range(most if definition.is_exercise else 1)]


def drawn_again(definition: ItemDefinition, seed: str) -> Variant | None:
    """Return the variant of a seed that came back from a form; None if it makes none."""
    try:
        return variant_again(definition, exact.whole(seed))
    except (ValueError, OverflowError):  # no number, none of ours, or one whose variant may not be shown
        return None


def opened_preview(definition: ItemDefinition, seed: int, entered: QueryDict | None = None) -> OpenedPreview:
    """Return the variant of a seed with inputs, a rejected one too; ``entered`` is an answer to it that is graded.

    Raises what drawing raises, and ValueError for what is no seed.
    """
    found = opened(definition, seed)
    shown = preview(definition, found.variant, entered) if found.variant else None
    return OpenedPreview(seed, shown, found.rejected)


def preview(definition: ItemDefinition, variant: Variant, entered: QueryDict | None = None) -> Preview:
    """Return one variant with inputs; ``entered`` is a form that was sent, whose answer is graded."""
    shown = present(definition, variant)
    inputs = interactions_shown(definition, variant)
    posted = _posted(inputs, entered) if entered is not None else {}
    answer = {identifier: inputs[identifier].from_form(texts) for identifier, texts in posted.items()}
    verdict = grade(definition, variant, answer) if entered is not None else None
    return Preview(
        variant=variant,
        body=_with_inputs(shown["body"], inputs, posted),
        figures=[sketch(figure) for figure in shown["figures"]],
        hints=[mark_safe(hint_html(definition, variant, n)) for n in range(len(definition.hints))],  # noqa: S308
        solution=mark_safe(solution_html(definition, variant) or ""),  # noqa: S308
        values=[(name, format_value(value)) for name, value in variant.values.items()],
        secrets=[_secret(identifier, record) for identifier, record in variant.interactions.items()],
        verdict=verdict,
        tried=explain(verdict, named_in([verdict])) if verdict else (),
    )


def _posted(inputs: Iterable[str], entered: QueryDict) -> dict[str, list[str]]:
    """Return what a form sent for each interaction, as texts in the order of its inputs."""
    return {identifier: [str(text) for text in entered.getlist(identifier)] for identifier in inputs}


def _with_inputs(body: str, inputs: Mapping[str, Shown], posted: Mapping[str, Sequence[str]]) -> SafeString:
    """Put inputs at the places of the interactions. The body is safe: `markup` has cleaned it."""
    drawn = {
        identifier: _input(identifier, one, posted.get(identifier)) for identifier, one in inputs.items()
    }
    return mark_safe(_MARK.sub(lambda mark: drawn[mark[1]], body))  # noqa: S308


def _input(identifier: str, shown: Shown, posted: Sequence[str] | None) -> str:
    form = shown.form
    context = {
        "id": identifier,
        "form": form,
        "filled": form.filled(posted),
        "texts": [(option.id, _text(option.html)) for option in form.options],
    }
    return render_to_string(f"admin/content/inputs/{form.part}.html", context)


def _text(html: str) -> str:
    """Return an option as plain text: a list that drops down shows no HTML."""
    return unescape(strip_tags(with_sources(html)))


def _secret(identifier: str, record: Mapping[str, Any]) -> Secret:
    values = record.get("misconceptions", {})
    return Secret(
        id=identifier,
        key=_plain(record["key"]),
        policy=_plain(record["policy"]),
        misconceptions=[(slug, _plain(value)) for slug, value in values.items()],
    )


def _plain(value: Any) -> str:
    try:
        return format_value(value)
    except (TypeError, ValueError):
        return json.dumps(value, ensure_ascii=False)


def explain(verdict: ItemVerdict, known: Mapping[str, Misconception]) -> list[Explained]:
    """Return the parts of a verdict, with what is ``known`` of the misconceptions they name."""
    return [
        Explained(
            id=identifier,
            outcome=outcome(valid=one.valid, score=one.score),
            parsed=as_text(one.parsed),
            verdict=one,
            misconception=known.get(one.misconception or ""),
            feedback=mark_safe(render(one.feedback)) if one.feedback else SafeString(""),  # noqa: S308
        )
        for identifier, one in verdict.interactions.items()
    ]


def named_in(verdicts: Iterable[ItemVerdict]) -> dict[str, Misconception]:
    """Return the misconceptions that verdicts name, by their slugs."""
    slugs = {one.misconception for verdict in verdicts for one in verdict.interactions.values()}
    return {row.slug: row for row in Misconception.objects.filter(slug__in=slugs - {None})}


def as_text(entered: Any) -> str:
    """Return an answer as it was typed, or as JSON where it is more than a text."""
    return entered if isinstance(entered, str) else json.dumps(entered, ensure_ascii=False)


def outcome(*, valid: bool, score: float) -> str:
    """Return the one word for a verdict: right, wrong, partly or invalid."""
    if not valid:
        return "invalid"
    return "right" if score >= RIGHT else "partly" if score > 0 else "wrong"
