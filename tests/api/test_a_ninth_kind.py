"""A kind of interaction is one file: this one adds a ninth, and touches no other but the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import jsonschema
import pytest
from django.http import QueryDict
from openapi_spec_validator import validate

from api.rest.docs import document as interface
from assessment.models import Attempt
from content.admin.trying import preview
from content.documents.reader import DefinitionError
from content.expressions import Expression, Scope
from content.items.certification import certify
from content.items.drawing import draw_variant
from content.items.grading import grade
from content.items.interactions import INTERACTIONS, Draw, Interaction, Record, Samples, fields
from content.items.interactions.base import Draws, Render, Trouble
from content.items.interactions.forms import Boxes, Form
from content.items.interactions.shown import Shown, about, last
from content.items.numbers import UnreadableNumber, read_number
from content.items.parsing.document import parse_definition
from content.items.parsing.schema import item_schema
from content.items.presenting import present
from content.items.verdict import Verdict, invalid
from tests import builders
from tests.api import client
from tests.api.client import Api

# The file of the kind.


@dataclass(frozen=True)
class ShownSlider(Shown):
    """The answer is a number on the scale, as text."""

    least: int
    most: int
    caption: str | None = about("What the scale measures.")

    @property
    def form(self) -> Form:
        return Boxes(decimal=True, placeholder=f"{self.least} to {self.most}")

    def from_form(self, values: Sequence[str]) -> Any:
        return last(values)


@dataclass(frozen=True, kw_only=True)
class Slider(Interaction):
    """A number picked on a scale; right within ``slack`` of the key."""

    kind: ClassVar[str] = "slider"
    shows: ClassVar[type[Shown]] = ShownSlider
    key_dimensions: ClassVar[tuple[int, ...]] = (0,)
    key: Expression = fields.expression()
    least: int = fields.whole(0, least=-1000, most=1000)
    most: int = fields.whole(10, least=-1000, most=1000, about="The right end of the scale.")
    slack: int = fields.whole(0, least=0, most=100)
    caption: str | None = fields.optional_text()

    @property
    def computed(self) -> Mapping[str, Expression]:
        return {"key": self.key}

    def faults(self, scope: Scope) -> Iterator[fields.Fault]:
        if self.least >= self.most:
            yield "most", "must be above least"

    def record(self, draw: Draw) -> dict[str, Any]:
        return {"key": draw.computed["key"], "policy": {"name": "slider", "version": 1, "slack": self.slack}}

    def present(self, record: Record, render: Render) -> Shown:
        return ShownSlider(self.least, self.most, self.caption)

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        try:
            value = read_number(answer, locale=locale).value
        except UnreadableNumber as unreadable:
            return invalid("slider", 1, str(unreadable))
        right = abs(value - record["key"]) <= record["policy"]["slack"] + 1e-9
        return Verdict(True, float(right), "slider", 1, "near the key", parsed=value)

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        key = draws.computed["key"]
        yield Trouble(f"the key of {self.id} is not on its scale", (key < self.least) | (key > self.most))

    def samples(self, record: Record) -> Samples:
        beyond = record["key"] + record["policy"]["slack"] + 1
        return Samples((repr(record["key"]),), (repr(beyond),), ("", "far right", None, []))


# The line in the table.


@pytest.fixture(autouse=True)
def _in_the_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(INTERACTIONS, Slider.kind, Slider)
    made_from_the_table = (interface, client.strict, client.validator)
    for made in made_from_the_table:
        made.cache_clear()
    yield
    for made in made_from_the_table:
        made.cache_clear()


PLACED: Final = {"kind": "slider", "key": "twice", "most": 20, "caption": "kg", "weight": 2}


def document(**changes: Any) -> dict[str, Any]:
    return builders.exercise_document(interactions={"a": PLACED | changes})


def faults(document: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(DefinitionError) as raised:
        parse_definition(document)
    return dict(raised.value.faults)


def test_it_is_read_drawn_shown_and_graded() -> None:
    definition = parse_definition(document())
    variant = draw_variant(definition, 3)
    [shown] = present(definition, variant)["interactions"]
    assert shown == {"id": "a", "kind": "slider", "least": 0, "most": 20, "caption": "kg"}
    samples = definition.interactions["a"].samples(variant.interactions["a"])
    assert grade(definition, variant, {"a": samples.right[0]}).correct
    assert not grade(definition, variant, {"a": samples.wrong[0]}).correct
    assert not any(grade(definition, variant, {"a": answer}).valid for answer in samples.invalid)


def test_a_mistake_is_recognized_in_it() -> None:
    definition = parse_definition(document())
    variant = draw_variant(definition, 3)
    verdict = grade(definition, variant, {"a": repr(variant.values["x"])})
    assert verdict.interactions["a"].misconception == "forgot-the-two"


def test_it_is_certified_and_its_troubles_are_found() -> None:
    assert certify(parse_definition(document()), draws=500).certified
    found = certify(parse_definition(document(most=10)), draws=500)
    assert any("is not on its scale" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"key": "thrice"}, "interactions.a.key"),
        ({"key": "[x, x]"}, "interactions.a.key"),
        ({"least": "low"}, "interactions.a.least"),
        ({"least": 30}, "interactions.a.most"),
        ({"slack": 101}, "interactions.a.slack"),
        ({"caption": 7}, "interactions.a.caption"),
        ({"weight": 0}, "interactions.a.weight"),
        ({"step": 1}, "interactions.a.step"),
    ],
)
def test_a_fault_in_it_has_its_place(changes: dict[str, Any], path: str) -> None:
    assert path in faults(document(**changes))


def test_its_schema_stands_among_the_others() -> None:
    schema = jsonschema.Draft202012Validator(item_schema())
    schema.validate(document())
    for changes in ({"slack": 101}, {"step": 1}, {"key": None}, {"caption": 7}):
        assert not schema.is_valid(document(**changes))


def test_the_interface_describes_it() -> None:
    validate(interface())
    shapes = interface()["components"]["schemas"]
    assert shapes["Interaction"]["discriminator"]["mapping"]["slider"].endswith("/SliderInteraction")
    shape = shapes["SliderInteraction"]
    assert shape["description"] == "The answer is a number on the scale, as text."
    assert list(shape["properties"]) == ["id", "kind", "least", "most", "caption"]
    assert shape["properties"]["caption"] == {
        "type": ["string", "null"],
        "description": "What the scale measures.",
    }


@pytest.mark.django_db
def test_a_learner_answers_it() -> None:
    ann = Api(builders.make_learner())
    builders.make_assessment(builders.make_item(document()), slug="quiz")
    attempt = ann.start("quiz")
    [shown] = ann.get(f"attempts/{attempt}/next/").json["interactions"]
    assert (shown["kind"], shown["most"]) == ("slider", 20)
    key = Attempt.objects.get().presentations.get().variant.interactions["a"]["key"]
    assert ann.respond(attempt, 1, {"a": str(key)}).json["correct"]


@pytest.mark.django_db
def test_an_author_tries_it_at_the_desk() -> None:
    definition = parse_definition(document())
    variant = draw_variant(definition, 3)
    untouched = preview(definition, variant)
    assert 'name="a" value="" placeholder="0 to 20"' in untouched.body
    entered = QueryDict(f"a={variant.values['twice']}")
    tried = preview(definition, variant, entered)
    assert [one.outcome for one in tried.tried] == ["right"]
    assert f'name="a" value="{entered["a"]}"' in tried.body
