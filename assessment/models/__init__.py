"""The rows of what happened and what it means."""

from assessment.models.assessments import Assessment, AssessmentSource, AssessmentVersion
from assessment.models.assignments import Assignment, AssignmentChange
from assessment.models.attempts import Attempt, Draft, Presentation
from assessment.models.corrections import AttemptAction, Correction, Override
from assessment.models.erasures import Erasure
from assessment.models.knowledge import MasteryFit
from assessment.models.measurement import (
    AdaptivePool,
    Calibration,
    DifficultyEvent,
    ExposureCount,
    ExposureEvent,
    ExposureTotal,
    OnlineDifficulty,
)
from assessment.models.people import Accommodation, Course, Enrolment, Learner, User, UserLearner
from assessment.models.rates import RateCount
from assessment.models.recovery import RecoveryCode
from assessment.models.responses import Response, Verdict
from assessment.models.sessions import Session
from assessment.models.tasks import TaskRun

__all__ = [
    "Accommodation",
    "AdaptivePool",
    "Assessment",
    "AssessmentSource",
    "AssessmentVersion",
    "Assignment",
    "AssignmentChange",
    "Attempt",
    "AttemptAction",
    "Calibration",
    "Correction",
    "Course",
    "DifficultyEvent",
    "Draft",
    "Enrolment",
    "Erasure",
    "ExposureCount",
    "ExposureEvent",
    "ExposureTotal",
    "Learner",
    "MasteryFit",
    "OnlineDifficulty",
    "Override",
    "Presentation",
    "RateCount",
    "RecoveryCode",
    "Response",
    "Session",
    "TaskRun",
    "User",
    "UserLearner",
    "Verdict",
]
