"""What was answered to one interaction of an item: options, misconceptions and wrong answers, by who gave them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from assessment.psychometrics import flags
from assessment.psychometrics.groups import Taken, by_ability, taken
from assessment.psychometrics.irt import Bools, Integers
from assessment.results.columns import Column
from assessment.results.counting import Given
from assessment.results.report import AnswerRow, InteractionReport, WrongRow, known, number
from content.items.definition import ItemDefinition
from content.items.interactions import Interaction
from content.items.interactions.choice import Choice

MOST_ROWS: Final = 50
"""Wrong answers of one interaction that are told one by one, the commonest first."""


@dataclass(frozen=True, slots=True)
class Part:
    report: InteractionReport
    flags: Sequence[flags.Flag]


@dataclass(frozen=True, slots=True)
class Named:
    """An answer with the places, among those answered, where it came first."""

    answer: Any
    is_key: bool
    misconception: str | None
    places: Integers


def interaction_part(
    interaction: Interaction, answers: Sequence[Given], column: Column, definition: ItemDefinition
) -> Part:
    own = [one for one in answers if one.interaction == interaction.id]
    firsts = [one for one in own if one.is_first]
    where = [column.places.at(one.keys) for one in firsts]
    base = np.unique(np.concatenate(where)) if where else np.array([], dtype=np.int64)
    ability = column.ability[base]
    at = [np.searchsorted(base, one) for one in where]
    if is_choice := isinstance(interaction, Choice):
        named = _options(interaction, firsts, at)
    else:
        named = _answers(firsts, at, definition)
    rows = [
        (name, one)
        for name, one in zip(
            named, taken([_marked(name.places, len(base)) for name in named], ability), strict=True
        )
    ]
    wrong = [] if is_choice else _wrong(own, column)
    report = InteractionReport(
        id=interaction.id,
        kind=interaction.kind,
        is_choice=is_choice,
        answered=len(base),
        rows=tuple(_row(name, one) for name, one in rows),
        wrong=tuple(wrong[:MOST_ROWS]),
        more_wrong=max(0, len(wrong) - MOST_ROWS),
    )
    return Part(report, list(_option_flags(rows, len(base), definition, is_choice=is_choice)))


def _options(interaction: Choice, firsts: Sequence[Given], at: Sequence[Integers]) -> list[Named]:
    """Return every option, also those that nobody chose, in the author's order."""
    found = []
    for option in interaction.options:
        chosen = [
            places
            for given, places in zip(firsts, at, strict=True)
            if isinstance(given.value, list) and option.id in given.value
        ]
        found.append(Named(option.id, option.weight > 0, option.misconception, _joined(chosen)))
    return found


def _answers(firsts: Sequence[Given], at: Sequence[Integers], definition: ItemDefinition) -> list[Named]:
    """Return what is right, what each misconception leads to, and the commonest other answers.

    Answers to an exercise belong to their draws, so the others stand there together.
    """
    right: list[Integers] = []
    explained: dict[str, list[Integers]] = defaultdict(list)
    others: dict[str, list[Integers]] = defaultdict(list)
    values: dict[str, Any] = {}
    for given, places in zip(firsts, at, strict=True):
        if given.is_right:
            right.append(places)
        elif given.misconception:
            explained[given.misconception].append(places)
        else:
            name = "" if definition.is_exercise else given.parsed or ""
            others[name].append(places)
            values[name] = None if definition.is_exercise else given.value
    common = sorted(others, key=lambda name: -sum(map(len, others[name])))[:MOST_ROWS]
    return [
        Named(None, True, None, _joined(right)),
        *(Named(None, False, slug, _joined(places)) for slug, places in sorted(explained.items())),
        *(Named(values[name], False, None, _joined(others[name])) for name in common),
    ]


def _wrong(own: Sequence[Given], column: Column) -> list[WrongRow]:
    """Return the wrong answers of all tries, the commonest first."""
    thirds = by_ability(column.ability, 3)
    answered = len(np.unique(np.concatenate([one.keys for one in own]))) if own else 0
    keys: dict[tuple[str | None, str | None, float], list[Integers]] = defaultdict(list)
    values: dict[str | None, Given] = {}
    for one in own:
        if not one.is_right:
            keys[one.parsed, one.misconception, one.score].append(one.keys)
            values[one.parsed] = one
    rows = []
    for (parsed, misconception, score), given in keys.items():
        places = np.unique(np.concatenate(given))
        inside = thirds[column.places.at(places)]
        inside = inside[inside >= 0]
        third = float(inside.mean()) + 1 if len(inside) else None
        rows.append(
            WrongRow(
                values[parsed].value,
                values[parsed].is_whole,
                score,
                misconception,
                len(places),
                len(places) / answered,
                third,
            )
        )
    return sorted(rows, key=lambda one: (-one.count, str(one.answer)))


def _option_flags(
    rows: Sequence[tuple[Named, Taken]], answers: int, definition: ItemDefinition, *, is_choice: bool
) -> Iterator[flags.Flag]:
    keys = [one for name, one in rows if name.is_key]
    key = keys[0] if len(keys) == 1 else None
    for name, one in rows:
        if name.is_key:
            continue
        if is_choice:
            yield from flags.of_option(str(name.answer), one, key, answers)
        elif not definition.is_exercise:
            known_mistake = name.misconception is not None
            yield from flags.of_wrong_answer(written(name.answer), one, answers, is_known=known_mistake)


def written(answer: Any) -> str:
    """Return an answer as read, as people write it."""
    if isinstance(answer, float):
        return f"{answer:.10g}"
    if isinstance(answer, list):
        return ", ".join(written(one) for one in answer)
    if isinstance(answer, dict):
        return ", ".join(f"{one}: {written(other)}" for one, other in answer.items())
    return "" if answer is None else str(answer)


def _row(name: Named, one: Taken) -> AnswerRow:
    return AnswerRow(
        answer=name.answer,
        is_key=name.is_key,
        misconception=name.misconception,
        count=one.count,
        share=known(one.share),
        thirds=tuple(known(share) for share in one.thirds),
        curve=tuple(known(share) for share in one.curve),
        third=known(one.third),
        correlation=number(one.correlation),
    )


def _marked(places: Integers, size: int) -> Bools:
    marked = np.zeros(size, dtype=np.bool_)
    marked[places] = True
    return marked


def _joined(parts: Sequence[Integers]) -> Integers:
    return np.concatenate(parts) if parts else np.array([], dtype=np.int64)
