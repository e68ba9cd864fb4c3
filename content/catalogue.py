"""The small documents around lessons and items: subjects, skills, misconceptions and item banks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from content.documents.reader import Faults, Reader
from content.items.uses import USES, Use

LONGEST_SLUG: Final = 100
LONGEST_TITLE: Final = 200
LONGEST_TAG: Final = 40
MOST_TAGS: Final = 20
"""Of an item."""

Definition = TypeVar("Definition")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True)
class SubjectDefinition:
    slug: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class SkillDefinition:
    """``prerequisites`` are the slugs of the skills that come before this one."""

    slug: str
    title: str
    description: str
    prerequisites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MisconceptionDefinition:
    """``explanation`` speaks to the learner who holds it."""

    slug: str
    title: str
    explanation: str


@dataclass(frozen=True, slots=True)
class BankDefinition:
    """``use`` says what its items are for, unless they say it themselves; ``lesson`` is empty where none is named.

    ``tags`` are words to find items by, under their slugs: they are no part of an item, and make no version.
    """

    slug: str
    title: str
    use: Use
    lesson: str = ""
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def parse_subject(document: Mapping[str, Any]) -> SubjectDefinition:
    """Raises DefinitionError with every fault, as do the other readers here."""
    reader = Reader.of(document, "", Faults())
    return _checked(
        reader,
        SubjectDefinition(read_slug(reader), read_title(reader), reader.text("description", default="")),
    )


def parse_skill(document: Mapping[str, Any]) -> SkillDefinition:
    reader = Reader.of(document, "", Faults())
    return _checked(
        reader,
        SkillDefinition(
            read_slug(reader),
            read_title(reader),
            reader.text("description", default=""),
            reader.texts("prerequisites"),
        ),
    )


def parse_misconception(document: Mapping[str, Any]) -> MisconceptionDefinition:
    reader = Reader.of(document, "", Faults())
    return _checked(
        reader, MisconceptionDefinition(read_slug(reader), read_title(reader), reader.text("explanation"))
    )


def parse_bank(document: Mapping[str, Any]) -> BankDefinition:
    reader = Reader.of(document, "", Faults())
    lesson = reader.text("lesson", default="")
    slug, title, use = read_slug(reader), read_title(reader), _read_use(reader)
    return _checked(reader, BankDefinition(slug, title, use, lesson, _read_tags(reader)))


def _read_tags(reader: Reader) -> dict[str, tuple[str, ...]]:
    """Read the tags of items; what is no tag is a fault."""
    found = {}
    by_item = reader.mapping("tags")
    for slug, _ in by_item.items():
        found[slug] = by_item.texts(slug)
        if len(found[slug]) > MOST_TAGS:
            by_item.fault(slug, f"are more than {MOST_TAGS} tags")
        for place, tag in enumerate(found[slug]):
            if reason := tag_fault(tag):
                by_item.fault(f"{slug}.{place}", reason)
    return found


def tag_fault(tag: str) -> str | None:
    """Return what is wrong with a tag as it is kept: lower case, single spaces, no commas."""
    if not tag or tag != " ".join(tag.casefold().split()):
        return "is no tag: lower-case words with single spaces"
    if len(tag) > LONGEST_TAG:
        return f"is longer than {LONGEST_TAG} characters"
    return (
        "holds a comma, or a character that cannot be seen" if "," in tag or not tag.isprintable() else None
    )


def _read_use(reader: Reader) -> Use:
    use = reader.raw("use", Use.BOTH.value)
    if use in USES:
        return Use(use)
    reader.fault("use", f"must be one of {', '.join(USES)}")
    return Use.BOTH


def read_slug(reader: Reader) -> str:
    """Return the name of a thing in addresses and files; what is no slug is a fault."""
    slug = reader.text("slug")
    if slug and (reason := slug_fault(slug)):
        reader.fault("slug", reason)
    return slug


def slug_fault(slug: str) -> str | None:
    """Return what is wrong with a slug, None if it can name a thing."""
    if len(slug) > LONGEST_SLUG:
        return f"is longer than {LONGEST_SLUG} characters"
    return None if _SLUG.match(slug) else "must be lower-case words joined by hyphens"


def read_title(reader: Reader) -> str:
    title = reader.text("title")
    if len(title) > LONGEST_TITLE:
        reader.fault("title", f"is longer than {LONGEST_TITLE} characters")
    return title


def _checked(reader: Reader, definition: Definition) -> Definition:
    reader.finish()
    reader.faults.raise_if_any()
    return definition
