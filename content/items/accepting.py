"""What a correction accepts besides the key: an answer as it was read, or whatever shows a misconception."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from content.items.verdict import Verdict

FULL: Final = 1.0


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer to one interaction that counts as ``credit`` though it is not the key's.

    ``parsed`` is the answer as a verdict has it; where ``misconception`` is named, every answer that shows it.
    """

    interaction: str
    parsed: Any = None
    misconception: str | None = None
    credit: float = FULL

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)

    def admits(self, verdict: Verdict) -> bool:
        """Whether the answer that a verdict was given on is the one that is meant."""
        if self.misconception is not None:
            return verdict.misconception == self.misconception
        return bool(verdict.parsed == self.parsed)


def credited(verdict: Verdict, accepted: Iterable[Mapping[str, Any]]) -> Verdict:
    """Return a verdict on a readable answer that was found wrong, better where it is accepted all the same."""
    admitted = [one for one in map(Accepted.from_json, accepted) if one.admits(verdict)]
    best = max((one.credit for one in admitted), default=verdict.score)
    return verdict if best <= verdict.score else verdict.accepted(best)
