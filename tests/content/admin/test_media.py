"""Images at the desk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from content.authoring import draft_item, publish_item
from content.models import Media, Misconception
from content.uploading import keep_image
from tests.builders import NOW, make_bank, make_learner, make_skill, publishable_choice
from tests.content.media.files import HTML, encoded, svg
from tests.content.media.hostile import DRAWINGS, RASTER
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db

ADD = "/admin/content/media/add/"
UPLOAD = "/admin/content/media/upload/"


@pytest.fixture
def ines():
    return make_instructor()


@pytest.fixture
def desk(ines):
    client = Client()
    client.force_login(ines)
    return client


def file(data: bytes, name: str = "slope.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def kept(data: bytes = b"", by=None, name: str = "slope.png") -> Media:
    return keep_image(data=data or encoded("PNG"), file=name, by=by, now=NOW).media


def publish(media: Media) -> None:
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="Forgot", explanation="The 2 is missing.")
    document = publishable_choice(body=f"![A slope](media/{media.name}) Which? [[a]]")
    publish_item(version=draft_item(bank=make_bank(), document=document, now=NOW), now=NOW)


def test_several_files_are_taken_and_the_bad_one_says_why(desk, ines):
    files = [file(encoded("PNG")), file(HTML, "bad.png"), file(svg(), "drawing.svg")]
    page = desk.post(ADD, {"file": files}).content.decode()
    assert {media.parts.kind for media in Media.objects.all()} == {"png", "svg"}
    assert "<strong>bad.png</strong> is not kept. The file is no image" in page
    assert Media.objects.filter(uploaded_by=ines).count() == 2


def test_what_was_here_already_is_said(desk):
    media = kept()
    page = desk.post(ADD, {"file": [file(encoded("PNG"), "again.png")]}).content.decode()
    assert "<strong>again.png</strong> was here already" in page
    assert list(Media.objects.all()) == [media]


def test_what_was_taken_out_is_said(desk):
    page = desk.post(ADD, {"file": [file(svg("<animate/>"))]}).content.decode()
    assert "Taken out, as it does not draw: animate." in page


def test_no_file_is_no_fault_of_the_server(desk):
    assert "Choose a file first." in desk.post(ADD).content.decode()
    assert "Choose a file first." in desk.post(ADD, {"file": "text"}).content.decode()


def test_more_files_than_are_taken_at_once_are_named(desk):
    files = [file(svg(attributes=f'viewBox="0 0 9 {n + 1}"'), f"{n}.svg") for n in range(21)]
    page = desk.post(ADD, {"file": files}).content.decode()
    assert "<strong>20.svg</strong> is not kept. 20 files are taken at once" in page
    assert Media.objects.count() == 20


@pytest.mark.parametrize(
    "hostile", [one for one in (*RASTER, *DRAWINGS) if one.file], ids=lambda hostile: hostile.id
)
def test_nothing_hostile_breaks_the_desk(desk, hostile):
    response = desk.post(UPLOAD, {"file": file(hostile.make(), hostile.file)})
    if hostile.refusal:
        assert response.status_code == 400
        assert response.json()["reason"]
        assert not Media.objects.exists()
    else:
        assert response.status_code == 200
        assert Client().get(response.json()["url"]).status_code == 200


def test_the_editor_is_told_what_stands_in_a_text(desk):
    told = desk.post(UPLOAD, {"file": file(encoded("JPEG"), "A Slope.jpeg")}).json()
    media = Media.objects.get()
    assert told == {
        "name": media.name,
        "url": f"/media/{media.name}",
        "markdown": f"![](media/{media.name})",
        "width": 60,
        "height": 40,
        "kind": "jpg",
        "existing": False,
        "taken_out": [],
    }
    assert media.name.startswith("a-slope.60x40.")
    assert desk.post(UPLOAD, {"file": file(encoded("JPEG"))}).json()["existing"]


def test_an_upload_needs_a_token_of_the_form(ines):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ines)
    assert browser.post(UPLOAD, {"file": file(encoded("PNG"))}).status_code == 403


def test_an_upload_needs_the_right_to(desk, ines):
    ines.groups.clear()
    assert desk.post(UPLOAD, {"file": file(encoded("PNG"))}).status_code == 403
    assert desk.post(ADD, {"file": file(encoded("PNG"))}).status_code == 403
    assert desk.get("/admin/content/media/pick/").status_code == 403
    assert not Media.objects.exists()


def test_learners_upload_nothing():
    browser = Client()
    browser.force_login(make_learner())
    assert browser.post(UPLOAD, {"file": file(encoded("PNG"))}).status_code == 302
    assert not Media.objects.exists()


def test_images_are_found_by_words_of_their_names(desk):
    for n in range(30):
        kept(svg(attributes=f'viewBox="0 0 9 {n + 1}"'), name=f"block {n}.svg")
    found = desk.get("/admin/content/media/pick/", {"search": "block 17"}).json()["images"]
    assert [image["name"].split(".")[0] for image in found] == ["block-17"]
    latest = desk.get("/admin/content/media/pick/").json()["images"]
    assert len(latest) == 24
    assert latest[0]["name"].startswith("block-29.")
    assert desk.get("/admin/content/media/pick/", {"search": "%_\0"}).json() == {"images": []}


def test_the_list_says_where_images_are_shown(desk, django_assert_max_num_queries):
    kept(svg())
    publish(kept())
    desk.get("/admin/content/media/")
    with django_assert_max_num_queries(14):
        page = desk.get("/admin/content/media/").content.decode()
    assert page.count('class="media-small"') == 2
    assert "1 item" in page
    unused = desk.get("/admin/content/media/?use=unused").content.decode()
    assert unused.count('class="media-small"') == 1


def test_the_page_of_an_image_links_to_what_shows_it(desk):
    media = kept()
    publish(media)
    page = desk.get(f"/admin/content/media/{media.pk}/change/").content.decode()
    assert "v1 (published)" in page
    assert f"![](media/{media.name})" in page


def test_an_own_image_is_deleted_while_nothing_shows_it(desk, ines):
    own, foreign, shown = kept(by=ines), kept(svg()), kept(encoded("JPEG"), by=ines)
    publish(shown)
    for media, is_deleted in ((own, True), (foreign, False), (shown, False)):
        address = reverse("admin:content_media_delete", args=[media.pk])
        response = desk.post(address, {"post": "yes"})
        assert response.status_code == (302 if is_deleted else 403)
        assert Media.objects.filter(pk=media.pk).exists() is not is_deleted


def test_administrators_delete_nothing_that_is_shown():
    admin = Client()
    admin.force_login(make_learner("root", is_staff=True, is_superuser=True))
    media = kept()
    publish(media)
    assert (
        admin.post(reverse("admin:content_media_delete", args=[media.pk]), {"post": "yes"}).status_code == 403
    )


def test_an_image_is_never_changed(desk, ines):
    media = kept(by=ines)
    response = desk.post(f"/admin/content/media/{media.pk}/change/", {"name": "other"})
    assert response.status_code == 403
