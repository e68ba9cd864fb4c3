"""Wrong keys planted in items of every kind, sat by simulated learners, put right: held against a fresh grading.

The script here knows neither the fold of attempts nor how variants are judged anew: it draws each variant again from
the mended wording, grades what was entered, and adds up by the rule of what was told.
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import numpy as np
import pytest

from assessment.delivery.hints import take_hint
from assessment.delivery.verifying import verify_attempt
from assessment.errors import DeliveryError
from assessment.models import Attempt, Correction, Presentation
from assessment.models.attempts import AttemptState
from assessment.models.responses import Origin
from assessment.modes import mode_of
from assessment.recording.correcting import apply_correction, preview_correction, undoing
from content.items.drawing import draw_variant
from content.items.grading import ItemVerdict, grade
from content.models import Item, ItemVersion, Status
from tests import sitting
from tests.builders import NOW, choice_document, exercise_document, make_assessment, make_item, who
from tests.measuring import make_adaptive
from tests.practicing import make_mastery

pytestmark = pytest.mark.django_db

SITTINGS: Final = int(os.environ.get("ASSAY_SITTINGS", "3"))
"""Of each assessment."""
LATER: Final = NOW + timedelta(hours=1)

ENTRIES: Final = [{"id": one, "text": f"entry {one}"} for one in "pqrs"]


def single(slug: str, interaction: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return exercise_document(
        slug,
        body="Given ${x}$: [[a]]",
        steps={},
        check={},
        misconceptions={},
        solution="",
        interactions={"a": dict(interaction)},
        **changes,
    )


def chosen(slug: str, *right: str, **changes: Any) -> dict[str, Any]:
    document = choice_document(slug)
    for option in document["interactions"]["a"]["options"]:
        option["key"] = option["id"] in right
        option.pop("misconception", None)
    document["interactions"]["a"] |= changes
    return document


def doubled(slug: str, factor: int, **changes: Any) -> dict[str, Any]:
    steps, check = {"twice": f"{factor}*x"}, {"twice": " + ".join(["x"] * factor)}
    return exercise_document(slug, steps=steps, check=check, **changes)


def followed(slug: str, factor: int) -> dict[str, Any]:
    """A question with two parts of which the second goes on from the first."""
    return exercise_document(
        slug,
        steps={"twice": f"{factor}*x", "more": "twice + 1"},
        check={},
        body="Twice ${x}$: [[a]], and one more: [[b]]",
        interactions={
            "a": {"kind": "numeric", "key": "twice", "policy": {"name": "absolute", "tolerance": 0.01}},
            "b": {"kind": "numeric", "key": "more", "policy": {"name": "absolute", "tolerance": 0.01}},
        },
        follow_through={"b": {"answer": "a", "step": "twice", "credit": 0.5}},
        misconceptions={},
        solution="",
    )


PLANTED: Final[Mapping[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "choice": (chosen("p-choice", "right"), chosen("p-choice", "other")),
    "several": (
        chosen("p-several", "right", multiple=True, policy={"name": "per_option"}),
        chosen("p-several", "right", "other", multiple=True, policy={"name": "per_option"}),
    ),
    "inline": (
        single("p-inline", chosen("x", "right")["interactions"]["a"] | {"kind": "inline_choice"}),
        single("p-inline", chosen("x", "wrong")["interactions"]["a"] | {"kind": "inline_choice"}),
    ),
    "exercise": (doubled("p-exercise", 2), doubled("p-exercise", 3)),
    "idea": (
        doubled("p-idea", 2, misconceptions={"a": {"forgot-the-two": {"value": "x", "credit": 0.4}}}),
        doubled("p-idea", 4, misconceptions={"a": {"forgot-the-two": {"value": "x", "credit": 0.2}}}),
    ),
    "policy": (
        doubled("p-policy", 2),
        doubled("p-policy", 2)
        | {
            "interactions": {
                "a": {"kind": "numeric", "key": "twice", "policy": {"name": "absolute", "tolerance": 1.5}}
            },
            "misconceptions": {},
        },
    ),
    "matrix": (
        single("p-matrix", {"kind": "matrix", "key": "[[x, 1], [2, x]]", "credit": "each"}),
        single("p-matrix", {"kind": "matrix", "key": "[[x, 1], [5, x]]", "credit": "each"}),
    ),
    "ordering": (
        single("p-ordering", {"kind": "ordering", "entries": ENTRIES, "credit": "concordant_pairs"}),
        single("p-ordering", {"kind": "ordering", "entries": ENTRIES[::-1], "credit": "concordant_pairs"}),
    ),
    "matching": (
        single(
            "p-matching",
            {"kind": "matching", "left": ENTRIES[:2], "right": ENTRIES[1:], "pairs": {"p": "q", "q": "s"}},
        ),
        single(
            "p-matching",
            {"kind": "matching", "left": ENTRIES[:2], "right": ENTRIES[1:], "pairs": {"p": "r", "q": "s"}},
        ),
    ),
    "text": (
        single("p-text", {"kind": "text", "accepted": [{"text": "lasso"}]}),
        single("p-text", {"kind": "text", "accepted": [{"text": "ridge"}]}),
    ),
    "formula": (
        single("p-formula", {"kind": "expression", "key": "{x}*a + b", "variables": ["a", "b"]}),
        single("p-formula", {"kind": "expression", "key": "{x}*a - b", "variables": ["a", "b"]}),
    ),
    "parts": (followed("p-parts", 2), followed("p-parts", 3)),
}
"""By kind a wording with a wrong key or policy, and the one that is right."""


@dataclass(frozen=True, slots=True)
class Planted:
    item: Item
    mended: ItemVersion


def plant() -> list[Planted]:
    found = []
    for number, (wrong, right) in enumerate(PLANTED.values()):
        guess = {"difficulty": number / 4 - 1.5}
        item = make_item(wrong | guess)
        version = ItemVersion(
            item=item,
            number=2,
            created_at=NOW,
            status=Status.PUBLISHED,
            published_at=NOW,
            probing=item.version.probing,
        )
        version.write(right | guess)
        version.save()
        found.append(Planted(item, version))
    return found


def answers(shown: Presentation, mended: ItemVersion | None, dice: random.Random) -> dict[str, Any]:
    """Return an answer that one of the wordings finds right, or wrong, or cannot read."""
    definition = dice.choice([shown.item_version, mended or shown.item_version]).definition
    variant = draw_variant(definition, shown.variant.seed)
    entered = {}
    for identifier, interaction in definition.interactions.items():
        samples = interaction.samples(variant.interactions[identifier])
        sort = dice.choices([samples.right, samples.wrong, samples.invalid], [6, 3, 1])[0]
        entered[identifier] = dice.choice(sort or samples.right)
    return entered


def sit(attempt: Attempt, mended: Mapping[Any, ItemVersion], dice: random.Random) -> None:
    """Answer, ask for hints, type and leave; hand in, or go away."""
    now, ends = NOW, dice.random()
    seen = 0
    while shown := sitting.upcoming(attempt, now) if mode_of(attempt).grows else _next(attempt, seen):
        seen += 1
        for _ in range(dice.randint(0 if not mode_of(attempt).grows else 1, 3)):
            now += timedelta(seconds=20)
            entered = answers(shown, mended.get(shown.item_version.item_id), dice)
            try:
                if dice.random() < 0.15:
                    take_hint(
                        attempt_id=attempt.pk,
                        user_id=who(attempt).pk,
                        position=shown.position or 0,
                        number=1,
                        now=now,
                    )
                sitting.answer(attempt, shown.position or 0, entered, now=now, key=uuid4())
            except DeliveryError:
                break
        attempt.refresh_from_db()
        if attempt.state != AttemptState.OPEN or seen > 30:
            return
        if dice.random() < 0.3:
            try:
                entered = answers(shown, mended.get(shown.item_version.item_id), dice)
                sitting.draft(attempt, shown.position or 0, entered, now=now)
            except DeliveryError:
                pass
        if mode_of(attempt).grows and dice.random() < 0.05:
            break
    if ends < 0.75:
        sitting.submit(attempt, now + timedelta(seconds=30))


def _next(attempt: Attempt, seen: int) -> Presentation | None:
    return attempt.presentations.select_related("item_version__item").filter(position=seen + 1).first()


def fresh_score(shown: Presentation, mended: Mapping[Any, ItemVersion]) -> float | None:
    """Grade all that was entered at a place by the mended wording, from nothing but its seed, and add it up."""
    version = mended.get(shown.item_version.item_id, shown.item_version)
    variant = draw_variant(version.definition, shown.variant.seed)
    rules = shown.attempt.rules.scoring
    used, earned = 0, None
    for response in shown.responses.exclude(origin=Origin.LATE).order_by("sequence"):
        verdict: ItemVerdict = grade(version.definition, variant, response.answer, probing=version.probing)
        first = response.verdicts.get(number=1)
        score = verdict.score if verdict.valid else None
        if response.announcement["correct"] and (score is None or score < first.score):
            score = first.score  # it was told right, and stays
        if score is not None:
            worth = min(1.0, max(0.0, score - rules.penalty * used))
            earned = worth if earned is None or rules.keep == "last" else max(earned, worth)
        used += response.try_number is not None
    return earned


def check_fixed(attempt: Attempt, mended: Mapping[Any, ItemVersion]) -> None:
    places = list(attempt.presentations.select_related("item_version__item"))
    for one in places:
        one.attempt = attempt
    earned = [one.weight * (fresh_score(one, mended) or 0.0) for one in places]
    assert attempt.score == pytest.approx(math.fsum(earned), abs=1e-12)


def check_adaptive(attempt: Attempt, mended: Mapping[Any, ItemVersion]) -> None:
    """Hold the posterior against the likelihood of the fresh scores, point by point."""
    grid = np.linspace(-6, 6, 61)
    told = -(grid**2) / 2
    for shown in attempt.presentations.select_related("item_version__item").order_by("position"):
        shown.attempt = attempt
        score = fresh_score(shown, mended)
        if score is None or shown.is_seeded:
            continue
        by = shown.choice["parameters"]
        right = by["c"] + (by["d"] - by["c"]) / (1 + np.exp(-by["a"] * (grid - by["b"])))
        told = told + score * np.log(right) + (1 - score) * np.log(1 - right)
    stored = np.asarray(attempt.posterior)
    assert stored - stored.max() == pytest.approx(told - told.max(), abs=1e-8)


def corrections(planted: list[Planted]) -> list[Correction]:
    found = []
    for one in planted:
        made = Correction.objects.create(
            kind="key",
            corrected_version=one.mended,
            keep_if_better=False,
            reason="The key was wrong.",
            created_at=NOW,
        )
        made.versions.add(one.item.version)
        found.append(made)
    return found


def scores(attempts: list[Attempt]) -> list[tuple[Any, ...]]:
    return [
        (one.score, one.max_score, one.posterior)
        for one in Attempt.objects.filter(pk__in=[one.pk for one in attempts]).order_by("pk")
    ]


def sound(attempts: list[Attempt]) -> None:
    for one in attempts:
        assert verify_attempt(attempt_id=one.pk, exact=True) == []


def test_every_score_is_that_of_a_fresh_grading_and_comes_back_to_the_bit() -> None:
    planted = plant()
    mended = {one.item.pk: one.mended for one in planted}
    items = [one.item for one in planted]
    fixed = [
        make_assessment(*items, tries=1, feedback="at_end"),
        make_assessment(*items, tries=3, penalty=0.25),
        make_assessment(*items, tries=2, keep="last", penalty=0.1),
    ]
    bank = items[0].bank
    grown = [
        make_adaptive(bank, stop={"min_items": 6, "max_items": 8}),
        make_mastery(bank, skills=["l2-update"], n=6, m=5),
    ]
    dice = random.Random(7)
    attempts = []
    for assessment in (*fixed, *grown):
        for number in range(SITTINGS):
            attempt, _ = sitting.start(assessment, seed=number)
            sit(attempt, mended, dice)
            attempts.append(Attempt.objects.get(pk=attempt.pk))
    sound(attempts)
    before = scores(attempts)
    made = corrections(planted)
    for one in made:
        preview_correction(correction_id=one.pk, now=LATER)
        foreseen = list(one.effects.values_list("attempt", "after_score", "after_max", "kept"))
        apply_correction(correction_id=one.pk, now=LATER)
        assert list(one.effects.values_list("attempt", "after_score", "after_max", "kept")) == foreseen
    sound(attempts)
    changed = scores(attempts)
    assert changed != before
    for attempt in Attempt.objects.filter(pk__in=[one.pk for one in attempts]):
        if attempt.mode == "fixed":
            check_fixed(attempt, mended)
        elif attempt.mode == "adaptive":
            check_adaptive(attempt, mended)
    for one in reversed(made):
        back = undoing(correction_id=one.pk, author=None, reason="Back.", now=LATER)
        apply_correction(correction_id=back.pk, now=LATER + timedelta(minutes=1))
    sound(attempts)
    assert scores(attempts) == before
