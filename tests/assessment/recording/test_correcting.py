"""Corrections: everybody is judged anew, nothing is overwritten, and what was announced stays announced."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from assessment.delivery.practice import start_practice
from assessment.delivery.verifying import verify_attempt
from assessment.disclosure.replies import reply
from assessment.errors import CorrectionRefused, PresentationSettled
from assessment.models import Attempt, Correction, CorrectionEffect, ExposureCount, Verdict
from assessment.models.corrections import ActionKind
from assessment.modes.base import rules_of
from assessment.progress.learner import learner_progress
from assessment.recording.correcting import apply_correction, preview_correction, undoing
from assessment.recording.overruling import act
from assessment.rules.adaptive import AdaptiveRules
from assessment.selection.ability import estimate
from content.models import Item, ItemVersion, Status
from tests import sitting
from tests.builders import (
    NOW,
    choice_document,
    exercise_document,
    make_attempt,
    make_bank,
    make_item,
    make_learner,
    who,
)
from tests.measuring import make_adaptive, make_measuring_items, sit, start
from tests.practicing import make_chain, make_mastery

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
OTHER = {"a": "other"}


def mended(item: Item, document: dict[str, Any], number: int = 2) -> ItemVersion:
    """A published wording of an item with another key."""
    version = ItemVersion(
        item=item, number=number, created_at=LATER, status=Status.PUBLISHED, published_at=LATER
    )
    version.write(document)
    version.save()
    return version


def with_key(slug: str, right: str) -> dict[str, Any]:
    document = choice_document(slug)
    for option in document["interactions"]["a"]["options"]:
        option["key"] = option["id"] == right
        option.pop("misconception", None)
    return document


def correct(item: Item, kind: str = "key", **fields: Any) -> Correction:
    """A correction of an item's first wording; with another key, ``other`` is right."""
    corrected = mended(item, with_key(item.slug, "other")) if kind == "key" else None
    made = Correction.objects.create(
        kind=kind,
        corrected_version=fields.pop("corrected_version", corrected),
        reason="The key was wrong.",
        created_at=LATER,
        **fields,
    )
    made.versions.add(item.versions.get(number=1))
    return made


def before(effect: CorrectionEffect) -> tuple[float, float]:
    return effect.before_score, effect.before_max


def after(effect: CorrectionEffect) -> tuple[float, float]:
    return effect.after_score, effect.after_max


def previewed(correction: Correction) -> list[CorrectionEffect]:
    preview_correction(correction_id=correction.pk, now=LATER)
    return list(correction.effects.all())


def applied(correction: Correction, now: Any = LATER) -> list[CorrectionEffect]:
    apply_correction(correction_id=correction.pk, now=now)
    assert not correction.effects.filter(applied_at=None).exists()
    return list(correction.effects.all())


def undone(correction: Correction) -> list[CorrectionEffect]:
    made = undoing(correction_id=correction.pk, author=None, reason="It was right after all.", now=LATER)
    return applied(made, LATER + timedelta(hours=1))


def scores(attempt: Attempt) -> tuple[float, float]:
    attempt.refresh_from_db()
    assert verify_attempt(attempt_id=attempt.pk, exact=True) == []
    return attempt.score, attempt.max_score


@pytest.fixture
def item() -> Item:
    return make_item(choice_document("pick"))


def test_a_new_key_gives_a_new_verdict_and_keeps_the_old_one(item: Item) -> None:
    attempt = make_attempt(item)
    sitting.answer(attempt, 1, OTHER)
    sitting.submit(attempt)
    [change] = applied(correct(item))
    assert (before(change), after(change)) == ((0.0, 1.0), (1.0, 1.0))
    old, new = Verdict.objects.order_by("number")
    assert (old.score, old.current, new.score, new.current, new.number) == (0.0, False, 1.0, True, 2)
    assert new.judged_by["a"]["key"]["other"] == 1
    assert scores(attempt) == (1.0, 1.0)


