"""Reading a request's body as it arrives, within limits of size and time, before it is given a thread."""

import asyncio
import io
from collections.abc import AsyncIterable
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from typing import Protocol as TypingProtocol

from granian.rsgi import Scope

from config.limits import body_limit, largest_in_memory

SECONDS_FOR_BODY: Final = 20.0
"""A body may take this long at any speed."""
SLOWEST_BYTES_PER_SECOND: Final = 500
"""A body that takes longer goes on as long as it is this fast on the whole."""
AT_ONCE: Final = 16 * 1024
"""An answer is shorter."""
IN_MEMORY: Final = 512 * 1024
"""Longer bodies wait in a temporary file."""
FORMS_AT_ONCE: Final = 8
"""Forms that may carry files, taken in by one process at a time: they fill a disk."""


class Refused(Exception):
    """Why a request is answered before Django sees it."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class Protocol(AsyncIterable[bytes], TypingProtocol):
    """What granian gives to read a body from: chunk by chunk, or whole."""

    async def __call__(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Announced:
    """What the headers say of a body: ``length`` is None for chunks; of more than ``limit`` bytes no more is read."""

    length: int | None
    limit: int

    @property
    def is_form(self) -> bool:
        """Whether the body may be longer than any that is no form."""
        return (self.limit if self.length is None else self.length) > largest_in_memory()


@dataclass(frozen=True, slots=True)
class Body:
    """What arrived of a body and how long it is; one that is too long was not read to its end."""

    content: IO[bytes] | None
    length: int
    is_complete: bool

    def close(self) -> None:
        if self.content:
            self.content.close()


def announced_by(scope: Scope) -> Announced:
    """Return what the headers promise; neither a length nor chunks means no body."""
    headers = scope.headers
    limit = body_limit(scope.path, headers.get("content-type", ""))
    if "transfer-encoding" in headers:
        return Announced(None, limit)
    return Announced(int(headers.get("content-length", "0")), limit)


class Reader:
    """Reads the bodies of one process's requests."""

    def __init__(self) -> None:
        self._forms = 0

    async def read(self, announced: Announced, chunks: Protocol) -> Body:
        """Return the body, read unless it is empty or announces itself as too long. Raises Refused."""
        if announced.length == 0:
            return Body(None, 0, is_complete=True)
        if announced.length is not None and announced.length > announced.limit:
            return Body(None, announced.length, is_complete=False)
        if announced.length is not None and announced.length <= AT_ONCE:
            return await _read_at_once(announced.length, chunks)
        if not announced.is_form:
            return await _read(announced, chunks)
        if self._forms >= FORMS_AT_ONCE:
            raise Refused(
                HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Many files are arriving. Try again in a minute."
            )
        self._forms += 1
        try:
            return await _read(announced, chunks)
        finally:
            self._forms -= 1


async def _read_at_once(length: int, protocol: Protocol) -> Body:
    """Return a short body of a known length: granian hands it over whole, which saves a wait for each chunk."""
    try:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            content = await protocol()
    except TimeoutError as error:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, "body_too_slow", "The body took too long.") from error
    if len(content) != length:
        raise Refused(HTTPStatus.BAD_REQUEST, "body_incomplete", "The body broke off.")
    return Body(io.BytesIO(content), length, is_complete=True)


async def _read(announced: Announced, chunks: AsyncIterable[bytes]) -> Body:
    content = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever gets the body closes it
    try:
        length = await _receive(announced, chunks, content)
    except TimeoutError as error:
        content.close()
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, "body_too_slow", "The body took too long.") from error
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return Body(content, length, is_complete=length <= announced.limit)


async def _receive(announced: Announced, chunks: AsyncIterable[bytes], content: IO[bytes]) -> int:
    """Write what arrives and return its length. Raises TimeoutError, or Refused when it breaks off.

    An empty chunk stands for the end, and two for a connection that broke: granian tells it in no other way.
    """
    began = asyncio.get_running_loop().time()
    length = ends = 0
    async with asyncio.timeout_at(began + SECONDS_FOR_BODY) as patience:
        async for chunk in chunks:
            content.write(chunk)
            length += len(chunk)
            ends += not chunk
            if length == announced.length or length > announced.limit:
                return length
            if ends > 1:
                break
            patience.reschedule(began + max(SECONDS_FOR_BODY, length / SLOWEST_BYTES_PER_SECOND))
    if announced.length is None and ends == 1:
        return length
    raise Refused(HTTPStatus.BAD_REQUEST, "body_incomplete", "The body broke off.")
