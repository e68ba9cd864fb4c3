"""A tool as simple as can be, which asks a platform for everything, rightly and wrongly."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.lti.messages import DEEP_LINK, DEEP_LINKING, LTI
from tests.lti.platform import FakeLms
from tests.lti.services import SCORE_TYPE
from tests.lti.signing import Seal, present, published
from tests.lti.tokens import ASSERTION, GRANT, MEMBERSHIP_READONLY, SCORE

KEY: Final = RSAKey.generate_key(2048, {"kid": "tool-1"})
"""It does not say for which algorithm it is, so the platform has to."""
LAUNCH_URL: Final = "https://tool.example/launch"


class FakeTool(httpx.Client):
    """A client whose relative addresses lead to the platform, which knows its keys. ``changes`` may be ABSENT."""

    def __init__(self, lms: FakeLms, timeout: float = 10) -> None:
        # No certificate is ever looked at, and to load them takes longer than a test.
        super().__init__(base_url=lms.issuer, timeout=timeout, trust_env=False, verify=False)
        self.lms = lms
        lms.tool_jwks = lms.tool_jwks or published([KEY])
        lms.redirect_uris = lms.redirect_uris or [LAUNCH_URL]

    def _ours(self, audience: str) -> dict[str, Any]:
        now = int(self.lms.clock().timestamp())
        return {"iss": self.lms.client_id, "aud": audience, "iat": now, "exp": now + 60}

    def assertion(self, seal: Seal | None = None, **changes: Any) -> str:
        """Return what proves to the token endpoint who asks."""
        claims = self._ours(self.lms.token_url) | {"sub": self.lms.client_id, "jti": secrets.token_hex(8)}
        return (seal or Seal()).sign(present(claims | changes), KEY)

    def ask_token(self, assertion: str | None = None, **changes: str) -> httpx.Response:
        form = {
            "grant_type": GRANT,
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion or self.assertion(),
            "scope": SCORE,
        }
        return self.post("/token", data=form | changes)

    def opening(self, *scopes: str) -> dict[str, str]:
        """Return the header of a request that has these scopes."""
        token = self.lms.tokens.give_out(scopes, self.lms.clock() + timedelta(hours=1))
        return {"Authorization": f"Bearer {token}"}

    def send_score(self, at: datetime, **changes: Any) -> httpx.Response:
        """Send 4 of 5 points of the student at the first link."""
        document = {
            "userId": self.lms.student.sub,
            "timestamp": at.isoformat(),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": 4,
            "scoreMaximum": 5,
        }
        address = self.lms.line_item_url(self.lms.line_item(self.lms.link)).replace("?", "/scores?")
        headers = self.opening(SCORE) | {"Content-Type": SCORE_TYPE}
        return self.post(address, json=present(document | changes), headers=headers)

    def roster_pages(self, address: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield the address of each page and the members on it."""
        following: str | None = address
        while following:
            reply = self.get(following, headers=self.opening(MEMBERSHIP_READONLY)).raise_for_status()
            yield following, reply.json()["members"]
            following = reply.links.get("next", {}).get("url")

    def read(self, id_token: str) -> dict[str, Any]:
        """Return the claims of a message, after a look at its signature."""
        keys = KeySet.import_key_set(self.get("/jwks").json())
        return jwt.decode(id_token, keys, algorithms=["RS256"]).claims

    def log_in(self, **changes: Any) -> httpx.Response:
        """Answer to a login of the student with the browser's way to the platform."""
        login = self.lms.login_parameters()
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": login["client_id"],
            "redirect_uri": self.lms.redirect_uris[0],
            "login_hint": login["login_hint"],
            "lti_message_hint": login["lti_message_hint"],
            "nonce": "a nonce",
            "state": "a <state>",
        }
        return self.get("/auth", params=present(asked | changes))

    def choose(self, **changes: Any) -> httpx.Response:
        """Send back one link out of 7 points for the teacher."""
        asked = self.read(self.lms.id_token("n", kind=DEEP_LINK))
        settings = asked[f"{DEEP_LINKING}deep_linking_settings"]
        item = {
            "type": "ltiResourceLink",
            "title": "Chosen",
            "custom": {"assessment": "quiz"},
            "lineItem": {"scoreMaximum": 7, "resourceId": "quiz"},
        }
        claims = self._ours(self.lms.issuer) | {
            "nonce": "of the tool",
            f"{LTI}message_type": "LtiDeepLinkingResponse",
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": self.lms.deployment_id,
            f"{DEEP_LINKING}data": settings["data"],
            f"{DEEP_LINKING}content_items": [item],
        }
        token = Seal().sign(present(claims | changes), KEY)
        return self.post(settings["deep_link_return_url"], data={"JWT": token})
