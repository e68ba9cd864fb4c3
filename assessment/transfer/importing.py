"""Course folders with their assessments: content first, then what asks for it, all of it or nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Model

from assessment.errors import BankExhausted
from assessment.models import Assessment, Section, Slot
from assessment.modes import mode_of
from assessment.rules.document import AssessmentDefinition, parse_assessment, remarks
from assessment.rules.document import Section as SectionDefinition
from assessment.rules.document import Slot as SlotDefinition
from assessment.transfer.exporting import document_of
from content import importing
from content.documents.reader import DefinitionError
from content.formats.checking import definition_faults, repeated_slugs, unknown_slugs
from content.formats.course_folder import CourseError, CourseFolder, FileFault, Source
from content.importing import ImportReport, lock_imports, upsert
from content.models import Item, ItemBank, Lesson, Skill


def import_course(*, course: CourseFolder, now: datetime) -> ImportReport:
    """Import a course folder with its assessments, all of it or nothing. Locks imports against each other.

    Raises CourseError with every fault of every file.
    """
    if faults := [*importing.faults_of(course), *_faults_of(course)]:
        raise CourseError(faults)
    certificates = importing.certificates_of(course)
    with transaction.atomic():
        lock_imports()
        if faults := [*importing.faults_of(course), *_faults_of(course)]:
            raise CourseError(faults)
        return _write(course, certificates, now)


def _write(course: CourseFolder, certificates: importing.Certificates, now: datetime) -> ImportReport:
    """Write rows and assessments. The caller holds the lock of imports. Raises CourseError."""
    report = importing.write_rows(course, certificates, now)
    if faults := [fault for source in course.assessments for fault in _import_assessment(source, report)]:
        raise CourseError(faults)
    return report


def _import_assessment(source: Source, report: ImportReport) -> list[FileFault]:
    """Import an assessment, and return why it could not be taken."""
    definition = parse_assessment(source.document)
    for path, reason in remarks(definition, source.document):
        report.remarks.append(f"{source.file}: {path}: {reason}")
    fields = _fields(definition)
    if _says(Assessment.objects.filter(slug=source.slug).first(), definition):
        fields = {}  # written in another way, it means the same
    assessment, is_new = upsert(
        Assessment, source, report, stands=partial(_says, definition=definition), **fields
    )
    if not is_new:
        return []
    _replace_sections(assessment, definition.sections)
    try:
        dice = random.Random(0)  # noqa: S311 - nobody sees its draws
        mode_of(assessment).rehearse(assessment, dice)
    except BankExhausted:
        path = f"{assessment.mode}.bank" if mode_of(assessment).grows else "sections"
        return [FileFault(source.file, "asks for retired items, or for more than there are", path)]
    return []


def _says(assessment: Assessment | None, definition: AssessmentDefinition) -> bool:
    """Whether a row means what a document says, however either is written."""
    try:
        return assessment is not None and parse_assessment(document_of(assessment)) == definition
    except DefinitionError:
        return False


def _fields(definition: AssessmentDefinition) -> dict[str, Any]:
    return {
        "title": definition.title,
        "summary": definition.summary,
        "instructions": definition.instructions,
        "lesson": Lesson.objects.get(slug=definition.lesson) if definition.lesson else None,
        "mode": definition.mode,
        "bank": ItemBank.objects.get(slug=definition.bank) if definition.bank else None,
        "adaptive_document": definition.adaptive.to_json() if definition.adaptive else None,
        "mastery_document": definition.mastery.to_json() if definition.mastery else None,
        "time_limit_minutes": definition.time_limit_minutes,
        "attempts_allowed": definition.attempts_allowed,
        "exclusive": definition.exclusive,
        "tries": definition.rules.tries,
        "penalty": definition.rules.penalty,
        "keep": definition.rules.keep,
        "feedback": definition.rules.feedback,
        "pass_fraction": definition.rules.pass_fraction,
    }


def _replace_sections(assessment: Assessment, sections: Iterable[SectionDefinition]) -> None:
    """Write the outline anew. Attempts do not look at it again: they keep what they were given."""
    assessment.sections.all().delete()
    for position, section in enumerate(sections, start=1):
        row = Section.objects.create(
            assessment=assessment, position=position, title=section.title, shuffle=section.shuffle
        )
        Slot.objects.bulk_create(
            _slot(row, number, slot) for number, slot in enumerate(section.slots, start=1)
        )


def _slot(section: Section, position: int, slot: SlotDefinition) -> Slot:
    return Slot(
        section=section,
        position=position,
        item=_named(Item, slot.item),
        bank=_named(ItemBank, slot.bank),
        skill=_named(Skill, slot.skill),
        draw=slot.draw,
        weight=slot.weight,
    )


def _named(model: type[Model], slug: str | None) -> Any:
    return model._default_manager.get(slug=slug) if slug else None


def _faults_of(course: CourseFolder) -> list[FileFault]:
    """Return what is wrong with the assessments of a course, by themselves and in what they ask for."""
    sources = list(course.assessments)
    known = {
        "lesson": _slugs(Lesson) | {lesson.lesson.slug for lesson in course.lessons},
        "item": _slugs(Item) | {source.slug for source in course.items},
        "bank": _slugs(ItemBank) | {lesson.bank.slug for lesson in course.lessons if lesson.bank},
        "skill": _slugs(Skill) | {source.slug for source in course.skills},
    }
    faults = repeated_slugs("assessment", sources)
    for source in sources:
        faults += definition_faults(source, parse_assessment) or _unknown(source, known)
    return faults


def _unknown(source: Source, known: Mapping[str, set[str]]) -> list[FileFault]:
    definition = parse_assessment(source.document)
    faults = unknown_slugs(source, "lesson", "lesson", filter(None, [definition.lesson]), known["lesson"])
    banks = filter(None, [definition.bank])
    faults += unknown_slugs(source, f"{definition.mode}.bank", "bank", banks, known["bank"])
    if definition.mastery:
        faults += unknown_slugs(source, "mastery.skills", "skill", definition.mastery.skills, known["skill"])
    if definition.adaptive:
        faults += unknown_slugs(
            source, "adaptive.constraints", "skill", definition.adaptive.constraints, known["skill"]
        )
    for number, section in enumerate(definition.sections):
        for place, slot in enumerate(section.slots):
            path = f"sections.{number}.slots.{place}"
            for kind, slug in (("item", slot.item), ("bank", slot.bank), ("skill", slot.skill)):
                faults += unknown_slugs(source, path, kind, filter(None, [slug]), known[kind])
    return faults


def _slugs(model: type[Model]) -> set[str]:
    return set(model._default_manager.values_list("slug", flat=True))
