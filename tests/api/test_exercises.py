"""Free practice over the API: a variant, a token, and checks with the solution."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from api.rest.exercises import token_for
from assessment.models import Presentation, User
from assessment.models.attempts import FREE_INVALID
from content.models import Item
from tests import builders
from tests.api.client import Api, Reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exercise")]


@pytest.fixture
def exercise() -> None:
    builders.make_item(builders.exercise_document())


def draw(api: Api) -> dict[str, Any]:
    reply = api.post("exercises/double-it/variants/")
    assert reply.status == 201, reply
    return reply.json


def check(api: Api, token: str, answer: str, slug: str = "double-it") -> Reply:
    return api.post(f"exercises/{slug}/check/", {"token": token, "answer": {"a": answer}})


def key() -> str:
    return repr(Presentation.objects.latest("id").variant.interactions["a"]["key"])


def test_a_variant_is_shown_with_a_token(api: Api) -> None:
    variant = draw(api)
    assert variant["exercise"] == {"slug": "double-it", "title": "Double it", "is_drawn": True}
    assert variant["interactions"] == [
        {"id": "a", "kind": "numeric", "shape": [], "unit": None, "reads": ["fractions"]}
    ]
    assert 'data-interaction="a"' in variant["body"]


def test_a_program_without_cookies_needs_the_token_only() -> None:
    token = draw(Api())["token"]
    reply = check(Api(), token, key())
    assert (reply.status, reply.json["correct"]) == (200, True)
    assert "Twice" in reply.json["solution"]


def test_a_wrong_answer_is_explained_with_the_solution_and_may_be_mended(api: Api) -> None:
    token = draw(api)["token"]
    wrong, right = check(api, token, "-1"), check(api, token, key())
    assert (wrong.json["correct"], right.json["correct"]) == (False, True)
    assert wrong.json["solution"] == right.json["solution"]
    assert [wrong.json["try"], right.json["try"]] == [1, 2]


def test_an_unreadable_answer_after_a_right_one_is_called_neither_right_nor_wrong(api: Api) -> None:
    token = draw(api)["token"]
    right, unreadable = check(api, token, key()).json, check(api, token, "about 2").json
    shown = ("valid", "correct", "score", "standing")
    assert [right[name] for name in shown] == [True, True, 1.0, 1.0]
    assert [unreadable[name] for name in shown] == [False, None, None, 1.0]


def test_a_wrong_answer_can_be_mended_before_the_solution_is_seen(api: Api) -> None:
    token = draw(api)["token"]
    wrong = api.post(
        "exercises/double-it/check/", {"token": token, "answer": {"a": "1e6"}, "solution": False}
    ).json
    assert (wrong["valid"], wrong["correct"], wrong["solution"], wrong["right"]) == (True, False, None, None)
    assert wrong["interactions"]["a"]["rule"] is wrong["interactions"]["a"]["compared"] is None
    key = repr(Presentation.objects.get().variant.interactions["a"]["key"])
    right = api.post(
        "exercises/double-it/check/", {"token": token, "answer": {"a": key}, "solution": False}
    ).json
    assert right["correct"]
    assert "Twice" in right["solution"]


def test_the_solution_comes_on_request_and_a_first_answer_after_it_is_no_evidence(api: Api) -> None:
    token = draw(api)["token"]
    told = api.post("exercises/double-it/solution/", {"token": token})
    assert "Twice" in told.json["solution"]
    assert told.json["last"] is None
    assert api.post("exercises/double-it/solution/", {"token": token}).json == told.json
    right = api.post("exercises/double-it/check/", {"token": token, "answer": told.json["right"]})
    assert right.json["correct"]
    place = Presentation.objects.get()
    assert (place.first_score, place.first_hints, place.hints_taken) == (1.0, 1, 0)
    assert place.solution_seen_at is not None


def test_with_the_solution_more_is_told_of_the_last_answer_that_could_be_read(api: Api) -> None:
    token = draw(api)["token"]
    sent = {"token": token, "answer": {"a": "1e6"}, "solution": False}
    wrong = api.post("exercises/double-it/check/", sent).json
    check(api, token, "one")
    last = api.post("exercises/double-it/solution/", {"token": token}).json["last"]
    assert (last["answer"], last["pending"]) == ({"a": "1e6"}, False)
    assert last["verdict"]["interactions"]["a"]["compared"] == "It is too large."
    assert last["verdict"]["interactions"]["a"]["rule"]
    told_before = ("id", "valid", "correct", "score", "standing", "max_score", "feedback", "try")
    assert {name: last["verdict"][name] for name in told_before} == {
        name: wrong[name] for name in told_before
    }


def test_a_solution_is_for_whoever_has_the_token(api: Api) -> None:
    assert api.post("exercises/double-it/solution/", {"token": "made-up"}).status == 400
    assert api.post("exercises/other/solution/", {"token": draw(api)["token"]}).status == 404


def test_an_answer_that_cannot_be_read_gets_no_solution(api: Api) -> None:
    reply = check(api, draw(api)["token"], "one")
    assert (reply.json["valid"], reply.json["solution"]) == (False, None)


def test_another_variant_has_other_numbers_and_the_same_guest(api: Api) -> None:
    variants = [draw(api)["body"] for _ in range(5)]
    assert len(set(variants)) > 1
    assert User.objects.count() == 1


def test_practice_of_a_learner_is_the_learners(api: Api) -> None:
    api.sign_up("ann")
    draw(api)
    assert str(Presentation.objects.get().learner) == "ann"


@pytest.mark.parametrize("token", ["", "x", "a:b", ":", "x" * 500, "ü", "a\0b", None, 7])
def test_a_made_up_token_is_refused(api: Api, token: str | None) -> None:
    reply = api.post("exercises/double-it/check/", {"token": token, "answer": {"a": "1"}})
    assert (reply.status, reply.json["errors"][0]["attr"]) == (400, "token")


def test_a_token_cannot_be_made_from_an_id(api: Api) -> None:
    token = draw(api)["token"]
    other = builders.make_attempt().presentations.get()
    forged = other.pk.hex + token[32:]
    assert check(api, forged, "1").code == "invalid_token"


def test_a_token_is_for_its_exercise(api: Api) -> None:
    builders.make_item(builders.exercise_document("triple-it"))
    reply = check(api, draw(api)["token"], "1", slug="triple-it")
    assert (reply.status, reply.code) == (404, "unknown_token")


def test_a_learners_token_is_of_no_use_to_others(api: Api) -> None:
    token = draw(Api(builders.make_learner()))["token"]
    for stranger in (api, Api(builders.make_learner())):
        reply = check(stranger, token, "1")
        assert (reply.status, reply.code) == (404, "unknown_token")


def test_a_token_expires(api: Api, settings: Settings) -> None:
    token = draw(api)["token"]
    Presentation.objects.update(shown_at=timezone.now() - settings.PRACTICE_TOKEN_AGE + timedelta(minutes=1))
    assert check(api, token, "1").status == 200
    Presentation.objects.update(shown_at=timezone.now() - settings.PRACTICE_TOKEN_AGE)
    reply = check(api, token, "1")
    assert (reply.status, reply.code, reply.json["errors"][0]["attr"]) == (400, "expired_token", "token")
    assert api.post("exercises/double-it/hints/", {"token": token}).code == "expired_token"


def test_fifty_answers_that_cannot_be_read_earn_a_pause(api: Api) -> None:
    token = draw(api)["token"]
    assert {check(api, token, "one").status for _ in range(FREE_INVALID)} == {200}
    reply = check(api, token, key())
    assert (reply.status, reply.code) == (429, "too_many_invalid")
    Presentation.objects.update(paused_until=timezone.now())
    assert check(api, token, key()).json["correct"]


def test_what_an_assessment_keeps_looks_like_what_never_was(api: Api) -> None:
    token = draw(api)["token"]
    item = Item.objects.get()
    course = builders.make_course()
    builders.make_assessment(item, slug="graded", course=course, exclusive=True)
    never = api.post("exercises/never-was/variants/")
    kept = api.post("exercises/double-it/variants/")
    assert (kept.status, kept.json) == (404, never.json)
    assert check(api, token, "1").code == kept.code == "not_for_practice"
    assert api.post("exercises/double-it/hints/", {"token": token}).code == "not_for_practice"
    assert Api(builders.make_learner()).post("exercises/double-it/variants/").status == 201
    builders.enrol(member := builders.make_learner(), course)
    assert Api(member).post("exercises/double-it/variants/").json == never.json


def test_a_lesson_names_the_exercises_that_can_be_practiced(api: Api) -> None:
    lesson = builders.make_lesson()
    item = builders.make_item(
        builders.exercise_document("triple-it"), bank=builders.make_bank("there", lesson=lesson)
    )
    named = [{"slug": "triple-it", "title": "Double it"}]
    assert api.get("lessons/a-lesson/").json["exercises"] == named
    builders.make_assessment(item, exclusive=True)
    assert api.get("lessons/a-lesson/").json["exercises"] == []


def test_a_variant_gives_its_hints_one_by_one(api: Api) -> None:
    token = draw(api)["token"]
    reply = api.post("exercises/double-it/hints/", {"token": token})
    assert reply.json == {"hints_available": 1, "hints": ["<p>Add it to itself.</p>\n"]}
    reply = api.post("exercises/double-it/hints/", {"token": token})
    assert (reply.status, reply.code) == (409, "no_hints_left")
    assert api.post("exercises/double-it/hints/", {"token": "x"}).code == "invalid_token"


def test_a_place_in_an_attempt_is_not_practice() -> None:
    learner = builders.make_learner()
    attempt = builders.make_attempt(
        builders.make_item(builders.exercise_document("triple-it")), learner=learner
    )
    token = token_for(attempt.presentations.get())
    assert check(Api(learner), token, "1", slug="triple-it").status == 404


def test_an_exercise_that_gives_no_variant_is_its_authors_trouble_and_no_500(api: Api) -> None:
    builders.make_item(builders.exercise_document("impossible", require=["x > 10"]))
    reply = api.post("exercises/impossible/variants/")
    assert (reply.status, reply.code) == (409, "no_variant")


def test_only_exercises_that_are_served_can_be_practiced(api: Api) -> None:
    builders.make_item(builders.choice_document("fixed"))
    retired = builders.make_item(builders.exercise_document("retired"))
    retired.retired_at = timezone.now()
    retired.save()
    for slug in ("fixed", "retired", "never-was"):
        assert api.post(f"exercises/{slug}/variants/").status == 404
    assert not User.objects.exists()


def test_a_hint_of_a_number_is_taken_once_however_often_it_is_asked_for(api: Api) -> None:
    token = draw(api)["token"]
    for _ in range(2):
        taken = api.post("exercises/double-it/hints/", {"token": token, "number": 1})
        assert len(taken.json["hints"]) == 1
    assert Presentation.objects.get().hints_taken == 1


def test_a_variant_leads_back_to_its_lesson_and_on_to_another_exercise(api: Api) -> None:
    assert draw(api)["following"] is None
    lesson = builders.make_lesson()
    bank = builders.make_bank("of-the-lesson", lesson=lesson)
    for slug in ("b-second", "a-first", "c-third"):
        builders.make_item(builders.exercise_document(slug), bank=bank)
    builders.make_item(builders.choice_document("b-fixed"), bank=bank)
    shown = [api.post(f"exercises/{slug}/variants/").json for slug in ("a-first", "b-second", "c-third")]
    assert [one["following"]["slug"] for one in shown] == ["b-second", "c-third", "a-first"]
    assert shown[0]["lesson"] == {"slug": "a-lesson", "title": lesson.title}
