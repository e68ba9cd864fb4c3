"""Numeric entry: one number, or a vector of them, judged by a named tolerance policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np

from content.documents.reader import Reader
from content.expressions import Expression
from content.items import near
from content.items.display import format_number
from content.items.interactions import fields, shown
from content.items.interactions.base import Draw, Interaction, Record, Render, Samples
from content.items.interactions.forms import Boxes, Form
from content.items.interactions.shown import Shown, last
from content.items.policies import Policy, policy, reads
from content.items.rows import every
from content.items.stream import Bools, Floats
from content.items.verdict import Verdict, invalid

READS = (
    "What may be typed besides numbers: fractions, percent. null: not read by the rules of the item's locale."
)


@dataclass(frozen=True, kw_only=True)
class ShownNumeric(Shown):
    """The answer is a number as typed; for the shape [3] a list of three."""

    shape: tuple[int, ...] = shown.about("[] for one number, [3] for three.")
    unit: str | None
    reads: tuple[str, ...] | None = shown.about(READS)

    @property
    def form(self) -> Form:
        components = tuple(f"component {n + 1}" for n in range(self.shape[0])) if self.shape else ("",)
        return Boxes((components,), decimal=True, unit=self.unit or "")

    def from_form(self, values: Sequence[str]) -> Any:
        return list(values) if self.shape else last(values)


def _policy_left_out(_: Reader) -> dict[str, Any]:
    return {"name": "relative", "tolerance": 0.01}


@dataclass(frozen=True, kw_only=True)
class Numeric(Interaction):
    """``credit`` of a vector: ``all`` wants every component right, ``each`` gives the share that is."""

    kind: ClassVar[str] = "numeric"
    shows: ClassVar[type[Shown]] = ShownNumeric
    key_dimensions: ClassVar[tuple[int, ...]] = (0, 1)
    judged_as_arrays: ClassVar[bool] = True
    key: Expression = fields.expression()
    policy: Policy = fields.policy("numeric", default=_policy_left_out)
    unit: str | None = fields.optional_text(about="Stands behind the field.")
    credit: str = fields.one_of(("all", "each"), default="all", reason="must be all or each")

    @property
    def computed(self) -> Mapping[str, Expression]:
        return {"key": self.key}

    def record(self, draw: Draw) -> dict[str, Any]:
        return {"key": draw.computed["key"], "policy": self.policy.document}

    def present(self, record: Record, render: Render) -> Shown:
        return ShownNumeric(shape=np.shape(record["key"]), unit=self.unit, reads=reads(record["policy"]))

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        judge = policy(record["policy"])
        key = record["key"]
        if not isinstance(key, list):
            return judge.grade(key, answer, locale=locale)
        if not isinstance(answer, list) or len(answer) != len(key):
            given = f", not {len(answer)}" if isinstance(answer, list) else ""
            return invalid(judge.name, judge.version, f"This answer has {len(key)} components{given}.")
        components = [
            (f"Component {number}", judge.grade(one, entered, locale=locale))
            for number, (one, entered) in enumerate(zip(key, answer, strict=True), start=1)
        ]
        return self.combine(judge, components, parts="components")

    def combine(self, judge: Policy, named: list[tuple[str, Verdict]], *, parts: str) -> Verdict:
        """Return one verdict from those on the parts; an unreadable part makes the whole unreadable."""
        verdicts = [verdict for _, verdict in named]
        parsed = [verdict.parsed for verdict in verdicts]
        for name, verdict in named:
            if not verdict.valid:
                return invalid(judge.name, judge.version, f"{name}: {verdict.message}", parsed)
        right = sum(v.correct for v in verdicts)
        distances = [v.distance for v in verdicts if v.distance is not None]
        return Verdict(
            valid=True,
            score=right / len(verdicts) if self.credit == "each" else float(right == len(verdicts)),
            policy=judge.name,
            policy_version=judge.version,
            rule=f"{verdicts[0].rule}; {right} of {len(verdicts)} {parts} are",
            parsed=parsed,
            parts=[verdict.correct for verdict in verdicts],
            message=next((f"{name}: {one.message}" for name, one in named if one.message), ""),
            distance=max(distances, default=None),
        )

    def right_answer(self, record: Record, decimal: str) -> Any:
        key = record["key"]
        if isinstance(key, list):
            return [self.written_for_reading(one, decimal) for one in key]
        return self.written_for_reading(key, decimal)

    def written_for_reading(self, key: float, decimal: str) -> str:
        """Return a key as it is shown elsewhere, where that would be right; else as its own policy asks for it."""
        shown = format_number(float(key))
        text = shown if self.policy.grade(key, shown).correct else written(self.policy, key)
        return text.replace(".", decimal)

    def compared(self, record: Record, verdict: Verdict) -> str:
        key = record["key"]
        if verdict.correct or isinstance(key, list) or not isinstance(verdict.parsed, float):
            return ""
        return near.compared(float(key), verdict.parsed)

    def accepts(self, key: Floats, answer: Floats) -> Bools | None:
        compare = getattr(self.policy, "accepts", None)
        if compare is None:
            return None
        if key.ndim == 1:
            return cast(Bools, compare(key, answer))
        keys, answers = key.reshape(len(key), -1), answer.reshape(len(answer), -1)
        if keys.size <= AT_ONCE:
            return every(cast(Bools, compare(keys, answers)))
        right = np.zeros(len(key), dtype=np.bool_)
        left = np.arange(len(key))
        for column in range(keys.shape[1]):
            left = left[compare(keys[left, column], answers[left, column])]
            if not len(left):
                break
        right[left] = True
        return right

    def samples(self, record: Record) -> Samples:
        key = record["key"]
        if isinstance(key, list):
            right = [written(self.policy, k) for k in key]
            wrong = [written(self.policy, k, off=1) for k in key]
            blank = (["", *right[1:]], [*right[1:], BEYOND])
            invalid = (right[1:], "", None)
            return Samples((right,), *_with_blank(self.policy, (wrong,), invalid, blank))
        right_text = written(self.policy, key)
        wrong_text, unread = written(self.policy, key, off=1), ("abc", "nan", None, [right_text])
        return Samples((right_text,), *_with_blank(self.policy, (wrong_text,), unread, ("", BEYOND)))


AT_ONCE = 20_000
"""Components that are judged in one go; of more, those of a draw that is wrong already are left out."""
BEYOND = "1e400"
"""A number that no float holds."""
MOST_DIGITS = 15


def written(judge: Policy, key: float, *, off: float = 0) -> str:
    """Return the key as a learner may write it: with the digits and the unit that its own policy asks for.

    With ``off`` it is moved by ten times its size and ten, and written alike. The shortest spelling comes first;
    where none is right one is returned all the same, so that the trial that asked says so.
    """
    moved = float(key) + off * 10 * (1 + abs(key))
    for form in _forms(*_unit_asked_for(judge)):
        if judge.grade(key, form.format(float(key))).correct:
            return form.format(moved)
    return repr(moved)


def _unit_asked_for(judge: Policy) -> tuple[str, str]:
    """Return what stands before and behind a number: a policy asks for one unit, or takes several and counts in
    the first."""
    unit = getattr(judge, "unit", "") or next(iter(getattr(judge, "units", {})), "")
    if not unit:
        return "", ""
    return (f"{unit} ", "") if getattr(judge, "units_before", False) else ("", f" {unit}")


def _forms(before: str, behind: str) -> Iterator[str]:
    """Yield ways to write a number: as it is, to so many places, to so many figures; each with the unit."""
    before, behind = (text.replace("{", "{{").replace("}", "}}") for text in (before, behind))
    yield before + "{!r}" + behind
    for digits in range(MOST_DIGITS + 1):
        yield f"{before}{{:.{digits}f}}{behind}"
        yield f"{before}{{:.{digits}e}}{behind}"


def _with_blank(
    judge: Policy, wrong: tuple[Any, ...], invalid: tuple[Any, ...], blank: tuple[Any, ...]
) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return wrong and unreadable answers, with blank ones where the policy puts them."""
    if judge.blank_is_valid:
        return (*wrong, *blank), invalid
    return wrong, (*invalid, *blank)
