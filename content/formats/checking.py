"""Whether a course folder means something: every document by itself, then what they say about each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath
from typing import Any

from content.catalogue import parse_bank, parse_misconception, parse_skill, parse_subject
from content.documents.examining import Locator
from content.documents.reader import DefinitionError, Faults, PathFault
from content.documents.source import read_source
from content.expressions import exact
from content.formats.course_folder import THEORY, CourseFolder, FileFault, LessonFolder, Source
from content.items.examining import Names, unknown
from content.items.parsing.document import read_definition
from content.items.pictures import media_of, picture_faults
from content.items.uses import Use
from content.lessons import parse_lesson
from content.theory import Theory

Parse = Callable[[Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Known:
    """Slugs that a course may refer to because they exist already."""

    skills: Collection[str] = ()
    misconceptions: Collection[str] = ()
    items: Collection[str] = ()
    lessons: Collection[str] = ()
    media: Collection[str] = ()


def course_faults(course: CourseFolder, known: Known) -> list[FileFault]:
    """Return everything that is wrong with the content of a course, assessments aside."""
    return [
        *_faults_of_documents(course),
        *_faults_of_items(course, known),
        *repeated_slugs("skill", course.skills),
        *repeated_slugs("misconception", course.misconceptions),
        *repeated_slugs("item", course.items),
        *repeated_slugs("lesson", (lesson.lesson for lesson in course.lessons)),
        *repeated_slugs("bank", course.bank_sources),
        *_homeless_items(course.lessons),
        *_unknown_references(course, known),
        *_faults_of_images(course, known),
        *_circles("skill", course.skills),
        *_circles("lesson", (lesson.lesson for lesson in course.lessons)),
    ]


def placed(course: CourseFolder, faults: Iterable[FileFault]) -> list[FileFault]:
    """Return faults of the files of a course with the line and the column of the paths that they name."""
    sources = (
        *([course.subject] if course.subject else ()),
        *(lesson.lesson for lesson in course.lessons),
        *course.skills,
    )
    others = (*course.misconceptions, *course.items, *course.assessments)
    banks = (lesson.bank for lesson in course.lessons if lesson.bank)
    texts = {source.file: source.text for source in (*sources, *others, *banks) if source.text}
    locators: dict[str, Locator] = {}
    found = []
    for fault in faults:
        if fault.line is None and fault.file in texts:
            locator = locators.setdefault(fault.file, Locator(read_source(texts[fault.file])))
            place = locator.place(PathFault(fault.path, fault.reason))
            fault = replace(fault, line=place.line, column=place.column)
        found.append(fault)
    return found


def definition_faults(source: Source, parse: Parse) -> list[FileFault]:
    """Return what ``parse`` finds wrong with the document of a file."""
    try:
        parse(source.document)
    except DefinitionError as error:
        return _at_paths(source, error.found)
    return []


def repeated_slugs(kind: str, sources: Iterable[Source]) -> list[FileFault]:
    """Return a fault for each document whose slug another document of its kind has as well."""
    listed = [source for source in sources if source.slug]
    counts = Counter(source.slug for source in listed)
    return [
        FileFault(
            source.file, f"there is more than one {kind} called {source.slug}", _join(source.at, "slug")
        )
        for source in listed
        if counts[source.slug] > 1
    ]


def unknown_slugs(
    source: Source, path: str, kind: str, slugs: Iterable[str], known: Collection[str]
) -> list[FileFault]:
    """Return a fault for each slug that a document refers to and that is not ``known``."""
    return [
        FileFault(source.file, f"there is no {kind} called {slug}", _join(source.at, path))
        for slug in slugs
        if slug not in known
    ]


def _faults_of_documents(course: CourseFolder) -> Iterator[FileFault]:
    if course.subject:
        yield from definition_faults(course.subject, parse_subject)
    for lesson in course.lessons:
        yield from map(_in_its_file, definition_faults(lesson.lesson, parse_lesson))
    for bank in course.bank_sources:
        yield from definition_faults(bank, parse_bank)
    for sources, parse in (
        (course.skills, parse_skill),
        (course.misconceptions, parse_misconception),
    ):
        for source in sources:
            yield from definition_faults(source, parse)


def _faults_of_items(course: CourseFolder, known: Known) -> Iterator[FileFault]:
    """Yield what is wrong with items, by themselves and in what they name."""
    names = Names(
        skills={*known.skills, *(source.slug for source in course.skills)},
        misconceptions={*known.misconceptions, *(source.slug for source in course.misconceptions)},
        items={*known.items, *(source.slug for source in course.items)},
        images={*known.media, *(str(image.name) for image in course.media)},
    )
    for source in course.items:
        faults = Faults()
        read_definition(source.document, faults)
        yield from _at_paths(source, [*faults.listed, *unknown(source.document, names)])


def _homeless_items(lessons: Iterable[LessonFolder]) -> list[FileFault]:
    return [
        FileFault(lesson.items[0].file, "there is no bank.yaml for the items of this lesson")
        for lesson in lessons
        if lesson.items and not lesson.bank
    ]


def _unknown_references(course: CourseFolder, known: Known) -> Iterator[FileFault]:
    skills = {*known.skills, *(source.slug for source in course.skills)}
    for source in course.skills:
        yield from unknown_slugs(source, "prerequisites", "skill", _texts(source, "prerequisites"), skills)
    for source in (lesson.lesson for lesson in course.lessons):
        yield from unknown_slugs(source, "skills", "skill", _texts(source, "skills"), skills)
    items = {*known.items, *(source.slug for source in course.items)}
    lessons = {*known.lessons, *(lesson.lesson.slug for lesson in course.lessons)}
    for folder in course.banks:
        named = folder.bank.document.get("lesson", "")
        yield from unknown_slugs(folder.bank, "lesson", "lesson", [named] if named else [], lessons)
    documents = {source.slug: source.document for source in course.items}
    for lesson in course.lessons:
        yield from _other_lesson(lesson)
        yield from _unknown_in_lesson(lesson.lesson, lessons, items, documents)


def _faults_of_images(course: CourseFolder, known: Known) -> Iterator[FileFault]:
    """Yield what is wrong with the images in texts: where they point, what they are said to show."""
    names = {*known.media, *(str(image.name) for image in course.media)}
    for source in course.items:
        for path, reason in picture_faults(source.document):
            yield FileFault(source.file, reason, path)
    for lesson in course.lessons:
        theory = lesson.lesson.document.get("theory")
        text = Theory(theory if isinstance(theory, str) else "", ())
        for line, reason in text.picture_faults():
            yield _in_its_file(FileFault(lesson.lesson.file, reason, f"theory:{line}"))
        for picture in text.pictures:
            path = f"theory:{picture.line}"
            yield from map(
                _in_its_file, unknown_slugs(lesson.lesson, path, "image", media_of([picture]), names)
            )


def _other_lesson(folder: LessonFolder) -> Iterator[FileFault]:
    """Yield that the bank in the folder of a lesson says it belongs to another."""
    if folder.bank and folder.bank.document.get("lesson", folder.lesson.slug) != folder.lesson.slug:
        yield FileFault(folder.bank.file, f"must be {folder.lesson.slug}, in whose folder it lies", "lesson")


def _unknown_in_lesson(
    source: Source,
    lessons: Collection[str],
    items: Collection[str],
    documents: Mapping[str, Mapping[str, Any]],
) -> Iterator[FileFault]:
    """Yield what a sound lesson refers to and nobody has written, or nobody may practice."""
    try:
        lesson = parse_lesson(source.document)
    except DefinitionError:
        return  # its faults are told elsewhere
    yield from unknown_slugs(source, "prerequisites", "lesson", lesson.prerequisites, lessons)
    related = [entry.lesson for entry in lesson.related if entry.lesson]
    yield from unknown_slugs(source, "related", "lesson", related, lessons)
    for line, item in lesson.theory.checks:
        path = f"theory:{line}"
        yield from map(_in_its_file, unknown_slugs(source, path, "item", [item], items))
        if item in documents and not _may_be_practiced(documents[item]):
            reason = f"{item} is no exercise: a fixed item needs use: practice to stand in a lesson"
            yield _in_its_file(FileFault(source.file, reason, path))


def _may_be_practiced(document: Mapping[str, Any]) -> bool:
    """Return whether an item's own document lets it be practiced, whatever its bank is for."""
    use = document.get("use")
    return use == Use.PRACTICE or (bool(document.get("parameters")) and use != Use.ASSESSMENT)


