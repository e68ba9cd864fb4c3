"""The addresses under ``/api/v1/``."""

from django.urls import path, re_path

from api.rest import (
    accommodations,
    accounts,
    assessments,
    attempts,
    docs,
    exercises,
    exports,
    grading,
    launches,
    lessons,
    presentations,
    progress,
    recovery,
)
from api.rest.resource import Missing

ATTEMPT = "attempts/<uuid:id>/"
PRESENTATION = f"{ATTEMPT}presentations/<int:position>/"

urlpatterns = [
    path("me/", accounts.Me.as_view()),
    path("me/account/", accounts.MyAccount.as_view()),
    path("me/password/", accounts.MyPassword.as_view()),
    path("me/recovery-code/", accounts.MyRecoveryCode.as_view()),
    path("me/sessions/", accounts.MySessions.as_view()),
    path("me/export/", exports.MyExport.as_view()),
    path("accounts/", accounts.Accounts.as_view()),
    path("accounts/recovery/", recovery.Recovery.as_view()),
    path("accounts/recovery/confirm/", recovery.RecoveryConfirmation.as_view()),
    path("session/", accounts.Session.as_view()),
    path("subjects/", lessons.Subjects.as_view()),
    path("skills/", lessons.Skills.as_view()),
    path("lessons/", lessons.Lessons.as_view()),
    path("lessons/<slug:slug>/", lessons.OneLesson.as_view()),
    path("accommodations/", accommodations.Many.as_view()),
    path("accommodations/<uuid:learner>/", accommodations.General.as_view()),
    path("accommodations/<uuid:learner>/<uuid:assignment>/", accommodations.Particular.as_view()),
    path("launch/", launches.Launches.as_view()),
    path("launch/renewal/", launches.Renewal.as_view()),
    path("launch/grades/", launches.LaunchGrades.as_view()),
    path("assessments/", assessments.Assessments.as_view()),
    path("assessments/<slug:slug>/", assessments.OneAssessment.as_view()),
    path("attempts/", attempts.Attempts.as_view()),
    path(ATTEMPT, attempts.OneAttempt.as_view()),
    path(f"{ATTEMPT}next/", presentations.NextPresentation.as_view()),
    path(f"{ATTEMPT}submit/", attempts.AttemptSubmission.as_view()),
    path(f"{ATTEMPT}review/", attempts.AttemptReview.as_view()),
    path(f"{ATTEMPT}presentations/", presentations.Presentations.as_view()),
    path(f"{ATTEMPT}grades/", launches.AttemptGrades.as_view()),
    path(PRESENTATION, presentations.OnePresentation.as_view()),
    path(f"{PRESENTATION}draft/", presentations.PresentationDraft.as_view()),
    path(f"{PRESENTATION}hints/", presentations.Hints.as_view()),
    path(f"{PRESENTATION}solution/", presentations.Solution.as_view()),
    path(f"{PRESENTATION}responses/", presentations.Responses.as_view()),
    path("exercises/<slug:slug>/variants/", exercises.Variants.as_view()),
    path("exercises/<slug:slug>/hints/", exercises.VariantHints.as_view()),
    path("exercises/<slug:slug>/check/", exercises.Check.as_view()),
    path("exercises/<slug:slug>/solution/", exercises.VariantSolution.as_view()),
    path("grade/", grading.Grades.as_view()),
    path("progress/", progress.MyProgress.as_view()),
    path("schema/", docs.schema, name="schema"),
    path("docs/", docs.page, name="docs"),
    re_path("", Missing.as_view()),
]
