"""Free practice: a fresh variant of an exercise, checked as often as one likes, with the solution at hand."""

from __future__ import annotations

import random
from datetime import datetime
from uuid import UUID

from django.conf import settings

from assessment.disclosure.replies import Recorded
from assessment.errors import Contended, KeyReused, NotGraded, TooManyInvalid
from assessment.models import Learner, Presentation, Response, User, Verdict
from assessment.people.access import require_access, require_not_held
from assessment.people.learners import own_learner
from assessment.recording.deciding import (
    Submission,
    announce,
    counted,
    fingerprint,
    judged,
    response_to,
    verdict_on,
)
from assessment.recording.rounds import ROUNDS
from assessment.recording.rulings import with_rulings
from assessment.recording.writing import write_practice
from assessment.rules.delivery import PRACTICE
from content.items.grading import ItemVerdict
from content.items.soundness import sound_variant
from content.items.stream import Stream
from content.models import Item, ItemVersion
from content.models.items import published


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


def check_practice(*, presentation_id: UUID, user: User | None, sent: Submission) -> Recorded:
    """Grade and record an answer to a variant of free practice. Guarded by its number of answers.

    Raises Presentation.DoesNotExist, KeyReused, TooManyInvalid, NotForPractice where an assessment has taken the item
    meanwhile, or NotGraded when the grader failed and the answer was kept.
    """
    for _ in range(ROUNDS):
        presentation = Presentation.objects.get(pk=presentation_id, attempt=None)
        presentation.item_version = published(presentation.item_version_id)
        [presentation] = with_rulings([presentation], None)
        if earlier := _earlier(presentation, sent):
            return earlier
        require_not_held(presentation.item_version.item_id, user, sent.now)
        if presentation.is_paused(sent.now):
            raise TooManyInvalid((presentation.paused_until or sent.now) - sent.now)
        if recorded := _checked(presentation, sent):
            return recorded
    raise Contended


def _earlier(presentation: Presentation, sent: Submission) -> Recorded | None:
    """Return what this key has made before. Raises KeyReused, or NotGraded where the grader failed on it."""
    found = Response.objects.filter(learner=presentation.learner_id, key=sent.key)
    response = found.prefetch_related("verdicts").first()
    if response is None:
        return None
    if not response.matches(fingerprint(presentation.pk, sent.answer)):
        raise KeyReused
    first = next((one for one in response.verdicts.all() if one.number == 1), None)
    if first is None or response.announcement is None:
        raise NotGraded(response.failure)
    return Recorded(response, first, presentation, None, replayed=True)


def _checked(presentation: Presentation, sent: Submission) -> Recorded | None:
    """Judge an answer and write it; None where another one came between."""
    verdict = judged(presentation, sent.answer)
    after = counted(presentation, verdict, sent.now, PRACTICE)
    response = response_to(presentation, sent, sequence=after.answers, verdict=verdict)
    made: Verdict | None = None
    if isinstance(verdict, ItemVerdict):
        made = verdict_on(response, verdict, after)
        announce(response, None, after, PRACTICE, verdict)
    try:
        if not write_practice(presentation, after, [response], [made] if made else []):
            return None
    except KeyReused:
        return None
    if isinstance(verdict, NotGraded) or made is None:
        raise verdict if isinstance(verdict, NotGraded) else NotGraded("")
    return Recorded(response, made, after, None, replayed=False)
