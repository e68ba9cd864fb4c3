"""A field is declared once, so its reader and its schema say the same."""

from dataclasses import dataclass

import jsonschema
import pytest

from content.documents.reader import DefinitionError, Faults, Reader
from content.expressions import Scope
from content.items.interactions import INTERACTIONS, fields
from content.items.parsing.document import parse_definition
from content.items.parsing.schema import item_schema
from content.items.policies import READERS
from tests.content.items.test_odd_documents import placed
from tests.mutations import mutations

SCOPE = Scope(frozenset("xy"), 1)
SCHEMA = jsonschema.Draft202012Validator(item_schema())


@dataclass(frozen=True, kw_only=True)
class Part(fields.Declared):
    id: str = fields.text()


@dataclass(frozen=True, kw_only=True)
class Whole(fields.Declared):
    given: int
    key: str = fields.expression(about="What is right.")
    parts: tuple[Part, ...] = fields.entries(Part, least=1, most=2, distinct=True, reason="must be 1 or 2")
    size: int = fields.whole(1, least=1, most=5, about="How large.")
    share: float = fields.share(0.5, below_one=True)
    fixed: bool = fields.settled(True, "cannot be chosen")

    def faults(self, scope):
        if self.size > len(self.parts):
            yield "size", "must not exceed the parts"
            yield "", "does not fit together"


def read(document):
    """Return what was read and the faults, by path."""
    faults = Faults()
    return Whole.read(Reader.of(document, "at", faults), SCOPE, given=7), dict(faults.found)


def test_what_is_left_out_has_its_default():
    whole, faults = read({"key": "x + y", "parts": [{"id": "p"}]})
    assert not faults
    assert (whole.given, whole.share, whole.fixed, whole.parts[0].id) == (7, 0.5, True, "p")


@pytest.mark.parametrize(
    ("changes", "path", "reason"),
    [
        ({"key": None}, "at.key", "is missing"),
        ({"key": "z"}, "at.key", "line 1, column 1: 'z' is not known here"),
        ({"parts": []}, "at.parts", "must be 1 or 2"),
        ({"parts": [{"id": "p"}, {"id": "p"}]}, "at.parts", "must be 1 or 2"),
        ({"parts": [{"id": 1}]}, "at.parts.0.id", "must be a text"),
        ({"parts": [{"id": "p", "name": "q"}]}, "at.parts.0.name", "is not known here"),
        ({"size": 6}, "at.size", "must be an integer of 1 to 5"),
        ({"size": True}, "at.size", "must be an integer of 1 to 5"),
        ({"share": 1}, "at.share", "must be at least 0 and less than 1"),
        ({"fixed": False}, "at.fixed", "cannot be chosen"),
        ({"size": 2}, "at.size", "must not exceed the parts"),
        ({"size": 2}, "at", "does not fit together"),
    ],
)
def test_a_fault_stands_at_its_field(changes, path, reason):
    _, faults = read({"key": "x", "parts": [{"id": "p"}], "size": 1} | changes)
    assert faults[path].startswith(reason)


def test_without_what_nothing_can_stand_in_for_the_rest_is_checked_all_the_same():
    whole, faults = read({"key": "(", "parts": [{"id": "p"}], "size": 2})
    assert whole is None
    assert {"at.key", "at.size"} <= set(faults)


def test_the_schema_has_the_bounds_and_the_words():
    schema = Whole.schema()
    assert schema["required"] == ["key", "parts"]
    assert schema["properties"]["size"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 5,
        "description": "How large.",
    }
    assert schema["properties"]["parts"]["maxItems"] == 2
    assert "fixed" not in schema["properties"]
    assert "given" not in schema["properties"]


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_what_is_read_fits_the_schema(kind):
    """Null may stand for a number that is left out; so may a pair with what is no text."""
    read = 0
    for what, document in mutations(placed(kind)):
        try:
            parse_definition(document)
        except DefinitionError:
            continue
        read += 1
        for error in SCHEMA.iter_errors(document):
            (place,) = {
                leaf.instance is None or "pairs" in leaf.absolute_path for leaf in leaves(error, kind)
            }
            assert place, (what, error)
    assert read > 10


def leaves(error, kind):
    """Yield what is wrong by the schema of the document's own kind."""
    branch = list(INTERACTIONS).index(kind)
    own = [inner for inner in error.context or () if inner.schema_path[0] == branch]
    yield from (leaf for inner in own for leaf in leaves(inner, kind)) if own else [error]


@pytest.mark.parametrize("key", ["multiple", "may_be_none"])
def test_an_inline_choice_takes_one_option(key):
    document = placed("inline_choice")
    document["interactions"]["a"][key] = True
    with pytest.raises(DefinitionError, match="a list within a sentence takes one option"):
        parse_definition(document)
    assert key not in INTERACTIONS["inline_choice"].schema()["properties"]


@pytest.mark.parametrize("kind", ["choice", "numeric"])
def test_the_schema_offers_the_policies_that_can_judge_the_kind(kind):
    names = INTERACTIONS[kind].schema()["properties"]["policy"]["properties"]["name"]["enum"]
    assert {"choice": "single", "numeric": "absolute"}[kind] in names
    assert {"choice": "absolute", "numeric": "single"}[kind] not in names
    assert not READERS.keys() & set(names)
