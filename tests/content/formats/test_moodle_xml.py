"""Moodle XML: every question is accounted for, and marks stay what they were."""

from __future__ import annotations

from typing import Any

import pytest

from content.formats.foreign import Foreign, ForeignFault
from content.formats.moodle import writing as moodle_writing
from content.formats.moodle import xml
from content.formats.moodle.markdown import ATTACHED, PICTURE, STYLE, UNDESCRIBED, from_html
from content.formats.parts import FEEDBACK_OF_NUMBERS, NEGATIVE
from content.formats.registry import recognized
from content.formats.trying import mismatches
from content.formats.written import Given
from content.items.certification import certify
from content.items.parsing.document import parse_definition
from tests.shared import shared_path


def quiz(*questions: str) -> bytes:
    return f"<?xml version='1.0'?><quiz>{''.join(questions)}</quiz>".encode()


def question(kind: str, inside: str, text: str = "<p>What is it?</p>", name: str = "A question") -> str:
    said = f"<questiontext format='html'><text><![CDATA[{text}]]></text></questiontext>"
    return f"<question type='{kind}'><name><text>{name}</text></name>{said}{inside}</question>"


def answer(text: str, fraction: float = 0, more: str = "") -> str:
    return f"<answer fraction='{fraction}'><text><![CDATA[{text}]]></text>{more}</answer>"


def read(*questions: str) -> list[Foreign]:
    return xml.read(quiz(*questions), "quiz.xml")


def one(*questions: str) -> Foreign:
    (found,) = read(*questions)
    return found


def sound(found: Foreign) -> dict[str, Any]:
    """Return the document of a question, which can be published and marks its own answers as the file says."""
    assert not found.refused, found.refused
    document = {"slug": "a", **found.document}
    definition = parse_definition(document)
    assert certify(definition).grounds == []
    assert mismatches(definition, found.trials) == []
    return document


@pytest.mark.parametrize(
    ("file", "kinds", "refused"),
    [
        ("multichoice.xml", ["multichoice"], 0),
        ("truefalse.xml", ["truefalse", "truefalse"], 0),
        ("multianswer.xml", ["cloze"], 0),
        ("nested_categories_with_questions.xml", ["truefalse", "essay", *["truefalse"] * 3], 1),
    ],
)
def test_files_of_moodle_itself_are_read_whole(file: str, kinds: list[str], refused: int) -> None:
    data = shared_path(f"formats/moodle/{file}").read_bytes()
    assert recognized(data).name == "moodle-xml"
    found = xml.read(data, file)
    assert [each.kind for each in found] == kinds
    assert sum(bool(each.refused) for each in found) == refused
    for each in found:
        if not each.refused:
            sound(each)


def test_categories_are_told_from_the_top() -> None:
    data = shared_path("formats/moodle/nested_categories_with_questions.xml").read_bytes()
    assert [each.category for each in xml.read(data, "")][3] == ("Iota", "Kappa", "Lambda")


def test_a_single_choice_keeps_its_partial_marks() -> None:
    options = answer("<p>Rome</p>", 100) + answer("Milan", 33.33333) + answer("Oslo", -50)
    found = one(question("multichoice", f"<single>true</single>{options}"))
    interaction = sound(found)["interactions"]["a"]
    assert [option["weight"] for option in interaction["options"]] == [1.0, 0.3333333, -0.5]
    assert interaction["policy"] == {"name": "moodle.fractions"}
    assert found.notes == (NEGATIVE,)


def test_several_right_options_add_up() -> None:
    options = answer("2", 50) + answer("3", 50) + answer("4", -100)
    interaction = sound(one(question("multichoice", f"<single>false</single>{options}")))["interactions"]["a"]
    assert interaction["multiple"] is True
    assert interaction["policy"]["multiple"] is True


def test_stars_stand_for_anything_and_case_matters_where_it_is_said() -> None:
    answers = answer("the *sparse* one", 100) + answer(r"a \* b", 50) + answer("*", 0)
    found = one(question("shortanswer", f"<usecase>1</usecase>{answers}"))
    interaction = sound(found)["interactions"]["a"]
    assert interaction["case"] is True
    assert [each.get("pattern", each.get("text")) for each in interaction["accepted"]] == [
        "the .*sparse.* one",
        "a * b",
        ".*",
    ]


