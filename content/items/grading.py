"""From an answer to a verdict on every interaction: what was read, which rule decided, what it may stem from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from content.items.accepting import credited
from content.items.definition import ItemDefinition, MisconceptionRule
from content.items.drawing import Variant
from content.items.follow_through import followed, key_from
from content.items.interactions import Interaction, Record
from content.items.verdict import Verdict, invalid

_SURROGATE = re.compile("[\ud800-\udfff]")

GRADER: Final = "assay"
GRADER_VERSION: Final = 2
"""Rises with every change that could give another verdict on the same answer; the former one stays in the table."""


Grader = Callable[[ItemDefinition, Variant, Mapping[str, Any], str], "ItemVerdict"]


class UnknownGrader(LookupError):
    """A verdict names a version of the grader that does not exist here."""


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """Verdicts by interaction. The item is valid when all are; ``score`` is their weighted mean, in [0, 1]."""

    valid: bool
    score: float
    interactions: Mapping[str, Verdict]
    message: str = ""
    grader: str = GRADER
    grader_version: int = GRADER_VERSION

    @property
    def correct(self) -> bool:
        return self.valid and all(verdict.correct for verdict in self.interactions.values())

    def to_json(self) -> dict[str, Any]:
        return {
            "valid": self.valid,
            "score": self.score,
            "message": self.message,
            "interactions": {i: verdict.to_json() for i, verdict in self.interactions.items()},
            "grader": self.grader,
            "grader_version": self.grader_version,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        verdicts = {i: Verdict.from_json(v) for i, v in stored["interactions"].items()}
        return cls(**{**stored, "interactions": verdicts})


def grade(
    definition: ItemDefinition,
    variant: Variant,
    answer: Mapping[str, Any],
    locale: str | None = None,
    *,
    probing: Mapping[str, str] | None = None,
    version: int | None = None,
) -> ItemVerdict:
    """Grade an answer, a mapping from interaction to what was entered. Never raises on any JSON value.

    Numbers are read as the item's locale writes them, or as ``locale`` does where it is given. ``probing`` has the
    keys of the item version by which formulas are tried; a draft is tried by a key that is no secret. A verdict that
    was stored is given again by the grader of its ``version``; without one it is the latest. Raises UnknownGrader.
    """
    version = max(GRADERS) if version is None else version
    if version not in GRADERS:
        raise UnknownGrader(version)
    tried = _with_probing(variant, probing or {})
    verdict = GRADERS[version](definition, tried, answer, locale or definition.locale)
    return replace(verdict, grader_version=version)


def _grade(
    definition: ItemDefinition, variant: Variant, answer: Mapping[str, Any], locale: str
) -> ItemVerdict:
    if unknown := sorted(set(answer) - set(definition.interactions)):
        return ItemVerdict(False, 0.0, {}, f"There is no interaction {unknown[0][:20]!r} in this item.")
    verdicts = {
        identifier: _grade_one(definition, interaction, variant.interactions[identifier], answer, locale)
        for identifier, interaction in definition.interactions.items()
    }
    verdicts |= _follow_through(definition, variant, answer, verdicts, locale)
    valid = all(verdict.valid for verdict in verdicts.values())
    return ItemVerdict(
        valid=valid,
        score=_weighted_mean(definition, verdicts) if valid else 0.0,
        interactions=verdicts,
        message="" if valid else _what_is_wrong(verdicts),
    )


def _with_probing(variant: Variant, probing: Mapping[str, str]) -> Variant:
    records = {i: {**variant.interactions[i], "probing": key} for i, key in probing.items()}
    return replace(variant, interactions={**variant.interactions, **records}) if records else variant


def _grade_one(
    definition: ItemDefinition,
    interaction: Interaction,
    record: Record,
    answer: Mapping[str, Any],
    locale: str,
) -> Verdict:
    entered = answer.get(interaction.id)
    if entered is None:
        return invalid(record["policy"]["name"], 0, "There is no answer here yet.")
    if _holds_half_a_character(entered):
        return invalid(record["policy"]["name"], 0, "There is a character here that cannot be read.")
    verdict = interaction.grade(record, entered, locale)
    if not verdict.valid or verdict.correct:
        return verdict
    verdict = _recognized(verdict, definition, interaction, record, entered, locale)
    return credited(verdict, record.get("accepted", ()))


def _recognized(
    verdict: Verdict,
    definition: ItemDefinition,
    interaction: Interaction,
    record: Record,
    entered: Any,
    locale: str,
) -> Verdict:
    """Return the verdict on a wrong answer with the first misconception that it shows."""
    for rule in definition.misconceptions.get(interaction.id, ()):
        if _shows(rule, interaction, record, entered, locale):
            credit = max(verdict.score, rule.credit)
            return verdict.with_misconception(rule.slug, feedback=rule.feedback, score=credit)
    return verdict


def _holds_half_a_character(entered: Any) -> bool:
    """Whether a surrogate stands alone somewhere: no encoding has it, and what matches patterns would raise."""
    waiting = [entered]
    while waiting:
        match waiting.pop():
            case str() as text if _SURROGATE.search(text):
                return True
            case list() as entries:
                waiting += entries
            case dict() as entries:
                waiting += [*entries, *entries.values()]
    return False


def _follow_through(
    definition: ItemDefinition,
    variant: Variant,
    answer: Mapping[str, Any],
    verdicts: Mapping[str, Verdict],
    locale: str,
) -> dict[str, Verdict]:
    """Return new verdicts for wrong answers that follow rightly from earlier ones of which some were wrong."""
    changed = {}
    for identifier, rule in definition.follow_through.items():
        earlier = {source: verdicts[source] for source in rule.sources}
        wrong = [source for source, verdict in earlier.items() if not verdict.correct]
        readable = verdicts[identifier].valid and all(verdict.valid for verdict in earlier.values())
        if not readable or verdicts[identifier].correct or not wrong:
            continue
        own = {source: earlier[source].parsed for source in wrong}
        key = key_from(definition, rule, identifier, variant.values, own)
        record = {**variant.interactions[identifier], "key": key}
        interaction = definition.interactions[identifier]
        if key is not None and interaction.grade(record, answer[identifier], locale).correct:
            changed[identifier] = followed(verdicts[identifier], rule, wrong)
    return changed


def _shows(
    rule: MisconceptionRule, interaction: Interaction, record: Record, entered: Any, locale: str
) -> bool:
    """Whether the answer would be right if the misconception were."""
    mistaken = {**record, "key": record["misconceptions"][rule.slug]}
    return interaction.grade(mistaken, entered, locale).correct


def _weighted_mean(definition: ItemDefinition, verdicts: Mapping[str, Verdict]) -> float:
    weights = {i: definition.interactions[i].weight for i in verdicts}
    total = sum(weights[i] * verdict.score for i, verdict in verdicts.items())
    return min(1.0, max(0.0, total / sum(weights.values())))


def _what_is_wrong(verdicts: Mapping[str, Verdict]) -> str:
    return next(verdict.message for verdict in verdicts.values() if not verdict.valid)


GRADERS: Final[dict[int, Grader]] = {GRADER_VERSION: _grade}
"""By version, from a definition, a variant, an answer and a locale to the verdict."""
