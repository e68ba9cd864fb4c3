"""What is done about platforms now and then: what nobody needs any more, and rosters that may have changed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from assessment.models import Launch, PlatformContext, RefusedLaunch, UsedNonce
from assessment.models.platforms import PlatformState
from assessment.platforms.calling import PlatformFailure
from assessment.platforms.roster import read_roster

ROSTER_AGE: Final = timedelta(days=1)
MOST_ROSTERS: Final = 20
"""In one turn: the next turn goes on."""
REFUSED_AGE: Final = timedelta(days=30)

logger = logging.getLogger(__name__)


def delete_old_launches(*, now: datetime) -> int:
    """Delete launches that are over, nonces that no message can bring again, and refusals that nobody asks about."""
    over = Launch.objects.filter(
        Q(token_made_at__lt=now - Launch.TOKEN_AGE)
        | Q(token_made_at=None, created_at__lt=now - Launch.CODE_AGE)
    )
    count, _ = over.delete()
    UsedNonce.objects.filter(expires_at__lt=now).delete()
    RefusedLaunch.objects.filter(created_at__lt=now - REFUSED_AGE).delete()
    return count


def read_rosters(now: datetime) -> int:
    """Read the rosters that were not read for a day, and return how many there were. One that fails waits a day."""
    old = PlatformContext.objects.filter(
        Q(roster_read_at=None) | Q(roster_read_at__lt=now - ROSTER_AGE),
        deployment__platform__state=PlatformState.ACTIVE,
    ).exclude(memberships_url="")
    count = 0
    for context in old.select_related("course", "deployment__platform").order_by("roster_read_at")[
        :MOST_ROSTERS
    ]:
        try:
            read_roster(context, now)
        except PlatformFailure as failure:
            logger.warning("The roster of %s could not be read: %s", context, failure)
            PlatformContext.objects.filter(pk=context.pk).update(roster_read_at=now)
        else:
            count += 1
    return count
