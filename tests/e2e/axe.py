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
    _rest(page)
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found["violations"]]


def _rest(page: Page) -> None:
    """Let what moves come to rest: in the middle of a change of color no contrast is what it will be."""
    for _ in range(100):
        if page.evaluate("document.getAnimations().every((one) => one.playState !== 'running')"):
            return
        page.wait_for_timeout(50)


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
