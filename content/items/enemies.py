"""Enemy items: items so alike that one gives the other away or counts the same thing twice. (The word is the field's:
van der Linden, Linear Models for Optimal Test Design, 2005.) They are kept out of one attempt where that can be done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

Enemies = Mapping[str, frozenset[str]]
"""From the slug of an item to those of its enemies, in both directions."""


def both_ways(pairs: Iterable[tuple[str, str]]) -> Enemies:
    """Return the enemies of every item: it is enough that one of two names the other."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
        found[other].add(one)
    return {slug: frozenset(others) for slug, others in found.items()}


def enemies_of(slugs: Iterable[str], enemies: Enemies) -> set[str]:
    """Return every item that is an enemy of one of ``slugs``."""
    return set().union(*(enemies.get(slug, frozenset()) for slug in slugs))


def apart(candidates: Sequence[str], count: int, used: Collection[str], enemies: Enemies) -> list[str]:
    """Return ``count`` candidates, the first ones that are no enemies of what is used or of each other.

    Where there are too few, enemies fill up, in the order of the candidates: nobody is left without an item.
    """
    chosen: list[str] = []
    for slug in candidates:
        if len(chosen) < count and slug not in enemies_of([*used, *chosen], enemies):
            chosen.append(slug)
    left = [slug for slug in candidates if slug not in chosen]
    return [*chosen, *left[: count - len(chosen)]]
