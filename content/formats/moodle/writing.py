"""Items as Moodle XML. What Moodle cannot hold, or would mark otherwise, is named."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from content.formats.foreign import NotHere
from content.formats.moodle import html, marks
from content.formats.moodle.question import refuse_if
from content.formats.parts import Number, Option
from content.formats.written import Given, Omission, Written
from content.items.definition import ItemDefinition
from content.items.interactions import Interaction
from content.items.interactions.choice import Choice
from content.items.interactions.inline_choice import InlineChoice
from content.items.interactions.matching import Matching
from content.items.interactions.numeric import Numeric
from content.items.interactions.ordering import Ordering
from content.items.interactions.text import Text
from content.media.names import FOLDER

_IMAGE: Final = re.compile(rf'src="{FOLDER}([^"]+)"')
EXERCISE: Final = "it is an exercise: its numbers, steps and checks have no place in a question of Moodle"


def write(items: Sequence[Given], title: str) -> Written:
    """Return a file with the items that Moodle can ask, in a category of the given name."""
    root = Element("quiz")
    category = SubElement(root, "question", type="category")
    _text(category, "category", f"$course$/top/{title.replace('/', '//')}", form="")
    omissions: list[Omission] = []
    count = 0
    for item in items:
        lost: list[str] = []
        try:
            root.append(_with_images(question(item.definition, lost), item))
        except NotHere as reason:
            omissions.append(Omission(item.slug, str(reason), is_whole=True))
            continue
        count += 1
        omissions += [
            Omission(item.slug, one) for one in marks.joined([*lost, *marks.left_behind(item.definition)])
        ]
    indent(root, "  ")
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return Written(content + b"\n", count, tuple(omissions))


def _with_images(element: Element, item: Given) -> Element:
    """Return a question of which each text carries the images that it shows."""
    files = _file_names(item.images)
    for holder in [one for one in element.iter() if one.find("text") is not None]:
        text = holder.find("text")
        names = dict.fromkeys(_IMAGE.findall(text.text or "")) if text is not None else {}
        for name in names:
            if text is None or name not in item.images:
                continue
            plain = files[name]
            text.text = (text.text or "").replace(f'src="{FOLDER}{name}"', f'src="@@PLUGINFILE@@/{plain}"')
            file = SubElement(holder, "file", name=plain, path="/", encoding="base64")
            file.text = b64encode(item.images[name]).decode()
    return element


def _file_names(names: Iterable[str]) -> dict[str, str]:
    """Return what images are called as files: shortly, but where two would be called alike."""
    short = {name: f"{name.partition('.')[0]}.{name.rpartition('.')[2]}" for name in names}
    return {name: one if list(short.values()).count(one) == 1 else name for name, one in short.items()}


def question(definition: ItemDefinition, lost: list[str]) -> Element:
    """Return an item as a question. Raises NotHere."""
    refuse_if(definition.is_exercise, EXERCISE)
    refuse_if(definition.steps, "it computes values in steps")
    return alone(definition, lost) if _stands_alone(definition) else cloze(definition, lost)


def _stands_alone(definition: ItemDefinition) -> bool:
    if len(definition.interactions) != 1:
        return False
    ((identifier, interaction),) = definition.interactions.items()
    return not isinstance(interaction, InlineChoice) and definition.body.strip().endswith(f"[[{identifier}]]")


def alone(definition: ItemDefinition, lost: list[str]) -> Element:
    """Return the question of an item that asks one thing, behind its text."""
    ((identifier, interaction),) = definition.interactions.items()
    body = definition.body.strip().removesuffix(f"[[{identifier}]]").strip()
    kind, fill = _kind_of(interaction)
    element = _begun(definition, kind, html.block(body))
    fill(element, definition, identifier, lost)
    return _ended(element, definition)


def _kind_of(
    interaction: Interaction,
) -> tuple[str, Callable[[Element, ItemDefinition, str, list[str]], None]]:
    match interaction:
        case Choice() if marks.is_true_or_false(interaction):
            return "truefalse", _true_false
        case Choice():
            return "multichoice", _multichoice
        case Numeric() if type(interaction) is Numeric:
            return "numerical", _numerical
        case Text():
            return "shortanswer", _short_answer
        case Matching():
            return "matching", _matching
        case Ordering():
            return "ordering", _ordering
    raise NotHere(f"Moodle has no question of the kind {interaction.kind}")


def _begun(definition: ItemDefinition, kind: str, body: str) -> Element:
    element = Element("question", type=kind)
    _text(element, "name", definition.title, form="")
    _text(element, "questiontext", body)
    _text(element, "generalfeedback", html.block(definition.solution) if definition.solution.strip() else "")
    SubElement(element, "defaultgrade").text = "1"
    SubElement(element, "penalty").text = "0.3333333"
    SubElement(element, "hidden").text = "0"
    SubElement(element, "idnumber").text = definition.slug
    return element


def _ended(element: Element, definition: ItemDefinition) -> Element:
    for hint in definition.hints:
        _text(element, "hint", html.block(hint))
    return element


def _text(parent: Element, name: str, text: str, form: str = "html", **attributes: str) -> Element:
    element = SubElement(parent, name, attributes | ({"format": form} if form else {}))
    SubElement(element, "text").text = text
    return element


def _answer(parent: Element, share: float, text: str, feedback: str, form: str = "html") -> Element:
    element = _text(parent, "answer", text, form, fraction=marks.percent(share))
    _text(element, "feedback", feedback)
    return element


def _true_false(element: Element, definition: ItemDefinition, identifier: str, lost: list[str]) -> None:
    choice: Any = definition.interactions[identifier]
    for one, said in zip(marks.options(choice, lost), ("true", "false"), strict=True):
        _answer(element, one.fraction, said, one.feedback, "moodle_auto_format")


def _multichoice(element: Element, definition: ItemDefinition, identifier: str, lost: list[str]) -> None:
    choice: Any = definition.interactions[identifier]
    for name, said in (
        ("single", "false" if choice.multiple else "true"),
        ("shuffleanswers", "true" if choice.shuffle else "false"),
        ("answernumbering", "none"),
    ):
        SubElement(element, name).text = said
    for one in marks.options(choice, lost):
        _answer(element, one.fraction, one.text, one.feedback)


def _numerical(element: Element, definition: ItemDefinition, identifier: str, lost: list[str]) -> None:
    number: Any = definition.interactions[identifier]
    units = getattr(number.policy, "units", {})
    for one in marks.numbers(definition, identifier, number, lost):
        answer = _answer(element, one.fraction, one.value, one.feedback, "moodle_auto_format")
        SubElement(answer, "tolerance").text = f"{one.tolerance:.12g}"
    if units:
        lost.remove("its units")
        _units(element, number.policy)
    else:
        SubElement(element, "unitgradingtype").text = "0"
        SubElement(element, "showunits").text = "3"


def _units(element: Element, policy: Any) -> None:
    listed = SubElement(element, "units")
    for name, factor in policy.units.items():
        unit = SubElement(listed, "unit")
        SubElement(unit, "multiplier").text = f"{factor:.12g}"
        SubElement(unit, "unit_name").text = name
    kinds = {"none": "0", "out_of_mark": "1", "out_of_max": "2"}
    SubElement(element, "unitgradingtype").text = kinds[policy.unit_grading]
    SubElement(element, "unitpenalty").text = f"{policy.unit_penalty:.7g}"
    SubElement(element, "showunits").text = "0"
    SubElement(element, "unitsleft").text = "1" if policy.units_before else "0"


def _short_answer(element: Element, definition: ItemDefinition, identifier: str, lost: list[str]) -> None:
    text: Any = definition.interactions[identifier]
    SubElement(element, "usecase").text = "1" if text.case else "0"
    for one in marks.texts(text, lost):
        _answer(element, one.fraction, one.text, one.feedback, "moodle_auto_format")


def _matching(element: Element, definition: ItemDefinition, identifier: str, lost: list[str]) -> None:
    matching: Any = definition.interactions[identifier]
    SubElement(element, "shuffleanswers").text = "true"
    for left, right in marks.pairs(matching, lost):
        pair = _text(element, "subquestion", left)
        _text(pair, "answer", right, form="")


def _ordering(element: Element, definition: ItemDefinition, identifier: str, lost: list[str]) -> None:
    ordering: Any = definition.interactions[identifier]
    entries, rule = marks.order(ordering, lost)
    for name, said in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("gradingtype", rule)):
        SubElement(element, name).text = said
    for place, entry in enumerate(entries, start=1):
        _text(element, "answer", entry, fraction=str(place))


# Several questions in one text


def cloze(definition: ItemDefinition, lost: list[str]) -> Element:
    """Return an item whose answers stand in its text. Raises NotHere where one of them is no gap."""
    weights = [one.weight for one in definition.interactions.values()]
    scale = 1 if all(float(weight).is_integer() for weight in weights) else 100
    body = html.block(definition.body)
    for identifier, interaction in definition.interactions.items():
        gap = _gap(definition, identifier, interaction, lost)
        body = body.replace(f"[[{identifier}]]", f"{{{max(1, round(scale * interaction.weight))}:{gap}}}")
    if definition.follow_through:
        lost.append("the credit for answers that follow from earlier ones")
    return _ended(_begun(definition, "cloze", body), definition)


def _gap(definition: ItemDefinition, identifier: str, interaction: Any, lost: list[str]) -> str:
    match interaction:
        case InlineChoice():
            kind = "MULTICHOICE_S" if interaction.shuffle else "MULTICHOICE"
            return f"{kind}:{_options(marks.options(interaction, lost))}"
        case Choice():
            kind = "MULTIRESPONSE" if interaction.multiple else "MULTICHOICE_V"
            kind += "S" if interaction.shuffle and kind.endswith("V") else "_S" if interaction.shuffle else ""
            return f"{kind}:{_options(marks.options(interaction, lost))}"
        case Numeric() if type(interaction) is Numeric:
            return f"NUMERICAL:{_numbers(marks.numbers(definition, identifier, interaction, lost))}"
        case Text():
            kind = "SHORTANSWER_C" if interaction.case else "SHORTANSWER"
            return f"{kind}:{_options(marks.texts(interaction, lost))}"
    raise NotHere(f"a text of Moodle has no gap of the kind {interaction.kind}")


def _options(options: Sequence[Option]) -> str:
    return "~".join(f"{_share(one.fraction)}{_escaped(one.text)}{_feedback(one.feedback)}" for one in options)


def _numbers(numbers: Sequence[Number]) -> str:
    def written(one: Number) -> str:
        return one.value if one.value == "*" else f"{one.value}:{one.tolerance:.12g}"

    return "~".join(f"{_share(one.fraction)}{written(one)}{_feedback(one.feedback)}" for one in numbers)


def _share(share: float) -> str:
    return "=" if share == 1 else f"%{marks.percent(share)}%" if share else ""


def _feedback(text: str) -> str:
    return f"#{_escaped(text)}" if text else ""


def _escaped(text: str) -> str:
    """Return a text in which nothing ends an answer or a gap."""
    return "".join(_signs(text))


def _signs(text: str) -> Iterator[str]:
    for sign in text:
        yield f"\\{sign}" if sign in "}~#\\" else sign