def test_what_is_void_stays_void(item: Item) -> None:
    """A draft was judged at the end, and made a draft again as the attempt went on."""
    attempt = make_attempt(item)
    sitting.draft(attempt, 1, OTHER)
    sitting.submit(attempt)
    act(attempt_id=attempt.pk, kind=ActionKind.REOPEN, reason="Too soon.", author=make_learner(), now=LATER)
    [change] = applied(correct(item), LATER + timedelta(hours=1))
    assert after(change) == (0.0, 1.0)
    assert Verdict.objects.current().get().is_void
    assert scores(attempt) == (0.0, 1.0)


def test_what_is_judged_anew_is_counted_in_the_band_of_its_new_estimate() -> None:
    items = make_measuring_items(np.linspace(-2, 2, 12))
    assessment = make_adaptive(exposure={"ceiling": 0.5, "bands": [0]}, stop={"min_items": 5, "max_items": 5})
    attempt = start(assessment)
    sit(attempt, ability=-20.0)
    assert estimate(attempt.posterior)[0] < 0
    for one in items:
        applied(correct(one, "full_credit"))
    attempt.refresh_from_db()
    assert estimate(attempt.posterior)[0] > 0
    control = rules_of(attempt.definition, AdaptiveRules).exposure
    counts = ExposureCount.objects.counts(assessment.pk, control, attempt.pool.items())
    assert counts.attempts.tolist() == [0, 1]
    assert counts.given.sum(axis=1).tolist() == [0, 5]


def test_twice_is_once_and_a_preview_writes_nothing(item: Item) -> None:
    attempt = make_attempt(item)
    sitting.answer(attempt, 1, OTHER)
    sitting.submit(attempt)
    correction = correct(item)
    [seen] = previewed(correction)
    assert (after(seen), Verdict.objects.count()) == ((1.0, 1.0), 1)
    correction.refresh_from_db()
    assert correction.applied_at is None
    assert [after(one) for one in (*applied(correction), *applied(correction))] == [(1.0, 1.0)] * 2
    assert Verdict.objects.count() == 2


def test_undoing_gives_back_what_was_before(item: Item) -> None:
    attempt = make_attempt(item)
    sitting.answer(attempt, 1, OTHER)
    sitting.submit(attempt)
    correction = correct(item)
    applied(correction)
    [change] = undone(correction)
    assert (before(change), after(change)) == ((1.0, 1.0), (0.0, 1.0))
    assert [one.current for one in Verdict.objects.order_by("number")] == [False, False, True]
    assert scores(attempt) == (0.0, 1.0)


def test_what_was_undone_can_be_applied_again_by_a_new_correction(item: Item) -> None:
    attempt = make_attempt(item)
    sitting.answer(attempt, 1, OTHER)
    sitting.submit(attempt)
    first = correct(item)
    applied(first)
    undone(first)
    again = correct(item, corrected_version=first.corrected_version, kind="policy")
    applied(again, LATER + timedelta(hours=2))
    assert scores(attempt) == (1.0, 1.0)


def test_only_the_latest_correction_can_be_undone(item: Item) -> None:
    first, second = correct(item), correct(item, "full_credit")
    applied(first)
    applied(second, LATER + timedelta(minutes=1))
    with pytest.raises(CorrectionRefused, match="later correction"):
        undone(first)


def test_what_was_announced_right_stays_right_unless_it_is_said(item: Item) -> None:
    attempt = make_attempt(item)
    sitting.answer(attempt, 1, sitting.RIGHT)
    sitting.submit(attempt)
    applied(correct(item, keep_if_better=False))
    assert scores(attempt) == (1.0, 1.0)


def test_an_exact_correction_takes_it_away(item: Item) -> None:
    attempt = make_attempt(item)
    sitting.answer(attempt, 1, sitting.RIGHT)
    sitting.submit(attempt)
    applied(correct(item, keep_if_better=False, exact=True))
    assert scores(attempt) == (0.0, 1.0)


