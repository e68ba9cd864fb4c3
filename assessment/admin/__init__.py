"""The instructor's desk: people, courses, assessments, and what learners did."""

from assessment.admin import (
    assessments,
    assignments,
    attempts,
    audit,
    grades,
    mastery,
    measurement,
    people,
    platforms,
    second_factor,
)

__all__ = [
    "assessments",
    "assignments",
    "attempts",
    "audit",
    "grades",
    "mastery",
    "measurement",
    "people",
    "platforms",
    "second_factor",
]
