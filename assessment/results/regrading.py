"""Regrading: corrections proposed, previewed, applied and taken back, with their progress and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet

from assessment.errors import CorrectionRefused
from assessment.exclusive import Lock, unless_held
from assessment.models import (
    Assessment,
    Attempt,
    Correction,
    CorrectionEffect,
    CorrectionRun,
    Presentation,
    User,
)
from assessment.models.corrections import CorrectionKind
from assessment.models.regrading import CHANGED, RunKind, fraction
from assessment.people import rights
from assessment.recording.correcting import (
    Watch,
    apply_correction,
    judged_alike,
    preview_correction,
    start_preview,
    undoing,
)
from assessment.results.graded import platform_grades
from assessment.results.requests import close_answered
from content.items.accepting import Accepted
from content.models import Item, ItemVersion, Status

WITH_A_WORDING: Final = frozenset({CorrectionKind.KEY.value, CorrectionKind.POLICY.value})
AT_ONCE: Final = 2_000
"""Attempts that are judged anew while somebody waits; more are left to the scheduled work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A correction as somebody asks for it. ``version`` and ``corrected`` are numbers of wordings of the item.

    ``accepted`` is what is accepted besides the key, for that kind alone.
    """

    item: Item
    kind: str
    reason: str
    author: User | None = None
    version: int | None = None
    corrected: int | None = None
    assessment: Assessment | None = None
    keep_if_better: bool = False
    exact: bool = False
    accepted: Accepted | None = None


@transaction.atomic
def propose(proposal: Proposal, now: datetime) -> Correction:
    """Return a new correction; nothing is judged by it before it is applied.

    Raises CorrectionRefused, also where it reaches further than its author may.
    """
    if not proposal.reason.strip():
        raise CorrectionRefused("Say why: everybody whose score changes will read it.")
    if (proposal.kind == CorrectionKind.ACCEPT) != (proposal.accepted is not None):
        raise CorrectionRefused("Say which answer is to be accepted too, and for that kind alone.")
    corrected = _corrected(proposal)
    wrong = _wrong(proposal, corrected)
    _check_accepted(proposal, wrong)
    correction = Correction.objects.create(
        kind=proposal.kind,
        corrected_version=corrected,
        accepted=proposal.accepted.to_json() if proposal.accepted else None,
        assessment=proposal.assessment,
        keep_if_better=proposal.keep_if_better,
        exact=proposal.exact,
        reason=proposal.reason.strip(),
        author=proposal.author,
        created_at=now,
    )
    correction.versions.set(wrong)
    _check_may(proposal.author, "add", correction, now)
    return correction


def _check_may(user: User | None, operation: str, correction: Correction, now: datetime) -> None:
    """Raise CorrectionRefused where somebody may not; nobody is whoever administers the machine."""
    if user is not None and not rights.may(user, operation, correction, now):
        raise CorrectionRefused(
            "You may correct items of your own banks everywhere, and others where you name an assessment that only "
            "your courses have."
        )


def _corrected(proposal: Proposal) -> ItemVersion | None:
    """Return the wording with the right key or policy: the one that is named, else the latest published."""
    if proposal.kind not in WITH_A_WORDING:
        if proposal.corrected is not None:
            raise CorrectionRefused("Only another key or policy stands in a corrected version.")
        return None
    published = proposal.item.versions.exclude(status=Status.DRAFT).order_by("-number")
    if proposal.corrected is not None:
        published = published.filter(number=proposal.corrected)
    found = published.first()
    if found is None:
        raise CorrectionRefused("There is no published version with the right key: publish it first.")
    return found


def _wrong(proposal: Proposal, corrected: ItemVersion | None) -> list[ItemVersion]:
    """Return the wording that is wrong and those with the same keys, of those that were shown.

    Without a number it is the latest that was shown. The number of the corrected one, which nothing comes after, is
    understood as naming that.
    """
    shown = proposal.item.versions.filter(pk__in=Presentation.objects.values("item_version"))
    others = [one for one in shown.order_by("-number") if one != corrected]
    wrong = others[:1]
    if proposal.version is not None and not (corrected and proposal.version == corrected.number):
        wrong = [one for one in others if one.number == proposal.version]
    if not wrong:
        raise CorrectionRefused(
            f"No version of {proposal.item.slug} that this could concern was shown: nothing is to be judged anew."
        )
    return judged_alike(wrong[0], others)


def _check_accepted(proposal: Proposal, wrong: list[ItemVersion]) -> None:
    accepted = proposal.accepted
    if accepted is None:
        return
    if accepted.interaction not in wrong[0].definition.interactions:
        raise CorrectionRefused(f"The item has no interaction {accepted.interaction}.")
    if not 0 < accepted.credit <= 1:
        raise CorrectionRefused("What is accepted too earns more than 0 and at most 1.")
    if accepted.parsed is None and accepted.misconception is None:
        raise CorrectionRefused("Say which answer, or which misconception, is to be accepted too.")


def ask(*, correction: Correction, kind: RunKind, by: User | None, now: datetime) -> CorrectionRun:
    """Return the run that previews or applies a correction: a new one, or that which is not finished.

    Raises CorrectionRefused where it cannot be, or ``by`` may not.
    """
    _check_may(by, "apply", correction, now)
    unfinished = CorrectionRun.objects.filter(correction=correction, kind=kind, finished_at=None)
    if found := unfinished.first():
        return found
    if kind == RunKind.PREVIEW:
        start_preview(correction_id=correction.pk)
    try:
        with transaction.atomic():
            return CorrectionRun.objects.create(
                correction=correction, kind=kind, asked_by=by, asked_at=now, total=concerned(correction)
            )
    except IntegrityError:
        return unfinished.get()


def concerned(correction: Correction) -> int:
    """Return in how many attempts something was shown that a correction concerns."""
    first = correction.undoes or correction
    found = Attempt.objects.filter(
        pk__in=Presentation.objects.filter(item_version__in=first.versions.all()).values("attempt")
    )
    if first.assessment_id:
        found = found.filter(assignment__assessment=first.assessment_id)
    return found.count()


def carry_out(
    run: CorrectionRun,
    now: datetime,
    *,
    seconds: float | None = None,
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> bool:
    """Work on a run, for at most some seconds, and return whether it is finished; twice goes on where it stopped.

    One process at a time works on a correction: another leaves it alone. What refuses it is kept with the run, and
    raised: CorrectionRefused.
    """
    with unless_held(Lock.CORRECTION, str(run.correction_id)) as held:
        if not held:
            return False
        run.refresh_from_db()
        return run.finished_at is not None or _worked(run, now, seconds, told)


def _worked(
    run: CorrectionRun, now: datetime, seconds: float | None, told: Callable[[int, int], None]
) -> bool:
    began, spent = monotonic(), run.seconds or 0.0

    def progress(done: int) -> None:
        run.done = min(run.done + done, run.total or 0)
        run.seconds = spent + monotonic() - began
        run.save(update_fields=["done", "seconds"])
        told(run.done, run.total or 0)

    watch = Watch(progress, lambda: seconds is not None and monotonic() - began > seconds)
    verb = preview_correction if run.kind == RunKind.PREVIEW else apply_correction
    try:
        finished = verb(correction_id=run.correction_id, now=now, watch=watch)
    except CorrectionRefused as refusal:
        _finish(run, spent + monotonic() - began, now, str(refusal))
        raise
    if finished:
        if run.kind == RunKind.APPLY:
            close_answered(run.correction, now)
        _finish(run, spent + monotonic() - began, now)
    return finished


def _finish(run: CorrectionRun, seconds: float, now: datetime, failure: str = "") -> None:
    run.seconds, run.failure = seconds, failure[:200]
    run.finished_at = now + timedelta(seconds=seconds)
    run.save(update_fields=["seconds", "failure", "finished_at"])


def unfinished_runs() -> QuerySet[CorrectionRun]:
    return CorrectionRun.objects.filter(finished_at=None).select_related("correction").order_by("id")


def take_back(*, correction: Correction, author: User | None, reason: str, now: datetime) -> Correction:
    """Return the correction that takes one back, to be applied. Raises CorrectionRefused."""
    if not reason.strip():
        raise CorrectionRefused("Say why: everybody whose score changes will read it.")
    _check_may(author, "apply", correction, now)
    return undoing(correction_id=correction.pk, author=author, reason=reason.strip(), now=now)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a correction does or has done, in numbers of attempts; ``learners`` are those whose scores change.

    ``told_right`` counts answers that were announced right and are found worse: they keep their verdicts, unless the
    correction is exact. ``paths`` are attempts whose items were chosen by verdicts that change; ``grades`` are those
    that other systems are told anew.
    """

    attempts: int
    changed: int
    better: int
    worse: int
    kept: int
    learners: int
    now_pass: int
    no_longer_pass: int
    told_right: int
    paths: int
    refused: int
    grades: int
    is_applied: bool


