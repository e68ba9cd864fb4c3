"""Skills in a chain, mastery assessments and practice as rows, for tests about mastery."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from assessment.delivery.attempts import next_presentation, start_attempt, submit_response
from assessment.knowledge.mastery import MasteryParameters
from assessment.models import Assessment, Attempt, MasteryFit, Presentation, Response, User
from content.models import Item, ItemBank
from tests.builders import (
    NOW,
    exercise_document,
    learner_of,
    make_bank,
    make_item,
    make_learner,
    make_skill,
    who,
)

DAY = timedelta(days=1)
CHAIN = ("count", "add", "multiply")


def make_chain(*slugs: str, bank: ItemBank | None = None) -> list[Item]:
    """Skills that build on each other, with one exercise each, named after them."""
    items, before = [], None
    for slug in slugs or CHAIN:
        skill = make_skill(slug)
        if before:
            skill.prerequisites.add(before)
        before = skill
        items.append(make_item(exercise_document(f"{slug}-it", skills=[slug]), bank=bank))
    return items


def make_mastery(bank: ItemBank | None = None, *, slug: str = "mastery", **rules: Any) -> Assessment:
    """A mastery assessment of the chain: two of the last three right, nothing carried over."""
    document = {"criterion": "m_of_n", "m": 2, "n": 3, "skills": list(CHAIN), "carry_over": False} | rules
    return Assessment.objects.create(
        slug=slug,
        title="Mastery",
        mode="mastery",
        tries=2,
        bank=bank or make_bank(),
        mastery_document=document,
    )


def begin(assessment: Assessment, learner: User | None = None, seed: int = 1, now: datetime = NOW) -> Attempt:
    attempt, _ = start_attempt(
        user=learner or make_learner(), assessment=assessment, now=now, dice=random.Random(seed)
    )
    return attempt


def ask(attempt: Attempt, now: datetime = NOW) -> Presentation | None:
    attempt.refresh_from_db()
    return next_presentation(attempt=attempt, now=now)


def give(attempt: Attempt, presentation: Presentation, *, right: bool, now: datetime = NOW) -> Response:
    """Answer until the item is settled: at the first try where ``right``, else never."""
    key = presentation.variant.interactions["a"]["key"]
    tries = [key if right else -1.0] * (1 if right else attempt.rules.tries or 1)
    for entered in tries:
        recorded = submit_response(
            attempt_id=attempt.pk,
            user=who(attempt),
            position=presentation.position or 0,
            answer={"a": repr(entered)},
            key=None,
            now=now,
        )
    return recorded.response


def sit(attempt: Attempt, *results: bool) -> list[str]:
    """Answer so many items, or all to the end rightly, and return the skills practised."""
    practised: list[str] = []
    while not (results and len(practised) == len(results)) and (presentation := ask(attempt)):
        give(attempt, presentation, right=results[len(practised)] if results else True)
        practised.append(presentation.choice["skill"])
    attempt.refresh_from_db()
    return practised


def make_fit(skill: str, parameters: MasteryParameters, **fields: Any) -> MasteryFit:
    """A stored fit, not active."""
    row = make_skill(skill)
    defaults = {
        "number": row.mastery_fits.count() + 1,
        "learners": 40,
        "answers": 400,
        "log_likelihood": -200.0,
        "start_log_likelihood": -220.0,
        "converged": True,
        "created_at": NOW,
    }
    return MasteryFit.objects.create(skill=row, **asdict(parameters), **defaults | fields)


def record_practice(
    learner: User, item: Item, scores: Sequence[float], *, at: datetime = NOW, every: timedelta = DAY
) -> None:
    """Write practice with its first tries as rows, without the verbs; the last at ``at``."""
    own = learner_of(learner)
    moments = [at - every * ago for ago in range(len(scores) - 1, -1, -1)]
    shown = [
        Presentation(
            learner=own, item_version=item.version, variant_document={}, shown_at=moment, score=score
        )
        for moment, score in zip(moments, scores, strict=True)
    ]
    Presentation.objects.bulk_create(shown)
    Response.objects.bulk_create(
        Response(
            learner=own,
            presentation=presentation,
            try_number=1,
            answer={},
            verdict={},
            valid=True,
            score=presentation.score,
            idempotency_key=uuid4(),
            request_fingerprint="",
            created_at=presentation.shown_at,
        )
        for presentation in shown
    )
