"""Messages of platforms: whose they are, that they are meant for us, now and once.

Every refusal says in the log which check failed, and to the browser no more than what helps its owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from assessment.models import Deployment, Platform, UsedNonce
from assessment.models.platforms import LONGEST_ID, PlatformState
from assessment.platforms.calling import PlatformFailure, call
from content.documents.storable import is_storable, texts_in

LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
GRADES: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
ROSTER: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
FOR_USER: Final = f"{LTI}for_user"

VERSION: Final = "1.3.0"
ALGORITHMS: Final = ["RS256"]
SKEW: Final = timedelta(minutes=1)
OLDEST: Final = timedelta(minutes=10)
"""A launch goes from page to page by itself: it takes seconds."""
LONGEST_MESSAGE: Final = 100_000
KEYS_REST: Final = timedelta(minutes=1)
"""However many unknown keys are named, a platform is asked for its keys once in this time."""
KEYS_AGE: Final = timedelta(days=1)

LAUNCH, DEEP_LINK, REVIEW = "LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest"
KINDS: Final = frozenset({LAUNCH, DEEP_LINK, REVIEW})


class LaunchRefused(Exception):
    """A launch that is not one. ``public`` is for the browser, the text for the log."""

    public = "This launch cannot be used. Open it again from your course."

    def __init__(self, reason: str, public: str | None = None) -> None:
        super().__init__(reason)
        self.public = public or self.public


class DeploymentPending(LaunchRefused):
    public = "This placement of Assay waits to be confirmed by those who run it."


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was checked: from ``deployment``'s platform, for us, just now, and not used before."""

    deployment: Deployment
    claims: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.claims[f"{LTI}message_type"])

    @property
    def subject(self) -> str:
        return str(self.claims["sub"])

    def part(self, name: str) -> Mapping[str, Any]:
        """Return a claim that is an object; an empty one where it is absent or none."""
        value = self.claims.get(name)
        return value if isinstance(value, Mapping) else {}

    def custom(self, name: str) -> str:
        """Return a custom parameter; one that the platform did not fill in ("$…") is absent."""
        value = self.part(f"{LTI}custom").get(name)
        return value if isinstance(value, str) and not value.startswith("$") else ""

    @property
    def roles(self) -> frozenset[str]:
        value = self.claims.get(f"{LTI}roles")
        return (
            frozenset(one for one in value if isinstance(one, str))
            if isinstance(value, list)
            else frozenset()
        )


def opened(platform: Platform, token: str, *, nonce: str, our_urls: frozenset[str], now: datetime) -> Message:
    """Return the message in an id_token, and use it up. Raises LaunchRefused.

    ``nonce`` is the one we sent this browser away with, ``our_urls`` are what a message may be meant for.
    """
    claims = _verified(platform, token, now)
    _check_audience(platform, claims)
    _check_times(claims, now)
    _check_lti(claims, our_urls)
    if claims.get("nonce") != nonce:
        raise LaunchRefused("the nonce is not the one that was sent")
    deployment = _deployment(platform, claims, now)
    _use_up(platform, nonce, now)
    return Message(deployment, claims)


def _verified(platform: Platform, token: str, now: datetime) -> dict[str, Any]:
    if len(token) > LONGEST_MESSAGE:
        raise LaunchRefused("the message is too long")
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, UnicodeError) as error:
        raise LaunchRefused(f"the message is no token: {error}") from error
    # Keys that a message brings along, or points at, are not asked.
    if header.get("alg") not in ALGORITHMS or not isinstance(header.get("kid"), str):
        raise LaunchRefused(f"signed by {header.get('alg')!r} with the key {header.get('kid')!r}")
    keys = _keys(platform, header["kid"], now)
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, TypeError) as error:
        raise LaunchRefused(f"the signature does not hold: {error}") from error
    if not isinstance(claims, dict):
        raise LaunchRefused("the message holds no claims")
    if not all(map(is_storable, texts_in(claims))):
        raise LaunchRefused("it holds a character that cannot be stored")
    return claims


