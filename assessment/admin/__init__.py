"""The instructor's desk: people, courses, assessments, and what learners did."""

from assessment.admin import assessments, attempts, measurement, people

__all__ = ["assessments", "attempts", "measurement", "people"]
