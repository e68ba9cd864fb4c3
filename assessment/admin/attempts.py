"""Attempts: what was shown, what was answered, what was judged, and why. Looked at, never touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from assessment.delivery.attempts import presentations_of
from assessment.models import Attempt, Draft, Presentation, Response
from assessment.people.oversight import overseen_attempts
from assessment.selection.ability import estimate
from content.admin.desk import Desk, Page
from content.admin.scoped import FilterOfSeen, Scoped
from content.admin.trying import Explained, Preview, as_text, explain, named_in, outcome, preview
from content.items.grading import ItemVerdict
from content.models import Misconception


@dataclass(frozen=True, slots=True)
class Told:
    """One response: what was entered at each interaction, and the verdict with its parts explained."""

    response: Response
    entered: Sequence[tuple[str, str]]
    outcome: str
    verdict: ItemVerdict
    explained: Sequence[Explained]


@dataclass(frozen=True, slots=True)
class Place:
    """One presentation of an attempt with everything that was answered to it.

    ``unsent`` came too late; ``ungraded`` is what the grader failed on, and ``kept`` what was entered there;
    ``why`` says why an adaptive attempt chose it.
    """

    presentation: Presentation
    shown: Preview
    told: Sequence[Told]
    unsent: str
    ungraded: Draft | None
    kept: Sequence[tuple[str, str]]
    why: str


def timeline(attempt: Attempt, _request: HttpRequest) -> dict[str, Any]:
    """Return an attempt place by place."""
    verdicts = {r: ItemVerdict.from_json(r.verdict) for r in _responses(attempt)}
    known = named_in(verdicts.values())
    told: dict[UUID, list[Told]] = {}
    for response, verdict in verdicts.items():
        told.setdefault(response.presentation_id, []).append(_told(response, verdict, known))
    return {"places": [_place(shown, told.get(shown.pk, [])) for shown in presentations_of(attempt)]}


def _responses(attempt: Attempt) -> Iterable[Response]:
    return Response.objects.filter(presentation__attempt=attempt).order_by("id")


def _place(presentation: Presentation, told: Sequence[Told]) -> Place:
    unsent = presentation.unsent_answer()
    ungraded = presentation.ungraded_draft
    return Place(
        presentation=presentation,
        shown=preview(presentation.item_version.definition, presentation.variant),
        told=told,
        unsent=as_text(unsent) if unsent and not ungraded else "",
        ungraded=ungraded,
        kept=_entered(ungraded.answer) if ungraded else [],
        why=presentation.choice["reason"] if presentation.choice else "",
    )


def _entered(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(identifier, as_text(entered)) for identifier, entered in answer.items()]


def _told(response: Response, verdict: ItemVerdict, known: Mapping[str, Misconception]) -> Told:
    return Told(
        response=response,
        entered=_entered(response.answer),
        outcome=outcome(valid=response.valid, score=response.score),
        verdict=verdict,
        explained=explain(verdict, known),
    )


class CourseOfLearner(FilterOfSeen):
    """By a course that the learner is in, whatever the assessment belongs to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.title = "course of the learner"


@admin.register(Attempt)
class AttemptAdmin(Scoped, Desk):
    list_display = [
        "learner",
        "assessment",
        "number",
        "state",
        "result",
        "started_at",
        "deadline",
        "finished_at",
    ]
    list_select_related = ["assessment"]
    list_filter = ["state", "assessment", ("learner__users__courses", CourseOfLearner), "started_at"]
    date_hierarchy = "started_at"
    search_fields = [
        "=id",
        "learner__users__username",
        "learner__users__first_name",
        "learner__users__last_name",
        "learner__users__email",
        "assessment__slug",
        "assessment__title",
    ]
    show_full_result_count = False
    fields = [
        "learner",
        "assessment",
        "number",
        "state",
        "result",
        "ability",
        "rules_told",
        "started_at",
        "deadline",
        "finished_at",
    ]
    pages = [Page("timeline", "Answers", "admin/assessment/timeline.html", timeline)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        attempts: QuerySet[Any] = super().get_queryset(request)
        return attempts.prefetch_related("learner__users")

    def rows_of(self, user: Any) -> Q:
        return overseen_attempts(user, timezone.now())

    @admin.display(description="score", ordering="score")
    def result(self, attempt: Attempt) -> str:
        return f"{attempt.score:.4g}\u00a0of\u00a0{attempt.max_score:.4g}"

    @admin.display(description="ability, of adaptive attempts")
    def ability(self, attempt: Attempt) -> str:
        if attempt.posterior is None:
            return "–"
        theta, error = estimate(attempt.posterior)
        ended = f", ended by {attempt.stop_reason.replace('_', ' ')}" if attempt.stop_reason else ""
        return f"{theta:.2f} ± {error:.2f}{ended}"

    @admin.display(description="rules")
    def rules_told(self, attempt: Attempt) -> str:
        return ", ".join(f"{name}: {value}" for name, value in attempt.rules_document.items())

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False
