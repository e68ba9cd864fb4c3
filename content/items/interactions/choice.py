"""Choice: one option or several, in shuffled or fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from content.documents.reader import Reader
from content.expressions import Scope
from content.items.interactions.base import (
    POLICY_SCHEMA,
    Draw,
    Draws,
    Interaction,
    Record,
    Render,
    Samples,
    Trouble,
    alike,
    parse_policy,
    parse_weight,
)
from content.items.policies import Policy, PolicyFault, policy
from content.items.stream import Floats
from content.items.verdict import Verdict

MAX_OPTIONS = 50
OUR_OWN = frozenset({"all_or_nothing", "per_option", "right_minus_wrong"})
"""Policies under which nothing chosen is no answer, as in every other kind; a peer's policy keeps to its own."""

_WORDS = re.compile(r"[a-z]+")
_TELLING = frozenset("correct incorrect wrong distractor".split())
"""Words that tell what an option is worth wherever they stand in its id."""
_TELLING_ALONE = _TELLING | frozenset("right key answer solution true false good bad ok mistake".split())
"""Words that tell it when nothing else stands there."""
_SAYING_NOTHING = frozenset("the a an is one option ans opt choice".split())


@dataclass(frozen=True, slots=True)
class Option:
    """``weight`` is 1 for a key and 0 for a distractor, or what a peer's policy gives; ``fixed`` pins the place."""

    id: str
    text: str
    weight: float
    feedback: str | None
    misconception: str | None
    fixed: bool


