"""Simulated learners take an adaptive assessment with its own rules and its own bank."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from assessment.calibration.simulated_adaptive import SimulatedAdaptive
from assessment.calibration.simulating import SIMULATIONS, SimulationRefused, simulate_assessment
from assessment.errors import BankExhausted
from assessment.models import Attempt, ExposureCount, Presentation
from assessment.modes import MODES
from tests.builders import give
from tests.measuring import make_adaptive, make_measuring_items

pytestmark = pytest.mark.django_db

SKILLS = ["l2-update", "l1-penalty", "dropout"]


@pytest.fixture
def items():
    return make_measuring_items(np.linspace(-2.5, 2.5, 40), skills=SKILLS)


def simulated(learners=60, seed=1, **rules):
    return adaptively(make_adaptive(**rules), learners=learners, seed=seed)


def adaptively(assessment, learners, seed=1):
    found = simulate_assessment(definition=assessment.definition, learners=learners, seed=seed)
    assert isinstance(found, SimulatedAdaptive)
    return found


def test_the_rules_of_the_assessment_decide_the_length(items):
    found = simulated(stop={"min_items": 6, "max_items": 8})
    assert (found.report.longest, set(found.report.reasons)) == (8, {"length"})


def test_abilities_are_found_again_within_their_standard_error(items):
    report = simulated(learners=200, stop={"min_items": 5, "max_items": 25}).report
    assert abs(report.bias) < 0.1
    assert report.rmse == pytest.approx(report.standard_error, rel=0.2)
    assert report.correlation > 0.85


def test_learners_are_drawn_from_the_prior_of_the_rules(items):
    theta = simulated(learners=400, prior={"mean": 1.0, "sd": 0.5}).simulation.theta
    assert (theta.mean(), theta.std()) == (pytest.approx(1, abs=0.1), pytest.approx(0.5, abs=0.05))


def test_a_ceiling_lowers_the_highest_exposure(items):
    free = simulated().report.highest_exposure
    assessment = make_adaptive(slug="capped", exposure={"ceiling": 0.4})
    capped = adaptively(assessment, learners=60).report.highest_exposure
    assert free == 1.0
    assert capped < 0.55


def test_violated_constraints_are_counted_by_skill(items):
    found = simulated(constraints={"dropout": [14, 20]}, stop={"min_items": 15, "max_items": 15})
    assert found.report.violations == {"dropout": 60}


def test_the_same_seed_gives_the_same_report(items):
    assessment = make_adaptive(selection="randomesque")
    reports = [
        simulate_assessment(definition=assessment.definition, learners=20, seed=seed).to_json()
        for seed in (7, 7, 8)
    ]
    assert reports[0] == reports[1] != reports[2]


def test_nothing_is_stored(items):
    simulated(exposure={"ceiling": 0.4})
    assert not any(model.objects.exists() for model in (Attempt, Presentation, ExposureCount))


def test_an_assessment_that_is_not_open_yet_can_be_simulated(items):
    assessment = make_adaptive()
    give(assessment, is_open=False)
    assert adaptively(assessment, learners=5).report.learners == 5


def test_every_mode_can_be_simulated():
    assert SIMULATIONS.keys() == MODES.keys()


def test_constraints_that_no_shadow_test_meets_are_named_as_the_reason(items):
    with pytest.raises(SimulationRefused, match="cannot be met"):
        simulated(constraints={"dropout": [0, 0], "l1-penalty": [0, 0], "l2-update": [0, 1]}, shadow=True)


def test_a_bank_that_is_too_small_is_said_to_be():
    with pytest.raises(BankExhausted):
        simulated()


def test_pictures_are_svg_without_scripts_and_styles(items):
    drawn = simulated().pictures()
    assert set(drawn) == {"estimates", "errors", "exposures", "information"}
    for svg in drawn.values():
        for element in ElementTree.fromstring(svg).iter():
            assert not element.tag.endswith(("script", "style"))
            assert not any(name == "style" or name.startswith("on") for name in element.attrib)


def test_the_command_prints_a_table(items, capsys):
    make_adaptive(exposure={"ceiling": 0.4})
    call_command("simulate", "--assessment=adaptive", "--learners=30")
    told = capsys.readouterr()
    assert "30 of 30 learners" in told.err
    assert "30 learners, 40 items" in told.out
    assert "(ceiling 0.40)" in told.out
    assert "violated constraints: none" in told.out


def test_the_command_speaks_json_and_writes_pictures(items, capsys, tmp_path):
    make_adaptive()
    folder = tmp_path / "pictures"
    call_command("simulate", "--assessment=adaptive", "--learners=30", "--json", f"--svg={folder}")
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (told["assessment"], told["items"], told["calibrated"], told["seed"]) == ("adaptive", 40, 0, 1)
    report = told["report"]
    assert report["learners"] == sum(band["learners"] for band in report["bands"]) == 30
    assert {"bias", "rmse", "standard_error", "length", "highest_exposure", "overlap", "violations"} <= set(
        report
    )
    names = ["errors.svg", "estimates.svg", "exposures.svg", "information.svg"]
    assert sorted(path.name for path in folder.iterdir()) == names


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--assessment=nowhere"], "no assessment called nowhere"),
        (["--assessment=adaptive", "--learners=1"], "takes 2 to"),
    ],
    ids=["assessment", "learners"],
)
def test_the_command_says_what_is_wrong(items, arguments, complaint):
    make_adaptive()
    with pytest.raises(CommandError, match=complaint):
        call_command("simulate", *arguments)
