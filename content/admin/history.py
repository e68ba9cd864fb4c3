"""What was done with something and its versions, in one list, the latest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

MOST_EVENTS: Final = 500
"""Of a row and its versions; who looks for older ones finds them in the audit."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a row or to a version of it; ``who`` is empty where a program did it."""

    at: datetime
    who: str
    what: str
    words: str


def history(row: Any) -> list[Event]:
    """Return what the desk logged about a row and its versions, and every publication, by whatever road it came."""
    versions = row.versions.select_related("written_by", "published_by").defer("document").order_by("-number")
    listed = [*versions[:MOST_EVENTS]]
    events = [*_logged(row, {str(one.pk): str(one) for one in listed}), *_published(listed)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:MOST_EVENTS]


def _logged(row: Any, versions: dict[str, str]) -> Iterator[Event]:
    """Yield the entries of the desk's log. That something was published the rows tell themselves."""
    own, theirs = ContentType.objects.get_for_models(type(row), row.versions.model).values()
    about = Q(content_type=own, object_id=str(row.pk)) | Q(content_type=theirs, object_id__in=[*versions])
    for entry in LogEntry.objects.filter(about).select_related("user").order_by("-action_time")[:MOST_EVENTS]:
        words = entry.get_change_message() or ("Begun." if entry.is_addition() else "Changed.")
        if words != "Published.":
            yield Event(entry.action_time, str(entry.user), versions.get(entry.object_id or "", ""), words)


def _published(versions: list[Any]) -> Iterator[Event]:
    for one in versions:
        if one.published_at:
            yield Event(one.published_at, str(one.published_by or ""), str(one), "Published.")
        if one.retired_at:
            yield Event(one.retired_at, "", str(one), "Gave way to another version.")
