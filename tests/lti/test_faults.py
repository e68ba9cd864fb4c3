"""What goes wrong between tool and platform goes wrong as a test ordered it, and ends when the platform does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

import httpx
import pytest

from tests.lti import faults
from tests.lti.fake_tool import FakeTool
from tests.lti.platform import FakeLms

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG: Final = 60.0
"""What hangs for so long hangs until the platform is closed."""


def test_faults_come_in_their_order_and_then_no_more(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.faults.add("jwks", faults.status(429, retry_after=3))
    lms.faults.add("jwks", faults.status(500, {"error": "broken"}), times=2)
    lms.faults.add("token", faults.status(401))
    replies = [fake_tool.get("/jwks") for _ in range(4)]
    assert [reply.status_code for reply in replies] == [429, 500, 500, 200]
    assert replies[0].headers["Retry-After"] == "3"
    assert replies[1].json() == {"error": "broken"}
    assert lms.faults.happened == {("jwks", "status 429"): 1, ("jwks", "status 500"): 2}
    assert (lms.calls["jwks"], lms.answers["jwks", 500], lms.faults.left("token")) == (4, 2, 1)


def test_a_fault_at_an_unknown_endpoint_is_a_mistake(lms: FakeLms) -> None:
    with pytest.raises(KeyError):
        lms.faults.add("score", faults.drop())


def test_an_answer_is_lost_after_the_work_is_done(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.faults.add("scores", faults.drop_after())
    with pytest.raises(httpx.RemoteProtocolError):
        fake_tool.send_score(NOW)
    assert lms.grade(lms.link, lms.student.sub) == 80
    assert fake_tool.send_score(NOW).status_code == 409


def test_a_request_is_lost_before_the_work_is_done(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.faults.add("scores", faults.drop())
    with pytest.raises(httpx.RemoteProtocolError):
        fake_tool.send_score(NOW)
    assert not lms.log


def test_garbage_is_a_page_or_half_a_document(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.faults.add("jwks", faults.garbage())
    lms.faults.add("jwks", faults.garbage("json"))
    page, half = fake_tool.get("/jwks"), fake_tool.get("/jwks")
    assert (page.status_code, half.status_code) == (200, 200)
    assert page.text.startswith("<!doctype html>")
    with pytest.raises(ValueError, match="Expecting"):
        half.json()


def test_a_redirect_points_elsewhere(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.faults.add("token", faults.redirect("http://169.254.169.254/"))
    reply = fake_tool.ask_token()
    assert (reply.status_code, reply.headers["Location"]) == (302, "http://169.254.169.254/")


def test_too_much_is_more_than_four_megabytes(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.faults.add("memberships", faults.too_large())
    reply = fake_tool.get(lms.memberships_url(lms.course))
    assert len(reply.json()["padding"]) > 4 * 2**20


def test_a_client_may_have_enough_of_too_much(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.faults.add("memberships", faults.too_large())
    with fake_tool.stream("GET", lms.memberships_url(lms.course)) as reply:
        assert next(reply.iter_bytes())


def test_a_request_that_hangs_is_answered_in_the_end(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.faults.add("jwks", faults.hang(0.05))
    assert fake_tool.get("/jwks").json()["keys"]


def test_an_answer_may_hang_after_the_work_is_done(lms: FakeLms) -> None:
    lms.faults.add("scores", faults.hang_after(LONG))
    with FakeTool(lms, timeout=0.3) as impatient, pytest.raises(httpx.ReadTimeout):
        impatient.send_score(NOW)
    assert lms.grade(lms.link, lms.student.sub) == 80


@pytest.mark.parametrize("fault", [faults.hang(LONG), faults.slow_drip()], ids=lambda fault: fault.name)
def test_closing_ends_what_goes_on(fault: faults.Fault) -> None:
    before, ended = threading.active_count(), []

    def wait(lms: FakeLms) -> None:
        with FakeTool(lms, timeout=LONG) as tool:
            try:
                tool.get("/jwks")
            except httpx.HTTPError as error:
                ended.append(type(error))

    with FakeLms() as lms:
        lms.faults.add("jwks", fault)
        waiting = threading.Thread(target=wait, args=(lms,))
        waiting.start()
        while not lms.faults.happened:
            waiting.join(0.01)
    waiting.join()
    assert ended == [httpx.RemoteProtocolError]
    assert threading.active_count() == before


def test_closing_does_not_wait_for_a_connection_that_says_nothing() -> None:
    with FakeLms() as lms, FakeTool(lms) as tool:
        address = httpx.URL(lms.issuer)
        with socket.create_connection((address.host, address.port)):
            assert tool.get("/jwks").status_code == 200
            started = monotonic()
            lms.close()
            assert monotonic() - started < LONG / 2


def test_what_the_platform_does_wrong_is_no_fault_of_the_tool() -> None:
    def broken() -> Mapping[str, Any]:
        raise ZeroDivisionError

    lms = FakeLms(tool_jwks=broken)
    with FakeTool(lms) as tool, pytest.raises(httpx.RemoteProtocolError):
        tool.ask_token()
    with pytest.raises(AssertionError, match="the platform itself failed"):
        lms.close()
