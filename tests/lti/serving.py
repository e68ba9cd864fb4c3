"""A real HTTP server in threads of its own, which ends at once whatever its connections are doing."""

from __future__ import annotations

import json
import socket
import socketserver
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """What a client sent; ``target`` is the address letter by letter."""

    method: str
    target: str
    headers: Message
    body: bytes

    @cached_property
    def path(self) -> str:
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @cached_property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @cached_property
    def form(self) -> dict[str, str]:
        if self.media_type != FORM:
            raise Refused(400, f"expected a form, not {self.media_type!r}", code="invalid_request")
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @cached_property
    def document(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body, parse_constant=_no_number)
        except ValueError:
            raise Refused(400, "the body is no JSON") from None
        if not isinstance(found, dict):
            raise Refused(400, "the body is no object")
        return found

    @cached_property
    def bearer(self) -> str | None:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        return token if kind == "Bearer" and token else None


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    body: bytes = b""
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(
    document: Any, status: int = 200, *, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Reply:
    return Reply(status, json.dumps(document).encode(), media_type, headers or {})


class Refused(Exception):
    """A request that is answered by an error; ``code`` is a word of OAuth for it, where there is one."""

    def __init__(
        self, status: int, reason: str, *, code: str = "refused", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status}: {reason}")
        self.reply = json_reply({"error": code, "error_description": reason}, status, headers=headers)


class Exchange(BaseHTTPRequestHandler):
    """One request and what goes back for it, in one piece or byte by byte."""

    protocol_version = "HTTP/1.1"
    server: Server

    def exchange(self) -> None:
        self.close_connection = True
        size = int(self.headers.get("Content-Length") or 0)
        self.request_read = Request(self.command, self.path, self.headers, self.rfile.read(size))
        self.server.answer(self)

    # The names that the library calls.
    do_GET = do_POST = do_PUT = do_DELETE = exchange  # noqa: N815

    def send(self, reply: Reply) -> None:
        """Send a whole reply."""
        self.begin(reply, size=len(reply.body))
        self.wfile.write(reply.body)

    def begin(self, reply: Reply, *, size: int | None = None) -> None:
        """Send the head of a reply. One without a size ends where the connection does."""
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Connection", "close")
        if size is not None and reply.status != 204:
            self.send_header("Content-Length", str(size))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()

    def rest(self, seconds: float) -> bool:
        """Wait, unless the server is closed meanwhile; return whether it still runs."""
        return not self.server.closing.wait(seconds)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """Serves on a free port of 127.0.0.1 from its making to ``close``."""

    # They are waited for, so that no thread and no socket outlives a test.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, answer: Callable[[Exchange], None]) -> None:
        self.answer = answer
        self.closing = Event()
        self.troubles: list[BaseException] = []
        self._connections: set[Any] = set()
        super().__init__(("127.0.0.1", 0), Exchange)
        self._thread = Thread(target=self.serve_forever, args=(0.01,), name="platform")
        self._thread.start()

    def server_bind(self) -> None:
        # The usual one looks up the name of the host, which may take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Note what went wrong here. A client may go away at any time."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.troubles.append(error)

    def close(self) -> None:
        """End every connection, also those of browsers that opened one to be quicker and never used it."""
        self.closing.set()
        self.shutdown()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join()
