"""Imports told apart by content, looked at, confirmed, carried out and taken back."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from assessment.models import Assessment
from content.authoring import draft_item, publish_item
from content.documents.text import dump_document
from content.formats.course_folder import write_course
from content.models import ImportRun, Item, ItemBank, ItemVersion, Lesson, Skill, Status, Subject
from tests.assessment.transfer.test_importing import course
from tests.builders import NOW, make_attempt, make_bank, make_item, publishable_choice
from tests.shared import shared_path

pytestmark = pytest.mark.django_db

GIFT = "::One::Two and two? {=4 ~%50%5 ~6}\n\n::Two::Write. {}\n\n::Three::Pick. {=a ~a}\n"


def told(capsys: Any, *arguments: Any) -> dict[str, Any]:
    """Return what a command prints as JSON, and nothing else, and whether it failed."""
    code = 0
    try:
        call_command(*map(str, arguments), "--json")
    except SystemExit as left:
        code = int(bool(left.code))
    return {**json.loads(capsys.readouterr().out), "code": code}


def brought(capsys: Any, *arguments: Any) -> dict[str, Any]:
    return told(capsys, "import_content", *arguments)


@pytest.fixture
def gift(tmp_path: Path) -> Path:
    """A file whose name says nothing."""
    path = tmp_path / "questions"
    path.write_text(GIFT)
    return path


def statuses(said: dict[str, Any]) -> list[str]:
    return [one["status"] for one in said["items"]]


def test_one_entry_for_every_item_and_nothing_lost(gift: Path, capsys: Any) -> None:
    said = brought(capsys, gift, "--bank", "week-one")
    assert said["counts"] == {"imported": 1, "loss": 1, "refused": 1, "unchanged": 0}
    assert (statuses(said), said["code"]) == (["imported", "refused", "loss"], 1)
    assert set(said["items"][0]) >= {"source", "title", "status", "slug", "notes"}
    assert "marked by a person" in said["items"][1]["notes"][0]
    assert "two options of a read the same" in " ".join(said["items"][2]["notes"])
    assert said["new_bank"] == "week-one"
    draft = Item.objects.get(slug="three")
    assert (draft.current, draft.versions.get().status) == (None, Status.DRAFT)
    assert Item.objects.servable().get().slug == "one"


def test_the_same_file_again_changes_nothing(gift: Path, capsys: Any) -> None:
    brought(capsys, gift, "--bank", "week-one")
    before = list(ItemVersion.objects.values_list("pk", flat=True))
    again = brought(capsys, gift, "--bank", "week-one")
    assert again["counts"] == {"imported": 0, "loss": 0, "refused": 1, "unchanged": 2}
    assert again["run"] is None
    assert list(ItemVersion.objects.values_list("pk", flat=True)) == before


def test_an_edited_question_is_a_new_version_of_its_item(gift: Path, capsys: Any) -> None:
    brought(capsys, gift, "--bank", "week-one")
    gift.write_text(GIFT.replace("Two and two?", "Two plus two?"))
    said = brought(capsys, gift, "--bank", "week-one")
    assert (said["items"][0]["slug"], said["items"][0]["change"]) == ("one", "changed")
    assert any("Two plus two?" in line for line in said["items"][0]["diff"])
    assert Item.objects.get(slug="one").current.number == 2


def test_questions_of_other_files_with_the_same_name_stay_apart(
    gift: Path, tmp_path: Path, capsys: Any
) -> None:
    brought(capsys, gift, "--bank", "week-one")
    other = tmp_path / "other"
    other.write_text("::One::Three and three? {=6 ~7}\n")
    assert brought(capsys, other, "--bank", "week-one")["items"][0]["slug"] == "one-2"
    assert brought(capsys, other, "--bank", "week-two")["items"][0]["slug"] == "one-3"
    assert statuses(brought(capsys, other, "--bank", "week-one")) == ["unchanged"]


def test_equal_questions_of_one_file_are_items_of_their_own(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "twice"
    path.write_text("Two? {=2 ~3}\n\nTwo? {=2 ~3}\n")
    assert [one["slug"] for one in brought(capsys, path, "--bank", "b")["items"]] == ["two", "two-2"]
    assert statuses(brought(capsys, path, "--bank", "b")) == ["unchanged", "unchanged"]


def test_without_a_bank_each_question_says_so(gift: Path, capsys: Any) -> None:
    said = brought(capsys, gift)
    assert statuses(said) == ["refused"] * 3
    assert said["items"][0]["notes"] == ["say into which bank it goes"]
    assert not Item.objects.exists()
    assert not ItemBank.objects.exists()


def test_a_dry_run_tells_all_and_writes_nothing(gift: Path, capsys: Any) -> None:
    said = brought(capsys, gift, "--bank", "week-one", "--dry-run")
    assert said["counts"] == {"imported": 1, "loss": 1, "refused": 1, "unchanged": 0}
    assert not any(model.objects.exists() for model in (Item, ItemBank, ImportRun))


def test_files_of_moodle_are_all_accounted_for(capsys: Any) -> None:
    folder = shared_path("formats/moodle")
    said = brought(capsys, folder, "--bank", "moodle")
    assert sum(said["counts"].values()) == len(said["items"]) == 69
    assert said["counts"]["refused"] == 5
    slugs = [one["slug"] for one in said["items"] if one["slug"]]
    assert len(set(slugs)) == len(slugs) == Item.objects.count()
    assert all(one["notes"] for one in said["items"] if one["status"] in ("refused", "loss"))
    again = brought(capsys, folder, "--bank", "moodle")
    assert again["counts"] == {"imported": 0, "loss": 0, "refused": 5, "unchanged": 64}


def test_an_archive_holds_courses_items_and_questions(tmp_path: Path, capsys: Any) -> None:
    write_course(course(), tmp_path / "in")
    (tmp_path / "in/loose.txt").write_text(dump_document(publishable_choice() | {"slug": "loose"}))
    (tmp_path / "in/quiz.bin").write_text("Two? {=2 ~3}")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for path in sorted((tmp_path / "in").rglob("*")):
            archive.write(path, path.relative_to(tmp_path / "in"))
    (tmp_path / "all.dat").write_bytes(held.getvalue())
    said = brought(capsys, tmp_path / "all.dat", "--bank", "more")
    assert said["counts"] == {"imported": 4, "loss": 0, "refused": 0, "unchanged": 0}
    assert {one["slug"] for one in said["items"]} == {"pick-one", "double-it", "loose", "two"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"nothing of interest", "is nothing that can be imported"),
        (b"<quiz><question>", "is no sound XML"),
        (b"slug: a\nbody: [", "line"),
        (b"PK\x03\x04rubbish", "is no archive that can be read"),
        (b"", "is nothing that can be imported"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "is nothing that can be imported"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_refused_entry(
    content: bytes, reason: str, tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "file").write_bytes(content)
    said = brought(capsys, tmp_path / "file", "--bank", "b")
    (entry,) = said["items"]
    assert (entry["status"], said["code"]) == ("refused", 1)
    assert reason in entry["notes"][0]


def test_a_course_with_a_fault_is_refused_item_by_item(tmp_path: Path, capsys: Any) -> None:
    write_course(course(), tmp_path)
    (tmp_path / "maths/adding/items/pick-one.yaml").write_text("slug: {")
    said = brought(capsys, tmp_path)
    assert statuses(said) == ["refused", "refused"]
    notes = {Path(one["source"]).stem: one["notes"][0] for one in said["items"]}
    assert notes["pick-one"].startswith("line 2")
    assert "imported whole or not at all" in notes["double-it"]
    assert not Item.objects.exists()


def test_an_item_of_another_bank_is_not_taken_from_it(tmp_path: Path, capsys: Any) -> None:
    make_item(publishable_choice(), bank=make_bank("first"))
    (tmp_path / "item").write_text(dump_document(publishable_choice(title="Other")))
    said = brought(capsys, tmp_path / "item", "--bank", "second")
    assert said["items"][0]["notes"][0] == "exists already, in the bank first"


def test_the_authors_own_text_comes_back_byte_for_byte(tmp_path: Path, capsys: Any) -> None:
    write_course(course(), tmp_path / "in")
    item = tmp_path / "in/maths/adding/items/pick-one.yaml"
    lesson = tmp_path / "in/maths/adding/lesson.yaml"
    for path in (item, lesson):
        path.write_text(f"# Mine.\n{path.read_text()}\n# The end.\n")
    brought(capsys, tmp_path / "in")
    assert Item.objects.get(slug="pick-one").current.source == item.read_text()
    call_command("export_content", str(tmp_path / "out"))
    for path in (item, lesson):
        assert (tmp_path / "out" / path.relative_to(tmp_path / "in")).read_bytes() == path.read_bytes()


def test_an_export_leaves_files_that_say_the_same_as_they_are(tmp_path: Path, capsys: Any) -> None:
    write_course(course(), tmp_path)
    brought(capsys, tmp_path)
    bank = tmp_path / "maths/adding/bank.yaml"
    bank.write_text(f"# By hand.\n{bank.read_text()}")
    call_command("export_content", str(tmp_path))
    assert bank.read_text().startswith("# By hand.")


# Taking it back


def undone(capsys: Any, *arguments: Any) -> dict[str, Any]:
    return told(capsys, "undo_import", *arguments)


def outcomes(said: dict[str, Any]) -> dict[str, str]:
    return {one["slug"]: one["outcome"] for one in said["changes"]}


def test_what_an_import_made_and_nobody_used_is_gone(gift: Path, capsys: Any) -> None:
    brought(capsys, gift, "--bank", "week-one")
    said = undone(capsys, "--last")
    assert outcomes(said) == {"one": "removed", "three": "removed", "week-one": "removed"}
    assert not any(model.objects.exists() for model in (Item, ItemVersion, ItemBank))


def test_taking_back_twice_is_once(gift: Path, capsys: Any) -> None:
    run = brought(capsys, gift, "--bank", "week-one")["run"]
    first = undone(capsys, run)
    again = undone(capsys, run)
    assert (first["was_undone"], again["was_undone"]) == (False, True)
    assert first["changes"] == again["changes"]
    with pytest.raises(CommandError, match="no import that could"):
        call_command("undo_import", "--last")


def test_an_earlier_wording_comes_back_as_a_new_version(tmp_path: Path, capsys: Any) -> None:
    write_course(course(), tmp_path)
    brought(capsys, tmp_path)
    before = Item.objects.get(slug="pick-one").current
    for name, text in (("items/pick-one.yaml", dump_document(publishable_choice(title="Newer"))),):
        (tmp_path / "maths/adding" / name).write_text(text)
    skills = tmp_path / "maths/adding/skills.yaml"
    skills.write_text(skills.read_text().replace("title: Step", "title: Stride"))
    (tmp_path / "maths/adding/lesson.md").write_text("One and one is still two.")
    brought(capsys, tmp_path)
    assert outcomes(undone(capsys, "--last")) == {
        "pick-one": "restored",
        "l2-update": "restored",
        "adding": "restored",
    }
    item = Item.objects.get(slug="pick-one")
    assert (item.current.number, item.title) == (3, "Pick one")
    assert item.current.document == before.document
    assert item.current.certificate == before.certificate
    assert item.imported_fingerprint == before.fingerprint
    assert Skill.objects.get(slug="l2-update").title == "Step"
    assert Lesson.objects.get().current.document["theory"] == "One and one is two."
    assert brought(capsys, tmp_path)["counts"]["imported"] == 1


def test_what_was_changed_at_the_desk_since_is_left_alone_and_named(gift: Path, capsys: Any) -> None:
    brought(capsys, gift, "--bank", "week-one")
    item = Item.objects.get(slug="one")
    document = {**item.current.document, "title": "By hand"}
    publish_item(version=draft_item(bank=item.bank, document=document, now=NOW), now=NOW)
    said = undone(capsys, "--last")
    assert outcomes(said) == {"one": "kept", "three": "removed", "week-one": "kept"}
    assert said["changes"][1]["reason"] == "it was changed here since"
    item.refresh_from_db()
    assert item.title == "By hand"


def test_what_learners_have_answered_is_retired_and_stays(gift: Path, capsys: Any) -> None:
    brought(capsys, gift, "--bank", "week-one")
    item = Item.objects.get(slug="one")
    make_attempt(item)
    assert outcomes(undone(capsys, "--last"))["one"] == "retired"
    item.refresh_from_db()
    assert item.retired_at is not None
    assert item.current is not None


def test_a_whole_course_is_taken_back(tmp_path: Path, capsys: Any) -> None:
    write_course(course(), tmp_path)
    brought(capsys, tmp_path)
    said = outcomes(undone(capsys, "--last"))
    # The assessment was given to everybody, which stays in the log; what it asks for stays with it.
    assert said["check"] == "retired"
    assert Assessment.objects.get().retired_at is not None
    assert not Lesson.objects.published().exists()
    assert not Item.objects.servable().exists()
    assert Subject.objects.exists()


def test_a_published_version_of_no_import_is_never_deleted(gift: Path, capsys: Any) -> None:
    brought(capsys, gift, "--bank", "week-one")
    for version in (make_item(publishable_choice()).current, Item.objects.get(slug="one").current):
        with pytest.raises(DatabaseError, match="it never changes"), transaction.atomic():
            ItemVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_a_draft_that_an_import_replaced_comes_back(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "quiz"
    path.write_text("::Three::Pick. {=a ~a}")
    brought(capsys, path, "--bank", "b")
    item = Item.objects.get()
    mine = {**item.versions.get().document, "title": "Mine"}
    draft_item(bank=item.bank, document=mine, now=NOW)
    path.write_text("::Three::Pick one. {=a ~a}")
    refused = brought(capsys, path, "--bank", "b")
    assert (refused["code"], statuses(refused)) == (1, ["refused"])
    assert "a draft that was changed here, gives way" in refused["gives_way"][0]
    brought(capsys, path, "--bank", "b", "--yes")
    assert outcomes(undone(capsys, "--last")) == {"three": "restored"}
    assert item.versions.get().document == mine


# Banks as files


@pytest.mark.parametrize("form", ["moodle-xml", "gift", "csv", "xlsx", "course"])
def test_a_bank_goes_out_as_a_file_that_names_what_it_does_not_hold(
    form: str, tmp_path: Path, capsys: Any
) -> None:
    write_course(course(), tmp_path / "in")
    brought(capsys, tmp_path / "in")
    file = tmp_path / "out" / "bank"
    said = told(capsys, "export_content", "--format", form, "--bank", "sums", file)
    whole = form == "course"
    assert said["items"] == (2 if whole else 1)
    left = {(one["slug"], one["reason"][:17]) for one in said["left_out"]}
    assert whole == (left == set())
    assert whole or ("double-it", "it is an exercise") in left
    again = brought(capsys, file, "--bank", "copied", "--dry-run")
    assert again["counts"]["refused"] == 0
    call_command("export_content", "--format", form, "--bank", "sums", str(tmp_path / "again"))
    if form != "xlsx":  # a workbook tells when it was written
        assert (tmp_path / "again").read_bytes() == file.read_bytes()


def test_a_bank_and_a_format_belong_together(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="belong together"):
        call_command("export_content", str(tmp_path / "x"), "--format", "gift")
    with pytest.raises(CommandError, match="no item bank called gone"):
        call_command("export_content", str(tmp_path / "x"), "--format", "gift", "--bank", "gone")
