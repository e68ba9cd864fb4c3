"""A learner finds a lesson, reads it, practices, and keeps the progress."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.models import User
from tests.builders import (
    PASSWORD,
    enrol,
    exercise_document,
    make_bank,
    make_course,
    make_item,
    make_learner,
    make_lesson,
    vector_document,
)
from tests.e2e.screens import shown_number, sign_in, type_number, verdict

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]


def check(page: Page) -> None:
    page.get_by_role("button", name="Check").click()


def another(page: Page) -> None:
    page.get_by_role("button", name="Another variant").click()


def sign_up(page: Page, username: str) -> None:
    page.get_by_label("Name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()


def test_the_catalogue_finds_lessons_by_their_words(page: Page) -> None:
    make_lesson("ridge", title="Ridge regression")
    make_lesson("trees", title="Growing trees", level="Beginner")
    page.goto("/")
    page.get_by_label("Search the lessons").fill("tree")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Growing trees"])
    page.get_by_label("Search the lessons").fill("")
    page.get_by_role("combobox", name="Level").select_option("Advanced")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Ridge regression"])


# Types in the same task in which the field appears, as a quick hand on a busy machine can.
TYPES_AT_ONCE = """
new MutationObserver((_, observer) => {
  const field = document.querySelector("input[type=search]");
  if (!field) return;
  observer.disconnect();
  field.value = "tree";
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}).observe(document, { childList: true, subtree: true });
"""


def test_what_is_typed_as_soon_as_there_is_a_field_is_searched_for(page: Page) -> None:
    make_lesson("ridge", title="Ridge regression")
    make_lesson("trees", title="Growing trees")
    page.add_init_script(TYPES_AT_ONCE)
    page.goto("/?search=ridge")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Growing trees"])
    expect(page).to_have_url(re.compile(r"\?search=tree$"))


def test_a_lesson_sets_its_formulas_and_lists_its_sections(page: Page) -> None:
    make_lesson(theory="## First\n\nWith $\\lambda = 1$.\n\n## Second\n\n$$w \\leftarrow w - lr$$\n")
    page.goto("/")
    page.get_by_role("link", name="A lesson").click()
    expect(page.get_by_role("heading", name="A lesson")).to_be_focused()
    expect(page.locator("math")).to_have_count(2)
    page.get_by_role("link", name="Second").click()
    expect(page).to_have_url(re.compile("#section-2$"))


def test_a_wide_formula_scrolls_by_the_keyboard_alone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    make_lesson(theory="$$\na_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9\n$$\n\n$$\na\n$$\n")
    page.goto("/lessons/a-lesson")
    formula = page.get_by_role("group", name="Formula, scrolls sideways")
    expect(formula).to_have_count(1)
    expect(formula).to_have_attribute("data-hidden", "end")
    formula.focus()
    page.keyboard.press("End")
    for _ in range(300):  # a busy browser lets one press pass for several
        if formula.get_attribute("data-hidden") == "start":
            break
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(50)
    expect(formula).to_have_attribute("data-hidden", "start")
    page.set_viewport_size({"width": 1280, "height": 700})
    expect(formula).to_have_count(0)


def test_a_long_formula_in_a_line_breaks_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    make_lesson(theory=r"Here $f(w) = a_1 w + a_2 w^2 = b_1 w + b_2 w^2 + b_3 w^3 = c_1 w + c_2 w^2$.")
    page.goto("/lessons/a-lesson")
    expect(page.locator("math").first).to_be_visible()
    tops = page.locator("math").evaluate_all(
        "all => all.map((one) => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(set(tops)) > 1
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_premium_lesson_shows_its_summary_and_asks_for_an_enrolment(
    context: BrowserContext, page: Page, live_server: LiveServer
) -> None:
    lesson = make_lesson(premium=True)
    page.goto("/lessons/a-lesson")
    expect(page.get_by_text("What it is about.")).to_be_visible()
    expect(page.get_by_role("heading", name="The rest is for members of a course")).to_be_visible()
    learner = make_learner()
    enrol(learner, make_course(lesson))
    sign_in(context, live_server.url, learner)
    page.reload()
    expect(page.get_by_text("The secret of")).to_be_visible()


def test_a_misconception_is_named_and_the_solution_waits_to_be_asked_for(page: Page) -> None:
    make_item(exercise_document())
    page.goto("/practice/double-it")
    type_number(page, str(shown_number(page)))
    check(page)
    expect(verdict(page)).to_contain_text("Not right")
    expect(page.get_by_text("Worked solution")).to_have_count(0)
    page.get_by_role("button", name="Show the solution").click()
    solution = page.get_by_role("region", name="Solution")
    expect(solution).to_contain_text("Right is")
    expect(solution).to_contain_text("Twice")
    expect(verdict(page).locator(".rule")).to_contain_text("Judged by")
    expect(page.get_by_role("button", name="Check")).to_have_count(0)


def test_a_wrong_answer_can_be_mended_before_the_solution_is_seen(page: Page) -> None:
    make_item(exercise_document())
    page.goto("/practice/double-it")
    number = shown_number(page)
    type_number(page, str(number + 1000))
    check(page)
    expect(verdict(page)).to_contain_text("Try again, or take a hint.")
    type_number(page, str(2 * number))
    check(page)
    expect(verdict(page)).to_contain_text("Right")
    expect(verdict(page).get_by_text("Worked solution")).to_be_visible()


def test_a_variant_survives_a_reload_with_what_was_said(page: Page) -> None:
    make_item(exercise_document(parameters={"x": {"decimal": [1, 900], "places": 2}}))
    page.goto("/practice/double-it")
    number = shown_number(page)
    type_number(page, "1")
    check(page)
    expect(verdict(page)).to_contain_text("Not right")
    type_number(page, "12")
    page.reload()
    expect(verdict(page)).to_contain_text("Not right")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("12")
    assert shown_number(page) == number


def test_practice_leads_back_to_the_lesson_and_on_to_the_next_exercise(page: Page) -> None:
    bank = make_bank("of-the-lesson", lesson=make_lesson())
    make_item(exercise_document("double-it"), bank=bank)
    make_item(exercise_document("double-more", title="Double more"), bank=bank)
    page.goto("/practice/double-it")
    type_number(page, str(2 * shown_number(page)))
    check(page)
    page.get_by_role("link", name="Double more").click()
    expect(page.get_by_role("heading", name="Double more")).to_be_visible()
    page.get_by_role("link", name="A lesson").click()
    expect(page.get_by_role("heading", name="A lesson")).to_be_visible()


def test_another_variant_has_other_numbers_and_the_streak_grows(page: Page) -> None:
    make_item(exercise_document(parameters={"x": {"decimal": [1, 900], "places": 2}}))
    page.goto("/practice/double-it")
    numbers = []
    for _ in range(2):
        numbers.append(shown_number(page))
        type_number(page, f"{2 * numbers[-1]:.2f}")
        check(page)
        expect(verdict(page)).to_contain_text("Right")
        another(page)
        expect(verdict(page)).to_have_count(0)
    expect(page.get_by_text("2 variants in a row")).to_be_visible()
    assert numbers[0] != numbers[1]


def test_the_key_n_draws_another_variant_once_this_one_is_over(page: Page) -> None:
    make_item(exercise_document(parameters={"x": {"decimal": [1, 900], "places": 2}}))
    page.goto("/practice/double-it")
    number = shown_number(page)
    page.locator("h1").click()
    page.keyboard.press("n")
    type_number(page, f"{2 * number:.2f}")
    check(page)
    expect(verdict(page)).to_contain_text("Right")
    page.keyboard.press("n")
    expect(verdict(page)).to_have_count(0)
    assert shown_number(page) != number


def test_a_hint_is_shown_when_it_is_asked_for(page: Page) -> None:
    make_item(exercise_document())
    page.goto("/practice/double-it")
    expect(page.get_by_text("Add it to itself.")).to_have_count(0)
    page.get_by_role("button", name="Show a hint").click()
    expect(page.get_by_text("Add it to itself.")).to_be_visible()
    expect(page.get_by_role("button", name="hint")).to_have_count(0)


def test_each_component_of_a_vector_has_a_field_of_its_own(page: Page) -> None:
    make_item(vector_document())
    page.goto("/practice/double-all")
    fields = page.get_by_role("group", name="Your answer").get_by_role("textbox")
    expect(fields).to_have_count(3)
    for place in range(3):
        fields.nth(place).fill("1")
    fields.nth(1).fill("1;5")
    check(page)
    expect(verdict(page)).to_contain_text("Component 2")


def test_a_guest_who_signs_up_keeps_the_progress(page: Page) -> None:
    make_item(exercise_document(), bank=make_bank())
    page.goto("/practice/double-it")
    type_number(page, str(2 * shown_number(page)))
    check(page)
    expect(verdict(page)).to_contain_text("Right")
    page.goto("/progress")
    page.get_by_role("link", name="Create an account").click()
    sign_up(page, "ada")
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()
    expect(page.get_by_role("region", name="Skills")).to_contain_text("l2 update")
    assert not User.objects.get(username="ada").is_guest


def test_a_name_that_is_taken_is_said_beside_its_field(context: BrowserContext) -> None:
    make_learner("ada")
    page = context.new_page()
    page.goto("/sign-up")
    sign_up(page, "ada")
    expect(page.get_by_role("alert")).to_contain_text("taken")
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")


def test_signing_in_leads_back_and_signing_out_forgets(page: Page) -> None:
    make_learner("ada")
    page.goto("/sign-in?then=/progress")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()
    page.locator("summary", has_text="Account of ada").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_the_way_back_never_leads_to_another_site(page: Page, live_server: LiveServer) -> None:
    make_learner("ada")
    page.goto("/sign-in?then=//example.org/")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("summary", has_text="Account of ada")).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/")


def test_an_unknown_address_says_so_to_people_and_to_programs(context: BrowserContext) -> None:
    # Not the page that listens: the browser logs the status.
    page = context.new_page()
    response = page.goto("/nowhere")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
