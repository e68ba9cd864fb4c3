"""Assignments: to whom an assessment is given, when, how often and on which terms. They may change, and say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from assessment.models.assessments import Assessment
from assessment.rules.definition import MOST, UsualTerms
from assessment.rules.delivery import Feedback
from content.models.constraints import Check, Unique
from content.models.versions import new_id

if TYPE_CHECKING:
    from assessment.models.people import Accommodation, User

TERMS: Final = (
    "course_id",
    "section_id",
    "is_open",
    "opens_at",
    "closes_at",
    "time_limit_minutes",
    "attempts_allowed",
    "release",
    "grade_rule",
    "weight",
    "exclusive",
)
"""What a change of an assignment is recorded of."""


GIVEN: Final = Q(is_open=True, assessment__retired_at__isnull=True, assessment__current__isnull=False)
"""The condition that an assignment can be found and started, dates aside: `Assignment.is_given` of many."""


class GradeRule(models.TextChoices):
    """Which attempt counts where there are several."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    MEAN = "mean"

    def of(self, shares: Sequence[float]) -> float:
        """Return what attempts are worth together, the first first; there is at least one."""
        match self:
            case GradeRule.FIRST:
                return shares[0]
            case GradeRule.LAST:
                return shares[-1]
            case GradeRule.MEAN:
                return sum(shares) / len(shares)
            case _:
                return max(shares)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def exclusive(self) -> AssignmentQuerySet:
        """Those whose items are not practiced while they run; without a word: that close or withhold verdicts."""
        at_once = Feedback.IMMEDIATE.value
        withholds = ~Q(release__in=["", at_once]) | (Q(release="") & ~Q(assessment__feedback=at_once))
        by_rule = Q(closes_at__isnull=False) | withholds
        return self.filter(Q(exclusive=True) | Q(by_rule, exclusive__isnull=True))

    def running(self, now: datetime) -> AssignmentQuerySet:
        """Those that have opened and that somebody may still be taking.

        One that is hidden before anybody began does not run; one that is hidden later runs on until it closes.
        """
        timely = Q(GIVEN, closes_at__isnull=True) | Q(GIVEN | Q(attempts__isnull=False), closes_at__gt=now)
        sitting = Q(attempts__state="open") & (
            Q(attempts__deadline__isnull=True) | Q(attempts__deadline__gt=now)
        )
        later = Q(GIVEN, assessment__accommodations__closes_at__gt=now)
        opened = Q(opens_at__isnull=True) | Q(opens_at__lte=now)
        return self.filter(opened, timely | sitting | later).distinct()

    def open_at(self, now: datetime) -> Q:
        """Return the condition that an attempt may begin, accommodations aside."""
        return Q(
            Q(opens_at__isnull=True) | Q(opens_at__lte=now),
            Q(closes_at__isnull=True) | Q(closes_at__gt=now),
            GIVEN,
        )

    def held_by(self, user: User, now: datetime) -> Q:
        """Return the condition that it is a course's and holds for the user as a member of the course.

        What is given to a section holds for its members, and what is given to the course for those of its members
        whose section has none of its own.
        """
        member = user.enrolments.active(now)
        here = Exists(member.filter(course=OuterRef("course")))
        in_section = Q(section__in=member.filter(section__isnull=False).values("section"))
        own = Assignment.objects.filter(
            in_section, assessment=OuterRef("assessment"), course=OuterRef("course")
        )
        return in_section | Q(here, ~Exists(own), section__isnull=True)

    def alongside(self, assignment_id: UUID | None) -> AssignmentQuerySet:
        """Those of the same assessment to the same course: to all of it, or to sections. It is among them."""
        if assignment_id is None:
            return self.none()
        this = Assignment.objects.filter(pk=assignment_id)
        same = Q(assessment__in=this.values("assessment"), course__in=this.values("course"))
        # That for everybody is of no course.
        return self.filter(same | Q(pk=assignment_id))

    def preferred_by(self, user: User | None, now: datetime) -> AssignmentQuerySet:
        """Order by what somebody who names an assessment alone is given.

        First come open ones that hold for the user in a course, then other ones of these, and last the one for all.
        """
        ranks = [When(course__isnull=True, then=2)]
        if user is not None:
            held = self.held_by(user, now)
            ranks = [When(held & self.open_at(now), then=0), When(held, then=1), *ranks]
        return self.annotate(rank=Case(*ranks, default=Value(3))).order_by("rank", "pk")


