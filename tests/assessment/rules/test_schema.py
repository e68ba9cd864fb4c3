"""What the schema of assessment documents allows the reader reads, and the other way round."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import content
from assessment.admin.starts import TEMPLATES
from assessment.rules.document import RULES, DefinitionError, parse_assessment
from assessment.rules.schema import assessment_schema, form_schema
from content.documents.form import Odd, Rows, build, nodes_in
from content.documents.text import load_document
from tests.shared import CHECKOUT

SCHEMA = assessment_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SHIPPED = sorted((Path(content.__path__[0]) / "library").glob("*/*/assessments/*.yaml"))

BETWEEN_FIELDS = (
    "is more than",
    "must ascend",
    "that ascend",
    "have a score each",
    "is for the levels above the lowest",
    "must be a number of -6 to 6",
    "has no effect where",
    "keeps constraints, and there are none",
    "ask for more items than",
    "must be [least, most]",
    "must name skills",
    "is not possible",
    "must hold at least one item",
    "cannot be one page",
    "must be a text",
)
"""What only the reader can know: it lies between two fields, or in a text that is blank."""


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that a schema of ours allows."""
    if "oneOf" in schema and "type" in schema and schema["type"] == "string":
        return st.sampled_from([one["const"] for one in schema["oneOf"]])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_of_type(kind, schema) for kind in kinds])


