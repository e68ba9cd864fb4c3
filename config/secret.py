"""Secrets: given by name or in a file, and the key of a local installation, made once and kept."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def given(name: str) -> str:
    """Return the secret in the variable ``name``, or in the file that ``name_FILE`` names; empty if there is neither.

    A secret may hold any character: nothing in it is interpreted, and only the end of the file's line is left out.
    Raises ImproperlyConfigured.
    """
    place = os.environ.get(f"{name}_FILE", "")
    if not place:
        return os.environ.get(name, "")
    try:
        return Path(place).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE names {place}, which cannot be read: {error}") from error


def local_key(path: Path, *, allowed: bool) -> str:
    """Return the key kept at ``path``, made on first use. Raises ImproperlyConfigured unless ``allowed``."""
    if not allowed:
        raise ImproperlyConfigured("Set SECRET_KEY: with DATABASE_URL set, no key is made up.")
    try:
        return path.read_text()
    except FileNotFoundError:
        return _made_once(path)
    except PermissionError as error:
        raise ImproperlyConfigured(f"{path} belongs to another user; set SECRET_KEY or ASSAY_VAR.") from error


def _made_once(path: Path) -> str:
    """Write a new key under another name and link it into place, so that of two racing processes one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # The other process was first, and its key is the one to use.
    finally:
        draft.unlink()
    return path.read_text()
