"""What a platform says in its messages: Core 1.3, Deep Linking 2.0, Submission Review 1.0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.lti.school import Course, Link, User, substitutions
from tests.lti.signing import Seal, present
from tests.lti.tokens import AGS, MEMBERSHIP_READONLY

if TYPE_CHECKING:
    from tests.lti.platform import FakeLms

LTI: Final = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
GRADES: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
ROSTER: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

LAUNCH: Final = "LtiResourceLinkRequest"
DEEP_LINK: Final = "LtiDeepLinkingRequest"
REVIEW: Final = "LtiSubmissionReviewRequest"

COURSE_OFFERING: Final = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"

LIFE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a click of ``user`` leads to. ``about`` is whose work a review shows."""

    user: User
    kind: str
    course: Course
    link: Link | None
    target: str
    about: User | None = None
    seal: Seal = field(default_factory=Seal)
    changes: Mapping[str, Any] = field(default_factory=dict)

    def claims(self, lms: FakeLms, nonce: str) -> dict[str, Any]:
        """Return all claims: what the kind of message needs, then what a test wants otherwise."""
        found = _envelope(lms, self, nonce)
        for part in PARTS[self.kind]:
            found |= part(lms, self)
        return present({**found, **self.changes})

    def signed(self, lms: FakeLms, nonce: str) -> str:
        return self.seal.sign(self.claims(lms, nonce), lms.signing_key)


Part = Callable[["FakeLms", Launch], dict[str, Any]]


def _envelope(lms: FakeLms, launch: Launch, nonce: str) -> dict[str, Any]:
    now = int(lms.clock().timestamp())
    return {
        "iss": lms.issuer,
        "aud": lms.client_id,
        "sub": launch.user.sub,
        "iat": now,
        "exp": now + LIFE,
        "nonce": nonce,
        f"{LTI}version": "1.3.0",
        f"{LTI}message_type": launch.kind,
        f"{LTI}deployment_id": lms.deployment_id,
    }


def _person(lms: FakeLms, launch: Launch) -> dict[str, Any]:
    return launch.user.profile() | {f"{LTI}roles": list(launch.user.roles)}


def _place(lms: FakeLms, launch: Launch) -> dict[str, Any]:
    return {
        f"{LTI}target_link_uri": launch.target,
        f"{LTI}context": launch.course.context() | {"type": [COURSE_OFFERING]},
        f"{LTI}custom": _custom(lms, launch),
        f"{LTI}tool_platform": {"guid": lms.issuer, "name": lms.name, "product_family_code": "fake-lms"},
        f"{LTI}launch_presentation": {
            "document_target": "iframe",
            "return_url": f"{lms.issuer}/courses/{launch.course.id}",
            "locale": "en",
        },
    }


def _custom(lms: FakeLms, launch: Launch) -> dict[str, str]:
    """Fill in the variables of custom parameters. One that is not known stays as it is written."""
    values = substitutions(launch.user, launch.course, launch.link)
    custom = {**lms.custom_parameters, **(launch.link.custom if launch.link else {})}
    return {name: values.get(value, value) for name, value in custom.items()}


def _resource_link(lms: FakeLms, launch: Launch) -> dict[str, Any]:
    if launch.link is None:
        raise ValueError(f"a {launch.kind} is about a link")
    return {f"{LTI}resource_link": {"id": launch.link.id, "title": launch.link.title}}


def _grades(lms: FakeLms, launch: Launch) -> dict[str, Any]:
    scopes = [scope for scope in lms.allowed_scopes if scope.startswith(AGS)]
    if not scopes:
        return {}
    items = lms.gradebook.of_link(launch.link.id) if launch.link else []
    # Which one is meant is only clear where there is one.
    single = {"lineitem": lms.line_item_url(items[0])} if len(items) == 1 else {}
    return {GRADES: {"scope": scopes, "lineitems": lms.line_items_url(launch.course), **single}}


def _roster(lms: FakeLms, launch: Launch) -> dict[str, Any]:
    if MEMBERSHIP_READONLY not in lms.allowed_scopes:
        return {}
    return {
        ROSTER: {"context_memberships_url": lms.memberships_url(launch.course), "service_versions": ["2.0"]}
    }


def _deep_linking(lms: FakeLms, launch: Launch) -> dict[str, Any]:
    return {
        f"{DEEP_LINKING}deep_linking_settings": {
            "deep_link_return_url": f"{lms.issuer}/courses/{launch.course.id}/deep_links",
            "accept_types": ["link", "ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "accept_lineitem": True,
            "auto_create": True,
            "data": deep_link_data(launch.course),
        }
    }


def deep_link_data(course: Course) -> str:
    """Return what the tool has to send back as it is."""
    return f"chosen for {course.id} = ü&?"


def _for_user(lms: FakeLms, launch: Launch) -> dict[str, Any]:
    about = launch.about or launch.user
    return {f"{LTI}for_user": {"user_id": about.sub, "roles": list(about.roles), **about.profile()}}


PARTS: Final[Mapping[str, tuple[Part, ...]]] = {
    LAUNCH: (_person, _place, _resource_link, _grades, _roster),
    DEEP_LINK: (_person, _place, _grades, _roster, _deep_linking),
    REVIEW: (_person, _place, _resource_link, _grades, _roster, _for_user),
}