def summary(correction: Correction) -> Summary:
    """Return what the effects of a correction come to. Two queries, and two more where other systems are told."""
    share_before = F("before_score") * F("after_max")
    share_after = F("after_score") * F("before_max")
    effects = CorrectionEffect.objects.filter(correction=correction).annotate(
        before=share_before, after=share_after
    )
    found = effects.aggregate(
        attempts=Count("pk"),
        changed=Count("pk", filter=CHANGED),
        better=Count("pk", filter=CHANGED & Q(after__gt=F("before"))),
        worse=Count("pk", filter=CHANGED & Q(after__lt=F("before"))),
        kept=Count("pk", filter=Q(kept=True)),
        learners=Count("learner", distinct=True, filter=CHANGED),
        now_pass=Count("pk", filter=Q(passed_before=False, passed_after=True)),
        no_longer_pass=Count("pk", filter=Q(passed_before=True, passed_after=False)),
        told_right=Count("pk", filter=Q(told_right__gt=0)),
        paths=Count("pk", filter=Q(path_differs=True)),
        refused=Count("pk", filter=Q(refused__isnull=False)),
        last=Max("applied_at"),
    )
    return Summary(
        **{name: value for name, value in found.items() if name != "last"},
        grades=platform_grades(correction),
        is_applied=bool(found["last"]),
    )


