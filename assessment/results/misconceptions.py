"""The misconceptions of a course: which, who shares one, when and where it showed; and a practice set against one.

A practice set is an assessment of the course. It cannot be given to some of its members alone, so its title says what
it is about, and the page lists who shares the misconception.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from assessment.authoring import draft_assessment, publish_assessment
from assessment.models import Assessment, Assignment, Course, Presentation, User
from assessment.models.statements import all_rows
from assessment.people.access import for_practice
from assessment.people.assignments import change_assignment
from assessment.results.counting import QUERIES
from assessment.scoring.tries import RIGHT
from content.authoring import AuthoringError
from content.models import AuthorGrant, Item, Misconception
from content.models.items import ItemQuerySet

MOST_ITEMS: Final = 6
"""In a practice set: a quarter of an hour."""
TRIES: Final = 3
LONGEST_SLUG: Final = 100
LONGEST_TITLE: Final = 200
MOST_WEEKS: Final = 26
"""Weeks that a page shows, the latest: half a year."""


class NothingToPractice(AuthoringError):
    """No exercise may be practiced now in which a misconception can show."""

    def __init__(self, misconception: Misconception) -> None:
        super().__init__(
            f"No exercise that may be practiced now can show “{misconception.title}”. "
            "Exercises of assessments that are kept exclusive are not practiced while these run."
        )


class SlugTaken(AuthoringError):
    """An assessment of the name that a practice set would have is not this course's."""


@dataclass(frozen=True, slots=True)
class Sharer:
    """A learner who has shown a misconception: how often, last when, and whether a right answer came since."""

    user: User
    times: int
    last: datetime
    is_over: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """A misconception in a course. ``weeks`` has, by Monday, how many learners showed it then; ``items`` where."""

    misconception: Misconception
    sharers: tuple[Sharer, ...]
    weeks: tuple[tuple[date, int], ...]
    items: tuple[tuple[Item, int], ...]
    practice: Assessment | None

    @property
    def still(self) -> int:
        """How many have not been right since."""
        return sum(not one.is_over for one in self.sharers)


def course_misconceptions(course: Course, now: datetime) -> list[Shared]:
    """Return the misconceptions that learners of a course have shown, the commonest first. Six statements."""
    asked = {"course": course.pk, "zone": course.time_zone, "now": now, "right": RIGHT}
    shown: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for slug, *row in all_rows(QUERIES["misconceptions"], asked):
        shown[slug].append(row)
    if not shown:
        return []
    right = {(slug, user): at for slug, user, at in all_rows(QUERIES["right_since"], asked)}
    rows = [row for found in shown.values() for row in found]
    people = User.objects.in_bulk({row[0] for row in rows})
    items = Item.objects.in_bulk({row[1] for row in rows})
    made = _practice_sets(course)
    known = Misconception.objects.filter(slug__in=shown)
    found = [
        Shared(
            misconception=one,
            sharers=_sharers(one.slug, shown[one.slug], people, right),
            weeks=_weeks(shown[one.slug], _last_weeks(rows)),
            items=_at(shown[one.slug], items),
            practice=made.get(practice_slug(course, one)),
        )
        for one in known
    ]
    return sorted(found, key=lambda one: (-one.still, -len(one.sharers), one.misconception.title))


@transaction.atomic
def make_practice(*, course: Course, misconception: Misconception, author: User, now: datetime) -> Assessment:
    """Return the practice set of a course against a misconception, made and assigned to it unless there is one.

    Locks the assessment. Raises NothingToPractice, SlugTaken.
    """
    slug = practice_slug(course, misconception)
    if existing := Assessment.objects.filter(slug=slug).first():
        if not existing.assignments.filter(course=course).exists():
            raise SlugTaken(f"There is an assessment {slug} already, and it is not given to this course.")
        return existing
    items = list(_practicable(course, misconception, author, now)[:MOST_ITEMS])
    if not items:
        raise NothingToPractice(misconception)
    draft = draft_assessment(document=_document(slug, misconception, items), now=now, author=author)
    publish_assessment(version=draft, now=now, published_by=author)
    assignment = Assignment(assessment=draft.assessment, course=course, exclusive=False, weight=0.0)
    change_assignment(assignment=assignment, author=author, now=now)
    return Assessment.objects.get(pk=draft.assessment_id)


def practice_slug(course: Course, misconception: Misconception) -> str:
    return f"practice-{misconception.slug}-{course.slug}"[:LONGEST_SLUG].rstrip("-")


def _practicable(course: Course, misconception: Misconception, author: User, now: datetime) -> ItemQuerySet:
    """Return what may be practiced and asked in which the misconception can show, of what the author may see.

    That is what the author's banks hold, and what the course has been shown: its answers are the author's to read.
    """
    shown = Presentation.objects.filter(item_version__item=OuterRef("pk"), attempt__assignment__course=course)
    own = Q(bank__in=AuthorGrant.objects.banks(author).values("pk"))
    free = for_practice(None, now).filter(pk__in=Item.objects.asked().values("pk"))
    return free.filter(own | Exists(shown), current__misconceptions=misconception).order_by("slug")


def _document(slug: str, misconception: Misconception, items: Sequence[Item]) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": f"Practice: {misconception.title}"[:LONGEST_TITLE],
        "summary": "Some exercises on one point. Try them as often as you like; nothing here is graded.",
        "instructions": "You are told at once how it went. Each time the numbers are new.",
        "mode": "fixed",
        "tries": TRIES,
        "feedback": "immediate",
        "solution_on_request": True,
        "sections": [{"title": "", "shuffle": True, "slots": [{"item": item.slug} for item in items]}],
    }


def _practice_sets(course: Course) -> dict[str, Assessment]:
    given = Assessment.objects.filter(assignments__course=course, slug__startswith="practice-")
    return {one.slug: one for one in given}


def _sharers(
    slug: str,
    rows: Sequence[Sequence[Any]],
    people: Mapping[UUID, User],
    right: Mapping[tuple[str, UUID], datetime],
) -> tuple[Sharer, ...]:
    times: dict[UUID, int] = defaultdict(int)
    last: dict[UUID, datetime] = {}
    for user, _, _, count, at in rows:
        times[user] += count
        last[user] = max(last.get(user, at), at)
    found = [
        Sharer(people[user], times[user], at, is_over=(right.get((slug, user)) or at) > at)
        for user, at in last.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.is_over, -one.times, one.user.username)))


def _last_weeks(rows: Sequence[Sequence[Any]]) -> list[date]:
    """Return the Mondays from the first week in which anything showed to the last, at most `MOST_WEEKS`."""
    first, last = min(row[2] for row in rows), max(row[2] for row in rows)
    count = min((last - first).days // 7 + 1, MOST_WEEKS)
    return [last - timedelta(weeks=one) for one in range(count)][::-1]


def _weeks(rows: Sequence[Sequence[Any]], weeks: Sequence[date]) -> tuple[tuple[date, int], ...]:
    people: dict[date, set[UUID]] = defaultdict(set)
    for user, _, week, _, _ in rows:
        people[week].add(user)
    return tuple((week, len(people[week])) for week in weeks)


def _at(rows: Sequence[Sequence[Any]], items: Mapping[UUID, Item]) -> tuple[tuple[Item, int], ...]:
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for user, item, *_ in rows:
        people[item].add(user)
    found = [(items[item], len(users)) for item, users in people.items()]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0].slug)))
