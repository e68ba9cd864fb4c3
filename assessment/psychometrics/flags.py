"""What in an item's statistics wants somebody's eyes, in an instructor's words.

Facility: Moodle, "Quiz report statistics". Discrimination: Ebel & Frisbie 1991, "Essentials of Educational
Measurement". Distractors: Haladyna & Downing 1993 (Educational and Psychological Measurement 53). Regions: Dorans &
Kulick 1986 (Journal of Educational Measurement 23) call a difference of .10 between adjusted facilities unusual.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assessment.psychometrics.groups import Taken
from assessment.psychometrics.intervals import Estimate
from assessment.psychometrics.items import ItemStatistics
from assessment.psychometrics.regions import Dependence

ENOUGH: Final = 30
"""Answers before anything is said of an item: a share of 30 is known within 18 points, a correlation within .36."""
EASIEST: Final = 0.95
HARDEST: Final = 0.05
"""Moodle calls items beyond these extremely easy, or extremely difficult or in error."""
WEAK: Final = 0.20
"""Ebel's bound below which an item is poor and wants to be rejected or rewritten."""
FUNCTIONING: Final = 0.05
"""The share that makes a distractor one, by Haladyna and Downing."""
ENOUGH_FOR_OPTIONS: Final = 100
"""Answers before a rare option is said to be none: of 60, one in twenty is missed once in twenty times."""
ENOUGH_IN_THIRD: Final = 10
"""Answers of the strongest third before their option is compared with the key."""
COMMON: Final = 0.05
"""The share of one wrong answer that is no slip any more."""
STRONG: Final = 2.4
"""The mean third, of 1 to 3, of those who are mostly strong."""
UNUSUAL: Final = 0.10
SIGNIFICANT: Final = 0.05
"""Of a p-value that Holm has corrected."""


@dataclass(frozen=True, slots=True)
class Flag:
    """``kind`` for programs, ``words`` for people; ``about`` names the option, answer or parameter it is about."""

    kind: str
    words: str
    about: str = ""


def of_item(found: ItemStatistics, guess: float | None) -> Iterator[Flag]:
    """Yield what facility and discrimination say. ``guess`` is what a blind guess is worth; None: nobody knows."""
    if found.answers < ENOUGH:
        yield Flag("few", f"Too few answers yet to tell: {found.answers}, and {ENOUGH} are needed.")
        return
    facility = found.facility
    if facility.value >= EASIEST:
        yield Flag("easy", "Nearly everybody is right: it tells nothing apart.")
    elif facility.value <= HARDEST:
        yield Flag("hard", "Hardly anybody is right: is the key right, and was this taught?")
    elif guess and facility.high < guess:
        yield Flag("below_guessing", "Fewer are right than would be by guessing: does something mislead?")
    yield from _of_discrimination(found.discrimination)


def _of_discrimination(found: Estimate) -> Iterator[Flag]:
    if found.high < 0:
        yield Flag("negative", "Weak learners do better here than strong ones: is the key right?")
    elif found.high < WEAK:
        yield Flag("weak", "Weak and strong learners do about equally well here: it tells little apart.")


def of_option(name: str, option: Taken, key: Taken | None, answers: int) -> Iterator[Flag]:
    """Yield what an option that is not the key says, beside the key where there is one."""
    if answers < ENOUGH:
        return
    strongest = option.thirds[-1]
    if key and option.count >= ENOUGH_IN_THIRD and strongest > key.thirds[-1]:
        yield Flag("attractive", "This option attracts the best learners: is the key right?", name)
    elif option.correlation.low > 0:
        yield Flag("attractive", "Strong learners choose this wrong option more often than weak ones.", name)
    if answers >= ENOUGH_FOR_OPTIONS and option.share < FUNCTIONING:
        yield Flag("unused", "Hardly anybody chooses this option: nobody is tempted by it.", name)


def of_wrong_answer(name: str, answer: Taken, answers: int, *, is_known: bool) -> Iterator[Flag]:
    """Yield what a typed wrong answer says. ``is_known``: a misconception explains it."""
    if answers < ENOUGH or answer.share < COMMON or is_known:
        return
    if answer.third >= STRONG and answer.count >= ENOUGH_IN_THIRD:
        yield Flag("strong_but_wrong", "Good learners give this answer: should it count?", name)
    else:
        yield Flag("unexplained", "Many give this wrong answer, and nothing explains it to them yet.", name)


def of_parameter(name: str, found: Dependence, corrected: float) -> Iterator[Flag]:
    """Yield whether some draws are harder; ``corrected`` is the p-value for all parameters together."""
    if math.isnan(corrected) or corrected >= SIGNIFICANT or found.gap < UNUSUAL:
        return
    hardest = min(found.regions, key=lambda one: one.adjusted)
    where = _in_words(name, [(one.low, one.high) for one in found.regions], (hardest.low, hardest.high))
    yield Flag("region", f"Learners with {where} are right much less often.", name)


def _in_words(name: str, regions: Sequence[tuple[float, float]], one: tuple[float, float]) -> str:
    if one[0] == one[1]:
        return f"{name} = {one[0]:g}"
    if one == regions[0]:
        return f"small {name} (up to {one[1]:g})"
    if one == regions[-1]:
        return f"large {name} (from {one[0]:g})"
    return f"{name} from {one[0]:g} to {one[1]:g}"
