"""Two requests at the same moment, for tests that hold whichever comes first."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, Final

from django.db import connection

from assessment.errors import DeliveryError

PAIRS: Final = int(os.environ.get("ASSAY_RACES", "20"))
"""How many pairs each race runs."""
STAGGER: Final = 0.006
"""Seconds, at most, by which one of a pair begins later: about as long as a request takes."""

Call = Callable[[], Any]


@contextmanager
def pairs() -> Iterator[Callable[[Call, Call], list[Any]]]:
    """Give a function that makes two calls at once and returns what each returned, or refused.

    Each has a thread and a connection of its own, which are kept from pair to pair and closed at the end.
    """
    barrier = Barrier(2)
    dice = random.Random(1)

    def run(call: Call, delay: float) -> Any:
        barrier.wait()
        time.sleep(delay)
        try:
            return call()
        except DeliveryError as refusal:
            return refusal

    with ThreadPoolExecutor(2) as pool:

        def at_once(one: Call, other: Call) -> list[Any]:
            late = dice.uniform(-STAGGER, STAGGER)
            running = [pool.submit(run, one, max(0.0, late)), pool.submit(run, other, max(0.0, -late))]
            return [each.result() for each in running]

        try:
            yield at_once
        finally:
            at_once(lambda: connection.close(), lambda: connection.close())