class Assignment(models.Model):
    """An assessment as it is given to everybody or to a course. It may change; attempts keep what they began with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="assignments")
    course = models.ForeignKey(
        "Course",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        help_text="Only members of this course may take it; empty: everybody.",
    )
    section = models.ForeignKey(
        "Section",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        help_text="Only this section of the course, on terms of its own; empty: whoever has none of these.",
    )
    is_open = models.BooleanField(default=True, help_text="Learners can find and start it.")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    time_limit_minutes = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: no limit.")
    attempts_allowed = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: no limit.")
    release = models.CharField(
        max_length=12,
        choices=[(f.value, f.value) for f in Feedback],
        blank=True,
        help_text="When verdicts are shown; empty: as the assessment says. Attempts under way keep what they have.",
    )
    grade_rule = models.CharField(
        max_length=10,
        choices=GradeRule,
        default=GradeRule.BEST,
        help_text="Which attempt counts where there are several.",
    )
    weight = models.FloatField(default=1.0, help_text="What it counts beside others of its course.")
    exclusive = models.BooleanField(
        null=True,
        blank=True,
        help_text=(
            "While it runs, its learners and guests cannot practice its items. "
            "Unknown: yes where it closes or withholds verdicts."
        ),
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "id"]
        constraints = [
            Unique(
                fields=["assessment", "course", "section"],
                nulls_distinct=False,
                name="one_assignment_per_assessment_course_and_section",
                field="assessment",
                words="This assessment is assigned there already.",
            ),
            Check(
                condition=Q(section__isnull=True) | Q(course__isnull=False),
                name="a_section_is_of_a_course",
                field="section",
                words="A section is part of a course: choose its course as well.",
            ),
            Check(
                condition=Q(time_limit_minutes__isnull=True) | Q(time_limit_minutes__gte=1),
                name="a_time_limit_is_at_least_a_minute",
                field="time_limit_minutes",
                words="A time limit is at least a minute; empty for no limit.",
            ),
            Check(
                condition=Q(attempts_allowed__isnull=True) | Q(attempts_allowed__gte=1),
                name="at_least_one_attempt_is_allowed",
                field="attempts_allowed",
                words="At least one attempt is allowed; empty for no limit.",
            ),
            Check(
                condition=Q(weight__gte=0),
                name="an_assignment_weighs_nothing_less",
                field="weight",
                words="A weight is 0 or more.",
            ),
            Check(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(opens_at__lt=F("closes_at")),
                name="an_assignment_opens_before_it_closes",
                field="closes_at",
                words="An assessment closes after it opens.",
            ),
        ]

    def __str__(self) -> str:
        section = f", {self.section}" if self.section else ""
        return f"{self.assessment} for {self.course or 'everybody'}{section}"

    def clean(self) -> None:
        """Say at each field what the constraints will refuse. Raises ValidationError."""
        super().clean()
        if faults := dict(self._faults()):
            raise ValidationError(faults)

    def _faults(self) -> Iterator[tuple[str, str]]:
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            yield "closes_at", "An assessment closes after it opens."
        for name in ("attempts_allowed", "time_limit_minutes"):
            value = getattr(self, name)
            if value is not None and not 1 <= value <= MOST:
                yield name, f"This must be 1 to {MOST}, or empty for no limit."
        if self.section and self.section.course_id != self.course_id:
            yield "section", "This section belongs to another course."
        if self.weight is not None and not 0 <= self.weight <= MOST:
            yield "weight", f"This must be 0 to {MOST}."
        if fault := self.release_fault():
            yield "release", fault

    def release_fault(self) -> str | None:
        """Return why verdicts cannot be released in this way; None where they can."""
        if not self.release or self.assessment_id is None or self.assessment.current is None:
            return None
        definition = self.assessment.definition
        if (allowed := definition.item_rules.feedbacks) and self.release in allowed:
            return None
        return f"The mode {definition.mode} needs {', '.join(allowed)}."

    @property
    def feedback(self) -> Feedback:
        """When verdicts are shown of an attempt that begins now."""
        return Feedback(self.release or self.assessment.feedback)

    @property
    def is_given(self) -> bool:
        """Whether it can be found and started, dates aside."""
        return self.is_open and self.assessment.retired_at is None and self.assessment.current_id is not None

    def is_over(self, now: datetime) -> bool:
        """Whether nobody can take it any more, accommodations aside; without a closing: when it is taken off."""
        return now >= self.closes_at if self.closes_at else not self.is_given

    @cached_property
    def elsewhere(self) -> list[Assignment]:
        """How else its assessment is given to its course: to all of it, or to sections. See `read_elsewhere`."""
        if self.course_id is None:
            return []
        return [one for one in _given_in([self]) if one.pk != self.pk]

    def take(self, usual: UsualTerms) -> None:
        """Take over how the assessment is usually given."""
        self.time_limit_minutes = usual.time_limit_minutes
        self.attempts_allowed = usual.attempts_allowed
        self.exclusive = usual.exclusive

    @property
    def usual_terms(self) -> UsualTerms:
        """What of its terms a document of the assessment can say."""
        return UsualTerms(self.time_limit_minutes, self.attempts_allowed, self.exclusive)

    def terms(self) -> dict[str, Any]:
        """Return all that may change, as it is recorded."""
        return {name.removesuffix("_id"): getattr(self, name) for name in TERMS}

    def accommodation_among(self, arranged: Iterable[Accommodation]) -> Accommodation | None:
        """Return which of a person's accommodations holds here; the particular goes before the general."""
        here = [one for one in arranged if one.assessment_id in (None, self.assessment_id)]
        return max(here, key=lambda one: one.assessment_id is not None, default=None)

    def closing_for(self, accommodation: Accommodation | None) -> datetime | None:
        if accommodation and accommodation.closes_at:
            return accommodation.closes_at
        return self.closes_at

    def last_closing(self, accommodation: Accommodation | None) -> datetime | None:
        """Return when nobody can take it any more, somebody with other dates included; None: it does not close."""
        return max(filter(None, (self.closes_at, self.closing_for(accommodation))), default=None)

    def has_closed(self, closing: datetime | None, now: datetime) -> bool:
        """Whether it is over by a closing, and for all of its course; without one it is over when it is taken off."""
        is_over = now >= closing if closing else not self.is_given
        return is_over and all(one.is_over(now) for one in self.elsewhere)

    def deadline(self, started_at: datetime, accommodation: Accommodation | None) -> datetime | None:
        """The end of the time limit (with extra time) or the closing, whichever comes first."""
        ends = []
        if (minutes := self.minutes_for(accommodation)) is not None:
            ends.append(started_at + timedelta(minutes=minutes))
        if closing := self.closing_for(accommodation):
            ends.append(closing)
        return min(ends, default=None)

    def minutes_for(self, accommodation: Accommodation | None) -> float | None:
        """Return the time limit of somebody; None: there is none."""
        if self.time_limit_minutes is None or accommodation is None:
            return self.time_limit_minutes
        return accommodation.minutes(self.time_limit_minutes)

    def attempts_for(self, accommodation: Accommodation | None) -> int | None:
        if self.attempts_allowed is None:
            return None
        return self.attempts_allowed + (accommodation.extra_attempts if accommodation else 0)


