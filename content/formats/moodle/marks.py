"""Interactions as the answers that Moodle foresees, each with the share of the credit that it earns there.

What Moodle would mark otherwise is named; what it cannot mark at all raises NotHere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from content.formats.foreign import NotHere
from content.formats.moodle import html
from content.formats.moodle.question import refuse_if
from content.formats.numerals import is_number
from content.formats.parts import Number, Option
from content.items.definition import ItemDefinition
from content.items.interactions.choice import Choice
from content.items.interactions.matching import Matching
from content.items.interactions.numeric import Numeric
from content.items.interactions.ordering import Ordering
from content.items.interactions.text import Text

SHARES: Final = (1, 0.9, 5 / 6, 0.8, 0.75, 0.7, 2 / 3, 0.6, 0.5, 0.4, 1 / 3, 0.3, 0.25, 0.2, 1 / 6, 1 / 7, 0.125,
                 1 / 9, 0.1, 0.05, 0)  # fmt: skip
"""The shares of a mark that Moodle knows; of others it takes the nearest, or refuses them."""


def known(share: float) -> bool:
    return any(abs(abs(share) - one) < 1e-5 for one in SHARES)


def percent(share: float) -> str:
    """Return a share as Moodle writes it."""
    return f"{round(100 * share, 5):.7g}"


def options(choice: Choice, lost: list[str]) -> list[Option]:
    """Return the options of a choice with their shares."""
    refuse_if(choice.may_be_none, "that nothing chosen may be right is not possible there")
    shares = _shares(choice, lost)
    if any(one.misconception for one in choice.options):
        lost.append("which misconceptions its options stand for")
    if any(one.fixed for one in choice.options):
        lost.append("that an option keeps its place")
    if not all(known(share) for share in shares):
        lost.append("shares of credit that Moodle has not: it takes the nearest")
    return [
        Option(html.line(one.text), share, html.line(one.feedback or ""))
        for one, share in zip(choice.options, shares, strict=True)
    ]


def _shares(choice: Choice, lost: list[str]) -> list[float]:
    name = choice.policy.name
    if name == "moodle.fractions":
        return [one.weight for one in choice.options]
    keys = sum(one.is_key for one in choice.options)
    if not choice.multiple:
        refuse_if(name != "single", f"it is graded by {name}")
        return [float(one.is_key) for one in choice.options]
    refuse_if(not keys, "none of its options is right")
    if name == "right_minus_wrong":
        return [(1 if one.is_key else -1) / keys for one in choice.options]
    refuse_if(name not in ("all_or_nothing", "per_option"), f"it is graded by {name}")
    lost.append(f"{name.replace('_', ' ')}: there, right options earn a share and a wrong one costs all")
    return [1 / keys if one.is_key else -1.0 for one in choice.options]


def numbers(definition: ItemDefinition, identifier: str, number: Numeric, lost: list[str]) -> list[Number]:
    """Return the numbers foreseen, the key first."""
    key = str(number.key.text).strip()
    refuse_if(not is_number(key), "its key is computed")
    policy: Any = number.policy
    match policy.name:
        case "absolute" | "moodle.nominal":
            found = [Number(key, 1, policy.tolerance)]
        case "relative" | "moodle.relative":
            found = [Number(key, 1, _width(key, policy.tolerance))]
        case "moodle.numerical":
            found = [_number(one) for one in policy.answers] or [Number(key, 1)]
            if policy.units:
                lost.append("its units")
        case name:
            raise NotHere(f"it is graded by {name}")
    if number.unit:
        lost.append("the unit behind its field")
    width = found[0].tolerance
    for rule in definition.misconceptions.get(identifier, ()):
        said = str(rule.value.text).strip()
        if is_number(said):
            found.append(Number(said, rule.credit, width, feedback=html.line(rule.feedback or "")))
        lost.append(f"which misconception {rule.slug} is")
    return found


def _number(document: Any) -> Number:
    text, share = str(document["answer"]), float(document.get("fraction", 1))
    width = float(document.get("tolerance") or 0)
    kind = document.get("type", "nominal")
    refuse_if(kind == "geometric", "a tolerance in it is geometric")
    return Number(text, share, _width(text, width) if kind == "relative" and text != "*" else width)


def _width(key: str, share: float) -> float:
    return float(f"{abs(float(key)) * share:.12g}")


def texts(text: Text, lost: list[str]) -> list[Option]:
    """Return the texts foreseen, a star for anything in them."""
    found = []
    for one in text.accepted:
        said = one.text.replace("*", r"\*") if one.text is not None else _star(one.pattern or "")
        found.append(Option(said, one.credit, html.line(one.feedback or "")))
        if one.misconception:
            lost.append("which misconceptions its answers stand for")
    if not text.wrapping:
        lost.append("that articles, quotes and punctuation around an answer do not matter")
    if text.edits or text.companions or not text.accents:
        lost.append("the slips, companions or missing accents that it forgives")
    return found


def _star(pattern: str) -> str:
    """Return a pattern that is nothing but letters and ``.*`` as Moodle writes it."""
    pieces = pattern.split(".*")
    literal = [re.sub(r"\\([^A-Za-z0-9])", "", piece) for piece in pieces]
    refuse_if(
        any(re.search(r"[^\w\s]", piece) for piece in literal), "it accepts a pattern that is more than stars"
    )
    return "*".join(re.sub(r"\\(.)", r"\1", piece).replace("*", r"\*") for piece in pieces)


def pairs(matching: Matching, lost: list[str]) -> list[tuple[str, str]]:
    """Return the pairs; what fits nothing comes last, with nothing on its left."""
    right = {one.id: html.plain(one.text) for one in matching.right}
    if any(html.has_markup(one.text) for one in matching.right):
        lost.append("formulas and emphasis on its right side, which is plain text there")
    if matching.credit == "all":
        lost.append("that only all pairs together earn credit")
    found = [(html.line(one.text), right[matching.pairs[one.id]]) for one in matching.left]
    used = set(matching.pairs.values())
    return found + [("", right[one.id]) for one in matching.right if one.id not in used]


ORDERING: Final = {
    "exact": "ALL_OR_NOTHING",
    "in_place": "ABSOLUTE_POSITION",
    "neighbours": "RELATIVE_NEXT_EXCLUDE_LAST",
    "longest_run": "LONGEST_ORDERED_SUBSET",
}


def order(ordering: Ordering, lost: list[str]) -> tuple[list[str], str]:
    """Return the entries in their order, and the name of the rule of credit."""
    if ordering.credit in ("concordant_pairs", "longest_run"):
        lost.append(f"its credit by {ordering.credit.replace('_', ' ')}: Moodle has one that is near it")
    return [html.line(one.text) for one in ordering.entries], ORDERING.get(
        ordering.credit, "LONGEST_ORDERED_SUBSET"
    )


def is_true_or_false(choice: Choice) -> bool:
    ids = [one.id for one in choice.options]
    return ids == ["true", "false"] and not choice.shuffle and choice.policy.name == "single"


def left_behind(definition: ItemDefinition) -> list[str]:
    """Return what is said of any item here and of no question there."""
    said = definition.document
    names = [
        name for name in ("skills", "difficulty", "enemies", "use", "locale", "figures") if said.get(name)
    ]
    return [f"its {', '.join(names)}"] if names else []


def joined(reasons: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(reasons))
