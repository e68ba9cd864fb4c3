"""Adaptive attempts: how one begins, what it shows next, what an answer changes, what it is worth.

Everything that a choice rests on is stored with the attempt, so an attempt that is asked again, by whichever
process, gives the same item and the same estimate; and its posterior is a fold of its places.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, reduce
from typing import Final, TypeVar
from uuid import UUID

import numpy as np

from assessment.errors import BankExhausted
from assessment.models import Attempt, ExposureCount, Presentation
from assessment.modes.base import (
    Begun,
    Change,
    Exposed,
    Grown,
    Learned,
    Mode,
    Place,
    Places,
    Rehearsal,
    Result,
    Score,
    Unfounded,
    final,
    rules_of,
)
from assessment.modes.pools import assembled, stored, stored_pool, without_retired
from assessment.psychometrics import exposure
from assessment.psychometrics.estimation import expected, log_prior, update
from assessment.psychometrics.irt import Floats
from assessment.psychometrics.stopping import Stop
from assessment.rules.adaptive import AdaptiveRules, Level, ResultRules
from assessment.rules.definition import AssessmentDefinition
from assessment.selection.ability import chance_above, estimate
from assessment.selection.adaptive import Beginning, Chosen, Shown, choose_next, eligibility_to_keep
from assessment.selection.pool import ItemPool, Parameters
from content.items.drawing import ImpossibleDraw
from content.items.soundness import sound_variant
from content.items.stream import SEED_BITS, Stream
from content.models.items import published

Value = TypeVar("Value")

REFERENCE: Final = 100.0
"""Where an assessment names no reference, an attempt is worth its expected score on as many items like its bank's."""
BEGINNINGS_KEPT: Final = 4_000
"""What an attempt began with never changes; it is read again with every answer."""


class Adaptive(Mode):
    """Each item is the one that tells most about the ability found so far."""

    item_rules = AdaptiveRules
    measures = True
    about_statistics = (
        "These attempts are adaptive: everybody gets the items that fit, so about half of the answers are right "
        "whatever the item. Totals, discrimination and effective weights mean nothing here; learners are compared by "
        "their estimated ability. What an item measures stands in the calibration of its bank."
    )
    no_hints = "This assessment measures what you can do without help, so there are no hints."

    def begin(self, attempt: Attempt, dice: random.Random) -> Begun:
        """Fill a new attempt and count it into its band. Raises BankExhausted when the bank has too few items."""
        rules = rules_of(attempt.definition, AdaptiveRules)
        found = assembled(rules)
        beginning = _beginning(attempt.assignment.assessment_id, rules, found.pool, dice)
        attempt.pool = stored(rules, found, attempt.started_at)
        attempt.posterior = log_prior(rules.prior).tolist()
        attempt.adaptive_document = beginning.to_json()
        attempt.score, attempt.max_score = self.total(attempt, [])
        return Begun(exposed=(_came(beginning, _band(beginning, _posterior_of(attempt)), 1),))

    def next_item(
        self, attempt: Attempt, places: Places, retired: Collection[str], now: datetime
    ) -> Grown | Stop:
        """Choose the next item and draw a sound variant of it; or say why the attempt ends."""
        beginning, log_posterior = _beginning_of(attempt), _posterior_of(attempt)
        shown = [_shown(place) for place in places]
        whole = stored_pool(_known(attempt.pool_id))
        pool = without_retired(_known(attempt.pool_id), retired, [one.slug for one in shown])
        while isinstance(chosen := choose_next(beginning, pool, log_posterior, shown), Chosen):
            try:
                presentation = _presentation(attempt, chosen, beginning, whole, len(places) + 1, now)
            except ImpossibleDraw:
                # An item that cannot be shown must not hold the learner up.
                pool = pool.without({chosen.slug})
                continue
            band = beginning.band(chosen.theta)
            exposed = () if chosen.is_seeded else (Exposed(band, given=(chosen.slug,)),)
            return Grown(presentation, exposed)
        return chosen

    def observe(self, attempt: Attempt, places: Places, position: int) -> Change:
        """Take the score of an answer into the posterior; of a seeded item, into what is known of the item."""
        before = _posterior_of(attempt)
        place = next(one for one in places if one.position == position)
        if place.credit is None or place.is_dropped:
            return Change(attempt.posterior)
        if place.is_seeded:
            return Change(attempt.posterior, learned=(_learned(place, before),))
        after = _after(before, place)
        return Change(after.tolist(), exposed=_moved(attempt, places, before, after))

    def refold(self, attempt: Attempt, places: Places) -> Change:
        """Return the log-posterior from nothing but the places, on the same machine the same bits."""
        start = log_prior(_beginning_of(attempt).rules.prior)
        scored = (
            one for one in places if one.credit is not None and not one.is_seeded and not one.is_dropped
        )
        folded = reduce(_after, scored, start)
        return Change(folded.tolist(), exposed=_moved(attempt, places, _posterior_of(attempt), folded))

    def total(self, attempt: Attempt, places: Places) -> Score:
        """Return what the estimate is worth by the rules of the assessment; never the share of right answers."""
        theta, _ = estimate(_posterior_of(attempt))
        by = rules_of(attempt.definition, AdaptiveRules).result
        return worth(by, stored_pool(_known(attempt.pool_id)), theta)

    def result(self, attempt: Attempt) -> Result:
        score, most = final(attempt)
        log_posterior = _posterior_of(attempt)
        theta, _ = estimate(log_posterior)
        rules = rules_of(attempt.definition, AdaptiveRules)
        level, cut = rules.result.level(theta), rules.stop.classification
        words = [_in_words(score, most, level, rules.result)]
        if cut:
            above = chance_above(log_posterior, cut.cut)
            passed = theta >= cut.cut
            sure = above if passed else 1 - above
            words.append(
                f"That is {'above' if passed else 'below'} the pass mark with a certainty of {sure:.0%}."
            )
        return Result(
            score, most, theta >= cut.cut if cut else None, level.name if level else None, " ".join(words)
        )

    def longest(self, definition: AssessmentDefinition) -> int:
        return rules_of(definition, AdaptiveRules).longest

    def rehearse(self, definition: AssessmentDefinition, dice: random.Random) -> Rehearsal:
        rules = rules_of(definition, AdaptiveRules)
        pool = assembled(rules).pool
        if not pool.place.keys() >= set(rules.result.reference):
            raise BankExhausted
        return Rehearsal(pool=pool)

    def verify(self, attempt: Attempt, places: Places, before: Mapping[int, Places]) -> Iterator[Unfounded]:
        if (folded := self.refold(attempt, places).posterior) != attempt.posterior:
            yield Unfounded(None, "posterior", attempt.posterior, folded)


