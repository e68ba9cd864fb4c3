import json
from io import StringIO

import jsonschema
import pytest
from django.core.management import call_command

from content.documents.text import load_document
from content.items.parsing.schema import item_schema
from tests.builders import choice_document, exercise_document, vector_document
from tests.shared import CHECKOUT

SCHEMA = item_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
ITEMS = sorted((CHECKOUT / "content" / "library").glob("*/*/items/*.yaml"))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_published_schema_is_this_one():
    printed = StringIO()
    call_command("item_schema", stdout=printed)
    assert (CHECKOUT / "docs" / "item.schema.json").read_text() == printed.getvalue(), "make schema"
    assert json.loads(printed.getvalue()) == SCHEMA


@pytest.mark.parametrize("path", ITEMS, ids=lambda path: path.stem)
def test_every_item_of_the_library_fits_it(path):
    VALIDATOR.validate(load_document(path.read_text()))


@pytest.mark.parametrize("document", [choice_document(), exercise_document(), vector_document()])
def test_sound_documents_fit_it(document):
    VALIDATOR.validate(document)


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "Not a slug"},
        {"extra": 1},
        {"parameters": {"x": {"integer": [1, 2], "decimal": [1, 2]}}},
        {"interactions": {}},
        {"interactions": {"a": {"kind": "essay"}}},
        {"interactions": {"a": {"kind": "numeric", "key": "x", "tolerance": 1}}},
        {"misconceptions": {"a": {"slug": {"feedback": "no value"}}}},
    ],
)
def test_slips_do_not_fit_it(changes):
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(exercise_document(**changes))
