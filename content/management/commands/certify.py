"""``manage.py certify``: try exercises over many draws, and say which may be shown."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.documents.text import DocumentFault
from content.items.certification import DRAWS
from content.items.examining import Fault, examine_item
from content.models import Item, ItemVersion, Status

MAX_DRAWS = 1_000_000
SUFFIXES = (".yaml", ".yml")

Finding = dict[str, Any]
Source = str | Callable[[], str]


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
    if not finding["draws"]:
        return "REFUSED before any draw"
    rejected = f", {finding['fenced']:.2%} rejected" if finding["fenced"] else ""
    return f"{'certified' if finding['certified'] else 'REFUSED'} over {finding['draws']:,} draws{rejected}"


def _tried(name: str, text: Source, draws: int) -> Finding:
    """Return what trying one document out found; what cannot be read or understood is refused like any other."""
    try:
        found = examine_item(text() if callable(text) else text, None, certified=True, draws=draws)
    except DocumentFault as fault:
        return _faulty(name, [Fault("", fault.reason)])
    if found.certificate is None:
        return _faulty(name, found.faults)
    return found.certificate.to_json() | {
        "reasons": [_in_words(name, fault) for fault in found.faults],
        "faults": [asdict(fault) for fault in found.faults],
    }


def _in_words(name: str, fault: Fault) -> str:
    """Write a fault as compilers do, so that editors find its place."""
    place = f"{name}:{fault.line}:{fault.column}" if fault.line else name
    return ": ".join(part for part in (place, fault.path, fault.reason) if part)


def _faulty(name: str, faults: Sequence[Fault]) -> Finding:
    """Return the finding on a document of which no variant can be drawn."""
    return {
        "slug": name,
        "draws": 0,
        "certified": False,
        "fenced": None,
        "distinct": 0,
        "trivial": None,
        "reasons": [_in_words(name, fault) for fault in faults],
        "faults": [asdict(fault) for fault in faults],
    }


def _sources(named: list[str]) -> Iterator[tuple[str, Source]]:
    """Yield the name of each item asked for and its text, or what reads it. Raises CommandError for no item."""
    if not named:
        for item in Item.objects.servable():
            yield item.slug, item.version.text
    for name in named:
        path = Path(name)
        if path.is_dir():
            yield from ((str(file), partial(_read, file)) for file in _files(path))
        elif path.suffix in SUFFIXES:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
            yield name, partial(_read, path)
        else:
            yield name, _newest(name).text


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


def _read(path: Path) -> str:
    """Return the text of a file. Raises DocumentFault."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DocumentFault(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DocumentFault(f"is not in UTF-8 (byte {error.start})") from error
