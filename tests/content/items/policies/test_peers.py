"""What each peer's rule says of telling answers, worked out by hand from the rule that the peer publishes."""

from __future__ import annotations

import math
from typing import Any, Final

import pytest

from content.items.policies import POLICIES, grade_case
from tests.reference.peers import edx, moodle, numbas, prairielearn, qti, stack, webwork
from tests.reference.peers.fact import Fact

PEERS: Final = (edx, moodle, numbas, prairielearn, qti, stack, webwork)
FACTS: Final = [fact for peer in PEERS for fact in peer.FACTS]


def named(fact: Any) -> str:
    return f"{fact.policy['name']}-{fact.answer}-{fact.reason}"


@pytest.mark.parametrize("fact", FACTS, ids=named)
def test_a_policy_says_what_its_peer_says(fact: Fact) -> None:
    kind = POLICIES[fact.policy["name"]]
    verdict = grade_case(interaction=kind.interaction, key=fact.key, policy=fact.policy, answer=fact.answer)
    assert verdict.valid == (fact.score is not None), verdict
    if fact.score is not None:
        assert math.isclose(verdict.score, fact.score, abs_tol=1e-12), verdict


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.__name__.rpartition(".")[2])
def test_each_peer_is_asked_about_right_wrong_and_unreadable_answers(peer: Any) -> None:
    assert {fact.score for fact in peer.FACTS} >= {1, 0, None}
