"""A policy that is raised to another version leaves the marks of the former one alone."""

import random
from dataclasses import dataclass
from typing import ClassVar

import pytest

from content.items.drawing import Variant
from content.items.grading import grade
from content.items.parsing.document import parse_definition
from content.items.policies import POLICIES, VERSIONS, PolicyFault, policy
from content.items.policies.tolerance import Absolute
from content.items.soundness import sound_variant
from tests.builders import exercise_document

STORED = {"name": "absolute", "version": 1, "tolerance": 0.5}


@dataclass(frozen=True)
class Strict(Absolute):
    """Accepts nothing but the key."""

    version: ClassVar[int] = 2

    def half_width(self, key):
        return 0.0


@pytest.fixture
def raised(monkeypatch):
    monkeypatch.setitem(POLICIES, "absolute", Strict)
    monkeypatch.setitem(VERSIONS, ("absolute", 2), Strict)


@pytest.mark.usefixtures("raised")
def test_a_stored_policy_is_read_by_its_own_version():
    assert policy(STORED).grade(2.0, "2.4").correct
    assert policy(STORED).document == STORED


@pytest.mark.usefixtures("raised")
def test_a_policy_without_a_version_is_the_latest():
    latest = {"name": "absolute", "tolerance": 0.5}
    assert policy(latest).document["version"] == 2
    assert not policy(latest).grade(2.0, "2.4").correct


def test_an_open_attempt_is_graded_by_the_version_it_began_with(request):
    definition = parse_definition(exercise_document("doubled"))
    shown = Variant.from_json(sound_variant(definition, random.Random(3)).to_json())
    [record] = shown.interactions.values()
    near = float(record["key"]) + 0.9 * record["policy"]["tolerance"]
    request.getfixturevalue("raised")
    [identifier] = shown.interactions
    assert grade(definition, shown, {identifier: repr(near)}).correct


@pytest.mark.parametrize("version", [2, 0, -1, True, 1.0, "1", None, [1], {}])
def test_a_version_that_does_not_exist_is_a_fault(version):
    with pytest.raises(PolicyFault, match="has no version"):
        policy(STORED | {"version": version})
