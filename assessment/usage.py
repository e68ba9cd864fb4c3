"""Which assessments would miss an item, and who is taking them: asked before it is retired or moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from assessment.authoring import exhaustion
from assessment.models import Assessment, AssessmentSource, Assignment
from assessment.models.attempts import AttemptState
from content.curating import as_if
from content.models import Item, ItemBank


@dataclass(frozen=True, slots=True)
class Given:
    """An assignment that is not over, with its attempts that are being taken at this moment."""

    assignment: Assignment
    running: int


@dataclass(frozen=True, slots=True)
class Draws:
    """A bank, perhaps one skill of it, that an assessment draws from: how many items it has now, and afterwards."""

    source: AssessmentSource
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class Usage:
    """An assessment that uses items. ``breaks``: it can be begun now, and could not be afterwards."""

    assessment: Assessment
    named: tuple[Item, ...]
    draws: tuple[Draws, ...]
    breaks: bool
    given: tuple[Given, ...]


def usages(items: Collection[Item], bank: ItemBank | None, now: datetime) -> list[Usage]:
    """Return the assessments in force that use items, and what becomes of each when these go into another bank.

    Without a ``bank`` they are retired. What would break is tried out by the rules of its mode, in a transaction that
    is rolled back; it comes first.
    """
    using = _using(items)
    before = {one.pk: _asked(one) for sources in using.values() for one in sources}
    can_begin = {assessment: _can_begin(assessment) for assessment in using}
    with as_if(items, bank, now):
        after = {one.pk: _asked(one) for sources in using.values() for one in sources}
        breaks = {one: can_begin[one] and not _can_begin(one) for one in using}
    found = [
        Usage(
            assessment,
            named=tuple(one.item for one in sources if one.item),
            draws=tuple(Draws(one, before[one.pk], after[one.pk]) for one in sources if one.bank),
            breaks=breaks[assessment],
            given=tuple(given(assessment, now)),
        )
        for assessment, sources in using.items()
    ]
    return sorted(found, key=lambda one: (not one.breaks, one.assessment.title))


def given(assessment: Assessment, now: datetime) -> Iterable[Given]:
    """Yield the assignments of an assessment that somebody may begin or is taking. One statement."""
    running = Q(attempts__state=AttemptState.OPEN) & (
        Q(attempts__deadline=None) | Q(attempts__deadline__gt=now)
    )
    rows: Any = Assignment.objects.filter(assessment=assessment).annotate(
        sitting=Count("attempts", filter=running)
    )
    open_yet = Q(is_open=True) & (Q(closes_at=None) | Q(closes_at__gt=now))
    for row in rows.filter(open_yet | Q(sitting__gt=0)).select_related("course", "section").order_by("pk"):
        yield Given(row, row.sitting)


def _using(items: Collection[Item]) -> dict[Assessment, list[AssessmentSource]]:
    """Return the assessments in force with those of their sources that items come from."""
    sources = AssessmentSource.objects.filter(_meant(items), version__current_of__retired_at=None)
    found: dict[Assessment, list[AssessmentSource]] = {}
    related = ("version__current_of__current", "item", "bank", "skill")
    for source in sources.select_related(*related).order_by("pk"):
        found.setdefault(source.version.current_of, []).append(source)
    return found


def _meant(items: Collection[Item]) -> Q:
    """Return the condition on sources of versions in force that name one of the items, or draw from where it is."""
    pks = [item.pk for item in items]
    banks = {item.bank_id for item in items}
    skills = Item.skills.through.objects.filter(item__in=pks, item__current__isnull=False).values("skill")
    drawn = Q(bank__in=banks) & (Q(skill=None) | Q(skill__in=skills))
    return Q(version__current_of__isnull=False) & (Q(item__in=pks) | drawn)


def _asked(source: AssessmentSource) -> int:
    """Return how many items a source has for assessments now."""
    asked: QuerySet[Item] = Item.objects.asked()
    if source.item_id:
        return asked.filter(pk=source.item_id).count()
    skill = {"skills": source.skill_id} if source.skill_id else {}
    return asked.filter(bank=source.bank_id, **skill).count()


def _can_begin(assessment: Assessment) -> bool:
    return not exhaustion(assessment.definition)
