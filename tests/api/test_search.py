"""A lesson is found by the words of its text, and shows the place where they stand."""

from __future__ import annotations

import pytest
from django.db import connection

from content.models import Lesson
from content.searching import query
from tests.api.client import Api
from tests.builders import enrol, make_course, make_learner, make_lesson

pytestmark = pytest.mark.django_db

THEORY = (
    "Short.\n\n## Penalties\n\nThe lasso and ridge are regularized fits; *weight decay* fights overfitting."
)


def found(api: Api, search: str) -> list[str]:
    return [row["slug"] for row in api.get(f"lessons/?search={search}").json["results"]]


@pytest.mark.parametrize(
    "search",
    [
        "lasso",
        "LASS",
        "ridge",
        "weight decay",
        "decay+fights",
        "overfit",
        "Regularisation",
        "regulari",
        "title:*|!",
    ],
)
def test_a_lesson_is_found_by_words_of_its_text(api: Api, search: str) -> None:
    make_lesson(theory=THEORY, title="A lesson with a title")
    make_lesson("another", theory="About nothing of it.", title="Other")
    assert found(api, search) == ["a-lesson"]


@pytest.mark.parametrize("search", ["dropout", "lasso dropout", "penalties%20boosting"])
def test_every_word_must_be_there(api: Api, search: str) -> None:
    make_lesson(theory=THEORY)
    assert found(api, search) == []


def test_a_search_without_words_finds_everything(api: Api) -> None:
    make_lesson(theory=THEORY)
    assert found(api, "%20!") == ["a-lesson"]


def test_the_excerpt_is_plain_text_with_its_section_and_the_places_of_the_words(api: Api) -> None:
    make_lesson(theory=THEORY)
    [row] = api.get("lessons/?search=weight%20decay").json["results"]
    excerpt = row["excerpt"]
    assert (excerpt["section"], excerpt["heading"]) == (1, "Penalties")
    assert [excerpt["text"][start:stop] for start, stop in excerpt["matches"]] == ["weight", "decay"]


def test_a_premium_lesson_is_found_but_its_text_is_shown_to_members_only(api: Api) -> None:
    member = make_learner()
    enrol(member, make_course(make_lesson(premium=True, theory=THEORY)))
    [row] = api.get("lessons/?search=lasso").json["results"]
    assert row["excerpt"] is None
    [row] = Api(member).get("lessons/?search=lasso").json["results"]
    assert "lasso" in row["excerpt"]["text"]


def test_a_lesson_without_a_published_text_is_not_found(api: Api) -> None:
    make_lesson(theory=THEORY)
    Lesson.objects.update(current=None)
    assert found(api, "lasso") == []


def test_a_search_as_long_as_a_text_is_refused(api: Api) -> None:
    assert api.get(f"lessons/?search={'a' * 201}").status == 400


def test_a_word_is_looked_up_in_the_index() -> None:
    """Of the lessons alone, because a join with few rows may take any road."""
    asked = "SELECT 1 FROM content_lessonversion WHERE status = 'published' AND lesson_says(document, %s, %s)"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}", [*next(query(["lasso"]))])
        plan = str(cursor.fetchall())
    assert "words_of_published_lessons" in plan
