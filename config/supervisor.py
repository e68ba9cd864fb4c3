"""The parent of every process of an installation: starts them, starts again what ended, ends with all of them.

A child is a fork of the parent, loaded and ready. It holds the reading end of a pipe whose writing end only the
parent has: however the parent ends, the pipe closes, and the children leave.
"""

import logging
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Final, NoReturn

from config.processes import Register

SECONDS_TO_FINISH: Final = 10.0
"""How long requests under way may take to end when everything stops."""
SECONDS_WITHOUT_PARENT: Final = 3.0
"""How long they may when the parent was killed: whoever starts again wants the port."""
SETTLED_SECONDS: Final = 5.0
"""Who lived this long and ends is started again at once."""
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0
"""Between two starts of a child that ends at once: twice as long each time, up to this."""

Work = Callable[[], None]

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Child:
    """One process to keep: what it does, its number while it lives, when to start it next while it does not."""

    name: str
    work: Work
    process: int = 0
    started: float = 0.0
    due: float = 0.0
    pause: float = 0.0

    def ended(self, now: float) -> None:
        """Plan its next start: at once, or later each time when it does not last."""
        lasted = now - self.started >= SETTLED_SECONDS
        self.process = 0
        self.due = now + (0.0 if lasted else self.pause)
        self.pause = FIRST_PAUSE if lasted else min(max(2 * self.pause, FIRST_PAUSE), LONGEST_PAUSE)


class Supervisor:
    """Keeps one process for each of ``works``, by name, until it is told to stop; each ends with ``farewell``."""

    def __init__(self, works: Mapping[str, Work], register: Register, farewell: Work) -> None:
        self._children = [Child(name, work) for name, work in works.items()]
        self._register = register
        self._farewell = farewell
        self._leaving = threading.Lock()
        self._stopping = False
        self._parent_lives, self._held_by_parent = os.pipe()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)

    def run(self) -> None:
        """Keep the children until SIGINT or SIGTERM, then end them; what they are at may be finished first."""
        for order in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(order, self._hear)
        signal.set_wakeup_fd(self._waker)
        while not self._stopping:
            self._start_due()
            if select.select([self._woken], [], [], self._seconds_to_next_start())[0]:
                os.read(self._woken, 1024)
            self._bury()
        self._end_all()

    def _hear(self, order: int, _frame: FrameType | None) -> None:
        self._stopping = self._stopping or order != signal.SIGCHLD

    def _start_due(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if not child.process and child.due <= now:
                child.started = now
                child.process = os.fork() or self._be(child)

    def _seconds_to_next_start(self) -> float | None:
        waiting = [child.due for child in self._children if not child.process]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _bury(self) -> None:
        """Take note of every child that ended."""
        while process := _ended_child():
            child = next((child for child in self._children if child.process == process), None)
            if child is None:
                continue
            child.ended(time.monotonic())
            if not self._stopping:
                logger.error("The process %s (%d) ended and is started again.", child.name, process)

    def _end_all(self) -> None:
        """Tell the children to stop, and kill those that do not."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_FINISH + 1
        while any(child.process for child in self._children):
            if time.monotonic() > deadline:
                self._signal(signal.SIGKILL)
            select.select([self._woken], [], [], 0.1)
            self._bury()

    def _signal(self, order: signal.Signals) -> None:
        for child in self._children:
            if child.process:
                os.kill(child.process, order)

    def _be(self, child: Child) -> NoReturn:
        """Do the child's work in this process, which was just forked, and end it."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            # Ctrl-C reaches every process of the terminal, but the parent gives the order.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, lambda *_: sys.exit())
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (self._held_by_parent, self._woken, self._waker):
                os.close(end)
            threading.Thread(target=self._leave_with_parent, daemon=True).start()
            self._register.enter_as_child()
            child.work()
            status = 0
        except Exception:
            logger.exception("The process %s failed.", child.name)
        finally:
            self._exit(status)

    def _leave_with_parent(self) -> None:
        """Wait until the parent is gone, then stop as it would order it, and soon in any case."""
        os.read(self._parent_lives, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_WITHOUT_PARENT)
        self._exit(1)

    def _exit(self, status: int) -> NoReturn:
        """End this child. Of its two threads the first says farewell, and the second waits a while."""
        try:
            if self._leaving.acquire(timeout=SECONDS_TO_FINISH):
                self._farewell()
        except Exception:
            logger.exception("A process could not take its leave.")
        finally:
            os._exit(status)


def _ended_child() -> int:
    """Return the number of a child that ended, or 0."""
    try:
        return os.waitpid(-1, os.WNOHANG)[0]
    except ChildProcessError:
        return 0
