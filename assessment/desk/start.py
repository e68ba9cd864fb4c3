"""What somebody finds first at the desk: own drafts, what was sent back, what is to review, and where learners are.

Each part is a few statements, has a limit of rows, and holds only rows that the person may see. Nothing is certified
for it: of a draft it says whether it can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from assessment.models import (
    AssessmentVersion,
    Assignment,
    Attempt,
    Enrolment,
    Presentation,
    RegradeRequest,
    User,
)
from assessment.models.attempts import AttemptState
from assessment.models.people import Role
from assessment.people.rights import rows
from assessment.rules.document import parse_assessment
from content.items.parsing.document import parse_definition
from content.items.refusals import REFUSALS
from content.lessons import parse_lesson
from content.models import ItemVersion, LessonVersion, Review, Status, Version
from content.models.reviews import Decision
from content.models.versions import Hashed

MOST: Final = 6
"""Rows of each part: what is more stands in the lists."""

LATELY: Final = timedelta(days=7)
"""For how long something that was handed in is new."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Something that was begun and is not published."""

    kind: str
    title: str
    address: str
    since: datetime
    can_be_read: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class SentBack:
    """What a reviewer said of a draft that nobody has asked about again."""

    title: str
    address: str
    by: str
    words: str
    when: datetime


@dataclass(frozen=True, slots=True)
class ToReview:
    title: str
    address: str
    by: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is going on in an assignment, and where to look at it."""

    number: int
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Result:
    """An assessment given to one of the person's courses at which something happens."""

    assessment: str
    course: str
    facts: Sequence[Fact]
    gradebook: str
    statistics: str


@dataclass(frozen=True, slots=True)
class Start:
    """All parts; those of which there is nothing are empty."""

    drafts: Sequence[Draft]
    sent_back: Sequence[SentBack]
    to_review: Sequence[ToReview]
    review_count: int
    results: Sequence[Result]
    lately: int = field(default=LATELY.days)


def start_of(user: User, now: datetime) -> Start:
    """Return what the first page shows to somebody."""
    to_review = _waiting(user, now)
    return Start(
        drafts=_drafts(user, now),
        sent_back=_sent_back(user, now),
        to_review=[_to_review(review) for review in to_review[:MOST]],
        review_count=to_review.count(),
        results=_results(user, now),
    )


