"""How our peers turn several tries at one question into points.

Each rule is a pure function of the verdicts so far, so that points can always be worked out again from
the log. A verdict is the score of a graded try as a fraction, None for an invalid answer (which costs
nothing anywhere), or "same" for the same answer once more. Read from PrairieLearn (lib/question-points.ts
and the exam counterpart) and from Moodle 4.3 (question/behaviour). What an imported assessment is scored
by; our own rule is `assessment.scoring.tries`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from assessment.scoring.tries import RIGHT
from content.items.policies.base import PolicyFault, Reader, Rule, flag, integer, number, one_of, option

Verdict: TypeAlias = float | str | Sequence[float | str] | None
SAME: Final = "same"


@dataclass(frozen=True)
class PeerScoring(Rule, ABC):
    """A peer's rule for points over several tries."""

    @abstractmethod
    def points(self, verdicts: Sequence[Verdict]) -> float | None:
        """Return the points after these verdicts; None as long as there are none to show."""

    def points_after_each(self, verdicts: Sequence[Verdict]) -> list[float | None]:
        """Return the points as they stood after each verdict."""
        return [self.points(verdicts[: count + 1]) for count in range(len(verdicts))]

    def finish(self, verdicts: Sequence[Verdict]) -> float | None:
        """Return the points once the attempt is closed after these verdicts."""
        return self.points(verdicts)


def _tries(verdicts: Sequence[Verdict]) -> Iterator[float]:
    """Yield the scores of the tries that count: neither invalid ones nor the same answer again."""
    for verdict in verdicts:
        if verdict is not None and verdict != SAME:
            if not isinstance(verdict, (int, float)):
                raise TypeError("a verdict is the score of a try, None or “same”")
            yield float(verdict)


