"""Each character of a value has its place in the text, however the value is written."""

from __future__ import annotations

import pytest
import yaml

from content.documents.placing import positions
from content.documents.source import read_source

WRITTEN = [
    "a: plain words {x}\n",
    "a: plain\n  folded {x}\n\n  again\n",
    "a: 'single '' quotes {x}'\n",
    "a: 'folded\n\n  single {x}'\n",
    'a: "double \\" \\\\ \\u00e9 {x}"\n',
    'a: "double \\\n  joined {x}\n  folded"\n',
    "a: |\n  a block {x}\n    deeper\n\n  last\n",
    "a: |2-\n    deeper first {x}\n  last\n",
    "a: >\n  folded {x}\n  block\n\n  last\n",
    "a: |  # a comment\n  words {x}",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_placeholder_is_found_where_it_is_written(text: str) -> None:
    place = read_source(text).places["a"]
    assert isinstance(place.node, yaml.ScalarNode)
    raw = text[place.value.start : place.value.end]
    known = positions(raw, place.node)
    assert known
    at = place.node.value.index("{x}")
    assert raw[known[at] : known[at] + 3] == "{x}"
    letters = [(known[i], c) for i, c in enumerate(place.node.value) if c.isascii() and c.isalnum()]
    assert all(raw[start] == character for start, character in letters)
