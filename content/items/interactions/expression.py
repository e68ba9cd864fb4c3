"""Formula entry: right is what equals the key as a function of its variables, however it is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from content.documents.reader import Reader
from content.expressions import RESERVED, Expression, Scope
from content.items.equivalence import (
    DEFAULT_DOMAIN,
    DRAFT,
    ELEMENTARY,
    MAX_LENGTH,
    Candidate,
    Comparison,
    FormulaFault,
    Grammar,
    Outcome,
    compare,
    has_values,
    read,
    share_defined,
    templates,
)
from content.items.interactions.base import (
    Draw,
    Draws,
    Interaction,
    Record,
    Render,
    Samples,
    Trouble,
    parse_weight,
)
from content.items.verdict import Verdict, invalid

VERSION = 2
MAX_VARIABLES = 12
MAX_RECOGNISED = 10
MAX_BOUND = 1e6
"""Magnitude of the ends of a domain."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}\Z")
_ALIAS = re.compile(r"(?:[A-Za-z][A-Za-z0-9_]{0,39}|[^\W\d_])\Z")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A formula that mistakes lead to, with what it earns and tells."""

    formula: str
    misconception: str | None
    feedback: str | None
    credit: float


@dataclass(frozen=True, kw_only=True)
class ExpressionEntry(Interaction):
    """``key`` and the formulas of ``recognised`` may hold this draw's numbers as ``{name}``.

    ``computed`` has these numbers, each under its placeholder.
    """

    kind: ClassVar[str] = "expression"
    probes: ClassVar[bool] = True
    judged_as_arrays: ClassVar[bool] = True
    key: str
    grammar: Grammar
    recognised: tuple[Recognised, ...]

    @classmethod
    def parse(cls, identifier: str, reader: Reader, scope: Scope) -> Self | None:
        grammar = _parse_grammar(reader, scope.language)
        key = str(reader.raw("key")) if type(reader.raw("key")) in (int, float) else reader.text("key")
        recognised = tuple(_parse_recognised(entry) for entry in reader.readers("recognise"))
        if len(recognised) > MAX_RECOGNISED:
            reader.fault("recognise", f"must be at most {MAX_RECOGNISED}")
        if grammar is None:
            return None
        entry = cls(
            id=identifier,
            weight=parse_weight(reader),
            computed=_numbers(key, recognised, scope),
            key=key,
            grammar=grammar,
            recognised=recognised,
        )
        return entry if entry._is_sound(reader, scope) else None

    @classmethod
    def schema(cls) -> dict[str, Any]:
        recognised = {
            "type": "object",
            "required": ["formula"],
            "additionalProperties": False,
            "properties": {
                "formula": {"type": "string"},
                "misconception": {"type": "string"},
                "feedback": {"type": "string"},
                "credit": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
            },
        }
        domain = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
        listed = {"type": "array", "minItems": 1, "maxItems": MAX_VARIABLES, "items": {"type": "string"}}
        by_name = {"type": "object", "minProperties": 1, "maxProperties": MAX_VARIABLES}
        return {
            "required": ["key", "variables"],
            "properties": {
                "key": {"type": ["string", "number"]},
                "variables": {"oneOf": [listed, by_name | {"additionalProperties": domain}]},
                "functions": {"type": "array", "items": {"enum": list(ELEMENTARY)}},
                "aliases": {"type": "object", "additionalProperties": {"type": "string"}},
                "recognise": {"type": "array", "maxItems": MAX_RECOGNISED, "items": recognised},
            },
        }

    def record(self, draw: Draw) -> dict[str, Any]:
        return {
            "key": _filled(self.key, draw.computed),
            "policy": {"name": "expression", "version": VERSION, **self.grammar.to_json()},
            "recognise": [_filled(entry.formula, draw.computed) for entry in self.recognised],
        }

    def present(self, record: Record, render: Render) -> dict[str, Any]:
        return {
            "variables": list(self.grammar.variables),
            "functions": list(self.grammar.functions),
            "max_length": MAX_LENGTH,
        }

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
        for entry, other in zip(self.recognised, others, strict=True):
            if candidate.compare(other).equal:
                return verdict.with_misconception(
                    entry.misconception, feedback=entry.feedback, score=entry.credit
                )
        return verdict

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        """Yield the draws whose key has too few values, or is a formula that a mistake leads to."""
        if not draws.computed:
            return
        for placeholder, array in draws.computed.items():
            if array.ndim > 1:
                yield Trouble(
                    f"{placeholder} in a formula of {self.id} is no number", np.ones(draws.count, np.bool_)
                )
                return
        key = templates.values(self.key, draws.computed, self.grammar, draws.count)
        yield Trouble(f"the key of {self.id} has too few values in its domain", templates.undefined(key))
        for entry in self.recognised:
            other = templates.values(entry.formula, draws.computed, self.grammar, draws.count)
            same = templates.inseparable(key, other)
            yield Trouble(f"{entry.formula} is taken for the key of {self.id}", same)

    def objections(self, record: Record) -> Iterator[str]:
        """Yield that the key has no value on a part of its domain: an answer that has one there would be wrong."""
        grammar = Grammar.from_json(record["policy"])
        share = share_defined(read(record["key"], grammar), grammar)
        if share < 1:
            yield f"the key of {self.id} has a value on {share:.0%} of its domain only; state a smaller one"

    @property
    def misconceptions(self) -> frozenset[str]:
        return frozenset(entry.misconception for entry in self.recognised if entry.misconception)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(entry.feedback for entry in self.recognised if entry.feedback)

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

    def _is_sound(self, reader: Reader, scope: Scope) -> bool:
        """Report formulas that cannot be read or compared; those with placeholders wait for their numbers."""
        texts = {"key": self.key}
        texts |= {f"recognise.{i}.formula": entry.formula for i, entry in enumerate(self.recognised)}
        if not all(texts.values()):
            return False
        readable = [self._is_readable(reader, path, text, scope) for path, text in texts.items()]
        if not all(readable):
            return False
        fixed = {
            path: read(text, self.grammar) for path, text in texts.items() if not _PLACEHOLDER.search(text)
        }
        for path, formula in fixed.items():
            if not has_values(formula, self.grammar):
                reader.fault(path, "has a value at too few places of the domain; state that of each variable")
            elif path != "key" and "key" in fixed and compare(fixed["key"], formula, self.grammar).equal:
                reader.fault(path, "is the key itself")
        return True

    def _is_readable(self, reader: Reader, path: str, text: str, scope: Scope) -> bool:
        unknown = [name for name in _PLACEHOLDER.findall(text) if name not in scope]
        for name in unknown:
            reader.fault(path, f"shows {{{name}}}, which is no parameter or step")
        try:
            read(_PLACEHOLDER.sub(_any_number, text), self.grammar)
        except FormulaFault as fault:
            reader.fault(path, f"column {fault.column}: {fault.reason}")
            return False
        return not unknown


def _parse_grammar(reader: Reader, language: int) -> Grammar | None:
    variables = _parse_variables(reader, RESERVED[language])
    functions = reader.texts("functions") if reader.has("functions") else ELEMENTARY
    for name in functions:
        if name not in ELEMENTARY:
            reader.fault("functions", f"must be among {', '.join(ELEMENTARY)}")
    aliases = reader.mapping("aliases")
    for alias, variable in aliases.items():
        if not _ALIAS.match(alias) or alias in RESERVED[language] or alias in variables:
            aliases.fault(alias, "must be a letter or a name that means nothing yet")
        elif not isinstance(variable, str) or variable not in variables:
            aliases.fault(alias, "must stand for a variable")
    sound = variables and set(functions) <= set(ELEMENTARY)
    return Grammar(variables, functions, dict(aliases.document), language) if sound else None


def _parse_variables(reader: Reader, reserved: Collection[str]) -> dict[str, tuple[float, float]]:
    """Read names alone, or names with their domains."""
    document = reader.raw("variables")
    if isinstance(document, list) and all(isinstance(name, str) for name in document):
        document = {name: list(DEFAULT_DOMAIN) for name in document}
    entries = Reader.of(document, reader.at("variables"), reader.faults)
    if not 1 <= len(entries.document) <= MAX_VARIABLES:
        reader.fault("variables", f"must be 1 to {MAX_VARIABLES} names, perhaps with their domains")
    variables = {}
    for name, domain in entries.items():
        if not _VARIABLE.match(name) or name in reserved:
            entries.fault(name, "must be a name of letters and digits that means nothing yet")
        elif not _is_domain(domain):
            entries.fault(name, f"must be a pair [low, high] within ±{MAX_BOUND:,.0f}")
        else:
            variables[name] = (float(domain[0]), float(domain[1]))
    return variables


def _is_domain(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(end) in (int, float) and abs(end) <= MAX_BOUND for end in value)
        and value[0] < value[1]
    )


def _parse_recognised(reader: Reader) -> Recognised:
    credit = reader.number("credit", 0.0)
    entry = Recognised(
        formula=reader.text("formula"),
        misconception=reader.text("misconception", default="") or None,
        feedback=reader.text("feedback", default="") or None,
        credit=float(credit or 0.0),
    )
    reader.finish()
    if not 0 <= entry.credit < 1:
        reader.fault("credit", "must be at least 0 and less than 1")
    return entry


def _numbers(key: str, recognised: tuple[Recognised, ...], scope: Scope) -> dict[str, Expression]:
    """Return what is computed for a draw: the number behind each placeholder."""
    texts = [key, *(entry.formula for entry in recognised)]
    found = {name for text in texts for name in _PLACEHOLDER.findall(text) if name in scope}
    return {f"{{{name}}}": scope.parse(name) for name in sorted(found)}


def _filled(formula: str, numbers: Mapping[str, Any]) -> str:
    """Return the formula with every digit of the draw's numbers; a text for reading would round them."""
    return _PLACEHOLDER.sub(lambda found: f"({_written(numbers[found[0]])})", formula)


def _written(value: Any) -> str:
    return (
        str(int(value))
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        else repr(value)
    )


def _any_number(found: re.Match[str]) -> str:
    """Return what reads as a number and is as long as the placeholder, so that columns stay."""
    return f"({'1'.center(len(found[0]) - 2)})"


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
