"""Adaptive attempts: how one begins, what it shows next, what an answer changes. `assessment.delivery` calls these
under its locks.

Everything that a choice rests on is stored with the attempt, so an attempt that is asked again, by whichever
process, gives the same item and the same estimate; and its posterior is a fold of its responses.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import groupby
from typing import Any, TypeVar

import numpy as np
from django.db.models import Q

from assessment.models import (
    Assessment,
    Attempt,
    ExposureCount,
    ExposureTotal,
    OnlineDifficulty,
    Presentation,
    Response,
)
from assessment.modes.base import Mode, Rehearsal, Score, Unfounded, is_over, weighted_score
from assessment.modes.pools import assembled, pool_of, stored
from assessment.psychometrics import exposure
from assessment.psychometrics.elo import Rating, update_difficulty
from assessment.psychometrics.estimation import expected, log_prior, update
from assessment.psychometrics.irt import Floats
from assessment.psychometrics.stopping import Stop
from assessment.rules.adaptive import AdaptiveRules
from assessment.scoring.tries import tally_tries
from assessment.selection.ability import estimate
from assessment.selection.adaptive import Beginning, Chosen, Shown, choose_next, eligibility_to_keep
from assessment.selection.pool import ItemPool, Parameters
from assessment.selection.seeding import first_guess
from content.items.drawing import ImpossibleDraw
from content.items.soundness import sound_variant
from content.items.stream import SEED_BITS, Stream
from content.models import Item

Scored = tuple[Parameters, float]
Value = TypeVar("Value")


class Adaptive(Mode):
    """Each item is the one that tells most about the ability found so far."""

    grows = True
    measures = True
    no_hints = "This assessment measures what you can do without help, so there are no hints."

    def begin(self, attempt: Attempt, dice: random.Random) -> None:
        """Store a new attempt with what it begins with, and count it. Locks the exposure of its band.

        Raises BankExhausted when the bank has too few items that can measure.
        """
        rules = attempt.assessment.adaptive_rules
        found = assembled(attempt.assessment)
        beginning = _beginning(attempt.assessment, rules, found.pool, dice)
        attempt.pool = stored(attempt.assessment, found, attempt.started_at)
        attempt.posterior = log_prior(rules.prior).tolist()
        attempt.adaptive_document = beginning.to_json()
        attempt.save(force_insert=True)
        _count_attempt(attempt, beginning, beginning.band(rules.prior.mean), 1)

    def next_item(self, attempt: Attempt, now: datetime) -> Presentation | Stop:
        """Choose the next item, draw a sound variant of it and show it; or say why the attempt ends.

        The caller holds the attempt's lock and knows that everything shown has been answered.
        """
        beginning, log_posterior = _beginning_of(attempt), _posterior_of(attempt)
        shown = _shown(attempt)
        given = [one.slug for one in shown]
        pool = pool_of(_known(attempt.pool_id), given)
        while isinstance(chosen := choose_next(beginning, pool, log_posterior, shown), Chosen):
            try:
                presentation = _present(attempt, chosen, beginning, now)
            except (ImpossibleDraw, Item.DoesNotExist):
                # An item that cannot be shown must not hold the learner up.
                pool = pool.without({chosen.slug})
                continue
            if not chosen.is_seeded:
                band = beginning.band(chosen.theta)
                ExposureCount.objects.add(attempt.assessment_id, band, [chosen.slug], given=1)
            return presentation
        return chosen

    def observe(self, attempt: Attempt, presentation: Presentation) -> None:
        """Take the score of an answer into the posterior; of a seeded item, into what is known of the item.

        The caller holds the attempt's lock and saves the attempt. An answer that was not valid changes nothing.
        """
        if presentation.score is None:
            return
        before = _posterior_of(attempt)
        if presentation.is_seeded:
            _learn(presentation, before)
            return
        after = _after(before, (_parameters(presentation), presentation.score))
        attempt.posterior = after.tolist()
        _move(attempt, before, after)

    def fold(self, attempt: Attempt, until: Response | None = None) -> Score:
        """Which items were only tried out shows when the attempt is over: until then they count like all others."""
        if until:
            return weighted_score(attempt, Q(position__lte=until.presentation.position), until)
        return weighted_score(attempt, Q(is_seeded=False) if is_over(attempt, until) else Q())

    def longest(self, assessment: Assessment) -> int:
        return assessment.adaptive_rules.longest

    def rehearse(self, assessment: Assessment, dice: random.Random) -> Rehearsal:
        return Rehearsal(pool=assembled(assessment).pool)

    def verify(self, attempt: Attempt) -> Iterator[Unfounded]:
        if (folded := rebuild(attempt)) != attempt.posterior:
            yield Unfounded(None, "posterior", attempt.posterior, folded)


def rebuild(attempt: Attempt) -> list[float]:
    """Return the log-posterior of an adaptive attempt from nothing but its responses: the same bits."""
    start = log_prior(_beginning_of(attempt).rules.prior)
    folded: list[float] = reduce(_after, _scored(attempt), start).tolist()
    return folded


def _beginning(
    assessment: Assessment, rules: AdaptiveRules, pool: ItemPool, dice: random.Random
) -> Beginning:
    blank = Beginning(rules, dice.getrandbits(SEED_BITS), {})
    if rules.exposure is None:
        return blank
    counts = ExposureCount.objects.counts(assessment, rules.exposure, pool)
    drawn = exposure.draw(rules.exposure, counts, blank.dice("eligibility"))
    return Beginning(rules, blank.seed, eligibility_to_keep(pool, drawn))


def _present(attempt: Attempt, chosen: Chosen, beginning: Beginning, now: datetime) -> Presentation:
    version = Item.objects.servable().get(slug=chosen.slug).version
    place = attempt.presentations.count() + 1
    variant = sound_variant(version.definition, beginning.variants(place, chosen.slug), Stream.ASSESSMENT)
    return Presentation.objects.create(
        learner_id=attempt.learner_id,
        attempt=attempt,
        position=place,
        item_version=version,
        variant_document=variant.to_json(),
        shown_at=now,
        is_seeded=chosen.is_seeded,
        choice=chosen.to_json(),
    )


def _shown(attempt: Attempt) -> list[Shown]:
    fields = ("item_version__item__slug", "is_seeded", "score", "choice")
    rows = attempt.presentations.order_by("position").values_list(*fields)
    return [
        Shown(slug, seeded, score or 0.0, _document(choice)["shadow"]) for slug, seeded, score, choice in rows
    ]


def _after(log_posterior: Floats, scored: Scored) -> Floats:
    """Return the log-posterior after a score; partial credit weighs the likelihoods of right and wrong by it."""
    parameters, score = scored
    return update(log_posterior, parameters.as_item(), score)


def _scored(attempt: Attempt) -> Sequence[Scored]:
    """Return what the responses of an attempt say about the learner, in the order of the places."""
    log = (
        Response.objects.filter(presentation__attempt=attempt, presentation__is_seeded=False, valid=True)
        .order_by("presentation__position", "try_number")
        .values_list("presentation__position", "presentation__choice", "score")
    )
    found = []
    for _, group in groupby(log, key=lambda entry: entry[0]):
        tries = list(group)
        score = tally_tries(attempt.rules.scoring, [score for _, _, score in tries]).score
        found.append((Parameters.from_json(_document(tries[0][1])["parameters"]), score or 0.0))
    return found


def _learn(presentation: Presentation, log_ability: Floats) -> None:
    """Take an answer to a seeded item into its difficulty. Locks the item's estimate."""
    item = presentation.item_version.item
    guess = first_guess(_parameters(presentation).b)
    begun = {"mean": guess.mean, "variance": guess.variance, "updated_at": presentation.shown_at}
    OnlineDifficulty.objects.get_or_create(item=item, defaults=begun)
    known = OnlineDifficulty.objects.select_for_update().get(item=item)
    theta, error = estimate(log_ability)
    learned = update_difficulty(known.rating, Rating(theta, error**2), presentation.score or 0.0)
    known.believe(learned, presentation.shown_at)
    known.save()


