"""The static files of the installed apps, collected once: by ``python -m config.static`` and by every start."""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> None:
    """Collect the files when they differ from those collected last; else write nothing.

    Contents are compared and not times, which an image rounds: its root cannot be written.
    """
    found = sorted({storage.path(name) for finder in get_finders() for name, storage in finder.list([])})
    digest = hashlib.sha256()
    for path in found:
        digest.update(path.encode() + b"\0" + hashlib.sha256(Path(path).read_bytes()).digest())
    stamp = settings.VAR / "static.made-from"
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and settings.STATIC_ROOT.is_dir():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    collect()
