"""What a request costs does not grow with what it lists, beyond what each entry needs of its own."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.delivery.attempts import start_attempt
from assessment.models import Accommodation, Assessment, User
from content.models import Misconception
from tests.api.client import Api
from tests.builders import NOW, choice_document, make_assessment, make_item, make_learner
from tests.sitting import submit

pytestmark = pytest.mark.django_db

WRONG = {"a": "wrong"}


def queries(api: Api, method: str, path: str) -> list[str]:
    """Return the statements that a request made, savepoints aside."""
    with CaptureQueriesContext(connection) as captured:
        assert api.send(method, path).status == 200
    return [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"]]


def sitting(items: int, **rules: object) -> tuple[Api, str]:
    Misconception.objects.get_or_create(slug="forgot-the-two", defaults={"title": "t", "explanation": "e"})
    made = [make_item(choice_document(f"item-{items}-{number}")) for number in range(items)]
    slug = make_assessment(*made, slug=f"quiz-{items}", **rules).slug
    learner = Api(make_learner())
    return learner, learner.start(slug)


def test_an_end_asks_nothing_of_places_without_a_draft():
    counts = []
    for items in (1, 10):
        learner, attempt = sitting(items)
        counts.append(len(queries(learner, "POST", f"attempts/{attempt}/submit/")))
    assert counts[0] == counts[1]


def test_a_review_finds_all_misconceptions_at_once():
    counts = []
    for items in (1, 10):
        learner, attempt = sitting(items, tries=1)
        for position in range(1, items + 1):
            assert learner.respond(attempt, position, WRONG).json["interactions"]["a"]["misconception"]
        found = queries(learner, "GET", f"attempts/{attempt}/review/")
        assert sum('"content_misconception"' in sql for sql in found) == 1
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("feedback", ["immediate", "after_close"])
def test_a_list_of_attempts_costs_the_same_however_long(feedback):
    assessment = make_assessment(make_item(), feedback=feedback)
    learner = make_learner("ann")
    Accommodation.objects.create(user=learner, time_factor=1.5)
    api, counts = Api(learner), []
    for more in (1, 19):
        take(learner, assessment, more)
        counts.append(len(queries(api, "GET", "attempts/")))
    assert counts[0] == counts[1]


def test_progress_costs_the_same_however_many_attempts():
    assessment = make_assessment(make_item(), feedback="after_close")
    learner = make_learner("ann")
    api, counts = Api(learner), []
    for more in (1, 9):
        take(learner, assessment, more)
        counts.append(len(queries(api, "GET", "progress/")))
    assert counts[0] == counts[1]


def take(learner: User, assessment: Assessment, count: int) -> None:
    """Begin and hand in attempts, the closing still ahead."""
    for number in range(count):
        now = NOW + timedelta(minutes=number)
        attempt, _ = start_attempt(user=learner, assessment=assessment, now=now, dice=random.Random(1))
        submit(attempt, now)
