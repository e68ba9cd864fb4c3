"""The loss in three dimensions, in a lesson: what it draws, what it costs, and what stands there without it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from scripts import browser as chromium
from tests.builders import make_lesson
from tests.e2e.axe import faults, sideways
from tests.e2e.conftest import SWITCHES
from tests.e2e.screens import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

MOST_CALLS: Final = 40
MOST_TRIANGLES: Final = 60_000
MOST_SCRIPT: Final = 180_000
MOST_GROWTH: Final = 1_000_000
STEPS: Final = 10_000
DESKTOP: Final = ViewportSize(width=1280, height=800)
FLAT: Final = "penalty:l2;data:flat;rate:0.5"

NO_GRAPHICS: Final = [
    *(switch for switch in SWITCHES if "angle" not in switch and "swiftshader" not in switch),
    "--disable-gpu",
    "--disable-3d-apis",
]

Open = Callable[..., Page]


def theory(**changes: Any) -> str:
    """Return a text with the scene in it."""
    document = {"caption": "Ways down.", "words": "A bowl."} | changes
    return f"## One\n\n```figure loss-scene\n{json.dumps(document)}\n```\n\n## Two\n\nEnd."


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Open the lesson with the scene in a state, in a fresh profile that takes no errors."""
    troubles: list[str] = []
    contexts = []

    def open_lesson(state: str = "", *, on: Browser = browser, **options: Any) -> Page:
        context = on.new_context(
            base_url=live_server.url, **{"viewport": DESKTOP, "reduced_motion": "reduce"} | options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        page.goto(f"/lessons/regularization?loss-scene-1={state}")
        expect(figure(page)).to_have_attribute("data-state", "drawn", timeout=30_000)
        return page

    yield open_lesson
    for context in contexts:
        context.close()
    assert troubles == []


def figure(page: Page) -> Locator:
    found = page.locator("figure.illustration#loss-scene-1")
    found.scroll_into_view_if_needed()
    return found


def canvas(page: Page) -> Locator:
    """Return the canvas after it has drawn."""
    found = figure(page).locator("canvas")
    expect(found).to_have_attribute("data-frames", re.compile(r"\d+"), timeout=30_000)
    return found


def drawn(page: Page, name: str) -> int:
    return int(canvas(page).get_attribute(f"data-{name}") or 0)


def reading(page: Page) -> Locator:
    return figure(page).locator("p.reading")


def test_a_full_scene_stays_within_its_budget(opened: Open) -> None:
    paths = ["plain", "penalized", "proximal", "momentum"]
    make_lesson("regularization", theory=theory(paths=paths, momentum=0.9))
    page = opened("step:200")
    expect(canvas(page)).to_have_attribute("data-steps", "200")
    assert 0 < drawn(page, "calls") <= MOST_CALLS
    assert 0 < drawn(page, "triangles") <= MOST_TRIANGLES


def test_the_script_of_the_scene_is_light() -> None:
    built = Path(settings.FRONTEND_DIST, "assets")
    parts = [*built.glob("loss_scene-*.js"), *built.glob("LossScene-*.js")]
    assert len(parts) == 2
    assert sum(len(gzip.compress(part.read_bytes())) for part in parts) <= MOST_SCRIPT


def test_the_scene_draws_when_something_changes_and_only_then(opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    page = opened("step:0")
    canvas(page)
    page.wait_for_timeout(1500)
    before = drawn(page, "frames")
    page.wait_for_timeout(1500)
    assert drawn(page, "frames") == before
    figure(page).get_by_role("button", name="Step", exact=True).click()
    expect(canvas(page)).to_have_attribute("data-steps", "1")
    assert drawn(page, "frames") > before


def test_proximal_steps_land_on_the_axis_and_the_reading_says_so(opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    page = opened()
    figure(page).get_by_role("button", name="Play").click()
    expect(reading(page)).to_contain_text(re.compile(r"proximal \(0, 1\.28\) with w₁ exactly 0"))
    expect(reading(page)).not_to_contain_text(re.compile(r"plain [^;]* exactly"))


@pytest.mark.parametrize(
    ("strength", "row"),
    [
        (0.5, "decay smoothly"),
        (1, "wipes out the old weight"),
        (1.5, "jump across zero"),
        (2, "flip between w and −w forever"),
        (2.5, "flip and grow"),
    ],
)
def test_without_data_each_row_of_the_table_is_named(strength: float, row: str, opened: Open) -> None:
    make_lesson("regularization", theory=theory(penalty="l2"))
    page = opened(f"{FLAT};strength:{strength};step:1")
    expect(reading(page)).to_contain_text(row)


def test_playing_stops_where_a_path_leaves(opened: Open) -> None:
    make_lesson("regularization", theory=theory(penalty="l2", strength=2.5, rate=0.28))
    page = opened(reduced_motion="no-preference")
    figure(page).get_by_role("button", name="Play").click()
    expect(reading(page)).to_contain_text("left the stage at step 5: it diverges", timeout=20_000)
    expect(figure(page).get_by_role("button", name="Play")).to_be_visible()
    expect(figure(page)).not_to_contain_text("NaN")


def test_the_scene_turns_by_keys_and_the_start_moves_by_keys(opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    page = opened("step:0")
    before = canvas(page).screenshot()
    canvas(page).focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(500)
    assert canvas(page).screenshot() != before
    figure(page).get_by_role("slider", name="Start", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(reading(page)).to_contain_text("(−1.5, 2.2)")


def test_the_start_is_dragged_in_three_dimensions(opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    page = opened("step:0;turn:0;tilt:1.5")
    box = canvas(page).bounding_box()
    assert box is not None
    found = _ball(page, box)
    page.mouse.move(*found)
    page.mouse.down()
    page.mouse.move(found[0] + 60, found[1] + 40, steps=3)
    page.mouse.up()
    expect(reading(page)).not_to_contain_text("(−1.6, 2.2)")
    expect(reading(page)).to_contain_text("The start is at")


def _ball(page: Page, box: Any) -> tuple[float, float]:
    """Return a point of the page where a press would take hold of the start."""
    for down in range(10, int(box["height"]), 24):
        for across in range(10, int(box["width"]), 24):
            page.mouse.move(box["x"] + across, box["y"] + down)
            if canvas(page).get_attribute("data-holds") == "true":
                return box["x"] + across, box["y"] + down
    pytest.fail("the start is nowhere to be seen")


def test_a_page_under_a_finger_still_scrolls(opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    page = opened(viewport=ViewportSize(width=390, height=844), has_touch=True)
    assert canvas(page).evaluate("canvas => getComputedStyle(canvas).touchAction") == "pan-y"


def test_lost_graphics_leave_a_drawing_until_they_are_back(opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    page = opened("step:30")
    window = figure(page).locator(".scene-window")
    lost = "c => (window.lost = c.getContext('webgl2').getExtension('WEBGL_lose_context')).loseContext()"
    canvas(page).evaluate(lost)
    expect(window.locator(".scene-still")).to_be_visible()
    page.evaluate("window.lost.restoreContext()")
    expect(window).to_have_attribute("data-condition", "drawn")
    expect(window.locator(".scene-still")).to_have_count(0)


def test_many_steps_leave_no_garbage(opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    page = opened()
    canvas(page)
    session = page.context.new_cdp_session(page)

    def heap() -> int:
        session.send("HeapProfiler.collectGarbage")
        return int(session.send("Runtime.getHeapUsage")["usedSize"])

    _walk(page, STEPS // 5)
    before = heap()
    _walk(page, STEPS)
    assert heap() - before < MOST_GROWTH


def _walk(page: Page, steps: int) -> None:
    """Press Step so often, and Reset after every 200 steps."""
    figure(page).locator(".figure-buttons").evaluate(
        """async (buttons, steps) => {
            const [, step, reset] = buttons.querySelectorAll("button");
            for (let taken = 0; taken < steps; taken += 1) {
              if (taken % 200 === 0) reset.click();
              step.click();
              await (taken % 50 ? Promise.resolve() : new Promise((done) => setTimeout(done)));
            }
            reset.click();
            await new Promise((done) => setTimeout(done, 600));
        }""",
        steps,
    )


def test_leaving_the_lesson_gives_the_graphics_back(opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    page = opened()
    held = canvas(page).evaluate_handle("canvas => canvas.getContext('webgl2')")
    page.get_by_role("link", name="Lessons").first.click()
    expect(page.locator("canvas")).to_have_count(0)
    wait_until(page, lambda: held.evaluate("context => context.isContextLost()"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("light", 390), ("dark", 320)])
@pytest.mark.parametrize("state", ["step:30", f"{FLAT};strength:2.5;step:9"], ids=["usual", "diverging"])
def test_the_scene_is_accessible_in_every_state(
    scheme: str, width: int, state: str, axe: str, opened: Open
) -> None:
    make_lesson("regularization", theory=theory())
    page = opened(state, color_scheme=scheme, viewport=ViewportSize(width=width, height=800))
    canvas(page)
    figure(page).locator("summary", has_text="In numbers").click()
    assert faults(page, axe) == []
    assert sideways(page) == 0


def test_without_graphics_the_drawing_follows_the_controls(browser: Browser, axe: str, opened: Open) -> None:
    make_lesson("regularization", theory=theory())
    flat = browser.browser_type.launch(executable_path=chromium.executable(), args=NO_GRAPHICS)
    page = opened("step:30", on=flat)
    still = figure(page).locator(".scene-still")
    expect(still).to_be_visible()
    expect(figure(page).locator("canvas")).to_have_count(0)
    before = still.inner_html()
    figure(page).get_by_role("button", name="Turn left").click()
    expect(reading(page)).to_contain_text("proximal (0, 1.28) with w₁ exactly 0")
    page.wait_for_timeout(200)
    assert still.inner_html() != before
    assert faults(page, axe) == []
    flat.close()


def test_a_lesson_on_descent_speaks_of_no_penalty(opened: Open) -> None:
    make_lesson(
        "regularization",
        theory=theory(penalty="none", paths=["plain", "momentum"], momentum=0.8, condition=20),
    )
    page = opened("step:20")
    canvas(page)
    figure(page).locator("summary", has_text="In numbers").click()
    expect(figure(page)).not_to_contain_text(re.compile("penal|proximal", re.IGNORECASE))
    expect(figure(page).get_by_label("Momentum β")).to_be_visible()
