"""Corrections of what was answered, for those who may make them and their machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.corrected import (
    MOST_TOLD,
    CorrectionSerializer,
    EffectSerializer,
    OneCorrectionSerializer,
    ProposalSerializer,
    ReasonSerializer,
    UnderWaySerializer,
    WorkedSerializer,
)
from api.rest.pagination import CursorPagination, paged
from api.rest.parsing import slug_wanted
from api.rest.resource import Resource
from assessment.errors import CorrectionRefused
from assessment.models import Assessment, Correction, CorrectionEffect, CorrectionRun
from assessment.models.regrading import CHANGED, RunKind, fraction
from assessment.people.oversight import may_correct, overseen_assessments, overseen_corrections, sees_item
from assessment.results import regrading, standing
from content.items.accepting import Accepted
from content.models import Item

WORKED: Final = {
    200: WorkedSerializer,
    202: OpenApiResponse(UnderWaySerializer, description="It goes on; ask again."),
    404: OpenApiResponse(description="There is no such correction of yours."),
    409: OpenApiResponse(description="It cannot be previewed, applied or taken back now."),
}


class CorrectionResource(Resource):
    def corrections(self) -> QuerySet[Correction]:
        """Return those that are whoever asks's to see, with what is told of them at hand."""
        seen = Correction.objects.filter(overseen_corrections(self.account, self.now))
        whole = seen.select_related("corrected_version", "assessment", "author", "undone_by")
        return whole.prefetch_related("versions__item", "runs")

    def correction(self, pk: UUID) -> Correction:
        return get_object_or_404(self.corrections(), pk=pk)

    def worked(self, correction: Correction, kind: RunKind) -> Response:
        run = standing.work(correction=correction, kind=kind, by=self.account, now=self.now)
        if run.finished_at is None:
            return Response(UnderWaySerializer({"id": correction.pk, "run": run}).data, status=202)
        return Response(WorkedSerializer(worked_shown(correction, run)).data)


