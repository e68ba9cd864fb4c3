"""The instructor's desk: people, courses, assessments, and what learners did."""

from assessment.admin import (
    assessments,
    assignments,
    attempts,
    courses,
    grades,
    mastery,
    measurement,
    people,
    platforms,
)

__all__ = [
    "assessments",
    "assignments",
    "attempts",
    "courses",
    "grades",
    "mastery",
    "measurement",
    "people",
    "platforms",
]
