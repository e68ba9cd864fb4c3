"""The rows of what happened and what it means."""

from assessment.models.assessments import Assessment, Section, Slot
from assessment.models.attempts import Attempt, Draft, Presentation, Response
from assessment.models.knowledge import MasteryFit
from assessment.models.measurement import (
    AdaptivePool,
    Calibration,
    ExposureCount,
    ExposureTotal,
    OnlineDifficulty,
)
from assessment.models.people import Accommodation, Course, Enrolment, Learner, User, UserLearner
from assessment.models.rates import RateCount
from assessment.models.tasks import TaskRun

__all__ = [
    "Accommodation",
    "AdaptivePool",
    "Assessment",
    "Attempt",
    "Calibration",
    "Course",
    "Draft",
    "Enrolment",
    "ExposureCount",
    "ExposureTotal",
    "Learner",
    "MasteryFit",
    "OnlineDifficulty",
    "Presentation",
    "RateCount",
    "Response",
    "Section",
    "Slot",
    "TaskRun",
    "User",
    "UserLearner",
]