def _keys(platform: Platform, kid: str, now: datetime) -> KeySet:
    """Return the platform's keys; an unknown one has them fetched anew, once in a while."""
    fetched = platform.keys_fetched_at
    is_known = any(key.get("kid") == kid for key in (platform.keys or {}).get("keys", ()))
    is_old = fetched is None or now - fetched > KEYS_AGE
    may_ask = fetched is None or now - fetched > KEYS_REST
    if (not is_known and may_ask) or is_old:
        try:
            fetch_keys(platform, now)
        except PlatformFailure as failure:
            if not is_known:
                raise LaunchRefused(
                    f"its keys cannot be fetched: {failure}",
                    "Your platform does not answer. Try again in a moment.",
                ) from failure
    usable = [key for key in (platform.keys or {}).get("keys", ()) if _is_for_signing(key)]
    if not any(key.get("kid") == kid for key in usable):
        raise LaunchRefused(f"the key {kid!r} is not among the platform's")
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, TypeError) as error:
        raise LaunchRefused(f"the platform's keys cannot be read: {error}") from error


def fetch_keys(platform: Platform, now: datetime) -> None:
    """Fetch the public keys of a platform and keep them. Raises PlatformFailure."""
    # Noted first: a platform that does not answer is not asked by every launch either.
    Platform.objects.filter(pk=platform.pk).update(keys_fetched_at=now)
    platform.keys_fetched_at = now
    document = call("GET", platform.jwks_url).document
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise PlatformFailure("The platform's address of keys has none.", 502)
    platform.keys = {"keys": [key for key in document["keys"] if isinstance(key, dict)]}
    Platform.objects.filter(pk=platform.pk).update(keys=platform.keys)


def _is_for_signing(key: Mapping[str, Any]) -> bool:
    return key.get("kty") == "RSA" and key.get("use", "sig") == "sig" and key.get("alg", "RS256") == "RS256"


def _check_audience(platform: Platform, claims: Mapping[str, Any]) -> None:
    if claims.get("iss") != platform.issuer:
        raise LaunchRefused(f"issued by {claims.get('iss')!r}")
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if platform.client_id not in several:
        raise LaunchRefused(f"meant for {audience!r}")
    party = claims.get("azp")
    if (len(several) > 1 or party is not None) and party != platform.client_id:
        raise LaunchRefused(f"authorized for {party!r}")


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    expires, issued = _moment(claims.get("exp")), _moment(claims.get("iat"))
    if expires is None or issued is None:
        raise LaunchRefused("it does not say when it was issued and until when it holds")
    if now - SKEW >= expires:
        raise LaunchRefused("it is over", "This launch is too old. Open it again from your course.")
    if issued > now + SKEW or issued < now - OLDEST:
        raise LaunchRefused(
            f"issued at {issued:%H:%M:%S}", "This launch is too old, or the clock of your platform is wrong."
        )
    starts = claims.get("nbf")
    if starts is not None and ((at := _moment(starts)) is None or at > now + SKEW):
        raise LaunchRefused("it does not hold yet")


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _check_lti(claims: Mapping[str, Any], our_urls: frozenset[str]) -> None:
    if claims.get(f"{LTI}version") != VERSION:
        raise LaunchRefused(f"version {claims.get(f'{LTI}version')!r}")
    kind = claims.get(f"{LTI}message_type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise LaunchRefused(f"message type {kind!r}")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_ID:
        raise LaunchRefused(
            "it names nobody", "Your platform did not say who you are. Sign in there, and open it again."
        )
    target = claims.get(f"{LTI}target_link_uri")
    if kind != DEEP_LINK and not (isinstance(target, str) and target in our_urls):
        raise LaunchRefused(f"meant for the address {target!r}")


def _deployment(platform: Platform, claims: Mapping[str, Any], now: datetime) -> Deployment:
    """Return the deployment that a message names. One that is not known is noted, and waits for a person here."""
    name = claims.get(f"{LTI}deployment_id")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
        raise LaunchRefused("it names no deployment")
    state = PlatformState.ACTIVE if platform.trusts_new_deployments else PlatformState.PENDING
    found, _ = Deployment.objects.get_or_create(
        platform=platform, deployment_id=name, defaults={"state": state, "created_at": now}
    )
    if found.state == PlatformState.CLOSED:
        raise LaunchRefused(f"the deployment {name!r} is closed", "This placement of Assay was closed.")
    if found.state == PlatformState.PENDING:
        raise DeploymentPending(f"the deployment {name!r} is {found.state}")
    return found


def _use_up(platform: Platform, nonce: str, now: datetime) -> None:
    """The database says who was first, of however many."""
    try:
        with transaction.atomic():
            UsedNonce.objects.create(platform=platform, nonce=nonce, expires_at=now + 2 * OLDEST)
    except IntegrityError:
        raise LaunchRefused("it was used before", "This launch was used before. Open it again.") from None