def _or_none(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


def _points_list(value: Any) -> tuple[float, ...]:
    read = number(at_least=0)
    entries = [value] if isinstance(value, (int, float)) else value
    if not isinstance(entries, (list, tuple)) or not entries:
        raise TypeError("must list the points of each try")
    return tuple(float(read(entry)) for entry in entries)


@dataclass(frozen=True)
class Exam(PeerScoring):
    """Each try earns its own points for what it adds to the best so far, until right or out of tries."""

    name: ClassVar[str] = "prairielearn.exam"

    each_try: tuple[float, ...] = option(_points_list, name="points")

    def points(self, verdicts: Sequence[Verdict]) -> float:
        best = total = 0.0
        most = max(self.each_try)
        for worth, score in zip(self.each_try, _tries(verdicts), strict=False):
            total += worth * max(0.0, score - best)
            best = max(best, score)
            if score >= 1:
                # Partial scores add up inexactly; a right answer at full worth is exactly full points.
                return most if worth == most else total
        return total


@dataclass(frozen=True)
class Homework(PeerScoring):
    """Right answers in a row are worth more and more, and variants add up to a maximum."""

    name: ClassVar[str] = "prairielearn.homework"

    auto_points: float = option(number(above=0))
    max_points: float | None = option(_or_none(number(above=0)), name="max_auto_points", default=None)
    constant: bool = option(flag, name="constant_question_value", default=False)

    def points(self, verdicts: Sequence[Verdict]) -> float:
        most = self.auto_points if self.max_points is None else self.max_points
        value, variants = self.auto_points, [0.0]
        for score in _tries(verdicts):
            earned = score * (value if score >= 1 else self.auto_points)
            if variants[-1] >= self.auto_points:
                variants.append(0.0)
            variants[-1] = max(variants[-1], earned)
            value = self._next_value(value, most, right=score >= 1)
        return min(most, math.fsum(variants))

    def _next_value(self, value: float, most: float, *, right: bool) -> float:
        if not right:
            return self.auto_points
        return value if self.constant else min(value + self.auto_points, most)


@dataclass(frozen=True)
class Interactive(PeerScoring):
    """No points until right or out of tries; then the last try's, less a penalty for each one before."""

    name: ClassVar[str] = "moodle.interactive"

    tries: int = option(integer(at_least=1), default=3)
    penalty: float = option(number(at_least=0), default=1 / 3)
    max_mark: float = option(number(at_least=0), default=1.0)

    def points(self, verdicts: Sequence[Verdict]) -> float | None:
        earlier, last = self._graded(verdicts)
        if last is None or (last < RIGHT and earlier + 1 < self.tries):
            return None
        return self._worth(last, earlier)

    def finish(self, verdicts: Sequence[Verdict]) -> float | None:
        earlier, last = self._graded(verdicts)
        if last is None:
            return None
        is_open = last < RIGHT and earlier + 1 < self.tries
        return self._worth(last, earlier + is_open)

    def _graded(self, verdicts: Sequence[Verdict]) -> tuple[int, float | None]:
        """Return how many tries came before the one that counts, and its fraction."""
        earlier, last = 0, None
        for count, score in enumerate(_tries(verdicts)):
            earlier, last = count, score
            if score >= RIGHT or count + 1 == self.tries:
                break
        return earlier, last

    def _worth(self, fraction: float, tries_before: int) -> float:
        return max(0.0, fraction - self.penalty * tries_before) * self.max_mark


def _is_right(part: float | str) -> bool:
    return part == "right" if isinstance(part, str) else part >= RIGHT


@dataclass(frozen=True)
class InteractiveCountback(PeerScoring):
    """As `Interactive`, but each part is charged only for the tries up to its last wrong one.

    A verdict is a list with the score of each part, or the word "right" or "wrong".
    """

    name: ClassVar[str] = "moodle.interactive_countback"

    tries: int | None = option(_or_none(integer(at_least=1)), default=None)
    penalty: float = option(number(at_least=0), default=1 / 3)
    max_mark: float = option(number(at_least=0), default=1.0)

    def points(self, verdicts: Sequence[Verdict]) -> float | None:
        graded = self._graded(verdicts)
        if not graded or not (all(graded[-1]) or len(graded) == self.tries):
            return None
        return self._worth(graded)

    def finish(self, verdicts: Sequence[Verdict]) -> float | None:
        graded = self._graded(verdicts)
        return self._worth(graded) if graded else None

    def _graded(self, verdicts: Sequence[Verdict]) -> list[tuple[bool, ...]]:
        graded: list[tuple[bool, ...]] = []
        for verdict in verdicts:
            if isinstance(verdict, Mapping):
                verdict = list(verdict.values())
            if isinstance(verdict, (list, tuple)):
                graded.append(tuple(map(_is_right, verdict)))
                if all(graded[-1]) or len(graded) == self.tries:
                    break
        return graded

    def _worth(self, graded: Sequence[Sequence[bool]]) -> float:
        parts = [self._part(list(tries)) for tries in zip(*graded, strict=True)]
        return math.fsum(parts) / len(parts) * self.max_mark

    def _part(self, tries: list[bool]) -> float:
        if not tries[-1]:
            return 0.0
        wrong = len(tries) - tries[::-1].index(False) if False in tries else 0
        return max(0.0, 1 - self.penalty * wrong)


@dataclass(frozen=True)
class Adaptive(PeerScoring):
    """The best try, each less a penalty for the ones before it."""

    name: ClassVar[str] = "moodle.adaptive"

    penalty: float = option(number(at_least=0), default=1 / 3)
    max_mark: float = option(number(at_least=0), default=1.0)

    def points(self, verdicts: Sequence[Verdict]) -> float | None:
        earned = [score - self.penalty * earlier for earlier, score in enumerate(_tries(verdicts))]
        return max(0.0, *earned) * self.max_mark if earned else None


@dataclass(frozen=True)
class AdaptiveNoPenalty(PeerScoring):
    """The best try."""

    name: ClassVar[str] = "moodle.adaptive_no_penalty"

    max_mark: float = option(number(at_least=0), default=1.0)

    def points(self, verdicts: Sequence[Verdict]) -> float | None:
        return Adaptive(penalty=0.0, max_mark=self.max_mark).points(verdicts)


# What a certainty is worth when the answer earns anything, and when it earns nothing.
CERTAINTIES: Final[Mapping[str, tuple[float, float]]] = {"low": (1, 0), "medium": (2, -2), "high": (3, -6)}


@dataclass(frozen=True)
class CertaintyBased(PeerScoring):
    """The learner says how sure they are: surer is worth more when right and costs more when wrong."""

    name: ClassVar[str] = "moodle.cbm"

    certainty: str = option(one_of(*CERTAINTIES), default="low")
    max_mark: float = option(number(at_least=0), default=1.0)

    def points(self, verdicts: Sequence[Verdict]) -> float | None:
        *_, fraction = (None, *_tries(verdicts))
        if fraction is None:
            return None
        gain, loss = CERTAINTIES[self.certainty]
        return (fraction * gain if fraction > 0 else loss) * self.max_mark


SCORING: Final[Mapping[str, type[PeerScoring]]] = {
    each.name: each
    for each in (
        Exam,
        Homework,
        Interactive,
        InteractiveCountback,
        Adaptive,
        AdaptiveNoPenalty,
        CertaintyBased,
    )
}


def scoring(document: Mapping[str, Any]) -> PeerScoring:
    """Read a scoring document; raises `PolicyFault` for an unknown name or settings that make no sense."""
    name = document.get("name")
    kind = SCORING.get(name) if isinstance(name, str) else None
    if kind is None:
        raise PolicyFault(f"there is no scoring named {name}")
    return kind.from_document(document)
