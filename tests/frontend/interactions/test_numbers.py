"""The file of spellings is what the server reads, for every locale that it knows."""

import json

from content.items.numbers import CONVENTIONS, Convention
from tests.frontend.interactions import numbers


def test_the_file_holds_what_the_server_reads() -> None:
    assert json.loads(numbers.FILE.read_text()) == numbers.cases()


def test_every_way_to_write_numbers_is_among_the_locales() -> None:
    tried: set[Convention] = {CONVENTIONS[tag] for tag in ("en", "de", "fr", "en-in", "de-ch")}
    assert tried == set(CONVENTIONS.values())
