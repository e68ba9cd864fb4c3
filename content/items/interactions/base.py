"""What every kind of interaction can do. A new kind is a file beside this one and a line in the table.

``docs/architecture.md`` says how to write one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from content.documents.reader import Reader
from content.expressions import FIRST, Expression, Scope
from content.items.interactions import fields
from content.items.interactions.shown import Shown
from content.items.markup import as_read
from content.items.stream import Bools, Floats
from content.items.verdict import Verdict

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
    """Why the draws marked in ``wrong`` may not be shown; ``refuses`` if one of them condemns the whole item.

    ``path`` is the place of the document that it speaks of; a kind gives that below its interaction.
    """

    reason: str
    wrong: Bools
    refuses: bool = False
    path: str | None = None


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
class Interaction(fields.Declared, ABC):
    """One place in a body where the learner answers.

    A kind declares what its author writes as fields (`fields`) and what its learner sees as a class (`shown`). From
    these come the reader of documents, their JSON Schema, the interface and its description, and the desk's form.
    """

    kind: ClassVar[str]
    key_dimensions: ClassVar[tuple[int, ...]] = ()
    """How many axes a computed key may have."""
    probes: ClassVar[bool] = False
    """Whether answers are tried at places that a key kept from learners decides; the record then has ``probing``."""
    judged_as_arrays: ClassVar[bool] = False
    """Whether `accepts` or `troubles` judges thousands of draws at once, so that few need be graded one by one."""
    shows: ClassVar[type[Shown]]
    """What `present` returns."""
    id: str
    language: int = FIRST
    """The version of the language that its expressions are written in."""
    weight: float = fields.weight()

    @classmethod
    def parse(cls, identifier: str, reader: Reader, scope: Scope) -> tuple[Self, bool]:
        """Return what can be read of a definition, and whether it can be used; expressions stand in ``scope``.

        Faults go to the reader.
        """
        return cls.take(reader, scope, id=identifier, language=scope.language)

    @property
    def computed(self) -> Mapping[str, Expression]:
        """What each draw evaluates: ``key`` where the key depends on the parameters."""
        return {}

    @abstractmethod
    def record(self, draw: Draw) -> dict[str, Any]:
        """Return what the variant stores of one draw."""

    @abstractmethod
    def present(self, record: Record, render: Render) -> Shown:
        """Return what the learner's side needs to show the input, and nothing else."""

    @abstractmethod
    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        """Return the verdict on an answer as the learner gave it; never raises on any JSON value."""

    def right_answer(self, record: Record, decimal: str) -> Any:
        """Return a right answer as a learner would give it; numbers have the locale's ``decimal`` mark."""
        return self.samples(record).right[0]

    def compared(self, record: Record, verdict: Verdict) -> str:
        """Return how a wrong answer differs from what is right, for whoever may know that; else nothing."""
        return ""

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
    def guess(self) -> float | None:
        """What a blind guess earns on average: nothing where nothing can be chosen; None where nobody can say."""
        return 0.0

    @property
    def offered(self) -> tuple[str, ...]:
        """The author's texts that a learner sees here before answering."""
        return ()

    @property
    def telling(self) -> tuple[str, ...]:
        """The ids that tell a learner who reads them what is right."""
        return ()

    def place_of(self, identifier: str) -> str:
        """Return where an id of `telling` stands, below the interaction."""
        return ""

    @property
    def key_texts(self) -> tuple[str, ...]:
        """The author's texts that are right answers."""
        return ()

    @property
    def misconceptions(self) -> frozenset[str]:
        """The misconceptions that entries of the definition itself stand for."""
        return frozenset()

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """The author's texts that may hold placeholders, each with its place below the interaction."""
        return ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The author's texts that may hold placeholders."""
        return tuple(text for _, text in self.written)


def alike(draws: Draws, texts: Sequence[str]) -> Bools:
    """Return the draws in which two of the texts read the same."""
    columns = [[as_read(text) for text in draws.written(template)] for template in texts]
    if not any("{" in template for template in texts):
        return np.full(draws.count, len({column[0] for column in columns}) < len(texts))
    return np.array([len(set(row)) < len(row) for row in zip(*columns, strict=True)], dtype=np.bool_)
