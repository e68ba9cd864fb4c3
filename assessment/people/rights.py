"""Who may do what: the table that the REST API, the desk and the commands ask. `docs/rights.md` is printed from it.

`may` answers for one row, `rows` with a condition for a set of them. An instructor teaches the courses in which he is
enrolled as one; an author is who was granted a bank or a lesson; nothing follows from being staff.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet

from assessment.models import (
    Accommodation,
    Assessment,
    AssessmentVersion,
    Assignment,
    AssignmentChange,
    Attempt,
    AuditEntry,
    Calibration,
    Correction,
    CorrectionEffect,
    CorrectionRun,
    Course,
    Enrolment,
    Grade,
    GradeNote,
    Invitation,
    MasteryFit,
    OnlineDifficulty,
    Platform,
    RefusedLaunch,
    RegradeRequest,
    ResourceLink,
    Section,
    StatisticsSnapshot,
    ToolKey,
    User,
    UserLearner,
)
from assessment.models.people import Role as Enrolled
from content.models import AuthorGrant, Skill
from content.rights import CONTENT, Line, Rights, Role, Where, authored, every


def _courses(user: Any, now: datetime) -> QuerySet[Any]:
    return Enrolment.objects.active(now).filter(user=user, role=Enrolled.INSTRUCTOR).values("course")


def _attended(user: Any, now: datetime) -> Q:
    """Courses that somebody is in, as whatever."""
    return Q(pk__in=Enrolment.objects.active(now).filter(user=user).values("course"))


def _people(user: Any, now: datetime) -> QuerySet[Any]:
    """Return the ids of who is or was in a course of somebody's."""
    return Enrolment.objects.filter(course__in=_courses(user, now)).values("user")


def _learners(user: Any) -> QuerySet[Any]:
    return UserLearner.objects.filter(user=user).values("learner")


def _assessments(condition: Q) -> QuerySet[Any]:
    return Assessment.objects.order_by().filter(condition).values("pk")


def _given_here(user: Any, now: datetime) -> Q:
    """Assessments that are given to somebody's courses, whoever else has them."""
    here = Assignment.objects.filter(course__in=_courses(user, now), assessment=OuterRef("pk"))
    return Q(Exists(here))


def _given_here_alone(user: Any, now: datetime) -> Q:
    """Assessments that are given to somebody's courses and to nobody else."""
    elsewhere = Assignment.objects.filter(assessment=OuterRef("pk")).exclude(course__in=_courses(user, now))
    return _given_here(user, now) & ~Q(Exists(elsewhere))


def _of_own_lesson(user: Any, _now: datetime) -> Q:
    """Assessments of somebody's lessons that do not belong to courses alone."""
    given = Assignment.objects.filter(assessment=OuterRef("pk"))
    courses_alone = Q(Exists(given)) & ~Q(Exists(given.filter(course__isnull=True)))
    return Q(lesson__in=AuthorGrant.objects.lessons(user).values("pk")) & ~courses_alone


def _to_everybody(user: Any, _now: datetime) -> Q:
    """Assignments to everybody of what belongs to somebody's lessons."""
    return Q(course__isnull=True, assessment__lesson__in=AuthorGrant.objects.lessons(user).values("pk"))


def _everywhere(user: Any, _now: datetime) -> Q:
    """Snapshots over all courses, of what belongs to somebody's lessons."""
    return Q(course__isnull=True, assessment__in=_assessments(_of_own_lesson(user, _now)))


def _skills(user: Any, _now: datetime) -> Q:
    items = Skill.objects.filter(items__bank__in=AuthorGrant.objects.banks(user))
    return Q(skill__in=items.values("pk"))


def _arranged(user: Any, now: datetime) -> Q:
    """Accommodations of somebody's people, in somebody's assessments or in all."""
    here = Q(assessment__in=_assessments(_given_here(user, now) | _of_own_lesson(user, now)))
    return Q(here | Q(assessment__isnull=True), user__in=_people(user, now))


def _on_own_banks(user: Any, _now: datetime) -> Q:
    """Corrections of wordings that are all of somebody's banks: they may reach every course."""
    named = Correction.versions.through._default_manager.filter(correction=OuterRef("pk"))
    foreign = named.exclude(itemversion__item__bank__in=AuthorGrant.objects.banks(user).values("pk"))
    return Q(Exists(named)) & ~Q(Exists(foreign))


def _in_own_assessments(user: Any, now: datetime) -> Q:
    """Corrections that reach attempts in somebody's courses alone."""
    return Q(assessment__in=_assessments(_given_here_alone(user, now)))


def taught(path: str) -> Where:
    """Those of courses that somebody teaches; ``path`` leads to the course."""
    words = "taught" if path == "pk" else "of courses taught"
    return Where(words, lambda user, now: Q(**{f"{path}__in": _courses(user, now)}))


def own(path: str) -> Where:
    """Those of the learners that somebody is; ``path`` leads to the learner."""
    return Where("one's own", lambda user, _now: Q(**{f"{path}__in": _learners(user)}))


def through(path: str, model: type[Any], where: Where) -> Where:
    """Those whose ``path`` leads to rows of another kind that are meant by ``where``."""
    return Where(
        where.words,
        lambda user, now: Q(
            **{f"{path}__in": model._default_manager.filter(where.rows(user, now)).values("pk")}
        ),
    )


