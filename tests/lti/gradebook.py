"""The gradebook of a platform, as strict as the strictest that tools meet.

Rules are those of Assignment and Grade Services 2.0; where it leaves something open, Moodle's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tests.lti.serving import Refused

ACTIVITY: Final = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING: Final = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})


@dataclass(frozen=True, slots=True)
class Score:
    """A score as the tool sent it for a line item; ``document`` is all of it."""

    line_item: int
    user: str
    activity: str
    grading: str
    timestamp: datetime
    given: float | None
    maximum: float | None
    comment: str | None
    document: Mapping[str, Any]

    def value(self, out_of: float) -> float | None:
        """Return what stands in the gradebook. Before it is graded fully, nothing does."""
        if self.grading != "FullyGraded" or self.given is None:
            return None
        return self.given * out_of / self.maximum


@dataclass(eq=False, slots=True)
class LineItem:
    """A column of a course, and the last score of each of its people."""

    number: int
    course: str
    label: str
    maximum: float
    link: str | None = None
    resource_id: str = ""
    tag: str = ""
    scores: dict[str, Score] = field(default_factory=dict)

    def value(self, user: str) -> float | None:
        """Return somebody's grade in points of the line item."""
        return self.scores[user].value(self.maximum) if user in self.scores else None

    def changed_by(self, document: Mapping[str, Any]) -> None:
        """Take over what a tool says of its line item."""
        if document.get("resourceLinkId", self.link) != self.link:
            raise Refused(400, "a line item stays with its link")
        self.label, self.maximum = _text(document, "label"), _positive(document, "scoreMaximum")
        self.resource_id, self.tag = document.get("resourceId", ""), document.get("tag", "")


class Gradebook:
    """All line items, and every score that was accepted, in their order."""

    def __init__(self) -> None:
        self._items: dict[int, LineItem] = {}
        self._numbers = 0
        self.log: list[Score] = []

    def add(self, course: str, label: str, maximum: float, **fields: Any) -> LineItem:
        # A number is never given again, also when the latest line item was deleted.
        self._numbers += 1
        self._items[self._numbers] = LineItem(self._numbers, course, label, maximum, **fields)
        return self._items[self._numbers]

    def add_described(self, course: str, document: Mapping[str, Any]) -> LineItem:
        """Add a line item as a tool describes it."""
        label, maximum = _text(document, "label"), _positive(document, "scoreMaximum")
        item = self.add(course, label, maximum, link=document.get("resourceLinkId"))
        item.changed_by(document)
        return item

    def copy(self, item: LineItem, *, course: str, link: str) -> LineItem:
        """Add the same line item, without scores, to another course."""
        described = {"resource_id": item.resource_id, "tag": item.tag}
        return self.add(course, item.label, item.maximum, link=link, **described)

    def delete(self, item: LineItem) -> None:
        del self._items[item.number]

    def of_course(self, course: str) -> list[LineItem]:
        return [item for item in self._items.values() if item.course == course]

    def of_link(self, link: str) -> list[LineItem]:
        return [item for item in self._items.values() if item.link == link]

    def accept(self, item: LineItem, score: Score) -> None:
        """Keep a score. One that is not later by whole seconds than the last is refused."""
        last = item.scores.get(score.user)
        if last and int(score.timestamp.timestamp()) <= int(last.timestamp.timestamp()):
            raise Refused(409, "the timestamp is not later than that of the last score")
        item.scores[score.user] = score
        self.log.append(score)


def parse_score(item: LineItem, document: Mapping[str, Any]) -> Score:
    """Read a score. Raises Refused."""
    given, maximum = _number(document, "scoreGiven"), _number(document, "scoreMaximum")
    if given is not None and maximum is None:
        raise Refused(400, "scoreGiven without scoreMaximum")
    if (given or 0) < 0 or (maximum is not None and maximum <= 0):
        raise Refused(400, "scoreGiven is below 0, or scoreMaximum not above it")
    return Score(
        line_item=item.number,
        user=_text(document, "userId"),
        activity=_one_of(document, "activityProgress", ACTIVITY),
        grading=_one_of(document, "gradingProgress", GRADING),
        timestamp=_moment(document, "timestamp"),
        given=given,
        maximum=maximum,
        comment=document.get("comment"),
        document=document,
    )


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(400, f"{name} is missing")
    return value


def _one_of(document: Mapping[str, Any], name: str, words: frozenset[str]) -> str:
    value = _text(document, name)
    if value not in words:
        raise Refused(400, f"{name} cannot be {value!r}")
    return value


def _number(document: Mapping[str, Any], name: str) -> float | None:
    value = document.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(400, f"{name} is no number")
    return float(value)


def _positive(document: Mapping[str, Any], name: str) -> float:
    value = _number(document, name)
    if value is None or value <= 0:
        raise Refused(400, f"{name} is not above 0")
    return value


def _moment(document: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(document, name))
    except ValueError:
        raise Refused(400, f"{name} is no date of ISO 8601") from None
    if moment.tzinfo is None:
        raise Refused(400, f"{name} has no time zone")
    return moment
