"""Reading, deciding and writing until nobody came between."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction

from assessment.models import Attempt

Done = TypeVar("Done")

ROUNDS: Final = 5
"""How often is read again without a lock before one is taken: nobody is refused for being one of many."""
JITTER: Final = 0.01
"""Seconds, times the round, at most; so that two who met do not meet again."""


def until_written(attempt_id: UUID, once: Callable[[], Done | None]) -> Done:
    """Return what ``once`` returns as soon as it has written; it returns None where the attempt moved meanwhile.

    After some rounds it is tried under a lock of the attempt, where nobody can come between.
    """
    for number in range(ROUNDS):
        if (done := once()) is not None:
            return done
        time.sleep(random.uniform(0, JITTER * (number + 1)))  # noqa: S311 - no secret
    with transaction.atomic():
        Attempt.objects.select_for_update(of=("self",)).only("pk").get(pk=attempt_id)
        if (done := once()) is not None:
            return done
    raise RuntimeError(f"the attempt {attempt_id} moves while it is locked")
