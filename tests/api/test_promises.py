"""What a start page promises holds: each combination of rules is played through and compared with what was told."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import UUID

import pytest

from assessment.models import Attempt, Presentation
from tests.api.client import Api
from tests.builders import change, choice_document, make_assessment, make_bank, make_item, make_learner
from tests.measuring import make_adaptive, make_measuring_items
from tests.practicing import make_chain, make_mastery
from tests.sitting import fold

pytestmark = pytest.mark.django_db

RIGHT, WRONG = {"a": "right"}, {"a": "wrong"}
ANSWERS = ((WRONG, RIGHT), (RIGHT, WRONG), (WRONG, WRONG, RIGHT))
SETTINGS = list(product(("best", "last"), (0.0, 0.25), (1, 2, None)))
WITHHELD = ("at_end", "after_close")


def promised(start: dict[str, Any], answers: tuple[dict[str, str], ...]) -> tuple[list[bool], float]:
    """Return which answers are taken and what they earn, from nothing but what the start page is told."""
    taken: list[bool] = []
    earned: list[float] = []
    for answer in answers:
        right = answer == RIGHT
        is_over = not start["answers_may_change"] and (
            (start["tries"] is not None and len(earned) >= start["tries"])
            or (start["feedback"] == "immediate" and earned_right(earned, start["penalty"]))
        )
        taken.append(not is_over)
        if not is_over:
            earned.append(max(0.0, right - start["penalty"] * len(earned)))
    return taken, max(earned) if start["keep"] == "best" else earned[-1]


def earned_right(earned: list[float], penalty: float) -> bool:
    """Whether the last answer was right: it earned what a right one does at that try."""
    return bool(earned) and earned[-1] == max(0.0, 1 - penalty * (len(earned) - 1)) > 0


def play(
    learner: Api, slug: str, answers: tuple[dict[str, str], ...]
) -> tuple[list[bool], float, dict[str, Any]]:
    """Give the answers at the first place and hand in; return which were taken, the score, and the start page."""
    start = learner.get(f"assessments/{slug}/").json
    attempt = learner.start(slug)
    shown = learner.get(f"attempts/{attempt}/next/").json
    assert shown["tries_left"] == start["tries"]
    taken = [learner.respond(attempt, 1, answer).status == 201 for answer in answers]
    learner.post(f"attempts/{attempt}/submit/")
    place = Presentation.objects.get(attempt=UUID(attempt), position=1)
    stored = Attempt.objects.get(pk=attempt)
    assert (stored.score, stored.max_score) == fold(stored)
    return taken, place.score or 0.0, start


@pytest.mark.parametrize("feedback", ["immediate", *WITHHELD])
@pytest.mark.parametrize(("keep", "penalty", "tries"), SETTINGS)
def test_a_fixed_assessment_keeps_its_promises(feedback, keep, penalty, tries):
    rules = {"feedback": feedback, "keep": keep, "penalty": penalty, "tries": tries}
    slug = make_assessment(make_item(choice_document()), slug="quiz", **rules).slug
    for answers in ANSWERS:
        taken, score, start = play(Api(make_learner()), slug, answers)
        assert (taken, score) == promised(start, answers), (start, answers)
        assert start["answers_may_change"] == (feedback in WITHHELD)
        if feedback in WITHHELD:
            assert (start["tries"], start["penalty"], start["keep"]) == (None, 0.0, "last")
            assert all(taken)


@pytest.mark.parametrize("feedback", ["immediate", *WITHHELD])
@pytest.mark.parametrize(("keep", "penalty"), [("best", 0.0), ("last", 0.25)])
def test_the_first_answer_of_an_adaptive_attempt_is_final(feedback, keep, penalty):
    make_measuring_items([-1, -0.5, 0, 0.5, 1, 1.5])
    assessment = make_adaptive(make_bank(), stop={"min_items": 1, "max_items": 3})
    change(assessment, feedback=feedback, keep=keep, penalty=penalty)
    for answers in ANSWERS:
        taken, score, start = play(Api(make_learner()), "adaptive", answers)
        assert (start["tries"], start["answers_may_change"]) == (1, False)
        assert taken == [True] + [False] * (len(answers) - 1)
        assert (taken, score) == promised(start, answers)


@pytest.mark.parametrize(("keep", "penalty", "tries"), [s for s in SETTINGS if s[2]])
def test_a_mastery_assessment_keeps_its_promises(keep, penalty, tries):
    make_chain()
    assessment = make_mastery()
    change(assessment, keep=keep, penalty=penalty, tries=tries)
    learner = Api(make_learner())
    start = learner.get("assessments/mastery/").json
    attempt = learner.start("mastery")
    learner.get(f"attempts/{attempt}/next/")
    key = Presentation.objects.get(attempt=UUID(attempt)).variant.interactions["a"]["key"]
    entered = {"right": {"a": repr(key)}, "wrong": {"a": repr(key + 50)}}
    taken = [learner.respond(attempt, 1, entered[a["a"]]).status == 201 for a in (WRONG, RIGHT, RIGHT)]
    score = Presentation.objects.get(attempt=UUID(attempt), position=1).score
    assert (taken, score) == promised(start, (WRONG, RIGHT, RIGHT))
    assert not start["answers_may_change"]
