"""Images in course folders: written with what shows them, read as if they were new."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content.models import ItemVersion, LessonVersion, Media
from tests.content.formats.test_course_folder import FILES, course
from tests.content.media.files import HTML, encoded, svg

pytestmark = pytest.mark.django_db


def cleaned(folder: Path, **files: bytes) -> list[str]:
    """Write images into a lesson's folder by the command, and return their names."""
    for name, data in files.items():
        (folder.parent / name).write_bytes(data)
    said = io.StringIO()
    paths = [str(folder.parent / name) for name in files]
    call_command("clean_image", *paths, into=folder / "adding" / "media", stdout=said)
    return [line.strip()[len("![](media/") : -1] for line in said.getvalue().splitlines()[1::2]]


def shown(tmp_path: Path) -> tuple[Path, str, str]:
    """Return a course whose item shows a photograph and whose lesson a drawing, and the names of both."""
    folder = course(tmp_path)
    photograph, drawing = cleaned(folder, slope=encoded("JPEG", (900, 600)), axes=svg())
    item = FILES["maths/adding/items/one.yaml"].replace("1 + 1?", f"![A slope](media/{photograph}) 1 + 1?")
    theory = f"One and one is two.\n\n![Two axes](media/{drawing})\n"
    return (
        course(tmp_path, **{"maths/adding/items/one.yaml": item, "maths/adding/lesson.md": theory}),
        photograph,
        drawing,
    )


def brought(folder: Path, **options) -> str:
    said = io.StringIO()
    call_command("import_content", folder, stdout=said, **options)
    return said.getvalue()


def refused(folder: Path) -> str:
    with pytest.raises(CommandError) as error:
        brought(folder)
    assert not Media.objects.exists()
    return str(error.value)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_images_come_with_what_shows_them(tmp_path: Path):
    folder, photograph, drawing = shown(tmp_path)
    brought(folder)
    assert {media.name for media in Media.objects.all()} == {photograph, drawing}
    assert ItemVersion.objects.get().media.get().name == photograph
    assert LessonVersion.objects.get().media.get().name == drawing
    assert "unchanged" in brought(folder)


def test_export_import_export_gives_the_same_bytes(tmp_path: Path):
    folder, photograph, drawing = shown(tmp_path / "first")
    brought(folder)
    call_command("export_content", tmp_path / "second", stdout=io.StringIO())
    exported = files_in(tmp_path / "second")
    assert exported[f"maths/adding/media/{photograph}"] == Media.objects.get(name=photograph).data
    brought(tmp_path / "second" / "maths")
    call_command("export_content", tmp_path / "third", stdout=io.StringIO())
    assert files_in(tmp_path / "third") == exported
    assert f"maths/adding/media/{drawing}" in exported


def test_an_image_that_nothing_shows_is_named_on_the_way_in_and_out(tmp_path: Path):
    folder = course(tmp_path / "in")
    (name,) = cleaned(folder, idle=svg())
    assert f"nothing in this course shows the image {name}" in brought(folder)
    said = io.StringIO()
    call_command("export_content", tmp_path / "out", stdout=said)
    assert f"image {name}: no published lesson or item shows it" in said.getvalue()
    assert not list((tmp_path / "out").rglob("media"))


def test_a_dry_run_keeps_nothing(tmp_path: Path):
    folder, photograph, _ = shown(tmp_path)
    assert f"media {photograph}: created" in brought(folder, dry_run=True)
    assert not Media.objects.exists()


def test_an_image_that_is_missing_is_refused_where_it_stands(tmp_path: Path):
    folder, photograph, drawing = shown(tmp_path)
    for image in (folder / "adding" / "media").iterdir():
        image.unlink()
    reasons = refused(folder)
    assert f"maths/adding/items/one.yaml:4:7: body: there is no image called {photograph}" in reasons
    assert f"maths/adding/lesson.md:3: there is no image called {drawing}" in reasons


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda image: image.write_bytes(image.read_bytes() + HTML), "two files in one"),
        (lambda image: image.write_bytes(svg()), "manage.py clean_image"),
        (lambda image: image.write_bytes(b""), "empty"),
        (lambda image: image.rename(image.with_name("photo.jpg")), "must be called after what stands in it"),
        (lambda image: image.rename(image.with_name(image.name.replace(".900x", ".901x"))), "must be called"),
        (lambda image: (image.unlink(), image.symlink_to("/etc/passwd")), "no ordinary file"),
        (lambda image: (image.unlink(), image.mkdir()), "no ordinary file"),
        (lambda image: image.write_bytes(bytes(11 * 1024 * 1024)), "no ordinary file"),
    ],
)
def test_what_is_no_clean_image_of_its_name_is_refused(tmp_path: Path, change, reason):
    folder, photograph, _ = shown(tmp_path)
    change(folder / "adding" / "media" / photograph)
    assert reason in refused(folder)


def test_a_wrong_description_is_refused_where_it_stands(tmp_path: Path):
    folder, _, drawing = shown(tmp_path)
    theory = folder / "adding" / "lesson.md"
    theory.write_text(theory.read_text().replace("Two axes", "picture"))
    assert f"maths/adding/lesson.md:3: the image 'media/{drawing}' is described as" in refused(folder)


def test_the_command_writes_the_good_ones_and_says_why_not(tmp_path: Path):
    (tmp_path / "good.png").write_bytes(encoded("PNG"))
    (tmp_path / "bad.png").write_bytes(HTML)
    said, complained = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="2 of 3 are not written"):
        call_command(
            "clean_image",
            *(str(tmp_path / name) for name in ("good.png", "bad.png", "none.png")),
            stdout=said,
            stderr=complained,
        )
    assert "![](media/good.60x40." in said.getvalue()
    assert "bad.png: The file is no image" in complained.getvalue()
