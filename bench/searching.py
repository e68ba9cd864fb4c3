"""What an author waits for who looks for words among ten thousand items.

Each has a text of its own, made of words of which few are common and most are rare, as in a language. The floor is
reading fifty items, that is a page of the list without looking for anything.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.models import User
from bench import Measurement, seconds_per_call
from bench.delivery import scratch_database
from content.models import Item, ItemBank, ItemVersion, Status
from content.searching import words_of

ITEMS: Final = 10_000
WORDS: Final = 8_000
LONG: Final = 120
"""Words of a stem; as many stand in hints and solution, and fifteen in each option."""
CALLS: Final = 5
SHOWN: Final = 50


def measure() -> Iterable[Measurement]:
    with scratch_database():
        words = _words()
        _fill(words)
        floor = seconds_per_call(lambda: list(Item.objects.order_by("slug")[:SHOWN]), calls=CALLS)
        rare, common = words[WORDS // 2], words[5]
        for name, search in (
            ("a rare word", rare),
            ("a common word", common),
            ("the beginning of words", common[:3]),
            ("three words", f"{words[3]} {words[40]} {words[300]}"),
            ("a word that is nowhere", "xyzzy"),
        ):
            yield Measurement(
                f"{ITEMS:,} items, {name}: found and counted",
                seconds_per_call(_search(search), calls=CALLS),
                f"{SHOWN} items, unsearched",
                floor,
            )
        yield Measurement(
            f"{ITEMS:,} items, a common word: the page of the desk",
            seconds_per_call(_page(common), calls=CALLS),
            f"{SHOWN} items, unsearched",
            floor,
        )


def _words() -> list[str]:
    dice = random.Random(1)  # noqa: S311 - dice of a benchmark
    return ["".join(dice.choices("abcdefghijklmnoprstuvw", k=dice.randint(4, 11))) for _ in range(WORDS)]


def _fill(words: list[str]) -> None:
    """Make the items, each with one published version."""
    dice, now = random.Random(2), timezone.now()  # noqa: S311 - dice of a benchmark
    bank = ItemBank.objects.create(slug="bench", title="Bench")
    items, versions = [], []
    for number in range(ITEMS):
        document = _document(f"bench-{number:05}", words, dice)
        item = Item(bank=bank, slug=document["slug"], title=document["title"], kinds=["choice"])
        version = ItemVersion(item=item, number=1, created_at=now, status=Status.PUBLISHED, published_at=now)
        version.write(document)
        items.append(item)
        versions.append(version)
    Item.objects.bulk_create(items, batch_size=1000)
    ItemVersion.objects.bulk_create(versions, batch_size=1000)
    for item, version in zip(items, versions, strict=True):
        item.current = version
    Item.objects.bulk_update(items, ["current"], batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE content_item")
        cursor.execute("ANALYZE content_itemversion")


def _document(slug: str, words: list[str], dice: random.Random) -> dict[str, Any]:
    def text(length: int) -> str:
        return " ".join(words[min(WORDS - 1, int(dice.paretovariate(0.6)))] for _ in range(length))

    options = [{"id": str(number), "text": text(15), "feedback": text(15)} for number in range(4)]
    return {
        "slug": slug,
        "title": text(5),
        "body": text(LONG),
        "interactions": {"a": {"kind": "choice", "options": options}},
        "hints": [text(LONG // 2)],
        "solution": text(LONG // 2),
    }


def _search(search: str) -> Callable[[], object]:
    def found() -> object:
        items = Item.objects.saying(words_of(search)).order_by("slug")
        return items.count(), list(items[:SHOWN])

    return found


def _page(search: str) -> Callable[[], object]:
    """Return the work of the desk's list, which shows where each item has the word."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.create_superuser("bench"))
    address = reverse("admin:content_item_changelist")

    def page() -> object:
        response = browser.get(address, {"q": search})
        if response.status_code != HTTPStatus.OK:
            raise RuntimeError(f"the desk answers {response.status_code}")
        return response

    return page
