"""Between granian and Django: a request gets a thread only when all of it has arrived.

A slow client holds a coroutine and not a thread. Answers are handed over whole, so that a slow reader holds neither.
"""

import asyncio
import io
import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian.rsgi import Scope

from config.bodies import Body, Reader, Refused, announced_by

THREADS: Final = 2

Environ = dict[str, Any]
Handler = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
CLOSING: Final = ("connection", "close")


class Application:
    """Django's WSGI handler as an RSGI application, which granian calls once for each request."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._reader = Reader()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        try:
            body = await self._reader.read(announced_by(scope), protocol)
        except Refused as refusal:
            _refuse(protocol, refusal)
        else:
            await asyncio.get_running_loop().run_in_executor(
                self._threads, self._answer, scope, protocol, body
            )

    def _answer(self, scope: Scope, protocol: HTTPProtocol, body: Body) -> None:
        """Call Django in this thread, and hand over its answer."""
        status, headers = 0, list[tuple[str, str]]()

        def start_response(line: str, given: list[tuple[str, str]], _error: Any = None) -> None:
            nonlocal status, headers
            status, headers = int(line.partition(" ")[0]), given

        try:
            result = self._handler(environ_of(scope, body), start_response)
            try:
                content = b"".join(result)
                protocol.response_bytes(status, headers if body.is_complete else [*headers, CLOSING], content)
            finally:
                if close := getattr(result, "close", None):
                    close()
        finally:
            body.close()


def environ_of(scope: Scope, body: Body) -> Environ:
    """Return the request as WSGI describes it."""
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(body.length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body.content or io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        _add_header(environ, name, value)
    return environ


def _add_header(environ: Environ, name: str, value: str) -> None:
    """Add a header under its WSGI name, unless another spelling could pass for one that a proxy sets."""
    if name == "content-length" or "_" in name:
        return
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    if key in environ:
        value = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}"
    environ[key] = value


def _refuse(protocol: HTTPProtocol, refusal: Refused) -> None:
    """Answer in the shape of every error of the API, and close: more of the body may be on its way."""
    kind = "server_error" if refusal.status >= 500 else "client_error"
    error = {"code": refusal.code, "detail": refusal.detail, "attr": None}
    headers = [("content-type", "application/json"), CLOSING]
    content = json.dumps({"type": kind, "errors": [error]}).encode()
    protocol.response_bytes(refusal.status.value, headers, content)
