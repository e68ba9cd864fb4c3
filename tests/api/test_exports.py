"""An export has everything that is recorded of its owner, and nothing that may not be seen yet."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from assessment.models import Accommodation, Attempt, GradeNote, User
from assessment.results.requests import request_regrade
from content.models import Item, Misconception
from content.sheets.writing import defused
from tests import builders, sitting
from tests.api.client import Api
from tests.api.test_secrets import SECRETS, TOLERANCE, WRONG, begin, begin_growing, leaks, names_in, sit
from tests.assessment.recording.test_correcting import OTHER, applied, correct
from tests.builders import NOW
from tests.launching import make_person, make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    Misconception.objects.create(slug="canary-slug", title="CANARY-title", explanation="CANARY-explanation")
    return builders.make_learner("ann", email="ann@example.org", first_name="Ann")


@pytest.fixture
def ann(user: User) -> Api:
    return Api(user)


def export(api: Api) -> dict[str, Any]:
    reply = api.get("me/export/")
    assert reply.status == 200
    return reply.json


def rows(api: Api) -> list[dict[str, str]]:
    reply = api.get("me/export/?format=csv")
    assert reply.text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(reply.text[1:])))


def test_an_account_that_did_nothing_is_told_what_it_is(ann: Api, user: User) -> None:
    found = export(ann)
    assert (found["account"]["username"], found["account"]["email"]) == ("ann", "ann@example.org")
    assert (found["attempts"], found["practice"], found["learners"]) == ([], [], [])
    assert rows(ann) == []


def test_it_is_a_file_that_nobody_keeps(ann: Api) -> None:
    for form, kind in [("json", "application/json"), ("csv", "text/csv; charset=utf-8")]:
        response = ann.browser.get(f"/api/v1/me/export/?format={form}")
        assert response.streaming
        assert response.headers["Content-Type"] == kind
        assert response.headers["Content-Disposition"].startswith("attachment;")
        assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("form", ["xml", "", "JSON", "%00"])
def test_another_form_is_refused(ann: Api, form: str) -> None:
    reply = ann.get(f"me/export/?format={form}")
    assert (reply.status, reply.json["errors"][0]["attr"]) == (400, "format")


def test_all_that_was_done_is_in_it(ann: Api, user: User) -> None:
    course = builders.make_course()
    builders.enrol(user, course)
    Accommodation.objects.create(user=user, time_factor=1.5, reason="Reads slowly.")
    known = make_person(make_platform(), user)
    attempt = begin(ann)
    ann.post(f"attempts/{attempt}/presentations/1/hints/")
    sent = [ann.respond(attempt, 1, answer).json for answer in ({"a": "none", "b": "x"}, WRONG)]
    ann.put(f"attempts/{attempt}/presentations/1/draft/", {"answer": {"a": "right"}})
    token = ann.post("exercises/canaries/variants/").json["token"]
    ann.post("exercises/canaries/check/", {"token": token, "answer": WRONG})
    found = export(ann)
    assert found["courses"] == [{"course": course.title, "role": "learner", "ends_at": None}]
    assert found["accommodations"][0] | {"closes_at": None} == {
        "assessment": None, "time_factor": 1.5, "extra_minutes": 0, "no_limit": False, "extra_attempts": 0,
        "tries": None, "closes_at": None, "reason": "Reads slowly.",
    }  # fmt: skip
    assert found["platforms"] == [{"platform": "The school", "subject": known.subject}]
    [learner] = found["learners"]
    [taken] = found["attempts"]
    [shown] = taken["presentations"]
    assert (taken["id"], taken["learner"], taken["number"]) == (attempt, learner["id"], 1)
    review = ann.get(f"attempts/{attempt}/review/").json["presentations"][0]
    for name in ("body", "interactions", "figures", "title", "hints", "score", "max_score", "state"):
        assert shown[name] == review[name]
    assert "CANARY-hint" in shown["hints"][0]
    assert shown["draft"]["answer"] == {"a": "right"}
    assert [one["answer"] for one in shown["responses"]] == [{"a": "none", "b": "x"}, WRONG]
    assert [one["hints_taken"] for one in shown["responses"]] == [1, 1]
    told = [{k: v for k, v in one.items() if k in shown["responses"][0]["announced"]} for one in sent]
    assert [one["announced"] for one in shown["responses"]] == told
    assert [one["judged"]["valid"] for one in shown["responses"]] == [False, True]
    [practiced] = found["practice"]
    assert practiced["item"] == "canaries"
    assert practiced["responses"][0]["judged"]["score"] == 0
    assert "CANARY-solution" in practiced["solution"]
    assert [(row["position"], row["valid"]) for row in rows(ann)] == [
        ("1", "False"),
        ("1", "True"),
        ("", "True"),
    ]


def test_what_a_guest_did_is_in_the_export_of_who_signed_in(api: Api) -> None:
    builders.make_learner("ann")
    attempt = api.start(builders.make_assessment().slug)
    guest = export(api)
    assert (guest["account"]["username"], guest["attempts"][0]["id"]) == (None, attempt)
    api.sign_in("ann")
    ann = export(api)
    assert (ann["attempts"][0]["id"], ann["learners"][0]["way"]) == (attempt, "guest")


def test_nobody_elses_data_are_in_it(ann: Api) -> None:
    bob = Api(builders.make_learner("bob", email="bob@example.org"))
    bob.respond(bob.start(builders.make_assessment().slug), 1, {"a": "right"})
    assert export(ann)["attempts"] == []
    assert "bob" not in ann.get("me/export/").text


def test_an_instructor_exports_himself_alone(ann: Api, user: User) -> None:
    root = Api(builders.make_learner("root", is_staff=True, is_superuser=True))
    ann.start(builders.make_assessment().slug)
    assert export(root)["attempts"] == []


@pytest.mark.parametrize("feedback", ["at_end", "after_close"])
@pytest.mark.parametrize("answer", [WRONG, {"a": "right", "b": "314.160"}, {"a": "none", "b": "x"}])
def test_where_verdicts_wait_an_export_tells_none(ann: Api, feedback: str, answer: dict[str, str]) -> None:
    attempt = begin(ann, feedback=feedback)
    ann.respond(attempt, 1, answer)
    for reply in (ann.get("me/export/"), ann.get("me/export/?format=csv")):
        assert leaks(reply) == []
    [shown] = export(ann)["attempts"][0]["presentations"]
    assert (shown["score"], shown["solution"], shown["responses"][0]["judged"]) == (None, None, None)
    [row] = rows(ann)
    assert (row["correct"], row["score"]) == ("", "")


def test_where_the_assessment_must_close_its_end_tells_none_either(ann: Api) -> None:
    attempt = begin(ann, feedback="after_close")
    ann.respond(attempt, 1, WRONG)
    ann.post(f"attempts/{attempt}/submit/")
    assert leaks(ann.get("me/export/")) == []
    assert export(ann)["attempts"][0]["released"] is False


def test_after_the_end_an_export_tells_what_the_review_does(ann: Api) -> None:
    attempt = begin(ann, feedback="at_end")
    ann.respond(attempt, 1, WRONG)
    ann.post(f"attempts/{attempt}/submit/")
    [shown] = export(ann)["attempts"][0]["presentations"]
    [told] = ann.get(f"attempts/{attempt}/review/").json["presentations"]
    assert shown["solution"] == told["solution"]
    judged, reviewed = shown["responses"][0]["judged"], told["verdict"]
    for name in ("interactions", "feedback", "valid", "correct"):
        assert judged[name] == reviewed[name]
    assert {"CANARY-solution", "canary-slug"} <= set(leaks(ann.get("me/export/")))


def test_while_tries_are_left_an_export_has_no_solution(ann: Api) -> None:
    attempt = begin(ann, tries=3)
    ann.respond(attempt, 1, WRONG)
    assert "CANARY-solution" not in ann.get("me/export/").text


def test_a_variant_that_was_not_answered_has_no_solution(ann: Api) -> None:
    begin(ann)
    token = ann.post("exercises/canaries/variants/").json["token"]
    ann.post("exercises/canaries/check/", {"token": token, "answer": {"a": "none", "b": "x"}})
    assert leaks(ann.get("me/export/")) == []


@pytest.mark.parametrize("mode", ["adaptive", "mastery"])
def test_an_export_does_not_tell_why_items_were_chosen(ann: Api, mode: str) -> None:
    attempt = begin_growing(ann, mode, release="at_end") if mode == "adaptive" else begin_growing(ann, mode)
    ann.respond(attempt, 1, WRONG)
    found = export(ann)
    assert not {"choice", "difficulty", "posterior", "theta", "seed", "policy"} & names_in(found)
    if mode == "adaptive":
        assert leaks(ann.get("me/export/")) == []


def test_a_whole_adaptive_attempt_can_be_taken_along(ann: Api) -> None:
    sit(ann, begin_growing(ann, "adaptive"))
    [taken] = export(ann)["attempts"]
    assert len(taken["presentations"]) == len(rows(ann)) == 6
    assert taken["ability"]["band"]


def test_a_late_answer_is_in_it_and_judged_by_nobody(ann: Api) -> None:
    attempt = begin(ann, feedback="immediate")
    Attempt.objects.update(deadline=NOW)
    ann.respond(attempt, 1, WRONG)
    [sent] = export(ann)["attempts"][0]["presentations"][0]["responses"]
    assert (sent["origin"], sent["announced"], sent["judged"]) == ("late", None, None)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"), (" =1", "' =1"), ("＝1", "'＝1"),
        ("One = 1", "One = 1"), ("", ""), (-1.5, -1.5), (None, None),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: Any, written: Any) -> None:
    assert defused(cell) == written


def test_what_learners_and_authors_wrote_is_no_formula_in_the_table(ann: Api) -> None:
    item = builders.make_item(builders.exercise_document(title='=HYPERLINK("http://evil.example")'))
    attempt = ann.start(builders.make_assessment(item).slug)
    ann.respond(attempt, 1, {"a": '=cmd|" /C calc"!A0\n+1,"x"'})
    [row] = rows(ann)
    assert row["item"].startswith("'=")
    assert json.loads(row["answer"]) == {"a": '=cmd|" /C calc"!A0\n+1,"x"'}
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_the_tolerance_is_told_with_a_verdict_alone(ann: Api) -> None:
    attempt = begin(ann, tries=2)
    assert TOLERANCE not in ann.get("me/export/").text
    ann.respond(attempt, 1, WRONG)
    assert not set(leaks(ann.get("me/export/"))) & {SECRETS[0], "tolerance", "key"}


def test_what_was_corrected_asked_and_noted_is_in_it(ann: Api, user: User) -> None:
    attempt = builders.make_attempt(builders.make_item(builders.choice_document("pick")), learner=user)
    sitting.answer(attempt, 1, OTHER)
    over = sitting.submit(attempt)
    request_regrade(attempt=over, response_id=attempt.responses.get().pk, text="?", now=NOW)
    applied(correct(Item.objects.get(slug="pick"), "full_credit"))
    GradeNote.objects.create(
        assignment=attempt.assignment, learner=attempt.learner, comment="Well done.", created_at=NOW
    )
    found = export(ann)
    [correction] = found["attempts"][0]["corrections"]
    assert (correction["from"], correction["to"], correction["kept"]) == (0.0, 1.0, False)
    [response] = found["attempts"][0]["presentations"][0]["responses"]
    assert (response["request"]["text"], response["request"]["state"]) == ("?", "open")
    assert [one["comment"] for one in found["grade_notes"]] == ["Well done."]
