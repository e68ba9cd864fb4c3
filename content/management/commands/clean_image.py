"""``manage.py clean_image``: make images ready for a course folder, and say what stands in a text for each."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.media.reading import MOST_BYTES_READ, ImageRefused, read_image


class Command(BaseCommand):
    help = (
        "Writes images (PNG, JPEG, WebP, SVG) as they are kept, under the names by which texts show them. "
        "Exits with 1 when one is refused; the others are written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="file")
        parser.add_argument(
            "--into", type=Path, help="a folder, such as media/ of a lesson; by default beside each file"
        )

    def handle(self, *_args: Any, files: list[Path], into: Path | None, **_options: Any) -> None:
        refused = [file for file in files if not self._write(file, into or file.parent)]
        if refused:
            raise CommandError(f"{len(refused)} of {len(files)} are not written.")

    def _write(self, file: Path, folder: Path) -> bool:
        """Write what is kept of one file. Say why not, and return False, where it is refused."""
        try:
            with file.open("rb") as opened:
                image = read_image(opened.read(MOST_BYTES_READ + 1), file.name)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / str(image.name)).write_bytes(image.data)
        except (ImageRefused, OSError) as error:
            self.stderr.write(self.style.ERROR(f"{file}: {error}"))
            return False
        without = f", without {', '.join(image.taken_out)}" if image.taken_out else ""
        self.stdout.write(f"{folder / str(image.name)}{without}\n    ![](media/{image.name})")
        return True
