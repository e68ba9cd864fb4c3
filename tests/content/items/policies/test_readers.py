"""What only reads is open to whoever repeats a peer's cases, and closed to authors."""

import pytest

from content.documents.reader import DefinitionError
from content.items.parsing.document import parse_definition
from content.items.policies import POLICIES, READERS, VERSIONS, grade_case
from tests.builders import exercise_document
from tests.content.items.policies.test_laws import NEEDED


def test_no_name_judges_and_only_reads():
    assert not POLICIES.keys() & READERS.keys()
    assert {name for name, _ in VERSIONS} == {*POLICIES, *READERS}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", ["numeric", "matrix", "choice"])
def test_an_author_cannot_name_a_reader(kind, name):
    policy = {"name": name} | NEEDED.get(name, {})
    document = exercise_document(interactions={"a": {"kind": kind, "key": "x", "policy": policy}})
    with pytest.raises(DefinitionError) as raised:
        parse_definition(document)
    assert ("interactions.a.policy.name", f"{name} reads answers and judges none") in raised.value.faults


@pytest.mark.parametrize("name", READERS)
def test_a_reader_answers_a_case_with_what_it_read(name):
    interaction = READERS[name].interaction
    verdict = grade_case(interaction=interaction, key=None, policy={"name": name}, answer="2.50")
    assert (verdict.valid, verdict.score) == (True, 1.0)
    assert verdict.parsed is not None
