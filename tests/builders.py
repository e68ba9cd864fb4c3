"""Valid rows and documents with defaults, so that a test names only what it is about."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import count
from typing import Any

from assessment.authoring import next_assessment_version, put_in_force
from assessment.delivery.attempts import start_attempt
from assessment.models import (
    Assessment,
    AssessmentVersion,
    Assignment,
    Attempt,
    Course,
    Enrolment,
    Learner,
    User,
)
from assessment.models.people import Role
from assessment.people.learners import own_learner
from assessment.rules.document import RULES
from content.authoring import kinds_in
from content.models import (
    Item,
    ItemBank,
    ItemVersion,
    Lesson,
    LessonVersion,
    Misconception,
    Skill,
    Status,
    Subject,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"

_serial = count(1)


def choice_document(slug: str = "pick-one", **changes: Any) -> dict[str, Any]:
    """A fixed item with the key ``right`` and two distractors, one of a misconception."""
    document = {
        "slug": slug,
        "title": "Pick one",
        "skills": ["l2-update"],
        "body": "Which one is right? [[a]]",
        "interactions": {
            "a": {
                "kind": "choice",
                "options": [
                    {"id": "right", "text": "This one", "key": True, "feedback": "Well seen."},
                    {
                        "id": "wrong",
                        "text": "That one",
                        "misconception": "forgot-the-two",
                        "feedback": "Not that one.",
                    },
                    {"id": "other", "text": "Another one", "feedback": "Nor this one."},
                ],
            }
        },
        "solution": "This one is right.",
    }
    return document | changes


def publishable_choice(slug: str = "pick-one", **changes: Any) -> dict[str, Any]:
    """As ``choice_document``, with ids that tell nothing: ``this``, ``that`` and ``other``."""
    document = choice_document(slug)
    for option, name in zip(document["interactions"]["a"]["options"], ("this", "that", "other"), strict=True):
        option["id"] = name
    return document | changes


def exercise_document(slug: str = "double-it", **changes: Any) -> dict[str, Any]:
    """An exercise whose key is twice its parameter ``x``, which lies in 1 … 9 and is shown."""
    document = {
        "slug": slug,
        "title": "Double it",
        "skills": ["l2-update"],
        "parameters": {"x": {"decimal": [1, 9], "places": 1}},
        "steps": {"twice": "2*x"},
        "check": {"twice": "x + x"},
        "body": "What is twice ${x}$? [[a]]",
        "interactions": {
            "a": {"kind": "numeric", "key": "twice", "policy": {"name": "absolute", "tolerance": 0.01}}
        },
        "misconceptions": {"a": {"forgot-the-two": "x"}},
        "hints": ["Add it to itself."],
        "solution": "Twice ${x}$ is ${twice}$.",
    }
    return document | changes


def vector_document(slug: str = "double-all", **changes: Any) -> dict[str, Any]:
    """As ``exercise_document``, for a vector of three."""
    parameters = {"x": {"decimal": [1, 9], "places": 1, "shape": [3]}}
    return exercise_document(slug, parameters=parameters) | changes


def make_learner(username: str | None = None, **fields: Any) -> User:
    return User.objects.create_user(username or f"learner-{next(_serial)}", password=PASSWORD, **fields)


def who(attempt: Attempt) -> User:
    """The account whose attempt it is."""
    return attempt.learner.users.get()


def learner_of(user: User) -> Learner:
    return own_learner(user=user, now=NOW)


def make_skill(slug: str = "l2-update", **fields: Any) -> Skill:
    return Skill.objects.get_or_create(slug=slug, defaults={"title": slug.replace("-", " ")} | fields)[0]


def make_bank(slug: str = "bank", **fields: Any) -> ItemBank:
    return ItemBank.objects.get_or_create(slug=slug, defaults={"title": slug} | fields)[0]


PROBING = "a-probing-key-that-no-learner-sees"


def is_formula(interaction: dict[str, Any]) -> bool:
    return bool(interaction.get("kind") == "expression")


def make_item(document: dict[str, Any] | None = None, *, bank: ItemBank | None = None) -> Item:
    """A published item; by default a choice."""
    document = document or choice_document(f"item-{next(_serial)}")
    item = Item.objects.create(
        bank=bank or make_bank(),
        slug=document["slug"],
        title=document["title"],
        is_exercise="parameters" in document,
        use=document.get("use", ""),
        kinds=kinds_in(document),
    )
    version = ItemVersion(item=item, number=1, created_at=NOW, status=Status.PUBLISHED, published_at=NOW)
    version.write(document)
    version.probing = {i: PROBING for i, entry in document["interactions"].items() if is_formula(entry)}
    version.save()
    item.current = version
    item.save()
    item.skills.set(make_skill(slug) for slug in document["skills"])
    version.skills.set(item.skills.all())
    slugs = version.definition.misconception_slugs
    version.misconceptions.set(Misconception.objects.filter(slug__in=slugs))
    return item


def make_lesson(slug: str = "a-lesson", *, premium: bool = False, **changes: Any) -> Lesson:
    """A published lesson of the subject ``a-subject``."""
    subject = Subject.objects.get_or_create(slug="a-subject", defaults={"title": "A subject"})[0]
    document: dict[str, Any] = {
        "slug": slug,
        "title": "A lesson",
        "summary": "What it is about.",
        "level": "Advanced",
        "minutes": 12,
        "updated_on": "2026-05-13",
        "premium": premium,
        "objectives": ["Know it."],
        "related": [],
        "skills": [],
        "theory": "The secret of $w$.",
    } | changes
    lesson = Lesson.objects.create(subject=subject, slug=slug, title=document["title"], premium=premium)
    version = LessonVersion(
        lesson=lesson, number=1, created_at=NOW, status=Status.PUBLISHED, published_at=NOW
    )
    version.write(document)
    version.save()
    lesson.current = version
    lesson.save()
    return lesson


GIVEN = (
    "course",
    "is_open",
    "opens_at",
    "closes_at",
    "time_limit_minutes",
    "attempts_allowed",
    "exclusive",
    "release",
    "grade_rule",
    "weight",
)
"""What an assignment says; everything else stands in the document."""


def make_assessment(*items: Item, slug: str | None = None, **fields: Any) -> Assessment:
    """A published assessment that is given to everybody, or to a course.

    One section of the given items; by default of one choice, feedback at once, two tries. In another mode it has a
    ``bank`` and what else ``rules`` say.
    """
    slug = slug or f"assessment-{next(_serial)}"
    given = {name: fields.pop(name) for name in GIVEN if name in fields}
    assessment = Assessment.objects.create(slug=slug, title=slug)
    usual = {
        name: given[name] for name in ("time_limit_minutes", "attempts_allowed", "exclusive") if name in given
    }
    publish(assessment, assessment_document(slug, *items, **usual, **fields))
    Assignment.objects.create(assessment=assessment, **given)
    return assessment


def assessment_document(
    slug: str,
    *items: Item,
    bank: ItemBank | None = None,
    rules: dict[str, Any] | None = None,
    lesson: Lesson | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """The document of an assessment, of items or of a mode that takes them from a bank."""
    key = RULES[fields.get("mode", "fixed")].key
    document = {"slug": slug, "title": "An assessment", "tries": 2} | fields
    if lesson:
        document["lesson"] = lesson.slug
    if key in document:
        return document
    if bank or rules is not None:
        return document | {key: {"bank": (bank or make_bank()).slug} | (rules or {})}
    slots = [{"item": item.slug} for item in items or (make_item(),)]
    return document | {"sections": [{"title": "Only section", "slots": slots}]}


def publish(assessment: Assessment, document: dict[str, Any]) -> AssessmentVersion:
    """Put a document in force, without asking whether it could be taken."""
    version = next_assessment_version(assessment, document, NOW)
    return put_in_force(assessment, version, version.definition, NOW)


def change(assessment: Assessment, **fields: Any) -> Assessment:
    """Publish an assessment anew with other fields of its document."""
    publish(assessment, {**assessment.version.document, **fields})
    return assessment


def assignment_of(assessment: Assessment) -> Assignment:
    return assessment.assignments.get()


def give(assessment: Assessment, **terms: Any) -> Assignment:
    """Change the terms of the only assignment of an assessment."""
    assignment = assignment_of(assessment)
    for name, value in terms.items():
        setattr(assignment, name, value)
    assignment.save()
    return assignment


def make_course(*lessons: Lesson, slug: str | None = None) -> Course:
    course = Course.objects.create(slug=slug or f"course-{next(_serial)}", title="A course")
    course.lessons.set(lessons)
    return course


def enrol(user: User, course: Course, role: Role = Role.LEARNER) -> Enrolment:
    return Enrolment.objects.create(user=user, course=course, role=role)


def make_attempt(
    *items: Item, learner: User | None = None, now: datetime = NOW, seed: int = 1, **fields: Any
) -> Attempt:
    """A fresh attempt at a fresh assessment of the given items."""
    assessment = make_assessment(*items, **fields)
    started = start_attempt(
        user=learner or make_learner(), assessment=assessment, now=now, dice=random.Random(seed)
    )
    return started.attempt
