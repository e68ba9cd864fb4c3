"""``manage.py certify``: try exercises over many draws, and say which may be shown."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.documents.reader import DefinitionError
from content.documents.text import DocumentFault, load_document
from content.items.certification import DRAWS, certify
from content.items.parsing.document import parse_definition
from content.models import Item, ItemVersion, Status

MAX_DRAWS = 1_000_000
SUFFIXES = (".yaml", ".yml")

Finding = dict[str, Any]
Source = Mapping[str, Any] | Callable[[], Mapping[str, Any]]


class Command(BaseCommand):
    help = (
        "Certifies items: those named by slug (their draft where they have one), by YAML file or by folder "
        "of such files, by default all that learners may be given. Exits with 1 when one is refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("items", nargs="*", metavar="slug-or-path")
        parser.add_argument(
            "--draws", type=int, default=DRAWS, help=f"1 to {MAX_DRAWS:,}; {DRAWS:,} if not given"
        )
        parser.add_argument("--json", action="store_true", help="print a list of objects instead of words")

    def handle(self, *_args: Any, items: list[str], draws: int, **options: Any) -> None:
        if not 1 <= draws <= MAX_DRAWS:
            raise CommandError(f"--draws must be 1 to {MAX_DRAWS:,}.")
        found = []
        for name, source in _sources(items):
            found.append(_tried(name, source, draws))
            if not options["json"]:
                self._say(found[-1])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        if refused := sum(not finding["certified"] for finding in found):
            raise CommandError(f"{refused} of {len(found)} items may not be shown.")

    def _say(self, finding: Finding) -> None:
        style = self.style.SUCCESS if finding["certified"] else self.style.ERROR
        self.stdout.write(style(f"{finding['slug']}: {_verdict(finding)}"))
        for reason in finding["reasons"]:
            self.stdout.write(f"    {reason}")


def _verdict(finding: Finding) -> str:
    if finding["faults"]:
        return "REFUSED before any draw"
    rejected = f", {finding['fenced']:.2%} rejected" if finding["fenced"] else ""
    return f"{'certified' if finding['certified'] else 'REFUSED'} over {finding['draws']:,} draws{rejected}"


def _tried(name: str, source: Source, draws: int) -> Finding:
    """Return what trying one document out found; what cannot be read or understood is refused like any other."""
    try:
        document = source() if callable(source) else source
        return certify(parse_definition(document), draws=draws).to_json() | {"faults": []}
    except DocumentFault as fault:
        return _faulty(name, [{"line": fault.line, "path": "", "reason": fault.reason}])
    except DefinitionError as error:
        faults = [{"line": None, "path": path, "reason": reason} for path, reason in error.faults]
        return _faulty(name, faults)


def _faulty(name: str, faults: list[dict[str, Any]]) -> Finding:
    """Return the finding on a document of which no variant can be drawn."""
    reasons = [
        ": ".join(
            filter(None, (f"line {fault['line']}" if fault["line"] else fault["path"], fault["reason"]))
        )
        for fault in faults
    ]
    return {
        "slug": name,
        "draws": 0,
        "certified": False,
        "fenced": None,
        "distinct": 0,
        "trivial": None,
        "reasons": reasons,
        "faults": faults,
    }


def _sources(named: list[str]) -> Iterator[tuple[str, Source]]:
    """Yield the name of each item asked for and its document, or what reads it. Raises CommandError for no item."""
    if not named:
        for item in Item.objects.servable():
            yield item.slug, item.version.document
    for name in named:
        path = Path(name)
        if path.is_dir():
            yield from ((str(file), partial(_read, file)) for file in _files(path))
        elif path.suffix in SUFFIXES:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
            yield name, partial(_read, path)
        else:
            yield name, _newest(name).document


def _files(folder: Path) -> list[Path]:
    """Return the item files of a folder: those of a course or of a lesson, or the YAML files in it."""
    found = {
        suffix: [*folder.rglob(f"items/*{suffix}")] or [*folder.glob(f"*{suffix}")] for suffix in SUFFIXES
    }
    files = sorted(file for found_ones in found.values() for file in found_ones)
    if not files:
        raise CommandError(f"There is no item file in {folder}.")
    return files


def _newest(slug: str) -> ItemVersion:
    versions = ItemVersion.objects.filter(item__slug=slug).exclude(status=Status.RETIRED)
    newest = versions.order_by("-number").first()
    if newest is None:
        raise CommandError(f"There is no item {slug}.")
    return newest


def _read(path: Path) -> Mapping[str, Any]:
    """Return the document in a file. Raises DocumentFault."""
    try:
        document: Any = load_document(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DocumentFault(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DocumentFault(f"is not in UTF-8 (byte {error.start})") from error
    if not isinstance(document, Mapping):
        raise DocumentFault("must be a mapping")
    return document
