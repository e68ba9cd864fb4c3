"""Attempts: start, see, submit, review. What happens in between stands in ``presentations``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.accounts import user_or_new_guest
from api.rest.assessments import ConditionsSerializer, conditions, visible_assignments
from api.rest.pagination import CursorPagination, paged
from api.rest.parsing import slug_wanted
from api.rest.policy import visible_attempts
from api.rest.resource import DICE, Resource
from api.rest.throttles import GuestThrottle
from assessment.delivery import attempts as delivery
from assessment.disclosure import replies
from assessment.knowledge.mastery import LEVEL_WORDS
from assessment.models import Attempt, Presentation
from assessment.models import Response as StoredResponse
from assessment.models.attempts import AttemptState, read_closings
from assessment.models.responses import ResponseQuerySet
from assessment.modes import MODES, mode_of, result
from assessment.modes.places import place_of
from assessment.results import felt
from assessment.rules.mastery import Criterion
from assessment.selection.ability import NAMES, Ability, ability
from assessment.selection.mastery import State
from content.items.grading import ItemVerdict
from content.models import Misconception

LastResponses = dict[UUID, tuple[StoredResponse, ItemVerdict | None]]
"""By the ids of presentations, with the verdict that counts; None while there is none."""


class StartAttemptSerializer(serializers.Serializer[Any]):
    assessment = serializers.SlugField(max_length=100)
    assignment = serializers.UUIDField(
        required=False, help_text="One of several ways in which it is given; else the one that lists show."
    )


class AttemptPresentationSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    section = serializers.CharField()
    state = serializers.ChoiceField(choices=["open", "answered"])
    tries_left = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    score = serializers.FloatField(allow_null=True, help_text="null: withheld, or nothing valid yet.")
    max_score = serializers.FloatField()


class AbilitySerializer(serializers.Serializer[Any]):
    """An estimate as a learner may know it: a word and an interval, on the scale of the bank (0 is average)."""

    band = serializers.ChoiceField(choices=list(NAMES))
    low = serializers.FloatField(help_text="The interval holds the ability with 90 %.")
    high = serializers.FloatField()


class SkillStandingSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="skill.slug")
    title = serializers.CharField(source="skill.title")
    state = serializers.ChoiceField(
        choices=[state.value for state in State], help_text="locked: what it builds on is not mastered yet."
    )
    level = serializers.ChoiceField(
        choices=list(LEVEL_WORDS),
        help_text="In this attempt: what was answered elsewhere since does not move it.",
    )
    words = serializers.CharField(help_text="The level as learners read it.")
    probability = serializers.FloatField(
        source="estimate.probability",
        allow_null=True,
        help_text="That the skill is known, after the last answer of this attempt; null before any.",
    )
    low = serializers.FloatField(
        source="estimate.low", allow_null=True, help_text="The 90 % band around it, below …"
    )
    high = serializers.FloatField(source="estimate.high", allow_null=True, help_text="… and above.")
    right = serializers.IntegerField(help_text="Of the last first tries that `counted` counts.")
    counted = serializers.IntegerField()
    practiced = serializers.IntegerField(help_text="Items of this attempt.")


class MasterySerializer(serializers.Serializer[Any]):
    """The skills of a mastery attempt in the order of prerequisites."""

    criterion = serializers.ChoiceField(choices=[criterion.value for criterion in Criterion])
    ended_by = serializers.ChoiceField(
        choices=["mastered", "length", "bank_exhausted"],
        allow_null=True,
        help_text="null: it is open, was handed in, or its time was up.",
    )
    skills = SkillStandingSerializer(many=True)


class ResultSerializer(serializers.Serializer[Any]):
    """What an attempt is worth, beside its score."""

    passed = serializers.BooleanField(allow_null=True, help_text="null: the assessment does not decide it.")
    level = serializers.CharField(
        allow_null=True, help_text="By the author's table; null where there is none."
    )
    words = serializers.CharField(help_text="What the score means.")


class AttemptSummarySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    assessment = serializers.CharField(help_text="Its slug.")
    title = serializers.CharField(help_text="Of the assessment, as it is called by now.")
    mode = serializers.ChoiceField(choices=list(MODES), help_text="As the attempt began.")
    is_void = serializers.BooleanField(help_text="It counts for nothing, and stays readable.")
    state = serializers.ChoiceField(
        choices=["open", "grading", "submitted", "expired"],
        help_text="grading: its time is up, and what was saved is about to be counted.",
    )
    started_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    score = serializers.FloatField(allow_null=True, help_text="null while it is withheld.")
    max_score = serializers.FloatField()
    ability = AbilitySerializer(
        allow_null=True, help_text="Of an adaptive attempt that is over; null while it is withheld."
    )
    result = ResultSerializer(
        allow_null=True, help_text="Of an attempt that is over; null while it is withheld."
    )


class AttemptSerializer(AttemptSummarySerializer):
    """One sitting. Withheld scores are null."""

    conditions = ConditionsSerializer()
    presentations = AttemptPresentationSerializer(many=True)
    mastery = MasterySerializer(allow_null=True, help_text="null where the mode is another.")


class AttemptResource(Resource):
    """A resource inside an attempt that the one who asks may reach."""

    def attempts(self) -> QuerySet[Attempt]:
        """Return those that this user may reach."""
        visible = visible_attempts(self.operation, self.account, self.now)
        return Attempt.objects.select_related("assignment__assessment").filter(visible)

    def attempt(self, attempt_id: UUID) -> Attempt:
        """Return the attempt; 404 where it is not this user's to see."""
        return get_object_or_404(self.attempts(), pk=attempt_id)


