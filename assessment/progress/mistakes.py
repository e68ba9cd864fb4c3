"""What was answered wrongly and not rightly since, as far as its verdict may be seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from assessment.models import Presentation
from assessment.models.attempts import AttemptState
from assessment.progress.next_step import Named
from content.models.items import ItemQuerySet

MOST: Final = 20
"""The latest to be listed: earlier ones say little about today, and a list without an end helps nobody."""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The latest to be redone, the newest first, and how many more cannot be practiced now."""

    redo: tuple[Named, ...] = ()
    explained_only: int = 0


def mistakes(learners: Collection[UUID], among: Q, allowed: ItemQuerySet) -> Mistakes:
    """Return the items whose latest place has had no full credit, neither at its first try nor since. Two queries.

    ``among`` are the places whose verdicts may be seen. What is still open, dropped or void says nothing.
    """
    wrong = _wrong(learners, among)
    open_now = {item.pk: Named(item.slug, item.title) for item in allowed.filter(pk__in=wrong)}
    redo = [open_now[item] for item in wrong if item in open_now]
    return Mistakes(tuple(redo[:MOST]), len(wrong) - len(redo))


def _wrong(learners: Collection[UUID], among: Q) -> list[UUID]:
    """Return the ids of the items, the latest mistake first."""
    counted = Q(attempt=None) | Q(attempt__is_void=False)
    places = Presentation.objects.filter(among, counted, learner__in=learners, first_score__isnull=False)
    latest = places.filter(is_dropped=False).order_by("item_version__item_id", "-first_at", "-id")
    wrong = Presentation.objects.filter(
        Q(attempt=None) | ~Q(attempt__state=AttemptState.OPEN),
        Q(score=None) | Q(score__lt=1),
        Q(awarded=None) | Q(awarded__lt=1),
        pk__in=latest.distinct("item_version__item_id").values("pk"),
        first_score__lt=1,
    )
    return list(wrong.order_by("-first_at", "-id").values_list("item_version__item", flat=True))