def test_who_would_lose_keeps_all_verdicts_or_none(item: Item) -> None:
    second = make_item(choice_document("second"))
    attempt = make_attempt(item, second, tries=1)
    sitting.answer(attempt, 1, sitting.RIGHT)
    sitting.answer(attempt, 2, OTHER)
    sitting.submit(attempt)
    [change] = applied(correct(item, exact=True))
    assert change.kept
    assert scores(attempt) == (1.0, 2.0)
    assert set(Verdict.objects.values_list("number", flat=True)) == {1}


def test_a_dropped_item_counts_in_neither_sum(item: Item) -> None:
    attempt = make_attempt(item, make_item())
    sitting.answer(attempt, 2, sitting.RIGHT)
    sitting.submit(attempt)
    applied(correct(item, "drop"))
    assert scores(attempt) == (1.0, 1.0)


def test_full_credit_is_for_those_as_well_who_did_not_answer(item: Item) -> None:
    attempt = make_attempt(item, make_item())
    sitting.submit(attempt)
    applied(correct(item, "full_credit"))
    assert scores(attempt) == (1.0, 2.0)


def test_an_open_attempt_goes_on_under_the_new_key(item: Item) -> None:
    attempt = make_attempt(item, tries=3)
    sitting.answer(attempt, 1, sitting.WRONG)
    applied(correct(item))
    recorded = sitting.answer(attempt, 1, OTHER, now=LATER + timedelta(minutes=1))
    assert reply(recorded).correct
    assert recorded.verdict.judged_by["a"]["key"]["other"] == 1
    assert scores(attempt) == (1.0, 1.0)


def test_a_correction_that_came_between_showing_and_answering_is_found(item: Item) -> None:
    correction = correct(item)
    applied(correction)
    attempt = make_attempt(item)
    attempt.presentations.update(item_version=item.versions.get(number=1))
    assert sitting.answer(attempt, 1, OTHER, now=LATER).verdict.score == 1.0
    assert attempt.presentations.get().correction == correction


def test_tries_and_closings_follow_what_was_announced(item: Item) -> None:
    attempt = make_attempt(item, tries=2, penalty=0.5)
    sitting.answer(attempt, 1, sitting.WRONG)
    sitting.answer(attempt, 1, OTHER)
    applied(correct(item))
    place = attempt.presentations.get()
    assert (place.tries_used, place.is_settled, place.score) == (2, True, 0.5)
    with pytest.raises(PresentationSettled):
        sitting.answer(attempt, 1, OTHER, now=LATER)
    assert scores(attempt) == (0.5, 1.0)


def test_a_repeated_request_is_told_what_was_announced(item: Item) -> None:
    from uuid import uuid4

    attempt, key = make_attempt(item, tries=3), uuid4()
    first = reply(sitting.answer(attempt, 1, OTHER, key=key))
    applied(correct(item))
    assert reply(sitting.answer(attempt, 1, OTHER, key=key)) == first


def test_a_drawn_item_is_judged_by_its_own_numbers() -> None:
    item = make_item(exercise_document())
    attempt = make_attempt(item)
    x = attempt.presentations.get().variant.values["x"]
    sitting.answer(attempt, 1, {"a": repr(3 * x)})
    sitting.submit(attempt)
    thrice = exercise_document(steps={"twice": "3*x"}, check={"twice": "x + x + x"})
    [change] = applied(correct(item, "policy", corrected_version=mended(item, thrice)))
    assert (after(change), change.refused) == ((1.0, 1.0), None)
    assert scores(attempt) == (1.0, 1.0)


