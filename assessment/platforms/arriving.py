"""Whoever a platform sends: their account, their course, the link they came by, and the session that opens.

A launch says who somebody is and in which role, each time anew: roles follow it, downwards as well.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from httpx import URL, InvalidURL

from assessment.models import (
    Assessment,
    Assignment,
    Attempt,
    Course,
    Enrolment,
    Launch,
    Platform,
    PlatformContext,
    PlatformPerson,
    ResourceLink,
    Session,
    User,
)
from assessment.models.attempts import AttemptState
from assessment.models.people import Role
from assessment.models.platforms import LONGEST_ID, LONGEST_URL, PlatformState
from assessment.people.assignments import change_assignment, give_on_usual_terms
from assessment.people.sessions import SessionStore
from assessment.platforms.framing import addresses_of, site
from assessment.platforms.messages import FOR_USER, GRADES, LTI, REVIEW, ROSTER, LaunchRefused, Message

MEMBERSHIP: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership"
TEACHES: Final = frozenset({f"{MEMBERSHIP}#Instructor", f"{MEMBERSHIP}#Administrator"})
KIND_OF_TEACHER: Final = f"{MEMBERSHIP}/Instructor#"
"""A teaching assistant is one."""
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
SESSION_AGE: Final = timedelta(hours=12)
TOKEN: Final = "launch_"  # noqa: S105 - what tokens begin with


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who was sent, where to, and in which role. ``link`` is None where they come to choose one."""

    person: PlatformPerson
    context: PlatformContext
    link: ResourceLink | None
    is_teacher: bool

    @property
    def user(self) -> User:
        return self.person.user


@transaction.atomic
def arrive(message: Message, now: datetime) -> Arrival:
    """Take in whoever a message is about. Raises LaunchRefused where their account was closed here."""
    platform = message.deployment.platform
    person = person_of(platform, message.subject, message.claims, now)
    if not person.user.is_active:
        raise LaunchRefused("the account is closed", "Your account here was closed.")
    is_teacher = teaches(message.roles)
    context = _context(message)
    enrol(person.user, context.course, is_teacher=is_teacher)
    link = _link(message, context, now)
    if link and link.assignment is None and (assessment := _meant(message, link)):
        bind(link, assessment, now)
    if link and link.assignment and (is_teacher or not _has_dates(link.assignment)):
        _follow_dates(message, link.assignment, now)
    return Arrival(person, context, link, is_teacher)


def person_of(platform: Platform, subject: str, claims: Mapping[str, Any], now: datetime) -> PlatformPerson:
    """Return somebody as a platform knows them, made the first time, with the name that it tells, if it tells one."""
    found = PlatformPerson.objects.select_related("user").filter(platform=platform, subject=subject).first()
    if found is None:
        user = User(username=f"lti-{uuid4().hex}", date_joined=now)
        user.set_unusable_password()
        user.save()
        found, is_new = PlatformPerson.objects.get_or_create(
            platform=platform, subject=subject, defaults={"user": user}
        )
        if not is_new:
            user.delete()
    _take_name(found.user, claims)
    return found


def teaches(roles: frozenset[str]) -> bool:
    return any(role in TEACHES or role.startswith(KIND_OF_TEACHER) for role in roles)


def enrol(user: User, course: Course, *, is_teacher: bool, ends_at: datetime | None = None) -> None:
    """Make somebody a member of a course, in the role that the platform says."""
    role = Role.INSTRUCTOR if is_teacher else Role.LEARNER
    Enrolment.objects.update_or_create(user=user, course=course, defaults={"role": role, "ends_at": ends_at})


def bind(link: ResourceLink, assessment: Assessment, now: datetime) -> Assignment:
    """Let a link open an assessment in its course, on the terms that are there or else the usual ones."""
    link.assignment = given(link.context.course, assessment, now)
    link.save(update_fields=["assignment"])
    return link.assignment


def given(course: Course, assessment: Assessment, now: datetime) -> Assignment:
    """Return the assignment by which an assessment is given to a course, on the usual terms where it is new."""
    found = Assignment.objects.filter(assessment=assessment, course=course, section=None).first()
    return found or give_on_usual_terms(
        assessment=assessment, usual=assessment.definition.usual, course=course, now=now
    )


