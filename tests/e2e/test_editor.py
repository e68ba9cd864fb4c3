"""The editor of a draft, in a browser: a form, a text and what is made of them, with keys alone, losing nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.authoring import draft_assessment
from assessment.models import AssessmentVersion, User
from assessment.people.assignments import give_on_usual_terms
from assessment.rules.definition import UsualTerms
from content.authoring import draft_item
from content.items.beginnings import BEGINNINGS, begun
from content.models import Item, ItemVersion
from tests.builders import NOW, make_bank, make_item, make_skill, publishable_choice
from tests.content.media.files import encoded
from tests.desks import make_instructor, own_everything
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

QUIZ = """\
# For the first week
slug: quiz
title: Quiz
sections:
  - title: First
    slots:
      - {item: pick-one}
"""


@pytest.fixture(autouse=True)
def instructor(context: BrowserContext, live_server: LiveServer) -> User:
    """Sign somebody in who may write in the bank that there is."""
    make_skill()
    make_bank()
    instructor = make_instructor()
    own_everything(instructor)
    sign_in(context, live_server.url, instructor)
    return instructor


def begin(name: str = "one-right") -> ItemVersion:
    """Return a draft that has a text of its own."""
    text = begun(name, {"slug": name})
    bank = make_bank()
    document = {"slug": name}
    draft = draft_item(bank=bank, document=document, source=text, now=NOW)
    draft.refresh_from_db()
    return draft


def quiz(owner: User) -> AssessmentVersion:
    """Return the draft of an assessment that asks one question."""
    make_item(publishable_choice())
    draft = draft_assessment(document={"slug": "quiz", "title": "Quiz"}, source=QUIZ, now=NOW)
    give_on_usual_terms(assessment=draft.assessment, usual=UsualTerms(), now=NOW, course=None)
    own_everything(owner)
    return draft


def opened(page: Page, version: ItemVersion | AssessmentVersion) -> None:
    page.goto(f"/admin/{version._meta.app_label}/{version._meta.model_name}/{version.pk}/change/")
    expect(page.locator(".editor-section").first).to_be_visible()


def field(page: Page, path: str) -> Locator:
    return page.locator(f'.editor-field[data-dotted="{path}"]').locator("input, textarea, select").first


def code(page: Page) -> Locator:
    page.get_by_role("tab", name="Document").click()
    return page.locator(".editor-code .cm-content")


def saved(page: Page) -> str:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".editor-status")).to_contain_text("Saved at")
    return ItemVersion.objects.latest("created_at").text


def test_form_and_text_are_in_step_and_comments_stay(page: Page) -> None:
    draft = begin("vector-exercise")
    opened(page, draft)
    field(page, "title").fill("Another title")
    expect(code(page)).to_contain_text("title: Another title")
    expect(code(page)).to_contain_text("# Every learner gets other numbers")
    page.locator(".cm-line", has_text="title: Another title").click()
    page.keyboard.press("End")
    page.keyboard.type(" again")
    page.get_by_role("tab", name="Form").click()
    expect(field(page, "title")).to_have_value("Another title again")
    assert saved(page) == draft.text.replace("title: Vector exercise", "title: Another title again")


def test_the_preview_follows_what_is_typed_and_grades_an_answer(page: Page) -> None:
    opened(page, begin())
    field(page, "interactions.a.options.0.text").fill("It pulls on $w^2$.")
    see = page.locator("#see")
    expect(see).to_contain_text("It pulls on")
    expect(see.locator("math").last).to_be_attached()
    see.get_by_role("radio").first.check()
    see.get_by_role("button", name="Try this answer").click()
    expect(see.locator(".verdict")).to_be_visible()


def test_a_fault_stands_at_its_field_and_at_its_line(page: Page) -> None:
    opened(page, begin("vector-exercise"))
    field(page, "steps.new").fill("w - lrr * g")
    at_field = page.locator('[data-fault="steps.new"]')
    expect(at_field).to_contain_text("lr")
    expect(field(page, "steps.new")).to_have_attribute("aria-invalid", "true")
    page.locator(".editor-faults .editor-line").first.click()
    expect(page.locator(".cm-activeLine")).to_contain_text("lrr")
    page.get_by_role("tab", name="Form").click()
    field(page, "steps.new").fill("w - lr * g")
    expect(at_field).to_be_empty()


def test_entries_are_added_moved_and_removed_with_keys_alone(page: Page) -> None:
    opened(page, begin("ordering"))
    page.get_by_role("button", name="Add entry").focus()
    page.keyboard.press("Enter")
    last = field(page, "interactions.a.entries.4.text")
    expect(last).to_be_visible()
    last.focus()
    page.keyboard.type("Stop.")
    page.get_by_role("button", name="Move Entry 5 up").focus()
    page.keyboard.press("Enter")
    expect(field(page, "interactions.a.entries.3.text")).to_have_value("Stop.")
    page.get_by_role("button", name="Remove Entry 1").focus()
    page.keyboard.press("Enter")
    expect(field(page, "interactions.a.entries.2.text")).to_have_value("Stop.")


def test_entries_are_moved_by_dragging(page: Page) -> None:
    opened(page, begin("ordering"))
    row = page.locator('li[data-dotted="interactions.a.entries.0"] .editor-row-name')
    row.drag_to(page.locator('li[data-dotted="interactions.a.entries.2"]'))
    expect(field(page, "interactions.a.entries.2.text")).to_have_value("Compute the predictions.")


def test_what_was_not_saved_is_offered_again(page: Page) -> None:
    opened(page, begin())
    field(page, "title").fill("Never saved")
    expect(page.locator(".editor-status")).to_have_text("Not saved yet")
    expect(page.locator("#see")).to_contain_text("Never saved")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Go on with it").click()
    expect(field(page, "title")).to_have_value("Never saved")


def test_leaving_with_unsaved_text_asks(page: Page) -> None:
    opened(page, begin())
    field(page, "title").fill("Unsaved")
    expect(page.locator(".editor-status")).to_have_text("Not saved yet")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto("/admin/")
    assert asked == ["beforeunload"]


def test_two_editors_are_told_of_each_other_and_nothing_is_lost(page: Page, context: BrowserContext) -> None:
    draft = begin()
    opened(page, draft)
    other = context.new_page()
    opened(other, draft)
    field(other, "title").fill("Theirs")
    saved(other)
    field(page, "title").fill("Mine")
    expect(page.locator(".editor-messages")).to_contain_text("Somebody else has saved")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".editor-messages")).to_contain_text("Your text still stands here")
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator(".editor-status")).to_contain_text("Saved at")
    draft.refresh_from_db()
    assert "title: Mine" in draft.text


def test_a_misconception_is_found_or_made_on_the_spot(page: Page) -> None:
    opened(page, begin("vector-exercise"))
    box = page.locator("input.editor-new-key[data-names=misconception]")
    box.fill("Went uphill")
    page.get_by_role("option", name="Make a new misconception").click()
    page.locator("dialog textarea").fill("A step goes against the gradient.")
    page.get_by_role("button", name="Make it").click()
    value = page.locator('[data-dotted="misconceptions.a.went-uphill.value"] input')
    value.fill("w + lr*g")
    expect(page.locator(".editor-faults")).to_be_hidden()
    page.get_by_role("tab", name="Certificate").click()
    expect(page.locator("#see")).to_contain_text("went-uphill")


def test_a_picture_is_put_into_a_text(page: Page) -> None:
    opened(page, begin())
    page.get_by_role("button", name="Insert a picture").first.click()
    page.locator("#picture-words").fill("Two weights that fall toward 0.")
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.locator("dialog [role=alert]")).to_contain_text("Choose a file")
    files = [FilePayload(name="paths.png", mimeType="image/png", buffer=encoded("PNG", (60, 40)))]
    page.locator("#picture-file").set_input_files(files)
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(field(page, "body")).to_have_value(
        re.compile(r"!\[Two weights that fall toward 0\.]\(media/paths\.")
    )
    expect(page.locator("#see img")).to_have_attribute("alt", "Two weights that fall toward 0.")


def test_a_picture_that_is_none_is_refused_in_words(context: BrowserContext) -> None:
    page = context.new_page()  # whose console may say that something was refused
    opened(page, begin())
    page.get_by_role("button", name="Insert a picture").first.click()
    page.locator("#picture-words").fill("Nothing to be seen")
    files = [FilePayload(name="x.png", mimeType="image/png", buffer=b"<script>alert(1)</script>")]
    page.locator("#picture-file").set_input_files(files)
    page.get_by_role("button", name="Insert", exact=True).click()
    expect(page.locator("dialog [role=alert]")).not_to_be_empty()


def test_completion_offers_the_keys_of_a_kind(page: Page) -> None:
    opened(page, begin())
    text = code(page)
    text.locator(".cm-line", has_text="kind: choice").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("shu")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("shuffle")


def test_every_beginning_is_accessible_as_form_and_as_text(
    browser: Browser, live_server: LiveServer, axe: str
) -> None:
    instructor = make_instructor("author")
    assessment = quiz(instructor)
    for dark, width in ((False, 1280), (True, 820)):
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 900},
        )
        sign_in(context, live_server.url, instructor)
        page = context.new_page()
        page.goto("/admin/content/item/add/")
        assert faults(page, axe) == []
        assert sideways(page) == 0
        for name in list(BEGINNINGS)[:: 1 if dark else 3]:
            draft = ItemVersion.objects.filter(item__slug=name).first() or begin(name)
            own_everything(instructor)
            opened(page, draft)
            expect(page.locator("#see")).not_to_be_empty()
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            assert faults(page, axe) == [], name
            assert sideways(page) == 0, name
        code(page)
        expect(page.locator(".editor-code")).to_be_visible()
        assert faults(page, axe) == []
        opened(page, assessment)
        expect(page.locator("#see")).to_contain_text("Pick one")
        assert faults(page, axe) == []
        context.close()


def test_a_published_question_leaves_the_editor(page: Page) -> None:
    opened(page, begin())
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator(".messagelist")).to_contain_text("is published")
    assert Item.objects.get().current is not None


def test_an_assessment_is_written_by_its_form(page: Page, instructor: User) -> None:
    opened(page, quiz(instructor))
    expect(page.locator("#see")).to_contain_text("Pick one")
    field(page, "pass_fraction").fill("7")
    expect(page.locator('[data-fault="pass_fraction"]')).to_contain_text("fraction")
    field(page, "pass_fraction").fill("0.6")
    page.get_by_label("Kind of assessment").select_option("mastery")
    expect(page.locator("#section-questions")).to_contain_text("bank")
    expect(code(page)).to_contain_text("# For the first week")
