"""Launches that are none: each a plain page of 4xx and a line in the log, never a fault of ours, never a session."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from assessment.models import Assessment, Launch, Platform, PlatformPerson, ResourceLink, Session
from assessment.models.platforms import PlatformState
from tests.lti.browsing import Browser
from tests.lti.messages import DEEP_LINK, DEEP_LINKING, GRADES, LTI
from tests.lti.platform import FakeLms
from tests.lti.signing import ABSENT, Seal, new_key

pytestmark = pytest.mark.django_db

STRANGER: RSAKey = new_key("stranger")
NOW = time.time()
LATER, EARLIER = int(NOW) + 86_400, int(NOW) - 86_400
LONG = "x" * 300

CLAIMS: dict[str, Mapping[str, Any]] = {
    "issuer of somebody else": {"iss": "https://evil.example"},
    "issuer missing": {"iss": ABSENT},
    "issuer with a slash more": {"iss": "http://127.0.0.1/"},
    "audience of somebody else": {"aud": "another-tool"},
    "audience missing": {"aud": ABSENT},
    "audience empty": {"aud": []},
    "audience no text": {"aud": 17},
    "several audiences and nobody authorized": {"aud": ["assay-at-school", "another-tool"]},
    "authorized for somebody else": {"azp": "another-tool"},
    "nonce of another launch": {"nonce": "another"},
    "nonce missing": {"nonce": ABSENT},
    "over": {"exp": EARLIER},
    "end missing": {"exp": ABSENT},
    "end no number": {"exp": "tomorrow"},
    "end beyond all calendars": {"exp": 1e300},
    "issued tomorrow": {"iat": LATER},
    "issued yesterday": {"iat": EARLIER},
    "issue missing": {"iat": ABSENT},
    "issue true": {"iat": True},
    "holds from tomorrow": {"nbf": LATER},
    "subject missing": {"sub": ABSENT},
    "subject empty": {"sub": ""},
    "subject no text": {"sub": 42},
    "subject too long": {"sub": LONG},
    "subject that no database keeps": {"sub": "a\0"},
    "subject with half a character": {"sub": "a\ud800"},
    "name that no database keeps": {"name": "A\0"},
    "name of a claim that no database keeps": {f"{LTI}custom": {"a\0": "b"}},
    "course that no database keeps": {f"{LTI}context": {"id": "c", "title": ["\0"]}},
    "deployment missing": {f"{LTI}deployment_id": ABSENT},
    "deployment empty": {f"{LTI}deployment_id": ""},
    "deployment of another tenant": {f"{LTI}deployment_id": "another"},
    "deployment no text": {f"{LTI}deployment_id": {"a": 1}},
    "deployment too long": {f"{LTI}deployment_id": LONG},
    "type missing": {f"{LTI}message_type": ABSENT},
    "type unheard-of": {f"{LTI}message_type": "LtiStartProctoring"},
    "type of a response": {f"{LTI}message_type": "LtiDeepLinkingResponse"},
    "type no text": {f"{LTI}message_type": ["LtiResourceLinkRequest"]},
    "version missing": {f"{LTI}version": ABSENT},
    "version 1.1": {f"{LTI}version": "1.1.0"},
    "target missing": {f"{LTI}target_link_uri": ABSENT},
    "target elsewhere": {f"{LTI}target_link_uri": "https://evil.example/lti/launch"},
    "target another page": {f"{LTI}target_link_uri": "http://testserver/admin/"},
    "target a list": {f"{LTI}target_link_uri": ["http://testserver/lti/launch"]},
    "link missing": {f"{LTI}resource_link": ABSENT},
    "link without an id": {f"{LTI}resource_link": {"title": "A link"}},
    "link no object": {f"{LTI}resource_link": "link"},
    "link too long": {f"{LTI}resource_link": {"id": LONG}},
    "column of somebody else": {GRADES: {"lineitem": "https://evil.example/1", "scope": []}},
    "column no address": {GRADES: {"lineitem": "javascript:alert(1)", "scope": []}},
    "column in our network": {GRADES: {"lineitem": "http://10.0.0.1/1", "scope": []}},
    "columns of somebody else": {GRADES: {"lineitems": "https://evil.example/", "scope": []}},
    "columns no text": {GRADES: {"lineitems": 7, "scope": []}},
}

SEALS: dict[str, Callable[[FakeLms], Seal]] = {
    "unsigned": lambda _: Seal(alg="none"),
    "unsigned, spelled otherwise": lambda _: Seal(header={"alg": "nOnE"}),
    "algorithm missing": lambda _: Seal(header={"alg": ABSENT}),
    "signed with our secret word, the public key": lambda _: Seal(alg="HS256"),
    "signed with an empty word": lambda _: Seal(alg="HS256", key=b""),
    "RS384": lambda _: Seal(alg="RS384"),
    "RS512": lambda _: Seal(alg="RS512"),
    "PS256": lambda _: Seal(alg="PS256"),
    "said to be ES256": lambda _: Seal(header={"alg": "ES256"}),
    "signed by a stranger under the known name": lambda lms: Seal(kid=lms.signing_key.kid, key=STRANGER),
    "signed by a stranger under an own name": lambda _: Seal(kid="stranger", key=STRANGER),
    "key that comes along": lambda _: Seal(
        kid="stranger", key=STRANGER, header={"jwk": STRANGER.as_dict(private=False)}
    ),
    "key that comes along under the known name": lambda lms: Seal(
        kid=lms.signing_key.kid, key=STRANGER, header={"jwk": STRANGER.as_dict(private=False)}
    ),
    "keys at an address of theirs": lambda _: Seal(
        kid="stranger", key=STRANGER, header={"jku": "https://evil.example/jwks"}
    ),
    "certificate at an address of theirs": lambda _: Seal(
        kid="stranger", key=STRANGER, header={"x5u": "https://evil.example/cert"}
    ),
    "name of the key missing": lambda _: Seal(header={"kid": ABSENT}),
    "name of the key a path": lambda _: Seal(kid="../../dev/null", key=STRANGER),
    "name of the key a query": lambda _: Seal(kid="' OR 1=1 --", key=STRANGER),
    "name of the key a number": lambda _: Seal(header={"kid": 7}),
    "an extension that must be understood": lambda _: Seal(header={"crit": ["b64"], "b64": False}),
}

TOKENS: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "a word": lambda _: "token",
    "two parts": lambda token: token.rpartition(".")[0],
    "four parts": lambda token: f"{token}.x",
    "no signature": lambda token: f"{token.rpartition('.')[0]}.",
    "another end": lambda token: token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB"),
    "no base64": lambda token: token.replace(".", ".%", 1),
    "letters of the world": lambda _: "ü.ü.ü",
    "very long": lambda token: token + "A" * 120_000,
    "null characters": lambda _: "\x00.\x00.\x00",
}


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("django.request").setLevel(logging.ERROR)


def expect_refusal(response: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert 400 <= response.status_code < 500, response.status_code
    assert b"<h1>" in response.content
    assert "no-store" in response["Cache-Control"]
    assert any("refused" in record.message for record in caplog.records), "a line in the log"
    assert not Launch.objects.exists()
    assert not Session.objects.exists()


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_a_message_that_says_something_else(
    browser: Browser, caplog: pytest.LogCaptureFixture, claims: Mapping[str, Any]
) -> None:
    expect_refusal(browser.launch(**claims), caplog)


@pytest.mark.parametrize("seal", SEALS.values(), ids=SEALS)
def test_a_message_that_somebody_else_has_signed(
    browser: Browser, caplog: pytest.LogCaptureFixture, seal: Callable[[FakeLms], Seal]
) -> None:
    expect_refusal(browser.launch(seal=seal(browser.lms)), caplog)
    assert not PlatformPerson.objects.exists()


@pytest.mark.parametrize("spoil", TOKENS.values(), ids=TOKENS)
def test_what_is_no_message(
    browser: Browser, caplog: pytest.LogCaptureFixture, spoil: Callable[[str], str]
) -> None:
    way = browser.way(browser.begin())
    token = spoil(browser.lms.id_token(way["nonce"]))
    expect_refusal(browser.arrive({"id_token": token, "state": way["state"]}), caplog)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://unknown.example"},
        {"iss": ""},
        {"iss": "https://school.example\0"},
        {"client_id": "another"},
        {"client_id": "\0"},
        {"lti_message_hint": "\0"},
        {"login_hint": ""},
        {"target_link_uri": "https://evil.example/"},
        {"target_link_uri": "http://testserver/admin/"},
        {"target_link_uri": ""},
        {"lti_message_hint": "x" * 9000},
    ],
    ids=str,
)
def test_a_login_that_cannot_lead_here(
    browser: Browser, caplog: pytest.LogCaptureFixture, changes: dict[str, str]
) -> None:
    expect_refusal(browser.begin(browser.lms.login_parameters() | changes), caplog)


@pytest.mark.parametrize("state", [PlatformState.PENDING, PlatformState.CLOSED])
def test_a_platform_that_nobody_has_confirmed(
    browser: Browser, caplog: pytest.LogCaptureFixture, state: PlatformState
) -> None:
    way = browser.way(browser.begin())
    Platform.objects.update(state=state)
    expect_refusal(browser.begin(), caplog)
    token = browser.lms.id_token(way["nonce"])
    expect_refusal(browser.arrive({"id_token": token, "state": way["state"]}), caplog)


@pytest.mark.parametrize(
    "state", ["", "made-up", "e30:1abcde:xxxx"], ids=["none", "a word", "another signature"]
)
def test_a_state_that_is_none_of_ours(browser: Browser, caplog: pytest.LogCaptureFixture, state: str) -> None:
    way = browser.way(browser.begin())
    fields = {"id_token": browser.lms.id_token(way["nonce"]), "state": state}
    expect_refusal(browser.arrive(fields), caplog)


def test_a_state_of_another_launch(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    one, other = (browser.way(browser.begin()) for _ in range(2))
    fields = {"id_token": browser.lms.id_token(one["nonce"]), "state": other["state"]}
    expect_refusal(browser.arrive(fields), caplog)


def test_a_launch_that_another_browser_began(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody sends a victim a message of their own: it opens nothing in the victim's browser."""
    way = browser.way(browser.begin())
    victim = Client()
    victim.cookies["sessionid"] = "of-the-victim"
    victim.cookies[f"assay-lti-{way['nonce'][:12]}"] = "guessed"
    fields = {"id_token": browser.lms.id_token(way["nonce"]), "state": way["state"]}
    response = victim.post("/lti/launch", fields)
    assert response.status_code == 403
    assert not Launch.objects.exists()
    assert not PlatformPerson.objects.exists()


