"""How a tool registers itself: Dynamic Registration 1.0."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tests.lti.messages import DEEP_LINK, LAUNCH, REVIEW
from tests.lti.serving import JSON, Refused, Reply, Request, json_reply
from tests.lti.tokens import SCOPES

if TYPE_CHECKING:
    from tests.lti.platform import FakeLms

PLATFORM: Final = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL: Final = "https://purl.imsglobal.org/spec/lti-tool-configuration"


def show_configuration(lms: FakeLms, request: Request) -> Reply:
    return json_reply(describe(lms))


def describe(lms: FakeLms) -> dict[str, Any]:
    """Return what the platform says of itself."""
    return {
        "issuer": lms.issuer,
        "authorization_endpoint": lms.authorization_url,
        "registration_endpoint": f"{lms.issuer}/register",
        "jwks_uri": lms.jwks_url,
        "token_endpoint": lms.token_url,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", *SCOPES],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub", "aud", "name", "given_name", "family_name", "email"],
        **({"authorization_server": lms.token_audience} if lms.token_audience else {}),
        PLATFORM: {
            "product_family_code": "fake-lms",
            "version": "1.0",
            "messages_supported": [{"type": kind} for kind in (LAUNCH, DEEP_LINK, REVIEW)],
            "variables": ["User.id", "Context.id.history", "ResourceLink.id.history"],
        },
    }


def register(lms: FakeLms, request: Request) -> Reply:
    """Register a tool once for each token that an administrator was given."""
    if request.bearer not in lms.registration_tokens:
        raise Refused(401, "no registration token, or one that was used", code="invalid_token")
    if request.media_type != JSON:
        raise Refused(415, f"expected {JSON}, not {request.media_type!r}")
    _check(request.document)
    lms.registration_tokens.discard(request.bearer)
    registration = request.document | {"client_id": f"client-{secrets.token_hex(4)}"}
    registration[TOOL] = registration[TOOL] | {"deployment_id": lms.deployment_id}
    registration["scope"] = " ".join(scope for scope in SCOPES if scope in registration["scope"].split())
    _take_over(lms, registration)
    return json_reply(registration, 201)


def _take_over(lms: FakeLms, registration: Mapping[str, Any]) -> None:
    tool = registration[TOOL]
    lms.registrations.append(dict(registration))
    lms.client_id = registration["client_id"]
    lms.redirect_uris = list(registration["redirect_uris"])
    lms.login_url = registration["initiate_login_uri"]
    lms.tool_jwks = registration["jwks_uri"]
    lms.allowed_scopes = tuple(registration["scope"].split())
    lms.target = tool["target_link_uri"]
    lms.targets = {
        message["type"]: message.get("target_link_uri", lms.target) for message in tool.get("messages", ())
    }
    lms.custom_parameters = dict(tool.get("custom_parameters", {}))


def _check(document: Mapping[str, Any]) -> None:
    """Refuse what is no registration of a tool of LTI. Raises Refused."""
    _expect(document.get("application_type") == "web", "application_type is not web")
    _expect("id_token" in document.get("response_types", ()), "response_types lack id_token")
    grants = set(document.get("grant_types", ()))
    _expect({"client_credentials", "implicit"} <= grants, f"grant_types are {sorted(grants)}")
    method = document.get("token_endpoint_auth_method")
    _expect(method == "private_key_jwt", f"token_endpoint_auth_method is {method!r}")
    for name in ("client_name", "scope"):
        _expect(isinstance(document.get(name), str), f"{name} is missing")
    for name in ("initiate_login_uri", "jwks_uri"):
        _expect(_is_address(document.get(name)), f"{name} is no address")
    redirects = document.get("redirect_uris") or [None]
    _expect(all(map(_is_address, redirects)), "redirect_uris has what is no address", "invalid_redirect_uri")
    _check_tool(document.get(TOOL))


def _check_tool(tool: object) -> None:
    if not isinstance(tool, dict):
        raise Refused(400, f"{TOOL} is missing", code="invalid_client_metadata")
    target, domain = tool.get("target_link_uri"), tool.get("domain")
    _expect(_is_address(target) and isinstance(domain, str), "target_link_uri or domain is missing")
    host = urlsplit(str(target))
    _expect(
        any(name == domain or str(name).endswith(f".{domain}") for name in (host.netloc, host.hostname)),
        f"target_link_uri {target!r} is outside of {domain!r}",
    )
    _expect(isinstance(tool.get("claims"), list), "claims is no list")
    for message in tool.get("messages", ()):
        _expect(isinstance(message.get("type"), str), "a message has no type")


def _is_address(value: object) -> bool:
    return (
        isinstance(value, str)
        and urlsplit(value).scheme in ("https", "http")
        and bool(urlsplit(value).netloc)
    )


def _expect(holds: bool, reason: str, code: str = "invalid_client_metadata") -> None:
    if not holds:
        raise Refused(400, reason, code=code)
