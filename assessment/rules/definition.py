"""What an assessment says, as values: the part that every assessment has, and the part that its mode reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Self

from assessment.rules.delivery import DeliveryRules, Feedback, may_change
from content.documents.reader import Faults, Reader

MOST: Final = 10_000
"""Minutes, attempts, tries or items: nobody means more."""


@dataclass(frozen=True, slots=True)
class ItemSource:
    """Where items come from: one ``item`` by its slug, or a ``bank``, perhaps of one ``skill`` of it."""

    path: str
    item: str | None = None
    bank: str | None = None
    skill: str | None = None

    def path_of(self, kind: str) -> str:
        """Return the place of the name of one kind; the path may be that of the bank itself."""
        return self.path if self.path.endswith(f".{kind}") else f"{self.path}.{kind}"


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that a document names: a lesson, an item, a bank or a skill, and where it does so."""

    path: str
    kind: str
    slug: str
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class UsualTerms:
    """How an assessment is usually given, until an assignment says otherwise; None: without limit.

    ``exclusive`` keeps its items out of practice while it runs; None: where it closes or withholds verdicts.
    """

    time_limit_minutes: int | None = None
    attempts_allowed: int | None = None
    exclusive: bool | None = None


class ItemRules(ABC):
    """How the attempts of one mode get their items: what stands in a document under ``key``.

    ``grows``: items are chosen one by one, each by the answers before it. ``feedbacks`` are those that the mode can
    live with, the usual one first. ``takes_more_tries``: somebody may have more of them than the document says.
    """

    __slots__ = ()

    key: ClassVar[str]
    grows: ClassVar[bool] = False
    feedbacks: ClassVar[Sequence[Feedback]] = tuple(Feedback)
    takes_more_tries: ClassVar[bool] = True

    @classmethod
    @abstractmethod
    def read(cls, reader: Reader) -> ItemRules:
        """Read the part of this mode from a whole document; what is wrong becomes a fault."""

    @abstractmethod
    def sources(self) -> Iterator[ItemSource]:
        """Yield where the items of an attempt come from."""

    def references(self) -> Iterator[Reference]:
        """Yield everything that the rules name and that must exist."""
        for source in self.sources():
            for kind, slug in (("item", source.item), ("bank", source.bank), ("skill", source.skill)):
                if slug:
                    yield Reference(source.path_of(kind), kind, slug)

    def check(self, reader: Reader, definition: AssessmentDefinition) -> None:  # noqa: B027 - most need nothing
        """Report what does not go together with the rest of the document."""


class BankRules(ItemRules):
    """The rules of a mode that chooses from one bank. In a document of an assessment, ``bank`` has a name."""

    __slots__ = ()

    bank: str

    @classmethod
    @abstractmethod
    def read_entry(cls, entry: Reader) -> Self:
        """Read the rules key by key; what is wrong becomes a fault. The caller finishes the reader."""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        entry = reader.mapping(cls.key)
        rules = cls.read_entry(entry)
        entry.finish()
        if not rules.bank:
            entry.fault("bank", "is missing")
        return rules

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return the rules as an attempt keeps them. Raises DefinitionError with every fault and its path."""
        faults = Faults()
        reader = Reader.of(document, "", faults)
        rules = cls.read_entry(reader)
        reader.finish()
        faults.raise_if_any()
        return rules

    def sources(self) -> Iterator[ItemSource]:
        yield ItemSource(f"{self.key}.bank", bank=self.bank)


@dataclass(frozen=True, slots=True)
class AssessmentDefinition:
    """``item_rules`` are what its mode reads, ``usual`` what an assignment to everybody begins with."""

    slug: str
    title: str
    summary: str
    instructions: str
    lesson: str | None
    mode: str
    usual: UsualTerms
    rules: DeliveryRules
    item_rules: ItemRules

    def rules_under(self, release: Feedback, tries: int | None = None) -> DeliveryRules:
        """Return the rules of delivery where verdicts are released in this way.

        ``tries`` are those that were arranged for somebody: they hold where they are more, and the mode allows more.
        """
        changeable = may_change(release, grows=self.item_rules.grows)
        return replace(
            self.rules, feedback=release, answers_may_change=changeable, tries=self._tries_for(tries)
        )

    def _tries_for(self, arranged: int | None) -> int | None:
        usual = self.rules.tries
        if usual is None or arranged is None or not self.item_rules.takes_more_tries:
            return usual
        return max(usual, arranged)

    def references(self) -> Iterator[Reference]:
        """Yield everything that the document names and that must exist."""
        if self.lesson:
            yield Reference("lesson", "lesson", self.lesson)
        yield from self.item_rules.references()
