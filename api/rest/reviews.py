"""The review of an attempt: what was shown, answered and judged, and what corrections and people made of it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.answers import AnswerField
from api.rest.attempts import AttemptResource, last_of, place
from api.rest.grades import LearnerGradeSerializer
from api.rest.items import ShownItemSerializer, shown_item
from api.rest.verdicts import VerdictSerializer
from assessment.delivery.attempts import presentations_with_ideas
from assessment.disclosure import replies
from assessment.grades.outcomes import grade_at
from assessment.models import Attempt, Presentation, RegradeRequest, UserLearner
from assessment.models import Response as StoredResponse
from assessment.models.attempts import AttemptState
from assessment.models.corrections import CorrectionKind
from assessment.results import felt
from assessment.results.felt import Anew, Felt
from content.items.grading import ItemVerdict
from content.models import Misconception


class ShareChangeSerializer(serializers.Serializer[Any]):
    """From what to what, in shares of everything."""

    to = serializers.FloatField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from``, which Python does not take as a name."""
        return super().get_fields() | {"from": serializers.FloatField(source="before", allow_null=True)}


class FeltCorrectionSerializer(ShareChangeSerializer):
    """What a correction did to the attempt; null where nothing counts."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=CorrectionKind.values)
    words = serializers.CharField(help_text="The kind in plain words.")
    reason = serializers.CharField()
    kept = serializers.BooleanField(help_text="It would have lowered the result, which stays.")
    by = serializers.CharField(help_text="A name for those who teach alone.")


class DecisionSerializer(serializers.Serializer[Any]):
    """What a person decided about the attempt."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=list(felt.DECIDED))
    words = serializers.CharField(help_text="The kind in plain words.")
    reason = serializers.CharField()
    by = serializers.CharField(help_text="A name for those who teach alone.")
    position = serializers.IntegerField(
        allow_null=True, help_text="Of a score by hand; null: of the attempt."
    )
    score = serializers.FloatField(allow_null=True, help_text="By hand: a share of everything there.")
    until = serializers.DateTimeField(allow_null=True, help_text="Of more time: the new end.")


class CorrectedAnswerSerializer(ShareChangeSerializer):
    """An answer that is worth something else since a correction; `to` is null where the item does not count."""

    at = serializers.DateTimeField()
    words = serializers.CharField()
    reason = serializers.CharField()
    was_told = serializers.BooleanField(help_text="Whether its learner was told the first at once.")


class RegradeRequestSerializer(serializers.Serializer[Any]):
    """That the answer be looked at again."""

    state = serializers.ChoiceField(choices=["open", "closed"])
    text = serializers.CharField()
    asked_at = serializers.DateTimeField()
    reply = serializers.CharField(help_text="Empty while it is open, or where nothing was replied.")
    closed_at = serializers.DateTimeField(allow_null=True)


class ReviewEntrySerializer(ShownItemSerializer):
    position = serializers.IntegerField()
    section = serializers.CharField()
    state = serializers.ChoiceField(choices=["open", "answered"])
    score = serializers.FloatField(allow_null=True)
    max_score = serializers.FloatField()
    answer = AnswerField(
        allow_null=True, help_text="The last one that was recorded, or that waits to be graded."
    )
    pending = serializers.BooleanField(help_text="Whether the answer waits to be graded.")
    solution_seen = serializers.BooleanField(
        help_text="Whether its learner asked for the solution, which closed it."
    )
    verdict = VerdictSerializer(allow_null=True)
    solution = serializers.CharField(allow_null=True)
    right = serializers.DictField(
        child=serializers.JSONField(),
        allow_null=True,
        help_text="A right answer of each interaction; null until the solution may be seen.",
    )
    corrected = CorrectedAnswerSerializer(
        allow_null=True, help_text="What a correction made of the answer; null where it is worth the same."
    )
    may_ask = serializers.BooleanField(
        help_text="Whether whoever reads may ask that the answer (`verdict.id`) be looked at again."
    )
    request = RegradeRequestSerializer(allow_null=True, help_text="What its learner asked; null: nothing.")


class ReviewSerializer(serializers.Serializer[Any]):
    """Everything that was shown and answered, and what may be said about it by now."""

    attempt = serializers.UUIDField()
    released = serializers.BooleanField(help_text="Whether verdicts and scores may be seen.")
    is_own = serializers.BooleanField(help_text="Whether it is the attempt of whoever reads this.")
    grade = LearnerGradeSerializer(
        allow_null=True,
        help_text="What all attempts at the assignment are worth together; null once its learner was erased.",
    )
    corrections = FeltCorrectionSerializer(
        many=True, help_text="That changed the result of an attempt that is over, or would have lowered it."
    )
    decisions = DecisionSerializer(many=True, help_text="Of people, about an attempt that is over.")
    presentations = ReviewEntrySerializer(many=True)


