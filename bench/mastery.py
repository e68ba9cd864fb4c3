"""What a learner with ten thousand answers waits for: progress, and going on in a mastery attempt.

The floor is reading the learner's first answers by the index that leads with the learner.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from assessment.authoring import draft_assessment, publish_assessment
from assessment.delivery.attempts import next_presentation, start_attempt
from assessment.delivery.responses import submit_response
from assessment.demo.people import Person
from assessment.models import Assessment, Presentation, User
from assessment.people.learners import own_learner
from assessment.progress.learner import learner_progress
from assessment.recording.deciding import Submission
from assessment.transfer.importing import import_course
from bench import Measurement, seconds_per_call
from bench.delivery import LIBRARY, scratch_database
from content.formats.course_folder import read_course
from content.models import Item

ANSWERS = 10_000
OTHERS = 10
CALLS = 5
LOG = "SELECT id, first_score, first_at FROM assessment_presentation WHERE learner_id = %s"


def measure() -> Iterable[Measurement]:
    with scratch_database():
        now = timezone.now()
        import_course(course=read_course(LIBRARY), now=now)
        learner, *_ = [_busy_learner(number, now) for number in range(OTHERS)]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        floor = seconds_per_call(lambda: _read(learner), calls=CALLS)
        yield Measurement(
            f"progress after {ANSWERS:,} answers: the verb",
            seconds_per_call(lambda: learner_progress(user=learner, now=now), calls=CALLS),
            "reading the answers",
            floor,
        )
        yield Measurement(
            "an answer in a mastery attempt and the next item",
            _going_on(learner),
            "reading the answers",
            floor,
        )


def _busy_learner(number: int, now: datetime) -> User:
    """Return a learner who has practiced every exercise in turn, one answer an hour."""
    user = User.objects.create_user(f"bench-{number}")
    learner = own_learner(user=user, now=now)
    items = list(Item.objects.servable())
    dice = random.Random(number)  # noqa: S311 - dice of a benchmark
    shown = [
        Presentation(
            learner=learner,
            item_version=items[place % len(items)].version,
            variant_document={},
            first_score=float(dice.random() < 0.6),
            first_at=now - timedelta(hours=ANSWERS - place),
            shown_at=now - timedelta(hours=ANSWERS - place),
        )
        for place in range(ANSWERS)
    ]
    Presentation.objects.bulk_create(shown, batch_size=2000)
    return user


def _read(learner: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOG, [learner.links.get().learner_id])
        cursor.fetchall()


def _going_on(learner: User) -> float:
    """Answer wrongly again and again: the skill stays open, and its history grows."""
    assessment = Assessment.objects.get(slug="regularization-mastery")
    document = {**assessment.version.document, "tries": 1}
    publish_assessment(version=draft_assessment(document=document, now=timezone.now()), now=timezone.now())
    assessment.refresh_from_db()
    dice = random.Random(1)  # noqa: S311 - dice of a benchmark
    person = Person(learner, -50.0, timedelta(minutes=1), dice)
    attempt = start_attempt(user=learner, assessment=assessment, now=timezone.now(), dice=dice).attempt

    def go_on() -> None:
        shown = next_presentation(attempt_id=attempt.pk, user_id=learner.pk, now=timezone.now())
        if shown is None:
            raise RuntimeError("the attempt is too short for this benchmark")
        submit_response(
            attempt_id=attempt.pk,
            user_id=learner.pk,
            position=shown.position or 0,
            sent=Submission(person.answer(shown), uuid.uuid4(), timezone.now()),
        )

    return seconds_per_call(go_on, calls=CALLS)
