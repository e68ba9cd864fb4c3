"""What axe finds wrong on a page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings
from playwright.sync_api import Page

SCRIPT: Final = Path(settings.BASE_DIR, "frontend", "node_modules", "axe-core", "axe.min.js")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page, axe: str) -> list[tuple[str, list[object]]]:
    """Return each broken rule with the elements that break it."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found["violations"]]


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
