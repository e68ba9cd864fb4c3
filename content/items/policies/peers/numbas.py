"""Number entry and multiple choice as Numbas marks them.

Rules read from marking_scripts/numberentry.jme and multipleresponse.jme, scripts/math.js and util.js.
Values are decimals there, not doubles; here they are exact fractions.
"""

from __future__ import annotations

import math
import re
from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Final

from content.expressions import exact
from content.items.numbers import UnreadableNumber, as_text
from content.items.policies.base import Policy, PolicyFault, flag, integer, number, one_of, option
from content.items.policies.choices import ChoiceKey, ChoicePolicy, UnreadableChoice
from content.items.verdict import Verdict

_SPACES: Final = " +"
# A bound that the author gave as a floating-point number is widened in its thirteenth digit.
_BOUND_DIGITS: Final = 12


def _style(group: str, decimal: str, part: str = "[0-9]+") -> re.Pattern[str]:
    """Return the pattern of a notation: the mark between groups of three (or none), and the decimal mark."""
    whole = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})*" if group else "[0-9]+"
    return re.compile(rf"(?P<whole>{whole})(?:{decimal}(?P<part>{part}))?")


_GROUPED_PART: Final = "(?:[0-9]{3} )*[0-9]{1,3}"
STYLES: Final = {
    "plain": _style("", r"\."),
    "en": _style(",", r"\."),
    "si-en": _style(_SPACES, r"\.", _GROUPED_PART),
    "plain-eu": _style("", ","),
    "eu": _style(r"\.", ","),
    "si-fr": _style(_SPACES, ",", _GROUPED_PART),
    "ch": _style("'", r"\."),
    "in": re.compile(r"(?P<whole>(?:[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3})|[0-9]{1,3})(?:\.(?P<part>[0-9]+))?"),
    "scientific": re.compile(
        r"(?P<whole>[0-9][0-9 ]*)(?:\.(?P<part>[0-9 ]+))?\s*[eE]\s*(?P<power>[-+]?[0-9][0-9 ]*)"
    ),
}
_ALIASES: Final = {"plain-en": "plain"}
_FRACTION: Final = re.compile(r"(?P<sign>-?)\s*(?P<above>[0-9]+)\s*/\s*(?P<below>[0-9]+)")
_LITERAL_BOUND: Final = re.compile(r"(?P<sign>[+-]?)\s*(?P<size>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A number as entered: its value (None: infinite), its text in plain notation, and its form."""

    value: Fraction | None
    plain: str
    is_scientific: bool = False
    is_reduced: bool | None = None


def read(answer: Any, styles: tuple[str, ...], *, allow_fractions: bool) -> Entry:
    """Read a number in one of the styles; raises `UnreadableNumber`."""
    text = as_text(answer).strip()
    if not text:
        raise UnreadableNumber("Enter a number.")
    if text.removeprefix("-").strip().lower() == "infinity":
        return Entry(None, text)
    fraction = _FRACTION.fullmatch(text) if allow_fractions else None
    if fraction and (below := exact.whole(fraction["below"])):
        above = exact.whole(fraction["above"])
        value = Fraction(-above if fraction["sign"] else above, below)
        return Entry(value, text, is_reduced=math.gcd(above, below) == 1)
    sign, digits = ("-", text[1:].strip()) if text[0] == "-" else ("", text)
    for style in styles:
        if match := STYLES[style].fullmatch(digits):
            return _entry(sign, match)
    raise UnreadableNumber("Enter a number in one of the notations asked for.")


def _entry(sign: str, match: re.Match[str]) -> Entry:
    whole, part, power = (
        re.sub(r"[^0-9+-]", "", match.groupdict().get(name) or "") for name in ("whole", "part", "power")
    )
    plain = f"{sign}{whole}.{part}" if part else f"{sign}{whole}"
    scientific = f"{plain}e{power}" if power else plain
    try:
        value = exact.fraction(scientific)
    except exact.UnusableNumber:
        raise UnreadableNumber("That number is too large, or too close to 0.") from None
    if math.isinf(float(scientific)):
        raise UnreadableNumber("That number is too large.")
    return Entry(value, scientific, is_scientific=bool(power))


def count_places(text: str) -> int:
    """Count the digits after the last point, and with them the size of a negative exponent."""
    match = re.search(r"(?:\.([0-9]*))?(?:[Ee]([-+])?([0-9]+))?\Z", text)
    if match is None:
        return 0
    return len(match[1] or "") + (exact.whole(match[3]) if match[2] == "-" else 0)


def count_figures(text: str, *, generous: bool = False) -> int:
    """Count significant figures, 0 where there are none to read; ``generous`` counts trailing zeros in."""
    body = text.removeprefix("-")
    if re.fullmatch("[0-9]0*", body):
        return len(body) if generous else 1
    if re.fullmatch("[1-9][0-9]*", body):
        return len(body if generous else body.rstrip("0"))
    if re.fullmatch(r"[1-9][0-9]*\.[0-9]+|0\.0+", body):
        return len(body) - 1
    if after_zeros := re.match(r"0\.0*([1-9][0-9]*)", body):
        return len(after_zeros[1])
    scientific = re.fullmatch(r"([0-9]*(?:\.[0-9]+)?)\s*[eE]\s*[+-]?[0-9]+", body)
    return len(scientific[1].replace(".", "")) if scientific else 0


def round_to_places(value: Fraction, places: int) -> Fraction:
    """Round half away from 0."""
    scale = Fraction(10) ** places
    size = math.floor(abs(value) * scale + Fraction(1, 2)) / scale
    return -size if value < 0 else size


def round_to_figures(value: Fraction, figures: int) -> Fraction:
    """Round half away from 0; 0 stays."""
    if value == 0:
        return value
    return round_to_places(value, figures - 1 - _exponent(abs(value)))


def _exponent(value: Fraction) -> int:
    """Return floor(log10(value)) exactly."""
    guess = len(str(value.numerator)) - len(str(value.denominator))
    return guess if value >= Fraction(10) ** guess else guess - 1


def _styles(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not names:
        raise TypeError("must list notations")
    return tuple(one_of(*STYLES)(_ALIASES.get(name, name)) for name in names)


def _bound(value: str | float | None) -> str | float | None:
    """Check a bound and return it as it was given, since its form says how exact it is."""
    if value is not None:
        _exact(value)
    return value


def _exact(value: Any) -> tuple[Fraction, bool]:
    """Return a bound and whether it is a floating-point number, which is to be widened."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        size = number()(value)
        same = Fraction(value) if isinstance(value, int) else exact.fraction(repr(size))
        return same, not size.is_integer()
    text = value.strip() if isinstance(value, str) else ""
    if fraction := _FRACTION.fullmatch(text):
        above, below = exact.whole(fraction["sign"] + fraction["above"]), exact.whole(fraction["below"])
        if not below:
            raise ValueError("must not divide by 0")
        return _in_range(Fraction(above, below)), False
    literal = _LITERAL_BOUND.fullmatch(text)
    if literal is None or not math.isfinite(float(literal["size"])):
        raise ValueError("must be a number or a fraction of two whole numbers")
    size = exact.fraction(literal["size"])
    return (-size if literal["sign"] == "-" else size), size.denominator != 1


def _in_range(value: Fraction) -> Fraction:
    exact.nearest(value)
    return value


@dataclass(frozen=True)
class Range(Policy):
    """Between two bounds, both included."""

    name: ClassVar[str] = "numbas.range"

    minvalue: str | float | None = option(_bound, default=None)
    maxvalue: str | float | None = option(_bound, default=None)
    styles: tuple[str, ...] = option(_styles, name="notationStyles", default=("plain", "en", "si-en"))
    allow_fractions: bool = option(flag, name="allowFractions", default=False)
    must_be_reduced: bool = option(flag, name="mustBeReduced", default=False)
    not_reduced_percent: float = option(number(), name="mustBeReducedPC", default=0.0)

    @property
    def rule(self) -> str:
        reduced = ", a fraction in its lowest terms" if self.must_be_reduced else ""
        return f"between the least and the greatest right value{reduced}"

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        low, high = self._bounds(key)
        try:
            entry = read(answer, self.styles, allow_fractions=self.reads_fractions)
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        if entry.value is None:
            return self.scored(0, parsed=entry.plain)
        rounded = sorted((self.rounded(low, entry), self.rounded(high, entry)))
        inside = rounded[0] <= entry.value <= rounded[1]
        return self.scored(self.credit(entry) if inside else 0, parsed=float(entry.value))

    @property
    def reads_fractions(self) -> bool:
        return self.allow_fractions

    def rounded(self, bound: Fraction, entry: Entry) -> Fraction:
        return bound

    def credit(self, entry: Entry) -> float:
        """Return what an answer inside the bounds earns."""
        unreduced = self.must_be_reduced and entry.is_reduced is False
        return self.not_reduced_percent / 100 if unreduced else 1.0

    def _bounds(self, key: Any) -> tuple[Fraction, Fraction]:
        try:
            low, low_floats = _exact(key if self.minvalue is None else self.minvalue)
            high, high_floats = _exact(key if self.maxvalue is None else self.maxvalue)
        except ValueError as wrong:
            raise PolicyFault(f"the key {wrong}", fault="key") from wrong
        return low - _slack(low) * low_floats, high + _slack(high) * high_floats


def _slack(bound: Fraction) -> Fraction:
    return Fraction(10) ** (_exponent(abs(bound)) - _BOUND_DIGITS) if bound else Fraction(0)


@dataclass(frozen=True)
class Precision(Range):
    """Between the bounds as rounded to the digits typed, and to the precision asked for.

    Extra digits must be right digits; too few or too many earn a part of the score.
    """

    name: ClassVar[str] = "numbas.precision"

    kind: str = option(one_of("dp", "sigfig"), name="precisionType", default="dp")
    precision: int = option(integer(at_least=0, at_most=300), default=0)
    strict: bool = option(flag, name="strictPrecision", default=False)
    imprecise_percent: float = option(number(), name="precisionPartialCredit", default=0.0)

    @property
    def rule(self) -> str:
        unit = "decimal places" if self.kind == "dp" else "significant figures"
        most = "exactly" if self.strict else "at most"
        return f"between the least and the greatest right value, written to {most} {self.precision} {unit}"

    @property
    def reads_fractions(self) -> bool:
        return False

    def rounded(self, bound: Fraction, entry: Entry) -> Fraction:
        if entry.is_scientific:
            # A significand has one figure before its point.
            offset = int(self.kind == "dp")
            return round_to_figures(bound, max(self.precision + offset, count_figures(entry.plain)))
        digits = max(self.precision, self._digits(entry.plain))
        return round_to_places(bound, digits) if self.kind == "dp" else round_to_figures(bound, digits)

    def _digits(self, text: str) -> int:
        return count_places(text) if self.kind == "dp" else count_figures(text)

    def credit(self, entry: Entry) -> float:
        return 1.0 if self._is_precise(entry) else self.imprecise_percent / 100

    def _is_precise(self, entry: Entry) -> bool:
        if entry.is_scientific:
            significand = re.split("[eE]", entry.plain)[0]
            return count_places(significand) == self.precision - int(self.kind == "sigfig")
        digits = self._digits(entry.plain)
        if digits == self.precision or (digits < self.precision and not self.strict):
            return True
        zeros = re.search("[1-9][0-9]*?(0+)$", entry.plain) if self.kind == "sigfig" else None
        return zeros is not None and digits < self.precision <= digits + len(zeros[1])


@dataclass(frozen=True)
class _Counter(Policy):
    interaction: ClassVar[str] = "numeric.digits"

    @abstractmethod
    def count(self, text: str) -> int:
        """Count digits in a text."""

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        try:
            return self.scored(1, parsed=self.count(as_text(answer).strip()))
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))


@dataclass(frozen=True)
class CountSigFigs(_Counter):
    """Counts the significant figures typed, and judges nothing."""

    name: ClassVar[str] = "numbas.count_sigfigs"

    generous: bool = option(flag, name="max", default=False)

    @property
    def rule(self) -> str:
        return "the significant figures typed"

    def count(self, text: str) -> int:
        return count_figures(text, generous=self.generous)


@dataclass(frozen=True)
class CountPlaces(_Counter):
    """Counts the decimal places typed, and judges nothing."""

    name: ClassVar[str] = "numbas.count_dp"

    @property
    def rule(self) -> str:
        return "the decimal places typed"

    def count(self, text: str) -> int:
        return count_places(text)


def _limit(value: Any) -> float:
    return float(number(at_least=0)(value or 0))


@dataclass(frozen=True)
class _Ticks(ChoicePolicy):
    """Refuses or fails a wrong number of ticks; 0 means that there is no such limit."""

    single: bool = option(flag, default=False)
    least: float = option(number(), name="minMarks", default=0.0)
    most: float = option(_limit, name="maxMarks", default=0.0)
    least_ticks: float = option(_limit, name="minAnswers", default=0.0)
    most_ticks: float = option(_limit, name="maxAnswers", default=0.0)
    warning: str = option(one_of("none", "warn", "prevent"), name="warningType", default="none")

    def readable(self, key: ChoiceKey, ids: frozenset[str]) -> frozenset[str]:
        if self.warning == "prevent" and not self._fits(ids):
            raise UnreadableChoice("Choose as many options as asked for.")
        return super().readable(key, ids)

    def _fits(self, ids: frozenset[str]) -> bool:
        return self.least_ticks <= len(ids) and (not self.most_ticks or len(ids) <= self.most_ticks)

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        return self.marked(key, chosen) if self._fits(chosen) else 0.0

    @abstractmethod
    def marked(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        """Return the score of an allowed number of ticks."""


@dataclass(frozen=True)
class SumTicked(_Ticks):
    """The weights of the options ticked, as a share of the most they can come to."""

    name: ClassVar[str] = "numbas.sum_ticked"

    @property
    def rule(self) -> str:
        return "the weights of the options chosen, as a share of the most they can come to"

    def marked(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        available = self._available([float(weight) for weight in key.values()])
        if available <= 0:
            return 1.0
        total = math.fsum(float(weight) for option_id, weight in key.items() if option_id in chosen)
        return min(1.0, max(self.least / available, total / available))

    def _available(self, weights: list[float]) -> float:
        gains = sorted((weight for weight in weights if weight > 0), reverse=True)
        if self.single:
            gains = gains[:1]
        elif self.most_ticks:
            gains = gains[: int(self.most_ticks)]
        total = math.fsum(gains)
        return min(total, self.most) if self.most else total


@dataclass(frozen=True)
class ScorePerCell(_Ticks):
    """The share of options decided rightly."""

    name: ClassVar[str] = "numbas.score_per_cell"
    blank_is_valid: ClassVar[bool] = True

    @property
    def rule(self) -> str:
        return "the share of options decided rightly"

    def marked(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        right = {option_id for option_id, weight in key.items() if weight > 0}
        return 1 - len(chosen ^ right) / len(key)


NUMBAS: Final[tuple[type[Policy], ...]] = (
    Range,
    Precision,
    SumTicked,
    ScorePerCell,
)
NUMBAS_READERS: Final[tuple[type[Policy], ...]] = (CountSigFigs, CountPlaces)
