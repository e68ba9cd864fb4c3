"""The instructor's desk: people, courses, assessments, and what learners did."""

from assessment.admin import assessments, assignments, attempts, mastery, measurement, people

__all__ = ["assessments", "assignments", "attempts", "mastery", "measurement", "people"]
