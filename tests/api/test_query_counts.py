"""What a request costs in statements, who asks included, in a process that has served others before.

It does not grow with what a request lists, beyond what each entry needs of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from assessment.delivery.attempts import start_attempt
from assessment.models import Accommodation, Assessment, Presentation, User
from assessment.modes import MODES
from content.models import Misconception
from tests.api.client import Api, Reply
from tests.builders import (
    NOW,
    choice_document,
    exercise_document,
    make_assessment,
    make_attempt,
    make_item,
    make_learner,
    make_lesson,
)
from tests.measuring import make_adaptive, make_measuring_items
from tests.practicing import make_chain, make_mastery, record_practice
from tests.sitting import submit
from tests.wire import statements

pytestmark = pytest.mark.django_db

RIGHT, WRONG = {"a": "right"}, {"a": "wrong"}


def cost(request: Callable[..., Reply], *arguments: Any) -> int:
    """Return how many statements a request sends, which is to succeed."""
    with statements() as sent:
        reply = request(*arguments)
    assert reply.status < 300, reply
    return len(sent)


def learner() -> Api:
    """Somebody who has started attempts before."""
    user = make_learner()
    make_attempt(learner=user)
    return Api(user)


def place(attempt: str, position: int) -> Presentation:
    return Presentation.objects.get(attempt=UUID(attempt), position=position)


def key_of(attempt: str, position: int) -> dict[str, str]:
    return {"a": repr(place(attempt, position).variant.interactions["a"]["key"])}


# A fixed attempt of ten items


@pytest.fixture
def ten() -> Api:
    """A learner; another has taken the assessment ``ten`` before and this process knows its items."""
    Misconception.objects.create(slug="forgot-the-two", title="t", explanation="e")
    items = [make_item(exercise_document(f"e-{number}")) for number in range(10)]
    make_assessment(*items, slug="ten", tries=2)
    first = learner()
    attempt = first.start("ten")
    for position in range(1, 11):
        first.respond(attempt, position, {"a": "-1"})
    return learner()


def test_a_start_costs_the_same_for_ten_items_as_for_one(ten: Api) -> None:
    make_assessment(make_item(), slug="one")
    Api(make_learner()).start("one")
    costs = [cost(ten.post, "attempts/", {"assessment": slug}) for slug in ("one", "ten")]
    assert costs == [6, 6]


def test_an_answer_is_read_decided_and_written(ten: Api) -> None:
    attempt, key = ten.start("ten"), uuid4()
    assert cost(ten.respond, attempt, 1, {"a": "-1"}, key) <= 3
    assert cost(ten.respond, attempt, 1, {"a": "-1"}, key) <= 2


def test_a_misconception_costs_no_statement_more(ten: Api) -> None:
    item = make_item(choice_document())
    item.version.misconceptions.set(Misconception.objects.all())
    make_assessment(item, slug="two")
    first = learner()
    first.respond(first.start("two"), 1, WRONG)
    attempt = ten.start("two")
    assert cost(ten.respond, attempt, 1, WRONG) <= 3


def test_a_draft_is_one_statement_and_who_asks(ten: Api) -> None:
    attempt = ten.start("ten")
    draft = f"attempts/{attempt}/presentations/1/draft/"
    assert cost(ten.put, draft, {"answer": {"a": "4"}}) <= 2
    assert cost(ten.put, draft, {"answer": {"a": "5"}, "after": 0}) <= 2


def test_seeing_an_attempt_and_its_places_costs_little(ten: Api) -> None:
    attempt = ten.start("ten")
    at = f"attempts/{attempt}/"
    assert cost(ten.get, at) <= 3
    assert cost(ten.get, f"{at}presentations/3/") <= 3
    assert cost(ten.get, f"{at}next/") <= 4
    assert cost(ten.post, f"{at}next/") <= 5
    assert cost(ten.get, f"{at}presentations/") <= 6
    assert cost(ten.post, f"{at}presentations/1/hints/", {"number": 1}) <= 4
    assert cost(ten.post, f"{at}presentations/1/hints/", {"number": 1}) <= 3


def test_an_end_without_drafts_judges_nothing(ten: Api) -> None:
    attempt = ten.start("ten")
    assert cost(ten.post, f"attempts/{attempt}/submit/") <= 7


def test_a_review_of_ten_finds_all_misconceptions_at_once(ten: Api) -> None:
    attempt = ten.start("ten")
    for position in range(1, 11):
        mistaken = {"a": repr(place(attempt, position).variant.values["x"])}
        told = ten.respond(attempt, position, mistaken).json["interactions"]["a"]
        assert told["misconception"]["slug"] == "forgot-the-two"
    assert cost(ten.get, f"attempts/{attempt}/review/") <= 9, "four for the answers, five for the grade"
    ten.post(f"attempts/{attempt}/submit/")
    assert cost(ten.get, f"attempts/{attempt}/review/") <= 11, "what corrections and people made of it since"


# Attempts that grow


def test_an_answer_of_an_adaptive_attempt_brings_the_next_item_for_nothing() -> None:
    make_measuring_items(np.linspace(-2, 2, 12))
    make_adaptive()
    first, second = learner(), learner()
    attempt = first.start("adaptive")
    for position in range(1, 11):
        first.respond(attempt, position, RIGHT)
    attempt, key = second.start("adaptive"), uuid4()
    assert cost(second.respond, attempt, 1, RIGHT) <= 4, "what it began with is read once in a process"
    assert cost(second.respond, attempt, 2, RIGHT, key) <= 3
    assert cost(second.respond, attempt, 2, RIGHT, key) <= 3
    assert cost(second.get, f"attempts/{attempt}/next/") <= 4
    assert cost(second.post, f"attempts/{attempt}/next/") <= 5


def test_an_answer_of_a_mastery_attempt_reads_the_items_of_a_skill_and_their_enemies() -> None:
    make_chain()
    make_mastery()
    first, second = learner(), learner()
    attempt = first.start("mastery")
    for position in range(1, 7):
        first.respond(attempt, position, key_of(attempt, position))
    attempt = second.start("mastery")
    for position in range(1, 5):
        answer = key_of(attempt, position)
        assert cost(second.respond, attempt, position, answer) <= 5
    assert cost(second.respond, attempt, 5, {"a": "-1"}) <= 3, "a try that goes on to nothing"


def test_an_item_that_could_not_be_drawn_is_drawn_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("no item comes to mind")

    make_measuring_items(np.linspace(-2, 2, 12))
    make_adaptive()
    first, api = learner(), learner()
    first.respond(first.start("adaptive"), 1, RIGHT)
    attempt = api.start("adaptive")
    with monkeypatch.context() as patch:
        patch.setattr(type(MODES["adaptive"]), "next_item", fail)
        assert api.respond(attempt, 1, RIGHT).json["next"] is None
    assert cost(api.post, f"attempts/{attempt}/next/") <= 7


# Lists


@pytest.mark.parametrize("feedback", ["immediate", "after_close"])
def test_a_list_of_attempts_costs_the_same_however_long(feedback: str) -> None:
    assessment = make_assessment(make_item(), feedback=feedback)
    ann = make_learner("ann")
    Accommodation.objects.create(user=ann, time_factor=1.5)
    api, costs = Api(ann), []
    for more in (1, 19):
        take(ann, assessment, more)
        costs.append(cost(api.get, "attempts/"))
    assert costs == [4, 4]


def test_a_list_of_assessments_costs_the_same_however_long() -> None:
    api, costs = learner(), []
    for number in (1, 11):
        for item in range(number):
            make_assessment(make_item(), slug=f"more-{number}-{item}")
        api.get("assessments/")
        costs.append(cost(api.get, "assessments/"))
    assert costs == [3, 3]
    assert cost(api.get, "assessments/more-1-0/") <= 5


def test_progress_costs_the_same_however_many_attempts_and_skills() -> None:
    ann, lesson = make_learner("ann"), make_lesson()
    assessments = [
        make_assessment(make_item(exercise_document("quiz-it")), lesson=lesson, tries=1),
        make_assessment(make_item(), feedback="after_close"),
    ]
    api, costs = Api(ann), []
    for more in (1, 9):
        for assessment in assessments:
            take(ann, assessment, more)
        for number in range(more):
            name = f"skill-{more}-{number}"
            item = make_item(exercise_document(name, skills=[name]))
            lesson.skills.add(*item.skills.all())
            record_practice(ann, item, [0.0], at=NOW)
        api.get("progress/")
        costs.append(cost(api.get, "progress/"))
    reply = api.get("progress/").json
    assert (len(reply["skills"]), len(reply["review"]), len(reply["mistakes"]["redo"])) == (10, 10, 10)
    assert costs[0] == costs[1] <= 17


def take(user: User, assessment: Assessment, count: int) -> None:
    """Begin and hand in attempts, the closing still ahead."""
    for number in range(count):
        now = NOW + timedelta(minutes=number)
        started = start_attempt(user=user, assessment=assessment, now=now, dice=random.Random(1))
        submit(started.attempt, now)
