"""The kinds of figures that a lesson may show, and the settings that each of them takes.

A figure stands in a lesson's text as a fenced block: ``figure`` and its kind, then a document in YAML. Here the
document is read and completed; the reader's side draws it. A new kind is one entry in ``KINDS`` and one file there.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from content.documents.reader import Reader, is_number
from content.items.markup import render, render_inline

LONGEST_LIST: Final = 20


class Setting(ABC):
    """Something that an author may set; it reads a value and reports what it cannot take."""

    @abstractmethod
    def read(self, reader: Reader, key: str) -> Any:
        """Return the value for the reader's side, as JSON."""


@dataclass(frozen=True, slots=True)
class Option(Setting):
    """One word of several."""

    words: tuple[str, ...]
    default: str

    def read(self, reader: Reader, key: str) -> str:
        value = reader.raw(key, self.default)
        if value in self.words:
            return str(value)
        reader.fault(key, f"must be one of {', '.join(self.words)}")
        return self.default


@dataclass(frozen=True, slots=True)
class Options(Setting):
    """One or more words, each at most once."""

    words: tuple[str, ...]
    default: tuple[str, ...]

    def read(self, reader: Reader, key: str) -> list[str]:
        values = reader.texts(key) if reader.has(key) else self.default
        if values and len(set(values)) == len(values) and set(values) <= set(self.words):
            return list(values)
        reader.fault(key, f"must list one or more of {', '.join(self.words)}, each once")
        return list(self.default)


@dataclass(frozen=True, slots=True)
class Flag(Setting):
    default: bool

    def read(self, reader: Reader, key: str) -> bool:
        return reader.flag(key, default=self.default)


@dataclass(frozen=True, slots=True)
class Number(Setting):
    """A number within bounds; ``whole`` takes no fractions."""

    low: float
    high: float
    default: float
    whole: bool = False

    def read(self, reader: Reader, key: str) -> float:
        value = reader.raw(key, self.default)
        if _is_within(value, self.low, self.high) and (not self.whole or float(value).is_integer()):
            return int(value) if self.whole else float(value)
        kind = "a whole number" if self.whole else "a number"
        reader.fault(key, f"must be {kind} of {self.low:g} to {self.high:g}")
        return self.default


@dataclass(frozen=True, slots=True)
class Numbers(Setting):
    """A list of ``shortest`` to ``longest`` numbers within bounds; without a default it must be there."""

    low: float
    high: float
    shortest: int
    longest: int = LONGEST_LIST
    default: tuple[float, ...] = ()

    def read(self, reader: Reader, key: str) -> list[float]:
        values = reader.raw(key, list(self.default))
        if (
            isinstance(values, list)
            and self.shortest <= len(values) <= self.longest
            and all(_is_within(value, self.low, self.high) for value in values)
        ):
            return [float(value) for value in values]
        count = f"{self.shortest}" if self.shortest == self.longest else f"{self.shortest} to {self.longest}"
        reader.fault(key, f"must be a list of {count} numbers of {self.low:g} to {self.high:g}")
        return [float(value) for value in self.default]


