"""One item of every kind is answered without a mouse; tables are pasted, entries dragged, signs and keys used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.models import Attempt
from tests.builders import choice_document, exercise_document, make_assessment, make_item
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import start, title_of_item, verdict

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

STEPS = [
    {"id": "one", "text": "Split the data"},
    {"id": "two", "text": "Fit on the first part"},
    {"id": "three", "text": "Judge on the other, by $\\sum_i (y_i - \\hat y_i)^2$"},
]
NORMS = [{"id": "l1", "text": "Lasso"}, {"id": "l2", "text": "Ridge"}]
SUMS = [
    {"id": "abs", "text": "$\\sum_i |w_i|$"},
    {"id": "sq", "text": "$\\sum_i w_i^2$"},
    {"id": "max", "text": "the largest weight"},
]
KINDS: dict[str, dict[str, Any]] = {
    "numeric": {"kind": "numeric", "key": "0.0015", "policy": {"name": "absolute", "tolerance": 0}},
    "vector": {"kind": "numeric", "key": "[1, -2, 3]"},
    "matrix": {"kind": "matrix", "key": "[[1, 2, 3], [4, 5, 6]]"},
    "ordering": {"kind": "ordering", "entries": STEPS},
    "matching": {"kind": "matching", "left": NORMS, "right": SUMS, "pairs": {"l1": "abs", "l2": "sq"}},
    "expression": {"kind": "expression", "key": "sqrt(a) + b", "variables": {"a": [0.1, 3], "b": [-3, 3]}},
    "inline_choice": choice_document()["interactions"]["a"] | {"kind": "inline_choice"},
    "text": {"kind": "text", "accepted": [{"text": "lasso"}]},
    "choice": choice_document()["interactions"]["a"] | {"shuffle": False},
}


def document(kind: str, **changes: Any) -> dict[str, Any]:
    plain = {"parameters": {}, "steps": {}, "check": {}, "misconceptions": {}, "solution": "So it is."}
    asked = {"body": "Enter your answer: [[a]]", "interactions": {"a": KINDS[kind]}}
    return exercise_document(f"a-{kind}".replace("_", "-"), **plain, **asked, **changes)


def show(page: Page, *kinds: str, **changes: Any) -> None:
    make_assessment(*(make_item(document(kind, **changes)) for kind in kinds), slug="quiz", title="The quiz")
    start(page)


def right_answer_is_heard(page: Page) -> None:
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Right")


def live(page: Page) -> Locator:
    return page.locator("[aria-live=polite]").last


def by_tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there; fails where it never comes."""
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the Tab key never comes there")


def test_a_number_is_typed_and_its_reading_shown(page: Page) -> None:
    show(page, "numeric")
    by_tab_to(page, page.get_by_role("textbox"))
    page.keyboard.type("1,5e-3")
    expect(page.locator(".echo")).to_contain_text("Write the decimal mark as “.”")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1.5e-3")
    expect(page.locator(".echo")).to_have_text("= 0.0015")
    expect(live(page)).to_have_text("Read as 0.0015.")
    right_answer_is_heard(page)


def test_a_locale_with_a_comma_reads_a_comma(page: Page) -> None:
    show(page, "numeric", locale="de")
    by_tab_to(page, page.get_by_role("textbox"))
    page.keyboard.type("1,5e-3")
    expect(page.locator(".echo")).to_have_text("= 0,0015")
    right_answer_is_heard(page)


def test_the_cells_of_a_vector_are_walked_by_arrows(page: Page) -> None:
    show(page, "vector")
    by_tab_to(page, page.get_by_role("textbox").first)
    page.keyboard.type("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-2")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("3")
    right_answer_is_heard(page)


def test_a_table_is_pasted_into_a_matrix(page: Page) -> None:
    show(page, "matrix")
    cells = page.get_by_role("textbox")
    expect(cells.nth(4)).to_have_accessible_name("Your answer, row 2, column 2")
    by_tab_to(page, cells.first)
    paste(page, "[[1, 2, 3],\n [4, 5, 6],\n [7, 8, 9]]")
    expect(page.locator(".paste-note")).to_contain_text("room for 2 × 3")
    assert [cell.input_value() for cell in cells.all()] == [""] * 6
    paste(page, "array([[1., 2., 3.],\n       [4., 5., 6.]])")
    expect(live(page)).to_have_text("Filled 6 cells, from row 1, column 1 on.")
    expect(cells.last).to_have_value("6.")
    right_answer_is_heard(page)


