"""Tokens: how a platform signs its own, rightly or in any wrong way, and how it reads the tool's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from tests.lti.serving import Refused


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final[Any] = _Absent()
"""In place of a value: leave it out."""

ALGORITHM: Final = "RS256"
SKEW: Final = 60
LONGEST_LIFE: Final = 3600


@dataclass(frozen=True, slots=True)
class Seal:
    """How a token is signed: as it should be, where nothing else is said.

    ``key`` signs in place of the platform's: an RSA key, or bytes for the algorithms HS…, which otherwise use the
    public key of the platform. ``header`` adds to the header, replaces parts of it, or takes them away (ABSENT).
    """

    alg: str = ALGORITHM
    kid: str | None = None
    key: RSAKey | bytes | None = None
    header: Mapping[str, Any] = field(default_factory=dict)

    def sign(self, claims: Mapping[str, Any], key: RSAKey) -> str:
        header = present({"typ": "JWT", "alg": self.alg, "kid": self.kid or key.kid, **self.header})
        signed = f"{_encoded(json.dumps(header).encode())}.{_encoded(json.dumps(claims).encode())}"
        return f"{signed}.{_encoded(self._signature(signed.encode(), key))}"

    def _signature(self, signed: bytes, key: RSAKey) -> bytes:
        if self.alg == "none":
            return b""
        if self.alg == "HS256":
            # By hand: a library worth using does not let a public key be the secret.
            secret = self.key if isinstance(self.key, bytes) else key.as_pem(private=False)
            return hmac.digest(secret, signed, hashlib.sha256)
        return jws.JWSRegistry.algorithms[self.alg].sign(signed, self.key or key)


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": ALGORITHM})


def published(keys: Collection[RSAKey]) -> dict[str, Any]:
    """Return a key set (JWKS) with the public halves."""
    return {"keys": [key.as_dict(private=False) for key in keys]}


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not ABSENT}


def read_token(
    token: str, keys: Mapping[str, Any], *, issuer: str, audiences: Collection[str], now: datetime
) -> dict[str, Any]:
    """Return the claims of a token of the tool. Raises Refused, as the token endpoint says it."""
    claims = _verified(token, keys)
    if claims.get("iss") != issuer:
        raise _unusable(f"issued by {claims.get('iss')!r}")
    audience = claims.get("aud")
    if not set(audience if isinstance(audience, list) else [audience]) & set(audiences):
        raise _unusable(f"meant for {audience!r}")
    _check_times(claims, now.timestamp())
    return claims


def _verified(token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    try:
        header = jws.extract_compact(token.encode()).headers()
        known = [key for key in keys.get("keys", []) if key.get("kid") == header.get("kid")]
        if not header.get("kid") or not known:
            raise _unusable(f"signed with the unknown key {header.get('kid')!r}")
        return jwt.decode(token, KeySet.import_key_set({"keys": known}), algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as error:
        raise _unusable(f"the signature does not hold: {error}") from error


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int | float) or not isinstance(expires, int | float):
        raise _unusable("it does not say when it was issued and until when it holds")
    if expires <= now or expires > now + LONGEST_LIFE:
        raise _unusable("it is over, or would hold too long")
    if not now - LONGEST_LIFE < issued <= now + SKEW:
        raise _unusable("it was issued at another time")


def _unusable(reason: str) -> Refused:
    return Refused(400, reason, code="invalid_client")


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