class Corrections(CorrectionResource):
    operations = {"GET": "list_corrections", "POST": "propose_correction"}
    pagination_class = CursorPagination

    @extend_schema(
        parameters=[
            OpenApiParameter("item", str, description="Only of this item (slug)."),
            OpenApiParameter("assessment", str, description="Only of this assessment alone (slug)."),
        ],
        responses=CorrectionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The corrections that whoever asks may make, the latest first."""
        found = self.corrections()
        if slug := slug_wanted(request, "item"):
            found = found.filter(pk__in=Correction.objects.filter(versions__item__slug=slug).values("pk"))
        if slug := slug_wanted(request, "assessment"):
            found = found.filter(assessment__slug=slug)
        return paged(self, found, "-id", CorrectionSerializer, lambda page: map(shown, page))

    @extend_schema(
        request=ProposalSerializer,
        responses={
            201: OneCorrectionSerializer,
            403: OpenApiResponse(description="The item is not yours to correct there."),
            404: OpenApiResponse(description="There is no such item or assessment of yours."),
        },
    )
    def post(self, request: Request) -> Response:
        """Write a correction down. Nothing is judged by it before it is applied."""
        sent = ProposalSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        proposal = self.proposal(sent.validated_data)
        try:
            made = regrading.propose(proposal, self.now)
        except CorrectionRefused as refusal:
            raise ValidationError(str(refusal), "correction_refused") from None
        return Response(OneCorrectionSerializer(whole(self.correction(made.pk))).data, status=201)

    def proposal(self, sent: Mapping[str, Any]) -> regrading.Proposal:
        """Return what is asked for. Raises NotFound or PermissionDenied where whoever asks may not."""
        item = Item.objects.filter(slug=sent["item"]).first()
        if item is None or not sees_item(self.account, item, self.now):
            raise NotFound("There is no such item of yours.")
        assessment = self.assessment(sent["assessment"])
        if not may_correct(self.account, item, assessment, self.now):
            raise PermissionDenied(
                "This item is not yours to correct everywhere. Name an assessment that only your courses have."
            )
        return regrading.Proposal(
            item=item,
            kind=sent["kind"],
            reason=sent["reason"],
            author=self.account,
            version=sent["version"],
            corrected=sent["corrected"],
            assessment=assessment,
            keep_if_better=sent["keep_if_better"],
            exact=sent["exact"],
            accepted=Accepted(**sent["accepted"]) if sent["accepted"] else None,
        )

    def assessment(self, slug: str | None) -> Assessment | None:
        if slug is None:
            return None
        found = overseen_assessments(self.account, self.now).filter(slug=slug).first()
        if found is None:
            raise NotFound("There is no such assessment of yours.")
        return found


class OneCorrection(CorrectionResource):
    operations = {"GET": "get_correction"}

    @extend_schema(responses=OneCorrectionSerializer)
    def get(self, _request: Request, id: UUID) -> Response:
        """What it is, where it stands, how far the latest run is, and what it comes to."""
        return Response(OneCorrectionSerializer(whole(self.correction(id))).data)


class CorrectionChanges(CorrectionResource):
    operations = {"GET": "list_correction_changes"}
    pagination_class = CursorPagination

    @extend_schema(responses=EffectSerializer(many=True))
    def get(self, _request: Request, id: UUID) -> Response:
        """The attempts that change, or keep what they would lose, as previewed or as done."""
        effects = CorrectionEffect.objects.filter(CHANGED | Q(kept=True), correction=self.correction(id))
        return paged(self, effects, "id", EffectSerializer, lambda page: map(effect_shown, page))


class CorrectionPreview(CorrectionResource):
    operations = {"POST": "preview_correction"}

    @extend_schema(request=None, responses=WORKED)
    def post(self, _request: Request, id: UUID) -> Response:
        """Say what applying it would do. Nothing else is written."""
        return self.worked(self.correction(id), RunKind.PREVIEW)


class CorrectionApplication(CorrectionResource):
    operations = {"POST": "apply_correction"}

    @extend_schema(request=None, responses=WORKED)
    def post(self, _request: Request, id: UUID) -> Response:
        """Put it in force and judge by it what was answered; twice is once."""
        return self.worked(self.correction(id), RunKind.APPLY)


class CorrectionUndoing(CorrectionResource):
    operations = {"POST": "undo_correction"}

    @extend_schema(request=ReasonSerializer, responses=WORKED)
    def post(self, request: Request, id: UUID) -> Response:
        """Take it back, which is a correction of its own; twice is once."""
        sent = ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        undoing = standing.undo(
            correction=self.correction(id),
            author=self.account,
            reason=sent.validated_data["reason"],
            now=self.now,
        )
        return self.worked(undoing, RunKind.APPLY)


def shown(correction: Correction) -> dict[str, Any]:
    """Return a correction as it is told; asks nothing where it comes from `CorrectionResource.corrections`."""
    versions = sorted(correction.versions.all(), key=lambda one: one.number)
    undone_by = standing.undoing_of(correction)
    runs = list(correction.runs.all())
    return {
        "id": correction.pk,
        "kind": correction.kind,
        "item": versions[0].item.slug if versions else None,
        "versions": [one.number for one in versions],
        "corrected": correction.corrected_version.number if correction.corrected_version else None,
        "accepted": asdict(Accepted.from_json(correction.accepted)) if correction.accepted else None,
        "assessment": correction.assessment.slug if correction.assessment else None,
        "keep_if_better": correction.keep_if_better,
        "exact": correction.exact,
        "reason": correction.reason,
        "author": _name(correction),
        "created_at": correction.created_at,
        "applied_at": correction.applied_at,
        "state": standing.state_of(correction),
        "undoes": correction.undoes_id,
        "undone_by": undone_by.pk if undone_by else None,
        "run": runs[0] if runs else None,
    }


def _name(correction: Correction) -> str | None:
    author = correction.author
    return (author.get_full_name() or author.get_username()) if author else None


def whole(correction: Correction) -> dict[str, Any]:
    """Return a correction with what it comes to."""
    has_effects = correction.effects.exists()
    return {
        **shown(correction),
        "summary": asdict(regrading.summary(correction)) if has_effects else None,
        "may_undo": standing.may_be_undone(correction),
    }


def worked_shown(correction: Correction, run: CorrectionRun) -> dict[str, Any]:
    """Return what a run that is through came to."""
    changed = regrading.changed_effects(correction)
    return {
        "id": correction.pk,
        "attempts": correction.effects.count(),
        "changed": [effect_shown(one) for one in changed[:MOST_TOLD]],
        "changed_total": changed.count(),
        "refused": _refusals(correction),
        "seconds": run.seconds,
        "run": run,
    }


def effect_shown(effect: CorrectionEffect) -> dict[str, Any]:
    return {
        "learner": effect.learner_id,
        "attempt": effect.attempt_id,
        "before": fraction(effect.before_score, effect.before_max),
        "to": fraction(effect.after_score, effect.after_max),
        "kept": effect.kept,
        "passed_before": effect.passed_before,
        "passed_after": effect.passed_after,
    }


def _refusals(correction: Correction) -> list[dict[str, Any]]:
    refused = correction.effects.filter(refused__isnull=False).order_by("id")
    return [
        {"attempt": attempt, "position": int(position), "reason": reason}
        for attempt, reasons in refused.values_list("attempt_id", "refused")[:MOST_TOLD]
        for position, reason in (reasons or {}).items()
    ]
