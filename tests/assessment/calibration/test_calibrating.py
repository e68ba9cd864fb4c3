"""Calibration from the response log: what counts, what is recovered, what is refused, what comes into force."""

import json
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from assessment.calibration.calibrating import (
    NothingInCommon,
    Request,
    TooFewResponses,
    activate_calibration,
    banks_due,
    calibrate_bank,
)
from assessment.calibration.log import log_of
from assessment.models import Attempt, Calibration, Correction
from assessment.psychometrics import irt
from assessment.psychometrics.calibration import calibrate
from assessment.psychometrics.irt import ItemParameters
from tests.builders import NOW, choice_document, enrol, make_bank, make_course, make_item, who
from tests.measuring import make_adaptive, make_calibration, make_measuring_items, record_answers, sit, start

pytestmark = pytest.mark.django_db

TRUE = ItemParameters(np.exp(np.linspace(-0.3, 0.5, 10)), np.linspace(-1.5, 1.5, 10))
NAN = np.nan


def simulated(persons=300, seed=1, mean=0.0, missing=0.0):
    rng = np.random.default_rng(seed)
    scores = irt.simulate(rng.normal(mean, 1, persons), TRUE, rng)
    return np.where(rng.random(scores.shape) < missing, NAN, scores)


@pytest.fixture
def items():
    return make_measuring_items(TRUE.b)


@pytest.fixture
def calibration(items):
    record_answers(items, simulated())
    return calibrate_bank(Request(make_bank()), now=NOW)


def column(calibration, name):
    return np.array([item[name] for _, item in sorted(calibration.parameters.items())])


# What counts


def test_the_log_of_a_bank_is_its_matrix_of_first_tries(items):
    scores = simulated(persons=20, missing=0.4)
    record_answers(items, scores)
    log = log_of(make_bank())
    matrix, _ = log.dense(1000)
    assert log.slugs == tuple(item.slug for item in items)
    np.testing.assert_array_equal(matrix, scores[~np.isnan(scores).all(axis=1)])


@pytest.mark.parametrize("change", [{"first_score": None}, {"first_hints": 1}, {"is_dropped": True}], ids=str)
def test_unreadable_and_dropped_answers_and_those_after_hints_do_not_count(items, change):
    record_answers(items, [[1.0] * 10], **change)
    assert log_of(make_bank()).answers.sum() == 0


def test_partial_credit_is_right_from_a_half(items):
    record_answers(items, [[0.0, 0.3, 0.5, 0.9, 1.0, NAN, NAN, NAN, NAN, NAN]])
    assert log_of(make_bank()).score.tolist() == [0, 0, 1, 1, 1]


def test_answers_of_adaptive_attempts_count(items):
    sit(start(make_adaptive()))
    assert log_of(make_bank()).answers.sum() == 10


def test_other_banks_have_logs_of_their_own(items):
    record_answers(items, [[1.0] * 10])
    assert log_of(make_bank("another")).attempts == ()


# What is recovered


def test_parameters_are_those_of_the_pure_calibration(calibration):
    pure = calibrate(simulated())
    np.testing.assert_allclose(column(calibration, "a"), pure.items.a, rtol=1e-6)
    np.testing.assert_allclose(column(calibration, "b"), pure.items.b, rtol=1e-6, atol=1e-8)


def test_what_was_simulated_is_recovered_within_its_standard_errors(calibration):
    errors = np.array([item["se"]["b"] for _, item in sorted(calibration.parameters.items())])
    z = (column(calibration, "b") - TRUE.b) / errors
    assert np.abs(z).max() < 3.5
    assert np.sqrt(np.mean(z**2)) < 1.5


def test_the_report_tells_how_it_went_and_how_it_fits(calibration):
    report = calibration.report
    assert (report["persons"], report["answers"], report["items"]) == (300, 3000, 10)
    assert report["converged"] is True
    infit = [fit["infit"] for fit in report["item_fit"].values()]
    # A little below 1: in a short test each answer helps to estimate the theta that it is compared with.
    assert np.mean(infit) == pytest.approx(0.9, abs=0.1)
    assert min(fit["p_value"] for fit in report["item_fit"].values()) > 1e-4
    assert 0.01 < report["person_fit"]["odd"] / report["person_fit"]["attempts"] < 0.12
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_an_attempt_that_answers_backwards_is_named_as_odd(items):
    backwards = (np.arange(10) >= 5).astype(float)
    record_answers(items, np.vstack([simulated(), backwards]))
    report = calibrate_bank(Request(make_bank()), now=NOW).report
    assert report["person_fit"]["oddest"][0]["attempt"] == str(log_of(make_bank()).attempts[-1])