@dataclass(frozen=True, kw_only=True)
class Choice(Interaction):
    """``may_be_none``: that no option is right is possible, so nothing chosen is an answer."""

    kind: ClassVar[str] = "choice"
    options: tuple[Option, ...]
    multiple: bool
    may_be_none: bool
    shuffle: bool
    policy: Policy

    @classmethod
    def parse(cls, identifier: str, reader: Reader, scope: Scope) -> Self | None:
        multiple = reader.flag("multiple")
        judge = parse_policy(
            reader, default={"name": "all_or_nothing" if multiple else "single"}, grades="choice"
        )
        options = tuple(_parse_option(entry) for entry in reader.readers("options"))
        may_be_none = reader.flag("may_be_none")
        if may_be_none and not multiple:
            reader.fault("may_be_none", "is for choices of several options")
        _check_options(reader, options, multiple=multiple, may_be_none=may_be_none)
        shuffle = reader.flag("shuffle", default=True)
        if judge is None or not _is_key_of(reader, judge, options):
            return None
        return cls(
            id=identifier,
            weight=parse_weight(reader),
            options=options,
            multiple=multiple,
            may_be_none=may_be_none,
            shuffle=shuffle,
            policy=judge,
        )

    def record(self, draw: Draw) -> dict[str, Any]:
        return {
            "key": {option.id: option.weight for option in self.options},
            "policy": self.policy.document,
            "order": self._order(draw.uniforms(len(self.options))),
        }

    def _order(self, uniforms: Floats) -> list[str]:
        """Return the options' ids with all but the pinned ones permuted."""
        ids = [option.id for option in self.options]
        if not self.shuffle:
            return ids
        movable = [i for i, option in enumerate(self.options) if not option.fixed]
        shuffled = np.array(movable, dtype=np.int64)[np.argsort(uniforms[: len(movable)], kind="stable")]
        order = list(ids)
        for place, source in zip(movable, shuffled, strict=True):
            order[place] = ids[source]
        return order

    def present(self, record: Record, render: Render) -> dict[str, Any]:
        texts = {option.id: option.text for option in self.options}
        return {
            "multiple": self.multiple,
            "options": [{"id": chosen, "html": render(texts[chosen])} for chosen in record["order"]],
        }

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        judge = policy(record["policy"])
        if not answer and self._must_choose(judge):
            return judge.invalid("Choose at least one option.")
        verdict = judge.grade(record["key"], answer, locale=locale)
        if not verdict.valid:
            return verdict
        return self._explained(verdict, answer)

    def _must_choose(self, judge: Policy) -> bool:
        return self.multiple and not self.may_be_none and judge.name in OUR_OWN

    def _explained(self, verdict: Verdict, answer: object) -> Verdict:
        """Return the verdict with the feedback of what was chosen and the misconception it stands for."""
        chosen = set(answer) if isinstance(answer, list) else {answer}
        picked = [option for option in self.options if option.id in chosen]
        feedback = "\n\n".join(option.feedback for option in picked if option.feedback) or None
        wrong = [option.misconception for option in picked if option.misconception]
        misconception = wrong[0] if wrong and not verdict.correct else None
        return verdict.with_misconception(misconception, feedback=feedback, score=verdict.score)

    def classify(self, record: Record, answer: object, verdict: Verdict) -> str:
        """Return the ids of the options chosen, for the counting of distractors."""
        return "+".join(verdict.parsed) or "blank" if verdict.valid else "invalid"

    @classmethod
    def schema(cls) -> dict[str, Any]:
        option = {
            "type": "object",
            "required": ["id", "text"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string"},
                "text": {"type": "string"},
                "key": {"type": "boolean"},
                "weight": {"type": "number"},
                "feedback": {"type": "string"},
                "misconception": {"type": "string"},
                "fixed": {"type": "boolean"},
            },
        }
        return {
            "required": ["options"],
            "properties": {
                "multiple": {"type": "boolean"},
                "may_be_none": {"type": "boolean"},
                "shuffle": {"type": "boolean"},
                "policy": POLICY_SCHEMA,
                "options": {"type": "array", "minItems": 2, "maxItems": MAX_OPTIONS, "items": option},
            },
        }

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        same = alike(draws, self.offered)
        yield Trouble(f"two options of {self.id} read the same", same, refuses=True)

    @property
    def offered(self) -> tuple[str, ...]:
        return tuple(option.text for option in self.options)

    @property
    def telling(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options if self._tells(option))

    def _tells(self, option: Option) -> bool:
        """Return whether an id says that its option is right or wrong, and not merely what the option says."""
        words = [word.removesuffix("s") for word in _WORDS.findall(option.id.lower()) if len(word) > 1]
        if words == [word.removesuffix("s") for word in _WORDS.findall(option.text.lower()) if len(word) > 1]:
            return False
        if "right" in words and self._has("left"):
            return False
        rest = set(words) - _SAYING_NOTHING
        return bool(rest & _TELLING) or bool(rest and rest <= _TELLING_ALONE)

    def _has(self, word: str) -> bool:
        return any(word in _WORDS.findall(option.id.lower()) for option in self.options)

    @property
    def misconceptions(self) -> frozenset[str]:
        return frozenset(option.misconception for option in self.options if option.misconception)

    @property
    def texts(self) -> tuple[str, ...]:
        feedback = (option.feedback for option in self.options if option.feedback)
        return (*(option.text for option in self.options), *feedback)

    def samples(self, record: Record) -> Samples:
        keys = [option.id for option in self.options if option.weight > 0]
        others = [option.id for option in self.options if option.weight <= 0]
        unknown = "no-such-option"
        if self.multiple:
            blank: tuple[Any, ...] = ([],) if self._must_choose(self.policy) else ()
            return Samples((keys,), (others,) if others else (), ([unknown], 7, None, *blank))
        keys.sort(key=lambda chosen: -record["key"][chosen])
        return Samples((keys[0],), tuple(others), (unknown, "", 7, None, {}))


def _parse_option(reader: Reader) -> Option:
    weight = reader.number("weight")
    is_key = reader.flag("key", default=bool(weight and weight > 0))
    option = Option(
        id=reader.text("id"),
        text=reader.text("text"),
        weight=float(is_key) if weight is None else float(weight),
        feedback=reader.text("feedback", default="") or None,
        misconception=reader.text("misconception", default="") or None,
        fixed=reader.flag("fixed"),
    )
    reader.finish()
    return option


def _is_key_of(reader: Reader, judge: Policy, options: tuple[Option, ...]) -> bool:
    """Whether the policy can use the options' weights; what it refuses is a fault."""
    try:
        judge.grade({option.id: option.weight for option in options}, [option.id for option in options[:1]])
    except PolicyFault as fault:
        reader.fault("options", str(fault))
        return False
    return True


def _check_options(reader: Reader, options: tuple[Option, ...], *, multiple: bool, may_be_none: bool) -> None:
    keys = sum(option.weight > 0 for option in options)
    if not 2 <= len(options) <= MAX_OPTIONS:
        reader.fault("options", f"must be 2 to {MAX_OPTIONS}")
    if len({option.id for option in options}) < len(options):
        reader.fault("options", "must have different ids")
    if keys == 0 and not may_be_none:
        reader.fault("options", "must have a key")
    if not multiple and sum(option.weight >= 1 for option in options) != 1:
        reader.fault("options", "of a single choice must have exactly one key")
