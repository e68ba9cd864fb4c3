"""When a quiz opens and closes, as a teacher types it beside a choice: by the clock of their browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo


class UnfitDates(Exception):
    """Dates that cannot be taken; the text is for whoever typed them."""


@dataclass(frozen=True, slots=True)
class Dates:
    """None where nothing was typed: what stands there stays."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None

    @classmethod
    def typed(cls, form: Mapping[str, str], now: datetime) -> Dates:
        """Read the fields of a form. Raises UnfitDates."""
        dates = cls(
            *(_moment(form.get(name, ""), form.get("time_zone", "")) for name in ("opens_at", "closes_at"))
        )
        if dates.closes_at and dates.closes_at <= now:
            raise UnfitDates("That closing is over already.")
        if dates.opens_at and dates.closes_at and dates.opens_at >= dates.closes_at:
            raise UnfitDates("It has to close after it opens.")
        return dates

    def __bool__(self) -> bool:
        return bool(self.opens_at or self.closes_at)

    def as_content(self) -> dict[str, Any]:
        """Return what a platform is told of them (Deep Linking 2.0): when a link is there, and work is due."""
        told: dict[str, Any] = {}
        if self.opens_at:
            told["available"] = {"startDateTime": self.opens_at.isoformat()}
        if self.closes_at:
            told["submission"] = {"endDateTime": self.closes_at.isoformat()}
        return told


def _moment(text: str, zone: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        zoned = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone or "UTC"))
        return zoned.astimezone(UTC)
    except (ValueError, OSError, LookupError, OverflowError):
        raise UnfitDates("A date like 2026-12-24 18:00 is needed, or none.") from None
