"""Paths and links in the documentation lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
ROOMS = "api|assessment|bench|config|content|docs|frontend|scripts|tests"
PATH = re.compile(rf"(?<![\w/.])(?:{ROOMS})/[\w./-]*\w")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
SECTION = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)")
MADE = ("frontend/dist", "frontend/node_modules")
"""What a build makes."""


def paths_in(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    quoted = re.findall(r"`([^`\n]+)`", text) + re.findall(r"(?m)^ {4}(\S+/\S+\.py) ", text)
    return {found for words in quoted for found in PATH.findall(words)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_exists(page: Path) -> None:
    bases = (ROOT, ROOT / "frontend") if page.name == "frontend.md" else (ROOT,)
    named = [path for path in paths_in(page) if not path.startswith(MADE)]
    assert not [path for path in named if not any((base / path).exists() for base in bases)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    shown = [link for link in links if not link.startswith("media/")]  # an image of the examples
    assert not [link for link in shown if not (page.parent / link).exists()]


def anchors_of(page: Path) -> set[str]:
    """Return what a link can name in a page: its headings, as the hosts of repositories write them."""
    text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text(encoding="utf-8"))
    titles = re.findall(r"(?m)^#{1,6} +(.+?) *$", text)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_into_a_page_leads_to_a_heading(page: Path) -> None:
    links = SECTION.findall(page.read_text(encoding="utf-8"))
    assert not [
        (path, name) for path, name in links if name not in anchors_of(page.parent / path if path else page)
    ]


def test_a_heading_is_linked_to_without_its_marks() -> None:
    assert {"contributing", "what-a-change-looks-like"} <= anchors_of(ROOT / "CONTRIBUTING.md")


def test_the_functions_that_an_answer_passes_exist() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = re.findall(r"(?m)^ {4}(\S+/\S+\.py) +(?:\w+\(\.\.\.\)\.|\w+\.)?(\w+)", page)
    assert len(steps) == 10
    for file, name in steps:
        room = (ROOT / file).parent if file.endswith("__init__.py") else ROOT / file
        sources = room.glob("*.py") if room.is_dir() else [room]
        assert any(f"def {name}(" in source.read_text(encoding="utf-8") for source in sources), (file, name)