HERE: Final = Where("given to courses taught", _given_here)
HERE_ALONE: Final = Where("given to courses taught and to nobody else", _given_here_alone)
OF_LESSON: Final = Where("of lessons granted, unless given to courses alone", _of_own_lesson)
TO_EVERYBODY: Final = Where("to everybody, of lessons granted", _to_everybody)
OWN_BANKS: Final = Where("of wordings in banks granted as author, in all courses", _on_own_banks)
OWN_ASSESSMENTS: Final = Where("limited to what is given to courses taught alone", _in_own_assessments)
PEOPLE: Final = Where("who are or were in courses taught", lambda user, now: Q(pk__in=_people(user, now)))
NO_STAFF: Final = Where(
    "who are or were in courses taught, staff aside",
    lambda user, now: Q(pk__in=_people(user, now), is_staff=False),
)
ONESELF: Final = Where("oneself", lambda user, _now: Q(pk=user.pk))
ARRANGED: Final = Where("of people in courses taught", _arranged)
ARRANGED_HERE: Final = Where(
    "of people in courses taught, in one assessment",
    lambda user, now: _arranged(user, now) & Q(assessment__isnull=False),
)

ASSESSMENT: Final = Rights(
    lines=(
        Line(User, Role.INSTRUCTOR, "view arrange", PEOPLE),
        Line(User, Role.INSTRUCTOR, "see_email", NO_STAFF),
        Line(User, Role.OWNER, "view see_email erase", ONESELF),
        Line(Course, Role.STAFF, "add", every("new ones, which one teaches then")),
        Line(Course, Role.INSTRUCTOR, "view change read", taught("pk")),
        Line(Course, Role.OWNER, "read", Where("courses one is in", _attended)),
        Line(Section, Role.INSTRUCTOR, "view add change delete", taught("course")),
        Line(Enrolment, Role.INSTRUCTOR, "view add change delete", taught("course")),
        Line(Accommodation, Role.INSTRUCTOR, "view", ARRANGED),
        Line(Accommodation, Role.INSTRUCTOR, "add change delete", ARRANGED_HERE),
        Line(Assessment, Role.STAFF, "add", every("new ones, for a course that one teaches")),
        Line(Assessment, Role.STAFF, "grade_cases", every("none: cases are sent along")),
        Line(Assessment, Role.INSTRUCTOR, "view", HERE),
        Line(Assessment, Role.INSTRUCTOR, "change correct", HERE_ALONE),
        Line(Assessment, Role.AUTHOR, "view change", OF_LESSON),
        Line(
            AssessmentVersion,
            Role.INSTRUCTOR,
            "view add change delete publish",
            through("assessment", Assessment, HERE_ALONE),
        ),
        Line(
            AssessmentVersion,
            Role.AUTHOR,
            "view add change delete publish",
            through("assessment", Assessment, OF_LESSON),
        ),
        Line(Assignment, Role.INSTRUCTOR, "view add change", taught("course")),
        Line(Assignment, Role.AUTHOR, "view change", TO_EVERYBODY),
        Line(AssignmentChange, Role.INSTRUCTOR, "view", taught("assignment__course")),
        Line(AssignmentChange, Role.AUTHOR, "view", through("assignment", Assignment, TO_EVERYBODY)),
        Line(Attempt, Role.OWNER, "take read", own("learner")),
        Line(Attempt, Role.INSTRUCTOR, "view read score", taught("assignment__course")),
        Line(GradeNote, Role.OWNER, "read", own("learner")),
        Line(GradeNote, Role.INSTRUCTOR, "view add", taught("assignment__course")),
        Line(RegradeRequest, Role.OWNER, "read add", own("response__learner")),
        Line(
            RegradeRequest,
            Role.INSTRUCTOR,
            "view change",
            taught("response__attempt__assignment__course"),
        ),
        Line(Correction, Role.AUTHOR, "view add apply", OWN_BANKS),
        Line(Correction, Role.INSTRUCTOR, "view add apply", OWN_ASSESSMENTS),
        Line(CorrectionRun, Role.AUTHOR, "view add", through("correction", Correction, OWN_BANKS)),
        Line(CorrectionRun, Role.INSTRUCTOR, "view add", through("correction", Correction, OWN_ASSESSMENTS)),
        Line(CorrectionEffect, Role.OWNER, "read", own("learner")),
        Line(CorrectionEffect, Role.INSTRUCTOR, "view", taught("attempt__assignment__course")),
        Line(StatisticsSnapshot, Role.INSTRUCTOR, "view", taught("course")),
        Line(
            StatisticsSnapshot,
            Role.AUTHOR,
            "view",
            Where("over all courses, of lessons granted", _everywhere),
        ),
        Line(Calibration, Role.AUTHOR, "view change", authored("bank")),
        Line(
            MasteryFit,
            Role.AUTHOR,
            "view change",
            Where("of skills of items in banks granted as author", _skills),
        ),
        Line(OnlineDifficulty, Role.AUTHOR, "view", authored("item__bank")),
        Line(ResourceLink, Role.INSTRUCTOR, "view change", taught("context__course")),
        Line(Grade, Role.INSTRUCTOR, "view change", taught("link__context__course")),
    ),
    administered=(AuditEntry, Group, Platform, Invitation, ToolKey, RefusedLaunch),
)

RIGHTS: Final = CONTENT + ASSESSMENT

may = RIGHTS.may
rows = RIGHTS.rows

AT_THE_DESK: Final = ("view", "add", "change", "delete", "grade_cases")
"""Operations for which the framework has a permission of the same name; all others it knows nothing of."""


def at_the_desk() -> dict[str, tuple[str, ...]]:
    """Return what authors, reviewers and instructors need permissions for, by kind of row."""
    needed: dict[str, set[str]] = {}
    for line in RIGHTS.lines:
        if line.role is not Role.OWNER:
            needed.setdefault(line.model._meta.label_lower, set()).update(line.operations)
    return {
        label: found
        for label, operations in needed.items()
        if (found := tuple(one for one in AT_THE_DESK if one in operations))
    }
