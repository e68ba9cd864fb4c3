"""Images in the database: brought once, named by documents, kept while something shows them."""

import pytest
from django.db import IntegrityError, transaction

from content.authoring import draft_item, draft_lesson, publish_item, publish_lesson
from content.documents.reader import DefinitionError
from content.models import ItemVersion, Media, Misconception
from content.uploading import keep_image, unused, used_in
from tests.builders import NOW, make_bank, make_learner, make_lesson, make_skill, publishable_choice
from tests.content.media.files import encoded, svg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vocabulary():
    """The skill and the misconception that the builders' documents refer to."""
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="Forgot", explanation="The 2 is missing.")


def kept(data: bytes = b"", file: str = "free body.png", by=None) -> Media:
    return keep_image(data=data or encoded("PNG"), file=file, by=by, now=NOW).media


def showing(media: Media | str, description: str = "A block on a slope", **changes):
    name = media if isinstance(media, str) else media.name
    return publishable_choice(**({"body": f"![{description}](media/{name}) Which? [[a]]"} | changes))


def published(document) -> ItemVersion:
    return publish_item(version=draft_item(bank=make_bank(), document=document, now=NOW), now=NOW)


def faults_of(document) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as refused:
        published(document)
    return list(refused.value.faults)


def test_the_same_file_is_kept_once():
    first = keep_image(data=encoded("PNG"), file="a.png", by=None, now=NOW)
    again = keep_image(data=encoded("PNG"), file="b.png", by=None, now=NOW)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.media == again.media == Media.objects.get()


def test_an_image_is_called_after_file_size_and_content():
    media = kept(file="C:\\Bilder\\Mein Körper (1).PNG")
    assert media.name.startswith("mein-korper-1.60x40.")
    assert media.parts.kind == "png"


def test_the_database_keeps_an_image_as_it_is():
    media = kept()
    with pytest.raises(IntegrityError), transaction.atomic():
        Media.objects.filter(pk=media.pk).update(name=kept(svg()).name.replace("picture", "other"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Media.objects.filter(pk=media.pk).update(data=b"other")


def test_the_database_takes_no_content_under_another_name():
    name = "a.60x40.0123456789abcdef.png"
    with pytest.raises(IntegrityError), transaction.atomic():
        Media.objects.create(name=name, data=encoded("PNG"), uploaded_at=NOW)


def test_an_image_forgets_who_brought_it():
    ada = make_learner("ada")
    media = kept(by=ada)
    ada.delete()
    media.refresh_from_db()
    assert media.uploaded_by is None


def test_what_is_published_notes_its_images():
    media = kept()
    version = published(showing(media))
    assert list(version.media.all()) == [media]
    assert list(used_in(media)) == [version]


def test_a_published_image_is_not_deleted():
    media = kept()
    published(showing(media))
    for delete in (media.delete, Media.objects.filter(pk=media.pk).delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            delete()


def test_what_a_wording_shows_is_not_taken_from_it():
    version = published(showing(kept()))
    with pytest.raises(IntegrityError), transaction.atomic():
        version.media.clear()


def test_an_image_that_nothing_shows_is_unused():
    idle, drafted, shown = kept(), kept(encoded("JPEG")), kept(svg())
    published(showing(shown))
    draft_item(bank=make_bank("other"), document=showing(drafted, slug="in-work"), now=NOW)
    assert list(Media.objects.filter(unused())) == [idle]
    idle.delete()
    assert [str(version) for version in used_in(drafted)] == ["in-work v1"]


def test_an_unknown_image_is_a_fault_at_its_text():
    media = kept()
    wrong = media.name.replace(".png", ".jpg")
    assert faults_of(showing(wrong)) == [
        ("body", f"there is no image called {wrong}; did you mean {media.name}?")
    ]


def test_an_image_is_found_by_a_part_of_its_name():
    media = kept()
    stem, size, _, ending = media.name.split(".")
    assert faults_of(showing(f"{stem}.{size}.{'0' * 16}.{ending}"))[0][1].endswith(
        f"did you mean {media.name}?"
    )


@pytest.mark.parametrize("description", ["", "image", "free-body.png", "A picture of", "IMG_2031"])
def test_a_description_that_says_nothing_is_refused_at_its_text(description):
    media = kept()
    (path, reason), *_ = faults_of(
        showing(media, body="Which? [[a]]", hints=["Look.", f"![{description}](media/{media.name})"])
    )
    assert path == "hints.1"
    assert "say what it shows" in reason


def test_an_image_of_elsewhere_is_refused_at_its_text():
    (path, reason), *_ = faults_of(showing("x", body="![A block](https://example.org/a.png) [[a]]"))
    assert (path, "upload it under Media" in reason) == ("body", True)


def lesson_showing(text: str):
    document = dict(make_lesson("other").current.document) | {"slug": "fresh", "theory": text}
    lesson = make_lesson("third")
    return draft_lesson(subject=lesson.subject, document=document, now=NOW)


def test_a_lesson_shows_images():
    media = kept()
    version = publish_lesson(version=lesson_showing(f"## One\n\n![A block](media/{media.name})"), now=NOW)
    assert list(used_in(media)) == [version]


def test_a_lesson_names_the_line_of_a_wrong_image():
    draft = lesson_showing(
        "## One\n\ntext\n\n![A block](media/nothing.png) and\n![](media/a.1x1.0123456789abcdef.png)"
    )
    with pytest.raises(DefinitionError) as refused:
        publish_lesson(version=draft, now=NOW)
    assert {path for path, _ in refused.value.faults} == {"theory:5"}
    assert len(refused.value.faults) == 3