def worth(by: ResultRules, pool: ItemPool, theta: float) -> Score:
    """Return what an estimate is worth, of how much. Raises BankExhausted where no item of a reference is left."""
    level = by.level(theta)
    if level and level.score is not None and by.most is not None:
        return level.score, by.most
    count = len(by.reference) or REFERENCE
    return count * pool.share_right(theta, _measuring(by.reference, pool)), count


def _measuring(reference: Sequence[str], pool: ItemPool) -> list[str]:
    """Return the items of a reference that are still there. Raises BankExhausted where it names some and none is."""
    found = [slug for slug in reference if slug in pool.place]
    if reference and not found:
        raise BankExhausted
    return found


def _in_words(score: float, most: float, level: Level | None, by: ResultRules) -> str:
    if level and level.score is not None:
        return f"The level {level.name}: {score:g} of {most:g} points."
    like = "chosen questions" if by.reference else "questions like these"
    return f"Of {most:g} {like} you would get about {score:.0f} right."


def _beginning(assessment_id: UUID, rules: AdaptiveRules, pool: ItemPool, dice: random.Random) -> Beginning:
    blank = Beginning(rules, dice.getrandbits(SEED_BITS), {})
    if rules.exposure is None:
        return blank
    counts = ExposureCount.objects.counts(assessment_id, rules.exposure, pool)
    drawn = exposure.draw(rules.exposure, counts, blank.dice("eligibility"))
    return Beginning(rules, blank.seed, eligibility_to_keep(pool, drawn))


def _presentation(
    attempt: Attempt, chosen: Chosen, beginning: Beginning, pool: ItemPool, position: int, now: datetime
) -> Presentation:
    version = published(pool.version_of(chosen.slug))
    variant = sound_variant(version.definition, beginning.variants(position, chosen.slug), Stream.ASSESSMENT)
    return Presentation(
        learner_id=attempt.learner_id,
        attempt=attempt,
        position=position,
        item_version=version,
        variant_document=variant.to_json(),
        shown_at=now,
        is_seeded=chosen.is_seeded,
        choice=chosen.to_json(),
    )


def _shown(place: Place) -> Shown:
    return Shown(place.slug, place.is_seeded, place.credit or 0.0, _known(place.choice)["shadow"])


def _after(log_posterior: Floats, place: Place) -> Floats:
    """Return the log-posterior after a place; partial credit weighs the likelihoods of right and wrong by it."""
    return update(log_posterior, _parameters(place).as_item(), place.credit or 0.0)


def _learned(place: Place, log_ability: Floats) -> Learned:
    theta, error = estimate(log_ability)
    return Learned(place.slug, theta, error, place.credit or 0.0, _parameters(place).b)


def _moved(attempt: Attempt, places: Places, before: Floats, after: Floats) -> tuple[Exposed, ...]:
    """Return what moves the attempt, and what it was given, from the band of one estimate to that of another."""
    beginning = _beginning_of(attempt)
    old, new = _band(beginning, before), _band(beginning, after)
    if old == new:
        return ()
    given = tuple(one.slug for one in places if not one.is_seeded)
    return _came(beginning, old, -1, given), _came(beginning, new, 1, given)


def _band(beginning: Beginning, log_posterior: Floats) -> int:
    """Return the band of an estimate: also of the first one, which may miss the mean of the prior by its last bit."""
    return beginning.band(float(expected(log_posterior).theta))


def _came(beginning: Beginning, band: int, amount: int, given: Sequence[str] = ()) -> Exposed:
    return Exposed(band, amount, amount, tuple(given), tuple(beginning.withheld(band)))


def _parameters(place: Place) -> Parameters:
    return Parameters.from_json(_known(place.choice)["parameters"])


@lru_cache(maxsize=BEGINNINGS_KEPT)
def _stored_beginning(attempt_id: UUID) -> Beginning:
    return Beginning.from_json(
        _known(Attempt.objects.only("adaptive_document").get(pk=attempt_id).adaptive_document)
    )


def _beginning_of(attempt: Attempt) -> Beginning:
    """Return what an attempt began with: kept in the process, and read from a row that is not stored yet."""
    if attempt._state.adding:
        return Beginning.from_json(_known(attempt.adaptive_document))
    return _stored_beginning(attempt.pk)


def _posterior_of(attempt: Attempt) -> Floats:
    return np.asarray(_known(attempt.posterior), dtype=np.float64)


def _known(value: Value | None) -> Value:
    if value is None:
        raise TypeError("this is no adaptive attempt")
    return value
