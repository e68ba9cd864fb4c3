"""The form of an item document: of every item that ships, and of every kind that can be asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import content
from content.documents.editing import Action, Edit, ImpossibleEdit, edited
from content.documents.form import Group, Leaf, Node, Odd, Row, Rows, at, blank, build, nodes_in, switched
from content.documents.text import load_document
from content.items.beginnings import BEGINNINGS, begun
from content.items.examining import Names, examine_item
from content.items.form import (
    ELSEWHERE,
    KINDS,
    completed,
    form_schema,
    sections,
    with_answer,
    without_answer,
)
from content.items.interactions import INTERACTIONS
from content.items.parsing.document import parse_definition

LIBRARY = Path(content.__path__[0]) / "library"
ITEMS = sorted(LIBRARY.glob("*/*/items/*.yaml"))


def nodes_of(document: Mapping[str, Any]) -> Iterator[Node]:
    for section in sections(document):
        for node in section.nodes:
            yield from nodes_in(node)


def value_at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@pytest.mark.parametrize("file", ITEMS, ids=lambda file: file.stem)
def test_a_form_shows_all_that_stands_in_an_item(file: Path) -> None:
    document = load_document(file.read_text())
    found = list(nodes_of(document))
    assert {node.path[0] for node in found if isinstance(node, Odd)} <= set(ELSEWHERE)
    shown = {node.path for node in found}
    assert {(key,) for key in document if key not in ("interactions", "misconceptions", "slug")} <= shown
    for identifier, interaction in document["interactions"].items():
        assert {("interactions", identifier, key) for key in interaction if key != "kind"} <= shown


@pytest.mark.parametrize("file", ITEMS[::7], ids=lambda file: file.stem)
def test_setting_what_stands_there_changes_no_letter(file: Path) -> None:
    text = file.read_text()
    document = load_document(text)
    for node in nodes_of(document):
        if not isinstance(node, Leaf) or node.action != Action.SET:
            continue
        try:
            value = value_at(document, node.path)
        except (KeyError, TypeError):
            continue
        assert edited(text, [Edit(node.path, value=value)]) == text


@pytest.mark.parametrize("file", ITEMS[::7], ids=lambda file: file.stem)
def test_another_number_changes_one_line(file: Path) -> None:
    text = file.read_text()
    document = load_document(text)
    for node in nodes_of(document):
        if not isinstance(node, Leaf) or node.widget != "number" or not node.value:
            continue
        changed = edited(text, [Edit(node.path, value=0.125)])
        pairs = zip(text.splitlines(), changed.splitlines(), strict=True)
        assert sum(before != after for before, after in pairs) <= 1


def test_ids_of_fields_are_their_own() -> None:
    ids = [
        node.id for node in nodes_of(load_document(begun("vector-exercise", {}))) if isinstance(node, Leaf)
    ]
    pickers = [one for one in ids if ids.count(one) > 1]
    assert pickers == []


def test_every_kind_has_words_and_a_beginning() -> None:
    assert set(KINDS) == set(INTERACTIONS)


@pytest.mark.parametrize("kind", INTERACTIONS)
def test_a_new_answer_of_each_kind_can_be_tried_at_once(kind: str) -> None:
    text = begun("matrix-exercise", {"slug": "x"})
    text = edited(text, with_answer(load_document(text), kind))
    found = examine_item(text, Names(), certified=True)
    assert found.definition is not None, found.faults
    definition = parse_definition(load_document(text))
    assert definition.interactions["b"].kind == kind


@pytest.mark.parametrize("name", [name for name in BEGINNINGS if name != "empty"])
def test_each_beginning_can_be_published(name: str) -> None:
    found = examine_item(begun(name, {"slug": name}), Names(), certified=True)
    assert not found.refuses, found.faults


def test_an_answer_that_goes_leaves_nothing_behind() -> None:
    document = load_document(begun("two-parts", {}))
    text = edited(begun("two-parts", {}), without_answer(document, "b"))
    left = load_document(text)
    assert "[[b]]" not in left["body"]
    assert list(left["interactions"]) == ["a"]
    assert not left.get("follow_through")


def test_what_is_removed_from_a_side_is_no_partner_any_more() -> None:
    document = load_document(begun("matching", {}))
    path = ("interactions", "a")
    edits = list(completed(Edit((*path, "left", 0), Action.REMOVE), document))
    text = edited(begun("matching", {}), edits)
    assert load_document(text)["interactions"]["a"]["pairs"] == {"lasso": "q"}


def test_another_kind_of_parameter_drops_what_it_has_no_use_for() -> None:
    schema = at(form_schema(), {}, ("parameters", "w"))
    assert switched(schema, {"decimal": [0, 1], "places": 2, "shape": [3]}, "integer") == {
        "integer": [1, 9],
        "shape": [3],
    }
    with pytest.raises(ImpossibleEdit):
        switched(schema, {}, "nothing")


def test_a_policy_of_another_name_begins_with_its_settings() -> None:
    document = load_document(begun("vector-exercise", {}))
    schema = at(form_schema(), document, ("interactions", "a", "policy"))
    assert switched(schema, {"name": "absolute", "tolerance": 0.5}, "significant_figures") == {
        "name": "significant_figures",
        "digits": 3,
    }


def test_a_bare_misconception_is_shown_as_what_it_leads_to() -> None:
    document = load_document(begun("vector-exercise", {})) | {"misconceptions": {"a": {"up": "w + lr*g"}}}
    leaf = next(node for node in nodes_of(document) if node.path == ("misconceptions", "a", "up", "value"))
    assert isinstance(leaf, Leaf)
    assert leaf.value == "w + lr*g"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"interactions": 5, "body": [1], "parameters": "x", "skills": {"a": 1}},
        {"interactions": {"a": "choice", "b": {"kind": 7}, "c": {"kind": "essay", "x": 1}}},
        {"parameters": {"w": {"decimal": "x", "integer": [1]}}, "misconceptions": {"a": 1}},
        {"interactions": {"a": {"kind": "matching", "left": 5, "right": [1], "pairs": []}}},
        {"interactions": {"a": {"kind": "choice", "options": [1, {"id": 2}]}}},
        {"interactions": {"a": {"kind": "numeric", "policy": "absolute"}}},
        {"follow_through": 1, "unknown": {"deep": []}, "hints": "one"},
    ],
)
def test_an_odd_document_has_a_form_all_the_same(document: dict[str, Any]) -> None:
    for node in nodes_of(document):
        assert node.id
        json.loads(node.place)


def test_what_no_form_can_show_is_said_to_stand_in_the_document() -> None:
    node = build({"type": "string"}, {"a": 1}, ("title",))
    assert isinstance(node, Odd)
    assert '"a": 1' in node.text


def test_lists_say_how_many_there_may_be() -> None:
    schema: dict[str, Any] = {
        "type": "array",
        "maxItems": 1,
        "items": {"type": "object", "properties": {"id": {"type": "string"}}},
    }
    rows = build(schema, [{"id": "a"}], ("list",))
    assert isinstance(rows, Rows)
    assert rows.is_full
    assert isinstance(rows.rows[0], Row)
    assert isinstance(rows.rows[0].body, Group)
    assert blank(schema["items"]) == {}
