"""What was appended so that no learner waits for another, folded into what is read: exposure and difficulties.

Each verb may run at any time, twice at once and as often as one likes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from assessment.models import DifficultyEvent, OnlineDifficulty
from assessment.models.statements import one_row
from assessment.psychometrics.elo import Rating, update_difficulty
from assessment.recording.queries import QUERIES
from assessment.selection.seeding import first_guess

AT_ONCE: Final = 5_000
"""Events in one transaction: the next run goes on."""
ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtext('assessment.recording.folding'))"


@transaction.atomic
def fold_exposure() -> int:
    """Add what was appended to the exposure counts and return how many events it was."""
    _wait_for_others()
    row = one_row(QUERIES["fold_exposure"], {})
    counted: int = row[0] if row else 0
    return counted


@transaction.atomic
def fold_difficulties(*, now: datetime) -> int:
    """Let the difficulties of items that are tried out learn from new answers, and return how many there were.

    Learning depends on the order, so it is kept: (batch, id).
    """
    _wait_for_others()
    with connection.cursor() as cursor:
        cursor.execute(QUERIES["difficulties_to_fold"], {"most": AT_ONCE})
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return 0
    batch = (DifficultyEvent.objects.aggregate(last=Max("batch"))["last"] or 0) + 1
    events = DifficultyEvent.objects.filter(pk__in=ids).order_by("id")
    by_item: dict[object, list[DifficultyEvent]] = defaultdict(list)
    for event in events:
        by_item[event.item_id].append(event)
    for answers in by_item.values():
        _learn(answers, now)
    events.update(batch=batch)
    return len(ids)


def _learn(answers: Sequence[DifficultyEvent], now: datetime) -> None:
    item_id, guess = answers[0].item_id, first_guess(answers[0].guess)
    begun = OnlineDifficulty(item_id=item_id, mean=guess.mean, variance=guess.variance, updated_at=now)
    known = OnlineDifficulty.objects.filter(item=item_id).first() or begun
    rating = known.rating
    for one in answers:
        rating = update_difficulty(rating, Rating(one.theta, one.standard_error**2), one.score)
    known.believe(rating, now)
    known.save()


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
