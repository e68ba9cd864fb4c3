"""The platform of the tests is sound: who asks, who is launched, what is chosen, and who registers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from joserfc.errors import JoseError

from tests.lti.fake_tool import KEY, LAUNCH_URL, FakeTool
from tests.lti.launching import read_form
from tests.lti.messages import DEEP_LINK, DEEP_LINKING, GRADES, LTI, REVIEW, ROSTER
from tests.lti.platform import FakeLms
from tests.lti.registering import TOOL
from tests.lti.signing import ABSENT, Seal, new_key
from tests.lti.tokens import LINE_ITEM, LINE_ITEM_READONLY, MEMBERSHIP_READONLY, RESULT_READONLY, SCORE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
UNREADABLE = (JoseError, ValueError)

# Tokens


def test_a_good_assertion_is_worth_a_token(fake_tool: FakeTool) -> None:
    granted = fake_tool.ask_token(scope=f"{SCORE} {RESULT_READONLY}").raise_for_status().json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 3600)
    assert set(granted["scope"].split()) == {SCORE, RESULT_READONLY}


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"aud": "https://elsewhere.example/token"},
        {"aud": ABSENT},
        {"exp": SECONDS},
        {"exp": SECONDS + 100_000},
        {"exp": ABSENT},
        {"iat": SECONDS + 600},
        {"iat": ABSENT},
        {"jti": ABSENT},
        {"jti": ""},
    ],
    ids=str,
)
def test_an_assertion_with_a_wrong_claim_is_refused(
    lms: FakeLms, fake_tool: FakeTool, changes: dict[str, Any]
) -> None:
    lms.clock = lambda: NOW
    reply = fake_tool.ask_token(fake_tool.assertion(**changes))
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize(
    "seal",
    [
        Seal(key=new_key("tool-1")),
        Seal(kid="another"),
        Seal(header={"kid": ABSENT}),
        Seal(alg="none"),
        Seal(alg="HS256"),
        Seal(alg="RS512"),
    ],
    ids=["another key", "another name", "no name", "none", "HS256", "RS512"],
)
def test_an_assertion_that_is_signed_wrongly_is_refused(fake_tool: FakeTool, seal: Seal) -> None:
    reply = fake_tool.ask_token(fake_tool.assertion(seal))
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_client")


def test_an_assertion_is_used_once(fake_tool: FakeTool) -> None:
    token = fake_tool.assertion()
    assert [fake_tool.ask_token(token).status_code for _ in range(2)] == [200, 400]


def test_a_platform_may_want_to_be_named_otherwise(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.token_audience = "https://auth.example"
    assert fake_tool.ask_token().status_code == 400
    assert fake_tool.ask_token(fake_tool.assertion(aud="https://auth.example")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "invalid_request"),
        ({"scope": f"{SCORE} {MEMBERSHIP_READONLY}"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
def test_a_token_is_asked_for_in_one_way(
    lms: FakeLms, fake_tool: FakeTool, changes: dict[str, str], error: str
) -> None:
    lms.allowed_scopes = (SCORE,)
    assert fake_tool.ask_token(**changes).json()["error"] == error


def test_the_keys_of_the_tool_are_fetched(lms: FakeLms, fake_tool: FakeTool) -> None:
    with FakeLms() as other:
        lms.tool_jwks = other.jwks_url
        seal = Seal(key=other.signing_key, kid=other.signing_key.kid)
        assert fake_tool.ask_token(fake_tool.assertion(seal)).status_code == 200
        assert other.calls["jwks"] == 1
    assert fake_tool.ask_token().json()["error"] == "invalid_client"


def test_a_token_ends(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.clock = lambda: NOW
    headers = fake_tool.opening(LINE_ITEM)
    assert fake_tool.get(lms.line_items_url(lms.course), headers=headers).status_code == 200
    lms.clock = lambda: NOW + timedelta(hours=1)
    assert fake_tool.get(lms.line_items_url(lms.course), headers=headers).status_code == 401


def test_all_tokens_end_when_the_platform_says_so(lms: FakeLms, fake_tool: FakeTool) -> None:
    headers = fake_tool.opening(LINE_ITEM)
    lms.expire_tokens()
    assert fake_tool.get(lms.line_items_url(lms.course), headers=headers).status_code == 401


def test_a_token_opens_what_it_was_given_for(lms: FakeLms, fake_tool: FakeTool) -> None:
    line_items, members = lms.line_items_url(lms.course), lms.memberships_url(lms.course)
    reading = fake_tool.opening(LINE_ITEM_READONLY)
    assert fake_tool.get(line_items, headers=reading).status_code == 200
    assert fake_tool.post(line_items, headers=reading, json={}).status_code == 403
    assert fake_tool.get(members, headers=reading).status_code == 403
    assert fake_tool.get(members).status_code == 401


# Launches


def test_a_login_ends_in_a_message_for_the_tool(lms: FakeLms, fake_tool: FakeTool) -> None:
    form = read_form(fake_tool.log_in().raise_for_status().text)
    claims = fake_tool.read(form.fields["id_token"])
    assert (form.action, form.fields["state"]) == (LAUNCH_URL, "a <state>")
    assert (claims["nonce"], claims["sub"]) == ("a nonce", lms.student.sub)
    assert claims[f"{LTI}resource_link"]["id"] == lms.link.id


@pytest.mark.parametrize("changes", [{"redirect_uri": "https://evil.example/"}, {"client_id": "another"}])
def test_nobody_is_sent_where_nothing_is_registered(fake_tool: FakeTool, changes: dict[str, str]) -> None:
    assert fake_tool.log_in(**changes).status_code == 400


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("scope", "invalid_scope"),
        ("response_type", "unsupported_response_type"),
        ("response_mode", "invalid_request"),
        ("prompt", "invalid_request"),
        ("nonce", "invalid_request"),
        ("state", "invalid_request"),
        ("login_hint", "login_required"),
        ("lti_message_hint", "login_required"),
    ],
)
def test_a_login_that_lacks_something_ends_in_an_error(fake_tool: FakeTool, name: str, error: str) -> None:
    form = read_form(fake_tool.log_in(**{name: ABSENT}).text)
    assert form.fields["error"] == error
    assert "id_token" not in form.fields


def test_keys_change_and_earlier_ones_may_be_withdrawn(lms: FakeLms, fake_tool: FakeTool) -> None:
    early = lms.id_token("n")
    lms.rotate()
    assert fake_tool.read(early)
    assert fake_tool.read(lms.id_token("n"))
    lms.rotate(withdraw=True)
    with pytest.raises(UNREADABLE):
        fake_tool.read(early)
    assert lms.calls["jwks"] == 3


def test_any_claim_can_be_another_or_absent(lms: FakeLms, fake_tool: FakeTool) -> None:
    claims = fake_tool.read(lms.id_token("n", sub=ABSENT, aud=["a", "b"], **{f"{LTI}version": "1.1"}))
    assert "sub" not in claims
    assert (claims["aud"], claims[f"{LTI}version"]) == (["a", "b"], "1.1")


@pytest.mark.parametrize(
    "seal",
    [Seal(alg="none"), Seal(alg="HS256"), Seal(alg="RS512"), Seal(kid="another"), Seal(key=KEY)],
    ids=["none", "HS256", "RS512", "another name", "another key"],
)
def test_a_message_can_be_signed_wrongly(lms: FakeLms, fake_tool: FakeTool, seal: Seal) -> None:
    with pytest.raises(UNREADABLE):
        fake_tool.read(lms.id_token("n", seal=seal))


def test_a_choice_is_about_no_link(lms: FakeLms, fake_tool: FakeTool) -> None:
    claims = fake_tool.read(lms.id_token("n", kind=DEEP_LINK))
    assert claims["sub"] == lms.teacher.sub
    assert f"{DEEP_LINKING}deep_linking_settings" in claims
    assert f"{LTI}resource_link" not in claims


def test_a_review_is_about_somebody_else(lms: FakeLms, fake_tool: FakeTool) -> None:
    claims = fake_tool.read(lms.id_token("n", lms.teacher, kind=REVIEW, about=lms.student))
    assert claims["sub"] == lms.teacher.sub
    assert claims[f"{LTI}for_user"]["user_id"] == lms.student.sub
    assert claims[GRADES]["lineitem"] == lms.line_item_url(lms.line_item(lms.link))


def test_a_message_offers_what_the_platform_has(lms: FakeLms, fake_tool: FakeTool) -> None:
    bare = fake_tool.read(lms.id_token("n", link=lms.add_link(maximum=None)))
    assert "lineitem" not in bare[GRADES]
    lms.allowed_scopes = ()
    assert not {GRADES, ROSTER} & fake_tool.read(lms.id_token("n")).keys()


def test_a_copied_course_says_what_it_was_copied_from(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.custom_parameters = {"earlier": "$ResourceLink.id.history", "unknown": "$Moon.phase"}
    copied = lms.copy_course(lms.course)
    (link,) = [link for link in lms.links.values() if link.course is copied]
    claims = fake_tool.read(lms.id_token("n", link=link))
    assert claims[f"{LTI}custom"] == {"earlier": lms.link.id, "unknown": "$Moon.phase"}
    assert lms.line_item(link).number != lms.line_item(lms.link).number
    assert copied.history == (lms.course.id,)


def test_a_page_of_the_course_opens_the_tool(lms: FakeLms, fake_tool: FakeTool) -> None:
    lms.use_tool("https://tool.example")
    login = lms.login_parameters()
    form = read_form(fake_tool.get(lms.page_url(login)).text)
    assert (form.action, form.fields) == ("https://tool.example/lti/login", login)
    assert "<iframe" not in fake_tool.get(lms.page_url(login, framed=False)).text


# Choosing


def test_what_is_chosen_becomes_a_link(lms: FakeLms, fake_tool: FakeTool) -> None:
    assert fake_tool.choose().status_code == 200
    link = list(lms.links.values())[-1]
    assert (link.title, link.custom) == ("Chosen", {"assessment": "quiz"})
    assert (lms.line_item(link).maximum, lms.line_item(link).resource_id) == (7, "quiz")
    assert len(lms.choices) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another"},
        {"aud": "another"},
        {"nonce": ABSENT},
        {f"{LTI}deployment_id": "2"},
        {f"{DEEP_LINKING}data": "else"},
    ],
    ids=str,
)
def test_a_choice_with_a_wrong_claim_is_refused(
    lms: FakeLms, fake_tool: FakeTool, changes: dict[str, Any]
) -> None:
    assert fake_tool.choose(**changes).status_code == 400
    assert list(lms.links.values()) == [lms.link]


def test_a_choice_is_taken_once(fake_tool: FakeTool) -> None:
    assert [fake_tool.choose().status_code for _ in range(2)] == [200, 400]


# Registrations


def registration(**changes: Any) -> dict[str, Any]:
    tool = {
        "domain": "tool.example",
        "target_link_uri": LAUNCH_URL,
        "claims": ["iss", "sub"],
        "messages": [{"type": DEEP_LINK, "target_link_uri": "https://tool.example/choose"}],
    }
    document = {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": "https://tool.example/login",
        "redirect_uris": [LAUNCH_URL],
        "client_name": "A tool",
        "jwks_uri": "https://tool.example/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"{SCORE} openid",
        TOOL: tool,
    }
    return document | changes


def register(lms: FakeLms, tool: FakeTool, **changes: Any) -> list[httpx.Response]:
    """Register twice by one invitation."""
    query = parse_qs(lms.registration_query())
    configuration = tool.get(query["openid_configuration"][0]).json()
    headers = {"Authorization": f"Bearer {query['registration_token'][0]}"}
    address = configuration["registration_endpoint"]
    return [tool.post(address, json=registration(**changes), headers=headers) for _ in range(2)]


def test_a_tool_registers_itself_once(lms: FakeLms, fake_tool: FakeTool) -> None:
    first, second = register(lms, fake_tool)
    assert (first.status_code, second.status_code) == (201, 401)
    assert first.json()["client_id"] == lms.client_id
    assert first.json()[TOOL]["deployment_id"] == lms.deployment_id
    assert lms.allowed_scopes == (SCORE,)
    assert lms.login_parameters(kind=DEEP_LINK)["target_link_uri"] == "https://tool.example/choose"
    assert lms.registrations == [first.json()]


@pytest.mark.parametrize(
    "changes",
    [
        {"application_type": "native"},
        {"response_types": ["code"]},
        {"grant_types": ["implicit"]},
        {"redirect_uris": []},
        {"redirect_uris": ["launch"]},
        {"jwks_uri": None},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {TOOL: None},
        {TOOL: {"domain": "else.example", "target_link_uri": LAUNCH_URL, "claims": []}},
    ],
    ids=str,
)
def test_a_registration_that_is_none_is_refused(
    lms: FakeLms, fake_tool: FakeTool, changes: dict[str, Any]
) -> None:
    assert [reply.status_code for reply in register(lms, fake_tool, **changes)] == [400, 400]
    assert not lms.registrations
