"""What every kind of interaction can do. A new kind is a file beside this one and a line in the table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from content.documents.reader import Reader
from content.expressions import Expression, ExpressionError, Scope
from content.items.markup import as_read
from content.items.policies import READERS, Policy, PolicyFault, policy
from content.items.stream import Bools, Floats
from content.items.verdict import Verdict

EXPRESSION_SCHEMA: dict[str, Any] = {"type": ["string", "number"]}
POLICY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "version": {"type": "integer"}},
}

Render = Callable[[str], str]
"""Fills an author's inline Markdown with the learner's numbers and gives safe HTML."""

Fill = Callable[[str], str]
"""Fills an author's text with this draw's numbers, without rendering it."""

Record = Mapping[str, Any]
"""What a variant stores for one interaction: JSON, with at least ``key`` and ``policy``."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw as an interaction sees it: its computed values, n uniform numbers, and texts filled in."""

    computed: Mapping[str, Any]
    uniforms: Callable[[int], Floats]
    fill: Fill


@dataclass(frozen=True, slots=True)
class Draws:
    """Many draws as an interaction sees them: computed values with the draws first, and texts filled in for each."""

    count: int
    computed: Mapping[str, Floats]
    written: Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the draws marked in ``wrong`` may not be shown; ``refuses`` if one of them condemns the whole item."""

    reason: str
    wrong: Bools
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Samples:
    """Answers to a variant that its own kind must grade so: a test made from the definition itself.

    ``worth`` lists answers with the exact score of each.
    """

    right: tuple[Any, ...]
    wrong: tuple[Any, ...]
    invalid: tuple[Any, ...]
    worth: tuple[tuple[Any, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Interaction(ABC):
    """One place in a body where the learner answers.

    ``computed`` holds what is evaluated for every draw: ``key`` where the key depends on the parameters.
    """

    kind: ClassVar[str]
    key_dimensions: ClassVar[tuple[int, ...]] = ()
    """How many axes a computed key may have."""
    probes: ClassVar[bool] = False
    """Whether answers are tried at places that a key kept from learners decides; the record then has ``probing``."""
    judged_as_arrays: ClassVar[bool] = False
    """Whether `accepts` or `troubles` judges thousands of draws at once, so that few need be graded one by one."""
    id: str
    weight: float = 1.0
    computed: Mapping[str, Expression] = field(default_factory=dict)

    @classmethod
    @abstractmethod
    def parse(cls, identifier: str, reader: Reader, scope: Scope) -> Self | None:
        """Read the definition; expressions stand in ``scope``. Faults go to the reader and give None."""

    @abstractmethod
    def record(self, draw: Draw) -> dict[str, Any]:
        """Return what the variant stores of one draw."""

    @abstractmethod
    def present(self, record: Record, render: Render) -> dict[str, Any]:
        """Return what the learner's side needs to show the input, and nothing else."""

    @abstractmethod
    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        """Return the verdict on an answer as the learner gave it; never raises on any JSON value."""

    def classify(self, record: Record, answer: object, verdict: Verdict) -> str:
        """Return the class of a response for counting: right, a misconception, other, or invalid."""
        if not verdict.valid:
            return "invalid"
        return "right" if verdict.correct else verdict.misconception or "other"

    @classmethod
    @abstractmethod
    def schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of the definition's own properties, beside kind and weight."""

    @abstractmethod
    def samples(self, record: Record) -> Samples:
        """Return answers that must be graded right, wrong and invalid."""

    def accepts(self, key: Floats, answer: Floats) -> Bools | None:
        """Return for each draw whether ``answer`` would be right for ``key``; None where answers are no numbers.

        Both have a leading batch axis.
        """
        return None

    def objections(self, record: Record) -> Iterator[str]:
        """Yield what is wrong with what was drawn for one learner; too slow to be asked of every draw."""
        yield from ()

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        """Yield what would keep a learner from answering some of the draws rightly."""
        yield from ()

    @property
    def offered(self) -> tuple[str, ...]:
        """The author's texts that a learner sees here before answering."""
        return ()

    @property
    def telling(self) -> tuple[str, ...]:
        """The ids that tell a learner who reads them what is right."""
        return ()

    @property
    def key_texts(self) -> tuple[str, ...]:
        """The author's texts that are right answers."""
        return ()

    @property
    def misconceptions(self) -> frozenset[str]:
        """The misconceptions that entries of the definition itself stand for."""
        return frozenset()

    @property
    def texts(self) -> tuple[str, ...]:
        """The author's texts that may hold placeholders."""
        return ()


def parse_expression(reader: Reader, key: str, scope: Scope) -> Expression | None:
    """Read one expression, given as text or as a bare number."""
    source = reader.raw(key)
    if isinstance(source, bool) or not isinstance(source, str | int | float):
        reader.fault(key, "must be an expression" if source is not None else "is missing")
        return None
    try:
        return scope.parse(str(source))
    except ExpressionError as error:
        reader.fault(key, str(error))
        return None


def alike(draws: Draws, texts: Sequence[str]) -> Bools:
    """Return the draws in which two of the texts read the same."""
    columns = [[as_read(text) for text in draws.written(template)] for template in texts]
    if not any("{" in template for template in texts):
        return np.full(draws.count, len({column[0] for column in columns}) < len(texts))
    return np.array([len(set(row)) < len(row) for row in zip(*columns, strict=True)], dtype=np.bool_)


def parse_policy(reader: Reader, *, default: Mapping[str, Any], grades: str) -> Policy | None:
    """Read the policy of an interaction that ``grades`` numbers or choices; what it refuses is a fault."""
    document = reader.raw("policy", default)
    if not isinstance(document, Mapping):
        reader.fault("policy", "must be a mapping with a name")
        return None
    try:
        read = policy(document)
    except PolicyFault as fault:
        reader.fault("policy", str(fault))
        return None
    if read.name in READERS:
        reader.fault("policy", f"{read.name} reads answers and judges none")
        return None
    if read.interaction != grades:
        reader.fault("policy", f"{read.name} grades {read.interaction}, not {grades}")
        return None
    return read


def parse_weight(reader: Reader) -> float:
    weight = reader.number("weight", 1.0)
    if weight is None or not 0 < weight <= 1000:
        reader.fault("weight", "must be positive and at most 1000")
        return 1.0
    return weight
