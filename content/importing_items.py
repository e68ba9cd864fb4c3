"""Items that stand alone, of ours or from other systems, into a bank.

An item of ours is published as it stands, or refused. What came from elsewhere is kept in any case: what cannot be
shown to learners yet becomes a draft with its reasons, and what got lost on the way is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any, Final

from content.authoring import keep_draft, next_version, put_item_in_force
from content.documents.reader import DefinitionError
from content.documents.text import dump_document
from content.formats.course_folder import Source
from content.formats.foreign import Foreign, slug_from
from content.formats.trying import mismatches
from content.importing import (
    ImportReport,
    Outcome,
    Reasons,
    Touched,
    Tried,
    columns,
    difference,
    gives_way,
    own_text,
    tried_out,
)
from content.items.certification import Certificate
from content.items.parsing.document import parse_definition
from content.items.refusals import REFUSALS
from content.models import (
    ImportChange,
    ImportState,
    Item,
    ItemBank,
    ItemVersion,
    Media,
    Misconception,
    Skill,
    Status,
)
from content.models.versions import fingerprint


class ItemStatus(StrEnum):
    """What became of an item that a source holds; LOSS is imported, too."""

    IMPORTED = "imported"
    LOSS = "loss"
    REFUSED = "refused"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an import made of one item. ``change`` is new or changed; ``gives_way`` names a version of the desk."""

    source: str
    title: str
    status: ItemStatus
    slug: str | None = None
    notes: tuple[str, ...] = ()
    change: str = ""
    gives_way: str = ""
    diff: tuple[str, ...] = ()
    is_draft: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what others rely on, and beside it what there is to say."""
        said: dict[str, Any] = {
            "source": self.source,
            "title": self.title,
            "status": self.status.value,
            "slug": self.slug,
            "notes": list(self.notes),
        }
        more = {"change": self.change, "gives_way": self.gives_way, "diff": list(self.diff)}
        return (
            said
            | {name: value for name, value in more.items() if value}
            | ({"draft": True} if self.is_draft else {})
        )


NEEDS_BANK: Final = "say into which bank it goes"


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """The questions of one file of another system."""

    name: str
    format: str
    questions: tuple[Foreign, ...]


@dataclass
class ItemsImport:
    """An import of items into a bank: what it works with, and what it has found so far."""

    bank: ItemBank | None
    now: datetime
    publishes: bool = True
    author: Any = None
    tried: Tried = field(default_factory=dict)
    report: ImportReport = field(default_factory=ImportReport)
    _taken: set[str] = field(default_factory=set)
    _skills: frozenset[str] | None = None

    def documents(self, sources: Sequence[Source]) -> Iterator[Entry]:
        """Import items of ours. The caller holds the lock of imports."""
        for source in sources:
            yield self._own(source)

    def foreign(self, file: ForeignFile) -> Iterator[Entry]:
        """Import questions of another system. The caller holds the lock of imports."""
        if self.bank is None:
            yield from _refused(file, NEEDS_BANK)
            return
        origins = _origins(self.bank, file)
        known = _rows_of(origins)
        for question, origin in zip(file.questions, origins, strict=True):
            yield self._question(self.bank, question, origin, known.get(origin), place_of(file, question))

    # Items of ours

    def _own(self, source: Source) -> Entry:
        title = str(source.document.get("title") or source.slug or source.file)
        row = Item.objects.select_for_update(of=("self",)).filter(slug=source.slug).first()
        bank = self.bank or (row.bank if row else None)
        notes = tuple(
            f"{path}: {reason}" if path else reason for path, reason in self._faults(source.document)
        )
        if bank is None or (row and row.bank_id != bank.pk):
            notes = (f"exists already, in the bank {row.bank.slug}" if row else NEEDS_BANK, *notes)
        if notes or bank is None:
            return Entry(source.file, title, ItemStatus.REFUSED, source.slug or None, notes)
        stamp = fingerprint(source.document)
        if row and stamp in (row.imported_fingerprint, row.current.fingerprint if row.current else ""):
            return Entry(source.file, title, ItemStatus.UNCHANGED, source.slug)
        return self._write(
            source.document,
            Entry(source.file, title, ItemStatus.IMPORTED, source.slug),
            row,
            bank,
            text=own_text(source),
        )

    def _faults(self, document: Mapping[str, Any]) -> Reasons:
        found = tried_out(document, self.tried)
        return _unknown(document) if isinstance(found, Certificate) else found

    # Questions of other systems

    def _question(
        self, bank: ItemBank, question: Foreign, origin: str, known: Item | None, place: str
    ) -> Entry:
        if question.document is None:
            return Entry(place, question.title, ItemStatus.REFUSED, None, (question.refused, *question.notes))
        slug, row = self._slug(bank, question, known)
        self._taken.add(slug)
        document = {"slug": slug, **self._without_strangers(question.document)}
        notes = [*question.notes, *self._stripped(question.document), *_tried(document, question)]
        entry = Entry(
            place, question.title, ItemStatus.LOSS if notes else ItemStatus.IMPORTED, slug, tuple(notes)
        )
        if row and row.imported_fingerprint == fingerprint(document):
            return Entry(place, question.title, ItemStatus.UNCHANGED, slug, tuple(notes))
        for image in question.images:
            Media.objects.keep(image, by=self.author, now=self.now)
        return self._write(document, entry, row, bank, origin=origin)

    def _slug(self, bank: ItemBank, question: Foreign, known: Item | None) -> tuple[str, Item | None]:
        """Return the slug of a question, and its item where there is one: of this file, or of the same words."""
        if known and known.slug not in self._taken:
            return known.slug, known
        base = question.name or slug_from(question.title)
        document = self._without_strangers(question.document or {})
        for number in count(1):
            slug = base if number == 1 else f"{base}-{number}"
            if slug in self._taken:
                continue
            row = Item.objects.select_for_update(of=("self",)).filter(slug=slug).first()
            if row is None:
                return slug, None
            same = row.imported_fingerprint == fingerprint({"slug": slug, **document})
            if row.bank_id == bank.pk and same:
                return slug, row
        raise AssertionError  # counting does not end

    def _without_strangers(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return a document without the skills that nobody has described here."""
        if "skills" not in document:
            return dict(document)
        kept = [slug for slug in document["skills"] if slug in self._known_skills]
        return {key: value for key, value in {**document, "skills": kept}.items() if key != "skills" or value}

    def _stripped(self, document: Mapping[str, Any]) -> list[str]:
        strangers = [slug for slug in document.get("skills", ()) if slug not in self._known_skills]
        return [f"there is no skill called {', '.join(strangers)[:200]}"] if strangers else []

    @property
    def _known_skills(self) -> frozenset[str]:
        if self._skills is None:
            self._skills = frozenset(Skill.objects.values_list("slug", flat=True))
        return self._skills

    # Writing

    def _write(
        self,
        document: Mapping[str, Any],
        entry: Entry,
        row: Item | None,
        bank: ItemBank,
        *,
        text: str = "",
        origin: str = "",
    ) -> Entry:
        """Publish a document, or keep it as a draft where it cannot be published."""
        found = tried_out(document, self.tried)
        notes, status = list(entry.notes), entry.status
        publishes = self.publishes and isinstance(found, Certificate)
        if not isinstance(found, Certificate):
            status = ItemStatus.LOSS
            notes += ["it is kept as a draft, because:", *(f"{path}: {reason}" for path, reason in found)]
        elif not self.publishes:
            notes.append("it is kept as a draft: whoever reviews the bank publishes it")
        source = Source(entry.source, document)
        draft = row.versions.filter(status=Status.DRAFT).first() if row else None
        way = _way(row, source, None if publishes else draft)
        diff = _compared(row, document, entry.source) if row else ()
        outcome = "updated" if row else "created"
        self.report.add(
            Outcome("items", str(document["slug"]), entry.source, outcome, entry.title, way, diff)
        )
        before = columns(row, "title", "bank") if row else None
        if before is not None and draft and not publishes:
            before["draft"] = {"document": draft.document, "source": draft.source}
        item = row or Item(slug=document["slug"], bank=bank)
        item.title, item.imported_fingerprint = entry.title[:200], fingerprint(document)
        item.save()
        self.report.touched.append(Touched(item, before, ("title", "bank"), origin))
        if publishes and isinstance(found, Certificate):
            version = next_version(item.versions, self.now)
            version.write(document, text)
            version.written_by = self.author
            put_item_in_force(
                item, version, parse_definition(document), found, self.now, published_by=self.author
            )
            if bank.needs_review:
                self.report.remarks.append(f"{version} is published without the review that its bank needs")
        else:
            keep_draft(item.versions, document, self.now, author=self.author, source=text)
        change = "changed" if row else "new"
        return Entry(
            entry.source,
            entry.title,
            status,
            entry.slug,
            tuple(notes),
            change,
            way,
            diff,
            is_draft=not publishes,
        )


