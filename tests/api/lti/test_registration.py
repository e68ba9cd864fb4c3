"""A platform registers itself by one pasted link."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessment.models import Deployment, Invitation, Platform
from assessment.models.platforms import PlatformState
from assessment.platforms.registering import invite
from tests.lti import faults
from tests.lti.browsing import Browser, code_of
from tests.lti.platform import FakeLms

pytestmark = pytest.mark.django_db


def open_link(lms: FakeLms, secret: str) -> HttpResponse:
    lms.use_tool("http://testserver")
    return Client().get(f"/lti/register?{urlencode({'invitation': secret})}&{lms.registration_query()}")  # type: ignore[return-value]  # a response of the test client


def invited(**terms: object) -> str:
    return invite(name="The school", now=timezone.now(), **terms)[1]  # type: ignore[arg-type]  # terms of an invitation


def test_one_link_is_all_that_is_pasted(lms: FakeLms) -> None:
    response = open_link(lms, invited())
    assert response.status_code == 200, response.content
    platform = Platform.objects.get()
    assert (platform.name, platform.state) == ("The school", PlatformState.ACTIVE)
    assert (platform.issuer, platform.client_id) == (lms.issuer, lms.client_id)
    assert Deployment.objects.get().state == PlatformState.ACTIVE
    assert Invitation.objects.get().platform == platform
    [registered] = lms.registrations
    assert registered["initiate_login_uri"] == "http://testserver/lti/login"
    # What was registered works.
    choosing = Browser(lms).launch(lms.teacher)
    assert b"Choose an assessment" in choosing.content
    assert "frame-ancestors" in response["Content-Security-Policy"]


def test_where_policy_says_so_the_platform_waits_for_a_person(lms: FakeLms) -> None:
    open_link(lms, invited(confirms=False))
    assert Platform.objects.get().state == PlatformState.PENDING
    refused = Browser(lms).begin()
    assert (refused.status_code, b"waits to be confirmed" in refused.content) == (400, True)
    Platform.objects.update(state=PlatformState.ACTIVE)
    Deployment.objects.update(state=PlatformState.ACTIVE)
    assert Browser(lms).launch(lms.teacher).status_code == 200


def test_an_invitation_works_once_and_until_its_end(lms: FakeLms) -> None:
    secret = invited()
    assert open_link(lms, secret).status_code == 200
    again = open_link(lms, secret)
    assert (again.status_code, b"was used" in again.content) == (400, True)
    late = invited()
    Invitation.objects.filter(used_at=None).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert open_link(lms, late).status_code == 400
    assert open_link(lms, "made-up").status_code == 400
    assert Platform.objects.count() == 1


@pytest.mark.parametrize(
    ("endpoint", "fault"),
    [
        ("configuration", faults.status(500)),
        ("configuration", faults.garbage("json")),
        ("configuration", faults.garbage("html")),
        ("configuration", faults.redirect("http://evil.example/")),
        ("configuration", faults.too_large()),
        ("register", faults.status(403)),
        ("register", faults.garbage("json")),
        ("register", faults.drop()),
    ],
    ids=["500", "no JSON", "a page", "elsewhere", "too large", "refused", "no JSON back", "cut"],
)
def test_what_goes_wrong_is_said_and_the_invitation_can_be_used_again(
    lms: FakeLms, endpoint: str, fault: faults.Fault
) -> None:
    secret = invited()
    lms.faults.add(endpoint, fault)
    refused = open_link(lms, secret)
    assert (refused.status_code, b"did not work" in refused.content) == (400, True)
    assert not Platform.objects.exists()
    assert open_link(lms, secret).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["", "no address", "ftp://school.example/x", "http://user:word@127.0.0.1/", "file:///etc/passwd"],
)
def test_a_configuration_is_fetched_from_addresses_of_the_web_alone(lms: FakeLms, address: str) -> None:
    query = urlencode({"invitation": invited(), "openid_configuration": address})
    assert Client().get(f"/lti/register?{query}").status_code == 400
    assert Invitation.objects.get().used_at is None


def test_a_token_that_no_header_can_have_is_said(lms: FakeLms) -> None:
    query = urlencode(
        {
            "invitation": invited(),
            "openid_configuration": lms.configuration_url,
            "registration_token": "ü",
        }
    )
    assert Client().get(f"/lti/register?{query}").status_code == 400


def test_a_platform_cannot_register_in_the_name_of_another(lms: FakeLms) -> None:
    described = {
        "issuer": "https://famous.example",
        "authorization_endpoint": f"{lms.issuer}/auth",
        "token_endpoint": f"{lms.issuer}/token",
        "jwks_uri": f"{lms.issuer}/jwks",
        "registration_endpoint": f"{lms.issuer}/register",
    }
    lms.faults.add("configuration", faults.status(200, described))
    assert open_link(lms, invited()).status_code == 400
    assert lms.registrations == []


def test_the_secret_of_an_invitation_is_stored_nowhere(lms: FakeLms) -> None:
    secret = invited()
    assert secret not in str(list(Invitation.objects.values()))


def test_our_keys_and_our_configuration_can_be_read(lms: FakeLms) -> None:
    keys = Client().get("/lti/jwks").json()["keys"]
    assert [key["alg"] for key in keys] == ["RS256"]
    assert not any("d" in key or "p" in key for key in keys)
    assert Client().get("/lti/config").json()["redirect_uris"] == ["http://testserver/lti/launch"]


def test_two_registrations_at_one_platform_are_kept_apart(lms: FakeLms) -> None:
    open_link(lms, invited())
    first = lms.client_id
    open_link(lms, invited())
    assert {one.client_id for one in Platform.objects.all()} == {first, lms.client_id}
    assert first != lms.client_id
    assert code_or_page(Browser(lms)) == b"Choose an assessment"
    # Without a client id nobody could say which one is meant.
    parameters = lms.login_parameters()
    del parameters["client_id"]
    assert Browser(lms).begin(parameters).status_code == 400


def code_or_page(browser: Browser) -> bytes:
    response = browser.launch(browser.lms.teacher)
    return (
        b"Choose an assessment" if b"Choose an assessment" in response.content else code_of(response).encode()
    )
