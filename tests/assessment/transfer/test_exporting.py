"""What goes out as a folder comes back as the same rows."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessment.authoring import draft_assessment
from assessment.models import Assessment, Assignment
from assessment.rules.document import parse_assessment
from assessment.transfer.exporting import export_course
from assessment.transfer.importing import import_course
from content.authoring import draft_item, draft_lesson, publish_item, retire
from content.catalogue import parse_bank
from content.documents.reader import DefinitionError
from content.formats.course_folder import CourseFolder, LessonFolder, Source, read_course
from content.items.parsing.document import parse_definition
from content.models import Item, ItemBank, Lesson, Misconception, Skill, Subject
from tests.builders import (
    NOW,
    exercise_document,
    make_assessment,
    make_bank,
    make_course,
    make_item,
    make_lesson,
    make_skill,
    publishable_choice,
)

pytestmark = pytest.mark.django_db

FORGOT = {"slug": "forgot-the-two", "title": "Forgot", "explanation": "It was 2."}
CHECK = {
    "slug": "check",
    "title": "Check",
    "lesson": "adding",
    "tries": None,
    "sections": [
        {"title": "All", "slots": [{"item": "pick-one"}, {"draw": 1, "bank": "sums", "skill": "l2-update"}]}
    ],
}


def lesson_folder(slug, *, skills=(), misconceptions=(), items=(), assessments=()):
    lesson = {"slug": slug, "title": slug, "summary": "Sums.", "level": "Easy", "minutes": 5}
    lesson |= {"updated_on": "2026-01-01", "skills": ["l2-update"], "theory": "One and one is two."}
    return LessonFolder(
        lesson=Source(f"maths/{slug}/lesson.yaml", lesson),
        skills=tuple(Source(f"maths/{slug}/skills.yaml", d, str(i)) for i, d in enumerate(skills)),
        misconceptions=tuple(
            Source(f"maths/{slug}/misconceptions.yaml", d, str(i)) for i, d in enumerate(misconceptions)
        ),
        bank=Source(f"maths/{slug}/bank.yaml", {"slug": "sums", "title": "Sums"}) if items else None,
        items=tuple(Source(f"maths/{slug}/items/{d['slug']}.yaml", d) for d in items),
        assessments=tuple(Source(f"maths/{slug}/assessments/{d['slug']}.yaml", d) for d in assessments),
    )


@pytest.fixture
def subject():
    """A subject of two lessons that share a skill."""
    skills = (
        {"slug": "counting", "title": "C"},
        {"slug": "l2-update", "title": "S", "prerequisites": ["counting"]},
    )
    items = (publishable_choice(), exercise_document())
    first = lesson_folder("adding", skills=skills, misconceptions=[FORGOT], items=items, assessments=[CHECK])
    source = Source("maths/subject.yaml", {"slug": "maths", "title": "Maths", "description": "Sums."})
    import_course(course=CourseFolder(source, (first, lesson_folder("more"))), now=NOW)
    return Subject.objects.get()


def test_what_is_exported_imports_as_the_same_content(subject):
    folder = export_course(subject=subject)
    for model in (Assessment, ItemBank, Lesson, Misconception, Skill):
        assert model.objects.exists()
    versions = set(Lesson.objects.values_list("current", flat=True))
    import_course(course=folder, now=NOW)
    assert export_course(subject=subject) == folder
    assert set(Lesson.objects.values_list("current", flat=True)) == versions


def test_a_shared_skill_is_written_with_the_first_lesson_that_needs_it(subject):
    adding, more = export_course(subject=subject).lessons
    assert [source.document["slug"] for source in adding.skills] == ["counting", "l2-update"]
    assert adding.skills[1].document["prerequisites"] == ["counting"]
    assert more.skills == ()


def test_documents_keep_their_wording(subject):
    lesson = export_course(subject=subject).lessons[0]
    assert [source.document for source in lesson.items] == [exercise_document(), publishable_choice()]
    assert lesson.assessments[0].document["sections"][0]["slots"] == [
        {"item": "pick-one"},
        {"draw": 1, "bank": "sums", "skill": "l2-update"},
    ]


@pytest.mark.parametrize("rules", [{"skills": ["l2-update"]}, {"criterion": "m_of_n", "m": 2, "n": 5}])
def test_a_mastery_assessment_goes_out_with_every_rule_and_comes_back(subject, rules):
    Lesson.objects.get(slug="adding").skills.set(Skill.objects.all())
    document: dict[str, Any] = {**CHECK, "tries": 2, "mode": "mastery", "mastery": {"bank": "sums", **rules}}
    del document["sections"]
    folder = export_course(subject=subject)
    adding = replace(
        folder.lessons[0], assessments=(Source("maths/adding/assessments/check.yaml", document),)
    )
    import_course(course=replace(folder, lessons=(adding, *folder.lessons[1:])), now=NOW)
    exported = export_course(subject=subject)
    assert exported.lessons[0].assessments[0].document["mastery"].items() >= document["mastery"].items()
    import_course(course=exported, now=NOW)
    assert export_course(subject=subject) == exported


def test_the_second_bank_of_a_lesson_has_a_folder_of_its_own(subject):
    second = ItemBank.objects.create(slug="second", title="Second", lesson=Lesson.objects.get(slug="adding"))
    item = make_item({**publishable_choice(), "slug": "other"}, bank=second)
    (folder,) = export_course(subject=subject).banks
    assert folder.bank.file == "maths/banks/second/bank.yaml"
    assert folder.bank.document == {"slug": "second", "title": "Second", "lesson": "adding"}
    assert [source.slug for source in folder.items] == [item.slug]
    assert export_course(subject=subject).lessons[0].bank.slug == "sums"


def test_what_has_no_lesson_goes_out_beside_the_subjects_and_comes_back(subject, tmp_path, capsys):
    homeless = make_item({**publishable_choice(), "slug": "alone"}, bank=make_bank("homeless"))
    make_assessment(homeless, slug="floating")
    call_command("export_content", str(tmp_path / "one"), "--json")
    written = json.loads(capsys.readouterr().out)
    assert not [one for one in written["left_out"] if one["slug"] in ("homeless", "floating")]
    assert (tmp_path / "one/banks/homeless/bank.yaml").is_file()
    assert (tmp_path / "one/assessments/floating.yaml").is_file()
    call_command("import_content", str(tmp_path / "one"), "--json")
    assert json.loads(capsys.readouterr().out)["counts"]["refused"] == 0
    call_command("export_content", str(tmp_path / "two"))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_command_writes_folders_that_can_be_read(subject, tmp_path, capsys):
    make_lesson()
    call_command("export_content", str(tmp_path), "--json")
    written = json.loads(capsys.readouterr().out)["files"]
    assert set(written) == {"maths", "a-subject"}
    assert all(Path(file).is_file() for files in written.values() for file in files)
    assert read_course(tmp_path / "maths") == export_course(subject=subject)


def test_the_command_refuses_a_subject_that_does_not_exist(tmp_path):
    with pytest.raises(CommandError, match="no subject called gone"):
        call_command("export_content", str(tmp_path), "--subject", "gone")


def test_what_items_are_for_and_what_is_exclusive_goes_out_and_comes_back(subject):
    plain = export_course(subject=subject)
    assert "use" not in plain.lessons[0].bank.document
    assert "exclusive" not in plain.lessons[0].assessments[0].document
    ItemBank.objects.update(use="assessment")
    Assignment.objects.update(exclusive=False)
    changed = export_course(subject=subject)
    assert changed.lessons[0].bank.document["use"] == "assessment"
    assert changed.lessons[0].assessments[0].document["exclusive"] is False
    ItemBank.objects.update(use="both")
    Assignment.objects.update(exclusive=None)
    import_course(course=changed, now=NOW)
    assert ItemBank.objects.get().use == "assessment"
    assert Assignment.objects.get().exclusive is False


@pytest.mark.parametrize(
    ("parse", "document", "fault"),
    [
        (parse_bank, {"slug": "b", "title": "B", "use": "exam"}, "use"),
        (parse_definition, exercise_document(use="exam"), "use"),
        (parse_definition, exercise_document(use=["practice"]), "use"),
        (parse_assessment, {**CHECK, "exclusive": "yes"}, "exclusive"),
    ],
)
def test_a_use_that_there_is_not_is_a_fault_at_its_place(parse, document, fault):
    with pytest.raises(DefinitionError) as caught:
        parse(document)
    assert [path for path, _ in caught.value.faults] == [fault]


@pytest.mark.parametrize("use", ["practice", "assessment", "both", None])
def test_an_item_says_what_it_is_for(use):
    document = exercise_document(use=use) if use else exercise_document()
    assert parse_definition(document).use == use
    make_item(document)
    version = draft_item(bank=ItemBank.objects.get(), document={**document, "title": "Again"}, now=NOW)
    Misconception.objects.create(slug="forgot-the-two", title="Forgot", explanation="It was 2.")
    publish_item(version=version, now=NOW)
    assert Item.objects.get().use == (use or "")


def test_an_untouched_export_imports_as_unchanged_the_first_time_too(subject):
    report = import_course(course=export_course(subject=subject), now=NOW)
    assert (report.total("created"), report.total("updated")) == (0, 0)
    assert report.changes == report.overwritten == report.remarks == []


def test_the_library_goes_out_and_comes_back_unchanged(tmp_path, capsys):
    call_command("import_content")
    call_command("export_content", str(tmp_path))
    capsys.readouterr()
    call_command("import_content", str(tmp_path), "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["counts"] == {"imported": 0, "loss": 0, "refused": 0, "unchanged": len(report["items"])}
    assert (report["others"], report["gives_way"], report["remarks"]) == ([], [], [])


def test_what_is_left_out_is_named(subject, tmp_path, capsys):
    bank = ItemBank.objects.get()
    homeless = make_item(bank=make_bank("homeless"))
    make_assessment(homeless, slug="floating")
    draft_item(bank=bank, document={"slug": "begun"}, now=NOW)
    draft_item(bank=bank, document=publishable_choice(title="Other"), now=NOW)
    retire(row=Item.objects.get(slug="double-it"), now=NOW)
    draft_lesson(subject=subject, document={"slug": "planned"}, now=NOW)
    draft_lesson(subject=subject, document={"slug": "adding", "title": "Again"}, now=NOW)
    make_skill("idle")
    Misconception.objects.create(slug="unheard-of", title="U", explanation="U")
    check = Assessment.objects.get(slug="check")
    check.assignments.update(closes_at=NOW, is_open=False)
    course = make_course()
    Assignment.objects.create(assessment=check, course=course)
    draft_assessment(document={"slug": "check"}, now=NOW)
    call_command("export_content", str(tmp_path), "--subject", "maths", "--json")
    found = json.loads(capsys.readouterr().out)["left_out"]
    assert {(one["kind"], one["slug"], one["reason"]) for one in found} == {
        ("item bank", "homeless", "belongs to no subject; 1 items with it"),
        ("assessment", "floating", "belongs to no subject"),
        ("item", "begun", "was never published"),
        ("item", "pick-one", "its draft, version 2"),
        ("item", "double-it", "is retired"),
        ("lesson", "planned", "was never published"),
        ("lesson", "adding", "its draft, version 2"),
        ("assessment", "check", "its draft, version 2"),
        ("assessment", "check", "without its dates, being hidden"),
        ("assessment", "check", f"without its assignment to the course {course.slug}"),
    }
    call_command("export_content", str(tmp_path))
    said = capsys.readouterr().out
    assert "skill idle: no published lesson or item needs it" in said
    assert "misconception unheard-of: no published item needs it" in said
    found = [one for one in found if one["slug"] not in ("homeless", "floating")]
    assert all(f"{one['kind']} {one['slug']}: {one['reason']}" in said for one in found)
