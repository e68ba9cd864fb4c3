"""Whether two formulas are the same function: by exact algebra where that decides, else at places of the domain."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

import numpy as np

from content.expressions import Node
from content.items.equivalence.algebra import decide
from content.items.equivalence.errors import Undefined
from content.items.equivalence.formulas import Formula, Grammar
from content.items.equivalence.places import DRAFT, EVEN, coordinates
from content.items.equivalence.polynomials import Budget
from content.items.equivalence.precise import ROUND, Effort, Found, Known, Lost, Precise
from content.items.equivalence.probing import (
    TOLERANCE,
    VANISHING,
    Measured,
    Probe,
    measure,
    probe,
    typical,
)
from content.items.stream import Floats

MIN_AGREEING = 32
"""Places spread evenly that must agree before agreement counts: a formula needs some domain to be compared on."""
MIN_SHARE = 0.25
"""Of the domain, where a formula of an item must have a value."""
MOST_PRECISE = 160
"""Special places that are tried with more digits; those spread evenly are all."""
FIRST_PRECISE = 32
"""Places that are tried with more digits before all others: a difference mostly shows at once."""


class Outcome(StrEnum):
    """What a comparison can come to."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rule`` says how it was decided. ``doubt`` is for the learner: what kept an undecided one from being decided,
    and what is missing where an answer is defined on another part of the domain than the key."""

    outcome: Outcome
    rule: str
    doubt: str = ""

    @property
    def equal(self) -> bool:
        return self.outcome is Outcome.EQUAL


_EXACTLY_EQUAL = Comparison(Outcome.EQUAL, "the same by exact algebra, wherever both have a value")
_EXACTLY_DIFFERENT = Comparison(Outcome.DIFFERENT, "different by exact algebra")
_TRIED: Final = f"to {TOLERANCE:g} of the value at the places tried, {EVEN} of them spread evenly"
_EQUAL = Comparison(Outcome.EQUAL, f"the same {_TRIED}")
_DIFFERENT = Comparison(Outcome.DIFFERENT, f"not the same {_TRIED}")
_NARROWER = Comparison(
    Outcome.DIFFERENT,
    "no value at places where the key has one",
    "it has no value for some numbers that the letters may stand for",
)
_WIDER = Comparison(Outcome.DIFFERENT, "a value at places where the key has none")
_UNDEFINED = Comparison(Outcome.UNDECIDED, "not comparable", "it divides by 0, whatever the variables are")
_NOWHERE = Comparison(
    Outcome.UNDECIDED, "not comparable", "it has no value at nearly all the places where it was tried"
)
_HIDDEN = Comparison(
    Outcome.UNDECIDED,
    "not comparable",
    "rounding hides its value; write it with fewer steps or smaller numbers",
)


@dataclass(frozen=True)
class Candidate:
    """An answer to be compared with one formula or several, at the places of one key; all comparisons share their
    budgets. ``probing`` is the key from which the places follow."""

    answer: Formula
    grammar: Grammar
    probing: str = DRAFT
    budget: Budget = field(default_factory=Budget)
    effort: Effort = field(default_factory=Effort)

    def compare(self, key: Formula) -> Comparison:
        """Return whether the answer is the formula ``key``; what is canceled, as in (x-1)/(x-1), is gone.

        Two rational functions are compared exactly, and so is what is equal when every function in it is left as it
        is. The rest is tried at places of the domain. There a difference is certain; an agreement is not: formulas
        that differ on a share q of the domain, and at no corner, face or edge tried, pass with probability
        (1 - q)**EVEN, and so do those that differ by less than ``TOLERANCE`` of their value everywhere.
        """
        try:
            decision = decide(key.tree, self.answer.tree, self.grammar.variables, self.budget)
        except Undefined:
            return _UNDEFINED
        if decision.rational and decision.equal is not None:
            return _EXACTLY_EQUAL if decision.equal else _EXACTLY_DIFFERENT
        wanted = measure(key.tree, self.places)
        found = probe(wanted, self._measured)
        if decision.equal:
            return by_domain(found, self._measured) or _EXACTLY_EQUAL
        return settled_by(found, self._measured) or by_probing(self._precisely(key.tree, wanted, found))

    @cached_property
    def places(self) -> dict[str, Floats]:
        return coordinates(self.grammar.variables, self.probing)

    @cached_property
    def _measured(self) -> Measured:
        return measure(self.answer.tree, self.places)

    def _precisely(self, key: Node, wanted: Measured, found: Probe) -> Probe:
        """Return what more digits say at the places that double precision hides."""
        hidden = np.flatnonzero(found.hidden)
        even, special = hidden[hidden < EVEN], hidden[hidden >= EVEN][:MOST_PRECISE]
        scale = typical(wanted)
        for some in (even[:FIRST_PRECISE], special, even[FIRST_PRECISE:]):
            precise = Precise.at(self.places, some.tolist())
            if not self.effort.allows(precise.cost(key, self.answer.tree)):
                break
            pairs = zip(precise.values(key), precise.values(self.answer.tree), strict=True)
            found = found.marked(some, [_mark(one, other, scale) for one, other in pairs])
            if found.differing.any():
                break
        return found


def compare(key: Formula, answer: Formula, grammar: Grammar, probing: str = DRAFT) -> Comparison:
    """Return whether ``answer`` is the formula ``key``, tried at the places that follow from ``probing``."""
    return Candidate(answer, grammar, probing).compare(key)


def by_domain(found: Probe, answer: Measured) -> Comparison | None:
    """Return what follows from where the two formulas have values; None where both have them at the same places.

    Single places do not count, such as the 0 of log(x) on [0, 1]: only those that are spread evenly do.
    """
    if answer.undefined.all():
        return _NOWHERE
    if found.key_only[:EVEN].any():
        return _NARROWER
    return _WIDER if found.answer_only[:EVEN].any() else None


def settled_by(found: Probe, answer: Measured) -> Comparison | None:
    """Return what double precision decides for good: a difference, or another domain."""
    if answer.undefined.all():
        return _NOWHERE
    if found.differing.any():
        return _DIFFERENT
    return by_domain(found, answer)


def by_probing(found: Probe) -> Comparison:
    """Return what agreement and difference at the places amount to."""
    if found.differing.any():
        return _DIFFERENT
    if found.key_only[:EVEN].any():
        return _NARROWER
    if found.answer_only[:EVEN].any():
        return _WIDER
    if found.hidden[:EVEN].any():
        return _HIDDEN
    return _EQUAL if found.agreeing[:EVEN].sum() >= MIN_AGREEING else _NOWHERE


def has_values(formula: Formula, grammar: Grammar, probing: str = DRAFT) -> bool:
    """Whether a formula has a value on enough of the domain to be compared with others."""
    return share_defined(formula, grammar, probing) >= MIN_SHARE


def share_defined(formula: Formula, grammar: Grammar, probing: str = DRAFT) -> float:
    """Return the share of the domain, up to a few percent, on which a formula has a value.

    It is 1.0 exactly where no place was found without one: what an item asks for should be.
    """
    measured = measure(formula.tree, coordinates(grammar.variables, probing))
    known = measured.usable[:EVEN]
    hidden = np.flatnonzero(measured.hidden[:EVEN]).tolist()
    precise = Precise.at(coordinates(grammar.variables, probing), hidden)
    more = 0
    if Effort().allows(precise.cost(formula.tree)):
        more = sum(isinstance(found, Known) for found in precise.values(formula.tree))
    return float((known.sum() + more) / EVEN)


def _mark(key: Found, answer: Found, scale: float) -> str:
    """Return what a place says, as the name of a mark of `Probe`."""
    if isinstance(key, Known) and isinstance(answer, Known):
        return _mark_values(key, answer, Decimal(scale))
    if Lost.HIDDEN in (key, answer):
        return "hidden"
    if isinstance(key, Known):
        return "key_only"
    return "answer_only" if isinstance(answer, Known) else "neither"


def _mark_values(key: Known, answer: Known, scale: Decimal) -> str:
    apart = ROUND.subtract(key.value, answer.value).copy_abs()
    error = ROUND.add(key.error, answer.error)
    size = max(key.value.copy_abs(), answer.value.copy_abs())
    tolerated = ROUND.multiply(size, Decimal(TOLERANCE))
    if apart > ROUND.add(tolerated, ROUND.multiply(error, Decimal(4))):
        return "differing"
    known = max(tolerated, ROUND.multiply(scale, Decimal(VANISHING)))
    return "agreeing" if error <= known else "hidden"
