"""Free practice: a fresh variant of an exercise, checked as often as one likes, with the solution at hand."""

from __future__ import annotations

import random
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from assessment.disclosure.replies import Recorded
from assessment.models import Learner, Presentation, Response, User
from assessment.people.access import require_access, require_not_held
from assessment.people.learners import own_learner
from assessment.recording.responses import Answer, Submission, earlier_response, record_or_keep
from assessment.rules.delivery import PRACTICE
from content.items.soundness import sound_variant
from content.items.stream import Stream
from content.models import Item, ItemVersion


def start_practice(*, user: User, item: Item, now: datetime, dice: random.Random) -> Presentation:
    """Show a learner a fresh variant, of those that no attempt is given; a fixed item as it was shown before.

    So a fixed item is answered for the first time only once, however often it is asked for. Raises EnrolmentRequired
    for a premium lesson's item, NotForPractice for one that is kept for an assessment now.
    """
    require_not_held(item.pk, user, now)
    require_access(item.bank.lesson, user, now)
    version = item.version
    learner = own_learner(user=user, now=now)
    if not item.is_exercise and (before := _shown_before(learner, version, now)):
        return before
    return Presentation.objects.create(
        learner=learner,
        item_version=version,
        variant_document=sound_variant(version.definition, dice, Stream.PRACTICE).to_json(),
        shown_at=now,
    )


def _shown_before(learner: Learner, version: ItemVersion, now: datetime) -> Presentation | None:
    """Return the latest showing of an item in practice that can still be answered for a good while."""
    shown = Presentation.objects.filter(learner=learner, attempt=None, item_version=version)
    recent = shown.filter(shown_at__gt=now - settings.PRACTICE_TOKEN_AGE / 2)
    return recent.select_related("item_version").order_by("shown_at").last()


def check_practice(
    *, presentation_id: UUID, user: User | None, answer: Answer, key: UUID | None, now: datetime
) -> Recorded:
    """Grade and record an answer to a variant of free practice. Locks the presentation.

    Raises Presentation.DoesNotExist, KeyReused, TooManyInvalid, NotForPractice where an assessment has taken the item
    meanwhile, or NotGraded when the grader failed and the answer was kept.
    """
    shown = Presentation.objects.select_for_update(of=("self",)).select_related("item_version__item")
    with transaction.atomic():
        presentation = shown.get(pk=presentation_id, attempt=None)
        if earlier := earlier_response(presentation, answer, key):
            return Recorded(earlier, presentation, None, replayed=True)
        require_not_held(presentation.item_version.item_id, user, now)
        if paused := presentation.pause(now):
            raise paused
        response = record_or_keep(presentation, Submission(answer, key, now), PRACTICE)
        if isinstance(response, Response):
            return Recorded(response, presentation, None, replayed=False)
    raise response
