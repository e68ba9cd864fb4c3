"""From rows to course folders with their assessments, as `assessment.transfer.importing` reads them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, replace
from typing import Any

from django.db.models import QuerySet

from assessment.models import Assessment, Assignment
from assessment.rules.definition import UsualTerms
from content import exporting
from content.exporting import OF_NO_SUBJECT, LeftOut
from content.formats.course_folder import ASSESSMENTS, CourseFolder, LessonFolder, Source
from content.models import Subject


def export_course(*, subject: Subject) -> CourseFolder:
    """Return a subject with the assessments of its lessons.

    Dates, courses and whether an assessment is open belong to this installation and are not written.
    """
    course = exporting.export_course(subject=subject)
    return replace(course, lessons=tuple(_with_assessments(subject, lesson) for lesson in course.lessons))


def export_alone() -> CourseFolder:
    """Return the banks and assessments without a lesson."""
    published = _published(Assessment.objects.filter(lesson=None))
    return replace(
        exporting.export_alone(),
        alone=tuple(_source(f"{ASSESSMENTS}", assessment) for assessment in published),
    )


def left_out(subjects: Collection[Subject], *, alone: bool = True) -> Iterator[LeftOut]:
    """Yield what the folders of these subjects do not hold, assessments and their assignments with it.

    ``alone``: whether what has no lesson is written as well.
    """
    yield from exporting.left_out(subjects, alone=alone)
    found = Assessment.objects.select_related("lesson__subject").prefetch_related(
        "assignments__course", "versions"
    )
    for assessment in found.order_by("slug"):
        lesson = assessment.lesson
        if lesson is None and not alone:
            yield LeftOut("assessment", assessment.slug, OF_NO_SUBJECT)
        elif lesson is None or lesson.subject in subjects:
            yield from (LeftOut("assessment", assessment.slug, reason) for reason in _missing(assessment))


def _missing(assessment: Assessment) -> Iterator[str]:
    """Yield what the folder does not say of an assessment of one of its lessons."""
    if assessment.lesson and assessment.lesson.current_id is None:
        yield "its lesson is not published"
        return
    if assessment.current_id is None:
        yield "was never published"
        return
    if assessment.retired_at:
        yield "is retired"
        return
    for version in assessment.versions.all():
        if version.is_draft:
            yield f"its draft, version {version.number}"
    for assignment in assessment.assignments.all():
        if settings := list(_of_this_installation(assignment)):
            yield f"without {', '.join(settings)}"


def _of_this_installation(assignment: Assignment) -> Iterator[str]:
    if assignment.course:
        yield f"its assignment to the course {assignment.course.slug}"
        return
    if assignment.opens_at or assignment.closes_at:
        yield "its dates"
    if not assignment.is_open:
        yield "being hidden"
    if assignment.release:
        yield f"verdicts {assignment.release}"


def _with_assessments(subject: Subject, folder: LessonFolder) -> LessonFolder:
    slug = folder.lesson.slug
    published = _published(Assessment.objects.filter(lesson__slug=slug))
    place = f"{subject.slug}/{slug}/{ASSESSMENTS}"
    return replace(folder, assessments=tuple(_source(place, assessment) for assessment in published))


def _published(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    found = assessments.filter(current__isnull=False, retired_at__isnull=True)
    return found.select_related("current").order_by("slug")


def _source(folder: str, assessment: Assessment) -> Source:
    """Return an assessment as a file; how its author wrote it is kept where its terms are still those of the text."""
    document, version = document_of(assessment), assessment.version
    text = version.source if document == version.document else ""
    return Source(f"{folder}/{assessment.slug}.yaml", document, text=text)


def document_of(assessment: Assessment) -> dict[str, Any]:
    """Return a published assessment as a course folder holds it: as it is written, on the terms of its assignment."""
    version = assessment.version
    given = assessment.assignments.filter(course=None).first()
    usual = version.definition.usual
    return {**version.document, **(_differing(usual, given.usual_terms) if given else {})}


def _differing(usual: UsualTerms, now: UsualTerms) -> dict[str, Any]:
    """Return the terms that are no more what the document says."""
    before, after = asdict(usual), asdict(now)
    return {name: value for name, value in after.items() if before[name] != value}
