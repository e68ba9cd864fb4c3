"""A launch by way of the browser: the login at the platform, and what the tool chose for its teacher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tests.lti.messages import DEEP_LINKING, LTI, deep_link_data
from tests.lti.school import Course
from tests.lti.serving import HTML, Refused, Reply, Request
from tests.lti.signing import read_token

if TYPE_CHECKING:
    from tests.lti.platform import FakeLms

REQUIRED: Final = {
    "scope": "openid",
    "response_type": "id_token",
    "response_mode": "form_post",
    "prompt": "none",
}
# What one origin has put there no other can get.
STORAGE: Final = """<script>
const kept = new Map();
addEventListener("message", ({ data, origin, source }) => {
  const name = JSON.stringify([origin, data.key]);
  if (data.subject === "lti.put_data") kept.set(name, data.value);
  else if (data.subject !== "lti.get_data") return;
  const { key, message_id } = data;
  source.postMessage({ subject: `${data.subject}.response`, message_id, key, value: kept.get(name) }, origin);
});
</script>"""
ERRORS: Final = {"scope": "invalid_scope", "response_type": "unsupported_response_type"}


def authorize(lms: FakeLms, request: Request) -> Reply:
    """The authorization endpoint: a form that takes the message, or an error, to the tool by itself."""
    given = request.query if request.method == "GET" else request.form
    if given.get("client_id") != lms.client_id:
        raise Refused(
            400, f"the client {given.get('client_id')!r} is not registered", code="unauthorized_client"
        )
    if given.get("redirect_uri") not in lms.redirect_uris:
        raise Refused(400, f"{given.get('redirect_uri')!r} is not registered", code="invalid_request")
    if error := _error(lms, given):
        fields = {"error": error[0], "error_description": error[1]}
    else:
        launch = lms.launches[given["lti_message_hint"]]
        fields = {"id_token": launch.signed(lms, given["nonce"])}
    state = {"state": given["state"]} if "state" in given else {}
    return page(form(given["redirect_uri"], fields | state))


def _error(lms: FakeLms, given: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the word of OpenID Connect for what is wrong, and a reason."""
    for name, value in REQUIRED.items():
        if given.get(name) != value:
            return ERRORS.get(name, "invalid_request"), f"{name} is {given.get(name)!r}"
    for name in ("nonce", "state"):
        if not given.get(name):
            return "invalid_request", f"{name} is missing"
    launch = lms.launches.get(given.get("lti_message_hint", ""))
    if launch is None or given.get("login_hint") != launch.user.sub:
        return "login_required", "the hints are not the ones that were sent"
    return None


def open_tool(lms: FakeLms, request: Request, hint: str) -> Reply:
    """A page of the course that opens the tool in a frame, or with ``?window`` in its own place."""
    launch = lms.launches.get(hint)
    if launch is None:
        raise Refused(404, "no such page")
    if "window" in request.query:
        return page(form(lms.login_url, lms.login_fields(hint)))
    frame = '<iframe name="tool" title="Tool" style="width: 100%; height: 90vh"></iframe>'
    storage = STORAGE if lms.keeps_secrets else ""
    return page(
        f"<h1>{escape(launch.course.title)}</h1>{storage}{frame}{form(lms.login_url, lms.login_fields(hint), 'tool')}"
    )


def show_course(lms: FakeLms, request: Request, course_id: str) -> Reply:
    """Where the tool sends people back to."""
    return page(f"<h1>{escape(lms.course_called(course_id).title)}</h1>")


def keep_choice(lms: FakeLms, request: Request, course_id: str) -> Reply:
    """Where the tool sends the browser with what was chosen: links are made of it."""
    course = lms.course_called(course_id)
    claims = read_token(
        request.form.get("JWT", ""),
        lms.tool_keys(),
        issuer=lms.client_id,
        audiences=[lms.issuer],
        now=lms.clock(),
    )
    _check_choice(lms, claims, course)
    lms.choices.append(claims)
    for item in claims.get(f"{DEEP_LINKING}content_items", []):
        if item.get("type") == "ltiResourceLink":
            _add_chosen(lms, course, item)
    return page("<p>Added to your course.</p>")


def _check_choice(lms: FakeLms, claims: Mapping[str, Any], course: Course) -> None:
    expected = {
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": lms.deployment_id,
        f"{DEEP_LINKING}data": deep_link_data(course),
    }
    for name, value in expected.items():
        if claims.get(name) != value:
            raise Refused(400, f"{name} is {claims.get(name)!r}")
    nonce = claims.get("nonce")
    if not nonce or any(nonce == earlier["nonce"] for earlier in lms.choices):
        raise Refused(400, "the nonce is missing, or was used before")


def _add_chosen(lms: FakeLms, course: Course, item: Mapping[str, Any]) -> None:
    line_item = item.get("lineItem", {})
    lms.add_link(
        course,
        title=item.get("title", "Untitled"),
        custom=item.get("custom", {}),
        target=item.get("url"),
        maximum=line_item.get("scoreMaximum"),
        resource_id=line_item.get("resourceId", ""),
        tag=line_item.get("tag", ""),
    )


def page(body: str) -> Reply:
    # The icon spares a browser asking for one.
    head = '<!doctype html><html lang="en"><title>School</title><link rel="icon" href="data:,">'
    return Reply(200, f"{head}<body>{body}</body></html>".encode(), HTML)


def form(action: str, fields: Mapping[str, str], frame: str = "") -> str:
    """Return a form that sends itself."""
    inputs = (
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    opening = f'<form method="post" action="{escape(action)}" target="{escape(frame or "_self")}">'
    return f"{opening}{''.join(inputs)}</form><script>document.forms[0].submit()</script>"


@dataclass
class Form:
    """A form as a browser would send it."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Form()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.action = named.get("action", "")
        elif tag == "input" and "name" in named:
            self.found.fields[named["name"]] = named.get("value", "")


def read_form(html: str) -> Form:
    """Return the form of a page, for tests without a browser."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if not urlsplit(reader.found.action).scheme:
        raise ValueError(f"no form with a whole address: {html[:200]}")
    return reader.found