def test_a_number_keeps_tolerances_units_and_the_penalty_for_them() -> None:
    answers = answer("1.5", 100, "<tolerance>0.1</tolerance>") + answer("15", 50, "<tolerance>0</tolerance>")
    listed = "".join(
        f"<unit><multiplier>{factor}</multiplier><unit_name>{name}</unit_name></unit>"
        for factor, name in ((1, "m"), (100, "cm"))
    )
    units = f"<units>{listed}</units><unitgradingtype>1</unitgradingtype><unitpenalty>0.2</unitpenalty>"
    document = sound(one(question("numerical", f"{answers}{units}<showunits>0</showunits>")))
    policy = document["interactions"]["a"]["policy"]
    assert policy["units"] == {"m": 1.0, "cm": 100.0}
    assert (policy["unit_grading"], policy["unit_penalty"]) == ("out_of_mark", 0.2)
    assert [each["fraction"] for each in policy["answers"]] == [1.0, 0.5]


def test_feedback_to_numbers_is_told_to_be_lost() -> None:
    feedback = "<feedback format='html'><text>Yes!</text></feedback>"
    assert FEEDBACK_OF_NUMBERS in one(question("numerical", answer("2", 100, feedback))).notes


def test_a_matching_has_partners_that_fit_nothing() -> None:
    def pair(left: str, right: str) -> str:
        text = f"<text>{left}</text><answer><text>{right}</text></answer>"
        return f"<subquestion format='html'>{text}</subquestion>"

    pairs = pair("Peru", "Lima") + pair("Cuba", "Havana") + pair("", "Oslo")
    interaction = sound(one(question("matching", pairs)))["interactions"]["a"]
    assert len(interaction["left"]) == 2
    assert [each["text"] for each in interaction["right"]] == ["Lima", "Havana", "Oslo"]


def test_gaps_stand_where_they_stood_and_count_what_they_counted() -> None:
    text = r"<p>{1:SA:=Lima~%50%Cusco#near} is in {2:MCS:=Peru~Chile}; $$x^2$$ of 3 is {:NM:=9:0.1~%50%8..10}.</p>"
    document = sound(one(question("cloze", "", text)))
    assert document["body"] == "[[a]] is in [[b]]; $$x^2$$ of 3 is [[c]]."
    kinds = [(each["kind"], each.get("weight", 1)) for each in document["interactions"].values()]
    assert kinds == [("text", 1), ("inline_choice", 2), ("numeric", 1)]


@pytest.mark.parametrize(
    ("answers", "weights"),
    [
        ("=a~b~=c", [0.5, -0.5, 0.5]),
        ("%100%a~%0%b~%50%c", [0.666666667, 0.0, 0.333333333]),
    ],
)
def test_several_right_options_of_a_gap_are_worth_the_whole_together(
    answers: str, weights: list[float]
) -> None:
    interaction = sound(one(question("cloze", "", f"<p>Which? {{1:MR:{answers}}}</p>")))["interactions"]["a"]
    assert [option["weight"] for option in interaction["options"]] == weights


def test_a_question_that_stands_alone_is_read() -> None:
    data = question("ordering", answer("a", 1) + answer("b", 2)).replace("'", '"').encode()
    assert recognized(data).name == "moodle-xml"
    assert sound(xml.read(data, "")[0])


def test_words_to_choose_or_drag_are_lists_in_the_text() -> None:
    boxes = "".join(
        f"<dragbox><text>{word}</text><group>{group}</group></dragbox>"
        for word, group in (("cat", 1), ("mat", 2), ("dog", 1), ("hat", 2))
    )
    found = one(question("ddwtos", boxes, "<p>The [[1]] sat on the [[2]].</p>"))
    document = sound(found)
    assert document["body"] == "The [[a]] sat on the [[b]]."
    assert [option["text"] for option in document["interactions"]["a"]["options"]] == ["cat", "dog"]
    assert "dragged" in found.notes[0]


def test_an_order_keeps_its_rule_of_credit() -> None:
    entries = answer("third", 3) + answer("first", 1) + answer("second", 2)
    rule = "<gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>"
    interaction = sound(one(question("ordering", entries + rule)))["interactions"]["a"]
    assert [each["text"] for each in interaction["entries"]] == ["first", "second", "third"]
    assert interaction["credit"] == "neighbours"


