"""Which items an adaptive attempt may be given: found in the rows once, then kept in this process.

What is cached here never changes in the database: pools and published versions are append-only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import TextField
from django.db.models.functions import MD5, Cast

from assessment.errors import BankExhausted
from assessment.models import AdaptivePool, Calibration
from assessment.rules.adaptive import AdaptiveRules
from assessment.selection.pool import Candidate, ItemPool, assemble, fingerprint
from content.models import Item, ItemBank, ItemVersion
from content.models.items import ItemQuerySet

CHUNK = 10_000
"""A statement takes no more than 65,535 parameters."""
POOLS_KEPT = 32
"""A snapshot of a thousand items takes a megabyte."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A pool with what it was made from; ``fingerprint`` tells it from others."""

    pool: ItemPool
    fingerprint: str
    calibration: Calibration | None


def assembled(rules: AdaptiveRules) -> Assembled:
    """Return the pool of the rules' bank as it stands now. Raises BankExhausted if it is too small."""
    active = Calibration.objects.filter(bank__slug=rules.bank, is_active=True).only("pk").first()
    state = _asked(rules.bank).aggregate(
        state=MD5(StringAgg(Cast("current", TextField()), "", order_by="current"))
    )["state"]
    pool, digest = _assembled(active.pk if active else None, rules.bank, state, rules.provisional)
    if len(pool.measuring) < rules.stop.min_items:
        raise BankExhausted
    return Assembled(pool, digest, active)


def stored(rules: AdaptiveRules, found: Assembled, now: datetime) -> AdaptivePool:
    """Return the row of a pool, a new one if there is none yet."""
    bank = ItemBank.objects.get(slug=rules.bank)
    row, _ = AdaptivePool.objects.defer("document").get_or_create(
        bank=bank,
        calibration=found.calibration,
        fingerprint=found.fingerprint,
        defaults={"document": found.pool.to_json, "created_at": now},
    )
    return row


@lru_cache(maxsize=POOLS_KEPT)
def stored_pool(pool_id: UUID) -> ItemPool:
    return AdaptivePool.objects.get(pk=pool_id).items()


def without_retired(pool_id: UUID, retired: Collection[str], given: Collection[str]) -> ItemPool:
    """Return a stored pool without the items that have been retired since, except those already given."""
    gone = frozenset(retired).difference(given)
    return _reduced(pool_id, gone) if gone else stored_pool(pool_id)


def _asked(bank: str) -> ItemQuerySet:
    return Item.objects.asked().filter(bank__slug=bank)


@lru_cache(maxsize=POOLS_KEPT)
def _assembled(
    calibration_id: UUID | None, bank: str, _state: str, provisional: bool
) -> tuple[ItemPool, str]:
    """Return the pool of a bank whose wordings in force are told by a digest.

    What is published between the digest and the reading is in the pool already: it is newer, never older.
    """
    versions = list(_asked(bank).values_list("current", flat=True))
    calibrated = Calibration.objects.get(pk=calibration_id).items() if calibration_id else {}
    parts = (versions[start : start + CHUNK] for start in range(0, len(versions), CHUNK))
    rows = (row for part in parts for row in ItemVersion.objects.filter(pk__in=part))
    candidates = sorted(map(_candidate, rows), key=lambda one: one.slug)
    pool = assemble(candidates, calibrated, provisional=provisional)
    return pool, fingerprint(pool)


def _candidate(version: ItemVersion) -> Candidate:
    found = version.definition
    return Candidate(found.slug, found.skills, found.difficulty, found.enemies, str(version.pk))


@lru_cache(maxsize=POOLS_KEPT)
def _reduced(pool_id: UUID, retired: frozenset[str]) -> ItemPool:
    return stored_pool(pool_id).without(retired)
