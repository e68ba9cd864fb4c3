"""The text of a lesson: figures and checks in their places, faults with their lines."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from content.documents.reader import DefinitionError, Faults
from content.illustrations import KINDS
from content.theory import Check, Theory, beginning, parse_theory

FIGURE = "```figure weight-plane\ncaption: A *map*.\nwords: Two weights $w$.\npenalty: l2\n```"


def read(markdown: str) -> Theory:
    faults = Faults()
    theory = parse_theory(markdown, "theory", faults)
    faults.raise_if_any()
    return theory


def faults_of(markdown: str) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        read(markdown)
    return list(caught.value.faults)


def test_a_figure_stands_in_its_place_with_all_its_settings() -> None:
    shown = read(f"Before.\n\n{FIGURE}\n\nAfter.").html()
    found = re.search(r'data-illustration="([^"]+)" data-settings="([^"]+)"', shown)
    assert found
    assert found[1] == "weight-plane"
    settings = json.loads(html.unescape(found[2]))
    assert settings["penalty"] == "l2"
    assert settings.keys() == KINDS["weight-plane"].settings.keys()
    assert shown.index("Before") < shown.index("<figure") < shown.index("After")
    assert "<figcaption>A <em>map</em>.</figcaption>" in shown


def test_a_check_stands_in_its_place_as_a_link() -> None:
    theory = read("One.\n\n[[check: l2-step]]\n\nTwo.")
    assert '<p class="check" data-check="l2-step"><a href="/practice/l2-step">' in theory.html()
    assert theory.checks == ((3, "l2-step"),)


def test_places_keep_their_order_and_other_fences_stay_code() -> None:
    theory = read(f"[[check: a]]\n\n```python\nx = 1\n```\n\n{FIGURE}\n[[check: b]]")
    assert [type(p.what) for p in theory.places] == [Check, type(theory.illustrations[0]), Check]
    shown = theory.html()
    assert shown.index('data-check="a"') < shown.index("x = 1") < shown.index("<figure")


@pytest.mark.parametrize(
    ("markdown", "path", "words"),
    [
        ("x\n\n```figure nothing\ncaption: c\nwords: w\n```", "theory:3", "there is no figure called"),
        ("```figure weight-plane\ncaption: c\nwords: w\nbudget: 9\n```", "theory:4", "0.1 to 3"),
        ("```figure weight-plane\ncaption: c\nwords: w\nbugdet: 1\n```", "theory:4", "not known"),
        ("```figure weight-plane\nwords: w\n```", "theory:1", "caption: is missing"),
        ("```figure weight-plane\ncaption: c\n```", "theory:1", "words: is missing"),
        ("a\n\n```figure weight-plane\ncaption: c\n  words: [w\n```", "theory:5", ""),
        ("```figure weight-plane\n- a list\n```", "theory:1", "mapping"),
        ("a\n\n[[check l2-step]]", "theory:3", "alone on its line"),
        ("[[check: l2-step]] and more", "theory:1", "alone on its line"),
        ("- [[check: l2-step]]", "theory:1", "by itself"),
        ("words\n[[check: l2-step]]", "theory:2", "by itself"),
        ("- x\n  ```figure weight-plane\n  caption: c\n  ```", "theory:2", "by itself"),
    ],
)
def test_a_fault_names_its_line(markdown: str, path: str, words: str) -> None:
    assert any(found == path and words in reason for found, reason in faults_of(markdown))


def test_lists_that_belong_together_have_equal_lengths() -> None:
    lists = "strengths: [1, 2, 3]\ntraining: [1, 2, 3]\nvalidation: [1, 2, 3, 4]\nerrors: [0, 0, 0]"
    markdown = f"```figure validation-curve\ncaption: c\nwords: w\n{lists}\n```"
    assert "equal lengths" in faults_of(markdown)[0][1]


def test_words_and_captions_hold_no_scripts() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    shown = read(f"```figure weight-plane\ncaption: {evil}\nwords: {evil}\n```").html()
    assert "<script" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize("forged", ["\ue0107\ue011", "&#xe010;7&#xE011;", "&#57360;7&#057361;"])
def test_an_author_cannot_forge_a_place(forged: str) -> None:
    shown = read(f"{forged}\n\n{FIGURE}").html()
    assert shown.count("<figure") == 1


def test_the_beginning_ends_at_the_first_heading() -> None:
    assert beginning("a\n\nb # c\n\n## d\n\ne") == "a\n\nb # c\n\n"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_accepts_its_own_defaults(kind: str) -> None:
    needed: dict[str, Any] = {key: [0.1, 1, 10] for key in KINDS[kind].equal_lengths}
    lines = "\n".join(f"{key}: {value}" for key, value in needed.items())
    theory = read(f"```figure {kind}\ncaption: c\nwords: w\n{lines}\n```")
    again = {**theory.illustrations[0].settings}
    text = "\n".join(f"{key}: {json.dumps(value)}" for key, value in again.items())
    assert read(f"```figure {kind}\ncaption: c\nwords: w\n{text}\n```").illustrations[0].settings == again


def test_a_text_has_a_bounded_number_of_figures() -> None:
    assert "more than 30 figures" in faults_of("\n\n".join([FIGURE] * 31))[0][1]
