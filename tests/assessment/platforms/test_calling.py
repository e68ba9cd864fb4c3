"""Requests to platforms go where they should, in bounds."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest
from pytest_django import Settings

from assessment.platforms.calling import ForbiddenAddress, PlatformFailure, call
from tests.lti import faults
from tests.lti.platform import FakeLms


@pytest.fixture
def lms(settings: Settings) -> Any:
    settings.PRIVATE_PLATFORMS = True
    with FakeLms() as running:
        yield running


@pytest.mark.parametrize(
    "url",
    [
        "http://school.example/",
        "https://user:word@school.example/",
        "ftp://school.example/",
        "https:///jwks",
        "school.example",
        "",
        "https://[::1]/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://100.64.0.1/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[2002:a00:1::]/",
        "https://224.0.0.1/",
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f000001/",
    ],
)
def test_an_address_of_our_own_network_or_without_tls_is_never_asked(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        call("GET", url)


def test_a_name_that_leads_into_our_network_is_refused_where_it_is_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One of its addresses is public, the other is not; whoever asks twice gets either."""
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    connected: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda address, *_, **__: connected.append(address))
    with pytest.raises(ForbiddenAddress):
        call("GET", "https://school.example/")
    assert connected == []


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    connected: list[Any] = []

    def connect(address: Any, *_: Any, **__: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(PlatformFailure):
        call("GET", "https://school.example/")
    assert connected == [("93.184.216.34", 443)]


def test_no_redirect_is_followed(lms: FakeLms) -> None:
    lms.faults.add("jwks", faults.redirect(lms.configuration_url))
    with pytest.raises(PlatformFailure) as refused:
        call("GET", lms.jwks_url)
    assert refused.value.status == 302
    assert lms.calls["configuration"] == 0


@pytest.mark.parametrize(
    ("fault", "status", "is_passing"),
    [
        (faults.status(500), 500, True),
        (faults.status(429, retry_after=7), 429, True),
        (faults.status(404), 404, False),
        (faults.too_large(), 502, True),
        (faults.garbage("json"), 502, True),
        (faults.garbage("html"), 502, True),
        (faults.drop(), None, True),
    ],
    ids=["500", "429", "404", "too large", "no JSON", "a page", "cut"],
)
def test_what_is_no_answer_says_whether_it_may_pass(
    lms: FakeLms, fault: faults.Fault, status: int | None, is_passing: bool
) -> None:
    lms.faults.add("jwks", fault)
    with pytest.raises(PlatformFailure) as failed:
        call("GET", lms.jwks_url)
    assert (failed.value.status, failed.value.is_passing) == (status, is_passing)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("-5", 0.0), ("1e99", 86_400.0), ("nan", None), ("soon", None), ("", None)],
)
def test_how_long_to_wait_is_read_with_care(lms: FakeLms, header: str, seconds: float | None) -> None:
    lms.faults.add("jwks", faults.status(429, retry_after=header))
    with pytest.raises(PlatformFailure) as failed:
        call("GET", lms.jwks_url)
    assert failed.value.wait == seconds


def test_a_platform_that_hangs_is_left_after_a_while(lms: FakeLms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.platforms.calling.READ_SECONDS", 0.2)
    lms.faults.add("jwks", faults.hang(30))
    with pytest.raises(PlatformFailure, match="Timeout"):
        call("GET", lms.jwks_url)


def test_a_platform_that_says_a_word_now_and_then_is_left_after_a_while(
    lms: FakeLms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessment.platforms.calling.WHOLE_SECONDS", 1.0)
    lms.faults.add("jwks", faults.slow_drip())
    with pytest.raises(PlatformFailure, match="Timeout"):
        call("GET", lms.jwks_url)


@pytest.mark.parametrize("document", [{"a": "b\0"}, {"a\0": 1}, [["\ud800"]]], ids=["text", "key", "half"])
def test_what_no_database_keeps_is_no_answer(lms: FakeLms, document: Any) -> None:
    lms.faults.add("jwks", faults.status(200, document))
    with pytest.raises(PlatformFailure, match="cannot be stored"):
        call("GET", lms.jwks_url)


def test_what_a_refusal_says_can_be_kept(lms: FakeLms) -> None:
    lms.faults.add("jwks", faults.status(400, "no\0such\x1bkey"))
    with pytest.raises(PlatformFailure, match=r"answered 400: nosuchkey$"):
        call("GET", lms.jwks_url)


def test_a_token_that_no_header_can_have_is_a_failure_of_its_platform(lms: FakeLms) -> None:
    with pytest.raises(PlatformFailure):
        call("GET", lms.jwks_url, headers={"Authorization": "Bearer ü"})


def test_nothing_of_ours_is_sent_along(lms: FakeLms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", "/nowhere")
    assert isinstance(call("GET", lms.jwks_url).document, dict)
    assert isinstance(call("GET", lms.jwks_url).headers, httpx.Headers)
