"""Whether two formulas are the same function: by exact algebra where that decides, else at places of the domain."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from content.items.equivalence.algebra import decide
from content.items.equivalence.errors import Undefined
from content.items.equivalence.formulas import Formula, Grammar
from content.items.equivalence.polynomials import Budget
from content.items.equivalence.probing import POINTS, TOLERANCE, Measured, Probe, measure, probe

MIN_AGREEING = 32
"""Places that must agree before agreement counts."""
MIN_SHARE = 0.75
"""Of the places where the key has a value: where the answer must have one, and where rounding may not hide it."""


class Outcome(StrEnum):
    """What a comparison can come to."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rule`` says how it was decided, and ``doubt`` what kept an undecided one from being so."""

    outcome: Outcome
    rule: str
    doubt: str = ""

    @property
    def equal(self) -> bool:
        return self.outcome is Outcome.EQUAL


_EXACTLY_EQUAL = Comparison(Outcome.EQUAL, "the same by exact algebra, wherever both have a value")
_EXACTLY_DIFFERENT = Comparison(Outcome.DIFFERENT, "different by exact algebra")
_UNDEFINED = Comparison(Outcome.UNDECIDED, "not comparable", "it divides by 0, whatever the variables are")
_NOWHERE = Comparison(
    Outcome.UNDECIDED, "not comparable", "it has no value in most of the places where it was tried"
)
_HIDDEN = Comparison(
    Outcome.UNDECIDED,
    "not comparable",
    "rounding hides its value; write it with fewer steps or smaller numbers",
)


@dataclass(frozen=True)
class Candidate:
    """An answer to be compared with one formula or several; all comparisons share one budget."""

    answer: Formula
    grammar: Grammar
    budget: Budget = field(default_factory=Budget)

    def compare(self, key: Formula) -> Comparison:
        """Return whether the answer is the formula ``key``; what is cancelled, as in (x-1)/(x-1), is gone.

        Two rational functions are compared exactly, and so is what is equal when every function in it is left as it
        is. The rest is tried at ``POINTS`` places of the domain. There a difference is certain; an agreement is not:
        formulas that differ on a share q of the domain pass with probability (1 - q)**POINTS, 0.0014 for a
        twentieth, and so do those that differ by less than ``TOLERANCE`` of their value everywhere.
        """
        try:
            decision = decide(key.tree, self.answer.tree, self.grammar.variables, self.budget)
        except Undefined:
            return _UNDEFINED
        if decision.rational and decision.equal is not None:
            return _EXACTLY_EQUAL if decision.equal else _EXACTLY_DIFFERENT
        found = probe(measure(key.tree, self.grammar.variables), self._measured)
        if decision.equal:
            # Of what has no value anywhere, such as 0*log(-1), algebra may say anything.
            return _EXACTLY_EQUAL if found.both else _NOWHERE
        return by_probing(found)

    @cached_property
    def _measured(self) -> Measured:
        return measure(self.answer.tree, self.grammar.variables)


def compare(key: Formula, answer: Formula, grammar: Grammar) -> Comparison:
    """Return whether ``answer`` is the formula ``key``."""
    return Candidate(answer, grammar).compare(key)


def by_probing(found: Probe) -> Comparison:
    """Return what agreement and difference at the places amount to."""
    tried = f"{TOLERANCE:g} of the value at {{}} of {POINTS} places tried"
    if found.differing:
        return Comparison(Outcome.DIFFERENT, f"apart by more than {tried.format(found.differing)}")
    if found.both < max(MIN_AGREEING, MIN_SHARE * found.key):
        return _NOWHERE
    if found.agreeing < max(MIN_AGREEING, MIN_SHARE * found.both):
        return _HIDDEN
    return Comparison(Outcome.EQUAL, f"the same to {tried.format(found.agreeing)}")


def has_values(formula: Formula, grammar: Grammar) -> bool:
    """Whether a formula has a value at enough places of the domain to be compared with others."""
    measured = measure(formula.tree, grammar.variables)
    return by_probing(probe(measured, measured)).equal
