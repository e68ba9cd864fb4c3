"""The verbs of authoring for assessments: draft, publish; retiring is that of items."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.db import transaction
from django.db.models import Model

from assessment.errors import BankExhausted
from assessment.models import Assessment, AssessmentSource, AssessmentVersion, Assignment
from assessment.modes import mode_of
from assessment.people.assignments import take_usual_terms
from assessment.rules.definition import AssessmentDefinition, Reference
from assessment.rules.document import parse_assessment
from content.authoring import (
    Document,
    draft_to_publish,
    keep_draft,
    next_version,
    raise_faults,
    retired_version,
    slug_of,
    supersede,
    title_of,
    unknown,
    version_again,
    wrong_slug,
)
from content.items.markup import pictures
from content.models import Item, ItemBank, Lesson, Skill

NAMED: Final[Mapping[str, type[Model]]] = {"lesson": Lesson, "item": Item, "bank": ItemBank, "skill": Skill}
"""The rows that a reference of each kind names."""

NOT_ENOUGH: Final = "asks for retired items, or for more than there are"


@transaction.atomic
def draft_assessment(
    *,
    document: Document,
    now: datetime,
    based_on: str | None = None,
    author: Any = None,
    source: str = "",
) -> AssessmentVersion:
    """Keep the draft of the assessment that the document names, as `content.authoring.draft_item` does for items.

    Locks the assessment. Raises DefinitionError without a slug, DraftChanged where another author was faster.
    """
    slug, defaults = slug_of(document), {"title": title_of(document)}
    found = Assessment.objects.select_for_update(of=("self",))
    assessment, _ = found.get_or_create(slug=slug, defaults=defaults)
    draft: AssessmentVersion = keep_draft(assessment.versions, document, now, based_on, author, source)
    return draft


@transaction.atomic
def publish_assessment(
    *, version: AssessmentVersion, now: datetime, published_by: Any = None
) -> AssessmentVersion:
    """Let new attempts begin with a draft; the version before it retires, and assignments follow it.

    Locks the assessment. Raises NotADraft, or DefinitionError with everything that keeps it from being taken.
    """
    assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=version.assessment_id)
    draft: AssessmentVersion = draft_to_publish(assessment.versions, version)
    definition = checked_assessment(draft.document, assessment.slug)
    put_in_force(assessment, draft, definition, now, published_by)
    take_usual_terms(assessment=assessment, usual=definition.usual, now=now)
    return draft


@transaction.atomic
def publish_assessment_anew(
    *, version: AssessmentVersion, now: datetime, published_by: Any = None
) -> AssessmentVersion:
    """Publish the wording of a retired version as a new one. A draft stays as it is. Locks the assessment.

    Raises NotRetired, or DefinitionError where it could not be taken any more.
    """
    old: AssessmentVersion = retired_version(AssessmentVersion.objects.all(), version)
    assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=old.assessment_id)
    definition = checked_assessment(old.document, assessment.slug)
    again: AssessmentVersion = version_again(assessment.versions, old, now)
    put_in_force(assessment, again, definition, now, published_by)
    take_usual_terms(assessment=assessment, usual=definition.usual, now=now)
    return again


def checked_assessment(document: Document, slug: str) -> AssessmentDefinition:
    """Return the definition of an assessment that could be taken now. Raises DefinitionError."""
    definition = parse_assessment(document)
    raise_faults([*wrong_slug(definition.slug, slug), *_unknown(definition.references())])
    raise_faults(exhaustion(definition))
    return definition


def exhaustion(definition: AssessmentDefinition) -> list[tuple[str, str]]:
    """Return a fault where no attempt could begin, because there are too few items that may be asked."""
    try:
        mode_of(definition).rehearse(definition, random.Random(0))  # noqa: S311 - nobody sees its draws
    except BankExhausted:
        return [(definition.item_rules.key, NOT_ENOUGH)]
    return []


def next_assessment_version(assessment: Assessment, document: Document, now: datetime) -> AssessmentVersion:
    """Return the next version of an assessment with this document, not saved yet."""
    version: AssessmentVersion = next_version(assessment.versions, now)
    version.write(document)
    return version


def put_in_force(
    assessment: Assessment,
    version: AssessmentVersion,
    definition: AssessmentDefinition,
    now: datetime,
    published_by: Any = None,
) -> AssessmentVersion:
    """Make a checked version the assessment's current one. The caller holds the assessment's lock.

    Raises DefinitionError where an assignment releases verdicts in a way that its mode cannot live with.
    """
    raise_faults(_unfit(assessment, definition))
    supersede(assessment.current, version, now, published_by)
    assessment.current, assessment.title, assessment.mode = version, definition.title, definition.mode
    assessment.feedback = definition.rules.feedback.value
    assessment.lesson = Lesson.objects.get(slug=definition.lesson) if definition.lesson else None
    assessment.save()
    AssessmentSource.objects.bulk_create(_sources(version, definition))
    return version


def _unfit(assessment: Assessment, definition: AssessmentDefinition) -> Iterable[tuple[str, str]]:
    releases = (
        Assignment.objects.filter(assessment=assessment).exclude(release="").values_list("release", flat=True)
    )
    for release in sorted({*releases} - {*definition.item_rules.feedbacks}):
        yield "mode", f"{definition.mode} cannot be given with {release}, as an assignment has it"
    if pictures(definition.instructions):
        yield "instructions", "an image cannot stand here: nothing would keep it from being deleted"


def _sources(version: AssessmentVersion, definition: AssessmentDefinition) -> list[AssessmentSource]:
    """Return where the items come from as rows, each but once."""
    named = {(one.item, one.bank, one.skill) for one in definition.item_rules.sources()}
    return [
        AssessmentSource(
            version=version,
            item=_named(Item, item),
            bank=_named(ItemBank, bank),
            skill=_named(Skill, skill),
        )
        for item, bank, skill in sorted(named, key=str)
    ]


def _named(model: type[Model], slug: str | None) -> Any:
    return model._default_manager.get(slug=slug) if slug else None


def _unknown(references: Iterable[Reference]) -> list[tuple[str, str]]:
    """Return a fault for each reference that leads nowhere."""
    listed = sorted(references, key=lambda one: (one.path, one.kind))
    return [
        fault
        for (path, kind), group in groupby(listed, key=lambda one: (one.path, one.kind))
        for fault in unknown(NAMED[kind], path, [one.slug for one in group])
    ]
