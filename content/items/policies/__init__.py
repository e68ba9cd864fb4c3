"""The rules that turn an answer into a score, by name and version: ours, and those of our peers.

``policy({"name": "absolute", "tolerance": 0.005})`` reads a document into a `Policy`, whose ``grade(key,
answer)`` gives a `Verdict`. Numeric policies that compare values also have a vectorized ``accepts(key,
answer)``. A new policy is a class in a file of this package and one line in the table below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from content.items.policies.base import IntervalPolicy, Policy, PolicyFault
from content.items.policies.choices import (
    AllOrNothing,
    ChoicePolicy,
    PerOption,
    RightMinusWrong,
    Single,
    choice_key,
)
from content.items.policies.peers.edx import EDX
from content.items.policies.peers.moodle import MOODLE, MOODLE_READERS
from content.items.policies.peers.numbas import NUMBAS, NUMBAS_READERS
from content.items.policies.peers.prairielearn import PRAIRIELEARN, PRAIRIELEARN_READERS
from content.items.policies.peers.qti import QTI, QTI_READERS
from content.items.policies.peers.stack import STACK, STACK_READERS
from content.items.policies.peers.webwork import WEBWORK
from content.items.policies.tolerance import Absolute, DecimalPlaces, Relative, SignificantFigures
from content.items.verdict import Verdict

__all__ = [
    "OURS",
    "POLICIES",
    "READERS",
    "ChoicePolicy",
    "IntervalPolicy",
    "Policy",
    "PolicyFault",
    "grade_case",
    "policy",
    "policy_class",
    "reads",
]

OURS: Final[tuple[type[Policy], ...]] = (
    Absolute,
    Relative,
    SignificantFigures,
    DecimalPlaces,
    Single,
    AllOrNothing,
    PerOption,
    RightMinusWrong,
)

CURRENT: Final[tuple[type[Policy], ...]] = (
    *OURS,
    *EDX,
    *MOODLE,
    *NUMBAS,
    *PRAIRIELEARN,
    *QTI,
    *STACK,
    *WEBWORK,
)
READING: Final[tuple[type[Policy], ...]] = (
    *MOODLE_READERS,
    *NUMBAS_READERS,
    *PRAIRIELEARN_READERS,
    *QTI_READERS,
    *STACK_READERS,
)
FORMER: Final[tuple[type[Policy], ...]] = ()
"""What has been replaced by a later version. It stays: attempts that began with it end with it."""

POLICIES: Final[Mapping[str, type[Policy]]] = {each.name: each for each in CURRENT}
"""What a document means that says no version."""

READERS: Final[Mapping[str, type[Policy]]] = {each.name: each for each in READING}
"""What reads or counts as a peer does and judges nothing: for the peers' published cases, never for an item."""

VERSIONS: Final[Mapping[tuple[str, int], type[Policy]]] = {
    (each.name, each.version): each for each in (*FORMER, *CURRENT, *READING)
}


def policy(document: Mapping[str, Any]) -> Policy:
    """Read a policy document; raises `PolicyFault` for an unknown name or version, or settings that make no sense.

    A document that was stored names its version, and is read by the class of that version for as long as it exists.
    A reader's document is read as well; whoever wants a judge asks whether its name is among the `READERS`.
    """
    return policy_class(document).from_document(document)


def policy_class(document: Mapping[str, Any]) -> type[Policy]:
    """Return the policy that a document names, whatever its settings; raises `PolicyFault` where there is none."""
    name = document.get("name")
    current = (POLICIES.get(name) or READERS.get(name)) if isinstance(name, str) else None
    if current is None:
        raise PolicyFault(f"there is no policy named {name}")
    version = document.get("version", current.version)
    kind = VERSIONS.get((current.name, version)) if type(version) is int else None
    if kind is None:
        raise PolicyFault(f"{name} has no version {version}")
    return kind


def reads(document: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return what a stored policy reads besides plain numbers, as `Policy.reads` does.

    None where this release has no such policy: answers wait for one that has it, and the item is shown meanwhile.
    """
    try:
        return policy(document).reads
    except PolicyFault:
        return None


def grade_case(
    *,
    interaction: str,
    key: Any,
    policy: Mapping[str, Any],  # the name that callers of the interface send
    answer: Any,
    locale: str = "en",
    options: Sequence[str] | None = None,
) -> Verdict:
    """Grade one answer that stands alone, outside any item; raises `PolicyFault`.

    ``options`` lists the ids on offer where the key of a choice names only the right ones.
    """
    rule = _read(policy)
    if rule.interaction != interaction:
        raise PolicyFault(f"{rule.name} grades {rule.interaction}, not {interaction}")
    if isinstance(rule, ChoicePolicy):
        key = choice_key(key, options)
    return rule.grade(key, answer, locale=locale)


_read = policy
