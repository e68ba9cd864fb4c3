"""The verbs of authoring: draft, publish, retire, for items and for lessons, and what those of any document share.

A draft may be half finished. What is published has been checked whole, and never changes again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max, Model

from content.catalogue import read_slug
from content.documents.reader import DefinitionError, Faults, Reader
from content.documents.source import read_source
from content.documents.storable import is_storable
from content.items.certification import Certificate, certify
from content.items.definition import ItemDefinition
from content.items.examining import Names
from content.items.examining import unknown as unknown_names
from content.items.interactions import INTERACTIONS
from content.items.parsing.document import read_definition
from content.items.parsing.references import references
from content.items.pictures import picture_faults
from content.lessons import LessonDefinition, parse_lesson
from content.media.names import named_by
from content.models import (
    Item,
    ItemBank,
    ItemVersion,
    Lesson,
    LessonVersion,
    Media,
    Misconception,
    Review,
    Skill,
    Status,
    Subject,
    Version,
)
from content.models.versions import Retirable
from content.uploading import unknown_media

Document = Mapping[str, Any]
Row = TypeVar("Row", bound=Retirable)


class AuthoringError(Exception):
    """Something that an author cannot do; the text says why."""


class NotADraft(AuthoringError):
    def __init__(self, version: Version) -> None:
        super().__init__(f"{version} is {version.status}: only a draft can be changed or published.")


class NotRetired(AuthoringError):
    def __init__(self, version: Version) -> None:
        super().__init__(f"{version} is {version.status}: only a retired version is published anew.")


class NoDraft(AuthoringError):
    def __init__(self, row: object) -> None:
        super().__init__(f"{row} has no draft.")


class DraftStands(AuthoringError):
    def __init__(self, draft: Version) -> None:
        super().__init__(f"{draft} is a draft: publish it or throw it away first. Nothing was changed.")


class DraftChanged(AuthoringError):
    def __init__(self) -> None:
        super().__init__("Somebody else has changed this draft since you opened it. Nothing was saved.")


class ReviewNeeded(AuthoringError):
    def __init__(self, version: Version) -> None:
        super().__init__(
            f"{version} belongs to a bank that needs review: a reviewer publishes it by approving."
        )


class SlugTaken(AuthoringError):
    def __init__(self, slug: str, owner: object) -> None:
        super().__init__(f"{slug} exists already, in {owner}.")


@transaction.atomic
def draft_item(
    *,
    bank: ItemBank,
    document: Document,
    now: datetime,
    based_on: str | None = None,
    author: Any = None,
    source: str = "",
) -> ItemVersion:
    """Keep the draft of the item that the document names; item and draft are made where there are none.

    Locks the item. ``based_on`` is the revision of the draft that the author set out from; the ``author`` stands
    with the draft, as nobody reviews an own one; ``source`` is the text that the document was read from. A draft may
    be unfinished, but it needs a slug: raises DefinitionError without one, SlugTaken where another bank has the item,
    DraftChanged where another author was faster.
    """
    slug = slug_of(document)
    defaults = {"bank": bank, "title": title_of(document)}
    item, _ = Item.objects.select_for_update(of=("self",)).get_or_create(slug=slug, defaults=defaults)
    if item.bank_id != bank.pk:
        raise SlugTaken(slug, f"the bank {item.bank}")
    draft: ItemVersion = keep_draft(item.versions, document, now, based_on, author, source)
    if item.current_id is None:
        item.kinds = kinds_in(document)
        item.save(update_fields=["kinds"])
    return draft


def publish_item(
    *, version: ItemVersion, now: datetime, token: Callable[[], str] = token_hex, published_by: Any = None
) -> ItemVersion:
    """Let new presentations show a draft; the version before it retires.

    Certifies before it locks the item; what has changed meanwhile is not published. Raises NotADraft, DraftChanged,
    ReviewNeeded, or DefinitionError with everything that keeps it from being shown.
    """
    read = ItemVersion.objects.select_related("item").get(pk=version.pk)
    if not read.is_draft:
        raise NotADraft(read)
    raise_faults(unread(read))
    definition = checked_item(read.document, read.item.slug)
    certificate = certificate_of(definition)
    with transaction.atomic():
        item = Item.objects.select_for_update().get(pk=version.item_id)
        draft = draft_to_publish(item.versions, version)
        check_unchanged(draft, read.revision)
        if item.bank.needs_review and not Review.objects.approving(draft).exists():
            raise ReviewNeeded(draft)
        return put_item_in_force(item, draft, definition, certificate, now, token, published_by)


@transaction.atomic
def retire(*, row: Row, now: datetime) -> Row:
    """Give an item, or whatever else can be retired, to nobody any more. Locks it.

    What learners have had of it stays.
    """
    locked = _locked(row)
    if locked.retired_at is None:
        locked.retired_at = now
        locked.save(update_fields=["retired_at"])
    return locked


@transaction.atomic
def restore(*, row: Row) -> Row:
    """Let what was retired be given again. Locks it."""
    locked = _locked(row)
    locked.retired_at = None
    locked.save(update_fields=["retired_at"])
    return locked


@transaction.atomic
def draft_lesson(
    *,
    subject: Subject,
    document: Document,
    now: datetime,
    based_on: str | None = None,
    author: Any = None,
    source: str = "",
) -> LessonVersion:
    """Keep the draft of the lesson that the document names, as `draft_item` does for items. Locks the lesson."""
    slug = slug_of(document)
    defaults = {"subject": subject, "title": title_of(document)}
    lesson, _ = Lesson.objects.select_for_update(of=("self",)).get_or_create(slug=slug, defaults=defaults)
    if lesson.subject_id != subject.pk:
        raise SlugTaken(slug, f"the subject {lesson.subject}")
    draft: LessonVersion = keep_draft(lesson.versions, document, now, based_on, author, source)
    return draft


@transaction.atomic
def publish_lesson(*, version: LessonVersion, now: datetime, published_by: Any = None) -> LessonVersion:
    """Let learners read a draft; the version before it retires. Locks the lesson.

    Raises NotADraft, or DefinitionError with everything that is wrong with it.
    """
    lesson = Lesson.objects.select_for_update().get(pk=version.lesson_id)
    draft = draft_to_publish(lesson.versions, version)
    definition = checked_lesson(draft.document, lesson.slug)
    return put_lesson_in_force(lesson, draft, definition, now, published_by)


def publish_item_anew(
    *, version: ItemVersion, now: datetime, token: Callable[[], str] = token_hex, published_by: Any = None
) -> ItemVersion:
    """Publish the wording of a retired version as a new one, certified again. A draft stays as it is.

    Locks the item after certifying. Raises NotRetired, ReviewNeeded, or DefinitionError where it must not be shown
    any more.
    """
    old = retired_version(ItemVersion.objects.select_related("item__bank"), version)
    if old.item.bank.needs_review:
        raise ReviewNeeded(old)
    definition = checked_item(old.document, old.item.slug)
    certificate = certificate_of(definition)
    with transaction.atomic():
        item = Item.objects.select_for_update(of=("self",)).select_related("bank").get(pk=old.item_id)
        if item.bank.needs_review:
            raise ReviewNeeded(old)
        again = version_again(item.versions, old, now)
        return put_item_in_force(item, again, definition, certificate, now, token, published_by)


@transaction.atomic
def draft_item_anew(*, version: ItemVersion, now: datetime, author: Any = None) -> ItemVersion:
    """Begin a draft with the wording of a retired version. Locks the item.

    Raises NotRetired, or DraftStands where there is one: nothing is written over.
    """
    old: ItemVersion = retired_version(ItemVersion.objects.all(), version)
    item = Item.objects.select_for_update(of=("self",)).get(pk=old.item_id)
    if draft := item.versions.filter(status=Status.DRAFT).first():
        raise DraftStands(draft)
    begun: ItemVersion = keep_draft(item.versions, old.document, now, author=author, source=old.source)
    return begun


@transaction.atomic
def publish_lesson_anew(*, version: LessonVersion, now: datetime, published_by: Any = None) -> LessonVersion:
    """Publish the wording of a retired version as a new one. A draft stays as it is. Locks the lesson.

    Raises NotRetired, or DefinitionError where it refers to what is not there any more.
    """
    old = retired_version(LessonVersion.objects.all(), version)
    lesson = Lesson.objects.select_for_update(of=("self",)).get(pk=old.lesson_id)
    definition = checked_lesson(old.document, lesson.slug)
    return put_lesson_in_force(
        lesson, version_again(lesson.versions, old, now), definition, now, published_by
    )


def retired_version(versions: Any, version: Version) -> Any:
    """Return a version as it stands in the database. Raises NotRetired."""
    found = versions.get(pk=version.pk)
    if found.status != Status.RETIRED:
        raise NotRetired(found)
    return found


def version_again(versions: Any, old: Version, now: datetime) -> Any:
    """Return the next of the ``versions`` with the wording of an ``old`` one, not saved yet.

    It keeps who wrote it. The caller holds the lock.
    """
    again = next_version(versions, now)
    again.write(old.document, old.source)
    again.written_by, again.written_at = old.written_by, old.written_at
    return again


def checked_item(document: Document, slug: str) -> ItemDefinition:
    """Return the definition of an item that refers to nothing unknown. Raises DefinitionError."""
    faults = Faults()
    definition = read_definition(document, faults)
    for path, reason in wrong_slug(definition.slug, slug):
        faults.add(path, reason)
    for fault in unknown_names(document, known_names(document)):
        faults.put(fault)
    for path, reason in picture_faults(document):
        faults.add(path, reason)
    faults.raise_if_any()
    return definition


def known_names(document: Any) -> Names:
    """Return what exists of what an item's document names; where something does not, all that it may have meant."""
    named = list(references(document))
    return Names(
        skills=_known(Skill, (one.slug for one in named if one.kind == "skill")),
        misconceptions=_known(Misconception, (one.slug for one in named if one.kind == "misconception")),
        items=_known(Item, (one.slug for one in named if one.kind == "item")),
        images=_known(Media, (one.slug for one in named if one.kind == "image"), "name"),
    )


