"""From rows to course folders with their assessments, as `assessment.transfer.importing` reads them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from assessment.models import Assessment, Section, Slot
from content import exporting
from content.exporting import LeftOut
from content.formats.course_folder import CourseFolder, LessonFolder, Source
from content.models import Subject


def export_course(*, subject: Subject) -> CourseFolder:
    """Return a subject with the assessments of its lessons. Raises content.exporting.OneBankPerLesson.

    Dates, courses and whether an assessment is open belong to this installation and are not written.
    """
    course = exporting.export_course(subject=subject)
    return replace(course, lessons=tuple(_with_assessments(subject, lesson) for lesson in course.lessons))


def left_out(subjects: Collection[Subject]) -> Iterator[LeftOut]:
    """Yield what the folders of these subjects do not hold, assessments and their settings with it."""
    yield from exporting.left_out(subjects)
    for assessment in Assessment.objects.select_related("lesson__subject", "course").order_by("slug"):
        lesson = assessment.lesson
        if lesson is None:
            yield LeftOut("assessment", assessment.slug, "it has no lesson")
        elif lesson.subject in subjects and lesson.current_id is None:
            yield LeftOut("assessment", assessment.slug, "its lesson is not published")
        elif lesson.subject in subjects and (settings := list(_of_this_installation(assessment))):
            yield LeftOut("assessment", assessment.slug, f"without {', '.join(settings)}")


def _of_this_installation(assessment: Assessment) -> Iterator[str]:
    if assessment.course:
        yield f"its course ({assessment.course.slug})"
    if assessment.opens_at or assessment.closes_at:
        yield "its dates"
    if not assessment.is_open:
        yield "being hidden"


def _with_assessments(subject: Subject, folder: LessonFolder) -> LessonFolder:
    slug = folder.lesson.slug
    assessments = Assessment.objects.filter(lesson__slug=slug).order_by("slug")
    return replace(
        folder,
        assessments=tuple(
            Source(f"{subject.slug}/{slug}/assessments/{assessment.slug}.yaml", document_of(assessment))
            for assessment in assessments
        ),
    )


def document_of(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as a course folder holds it."""
    document = {
        "slug": assessment.slug,
        "title": assessment.title,
        "summary": assessment.summary,
        "instructions": assessment.instructions,
        "lesson": assessment.lesson.slug if assessment.lesson else "",
        "mode": assessment.mode,
        "time_limit_minutes": assessment.time_limit_minutes,
        "attempts_allowed": assessment.attempts_allowed,
        **({} if assessment.exclusive is None else {"exclusive": assessment.exclusive}),
        **_tries(assessment),
        "feedback": assessment.feedback,
        "pass_fraction": assessment.pass_fraction,
    }
    if assessment.is_adaptive and assessment.bank:
        return {**document, "adaptive": {"bank": assessment.bank.slug, **assessment.adaptive_rules.to_json()}}
    if assessment.is_mastery and assessment.bank:
        return {**document, "mastery": {"bank": assessment.bank.slug, **assessment.mastery_rules.to_json()}}
    sections = assessment.sections.order_by("position")
    return {**document, "sections": [_section(section) for section in sections]}


def _tries(assessment: Assessment) -> dict[str, Any]:
    """Return the settings of tries, none where they mean nothing."""
    if assessment.rules.answers_may_change:
        return {}
    return {"tries": assessment.tries, "penalty": assessment.penalty, "keep": assessment.keep}


def _section(section: Section) -> dict[str, Any]:
    slots = section.slots.select_related("item", "bank", "skill").order_by("position")
    return {"title": section.title, "shuffle": section.shuffle, "slots": [_slot(slot) for slot in slots]}


def _slot(slot: Slot) -> dict[str, Any]:
    if slot.item:
        return {"item": slot.item.slug, "weight": slot.weight}
    drawn = {"draw": slot.draw, "bank": slot.bank.slug if slot.bank else ""}
    skill = {"skill": slot.skill.slug} if slot.skill else {}
    return {**drawn, **skill, "weight": slot.weight}
