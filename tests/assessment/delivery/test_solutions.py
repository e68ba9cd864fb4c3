"""The solution on request inside an attempt: it closes the place, and the log agrees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment.delivery.attempts import presentation_at
from assessment.delivery.hints import take_hint
from assessment.delivery.solutions import show_solution
from assessment.delivery.verifying import verify_attempt
from assessment.errors import AttemptClosed, PresentationSettled, SolutionWithheld, UnknownPosition
from assessment.models import Attempt, Presentation, Response
from assessment.recording.refolding import log_of, refolded
from tests import sitting
from tests.builders import NOW, choice_document, give, make_attempt, make_item, make_learner, who
from tests.sitting import RIGHT, WRONG

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> Attempt:
    return make_attempt(make_item(), make_item(), solution_on_request=True, tries=3)


def show(attempt: Attempt, position: int = 1) -> Presentation:
    return show_solution(attempt_id=attempt.pk, user_id=who(attempt).pk, position=position, now=NOW)


def test_it_closes_the_place_before_any_try_with_nothing(attempt: Attempt) -> None:
    assert show(attempt).solution_seen_at == NOW
    place = presentation_at(attempt, 1)
    assert (place.is_settled, place.score, place.credit) == (True, None, 0.0)
    with pytest.raises(PresentationSettled):
        sitting.answer(attempt, 1, RIGHT)
    with pytest.raises(PresentationSettled):
        take_hint(attempt_id=attempt.pk, user_id=who(attempt).pk, position=1, now=NOW)
    assert not Response.objects.exists()


def test_what_was_earned_before_stays() -> None:
    options = [{"id": name, "text": name.upper(), "key": name in "pq"} for name in "pqrs"]
    asked = {"kind": "choice", "multiple": True, "options": options, "policy": {"name": "per_option"}}
    item = make_item(choice_document(interactions={"a": asked}))
    attempt = make_attempt(item, solution_on_request=True, tries=None)
    sitting.answer(attempt, 1, {"a": ["p"]})
    before = presentation_at(attempt, 1).score
    show(attempt)
    ended = sitting.submit(attempt)
    assert before is not None
    assert 0 < before < 1
    assert ended.score == before == presentation_at(attempt, 1).credit


def test_asked_twice_it_is_asked_once_and_of_a_closed_place_it_says_what_stands_there(
    attempt: Attempt,
) -> None:
    show(attempt)
    again = show_solution(
        attempt_id=attempt.pk, user_id=who(attempt).pk, position=1, now=NOW + timedelta(minutes=1)
    )
    assert again.solution_seen_at == NOW
    sitting.answer(attempt, 2, RIGHT)
    assert show(attempt, 2).solution_seen_at is None


def test_the_log_agrees_and_so_does_who_folds_it_again(attempt: Attempt) -> None:
    sitting.answer(attempt, 1, WRONG)
    show(attempt)
    ended = sitting.submit(attempt)
    assert verify_attempt(attempt_id=attempt.pk, exact=True) == []
    shown = list(ended.presentations.select_related("item_version__item").order_by("position"))
    again = refolded(ended, shown, log_of(ended))
    assert [one.is_settled for one in again.shown] == [True, False]


def test_what_was_typed_and_not_sent_is_kept_and_not_judged(attempt: Attempt) -> None:
    sitting.draft(attempt, 1, RIGHT)
    show(attempt)
    ended = sitting.submit(attempt)
    assert ended.score == 0.0
    assert presentation_at(attempt, 1).unsent_answer() == RIGHT


def test_it_is_refused_where_the_assessment_does_not_allow_it_or_verdicts_are_withheld() -> None:
    with pytest.raises(SolutionWithheld):
        show(make_attempt(make_item(), tries=3))
    allowed = make_attempt(make_item(), solution_on_request=True)
    assessment = allowed.assignment.assessment
    give(assessment, release="at_end")
    later, _ = sitting.start(assessment, make_learner("later"))
    with pytest.raises(SolutionWithheld):
        show(later)


def test_it_is_refused_outside_of_what_is_open_and_one_s_own(attempt: Attempt) -> None:
    with pytest.raises(UnknownPosition):
        show(attempt, 3)
    stranger = make_learner("stranger")
    with pytest.raises(Attempt.DoesNotExist):
        show_solution(attempt_id=attempt.pk, user_id=stranger.pk, position=1, now=NOW)
    sitting.submit(attempt)
    with pytest.raises(AttemptClosed):
        show(attempt)
    assert presentation_at(attempt, 1).solution_seen_at is None
