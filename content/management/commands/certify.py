"""``manage.py certify``: try exercises over many draws, and say which may be shown."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.formats.documents import DocumentFault, load_document
from content.items.certification import DRAWS, certify
from content.items.definition import DefinitionError, parse_definition
from content.models import Item, ItemVersion, Status

MAX_DRAWS = 1_000_000
SUFFIXES = (".yaml", ".yml")

Finding = dict[str, Any]


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
        for slug, document in _documents(items):
            found.append(_certified(slug, document, draws))
            if not options["json"]:
                self._say(found[-1])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        if refused := sum(not finding["certified"] for finding in found):
            raise CommandError(f"{refused} of {len(found)} items may not be shown.")

    def _say(self, finding: Finding) -> None:
        style = self.style.SUCCESS if finding["certified"] else self.style.ERROR
        verdict = "certified" if finding["certified"] else "REFUSED"
        fenced = f", {finding['fenced']:.2%} fenced" if finding.get("fenced") else ""
        self.stdout.write(style(f"{finding['slug']}: {verdict} over {finding['draws']:,} draws{fenced}"))
        for reason in finding["reasons"]:
            self.stdout.write(f"    {reason}")


def _certified(slug: str, document: Mapping[str, Any], draws: int) -> Finding:
    try:
        return certify(parse_definition(document), draws=draws).to_json()
    except DefinitionError as error:
        reasons = [f"{path}: {reason}" for path, reason in error.faults]
        return {"slug": slug, "draws": 0, "certified": False, "fenced": 1.0, "reasons": reasons}


def _documents(named: list[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the slug and the document of each item asked for. Raises CommandError for what is not there."""
    if not named:
        for item in Item.objects.servable():
            yield item.slug, item.version.document
    for name in named:
        path = Path(name)
        if path.is_dir():
            yield from ((str(file), _read(file)) for file in _files(path))
        elif path.suffix in SUFFIXES:
            yield name, _read(path)
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
    try:
        document: Any = load_document(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, DocumentFault) as error:
        raise CommandError(f"{path}: {error}") from error
    return document if isinstance(document, Mapping) else {}