def _known(model: type[Model], names: Iterable[str], field: str = "slug") -> frozenset[str]:
    wanted = {name for name in names if is_storable(name)}
    rows = model._default_manager.values_list(field, flat=True)
    known = frozenset(rows.filter(**{f"{field}__in": wanted})) if wanted else frozenset()
    return known if wanted <= known else frozenset(rows)


def checked_lesson(document: Document, slug: str) -> LessonDefinition:
    """Return the definition of a lesson that refers to nothing unknown. Raises DefinitionError."""
    definition = parse_lesson(document)
    raise_faults(
        [
            *wrong_slug(definition.slug, slug),
            *unknown(Skill, "skills", definition.skills),
            *unknown(Lesson, "prerequisites", definition.prerequisites),
            *unknown(Lesson, "related", (entry.lesson for entry in definition.related if entry.lesson)),
            *_not_practiced(definition),
            *_lesson_image_faults(definition),
        ]
    )
    return definition


def certificate_of(definition: ItemDefinition) -> Certificate:
    """Return what trying an item out found. Raises DefinitionError when it must not be shown to anybody."""
    certificate = certify(definition)
    if not certificate.certified:
        raise DefinitionError([("certificate", reason) for reason in certificate.grounds])
    return certificate


def probing_keys(definition: ItemDefinition, token: Callable[[], str] = token_hex) -> dict[str, str]:
    """Return a key for each interaction whose answers are tried at places that nobody may foresee."""
    return {i: token() for i, interaction in definition.interactions.items() if interaction.probes}


