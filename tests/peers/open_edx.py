"""The LTI 1.3 platform of Open edX (lti-consumer-xblock), as a server of its own, for one tool.

Run as a program: it prints the address that it serves, then waits for the end of its input. Launches, keys, access
tokens and the check of a deep linking response are its code; the pages between are ours. Run apart, because it has
Django settings of its own.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-tests",
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    PLATFORM_NAME="Open edX",
    LMS_ROOT_URL="http://localhost",
    LMS_BASE="localhost",
    USE_TZ=True,
)
django.setup()

from lti_consumer.data import Lti1p3LaunchData  # noqa: E402 - it needs the settings
from lti_consumer.lti_1p3.constants import LTI_1P3_CONTEXT_TYPE  # noqa: E402 - likewise
from lti_consumer.lti_1p3.consumer import LtiAdvantageConsumer  # noqa: E402 - likewise

COURSE, LINK = "course-v1:School+ML+2026", "block-v1:School+ML+2026+type@lti"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


class OpenEdx:
    """The platform with one course and one link in it, which opens ``tool``."""

    def __init__(self, tool: str, address: str) -> None:
        self.tool, self.address = tool, address
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
        self.launches: dict[str, dict[str, str]] = {}
        self.scores: list[Any] = []

    def consumer(self) -> Any:
        made = LtiAdvantageConsumer(
            iss=self.address,
            lti_oidc_url=f"{self.tool}/lti/login",
            lti_launch_url=f"{self.tool}/lti/launch",
            client_id="assay-at-edx",
            deployment_id="1",
            rsa_key=self.key,
            rsa_key_id="edx-key",
            redirect_uris=[f"{self.tool}/lti/launch"],
            tool_keyset_url=f"{self.tool}/lti/jwks",
        )
        made.enable_ags(
            f"{self.address}/lineitems",
            lineitem_url=f"{self.address}/lineitems/1",
            allow_programmatic_grade_interaction=True,
        )
        made.enable_nrps(f"{self.address}/memberships")
        made.enable_deep_linking(f"{self.tool}/lti/launch", f"{self.address}/deep")
        return made

    def start(self, asked: dict[str, str]) -> dict[str, str]:
        """Begin a launch as a click in the course does."""
        data = Lti1p3LaunchData(
            user_id=asked["user"],
            user_role=asked["role"],
            config_id="1",
            resource_link_id=LINK,
            context_id=COURSE,
            context_title="Machine Learning",
            launch_presentation_document_target="iframe",
            message_type=asked.get("kind", "LtiResourceLinkRequest"),
        )
        url = self.consumer().prepare_preflight_url(data)
        hint = dict(parse_qsl(urlsplit(url).query))["lti_message_hint"]
        self.launches[hint] = asked
        return {"url": url}

    def authorize(self, preflight: dict[str, str]) -> dict[str, str]:
        """Answer the tool's request for authentication with the form that a browser would post."""
        asked, consumer = self.launches[preflight["lti_message_hint"]], self.consumer()
        consumer.set_user_data(user_id=asked["user"], role=asked["role"], full_name=asked["user"].title())
        consumer.set_resource_link_claim(LINK, title="The quiz")
        consumer.set_context_claim(COURSE, [LTI_1P3_CONTEXT_TYPE.course_offering], "Machine Learning", "ML")
        if "assessment" in asked:
            consumer.set_custom_parameters({"assessment": asked["assessment"]})
        found: dict[str, str] = consumer.generate_launch_request(preflight)
        return found

    def take_score(self, token: str, body: str) -> dict[str, Any]:
        if not self.consumer().check_token(token, [SCORE]):
            raise PermissionError("the token does not allow it")
        self.scores.append(json.loads(body))
        return {}


class Handler(BaseHTTPRequestHandler):
    edx: OpenEdx

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: standard output has the address, and no more."""

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        work = {
            "/start": lambda: self.edx.start(query),
            "/auth": lambda: self.edx.authorize(query),
            "/jwks": lambda: self.edx.consumer().get_public_keyset(),
            "/scores": lambda: self.edx.scores,
        }
        self.reply(work[path])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        work = {
            "/token": lambda: self.edx.consumer().access_token(dict(parse_qsl(body))),
            "/lineitems/1/scores": lambda: self.edx.take_score(token, body),
            "/deep": lambda: self.edx.consumer().check_and_decode_deep_linking_token(
                dict(parse_qsl(body))["JWT"]
            ),
        }
        self.reply(work[urlsplit(self.path).path])

    def reply(self, work: Any) -> None:
        try:
            status, found = 200, work()
        except Exception as error:
            status, found = 400, {"error": repr(error)}
        content = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    server = ThreadingHTTPServer(("localhost", 0), Handler)
    address = f"http://localhost:{server.server_port}"
    Handler.edx = OpenEdx(sys.argv[1], address)
    Thread(target=server.serve_forever, daemon=True).start()
    print(address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
