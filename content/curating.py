"""The verbs of keeping order among items: copy, move and tag. None of them touches a published wording."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from typing import Any, Final

from django.db import transaction
from django.db.models.fields.json import KeyTextTransform

from content.authoring import AuthoringError, draft_item, title_of
from content.catalogue import LONGEST_SLUG, LONGEST_TAG, LONGEST_TITLE, MOST_TAGS
from content.documents.editing import Edit, ImpossibleEdit, edited
from content.models import Item, ItemBank, ItemVersion, Lesson, Status

_ASKED = re.compile(r"\[\[check: ?([a-z0-9-]+)\]\]")

COPY: Final = "-copy"
COPIED: Final = " (copy)"


class TagRefused(AuthoringError):
    """A word that cannot be a tag, or one too many; the text says why."""


class MoveRefused(AuthoringError):
    """An item that cannot be moved; the text says why."""


class NothingToCopy(AuthoringError):
    def __init__(self, item: Item) -> None:
        super().__init__(f"{item.slug} has no wording that could be copied.")


@transaction.atomic
def duplicate_item(*, item: Item, bank: ItemBank, now: datetime, author: Any = None) -> ItemVersion:
    """Return the draft of a new item in a bank, with the wording in force of another, or with its draft.

    The first free name is taken: two at once make two copies. Raises NothingToCopy.
    """
    original = item.current or item.versions.filter(status=Status.DRAFT).first()
    if original is None:
        raise NothingToCopy(item)
    title = copied_title(title_of(original.document))
    copy = _new_item(item.slug, bank=bank, title=title, tags=item.tags)
    named = {"slug": copy.slug, "title": title}
    return draft_item(
        bank=bank,
        document={**original.document, **named},
        source=_renamed(original.source, named),
        now=now,
        author=author,
    )


def _renamed(source: str, named: Mapping[str, str]) -> str:
    """Return the text of an author with other names; none where there is none, or where it cannot be read."""
    try:
        return edited(source, [Edit((key,), value=value) for key, value in named.items()]) if source else ""
    except ImpossibleEdit:
        return ""


def copied_title(title: str) -> str:
    return title[: LONGEST_TITLE - len(COPIED)] + COPIED


def names_of_copies(slug: str) -> Iterable[str]:
    """Return what copies of an item are called, in their order: ``step-copy``, ``step-copy-2`` …"""
    endings = chain([COPY], (f"{COPY}-{number}" for number in count(2)))
    return (slug[: LONGEST_SLUG - len(ending)].rstrip("-") + ending for ending in endings)


def _new_item(slug: str, **fields: Any) -> Item:
    """Return a new item under the first name that nobody has. The database decides who came first."""
    for name in names_of_copies(slug):
        item, is_new = Item.objects.get_or_create(slug=name, defaults=fields)
        if is_new:
            return item
    raise AssertionError("there is always another number")


@transaction.atomic
def move_item(*, item: Item, bank: ItemBank, despite_review: bool = False) -> Item:
    """Put an item into another bank. Locks it.

    Raises MoveRefused where its bank needs review, unless ``despite_review``: in another one its author could publish
    it alone.
    """
    locked = _locked(item)
    if locked.bank.needs_review and not despite_review and locked.bank_id != bank.pk:
        raise MoveRefused(f"{locked.slug} stays: its bank needs review, so a superuser moves it.")
    locked.bank = bank
    locked.save(update_fields=["bank"])
    return locked


@contextmanager
def as_if(items: Collection[Item], bank: ItemBank | None, now: datetime) -> Iterator[None]:
    """Let the database look as if items were in another bank, or retired, until the block ends.

    Nothing of it is ever committed, so no other transaction sees it. The rows are locked meanwhile, in one order.
    """
    with transaction.atomic():
        rows = Item.objects.filter(pk__in=[item.pk for item in items])
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        if bank:
            rows.update(bank=bank)
        else:
            rows.update(retired_at=now)
        yield
        transaction.set_rollback(True)


def lessons_asking(items: Collection[Item]) -> dict[Lesson, list[str]]:
    """Return the lessons in whose published text items are asked, with the slugs of these."""
    slugs = {item.slug for item in items}
    theory = KeyTextTransform("theory", "current__document")
    asking: Any = Lesson.objects.published().annotate(text=theory).filter(text__contains="[[check")
    asked = ((lesson, sorted(slugs & set(_ASKED.findall(lesson.text)))) for lesson in asking)
    return {lesson: found for lesson, found in asked if found}


def tag_of(text: str) -> str:
    """Return a tag as it is kept: lower case, single spaces. Raises TagRefused."""
    tag = " ".join(text.casefold().split())
    if not tag:
        raise TagRefused("A tag is a word or a few.")
    if len(tag) > LONGEST_TAG:
        raise TagRefused(f"“{tag[:LONGEST_TAG]}…” is longer than {LONGEST_TAG} characters.")
    if "," in tag or not tag.isprintable():
        raise TagRefused("A tag holds no commas and no characters that cannot be seen.")
    return tag


def tags_of(text: str) -> list[str]:
    """Return the tags in a line, which commas part, each once, in the order of the alphabet. Raises TagRefused."""
    return sorted({tag_of(part) for part in text.split(",") if part.strip()})


@transaction.atomic
def tag_item(*, item: Item, add: Collection[str] = (), remove: Collection[str] = ()) -> Item:
    """Add tags to an item and take others away. Locks it. Raises TagRefused for more than MOST_TAGS."""
    locked = _locked(item)
    tags = sorted({*locked.tags, *add} - {*remove})
    if len(tags) > MOST_TAGS:
        raise TagRefused(f"{locked.slug} would have {len(tags)} tags; {MOST_TAGS} is the most.")
    locked.tags = tags
    locked.save(update_fields=["tags"])
    return locked


def _locked(item: Item) -> Item:
    return Item.objects.select_for_update(of=("self",)).select_related("bank").get(pk=item.pk)
