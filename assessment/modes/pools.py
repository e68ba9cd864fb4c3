"""Which items an adaptive attempt may be given: found in the rows once, then kept in this process.

What is cached here never changes in the database: pools and published versions are append-only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from assessment.errors import BankExhausted
from assessment.models import AdaptivePool, Assessment, Calibration
from assessment.selection.pool import Candidate, ItemPool, assemble, fingerprint
from content.models import Item, ItemVersion

POOLS_KEPT = 32
"""A snapshot of a thousand items takes a megabyte."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A pool with what it was made from; ``fingerprint`` tells it from others."""

    pool: ItemPool
    fingerprint: str
    calibration: Calibration | None


def assembled(assessment: Assessment) -> Assembled:
    """Return the pool of an adaptive assessment as its bank stands now. Raises BankExhausted if it is too small."""
    rules = assessment.adaptive_rules
    active = Calibration.objects.filter(bank=assessment.bank_id, is_active=True).only("pk").first()
    versions = Item.objects.asked().filter(bank=assessment.bank_id).values_list("current", flat=True)
    pool, digest = _assembled(active.pk if active else None, tuple(versions), rules.provisional)
    if len(pool.measuring) < rules.stop.min_items:
        raise BankExhausted
    return Assembled(pool, digest, active)


def stored(assessment: Assessment, found: Assembled, now: datetime) -> AdaptivePool:
    """Return the row of a pool, a new one if there is none yet."""
    row, _ = AdaptivePool.objects.defer("document").get_or_create(
        bank_id=assessment.bank_id,
        calibration=found.calibration,
        fingerprint=found.fingerprint,
        defaults={"document": found.pool.to_json(), "created_at": now},
    )
    return row


def pool_of(pool_id: UUID, given: Sequence[str]) -> ItemPool:
    """Return a stored pool without the items that have been retired since, except those already given."""
    row, pool = _loaded(pool_id)
    since = Item.objects.filter(bank=row.bank_id, retired_at__gte=row.created_at)
    retired = frozenset(since.values_list("slug", flat=True)).difference(given)
    return _reduced(pool_id, retired) if retired else pool


@lru_cache(maxsize=POOLS_KEPT)
def _assembled(
    calibration_id: UUID | None, versions: tuple[UUID, ...], provisional: bool
) -> tuple[ItemPool, str]:
    calibrated = Calibration.objects.get(pk=calibration_id).items() if calibration_id else {}
    rows = ItemVersion.objects.filter(pk__in=versions).order_by("item__slug")
    definitions = [version.definition for version in rows]
    candidates = [Candidate(one.slug, one.skills, one.difficulty, one.enemies) for one in definitions]
    pool = assemble(candidates, calibrated, provisional=provisional)
    return pool, fingerprint(pool)


@lru_cache(maxsize=POOLS_KEPT)
def _loaded(pool_id: UUID) -> tuple[AdaptivePool, ItemPool]:
    row = AdaptivePool.objects.get(pk=pool_id)
    return row, row.items()


@lru_cache(maxsize=POOLS_KEPT)
def _reduced(pool_id: UUID, retired: frozenset[str]) -> ItemPool:
    return _loaded(pool_id)[1].without(retired)
