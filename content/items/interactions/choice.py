"""Choice: one option or several, in shuffled or fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from content.documents.reader import Reader
from content.expressions import Scope
from content.items.interactions import fields, shown
from content.items.interactions.base import (
    Draw,
    Draws,
    Interaction,
    Record,
    Render,
    Samples,
    Trouble,
    alike,
)
from content.items.interactions.fields import Fault
from content.items.interactions.forms import Form, Ticks
from content.items.interactions.shown import Shown, last
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


@dataclass(frozen=True, kw_only=True)
class Option(fields.Declared):
    id: str = fields.text()
    text: str = fields.text()
    is_key: bool = fields.flag(name="key", about="Whether it is right.")
    stated: float | None = fields.number(
        name="weight",
        about="What it earns under a policy that says so; 1 for a key and 0 for others if left out.",
    )
    feedback: str | None = fields.optional_text()
    misconception: str | None = fields.optional_text()
    fixed: bool = fields.flag(about="Keeps its place when the others are shuffled.")

    @property
    def weight(self) -> float:
        """1 for a key and 0 for a distractor, or what the author stated for a peer's policy."""
        return float(self.is_key) if self.stated is None else self.stated


@dataclass(frozen=True)
class ShownChoice(Shown):
    """The answer is an option's id; where ``multiple``, a list of ids."""

    multiple: bool
    options: tuple[shown.Option, ...]

    @property
    def form(self) -> Form:
        return Ticks(self.options, several=self.multiple)

    def from_form(self, values: Sequence[str]) -> Any:
        return list(values) if self.multiple else last(values)


def _policy_left_out(reader: Reader) -> dict[str, Any]:
    return {"name": "all_or_nothing" if reader.document.get("multiple") is True else "single"}


@dataclass(frozen=True, kw_only=True)
class Choice(Interaction):
    kind: ClassVar[str] = "choice"
    shows: ClassVar[type[Shown]] = ShownChoice
    multiple: bool = fields.flag(about="Whether several options can be chosen.")
    may_be_none: bool = fields.flag(
        about="That no option is right is possible, so nothing chosen is an answer. For several options only."
    )
    shuffle: bool = fields.flag(default=True)
    policy: Policy = fields.policy("choice", default=_policy_left_out)
    options: tuple[Option, ...] = fields.entries(
        Option, least=2, most=MAX_OPTIONS, reason=f"must be 2 to {MAX_OPTIONS}"
    )

    def faults(self, scope: Scope) -> Iterator[Fault]:
        if self.may_be_none and not self.multiple:
            yield "may_be_none", "is for choices of several options"
        keys = sum(option.weight > 0 for option in self.options)
        if fields.repeats(self.options):
            yield "options", "must have different ids"
        if not self.multiple and sum(option.weight >= 1 for option in self.options) != 1:
            yield "options", "of a single choice must have exactly one key"
        elif keys == 0 and not self.may_be_none:
            yield "options", "must have a key"
        if self.policy is not None:
            yield from self._refused_weights()

    def _refused_weights(self) -> Iterator[Fault]:
        """Yield that the policy cannot use the options' weights."""
        weights = {option.id: option.weight for option in self.options}
        try:
            self.policy.grade(weights, [option.id for option in self.options[:1]])
        except PolicyFault as fault:
            yield "options", str(fault)

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

    def present(self, record: Record, render: Render) -> Shown:
        return ShownChoice(self.multiple, self.shown_options(record, render))

    def shown_options(self, record: Record, render: Render) -> tuple[shown.Option, ...]:
        """Return the options in this draw's order."""
        texts = {option.id: option.text for option in self.options}
        return tuple(shown.Option(chosen, render(texts[chosen])) for chosen in record["order"])

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

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        same = alike(draws, self.offered)
        yield Trouble(f"two options of {self.id} read the same", same, refuses=True, path="options")

    @property
    def guess(self) -> float | None:
        if self.multiple:
            return None
        weights = {option.id: option.weight for option in self.options}
        scores = [self.policy.grade(weights, option.id).score for option in self.options]
        return sum(scores) / len(scores)

    @property
    def offered(self) -> tuple[str, ...]:
        return tuple(option.text for option in self.options)

    @property
    def telling(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options if self._tells(option))

    def place_of(self, identifier: str) -> str:
        return f"options.{[option.id for option in self.options].index(identifier)}.id"

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
    def written(self) -> tuple[tuple[str, str], ...]:
        return (
            *fields.written_in("options", self.options, "text"),
            *fields.written_in("options", self.options, "feedback"),
        )

    def samples(self, record: Record) -> Samples:
        keys = [option.id for option in self.options if option.weight > 0]
        others = [option.id for option in self.options if option.weight <= 0]
        unknown = "no-such-option"
        if self.multiple:
            blank: tuple[Any, ...] = ([],) if self._must_choose(self.policy) else ()
            return Samples((keys,), (others,) if others else (), ([unknown], 7, None, *blank))
        keys.sort(key=lambda chosen: -record["key"][chosen])
        return Samples((keys[0],), tuple(others), (unknown, "", 7, None, {}))
