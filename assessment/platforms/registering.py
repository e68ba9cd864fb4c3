"""How a platform comes to be known here: by a link that registers it, or by hand; and whether it can be reached."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from assessment.models import Deployment, Invitation, Platform
from assessment.models.platforms import LONGEST_ID, PlatformState
from assessment.platforms.arriving import digest
from assessment.platforms.calling import PlatformFailure, call, check_address
from assessment.platforms.framing import site
from assessment.platforms.messages import DEEP_LINK, LAUNCH, REVIEW, fetch_keys
from assessment.platforms.tokens import SCOPES, SCORE, authorized, forget_tokens

CLAIMS: Final = ("iss", "sub", "name", "given_name", "family_name")
"""What we would like to be told. Names are optional, and addresses not asked for."""
CUSTOM: Final = {
    "available_start": "$ResourceLink.available.startDateTime",
    "available_end": "$ResourceLink.available.endDateTime",
    "due": "$ResourceLink.submission.endDateTime",
    "link_history": "$ResourceLink.id.history",
}
TOOL: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM: Final = "https://purl.imsglobal.org/spec/lti-platform-configuration"


class RegistrationRefused(Exception):
    """A registration that cannot be made; the text is for the administrator of the platform."""


def invite(*, name: str, now: datetime, confirms: bool = True, days: int = 7) -> tuple[Invitation, str]:
    """Make a link for one platform and return it with its secret, which nothing can show again."""
    secret = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        name=name,
        digest=digest(secret),
        confirms=confirms,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return invitation, secret


def tool_configuration(base_url: str) -> dict[str, Any]:
    """Return what we are, as a platform registers it (Dynamic Registration 1.0)."""
    launch = f"{base_url}/lti/launch"
    return {
        "application_type": "web",
        "client_name": "Assay",
        "client_uri": base_url,
        "logo_uri": f"{base_url}/icon.svg",
        "grant_types": ["client_credentials", "implicit"],
        "response_types": ["id_token"],
        "initiate_login_uri": f"{base_url}/lti/login",
        "redirect_uris": [launch],
        "jwks_uri": f"{base_url}/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(SCOPES),
        TOOL: {
            "domain": base_url.partition("://")[2],
            "target_link_uri": launch,
            "description": "Quizzes and adaptive assessments whose every mark is explained.",
            "custom_parameters": CUSTOM,
            "claims": list(CLAIMS),
            "messages": [
                {"type": LAUNCH, "target_link_uri": launch, "label": "Assay"},
                {"type": DEEP_LINK, "target_link_uri": launch, "label": "Choose an assessment"},
                {"type": REVIEW, "target_link_uri": launch, "label": "Look at an attempt"},
            ],
        },
    }


def register(
    *, secret: str, configuration_url: str, registration_token: str, base_url: str, now: datetime
) -> Platform:
    """Register with the platform that opened an invitation, and use the invitation up.

    Raises RegistrationRefused, or PlatformFailure where the platform does not answer as it should; then the
    invitation can be used again.
    """
    invitation = _usable(secret, now)
    if invitation is None:
        raise RegistrationRefused("This invitation was used, or is over. Ask for another one.")
    bearer = {"Authorization": f"Bearer {registration_token}"} if registration_token else {}
    described = _described(configuration_url, bearer)
    made = call(
        "POST",
        described["registration_endpoint"],
        document=tool_configuration(base_url),
        headers=bearer | _JSON,
    ).document
    client_id = made.get("client_id") if isinstance(made, Mapping) else None
    if not isinstance(client_id, str) or not 0 < len(client_id) <= LONGEST_ID:
        raise RegistrationRefused("The platform gave no client id.")
    part = made.get(TOOL)
    deployment = part.get("deployment_id") if isinstance(part, Mapping) else None
    return _registered(invitation, described, client_id, deployment, now)


def try_connection(platform: Platform, now: datetime) -> list[tuple[str, str | None]]:
    """Try what a launch and a grade need, and return each with what went wrong, or None."""
    forget_tokens(platform)

    def ask_for_leave() -> None:
        # No address is asked for anything: the token is what is tried.
        authorized(platform, "GET", platform.jwks_url, scopes=[SCORE], now=now, headers={})

    return [
        ("Its public keys can be read", _went_wrong(lambda: fetch_keys(platform, now))),
        ("It lets us send grades", _went_wrong(ask_for_leave)),
    ]


_JSON: Final = {"Content-Type": "application/json", "Accept": "application/json"}
_NEEDED: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")


def _usable(secret: str, now: datetime) -> Invitation | None:
    return Invitation.objects.filter(digest=digest(secret), used_at=None, expires_at__gt=now).first()


def _described(url: str, bearer: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what a platform says of itself."""
    found = call("GET", url, headers={"Accept": "application/json", **bearer}).document
    if not isinstance(found, Mapping) or not all(isinstance(found.get(name), str) for name in _NEEDED):
        raise RegistrationRefused(f"The platform's configuration lacks one of {', '.join(_NEEDED)}.")
    for name in _NEEDED:
        check_address(found[name])
    if site(url) != site(found["issuer"]):
        raise RegistrationRefused("The configuration is not where its issuer is.")
    return found


@transaction.atomic
def _registered(
    invitation: Invitation, described: Mapping[str, Any], client_id: str, deployment: object, now: datetime
) -> Platform:
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=now):
        raise RegistrationRefused("This invitation was used a moment ago.")
    state = PlatformState.ACTIVE if invitation.confirms else PlatformState.PENDING
    audience = described.get("authorization_server")
    family = described.get(PLATFORM, {})
    kind = family.get("product_family_code") if isinstance(family, Mapping) else None
    platform, is_new = Platform.objects.get_or_create(
        issuer=described["issuer"],
        client_id=client_id,
        defaults={
            "name": (invitation.name or str(kind or described["issuer"]))[:200],
            "authorization_url": described["authorization_endpoint"],
            "token_url": described["token_endpoint"],
            "token_audience": audience if isinstance(audience, str) else "",
            "jwks_url": described["jwks_uri"],
            "state": state,
            # Whoever was invited may place us where they like; else each placement waits for a person here.
            "trusts_new_deployments": invitation.confirms,
            "created_at": now,
        },
    )
    if not is_new:
        raise RegistrationRefused("This platform is registered already under this client id.")
    if isinstance(deployment, str | int) and str(deployment):
        Deployment.objects.create(
            platform=platform, deployment_id=str(deployment)[:LONGEST_ID], state=state, created_at=now
        )
    Invitation.objects.filter(pk=invitation.pk).update(platform=platform)
    return platform


def _went_wrong(attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except PlatformFailure as failure:
        return str(failure)
    return None
