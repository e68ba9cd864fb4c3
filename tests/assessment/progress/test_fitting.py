"""Fits of knowledge tracing on the response log: found again, kept permanently, in force when somebody says so."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from assessment.knowledge.mastery import MasteryParameters
from assessment.knowledge.tracing import DEFAULT
from assessment.models import MasteryFit
from assessment.progress.evidence import mastery_parameters
from assessment.progress.fitting import TooFewAnswers, activate_fit, fit_skill
from tests.builders import NOW, exercise_document, make_item, make_learner, make_skill
from tests.practicing import make_fit, record_practice

pytestmark = pytest.mark.django_db

TRUE = MasteryParameters(prior=0.1, learn=0.35, forget=0.0, guess=0.05, slip=0.05)


def answer_as(parameters, learners=60, answers=6, skill="l2-update"):
    """Let learners answer as the model says, a day apart."""
    item = make_item(exercise_document(f"practice-{skill}", skills=[skill]))
    dice = np.random.default_rng(5)
    for _ in range(learners):
        known, scores = dice.random() < parameters.prior, []
        for _ in range(answers):
            right = 1 - parameters.slip if known else parameters.guess
            scores.append(float(dice.random() < right))
            known = known or dice.random() < parameters.learn
        record_practice(make_learner(), item, scores)
    return make_skill(skill)


def test_a_fit_finds_what_was_simulated_and_is_not_in_force():
    skill = answer_as(TRUE, learners=150)
    fit = fit_skill(skill=skill, now=NOW)
    assert (fit.learners, fit.answers, fit.number, fit.is_active, fit.converged) == (150, 900, 1, False, True)
    assert fit.log_likelihood > fit.start_log_likelihood + 20
    assert fit.prior == pytest.approx(TRUE.prior, abs=0.1)
    assert fit.learn == pytest.approx(TRUE.learn, abs=0.1)
    assert fit.guess == pytest.approx(TRUE.guess, abs=0.08)
    assert mastery_parameters([skill.pk])[skill.pk] == DEFAULT


def test_the_same_log_gives_the_same_fit_under_the_next_number():
    skill = answer_as(TRUE)
    first, second = fit_skill(skill=skill, now=NOW), fit_skill(skill=skill, now=NOW)
    assert (first.number, second.number) == (1, 2)
    assert first.parameters == second.parameters


@pytest.mark.parametrize(("learners", "answers"), [(20, 20), (60, 2), (250, 1)])
def test_too_few_answers_are_refused_and_counted(learners, answers):
    skill = answer_as(TRUE, learners, answers)
    with pytest.raises(TooFewAnswers, match="The skill l2-update has too few answers"):
        fit_skill(skill=skill, now=NOW)
    assert not MasteryFit.objects.exists()


def test_one_fit_of_a_skill_is_in_force_and_activating_it_twice_is_once():
    skill = make_skill("l2-update")
    first, second = make_fit("l2-update", TRUE), make_fit("l2-update", DEFAULT)
    activate_fit(fit_id=first.pk, now=NOW)
    assert mastery_parameters([skill.pk])[skill.pk] == TRUE
    assert activate_fit(fit_id=second.pk, now=NOW) == activate_fit(fit_id=second.pk, now=NOW)
    assert list(MasteryFit.objects.filter(is_active=True)) == [second]


@pytest.mark.django_db(transaction=True)
def test_two_who_activate_at_once_leave_one_in_force():
    fits = [make_fit("l2-update", TRUE) for _ in range(4)]

    def activate(fit):
        try:
            activate_fit(fit_id=fit.pk, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(activate, fits))
    assert MasteryFit.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize("change", [{"prior": 0.5}, {"answers": 1}])
def test_the_database_refuses_to_change_a_fit(change):
    fit = make_fit("l2-update", TRUE)
    with pytest.raises(IntegrityError, match="is added to and never changed"), transaction.atomic():
        MasteryFit.objects.filter(pk=fit.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        fit.delete()


def test_the_command_fits_all_skills_and_says_which_had_too_few_answers(capsys):
    answer_as(TRUE)
    answer_as(TRUE, learners=3, skill="rare")
    call_command("fit_mastery", "--json")
    said = json.loads(capsys.readouterr().out)
    [fit] = said["fits"]
    assert (fit["skill"], fit["active"], set(said["refused"])) == ("l2-update", False, {"rare"})
    assert set(fit["parameters"]) == {"prior", "learn", "forget", "guess", "slip"}


def test_the_command_tells_in_words_and_activates_when_asked(capsys):
    answer_as(TRUE)
    call_command("fit_mastery", "--skill", "l2-update", "--activate")
    assert "1 fits stored, 1 of them active" in capsys.readouterr().out
    assert MasteryFit.objects.get().activated_at


def test_the_command_refuses_a_skill_that_is_unknown_or_has_too_few_answers():
    make_skill("rare")
    with pytest.raises(CommandError, match="no skill called nowhere"):
        call_command("fit_mastery", "--skill", "nowhere")
    with pytest.raises(CommandError, match="has too few answers"):
        call_command("fit_mastery", "--skill", "rare")
