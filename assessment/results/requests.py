"""Learners ask that an answer be looked at again: gathered for those who teach, and closed with a reply."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from assessment.errors import RequestRefused
from assessment.models import (
    Attempt,
    Correction,
    CorrectionEffect,
    RegradeRequest,
    Response,
    User,
    Verdict,
)
from assessment.models.corrections import CorrectionKind
from assessment.models.regrading import CHANGED
from assessment.models.statements import all_rows
from assessment.results.felt import is_told
from assessment.results.queries import QUERIES
from content.models import ItemVersion

LONGEST: Final = 2_000
"""Of what a learner writes, and of a reply."""

WITHOUT_VERDICTS: Final = frozenset({CorrectionKind.DROP.value, CorrectionKind.FULL_CREDIT.value})
"""Kinds that change what a place counts for, and leave the verdicts on its answers as they are."""


def request_regrade(
    *, attempt: Attempt, response_id: UUID, text: str, now: datetime
) -> tuple[RegradeRequest, bool]:
    """Return the request about an answer of an attempt, and whether it is new: an answer is asked about once.

    Guarded by a constraint: two at once are one. Raises Response.DoesNotExist, or RequestRefused while the result may
    not be seen, or where the answer was not judged.
    """
    response = Response.objects.with_current_verdict().get(pk=response_id, attempt=attempt)
    if not is_told(attempt, now):
        raise RequestRefused("You can ask for another look as soon as you can see your result.")
    if response.judged is None:
        raise RequestRefused("This answer was not graded, so there is nothing to look at again.")
    return RegradeRequest.objects.get_or_create(
        response=response, defaults={"text": text.strip()[:LONGEST], "created_at": now}
    )


def close_requests(requests: QuerySet[RegradeRequest], reply: str, by: User | None, now: datetime) -> int:
    """Close those of some requests that are open, with a reply that their learners read; return how many."""
    found = RegradeRequest.objects.filter(pk__in=requests.order_by().values("pk"), closed_at=None)
    return found.update(closed_at=now, closed_by=by, reply=reply.strip()[:LONGEST])


def close_answered(correction: Correction, now: datetime) -> int:
    """Close the open requests about answers that a correction has judged anew, with its reason; return how many."""
    verdicts = Verdict.objects.current().filter(correction=correction, response=OuterRef("response"))
    answered = Q(Exists(verdicts))
    if correction.kind in WITHOUT_VERDICTS:
        answered |= _about_changed_places(correction)
    return close_requests(
        RegradeRequest.objects.filter(answered, closed_at=None), correction.reason, correction.author, now
    )


def _about_changed_places(correction: Correction) -> Q:
    first = correction.undoes or correction
    changed = CorrectionEffect.objects.filter(CHANGED, correction=correction, applied_at__isnull=False)
    return Q(
        response__attempt__in=changed.values("attempt"),
        response__presentation__item_version__in=first.versions.values("pk"),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Open requests about one answer to one wording, as it was read by interaction.

    ``same`` is how many gave this answer in all attempts, whether or not they asked.
    """

    version: ItemVersion
    answer: Mapping[str, Any]
    score: float
    same: int
    requests: Sequence[RegradeRequest]

    @property
    def count(self) -> int:
        return len(self.requests)


def open_requests(attempts: Q) -> list[Asked]:
    """Return the open requests about answers in some attempts, those that most ask for first.

    ``attempts`` is a condition on attempts. A constant number of queries: each request has its response, attempt and
    learner with its users at hand.
    """
    grouped: dict[tuple[UUID, str], list[RegradeRequest]] = {}
    answers: dict[UUID, Mapping[str, Any]] = {}
    for request in _open_in(attempts):
        document = request.response.verdicts.all()[0].document
        answers[request.pk] = {i: one.get("parsed") for i, one in document["interactions"].items()}
        version = request.response.presentation.item_version_id
        grouped.setdefault((version, _canonical(answers[request.pk])), []).append(request)
    same = _same_answers(list(grouped))
    found = [
        Asked(
            version=requests[0].response.presentation.item_version,
            answer=answers[requests[0].pk],
            score=requests[0].response.verdicts.all()[0].score,
            same=same.get(key, len(requests)),
            requests=requests,
        )
        for key, requests in grouped.items()
    ]
    return sorted(found, key=lambda one: (-one.count, -one.same))


def _open_in(attempts: Q) -> QuerySet[RegradeRequest]:
    here = Attempt.objects.filter(attempts).order_by().values("pk")
    judged = Verdict.objects.current().filter(response=OuterRef("response"))
    found = RegradeRequest.objects.filter(Exists(judged), closed_at=None, response__attempt__in=here)
    found = found.select_related(
        "response__presentation__item_version__item",
        "response__attempt__assignment__assessment",
        "response__attempt__learner",
    )
    current = Prefetch("response__verdicts", Verdict.objects.current())
    return found.prefetch_related(current, "response__attempt__learner__users").order_by("id")


def _canonical(answer: Mapping[str, Any]) -> str:
    return json.dumps(answer, sort_keys=True)


def _same_answers(groups: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], int]:
    if not groups:
        return {}
    asked = {"versions": list({one for one, _ in groups}), "answers": sorted({text for _, text in groups})}
    rows = all_rows(QUERIES["same_answers"], asked)
    return {(version, _canonical(json.loads(answer))): number for version, answer, number in rows}
