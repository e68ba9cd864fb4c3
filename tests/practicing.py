"""Skills in a chain, mastery assessments and practice as rows, for tests about mastery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from assessment.knowledge.mastery import MasteryParameters
from assessment.models import Assessment, Attempt, MasteryFit, Presentation, Response, User
from content.models import Item, ItemBank
from tests.builders import (
    NOW,
    exercise_document,
    learner_of,
    make_assessment,
    make_bank,
    make_item,
    make_skill,
)
from tests.sitting import answer, start, upcoming

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
    return make_assessment(
        slug=slug, title="Mastery", mode="mastery", tries=2, bank=bank or make_bank(), rules=document
    )


def begin(assessment: Assessment, learner: User | None = None, seed: int = 1, now: datetime = NOW) -> Attempt:
    return start(assessment, learner, seed, now)[0]


def ask(attempt: Attempt, now: datetime = NOW) -> Presentation | None:
    return upcoming(attempt, now)


def give(attempt: Attempt, presentation: Presentation, *, right: bool, now: datetime = NOW) -> Response:
    """Answer until the item is settled: at the first try where ``right``, else never."""
    key = presentation.variant.interactions["a"]["key"]
    tries = [key if right else -1.0] * (1 if right else attempt.rules.tries or 1)
    for entered in tries:
        recorded = answer(attempt, presentation.position or 0, {"a": repr(entered)}, now=now)
    return recorded.response


def sit(attempt: Attempt, *results: bool) -> list[str]:
    """Answer so many items, or all to the end rightly, and return the skills practiced."""
    practiced: list[str] = []
    while not (results and len(practiced) == len(results)) and (presentation := ask(attempt)):
        give(attempt, presentation, right=results[len(practiced)] if results else True)
        practiced.append(presentation.choice["skill"])
    attempt.refresh_from_db()
    return practiced


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
    """Write practice with its first tries as places, without the verbs; the last at ``at``."""
    own = learner_of(learner)
    moments = [at - every * ago for ago in range(len(scores) - 1, -1, -1)]
    Presentation.objects.bulk_create(
        Presentation(
            learner=own,
            item_version=item.version,
            variant_document={},
            shown_at=moment,
            score=score,
            first_at=moment,
            first_score=score,
        )
        for moment, score in zip(moments, scores, strict=True)
    )
