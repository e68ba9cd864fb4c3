"""Everything that is wrong with the text of an assessment, at once, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from assessment.rules.definition import AssessmentDefinition
from assessment.rules.document import read_assessment, remarks
from content.documents.examining import (
    MOST_UNKNOWN,
    Examination,
    Locator,
    examine_document,
    in_order,
    no_such,
)
from content.documents.reader import PathFault
from content.documents.source import SourceText

Names = Mapping[str, Collection[str]]
"""The slugs of what exists: of each ``lesson``, ``item``, ``bank`` and ``skill``."""


def examine_assessment(
    text: str, names: Names, *, slug: str | None = None
) -> Examination[AssessmentDefinition]:
    """Return all that is wrong with the text of an assessment, and what it says without effect. Raises nothing.

    ``slug`` is the one that the assessment must keep.
    """

    def others(_: SourceText, definition: AssessmentDefinition) -> Iterator[PathFault]:
        if slug and definition.slug and definition.slug != slug:
            yield PathFault("slug", f"must stay {slug}", suggestion=slug)
        strangers = (one for one in definition.references() if one.slug not in names.get(one.kind, ()))
        for one in islice(strangers, MOST_UNKNOWN):
            yield no_such(one.kind, one.path, one.slug, names.get(one.kind, ()), at_key=one.at_key)

    found = examine_document(text, read_assessment, others)
    if found.definition is None:
        return found
    locator = Locator(found.source)
    worth_knowing = [
        locator.place(PathFault(path, reason), refuses=False)
        for path, reason in remarks(found.definition, found.source.document)
    ]
    return Examination(found.source, found.definition, in_order([*found.faults, *worth_knowing]))
