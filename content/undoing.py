"""Taking an import back: what was in force before is in force again, what the import made and nobody used goes.

Published versions never change: an earlier wording comes back as a new version. What somebody has changed since the
import is left alone and named; what learners have had is retired and stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError

from content.authoring import enforce_item, next_version, put_lesson_in_force
from content.documents.reader import DefinitionError
from content.importing import columns, lock_imports
from content.lessons import parse_lesson
from content.models import AuthorGrant, ImportChange, ImportRun, ImportState, Item, Lesson, Skill, Status


class UndoOutcome(StrEnum):
    RESTORED = "restored"
    REMOVED = "removed"
    RETIRED = "retired"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an import back did with one row, and why it did no more."""

    kind: str
    slug: str
    outcome: UndoOutcome
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}: {self.outcome}" + (f", {self.reason}" if self.reason else "")


class Kept(Exception):
    """A row stays as it is; the text says why."""


PutBack = Callable[[Any, Any, datetime], None]
"""Puts the wording of an earlier version in force again: takes the row, the version and the time."""

_NO_COLUMNS: Final = ("draft", "imported_fingerprint")
CHANGED: Final = "it was changed here since"


@transaction.atomic
def undo_import(
    *, run: ImportRun, by: Any, now: datetime, put_back: Mapping[type[Model], PutBack]
) -> list[Undone]:
    """Take an import back, and return what became of each row. Twice is once. Locks imports, the run and its rows.

    ``put_back`` knows how wordings of further kinds come into force.
    """
    lock_imports()
    locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.state == ImportState.UNDONE:
        return [Undone(**{**one, "outcome": UndoOutcome(one["outcome"])}) for one in locked.undone]
    # First of all: the trigger lets versions go that an import made which is taken back.
    locked.state, locked.undone_at, locked.undone_by = ImportState.UNDONE, now, by
    locked.save(update_fields=["state", "undone_at", "undone_by"])
    putting = {**PUT_BACK, **put_back}
    done = [_undo(change, now, putting) for change in locked.changes.order_by("-id")]
    locked.undone = [asdict(one) for one in done]
    locked.save(update_fields=["undone"])
    return done


def _undo(change: ImportChange, now: datetime, put_back: Mapping[type[Model], PutBack]) -> Undone:
    model: Any = apps.get_model(change.model)
    kind = str(model._meta.verbose_name)
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=change.row_id).first()
    if row is None:
        return Undone(kind, change.slug, UndoOutcome.KEPT, "it is gone already")
    if not _is_as_left(row, change):
        return Undone(kind, change.slug, UndoOutcome.KEPT, CHANGED)
    try:
        if change.is_new:
            outcome, reason = _take_away(row, now)
        else:
            outcome, reason = _restore(row, change, now, put_back), ""
    except Kept as kept:
        return Undone(kind, change.slug, UndoOutcome.KEPT, str(kept))
    return Undone(kind, change.slug, outcome, reason)


def _is_as_left(row: Any, change: ImportChange) -> bool:
    """Whether nobody has changed a row since the import left it; a stamp of a later import is no change."""
    left = {name: value for name, value in change.after.items() if name not in _NO_COLUMNS}
    return _now(row, left) == left and (not change.is_new or _has_no_draft_of_others(row, change))


