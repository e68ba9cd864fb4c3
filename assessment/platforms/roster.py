"""Who is in a platform's course (Names and Role Provisioning Services 2.0), before anybody has opened a link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from assessment.models import Enrolment, PlatformContext, PlatformPerson
from assessment.models.platforms import LONGEST_ID
from assessment.platforms.arriving import MEMBERSHIP, enrol, is_of_platform, person_of, teaches
from assessment.platforms.calling import ForbiddenAddress, PlatformFailure
from assessment.platforms.tokens import MEMBERS, authorized

MEMBER_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MOST_PAGES: Final = 500


def read_roster(context: PlatformContext, now: datetime) -> int:
    """Let a course have the members that its platform says, and return how many there are.

    Whoever is gone, or inactive, is no member any more; what they did stays. Read page by page. Raises
    PlatformFailure, and then nobody has left.
    """
    platform = context.deployment.platform
    seen, count = set(), 0
    for member in _members(context, now):
        subject = member.get("user_id")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_ID:
            continue
        person = person_of(platform, subject, member, now)
        is_active = member.get("status", "Active") == "Active"
        enrol(
            person.user,
            context.course,
            is_teacher=teaches(_roles(member)),
            ends_at=None if is_active else now,
        )
        seen.add(person.user_id)
        count += 1
    gone = Enrolment.objects.active(now).filter(
        course=context.course, user__in=PlatformPerson.objects.filter(platform=platform).values("user")
    )
    gone.exclude(user__in=seen).update(ends_at=now)
    context.roster_read_at = now
    context.save(update_fields=["roster_read_at"])
    return count


def _roles(member: Mapping[str, Any]) -> frozenset[str]:
    """Return the roles of a member; platforms write those of a course in full or by their last word."""
    roles = member.get("roles")
    named = [one for one in roles if isinstance(one, str)] if isinstance(roles, list) else []
    return frozenset(one if ":" in one else f"{MEMBERSHIP}#{one}" for one in named)


def _members(context: PlatformContext, now: datetime) -> Iterator[Mapping[str, Any]]:
    platform = context.deployment.platform
    url: str | None = context.memberships_url
    if not url:
        raise ForbiddenAddress("The platform does not tell who is in this course.")
    for _ in range(MOST_PAGES):
        if url is None:
            return
        page = authorized(platform, "GET", url, scopes=[MEMBERS], now=now, headers={"Accept": MEMBER_TYPE})
        members = page.document.get("members") if isinstance(page.document, Mapping) else None
        if not isinstance(members, list):
            raise PlatformFailure("The platform answered with no list of members.", 502)
        yield from (one for one in members if isinstance(one, Mapping))
        url = page.links.get("next")
        if url and not is_of_platform(url, platform):
            raise ForbiddenAddress("The next page of the roster is somewhere else.")
    raise PlatformFailure(f"The roster has more than {MOST_PAGES} pages.", 502)