def calculated(formula: str) -> str:
    def dataset(name: str) -> str:
        told = {"name": name, "distribution": "uniform", "minimum": "1", "maximum": "20", "decimals": "1"}
        return (
            "<dataset_definition>"
            + "".join(f"<{key}><text>{value}</text></{key}>" for key, value in told.items())
            + "</dataset_definition>"
        )

    more = "<tolerance>0.01</tolerance><tolerancetype>1</tolerancetype>"
    return question(
        "calculated",
        answer(formula, 100, more)
        + f"<dataset_definitions>{dataset('a')}{dataset('b')}</dataset_definitions>",
        "<p>What is {a} times the square of {b}?</p>",
    )


def test_a_calculated_question_is_an_exercise() -> None:
    found = one(calculated("{a}*pow({b}, 2)"))
    document = {"slug": "a", **found.document}
    assert document["parameters"]["a"] == {"decimal": [1.0, 20.0], "places": 1}
    assert document["steps"] == {"value1": "a *(( b )**( 2))"}
    assert document["body"] == "What is {a} times the square of {b}?\n\n[[a]]"
    assert certify(parse_definition(document)).grounds == []


def test_a_formula_that_cannot_be_said_is_refused_with_the_reason() -> None:
    found = one(calculated("asin({a})*{b}"))
    assert "its formula asin({a})*{b} cannot be said here" in found.refused


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("essay", "marked by a person"),
        ("description", "a text without a question"),
        ("random", "draws a question"),
        ("ddmarker", "places on a picture"),
        ("stack", "computer algebra"),
        ("pmatch", "the question type pmatch is not known here"),
        ("", "the question type without a name"),
    ],
)
def test_what_cannot_be_an_item_says_why(kind: str, reason: str) -> None:
    found = one(question(kind, ""))
    assert found.document is None
    assert reason in found.refused


@pytest.mark.parametrize(
    "broken",
    [
        question("multichoice", answer("alone", 100)),
        question("truefalse", answer("true", 100)),
        question("numerical", answer("many", 100)),
        question("shortanswer", ""),
        question("matching", ""),
        question("cloze", "", "no gap"),
        question("cloze", "", "{1:SA:=never closed"),
        question("gapselect", "<selectoption><text>a</text></selectoption>", "[[7]]"),
        question("calculated", answer("{a}", 100)),
        question("ordering", answer("alone", 1)),
    ],
)
def test_a_broken_question_is_refused_and_its_neighbors_are_read(broken: str) -> None:
    whole = question("multichoice", answer("1", 100) + answer("2"))
    first, second = read(broken, whole)
    assert first.refused
    assert sound(second)


def test_what_belongs_to_no_item_is_named() -> None:
    more = "<defaultgrade>2.5</defaultgrade><tags><tag><text>week 1</text></tag></tags>"
    more += "<correctfeedback format='html'><text>Splendid!</text></correctfeedback>"
    notes = one(question("truefalse", answer("true", 100) + answer("false") + more)).notes
    assert len(notes) == 3
    assert notes[0].startswith("it is worth 2.5 there")
    assert notes[1] == "its tags were left out: week 1"


def test_standard_feedback_is_no_loss() -> None:
    more = "<correctfeedback format='html'><text>&lt;p&gt;Your answer is correct.&lt;/p&gt;</text></correctfeedback>"
    assert one(question("truefalse", answer("true", 100) + answer("false") + more)).notes == ()


def test_pictures_come_along_with_their_descriptions() -> None:
    data = shared_path("formats/moodle/multianswer.xml").read_bytes()
    (found,) = xml.read(data, "")
    assert found.notes == ()
    names = [str(image.name) for image in found.images]
    assert [name.partition(".")[0] for name in names] == ["arizona-2", "california-state-flag", "moodle"]
    assert f"![California flag](media/{names[1]})" in found.document["body"]


def test_pictures_go_out_and_come_back() -> None:
    (found,) = xml.read(shared_path("formats/moodle/multianswer.xml").read_bytes(), "")
    images = {str(image.name): image.data for image in found.images}
    given = Given(parse_definition({"slug": "flags", **found.document}), images)
    (again,) = xml.read(moodle_writing.write([given], "Flags").content, "")
    assert again.document == found.document
    assert set(again.images) == set(found.images)