def _way(row: Item | None, source: Source, draft: ItemVersion | None) -> str:
    """Return which version of the desk, or which draft, gives way to a file."""
    if row is None:
        return ""
    if draft and draft.fingerprint not in (row.imported_fingerprint, fingerprint(source.document)):
        return f"{draft}, a draft that was changed here, gives way to {source.file}"
    return gives_way(row, source)


def _compared(row: Item, document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    current = row.current
    if current is None:
        return ()
    return difference(dump_document(current.document), dump_document(dict(document)), str(current), name)


def _unknown(document: Mapping[str, Any]) -> Reasons:
    """Return a fault for each skill, misconception and item that a sound document names and nobody has described."""
    definition = parse_definition(document)
    named = (
        (Skill, "skills", "skill", set(definition.skills)),
        (Misconception, "misconceptions", "misconception", set(definition.misconception_slugs)),
        (Item, "enemies", "item", set(definition.enemies)),
    )
    return tuple(
        (path, f"there is no {kind} called {slug}")
        for model, path, kind, slugs in named
        if slugs
        for slug in sorted(
            slugs - set(model._default_manager.filter(slug__in=slugs).values_list("slug", flat=True))
        )
    )


def _tried(document: Mapping[str, Any], question: Foreign) -> list[str]:
    """Return which answers of the file earn something else here; nothing of a document that cannot be read."""
    try:
        return mismatches(parse_definition(document), question.trials)
    except (DefinitionError, *REFUSALS):
        return []


def _refused(file: ForeignFile, reason: str) -> Iterator[Entry]:
    for question in file.questions:
        notes = (question.refused or reason,)
        yield Entry(place_of(file, question), question.title, ItemStatus.REFUSED, None, notes)


def place_of(file: ForeignFile, question: Foreign) -> str:
    """Return where a question stands: its file, its line or its category."""
    if question.line:
        return f"{file.name}:{question.line}"
    return "/".join((file.name, *question.category))


def _origins(bank: ItemBank, file: ForeignFile) -> list[str]:
    """Return what names each question as long as it stays in its file and bank; of equals, the first and second."""
    seen: dict[str, int] = {}
    found = []
    for question in file.questions:
        name = "\0".join((bank.slug, file.format, file.name, question.identity or question.title))
        seen[name] = seen.get(name, 0) + 1
        found.append(hashlib.sha256(f"{name}\0{seen[name]}".encode()).hexdigest())
    return found


def _rows_of(origins: Sequence[str]) -> dict[str, Item]:
    """Return the items that came of questions, by imports that nobody has taken back. Locks them."""
    changes = ImportChange.objects.filter(origin__in=origins, run__state=ImportState.DONE)
    rows = dict(changes.order_by("run__begun_at").values_list("origin", "row_id"))
    items = {
        item.pk: item for item in Item.objects.select_for_update(of=("self",)).filter(pk__in=rows.values())
    }
    return {origin: items[row] for origin, row in rows.items() if row in items}