def kinds_in(document: Document) -> list[str]:
    """Return the kinds of interaction that a document names, which may be unfinished."""
    interactions = document.get("interactions")
    found = interactions.values() if isinstance(interactions, Mapping) else ()
    named = [one.get("kind") for one in found if isinstance(one, Mapping)]
    return [kind for kind in sorted(INTERACTIONS) if kind in named]


def put_item_in_force(
    item: Item,
    version: ItemVersion,
    definition: ItemDefinition,
    certificate: Certificate,
    now: datetime,
    token: Callable[[], str] = token_hex,
    published_by: Any = None,
) -> ItemVersion:
    """Make a version that has been certified the item's current one. The caller holds the item's lock.

    ``token`` makes its probing keys: dice that no learner can predict.
    """
    version.certificate = certificate.to_json()
    return enforce_item(item, version, definition, now, token, published_by)


def enforce_item(
    item: Item,
    version: ItemVersion,
    definition: ItemDefinition,
    now: datetime,
    token: Callable[[], str] = token_hex,
    published_by: Any = None,
) -> ItemVersion:
    """Make a version that has its certificate the item's current one. The caller holds the item's lock."""
    version.probing = probing_keys(definition, token)
    supersede(item.current, version, now, published_by)
    item.current, item.title, item.is_exercise = version, definition.title, definition.is_exercise
    item.use, item.kinds = definition.use or "", kinds_in(version.document)
    item.save()
    asked_for = Skill.objects.filter(slug__in=definition.skills)
    item.skills.set(asked_for)
    version.skills.set(asked_for)
    version.misconceptions.set(Misconception.objects.filter(slug__in=definition.misconception_slugs))
    _show(version, definition.media)
    return version


def put_lesson_in_force(
    lesson: Lesson,
    version: LessonVersion,
    definition: LessonDefinition,
    now: datetime,
    published_by: Any = None,
) -> LessonVersion:
    """Make a version the lesson's current one. The caller holds the lesson's lock."""
    supersede(lesson.current, version, now, published_by)
    lesson.current, lesson.title, lesson.premium = version, definition.title, definition.premium
    lesson.save()
    lesson.skills.set(Skill.objects.filter(slug__in=definition.skills))
    _show(version, definition.media)
    return version


