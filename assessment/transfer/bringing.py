"""Imports as people see them: looked at first, carried out as one, remembered, so that each can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from assessment.transfer.importing import import_course
from assessment.transfer.sources import Course, Gathered
from content.catalogue import slug_fault
from content.formats.course_folder import CourseError, FileFault
from content.importing import ImportReport, Outcome, Touched, Tried, columns, lock_imports
from content.importing_items import Entry, ItemsImport, ItemStatus
from content.models import AuthorGrant, ImportChange, ImportRun, ImportState, ItemBank, Status

WHOLE: Final = "its course is imported whole or not at all, and something else in it was refused"
NOT_CONFIRMED: Final = "nothing was imported: something of the desk would give way, which has to be confirmed"
FOR_ADMINISTRATORS: Final = "course folders are imported by administrators"
CHANGES: Final = {"created": "new", "updated": "changed", "unchanged": ""}


@dataclass(frozen=True, slots=True)
class Wish:
    """How an import is meant. ``is_dry`` writes nothing; without ``may_replace`` nothing of the desk gives way.

    ``by`` is None for a command. ``publishes`` is False for those who may only draft.
    """

    bank_slug: str = ""
    by: Any = None
    is_dry: bool = False
    may_replace: bool = False
    publishes: bool = True
    takes_courses: bool = True


@dataclass
class Result:
    """What an import did, or would do: one entry for every item, then all else."""

    entries: list[Entry] = field(default_factory=list)
    others: list[Outcome] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)
    run: ImportRun | None = None
    new_bank: str = ""
    is_dry: bool = False
    is_confirmed: bool = True

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(entry.status for entry in self.entries)
        return {status.value: found[status] for status in ItemStatus}

    @property
    def gives_way(self) -> list[str]:
        """Which versions of the desk the import replaces."""
        said = [entry.gives_way for entry in self.entries] + [one.gives_way for one in self.others]
        return list(dict.fromkeys(filter(None, said)))

    @property
    def writes(self) -> bool:
        """Whether there is something to carry out."""
        changes = [entry.change for entry in self.entries]
        return bool(self.new_bank) or any(changes) or any(one.outcome != "unchanged" for one in self.others)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was refused."""
        return self.is_confirmed and not self.faults and not self.counts["refused"]

    def to_json(self, *, diffs: bool = True) -> dict[str, Any]:
        """Return what the command prints: counts and items first, which others rely on."""
        items = [entry if diffs else replace(entry, diff=()) for entry in self.entries]
        return {
            "counts": self.counts,
            "items": [entry.to_json() for entry in items],
            "others": [
                {"kind": one.kind, "slug": one.slug, "source": one.file, "outcome": one.outcome}
                for one in self.others
                if one.outcome != "unchanged"
            ],
            "faults": [str(fault) for fault in self.faults],
            "remarks": self.remarks,
            "gives_way": self.gives_way,
            "new_bank": self.new_bank or None,
            "dry_run": self.is_dry,
            "run": str(self.run.pk) if self.run else None,
        }


def bring(
    gathered: Gathered,
    wish: Wish,
    now: datetime,
    tried: Tried | None = None,
    run: ImportRun | None = None,
) -> Result:
    """Import what was gathered, each course whole or not at all, and remember it as one run.

    ``run`` is one that has waited for it; ``tried`` keeps certificates from a dry run to the import after it. Locks
    imports against each other. Where something of the desk would give way and may not, nothing at all is written.
    """
    result = Result(entries=list(gathered.refused), remarks=list(gathered.remarks), is_dry=wish.is_dry)
    tried = {} if tried is None else tried
    with transaction.atomic():
        lock_imports()
        for course in gathered.courses:
            _bring_course(course, wish, result, now, tried)
        _bring_items(gathered, wish, result, now, tried)
        if result.gives_way and not wish.may_replace and not wish.is_dry:
            result.is_confirmed = False
        if wish.is_dry or not result.is_confirmed:
            transaction.set_rollback(True)
        elif result.writes:
            result.run = _remember(run or ImportRun(), gathered, wish, result, now)
    return result if result.is_confirmed else _refused(result)


def _refused(result: Result) -> Result:
    """Return the result of an import that was not carried out for want of a confirmation."""
    result.entries = [
        replace(entry, status=ItemStatus.REFUSED, notes=(entry.gives_way or NOT_CONFIRMED, *entry.notes))
        if entry.change
        else entry
        for entry in result.entries
    ]
    result.faults += [FileFault(one.file, one.gives_way) for one in result.others if one.gives_way]
    return result