def test_calibrations_are_numbered_and_none_is_lost(calibration):
    again = calibrate_bank(Request(make_bank()), now=NOW)
    assert (calibration.number, again.number) == (1, 2)
    assert again.parameters == calibration.parameters


# Anchors


def test_anchored_items_keep_their_parameters_and_new_ones_come_onto_their_scale(items):
    known = dict(zip([item.slug for item in items[:7]], zip(TRUE.a, TRUE.b, strict=True), strict=False))
    anchor = make_calibration(make_bank(), known)
    record_answers(items, simulated(persons=500, mean=1.0))
    found = calibrate_bank(Request(make_bank(), anchor=anchor), now=NOW)
    assert {slug: found.parameters[slug] for slug in known} == anchor.parameters
    assert found.report["group"]["mean"] == pytest.approx(1.0, abs=0.25)
    np.testing.assert_allclose(column(found, "b")[7:], TRUE.b[7:], atol=0.5)
    assert found.anchor == anchor


def test_an_item_that_has_become_easier_is_reported_as_drifted(items):
    known = {item.slug: (a, b) for item, a, b in zip(items, TRUE.a, TRUE.b, strict=True)}
    slug = items[4].slug
    known[slug] = (known[slug][0], known[slug][1] + 2)
    anchor = make_calibration(make_bank(), known)
    record_answers(items, simulated(persons=500))
    report = calibrate_bank(Request(make_bank(), anchor=anchor), now=NOW).report
    assert report["drift"]["compared_with"] == anchor.number
    assert slug in report["drift"]["moved"]


def test_an_anchor_that_nobody_answered_is_no_anchor(items):
    anchor = make_calibration(make_bank(), {"elsewhere": (1.0, 0.0)})
    record_answers(items, simulated())
    with pytest.raises(NothingInCommon):
        calibrate_bank(Request(make_bank(), anchor=anchor), now=NOW)


# What is refused


def test_items_that_cannot_be_calibrated_are_left_out_with_the_reason(items):
    scores = simulated(persons=80)
    scores[20:, 0] = NAN
    scores[:, 1], scores[:, 2] = 1.0, 0.0
    record_answers(items, scores)
    found = calibrate_bank(Request(make_bank()), now=NOW)
    assert found.report["left_out"] == {
        "m-00": "20 answers",
        "m-01": "everybody right",
        "m-02": "everybody wrong",
    }
    assert set(found.parameters) == {item.slug for item in items[3:]}


def test_a_bank_with_too_few_responses_is_refused_in_words(items):
    record_answers(items, simulated(persons=12))
    with pytest.raises(
        TooFewResponses, match=r"0 of its 10 items have the 30 .* most answers to one item are 12"
    ):
        calibrate_bank(Request(make_bank()), now=NOW)
    assert not Calibration.objects.exists()


# What comes into force


def test_activating_one_calibration_retires_the_other(calibration):
    again = calibrate_bank(Request(make_bank()), now=NOW)
    for one in (calibration, again, again):
        activate_calibration(calibration_id=one.pk, now=NOW)
    assert list(Calibration.objects.filter(is_active=True)) == [again]
    calibration.refresh_from_db()
    assert calibration.activated_at == NOW


def test_new_attempts_use_what_has_been_activated(calibration):
    assessment = make_adaptive(provisional=False)
    activate_calibration(calibration_id=calibration.pk, now=NOW)
    shown = sit(start(assessment), items=1)[0]
    slug = shown.item_version.item.slug
    assert shown.choice["parameters"]["a"] == calibration.parameters[slug]["a"]


# Two groups


