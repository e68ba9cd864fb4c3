"""Reading and writing many attempts for a correction: a few statements for as many as there are at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from assessment.knowledge.tracing import Answered
from assessment.models import (
    Assignment,
    Attempt,
    Correction,
    CorrectionEffect,
    Presentation,
    Response,
    Verdict,
)
from assessment.models.statements import Columns, all_rows, as_json, encoded, send
from assessment.modes.base import Place
from assessment.recording.queries import QUERIES
from assessment.recording.refolding import Entry
from assessment.recording.rejudging import COMPARED, Anew, Rejudged, Standing
from assessment.recording.rulings import FIELDS, Ruling, ruled_all
from assessment.recording.writing import count_exposure
from content.items.rekeying import CannotRekey, rekey_many
from content.models.items import published

ATTEMPTS: Final = Columns(Attempt, "attempt", unread={"adaptive_document", "mastery_document"})
PLACES: Final = Columns(Presentation, "place", unread={"answered_at", "paused_until"})
RESPONSES: Final = Columns(Response, "response", unread={"key", "fingerprint", "failure", "seconds"})
VERDICTS: Final = Columns(Verdict, "verdict", unread={"created_at"})
SCORES: Final = Columns(Verdict, "verdict", unread={"document", "judged_by", "created_at"})

EVERYWHERE: Final = None
"""A correction without an assessment concerns practice as well."""


class Rules:
    """What will be in force of some wordings once a correction is: read once for each batch, never longer."""

    def __init__(self, correction: Correction) -> None:
        first = correction.undoes or correction
        self.versions = frozenset(first.versions.values_list("pk", flat=True))
        self.rulings: list[tuple[UUID, UUID | None, Ruling]] = []
        found = Correction.objects.in_force().filter(versions__in=self.versions)
        for version, assessment, *said in found.values_list("versions", "assessment", *FIELDS):
            ruling = Ruling(*said)
            if version in self.versions and ruling.correction not in (correction.pk, correction.undoes_id):
                self.rulings.append((version, assessment, ruling))
        if correction.undoes_id is None:
            own = Ruling(correction.pk, correction.kind, correction.corrected_version_id, correction.accepted)
            self.rulings += [(version, correction.assessment_id, own) for version in self.versions]
        self.wording = None if correction.undoes_id else correction.corrected_version_id
        self.own = correction.pk

    def on(self, version: UUID, assessment: UUID | None, kept: Collection[UUID] = ()) -> list[Ruling]:
        """Return what is said of a wording in an assessment, or in practice; what an attempt is kept from, not."""
        return [
            ruling
            for one, where, ruling in self.rulings
            if one == version and where in (EVERYWHERE, assessment) and ruling.correction not in kept
        ]


def to_preview(correction: Correction) -> list[UUID]:
    """Return the attempts that a correction concerns and whose effects are not known, the oldest first."""
    return _concerned(correction, known=True)


def to_apply(correction: Correction) -> list[UUID]:
    """Return the attempts that a correction concerns and has not reached, the oldest first."""
    return _concerned(correction, known=False)


def _concerned(correction: Correction, *, known: bool) -> list[UUID]:
    first = correction.undoes or correction
    asked = {
        "versions": list(first.versions.values_list("pk", flat=True)),
        "assessment": first.assessment_id,
        "correction": correction.pk,
        "known": known,
    }
    return [pk for (pk,) in all_rows(QUERIES["concerned"], asked)]


def practiced(correction: Correction) -> list[UUID]:
    """Return the variants of practice that a correction concerns; one of a single assessment concerns none."""
    first = correction.undoes or correction
    if first.assessment_id:
        return []
    shown = Presentation.objects.filter(attempt=None, item_version__in=first.versions.all(), answers__gt=0)
    return list(shown.order_by("pk").values_list("pk", flat=True))


def read_standing(attempts: Sequence[UUID], correction: Correction) -> list[Standing]:
    """Return attempts as they stand for a correction. A constant number of statements, no lock."""
    rules = Rules(correction)
    found, places, kept = _attempts(attempts), _places(attempts), _kept(attempts)
    shown: dict[UUID, list[Presentation]] = {attempt.pk: [] for attempt in found}
    for one in _whole(attempts, rules.versions):
        shown[one.attempt_id].append(one)  # type: ignore[index]  # found by its attempt
    whole = [one for attempt in found for one in shown[attempt.pk]]
    said = [
        rules.on(one.item_version_id, attempt.assignment.assessment_id, kept.get(attempt.pk, ()))
        for attempt in found
        for one in shown[attempt.pk]
    ]
    ruled = dict(zip([one.pk for one in whole], ruled_all(whole, said), strict=True))
    log = logs(whole, with_documents=correction.undoes_id is not None)
    refused = _refused(list(ruled.values()), rules)
    return [
        Standing(
            attempt=attempt,
            places=places[attempt.pk],
            shown=shown[attempt.pk],
            ruled=[ruled[one.pk] for one in shown[attempt.pk]],
            log=log,
            refused={one.position or 0: refused[one.pk] for one in shown[attempt.pk] if one.pk in refused},
        )
        for attempt in found
    ]


def _refused(ruled: Sequence[Presentation], rules: Rules) -> dict[UUID, str]:
    """Return, by presentation, why what was shown cannot be judged by the wording of a correction."""
    if rules.wording is None:
        return {}
    kept = [one for one in ruled if one.correction_id == rules.own and one.corrected_document is None]
    anew = rekey_many(published(rules.wording).definition, [one.variant for one in kept])
    return {one.pk: str(why) for one, why in zip(kept, anew, strict=True) if isinstance(why, CannotRekey)}


def logs(shown: Sequence[Presentation], *, with_documents: bool) -> dict[UUID, list[Entry]]:
    """Return the log of each place, in the order of its sequence. Two statements."""
    places = [one.pk for one in shown]
    judged: dict[UUID, list[Verdict]] = {}
    for verdict in _rows("verdicts_to_judge", VERDICTS if with_documents else SCORES, places=places):
        judged.setdefault(verdict.response_id, []).append(verdict)
    found: dict[UUID, list[Entry]] = {one.pk: [] for one in shown}
    for response in _rows("responses_to_judge", RESPONSES, places=places):
        found[response.presentation_id].append(Entry(response, judged.get(response.pk, [])))
    return found


def _rows(name: str, columns: Columns, **parameters: Any) -> list[Any]:
    """Send a named statement with the columns of one model, and return its rows."""
    return columns.rows(QUERIES[name].format(columns=columns.sql), parameters)


def write_effects(effects: Iterable[CorrectionEffect]) -> None:
    """Keep what a correction would do, for whoever looks at it before."""
    send(QUERIES["keep_effects"], {"effects": as_json(effects)})


@transaction.atomic
def write_rejudged(found: Sequence[Rejudged], correction: Correction, now: datetime) -> set[UUID]:
    """Write what was judged anew of attempts that are as they were read; return which these are.

    Locks them in the order of their ids, and lets go of the others. Old verdicts are lowered before new ones rise.
    """
    ids = [one.attempt.pk for one in found]
    revisions = lock(ids)
    asked = {"attempts": ids, "correction": correction.pk}
    reached = {pk for (pk,) in all_rows(QUERIES["reached"], asked)}
    ready = [
        one
        for one in found
        if one.attempt.pk not in reached and revisions.get(one.attempt.pk) == one.attempt.revision
    ]
    for one in ready:
        one.effect.applied_at = now
    _write(ready)
    return reached | {one.attempt.pk for one in ready}


def lock(attempts: Sequence[UUID]) -> Mapping[UUID, int]:
    """Lock attempts in the order of their ids until the transaction ends, and return their revisions."""
    locked = all_rows(QUERIES["lock_attempts"], {"attempts": list(attempts)})
    return {row[0]: row[1] for row in locked}


def _write(ready: Sequence[Rejudged]) -> None:
    moved = [one for one in ready if one.moves]
    verdicts = [verdict for one in moved for verdict in one.verdicts]
    lower(verdicts)
    correct_places([place for one in moved for place in one.changed])
    write_effects(one.effect for one in ready)
    parameters = {
        "verdicts": as_json(verdicts),
        "attempts": encoded([_attempt(one.attempt) for one in moved]),
    }
    send(QUERIES["correct_attempts"], parameters)
    for one in moved:
        if one.exposed:
            count_exposure(one.attempt, one.exposed)


def lower(verdicts: Sequence[Verdict]) -> None:
    """Let the verdicts that new ones replace be current no more."""
    responses = [one.response_id for one in verdicts]
    if responses:
        send(QUERIES["lower_verdicts"], {"responses": responses})


def correct_places(places: Sequence[Presentation]) -> None:
    """Write what a correction may change of places whose attempts are locked."""
    if not places:
        return
    rows = [{"id": one.pk, **{name: getattr(one, name) for name in COMPARED}} for one in places]
    send(QUERIES["correct_places"], {"places": encoded(rows)})


def write_practiced(places: Sequence[Presentation], anew: Sequence[Anew]) -> None:
    """Write what was judged anew of variants of practice, which are locked."""
    verdicts = [verdict for one in anew for verdict in one.verdicts]
    lower(verdicts)
    Verdict.objects.bulk_create(verdicts)
    correct_places(places)


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.pk,
        "score": attempt.score,
        "max_score": attempt.max_score,
        "posterior": attempt.posterior,
    }


def _attempts(ids: Sequence[UUID]) -> list[Attempt]:
    """Return attempts without what their modes keep of their beginning, the oldest first."""
    found: list[Attempt] = _rows("attempts_to_judge", ATTEMPTS, attempts=list(ids))
    given = Assignment.objects.in_bulk({one.assignment_id for one in found})
    for one in found:
        one.assignment = given[one.assignment_id]
    return found


def _whole(attempts: Sequence[UUID], versions: Collection[UUID]) -> list[Presentation]:
    """Return what was shown of some wordings, with these, which the process keeps."""
    found = _rows("places_to_judge", PLACES, attempts=list(attempts), versions=list(versions))
    for one in found:
        one.item_version = published(one.item_version_id)
    return found


def _kept(attempts: Sequence[UUID]) -> Mapping[UUID, set[UUID]]:
    kept: dict[UUID, set[UUID]] = {}
    for attempt, correction in all_rows(QUERIES["kept_from"], {"attempts": list(attempts)}):
        kept.setdefault(attempt, set()).add(correction)
    return kept


def _places(attempts: Sequence[UUID]) -> dict[UUID, list[Place]]:
    """Return all places of some attempts. Those that were chosen at once are alike in many: one stands for them."""
    places: dict[UUID, list[Place]] = {pk: [] for pk in attempts}
    by_text = {str(pk): found for pk, found in places.items()}
    alike = cache(_place)
    for attempt, *said, choice in all_rows(QUERIES["read_briefly"], {"attempts": list(attempts)}):
        by_text[attempt].append(alike(*said) if choice is None else _place(*said, choice=choice))
    return places


def _place(
    position: int,
    version: str,
    weight: float,
    score: float | None,
    is_settled: bool,
    is_seeded: bool,
    is_dropped: bool,
    awarded: float | None,
    first_at: datetime | None,
    first_score: float | None,
    first_hints: int,
    shown_at: datetime | None,
    *,
    choice: Mapping[str, Any] | None = None,
) -> Place:
    return Place(
        position=position,
        slug=published(UUID(version)).item.slug,
        weight=weight,
        score=score,
        is_settled=is_settled,
        is_seeded=is_seeded,
        is_dropped=is_dropped,
        awarded=awarded,
        first=None
        if first_at is None or first_score is None
        else Answered(first_at, first_score, first_hints),
        choice=choice,
        shown_at=shown_at,
    )
