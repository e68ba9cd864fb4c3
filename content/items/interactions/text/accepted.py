"""What an author accepts: a text or a pattern, what it earns, and what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import re2

from content.expressions import Scope
from content.items.interactions import fields
from content.items.interactions.fields import Fault

MAX_PATTERN: Final = 500


@dataclass(frozen=True, kw_only=True)
class Accepted(fields.Declared):
    text: str | None = fields.optional_text()
    pattern: str | None = fields.optional_text(about="RE2, whose work is linear in the length of the answer.")
    example: str | None = fields.optional_text(about="A text that the pattern matches.")
    credit: float = fields.share(1.0)
    feedback: str | None = fields.optional_text()
    misconception: str | None = fields.optional_text()

    def faults(self, scope: Scope) -> Iterator[Fault]:
        if (self.text is None) == (self.pattern is None):
            yield "", "needs either a text or a pattern"
        if self.pattern is not None:
            yield from self._faults_of_pattern(self.pattern)

    def _faults_of_pattern(self, pattern: str) -> Iterator[Fault]:
        try:
            fits = len(pattern) <= MAX_PATTERN and compiled(pattern, case=False)
        except re2.error as error:
            yield "pattern", f"cannot be read: {str(error)[:100]}"
            return
        if not fits:
            yield "pattern", f"is longer than {MAX_PATTERN} characters"
        elif self.credit >= 1 and not (self.example and fits.fullmatch(self.example)):
            yield "example", "must give a text that the pattern matches"


def compiled(pattern: str, *, case: bool) -> Any:
    """Return a pattern ready to match; raises ``re2.error`` where it cannot be read."""
    options = re2.Options()
    options.case_sensitive = case
    options.log_errors = False
    options.max_mem = 1 << 20
    return re2.compile(pattern, options=options)
