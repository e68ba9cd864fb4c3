"""Adaptive attempts: what is chosen and why, what an answer changes, when it ends, and that it can be done again."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from assessment.delivery.hints import take_hint
from assessment.delivery.verifying import verify_attempt
from assessment.errors import AttemptClosed, BankExhausted, NoHintsLeft, PresentationSettled
from assessment.models import (
    AdaptivePool,
    Attempt,
    Calibration,
    DifficultyEvent,
    ExposureCount,
    ExposureEvent,
    ExposureTotal,
    OnlineDifficulty,
    Presentation,
)
from assessment.modes import MODES, pools, result
from assessment.modes.base import rules_of
from assessment.psychometrics import irt
from assessment.psychometrics.estimation import GRID, STANDARD_NORMAL, NormalPrior, eap, log_prior
from assessment.psychometrics.irt import ItemParameters
from assessment.recording.folding import fold_difficulties, fold_exposure
from assessment.recording.refolding import folded_places, log_of
from assessment.rules.adaptive import AdaptiveRules
from assessment.selection.ability import estimate
from assessment.selection.adaptive import Beginning
from assessment.selection.pool import ItemPool
from content.models import Item
from tests import sitting
from tests.builders import (
    NOW,
    choice_document,
    exercise_document,
    make_bank,
    make_item,
    make_learner,
    vector_document,
    who,
)
from tests.measuring import (
    make_adaptive,
    make_calibration,
    make_measuring_items,
    reply,
    sit,
    slug_of,
    start,
    upcoming,
)
from tests.sitting import RIGHT

pytestmark = pytest.mark.django_db

SPREAD = np.linspace(-2, 2, 12)


@pytest.fixture
def items():
    return make_measuring_items(SPREAD)


# Beginning


def test_an_attempt_begins_with_the_prior_and_its_first_item(items):
    attempt = start(make_adaptive(prior={"mean": 0.5, "sd": 0.8}))
    assert estimate(attempt.posterior) == pytest.approx((0.5, 0.8), abs=1e-3)
    assert attempt.presentations.get().position == 1
    expected = irt.probability(0.5, ItemParameters(np.ones(12), SPREAD)).mean()
    assert attempt.score == pytest.approx(100 * expected, abs=0.1)
    assert attempt.max_score == 100.0


def test_a_bank_that_is_too_small_starts_nothing():
    make_measuring_items([0, 0, 0, 0])
    with pytest.raises(BankExhausted):
        start(make_adaptive())
    assert not Attempt.objects.exists()


def test_without_provisional_difficulties_an_uncalibrated_bank_measures_nothing(items):
    with pytest.raises(BankExhausted):
        start(make_adaptive(provisional=False))


def test_equal_attempts_share_one_pool_and_a_new_calibration_makes_another(items):
    assessment = make_adaptive()
    assert start(assessment).pool_id == start(assessment).pool_id
    calibration = make_calibration(make_bank(), {items[0].slug: (1.5, 0.3)})
    pool = start(assessment).pool
    assert (pool.calibration, AdaptivePool.objects.count()) == (calibration, 2)


# What an attempt is worth


def worth(attempt, posterior=None):
    """The score that an attempt has at an estimate, and its result."""
    if posterior is not None:
        attempt.posterior = posterior
    attempt.score, attempt.max_score = MODES["adaptive"].total(attempt, [])
    return attempt.score, attempt.max_score, result(attempt)


def certain(theta):
    return (-(((GRID - theta) / 0.05) ** 2) / 2).tolist()


def test_without_more_it_is_worth_a_hundred_items_like_those_of_its_bank(items):
    score, most, found = worth(start(make_adaptive()), certain(1.0))
    assert score == pytest.approx(
        100 * irt.probability(1.0, ItemParameters(np.ones(12), SPREAD)).mean(), abs=0.02
    )
    assert (most, found.passed, found.level) == (100, None, None)
    assert found.words == f"Of 100 questions like these you would get about {score:.0f} right."


def test_a_reference_is_what_it_is_worth_right_answers_to(items):
    named = [items[2].slug, items[9].slug]
    attempt = start(make_adaptive(result={"reference": named}))
    score, most, found = worth(attempt, certain(0.5))
    expected = irt.probability(0.5, ItemParameters(np.ones(2), SPREAD[[2, 9]])).sum()
    assert (score, most) == (pytest.approx(expected, abs=1e-3), 2)
    assert found.words == "Of 2 chosen questions you would get about 1 right."


def test_a_reference_without_parameters_cannot_be_published(items):
    make_item(choice_document("unmeasured"))
    with pytest.raises(BankExhausted):
        MODES["adaptive"].rehearse(
            make_adaptive(result={"reference": ["unmeasured"]}).version.definition, random.Random(1)
        )


@pytest.mark.parametrize(
    ("theta", "name", "points"), [(-2.0, "Low", 0), (0.0, "Middle", 6), (3.0, "High", 10)]
)
def test_a_table_says_what_each_level_is_worth(items, theta, name, points):
    levels = [
        {"name": "Low", "score": 0},
        {"name": "Middle", "from": -0.5, "score": 6},
        {"name": "High", "from": 1, "score": 10},
    ]
    score, most, found = worth(start(make_adaptive(result={"levels": levels})), certain(theta))
    assert (score, most, found.level) == (points, 10, name)
    assert found.words == f"The level {name}: {points} of 10 points."


def test_levels_without_scores_only_name_it(items):
    levels = [{"name": "Low"}, {"name": "High", "from": 1}]
    score, most, found = worth(start(make_adaptive(result={"levels": levels})), certain(0.0))
    assert (round(score), most, found.level) == (50, 100, "Low")


def test_a_pass_mark_is_told_with_how_sure_it_is(items):
    stop = {"min_items": 5, "max_items": 10, "classification": {"cut": 0.5}}
    attempt = start(make_adaptive(stop=stop))
    *_, found = worth(attempt, certain(1.0))
    assert found.passed
    assert found.words.endswith("That is above the pass mark with a certainty of 100%.")
    *_, found = worth(attempt, log_prior(NormalPrior(0.0, 1.0)).tolist())
    assert not found.passed
    assert found.words.endswith("That is below the pass mark with a certainty of 69%.")


# Choosing


def test_a_pool_is_read_and_written_down_once(items, monkeypatch):
    assessment = make_adaptive()
    pools._assembled.cache_clear()
    start(assessment)
    monkeypatch.setattr(ItemPool, "to_json", pytest.fail)
    monkeypatch.setattr(pools, "assemble", pytest.fail)
    start(assessment)
    assert AdaptivePool.objects.count() == 1


def test_a_bank_of_more_items_than_a_statement_takes_parameters_is_read_in_parts(items, monkeypatch):
    assessment = make_adaptive()
    whole = pools.assembled(rules_of(assessment.version.definition, AdaptiveRules)).pool
    monkeypatch.setattr(pools, "CHUNK", 4)
    pools._assembled.cache_clear()
    start(assessment)
    assert AdaptivePool.objects.get().items() == whole


def test_the_first_item_lies_where_the_prior_does(items):
    first = upcoming(start(make_adaptive()))
    assert abs(first.item_version.definition.difficulty) < 0.3


def test_right_answers_lead_to_harder_items_and_wrong_ones_to_easier(items):
    assessment = make_adaptive()
    able, unable = start(assessment), start(assessment)
    for attempt, right in ((able, True), (unable, False)):
        for _ in range(4):
            reply(attempt, upcoming(attempt), right=right)
    able.refresh_from_db()
    harder, easier = (upcoming(one).item_version.definition.difficulty for one in (able, unable))
    assert harder > 0.5 > -0.5 > easier
    assert estimate(able.posterior)[0] > 0.8


def test_no_item_comes_twice(items):
    shown = sit(start(make_adaptive()), ability=0.4)
    assert len({slug_of(p) for p in shown}) == len(shown) == 10


def test_the_choice_is_stored_with_its_reason(items):
    choice = upcoming(start(make_adaptive())).choice
    assert choice["rule"] == "posterior_weighted"
    assert (choice["theta"], choice["candidates"], choice["seeded"]) == (
        pytest.approx(0, abs=1e-9),
        12,
        False,
    )
    assert choice["information"] == pytest.approx(0.25, abs=0.02)
    assert choice["reason"].startswith("Of 12 items that might be given, this one, by its author's guess")


def test_calibrated_parameters_go_before_the_author_s_guess(items):
    make_calibration(make_bank(), {item.slug: (2.0, 3.0) for item in items[:11]})
    choice = upcoming(start(make_adaptive())).choice
    assert choice["calibrated"] is False
    assert choice["parameters"]["b"] == 2.0


def test_an_exercise_takes_part_with_a_fresh_variant_for_each_learner():
    for n in range(6):
        make_item(exercise_document(f"double-{n}", difficulty=0.1 * n))
    assessment = make_adaptive()
    drawn = {upcoming(start(assessment, seed=seed)).variant.values["x"] for seed in range(6)}
    assert len(drawn) > 3


def test_an_item_retired_after_the_start_is_not_shown(items):
    attempt = start(make_adaptive())
    kept = {item.slug for item in items[:6]}
    Item.objects.exclude(slug__in=kept).update(retired_at=NOW)
    assert {slug_of(p) for p in sit(attempt)} <= kept


def test_an_item_published_after_the_start_waits_for_the_next_attempt(items):
    assessment = make_adaptive()
    attempt = start(assessment)
    make_measuring_items([0.0] * 5)
    assert {slug_of(p) for p in sit(attempt)} <= {item.slug for item in items}


def test_hints_are_not_given_where_ability_is_measured():
    for n in range(6):
        make_item(exercise_document(f"double-{n}", difficulty=0.1 * n))
    attempt = start(make_adaptive())
    upcoming(attempt)
    with pytest.raises(NoHintsLeft):
        take_hint(attempt_id=attempt.pk, user_id=who(attempt).pk, position=1, now=NOW)


# Constraints


def test_penalties_keep_the_bounds_by_skill():
    make_measuring_items(np.linspace(-2, 2, 30), skills=["l2-update", "l1-penalty", "dropout"])
    assessment = make_adaptive(constraints={"l2-update": [3, 4], "l1-penalty": [4, 4], "dropout": [2, 3]})
    for seed, ability in enumerate((-1.5, 0.0, 1.5)):
        shown = sit(start(assessment), ability, seed)
        by_skill = Counter(p.item_version.definition.skills[0] for p in shown)
        assert 3 <= by_skill["l2-update"] <= 4
        assert by_skill["l1-penalty"] == 4
        assert 2 <= by_skill["dropout"] <= 3


def test_shadow_tests_keep_the_bounds_and_are_gone_on_with():
    make_measuring_items(np.linspace(-2, 2, 30), skills=["l2-update", "l1-penalty", "dropout"])
    assessment = make_adaptive(constraints={"l2-update": [0, 2], "dropout": [6, 6]}, shadow=True)
    shown = sit(start(assessment), 1.0)
    by_skill = Counter(p.item_version.definition.skills[0] for p in shown)
    assert (by_skill["dropout"], by_skill["l2-update"] <= 2) == (6, True)
    assert all(p.choice["rule"] == "shadow" and len(p.choice["shadow"]) == 10 for p in shown)


def test_bounds_that_the_bank_cannot_meet_do_not_trap_the_learner(items):
    assessment = make_adaptive(constraints={"l2-update": [0, 3]}, shadow=True)
    assert len(sit(start(assessment))) == 10


# Answering


def test_the_posterior_is_that_of_all_answers_at_once(items):
    attempt = start(make_adaptive())
    shown = sit(attempt, ability=0.7)
    scores = np.array([[Presentation.objects.get(pk=p.pk).score for p in shown]])
    parameters = ItemParameters(1.0, [p.choice["parameters"]["b"] for p in shown])
    at_once = eap(scores, parameters, STANDARD_NORMAL)
    assert estimate(attempt.posterior) == pytest.approx(
        (at_once.theta[0], at_once.standard_error[0]), abs=1e-12
    )


def test_partial_credit_weighs_right_and_wrong_by_the_score():
    for n in range(6):
        interaction = {"kind": "numeric", "key": "twice", "policy": {"name": "absolute", "tolerance": 0.01}}
        make_item(
            vector_document(
                f"vector-{n}", difficulty=0.0, interactions={"a": {**interaction, "credit": "each"}}
            )
        )
    attempt = start(make_adaptive())
    first = upcoming(attempt)
    first_two = [str(2 * value) for value in first.variant.values["x"][:2]]
    sitting.answer(attempt, 1, {"a": [*first_two, "0"]}, key=None, now=NOW)
    attempt.refresh_from_db()
    score = Presentation.objects.get(pk=first.pk).score
    assert score == pytest.approx(2 / 3)
    right = 1 / (1 + np.exp(-np.linspace(-6, 6, 61)))
    expected = log_prior() + score * np.log(right) + (1 - score) * np.log(1 - right)
    assert attempt.posterior == pytest.approx(expected, abs=1e-12)


def test_an_unreadable_answer_moves_nothing():
    for n in range(6):
        make_item(exercise_document(f"double-{n}", difficulty=0.1 * n))
    attempt = start(make_adaptive())
    before, first = attempt.posterior, upcoming(attempt)
    sitting.answer(attempt, 1, {"a": "seven or so"}, key=None, now=NOW)
    assert upcoming(attempt).pk == first.pk
    attempt.refresh_from_db()
    assert attempt.posterior == before


def test_an_answer_cannot_be_changed_although_its_verdict_is_withheld(items):
    attempt = start(make_adaptive())
    first = upcoming(attempt)
    reply(attempt, first, right=False)
    with pytest.raises(PresentationSettled):
        reply(attempt, first, right=True)


def test_verdicts_are_withheld_until_the_end(items):
    attempt = start(make_adaptive())
    sit(attempt, items=3)
    assert not attempt.releases_verdicts(NOW)
    sit(attempt)
    assert attempt.releases_verdicts(NOW)


# Ending


def test_an_attempt_ends_with_its_longest_length(items):
    attempt = start(make_adaptive())
    assert len(sit(attempt)) == 10
    assert (attempt.state, attempt.stop_reason) == ("submitted", "length")
    assert sitting.upcoming(attempt, NOW) is None


def test_an_attempt_ends_when_the_estimate_is_sure_enough_but_not_before_its_least_length():
    make_measuring_items(np.linspace(-2, 2, 30))
    stop = {"min_items": 4, "max_items": 30, "standard_error": 0.7}
    attempt = start(make_adaptive(stop=stop))
    shown = sit(attempt)
    assert attempt.stop_reason == "standard_error"
    assert 4 <= len(shown) < 12
    assert estimate(attempt.posterior)[1] <= 0.7 < shown[-1].choice["standard_error"]


def test_a_classification_ends_when_the_learner_is_clearly_on_one_side():
    make_measuring_items(np.linspace(-2, 2, 30))
    decision = {"cut": -2.0, "rule": "confidence_interval"}
    attempt = start(make_adaptive(stop={"min_items": 1, "max_items": 30, "classification": decision}))
    shown = sit(attempt, ability=2.0)
    assert (attempt.stop_reason, len(shown) < 15) == ("confidence_interval", True)


def test_an_attempt_ends_when_the_bank_has_nothing_left():
    make_measuring_items([-1, 0, 1, 2, 3])
    attempt = start(make_adaptive())
    assert len(sit(attempt)) == 5
    assert attempt.stop_reason == "bank_exhausted"


def test_enemies_are_given_last_and_rather_than_ending_the_attempt():
    bank = make_bank()
    for number in range(6):
        enemies = [f"e-{number ^ 1}"]
        make_item(choice_document(f"e-{number}", difficulty=number / 3 - 1, enemies=enemies), bank=bank)
    attempt = start(make_adaptive(bank))
    sit(attempt)
    given = [p.item_version.item.slug for p in attempt.presentations.order_by("position")]
    assert len(given) == 6
    assert len({int(slug[2:]) // 2 for slug in given[:3]}) == 3


def test_a_pool_without_enemies_is_stored_as_before(items):
    start(make_adaptive())
    assert set(AdaptivePool.objects.get().document) == {"measuring", "uncalibrated"}


def test_a_learner_may_submit_early_and_a_draft_counts(items):
    attempt = start(make_adaptive())
    upcoming(attempt)
    sitting.draft(attempt, 1, RIGHT, now=NOW)
    ended = sitting.submit(attempt, NOW)
    assert (ended.max_score, ended.stop_reason) == (100.0, "")
    assert ended.score > attempt.score
    assert estimate(ended.posterior)[0] > 0.2
    with pytest.raises(AttemptClosed):
        sitting.upcoming(ended, NOW)


# Doing it again


def test_asking_again_gives_the_same_item(items):
    attempt = start(make_adaptive())
    first = upcoming(attempt)
    assert upcoming(attempt).pk == first.pk
    assert attempt.presentations.count() == 1


def test_a_process_that_dies_while_choosing_leaves_the_same_choice_to_the_next(items):
    attempt = start(make_adaptive(exposure={"ceiling": 0.5}, selection="randomesque"))
    sit(attempt, items=3)

    standing = upcoming(attempt)

    def interrupted():
        with transaction.atomic():
            reply(attempt, standing, right=True)
            chosen = upcoming(attempt)
            transaction.set_rollback(True)
        return slug_of(chosen), chosen.choice, chosen.variant_document

    first, second = interrupted(), interrupted()
    assert attempt.presentations.count() == 4
    assert first == second


def folded(fold, left):
    """Fold until nothing is left: nothing is taken before the oldest transaction anywhere on the server has ended."""
    for _ in range(600):
        fold()
        if not left.exists():
            return
        time.sleep(0.1)
    raise AssertionError("something was not folded within a minute")


def rebuilt(attempt):
    shown = list(attempt.presentations.select_related("item_version__item").order_by("position"))
    return MODES["adaptive"].refold(attempt, folded_places(attempt, shown, log_of(attempt))).posterior


def test_the_posterior_is_rebuilt_from_the_responses_to_the_same_bits(items):
    attempt = start(make_adaptive())
    for count in range(1, 11):
        sit(attempt, ability=0.3, seed=count, items=1)
        assert rebuilt(attempt) == attempt.posterior


def test_verification_finds_a_posterior_that_does_not_follow_from_the_log(items):
    attempt = start(make_adaptive())
    sit(attempt, items=4)
    assert verify_attempt(attempt_id=attempt.pk) == []
    Attempt.objects.update(posterior=[value + 1e-12 for value in attempt.posterior])
    assert verify_attempt(attempt_id=attempt.pk) == []
    found = verify_attempt(attempt_id=attempt.pk, exact=True)
    assert {"posterior"} <= {difference.field for difference in found}


def test_an_attempt_keeps_the_parameters_it_began_with(items):
    attempt = start(make_adaptive())
    sit(attempt, items=2)
    make_calibration(make_bank(), {item.slug: (3.0, -1.0) for item in items})
    sit(attempt, items=2)
    assert {p.choice["parameters"]["a"] for p in attempt.presentations.all()} == {1.0}
    assert rebuilt(attempt) == attempt.posterior


@pytest.mark.django_db(transaction=True)
def test_two_requests_for_the_next_item_at_once_show_one():
    make_measuring_items(SPREAD)
    attempt = start(make_adaptive(exposure={"ceiling": 0.5}))

    def ask(_):
        try:
            return sitting.upcoming(attempt, NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        shown = set(pool.map(ask, range(4)))
    assert len(shown) == Presentation.objects.count() == 1
    folded(fold_exposure, ExposureEvent.objects)
    assert ExposureCount.objects.get(given__gt=0).given == 1


@pytest.mark.django_db(transaction=True)
def test_a_class_that_starts_at_once_is_counted_whole():
    make_measuring_items(SPREAD)
    assessment = make_adaptive(exposure={"ceiling": 0.5, "bands": [-0.5, 0.5]})
    learners = [make_learner() for _ in range(6)]

    def take(numbered):
        seed, learner = numbered
        try:
            sit(start(assessment, learner, seed), ability=seed - 3, seed=seed)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(take, enumerate(learners)))
    assert_counters_are_the_fold(assessment)
    folded(fold_exposure, ExposureEvent.objects)
    assert not ExposureEvent.objects.exists()
    assert_counters_are_the_fold(assessment)


# Exposure


def assert_counters_are_the_fold(assessment):
    """Every counter says what the attempts say."""
    attempts: Counter[int] = Counter()
    given: Counter[tuple[int, str]] = Counter()
    withheld: Counter[tuple[int, str]] = Counter()
    for attempt in Attempt.objects.filter(assignment__assessment=assessment):
        beginning = Beginning.from_json(attempt.adaptive_document)
        band = beginning.band(estimate(attempt.posterior)[0])
        attempts[band] += 1
        given.update((band, slug_of(p)) for p in attempt.presentations.filter(is_seeded=False))
        withheld.update((band, slug) for slug in beginning.withheld(band))
    assert counters(assessment) == (+attempts, +given, +withheld)


def counters(assessment):
    """What the counts and all that is not folded into them yet say together."""
    attempts: Counter[int] = Counter()
    given: Counter[tuple[int, str]] = Counter()
    withheld: Counter[tuple[int, str]] = Counter()
    for total in ExposureTotal.objects.filter(assessment=assessment):
        attempts[total.band] += total.attempts
    for count in ExposureCount.objects.filter(assessment=assessment).select_related("item"):
        given[count.band, count.item.slug] += count.given
        withheld[count.band, count.item.slug] += count.withheld
    for event in ExposureEvent.objects.filter(assessment=assessment):
        attempts[event.band] += event.attempts
        given.update({(event.band, slug): event.amount for slug in event.given})
        withheld.update({(event.band, slug): event.amount for slug in event.withheld})
    return +attempts, +given, +withheld


def test_no_item_passes_its_ceiling_by_more_than_chance():
    make_measuring_items(np.linspace(-2.5, 2.5, 40))
    stop = {"min_items": 5, "max_items": 5}
    assessment = make_adaptive(stop=stop, exposure={"ceiling": 0.3})
    abilities = np.random.default_rng(5).normal(size=60)
    for seed, ability in enumerate(abilities):
        sit(start(assessment, seed=seed), float(ability), seed)
    assert_counters_are_the_fold(assessment)
    _, given, _ = counters(assessment)
    rates = np.array(list(given.values())) / len(abilities)
    sampling_error = np.sqrt(0.3 * 0.7 / len(abilities))
    assert rates.max() <= 0.3 + 2 * sampling_error
    assert rates.sum() == pytest.approx(5)


def test_without_a_ceiling_everybody_is_given_the_same_first_item(items):
    assessment = make_adaptive()
    assert len({slug_of(upcoming(start(assessment, seed=seed))) for seed in range(8)}) == 1
    assert list(counters(assessment)[1].values()) == [8]


def test_an_item_withheld_from_an_attempt_is_not_given_in_it():
    make_measuring_items(np.linspace(-2, 2, 30))
    assessment = make_adaptive(exposure={"ceiling": 0.4})
    for seed in range(10):
        attempt = start(assessment, seed=seed)
        shown = {slug_of(p) for p in sit(attempt, seed=seed)}
        assert not shown & set(Beginning.from_json(attempt.adaptive_document).withheld(0))


# Seeding


@pytest.fixture
def seeded(items):
    """An assessment over twelve items with a guess and five of which nothing is known."""
    make_measuring_items([None] * 5)
    return make_adaptive(seeding=0.2)


def test_at_most_one_item_in_five_is_seeded_at_any_moment(seeded):
    some = 0
    for seed in range(12):
        attempt = start(seeded, seed=seed)
        flags = [p.is_seeded for p in sit(attempt, seed=seed)]
        assert all(sum(flags[:n]) <= n / 5 for n in range(1, len(flags) + 1))
        assert len(flags) - sum(flags) == 10
        some += sum(flags)
    assert some > 6


def first_seeded(assessment):
    """An attempt up to its first seeded item, which is open."""
    for seed in range(20):
        attempt = start(assessment, seed=seed)
        while presentation := upcoming(attempt):
            if presentation.is_seeded:
                return attempt, presentation
            reply(attempt, presentation, right=True)
    raise AssertionError("no item was seeded")


def test_a_seeded_item_moves_no_estimate_and_teaches_about_itself(seeded):
    attempt, presentation = first_seeded(seeded)
    attempt.refresh_from_db()
    before = attempt.posterior
    assert presentation.choice["reason"].startswith("Not calibrated yet")
    reply(attempt, presentation, right=False)
    attempt.refresh_from_db()
    assert attempt.posterior == before == rebuilt(attempt)
    learned = DifficultyEvent.objects.get()
    assert (learned.item.slug, learned.score) == (slug_of(presentation), 0.0)
    assert (learned.theta, learned.standard_error) == estimate(before)


def test_seeded_items_count_for_nothing_when_the_attempt_is_over(seeded):
    attempt, presentation = first_seeded(seeded)
    reply(attempt, presentation, right=False)
    attempt.refresh_from_db()
    before = attempt.posterior
    sit(attempt)
    assert attempt.presentations.filter(is_seeded=False).count() == 10
    assert attempt.posterior != before
    assert verify_attempt(attempt_id=attempt.pk, exact=True) == []


@pytest.mark.django_db(transaction=True)
def test_an_unscored_item_learns_from_its_answers_in_their_order():
    make_measuring_items(SPREAD)
    make_measuring_items([None] * 5)
    attempt, presentation = first_seeded(make_adaptive(seeding=0.2))
    reply(attempt, presentation, right=False)
    folded(lambda: fold_difficulties(now=NOW), DifficultyEvent.objects.filter(batch=None))
    assert fold_difficulties(now=NOW) == 0
    learned = OnlineDifficulty.objects.get(item__slug=slug_of(presentation))
    assert (learned.answers, learned.mean > 0, learned.variance < 1) == (1, True, True)
    assert DifficultyEvent.objects.get().batch == 1
    assert verify_attempt(attempt_id=attempt.pk) == []


# Rows


def test_a_calibration_is_added_and_never_changed(items):
    calibration = make_calibration(make_bank(), {items[0].slug: (1.0, 0.0)})
    Calibration.objects.update(is_active=False, activated_at=None)
    changes: tuple[dict[str, Any], ...] = ({"parameters": {}}, {"report": {"n": 1}}, {"number": 7})
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Calibration.objects.filter(pk=calibration.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        calibration.delete()


def test_a_bank_has_one_active_calibration(items):
    make_calibration(make_bank(), {})
    with pytest.raises(IntegrityError), transaction.atomic():
        make_calibration(make_bank(), {})


def test_a_pool_never_changes(items):
    pool = start(make_adaptive()).pool
    with pytest.raises(IntegrityError), transaction.atomic():
        AdaptivePool.objects.filter(pk=pool.pk).update(document={})


def test_an_attempt_is_adaptive_as_a_whole_or_not_at_all(items):
    attempt = start(make_adaptive())
    attempt.pool = None
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.save()
