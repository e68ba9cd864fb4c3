"""Bringing images, finding them again, and what keeps them from being deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from content.media.names import parse_name
from content.media.reading import read_image
from content.models import ItemVersion, LessonVersion, Media, Status

COMPARED: Final = 1_000
"""The latest images, among whose names the one is looked for that an author may have meant."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An image that was brought. ``taken_out`` names what the file had besides; ``is_new`` says it was not here."""

    media: Media
    is_new: bool
    taken_out: tuple[str, ...]


def keep_image(*, data: bytes, file: str, by: Any, now: datetime) -> Kept:
    """Keep an image that somebody brings as a file of some name. Twice is once: what is here already is returned.

    Raises content.media.reading.ImageRefused. Locks nothing; the unique name decides between two at once.
    """
    image = read_image(data, file)
    if existing := Media.objects.like(image).defer("data").first():
        return Kept(existing, False, image.taken_out)
    media, is_new = Media.objects.keep(image, by=by, now=now)
    return Kept(media, is_new, image.taken_out)


def unused() -> Q:
    """Return the condition on images that nothing shows: no wording that was published, and no draft."""
    drafts = [
        ~Exists(_drafts_naming(model._default_manager.order_by(), OuterRef("name")))
        for model in (ItemVersion, LessonVersion)
    ]
    return Q(drafts[0], drafts[1], item_versions=None, lesson_versions=None)


def used_in(media: Media) -> Iterator[ItemVersion | LessonVersion]:
    """Yield the wordings that show an image: published ones, earlier ones, drafts."""
    for published, model in ((media.item_versions, ItemVersion), (media.lesson_versions, LessonVersion)):
        owner = "item" if model is ItemVersion else "lesson"
        rows: Any = model._default_manager
        yield from published.select_related(owner).defer("document").order_by(f"{owner}__slug", "-number")
        yield from _drafts_naming(rows.select_related(owner).order_by(f"{owner}__slug"), media.name)


def _drafts_naming(versions: QuerySet[Any], name: Any) -> QuerySet[Any]:
    """Return the drafts among versions in whose document a name stands. There are few drafts."""
    drafts = versions.filter(status=Status.DRAFT).annotate(written=Cast("document", TextField()))
    named: QuerySet[Any] = drafts.filter(written__contains=name)
    return named


def unknown_media(names: Iterable[str]) -> dict[str, str]:
    """Return for each name that no image has what is wrong with it, and what may have been meant."""
    wanted = set(names)
    missing = wanted - set(Media.objects.filter(name__in=wanted).values_list("name", flat=True))
    return {name: f"there is no image called {name}{_meant(name)}" for name in sorted(missing)}


def _meant(name: str) -> str:
    parts = parse_name(name)
    if parts is None:
        return ""
    same = Media.objects.filter(Q(name__contains=f".{parts.digest}.") | Q(name__startswith=f"{parts.stem}."))
    near = same.values_list("name", flat=True).first()
    if near is None:
        latest = Media.objects.values_list("name", flat=True)[:COMPARED]
        near = next(iter(get_close_matches(name, latest, n=1, cutoff=0.7)), None)
    return f"; did you mean {near}?" if near else ""
