"""What an assessment says, as values: the part that every assessment has, and the part that its mode reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from assessment.rules import fields
from assessment.rules.delivery import MOST, DeliveryRules, Feedback, may_change
from content.catalogue import LONGEST_SLUG, LONGEST_TITLE, read_slug, read_title
from content.documents.reader import Faults, Reader

__all__ = ["MOST"]


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
class UsualTerms(fields.Declared):
    """How an assessment is usually given, until an assignment says otherwise; None: without limit.

    ``exclusive`` keeps its items out of practice while it runs; None: where it closes or withholds verdicts.
    """

    time_limit_minutes: int | None = fields.limit(
        None,
        most=MOST,
        title="Time limit in minutes",
        about="Empty: no limit. An assignment may say otherwise.",
    )
    attempts_allowed: int | None = fields.limit(
        None, most=MOST, title="Attempts allowed", about="Empty: any number. An assignment may say otherwise."
    )
    exclusive: bool | None = fields.perhaps(
        title="Keep its questions out of practice while it runs",
        about="Left open: where it closes, or explains answers later.",
    )


class ItemRules(ABC):
    """How the attempts of one mode get their items: what stands in a document under ``key``.

    ``grows``: items are chosen one by one, each by the answers before it. ``feedbacks`` are those that the mode can
    live with, the usual one first. ``title`` says to authors what it does. ``takes_more_tries``: somebody may have
    more of them than the document says.
    """

    __slots__ = ()

    key: ClassVar[str]
    title: ClassVar[str]
    grows: ClassVar[bool] = False
    feedbacks: ClassVar[Sequence[Feedback]] = tuple(Feedback)
    takes_more_tries: ClassVar[bool] = True

    @classmethod
    @abstractmethod
    def part(cls) -> dict[str, Any]:
        """Return the JSON Schema of what stands under ``key``."""

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


class BankRules(ItemRules, fields.Declared):
    """The rules of a mode that chooses from one bank. In a document of an assessment, ``bank`` has a name."""

    __slots__ = ()

    bank: str

    @classmethod
    @abstractmethod
    def read_entry(cls, entry: Reader) -> Self:
        """Read the rules and finish the reader; what is wrong becomes a fault."""

    @classmethod
    def part(cls) -> dict[str, Any]:
        schema = cls.schema()
        return {**schema, "required": ["bank", *schema.get("required", [])], "title": cls.title}

    @classmethod
    def read(cls, reader: Reader) -> Self:
        entry = reader.mapping(cls.key)
        rules = cls.read_entry(entry)
        if not rules.bank:
            entry.fault("bank", "is missing")
        return rules

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Return the rules as an attempt keeps them. Raises DefinitionError with every fault and its path."""
        faults = Faults()
        rules = cls.read_entry(Reader.of(document, "", faults))
        faults.raise_if_any()
        return rules

    def sources(self) -> Iterator[ItemSource]:
        yield ItemSource(f"{self.key}.bank", bank=self.bank)


def _slug(reader: Reader, _key: str) -> str:
    return read_slug(reader)


def _title(reader: Reader, _key: str) -> str:
    return read_title(reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentDefinition(fields.Declared):
    """``item_rules`` are what its mode reads, ``usual`` what an assignment to everybody begins with."""

    slug: str = fields.label(
        _slug,
        {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": LONGEST_SLUG, "x-stays": True},
        title="Short name",
        about="Small letters, digits and hyphens, as week-3-quiz. It stands in addresses and stays for good.",
    )
    title: str = fields.label(
        _title, {"maxLength": LONGEST_TITLE}, title="Title", about="What learners see in lists."
    )
    summary: str = fields.text(title="Summary", about="What it is about, in a sentence.")
    instructions: str = fields.text(title="Instructions", about="Shown before the start.", markdown=True)
    lesson: str | None = fields.named(
        "lesson", title="Lesson", about="On whose page it stands; empty: on none, only where it is given."
    )
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