def choosable(context: PlatformContext) -> list[Assessment]:
    """Return the assessments that a teacher may place in a course: given to everybody, or in this course already.

    One of a premium lesson is offered where the course has the lesson.
    """
    given = Q(assignments__course=None, assignments__is_open=True) | Q(assignments__course=context.course)
    free = Q(lesson=None) | Q(lesson__premium=False) | Q(lesson__courses=context.course)
    offered = Assessment.objects.filter(given, free, current__isnull=False, retired_at=None).values("pk")
    found = Assessment.objects.filter(pk__in=offered)
    return list(found.select_related("current", "lesson").order_by("title"))


def open_launch(arrival: Arrival, message: Message, now: datetime) -> tuple[Launch, str]:
    """Begin a session for somebody who has arrived; return the launch, and the code by which its page takes it up."""
    link = arrival.link
    shown = message.part(f"{LTI}launch_presentation").get("return_url")
    attempt = _reviewed(message, arrival) if message.kind == REVIEW else None
    return begin_session(arrival.user, arrival.context.deployment.platform, now, {
        "link": link,
        "is_teacher": arrival.is_teacher,
        "attempt": attempt,
        "return_url": shown if isinstance(shown, str) and _is_web(shown) else "",
    })  # fmt: skip


def begin_session(
    user: User, platform: Platform, now: datetime, facts: Mapping[str, Any]
) -> tuple[Launch, str]:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.set_expiry(SESSION_AGE)
    store.create()
    store.save()
    code = secrets.token_urlsafe(32)
    launch = Launch.objects.create(
        session=Session.objects.get(pk=store.session_key),
        platform=platform,
        code=digest(code),
        created_at=now,
        **facts,
    )
    return launch, code


def take_code(code: str, now: datetime) -> tuple[Launch, str] | None:
    """Take up a launch by its code, once; return it with its first token, or None."""
    token = _new_token()
    fresh = Launch.objects.filter(code=digest(code), created_at__gt=now - Launch.CODE_AGE)
    if not fresh.update(code=None, token=digest(token), token_made_at=now):
        return None
    return _launches().get(token=digest(token)), token


def renew(token: str, now: datetime) -> str | None:
    """Return a new token for one that holds, which holds until the next renewal.

    The one before may be renewed as well: the reply to a renewal can be lost.
    """
    new, hashed = _new_token(), digest(token)
    holding = Launch.objects.filter(
        Q(token=hashed) | Q(earlier_token=hashed), token_made_at__gt=now - Launch.TOKEN_AGE
    )
    renewed = holding.update(earlier_token=hashed, token=digest(new), token_made_at=now)
    return new if renewed else None


def launch_by_token(token: str, now: datetime) -> Launch | None:
    """Return the launch that a token belongs to, while both hold."""
    hashed = digest(token)
    found = _launches().filter(Q(token=hashed) | Q(earlier_token=hashed)).first()
    if found is None or found.platform.state != PlatformState.ACTIVE:
        return None
    return found if found.takes_token(now) else None


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def is_of_platform(url: object, platform: Platform) -> bool:
    """Whether an address that a message names is on a site of its platform, so that a token may be sent there."""
    if not isinstance(url, str) or not _is_web(url) or len(url) > LONGEST_URL:
        return False
    return site(url) in {site(one) for one in addresses_of(platform)}


def _launches() -> Any:
    return Launch.objects.select_related(
        "platform", "link__assignment__assessment", "link__context__deployment"
    )


def _new_token() -> str:
    return f"{TOKEN}{secrets.token_urlsafe(32)}"


def _take_name(user: User, claims: Mapping[str, Any]) -> None:
    """Keep the name that a platform tells by now. It need tell none, and tells no address that we would keep."""
    given, family, whole = (claims.get(name) for name in ("given_name", "family_name", "name"))
    first = given if isinstance(given, str) else whole if isinstance(whole, str) else ""
    last = family if isinstance(given, str) and isinstance(family, str) else ""
    if (first or last) and (user.first_name, user.last_name) != (first[:150], last[:150]):
        user.first_name, user.last_name = first[:150], last[:150]
        user.save(update_fields=["first_name", "last_name"])


def _context(message: Message) -> PlatformContext:
    claim = message.part(f"{LTI}context")
    name = claim.get("id")
    context_id = name if isinstance(name, str) and len(name) <= LONGEST_ID else ""
    deployment = message.deployment
    found = PlatformContext.objects.filter(deployment=deployment, context_id=context_id)
    context = found.select_related("course", "deployment__platform").first()
    title = next((t for t in (claim.get("title"), claim.get("label")) if isinstance(t, str) and t), "")
    if context is None:
        course = Course.objects.create(
            slug=f"lti-{uuid4().hex[:12]}", title=(title or deployment.platform.name)[:200]
        )
        context, is_new = PlatformContext.objects.get_or_create(
            deployment=deployment, context_id=context_id, defaults={"course": course}
        )
        if not is_new:
            course.delete()
    members = message.part(ROSTER).get("context_memberships_url")
    if (
        isinstance(members, str)
        and is_of_platform(members, deployment.platform)
        and members != context.memberships_url
    ):
        context.memberships_url = members
        context.save(update_fields=["memberships_url"])
    return context


