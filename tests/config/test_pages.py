"""What the app's page says of each address to whoever does not run the app."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from api import pages
from content.models import Lesson
from tests.builders import (
    choice_document,
    exercise_document,
    make_assessment,
    make_course,
    make_item,
    make_learner,
    make_lesson,
)

pytestmark = pytest.mark.django_db

MARKUP = '</title><script>alert(1)</script>" onload="x'


@pytest.fixture(autouse=True)
def _built(tmp_path: Path, settings: Settings) -> None:
    frontend = Path(django_settings.BASE_DIR, "frontend")
    settings.FRONTEND_DIST = tmp_path
    shutil.copy(frontend / "index.html", tmp_path)
    shutil.copy(frontend / "src" / "routes.json", tmp_path)


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def meta(page: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page)
    assert found, f"the page has no {name}"
    return found[1]


def without_script(page: str) -> str:
    return page.partition("<noscript>")[2].partition("</noscript>")[0]


def test_a_lesson_names_itself_in_its_head(client: Client) -> None:
    make_lesson(title="Weights & fences", summary="Why they shrink.")
    page = read(client, "/lessons/a-lesson/")
    assert "<title>Weights &amp; fences · Assay</title>" in page
    assert page.count("<title>") == 1
    assert meta(page, "description") == meta(page, "og:description") == "Why they shrink."
    assert meta(page, "og:title") == "Weights &amp; fences"
    assert meta(page, "og:type") == "article"
    assert meta(page, "og:image") == "http://testserver/cover.png"
    assert '<link rel="canonical" href="http://testserver/lessons/a-lesson">' in page


def test_a_free_lesson_can_be_read_without_script(client: Client) -> None:
    make_lesson(theory="## A section\n\nIts *words*.")
    text = without_script(read(client, "/lessons/a-lesson"))
    assert "<h2>A section</h2>" in text
    assert "<em>words</em>" in text


def test_a_premium_lesson_tells_its_summary_and_the_way_in(client: Client) -> None:
    make_lesson(premium=True, theory="The secret.")
    page = read(client, "/lessons/a-lesson")
    assert "What it is about." in without_script(page)
    assert 'href="/sign-in"' in without_script(page)
    assert "secret" not in page


def test_the_first_page_lists_the_lessons(client: Client) -> None:
    make_lesson()
    make_lesson("a-draft", title="A draft")
    Lesson.objects.filter(slug="a-draft").update(current=None)
    page = read(client, "/")
    assert '<a href="/lessons/a-lesson">A lesson</a>' in without_script(page)
    assert "A draft" not in page


def test_an_assessment_and_an_exercise_name_themselves(client: Client) -> None:
    item = make_item(exercise_document())
    make_assessment(item, slug="quiz", title="The quiz")
    assert "<title>The quiz · Assay</title>" in read(client, "/assessments/quiz")
    assert f"<title>{item.title} · Assay</title>" in read(client, "/practice/double-it")


def test_markup_in_a_title_stays_text(client: Client) -> None:
    make_lesson(title=MARKUP, summary=MARKUP)
    page = read(client, "/lessons/a-lesson")
    assert "<script>alert" not in page
    assert 'onload="x' not in page


def test_no_text_of_a_lesson_ends_the_part_without_script(client: Client) -> None:
    make_lesson(theory='[A](/b "</noscript><script>alert(1)</script>") `</noscript>`')
    page = read(client, "/lessons/a-lesson")
    assert page.lower().count("</noscript") == 1
    assert "<script>alert" not in page.partition("</noscript>")[2]


def test_not_even_unclean_markup_ends_the_part_without_script(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    unclean = pages.About("A", theory='<b title="</NoScript><script>alert(1)</script>">')
    monkeypatch.setattr(pages, "about", lambda *_arguments, **_options: unclean)
    page = read(client, "/lessons/a-lesson")
    assert page.lower().count("</noscript") == 1
    assert "<script>alert" not in page.partition("</noscript>")[2]


@pytest.mark.parametrize("path", ["/lessons/none", "/assessments/none", "/practice/none"])
def test_nothing_at_a_good_looking_address_is_a_404(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "<title>Nothing here · Assay</title>" in response.content.decode()
    assert b'content="noindex"' in response.content


def test_a_lesson_without_a_published_version_is_nothing(client: Client) -> None:
    make_lesson()
    Lesson.objects.update(current=None)
    assert client.get("/lessons/a-lesson").status_code == 404


def test_a_hidden_assessment_reads_as_one_that_is_not_there(client: Client) -> None:
    item = make_item(choice_document())
    make_assessment(item, slug="hidden", title="Of a course", course=make_course())
    make_assessment(item, slug="closed", title="Not yet", is_open=False)
    pages_of = [client.get(f"/assessments/{slug}") for slug in ("hidden", "closed", "none")]
    bodies = {re.sub(r"hidden|closed|none", "", response.content.decode()) for response in pages_of}
    assert {response.status_code for response in pages_of} == {404}
    assert len(bodies) == 1


def test_a_session_gets_the_app_for_what_may_be_its_own(client: Client) -> None:
    make_assessment(make_item(choice_document()), slug="hidden", title="Of a course", course=make_course())
    client.force_login(make_learner())
    for slug in ("hidden", "none"):
        page = read(client, f"/assessments/{slug}")
        assert "<title>Assay</title>" in page
        assert "Of a course" not in page
    assert client.get("/lessons/none").status_code == 404


def test_what_is_somebodys_own_is_not_to_be_found(client: Client) -> None:
    page = read(client, "/attempts/0197-a/result")
    assert meta(page, "robots") == "noindex"
    assert "og:title" not in page


@pytest.mark.parametrize("path", ["/", "/lessons/a-lesson", "/assessments/quiz", "/practice/double-it"])
def test_a_page_asks_the_database_once(
    client: Client, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_lesson()
    make_assessment(make_item(exercise_document()), slug="quiz")
    with django_assert_num_queries(1):
        read(client, path)


def test_the_app_comes_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_arguments: object, **_options: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(pages, "about", gone)
    assert "<title>Assay</title>" in read(client, "/lessons/a-lesson")


def test_a_page_differs_by_its_cookie(client: Client) -> None:
    assert "Cookie" in client.get("/")["Vary"]
