"""The tutorial can be walked, with what it says and nothing else; its pictures are taken on the way.

``UPDATE_PICTURES=1 pytest tests/e2e/test_tutorial.py`` writes the pictures anew. Without it they are only asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from content.documents.text import load_document
from content.expressions import parse
from content.items.parsing.document import parse_definition
from content.items.soundness import variant_again
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

WEIGHTS: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 240" width="480" height="240">
<rect width="480" height="240" fill="#ffffff"/>
<path d="M40 20 V210 H460" fill="none" stroke="#333333" stroke-width="2"/>
<path d="M40 40 C150 150 250 190 450 205" fill="none" stroke="#15507a" stroke-width="4"/>
<path d="M40 120 C150 180 250 200 450 208" fill="none" stroke="#b26a00" stroke-width="4"/>
</svg>"""

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


def row_of(first: str) -> list[str]:
    """Return what stands in code in the row of a table that begins so."""
    (row,) = re.findall(rf"^\| {first} \|(.*)\|$", TEXT, re.MULTILINE)
    return re.findall(r"`(.+?)`", row)


def texts() -> tuple[str, str]:
    """Return the text of the question and the solution, as the page has them to be copied."""
    body, solution = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    return body, solution


def test_the_tables_of_the_page_agree_with_its_document() -> None:
    ended = document()
    assert {slug: mistake(slug) for slug in (*NAMED, INSTEAD)} == ended["misconceptions"]["a"]
    assert row_of("What it is about") == [ended["title"]]
    assert row_of("Step") == ["new", ended["steps"]["new"]]
    assert row_of("Check") == ["new", ended["check"]["new"]]
    assert f"| `{ended['require'][-1]}` |" in TEXT
    assert row_of("`lam`") == [", ".join(map(str, ended["parameters"]["lam"]["choice"]))]
    assert texts() == (ended["body"], ended["solution"])


def test_the_pictures_of_the_page_are_there() -> None:
    assert len(PICTURES) == 8
    assert [str(one) for one in PICTURES if not (DOCS / one).is_file()] == []


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frontend")
def test_the_tutorial_leads_from_an_empty_form_to_a_published_question(
    page: Page, context: BrowserContext, live_server: LiveServer, picture: Picture, axe: str
) -> None:
    ines = make_instructor("ines")
    AuthorGrant.objects.give(
        make_bank("gradient-descent", title="Gradient descent"), user=ines, granted_by=None, now=NOW
    )
    make_skill("l2-update")
    for slug in (*NAMED, PLANTED):
        Misconception.objects.create(slug=slug, title=slug.replace("-", " "), explanation="See above.")
    sign_in(context, live_server.url, ines)
    title, ended = document()["title"], document()

    page.goto("/admin/")
    picture("start")
    assert faults(page, axe) == []
    page.get_by_role("link", name="New question").click()
    page.get_by_label("What it is about").fill(title)
    picture("begin")
    page.get_by_role("button", name="Vector exercise").click()
    expect(page.locator("[data-try]")).to_be_visible()
    picture("editor")

    _add(page, "parameters", "lam")
    _field(page, "parameters.lam").locator("select").first.select_option(label="one of a list")
    expect(_field(page, "parameters.lam.choice")).to_be_visible()
    _enter(page, "parameters.lam.choice", *row_of("`lam`"))
    with _asked(page):
        _field(page, "require").locator("button[data-add]").click()
    _enter(page, "require.2", ended["require"][2])
    _enter(page, "steps.new", row_of("Step")[1])
    _enter(page, "check.new", row_of("Check")[1])
    body, solution = texts()
    _enter(page, "body", body)
    _name(page, "skills", "l2-update")
    for slug in NAMED:
        _add_mistake(page, slug)
    _enter(page, "solution", solution)

    _try(page, "forgot-the-two")
    picture("try")

    _add_mistake(page, PLANTED)
    with _asked(page):
        _publish(page)
    expect(page.locator(".editor-messages")).to_contain_text("mend what is listed first")
    refusal = page.locator(".editor-row .editor-fault").get_by_text(f"{PLANTED} is taken for the key")
    expect(refusal).to_be_visible()
    refusal.scroll_into_view_if_needed()
    picture("refused")
    assert not Item.objects.get().current

    with _asked(page):
        page.locator(f'.editor-row[data-dotted="misconceptions.a.{PLANTED}"] [data-remove]').first.click()
    _make_mistake(page, INSTEAD)
    _publish(page)
    expect(page.get_by_text("is published: learners are given it from now on").first).to_be_visible()
    picture("published")
    assert Item.objects.get().version.document == ended


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("frontend")
def test_the_tutorial_puts_a_picture_into_a_question(
    page: Page, context: BrowserContext, live_server: LiveServer, picture: Picture
) -> None:
    ines = make_instructor("ines")
    bank = make_bank("gradient-descent", title="Gradient descent")
    AuthorGrant.objects.give(bank, user=ines, granted_by=None, now=NOW)
    sign_in(context, live_server.url, ines)
    (shows,) = row_of("What the picture shows")

    page.goto("/admin/")
    page.get_by_role("link", name="Pictures").click()
    page.get_by_role("link", name="Add media").click()
    file = FilePayload(name="weights.svg", mimeType="image/svg+xml", buffer=WEIGHTS.encode())
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    line = page.get_by_label("What stands in a text for weights.svg").input_value()
    picture("upload")

    page.goto("/admin/")
    page.get_by_role("link", name="New question").click()
    page.get_by_label("What it is about").fill("A larger penalty")
    page.get_by_role("button", name="One right answer").click()
    expect(page.locator("[data-try]")).to_be_visible()
    begun = _field(page, "body").locator("textarea").input_value()
    _enter(page, "body", begun.replace("[[a]]", f"{line.replace('[]', f'[{shows}]')}\n\n[[a]]"))
    expect(page.locator("#see").get_by_role("img", name=shows)).to_be_visible()
    picture("picture")
    _publish(page)
    expect(page.get_by_text("is published: learners are given it from now on").first).to_be_visible()
    assert Item.objects.get().current


