"""What every policy is: a frozen value read from a document, which grades an answer and explains itself."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from content.expressions.suggesting import did_you_mean, nearest
from content.items import verdict
from content.items.numbers import UnreadableNumber, read_number
from content.items.verdict import Verdict

Floats: TypeAlias = NDArray[np.float64] | float
Bools: TypeAlias = NDArray[np.bool_] | np.bool_
Reader: TypeAlias = Callable[[Any], Any]

MOST_UNKNOWN: Final = 20
"""Settings that there are not, of which one document is told."""


class PolicyFault(ValueError):
    """The author's fault, not the learner's: ``fault`` says whether the key or the policy cannot be used.

    ``setting`` is the one that is wrong, if it is one, and ``suggestion`` the one that may have been meant.
    """

    def __init__(
        self,
        message: str,
        *,
        fault: Literal["key", "policy"] = "policy",
        setting: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(message)
        self.fault: Final = fault
        self.setting: Final = setting
        self.suggestion: Final = suggestion


def option(
    reader: Reader,
    *,
    name: str | None = None,
    default: Any = MISSING,
    default_factory: Any = MISSING,
    implied: bool = False,
) -> Any:
    """Declare a dataclass field that a policy document sets, under ``name`` where the document's differs.

    ``reader`` turns the document's value into the field's, and raises ValueError or TypeError for a bad one.
    An ``implied`` setting is left out of the normalized document while it has its default.
    """
    metadata = {"reader": reader, "name": name, "implied": implied}
    if default_factory is not MISSING:
        return field(default_factory=default_factory, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Rule:
    """A named, versioned rule with settings, which subclasses declare as `option` fields."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    # A peer's document may carry settings that decide no score there either; ours must be understood in full.
    strict_document: ClassVar[bool] = False

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read the settings; raises `PolicyFault` for bad or missing ones, in ours for unknown ones too."""
        known = cls.settings()
        unknown = document.keys() - known.keys() - {"name", "version"}
        if document.get("version", cls.version) != cls.version or (cls.strict_document and unknown):
            raise next(cls.faults_in(document))
        if any(name not in document for name in cls.needed()):
            raise next(cls.faults_in(document))
        try:
            return cls(
                **{
                    one.name: one.metadata["reader"](document[name])
                    for name, one in known.items()
                    if name in document
                }
            )
        except (ValueError, TypeError) as wrong:
            raise next(cls.faults_in(document), wrong) from None

    @classmethod
    @cache
    def settings(cls) -> Mapping[str, Field[Any]]:
        """Return what a document can set, by the names that it uses."""
        return {setting.metadata["name"] or setting.name: setting for setting in fields(cls)}

    @classmethod
    @cache
    def needed(cls) -> tuple[str, ...]:
        """Return the settings that a document cannot leave out."""
        return tuple(
            name
            for name, one in cls.settings().items()
            if one.default is MISSING and one.default_factory is MISSING
        )

    @classmethod
    def faults_in(cls, document: Mapping[str, Any]) -> Iterator[PolicyFault]:
        """Yield everything that is wrong with a document; a misspelled setting is not missing as well."""
        if document.get("version", cls.version) != cls.version:
            yield PolicyFault(f"{cls.name} has no version {document['version']}", setting="version")
        known = cls.settings()
        meant = dict(cls._misspelled(document))
        for name in sorted(meant) if cls.strict_document else ():
            listed = f" Its settings are {', '.join(known)}" if known else " It has none"
            yield PolicyFault(
                f"{cls.name} has no setting {name}{did_you_mean(meant[name]) or '.'}{listed}",
                setting=name,
                suggestion=meant[name],
            )
        for name, setting in known.items():
            if name in document:
                yield from cls._faults_of(name, setting.metadata["reader"], document[name])
        told = meant.values() if cls.strict_document else ()
        for name in cls.needed():
            if name not in document and name not in told:
                yield PolicyFault(f"{cls.name} needs the setting {name}")

    @classmethod
    def _misspelled(cls, document: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
        """Yield each setting that there is not, and the one that may have been meant."""
        missing = [name for name in cls.settings() if name not in document]
        for name in list(document.keys() - cls.settings().keys() - {"name", "version"})[:MOST_UNKNOWN]:
            yield name, nearest(name, missing)

    @classmethod
    def _faults_of(cls, name: str, reader: Reader, value: Any) -> Iterator[PolicyFault]:
        try:
            reader(value)
        except (ValueError, TypeError) as wrong:
            yield PolicyFault(f"{cls.name}: {name} {wrong}", setting=name)

    @property
    def document(self) -> dict[str, Any]:
        """Return the settings with their defaults, as JSON keeps them."""
        document: dict[str, Any] = {"name": self.name, "version": self.version}
        for setting in fields(self):
            value = getattr(self, setting.name)
            if setting.metadata["implied"] and value == setting.default:
                continue
            document[setting.metadata["name"] or setting.name] = (
                list(value) if isinstance(value, tuple) else value
            )
        return document


@dataclass(frozen=True)
class Policy(Rule, ABC):
    """A rule that grades an answer."""

    interaction: ClassVar[str] = "numeric"
    # Whether an empty field can be graded, and is simply wrong.
    blank_is_valid: ClassVar[bool] = False

    @property
    @abstractmethod
    def rule(self) -> str:
        """The rule in words and numbers, without the key: learners may read it."""

    @property
    def reads(self) -> tuple[str, ...] | None:
        """What `read_number` is asked to take besides numbers; None where something else reads the answer."""
        return None

    @abstractmethod
    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        """Grade one answer; raises `PolicyFault` when the key cannot be used."""

    def scored(
        self, score: float, *, parsed: Any = None, distance: float | None = None, message: str = ""
    ) -> Verdict:
        """Return the verdict on a readable answer."""
        return Verdict(True, float(score), self.name, self.version, self.rule, parsed, message, distance)

    def invalid(self, message: str, parsed: Any = None) -> Verdict:
        """Return the verdict on an unreadable answer."""
        return verdict.invalid(self.name, self.version, message, parsed)


@dataclass(frozen=True)
class IntervalPolicy(Policy):
    """A numeric policy that compares values: the answer lies in an interval round the key or it does not."""

    @abstractmethod
    def accepts(self, key: Floats, answer: Floats) -> Bools:
        """Say which answers are right, broadcasting keys against answers; nan and infinities never are."""

    def read_key(self, key: Any) -> float:
        return finite_key(key)

    def read_answer(self, answer: Any, locale: str) -> float:
        """Read the answer by our own rules for typed numbers; raises `UnreadableNumber`."""
        return read_number(answer, locale=locale).value

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        center = self.read_key(key)
        try:
            value = self.read_answer(answer, locale)
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        return self.scored(self.holds(center, value), parsed=value)

    def holds(self, key: float, answer: float) -> bool:
        """Return whether one answer is right; a bound beyond the largest float is beyond every answer."""
        with np.errstate(over="ignore", invalid="ignore"):
            return bool(self.accepts(key, answer))


@dataclass(frozen=True)
class ScalarPolicy(IntervalPolicy):
    """A numeric policy whose rule takes one pair of numbers at a time: digits have no arrays."""

    @abstractmethod
    def is_right(self, key: float, answer: float) -> bool:
        """Judge one finite answer against one key."""

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        judge = np.vectorize(
            lambda k, a: math.isfinite(a) and self.is_right(float(k), float(a)), otypes=[np.bool_]
        )
        right: Bools = judge(key, answer)
        return right


def finite_key(key: Any) -> float:
    """Read a numeric key, a number or its text as programs write it; raises `PolicyFault` on the key."""
    try:
        value = float(key) if not isinstance(key, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise PolicyFault("the key is not a finite number", fault="key")
    return value


def number(*, at_least: float = -math.inf, above: float = -math.inf) -> Reader:
    """Return a reader of finite numbers, or of their text, that keeps to a lower bound."""

    def read(value: Any) -> float:
        if isinstance(value, bool):
            raise TypeError("must be a number")
        try:
            result = float(value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError("must be a number") from None
        if not math.isfinite(result) or result < at_least or result <= above:
            bound = "above" if above > -math.inf else "at least"
            raise ValueError(f"must be finite and {bound} {max(at_least, above):g}")
        return result

    return read


def integer(*, at_least: int | None = None, at_most: int | None = None) -> Reader:
    """Return a reader of integers within bounds."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError("must be an integer")
        if (at_least is not None and value < at_least) or (at_most is not None and value > at_most):
            raise ValueError(f"must lie between {at_least} and {at_most}")
        return value

    return read


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def one_of(*words: str) -> Reader:
    """Return a reader of one word of a list."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return read
