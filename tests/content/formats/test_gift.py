"""GIFT and Aiken: every question is accounted for, and marks stay what they were."""

from __future__ import annotations

from typing import Any

import pytest

from content.formats.foreign import Foreign, ForeignFault
from content.formats.gift import aiken
from content.formats.gift import reading as gift
from content.formats.registry import recognized
from content.formats.trying import mismatches
from content.items.certification import certify
from content.items.parsing.document import parse_definition
from tests.shared import shared_path


def read(text: str) -> list[Foreign]:
    return gift.read(text.encode(), "quiz.gift")


def one(text: str) -> Foreign:
    (found,) = read(text)
    return found


def sound(found: Foreign) -> dict[str, Any]:
    assert not found.refused, found.refused
    document = {"slug": "a", **found.document}
    definition = parse_definition(document)
    assert certify(definition).grounds == []
    assert mismatches(definition, found.trials) == []
    return document


@pytest.mark.parametrize(
    ("file", "form", "count", "refused"),
    [
        ("gift-examples.txt", "gift", 43, 0),
        ("questions.gift.txt", "gift", 9, 1),
        ("questions.aiken.txt", "aiken", 2, 0),
        ("aiken_errors.txt", "aiken", 6, 3),
    ],
)
def test_files_of_moodle_itself_are_read_whole(file: str, form: str, count: int, refused: int) -> None:
    data = shared_path(f"formats/moodle/{file}").read_bytes()
    known = recognized(data)
    assert known.name == form
    found = known.read(data, file)
    assert (len(found), sum(bool(each.refused) for each in found)) == (count, refused)
    for each in found:
        if not each.refused:
            sound(each)


def test_titles_formats_categories_and_labels_stand_before_the_text() -> None:
    text = (
        "$CATEGORY: $course$/top/Week 1/Sums\n\n// [id:two-plus] [tag:easy]\n::Two::[html]<b>2</b> + 2 = {=4}"
    )
    found = one(text)
    assert (found.title, found.category, found.identity) == ("Two", ("Week 1", "Sums"), "two-plus")
    assert sound(found)["body"] == "**2** + 2 =\n\n[[a]]"
    assert found.notes == ("its tags were left out: easy",)


@pytest.mark.parametrize(
    ("answers", "fractions"),
    [
        ("{=a ~%50%b ~c}", [1.0, 0.5, 0.0]),
        ("{~%50%a ~%50%b ~%-100%c}", [0.5, 0.5, -1.0]),
        ("{~a\n#no\n\n=b#yes}", [0.0, 1.0]),
    ],
)
def test_choices_keep_their_weights(answers: str, fractions: list[float]) -> None:
    interaction = sound(one(f"Which? {answers}"))["interactions"]["a"]
    weights = [option.get("weight", float(option["key"])) for option in interaction["options"]]
    assert weights == fractions
    assert interaction.get("multiple", False) == ("=" not in answers)


@pytest.mark.parametrize(
    ("answers", "foreseen"),
    [
        ("{#3}", [("3", 0.0, 1.0)]),
        ("{#3:0.5}", [("3", 0.5, 1.0)]),
        ("{#1..5}", [("3.0", 2.0, 1.0)]),
        ("{#=3:0.1 =%50%3:1}", [("3", 0.1, 1.0), ("3", 1.0, 0.5)]),
    ],
)
def test_numbers_have_tolerances_and_ranges(answers: str, foreseen: list[Any]) -> None:
    policy = sound(one(f"How many? {answers}"))["interactions"]["a"]["policy"]
    assert [(each["answer"], each["tolerance"], each["fraction"]) for each in policy["answers"]] == foreseen


@pytest.mark.parametrize(("word", "truth"), [("T", True), ("TRUE", True), ("F", False), ("false", False)])
def test_true_and_false_have_feedback_for_wrong_and_right(word: str, truth: bool) -> None:
    interaction = sound(one(f"So it is.{{{word}#No.#Yes.}}"))["interactions"]["a"]
    said = {option["id"]: (option["key"], option["feedback"]) for option in interaction["options"]}
    assert said == {
        "true": (truth, "Yes." if truth else "No."),
        "false": (not truth, "No." if truth else "Yes."),
    }


def test_escaped_signs_are_signs() -> None:
    document = sound(one(r"::A\: b::Is \{x\} \= 1? {=\~yes\#1 ~no \= \\}"))
    assert document["title"] == "A: b"
    assert document["body"] == "Is &#123;x} = 1?\n\n[[a]]"
    assert [option["text"] for option in document["interactions"]["a"]["options"]] == [r"\~yes#1", r"no = \\"]


def test_a_word_that_is_missing_is_asked_for_in_its_place() -> None:
    assert sound(one("Grant is {~buried =entombed} in it."))["body"] == "Grant is [[a]] in it."
    assert sound(one("Two and two is {=four =4}."))["body"] == "Two and two is [[a]]."


def test_feedback_to_all_is_the_solution() -> None:
    assert sound(one("Two? {=2 ####Count them.}"))["solution"] == "Count them."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Write about it. {}", "marked by a person"),
        ("Read this.", "a text without a question"),
        ("Open { =a ~b", "never closed"),
        ("Match. {=a -> b}", "fewer than two pairs"),
        ("Match. {=a -> b =c}", "has no partner"),
        ("Pick. {~a}", "fewer than two options"),
        ("Number. {#many}", "is no number"),
        ("Text. {=}", "has no answers"),
    ],
)
def test_what_cannot_be_an_item_says_why(text: str, reason: str) -> None:
    found = one(text)
    assert found.document is None
    assert reason in found.refused


def test_a_broken_question_leaves_its_neighbors_alone() -> None:
    first, second = read("Pick. {~a}\n\nTwo? {=2}")
    assert (bool(first.refused), first.line) == (True, 1)
    assert (sound(second)["title"], second.line) == ("Two?", 3)


@pytest.mark.parametrize("data", [b"\xff\xfea\x00", b"a\x00b{=c}", b"<?xml version='1.0'?><x>{a}</x>"])
def test_what_is_no_text_is_no_gift(data: bytes) -> None:
    assert not gift.sniff(data)


def test_text_of_windows_is_read() -> None:
    assert sound(gift.read("Größe? {=groß}".encode("cp1252"), "")[0])["title"] == "Größe?"


def test_a_file_of_too_many_questions_is_refused() -> None:
    with pytest.raises(ForeignFault, match="several files"):
        read("Two? {=2}\n\n" * 5_001)


def test_aiken_names_each_broken_question() -> None:
    found = aiken.read(shared_path("formats/moodle/aiken_errors.txt").read_bytes(), "")
    assert [each.refused for each in found if each.refused] == [
        "it has fewer than two options",
        "there is no question before its options",
        "it has no line that begins with ANSWER:",
    ]