def _of_type(kind: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    match kind:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case "number":
            low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
            return st.floats(low, schema["maximum"], exclude_min="exclusiveMinimum" in schema)
        case "string" if "pattern" in schema:
            return st.from_regex(r"\A[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}\Z")
        case "string":
            return st.text("ab -", min_size=schema.get("minLength", 0), max_size=20)
        case "array":
            least = schema.get("minItems", 0)
            unique = json.dumps if schema.get("uniqueItems") else None
            most = schema.get("maxItems", 3)
            return st.lists(values(schema["items"]), min_size=least, max_size=most, unique_by=unique)
        case _:
            return _mappings(schema)


def _mappings(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "properties" not in schema:
        return st.dictionaries(st.sampled_from(["a", "b"]), values(schema["additionalProperties"]))
    named = {key: values(one) for key, one in schema["properties"].items()}
    required = schema.get("required", [])
    return st.fixed_dictionaries(
        {key: named[key] for key in required},
        optional={key: one for key, one in named.items() if key not in required},
    )


@given(values({**SCHEMA, "type": "object"}))
@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_what_the_schema_allows_the_reader_reads(document):
    mode = document.get("mode", "fixed")
    for other in RULES.values():
        if other.key != RULES[mode].key:
            document.pop(other.key, None)
    if not VALIDATOR.is_valid(document):
        return
    try:
        parse_assessment(document)
    except DefinitionError as error:
        unexpected = [one for one in error.faults if not any(words in one[1] for words in BETWEEN_FIELDS)]
        assert not unexpected


JUNK = [None, True, -1, 0, 2, 0.5, 10**9, "", "no such word", [], [1], ["x", "x"], {}, {"unknown": 1}]


@given(
    values({**SCHEMA, "type": "object"}), st.sampled_from(sorted(SCHEMA["properties"])), st.sampled_from(JUNK)
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_what_the_reader_takes_the_schema_allows(document, key, junk):
    document[key] = junk
    try:
        parse_assessment(document)
    except DefinitionError:
        return
    faults = [one for one in VALIDATOR.iter_errors(document) if not _is_empty_text(one)]
    assert not faults


def _is_empty_text(fault: jsonschema.ValidationError) -> bool:
    """An empty text says nothing to the reader; a form leaves the key out instead."""
    return fault.instance == "" or "does not match" in fault.message


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_published_schema_is_this_one():
    printed = StringIO()
    call_command("assessment_schema", stdout=printed)
    published = CHECKOUT / "docs" / "assessment.schema.json"
    assert published.read_text() == printed.getvalue(), "make schema"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_assessment_of_the_library_fits_it(path):
    VALIDATOR.validate(load_document(path.read_text()))


def fixed(**changes: Any) -> dict[str, Any]:
    return {"slug": "quiz", "title": "Quiz", "sections": [{"slots": [{"item": "pick-one"}]}]} | changes


def adaptive(**changes: Any) -> dict[str, Any]:
    return {"slug": "level", "title": "Level", "mode": "adaptive", "adaptive": {"bank": "sums"}} | changes


@pytest.mark.parametrize(
    "document",
    [
        fixed(extra=1),
        fixed(slug="Not a slug"),
        fixed(sections=[{"slots": [{"item": "pick-one", "draw": 2}]}]),
        fixed(sections=[{"slots": [{"weight": 2}]}]),
        fixed(adaptive={"bank": "sums"}),
        fixed(attempts_allowed=0),
        fixed(penalty=2),
        adaptive(tries=2),
        adaptive(layout="one_page"),
        adaptive(adaptive={}),
        adaptive(adaptive={"bank": "sums", "stop": {"classification": {}}}),
        adaptive(adaptive={"bank": "sums", "constraints": {"adding": [1]}}),
    ],
)
def test_slips_fit_neither_the_schema_nor_the_reader(document):
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(DefinitionError):
        parse_assessment(document)


def test_every_field_has_a_title_for_its_form():
    def untitled(schema: Any, path: str) -> list[str]:
        if not isinstance(schema, dict):
            return []
        named = {f"{path}.{key}": one for key, one in schema.get("properties", {}).items()}
        inner = [fault for at, one in named.items() for fault in untitled(one, at)]
        inner += untitled(schema.get("items"), f"{path}.0")
        return [at for at, one in named.items() if "title" not in one] + inner

    assert untitled(SCHEMA, "") == []


def test_names_of_what_exists_say_of_which_kind():
    slot = SCHEMA["properties"]["sections"]["items"]["properties"]["slots"]["items"]["properties"]
    assert [slot[key]["x-names"] for key in ("item", "bank", "skill")] == ["item", "bank", "skill"]
    rules = SCHEMA["properties"]["adaptive"]["properties"]
    assert rules["constraints"]["propertyNames"]["x-names"] == "skill"
    assert rules["result"]["properties"]["reference"]["items"]["x-names"] == "item"


def test_parts_say_in_which_modes_they_mean_something():
    shown = {key: one.get("x-modes") for key, one in SCHEMA["properties"].items()}
    assert (shown["sections"], shown["adaptive"], shown["mastery"]) == (["fixed"], ["adaptive"], ["mastery"])
    assert shown["title"] is None


# As a form


def drawn(document: dict[str, Any]) -> list[Any]:
    """The parts of the form of a document."""
    return list(nodes_in(build(form_schema(document.get("mode", "fixed")), document)))


def documents() -> list[dict[str, Any]]:
    return [load_document(path.read_text()) for path in SHIPPED] + [
        load_document(one.text) for one in TEMPLATES
    ]


@pytest.mark.parametrize("document", documents(), ids=lambda one: str(one["slug"]))
def test_a_form_can_show_every_document(document):
    odd = [one.dotted for one in drawn(document) if isinstance(one, Odd)]
    assert not odd


def test_a_form_hides_what_means_nothing_in_its_mode():
    places = {one.dotted for one in drawn(adaptive())}
    assert {"adaptive.bank", "adaptive.stop.max_items", "adaptive.result.levels"} <= places
    assert not places & {"sections", "mastery", "layout", "tries"}


def test_a_slot_is_a_question_or_a_draw():
    document = fixed(sections=[{"slots": [{"item": "pick-one"}, {"bank": "sums", "draw": 2}]}])
    places = {one.dotted for one in drawn(document)}
    assert {"sections.0.slots.0.item", "sections.0.slots.0.weight", "sections.0.slots.1.draw"} <= places
    assert not places & {"sections.0.slots.0.draw", "sections.0.slots.1.item"}


def test_a_new_entry_of_each_list_can_be_shown():
    blanks = [one.blank for one in drawn(fixed()) if isinstance(one, Rows)]
    blanks += [one.blank for one in drawn(adaptive()) if isinstance(one, Rows)]
    assert {'{"title": "", "slots": []}', '{"item": ""}', '{"name": ""}', "[1, 3]"} <= set(blanks)
