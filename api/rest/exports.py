"""All that is recorded of whoever asks, to take along: what was shown, answered, announced and judged.

What may not be seen yet is not in it either: items, announcements and verdicts pass the same doors as in the app.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, Final
from uuid import UUID

import msgspec
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.rest.attempts import place, summary
from api.rest.exported import ExportedAttemptSerializer, ExportedPracticeSerializer, ExportSerializer
from api.rest.items import shown_item
from api.rest.presentations import as_fields
from api.rest.resource import Resource
from api.rest.reviews import request_shown
from api.rest.throttles import ExportThrottle
from assessment.delivery.attempts import presentations_with_ideas
from assessment.disclosure import replies
from assessment.grades.outcomes import Outcome, grades_of
from assessment.models import (
    Accommodation,
    Assignment,
    Attempt,
    AttemptAction,
    Draft,
    Enrolment,
    GradeNote,
    PlatformPerson,
    Presentation,
    RegradeRequest,
    User,
    UserLearner,
    Verdict,
)
from assessment.models import Response as StoredResponse
from assessment.models.attempts import AttemptState
from assessment.results.felt import Felt, felt_in, is_told
from content.items.grading import ItemVerdict
from content.models import Misconception
from content.sheets.writing import BOM, Lines, defused

AT_ONCE: Final = 50
"""Variants of practice that are in memory at a time; of attempts it is one."""

COLUMNS: Final = (
    "assessment",
    "attempt",
    "attempt_number",
    "position",
    "item",
    "shown_at",
    "sent_at",
    "origin",
    "try",
    "answer",
    "valid",
    "correct",
    "score",
    "hints_taken",
    "seconds",
)


class MyExport(Resource):
    operations = {"GET": "export_me"}

    def get_throttles(self) -> list[BaseThrottle]:
        return [*super().get_throttles(), ExportThrottle()]

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "format",
                str,
                enum=["json", "csv"],
                description="csv: one row for each answer. Else everything.",
            )
        ],
        responses={(200, "application/json"): ExportSerializer, (200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Everything that is recorded of whoever asks, as a file. What may not be seen yet is left out."""
        form = request.query_params.get("format", "json")
        if form == "json":
            return attachment(everything(self.account, self.now), "application/json", "assay-data.json")
        if form == "csv":
            return attachment(table(self.account, self.now), "text/csv; charset=utf-8", "assay-answers.csv")
        raise ValidationError({"format": "Must be json or csv."}, "invalid")


