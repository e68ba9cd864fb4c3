"""Banks with difficulties, adaptive assessments and learners of a known ability, for tests about measuring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from assessment.models import Assessment, Attempt, Calibration, Presentation, User
from assessment.psychometrics import irt
from content.models import Item, ItemBank
from tests import sitting
from tests.builders import (
    NOW,
    assignment_of,
    choice_document,
    learner_of,
    make_assessment,
    make_bank,
    make_item,
    make_learner,
)
from tests.sitting import RIGHT, WRONG


def make_measuring_items(
    difficulties: Iterable[float | None], *, bank: ItemBank | None = None, skills: Sequence[str] = ()
) -> list[Item]:
    """Published choices ``m-00``, ``m-01``, … with the author's guesses given; ``skills`` go round."""
    bank = bank or make_bank()
    start = bank.items.count()
    items = []
    for number, difficulty in enumerate(difficulties, start=start):
        changes: dict[str, Any] = {} if difficulty is None else {"difficulty": float(difficulty)}
        if skills:
            changes["skills"] = [skills[number % len(skills)]]
        items.append(make_item(choice_document(f"m-{number:02}", **changes), bank=bank))
    return items


def make_adaptive(bank: ItemBank | None = None, *, slug: str = "adaptive", **rules: Any) -> Assessment:
    """An adaptive assessment of five to ten items; verdicts at the end."""
    document = {"stop": {"min_items": 5, "max_items": 10}, "seeding": 0} | rules
    return make_assessment(
        slug=slug,
        title="Adaptive",
        mode="adaptive",
        tries=1,
        feedback="at_end",
        bank=bank or make_bank(),
        rules=document,
    )


def make_calibration(bank: ItemBank, parameters: Mapping[str, tuple[float, float]]) -> Calibration:
    """An active 2PL calibration with a and b by the slugs of the items."""
    se = {"a": 0.1, "b": 0.1, "c": None}
    stored = {
        slug: {"a": a, "b": b, "c": 0.0, "d": 1.0, "se": se, "answers": 500}
        for slug, (a, b) in parameters.items()
    }
    number = bank.calibrations.count() + 1
    return Calibration.objects.create(
        bank=bank,
        number=number,
        model="2PL",
        parameters=stored,
        report={},
        is_active=True,
        created_at=NOW,
        activated_at=NOW,
    )


def record_answers(items: Sequence[Item], scores: Any, **changes: Any) -> None:
    """Write attempts and their first tries as places, without the verbs: persons x items, NaN for not shown."""
    assessment = make_assessment(items[0])
    learner = learner_of(make_learner())
    attempts = [
        Attempt(
            learner=learner,
            assignment=assignment_of(assessment),
            version=assessment.version,
            mode="fixed",
            release="immediate",
            number=number,
            state="submitted",
            started_at=NOW,
            finished_at=NOW,
        )
        for number in range(1, len(scores) + 1)
    ]
    Attempt.objects.bulk_create(attempts)
    Presentation.objects.bulk_create(
        _answered(attempt, position, item, float(score), **changes)
        for attempt, row in zip(attempts, scores, strict=True)
        for position, (item, score) in enumerate(zip(items, row, strict=True), start=1)
        if not np.isnan(score)
    )


def _answered(attempt: Attempt, position: int, item: Item, score: float, **changes: Any) -> Presentation:
    return Presentation(
        **{
            "learner_id": attempt.learner_id,
            "attempt": attempt,
            "position": position,
            "item_version": item.version,
            "variant_document": {},
            "shown_at": NOW,
            "first_at": NOW,
            "first_score": score,
        }
        | changes
    )


def start(assessment: Assessment, learner: User | None = None, seed: int = 1) -> Attempt:
    return sitting.start(assessment, learner, seed)[0]


def upcoming(attempt: Attempt) -> Presentation | None:
    return sitting.upcoming(attempt)


def reply(attempt: Attempt, presentation: Presentation, *, right: bool) -> None:
    sitting.answer(attempt, presentation.position or 0, RIGHT if right else WRONG)


def slug_of(presentation: Presentation) -> str:
    return presentation.item_version.item.slug


def sit(attempt: Attempt, ability: float = 0.0, seed: int = 1, items: int = 1000) -> list[Presentation]:
    """Answer as the model says that a learner of this ability does, up to so many items or to the end."""
    luck = np.random.default_rng(seed)
    shown: list[Presentation] = []
    while len(shown) < items and (presentation := upcoming(attempt)):
        p = presentation.choice["parameters"]
        chance = irt.probability(ability, irt.ItemParameters([p["a"]], [p["b"]]))[0, 0]
        reply(attempt, presentation, right=bool(luck.random() < chance))
        shown.append(presentation)
    attempt.refresh_from_db()
    return shown
