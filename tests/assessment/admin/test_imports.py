"""The page of imports: look, confirm, take back, and whose banks may be written into."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessment.models import User
from content.formats.course_folder import write_course
from content.models import AuthorGrant, ImportFile, ImportRun, ImportState, Item, ItemBank, Status
from content.models.grants import GrantRole
from tests.assessment.transfer.test_importing import course
from tests.builders import NOW, make_bank, make_item, make_learner, publishable_choice
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db

GIFT = b"::One::Two and two? {=4 ~5}\n\n::Two::Write. {}\n"
ADD = "admin:content_importrun_add"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def bank() -> ItemBank:
    return make_bank("mine")


@pytest.fixture
def author(bank: ItemBank) -> User:
    user = make_instructor("ada")
    AuthorGrant.objects.give(bank, user=user, granted_by=None, now=NOW)
    return user


def bring(user: User, *files: tuple[str, bytes], **fields: str) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return browser(user).post(reverse(ADD), {"brought": sent, **fields}, follow=True)


def press(user: User, run: ImportRun, name: str) -> Any:
    return browser(user).post(reverse("admin:content_importrun_do", args=[run.pk, name]), follow=True)


def test_files_are_looked_at_before_anything_is_written(author: User) -> None:
    page = bring(author, ("week.gift", GIFT), bank="mine")
    text = page.content.decode()
    assert "Nothing has been imported yet" in text
    assert "marked by a person" in text
    assert not Item.objects.exists()
    assert ImportRun.objects.get().state == ImportState.PLANNED


def test_what_was_confirmed_is_imported_once_and_its_files_go(author: User) -> None:
    bring(author, ("week.gift", GIFT), bank="mine")
    run = ImportRun.objects.get()
    for _ in range(2):
        press(author, run, "carry")
    assert Item.objects.get().current.written_by == author
    run.refresh_from_db()
    assert (run.state, run.by, run.changes.count()) == (ImportState.DONE, author, 1)
    assert not ImportFile.objects.exists()


def test_it_is_taken_back_by_a_button(author: User) -> None:
    bring(author, ("week.gift", GIFT), bank="mine")
    run = ImportRun.objects.get()
    press(author, run, "carry")
    assert "was taken back" in press(author, run, "undo").content.decode()
    assert not Item.objects.exists()
    assert ItemBank.objects.exists()


def test_what_would_do_something_else_by_now_is_shown_again(author: User) -> None:
    bring(author, ("week.gift", GIFT), bank="mine")
    make_item(publishable_choice("one"), bank=make_bank("other"))
    run = ImportRun.objects.get()
    assert "look again" in press(author, run, "carry").content.decode()
    run.refresh_from_db()
    assert (run.state, run.result["items"][0]["slug"]) == (ImportState.PLANNED, "one-2")
    press(author, run, "carry")
    assert Item.objects.filter(bank__slug="mine").get().slug == "one-2"


def test_a_bank_of_somebody_else_is_none_to_import_into(author: User) -> None:
    make_bank("theirs")
    page = bring(author, ("week.gift", GIFT), bank="theirs")
    assert "Select a valid choice" in page.content.decode()
    page = bring(author, ("week.gift", GIFT), new_bank="theirs")
    assert "There is a bank of this name already" in page.content.decode()
    assert not ImportRun.objects.exists()


def test_a_bank_that_is_no_longer_ones_own_takes_no_import(author: User) -> None:
    bring(author, ("week.gift", GIFT), bank="mine")
    AuthorGrant.objects.all().delete()
    assert press(author, ImportRun.objects.get(), "carry").status_code == 403
    assert not Item.objects.exists()


def test_whoever_makes_a_bank_by_an_import_is_its_author(author: User) -> None:
    bring(author, ("week.gift", GIFT), new_bank="week-one")
    press(author, ImportRun.objects.get(), "carry")
    assert AuthorGrant.objects.banks(author).filter(slug="week-one").exists()


def test_in_a_bank_that_needs_review_everything_is_a_draft(author: User, bank: ItemBank) -> None:
    ItemBank.objects.update(needs_review=True)
    bring(author, ("week.gift", GIFT), bank="mine")
    press(author, ImportRun.objects.get(), "carry")
    assert Item.objects.get().versions.get().status == Status.DRAFT


def test_whole_courses_are_for_administrators(author: User, tmp_path: Path) -> None:
    write_course(course(), tmp_path)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for path in tmp_path.rglob("*"):
            archive.write(path, path.relative_to(tmp_path))
    page = bring(author, ("course.zip", held.getvalue()), bank="mine")
    assert "course folders are imported by administrators" in page.content.decode()
    root = make_learner("root", is_staff=True, is_superuser=True)
    bring(root, ("course.zip", held.getvalue()))
    press(root, ImportRun.objects.get(by=root), "carry")
    assert Item.objects.servable().count() == 2


def test_an_import_of_somebody_else_is_not_there(author: User) -> None:
    bring(author, ("week.gift", GIFT), bank="mine")
    run = ImportRun.objects.get()
    other = make_instructor("ines")
    assert browser(other).get(reverse("admin:content_importrun_change", args=[run.pk])).status_code == 404
    assert press(other, run, "carry").status_code == 404


def test_a_reviewer_brings_nothing_into_the_bank(bank: ItemBank) -> None:
    reviewer = make_instructor("rita")
    AuthorGrant.objects.give(bank, user=reviewer, granted_by=None, now=NOW, role=GrantRole.REVIEWER)
    assert "Select a valid choice" in bring(reviewer, ("week.gift", GIFT), bank="mine").content.decode()


def test_what_waits_is_forgotten_on_wish(author: User) -> None:
    bring(author, ("week.gift", GIFT), bank="mine")
    press(author, ImportRun.objects.get(), "forget")
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 999,
        b"PK\x03\x04" + b"\xff" * 99,
        b"<!DOCTYPE quiz [<!ENTITY a 'b'>]><quiz>&a;</quiz>",
        b"%PDF-1.7",
    ],
)
def test_hostile_files_are_refused_on_the_page(content: bytes, author: User) -> None:
    page = bring(author, ("file.xml", content), bank="mine")
    assert page.status_code == 200
    assert not Item.objects.exists()


def test_more_than_is_imported_at_the_desk_is_refused_with_the_way_out(author: User) -> None:
    page = bring(author, ("week.gift", b"Two? {=2}\n\n" * 501), bank="mine")
    assert "import_content" in page.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_to_fill_is_there_to_take(kind: str, author: User) -> None:
    reply = browser(author).get(reverse("admin:content_importrun_table", args=[kind]))
    assert (reply.status_code, len(reply.content) > 500) == (200, True)