def attachment(content: Iterator[bytes], kind: str, name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(content, content_type=kind, headers=headers)


def everything(user: User, now: datetime) -> Iterator[bytes]:
    """Yield the export as JSON, an attempt at a time."""
    head = {"made_at": now, **about(user, now)}
    fields = ExportSerializer().fields
    yield b"{"
    for name, value in head.items():
        yield (
            msgspec.json.encode(name)
            + b":"
            + msgspec.json.encode(fields[name].to_representation(value))
            + b","
        )
    yield b'"attempts":['
    yield from _listed(ExportedAttemptSerializer(one).data for one in attempts_of(user, now))
    yield b'],"practice":['
    yield from _listed(ExportedPracticeSerializer(one).data for one in practice_of(user))
    yield b"]}"


def about(user: User, now: datetime) -> dict[str, Any]:
    """Return what is known of the person beside what was done."""
    return {
        "account": {
            "id": user.pk,
            "username": None if user.is_guest else user.username,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email or None,
            "is_guest": user.is_guest,
            "joined_at": user.date_joined,
            "last_sign_in_at": user.last_login,
        },
        "courses": [
            {"course": one.course.title, "role": one.role, "ends_at": one.ends_at}
            for one in Enrolment.objects.filter(user=user).select_related("course")
        ],
        "accommodations": [
            {
                "assessment": one.assessment.slug if one.assessment else None,
                "time_factor": one.time_factor,
                "extra_minutes": one.extra_minutes,
                "no_limit": one.no_limit,
                "extra_attempts": one.extra_attempts,
                "tries": one.tries,
                "closes_at": one.closes_at,
                "reason": one.reason,
            }
            for one in Accommodation.objects.filter(user=user).select_related("assessment")
        ],
        "grades": grades_told(user, now),
        "platforms": [
            {"platform": one.platform.name, "subject": one.subject}
            for one in PlatformPerson.objects.filter(user=user).select_related("platform")
        ],
        "grade_notes": [
            {
                "assessment": one.assignment.assessment.slug,
                "score": one.score,
                "is_excused": one.is_excused,
                "comment": one.comment,
                "created_at": one.created_at,
            }
            for one in GradeNote.objects.filter(learner__users=user).select_related("assignment__assessment")
        ],
        "learners": [
            {"id": one.learner_id, "created_at": one.learner.created_at, "way": one.kind}
            for one in UserLearner.objects.filter(user=user).select_related("learner").order_by("learner")
        ],
    }


def grades_told(user: User, now: datetime) -> list[Outcome]:
    """Return what teachers said of a user's grades and the user may know by now."""
    noted = GradeNote.objects.filter(learner__users=user).values("assignment")
    given = Assignment.objects.filter(pk__in=noted).select_related("assessment__current").order_by("pk")
    found = grades_of(user, given, now).values()
    return [one for one in found if one.is_released and (one.is_given or one.is_excused or one.comment)]


def attempts_of(user: User, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield a user's attempts, the first first. No cursor stays open: behind a pool there is none to keep."""
    own = Attempt.objects.filter(learner__users=user).order_by("id")
    whole = Attempt.objects.select_related("assignment__assessment", "learner").prefetch_related(
        "learner__users__accommodations", "actions"
    )
    for pk in list(own.values_list("pk", flat=True)):
        if attempt := whole.filter(pk=pk).first():
            yield exported_attempt(attempt, now)


def practice_of(user: User) -> Iterator[dict[str, Any]]:
    """Yield the variants of a user's free practice, the first first."""
    own = Presentation.objects.filter(learner__users=user, attempt=None).order_by("id")
    ids = list(own.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = Presentation.objects.filter(pk__in=ids[start : start + AT_ONCE])
        shown = some.select_related("item_version__item", "draft")
        shown = shown.order_by("id")
        logs = responses_to(shown)
        for one in shown:
            yield {"learner": one.learner_id, **exported_practice(one, logs[one.pk])}


def exported_attempt(attempt: Attempt, now: datetime) -> dict[str, Any]:
    released = attempt.releases_verdicts(now)
    shown = presentations_with_ideas(attempt)
    logs = responses_to(shown)
    known = {idea["slug"]: Misconception(**idea) for one in shown for idea in one.ideas}
    ideas = replies.misconceptions_in(_verdicts_in(logs), known) if released else known
    return {
        **summary(attempt, now),
        "learner": attempt.learner_id,
        "number": attempt.number,
        "released": released,
        "actions": [_action(one) for one in attempt.actions.all()],
        "corrections": [
            _correction(one) for one in (felt_in(attempt) if is_told(attempt, now) else ()) if one.is_news
        ],
        "presentations": [
            {
                **place(one, attempt, released=released),
                **_showing(one),
                "solution": _solution(one, attempt, released=released),
                "responses": [
                    exported_response(response, one, attempt, ideas, released=released)
                    for response in logs[one.pk]
                ],
            }
            for one in shown
        ],
    }


def exported_practice(shown: Presentation, log: Sequence[StoredResponse]) -> dict[str, Any]:
    """Return a variant of practice. Its solution was told with the first answer that could be read."""
    ideas = replies.misconceptions_in(_verdicts_in({shown.pk: log}), {})
    answered = [exported_response(one, shown, None, ideas, released=True) for one in log]
    is_told = any(one["announced"] and one["announced"]["valid"] for one in answered)
    solution = replies.solution_of(shown) if is_told else None
    return {**_showing(shown), "solution": solution, "responses": answered}


def exported_response(
    response: StoredResponse,
    shown: Presentation,
    attempt: Attempt | None,
    ideas: Mapping[str, Misconception],
    *,
    released: bool,
) -> dict[str, Any]:
    """Return a response with what was announced with it, and what it is worth by now where that may be seen."""
    verdicts = list(response.verdicts.all())
    first = next((one for one in verdicts if one.number == 1), None)
    current = next((one for one in verdicts if one.current and not one.is_void), None)
    announced = None
    if first and response.announcement is not None:
        recorded = replies.Recorded(response, first, shown, attempt, replayed=True, ideas=ideas)
        announced = as_fields(replies.reply(recorded))
    asked: RegradeRequest | None = getattr(response, "regrade_request", None)
    return {
        "id": response.pk,
        "sequence": response.sequence,
        "sent_at": response.created_at,
        "origin": response.origin,
        "answer": response.answer,
        "seconds": response.seconds,
        "hints_taken": response.hints_taken,
        "announced": announced,
        "judged": _judged(response, current, shown, attempt, ideas) if current and released else None,
        "request": request_shown(asked) if asked else None,
    }


def responses_to(shown: Iterable[Presentation]) -> Mapping[UUID, list[StoredResponse]]:
    """Return the responses by presentation in their order, with their verdicts. Two queries."""
    found = StoredResponse.objects.filter(presentation__in=[one.pk for one in shown])
    logs: dict[UUID, list[StoredResponse]] = defaultdict(list)
    found = found.select_related("regrade_request").prefetch_related("verdicts")
    for response in found.order_by("sequence"):
        logs[response.presentation_id].append(response)
    return logs


def table(user: User, now: datetime) -> Iterator[bytes]:
    """Yield one row for each answer, attempts first. Marked as UTF-8, as spreadsheets want it."""
    writer = csv.writer(Lines())
    yield BOM + writer.writerow(COLUMNS)
    in_attempts = (rows(one, one["presentations"]) for one in attempts_of(user, now))
    in_practice = (rows({}, [one]) for one in practice_of(user))
    for row in chain.from_iterable(chain(in_attempts, in_practice)):
        yield writer.writerow([defused(row.get(name)) for name in COLUMNS])


def rows(attempt: Mapping[str, Any], shown: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each answer in an attempt; in practice the attempt is empty."""
    for one in shown:
        for sent in one["responses"]:
            told, judged = sent["announced"] or {}, sent["judged"] or {}
            yield {
                "assessment": attempt.get("assessment"),
                "attempt": attempt.get("id"),
                "attempt_number": attempt.get("number"),
                "position": one.get("position"),
                "item": one["title"],
                "shown_at": one["shown_at"].isoformat(),
                "sent_at": sent["sent_at"].isoformat(),
                "origin": sent["origin"],
                "try": told.get("number"),
                "answer": msgspec.json.encode(sent["answer"]).decode(),
                "valid": judged.get("valid", told.get("valid")),
                "correct": judged.get("correct"),
                "score": judged.get("score"),
                "hints_taken": sent["hints_taken"],
                "seconds": sent["seconds"],
            }


def _listed(entries: Iterable[Any]) -> Iterator[bytes]:
    for number, entry in enumerate(entries):
        yield (b"," if number else b"") + msgspec.json.encode(entry, enc_hook=str)


def _showing(shown: Presentation) -> dict[str, Any]:
    draft: Draft | None = getattr(shown, "draft", None)
    return {
        **shown_item(shown),
        "item": shown.item_version.item.slug,
        "shown_at": shown.shown_at,
        "draft": {"answer": draft.answer, "saved_at": draft.saved_at} if draft else None,
    }


def _solution(shown: Presentation, attempt: Attempt, *, released: bool) -> str | None:
    return replies.solution_of(shown) if released and _is_solved(shown, attempt) else None


def _is_solved(shown: Presentation, attempt: Attempt | None) -> bool:
    """Whether the solution may be seen once verdicts are: the rule of the review. Practice hides none."""
    return attempt is None or shown.is_settled or attempt.state != AttemptState.OPEN


def _judged(
    response: StoredResponse,
    verdict: Verdict,
    shown: Presentation,
    attempt: Attempt | None,
    ideas: Mapping[str, Misconception],
) -> dict[str, Any]:
    read = ItemVerdict.from_json(verdict.document)
    told = replies.shown_response(
        response, read, shown, ideas, released=True, solvable=_is_solved(shown, attempt)
    )
    return {
        **as_fields(told),
        "score": read.score if read.valid else None,
        "judged_at": verdict.created_at,
    }


def _action(action: AttemptAction) -> dict[str, Any]:
    return {"kind": action.kind, "until": action.until, "created_at": action.created_at}


def _correction(felt: Felt) -> dict[str, Any]:
    return {
        "at": felt.at,
        "words": felt.words,
        "reason": felt.reason,
        "before": felt.before,
        "to": felt.after,
        "kept": felt.kept,
    }


def _verdicts_in(logs: Mapping[UUID, Sequence[StoredResponse]]) -> list[ItemVerdict]:
    stored = (one for log in logs.values() for response in log for one in response.verdicts.all())
    return [ItemVerdict.from_json(one.document) for one in stored]
