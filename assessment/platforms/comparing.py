"""The ledger held against the gradebooks: what differs is told, and nothing is overwritten."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from assessment.models import Grade, ResourceLink
from assessment.models.grades import GradeState
from assessment.models.platforms import PlatformState
from assessment.platforms.calling import PlatformFailure
from assessment.platforms.line_items import is_same, shares_shown
from assessment.platforms.tokens import RESULT

COMPARED_EVERY: Final = timedelta(days=1)
MOST_LINKS: Final = 20
"""In one turn: the next turn goes on."""

logger = logging.getLogger(__name__)


def compare_links(now: datetime) -> tuple[int, int]:
    """Compare the links that were not compared for a day; return how many there were, and how many grades differ."""
    old = Q(compared_at=None) | Q(compared_at__lt=now - COMPARED_EVERY)
    waiting = ResourceLink.objects.filter(
        old, context__deployment__platform__state=PlatformState.ACTIVE, grades__state=GradeState.SENT
    )
    links = ResourceLink.objects.filter(pk__in=waiting.values("pk")).order_by("compared_at")
    compared = differing = 0
    for link in links.select_related("context__deployment__platform")[:MOST_LINKS]:
        if RESULT in link.scopes:
            try:
                differing += compare(link, now)
                compared += 1
            except PlatformFailure as failure:
                logger.warning("The gradebook of %s could not be read: %s", link, failure)
        # One that cannot be read is asked again a day later, like the others.
        ResourceLink.objects.filter(pk=link.pk).update(compared_at=now)
    return compared, differing


def compare(link: ResourceLink, now: datetime) -> int:
    """Note what the gradebook shows beside what was sent; return how many grades differ. Raises PlatformFailure."""
    shown = shares_shown(link, now)
    latest = list(
        Grade.objects.filter(link=link, state=GradeState.SENT, is_final=True)
        .latest_versions()
        .select_related("person")
    )
    for grade in latest:
        share = shown.get(grade.person.subject)
        grade.found = None if share is None else share * grade.maximum
        grade.differs = share is None or not is_same(share, grade)
    Grade.objects.bulk_update(latest, ["found", "differs"])
    return sum(grade.differs for grade in latest)
