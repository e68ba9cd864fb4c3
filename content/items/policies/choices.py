"""Our own policies for chosen options, and the one form of key that every choice policy takes.

A key maps each option's id to ``True`` (right), ``False`` (wrong) or, for some peers, a weight. An answer
is one id or a list of ids, whose order and repetitions mean nothing.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from content.items.policies.base import Policy, PolicyFault
from content.items.verdict import Verdict

ChoiceKey: TypeAlias = Mapping[str, bool | float]


class UnreadableChoice(ValueError):
    """The answer is not a choice among the options; the message says why."""


def choice_key(key: Any, options: Sequence[str] | None = None) -> dict[str, bool | float]:
    """Return the key by option; raises `PolicyFault` on the key.

    Also taken: ``{"correct": [ids], "partial": {id: weight}}`` beside the list of ``options``.
    """
    if not isinstance(key, Mapping) or not key:
        raise PolicyFault("the key of a choice maps option ids to true, false or a weight", fault="key")
    if isinstance(key.get("correct"), Sequence) and not isinstance(key["correct"], str):
        return _listed_key(key, options or ())
    weights: dict[str, bool | float] = dict.fromkeys(options or (), False)
    for identifier, weight in key.items():
        if not isinstance(weight, (bool, int, float)):
            raise PolicyFault(f"the key of {identifier} is neither true, false nor a weight", fault="key")
        weights[str(identifier)] = weight
    return weights


def _listed_key(key: Mapping[str, Any], options: Sequence[str]) -> dict[str, bool | float]:
    partial = key.get("partial") or {}
    if not isinstance(partial, Mapping):
        partial = dict.fromkeys(partial)
    weights: dict[str, bool | float] = dict.fromkeys(options, False)
    # Half credit is what the peer gives a partial option that names no weight.
    weights |= {each: 0.5 if weight is None else float(weight) for each, weight in partial.items()}
    return weights | dict.fromkeys(key["correct"], True)


def chosen(answer: Any) -> frozenset[str]:
    """Return the set of ids that an answer chooses; raises `UnreadableChoice`."""
    if answer is None or answer == "":
        return frozenset()
    ids = [answer] if isinstance(answer, str) else answer
    if not isinstance(ids, (list, tuple, set, frozenset)) or not all(isinstance(each, str) for each in ids):
        raise UnreadableChoice("Choose among the options shown.")
    return frozenset(ids)


@dataclass(frozen=True)
class ChoicePolicy(Policy):
    """Grades a set of chosen options against the key of each option."""

    interaction: ClassVar[str] = "choice"
    # Whether something that is not on offer can be graded (and is simply wrong).
    strangers_are_valid: ClassVar[bool] = False

    @abstractmethod
    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        """Return the score of a readable choice."""

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        weights = choice_key(key)
        try:
            ids = self.readable(weights, chosen(answer))
        except UnreadableChoice as unreadable:
            return self.invalid(str(unreadable))
        return self.scored(self.credit(weights, ids), parsed=sorted(ids))

    def readable(self, key: ChoiceKey, ids: frozenset[str]) -> frozenset[str]:
        """Return the ids, or raise `UnreadableChoice` for a choice that cannot be graded."""
        if not ids and not self.blank_is_valid:
            raise UnreadableChoice("Choose an option.")
        if not self.strangers_are_valid and not ids <= key.keys():
            raise UnreadableChoice("Choose among the options shown.")
        return ids


def right_options(key: ChoiceKey) -> frozenset[str]:
    """Return the ids whose key is true; raises `PolicyFault` where a weight stands for true or false."""
    for identifier, weight in key.items():
        if weight not in (True, False):
            raise PolicyFault(f"the key of {identifier} must be true or false under this policy", fault="key")
    return frozenset(identifier for identifier, weight in key.items() if weight)


@dataclass(frozen=True)
class Single(ChoicePolicy):
    """One option is chosen, and it is right or wrong."""

    name: ClassVar[str] = "single"
    strict_document: ClassVar[bool] = True

    @property
    def rule(self) -> str:
        return "the right option is chosen"

    def readable(self, key: ChoiceKey, ids: frozenset[str]) -> frozenset[str]:
        if len(ids) > 1:
            raise UnreadableChoice("Choose one option only.")
        return super().readable(key, ids)

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        return float(chosen <= right_options(key))


@dataclass(frozen=True)
class AllOrNothing(ChoicePolicy):
    """Every option must be decided rightly. Choosing nothing is an answer: it may be the right one."""

    name: ClassVar[str] = "all_or_nothing"
    strict_document: ClassVar[bool] = True
    blank_is_valid: ClassVar[bool] = True

    @property
    def rule(self) -> str:
        return "exactly the right options are chosen"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        return float(chosen == right_options(key))


@dataclass(frozen=True)
class PerOption(ChoicePolicy):
    """The share of the options decided rightly: chosen when right, left when wrong."""

    name: ClassVar[str] = "per_option"
    strict_document: ClassVar[bool] = True
    blank_is_valid: ClassVar[bool] = True

    @property
    def rule(self) -> str:
        return "the share of options decided rightly"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        return 1 - len(chosen ^ right_options(key)) / len(key)


@dataclass(frozen=True)
class RightMinusWrong(ChoicePolicy):
    """Right choices less wrong ones, as a share of the right options, and never below 0."""

    name: ClassVar[str] = "right_minus_wrong"
    strict_document: ClassVar[bool] = True
    blank_is_valid: ClassVar[bool] = True

    @property
    def rule(self) -> str:
        return "right choices less wrong ones, as a share of the right options"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        right = right_options(key)
        if not right:
            return float(not chosen)
        return max(0.0, (len(chosen & right) - len(chosen - right)) / len(right))
