"""Changing one value in the text of a document, and nothing else of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from content.documents.editing import Action, Edit, ImpossibleEdit, Path, applied, edited, path_of
from content.documents.reader import DefinitionError
from content.documents.text import dump_document, load_document

TEXT = """\
# The head
slug: x  # named
title: "A"   # t
parameters:
  # the weight
  w: {decimal: [-2, 2], places: 1}   # w

  g:
    choice:
      - 1   # one
      # two above
      - 2
      - 3
body: |
  hello
  there
# A tail
hints:
- a
- b
interactions:
  a:
    options:
      - id: a
        text: A   # textA
      - {id: b, text: B}
"""


def lines_changed(*edits: Edit) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came."""
    before, after = TEXT.splitlines(), edited(TEXT, edits).splitlines()
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    return gone, come


@pytest.mark.parametrize(
    ("path", "value", "gone", "come"),
    [
        (("title",), "B: c", 'title: "A"   # t', "title: 'B: c'   # t"),
        (
            ("parameters", "w", "places"),
            2,
            "  w: {decimal: [-2, 2], places: 1}   # w",
            "  w: {decimal: [-2, 2], places: 2}   # w",
        ),
        (("parameters", "g", "choice", 1), 5, "      - 2", "      - 5"),
        (("hints", 1), "TeX $\\sum$", "- b", "- TeX $\\sum$"),
        (
            ("interactions", "a", "options", 0, "text"),
            "C",
            "        text: A   # textA",
            "        text: C   # textA",
        ),
        (
            ("interactions", "a", "options", 1, "text"),
            "C",
            "      - {id: b, text: B}",
            "      - {id: b, text: C}",
        ),
    ],
)
def test_a_value_changes_its_own_line_alone(path: Path, value: Any, gone: str, come: str) -> None:
    assert lines_changed(Edit(path, value=value)) == ([gone], [come])


def test_an_edit_removes_the_lines_of_what_it_removes() -> None:
    assert lines_changed(Edit(("hints", 0), Action.REMOVE)) == (["- a"], [])


def test_a_new_entry_comes_behind_what_usually_comes_before_it() -> None:
    def order(path: Path) -> Sequence[str]:
        return () if path else ("slug", "title", "skills", "body")

    lines = edited(TEXT, [Edit(("skills",), value=["l2"])], order).splitlines()
    assert lines[lines.index('title: "A"   # t') + 1] == "skills: [l2]"


def test_a_value_in_what_is_missing_makes_it() -> None:
    gone, come = lines_changed(Edit(("interactions", "b", "kind"), value="numeric"))
    assert (gone, come) == ([], ["  b: {kind: numeric}"])


def test_comments_move_with_what_they_stand_above() -> None:
    lines = edited(TEXT, [Edit(("parameters", "g", "choice", 1), Action.MOVE, 0)]).splitlines()
    first = lines.index("    choice:") + 1
    assert lines[first : first + 4] == ["      # two above", "      - 2", "      - 1   # one", "      - 3"]


def test_a_comment_beside_a_value_of_one_line_stands_above_one_of_several() -> None:
    text = edited(TEXT, [Edit(("title",), value="two\nlines\n")])
    assert "# t\ntitle: |\n  two\n  lines\nparameters:" in text


def test_an_entry_is_renamed_where_it_stands() -> None:
    assert lines_changed(Edit(("parameters", "g"), Action.RENAME, "h")) == (["  g:"], ["  h:"])


@pytest.mark.parametrize(
    "edit",
    [
        Edit((), value=1),
        Edit(("hints", 7), value="x"),
        Edit(("hints", 0, "deep"), value="x"),
        Edit(("slug", "inside"), value="x"),
        Edit(("parameters", "g"), Action.RENAME, "w"),
        Edit(("parameters", "none"), Action.RENAME, "z"),
        Edit(("hints", 0), Action.MOVE, 9),
        Edit(("hints", 5), Action.INSERT, "x"),
        Edit(("title",), Action.MOVE, 0),
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(edit: Edit) -> None:
    with pytest.raises(ImpossibleEdit):
        edited(TEXT, [edit])


def test_a_text_that_cannot_be_read_is_not_edited() -> None:
    with pytest.raises(ImpossibleEdit):
        edited("a: [\n", [Edit(("b",), value=1)])


@pytest.mark.parametrize("steps", ["a", [1.5], [True], None, [["a"]]])
def test_a_path_is_names_and_places(steps: object) -> None:
    with pytest.raises(DefinitionError):
        path_of(steps)


names = st.sampled_from(["a", "b", "no", "x y"])
texts = st.text(st.sampled_from("ab: -#'\"\\{}[],|>&*!%@`?\n\u00e9"), max_size=12)
scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | texts
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(names, v, max_size=3), max_leaves=8
)
documents = st.dictionaries(names, values, min_size=1, max_size=4)


def paths_in(value: Any, path: Path = ()) -> list[Path]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [one for key, inner in value.items() for one in paths_in(inner, (*path, key))]
    if isinstance(value, list):
        found += [one for key, inner in enumerate(value) for one in paths_in(inner, (*path, key))]
    return found


def as_block(value: Any, indent: int = 0) -> str:
    """Write a document in lines throughout, with a comment on each: another layout than ours."""
    lines = []
    pad = " " * indent
    for key, one in value.items() if isinstance(value, dict) else ((None, one) for one in value):
        head = f"{pad}- " if key is None else f"{pad}{json.dumps(key)}:"
        if isinstance(one, dict | list) and one:
            inner = as_block(one, indent + 2)
            lines.append(head + "\n" + inner if key is not None else head + inner.lstrip(" "))
        else:
            lines.append(f"{head} {json.dumps(one)}  # word\n")
    return f"{pad}# above\n".join(["", *lines]) if isinstance(value, dict) and not indent else "".join(lines)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(documents, st.data())
def test_an_edited_text_means_the_edited_document(document: dict[str, Any], data: st.DataObject) -> None:
    text = as_block(document) if data.draw(st.booleans()) else dump_document(document)
    assume(json.dumps(load_document(text)) == json.dumps(document))
    path = data.draw(st.sampled_from(paths_in(document)))
    action = data.draw(st.sampled_from(Action))
    value = data.draw({Action.MOVE: st.integers(0, 2), Action.RENAME: names}.get(action, values))
    edit = Edit(path, action, value)
    try:
        wanted = applied(document, edit)
    except ImpossibleEdit:
        return
    assert json.dumps(load_document(edited(text, [edit]))) == json.dumps(wanted)
