"""Formula entry: right is what equals the key as a function of its variables, however it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Final

import numpy as np

from content.documents.reader import PathFault, Reader
from content.expressions import RESERVED, Expression, Scope, parse
from content.expressions.suggesting import did_you_mean, nearest
from content.items.equivalence import (
    DRAFT,
    ELEMENTARY,
    MAX_LENGTH,
    Candidate,
    Comparison,
    FormulaFault,
    Grammar,
    Outcome,
    compare,
    difference,
    has_values,
    read,
    share_defined,
    templates,
    written,
)
from content.items.interactions import fields
from content.items.interactions.base import Draw, Draws, Interaction, Record, Render, Samples, Trouble
from content.items.interactions.expression import grammar
from content.items.interactions.expression.placeholders import (
    PLACEHOLDER,
    filled,
    names_in,
    with_any_numbers,
)
from content.items.interactions.fields import Fault
from content.items.interactions.shown import Shown, last
from content.items.verdict import Verdict, invalid

VERSION: Final = 2
MAX_RECOGNIZED: Final = 10


@dataclass(frozen=True)
class ShownFormula(Shown):
    """The answer is a formula as typed, such as ``w*(1 - 2*lr*lam)``."""

    variables: tuple[str, ...]
    functions: tuple[str, ...]
    max_length: int

    def from_form(self, values: Sequence[str]) -> Any:
        return last(values)


@dataclass(frozen=True, kw_only=True)
class Recognized(fields.Declared):
    """A formula that mistakes lead to, with what it earns and tells."""

    formula: str = fields.text()
    misconception: str | None = fields.optional_text()
    feedback: str | None = fields.optional_text()
    credit: float = fields.share(0.0, below_one=True)


def _formula(reader: Reader, key: str, _: Scope) -> str:
    source = reader.raw(key)
    return str(source) if type(source) in (int, float) else reader.text(key)


@dataclass(frozen=True, kw_only=True)
class ExpressionEntry(Interaction):
    """``key`` and the formulas of ``recognized`` may hold this draw's numbers as ``{name}``.

    ``computed`` has these numbers, each under its placeholder.
    """

    kind: ClassVar[str] = "expression"
    shows: ClassVar[type[Shown]] = ShownFormula
    probes: ClassVar[bool] = True
    judged_as_arrays: ClassVar[bool] = True
    key: str = fields.field(_formula, fields.EXPRESSION_SCHEMA, required=True)
    variables: dict[str, tuple[float, float]] = grammar.variables()
    functions: tuple[str, ...] = grammar.functions()
    aliases: dict[str, Any] = grammar.aliases()
    recognized: tuple[Recognized, ...] = fields.entries(
        Recognized,
        name="recognise",
        most=MAX_RECOGNIZED,
        reason=f"must be at most {MAX_RECOGNIZED}",
        about="Formulas that mistakes lead to.",
    )

    @cached_property
    def grammar(self) -> Grammar:
        return Grammar(self.variables, self.functions, self.aliases, self.language)

    @cached_property
    def computed(self) -> Mapping[str, Expression]:
        found = {name for formula in self._formulas.values() for name in names_in(formula)}
        return {f"{{{name}}}": parse(name, language=self.language) for name in sorted(found)}

    @property
    def _formulas(self) -> dict[str, str]:
        """The formulas by where they stand in the document."""
        others = {f"recognise.{i}.formula": entry.formula for i, entry in enumerate(self.recognized)}
        return {"key": self.key, **others}

    def record(self, draw: Draw) -> dict[str, Any]:
        return {
            "key": filled(self.key, draw.computed),
            "policy": {"name": "expression", "version": VERSION, **self.grammar.to_json()},
            "recognise": [filled(entry.formula, draw.computed) for entry in self.recognized],
        }

    def present(self, record: Record, render: Render) -> Shown:
        return ShownFormula(tuple(self.variables), self.functions, MAX_LENGTH)

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        if not isinstance(answer, str) or not answer.strip():
            return invalid("expression", VERSION, "Enter a formula.")
        grammar = Grammar.from_json(record["policy"])
        probing = str(record.get("probing", DRAFT))
        try:
            candidate = Candidate(read(answer, grammar), grammar, probing)
        except FormulaFault as fault:
            return invalid("expression", VERSION, str(fault))
        try:
            key = read(str(record["key"]), grammar)
            others = [read(formula, grammar) for formula in record["recognise"]]
        except FormulaFault as fault:
            return invalid("expression", VERSION, f"This item cannot be graded. Its own formula: {fault}")
        comparison = candidate.compare(key)
        entered = candidate.answer.text
        if comparison.outcome is Outcome.UNDECIDED:
            message = f"Your formula cannot be judged: {comparison.doubt}."
            return replace(invalid("expression", VERSION, message, entered), probing=probing)
        verdict = _verdict(comparison, entered, probing)
        if comparison.equal:
            return verdict
        for entry, other in zip(self.recognized, others, strict=True):
            if candidate.compare(other).equal:
                return verdict.with_misconception(
                    entry.misconception, feedback=entry.feedback, score=entry.credit
                )
        return verdict

    def right_answer(self, record: Record, decimal: str) -> str:
        key, grammar = str(record["key"]), Grammar.from_json(record["policy"])
        try:
            return written(read(key, grammar), grammar)
        except FormulaFault:
            # Its answers cannot be graded either, and that is said of them.
            return key

    def compared(self, record: Record, verdict: Verdict) -> str:
        grammar = Grammar.from_json(record["policy"])
        if verdict.correct or not verdict.valid or not isinstance(verdict.parsed, str):
            return ""
        try:
            key, answer = read(str(record["key"]), grammar), read(verdict.parsed, grammar)
        except FormulaFault:
            # Written out, with every sign of multiplication, an answer can be longer than what is read.
            return ""
        return difference(key, answer, grammar)

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        """Yield the draws whose key has too few values, or is a formula that a mistake leads to."""
        if not draws.computed:
            return
        for placeholder, array in draws.computed.items():
            if array.ndim > 1:
                yield Trouble(
                    f"{placeholder} in a formula of {self.id} is no number",
                    np.ones(draws.count, np.bool_),
                    path=next(path for path, formula in self._formulas.items() if placeholder in formula),
                )
                return
        key = templates.values(self.key, draws.computed, self.grammar, draws.count)
        reason = f"the key of {self.id} has too few values in its domain"
        yield Trouble(reason, templates.undefined(key), path="key")
        for place, entry in enumerate(self.recognized):
            other = templates.values(entry.formula, draws.computed, self.grammar, draws.count)
            same = templates.inseparable(key, other)
            reason = f"{entry.formula} is taken for the key of {self.id}"
            yield Trouble(reason, same, path=f"recognise.{place}.formula")

    def objections(self, record: Record) -> Iterator[str]:
        """Yield that the key has no value on a part of its domain: an answer that has one there would be wrong."""
        grammar = Grammar.from_json(record["policy"])
        share = share_defined(read(record["key"], grammar), grammar)
        if share < 1:
            yield f"the key of {self.id} has a value on {share:.0%} of its domain only; state a smaller one"

    @property
    def misconceptions(self) -> frozenset[str]:
        return frozenset(entry.misconception for entry in self.recognized if entry.misconception)

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        return fields.written_in("recognise", self.recognized, "feedback")

    def samples(self, record: Record) -> Samples:
        key = record["key"]
        unknown = next(name for name in ("x", "y", "other") if name not in self.grammar.variables)
        return Samples(
            right=(key, f"0 + ({key})"),
            wrong=(f"({key}) + 1", *record["recognise"]),
            invalid=(
                "",
                "  ",
                f"({key}",
                f"({key}) + {unknown}_{unknown}",
                "1" * (MAX_LENGTH + 1),
                None,
                7,
                [],
            ),
        )

    def faults(self, scope: Scope) -> Iterator[Fault]:
        """Yield formulas that cannot be read or compared; those with placeholders wait for their numbers."""
        yield from self._wrong_aliases()
        usable = self.variables and set(self.functions) <= set(ELEMENTARY)
        if not usable or not all(self._formulas.values()):
            return
        unreadable = [fault for path in self._formulas for fault in self._unreadable(path, scope)]
        yield from unreadable or self._incomparable()

    def _wrong_aliases(self) -> Iterator[Fault]:
        for alias, variable in self.aliases.items():
            if not grammar.ALIAS.match(alias) or alias in RESERVED[self.language] or alias in self.variables:
                yield f"aliases.{alias}", "must be a letter or a name that means nothing yet"
            elif not isinstance(variable, str) or variable not in self.variables:
                yield f"aliases.{alias}", "must stand for a variable"

    def _unreadable(self, path: str, scope: Scope) -> Iterator[Fault]:
        formula = self._formulas[path]
        for found in PLACEHOLDER.finditer(formula):
            if found[1] not in scope:
                meant = nearest(found[1], scope.names)
                reason = f"shows {{{found[1]}}}, which is no parameter or step{did_you_mean(meant)}"
                yield PathFault(path, reason, inside=found.span(1), suggestion=meant)
        try:
            read(with_any_numbers(formula), self.grammar)
        except FormulaFault as fault:
            at = fault.column - 1
            said = f"column {fault.column}: {fault.reason}"
            yield PathFault(path, fault.reason, inside=(at, at + 1), alone=said)

    def _incomparable(self) -> Iterator[Fault]:
        fixed = {
            path: read(text, self.grammar) for path, text in self._formulas.items() if not names_in(text)
        }
        for path, formula in fixed.items():
            if not has_values(formula, self.grammar):
                yield path, "has a value at too few places of the domain; state that of each variable"
            elif path != "key" and "key" in fixed and compare(fixed["key"], formula, self.grammar).equal:
                yield path, "is the key itself"


def _verdict(comparison: Comparison, entered: str, probing: str) -> Verdict:
    return Verdict(
        valid=True,
        score=float(comparison.equal),
        policy="expression",
        policy_version=VERSION,
        rule=comparison.rule,
        parsed=entered,
        message=f"Your formula is not the one asked for: {comparison.doubt}." if comparison.doubt else "",
        probing=probing,
    )
