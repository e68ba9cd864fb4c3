"""What an author may have meant by a name that nobody knows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final

LIKELY: Final = 0.6
"""How alike two names must be for one to be suggested: twice the letters they share, over all their letters."""
CERTAIN: Final = 0.75
"""How alike they must be for one to be read as the other."""
MOST_COMPARED: Final = 2_000
"""Names with which one is compared letter by letter: a millisecond for each hundred."""
LONGEST: Final = 100
"""Characters of a name for which something is suggested: comparing longer ones takes long."""


def nearest(word: str, known: Iterable[str], *, likeness: float = LIKELY) -> str | None:
    """Return the known name that is most like a word, None where none is like it."""
    if len(word) > LONGEST:
        return None
    plain = word.casefold().replace("_", "-")
    alike = {name.casefold().replace("_", "-"): name for name in known if _may_be_meant(len(word), len(name))}
    if plain in alike:
        return alike[plain]
    compared = list(alike) if len(alike) <= MOST_COMPARED else _beginning_alike(plain, alike)
    found = get_close_matches(plain, compared, n=1, cutoff=likeness)
    return alike[found[0]] if found else None


def did_you_mean(suggestion: str | None) -> str:
    """Return the end of a sentence that says that a name is not known."""
    return f"; did you mean {suggestion}?" if suggestion else ""


def _may_be_meant(length: int, other: int) -> bool:
    """Return whether names of these lengths can be alike at all."""
    return min(length, other) * (2 - LIKELY) >= LIKELY * max(length, other)


def _beginning_alike(plain: str, alike: Collection[str]) -> list[str]:
    return [name for name in alike if name[:2] == plain[:2]][:MOST_COMPARED]
