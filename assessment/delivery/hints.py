"""Hints, one after the other: what has been shown is stored, and each response says how many came before it."""

from __future__ import annotations

import copy
from datetime import datetime
from uuid import UUID

from django.db import transaction

from assessment.delivery.attempts import check_open, presentation_at
from assessment.errors import NoHintsLeft, PresentationSettled
from assessment.models import Attempt, Presentation, User
from assessment.modes import mode_of
from assessment.people.access import require_not_held
from assessment.recording.deciding import Decision
from assessment.recording.rounds import until_written
from assessment.recording.writing import write
from content.items.presenting import hint_html


def hints_shown(presentation: Presentation) -> list[str]:
    """Return, as HTML, the hints that the learner has taken."""
    definition = presentation.item_version.definition
    return [hint_html(definition, presentation.variant, n) for n in range(presentation.hints_taken)]


def take_hint(
    *, attempt_id: UUID, user_id: UUID, position: int, now: datetime, number: int | None = None
) -> Presentation:
    """Show a hint at a position of an attempt: the next, or hint ``number`` (from 1), which twice is once.

    Guarded by the attempt's revision. Raises Attempt.DoesNotExist, UnknownPosition, AttemptClosed,
    PresentationSettled or NoHintsLeft.
    """

    def once() -> Presentation | None:
        attempt = Attempt.objects.get(pk=attempt_id, learner__users=user_id)
        check_open(attempt, now)
        presentation = presentation_at(attempt, position)
        if number is not None and number <= presentation.hints_taken:
            return presentation
        if presentation.is_settled:
            raise PresentationSettled
        if reason := mode_of(attempt).no_hints:
            raise NoHintsLeft(reason)
        taken = _with_another(presentation, number)
        return taken if write(Decision(attempt, [], changed=(taken,)), now) else None

    return until_written(attempt_id, once)


@transaction.atomic
def take_practice_hint(
    *, presentation_id: UUID, user: User | None, now: datetime, number: int | None = None
) -> Presentation:
    """Show a hint for a variant of free practice, as `take_hint` does. Locks the presentation.

    Raises Presentation.DoesNotExist, NoHintsLeft, or NotForPractice while an assessment keeps the item.
    """
    shown = Presentation.objects.select_for_update(of=("self",)).select_related("item_version")
    presentation = shown.get(pk=presentation_id, attempt=None)
    require_not_held(presentation.item_version.item_id, user, now)
    if number is not None and number <= presentation.hints_taken:
        return presentation
    taken = _with_another(presentation, number)
    taken.save(update_fields=["hints_taken"])
    return taken


def _with_another(presentation: Presentation, number: int | None) -> Presentation:
    """Return a copy of a place with one more hint. Hints come in their order: another number is not there yet."""
    following = presentation.hints_taken + 1
    if following > len(presentation.item_version.definition.hints) or number not in (None, following):
        raise NoHintsLeft
    taken = copy.copy(presentation)
    taken.hints_taken = following
    return taken
