"""Images as a browser gets them."""

import pytest

from content.uploading import keep_image
from tests.builders import NOW
from tests.content.media.files import encoded, svg

pytestmark = pytest.mark.django_db


def kept(data: bytes):
    return keep_image(data=data, file="a.png", by=None, now=NOW).media


def test_an_image_is_served_to_everybody_forever(client, django_assert_num_queries):
    media = kept(encoded("PNG"))
    with django_assert_num_queries(2):
        response = client.get(media.url)
    assert response.content == media.data
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_an_svg_runs_nothing_by_itself(client):
    response = client.get(kept(svg()).url)
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_browser_that_has_an_image_gets_it_no_more(client):
    media = kept(encoded("JPEG"))
    mark = client.get(media.url)["ETag"]
    again = client.get(media.url, headers={"If-None-Match": mark})
    assert (again.status_code, again.content) == (304, b"")


def test_an_image_can_be_asked_about(client):
    media = kept(encoded("WEBP"))
    response = client.head(media.url)
    assert (response.status_code, response.content) == (200, b"")
    assert client.post(media.url).status_code == 405


def test_photographs_are_not_compressed_again(client):
    photograph, drawing = kept(encoded("JPEG", (900, 600))), kept(svg("<rect/>" * 500))
    for media, compressed in ((photograph, False), (drawing, True)):
        response = client.get(media.url, headers={"Accept-Encoding": "gzip"})
        assert response.has_header("Content-Encoding") == compressed


@pytest.mark.parametrize(
    "path",
    [
        "a.1x1.0123456789abcdef.png",
        "",
        "nothing",
        "%00",
        "..%2fmanage.py",
        "a" * 5000,
        "a.png/b",
        "a.1x1.x.png%0a",
    ],
)
def test_what_is_no_image_is_not_found(client, path):
    response = client.get(f"/media/{path}")
    assert response.status_code == 404
