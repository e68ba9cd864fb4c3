"""Attempts: what was shown, what was answered, what was judged, and why. Looked at, never touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from assessment.delivery.attempts import presentations_of
from assessment.models import Attempt, CorrectionEffect, Presentation, Response, User
from assessment.models import Verdict as StoredVerdict
from assessment.selection.ability import estimate
from content.admin.desk import Desk, Page
from content.admin.scoped import FilterOfSeen, Scoped
from content.admin.trying import Explained, Preview, as_text, explain, named_in, outcome, preview
from content.items.grading import ItemVerdict
from content.models import Misconception


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict on a response, with its parts explained. ``is_current`` is false for one that was corrected."""

    stored: StoredVerdict
    outcome: str
    verdict: ItemVerdict
    explained: Sequence[Explained]


@dataclass(frozen=True, slots=True)
class Told:
    """One response: what was entered at each interaction, and the verdicts on it, the first one first."""

    response: Response
    entered: Sequence[tuple[str, str]]
    judged: Sequence[Judged]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to an attempt by a correction or a person, and why."""

    at: datetime
    author: User | None
    what: str
    reason: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One presentation of an attempt with everything that was answered to it.

    ``unsent`` was saved and never sent; ``why`` says why an adaptive attempt chose it.
    """

    presentation: Presentation
    shown: Preview
    told: Sequence[Told]
    unsent: str
    why: str


def timeline(attempt: Attempt, _request: HttpRequest) -> dict[str, Any]:
    """Return an attempt place by place."""
    responses = list(attempt.responses.order_by("sequence").prefetch_related("verdicts__correction"))
    verdicts = {one: ItemVerdict.from_json(one.document) for r in responses for one in r.verdicts.all()}
    known = named_in(verdicts.values())
    told: dict[UUID, list[Told]] = {}
    for response in responses:
        told.setdefault(response.presentation_id, []).append(_told(response, verdicts, known))
    places = [_place(shown, told.get(shown.pk, [])) for shown in presentations_of(attempt)]
    return {"places": places, "done": sorted(_done_to(attempt), key=lambda one: one.at)}


def _done_to(attempt: Attempt) -> Iterator[Done]:
    """Yield what corrections and people have done to an attempt."""
    felt = attempt.corrections_felt.filter(applied_at__isnull=False)
    for effect in felt.select_related("correction__author"):
        correction, at = effect.correction, effect.applied_at or effect.correction.created_at
        link = reverse("admin:assessment_correction_page", args=[correction.pk, "regrading"])
        yield Done(at, correction.author, _told_effect(effect), correction.reason, link)
    for override in attempt.overrides.select_related("author", "presentation"):
        where = f"item {override.presentation.position}" if override.presentation else "the attempt"
        given = "its own score again" if override.score is None else f"{override.score:.4g} of 1"
        yield Done(override.created_at, override.author, f"{where}: {given}", override.reason)
    for action in attempt.actions.select_related("author"):
        until = f" until {action.until:%Y-%m-%d %H:%M} UTC" if action.until else ""
        yield Done(action.created_at, action.author, f"{action.get_kind_display()}{until}", action.reason)


def _told_effect(effect: CorrectionEffect) -> str:
    if effect.kept:
        return "a correction that would have lowered it: it keeps its score"
    scores = f"{effect.before_score:.4g} of {effect.before_max:.4g}"
    if not effect.changes:
        return f"a correction that leaves it at {scores}"
    return f"a correction, from {scores} to {effect.after_score:.4g} of {effect.after_max:.4g}"


def _place(presentation: Presentation, told: Sequence[Told]) -> Place:
    unsent = presentation.unsent_answer()
    return Place(
        presentation=presentation,
        shown=preview(presentation.item_version.definition, presentation.variant),
        told=told,
        unsent=as_text(unsent) if unsent else "",
        why=_why(presentation.choice),
    )


def _why(choice: Mapping[str, Any] | None) -> str:
    """Return why an item was chosen, with the numbers behind it."""
    return " ".join(filter(None, [choice["reason"], choice.get("grounds")])) if choice else ""


def _told(
    response: Response, verdicts: Mapping[StoredVerdict, ItemVerdict], known: Mapping[str, Misconception]
) -> Told:
    return Told(
        response=response,
        entered=[(identifier, as_text(entered)) for identifier, entered in response.answer.items()],
        judged=[
            Judged(
                stored=one,
                outcome=outcome(valid=one.valid, score=one.score),
                verdict=verdicts[one],
                explained=explain(verdicts[one], known),
            )
            for one in response.verdicts.all()
        ],
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
        "assignment",
        "number",
        "state",
        "result",
        "started_at",
        "deadline",
        "finished_at",
    ]
    list_select_related = ["assignment__assessment", "assignment__course"]
    list_filter = [
        "state",
        "assignment__assessment",
        ("learner__users__courses", CourseOfLearner),
        "started_at",
    ]
    date_hierarchy = "started_at"
    search_fields = [
        "=id",
        "learner__users__username",
        "learner__users__first_name",
        "learner__users__last_name",
        "learner__users__email",
        "assignment__assessment__slug",
        "assignment__assessment__title",
    ]
    show_full_result_count = False
    fields = [
        "learner",
        "assignment",
        "number",
        "state",
        "result",
        "ability",
        "version",
        "rules_told",
        "started_at",
        "deadline",
        "finished_at",
    ]
    pages = [Page("timeline", "Answers", "admin/assessment/timeline.html", timeline)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        attempts: QuerySet[Any] = super().get_queryset(request)
        # A search by name makes the list distinct, and documents do not compare.
        documents = ("adaptive_document", "mastery_document")
        return attempts.prefetch_related("learner__users").defer(*documents)

    @admin.display(description="score", ordering="score")
    def result(self, attempt: Attempt) -> str:
        return f"{attempt.credit:.4g}\u00a0of\u00a0{attempt.max_score:.4g}"

    @admin.display(description="ability, of adaptive attempts")
    def ability(self, attempt: Attempt) -> str:
        if attempt.posterior is None:
            return "–"
        theta, error = estimate(attempt.posterior)
        ended = f", ended by {attempt.stop_reason.replace('_', ' ')}" if attempt.stop_reason else ""
        return f"{theta:.2f} ± {error:.2f}{ended}"

    @admin.display(description="rules")
    def rules_told(self, attempt: Attempt) -> str:
        return ", ".join(f"{name}: {value}" for name, value in asdict(attempt.rules).items())

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False
