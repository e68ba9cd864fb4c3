"""Reading follow-through: which interactions follow which earlier ones, and for what credit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.documents.reader import Reader
from content.expressions import Scope
from content.expressions.suggesting import did_you_mean, nearest
from content.items.definition import FollowThrough
from content.items.interactions import Interaction

NO_NUMBER = "must be a number, as must the interaction that follows it"


def parse_follow_through(
    reader: Reader,
    entries: Reader,
    interactions: Mapping[str, Interaction],
    scope: Scope,
    steps: Mapping[str, Any],
) -> dict[str, FollowThrough]:
    """Read, for each interaction that follows others, which ones and for what credit.

    ``entries`` are the interactions as they are written, ``interactions`` those that could be read.
    """
    rules = {}
    for identifier, _ in reader.items():
        if reader.faults.is_full:
            break
        _check_named(reader, identifier, entries)
        entry = reader.mapping(identifier, ("answer", "step", "sources", "credit"))
        sources = _sources(entry)
        credit = entry.number("credit", 1.0) or 0.0
        entry.finish()
        if not 0 < credit <= 1:
            entry.fault("credit", "must be above 0 and at most 1")
        _Checks(entry, identifier, entries, interactions, scope, steps).of(sources)
        rules[identifier] = FollowThrough({answer: step for _, answer, _, step in sources}, credit)
    return rules


def _check_named(reader: Reader, identifier: str, entries: Reader) -> None:
    names = entries.names()
    if identifier not in names and not entries.faults.is_broken(entries.path):
        meant = nearest(identifier, names)
        reader.spoil(identifier, f"is no interaction{did_you_mean(meant)}", at_key=True, suggestion=meant)


def _sources(entry: Reader) -> list[tuple[str, str, str, str]]:
    """Read one source, as ``answer`` and ``step``, or several as ``sources``, each with its places."""
    if not entry.has("sources"):
        return [("answer", entry.text("answer"), "step", entry.text("step"))]
    listed = entry.mapping("sources")
    if not listed.document:
        listed.faults.add(listed.path, "must name an earlier interaction and the step it stands for")
    return [
        (f"sources.{answer}", answer, f"sources.{answer}", listed.text(answer))
        for answer, _ in listed.items()
    ]


class _Checks:
    """What the sources of one interaction must be."""

    def __init__(
        self,
        entry: Reader,
        identifier: str,
        entries: Reader,
        interactions: Mapping[str, Interaction],
        scope: Scope,
        steps: Mapping[str, Any],
    ) -> None:
        self.entry = entry
        self.identifier = identifier
        self.names = entries.names()
        self.are_known = not entries.faults.is_broken(entries.path)
        self.interactions = interactions
        self.scope = scope
        self.steps = steps

    def of(self, sources: list[tuple[str, str, str, str]]) -> None:
        used: set[str] = set()
        for answer_at, answer, step_at, step in sources:
            if self.are_known:
                self._check_answer(answer_at, answer)
            if step in used:
                self.entry.fault(step_at, "must be another one for each earlier answer")
            elif not self._is_step(step):
                self._refuse_step(step_at, step)
            used.add(step)

    def _check_answer(self, at: str, answer: str) -> None:
        before = self.names[: self.names.index(self.identifier)] if self.identifier in self.names else []
        if answer not in before:
            meant = nearest(answer, before)
            reason = f"must be an interaction before this one{did_you_mean(meant)}"
            self.entry.fault(at, reason, at_key=at != "answer", suggestion=meant)
        elif not (self._may_be_number(self.identifier) and self._may_be_number(answer)):
            self.entry.fault(at, NO_NUMBER, at_key=at != "answer")

    def _may_be_number(self, identifier: str) -> bool:
        interaction = self.interactions.get(identifier)
        return interaction is None or "key" in interaction.computed

    def _is_step(self, step: str) -> bool:
        written = self.entry.faults.is_broken(f"steps.{step}")
        return step in self.steps or written or self.scope.open

    def _refuse_step(self, at: str, step: str) -> None:
        meant = nearest(step, self.steps)
        reason = f"must be a step: the value that the earlier answer stands for{did_you_mean(meant)}"
        self.entry.fault(at, reason, suggestion=meant)
