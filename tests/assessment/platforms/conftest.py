"""A platform with a gradebook, and a link of it that opens a quiz here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from assessment.models import (
    Assignment,
    Attempt,
    Grade,
    Platform,
    PlatformContext,
    PlatformPerson,
    ResourceLink,
    User,
)
from assessment.people.assignments import give_on_usual_terms
from assessment.platforms.grading import send_due
from assessment.platforms.keys import published_keys
from assessment.platforms.tokens import SCOPES, forget_tokens
from tests import builders, sitting
from tests.lti.platform import FakeLms
from tests.lti.school import Link
from tests.lti.school import User as Somebody


@dataclass
class School:
    """The platform, its course here, and the time that both go by."""

    lms: FakeLms
    platform: Platform
    context: PlatformContext
    now: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        self.lms.clock = lambda: self.now

    def pass_time(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now

    def quiz(self, *, items: int = 2, grade_rule: str = "best", **fields: Any) -> Assignment:
        """An assessment of choices, given to the course; ``right`` is right in each."""
        given = [builders.make_item() for _ in range(items)]
        assessment = builders.make_assessment(*given, **fields)
        assignment = give_on_usual_terms(
            assessment=assessment, usual=assessment.definition.usual, course=self.context.course, now=self.now
        )
        assignment.grade_rule = grade_rule
        assignment.save()
        return assignment

    def link(self, assignment: Assignment, *, theirs: Link | None = None, **fields: Any) -> ResourceLink:
        """The link of the platform that opens an assignment, with its column."""
        placed = theirs or self.lms.link
        columns = self.lms.gradebook.of_link(placed.id)
        given = {
            "line_item": self.lms.line_item_url(columns[0]) if columns else "",
            "line_items": self.lms.line_items_url(placed.course),
            "scopes": list(SCOPES),
            "created_at": self.now,
        }
        return ResourceLink.objects.create(
            context=self.context,
            link_id=placed.id,
            title=placed.title,
            assignment=assignment,
            **given | fields,
        )

    def learner(self, somebody: Somebody | None = None) -> User:
        """Somebody of the course, by default the student whom every platform has."""
        theirs = somebody or self.lms.student
        self.lms.course.enter(theirs)
        user = builders.make_learner()
        builders.enrol(user, self.context.course)
        PlatformPerson.objects.create(platform=self.platform, subject=theirs.sub, user=user)
        return user

    def take(self, assignment: Assignment, user: User, right: int, *, ends: bool = True) -> Attempt:
        """Sit an attempt with so many right answers."""
        attempt, _ = sitting.start(assignment.assessment, user, now=self.now)
        for position in range(1, attempt.presentations.count() + 1):
            entered = sitting.RIGHT if position <= right else sitting.WRONG
            sitting.answer(attempt, position, entered, now=self.now)
        return sitting.submit(attempt, self.now) if ends else attempt

    def send(self, **later: float) -> tuple[int, int]:
        """Do the scheduled work, after a while."""
        return send_due(self.pass_time(**later or {"seconds": 2}))

    def grades(self) -> list[tuple[int, str, float | None]]:
        rows = Grade.objects.order_by("person", "version")
        return [(one.version, one.state, one.score) for one in rows]


@pytest.fixture
def school(settings: Settings, db: None) -> Iterator[School]:
    settings.PRIVATE_PLATFORMS = True
    with FakeLms() as lms:
        deployment = lms.register_in_assay()
        lms.tool_jwks = published_keys(timezone.now())
        context = PlatformContext.objects.create(
            deployment=deployment,
            context_id=lms.course.id,
            course=builders.make_course(),
            memberships_url=lms.memberships_url(lms.course),
        )
        yield School(lms, deployment.platform, context)
        forget_tokens(deployment.platform)