class Attempts(Resource):
    operations = {"GET": "list_attempts", "POST": "start_attempt"}
    post_throttles = [GuestThrottle]
    pagination_class = CursorPagination

    @extend_schema(
        parameters=[
            OpenApiParameter("assessment", str, description="Only attempts at this assessment (slug).")
        ],
        responses=AttemptSummarySerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The learner's own attempts, the latest first."""
        own = Attempt.objects.filter(visible_attempts(self.operation, self.account, self.now))
        if slug := slug_wanted(request, "assessment"):
            own = own.filter(assignment__assessment__slug=slug)
        own = own.select_related("assignment__assessment", "learner")
        own = own.prefetch_related("learner__users__accommodations")
        return paged(self, own, "-id", AttemptSummarySerializer, self._shown)

    def _shown(self, attempts: list[Attempt]) -> list[dict[str, Any]]:
        read_closings(attempts)
        return [summary(one, self.now) for one in attempts]

    @extend_schema(
        request=StartAttemptSerializer,
        responses={
            201: AttemptSerializer,
            200: OpenApiResponse(AttemptSerializer, description="The open attempt, resumed."),
            403: OpenApiResponse(
                description="It belongs to a premium lesson that the learner has no course for."
            ),
            404: OpenApiResponse(description="There is no such assessment or assignment."),
            409: OpenApiResponse(description="The assessment is not open, or all attempts are used."),
        },
    )
    def post(self, request: Request) -> Response:
        """Start an attempt, or resume the one that is open. Without an account a guest is made."""
        wanted = StartAttemptSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        given = visible_assignments(self.user, self.now).filter(
            assessment__slug=wanted.validated_data["assessment"]
        )
        if named := wanted.validated_data.get("assignment"):
            given = given.filter(pk=named)
        preferred = given.preferred_by(self.user, self.now)
        assignment = preferred.select_related("assessment__current", "assessment__lesson").first()
        if assignment is None:
            raise NotFound("There is no such assessment, or it is not given in that way.")
        started = delivery.start_attempt(
            user=user_or_new_guest(request),
            assessment=assignment.assessment,
            assignment=assignment,
            now=self.now,
            dice=DICE,
        )
        shown = detail(started.attempt, self.now, started.shown if started.is_new else None)
        return Response(AttemptSerializer(shown).data, status=201 if started.is_new else 200)


class OneAttempt(AttemptResource):
    operations = {"GET": "get_attempt"}

    @extend_schema(responses=AttemptSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        """The attempt: its state, its deadline, its presentations and its score so far."""
        return Response(AttemptSerializer(detail(self.attempt(id), self.now)).data)


class AttemptSubmission(AttemptResource):
    operations = {"POST": "submit_attempt"}

    @extend_schema(request=None, responses=AttemptSerializer)
    def post(self, request: Request, id: UUID) -> Response:
        """End the attempt. Drafts that were not sent are graded; twice is once."""
        attempt = delivery.submit_attempt(attempt_id=id, user_id=self.account.pk, now=self.now)
        return Response(AttemptSerializer(detail(attempt, self.now)).data)


def summary(attempt: Attempt, now: datetime) -> dict[str, Any]:
    return {
        "id": attempt.pk,
        "assessment": attempt.assessment.slug,
        "title": attempt.assessment.title,
        "mode": attempt.mode,
        "is_void": attempt.is_void,
        "state": attempt.state_at(now),
        "started_at": attempt.started_at,
        "deadline": attempt.deadline,
        "finished_at": attempt.finished_at,
        "score": attempt.credit if attempt.releases_verdicts(now) else None,
        "max_score": attempt.max_score,
        "ability": ability_shown(attempt, now),
        "result": result(attempt) if felt.is_told(attempt, now) else None,
    }


def ability_shown(attempt: Attempt, now: datetime) -> Ability | None:
    """Return what was measured, once the attempt is over and verdicts may be seen."""
    told = attempt.posterior is not None and felt.is_told(attempt, now)
    return ability(attempt.posterior) if told else None


def detail(
    attempt: Attempt, now: datetime, presentations: Sequence[Presentation] | None = None
) -> dict[str, Any]:
    """Return an attempt as its learner sees it; its presentations are read where they are not at hand."""
    released = attempt.releases_verdicts(now)
    if presentations is None:
        # The documents of the items are large, and nothing of them is shown here.
        unread = (
            "variant_document",
            "corrected_document",
            "item_version__document",
            "item_version__certificate",
        )
        shown = attempt.presentations.select_related("item_version__item").defer(*unread).order_by("position")
        presentations = list(shown)
    return {
        **summary(attempt, now),
        "conditions": conditions(attempt.rules),
        "presentations": [place(one, attempt, released=released) for one in presentations],
        "mastery": mode_of(attempt).skills(attempt, [place_of(one) for one in presentations]),
    }


def place(presentation: Presentation, attempt: Attempt, *, released: bool) -> dict[str, Any]:
    """Return where a presentation stands, with its score once that may be seen."""
    score = presentation.credit if released else None
    over = attempt.state != AttemptState.OPEN
    is_out = presentation.is_dropped or (over and presentation.is_seeded)
    weight = 0.0 if is_out else presentation.weight
    answered = presentation.is_answered(attempt.rules) or (over and presentation.score is not None)
    return {
        "position": presentation.position,
        "section": presentation.section_title,
        "state": "answered" if answered else "open",
        "tries_left": 0 if over else presentation.tries_left(attempt.rules.scoring),
        "score": None if score is None else score * weight,
        "max_score": weight,
    }


def last_responses(attempt: Attempt) -> LastResponses:
    """Return the last response to each presentation with its verdict: the last that can be read, if one can."""
    return last_of(StoredResponse.objects.filter(attempt=attempt))


def last_answer(presentation: Presentation, attempt: Attempt, now: datetime) -> dict[str, Any] | None:
    """Return what was last answered at a place, with what may be said of it by now; None before an answer."""
    settled = presentation.is_settled or attempt.state != AttemptState.OPEN
    return last_told(presentation, released=attempt.releases_verdicts(now), solvable=settled)


def last_told(presentation: Presentation, *, released: bool, solvable: bool) -> dict[str, Any] | None:
    """Return the last answer with its verdict as it is shown; None before an answer."""
    if presentation.answers == 0:
        return None
    found = last_of(StoredResponse.objects.filter(presentation=presentation))
    judged = [verdict for _, verdict in found.values() if verdict]
    ideas = replies.misconceptions_in(judged, {}) if released else {}
    return _told(presentation, found, ideas, released=released, solvable=solvable)


def last_answers(
    presentations: Sequence[Presentation], attempt: Attempt, now: datetime
) -> list[dict[str, Any] | None]:
    """Return of all places of an attempt what `last_answer` returns of one. Two queries."""
    found = last_responses(attempt)
    released, is_over = attempt.releases_verdicts(now), attempt.state != AttemptState.OPEN
    judged = [verdict for _, verdict in found.values() if verdict]
    ideas = replies.misconceptions_in(judged, {}) if released else {}
    return [
        _told(one, found, ideas, released=released, solvable=one.is_settled or is_over)
        for one in presentations
    ]


def _told(
    presentation: Presentation,
    found: LastResponses,
    ideas: Mapping[str, Misconception],
    *,
    released: bool,
    solvable: bool,
) -> dict[str, Any] | None:
    if presentation.pk not in found:
        return None
    response, judged = found[presentation.pk]
    verdict = None
    if judged:
        verdict = replies.shown_response(
            response, judged, presentation, ideas, released=released, solvable=solvable
        )
    return {"answer": response.answer, "pending": judged is None, "verdict": verdict}


def last_of(responses: ResponseQuerySet) -> LastResponses:
    found: LastResponses = {}
    for response in responses.counting().order_by("sequence").with_current_verdict():
        judged = ItemVerdict.from_json(response.judged) if response.judged else None
        _, before = found.get(response.presentation_id, (None, None))
        if before is None or not before.valid or (judged and judged.valid):
            found[response.presentation_id] = (response, judged)
    return found