# What is done in the form


@contextmanager
def _asked(page: Page) -> Iterator[None]:
    """Do something, and wait until the server has made the edit and the form is drawn anew."""
    with page.expect_response(lambda reply: reply.url.endswith("/work/")):
        yield


def _field(page: Page, dotted: str) -> Locator:
    return page.locator(f'#write-form [data-dotted="{dotted}"]').first


def _enter(page: Page, dotted: str, value: str) -> None:
    with _asked(page):
        _field(page, dotted).locator("[data-widget]").first.fill(value)


def _add(page: Page, dotted: str, name: str) -> None:
    with _asked(page):
        new = _field(page, dotted).locator(".editor-new-key")
        new.fill(name)
        new.press("Enter")
    expect(_field(page, f"{dotted}.{name}")).to_be_visible()


def _name(page: Page, dotted: str, slug: str) -> None:
    """Find a row by its name, and pick it."""
    _field(page, dotted).locator("[data-names]").last.fill(slug)
    with _asked(page):
        page.get_by_role("option", name=slug).first.click()


def _add_mistake(page: Page, slug: str) -> None:
    _name(page, "misconceptions.a", slug)
    _say(page, slug)


def _make_mistake(page: Page, slug: str) -> None:
    """Make a misconception on the spot, as it is not there yet."""
    _field(page, "misconceptions.a").locator("[data-names]").last.fill(slug.replace("-", " "))
    page.get_by_role("option", name="Make a new misconception").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What is wrong, said to whoever makes the mistake").fill("The data push as well.")
    with _asked(page):
        dialog.get_by_role("button", name="Make it").click()
    _say(page, slug)


def _say(page: Page, slug: str) -> None:
    expect(_field(page, f"misconceptions.a.{slug}")).to_be_visible()
    for part, said in mistake(slug).items():
        _enter(page, f"misconceptions.a.{slug}.{part}", said)


def _try(page: Page, slug: str) -> None:
    """Make a mistake in the preview: its feedback is read."""
    form = page.locator("[data-try]")
    seed = int(form.get_attribute("data-try") or "")
    definition = parse_definition(document())
    drawn = variant_again(definition, seed).values
    values = parse(mistake(slug)["value"], names=set(drawn)).evaluate_one(drawn)
    for field, value in zip(form.get_by_role("textbox").all(), values, strict=True):
        field.fill(f"{value:.5f}")
    with _asked(page):
        form.get_by_role("button", name="Try this answer").click()
    expect(page.locator("#see").get_by_text(mistake(slug)["feedback"].partition(" $")[0])).to_be_visible()


def _publish(page: Page) -> None:
    page.get_by_role("button", name="Save and publish").click()
