"""Images where they are seen: by learners in questions and lessons, by authors at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from content.models import Item, Media
from content.uploading import keep_image
from tests.builders import NOW, choice_document, make_assessment, make_item, make_lesson
from tests.content.media.files import HTML, encoded, svg
from tests.desks import make_instructor, own_everything
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import sign_in, start

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

SHIFTS = """
() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})
"""


def kept(data: bytes, file: str) -> Media:
    return keep_image(data=data, file=file, by=None, now=NOW).media


@pytest.fixture
def item() -> Item:
    """A question with a wide photograph, whose first option is a drawing."""
    photograph, drawing = kept(encoded("JPEG", (1400, 700)), "slope.jpg"), kept(svg(), "axes.svg")
    document = choice_document(body=f"![A slope](media/{photograph.name})\n\nWhich one? [[a]]")
    interaction = document["interactions"]["a"]
    interaction["shuffle"] = False
    interaction["options"][0]["text"] = f"![Two axes](media/{drawing.name})"
    return make_item(document)


def expect_drawn(image: Locator) -> None:
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("width", [1280, 390])
def test_a_learner_sees_the_images_of_a_question(page: Page, axe: str, item: Item, width: int) -> None:
    make_assessment(item, slug="quiz")
    page.set_viewport_size({"width": width, "height": 900})
    start(page)
    for name in ("A slope", "Two axes"):
        expect_drawn(page.get_by_role("img", name=name))
    assert sideways(page) == 0
    assert page.evaluate(SHIFTS) < 0.05
    assert faults(page, axe) == []
    page.get_by_role("radio", name="Two axes").check()


def test_an_image_has_its_place_before_it_comes(page: Page, item: Item) -> None:
    make_assessment(item, slug="quiz")
    page.set_viewport_size({"width": 390, "height": 900})
    page.route("**/media/**", lambda _route: None)  # it never comes
    start(page)
    box = page.get_by_role("img", name="A slope").bounding_box()
    assert box is not None
    assert 100 < box["width"] <= 390
    assert box["width"] / box["height"] == pytest.approx(2, rel=0.02)


@pytest.fixture
def dark(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, color_scheme="dark")
    yield context.new_page()
    context.close()


def test_a_lesson_lays_paper_behind_its_images_in_the_dark(dark: Page, axe: str) -> None:
    drawing = kept(svg(), "axes.svg")
    make_lesson(theory=f"## One\n\n![Two axes](media/{drawing.name})")
    dark.goto("/lessons/a-lesson")
    image = dark.get_by_role("img", name="Two axes")
    expect_drawn(image)
    assert image.evaluate("image => getComputedStyle(image).backgroundColor") == "rgb(252, 254, 254)"
    assert faults(dark, axe) == []


def at_the_desk(context: BrowserContext, live_server: LiveServer) -> None:
    ines = make_instructor()
    own_everything(ines)
    sign_in(context, live_server.url, ines)


def test_an_author_sees_them_in_the_preview(
    page: Page, context: BrowserContext, live_server: LiveServer, axe: str, item: Item
) -> None:
    at_the_desk(context, live_server)
    page.set_viewport_size({"width": 820, "height": 900})
    page.goto(f"/admin/content/item/{item.pk}/page/preview/")
    expect_drawn(page.get_by_role("img", name="A slope"))
    assert faults(page, axe) == []
    assert sideways(page) == 0


@pytest.mark.parametrize("width", [1280, 820])
def test_files_are_uploaded_found_and_looked_at(
    page: Page, context: BrowserContext, live_server: LiveServer, axe: str, tmp_path: Path, width: int
) -> None:
    at_the_desk(context, live_server)
    page.set_viewport_size({"width": width, "height": 900})
    for name, data in (("slope.jpg", encoded("JPEG", (900, 600))), ("axes.svg", svg()), ("bad.png", HTML)):
        (tmp_path / name).write_bytes(data)
    page.goto("/admin/content/media/add/")
    page.get_by_label("Files").set_input_files(sorted(tmp_path.iterdir()))
    page.get_by_role("button", name="Upload").click()
    told = page.get_by_role("status")
    expect(told).to_contain_text("slope.jpg is kept, 900 × 600 pixels.")
    expect(told).to_contain_text("bad.png is not kept. The file is no image")
    assert faults(page, axe) == []
    assert sideways(page) == 0
    page.goto("/admin/content/media/")
    assert faults(page, axe) == []
    page.get_by_role("link", name="slope.jpg").click()
    expect(page.get_by_label("What stands in a text for the image")).to_have_value(
        f"![](media/{Media.objects.get(name__startswith='slope').name})"
    )
    assert sideways(page) == 0
    # Axe measures forms of the admin by styles of its own, which the policy refuses and the page would report.
    measured = context.new_page()
    measured.goto(page.url)
    assert faults(measured, axe) == []


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    page: Page, context: BrowserContext, live_server: LiveServer, tmp_path: Path
) -> None:
    at_the_desk(context, live_server)
    large = tmp_path / "large.png"
    large.write_bytes(bytes(11 * 1024 * 1024))
    page.goto("/admin/content/media/add/")
    page.get_by_label("Files").set_input_files(large)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_have_text("Larger than 10 MiB: large.png.")


def test_an_svg_that_is_opened_by_itself_is_a_picture(page: Page) -> None:
    media = kept(svg(), "axes.svg")
    page.goto(media.url)
    assert page.evaluate("document.documentElement.localName") == "svg"
    assert page.evaluate("getComputedStyle(document.querySelector('rect')).fill") == "rgb(0, 128, 128)"
