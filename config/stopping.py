"""``make stop``: end what is left of this installation: its processes, then its embedded database.

Whose they are is read from the kernel's locks on a file under ``var/``, never from a name or an old number.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from django.conf import settings

from config.embedded.__main__ import stop_unused
from config.processes import Register
from config.supervisor import SECONDS_TO_FINISH, SECONDS_WITHOUT_PARENT

LOOK_SECONDS: Final = 0.05


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    stop_processes(Register.open(settings.VAR))
    return stop_unused()


def stop_processes(register: Register) -> None:
    """End the parents, who end their children, and then the children of parents that were killed."""
    ended = _end(register.parents, SECONDS_TO_FINISH + 2) | _end(register.children, SECONDS_WITHOUT_PARENT)
    for process in sorted(ended):
        print(f"Stopped process {process}.")


def _end(living: Callable[[], set[int]], seconds: float) -> set[int]:
    """Order the processes to stop, wait, and kill those that did not; return them all."""
    found = living()
    _signal(found, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while remaining := living() & found:
        if time.monotonic() > deadline:
            _signal(remaining, signal.SIGKILL)
        time.sleep(LOOK_SECONDS)
    return found


def _signal(processes: set[int], order: signal.Signals) -> None:
    for process in processes:
        # It may just have ended by itself.
        with suppress(ProcessLookupError):
            os.kill(process, order)


if __name__ == "__main__":
    sys.exit(main())
