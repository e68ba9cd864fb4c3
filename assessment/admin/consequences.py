"""What retiring or moving does to assessments and to those who are taking them, told to the authoring desk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from assessment.admin.clocks import clock_of, told
from assessment.models import Assessment
from assessment.people.oversight import overseen_assessments, overseen_assignments
from assessment.usage import Draws, Given, Usage, given, usages
from content.admin.consequences import Change, Consequence
from content.admin.desk import address
from content.admin.scoped import account
from content.models import Item


def assessments(change: Change, request: HttpRequest, _site: admin.AdminSite) -> Iterator[Consequence]:
    """Yield the assessments that use the items of a change. Those of others are counted, not named."""
    items = [row for row in change.rows if isinstance(row, Item)]
    if not items:
        return
    now = timezone.now()
    seen = {*overseen_assessments(account(request), now).values_list("pk", flat=True)}
    for usage in usages(items, change.bank, now):
        is_seen = usage.assessment.pk in seen
        yield Consequence(
            f"Assessment “{usage.assessment.title}”" if is_seen else "An assessment of somebody else",
            _words(usage),
            breaks=usage.breaks,
            address=address(usage.assessment) if is_seen else None,
            details=tuple(_given(usage.given, request)),
        )


def assignments(change: Change, request: HttpRequest, _site: admin.AdminSite) -> Iterator[Consequence]:
    """Yield to whom the assessments of a change are given."""
    for row in change.rows:
        if isinstance(row, Assessment) and (found := list(given(row, timezone.now()))):
            yield Consequence(
                f"Assessment “{row.title}”",
                "is given: nobody can begin it any more, and who has begun it finishes",
                breaks=True,
                address=address(row),
                details=tuple(_given(found, request)),
            )


def _words(usage: Usage) -> str:
    uses = [f"asks {item.slug} by its name" for item in usage.named]
    words = "; ".join([*uses, *map(_drawn, usage.draws)])
    return f"{words}. Nobody could begin it any more" if usage.breaks else words


def _drawn(draws: Draws) -> str:
    skill = f", skill “{draws.source.skill}”" if draws.source.skill else ""
    return f"draws from the bank “{draws.source.bank}”{skill}: {draws.then} items instead of {draws.now}"


def _given(found: Sequence[Given], request: HttpRequest) -> Iterable[str]:
    """Yield a line for each assignment that the user oversees, and one for all others."""
    named = {*overseen_assignments(account(request), timezone.now()).values_list("pk", flat=True)}
    for one in found:
        if one.assignment.pk in named:
            yield f"{_to_whom(one)}: {_when(one)}{_running(one.running)}"
    if others := [one for one in found if one.assignment.pk not in named]:
        yield f"{len(others)} assignments of other courses{_running(sum(one.running for one in others))}"


def _to_whom(one: Given) -> str:
    course, section = one.assignment.course, one.assignment.section
    return f"{course}, {section}" if section else str(course or "Everybody")


def _when(one: Given) -> str:
    clock, dates = clock_of(one.assignment.course), one.assignment
    return f"opens {told(dates.opens_at, clock, 'at once')}, closes {told(dates.closes_at, clock, 'never')}"


def _running(count: int) -> str:
    return f"; {count} {'attempt is' if count == 1 else 'attempts are'} running" if count else ""
