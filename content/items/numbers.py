"""Read the numbers people type: by the rules of their locale, never by a guess.

What is accepted, in every locale: ASCII digits, a leading ``+``, ``-`` or typographic minus, the locale's
decimal mark, digits grouped in threes by spaces or by the locale's own mark, and an exponent (``e-3``,
``×10^-3``, ``*10**-3``, ``×10⁻³``, or ``10^-3`` alone). Fractions and percentages only where the item
allows them. What stands round a number without changing it is taken off: ``= 0.66``, ``w = 0.66``,
``≈ 0.66``, ``(0.66)``, ``$0.66$``. What is refused, with a sentence that says how to write it: another
locale's decimal mark, a single comma or point that may separate thousands or decimals (``1,704``), digits
grouped oddly, arithmetic, words, underscores, digits of other scripts, ``nan``, infinities, and numbers a
float cannot hold. A text of more than ``LONGEST`` characters is refused unread.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final

from content.expressions import exact

LONGEST: Final = 100


class UnreadableNumber(ValueError):
    """The text is not a number under its locale; the message tells the learner how to write it."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed.

    ``decimals`` counts the digits after the decimal mark. ``figures_low`` and ``figures_high`` bound the
    significant figures: the trailing zeros of a whole number may or may not count, so ``1200`` has 2 to 4.
    A zero has as many as its decimals, at least one. All three are None where digits do not tell (a
    fraction).
    """

    value: float
    text: str
    decimals: int | None
    figures_low: int | None
    figures_high: int | None


@dataclass(frozen=True, slots=True)
class Convention:
    """How a locale writes numbers: decimal mark, marks between groups of digits, size of the inner groups."""

    decimal: str
    groups: str
    inner_group: int = 3


POINT: Final = Convention(decimal=".", groups=", ")
POINT_APOSTROPHE: Final = Convention(decimal=".", groups="' ")
POINT_LAKHS: Final = Convention(decimal=".", groups=", ", inner_group=2)
COMMA_DOTS: Final = Convention(decimal=",", groups=". ")
COMMA_SPACES: Final = Convention(decimal=",", groups=" ")

CONVENTIONS: Final = {
    "en": POINT, "ja": POINT, "ko": POINT, "zh": POINT, "he": POINT, "th": POINT,
    "ch": POINT_APOSTROPHE, "de-ch": POINT_APOSTROPHE, "it-ch": POINT_APOSTROPHE, "fr-ch": POINT_APOSTROPHE,
    "in": POINT_LAKHS, "en-in": POINT_LAKHS, "hi": POINT_LAKHS,
    "de": COMMA_DOTS, "es": COMMA_DOTS, "it": COMMA_DOTS, "nl": COMMA_DOTS, "pt": COMMA_DOTS,
    "da": COMMA_DOTS, "tr": COMMA_DOTS, "el": COMMA_DOTS, "ro": COMMA_DOTS, "id": COMMA_DOTS,
    "eu": COMMA_DOTS,
    "fr": COMMA_SPACES, "pl": COMMA_SPACES, "cs": COMMA_SPACES, "sk": COMMA_SPACES, "sv": COMMA_SPACES,
    "nb": COMMA_SPACES, "fi": COMMA_SPACES, "hu": COMMA_SPACES, "ru": COMMA_SPACES, "uk": COMMA_SPACES,
    "bg": COMMA_SPACES,
}  # fmt: skip

_TYPOGRAPHY: Final = str.maketrans(
    {
        "\u2212": "-",  # the minus of mathematics, and the en dash that word processors put in its place
        "\u2013": "-",
        "\u00a0": " ",  # the spaces that group digits: no-break, figure, thin, narrow no-break
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2019": "'",
        "\u00d7": "*",
        "\u00b7": "*",
        "\u22c5": "*",
    }
)
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_EXPONENT: Final = re.compile(
    r"(?P<mantissa>[^eEx*^]*?) ?"
    r"(?:[eE] ?(?P<e>[+-]?[0-9]+)"
    r"|[x*] ?10 ?(?:\^|\*\*) ?(?P<power>\(?[+-]?[0-9]+\)?)"
    r"|[x*] ?10(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+))?"
)
_ONE_GROUP: Final = re.compile(r"(?P<first>[1-9][0-9]{0,2})(?P<mark>[.,])(?P<rest>[0-9]{3})")
_BARE_POWER: Final = re.compile(
    r"(?P<sign>[+-]?)10(?:(?:\^|\*\*)(?P<power>\(?[+-]?[0-9]+\)?)|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+))"
)
_PLAIN: Final = re.compile(r"[0-9]+")
_LABEL: Final = re.compile(r"(?:[^\W\d_][\w'′]{0,19} ?)?(?::?=|≈) ?")
_WRAPPERS: Final = (("(", ")"), ("$", "$"), ("\\(", "\\)"))
_LAYERS: Final = 3
"""How many labels and wrappers are taken off at most, as of ``$w = (0.5)$``."""
_ARITHMETIC: Final = re.compile(r"[0-9.)] ?[-+*/^(]|[-+*/^(] ?[(A-Za-z√]|[A-Za-z] ?\(|√")
_WORD: Final = re.compile(r"[^\W\d_]+")
_SYMBOL: Final = re.compile(r"[^\d\s.,'+-]")
_BROKEN_POWER: Final = re.compile(r"[0-9][eE][-+]?[0-9]+[.,][0-9]")
_TWO_NUMBERS: Final = re.compile(r"[0-9]*[.,][0-9]+ +[-+]?[0-9]*[.,][0-9]+")
_EXPONENTS: Final = re.compile(
    r"(?<=[0-9.])\s?(?:[eE]\s?[-+]?[0-9]+|[x*]\s?10\s?(?:\^|\*\*)\s?\(?[-+]?[0-9]+\)?)"
)
_LONGEST_WORD_SHOWN: Final = 20


def convention(locale: str) -> Convention:
    """Return how ``locale`` (``de``, ``de-CH``, ``pt_BR``) writes numbers; an unknown one as English does."""
    tag = locale.lower().replace("_", "-")
    return CONVENTIONS.get(tag) or CONVENTIONS.get(tag.partition("-")[0], POINT)


def as_text(answer: object, *, longest: int = LONGEST) -> str:
    """Return a typed text as it is and a number of JSON as text; raises `UnreadableNumber` for anything else."""
    if isinstance(answer, float) or (isinstance(answer, int) and not isinstance(answer, bool)):
        answer = repr(answer) if isinstance(answer, float) or answer.bit_length() < 1024 else None
    if not isinstance(answer, str):
        raise UnreadableNumber("Enter a number.")
    if len(answer) > longest:
        raise UnreadableNumber(f"That is too long for a number: at most {longest} characters are read.")
    return answer


def typography(text: str) -> str:
    """Return a text with the marks of typesetters (minus, times, thin spaces) as a keyboard has them."""
    return text.translate(_TYPOGRAPHY).strip()


def bare(text: str) -> str:
    """Return what is typed without a label (``w =``, ``≈``), and without brackets or dollars round all of it."""
    for _ in range(_LAYERS):
        if label := _LABEL.match(text):
            text = text[label.end() :]
        text = _unwrapped(text)
    return text


def _unwrapped(text: str) -> str:
    for opening, closing in _WRAPPERS:
        inner = text[len(opening) : -len(closing)]
        if text.startswith(opening) and text.endswith(closing) and inner and opening not in inner:
            text = inner.strip()
    return text


def read_number(
    answer: object, *, locale: str = "en", fractions: bool = False, percent: bool = False
) -> Number:
    """Read a typed text, or a JSON number; raises `UnreadableNumber`.

    ``fractions`` admits ``3/4``; ``percent`` admits ``12.5 %`` and reads it as 0.125.
    """
    if isinstance(answer, Number):
        return answer
    if isinstance(answer, (int, float)) and not isinstance(answer, bool):
        return _json_number(answer)
    typed = as_text(answer)
    text = bare(typography(typed))
    if not text:
        raise UnreadableNumber("Enter a number.")
    rules = convention(locale)
    if text.endswith("%"):
        return _percentage(text, rules, typed, allowed=percent)
    if "/" in text:
        return _fraction(text, rules, typed, allowed=fractions)
    return _decimal(text, rules, typed)


def _json_number(answer: int | float) -> Number:
    try:
        value = float(answer)
    except OverflowError:
        raise UnreadableNumber("That number is too large.") from None
    if not math.isfinite(value):
        raise UnreadableNumber("Infinity and undefined values are not numbers here.")
    shortest = format(exact.decimal(repr(value)), "f") if isinstance(answer, float) else str(answer)
    whole, mark, part = shortest.removeprefix("-").partition(".")
    return _counted(value, shortest, whole, part, has_mark=bool(mark))


def _percentage(text: str, rules: Convention, typed: str, *, allowed: bool) -> Number:
    number = _decimal(text[:-1].rstrip(), rules, typed)
    if not allowed:
        raise UnreadableNumber("Write the number without a percent sign.")
    decimals = None if number.decimals is None else number.decimals + 2
    return replace(number, value=number.value / 100, decimals=decimals)


def _fraction(text: str, rules: Convention, typed: str, *, allowed: bool) -> Number:
    if not allowed:
        raise UnreadableNumber(f"Write a decimal number, such as 0{rules.decimal}75, not a fraction.")
    above, _, below = (_unwrapped(side.strip()) for side in text.partition("/"))
    numerator, denominator = _decimal(above, rules, typed).value, _decimal(below, rules, typed).value
    if denominator == 0:
        raise UnreadableNumber("A fraction cannot have 0 below the line.")
    value = numerator / denominator
    if not math.isfinite(value):
        raise UnreadableNumber("That number is too large.")
    return Number(value, typed, None, None, None)


def _decimal(text: str, rules: Convention, typed: str) -> Number:
    if bare := _BARE_POWER.fullmatch(text):
        return _counted(_value(f"{bare['sign']}1", _power(bare)), typed, "1", "", has_mark=False)
    split = _EXPONENT.fullmatch(text)
    if split is None:
        raise UnreadableNumber(_how_to_write(text, rules))
    mantissa = split["mantissa"]
    sign = mantissa[:1] if mantissa[:1] in ("+", "-") else ""
    whole, mark, part = mantissa[len(sign) :].lstrip().partition(rules.decimal)
    if _WORD.search(whole + part):
        raise UnreadableNumber(_how_to_write(text, rules))
    if not mark:
        _refuse_two_readings(sign, whole, rules)
    whole, part = _ungrouped(whole, text, rules), _ungrouped_part(part, text, rules)
    if not _PLAIN.fullmatch(whole + part):
        raise UnreadableNumber(_how_to_write(text, rules))
    value = _value(f"{sign}{whole or '0'}.{part or '0'}", _power(split))
    return _counted(value, typed, whole, part, has_mark=bool(mark))


def _power(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if raised := groups["raised"]:
        return str(raised).translate(_SUPERSCRIPTS)
    return (groups.get("e") or groups["power"] or "0").strip("()")


def _value(mantissa: str, power: str) -> float:
    try:
        value = float(f"{mantissa}e{power}")
    except ValueError:
        raise UnreadableNumber("The power of ten must be a whole number.") from None
    if math.isinf(value):
        raise UnreadableNumber("That number is too large.")
    if value == 0 and mantissa.strip("+-0."):
        raise UnreadableNumber("That number is too close to 0.")
    return value


def _refuse_two_readings(sign: str, whole: str, rules: Convention) -> None:
    """Refuse ``1,704`` and its like: half the world writes 1.704 so, and calculators print a point everywhere."""
    match = _ONE_GROUP.fullmatch(whole)
    if match and match["mark"] in rules.groups:
        first, rest = match["first"], match["rest"]
        raise UnreadableNumber(
            f"Write {sign}{first}{rules.decimal}{rest} or {sign}{first}{rest}: "
            f"with “{match['mark']}” it could be either number."
        )


def _ungrouped(whole: str, text: str, rules: Convention) -> str:
    marks = {character for character in whole if character in rules.groups}
    if not marks:
        return whole
    if len(marks) > 1:
        raise UnreadableNumber("Separate the digits of a number with one kind of mark only.")
    mark = marks.pop()
    first, *rest = whole.split(mark)
    inner = 3 if mark == " " else rules.inner_group
    sizes_fit = len(rest[-1]) == 3 and all(len(group) == inner for group in rest[:-1])
    if not sizes_fit or not 1 <= len(first) <= inner or first.startswith("0"):
        raise UnreadableNumber(_how_to_write(text, rules))
    return "".join((first, *rest))


def _ungrouped_part(part: str, text: str, rules: Convention) -> str:
    groups = part.split(" ")
    if any(len(group) != 3 for group in groups[:-1]) or (len(groups) > 1 and not 1 <= len(groups[-1]) <= 3):
        raise UnreadableNumber(_how_to_write(text, rules))
    return "".join(groups)


def _how_to_write(text: str, rules: Convention) -> str:
    lowered = text.lower().lstrip("+- ")
    has_digits = any(character.isdigit() for character in text)
    if lowered.startswith(("inf", "nan", "∞")):
        return "Infinity and undefined values are not numbers here."
    if any(character.isdigit() and not character.isascii() for character in text):
        return "Write the number with the digits 0 to 9."
    if _BROKEN_POWER.search(text):
        return "The power of ten must be a whole number."
    if has_digits and ("=" in text or "≈" in text):
        return "Write the number alone, without an equation."
    beside = _EXPONENTS.sub("", text)
    if has_digits and _ARITHMETIC.search(beside):
        return "Work it out and write the result as one number, without +, -, *, / or brackets."
    if has_digits and (word := _WORD.search(beside) or _SYMBOL.search(beside)):
        return f"Write the number alone, without “{word[0][:_LONGEST_WORD_SHOWN]}”."
    if _TWO_NUMBERS.search(text):
        return "Write one number, without spaces."
    if any(mark in text for mark in ",.'"):
        return (
            f"Write the decimal mark as “{rules.decimal}”, for example 1{rules.decimal}5, "
            "and a large number without marks, for example 12500."
        )
    if " " in text:
        return "Write one number, without spaces."
    return f"Write a number, for example 1{rules.decimal}5 or -2e-3."


def _counted(value: float, typed: str, whole: str, part: str, *, has_mark: bool) -> Number:
    """Count significant figures in the digits before and after the decimal mark."""
    significant = (whole + part).lstrip("0")
    if not significant:
        figures = max(1, len(part))
        return Number(value, typed, len(part), figures, figures)
    low = len(significant) if has_mark else len(significant.rstrip("0"))
    return Number(value, typed, len(part), low, len(significant))
