"""What a correction makes of one attempt: its answers judged anew, the attempt folded from them. Nothing is written.

Tries and closings stay as they were announced; only credit moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from assessment.disclosure.announcing import Announcement
from assessment.models import Attempt, Correction, CorrectionEffect, Presentation, Verdict
from assessment.models.attempts import AttemptState
from assessment.models.statements import copied, new_row
from assessment.modes import mode_of
from assessment.modes.base import Exposed, Places
from assessment.modes.places import place_of
from assessment.recording.deciding import judged, verdict_on
from assessment.recording.refolding import Entry, fold_place, with_fold
from assessment.scoring.tries import TryRules
from content.items.grading import ItemVerdict
from content.models.versions import new_id

COMPARED: Final = (
    "score",
    "is_pending",
    "first_at",
    "first_score",
    "first_hints",
    "correction_id",
    "corrected_document",
    "is_dropped",
    "awarded",
)
"""What a correction may change of a place; its tries and its closing never."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An attempt as it stands: all its places in brief; whole those that a correction concerns, and their log.

    ``ruled`` are these places as the corrections in force will have them, ``refused`` why some cannot be judged so.
    """

    attempt: Attempt
    places: Places
    shown: Sequence[Presentation]
    ruled: Sequence[Presentation]
    log: Mapping[UUID, Sequence[Entry]]
    refused: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Rejudged:
    """An attempt as a correction leaves it, and the rows that come with it."""

    attempt: Attempt
    changed: Sequence[Presentation]
    verdicts: Sequence[Verdict]
    effect: CorrectionEffect
    exposed: Sequence[Exposed] = ()

    @property
    def moves(self) -> bool:
        """Whether anything of the attempt is to be written besides the effect."""
        return bool(self.changed or self.verdicts)


@dataclass(frozen=True, slots=True)
class Anew:
    """The verdicts that a correction adds at a place; how many answers there were told right and are found worse."""

    verdicts: Sequence[Verdict] = ()
    told_right: int = 0


def rejudged(stands: Standing, correction: Correction, now: datetime) -> Rejudged:
    """Return an attempt judged by all that will be in force, or as it is where it would lose and may not."""
    found = [judged_anew(one, stands.log[one.pk], correction, now) for one in stands.ruled]
    rules = stands.attempt.rules.scoring
    current = [
        refolded_place(one, stands.log[one.pk], anew.verdicts, rules)
        for one, anew in zip(stands.ruled, found, strict=True)
    ]
    after, exposed = _folded(stands, current)
    effect = _effect(stands, after, correction)
    effect.told_right = sum(anew.told_right for anew in found)
    if _is_worse(effect) and _keeps(correction, stands.attempt):
        return Rejudged(stands.attempt, (), (), _kept(effect))
    effect.path_differs = _path_differs(stands, current)
    changed = [one for one, before in zip(current, stands.shown, strict=True) if _differs(one, before)]
    verdicts = [verdict for anew in found for verdict in anew.verdicts]
    return Rejudged(after, changed, verdicts, effect, exposed)


def judged_anew(place: Presentation, log: Sequence[Entry], correction: Correction, now: datetime) -> Anew:
    """Return what a correction says of the answers at a place, where it says something else.

    An answer that was told right and is found worse keeps its verdict, unless the correction is exact.
    """
    verdicts, told_right = [], 0
    for entry in log:
        last = entry.verdicts[-1] if entry.verdicts else None
        if last is None or last.is_void:
            continue  # pending, or not sent after all
        made = _made(entry, place, correction, now)
        if made is None or (made.valid, made.score) == (last.valid, last.score):
            continue
        loses = correction.undoes_id is None and _was_right(entry) and made.score < entry.verdicts[0].score
        told_right += loses
        if correction.exact or not loses:
            verdicts.append(made)
    return Anew(verdicts, told_right)


def _made(entry: Entry, place: Presentation, correction: Correction, now: datetime) -> Verdict | None:
    """Return the verdict that holds of an answer from a correction on; None where the grader fails.

    Taking a correction back gives the verdict before it, to the bit; what was answered since is judged as shown.
    """
    last = entry.verdicts[-1]
    if correction.undoes_id:
        numbers = [one.number for one in entry.verdicts if one.correction_id == correction.undoes_id]
        earlier = [one for one in entry.verdicts if numbers and one.number < numbers[0]]
        if earlier:
            return _again(earlier[-1], last.number + 1, correction, now)
        if last.judged_by is None:
            return None
    verdict = judged(place, entry.response.answer)
    if not isinstance(verdict, ItemVerdict):
        return None
    return verdict_on(
        entry.response, verdict, place, number=last.number + 1, correction_id=correction.pk, at=now
    )


def _again(verdict: Verdict, number: int, correction: Correction, now: datetime) -> Verdict:
    """Return a verdict as it was before, as one more."""
    again = copied(verdict)
    again.pk, again.number, again.correction_id = new_id(), number, correction.pk
    again.created_at, again.current = now, True
    return again


def refolded_place(
    place: Presentation, log: Sequence[Entry], verdicts: Sequence[Verdict], rules: TryRules
) -> Presentation:
    """Return a place folded from its log with new verdicts in force."""
    return with_fold(place, fold_place(_with(log, verdicts), rules, closed=place.is_given_up))


def _was_right(entry: Entry) -> bool:
    told = entry.response.announcement
    return told is not None and Announcement.from_json(told).correct


def _with(log: Sequence[Entry], verdicts: Sequence[Verdict]) -> list[Entry]:
    """Return a log in which new verdicts hold, and those before them are left out."""
    new = {one.response_id: one for one in verdicts}
    return [
        Entry(entry.response, (new[entry.response.pk],)) if entry.response.pk in new else entry
        for entry in log
    ]


def _folded(stands: Standing, current: Sequence[Presentation]) -> tuple[Attempt, Sequence[Exposed]]:
    """Return the attempt with some places as they are now."""
    mode = mode_of(stands.attempt)
    anew = {one.position: place_of(one) for one in current}
    places = [anew.get(one.position, one) for one in stands.places]
    change = mode.refold(stands.attempt, places)
    after = copied(stands.attempt)
    after.posterior = change.posterior
    after.score, after.max_score = mode.total(after, places)
    return after, change.exposed


def _effect(stands: Standing, after: Attempt, correction: Correction) -> CorrectionEffect:
    before = stands.attempt
    is_over = before.state != AttemptState.OPEN
    return new_row(
        CorrectionEffect,
        correction_id=correction.pk,
        attempt_id=before.pk,
        learner_id=before.learner_id,
        before_score=before.score,
        before_max=before.max_score,
        after_score=after.score,
        after_max=after.max_score,
        passed_before=mode_of(before).result(before).passed if is_over else None,
        passed_after=mode_of(after).result(after).passed if is_over else None,
        refused=dict(stands.refused) or None,
    )


def _kept(effect: CorrectionEffect) -> CorrectionEffect:
    effect.kept = True
    effect.after_score, effect.after_max = effect.before_score, effect.before_max
    effect.passed_after = effect.passed_before
    return effect


def _keeps(correction: Correction, attempt: Attempt) -> bool:
    """Whether who would lose keeps all verdicts. Taking a correction back gives everybody what was before, and an
    attempt that is open goes on under what is in force.
    """
    return correction.keep_if_better and correction.undoes_id is None and attempt.state != AttemptState.OPEN


def _is_worse(effect: CorrectionEffect) -> bool:
    """Compare shares: dropping an item lowers the most that could be earned. What counts nothing is not worse."""
    if not (effect.before_max and effect.after_max):
        return False
    return effect.after_score / effect.after_max < effect.before_score / effect.before_max


def _path_differs(stands: Standing, current: Sequence[Presentation]) -> bool:
    """Whether items were chosen later by what is worth something else now."""
    if not mode_of(stands.attempt).grows:
        return False
    last = max(one.position for one in stands.places)
    credits = {one.position: (one.is_dropped, one.credit) for one in map(place_of, stands.shown)}
    return any(
        (one.is_dropped, one.credit) != credits[one.position] and one.position < last
        for one in map(place_of, current)
    )


def _differs(one: Presentation, other: Presentation) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in COMPARED)