def _in_its_file(fault: FileFault) -> FileFault:
    """Return a fault in the text of a lesson where its author finds it: at a line of its own file."""
    field, _, line = fault.path.partition(":")
    if field != "theory":
        return fault
    file = str(PurePosixPath(fault.file).with_name(THEORY))
    return FileFault(file, fault.reason, line=exact.whole(line) if line else None)


def _circles(kind: str, listed: Iterable[Source]) -> list[FileFault]:
    """Skills and lessons must come one after the other: none may, by any road, be its own prerequisite."""
    sources = {source.slug: source for source in listed}
    try:
        TopologicalSorter(
            {slug: _texts(source, "prerequisites") for slug, source in sources.items()}
        ).prepare()
    except CycleError as error:
        circle = error.args[1]
        first = sources[circle[0]]
        reason = f"the {kind} is its own prerequisite: " + " <- ".join(circle)
        return [FileFault(first.file, reason, _join(first.at, "prerequisites"))]
    return []


def _texts(source: Source, key: str) -> list[str]:
    """Return a list of texts in a document, without what is none: that is reported where it is parsed."""
    listed = source.document.get(key)
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []


def _at_paths(source: Source, faults: Iterable[PathFault]) -> list[FileFault]:
    """Return faults of a document with their places in its file."""
    below = [replace(fault, path=_join(source.at, fault.path)) for fault in faults]
    if not source.text or not below:
        return [FileFault(source.file, fault.told[1], fault.path) for fault in below]
    locator = Locator(read_source(source.text))
    places = [locator.place(fault) for fault in below]
    # The text of a lesson stands in a file of its own.
    return [
        FileFault(source.file, one.reason, one.path)
        if one.path.startswith("theory")
        else FileFault(source.file, one.reason, one.path, one.line, one.column)
        for one in places
    ]


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)