def paste(page: Page, text: str) -> None:
    """Paste as the Ctrl+V of a keyboard does, whatever the clipboard of this machine allows."""
    page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def entry(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=f"Move {words}")


def test_an_order_is_made_by_keys(page: Page) -> None:
    show(page, "ordering")
    for place, words in enumerate(["Split", "Fit", "Judge"], start=1):
        by_tab_to(page, entry(page, words))
        page.keyboard.press("Space")
        expect(live(page)).to_contain_text(f"Grabbed {words}")
        page.keyboard.press("Home")
        for _ in range(place - 1):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        expect(live(page)).to_contain_text(f", place {place} of 3.")
        expect(entry(page, words)).to_be_focused()
        page.locator(".item-head h2").focus()
    right_answer_is_heard(page)


def test_escape_puts_an_entry_back(page: Page) -> None:
    show(page, "ordering")
    before = page.locator(".ordering-entry .option-text").all_inner_texts()
    page.locator(".grip").first.press("Space")
    page.keyboard.press("End")
    assert page.locator(".ordering-entry .option-text").all_inner_texts() != before
    page.keyboard.press("Escape")
    assert page.locator(".ordering-entry .option-text").all_inner_texts() == before
    expect(page.get_by_role("button", name="Keep this order")).to_be_visible()


def partner(page: Page, place: int) -> Locator:
    return page.locator(f"[id$='-{SUMS[place]['id']}-partner']")


def test_pairs_are_made_by_keys(page: Page) -> None:
    show(page, "matching")
    for row in range(2):
        by_tab_to(page, partner(page, row))
        page.keyboard.press("Space")
        for _ in range(row):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        expect(page.get_by_label(NORMS[row]["text"], exact=True)).to_be_focused()
        expect(live(page)).to_contain_text(f"goes with {NORMS[row]['text']}.")
        page.locator(".item-head h2").focus()
    expect(page.locator(".partner")).to_have_count(1)
    right_answer_is_heard(page)


def test_a_formula_is_typed_with_a_sign_of_the_row(page: Page) -> None:
    show(page, "expression")
    field = page.get_by_role("textbox")
    by_tab_to(page, field)
    page.keyboard.type("b + (")
    expect(page.locator(".echo")).to_have_text("At column 5: this bracket is never closed.")
    page.keyboard.press("Backspace")
    by_tab_to(page, page.get_by_role("button", name="to the power of"))
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="square root")).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type("a")
    expect(field).to_have_value("b + sqrt(a)")
    expect(page.locator(".expression-preview msqrt")).to_be_visible()
    right_answer_is_heard(page)


def test_a_choice_in_the_text_a_word_and_a_choice_below_take_keys(page: Page) -> None:
    show(page, "inline_choice", "text", "choice")
    select = page.get_by_role("combobox")
    by_tab_to(page, select)
    page.keyboard.type("This")
    expect(select).to_have_value("right")
    page.locator(".item-head h2").focus()
    right_answer_is_heard(page)
    page.keyboard.press("n")
    expect(title_of_item(page)).to_contain_text("Question 2")
    by_tab_to(page, page.get_by_role("textbox"))
    page.keyboard.type("lasso")
    right_answer_is_heard(page)
    expect(page.get_by_role("button", name="Next question")).to_be_focused()
    page.keyboard.press("Enter")
    expect(title_of_item(page)).to_contain_text("Question 3")
    page.keyboard.press("1")
    right_answer_is_heard(page)


