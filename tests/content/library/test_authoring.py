"""What the pages for authors say is true: their examples are taken as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from assessment.rules.document import parse_assessment
from content.documents.text import load_document
from content.illustrations import KINDS
from content.items.certification import certify
from content.items.interactions import INTERACTIONS
from content.items.parsing.document import parse_definition
from tests.content.library.shelf import LIBRARY, course

DOCS = LIBRARY.parents[1] / "docs"
PAGES = ("authoring", "kinds", "exercises", "tolerance", "formulas", "assessments")


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def examples(name: str) -> list[Any]:
    return [load_document(text) for text in re.findall(r"```yaml\n(.*?)```", page(name), re.DOTALL)]


EXAMPLES: list[Any] = [document for name in PAGES for document in examples(name)]


@pytest.mark.parametrize("document", [d for d in EXAMPLES if "body" in d], ids=lambda d: d["slug"])
def test_each_item_of_the_page_is_certified_and_uses_known_names(document: dict[str, Any]) -> None:
    definition = parse_definition(document)
    assert certify(definition).certified
    assert set(definition.skills) <= {source.slug for source in course().skills}
    assert definition.misconception_slugs <= {source.slug for source in course().misconceptions}


def test_the_assessment_of_the_page_is_one() -> None:
    (document,) = [d for d in EXAMPLES if "sections" in d]
    assert parse_assessment(document).rules.tries == 2


def test_the_page_lists_every_figure_with_its_settings() -> None:
    rows = re.findall(
        r"^\| `([-\w]+)` \| [^|]* \| (.*) \|$", page("lessons").partition("## Figures")[2], re.MULTILINE
    )
    told = {kind: set(re.findall(r"`([^`]+)`", settings)) for kind, settings in rows}
    for kind, described in KINDS.items():
        assert set(described.settings) <= told[kind], kind


def test_the_app_draws_every_kind_of_figure() -> None:
    table = (LIBRARY.parents[1] / "frontend/src/illustrations/index.ts").read_text(encoding="utf-8")
    assert set(re.findall(r'^  "?([-\w]+)"?:', table, re.MULTILINE)) == set(KINDS)


def test_the_page_lists_every_interaction_kind() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", page("kinds"), re.MULTILINE)
    assert set(INTERACTIONS) <= set(listed)


@pytest.mark.parametrize("assessment", list(course().assessments), ids=lambda source: source.slug)
def test_each_assessment_of_the_library_is_one(assessment: Any) -> None:
    assert parse_assessment(assessment.document).lesson == Path(assessment.file).parts[-3]
