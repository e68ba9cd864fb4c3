"""The rows of what happened and what it means."""

from assessment.models.assessments import Assessment, AssessmentSource, AssessmentVersion
from assessment.models.assignments import Assignment, AssignmentChange
from assessment.models.attempts import Attempt, Draft, Presentation
from assessment.models.audit import AuditEntry
from assessment.models.corrections import AttemptAction, Correction, Override
from assessment.models.erasures import Erasure
from assessment.models.gradebook import GradeNote
from assessment.models.grades import Grade, ResultChange
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
from assessment.models.people import (
    Accommodation,
    Course,
    Enrolment,
    Learner,
    Section,
    User,
    UserLearner,
)
from assessment.models.platforms import (
    Deployment,
    Invitation,
    Launch,
    Platform,
    PlatformContext,
    PlatformPerson,
    RefusedLaunch,
    ResourceLink,
    ToolKey,
    UsedNonce,
)
from assessment.models.rates import RateCount
from assessment.models.recovery import RecoveryCode
from assessment.models.regrading import CorrectionEffect, CorrectionRun, RegradeRequest
from assessment.models.responses import Response, Verdict
from assessment.models.sessions import Session
from assessment.models.statistics import StatisticsSnapshot
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
    "AuditEntry",
    "Calibration",
    "Correction",
    "CorrectionEffect",
    "CorrectionRun",
    "Course",
    "Deployment",
    "DifficultyEvent",
    "Draft",
    "Enrolment",
    "Erasure",
    "ExposureCount",
    "ExposureEvent",
    "ExposureTotal",
    "Grade",
    "GradeNote",
    "Invitation",
    "Launch",
    "Learner",
    "MasteryFit",
    "OnlineDifficulty",
    "Override",
    "Platform",
    "PlatformContext",
    "PlatformPerson",
    "Presentation",
    "RateCount",
    "RecoveryCode",
    "RefusedLaunch",
    "RegradeRequest",
    "ResourceLink",
    "Response",
    "ResultChange",
    "Section",
    "Session",
    "StatisticsSnapshot",
    "TaskRun",
    "ToolKey",
    "UsedNonce",
    "User",
    "UserLearner",
    "Verdict",
]