def test_keys_hint_flag_and_go_on_but_not_in_a_field(page: Page) -> None:
    show(page, "numeric", "choice", hints=["Think of thousandths."])
    field = page.get_by_role("textbox")
    field.press("h")
    field.press("n")
    field.press("f")
    expect(field).to_have_value("hnf")
    expect(title_of_item(page)).to_contain_text("Question 1")
    page.locator(".item-head h2").focus()
    page.keyboard.press("Control+f")
    page.keyboard.press("Shift+F")
    expect(page.get_by_role("button", name="Flag for later")).to_be_visible()
    page.keyboard.press("h")
    expect(page.get_by_text("Think of thousandths.")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Flagged", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("n")
    expect(title_of_item(page)).to_contain_text("Question 2")


def test_enter_answers_after_a_hint(page: Page) -> None:
    show(page, "choice", hints=["The first."])
    page.keyboard.press("1")
    page.keyboard.press("h")
    expect(page.get_by_role("list", name="Hints").get_by_role("listitem")).to_be_focused()
    right_answer_is_heard(page)


def test_single_keys_are_turned_off_in_the_help(page: Page) -> None:
    show(page, "choice", "numeric")
    page.keyboard.press("?")
    help_on_keys = page.get_by_role("dialog", name="Keys and signs")
    expect(help_on_keys).to_be_visible()
    page.keyboard.press("n")
    page.get_by_role("checkbox", name="Single keys are shortcuts").press("Space")
    page.keyboard.press("Escape")
    expect(help_on_keys).to_have_count(0)
    for key in ["1", "n", "f", "h", "?"]:
        page.keyboard.press(key)
    page.reload()
    expect(title_of_item(page)).to_contain_text("Question 1")
    for key in ["1", "n", "f", "h", "?"]:
        page.keyboard.press(key)
    expect(page.get_by_role("radio").first).not_to_be_checked()
    expect(page.get_by_role("button", name="Flag for later")).to_be_visible()
    expect(help_on_keys).to_have_count(0)
    page.get_by_role("button", name="Keys and signs").click()
    page.get_by_role("checkbox", name="Single keys are shortcuts").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("1")
    expect(page.get_by_role("radio").first).to_be_checked()


def test_a_flag_outlives_a_reload_and_stands_in_the_hand_in(page: Page) -> None:
    show(page, "numeric", "choice")
    sent: list[str] = []
    page.get_by_role("button", name="Flag for later").click()
    page.on("request", lambda request: sent.append(request.post_data or ""))
    marker = page.get_by_role("button", name="Question 1, not answered, flagged")
    expect(marker).to_be_visible()
    page.reload()
    expect(marker).to_be_visible()
    page.keyboard.press("n")
    expect(title_of_item(page)).to_contain_text("Question 2")
    page.get_by_role("button", name="Hand in").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You flagged for later:")
    dialog.get_by_role("list").last.get_by_role("button", name="Question 1").click()
    expect(title_of_item(page)).to_contain_text("Question 1")
    assert not any("flag" in body for body in sent)


def test_more_time_is_taken_over_when_the_page_is_looked_at_again(page: Page) -> None:
    make_assessment(make_item(document("choice")), slug="quiz", title="The quiz", time_limit_minutes=30)
    start(page)
    clock = page.get_by_role("timer")
    expect(clock).to_contain_text("29:")
    Attempt.objects.update(deadline=datetime.now(UTC) + timedelta(minutes=89, seconds=30))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(clock).to_contain_text("1:29:")
    expect(live(page)).to_have_text("You were given more time. 89 minutes left.")


def test_the_clock_is_hidden_and_stays_so(page: Page) -> None:
    make_assessment(make_item(document("choice")), slug="quiz", title="The quiz", time_limit_minutes=30)
    start(page)
    page.locator(".clock-menu summary").press("Enter")
    page.get_by_role("checkbox", name="Show the time left").press("Space")
    page.keyboard.press("Escape")
    expect(page.get_by_role("timer")).to_contain_text("hidden")
    page.reload()
    expect(page.get_by_role("timer")).to_contain_text("hidden")


def test_the_bar_of_a_long_quiz_leaves_a_phone_to_the_question(finger: Page) -> None:
    items = [make_item(document("choice") | {"slug": f"choice-{number}"}) for number in range(20)]
    make_assessment(*items, slug="quiz", title="The quiz", time_limit_minutes=30)
    start(finger)
    finger.get_by_role("button", name="Flag for later").tap()
    bar = finger.locator(".sitting-bar").bounding_box()
    assert bar
    assert bar["height"] <= 0.12 * 844


def test_shapes_are_seen_in_forced_colors(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    show(page, "choice", "numeric")
    page.keyboard.press("1")
    right_answer_is_heard(page)
    marker = page.get_by_role("button", name="Question 1, full score")
    shape, sign = marker.locator(".marker-shape"), marker.locator(".icon")
    background = shape.evaluate("element => getComputedStyle(element).backgroundColor")
    assert background != sign.evaluate("element => getComputedStyle(element).stroke")
    waiting = page.get_by_role("button", name="Question 2, not answered").locator(".marker-shape")
    assert background != waiting.evaluate("element => getComputedStyle(element).backgroundColor")


@pytest.fixture
def finger(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page on a phone, whose pointer is a finger."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def slide(page: Page, start_at: Locator, end_at: Locator) -> None:
    """Put a finger down in the middle of one element and lift it in the middle of the other."""
    start_at.scroll_into_view_if_needed()
    one, other = start_at.bounding_box(), end_at.bounding_box()
    assert one
    assert other
    touch = page.context.new_cdp_session(page)
    (x, y), (to_x, to_y) = _middle(one), _middle(other)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        at = {"x": x + (to_x - x) * step / 10, "y": y + (to_y - y) * step / 10}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    # A finger that is lifted in its stride flings, and the browser takes the next tap for the end of that.
    page.wait_for_timeout(300)
    touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": to_x, "y": to_y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def _middle(box: Any) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def first_word(entry: Locator) -> str:
    """The word that tells an entry; a formula behind it reads differently each way one asks."""
    return entry.locator(".option-text").inner_text().split()[0]


def test_an_entry_is_dragged_by_a_finger(finger: Page) -> None:
    show(finger, "ordering")
    entries = finger.locator(".ordering-entry")
    first = first_word(entries.first)
    slide(finger, finger.locator(".grip").first, entries.last)
    expect(entries.last).to_contain_text(first)
    expect(entries.first).not_to_contain_text(first)
    expect(live(finger)).to_contain_text("place 3 of 3.")


def test_a_partner_is_dragged_by_a_finger(finger: Page) -> None:
    show(finger, "matching")
    slide(finger, partner(finger, 2), finger.locator(".matching-row").last)
    expect(finger.get_by_label("Ridge", exact=True)).to_have_value("max")
    finger.get_by_role("button", name="Take back the largest weight").tap()
    expect(finger.get_by_label("Ridge", exact=True)).to_have_value("")


def test_a_partner_is_tapped_and_put(finger: Page) -> None:
    show(finger, "matching")
    partner(finger, 1).tap()
    finger.get_by_role("button", name="Put here").last.tap()
    expect(finger.get_by_label("Ridge", exact=True)).to_have_value("sq")


def test_an_entry_is_dragged_by_a_mouse(page: Page) -> None:
    show(page, "ordering")
    entries = page.locator(".ordering-entry")
    last = first_word(entries.last)
    box, top = entries.last.bounding_box(), entries.first.bounding_box()
    assert box
    assert top
    page.mouse.move(*_middle(box))
    page.mouse.down()
    page.mouse.move(*_middle(top), steps=8)
    page.mouse.up()
    expect(entries.first).to_contain_text(last)


def test_a_phone_without_a_minus_has_a_key_for_the_sign(finger: Page) -> None:
    show(finger, "numeric")
    field = finger.get_by_role("textbox")
    field.fill("0.5")
    sign = finger.get_by_role("button", name="Change the sign: Your answer")
    sign.tap()
    expect(field).to_have_value("-0.5")
    expect(field).to_be_focused()
    sign.tap()
    expect(field).to_have_value("0.5")


def test_a_keyboard_is_not_shown_the_key_for_the_sign(page: Page) -> None:
    show(page, "numeric")
    expect(page.get_by_role("textbox")).to_be_visible()
    expect(page.locator(".sign-key")).to_be_hidden()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [1280, 320])
def test_every_kind_is_for_everybody(kind: str, width: int, axe: str, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    show(page, kind)
    expect(
        page.locator(".symbols button").first if kind == "expression" else page.locator(".place")
    ).to_be_visible()
    assert faults(page, axe) == []
    assert sideways(page) == 0


def test_the_help_on_keys_has_no_serious_fault(axe: str, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    show(page, "choice")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page, axe) == []
    assert sideways(page) == 0
