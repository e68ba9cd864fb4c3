"""The wrong answers to items as they were read: what an author looks through before a key is widened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessment.results.answers import written
from assessment.results.report import ItemReport, Report


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """One wrong answer to one interaction of one item version.

    ``parsed`` is the answer as the verdict has it, ``written`` the same for people; one that is not ``is_whole`` was
    too long to be told, and must not be taken for the answer. ``count`` places of attempts had it at any try,
    ``share`` of those answered. ``third`` is the mean third, by ability, of those who gave it: 1 is the weakest, 3
    the strongest, None unknown.
    """

    item_version: UUID
    interaction: str
    parsed: Any
    is_whole: bool
    written: str
    score: float
    misconception: str | None
    count: int
    share: float
    third: float | None


def wrong_answers(report: Report) -> list[WrongAnswer]:
    """Return the wrong answers to all items, item by item, the commonest first. Choices have options instead."""
    return [one for item in report.items for one in wrong_answers_to(item)]


def wrong_answers_to(item: ItemReport) -> list[WrongAnswer]:
    return [
        WrongAnswer(
            item_version=UUID(item.version),
            interaction=interaction.id,
            parsed=row.answer,
            is_whole=row.is_whole,
            written=written(row.answer),
            score=row.score,
            misconception=row.misconception,
            count=row.count,
            share=row.share,
            third=row.third,
        )
        for interaction in item.interactions
        for row in interaction.wrong
    ]