def _show(version: ItemVersion | LessonVersion, names: Collection[str]) -> None:
    """Note which images a version shows: from now on they stay. Raises DefinitionError where one has gone."""
    if not names:
        return
    shown = Media.objects.filter(name__in=names).only("pk")
    version.media.set(shown)
    if len(shown) < len(names):
        raise DefinitionError([("media", reason) for reason in unknown_media(names).values()])


def keep_draft(
    versions: Any,
    document: Document,
    now: datetime,
    based_on: str | None = None,
    author: Any = None,
    source: str = "",
) -> Any:
    """Return the draft among the ``versions`` of something, with this document; one is begun where there is none.

    The caller holds the lock of what they are versions of. Raises DraftChanged where another author was faster than
    one who set out from the revision ``based_on``.
    """
    draft = versions.filter(status=Status.DRAFT).first()
    check_unchanged(draft, based_on)
    draft = draft or next_version(versions, now)
    draft.write(document, source)
    draft.written_by, draft.written_at = author, now
    draft.save()
    return draft


def draft_to_publish(versions: Any, version: Version) -> Any:
    """Return a draft as it stands behind the lock, which the caller holds.

    Raises NotADraft, or DefinitionError where its text cannot be read whole.
    """
    draft = versions.get(pk=version.pk)
    if not draft.is_draft:
        raise NotADraft(draft)
    raise_faults(unread(draft))
    return draft


def unread(version: Version) -> list[tuple[str, str]]:
    """Return what keeps the text of a draft from being read: its document holds the rest of it only."""
    if not version.source:
        return []
    source = read_source(version.source)
    if not source.faults and source.document != version.document:
        return [("slug", f"must stay {version.document.get('slug')}")]
    return [
        (fault.path, f"line {fault.span.line}: {fault.reason}" if fault.span else fault.reason)
        for fault in source.faults
    ]


def next_version(versions: Any, now: datetime) -> Any:
    """Return the next of the ``versions`` of something, not saved yet."""
    last = versions.aggregate(last=Max("number"))["last"] or 0
    return versions.model(**{versions.field.name: versions.instance}, number=last + 1, created_at=now)


def supersede(before: Version | None, version: Version, now: datetime, published_by: Any = None) -> None:
    """Publish a version; the one ``before`` it retires."""
    if before:
        before.mark_retired(now)
        before.save(update_fields=["status", "retired_at"])
    version.mark_published(now, published_by)
    version.save()


def raise_faults(faults: Iterable[tuple[str, str]]) -> None:
    """Raise DefinitionError if there are any faults, given as (path, reason)."""
    if listed := list(faults):
        raise DefinitionError(listed)


def unknown(model: type[Model], path: str, slugs: Iterable[str]) -> list[tuple[str, str]]:
    """Return a fault for each slug that names no row of the model."""
    wanted = set(slugs)
    known = model._default_manager.filter(slug__in=wanted).values_list("slug", flat=True)
    return [
        (path, f"there is no {model._meta.verbose_name} called {slug}")
        for slug in sorted(wanted - set(known))
    ]


def _lesson_image_faults(lesson: LessonDefinition) -> list[tuple[str, str]]:
    """Return what is wrong with the images in a lesson's text, by their lines."""
    faults = lesson.theory.picture_faults()
    reasons = unknown_media(lesson.media) if lesson.media else {}
    for picture in lesson.theory.pictures:
        if reason := reasons.get(str(named_by(picture.address))):
            faults.append((str(picture.line), reason))
    return [(f"theory:{line}", reason) for line, reason in faults]


def _not_practiced(lesson: LessonDefinition) -> list[tuple[str, str]]:
    """Return a fault for each question in a lesson's text that is no item which may be practiced."""
    asked = {item: line for line, item in lesson.theory.checks}
    known = Item.objects.practiced().filter(slug__in=asked).values_list("slug", flat=True)
    reason = "is no item that may be practiced: an exercise, or a fixed item with use: practice"
    return [(f"theory:{asked[item]}", f"{item} {reason}") for item in sorted(set(asked) - set(known))]


def slug_of(document: Document) -> str:
    """Return what a document calls itself. Raises DefinitionError where that cannot name an item or a lesson."""
    faults = Faults()
    slug = read_slug(Reader.of(document, "", faults))
    faults.raise_if_any()
    return slug


def title_of(document: Document) -> str:
    title = document.get("title")
    return title[:200] if isinstance(title, str) and title.strip() else str(document["slug"])


def wrong_slug(slug: str, expected: str) -> list[tuple[str, str]]:
    return [("slug", f"must stay {expected}")] if slug != expected else []


def _locked(row: Row) -> Row:
    return type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)


def check_unchanged(draft: Version | None, based_on: str | None) -> None:
    """Raises DraftChanged where a draft is not what its author set out from."""
    if based_on is not None and (draft is None or draft.revision != based_on):
        raise DraftChanged
