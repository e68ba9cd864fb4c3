"""Courses as folders: what is read, what is refused, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.formats.checking import Known, course_faults
from content.formats.course_folder import CourseError, course_folders, read_course, write_course

FILES = {
    "maths/subject.yaml": "{slug: maths, title: Maths}",
    "maths/adding/lesson.yaml": (
        "{slug: adding, title: Adding, summary: Sums., level: A, minutes: 5, updated_on: 2026-01-01, skills: [add]}"
    ),
    "maths/adding/lesson.md": "One and one is two.\n",
    "maths/adding/skills.yaml": "- {slug: count, title: Count}\n- {slug: add, title: Add, prerequisites: [count]}",
    "maths/adding/misconceptions.yaml": "- {slug: forgot, title: Forgot, explanation: One was forgotten.}",
    "maths/adding/bank.yaml": "{slug: sums, title: Sums}",
    "maths/adding/items/one.yaml": (
        "slug: one\ntitle: One\nskills: [add]\nbody: '1 + 1? [[a]]'\n"
        "interactions: {a: {kind: numeric, key: 2}}\nmisconceptions: {a: {forgot: 1}}"
    ),
    "maths/adding/assessments/check.yaml": "{slug: check, title: Check, sections: [{slots: [{item: one}]}]}",
}


def course(tmp_path: Path, **changes: str | None) -> Path:
    """Write a small course and return its folder; ``changes`` replace files by name, None leaves one out."""
    for name, text in {**FILES, **changes}.items():
        if text is not None:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return tmp_path / "maths"


def faults(folder: Path) -> list[str]:
    try:
        return [str(fault) for fault in course_faults(read_course(folder), Known())]
    except CourseError as error:
        return [str(fault) for fault in error.faults]


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    read = read_course(course(tmp_path))
    (lesson,) = read.lessons
    assert read.subject.slug == "maths"
    assert lesson.lesson.document["theory"] == "One and one is two.\n"
    assert [source.slug for source in lesson.skills] == ["count", "add"]
    assert [source.file for source in lesson.items] == ["maths/adding/items/one.yaml"]
    assert [source.slug for source in lesson.assessments] == ["check"]
    assert faults(tmp_path / "maths") == []


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    read = read_course(course(tmp_path / "one"))
    write_course(read, tmp_path / "two")
    assert read_course(tmp_path / "two" / "maths") == read


def test_the_library_goes_out_and_comes_back(tmp_path: Path) -> None:
    for folder in course_folders(Path(__file__).parents[3] / "content/library"):
        read = read_course(folder)
        write_course(read, tmp_path)
        assert read_course(tmp_path / folder.name) == read


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("maths/adding/items/one.yaml", "slug: [", "maths/adding/items/one.yaml:2:1: "),
        ("maths/adding/items/one.yaml", "- one", "one.yaml: must be a mapping"),
        ("maths/adding/items/one.yaml", "slug: two", "must be called after its slug, two"),
        ("maths/adding/items/two.yml", "slug: two", "maths/adding/items/two.yml: is not understood"),
        ("maths/adding/notes.txt", "", "maths/adding/notes.txt: is not understood"),
        ("maths/notes.txt", "", "maths/notes.txt: is not understood"),
        ("maths/adding/lesson.md", None, "maths/adding/lesson.md: is missing"),
        ("maths/adding/lesson.yaml", None, "maths/adding/lesson.yaml: is missing"),
        ("maths/adding/skills.yaml", "slug: add", "skills.yaml: must be a list"),
        ("maths/adding/skills.yaml", "[add]", "skills.yaml: 0: must be a mapping"),
        ("maths/adding/bank.yaml", None, "there is no bank.yaml"),
        ("maths/adding/lesson.yaml", "{slug: adding}", "maths/adding/lesson.yaml:1:1: title: is missing"),
        (
            "maths/adding/skills.yaml",
            "[]",
            ": skills.0: there is no skill called add",
        ),
        (
            "maths/adding/misconceptions.yaml",
            "[]",
            "there is no misconception called forgot",
        ),
        ("maths/more/items/one.yaml", FILES["maths/adding/items/one.yaml"], "more than one item called one"),
        (
            "maths/adding/skills.yaml",
            "- {slug: add, title: A, prerequisites: [sub]}\n- {slug: sub, title: S, prerequisites: [add]}",
            "skills.yaml: 0.prerequisites: the skill is its own prerequisite: add <- sub <- add",
        ),
        (
            "maths/adding/skills.yaml",
            "- {slug: add, title: A, prerequisites: [gone]}",
            "no skill called gone",
        ),
    ],
)
def test_a_fault_says_where_it_is(tmp_path: Path, file: str, text: str | None, fault: str) -> None:
    extra = {}
    if file.startswith("maths/more/"):
        extra = {"maths/more/lesson.yaml": FILES["maths/adding/lesson.yaml"], "maths/more/lesson.md": "More."}
    found = faults(course(tmp_path, **{**extra, file: text}))
    assert any(fault in one for one in found), found


def test_every_broken_file_is_reported_at_once(tmp_path: Path) -> None:
    broken = {
        "maths/adding/items/one.yaml": "a: [",
        "maths/adding/bank.yaml": "a: {",
        "maths/subject.yaml": "a: 1\na: 2",
    }
    found = faults(course(tmp_path, **broken))
    assert {fault.split(":")[0] for fault in found} == set(broken)


def test_links_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    folder = course(tmp_path)
    (folder / "adding/items/two.yaml").symlink_to("/etc/passwd")
    (folder / "adding/items/three.yaml").write_bytes(b"slug: \xff")
    assert sorted(faults(folder)) == [
        "maths/adding/items/three.yaml: is not in UTF-8 (byte 6)",
        "maths/adding/items/two.yaml: is missing or no ordinary file",
    ]


def test_a_folder_without_a_subject_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"has no subject\.yaml"):
        course_folders(tmp_path)
