"""The look of formulas: the desk sets them in the font and with the style sheet of the learner's app."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def formula_style() -> str | None:
    """Return the address of the built style sheet; None before the frontend is built."""
    sheets = Path(settings.FRONTEND_DIST, "assets").glob("math-*.css")
    newest = max(sheets, key=lambda file: file.stat().st_mtime_ns, default=None)
    return f"/assets/{newest.name}" if newest else None