# Drafts


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of draft: what people call it, and how it is read."""

    words: str
    model: type[Version]
    owner: str
    read: Callable[[Any], object]


KINDS: Final = (
    _Kind("Question", ItemVersion, "item", parse_definition),
    _Kind("Assessment", AssessmentVersion, "assessment", parse_assessment),
    _Kind("Lesson", LessonVersion, "lesson", parse_lesson),
)


def _drafts(user: User, now: datetime) -> list[Draft]:
    """Return the drafts that somebody saved last, the latest first."""
    found = [draft for kind in KINDS for draft in _drafts_of(kind, user, now)]
    return sorted(found, key=lambda draft: draft.since, reverse=True)[:MOST]


def _drafts_of(kind: _Kind, user: User, now: datetime) -> Iterator[Draft]:
    every: QuerySet[Any] = kind.model._default_manager.filter(rows(user, "view", kind.model, now))
    own = every.filter(status=Status.DRAFT, written_by=user)
    if kind.model is ItemVersion:
        own = own.annotate(waits=Exists(Review.objects.waiting().filter(version=OuterRef("pk"))))
    latest = F("written_at").desc(nulls_last=True)
    for version in own.select_related(kind.owner).order_by(latest, "-pk")[:MOST]:
        owner = getattr(version, kind.owner)
        yield Draft(
            kind.words,
            owner.title or owner.slug,
            _form(version),
            version.written_at or version.created_at,
            _can_be_read(kind.read, Hashed(version.fingerprint, version.document)),
            waits=getattr(version, "waits", False),
        )


@lru_cache(maxsize=2000)
def _can_be_read(read: Callable[[Any], object], hashed: Hashed) -> bool:
    """Whether the document of a draft is one; kept in the process, as a fingerprint never means another."""
    try:
        read(hashed.document)
    except REFUSALS:
        return False
    return True


def _form(version: Version) -> str:
    return reverse(f"admin:{version._meta.app_label}_{version._meta.model_name}_change", args=[version.pk])


# Reviews


def _sent_back(user: User, now: datetime) -> list[SentBack]:
    later = Review.objects.filter(version=OuterRef("version"), pk__gt=OuterRef("pk"))
    own = Review.objects.filter(
        rows(user, "view", Review, now),
        Q(asked_by=user) | Q(version__written_by=user),
        ~Exists(later),
        decision=Decision.SENT_BACK,
        version__status=Status.DRAFT,
    )
    return [
        SentBack(
            review.version.item.title or review.version.item.slug,
            _form(review.version),
            _name(review.decided_by),
            review.words,
            review.decided_at or review.asked_at,
        )
        for review in own.select_related("version__item", "decided_by")[:MOST]
    ]


def _waiting(user: User, now: datetime) -> QuerySet[Review]:
    """Return the reviews that somebody may decide, the longest waiting first."""
    decided = ItemVersion.objects.filter(rows(user, "decide", ItemVersion, now)).exclude(written_by=user)
    waiting = Review.objects.waiting().filter(version__in=decided.values("pk"))
    return waiting.select_related("version__item", "asked_by").order_by("pk")


def _to_review(review: Review) -> ToReview:
    address = reverse("admin:content_itemversion_page", args=[review.version_id, "preview"])
    title = review.version.item.title or review.version.item.slug
    return ToReview(title, address, _name(review.asked_by), review.asked_at)


def _name(account: Any) -> str:
    return (account.get_full_name() or account.get_username()) if account else "somebody"


# Results


def _results(user: User, now: datetime) -> list[Result]:
    """Return what goes on in the courses that somebody teaches; an administrator's are those, too."""
    taught = Enrolment.objects.active(now).filter(user=user, role=Role.INSTRUCTOR).values("course")
    attempts = Attempt.objects.filter(is_void=False)
    at_work = Q(state=AttemptState.OPEN) & (Q(deadline__isnull=True) | Q(deadline__gt=now))
    given: QuerySet[Any] = Assignment.objects.filter(course__in=taught).annotate(
        working=_number(attempts.filter(at_work), "assignment"),
        handed_in=_number(attempts.filter(finished_at__gt=now - LATELY), "assignment"),
        to_judge=_number(
            Presentation.objects.filter(is_pending=True, is_dropped=False, attempt__is_void=False),
            "attempt__assignment",
        ),
        asked=_number(RegradeRequest.objects.filter(closed_at=None), "response__attempt__assignment"),
    )
    busy = given.filter(Q(working__gt=0) | Q(handed_in__gt=0) | Q(to_judge__gt=0) | Q(asked__gt=0))
    ordered = busy.order_by("-working", "-asked", "-to_judge", "-handed_in", "pk")
    return [_result(one) for one in ordered.select_related("assessment", "course", "section")[:MOST]]


def _number(counted: QuerySet[Any], path: str) -> Coalesce:
    """Return how many rows lead to an assignment."""
    own = counted.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(
        Subquery(own.annotate(number=Count("pk")).values("number")), 0, output_field=IntegerField()
    )


def _result(given: Any) -> Result:
    def page(name: str) -> str:
        return reverse("admin:assessment_course_page", args=[given.course_id, name])

    facts = [
        Fact(given.working, "working now", f"{page('live')}?assignment={given.pk}"),
        Fact(given.asked, "ask for another look", page("requests")),
        Fact(given.to_judge, "to be judged", page("gradebook")),
        Fact(given.handed_in, "handed in", page("gradebook")),
    ]
    section = f", {given.section.title}" if given.section else ""
    return Result(
        given.assessment.title,
        f"{given.course.title}{section}",
        [fact for fact in facts if fact.number],
        page("gradebook"),
        reverse("admin:assessment_assessment_page", args=[given.assessment_id, "statistics"]),
    )
