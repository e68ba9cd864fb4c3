"""A learning-management system for tests: a whole LTI Advantage platform behind a real HTTP server.

It is written from the specifications, shares no code with the tool, and is as strict as they allow. A test says who
is there, launches them, reads what the tool did, and adds the faults that the tool has to live with:

    with FakeLms() as lms:
        lms.faults.add("scores", faults.status(500), times=2)
        ...
        assert lms.grade(lms.link, lms.student.sub) == 80
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from threading import RLock
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import httpx
from joserfc.jwk import RSAKey

from assessment.models import Deployment, Platform
from assessment.models.platforms import PlatformState
from tests.lti import routes, services, tokens
from tests.lti.faults import Faults
from tests.lti.gradebook import Gradebook, LineItem, Score
from tests.lti.messages import DEEP_LINK, LAUNCH, Launch
from tests.lti.school import Course, Link, User, new_link_id, student, teacher
from tests.lti.serving import Exchange, Refused, Reply, Server
from tests.lti.signing import Seal, new_key

ToolKeys = str | Mapping[str, Any] | Callable[[], Mapping[str, Any]]


@dataclass(eq=False)
class FakeLms:
    """A platform with one course, in which a teacher and a student are, and one graded link.

    ``calls[endpoint]`` counts requests, ``answers[endpoint, status]`` whole replies; ``routes`` has the names. Times
    are those of ``clock``. ``tool_jwks`` is the address of the tool's keys, the keys, or what returns them: called
    in a thread of the server, so it must not ask the database of a test.
    """

    name: str = "School"
    client_id: str = "assay-at-school"
    deployment_id: str = "1"
    host: str = "127.0.0.1"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    # The tool, as it was registered.
    redirect_uris: list[str] = field(default_factory=list)
    login_url: str = ""
    target: str = "http://testserver/lti/launch"
    targets: dict[str, str] = field(default_factory=dict)
    tool_jwks: ToolKeys = field(default_factory=dict)
    custom_parameters: dict[str, str] = field(default_factory=dict)
    allowed_scopes: tuple[str, ...] = tokens.SCOPES

    # How it differs from other platforms.
    token_audience: str = ""
    token_seconds: int = 3600
    page_size: int = 100
    address_query: str = "type_id=7"
    tells_links: bool = True
    """Whether it says of a column which link it belongs to."""
    keeps_secrets: bool = False
    """Whether its pages keep something for a tool whose frame has no cookies (Platform Storage 1.0)."""

    def __post_init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.faults = Faults(routes.ENDPOINTS)
        self.tokens, self.pages, self.gradebook = tokens.Tokens(), services.Pages(), Gradebook()
        self.registration_tokens: set[str] = set()
        self.registrations: list[dict[str, Any]] = []
        self.choices: list[dict[str, Any]] = []
        self.launches: dict[str, Launch] = {}
        self.courses: dict[str, Course] = {}
        self.links: dict[str, Link] = {}
        self.keys: list[RSAKey] = []
        self.rotate()
        self.teacher, self.student = teacher(), student()
        self.course = self.add_course(members=[self.teacher, self.student])
        self.link = self.add_link()
        self._lock = RLock()
        self._server = Server(self._answer)
        self.issuer = f"http://{self.host}:{self._server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End everything at once, also what hangs. What the platform itself did wrong is raised now."""
        self._server.close()
        for trouble in self._server.troubles:
            raise AssertionError("the platform itself failed") from trouble

    # Addresses

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/jwks"

    @property
    def token_url(self) -> str:
        return f"{self.issuer}/token"

    @property
    def authorization_url(self) -> str:
        return f"{self.issuer}/auth"

    @property
    def configuration_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    def line_items_url(self, course: Course) -> str:
        return self._with_query(f"{self.issuer}/courses/{course.id}/lineitems")

    def line_item_url(self, item: LineItem) -> str:
        return self._with_query(f"{self.issuer}/courses/{item.course}/lineitems/{item.number}")

    def memberships_url(self, course: Course) -> str:
        return f"{self.issuer}/courses/{course.id}/memberships"

    def _with_query(self, address: str) -> str:
        return f"{address}?{self.address_query}" if self.address_query else address

    # Keys

    @property
    def signing_key(self) -> RSAKey:
        return self.keys[-1]

    def rotate(self, *, withdraw: bool = False) -> str:
        """Sign with a new key from now on, and return its kid. Earlier ones stay published, or are withdrawn."""
        if withdraw:
            self.keys.clear()
        kid = f"platform-{secrets.token_hex(4)}"
        self.keys.append(new_key(kid))
        return kid

    def tool_keys(self) -> Mapping[str, Any]:
        """Return the tool's keys, fetched anew each time. Raises Refused."""
        if callable(self.tool_jwks):
            return self.tool_jwks()
        if not isinstance(self.tool_jwks, str):
            return self.tool_jwks
        try:
            with httpx.Client(timeout=5, trust_env=False, verify=False) as client:
                return client.get(self.tool_jwks).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise Refused(
                400, f"the tool's keys cannot be fetched: {error}", code="invalid_client"
            ) from error

    def expire_tokens(self) -> None:
        """Let no access token that was given out open anything any more."""
        self.tokens.expire()

    # What is there

    def add_course(self, **fields: Any) -> Course:
        course = Course(**fields)
        self.courses[course.id] = course
        return course

    def add_link(
        self,
        course: Course | None = None,
        *,
        maximum: float | None = 100.0,
        resource_id: str = "",
        tag: str = "",
        **fields: Any,
    ) -> Link:
        """Add a link to a course, with a line item out of ``maximum``, or with none where that is None."""
        link = Link(course or self.course, **fields)
        self.links[link.id] = link
        if maximum is not None:
            self.gradebook.add(
                link.course.id, link.title, maximum, link=link.id, resource_id=resource_id, tag=tag
            )
        return link

    def copy_course(self, course: Course) -> Course:
        """Copy a course with its links and line items, and without its people, as for the next term."""
        copied = self.add_course(title=course.title, history=(course.id, *course.history))
        for link in [link for link in self.links.values() if link.course is course]:
            same = replace(link, course=copied, id=new_link_id(), history=(link.id, *link.history))
            self.links[same.id] = same
            for item in self.gradebook.of_link(link.id):
                self.gradebook.copy(item, course=copied.id, link=same.id)
        return copied

    def course_called(self, course_id: str) -> Course:
        """Return a course. Raises Refused."""
        if course_id not in self.courses:
            raise Refused(404, f"no course {course_id!r}")
        return self.courses[course_id]

    @property
    def log(self) -> list[Score]:
        """Every score that was accepted, in order."""
        return self.gradebook.log

    def line_item(self, link: Link) -> LineItem:
        """Return the one line item of a link."""
        (item,) = self.gradebook.of_link(link.id)
        return item

    def grade(self, link: Link, sub: str) -> float | None:
        """Return somebody's grade in percent, as it stands in the gradebook now."""
        item = self.line_item(link)
        value = item.value(sub)
        return None if value is None else 100 * value / item.maximum

    # Messages

    def launch(
        self,
        user: User | None = None,
        /,
        kind: str = LAUNCH,
        *,
        link: Link | None = None,
        course: Course | None = None,
        target: str | None = None,
        about: User | None = None,
        seal: Seal | None = None,
        **changes: Any,
    ) -> Launch:
        """Take a user into the course, and return what a click of theirs is about.

        ``about`` is whose work a review shows. ``changes`` replace claims, or take them away (ABSENT); so does
        ``seal`` with the signature.
        """
        link = link or (None if kind == DEEP_LINK else self.link)
        course = link.course if link else course or self.course
        user = user or (self.student if kind == LAUNCH else self.teacher)
        course.enter(user)
        return Launch(
            user=user,
            kind=kind,
            course=course,
            link=link,
            target=target or (link and link.target) or self.targets.get(kind) or self.target,
            about=about,
            seal=seal or Seal(),
            changes=changes,
        )

    def id_token(self, nonce: str, user: User | None = None, /, kind: str = LAUNCH, **launch: Any) -> str:
        """Return a message with its signature; the rest is as for ``launch``."""
        return self.launch(user, kind, **launch).signed(self, nonce)

    def login_parameters(
        self, user: User | None = None, /, kind: str = LAUNCH, **launch: Any
    ) -> dict[str, str]:
        """Return what the login of the tool is sent. The endpoint "auth" then gives out the message."""
        hint = secrets.token_urlsafe(8)
        self.launches[hint] = self.launch(user, kind, **launch)
        return self.login_fields(hint)

    def login_fields(self, hint: str) -> dict[str, str]:
        launch = self.launches[hint]
        return {
            "iss": self.issuer,
            "login_hint": launch.user.sub,
            "target_link_uri": launch.target,
            "lti_message_hint": hint,
            "client_id": self.client_id,
            "lti_deployment_id": self.deployment_id,
            **({"lti_storage_target": "_parent"} if self.keeps_secrets else {}),
        }

    def page_url(self, parameters: Mapping[str, str], *, framed: bool = True) -> str:
        """Return the address of a page that opens the tool with ``login_parameters``, for a browser."""
        return f"{self.issuer}/open/{parameters['lti_message_hint']}{'' if framed else '?window'}"

    # Registrations

    def registration_query(self) -> str:
        """Return what an administrator's page adds to the registration address of a tool; it holds once."""
        token = secrets.token_urlsafe(16)
        self.registration_tokens.add(token)
        return urlencode({"openid_configuration": self.configuration_url, "registration_token": token})

    def use_tool(self, base_url: str) -> None:
        """Know a tool by its usual addresses."""
        self.redirect_uris = [f"{base_url}/lti/launch"]
        self.login_url, self.target = f"{base_url}/lti/login", f"{base_url}/lti/launch"
        self.tool_jwks = self.tool_jwks or f"{base_url}/lti/jwks"

    def register_in_assay(self, base_url: str = "http://testserver", **changes: Any) -> Deployment:
        """Make the rows of this platform and its deployment, both active, as if it had registered."""
        self.use_tool(base_url)
        fields = {
            "name": self.name,
            "issuer": self.issuer,
            "client_id": self.client_id,
            "authorization_url": self.authorization_url,
            "token_url": self.token_url,
            "token_audience": self.token_audience,
            "jwks_url": self.jwks_url,
            "state": PlatformState.ACTIVE,
            "created_at": self.clock(),
        }
        platform = Platform.objects.create(**fields | changes)
        return Deployment.objects.create(
            platform=platform,
            deployment_id=self.deployment_id,
            state=PlatformState.ACTIVE,
            created_at=self.clock(),
        )

    # Requests

    def _answer(self, exchange: Exchange) -> None:
        """Answer one request, unless a fault does."""
        name, endpoint = routes.find(exchange.request_read)
        work = partial(self._work, endpoint)
        with self._lock:
            self.calls[name] += 1
        fault = self.faults.take(name)
        reply = fault.act(exchange, work) if fault else work()
        if reply is not None:
            with self._lock:
                self.answers[name, reply.status] += 1
            exchange.send(reply)

    def _work(self, work: Callable[[FakeLms], Reply]) -> Reply:
        with self._lock:
            try:
                return work(self)
            except Refused as refused:
                return refused.reply
