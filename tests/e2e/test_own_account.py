"""The own account on the screen: changed, got back, taken along, ended."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from api.models import ApiKey
from assessment.models import Attempt, User
from assessment.people.mailing import wait_until_sent
from tests.api.client import Api
from tests.builders import PASSWORD, enrol, exercise_document, make_course, make_item, make_learner
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import answer, make_quiz, sign_in, start, type_number, verdict

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

NEW = "another-long-one"


@pytest.fixture
def ada(context: BrowserContext, live_server: LiveServer) -> User:
    user = make_learner("ada")
    sign_in(context, live_server.url, user)
    return user


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def enter(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_the_header_leads_to_the_account(page: Page, ada: User) -> None:
    page.goto("/")
    page.locator("summary", has_text="Account of ada").click()
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_role("heading", name="Your account", exact=True)).to_be_focused()


def test_an_address_is_set_and_removed(page: Page, ada: User) -> None:
    page.goto("/account")
    email = part(page, "E-mail address")
    email.get_by_label("E-mail address").fill("ada@example.org")
    email.get_by_label("Current password").fill(PASSWORD)
    email.get_by_role("button").click()
    expect(email.get_by_role("status")).to_have_text("Your address is ada@example.org.")
    page.reload()
    expect(email.get_by_label("E-mail address")).to_have_value("ada@example.org")
    email.get_by_label("E-mail address").fill("")
    email.get_by_label("Current password").fill(PASSWORD)
    email.get_by_role("button").click()
    expect(email.get_by_role("status")).to_have_text("Your address is removed.")
    ada.refresh_from_db()
    assert ada.email == ""


def test_a_wrong_password_is_said_beside_its_field_which_gets_the_focus(
    context: BrowserContext, ada: User
) -> None:
    page = context.new_page()
    page.goto("/account")
    word = part(page, "Password")
    word.get_by_label("Current password").fill("wrong")
    word.get_by_label("New password").fill(NEW)
    word.get_by_role("button").click()
    expect(word.get_by_role("alert")).to_have_text("This is not your password.")
    expect(word.get_by_label("Current password")).to_be_focused()
    expect(word.get_by_label("Current password")).to_have_attribute("aria-invalid", "true")
    expect(word.get_by_label("New password")).to_have_value(NEW)


def test_a_changed_password_keeps_this_tab_signed_in_and_ends_the_others(
    page: Page, browser: Browser, live_server: LiveServer, ada: User
) -> None:
    elsewhere = browser.new_context(base_url=live_server.url)
    sign_in(elsewhere, live_server.url, ada)
    page.goto("/account")
    expect(part(page, "Where you are signed in")).to_contain_text("Here, and in 1 other place.")
    word = part(page, "Password")
    word.get_by_label("Current password").fill(PASSWORD)
    word.get_by_label("New password").fill(NEW)
    word.get_by_role("button").click()
    expect(word.get_by_role("status")).to_contain_text("Your password is changed")
    expect(word.get_by_label("New password")).to_have_value("")
    page.reload()
    expect(part(page, "Where you are signed in")).to_contain_text("nowhere else")
    other = elsewhere.new_page()
    other.goto("/account")
    expect(other.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()
    elsewhere.close()
    assert User.objects.get().check_password(NEW)


def test_a_recovery_code_is_offered_after_signing_up_and_lets_in(
    page: Page, browser: Browser, live_server: LiveServer
) -> None:
    page.goto("/sign-up?then=/account")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("button", name="Show a recovery code").click()
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_focused()
    code = page.locator(".code-itself").inner_text()
    page.get_by_role("button", name="I have kept it").click()
    expect(part(page, "Recovery code")).to_contain_text("You made one on")
    elsewhere = browser.new_context(base_url=live_server.url)
    other = elsewhere.new_page()
    other.goto("/sign-in")
    other.get_by_role("link", name="Forgot your password?").click()
    by_code = part(other, "With your recovery code")
    by_code.get_by_label("Name").fill("ada")
    by_code.get_by_label("Recovery code").fill(code.lower())
    by_code.get_by_label("New password").fill(NEW)
    by_code.get_by_role("button").click()
    expect(other.get_by_role("heading", name="Your account", exact=True)).to_be_visible()
    expect(part(other, "Recovery code")).not_to_contain_text("You made one on")
    elsewhere.close()
    page.reload()
    expect(page.get_by_role("main").get_by_role("link", name="Sign in")).to_be_visible()


def test_the_link_of_a_mail_leads_to_a_new_password_and_is_used_up(context: BrowserContext) -> None:
    make_learner("ada", email="ada@example.org")
    page = context.new_page()
    page.goto("/recover")
    by_mail = part(page, "With a link by e-mail")
    by_mail.get_by_label("Name or e-mail address").fill("ada@example.org")
    by_mail.get_by_role("button").click()
    expect(by_mail.get_by_role("status")).to_contain_text("a link is on its way")
    wait_until_sent()
    link = re.search(r"https?://\S+", str(mail.outbox[-1].body))[0]
    page.goto(link)
    expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()
    expect(page).to_have_url(re.compile("/recover$"))
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", name="Your account", exact=True)).to_be_visible()
    page.goto(link)
    page.get_by_label("New password").fill("a-third-long-one")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", name="This link does not work")).to_be_focused()


def test_own_data_can_be_taken_along(page: Page, ada: User) -> None:
    make_quiz()
    start(page)
    page.get_by_text("That one").click()
    answer(page)
    page.goto("/account")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Everything (JSON)").click()
    assert taken.value.suggested_filename == "assay-data.json"
    found = json.loads(Path(taken.value.path()).read_text())
    assert found["attempts"][0]["presentations"][0]["responses"][0]["answer"] == {"a": "wrong"}
    with page.expect_download() as taken:
        page.get_by_role("link", name="A table of your answers (CSV)").click()
    rows = list(csv.DictReader(Path(taken.value.path()).read_text("utf-8-sig").splitlines()))
    assert [row["assessment"] for row in rows] == ["quiz"]


@pytest.mark.parametrize("is_enrolled", [True, False])
def test_an_account_is_deleted_by_its_owner(page: Page, ada: User, is_enrolled: bool) -> None:
    if is_enrolled:
        enrol(ada, make_course())
    make_quiz()
    start(page)
    page.get_by_text("That one").click()
    answer(page)
    page.goto("/account")
    end = part(page, "Delete your account")
    expect(end).to_contain_text("keep its grades" if is_enrolled else "Nothing brings them back")
    end.get_by_role("button").click()
    end.get_by_label("Current password").fill(PASSWORD)
    end.get_by_role("button", name="Delete your account").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert not User.objects.filter(username="ada").exists()
    assert Attempt.objects.exists() is is_enrolled
    kept = page.evaluate("Object.keys(localStorage).filter((name) => /^assay\\.(?!setting)/.test(name))")
    assert kept == []


def test_a_guest_deletes_what_he_did(page: Page) -> None:
    make_item(exercise_document())
    page.goto("/practice/double-it")
    type_number(page, "1")
    page.get_by_role("button", name="Check").click()
    expect(verdict(page)).to_be_visible()
    page.goto("/account")
    page.get_by_role("button", name="Delete what you did").click()
    part(page, "Delete what you did").get_by_role("button", name="Delete what you did").click()
    expect(page).to_have_url(re.compile("[0-9]/$"))
    assert not User.objects.exists()


def test_nobody_is_asked_to_sign_in(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?then=/account$"))


def test_what_a_guest_reads_about_signing_in_is_so(page: Page) -> None:
    make_learner("ada")
    make_quiz()
    start(page)
    page.goto("/sign-in")
    expect(page.get_by_text("comes with you")).to_be_visible()
    enter(page, "ada", PASSWORD)
    expect(page.locator("summary", has_text="Account of ada")).to_be_visible()
    assert Attempt.objects.get().learner.users.get().username == "ada"


@pytest.mark.parametrize("path", ["/account", "/recover", "/recover?token=x"])
def test_nothing_is_wider_than_a_small_window(page: Page, ada: User, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert sideways(page) == 0


def test_a_key_is_made_for_a_program_replaced_and_revoked(
    page: Page, ada: User, live_server: LiveServer, axe: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/account")
    keys = part(page, "Keys for programs")
    keys.get_by_role("button", name="Make a key…").click()
    keys.get_by_label("What uses it").fill("My script")
    keys.get_by_label("Read lessons and assessments").check()
    keys.get_by_label("How long it holds").select_option("30 days")
    keys.get_by_label("Current password").fill(PASSWORD)
    assert faults(page, axe) == []
    assert sideways(page) == 0
    keys.get_by_role("button", name="Make the key").click()
    shown = part(page, "Your new key")
    expect(shown.get_by_role("heading")).to_be_focused()
    first = shown.locator(".code-itself").inner_text()
    assert sideways(page) == 0
    assert Api(key=first).get("me/").json["username"] == "ada"
    shown.get_by_role("button", name="I have kept it").click()
    expect(keys.get_by_role("listitem")).to_contain_text("My script")
    expect(keys).not_to_contain_text(first)
    keys.get_by_role("button", name="Replace My script").click()
    keys.get_by_label("Current password").fill(PASSWORD)
    keys.get_by_role("button", name="Replace the key").click()
    second = shown.locator(".code-itself").inner_text()
    shown.get_by_role("button", name="I have kept it").click()
    expect(keys.get_by_role("listitem")).to_have_count(2)
    assert faults(page, axe) == []
    keys.get_by_role("button", name="Revoke My script").first.click()
    expect(keys.get_by_text("is revoked")).to_be_visible()
    expect(keys.get_by_role("listitem")).to_have_count(1)
    assert ApiKey.objects.matching(second, timezone.now()) is None
    assert ApiKey.objects.matching(first, timezone.now())
