"""The rows of what happened and what it means."""

from assessment.models.assessments import Assessment, Section, Slot
from assessment.models.attempts import Attempt, Draft, Presentation, Response
from assessment.models.people import Accommodation, Course, Enrolment, User

__all__ = [
    "Accommodation",
    "Assessment",
    "Attempt",
    "Course",
    "Draft",
    "Enrolment",
    "Presentation",
    "Response",
    "Section",
    "Slot",
    "User",
]
