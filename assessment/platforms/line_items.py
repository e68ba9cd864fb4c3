"""Columns of gradebooks (Assignment and Grade Services 2.0): found before they are made, and never made twice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from assessment.models import Grade, ResourceLink
from assessment.platforms.arriving import is_of_platform
from assessment.platforms.calling import ForbiddenAddress, PlatformFailure
from assessment.platforms.tokens import LINE_ITEM, LINE_ITEM_READ, RESULT, SCORE, authorized

ITEM: Final = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE: Final = "application/vnd.ims.lis.v1.score+json"
RESULTS: Final = "application/vnd.ims.lis.v2.resultcontainer+json"
TAG: Final = "assay"
SUBMISSION_REVIEW: Final = {"reviewableStatus": ["Completed"], "label": "Look at the attempt"}
"""A gradebook that knows it leads from a grade to the work (Submission Review 1.0)."""
MOST_PAGES: Final = 50
NEARLY: Final = 1e-4
"""Of everything: Moodle keeps five decimal places of a percentage."""


def send_score(grade: Grade, now: datetime) -> None:
    """Send a grade to its column, which is found or made where it is not known. Raises PlatformFailure."""
    _ask(
        grade.link,
        "POST",
        beside(column(grade.link, now), "scores"),
        [SCORE],
        now,
        SCORE_TYPE,
        score_of(grade),
    )


def score_of(grade: Grade) -> dict[str, Any]:
    """Return a grade as platforms read it."""
    told: dict[str, Any] = {
        "userId": grade.person.subject,
        "timestamp": grade.timestamp.astimezone(UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded" if grade.is_final else "PendingManual",
    }
    if grade.score is not None:
        told |= {"scoreGiven": grade.score, "scoreMaximum": grade.maximum}
    return told


def has_score(grade: Grade, now: datetime) -> bool:
    """Whether the gradebook shows this grade. Raises PlatformFailure."""
    if RESULT not in grade.link.scopes or grade.score is None:
        return False
    subject = grade.person.subject
    url = beside(column(grade.link, now), "results", user_id=subject)
    shown = dict(_results(_pages(grade.link, url, [RESULT], now, RESULTS)))
    return subject in shown and is_same(shown[subject], grade)


def shares_shown(link: ResourceLink, now: datetime) -> dict[str, float]:
    """Return what the gradebook shows of a link, as shares of everything by subject. Raises PlatformFailure."""
    url = beside(column(link, now), "results")
    return dict(_results(_pages(link, url, [RESULT], now, RESULTS)))


def is_same(share: float, grade: Grade) -> bool:
    """Whether a share of everything is what a grade says; a gradebook may keep a few digits less."""
    return math.isclose(share, (grade.score or 0.0) / grade.maximum, abs_tol=NEARLY)


def column(link: ResourceLink, now: datetime) -> str:
    """Return the line item of a link: the one it was launched with, else one that is found, else a new one."""
    if link.line_item:
        return link.line_item
    if not link.line_items:
        raise ForbiddenAddress("The platform has no column for this link, and lets us make none.")
    if LINE_ITEM not in link.scopes and LINE_ITEM_READ not in link.scopes:
        raise ForbiddenAddress("The platform does not let us look for the column of this link.")
    found = _found(link, now) or _made(link, now)
    url = found.get("id")
    if not isinstance(url, str) or not is_of_platform(url, link.context.deployment.platform):
        raise ForbiddenAddress("The platform's column has no address of its own.")
    link.line_item = url
    maximum = found.get("scoreMaximum")
    if link.maximum is None and isinstance(maximum, int | float) and maximum > 0:
        link.maximum = float(maximum)
    link.save(update_fields=["line_item", "maximum"])
    return url


def beside(url: str, part: str, **query: str) -> str:
    """Return the address of a part of a line item, whose own query stays."""
    parsed = httpx.URL(url)
    kept = parsed.query.decode()
    asked = "&".join(one for one in (kept, urlencode(query)) if one)
    return str(parsed.copy_with(path=f"{parsed.path.rstrip('/')}/{part}", query=asked.encode() or None))


def _found(link: ResourceLink, now: datetime) -> Mapping[str, Any] | None:
    """Return the column of a link; else one that we have made for it, where a platform keeps no links of columns."""
    by_link = _columns(link, now, resource_link_id=link.link_id)
    if found := next((one for one in by_link if _is_ours(one, link)), None):
        return found
    named = _columns(link, now, resource_id=str(link.assignment_id), tag=TAG)
    return next((one for one in named if _was_made_here(one, link)), None)


def _columns(link: ResourceLink, now: datetime, **wanted: str) -> Iterator[Mapping[str, Any]]:
    """Yield the columns that a platform finds, page by page; one that does not filter yields all."""
    scope = LINE_ITEM if LINE_ITEM in link.scopes else LINE_ITEM_READ
    joined = "&" if "?" in link.line_items else "?"
    yield from _pages(link, f"{link.line_items}{joined}{urlencode(wanted)}", [scope], now, ITEMS)


def _results(found: Iterator[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    """Yield the shares that results show, by subject."""
    for one in found:
        subject, score, maximum = one.get("userId"), one.get("resultScore"), one.get("resultMaximum", 1)
        numbers = isinstance(score, int | float) and isinstance(maximum, int | float)
        if isinstance(subject, str) and numbers and maximum > 0:
            yield subject, score / maximum


def _pages(
    link: ResourceLink, first: str, scopes: list[str], now: datetime, kind: str
) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a list of a platform, page by page."""
    url: str | None = first
    for _ in range(MOST_PAGES):
        if url is None:
            return
        page = _ask(link, "GET", url, scopes, now, kind)
        yield from (one for one in page.document or [] if isinstance(one, Mapping))
        url = page.links.get("next")
        if url and not is_of_platform(url, link.context.deployment.platform):
            raise ForbiddenAddress("The next page is somewhere else.")


def _is_ours(one: Mapping[str, Any], link: ResourceLink) -> bool:
    """Whether a column is this link's: a platform that does not filter shows others as well."""
    if one.get("resourceLinkId") != link.link_id:
        return False
    return one.get("tag") in (None, "", TAG)


def _was_made_here(one: Mapping[str, Any], link: ResourceLink) -> bool:
    """Whether we have made a column for this link, which the platform does not say of it."""
    is_named = (one.get("resourceId"), one.get("tag")) == (str(link.assignment_id), TAG)
    return is_named and not one.get("resourceLinkId")


def _made(link: ResourceLink, now: datetime) -> Mapping[str, Any]:
    if LINE_ITEM not in link.scopes:
        raise ForbiddenAddress("The platform has no column for this link, and lets us make none.")
    title = link.title or (link.assignment.assessment.title if link.assignment else "Assay")
    document = {
        "label": title,
        "scoreMaximum": link.maximum or 100.0,
        "resourceId": str(link.assignment_id),
        "resourceLinkId": link.link_id,
        "tag": TAG,
        "submissionReview": SUBMISSION_REVIEW,
    }
    made = _ask(link, "POST", link.line_items, [LINE_ITEM], now, ITEM, document).document
    if not isinstance(made, Mapping):
        raise PlatformFailure("The platform made a column and did not say where.", 502)
    return made


def _ask(
    link: ResourceLink,
    method: str,
    url: str,
    scopes: list[str],
    now: datetime,
    kind: str,
    document: Any = None,
) -> Any:
    headers = {"Content-Type": kind} if document is not None else {"Accept": kind}
    platform = link.context.deployment.platform
    return authorized(platform, method, url, scopes=scopes, now=now, headers=headers, document=document)
