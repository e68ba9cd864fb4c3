"""What every policy is: a frozen value read from a document, which grades an answer and explains itself."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from content.items import verdict
from content.items.numbers import UnreadableNumber, read_number
from content.items.verdict import Verdict

Floats: TypeAlias = NDArray[np.float64] | float
Bools: TypeAlias = NDArray[np.bool_] | np.bool_
Reader: TypeAlias = Callable[[Any], Any]


class PolicyFault(ValueError):
    """The author's fault, not the learner's: ``fault`` says whether the key or the policy cannot be used."""

    def __init__(self, message: str, *, fault: Literal["key", "policy"] = "policy") -> None:
        super().__init__(message)
        self.fault: Final = fault


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
        if document.get("version", cls.version) != cls.version:
            raise PolicyFault(f"{cls.name} has no version {document['version']}")
        readers = {setting.metadata["name"] or setting.name: setting for setting in fields(cls)}
        unknown = document.keys() - readers.keys() - {"name", "version"}
        if cls.strict_document and unknown:
            raise PolicyFault(f"{cls.name} has no setting {', '.join(sorted(unknown))}")
        values = {}
        for name, setting in readers.items():
            if name in document:
                values[setting.name] = cls._read(name, setting.metadata["reader"], document[name])
            elif setting.default is MISSING and setting.default_factory is MISSING:
                raise PolicyFault(f"{cls.name} needs the setting {name}")
        return cls(**values)

    @classmethod
    def _read(cls, name: str, reader: Reader, value: Any) -> Any:
        try:
            return reader(value)
        except (ValueError, TypeError) as wrong:
            raise PolicyFault(f"{cls.name}: {name} {wrong}") from wrong

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
