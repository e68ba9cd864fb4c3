"""The look of formulas: the desk sets them in the font and with the style sheet of the learner's app."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def formula_style() -> str | None:
    """Return the address of the built style sheet; None before the frontend is built."""
    return built("math", ".css")


def built(name: str, ending: str) -> str | None:
    """Return the address of what the build made of an entry; None before the frontend is built."""
    files = Path(settings.FRONTEND_DIST, "assets").glob(f"{name}-*{ending}")
    newest = max(files, key=lambda file: file.stat().st_mtime_ns, default=None)
    return f"/assets/{newest.name}" if newest else None
