"""An adaptive assessment as plain functions: begin, propose the next item, take its score, stop.

A state is a value; the same plan, bank and scores lead to the same state, bit by bit, so that an attempt
can be rebuilt from its responses. Delivery to learners and simulation run through the same functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from assessment.psychometrics import constraints, exposure, selection
from assessment.psychometrics.bank import BankSnapshot
from assessment.psychometrics.constraints import Constraint, Kinds
from assessment.psychometrics.estimation import (
    STANDARD_NORMAL,
    Estimate,
    NormalPrior,
    expected,
    log_prior,
    update,
)
from assessment.psychometrics.exposure import Eligibility, ExposureControl, ExposureCounts
from assessment.psychometrics.irt import Floats
from assessment.psychometrics.selection import RULES, BankExhausted, Choice, Situation
from assessment.psychometrics.shadow import Blueprint, ShadowTest, assemble
from assessment.psychometrics.stopping import Standing, Stop, StoppingRule, should_stop


@dataclass(frozen=True)
class AdaptivePlan:
    """How to assess: everything that is the same for all learners.

    ``rule`` is a name in `selection.RULES`. ``constraints`` steer by penalties; a ``blueprint`` instead
    keeps its rows by shadow tests, with posterior-weighted information whatever the rule. ``length`` is
    what rows and the progressive rule count with. Raises ValueError for an unknown rule, for a length
    below 1 and for both kinds of rows at once.
    """

    length: int = 30
    rule: str = "posterior_weighted"
    stopping: tuple[StoppingRule, ...] = ()
    minimum: int = 1
    prior: NormalPrior = STANDARD_NORMAL
    exposure: ExposureControl | None = None
    constraints: tuple[Constraint, ...] = ()
    blueprint: Blueprint | None = None

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"no rule is called {self.rule!r}; there are {sorted(RULES)}")
        if self.length < 1 or self.minimum < 0:
            raise ValueError(f"an assessment has at least one item, got a length of {self.length}")
        if self.constraints and self.blueprint is not None:
            raise ValueError("rows are kept by penalties or by shadow tests, not by both")

    @cached_property
    def kinds(self) -> Kinds:
        """The rows that steer, ready for many choices."""
        return Kinds.of(self.constraints)

    @property
    def rows(self) -> Sequence[Constraint]:
        """The content constraints, however they are kept."""
        return self.constraints if self.blueprint is None else self.blueprint.constraints


@dataclass(frozen=True, slots=True)
class AdaptiveState:
    """Where one attempt stands: the log-posterior on the grid, and what was given and scored so far."""

    log_posterior: Floats
    administered: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    eligibility: Eligibility | None = None
    shadow: ShadowTest | None = None

    @property
    def estimate(self) -> Estimate:
        """Theta (posterior mean) and its standard error."""
        return expected(self.log_posterior)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next item, why it was chosen, and the shadow test it came from, if any."""

    item: int
    value: float
    rule: str
    shadow: ShadowTest | None = None


def begin(
    plan: AdaptivePlan,
    *,
    counts: ExposureCounts | None = None,
    rng: np.random.Generator | None = None,
) -> AdaptiveState:
    """Return the state before the first item. Exposure control needs its counters and a generator."""
    start = log_prior(plan.prior)
    if plan.exposure is None:
        return AdaptiveState(start)
    if counts is None or rng is None:
        raise ValueError("exposure control needs counts and a generator")
    return AdaptiveState(start, eligibility=exposure.draw(plan.exposure, counts, rng))


def propose(
    plan: AdaptivePlan, bank: BankSnapshot, state: AdaptiveState, rng: np.random.Generator
) -> Proposal | Stop:
    """Return the next item, or why there is none.

    Exposure gives way when only ineligible items are left. As long as a row is short of its lower bound,
    nothing but the length ends the assessment.
    """
    if len(state.administered) >= plan.length:
        return Stop("length")
    try:
        proposal = _choose(plan, bank, state, rng)
    except BankExhausted:
        return Stop("bank_exhausted")
    standing = Standing(state.log_posterior, log_prior(plan.prior), len(state.administered), proposal.value)
    if constraints.wanting(plan.rows, state.administered):
        return proposal
    return should_stop(plan.stopping, standing, minimum=plan.minimum) or proposal


def answer(bank: BankSnapshot, state: AdaptiveState, proposal: Proposal, score: float) -> AdaptiveState:
    """Return the state after a score in [0, 1] on the proposed item."""
    return replace(
        state,
        log_posterior=update(state.log_posterior, bank.item(proposal.item), score),
        administered=(*state.administered, proposal.item),
        scores=(*state.scores, score),
        shadow=proposal.shadow,
    )


def _choose(
    plan: AdaptivePlan, bank: BankSnapshot, state: AdaptiveState, rng: np.random.Generator
) -> Proposal:
    favor = _favor(plan, state)
    if plan.blueprint is not None:
        return _from_shadow(plan.blueprint, bank, state, favor)
    try:
        choice = _by_rule(plan, bank, state, favor, rng)
    except BankExhausted:
        if state.eligibility is None:
            raise
        choice = _by_rule(plan, bank, state, _rows(plan, state), rng)
    return Proposal(choice.item, choice.value, plan.rule)


def _by_rule(
    plan: AdaptivePlan,
    bank: BankSnapshot,
    state: AdaptiveState,
    favor: Floats | None,
    rng: np.random.Generator,
) -> Choice:
    situation = Situation(state.log_posterior, state.administered, favor, plan.length)
    return RULES[plan.rule](bank, situation, rng)


def _from_shadow(plan: Blueprint, bank: BankSnapshot, state: AdaptiveState, favor: Floats | None) -> Proposal:
    """Choose from the shadow test. An ineligible item keeps a little value, so that the rows can always be
    met.
    """
    values = selection.scores(bank, Situation(state.log_posterior))
    if favor is not None:
        values = values * np.where(favor > 0, favor, 1e-3)
    test = assemble(plan, values, state.administered, before=state.shadow)
    item = test.next_item(values, state.administered)
    return Proposal(item, float(values[item]), "shadow", test)


def _favor(plan: AdaptivePlan, state: AdaptiveState) -> Floats | None:
    rows = _rows(plan, state)
    if plan.exposure is None or state.eligibility is None:
        return rows
    band = plan.exposure.band(float(state.estimate.theta)) if plan.exposure.edges else 0
    eligible = state.eligibility.favor(plan.exposure, band)
    return eligible if rows is None else eligible * rows


def _rows(plan: AdaptivePlan, state: AdaptiveState) -> Floats | None:
    if not plan.constraints:
        return None
    return plan.kinds.favor(state.administered, plan.length)
