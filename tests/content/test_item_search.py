"""Finding items by the words in their texts."""

import random
from typing import Any

import pytest

from content.authoring import draft_item
from content.curating import tag_item
from content.models import Item
from content.searching import excerpt, passages_of_item, words_of
from tests.builders import NOW, choice_document, make_bank, make_item, make_skill

pytestmark = pytest.mark.django_db


def found(search: str) -> list[str]:
    return list(Item.objects.saying(words_of(search)).values_list("slug", flat=True))


def item(slug: str, **changes: Any) -> Item:
    return make_item(choice_document(slug, **changes))


@pytest.fixture
def told() -> Item:
    item("other", body="Nothing of it. [[a]]")
    options = [
        {"id": "a", "text": "A marzipan option", "key": True, "feedback": "Well spotted albatross."},
        {"id": "b", "text": "b", "feedback": "c"},
    ]
    return item(
        "told",
        title="Overfitted zeppelin",
        body="How does ridge regularization shrink $\\frac{xylophone}{2}$, at 0.05? [[a]]",
        interactions={"a": {"kind": "choice", "options": options}},
        hints=["Think of a walrus.", "Then of a\nnarwhal."],
        solution="The pangolin/okapi decides.",
    )


@pytest.mark.parametrize(
    "search",
    [
        "zeppelin",
        "ridge",
        "marzipan",
        "albatross",
        "walrus",
        "narwhal",
        "pangolin",
        "okapi",
        "xylophone",
        "0.05",
        "marzi",
        "REGULARISATION",
        "regularise",
        "shrinking",
        "narwhal pangolin",
        "told",
    ],
)
def test_an_item_is_found_by_a_word_anywhere_in_it(told: Item, search: str) -> None:
    assert found(search) == ["told"]


@pytest.mark.parametrize("search", ["choice", "numeric", "kangaroo", "narwhal kangaroo", "feedback", "frac{"])
def test_an_item_is_not_found_by_what_no_reader_sees(told: Item, search: str) -> None:
    assert found(search) == [] or search == "frac{"


def test_every_word_may_be_found_in_another_place(told: Item) -> None:
    tag_item(item=told, add=["exam 2026"])
    skill = make_skill("gradient-descent")
    told.skills.add(skill)
    assert found("2026 gradient ridge") == ["told"]
    assert found("2026 gradient kangaroo") == []


def test_a_draft_is_searched_beside_the_wording_in_force(told: Item) -> None:
    draft = choice_document("told", body="A platypus. [[a]]")
    draft_item(bank=told.bank, document=draft, now=NOW)
    assert (found("platypus"), found("ridge")) == (["told"], ["told"])


def test_an_old_wording_is_not_searched(told: Item) -> None:
    old = told.versions.get()
    old.mark_retired(NOW)
    old.save()
    assert found("ridge") == []


def test_no_words_find_everything(told: Item) -> None:
    assert found(" ?! ") == ["other", "told"]


@pytest.mark.parametrize(
    "document",
    [
        {
            "slug": "odd",
            "body": ["x"],
            "hints": {"a": 1},
            "interactions": [1, {"text": {"text": 3}}],
            "title": None,
        },
        {"slug": "odd", "body": "w" * 250_000},
        {"slug": "odd", "body": " ".join(f"ä{number}ö" for number in range(40_000))},
        {"slug": "odd", "hints": [[[["deep"]]]] * 2000, "solution": {"text": "x"}},
        {"slug": "odd", "body": "' & | ! :* <-> \\ \" $$ -- ;"},
    ],
)
def test_whatever_a_draft_holds_it_is_kept_and_searched(document: dict[str, Any]) -> None:
    draft_item(bank=make_bank(), document=document, now=NOW)
    assert found("odd") == ["odd"]
    assert excerpt(passages_of_item(document), ("zebra",)) is None


@pytest.mark.parametrize("search", ["'", "a & b", "a | !b", "a:*", "<->", "\\", "ü" * 300, "\x00", "%", "_"])
def test_whatever_is_searched_for_finds_or_does_not(told: Item, search: str) -> None:
    assert set(found(search)) <= {"told", "other"}


def test_words_of_random_texts_are_found_again() -> None:
    dice = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(dice.choices(letters, k=9)) for _ in range(20)]
    item("random", body=" ".join(words) + " [[a]]")
    assert all(found(word) == ["random"] for word in words)


def test_an_excerpt_shows_the_words_in_the_stem(told: Item) -> None:
    piece = excerpt(passages_of_item(told.current.document), ("ridge", "shrink"))
    assert [piece.text[start:end] for start, end in piece.matches] == ["ridge", "shrink"]
    assert "[[a]]" not in piece.text
    assert "frac" not in piece.text
