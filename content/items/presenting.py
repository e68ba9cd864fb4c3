"""What a learner sees of a variant. Built from an allow-list: the key, the seed and the policy have no way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.items.definition import ItemDefinition
from content.items.display import typeset
from content.items.drawing import Variant
from content.items.interactions.shown import Shown, as_json
from content.items.markup import render, render_inline
from content.items.verdict import Verdict


def present(definition: ItemDefinition, variant: Variant) -> dict[str, Any]:
    """Return body, interactions, locale, figures and the number of hints, as JSON for the learner's side."""

    def render_text(text: str) -> str:
        return render_inline(_filled(definition, variant, text))

    return {
        "body": render(_filled(definition, variant, definition.body)),
        "interactions": [
            {
                "id": identifier,
                "kind": definition.interactions[identifier].kind,
                **as_json(shown),
            }
            for identifier, shown in interactions_shown(definition, variant).items()
        ],
        "locale": definition.locale,
        "figures": [figure.data(variant.values, render_text) for figure in definition.figures],
        "hints_available": len(definition.hints),
    }


def interactions_shown(definition: ItemDefinition, variant: Variant) -> dict[str, Shown]:
    """Return what each interaction shows."""

    def render_text(text: str) -> str:
        return render_inline(_filled(definition, variant, text))

    return {
        identifier: interaction.present(variant.interactions[identifier], render_text)
        for identifier, interaction in definition.interactions.items()
    }


def right_answers(definition: ItemDefinition, variant: Variant) -> dict[str, Any]:
    """Return a right answer of each interaction, as JSON in the shape of answers: what only the solution may tell."""
    return {
        identifier: interaction.right_answer(variant.interactions[identifier], definition.decimal)
        for identifier, interaction in definition.interactions.items()
    }


def comparisons(
    definition: ItemDefinition, variant: Variant, verdicts: Mapping[str, Verdict]
) -> dict[str, str]:
    """Return how wrong answers differ from what is right, by interaction: what only the solution may tell."""
    return {
        identifier: definition.interactions[identifier].compared(variant.interactions[identifier], verdict)
        for identifier, verdict in verdicts.items()
    }


def solution_html(definition: ItemDefinition, variant: Variant) -> str | None:
    """Return the worked solution in this variant's numbers, or None where the author wrote none."""
    return text_html(definition, variant, definition.solution) if definition.solution.strip() else None


def hint_html(definition: ItemDefinition, variant: Variant, number: int) -> str:
    """Return hint ``number`` (0-based). Raises IndexError when there are fewer."""
    return text_html(definition, variant, definition.hints[number])


def text_html(definition: ItemDefinition, variant: Variant, text: str) -> str:
    """Return an author's Markdown as HTML with this variant's numbers."""
    return render(_filled(definition, variant, text))


def _filled(definition: ItemDefinition, variant: Variant, text: str) -> str:
    return typeset(text, variant.values, definition.places, definition.decimal)