def _bring_course(course: Course, wish: Wish, result: Result, now: datetime, tried: Tried) -> None:
    faults = course.faults if wish.takes_courses else (FileFault(course.name, FOR_ADMINISTRATORS),)
    if faults:
        result.faults += faults
        result.entries += _of_refused(course, faults)
        return
    try:
        with transaction.atomic():
            report = import_course(course=course.folder, now=now, tried=tried)
    except CourseError as error:
        result.faults += error.faults
        result.entries += _of_refused(course, error.faults)
        return
    for outcome in report.outcomes:
        if outcome.kind == "items":
            result.entries.append(_entry(outcome))
        else:
            result.others.append(outcome)
    _add(result, report)


def _entry(outcome: Outcome) -> Entry:
    status = ItemStatus.UNCHANGED if outcome.outcome == "unchanged" else ItemStatus.IMPORTED
    return Entry(
        outcome.file,
        outcome.title or outcome.slug,
        status,
        outcome.slug,
        change=CHANGES[outcome.outcome],
        gives_way=outcome.gives_way,
        diff=outcome.diff,
    )


def _of_refused(course: Course, faults: Sequence[FileFault]) -> Iterator[Entry]:
    """Yield each item of a course that is not imported, with its own faults where it has any."""
    for source in course.folder.items:
        own = tuple(_without_file(fault) for fault in faults if fault.file == source.file)
        title = str(source.document.get("title") or source.slug or source.file.rpartition("/")[2])
        yield Entry(source.file, title, ItemStatus.REFUSED, source.slug or None, own or (WHOLE,))


def _without_file(fault: FileFault) -> str:
    place = f"line {fault.line}" if fault.line else ""
    return ": ".join(part for part in (place, fault.path, fault.reason) if part)


def _add(result: Result, report: ImportReport) -> None:
    result.remarks += report.remarks
    result.touched += report.touched


def _bring_items(gathered: Gathered, wish: Wish, result: Result, now: datetime, tried: Tried) -> None:
    """Import what stands alone into its bank, which is made where there is none."""
    if not gathered.documents and not gathered.foreign:
        return
    if wish.bank_slug and (reason := slug_fault(wish.bank_slug)):
        result.entries += _without_bank(gathered, f"the slug of its bank {reason}")
        return
    bank = _bank(gathered, wish, result, now) if wish.bank_slug else None
    work = ItemsImport(bank, now, publishes=wish.publishes, author=wish.by, tried=tried)
    for entry in work.documents(gathered.documents):
        result.entries.append(entry)
    for file in gathered.foreign:
        result.entries += work.foreign(file)
    _add(result, work.report)


def _bank(gathered: Gathered, wish: Wish, result: Result, now: datetime) -> ItemBank | None:
    """Return the bank of an import, made where there is none and something goes into it."""
    bank = ItemBank.objects.select_for_update(of=("self",)).filter(slug=wish.bank_slug).first()
    if bank is not None or not gathered.needs_bank:
        return bank
    title = wish.bank_slug.replace("-", " ").capitalize()
    bank = ItemBank.objects.create(slug=wish.bank_slug, title=title)
    if wish.by is not None:
        AuthorGrant.objects.give(bank, user=wish.by, granted_by=wish.by, now=now)
    result.new_bank = bank.slug
    result.touched.append(Touched(bank, None, ("title",)))
    return bank


def _without_bank(gathered: Gathered, reason: str) -> Iterator[Entry]:
    for source in gathered.documents:
        title = str(source.document.get("title") or source.slug or source.file)
        yield Entry(source.file, title, ItemStatus.REFUSED, source.slug or None, (reason,))
    for file in gathered.foreign:
        for question in file.questions:
            yield Entry(file.name, question.title, ItemStatus.REFUSED, None, (question.refused or reason,))


def _remember(run: ImportRun, gathered: Gathered, wish: Wish, result: Result, now: datetime) -> ImportRun:
    """Write down what an import did, in its own transaction."""
    run.begun_at, run.by, run.state = now, wish.by, ImportState.DONE
    run.sources, run.bank_slug = ", ".join(gathered.names)[:1000], wish.bank_slug
    run.result = result.to_json(diffs=False)
    run.save()
    ImportChange.objects.bulk_create([_change(run, one) for one in result.touched])
    return run


def _change(run: ImportRun, touched: Touched) -> ImportChange:
    row = touched.row
    after = columns(row, *touched.names)
    before = dict(touched.before or {})
    if hasattr(row, "versions"):
        draft = row.versions.filter(status=Status.DRAFT).first()
        after |= {"draft": draft.fingerprint} if draft else {}
    return ImportChange(
        run=run,
        model=row._meta.label,
        row_id=row.pk,
        slug=row.slug,
        is_new=touched.before is None,
        before=before,
        after=after,
        version_before=before.get("current_id"),
        version_after=after.get("current_id"),
        origin=touched.origin,
    )
