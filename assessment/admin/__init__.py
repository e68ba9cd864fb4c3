"""The instructor's desk: people, courses, assessments, and what learners did."""

from assessment.admin import assessments, attempts, mastery, measurement, people

__all__ = ["assessments", "attempts", "mastery", "measurement", "people"]
