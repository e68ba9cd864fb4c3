"""What the pages for authors say is true: their examples are taken as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from assessment.rules.document import parse_assessment
from content.documents.text import DocumentFault, load_document
from content.illustrations import KINDS
from content.items.certification import certify
from content.items.interactions import INTERACTIONS
from content.items.parsing.document import parse_definition
from content.items.policies import policy
from tests.content.library.shelf import LIBRARY, course

DOCS = LIBRARY.parents[1] / "docs"
PAGES = ("authoring", "kinds", "exercises", "tolerance", "formulas", "assessments", "tutorial")


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


def test_there_is_an_example_of_every_interaction_kind() -> None:
    documents = [document for document in examples("kinds") if "body" in document]
    shown = {one["kind"] for document in documents for one in document["interactions"].values()}
    assert shown == set(INTERACTIONS)


def read_as(text: str) -> Any:
    try:
        return load_document(text)
    except DocumentFault as fault:
        return fault


def rows_about_quotes() -> list[list[str]]:
    section = page("authoring").partition("## TeX in YAML")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)` \|", section, re.MULTILINE)
    assert len(rows) >= 10
    return [list(row) for row in rows]


@pytest.mark.parametrize(("right", "wrong"), rows_about_quotes())
def test_what_the_page_says_of_quotes_is_so(right: str, wrong: str) -> None:
    (value,) = read_as(right).values()
    assert value == right.partition("'")[2].rpartition("'")[0]
    mistaken = read_as(wrong)
    assert isinstance(mistaken, DocumentFault) or value not in mistaken.values()


def test_every_policy_of_the_page_is_one() -> None:
    settings = re.findall(r"^\| `(\{name: .+?\})` \|", page("tolerance"), re.MULTILINE)
    assert {policy(load_document(one)).document["name"] for one in settings} == {
        "absolute", "relative", "significant_figures", "decimal_places",
        "all_or_nothing", "per_option", "right_minus_wrong",
    }  # fmt: skip


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