def two_groups(items):
    """300 attempts of others, and 300 of the members of a course, for whom the fifth item is harder."""
    record_answers(items, simulated())
    harder = ItemParameters(TRUE.a, TRUE.b + np.where(np.arange(10) == 4, 1.5, 0.0))
    rng = np.random.default_rng(9)
    record_answers(items, irt.simulate(rng.normal(0, 1, 300), harder, rng))
    course = make_course()
    enrol(who(Attempt.objects.order_by("id").last()), course)
    return course


def test_an_item_that_is_harder_for_one_group_is_named(items):
    course = two_groups(items)
    dif = calibrate_bank(Request(make_bank(), focal=course), now=NOW).report["dif"]
    assert (dif["course"], dif["focal"], dif["reference"]) == (course.slug, 300, 300)
    found = dif["items"]
    assert found[items[4].slug]["category"] == "C"
    assert found[items[4].slug]["delta"] < -1.5
    assert sum(one["category"] == "C" for one in found.values()) == 1


def test_without_a_course_no_groups_are_compared(calibration):
    assert calibration.report["dif"] is None


# What is due


def test_a_bank_is_due_after_so_many_new_responses(items):
    record_answers(items, simulated(persons=60))
    assert banks_due(601) == []
    assert banks_due(600) == [make_bank()]
    calibrate_bank(Request(make_bank()), now=NOW)
    assert banks_due(1) == []
    record_answers(items, simulated(persons=2), first_at=NOW + timedelta(days=1))
    assert banks_due(20) == [make_bank()]


def test_what_was_judged_anew_is_new_to_a_calibration(items):
    record_answers(items, simulated(persons=60))
    calibrate_bank(Request(make_bank()), now=NOW)
    correction = Correction.objects.create(kind="full_credit", reason="Unclear.", created_at=NOW)
    correction.versions.add(items[0].version)
    assert banks_due(1) == []
    Correction.objects.update(applied_at=NOW + timedelta(days=1))
    assert banks_due(61) == []
    assert banks_due(60) == [make_bank()]


# The command


def test_the_command_tells_its_progress_and_its_result(items, capsys):
    record_answers(items, simulated())
    call_command("calibrate", bank="bank")
    told = capsys.readouterr()
    assert "pass 1: log-likelihood" in told.err
    assert "stored as calibration 1 of bank, not active yet" in told.out


def test_the_command_calibrates_what_is_due_and_names_what_cannot_be(items, capsys):
    record_answers(items, simulated(persons=60))
    small = [make_item(choice_document(f"small-{n}"), bank=make_bank("small")) for n in range(2)]
    record_answers(small, np.eye(2)[[0, 1] * 20])
    call_command("calibrate", "--due=50", "--json")
    told = json.loads(capsys.readouterr().out)
    assert [one["bank"] for one in told["calibrations"]] == ["bank"]
    assert "too few responses" in told["refused"]["small"]
    call_command("calibrate", "--due=500")
    assert "No bank has 500 new responses." in capsys.readouterr().out


def test_the_command_computes_on_a_cluster(items, calibration, capsys):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=None
    ) as cluster:
        call_command("calibrate", "--bank=bank", f"--scheduler={cluster.scheduler_address}", "--json")
    told = json.loads(capsys.readouterr().out)
    for slug, alone in calibration.parameters.items():
        assert told["parameters"][slug]["a"] == pytest.approx(alone["a"], rel=0, abs=1e-10)
        assert told["parameters"][slug]["b"] == pytest.approx(alone["b"], rel=0, abs=1e-10)


def test_the_command_can_activate_and_speak_json(items, capsys):
    record_answers(items, simulated())
    call_command("calibrate", "--bank=bank", "--model=1PL", "--activate", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["number"], told["model"], told["active"]) == (1, "1PL", True)
    assert len({item["a"] for item in told["parameters"].values()}) == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--bank=nowhere"], "no bank called nowhere"),
        (["--bank=bank"], "too few responses"),
        (["--bank=bank", "--anchor=3"], "no calibration 3"),
        (["--bank=bank", "--scheduler=everybody"], "is no scheduler"),
        (["--bank=bank", "--dif=nobody"], "no course called nobody"),
    ],
    ids=["bank", "responses", "anchor", "scheduler", "course"],
)
def test_the_command_says_what_is_wrong(items, arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("calibrate", *arguments)
