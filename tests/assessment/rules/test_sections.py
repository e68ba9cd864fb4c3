"""A section is added to a text, and the author's own words stay."""

import pytest

from assessment.rules.sections import text_with_section, with_section
from content.documents.reader import DefinitionError
from content.documents.text import DocumentFault, load_document

SECTION = {"title": "More: numbers", "shuffle": False, "slots": [{"item": "pick-one", "weight": 2.0}]}

TEXTS = {
    "last": "slug: quiz\nsections:\n  - title: One  # mine\n    slots:\n      - {item: a}\n",
    "not last": "slug: quiz\nsections:\n- slots:\n  - {item: a}\n\n# how it is given\ntries: 2  # two\n",
    "no end of line": "slug: quiz\nsections:\n  - slots: [{item: a}]",
    "none": "slug: quiz  # mine\n",
    "empty": "slug: quiz\nsections: []\ntries: 2\n",
    "nothing": "slug: quiz\nsections:\ntries: 2\n",
    "flow": "slug: quiz\nsections: [{slots: [{item: a}]}]  # mine\ntries: 2\n",
    "all flow": "{slug: quiz, sections: [{slots: [{item: a}]}]}\n",
    "JSON": '{"slug": "quiz", "sections": []}\n',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_section_is_added_whatever_the_text_looks_like(text):
    assert load_document(text_with_section(text, SECTION)) == with_section(load_document(text), SECTION)


@pytest.mark.parametrize("name", ["last", "not last", "none", "empty", "nothing", "flow"])
def test_every_line_of_the_author_stays(name):
    written = text_with_section(TEXTS[name], SECTION)
    kept = [one for one in TEXTS[name].splitlines() if one.strip() and not one.startswith("sections")]
    assert all(line in written.splitlines() for line in kept)
    assert ("# mine" in TEXTS[name]) == ("# mine" in written)


def test_a_section_stands_before_the_comment_of_the_next_key():
    written = text_with_section(TEXTS["not last"], SECTION)
    lines = [line.strip() for line in written.splitlines()]
    (added,) = [number for number, line in enumerate(lines) if "{item: pick-one, weight: 2}" in line]
    assert added < lines.index("# how it is given")


def test_sections_that_are_no_list_are_not_written_over():
    with pytest.raises(DefinitionError, match="must be a list"):
        text_with_section("slug: quiz\nsections: none yet\n", SECTION)


def test_what_is_no_document_is_refused():
    with pytest.raises(DocumentFault):
        text_with_section("- a list\n", SECTION)