@pytest.mark.parametrize(
    ("alt", "file", "note"),
    [("", True, UNDESCRIBED), ("image", True, UNDESCRIBED), ("A red dot", False, PICTURE)],
)
def test_a_picture_that_cannot_come_along_is_named(alt: str, file: bool, note: str) -> None:
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
    text = f'<p>See <img src="@@PLUGINFILE@@/dot.png" alt="{alt}">.</p>'
    held = f"<file name='dot.png' encoding='base64'>{dot if file else 'bm8gaW1hZ2U='}</file>"
    said = f"<questiontext format='html'><text><![CDATA[{text}]]></text>{held}</questiontext>"
    answers = answer("true", 100) + answer("false")
    found = one(f"<question type='truefalse'><name><text>a</text></name>{said}{answers}</question>")
    assert found.notes == (note,)
    assert sound(found)


@pytest.mark.parametrize(
    ("html", "markdown", "notes"),
    [
        ("<p>A <b>bold</b> and <i>odd</i> one.</p>", "A **bold** and *odd* one.", ()),
        ("<p>2 * 3 &lt; [7] {x} $5</p>", r"2 \* 3 \< \[7\] &#123;x} \$5", ()),
        (r"\(x_{n}\) and \[{a}\]", "$x_{n}$ and $${ a}$$", ()),
        ("<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>", "- a\n- b\n1. c", ()),
        ("<img src='x.png' alt='A map'> here", r"\[A map\] here", (PICTURE,)),
        ("<a href='@@PLUGINFILE@@/x.pdf'>file</a>", "file", (ATTACHED,)),
        ("<p style='color: red'>red</p>", "red", (STYLE,)),
        ("<script>alert(1)</script>x<p onclick='y()'>z</p>", "x\n\nz", ()),
        ("<p>never <b>closed", "never **closed**", ()),
        ("[[a]]", r"\[\[a\]\]", ()),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str, notes: tuple[str, ...]) -> None:
    found = from_html(html.replace("'", '"'))
    assert (found.text, found.notes) == (markdown, notes)


BOMB = "<!DOCTYPE quiz [<!ENTITY a 'aaaa'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 10}'>" for n in range(9))
HOSTILE = {
    "entities": f"<?xml version='1.0'?>{BOMB}]><quiz>&a8;</quiz>",
    "external": "<!DOCTYPE quiz [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><quiz>&x;</quiz>",
    "parameters": "<!DOCTYPE quiz [<!ENTITY % x SYSTEM 'http://127.0.0.1/x'> %x;]><quiz/>",
    "document type": "<!DOCTYPE quiz SYSTEM 'http://127.0.0.1/x.dtd'><quiz/>",
    "deep": "<quiz>" + "<a>" * 5000 + "</a>" * 5000 + "</quiz>",
    "wide": "<quiz>" + "<a/>" * 300_001 + "</quiz>",
    "cut off": "<quiz><question type='essay'>",
    "encoding": "<?xml version='1.0' encoding='x-nothing'?><quiz/>",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_refused_as_a_whole(hostile: str) -> None:
    assert xml.sniff(hostile.encode())
    with pytest.raises(ForeignFault):
        xml.read(hostile.encode(), "x.xml")


@pytest.mark.parametrize(
    "odd",
    [
        "<quiz/>",
        "<quiz><question/></quiz>",
        "<quiz><question type='multichoice'><answer fraction='lots'><text/></answer></question></quiz>",
        "<quiz><question type='numerical'><answer fraction='1e999'><text>1</text></answer></question></quiz>",
        "<quiz><question type='cloze'><questiontext><text>"
        + "{1:SA:" * 3000
        + "</text></questiontext></question></quiz>",
        "<quiz><question type='calculated'><answer><text>"
        + "(" * 4000
        + "</text></answer></question></quiz>",
    ],
)
def test_odd_questions_are_refused_one_by_one(odd: str) -> None:
    assert all(each.refused for each in xml.read(odd.encode(), "x.xml"))


@pytest.mark.parametrize("name", ["Long", ""])
def test_a_text_longer_than_any_is_refused(name: str) -> None:
    found = one(question("truefalse", answer("true", 100) + answer("false"), "word " * 90_000, name))
    assert "longer than" in found.refused


@pytest.mark.parametrize(
    "piece", [r"\(", r"\[", "$$", "<b>", '<a href="x', "&#", "{1:MC:", "[[1]]", "<!--", "<br "]
)
def test_what_is_opened_and_never_closed_is_read_in_one_go(piece: str) -> None:
    text = piece * (9_000 if "<" in piece else 60_000)
    assert isinstance(from_html(text[:390_000]).text, str)


def test_more_tags_than_anybody_writes_are_refused() -> None:
    found = one(question("truefalse", answer("true", 100) + answer("false"), "<b>" * 10_001))
    assert "tags" in found.refused
