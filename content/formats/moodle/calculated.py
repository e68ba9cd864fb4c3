"""Calculated questions of Moodle: wild cards become parameters, formulas become steps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final
from xml.etree.ElementTree import Element

from content.expressions import FIRST, RESERVED, ExpressionError, Scope
from content.formats import parts
from content.formats.foreign import Foreign, NotHere
from content.formats.moodle.markdown import inline
from content.formats.moodle.question import Question, refuse_if, with_marks
from content.formats.moodle.tree import text_of
from content.formats.numerals import fraction, numeral, value, whole
from content.formats.parts import Option, Part

MOST_FORMULAS: Final = 40
LONGEST_FORMULA: Final = 500

_WILD: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9_ ]{0,39})\}")
_EMBEDDED: Final = re.compile(r"\{=([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_TOLERANCES: Final = {"1": "moodle.relative", "2": "moodle.nominal", "3": "moodle.geometric"}
_SAME_DRAW: Final = (
    "wild cards are drawn anew from their ranges, not from the list of values that was made there"
)


@dataclass
class _Exercise:
    """The parameters of a question under the names they have here, and the steps made so far."""

    parameters: dict[str, Any]
    names: dict[str, str]
    steps: dict[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """Return a text whose wild cards and formulas are placeholders, marked so that converters keep them."""
        text = _EMBEDDED.sub(lambda found: _mark(self.step(found[1])), text)
        return _WILD.sub(
            lambda found: _mark(self.names[found[1]]) if found[1] in self.names else found[0], text
        )

    def step(self, formula: str) -> str:
        """Return the name of the step with a formula, made where there is none."""
        expression = self.expression(formula)
        for name, known in self.steps.items():
            if known == expression:
                return name
        refuse_if(len(self.steps) >= MOST_FORMULAS, f"it has more than {MOST_FORMULAS} formulas")
        name = f"value{len(self.steps) + 1}"
        self.steps[name] = expression
        return name

    def expression(self, formula: str) -> str:
        """Return a formula in the language of expressions. Raises NotHere where it cannot be said in it."""
        refuse_if(len(formula) > LONGEST_FORMULA, f"a formula is longer than {LONGEST_FORMULA} characters")
        unknown = [found[1] for found in _WILD.finditer(formula) if found[1] not in self.names]
        refuse_if(unknown, f"the wild card {{{''.join(unknown[:1])}}} has no values")
        said = _WILD.sub(lambda found: f" {self.names[found[1]]} ", formula)
        said = re.sub(r"\bpi\s*\(\s*\)", "pi", said)
        said = _in_our_words(" ".join(said.split()))
        try:
            Scope(frozenset(self.parameters), FIRST).parse(said)
        except ExpressionError as error:
            raise NotHere(f"its formula {formula[:80]} cannot be said here: {error}") from None
        return said


_CALL: Final = re.compile(r"\b(pow|atan|fmod|deg2rad|rad2deg|ln)\s*\(")
_CALLS: Final = {
    "pow": "(({0})**({1}))",
    "atan": "arctan({0})",
    "fmod": "mod({0}, {1})",
    "deg2rad": "(({0})*pi/180)",
    "rad2deg": "(({0})*180/pi)",
    "ln": "log({0})",
}


def _in_our_words(formula: str) -> str:
    """Return a formula with the functions that have another name, or none, in our language."""
    for _ in range(MOST_FORMULAS):
        call = _CALL.search(formula)
        if call is None:
            return formula
        end, commas = _arguments(formula, call.end())
        inner = [
            formula[a:b] for a, b in zip([call.end(), *(c + 1 for c in commas)], [*commas, end], strict=True)
        ]
        wanted = 2 if "{1}" in _CALLS[call[1]] else 1
        refuse_if(len(inner) != wanted, f"{call[1]} takes {wanted} values")
        formula = formula[: call.start()] + _CALLS[call[1]].format(*inner) + formula[end + 1 :]
    raise NotHere("a formula calls too many functions")


def _arguments(formula: str, start: int) -> tuple[int, list[int]]:
    """Return where a call ends, and where its commas stand."""
    depth = 1
    commas: list[int] = []
    for place in range(start, len(formula)):
        depth += (formula[place] == "(") - (formula[place] == ")")
        if depth == 0:
            return place, commas
        if depth == 1 and formula[place] == ",":
            commas.append(place)
    raise NotHere("a formula has a bracket that is never closed")


def number(question: Question) -> Foreign:
    """Read a calculated number."""
    exercise = _begun(question)
    answers = question.element.findall("answer")
    refuse_if(not answers, "it has no answers")
    whole_credit = [one for one in answers if fraction(one.get("fraction", "0")) == 1]
    refuse_if(not whole_credit, "none of its answers has full credit")
    if len(answers) > 1:
        question.notes.append("of several formulas only the first with full credit is taken")
    answer = whole_credit[0]
    key = exercise.step(text_of(answer, "text"))
    part = Part({"kind": "numeric", "key": key, "policy": _policy(answer)})
    if question.text(answer.find("feedback")):
        part.notes.append(parts.FEEDBACK_OF_NUMBERS)
    if question.element.findall("units/unit"):
        part.notes.append("its units were left out")
    return _written(question, exercise, part)


def choice(question: Question) -> Foreign:
    """Read a choice among calculated values."""
    exercise = _begun(question)
    options = [
        Option(
            _unmarked(inline(question.text(one, exercise.text(text_of(one, "text"))))),
            fraction(one.get("fraction", "0")),
            question.text(one.find("feedback")),
        )
        for one in question.element.findall("answer")
    ]
    refuse_if(len(options) < 2, "it has fewer than two options")
    single = question.is_true("single", default=True)
    shuffle = question.is_true("shuffleanswers", default=True)
    return _written(question, exercise, parts.choice(options, multiple=not single, shuffle=shuffle))


def _written(question: Question, exercise: _Exercise, part: Part) -> Foreign:
    element = question.element.find("questiontext")
    body = _unmarked(question.text(element, exercise.text(question.raw("questiontext"))))
    part.trials = []  # what an answer is worth depends on the draw
    question.notes.append(_SAME_DRAW)
    made = question.foreign({"a": part}, with_marks(body, "a"), parameters=exercise.parameters)
    document = dict(made.document or {})
    written = {key: document.pop(key) for key in ("title", "parameters")}
    if exercise.steps:
        written["steps"] = exercise.steps
    return replace(made, document={**written, **document})


def _begun(question: Question) -> _Exercise:
    """Return the parameters that the data sets of a question describe. Raises NotHere."""
    parameters: dict[str, Any] = {}
    names: dict[str, str] = {}
    definitions = question.element.findall("dataset_definitions/dataset_definition")
    refuse_if(not definitions, "its wild cards have no values")
    for definition in definitions:
        wild = text_of(definition, "name/text")
        name = _name(wild, parameters)
        names[wild], parameters[name] = name, _parameter(definition)
    return _Exercise(parameters, names)


def _name(wild: str, taken: dict[str, Any]) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", wild)[:30]
    if not re.match(r"[A-Za-z]", name) or name in RESERVED[FIRST]:
        name = f"v_{name}"
    while name in taken or name in RESERVED[FIRST]:
        name += "_"
    return name


def _parameter(definition: Element) -> dict[str, Any]:
    low, high = (value(text_of(definition, f"{end}/text"), 0.0) for end in ("minimum", "maximum"))
    places = whole(text_of(definition, "decimals/text") or "0") or 0
    low, high = sorted((low, high))
    if text_of(definition, "distribution/text") != "uniform" or low == high:
        return _listed(definition)
    if places == 0:
        return {"integer": [round(low), round(high)]}
    return {"decimal": [low, high], "places": min(places, 9)}


def _listed(definition: Element) -> dict[str, Any]:
    items = definition.findall("dataset_items/dataset_item")
    values = list(dict.fromkeys(float(numeral(text_of(one, "value"))) for one in items))
    refuse_if(not values, "a wild card has no values")
    return {"choice": [round(one) if one.is_integer() else one for one in values][:1000]}


def _policy(answer: Element) -> dict[str, Any]:
    name = _TOLERANCES.get(text_of(answer, "tolerancetype") or "1", "moodle.relative")
    return {"name": name, "tolerance": abs(value(text_of(answer, "tolerance"), 0.0))}


def _mark(name: str) -> str:
    return f"zqwild{name.encode().hex()}qz"


def _unmarked(text: str) -> str:
    """Put the placeholders back."""
    return re.sub(r"zqwild([0-9a-f]+)qz", lambda found: f"{{{bytes.fromhex(found[1]).decode()}}}", text)
