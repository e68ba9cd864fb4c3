"""KaTeX as the learner's app has it: the desk sets formulas with the very files that learners get."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class FormulaFiles:
    """Addresses of the script that exports ``render`` and of its style sheet."""

    script: str
    style: str


def formula_files() -> FormulaFiles | None:
    """Return the built files; None before the frontend is built, when formulas stay TeX."""
    assets = Path(settings.FRONTEND_DIST) / "assets"
    script, style = _newest(assets, "katex-*.js"), _newest(assets, "katex-*.css")
    return FormulaFiles(f"/assets/{script.name}", f"/assets/{style.name}") if script and style else None


def _newest(folder: Path, pattern: str) -> Path | None:
    return max(folder.glob(pattern), key=lambda file: file.stat().st_mtime_ns, default=None)
