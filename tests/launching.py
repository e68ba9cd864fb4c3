"""Launches without their platform: for tests of what comes after one."""

from __future__ import annotations

from itertools import count

from django.utils import timezone

from assessment.models import (
    Assignment,
    Course,
    Deployment,
    Platform,
    PlatformContext,
    PlatformPerson,
    ResourceLink,
    User,
)
from assessment.models.platforms import PlatformState
from assessment.platforms.arriving import begin_session, take_code
from assessment.platforms.tokens import SCOPES
from tests import builders

_serial = count(1)


def make_platform(name: str = "The school", site: str = "https://school.example") -> Platform:
    return Platform.objects.create(
        name=name,
        issuer=site,
        client_id=f"client-{next(_serial)}",
        authorization_url=f"{site}/auth",
        token_url=f"{site}/token",
        jwks_url=f"{site}/jwks",
        state=PlatformState.ACTIVE,
        created_at=timezone.now(),
    )


def make_link(
    assignment: Assignment | None = None, *, platform: Platform | None = None, course: Course | None = None
) -> ResourceLink:
    """A link in a course of a platform, with a column in its gradebook."""
    platform = platform or make_platform()
    now = timezone.now()
    deployment, _ = Deployment.objects.get_or_create(
        platform=platform, deployment_id="1", defaults={"state": PlatformState.ACTIVE, "created_at": now}
    )
    course = course or (assignment.course if assignment else None) or builders.make_course()
    context, _ = PlatformContext.objects.get_or_create(
        deployment=deployment, context_id=str(course.pk), defaults={"course": course}
    )
    serial = next(_serial)
    return ResourceLink.objects.create(
        context=context,
        link_id=f"link-{serial}",
        title="The quiz",
        assignment=assignment,
        line_item=f"{platform.issuer}/lineitems/{serial}",
        scopes=list(SCOPES),
        created_at=now,
    )


def make_person(platform: Platform, user: User) -> PlatformPerson:
    return PlatformPerson.objects.create(platform=platform, subject=f"subject-{next(_serial)}", user=user)


def launched(
    user: User,
    *,
    link: ResourceLink | None = None,
    platform: Platform | None = None,
    is_teacher: bool = False,
) -> str:
    """Return the token of a launch that was taken up."""
    now = timezone.now()
    from_there = link.context.deployment.platform if link else platform or make_platform()
    _, code = begin_session(user, from_there, now, {"link": link, "is_teacher": is_teacher})
    taken = take_code(code, now)
    assert taken
    return taken[1]
