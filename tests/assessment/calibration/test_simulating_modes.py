"""Simulated learners take fixed assessments and practice until mastery, with the rows' own rules and items."""

import json

import numpy as np
import pytest
from django.core.management import call_command

from assessment.calibration.simulating import simulate_assessment
from assessment.errors import BankExhausted
from assessment.models import Attempt, StatisticsSnapshot
from tests.builders import NOW, make_assessment, make_bank
from tests.measuring import make_adaptive, make_calibration, make_measuring_items
from tests.practicing import make_chain, make_mastery

pytestmark = pytest.mark.django_db


def fixed(difficulties, **fields):
    return make_assessment(*make_measuring_items(difficulties), **fields)


def simulated(assessment, learners=400, seed=1):
    return simulate_assessment(definition=assessment.definition, learners=learners, seed=seed)


# Fixed


def test_hard_items_make_low_scores_and_few_pass():
    easy, hard = (simulated(fixed([level] * 8, slug=slug)) for level, slug in ((-2.0, "easy"), (2.0, "hard")))
    assert easy.report.mean > 0.8 > 0.3 > hard.report.mean
    assert easy.report.passing > 0.8
    assert hard.report.passing < 0.05


def test_a_calibration_goes_before_a_guess():
    assessment = fixed([2.0, 2.0, 2.0])
    guessed = simulated(assessment)
    make_calibration(make_bank(), {f"m-0{number}": (1.5, -2.0) for number in range(3)})
    measured = simulated(assessment)
    assert {one.origin for one in guessed.by_item} == {"guess"}
    assert {one.origin for one in measured.by_item} == {"answers"}
    assert measured.report.mean > guessed.report.mean + 0.4


def test_items_that_nobody_has_judged_are_named_as_average():
    found = simulated(fixed([None, None, 1.0]))
    assert found.by_item[0].difficulty is None
    assert any("how hard 2 of 3 questions" in remark for remark in found.remarks)


def test_draws_make_several_forms_and_items_of_the_bank_are_asked_in_turn():
    bank = make_bank("one")
    make_measuring_items(np.linspace(-1, 1, 10), bank=bank)
    found = simulated(make_assessment(sections=[{"slots": [{"bank": "one", "draw": 3}]}]))
    assert len(found.forms) == 20
    assert sum(one.asked for one in found.by_item) == pytest.approx(3)


def test_draws_of_unlike_difficulty_are_called_unfair():
    make_measuring_items([-2.5, -2.5, 2.5, 2.5], bank=make_bank("one"))
    found = simulated(make_assessment(sections=[{"slots": [{"bank": "one", "draw": 2}]}]))
    assert any("Who gets which questions matters" in remark for remark in found.remarks)


def test_too_little_to_rely_on_is_said_with_what_would_do():
    (told,) = (one for one in simulated(fixed([0.0] * 4)).remarks if "reliability of" in one)
    assert "times as many questions like these would come to 0.8" in told


def test_time_comes_from_what_answers_have_taken():
    assessment = fixed([0.0, 0.0], time_limit_minutes=1)
    assert simulated(assessment).minutes is None
    items = [{"slug": f"m-0{number}", "seconds": {"median": 90.0}} for number in range(2)]
    document = {"first": {"items": items}, "all": None}
    StatisticsSnapshot.objects.create(
        bank=make_bank(), document=document, attempts=1, seconds=0.1, computed_at=NOW
    )
    found = simulated(assessment)
    assert found.minutes == 3.0
    assert any("the limit is 1" in remark for remark in found.remarks)


def test_a_fixed_assessment_of_a_retired_item_cannot_begin():
    assessment = fixed([0.0])
    make_bank().items.update(retired_at=NOW)
    with pytest.raises(BankExhausted):
        simulated(assessment)


def test_nothing_of_it_is_stored():
    simulated(fixed([0.0]))
    assert not Attempt.objects.exists()


# Mastery


def test_practice_is_simulated_skill_by_skill_in_their_order():
    make_chain()
    found = simulated(make_mastery(max_items=40))
    reached = [one.found.reached for one in found.skills]
    assert reached[0] == 1.0
    assert reached == sorted(reached, reverse=True)
    assert found.report.longest <= 40


def test_a_lenient_criterion_is_said_to_be_passed_by_luck():
    make_chain()
    found = simulated(make_mastery(m=1, n=1))
    assert any("passed by luck" in remark for remark in found.remarks)


def test_skills_that_questions_run_out_before_are_named():
    make_chain()
    found = simulated(make_mastery(max_items=3))
    assert any("before 3 questions are used up" in remark for remark in found.remarks)


def test_what_is_assumed_of_skills_is_said():
    make_chain()
    assert any("30% know it before" in remark for remark in simulated(make_mastery()).remarks)


# Adaptive, in words


def test_a_question_that_everybody_gets_is_remarked():
    make_measuring_items(np.linspace(-2, 2, 12))
    assert any("will soon be known" in remark for remark in simulated(make_adaptive(), 40).remarks)


def test_ending_by_length_is_explained():
    make_measuring_items(np.linspace(-2, 2, 12))
    goal = simulated(make_adaptive(stop={"max_items": 6, "standard_error": 0.2}), 40)
    free = simulated(make_adaptive(slug="free"), 40)
    assert any("100% of the attempts end because 6 questions are the most" in one for one in goal.remarks)
    assert any("nothing else is asked for" in one for one in free.remarks)


# All


@pytest.mark.parametrize("mode", ["fixed", "mastery"])
def test_the_command_prints_tables_json_and_pictures_of_every_mode(mode, capsys, tmp_path):
    make_chain()
    assessment = fixed([0.0, 1.0]) if mode == "fixed" else make_mastery()
    call_command("simulate", f"--assessment={assessment.slug}", "--learners=50")
    assert "50 learners" in capsys.readouterr().out
    call_command(
        "simulate", f"--assessment={assessment.slug}", "--learners=50", "--json", f"--svg={tmp_path}"
    )
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (told["mode"], told["report"]["learners"]) == (mode, 50)
    assert told["remarks"]
    assert all(path.read_text().startswith("<svg") for path in tmp_path.iterdir())


def test_the_same_seed_gives_the_same_numbers():
    assessment = fixed([0.0, 1.0, -1.0])
    first, again, other = (simulated(assessment, 50, seed).to_json()["report"] for seed in (3, 3, 4))
    assert first == again != other
