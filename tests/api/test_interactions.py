"""Every kind of interaction and figure goes out in its shape, and its answers come in."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.models import Attempt
from content.items.interactions import INTERACTIONS
from tests import builders
from tests.api.client import Api
from tests.content.items.test_interactions import DEFINITIONS

pytestmark = pytest.mark.django_db

FIGURES = [
    {
        "kind": "curve",
        "title": "A curve of $t$",
        "x": {"name": "t", "from": 0, "to": "x", "label": "$t$"},
        "curves": [{"label": "square", "y": "t*t"}, {"label": "with a gap", "y": "1/(t - t)"}],
        "points": [{"x": 1, "y": "x", "label": "here"}],
    },
    {"kind": "table", "columns": [{"label": "$x$", "values": "x", "places": 1}]},
    {
        "kind": "contour",
        "x": {"name": "s", "from": -1, "to": 1},
        "y": {"name": "t", "from": -1, "to": 1},
        "z": "s*s + t*t",
        "points": [],
    },
]


def begin(ann: Api, kind: str, **changes: Any) -> str:
    document = builders.exercise_document(
        body="Given ${x}$: [[a]]",
        steps={},
        check={},
        misconceptions={},
        interactions={"a": {**DEFINITIONS[kind], "kind": kind}},
        solution="",
    )
    builders.make_assessment(builders.make_item(document | changes), slug="quiz", tries=None)
    return ann.start("quiz")


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_a_kind_is_shown_answered_and_reviewed(kind: str) -> None:
    ann = Api(builders.make_learner())
    attempt = begin(ann, kind)
    [shown] = ann.get(f"attempts/{attempt}/next/").json["interactions"]
    assert (shown["id"], shown["kind"]) == ("a", kind)
    presentation = Attempt.objects.get().presentations.get()
    interaction = presentation.item_version.definition.interactions["a"]
    samples = interaction.samples(presentation.variant.interactions["a"])
    cases: tuple[tuple[bool, bool | None, tuple[Any, ...]], ...] = (
        (False, None, samples.invalid),
        (True, False, samples.wrong),
        (True, True, samples.right[:1]),
    )
    for valid, correct, answers in cases:
        for answer in answers:
            if type(answer) in (int, float):
                continue  # a JSON number arrives as the text that was typed
            reply = ann.respond(attempt, 1, {"a": answer})
            assert (reply.status, reply.json["valid"], reply.json["correct"]) == (201, valid, correct), answer
    [entry] = ann.get(f"attempts/{attempt}/review/").json["presentations"]
    assert entry["verdict"]["correct"]


def test_figures_are_shown_with_their_gaps() -> None:
    ann = Api(builders.make_learner())
    attempt = begin(ann, "numeric", figures=FIGURES)
    curve, table, contour = ann.get(f"attempts/{attempt}/next/").json["figures"]
    assert [figure["kind"] for figure in (curve, table, contour)] == ["curve", "table", "contour"]
    assert set(curve["curves"][1]["values"]) == {None}
