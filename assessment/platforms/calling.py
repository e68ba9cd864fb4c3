"""Requests to platforms: bounded in time and size, following nothing, and never into our own network.

An address comes from somebody else's document. So a host is resolved here, every address of it is looked at, and the
connection goes to one of these, whatever the name says a moment later.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import isfinite
from time import monotonic
from typing import Any, Final

import httpcore
import httpx
from django.conf import settings
from django.utils import timezone

from content.documents.storable import is_storable, texts_in

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
WHOLE_SECONDS: Final = 30.0
"""However often a little of the reply comes."""
MOST_BYTES: Final = 4_000_000
"""A page of a roster with a few thousand members."""
LONGEST_WAIT: Final = 24 * 3600.0
USER_AGENT: Final = "Assay"
_TRANSLATED: Final = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "2002::/16", "2001::/32")))
"""NAT64, 6to4 and Teredo: what stands in such an address is another one, which may be anywhere."""


class PlatformFailure(Exception):
    """A platform did not do what it was asked; the text may be shown to whoever runs the installation.

    ``status`` is that of its reply, or None where there was none; ``wait`` what it asked us to wait, in seconds.
    """

    def __init__(self, message: str, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.wait = wait

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed later."""
        return self.status is None or self.status in (408, 429) or self.status >= 500


class ForbiddenAddress(PlatformFailure):
    """The address leads where no platform is."""

    @property
    def is_passing(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with a status of 2xx; ``document`` is its JSON, or None where it has none."""

    status: int
    headers: httpx.Headers
    document: Any
    links: Mapping[str, str]


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    document: Any = None,
    form: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request and return the reply. Raises PlatformFailure for everything but a 2xx that can be read."""
    check_address(url)
    body = json.dumps(document).encode() if document is not None else None
    try:
        with (
            httpx.Client(
                transport=_transport(),
                timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
                follow_redirects=False,
                trust_env=False,
            ) as client,
            client.stream(
                method, url, headers={"User-Agent": USER_AGENT, **(headers or {})}, content=body, data=form
            ) as reply,
        ):
            return _answer(reply, _read(reply))
    except httpx.HTTPError as error:
        raise PlatformFailure(f"{_host(url)} cannot be reached: {type(error).__name__}.") from error
    except httpx.InvalidURL as error:
        raise ForbiddenAddress("The address is none.") from error
    except UnicodeError as error:
        raise PlatformFailure(f"A token for {_host(url)} has characters that no header has.", 502) from error


def check_address(url: str) -> None:
    """Refuse what is no address of a platform. Raises ForbiddenAddress."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise ForbiddenAddress("The address is none.") from error
    allowed = ("https", "http") if settings.PRIVATE_PLATFORMS else ("https",)
    if parsed.scheme not in allowed or not parsed.host or parsed.userinfo:
        raise ForbiddenAddress(f"An address of a platform begins with {allowed[0]}:// and a host.")


def _answer(reply: httpx.Response, body: bytes) -> Answer:
    status = reply.status_code
    if not 200 <= status < 300:
        raise PlatformFailure(
            f"{reply.url.host} answered {status}{_said(body)}",
            status,
            _wait(reply.headers.get("Retry-After")),
        )
    return Answer(status, reply.headers, _document(reply, body), _links(reply))


def _read(reply: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in reply.iter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            raise PlatformFailure(f"{reply.url.host} answered with more than {MOST_BYTES:,} bytes.", 502)
        parts.append(part)
    return b"".join(parts)


def _document(reply: httpx.Response, body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        kind = reply.headers.get("Content-Type", "")
        if "json" in kind or "html" in kind:
            # A page in place of an answer is one of somebody between us.
            raise PlatformFailure(f"{reply.url.host} answered with no JSON.", 502) from None
        return None
    if not all(map(is_storable, texts_in(document))):
        raise PlatformFailure(f"{reply.url.host} answered with a character that cannot be stored.", 502)
    return document


def _links(reply: httpx.Response) -> dict[str, str]:
    """Return the addresses of the Link header by their relation. Addresses are case-sensitive."""
    return {name: link["url"] for name, link in reply.links.items() if name and "url" in link}


def _said(body: bytes) -> str:
    """A word of what it said, for the desk."""
    words = " ".join(body[:300].decode("utf-8", "replace").split())
    text = "".join(filter(str.isprintable, words))
    return f": {text}" if text and not text.startswith("<") else "."


def _wait(header: str | None) -> float | None:
    """Read Retry-After: seconds, or a date."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header) - timezone.now()).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(max(0.0, seconds), LONGEST_WAIT) if isfinite(seconds) else None


def _host(url: str) -> str:
    return httpx.URL(url).host


class _GuardedNetwork(httpcore.SyncBackend):
    """Connects to addresses that were looked at, for a while."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = _looked_up(host, port)
        connected = super().connect_tcp(address, port, timeout, local_address, socket_options)
        return _TimedStream(connected, monotonic() + WHOLE_SECONDS)


class _TimedStream(httpcore.NetworkStream):
    """A connection that is over at a moment of the clock: time-outs of httpx are for each piece alone."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _TimedStream(secured, self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._ends - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The reply takes too long.")
        return left if timeout is None else min(left, timeout)


def _looked_up(host: str, port: int) -> str:
    """Return an address of a host, if all of them are public. Raises ForbiddenAddress, or httpcore.ConnectError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} is not found") from error
    addresses = [str(one[4][0]) for one in found]
    if not settings.PRIVATE_PLATFORMS and not all(_is_public(one) for one in addresses):
        raise ForbiddenAddress(f"{host} is in a network that no platform is in.")
    return addresses[0]


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 6:
        if any(found in network for network in _TRANSLATED):
            return False
        found = found.ipv4_mapped or found
    return found.is_global and not found.is_multicast


def _transport() -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(retries=0)
    # The one place where httpx lets a name be looked up by somebody else.
    transport._pool._network_backend = _GuardedNetwork()
    return transport
