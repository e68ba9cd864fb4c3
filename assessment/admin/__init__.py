"""The instructor's desk: people, courses, assessments, and what learners did."""

from django.contrib import admin

from assessment.admin import (
    assessments,
    assignments,
    attempts,
    audit,
    consequences,
    corrections,
    courses,
    grades,
    imports,
    mastery,
    measurement,
    people,
    platforms,
    second_factor,
)
from assessment.people.rights import RIGHTS

admin.site.rights = RIGHTS  # type: ignore[attr-defined]  # the desk obeys the whole table
admin.site.consequences = [  # type: ignore[attr-defined]  # what it asks before something is retired or moved
    consequences.assessments,
    consequences.assignments,
]

__all__ = [
    "assessments",
    "assignments",
    "attempts",
    "audit",
    "consequences",
    "corrections",
    "courses",
    "grades",
    "imports",
    "mastery",
    "measurement",
    "people",
    "platforms",
    "second_factor",
]
