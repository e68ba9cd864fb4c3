"""Hints, one after the other: what has been shown is stored, and each response says how many came before it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from assessment.delivery.attempts import check_open, locked, presentation_at
from assessment.errors import NoHintsLeft, PresentationSettled
from assessment.models import Presentation, User
from assessment.modes import mode_of
from assessment.people.access import require_not_held
from content.items.presenting import hint_html


def hints_shown(presentation: Presentation) -> list[str]:
    """Return, as HTML, the hints that the learner has taken."""
    definition = presentation.item_version.definition
    return [hint_html(definition, presentation.variant, n) for n in range(presentation.hints_taken)]


@transaction.atomic
def take_hint(*, attempt_id: UUID, user: User, position: int, now: datetime) -> Presentation:
    """Show the next hint at a position of an attempt. Locks the attempt.

    Raises Attempt.DoesNotExist, UnknownPosition, AttemptClosed, PresentationSettled or NoHintsLeft.
    """
    attempt = locked(attempt_id, user)
    check_open(attempt, now)
    presentation = presentation_at(attempt, position)
    if presentation.is_settled:
        raise PresentationSettled
    if reason := mode_of(attempt).no_hints:
        raise NoHintsLeft(reason)
    return _take(presentation)


@transaction.atomic
def take_practice_hint(*, presentation_id: UUID, user: User | None, now: datetime) -> Presentation:
    """Show the next hint for a variant of free practice. Locks the presentation.

    Raises Presentation.DoesNotExist, NoHintsLeft, or NotForPractice while an assessment keeps the item.
    """
    shown = Presentation.objects.select_for_update(of=("self",)).select_related("item_version")
    presentation = shown.get(pk=presentation_id, attempt=None)
    require_not_held(presentation.item_version.item_id, user, now)
    return _take(presentation)


def _take(presentation: Presentation) -> Presentation:
    if presentation.hints_taken >= len(presentation.item_version.definition.hints):
        raise NoHintsLeft
    presentation.hints_taken += 1
    presentation.save(update_fields=["hints_taken"])
    return presentation
