"""Course folders with their assessments: content first, then what asks for it, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Model

from assessment.authoring import exhaustion, next_assessment_version, put_in_force
from assessment.models import Assessment
from assessment.people.assignments import give_on_usual_terms, take_usual_terms
from assessment.rules.document import AssessmentDefinition, parse_assessment, remarks
from assessment.transfer.exporting import document_of
from content import importing
from content.documents.reader import DefinitionError
from content.formats.checking import definition_faults, placed, repeated_slugs, unknown_slugs
from content.formats.course_folder import CourseError, CourseFolder, FileFault, Source
from content.importing import ImportReport, Tried, lock_imports, own_text, upsert
from content.models import Item, ItemBank, Lesson, Skill


def import_course(*, course: CourseFolder, now: datetime, tried: Tried | None = None) -> ImportReport:
    """Import a course folder with its assessments, all of it or nothing. Locks imports against each other.

    Raises CourseError with every fault of every file.
    """
    if faults := [*importing.faults_of(course), *_faults_of(course)]:
        raise CourseError(faults)
    certificates = importing.certificates_of(course, tried)
    with transaction.atomic():
        lock_imports()
        if faults := [*importing.faults_of(course), *_faults_of(course)]:
            raise CourseError(faults)
        return _write(course, certificates, now)


def _write(course: CourseFolder, certificates: importing.Certificates, now: datetime) -> ImportReport:
    """Write rows and assessments. The caller holds the lock of imports. Raises CourseError."""
    report = importing.write_rows(course, certificates, now)
    if faults := [
        fault for source in course.assessments for fault in _import_assessment(source, report, now)
    ]:
        raise CourseError(faults)
    return report


def _import_assessment(source: Source, report: ImportReport, now: datetime) -> list[FileFault]:
    """Import an assessment, and return why it could not be taken."""
    definition = parse_assessment(source.document)
    for path, reason in remarks(definition, source.document):
        report.remarks.append(f"{source.file}: {path}: {reason}")
    assessment, is_new = upsert(
        Assessment, source, report, "title", stands=partial(_says, definition=definition)
    )
    if not is_new:
        return []
    begins = assessment.current is None
    if fault := _publish(assessment, source, definition, now):
        return [FileFault(source.file, reason, path) for path, reason in fault]
    if begins and not assessment.assignments.exists():
        give_on_usual_terms(assessment=assessment, usual=definition.usual, now=now)
    for kept in take_usual_terms(assessment=assessment, usual=definition.usual, now=now):
        report.remarks.append(f"{source.file}: {kept} was changed here by hand, and keeps its terms")
    return []


def _publish(
    assessment: Assessment, source: Source, definition: AssessmentDefinition, now: datetime
) -> Sequence[tuple[str, str]]:
    """Put a new version in force, unless this is the current one, and return what keeps it from being taken."""
    version = next_assessment_version(assessment, source.document, now)
    version.source = own_text(source)
    if assessment.current and assessment.current.fingerprint == version.fingerprint:
        return []
    if faults := exhaustion(definition):
        return faults
    try:
        put_in_force(assessment, version, definition, now)
    except DefinitionError as error:
        return error.faults
    return []


def _says(assessment: Assessment, definition: AssessmentDefinition) -> bool:
    """Whether an assessment means what a document says, however either is written."""
    try:
        return assessment.current is not None and parse_assessment(document_of(assessment)) == definition
    except DefinitionError:
        return False


def _faults_of(course: CourseFolder) -> list[FileFault]:
    """Return what is wrong with the assessments of a course, by themselves and in what they ask for."""
    sources = list(course.assessments)
    known = {
        "lesson": _slugs(Lesson) | {lesson.lesson.slug for lesson in course.lessons},
        "item": _slugs(Item) | {source.slug for source in course.items},
        "bank": _slugs(ItemBank) | {bank.slug for bank in course.bank_sources},
        "skill": _slugs(Skill) | {source.slug for source in course.skills},
    }
    faults = repeated_slugs("assessment", sources)
    for source in sources:
        faults += definition_faults(source, parse_assessment) or _unknown(source, known)
    return placed(course, faults)


def _unknown(source: Source, known: Mapping[str, set[str]]) -> list[FileFault]:
    definition = parse_assessment(source.document)
    return [
        fault
        for named in definition.references()
        for fault in unknown_slugs(source, named.path, named.kind, [named.slug], known[named.kind])
    ]


def _slugs(model: type[Model]) -> set[str]:
    return set(model._default_manager.values_list("slug", flat=True))