def test_a_message_of_one_platform_under_the_state_of_another(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with FakeLms(name="Elsewhere") as elsewhere:
        elsewhere.register_in_assay()
        way = browser.way(browser.begin())
        fields = {"id_token": elsewhere.id_token(way["nonce"]), "state": way["state"]}
        expect_refusal(browser.arrive(fields), caplog)


def test_a_platform_that_refuses_its_user(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    way = browser.way(browser.begin())
    fields = {"error": "login_required", "state": way["state"]}
    expect_refusal(browser.arrive(fields), caplog)


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD"])
def test_another_method(browser: Browser, method: str) -> None:
    assert browser.client.generic(method, "/lti/launch").status_code == 405


@pytest.mark.parametrize(
    "linking",
    [
        {"deep_link_return_url": "https://evil.example/"},
        {"deep_link_return_url": "javascript:alert(1)"},
        {"deep_link_return_url": ABSENT},
        {"accept_types": ["html"]},
        {"accept_types": ABSENT},
        {"accept_types": "ltiResourceLink"},
    ],
    ids=["elsewhere", "a script", "nowhere", "other types", "no types", "no list"],
)
def test_a_choice_that_could_not_come_back(
    browser: Browser, quiz: Assessment, caplog: pytest.LogCaptureFixture, linking: dict[str, Any]
) -> None:
    usual = {
        "deep_link_return_url": f"{browser.lms.issuer}/courses/1/deep_links",
        "accept_types": ["ltiResourceLink"],
    }
    wanted = {name: value for name, value in (usual | linking).items() if value is not ABSENT}
    response = browser.launch(
        browser.lms.teacher, DEEP_LINK, **{f"{DEEP_LINKING}deep_linking_settings": wanted}
    )
    expect_refusal(response, caplog)


@pytest.mark.parametrize("wanted", ["", "made-up", "e30:1abcde:xxxx"])
def test_a_choice_that_is_none_of_ours(browser: Browser, quiz: Assessment, wanted: str) -> None:
    response = browser.client.post("/lti/choose", {"wanted": wanted, "assessment": "quiz"})
    assert response.status_code == 400
    assert not ResourceLink.objects.exists()


def test_keys_that_cannot_be_fetched_are_no_fault_of_ours(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.lti import faults

    for fault in (
        faults.status(500),
        faults.garbage(),
        faults.too_large(),
        faults.redirect("http://evil.example/"),
    ):
        Platform.objects.update(keys=None, keys_fetched_at=None)
        browser.lms.faults.add("jwks", fault)
        expect_refusal(browser.launch(), caplog)