def changed_effects(correction: Correction) -> QuerySet[CorrectionEffect]:
    return CorrectionEffect.objects.filter(CHANGED, correction=correction).order_by("id")


def told(correction: Correction, seconds: float | None = None) -> dict[str, Any]:
    """Return what a correction does, or has done, attempt by attempt, as machines read it."""
    return {
        "id": str(correction.pk),
        "attempts": correction.effects.count(),
        "changed": list(_told_changes(correction)),
        "refused": list(_told_refusals(correction)),
        "seconds": seconds,
    }


def _told_changes(correction: Correction) -> Iterator[dict[str, Any]]:
    columns = ("learner_id", "attempt_id", "before_score", "before_max", "after_score", "after_max")
    for learner, attempt, *scores in changed_effects(correction).values_list(*columns).iterator():
        before, after = fraction(*scores[:2]), fraction(*scores[2:])
        yield {"learner": str(learner), "attempt": str(attempt), "from": before, "to": after}


def _told_refusals(correction: Correction) -> Iterator[dict[str, Any]]:
    refused = correction.effects.filter(refused__isnull=False).order_by("id")
    for attempt, reasons in refused.values_list("attempt_id", "refused").iterator():
        for position, reason in (reasons or {}).items():
            yield {"attempt": str(attempt), "position": int(position), "reason": reason}


def corrections_of(item_id: UUID) -> QuerySet[Correction]:
    return Correction.objects.filter(versions__item=item_id).distinct()
