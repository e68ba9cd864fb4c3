"""What is read is compressed, and nothing that could give a secret away."""

import gzip
import json

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config.middleware import SMALLEST_COMPRESSED, compress_reads
from tests.builders import make_lesson

TAKES_GZIP = {"Accept-Encoding": "br, gzip"}


def compressed(request: HttpRequest, body: str) -> HttpResponse:
    return compress_reads(lambda _request: HttpResponse(body, headers={"ETag": '"a"'}))(request)


@pytest.mark.django_db
def test_a_lesson_is_sent_compressed(client: Client) -> None:
    make_lesson(theory="Words. " * 500)
    plain = client.get("/api/v1/lessons/a-lesson/")
    packed = client.get("/api/v1/lessons/a-lesson/", headers=TAKES_GZIP)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 5
    assert json.loads(gzip.decompress(packed.content)) == plain.json()
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]


@pytest.mark.django_db
def test_a_head_request_tells_of_the_same_encoding(client: Client) -> None:
    make_lesson(theory="Words. " * 500)
    response = client.head("/api/v1/lessons/a-lesson/", headers=TAKES_GZIP)
    assert response["Content-Encoding"] == "gzip"
    assert response.content == b""


def test_a_small_body_stays_as_it_is(rf: RequestFactory) -> None:
    response = compressed(rf.get("/", headers=TAKES_GZIP), "x" * (SMALLEST_COMPRESSED - 1))
    assert "Content-Encoding" not in response


def test_a_tag_of_a_compressed_body_is_weak(rf: RequestFactory) -> None:
    assert compressed(rf.get("/", headers=TAKES_GZIP), "x" * SMALLEST_COMPRESSED)["ETag"] == 'W/"a"'


def test_the_reply_to_an_answer_stays_as_it_is(rf: RequestFactory) -> None:
    assert "Content-Encoding" not in compressed(rf.post("/api/v1/", headers=TAKES_GZIP), "x" * 5000)


@pytest.mark.django_db
def test_the_desk_is_never_compressed(client: Client) -> None:
    response = client.get("/admin/login/", headers=TAKES_GZIP)
    assert b"csrfmiddlewaretoken" in response.content
    assert "Content-Encoding" not in response


@pytest.mark.django_db
def test_no_compressed_body_holds_the_secret_of_the_session(client: Client) -> None:
    make_lesson(theory="Words. " * 500)
    addresses = ["me/", "lessons/", "lessons/a-lesson/?q=reflected", "docs/", "schema/", "progress/"]
    for address in addresses:
        content = client.get(f"/api/v1/{address}").content.decode()
        secrets = [cookie.value for cookie in client.cookies.values() if cookie.value]
        assert settings.CSRF_COOKIE_NAME in client.cookies
        assert not any(secret in content for secret in secrets)
