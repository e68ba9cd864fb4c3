"""What a database can keep: PostgreSQL has no text with a null character or with half of a surrogate pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return not _UNSTORABLE.search(text)


def texts_in(value: Any) -> Iterator[str]:
    """Yield the texts in a value of JSON, the keys of its mappings among them."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as entries:
                waiting += entries
            case Mapping() as entries:
                waiting += [*entries, *entries.values()]