def _now(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return columns of a row as an import would keep them."""
    fields = {field.attname: field.name for field in row._meta.concrete_fields}
    stored = columns(row, *(fields[name] for name in names if name in fields and name != "current_id"))
    return {name: stored.get(name) for name in names}


def _has_no_draft_of_others(row: Any, change: ImportChange) -> bool:
    if not hasattr(row, "versions"):
        return True
    drafts = row.versions.filter(status=Status.DRAFT)
    return not drafts.exclude(fingerprint=change.after.get("draft", "")).exists()


# What was there before


def _restore(
    row: Any, change: ImportChange, now: datetime, put_back: Mapping[type[Model], PutBack]
) -> UndoOutcome:
    before = dict(change.before)
    prerequisites, draft = before.pop("prerequisites", None), before.pop("draft", None)
    earlier = before.pop("current_id", None)
    if change.version_before != change.version_after:
        _put_earlier(row, earlier, now, put_back)
    for name, value in before.items():
        setattr(row, name, value)
    row.save()
    if prerequisites is not None:
        row.prerequisites.set(Skill.objects.filter(slug__in=prerequisites))
    if draft:
        _restore_draft(row, change, draft)
    return UndoOutcome.RESTORED


def _put_earlier(
    row: Any, earlier: str | None, now: datetime, put_back: Mapping[type[Model], PutBack]
) -> None:
    """Bring back the wording that was in force before, or none where there was none."""
    if earlier is not None:
        version = row.versions.get(pk=earlier)
        try:
            put_back[type(row)](row, version, now)
        except DefinitionError as error:
            raise Kept(f"its earlier wording cannot come back: {error}") from error
        return
    _withdraw(row, now)


def _restore_draft(row: Any, change: ImportChange, draft: Mapping[str, Any]) -> None:
    """Bring back the draft that an import replaced, where it stands as the import left it."""
    found = row.versions.filter(status=Status.DRAFT, fingerprint=change.after.get("draft", "")).first()
    if found:
        found.write(draft["document"], draft["source"])
        found.save()


def _put_item_back(item: Item, before: Any, now: datetime) -> None:
    """Make the wording of an earlier version the current one, as a new version with the same certificate."""
    version = next_version(item.versions, now)
    version.write(before.document, before.source)
    version.certificate, version.written_by = before.certificate, before.written_by
    enforce_item(item, version, before.definition, now)


def _put_lesson_back(lesson: Lesson, before: Any, now: datetime) -> None:
    version = next_version(lesson.versions, now)
    version.write(before.document, before.source)
    put_lesson_in_force(lesson, version, parse_lesson(before.document), now)


PUT_BACK: Final[Mapping[type[Model], PutBack]] = {Item: _put_item_back, Lesson: _put_lesson_back}


# What the import made


def _take_away(row: Any, now: datetime) -> tuple[UndoOutcome, str]:
    """Remove a row that nobody has used, or retire it where it can be retired."""
    reason = _use_of(row)
    if not reason:
        try:
            with transaction.atomic():
                _delete(row)
        except (ProtectedError, IntegrityError):
            reason = "something refers to it"
        else:
            return UndoOutcome.REMOVED, ""
    if isinstance(row, Lesson):
        _withdraw(row, now)
        return UndoOutcome.RETIRED, reason
    if not hasattr(row, "retired_at"):
        raise Kept(reason)
    if row.retired_at is None:
        row.retired_at = now
        row.save(update_fields=["retired_at"])
    return UndoOutcome.RETIRED, reason


def _withdraw(row: Any, now: datetime) -> None:
    """Let nothing of a row be in force any more."""
    if current := row.current:
        current.mark_retired(now)
        current.save(update_fields=["status", "retired_at"])
        row.current = None
        row.save(update_fields=["current"])


def _use_of(row: Any) -> str:
    """Return what uses a row besides what belongs to it, "" if nothing does."""
    if isinstance(row, Item) and (lesson := _lesson_that_asks(row)):
        return f"the lesson {lesson} asks it"
    rows = [row, *(row.versions.all() if hasattr(row, "versions") else ())]
    return next((found for one in rows for found in _users(one)), "")


def _users(row: Any) -> Iterable[str]:
    belongs = {AuthorGrant, *([row.versions.model] if hasattr(row, "versions") else ())}
    for relation in row._meta.related_objects:
        other = relation.related_model
        if relation.one_to_one or other in belongs:
            continue
        found = other._default_manager.filter(**{relation.field.name: row})
        if found.exists():
            yield f"{other._meta.verbose_name_plural} refer to it"


def _lesson_that_asks(item: Item) -> str:
    for lesson in Lesson.objects.published():
        if lesson.current and f"[[check: {item.slug}]]" in str(lesson.current.document.get("theory", "")):
            return lesson.slug
    return ""


def _delete(row: Any) -> None:
    if hasattr(row, "versions"):
        row.current = None
        row.save(update_fields=["current"])
        row.versions.all().delete()
    row.delete()
