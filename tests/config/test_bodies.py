"""Reading bodies: within limits of size and time, whole or refused; chunks as granian gives them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from pytest_django import Settings

from config import bodies
from config.application import environ_of
from config.bodies import AT_ONCE, Announced, Body, Reader, Refused, announced_by
from config.limits import body_limit

LIMIT = 100
Result = TypeVar("Result")


class Source:
    """What granian gives: the parts one by one, or whole; one that hangs never comes to its end."""

    def __init__(self, *parts: bytes, hangs: bool = False) -> None:
        self.parts, self.hangs = parts, hangs

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part
        if self.hangs:
            await asyncio.Event().wait()

    async def __call__(self) -> bytes:
        return b"".join([part async for part in self])


def chunks(*parts: bytes) -> Source:
    return Source(*parts)


def hanging(*parts: bytes) -> Source:
    return Source(*parts, hangs=True)


def done(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a thread of its own: a browser of another test may keep this one's loop running."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def read(announced: Announced, source: Source) -> tuple[bytes | None, int, bool]:
    """Return what was read, how long the body is and whether that is all of it."""
    body = done(Reader().read(announced, source))
    content = body.content.read() if body.content else None
    body.close()
    return content, body.length, body.is_complete


def test_a_body_of_known_length_is_read_to_it() -> None:
    length = AT_ONCE + 6
    parts = (b"a" * AT_ONCE, b"abcdef", b"more")
    assert read(Announced(length, length), chunks(*parts)) == (b"a" * AT_ONCE + b"abcdef", length, True)


def test_a_short_body_is_taken_whole() -> None:
    assert read(Announced(6, LIMIT), chunks(b"abc", b"def")) == (b"abcdef", 6, True)


def test_chunks_are_read_to_their_end_and_counted() -> None:
    assert read(Announced(None, LIMIT), chunks(b"abc", b"def", b"")) == (b"abcdef", 6, True)


def test_nothing_announced_is_not_waited_for() -> None:
    assert read(Announced(0, LIMIT), hanging()) == (None, 0, True)


def test_what_is_announced_as_too_long_is_not_read() -> None:
    assert read(Announced(LIMIT + 1, LIMIT), hanging()) == (None, LIMIT + 1, False)


def test_chunks_are_read_no_further_than_the_limit() -> None:
    assert read(Announced(None, LIMIT), hanging(b"a" * LIMIT, b"b"))[1:] == (LIMIT + 1, False)


@pytest.mark.parametrize(
    ("announced", "parts"),
    [
        (Announced(6, LIMIT), (b"abc", b"")),
        (Announced(6, LIMIT), (b"abc", b"", b"")),
        (Announced(None, LIMIT), (b"abc", b"", b"")),
        (Announced(None, LIMIT), (b"abc",)),
    ],
)
def test_a_body_that_breaks_off_is_never_taken_for_a_whole_one(
    announced: Announced, parts: tuple[bytes, ...]
) -> None:
    with pytest.raises(Refused) as refused:
        read(announced, chunks(*parts))
    assert refused.value.code == "body_incomplete"


def test_a_body_that_does_not_come_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SECONDS_FOR_BODY", 0)
    with pytest.raises(Refused) as refused:
        read(Announced(6, LIMIT), hanging(b"abc"))
    assert (refused.value.status, refused.value.code) == (408, "body_too_slow")


def test_a_body_that_is_fast_enough_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """With these limits each of its bytes buys an hour."""
    monkeypatch.setattr(bodies, "SECONDS_FOR_BODY", 0.001)
    monkeypatch.setattr(bodies, "SLOWEST_BYTES_PER_SECOND", 1 / 3600)

    class Slow(Source):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for part in self.parts:
                yield part
                await asyncio.sleep(0.05)

    assert read(Announced(None, LIMIT), Slow(b"abc", b"def", b""))[0] == b"abcdef"


def test_forms_with_files_are_taken_in_a_few_at_a_time(settings: Settings) -> None:
    form = Announced(None, settings.MAX_FORM_BYTES)

    async def one_too_many() -> None:
        reader = Reader()
        waiting = [asyncio.create_task(reader.read(form, hanging())) for _ in range(bodies.FORMS_AT_ONCE)]
        await asyncio.sleep(0)
        with pytest.raises(Refused) as refused:
            await reader.read(form, hanging())
        assert refused.value.status == 503
        (await reader.read(Announced(2, LIMIT), chunks(b"{}"))).close()
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        (await reader.read(form, chunks(b"abc", b""))).close()

    done(one_too_many())


def test_limits_are_those_of_the_address_and_the_kind(settings: Settings) -> None:
    assert body_limit("/api/v1/attempts/", "application/json") == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert body_limit("/api/v1/grade/", "application/json") == settings.LARGER_BODIES["/api/v1/grade/"]
    assert body_limit("/admin/", "multipart/form-data; boundary=a") == settings.MAX_FORM_BYTES


@dataclass
class Headers:
    """As granian gives them: names in lower case, several of one name possible."""

    lines: list[tuple[str, str]]

    def __contains__(self, name: str) -> bool:
        return any(name == known for known, _ in self.lines)

    def get(self, name: str, default: Any = None) -> Any:
        return dict(self.lines).get(name, default)

    def items(self) -> list[tuple[str, str]]:
        return self.lines


@pytest.fixture
def scope() -> Callable[..., Any]:
    def make(*lines: tuple[str, str], **changes: str) -> Any:
        facts = {
            "method": "POST",
            "path": "/api/v1/grade/",
            "query_string": "a=1",
            "http_version": "1.1",
            "scheme": "http",
            "server": "127.0.0.1:8000",
            "client": "[::1]:40000",
        }
        return SimpleNamespace(headers=Headers(list(lines)), **facts | changes)

    return make


def test_chunks_win_over_an_announced_length(scope: Callable[..., Any]) -> None:
    assert announced_by(scope(("content-length", "7"))).length == 7
    assert announced_by(scope(("content-length", "7"), ("transfer-encoding", "chunked"))).length is None
    assert announced_by(scope()).length == 0


def test_django_gets_the_request_as_wsgi_describes_it(scope: Callable[..., Any]) -> None:
    lines = [
        ("content-type", "application/json"),
        ("content-length", "7"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("x-forwarded-for", "10.0.0.1"),
        ("x_forwarded_for", "6.6.6.6"),
        ("x-forwarded-for", "10.0.0.2"),
    ]
    environ = environ_of(scope(*lines, path="/é"), Body(None, 7, is_complete=True))
    assert environ["CONTENT_TYPE"] == "application/json"
    assert environ["CONTENT_LENGTH"] == "7"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_FORWARDED_FOR"] == "10.0.0.1,10.0.0.2"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/é"
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == (
        "::1",
        "127.0.0.1",
        "8000",
    )