class AttemptReview(AttemptResource):
    operations = {"GET": "review_attempt"}

    @extend_schema(responses=ReviewSerializer)
    def get(self, request: Request, id: UUID) -> Response:
        """All presentations with the last answers, and with verdicts and solutions once they are released."""
        own = UserLearner.objects.filter(learner=OuterRef("learner"), user=self.account)
        attempt: Any = get_object_or_404(self.attempts().annotate(is_own=Exists(own)), pk=id)
        return Response(ReviewSerializer(review(attempt, self.now, is_own=attempt.is_own)).data)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads a review: a learner reads no names, and may ask for another look."""

    is_own: bool
    is_told: bool
    felt: Sequence[Felt] = ()

    def name(self, author: str) -> str:
        return "your instructor" if self.is_own else author or "an administrator"


def review(attempt: Attempt, now: datetime, *, is_own: bool) -> dict[str, Any]:
    released, told = attempt.releases_verdicts(now), felt.is_told(attempt, now)
    reader = Reader(is_own, told, felt.felt_in(attempt) if told else ())
    last = last_of(felt.with_first_verdict(StoredResponse.objects.filter(attempt=attempt)))
    judged = [verdict for _, verdict in last.values() if verdict]
    shown = presentations_with_ideas(attempt)
    known = {idea["slug"]: Misconception(**idea) for one in shown for idea in one.ideas}
    ideas = replies.misconceptions_in(judged, known) if released else {}
    decided = felt.decided_about(attempt) if told else ()
    return {
        "attempt": attempt.pk,
        "released": released,
        "is_own": is_own,
        "grade": grade_at(attempt, now),
        "corrections": [felt_shown(one, reader) for one in reader.felt if one.is_news],
        "decisions": [{**asdict(one), "by": reader.name(one.by)} for one in decided],
        "presentations": [
            {
                **review_entry(one, attempt, last.get(one.pk, (None, None)), ideas, released=released),
                **afterwards(one, last.get(one.pk), reader),
            }
            for one in shown
        ],
    }


def felt_shown(one: Felt, reader: Reader) -> dict[str, Any]:
    author = (one.author.get_full_name() or one.author.get_username()) if one.author else ""
    return {
        "at": one.at,
        "kind": one.kind,
        "words": one.words,
        "reason": one.reason,
        "before": one.before,
        "to": one.after,
        "kept": one.kept,
        "by": reader.name(author),
    }


def afterwards(
    presentation: Presentation, answered: tuple[StoredResponse, ItemVerdict | None] | None, reader: Reader
) -> dict[str, Any]:
    """Return what came of an answer after it was judged: a correction, and a request for another look."""
    if answered is None or not reader.is_told:
        return {"corrected": None, "may_ask": False, "request": None}
    response, judged = answered
    asked: RegradeRequest | None = getattr(response, "regrade_request", None)
    is_whole = presentation.is_dropped or (presentation.credit is not None and presentation.credit >= 1)
    return {
        "corrected": _corrected(felt.anew(presentation, response, reader.felt)),
        "may_ask": reader.is_own and judged is not None and asked is None and not is_whole,
        "request": request_shown(asked) if asked else None,
    }


def _corrected(anew: Anew | None) -> dict[str, Any] | None:
    if anew is None:
        return None
    return {
        "at": anew.felt.at,
        "words": anew.felt.words,
        "reason": anew.felt.reason,
        "before": anew.before,
        "to": anew.after,
        "was_told": anew.was_told,
    }


def request_shown(request: RegradeRequest) -> dict[str, Any]:
    return {
        "state": "closed" if request.closed_at else "open",
        "text": request.text,
        "asked_at": request.created_at,
        "reply": request.reply,
        "closed_at": request.closed_at,
    }


def review_entry(
    presentation: Presentation,
    attempt: Attempt,
    answered: tuple[StoredResponse | None, ItemVerdict | None],
    ideas: Mapping[str, Misconception],
    *,
    released: bool,
) -> dict[str, Any]:
    response, judged = answered
    solvable = presentation.is_settled or attempt.state != AttemptState.OPEN
    verdict = None
    if response and judged and released:
        verdict = replies.shown_response(
            response, judged, presentation, ideas, released=True, solvable=solvable
        )
    return {
        **place(presentation, attempt, released=released),
        **shown_item(presentation),
        "answer": response.answer if response else None,
        "pending": response is not None and judged is None,
        "solution_seen": presentation.is_given_up,
        "verdict": verdict,
        "solution": replies.solution_of(presentation) if released and solvable else None,
        "right": replies.right_of(presentation) if released and solvable else None,
    }
