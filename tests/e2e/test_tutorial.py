"""The tutorial can be walked, with what it says and nothing else; its pictures are taken on the way.

``UPDATE_PICTURES=1 pytest tests/e2e/test_tutorial.py`` writes the pictures anew. Without it they are only asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from content.admin.trying import drawn_again
from content.documents.text import dump_document, load_document
from content.expressions import parse
from content.items.parsing.document import parse_definition
from content.models import AuthorGrant, Item, Misconception
from tests.builders import NOW, make_bank, make_skill
from tests.desks import make_instructor
from tests.e2e.axe import faults
from tests.e2e.screens import sign_in

DOCS: Final = Path(settings.BASE_DIR, "docs")
TEXT: Final = (DOCS / "tutorial.md").read_text(encoding="utf-8")
PICTURES: Final = [Path(name) for name in re.findall(r"!\[[^]]+\]\((images/tutorial-[\w-]+\.png)\)", TEXT)]
WINDOW: Final = {"width": 1180, "height": 720}
NAMED: Final = ("forgot-the-two", "grew-instead")
PLANTED: Final = "data-step-first"
INSTEAD: Final = "gradient-left-out"

Picture = Callable[[str], None]


@pytest.fixture
def picture(page: Page) -> Picture:
    """Take a picture where they are to be renewed; the name must be one of the page's."""
    page.set_viewport_size({"width": WINDOW["width"], "height": WINDOW["height"]})

    def take(name: str) -> None:
        (file,) = [one for one in PICTURES if one.name == f"tutorial-{name}.png"]
        if os.environ.get("UPDATE_PICTURES"):
            page.screenshot(path=DOCS / file)

    return take


def document() -> dict[str, Any]:
    """Return the exercise as the page has it at its end."""
    (found,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    loaded: dict[str, Any] = load_document(found)
    return loaded


def mistake(slug: str) -> dict[str, str]:
    """Return a misconception as a table of the page has it."""
    (row,) = re.findall(rf"^\| `{slug}` \| `(.+?)` \| (.+?) \|$", TEXT, re.MULTILINE)
    return {"value": row[0], "feedback": row[1]}


def with_mistakes(*slugs: str) -> dict[str, Any]:
    """Return the exercise with some of the mistakes that the page names."""
    return {**document(), "misconceptions": {"a": {slug: mistake(slug) for slug in slugs}}}


def test_the_tables_of_the_page_agree_with_its_document() -> None:
    ended = document()
    assert with_mistakes(*NAMED, INSTEAD) == ended
    for name, value in [*ended["steps"].items(), *ended["check"].items()]:
        assert f"| `{name}` | `{value}` |" in TEXT
    for condition in ended["require"]:
        assert f"| `{condition}` |" in TEXT
    assert {f"    {line}".rstrip() for line in ended["body"].splitlines()} <= set(TEXT.splitlines())
    assert {f"    {line}".rstrip() for line in ended["solution"].splitlines()} <= set(TEXT.splitlines())


def test_the_pictures_of_the_page_are_there() -> None:
    assert len(PICTURES) == 5
    assert [str(one) for one in PICTURES if not (DOCS / one).is_file()] == []


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_the_tutorial_leads_from_an_empty_form_to_a_published_question(
    page: Page, context: BrowserContext, live_server: LiveServer, picture: Picture, axe: str
) -> None:
    ines = make_instructor("ines")
    bank = make_bank("gradient-descent", title="Gradient descent")
    AuthorGrant.objects.give(bank, user=ines, granted_by=None, now=NOW)
    make_skill("l2-update")
    for slug in (*NAMED, PLANTED, INSTEAD):
        Misconception.objects.create(slug=slug, title=slug.replace("-", " "), explanation="See above.")
    sign_in(context, live_server.url, ines)

    page.goto("/admin/")
    picture("start")
    assert faults(page, axe) == []
    page.get_by_role("link", name="New question").click()
    _begin(page, "Gradient descent", with_mistakes(*NAMED))
    picture("editor")

    _try(page, document()["misconceptions"]["a"]["forgot-the-two"], picture)

    _write(page, with_mistakes(*NAMED, PLANTED))
    _publish(page)
    expect(page.get_by_text(f"{PLANTED} is taken for the key").first).to_be_visible()
    picture("refused")
    assert not Item.objects.get(slug="my-first-exercise").current

    _write(page, document())
    _publish(page)
    expect(page.get_by_text("is published: learners are given it from now on").first).to_be_visible()
    picture("published")
    assert Item.objects.get(slug="my-first-exercise").current


# What is done at the desk as it is


def _begin(page: Page, bank: str, begun: dict[str, Any]) -> None:
    page.locator(".field-bank .select2-selection").click()
    page.get_by_role("option", name=bank).click()
    page.get_by_label("Document:").fill(dump_document(begun))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This is its draft")).to_be_visible()


def _write(page: Page, changed: dict[str, Any]) -> None:
    page.get_by_label("Document:").fill(dump_document(changed))


def _try(page: Page, made: dict[str, str], picture: Picture) -> None:
    """Make a mistake in a variant: its feedback is read. Go back to the draft."""
    draft = page.url
    page.get_by_role("link", name="Preview").click()
    form = page.locator("form.card").first
    drawn = drawn_again(parse_definition(document()), form.locator("[name=seed]").input_value())
    assert drawn
    values = parse(made["value"], names=set(drawn.values)).evaluate_one(drawn.values)
    for field, value in zip(form.get_by_role("textbox").all(), values, strict=True):
        field.fill(f"{value:.5f}")
    form.get_by_role("button", name="Try this answer").click()
    expect(page.get_by_text(made["feedback"].partition(" $")[0])).to_be_visible()
    picture("try")
    page.goto(draft)


def _publish(page: Page) -> None:
    page.get_by_role("button", name="Save and publish").click()