def _link(message: Message, context: PlatformContext, now: datetime) -> ResourceLink | None:
    """Return the link that a message names, with what it says about grades; None where somebody comes to choose."""
    claim = message.part(f"{LTI}resource_link")
    name = claim.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
        return None
    link, _ = ResourceLink.objects.select_related("assignment__assessment").get_or_create(
        context=context, link_id=name, defaults={"created_at": now}
    )
    link.context = context
    if isinstance(title := claim.get("title"), str):
        link.title = title[:LONGEST_ID]
    _take_endpoint(message.part(GRADES), link)
    link.save()
    return link


def _take_endpoint(claim: Mapping[str, Any], link: ResourceLink) -> None:
    """Take in where grades go. Raises LaunchRefused for addresses of somebody else."""
    platform = link.context.deployment.platform
    for name, column in (("lineitem", "line_item"), ("lineitems", "line_items")):
        url = claim.get(name)
        if url is None:
            continue
        if not is_of_platform(url, platform):
            raise LaunchRefused(f"its {name} is {url!r}")
        setattr(link, column, url)
    scopes = claim.get("scope")
    if isinstance(scopes, list):
        link.scopes = [one for one in scopes if isinstance(one, str)]


def _meant(message: Message, link: ResourceLink) -> Assessment | None:
    """Return the assessment that a new link is about: as it was placed, or as the link that it was copied from."""
    allowed = {one.slug: one for one in choosable(link.context)}
    if named := allowed.get(message.custom("assessment")):
        return named
    earlier = [one for one in message.custom("link_history").split(",") if one]
    copied = ResourceLink.objects.filter(
        context__deployment=link.context.deployment, link_id__in=earlier, assignment__isnull=False
    )
    origin = copied.select_related("assignment__assessment").order_by("-created_at").first()
    return allowed.get(origin.assignment.assessment.slug) if origin and origin.assignment else None


def _follow_dates(message: Message, assignment: Assignment, now: datetime) -> None:
    """Let an assignment open and close with its link, unless somebody here has set it by hand."""
    opens = _date(message.custom("available_start"))
    closes = _date(message.custom("due")) or _date(message.custom("available_end"))
    wanted = (opens or assignment.opens_at, closes or assignment.closes_at)
    if wanted == (assignment.opens_at, assignment.closes_at) or _is_set_by_hand(assignment):
        return
    if wanted[0] and wanted[1] and wanted[0] >= wanted[1]:
        return
    assignment.opens_at, assignment.closes_at = wanted
    change_assignment(assignment=assignment, author=None, now=now)


def _has_dates(assignment: Assignment) -> bool:
    """A learner's launch may tell the learner's own dates: they are nobody else's."""
    return bool(assignment.opens_at or assignment.closes_at)


def _is_set_by_hand(assignment: Assignment) -> bool:
    """Whether somebody here has changed it. What a platform's teacher has chosen yields to the platform's dates."""
    return assignment.changes.filter(author__isnull=False, author__platforms__isnull=True).exists()


def _date(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _reviewed(message: Message, arrival: Arrival) -> Attempt | None:
    """Return the attempt that a submission review asks for: the last one that has ended, of whom it names."""
    subject = message.part(FOR_USER).get("user_id")
    if not arrival.link or not arrival.link.assignment:
        return None
    is_own = subject == arrival.person.subject
    if not is_own and not arrival.is_teacher:
        raise LaunchRefused("it asks for the work of somebody else")
    found = Attempt.objects.filter(
        learner__users__platforms__subject=subject,
        learner__users__platforms__platform=arrival.person.platform_id,
        assignment__in=Assignment.objects.alongside(arrival.link.assignment_id),
    ).exclude(state=AttemptState.OPEN)
    return found.order_by("-started_at").first()


def _is_web(url: str) -> bool:
    try:
        parsed = URL(url)
    except InvalidURL:
        return False
    return parsed.scheme in ("https", "http") and bool(parsed.host)
