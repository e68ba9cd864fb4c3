"""YAML text and documents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.documents.text import MAX_CHARACTERS, MAX_DEPTH, DocumentFault, dump_document, load_document

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
whole = st.integers(-(10**200), 10**200)
scalars = st.none() | st.booleans() | whole | texts | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(texts, v, max_size=3), max_leaves=6
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(texts, values, max_size=4))
def test_what_is_dumped_is_loaded_back(document: dict[str, Any]) -> None:
    loaded = load_document(dump_document(document))
    assert loaded == document
    assert repr(loaded) == repr(document)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2026-05-13", "2026-05-13"),
        ("12:30", "12:30"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("010", 10),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ("", None),
    ],
)
def test_scalars_are_read_as_json_has_them(text: str, value: object) -> None:
    assert load_document(f"key: {text}") == {"key": value}


def test_texts_that_another_reader_would_take_for_something_else_are_quoted() -> None:
    assert dump_document({"key": "no"}) == "key: 'no'\n"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: 2\na: 3", 3, "'a' stands here a second time"),
        ("a: [1,\n  2", 3, "expected"),
        ("1: one", 1, "is no text"),
        ("a:\n  - &x 1", 2, "anchors"),
        ("a: &x [x]\nb: [*x, *x]", 1, "anchors"),
        ("a: !!python/object/apply:os.system [id]", 1, "tags"),
        ("a: !item {}", 1, "tags"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a: 1e999", 1, "too large"),
        (f"a: {'9' * 5000}", 1, "digits"),
        ("[" * (MAX_DEPTH + 1), 1, "nested"),
        ("- " * 5000, 1, "nested"),
        ("a: \x01", None, "character"),
        ('a: "\\0"', None, "cannot be stored"),
        ("a" * (MAX_CHARACTERS + 1), None, "longer than"),
    ],
)
def test_hostile_and_broken_texts_are_refused_with_their_line(
    text: str, line: int | None, reason: str
) -> None:
    with pytest.raises(DocumentFault, match=reason) as caught:
        load_document(text)
    assert caught.value.line == line
