"""The question types of Moodle: one function for each that can be an item here, one reason for each that cannot."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

from content.formats import parts
from content.formats.foreign import Foreign, NotHere
from content.formats.moodle import calculated, cloze
from content.formats.moodle.markdown import escaped, inline, plain_words
from content.formats.moodle.question import Question, refuse_if, with_marks
from content.formats.moodle.tree import text_of
from content.formats.numerals import fraction, numeral, value, whole
from content.formats.parts import Number, Option, Part, Units

MOST_ENTRIES: Final = 20
MOST_OPTIONS: Final = 50

_GAP: Final = re.compile(r"\[\[([0-9]{1,3})\]\]", re.ASCII)
_MARK: Final = "zqgap{}qz"
"""Takes the place of a gap while its text is converted: letters that no converter touches."""


def multichoice(question: Question) -> Foreign:
    options = question.options()
    refuse_if(len(options) < 2, "it has fewer than two options")
    refuse_if(len(options) > MOST_OPTIONS, f"it has more than {MOST_OPTIONS} options")
    single = question.is_true("single", default=True)
    shuffle = question.is_true("shuffleanswers", default=True)
    return _alone(question, parts.choice(options, multiple=not single, shuffle=shuffle))


def true_false(question: Question) -> Foreign:
    answers = question.element.findall("answer")
    refuse_if(len(answers) != 2, "it has other answers than true and false")
    # The value wins over the order: Moodle writes the one that is right first or second.
    found = {text_of(one, "text").lower(): one for one in answers}
    refuse_if(set(found) != {"true", "false"}, "it has other answers than true and false")
    shares = {name: fraction(one.get("fraction", "0")) for name, one in found.items()}
    refuse_if(sorted(shares.values()) != [0, 1], "true and false are not worth all and nothing")
    truth = shares["true"] == 1
    right, wrong = ("true", "false") if truth else ("false", "true")
    feedback = {name: question.text(one.find("feedback")) for name, one in found.items()}
    part = parts.true_or_false(Option("", 1, feedback[right]), Option("", 0, feedback[wrong]), truth=truth)
    return _alone(question, part)


def short_answer(question: Question) -> Foreign:
    answers = [
        Option(text_of(one, "text"), fraction(one.get("fraction", "0")), question.text(one.find("feedback")))
        for one in question.element.findall("answer")
    ]
    answers = [one for one in answers if one.text]
    refuse_if(not answers, "it has no answers")
    return _alone(question, parts.text(answers, case=question.is_true("usecase", default=False)))


def numerical(question: Question) -> Foreign:
    answers = [_number(question, one) for one in question.element.findall("answer")]
    refuse_if(not answers, "it has no answers")
    return _alone(question, parts.number(answers, units(question)))


def _number(question: Question, answer: Element) -> Number:
    text = text_of(answer, "text")
    return Number(
        value="*" if text == "*" else numeral(text),
        fraction=fraction(answer.get("fraction", "0")),
        tolerance=abs(value(text_of(answer, "tolerance"), 0.0)),
        feedback=question.text(answer.find("feedback")),
    )


def units(question: Question) -> Units | None:
    """Return the units that a learner types; None where none is asked for."""
    listed = question.element.findall("units/unit")
    shown = whole(question.say("showunits") or "3")
    if not listed or shown == 3:
        return None
    # How many of a unit make the first is what its multiplier says: 1 m is 100 cm.
    factors = {text_of(one, "unit_name"): value(text_of(one, "multiplier"), 1.0) for one in listed}
    grading = {1: "out_of_mark", 2: "out_of_max"}.get(
        whole(question.say("unitgradingtype") or "0") or 0, "none"
    )
    if shown in (1, 2):
        question.notes.append("the unit is chosen from a list there, and typed behind the number here")
    before = question.is_true("unitsleft", default=False)
    return Units(factors, grading, value(question.say("unitpenalty"), 0.1), before)


def matching(question: Question) -> Foreign:
    pairs: list[tuple[str, str]] = []
    others: list[str] = []
    for one in question.element.findall("subquestion"):
        left, right = inline(question.text(one)), _plain(text_of(one, "answer/text"))
        if left and right:
            pairs.append((left, right))
        elif right:
            others.append(right)
    return _alone(question, pairs_of(pairs, others))


def pairs_of(pairs: list[tuple[str, str]], others: list[str]) -> Part:
    """Return the matching of pairs. Raises NotHere where there are too few or too many."""
    rights = {right for _, right in pairs} | set(others)
    refuse_if(len(pairs) < 2 or len(rights) < 2, "it has fewer than two pairs to match")
    refuse_if(
        max(len(pairs), len(rights)) > MOST_ENTRIES, f"it has more than {MOST_ENTRIES} entries to match"
    )
    return parts.matching(pairs, others)


def _plain(text: str) -> str:
    return escaped(plain_words(text))


def gaps_to_fill(question: Question) -> Foreign:
    """Read a cloze: its text with the gaps where they stand."""
    element, raw = question.element.find("questiontext"), question.raw("questiontext")
    found = cloze.gaps(raw)
    refuse_if(not found, "there is no gap in its text")
    names = parts.identifiers(len(found))
    made = {name: cloze.part_of(gap) for name, gap in zip(names, found, strict=True)}
    pieces, done = [], 0
    for name, gap in zip(names, found, strict=True):
        pieces += [raw[done : gap.start], _MARK.format(name)]
        done = gap.end
    body = question.text(element, "".join([*pieces, raw[done:]]))
    return question.foreign(made, _with_places(body, names))


def _with_places(body: str, names: list[str]) -> str:
    for name in names:
        body = body.replace(_MARK.format(name), f"[[{name}]]")
    return body


def words_to_choose(question: Question) -> Foreign:
    """Read a text of which missing words are chosen, or dragged, from lists."""
    element, raw = question.element.find("questiontext"), question.raw("questiontext")
    offered = _offered(question)
    wanted = [whole(found[1]) or 0 for found in _GAP.finditer(raw)]
    refuse_if(not wanted, "there is no gap in its text")
    refuse_if(len(wanted) > cloze.MOST_GAPS, f"it has more than {cloze.MOST_GAPS} gaps")
    refuse_if(
        any(not 1 <= number <= len(offered) for number in wanted), "a gap names a word that is not there"
    )
    names = parts.identifiers(len(wanted))
    shuffle = question.is_true("shuffleanswers", default=False)
    made = {name: _gap(offered, number, shuffle=shuffle) for name, number in zip(names, wanted, strict=True)}
    if question.kind == "ddwtos":
        question.notes.append("words are dragged into the text there, and chosen from lists here")
    places = iter(names)
    body = question.text(element, _GAP.sub(lambda _: _MARK.format(next(places)), raw))
    return question.foreign(made, _with_places(body, names))


def _offered(question: Question) -> list[tuple[str, str]]:
    """Return the words and their groups, in their order."""
    listed = question.element.findall("dragbox") or question.element.findall("selectoption")
    return [(_plain(text_of(one, "text")), text_of(one, "group") or "1") for one in listed]


def _gap(offered: list[tuple[str, str]], number: int, *, shuffle: bool) -> Part:
    word, group = offered[number - 1]
    same = list(dict.fromkeys(text for text, other in offered if other == group))
    refuse_if(len(same) < 2, "a gap offers fewer than two words")
    options = [Option(text, float(text == word)) for text in same]
    return parts.choice(options, multiple=False, shuffle=shuffle, kind="inline_choice")


_ORDER_CREDIT: Final = {
    "ALL_OR_NOTHING": "exact", "-1": "exact",
    "ABSOLUTE_POSITION": "in_place", "0": "in_place",
    "RELATIVE_NEXT_EXCLUDE_LAST": "neighbours", "1": "neighbours",
    "LONGEST_ORDERED_SUBSET": "longest_run", "5": "longest_run",
}  # fmt: skip
_SAME_CREDIT: Final = frozenset(
    {"ALL_OR_NOTHING", "-1", "ABSOLUTE_POSITION", "0", "RELATIVE_NEXT_EXCLUDE_LAST", "1"}
)


def ordering(question: Question) -> Foreign:
    answers = sorted(question.element.findall("answer"), key=lambda one: value(one.get("fraction", "0"), 0.0))
    entries = [inline(question.text(one)) for one in answers]
    refuse_if(len(entries) < 2, "it has fewer than two entries to order")
    refuse_if(len(entries) > MOST_ENTRIES, f"it has more than {MOST_ENTRIES} entries to order")
    if any(text_of(one, "feedback/text") for one in answers):
        question.notes.append("the feedback to single entries was left out")
    rule = question.say("gradingtype") or "ABSOLUTE_POSITION"
    if rule not in _SAME_CREDIT:
        question.notes.append(
            f"its partial credit, {rule.lower()}, is not known here: near it is what is given"
        )
    if question.say("selecttype") not in ("", "ALL", "0"):
        question.notes.append("some entries are drawn there, and all are shown here")
    return _alone(question, parts.ordering(entries, _ORDER_CREDIT.get(rule, "concordant_pairs")))


def _alone(question: Question, part: Part) -> Foreign:
    return question.foreign(
        {"a": part}, with_marks(question.text(question.element.find("questiontext")), "a")
    )


READ: Final[dict[str, Callable[[Question], Foreign]]] = {
    "multichoice": multichoice,
    "truefalse": true_false,
    "shortanswer": short_answer,
    "numerical": numerical,
    "matching": matching,
    "cloze": gaps_to_fill,
    "multianswer": gaps_to_fill,
    "gapselect": words_to_choose,
    "ddwtos": words_to_choose,
    "ordering": ordering,
    "calculated": calculated.number,
    "calculatedsimple": calculated.number,
    "calculatedmulti": calculated.choice,
}

REFUSED: Final = {
    "essay": "an essay is marked by a person, and there is no such item here",
    "description": "it is a text without a question: put it into a lesson, or into the body of an item",
    "random": "it draws a question from a category: a slot of an assessment draws from a bank here",
    "randomsamatch": "it is made of other questions by chance",
    "ddimageortext": "places on a picture are not asked for here",
    "ddmarker": "places on a picture are not asked for here",
    "stack": "it needs a computer algebra system",
    "coderunner": "it runs programs",
    "missingtype": "Moodle itself did not know its type when it was exported",
}


def read(question: Question) -> Foreign:
    """Return a question as an item's document, or refused with the reason."""
    reader = READ.get(question.kind)
    if reader is None:
        name = question.kind[:60] or "without a name"
        return question.refused(REFUSED.get(question.kind, f"the question type {name} is not known here"))
    try:
        return reader(question)
    except NotHere as reason:
        return question.refused(str(reason))
