"""The text of a document with the place of everything in it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.documents.source import read_source
from content.documents.text import dump_document, load_document

TEXT = """\
# The head
slug: a-step   # named
title: 'Dé jà'
parameters:
  w: {decimal: [-2, 2], places: 1}
body: |
  The first line,
  the second.

# A word between
hints:
  - one
  - "two"
"""


def stands(path: str, text: str = TEXT) -> str:
    span = read_source(text).span(path)
    assert span
    return text[span.start : span.end]


def test_each_value_has_its_place() -> None:
    assert stands("slug") == "a-step"
    assert stands("title") == "'Dé jà'"
    assert stands("parameters.w.decimal.1") == "2"
    assert stands("body") == "|\n  The first line,\n  the second."
    assert stands("hints.1") == '"two"'


def test_what_is_missing_has_the_place_of_what_is_around_it() -> None:
    assert stands("parameters.w.shape") == "{decimal: [-2, 2], places: 1}"


def test_lines_and_columns_begin_at_one() -> None:
    span = read_source(TEXT).span("title")
    assert span
    assert (span.line, span.column, span.end_line, span.end_column) == (3, 8, 3, 15)


def test_a_key_has_a_place_of_its_own() -> None:
    span = read_source(TEXT).key_span("parameters.w.places")
    assert span
    assert TEXT[span.start : span.end] == "places"


BROKEN = """\
slug: x
title: "a \\sum"
parameters:
  w: {decimal: [-2, 2], places: 1
  g: {decimal: [-1, 1], places: 1}
steps:
  new: w: g
  old: w
body: |
  hi
slug: y
"""


def test_every_part_that_cannot_be_read_is_named_at_once() -> None:
    source = read_source(BROKEN)
    found = [(fault.path, fault.span.line if fault.span else None) for fault in source.faults]
    assert found == [("title", 2), ("parameters.w", 4), ("steps.new", 7), ("slug", 11)]


def test_what_can_be_read_is_read_beside_what_cannot() -> None:
    assert read_source(BROKEN).document == {
        "slug": "x",
        "parameters": {"g": {"decimal": [-1, 1], "places": 1}},
        "steps": {"old": "w"},
        "body": "hi\n",
    }


def test_places_hold_in_a_text_that_is_read_in_parts() -> None:
    assert stands("parameters.g.places", BROKEN) == "1"
    assert stands("body", BROKEN) == "|\n  hi"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "]",
        "a: [\n",
        "\tslug: x\n",
        "a: &b 1\nc: *b\n",
        "a: !!python/object:os.system x\n",
        "[" * 40 + "]" * 40,
        "a: 1\n" * 300,
        ": \n",
        "? a\n: b\n",
        "a: 1\n---\nb: 2\n",
        "a: \x07\n",
        "a: " + "9" * 400 + "\nb: 1\n",
        "{" * 200_000,
        "k: [" * 5_000,
        "\ufeffslug: x\r\ntitle: y\r\n",
    ],
)
def test_any_text_is_read_or_faulted(text: str) -> None:
    source = read_source(text)
    try:
        assert source.document == load_document(text)
        assert not source.faults
    except ValueError:
        assert source.faults


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.sampled_from("ab:-[]{}#'\"| >\n\t&*!?,é1"), max_size=60))
def test_what_is_sound_is_read_as_it_is_loaded(text: str) -> None:
    try:
        document = load_document(text)
    except ValueError:
        assert read_source(text).faults
    else:
        assert read_source(text).document == document


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("abc"),
        st.integers() | st.text("xy: #\n", max_size=8) | st.lists(st.integers(), max_size=3),
    )
)
def test_every_scalar_stands_where_its_place_says(document: dict[str, object]) -> None:
    text = dump_document(document)
    for key, value in document.items():
        if isinstance(value, int):
            assert stands(key, text) == str(value)