def test_what_cannot_be_judged_by_the_new_wording_is_listed_and_stays() -> None:
    item = make_item(exercise_document())
    attempt = make_attempt(item)
    sitting.answer(attempt, 1, {"a": "1"})
    sitting.submit(attempt)
    other = exercise_document(parameters={"y": {"decimal": [1, 9], "places": 1}})
    other["steps"], other["check"], other["body"] = {"twice": "2*y"}, {"twice": "y + y"}, "${y}$ [[a]]"
    other["misconceptions"], other["solution"] = {}, "No."
    [change] = applied(correct(item, "policy", corrected_version=mended(item, other)))
    assert change.refused == {"1": "the parameter y was not drawn"}
    assert scores(attempt) == (0.0, 1.0)


def test_an_adaptive_attempt_is_estimated_anew() -> None:
    items = make_measuring_items([-1.0, -0.5, 0.0, 0.5, 1.0, 1.5])
    attempt = start(make_adaptive(stop={"min_items": 3, "max_items": 3}))
    sit(attempt, ability=-9.0)
    former = scores(attempt)
    shown = attempt.presentations.order_by("position").first()
    assert shown
    item = next(one for one in items if one.pk == shown.item_version.item_id)
    applied(correct(item, "full_credit"))
    assert scores(attempt)[0] > former[0]


def test_a_mastery_attempt_counts_its_skills_anew() -> None:
    items = make_chain()
    attempt = sitting.start(make_mastery(items[0].bank))[0]
    for _ in range(3):
        shown = sitting.upcoming(attempt)
        assert shown
        sitting.answer(attempt, shown.position or 0, {"a": "-1"})
        sitting.answer(attempt, shown.position or 0, {"a": "-1"})
    sitting.submit(attempt)
    assert scores(attempt) == (0.0, 3.0)
    squares = exercise_document(
        "count-it",
        skills=["count"],
        steps={"twice": "-1 + 0*x"},
        check={"twice": "0*x - 1"},
        misconceptions={},
    )
    applied(correct(items[0], "policy", corrected_version=mended(items[0], squares)))
    assert scores(attempt) == (1.0, 3.0)


def test_progress_follows_the_verdicts_of_today(item: Item) -> None:
    attempt = make_attempt(item, tries=1)
    sitting.answer(attempt, 1, OTHER)
    sitting.submit(attempt)

    def known() -> float:
        [skill] = learner_progress(user=who(attempt), now=LATER).skills
        return skill.mastery.probability

    former = known()
    applied(correct(item))
    assert known() > former


def test_practice_is_judged_anew_as_well() -> None:
    item = make_item(exercise_document())
    user = make_learner("ann")
    shown = start_practice(user=user, item=item, now=NOW, dice=random.Random(1))
    sitting.check(shown, repr(3 * shown.variant.values["x"]), user=user)
    thrice = exercise_document(steps={"twice": "3*x"}, check={"twice": "x + x + x"})
    correction = correct(item, "policy", corrected_version=mended(item, thrice))
    assert applied(correction) == []
    shown.refresh_from_db()
    assert (shown.first_score, shown.score) == (1.0, 1.0)
    assert [one.current for one in Verdict.objects.order_by("number")] == [False, True]
    undone(correction)
    shown.refresh_from_db()
    assert shown.first_score == 0.0


def test_one_assessment_alone_can_be_corrected(item: Item) -> None:
    here, there = make_attempt(item, tries=1), make_attempt(item, tries=1)
    for attempt in (here, there):
        sitting.answer(attempt, 1, OTHER)
        sitting.submit(attempt)
    applied(correct(item, assessment=here.assessment))
    assert (scores(here)[0], scores(there)[0]) == (1.0, 0.0)


def test_nobody_else_is_touched() -> None:
    make_bank()
    attempt = make_attempt(make_item(choice_document("elsewhere")))
    sitting.answer(attempt, 1, OTHER)
    former = Attempt.objects.values().get()
    applied(correct(make_item(choice_document("pick"))))
    assert Attempt.objects.values().get() == former
    assert make_learner().links.count() == 0