def read_elsewhere(assignments: Iterable[Assignment]) -> None:
    """Read `elsewhere` of many assignments by one query, or by none where no course has any of them."""
    of_courses = [one for one in assignments if one.course_id]
    if not of_courses:
        return
    family: dict[tuple[UUID, UUID | None], list[Assignment]] = defaultdict(list)
    for one in _given_in(of_courses):
        family[one.assessment_id, one.course_id].append(one)
    for given in of_courses:
        given.elsewhere = [one for one in family[given.assessment_id, given.course_id] if one.pk != given.pk]


def _given_in(assignments: Collection[Assignment]) -> AssignmentQuerySet:
    """Return all assignments of these assessments to these courses."""
    found = Assignment.objects.select_related("assessment")
    return found.filter(
        assessment__in={one.assessment_id for one in assignments},
        course__in={one.course_id for one in assignments},
    )


class AssignmentChange(models.Model):
    """What an assignment said before and what it says since: a trigger refuses to change or delete it.

    ``author`` is empty where it followed its document; ``before`` is empty where it began.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="changes")
    author = models.ForeignKey(
        "User", on_delete=models.SET_NULL, null=True, blank=True, related_name="assignment_changes"
    )
    before = models.JSONField(encoder=DjangoJSONEncoder)
    after = models.JSONField(encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        names = (name.removesuffix("_id") for name in TERMS)
        pairs = ((name, self.before.get(name), self.after.get(name)) for name in names)
        return ", ".join(f"{name}: {before} → {after}" for name, before, after in pairs if before != after)
