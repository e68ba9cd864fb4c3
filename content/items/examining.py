"""Everything that is wrong with an item, at once: its text, what it means, what it names, what trying it out finds.

Each fault has the place in the text where its author can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import yaml

from content.documents.examining import (
    MOST_UNKNOWN,
    Examination,
    Fault,
    Locator,
    examine_document,
    in_order,
    no_such,
)
from content.documents.reader import PathFault
from content.documents.source import SourceText
from content.items.certification import DRAWS, MAX_FENCED, SUMMARIES, Certificate, certify
from content.items.definition import ItemDefinition
from content.items.findings import Finding
from content.items.parsing.document import read_definition
from content.items.parsing.references import references
from content.items.pictures import picture_faults
from content.items.refusals import REFUSALS, faults_in
from content.items.tex import commands
from content.media.names import alike

__all__ = ["Fault", "ItemExamination", "Names", "examine_item"]

_COMMAND: Final = re.compile(r"(?<!\\)(?:\\\\)*\\([A-Za-z]{2,})")


@dataclass(frozen=True, slots=True)
class Names:
    """The slugs of what exists, and may be named."""

    skills: Collection[str] = ()
    misconceptions: Collection[str] = ()
    items: Collection[str] = ()
    images: Collection[str] = ()

    def of(self, kind: str) -> Collection[str]:
        known = {"skill": self.skills, "misconception": self.misconceptions, "item": self.items}
        return {**known, "image": self.images}[kind]


@dataclass(frozen=True, slots=True)
class ItemExamination(Examination[ItemDefinition]):
    """An examination with the certificate, where one was asked for and the item could be tried."""

    certificate: Certificate | None = None


def examine_item(
    text: str, names: Names | None, *, slug: str | None = None, certified: bool = False, draws: int = DRAWS
) -> ItemExamination:
    """Return all that is wrong with the text of an item. Raises nothing.

    Without ``names`` it is not asked whether what is named exists. ``slug`` is the one that the item must keep. Where
    it is to be ``certified``, a sound item is tried over so many ``draws``, and what is found is among the faults:
    what refuses it, and what is only worth knowing.
    """

    def others(source: SourceText, definition: ItemDefinition) -> Iterator[PathFault]:
        yield from _misread(source)
        if slug and definition.slug and definition.slug != slug:
            yield PathFault("slug", f"must stay {slug}", suggestion=slug)
        yield from (PathFault(path, reason) for path, reason in picture_faults(source.document))
        if names is not None:
            yield from unknown(source.document, names)

    found = examine_document(text, read_definition, others)
    if not certified or found.definition is None:
        return ItemExamination(found.source, found.definition, found.faults)
    return _tried(found.source, found.definition, found.faults, draws)


def unknown(document: object, names: Names) -> Iterator[PathFault]:
    """Yield what a document names that does not exist."""
    strangers = (one for one in references(document) if one.slug not in names.of(one.kind))
    for one in islice(strangers, MOST_UNKNOWN):
        known = names.of(one.kind)
        meant = alike(one.slug, known) if one.kind == "image" else None
        yield no_such(one.kind, one.path, one.slug, known, at_key=one.at_key, meant=meant)


def _misread(source: SourceText) -> Iterator[PathFault]:
    """Yield the TeX in double quotes that YAML reads as something else: ``\\frac`` begins with a form feed there."""
    for path, place in source.places.items():
        if not isinstance(place.node, yaml.ScalarNode) or place.node.style != '"':
            continue
        for found in _COMMAND.finditer(source.text, place.value.start, place.value.end):
            if found[1] in commands():
                reason = (
                    f"in double quotes \\{found[1][0]} is a character of its own, and not the beginning of "
                    f"\\{found[1]}; put the text in single quotes, or below its key in a block (|)"
                )
                yield PathFault(path, reason)
                break


def _tried(
    source: SourceText, definition: ItemDefinition, faults: tuple[Fault, ...], draws: int
) -> ItemExamination:
    locator = Locator(source)
    try:
        certificate = certify(definition, draws=draws)
    except REFUSALS as error:
        found = [locator.place(PathFault(path, reason)) for path, reason in faults_in(error)]
        return ItemExamination(source, None, in_order([*faults, *found]))
    found = [
        locator.place(_placed(source, finding), refuses=is_refusing)
        for finding, is_refusing in told(certificate)
    ]
    return ItemExamination(source, definition, in_order([*faults, *found]), certificate)


def told(certificate: Certificate) -> list[tuple[Finding, bool]]:
    """Return what certification found, each with whether it refuses the item.

    Where too many draws are rejected, what rejects more than a few of them refuses it; that they are too many is
    told only where nothing else says why.
    """
    too_many = certificate.fenced > MAX_FENCED
    judged = [
        (one, one.refuses or (too_many and one.share >= MAX_FENCED / 10)) for one in certificate.findings
    ]
    reasons = [one for one, refuses in judged if refuses and one.reason not in SUMMARIES]
    return [(one, refuses) for one, refuses in judged if not reasons or one.reason not in SUMMARIES]


def _placed(source: SourceText, finding: Finding) -> PathFault:
    """Return a finding as a fault at its place; of a text, at the words that are meant."""
    path = finding.path or ""
    place = source.places.get(path)
    value = place.node.value if place else None
    start = value.find(finding.quote) if finding.quote and isinstance(value, str) else -1
    inside = (start, start + len(finding.quote)) if start >= 0 else None
    return PathFault(path, str(finding), inside=inside)