@dataclass(frozen=True, slots=True)
class Label(Setting):
    """A line of Markdown."""

    default: str

    def read(self, reader: Reader, key: str) -> str:
        return render_inline(reader.text(key, default=self.default))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of figure. The lists named in ``equal_lengths`` belong together, entry by entry."""

    settings: Mapping[str, Setting]
    equal_lengths: tuple[str, ...] = ()


def _pair(low: float, high: float, default: tuple[float, float]) -> Numbers:
    return Numbers(low, high, 2, 2, default)


_SEED: Final = (0, 1000)

KINDS: Final[Mapping[str, Kind]] = {
    "weight-plane": Kind(
        {
            "penalty": Option(("l1", "l2", "elastic-net", "lp"), "l1"),
            "p": Number(0.5, 4, 1.5),
            "mix": Number(0, 1, 0.5),
            "budget": Number(0.1, 3, 1),
            "minimum": _pair(-2.5, 2.5, (1.3, 1.9)),
            "correlation": Number(-0.9, 0.9, -0.28),
        }
    ),
    "loss-scene": Kind(
        {
            "penalty": Option(("none", "l1", "l2", "elastic-net"), "l1"),
            "strength": Number(0, 10, 0.6),
            "mix": Number(0, 1, 0.5),
            "rate": Number(0.001, 2, 0.1),
            "momentum": Number(0, 0.99, 0),
            "start": _pair(-3, 3, (-1.6, 2.2)),
            "condition": Number(1, 100, 4),
            "paths": Options(
                ("plain", "penalized", "proximal", "momentum"), ("plain", "penalized", "proximal")
            ),
        }
    ),
    "weight-paths": Kind(
        {
            "penalty": Option(("ridge", "lasso", "both"), "both"),
            "strength": Number(0.0001, 100, 0.1),
        }
    ),
    "validation-curve": Kind(
        {
            "strengths": Numbers(1e-12, 1e12, 3),
            "training": Numbers(0, 1e6, 3),
            "validation": Numbers(0, 1e6, 3),
            "errors": Numbers(0, 1e6, 3),
            "rule": Option(("minimum", "one-standard-error"), "minimum"),
            "axis": Label("λ"),
        },
        equal_lengths=("strengths", "training", "validation", "errors"),
    ),
    "flexible-fit": Kind(
        {
            "degree": Number(1, 15, 9, whole=True),
            "points": Number(8, 40, 15, whole=True),
            "noise": Number(0, 1, 0.25),
            "strength": Number(1e-6, 10, 0.001),
            "seed": Number(*_SEED, 7, whole=True),
        }
    ),
    "descent-curve": Kind(
        {
            "loss": Option(("parabola", "two-valleys"), "parabola"),
            "curvature": Number(0.1, 10, 1),
            "rate": Number(0.001, 3, 0.3),
            "start": Number(-3, 3, -2.4),
            "steps": Number(1, 50, 12, whole=True),
        }
    ),
    "descent-valley": Kind(
        {
            "condition": Number(1, 100, 20),
            "rate": Number(0.001, 1, 0.08),
            "momentum": Number(0, 0.99, 0.8),
            "start": _pair(-3, 3, (-2.4, 1.2)),
            "steps": Number(5, 200, 60, whole=True),
        }
    ),
    "loss-history": Kind(
        {
            "condition": Number(1, 100, 10),
            "rates": Numbers(0.001, 3, 1, 4, (0.02, 0.15, 0.21)),
            "momentum": Number(0, 0.99, 0),
            "steps": Number(10, 200, 60, whole=True),
        }
    ),
    "folds": Kind(
        {
            "folds": Number(2, 10, 5, whole=True),
            "rows": Number(10, 40, 20, whole=True),
            "shuffle": Flag(True),
            "grouped": Flag(False),
            "seed": Number(*_SEED, 3, whole=True),
        }
    ),
    "leakage": Kind(
        {
            "rows": Number(20, 100, 40, whole=True),
            "features": Number(10, 2000, 500, whole=True),
            "kept": Number(1, 20, 10, whole=True),
            "seed": Number(*_SEED, 11, whole=True),
        }
    ),
    "winner": Kind(
        {
            "candidates": Number(1, 200, 20, whole=True),
            "noise": Number(0.001, 0.2, 0.03),
            "truth": Number(0.05, 0.95, 0.7),
            "score": Option(("accuracy", "error"), "accuracy"),
            "seed": Number(*_SEED, 5, whole=True),
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Illustration:
    """A figure of a lesson: its kind with all settings, a caption, and what it shows in words (both Markdown)."""

    kind: str
    settings: Mapping[str, Any]
    caption: str
    words: str

    def html(self) -> str:
        """Return the figure for the reader's side to draw; until then, or without it, its words stand there."""
        settings = escape(json.dumps(self.settings, ensure_ascii=False))
        return (
            f'<figure class="illustration" data-illustration="{escape(self.kind)}" data-settings="{settings}">'
            f'<div class="illustration-words">{render(self.words)}</div>'
            f"<figcaption>{render_inline(self.caption)}</figcaption></figure>"
        )


def parse_illustration(kind: str, reader: Reader) -> Illustration | None:
    """Return the figure of a kind in a document; faults go to the reader and may give None."""
    if kind not in KINDS:
        reader.faults.add(
            reader.path, f"there is no figure called {kind!r:.40}; there are {', '.join(KINDS)}"
        )
        return None
    caption, words = reader.text("caption"), reader.text("words")
    settings = {key: setting.read(reader, key) for key, setting in KINDS[kind].settings.items()}
    reader.finish()
    lengths = {len(settings[key]) for key in KINDS[kind].equal_lengths}
    if len(lengths) > 1:
        reader.faults.add(reader.path, f"{', '.join(KINDS[kind].equal_lengths)} must have equal lengths")
    return Illustration(kind, settings, caption.strip(), words)


def _is_within(value: object, low: float, high: float) -> bool:
    return is_number(value) and low <= value <= high
