"""The places of an attempt as they are stored."""

from __future__ import annotations

from assessment.knowledge.tracing import Answered
from assessment.models import Attempt, Presentation
from assessment.modes.base import Place, Places


def place_of(presentation: Presentation) -> Place:
    """Return a place as it is stored."""
    return Place(
        position=presentation.position or 0,
        slug=presentation.item_version.item.slug,
        weight=presentation.weight,
        score=presentation.score,
        is_settled=presentation.is_settled,
        is_seeded=presentation.is_seeded,
        is_dropped=presentation.is_dropped,
        awarded=presentation.awarded,
        first=first_of(presentation),
        choice=presentation.choice,
        shown_at=presentation.shown_at,
    )


def first_of(presentation: Presentation) -> Answered | None:
    """Return the first try as evidence of what was known; None before it, and where it cannot be read."""
    if presentation.first_at is None or presentation.first_score is None:
        return None
    return Answered(presentation.first_at, presentation.first_score, presentation.first_hints)


def places_of(attempt: Attempt) -> Places:
    """Return the places of an attempt as they are stored."""
    unread = ("variant_document", "corrected_document", "item_version__document", "item_version__certificate")
    shown = attempt.presentations.select_related("item_version__item").defer(*unread)
    return [place_of(presentation) for presentation in shown.order_by("position")]