def _move(attempt: Attempt, before: Floats, after: Floats) -> None:
    """Count the attempt and what it was given in the band of its estimate now."""
    beginning = _beginning_of(attempt)
    old, new = (beginning.band(float(expected(posterior).theta)) for posterior in (before, after))
    if old == new:
        return
    given = [one.slug for one in _shown(attempt) if not one.is_seeded]
    for band, amount in sorted([(old, -1), (new, 1)]):
        _count_attempt(attempt, beginning, band, amount)
        ExposureCount.objects.add(attempt.assessment_id, band, given, given=amount)


def _count_attempt(attempt: Attempt, beginning: Beginning, band: int, amount: int) -> None:
    ExposureTotal.objects.add(attempt.assessment_id, band, amount)
    withheld = beginning.withheld(band)
    ExposureCount.objects.add(attempt.assessment_id, band, withheld, withheld=amount)


def _parameters(presentation: Presentation) -> Parameters:
    return Parameters.from_json(_document(presentation.choice)["parameters"])


def _beginning_of(attempt: Attempt) -> Beginning:
    return Beginning.from_json(_document(attempt.adaptive_document))


def _posterior_of(attempt: Attempt) -> Floats:
    return np.asarray(_known(attempt.posterior), dtype=np.float64)


def _document(stored: Any) -> Mapping[str, Any]:
    """Return a document that adaptive rows have and others lack."""
    document: Mapping[str, Any] = _known(stored)
    return document


def _known(value: Value | None) -> Value:
    if value is None:
        raise TypeError("this is no adaptive attempt")
    return value
