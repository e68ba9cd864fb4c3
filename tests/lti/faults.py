"""What goes wrong between a tool and a platform, one fault for one request."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from tests.lti.serving import HTML, JSON, Exchange, Reply

Work = Callable[[], Reply]
"""What the platform does for a request, and its reply."""

TOO_LARGE: Final = 5_000_000
PIECE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Fault:
    """``act`` returns the reply to be sent, or None where it has sent something itself, or where nothing is sent."""

    name: str
    act: Callable[[Exchange, Work], Reply | None]


class Faults:
    """The faults that wait for requests, by endpoint; ``happened[endpoint, name]`` counts those that came."""

    def __init__(self, endpoints: Iterable[str]) -> None:
        self._waiting: dict[str, deque[Fault]] = {endpoint: deque() for endpoint in endpoints}
        self._lock = Lock()
        self.happened: Counter[tuple[str, str]] = Counter()

    def add(self, endpoint: str, fault: Fault, times: int = 1) -> None:
        """Let the next requests to an endpoint that have no fault yet meet this one."""
        self._waiting[endpoint].extend([fault] * times)

    def left(self, endpoint: str) -> int:
        return len(self._waiting[endpoint])

    def clear(self) -> None:
        for waiting in self._waiting.values():
            waiting.clear()

    def take(self, endpoint: str) -> Fault | None:
        """Return the fault that the next request meets, and count it."""
        with self._lock:
            waiting = self._waiting.get(endpoint)
            if not waiting:
                return None
            fault = waiting.popleft()
            self.happened[endpoint, fault.name] += 1
            return fault


def status(code: int, body: Any = None, *, retry_after: float | str | None = None) -> Fault:
    """Answer with a status, and do nothing. ``body`` is a text or a document of JSON."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    text, media_type = (body, "text/plain") if isinstance(body, str) else (json.dumps(body), JSON)
    reply = Reply(code, b"" if body is None else text.encode(), media_type, headers)
    return Fault(f"status {code}", lambda exchange, work: reply)


def redirect(to: str, code: int = 302) -> Fault:
    """Point somewhere else, and do nothing."""
    reply = Reply(code, headers={"Location": to})
    return Fault("redirect", lambda exchange, work: reply)


def garbage(kind: str = "html") -> Fault:
    """Answer 200 with a page ("html") or with JSON that breaks off ("json"), and do nothing."""
    pages = {
        "html": Reply(200, b"<!doctype html><title>Sign in</title>", HTML),
        "json": Reply(200, b'{"id": [1, '),
    }
    reply = pages[kind]
    return Fault("garbage", lambda exchange, work: reply)


def hang(seconds: float) -> Fault:
    """Say nothing for a while, then do the work and answer; when the server closes, neither."""
    return Fault("hang", lambda exchange, work: work() if exchange.rest(seconds) else None)


def hang_after(seconds: float) -> Fault:
    """Do the work, and keep the answer back for a while."""

    def act(exchange: Exchange, work: Work) -> Reply | None:
        reply = work()
        return reply if exchange.rest(seconds) else None

    return Fault("hang_after", act)


def drop() -> Fault:
    """Cut the connection, and do nothing."""
    return Fault("drop", lambda exchange, work: None)


def drop_after() -> Fault:
    """Do the work, and cut the connection without an answer."""

    def act(exchange: Exchange, work: Work) -> None:
        work()

    return Fault("drop_after", act)


def too_large(size: int = TOO_LARGE) -> Fault:
    """Answer with more JSON than anybody should read, and do nothing."""

    def act(exchange: Exchange, work: Work) -> None:
        exchange.begin(Reply())
        exchange.wfile.write(b'{"padding": "')
        for _ in range(0, size, PIECE):
            exchange.wfile.write(b"x" * PIECE)
        exchange.wfile.write(b'"}')

    return Fault("too_large", act)


def slow_drip(every: float = 0.05) -> Fault:
    """Answer with a byte now and then, until the client or the server has enough; do nothing."""

    def act(exchange: Exchange, work: Work) -> None:
        exchange.begin(Reply(), size=TOO_LARGE)
        while exchange.rest(every):
            exchange.wfile.write(b" ")

    return Fault("slow_drip", act)
