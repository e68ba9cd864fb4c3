"""A learner's way through an attempt, as the API shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from assessment.models import Accommodation, Assessment, Attempt, Presentation, Response, User
from assessment.models.attempts import FREE_INVALID, PAUSE
from assessment.recording.overruling import override_score
from content.models import Misconception
from tests import builders
from tests.api.client import Api, a_key
from tests.sitting import fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Api:
    return Api(builders.make_learner("ann"))


def quiz(**fields: Any) -> str:
    """An assessment of a choice and an exercise, under the given rules."""
    items = builders.make_item(builders.choice_document()), builders.make_item(builders.exercise_document())
    return builders.make_assessment(*items, slug="quiz", **fields).slug


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def key_of(attempt: str, position: int) -> str:
    """The right answer to the exercise of an attempt."""
    variant = Attempt.objects.get(pk=attempt).presentations.get(position=position).variant
    return repr(variant.interactions["a"]["key"])


def test_a_start_is_a_201_and_a_second_start_resumes(ann: Api) -> None:
    quiz()
    first = ann.post("attempts/", {"assessment": "quiz"})
    again = ann.post("attempts/", {"assessment": "quiz"})
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert [p["state"] for p in first.json["presentations"]] == ["open", "open"]


def test_an_attempt_comes_back_in_another_session_as_it_was(ann: Api) -> None:
    attempt = ann.start(quiz())
    ann.respond(attempt, 1, {"a": "wrong"})
    ann.put(f"attempts/{attempt}/presentations/2/draft/", {"answer": {"a": "1."}})
    paths = ("", "next/", "presentations/2/", "review/")
    before = [ann.get(f"attempts/{attempt}/{path}").json for path in paths]
    elsewhere = Api()
    elsewhere.sign_in("ann")
    after = [elsewhere.get(f"attempts/{attempt}/{path}").json for path in paths]
    assert elsewhere.start("quiz") == attempt
    assert before == after
    assert after[2]["draft"] == {"a": "1."}


def test_the_next_presentation_stays_until_its_tries_are_spent(ann: Api) -> None:
    attempt = ann.start(quiz())
    positions = []
    for answer in ("wrong", "wrong"):
        positions.append(ann.get(f"attempts/{attempt}/next/").json["position"])
        ann.respond(attempt, 1, {"a": answer})
    positions.append(ann.get(f"attempts/{attempt}/next/").json["position"])
    assert positions == [1, 1, 2]


def test_there_is_no_next_presentation_after_the_last(ann: Api) -> None:
    attempt = ann.start(quiz())
    ann.respond(attempt, 1, {"a": "right"})
    ann.respond(attempt, 2, {"a": key_of(attempt, 2)})
    assert ann.get(f"attempts/{attempt}/next/").status == 204


def test_a_verdict_explains_itself(ann: Api) -> None:
    Misconception.objects.create(slug="forgot-the-two", title="The 2 is gone", explanation="Where is it?")
    attempt = ann.start(quiz())
    reply = ann.respond(attempt, 1, {"a": "wrong"})
    assert reply.status == 201
    verdict = reply.json
    assert (verdict["valid"], verdict["correct"], verdict["score"], verdict["try"]) == (True, False, 0.0, 1)
    assert verdict["feedback"] == "<p>Not that one.</p>\n"
    assert verdict["solution"] is verdict["right"] is None
    assert verdict["interactions"]["a"]["rule"] is None
    assert verdict["interactions"]["a"]["misconception"] == {
        "slug": "forgot-the-two",
        "title": "The 2 is gone",
        "explanation": "Where is it?",
    }
    assert verdict["attempt"] == {"state": "open", "score": 0.0, "max_score": 2.0}


def test_the_solution_comes_when_the_item_is_settled(ann: Api) -> None:
    attempt = ann.start(quiz())
    assert ann.respond(attempt, 1, {"a": "wrong"}).json["solution"] is None
    assert ann.respond(attempt, 1, {"a": "other"}).json["solution"] == "<p>This one is right.</p>\n"


def test_what_would_have_been_right_comes_with_the_solution(ann: Api) -> None:
    attempt = ann.start(quiz())
    ann.respond(attempt, 1, {"a": "wrong"})
    settled = ann.respond(attempt, 1, {"a": "other"}).json
    assert settled["right"] == {"a": "right"}
    first = ann.respond(attempt, 2, {"a": "1000"}).json
    assert first["interactions"]["a"]["compared"] is None
    second = ann.respond(attempt, 2, {"a": "1000"}).json
    assert second["interactions"]["a"]["compared"] == "It is too large."
    assert float(second["right"]["a"]) == pytest.approx(float(key_of(attempt, 2)))
    assert second["interactions"]["a"]["rule"]


def test_an_unreadable_answer_costs_no_try(ann: Api) -> None:
    attempt = ann.start(quiz())
    reply = ann.respond(attempt, 2, {"a": "1,5"})
    assert (reply.status, reply.json["valid"], reply.json["try"]) == (201, False, 1)
    assert "decimal mark" in reply.json["interactions"]["a"]["message"]
    assert ann.get(f"attempts/{attempt}/presentations/2/").json["tries_left"] == 2


def test_numbers_keep_the_digits_that_were_typed(ann: Api) -> None:
    attempt = ann.start(quiz())
    ann.post(
        f"attempts/{attempt}/presentations/2/responses/",
        '{"answer": {"a": 0.10}}',
        headers=a_key(),
    )
    assert Response.objects.get().answer == {"a": "0.10"}


def test_the_score_is_the_fold_and_the_sum_of_its_parts(ann: Api) -> None:
    attempt = ann.start(quiz(penalty=0.25, tries=3))
    for position, answer in ((1, "wrong"), (2, "zero"), (1, "other"), (1, "right"), (2, "-1")):
        ann.respond(attempt, position, {"a": answer})
    shown = ann.post(f"attempts/{attempt}/submit/").json
    assert (shown["score"], shown["max_score"]) == fold(Attempt.objects.get())
    assert shown["score"] == sum(p["score"] for p in shown["presentations"]) == 0.5


def test_a_reply_tells_the_attempts_score_at_that_response(ann: Api) -> None:
    attempt = ann.start(quiz())
    replies = [ann.respond(attempt, 1, {"a": "right"}), ann.respond(attempt, 2, {"a": key_of(attempt, 2)})]
    assert [reply.json["attempt"]["score"] for reply in replies] == [1.0, 2.0]


def test_the_solution_on_request_closes_the_question_and_stays_to_be_read(ann: Api) -> None:
    attempt = ann.start(quiz(solution_on_request=True, tries=3))
    path = f"attempts/{attempt}/presentations/2/"
    assert ann.get(path).json["revealed"] is None
    ann.respond(attempt, 2, {"a": "-77777"})
    told = ann.post(f"{path}solution/").json
    assert told == ann.get(path).json == ann.post(f"{path}solution/").json
    assert (told["state"], told["tries_left"]) == ("answered", 0)
    assert told["revealed"]["right"].keys() == {"a"}
    # By now the verdict on the answer before says all that it can.
    assert told["last"]["verdict"]["interactions"]["a"]["rule"]
    entry = ann.get(f"attempts/{attempt}/").json["presentations"][1]
    assert (entry["state"], entry["score"]) == ("answered", 0.0)
    reviewed = ann.get(f"attempts/{attempt}/review/").json["presentations"]
    assert [one["right"] is not None for one in reviewed] == [False, True]
    assert [one["solution_seen"] for one in reviewed] == [False, True]
    again = ann.respond(attempt, 2, {"a": key_of(attempt, 2)})
    assert (again.status, again.code) == (409, "presentation_settled")


def test_a_solution_that_the_assessment_does_not_allow_is_not_told(ann: Api) -> None:
    attempt = ann.start(quiz())
    refused = ann.post(f"attempts/{attempt}/presentations/1/solution/")
    assert (refused.status, refused.code) == (409, "solution_withheld")
    assert ann.get(f"attempts/{attempt}/presentations/1/").json["state"] == "open"


def test_an_attempt_says_how_it_is_laid_out_as_it_began(ann: Api) -> None:
    slug = quiz(layout="one_page", tools=["calculator"], solution_on_request=True)
    wanted = {"layout": "one_page", "tools": ["calculator"], "solution_on_request": True}
    assert ann.get(f"assessments/{slug}/").json["conditions"] == wanted
    attempt = ann.start(slug)
    builders.change(Assessment.objects.get(slug=slug), layout="one_question", tools=[])
    assert ann.get(f"attempts/{attempt}/").json["conditions"] == wanted
    assert ann.get(f"assessments/{slug}/").json["conditions"]["tools"] == []


def test_all_questions_at_once_are_what_each_is_by_itself(ann: Api) -> None:
    attempt = ann.start(quiz(tries=2))
    ann.respond(attempt, 1, {"a": "wrong"})
    ann.put(f"attempts/{attempt}/presentations/2/draft/", {"answer": {"a": "1."}})
    every = ann.get(f"attempts/{attempt}/presentations/").json
    assert every == [ann.get(f"attempts/{attempt}/presentations/{n}/").json for n in (1, 2)]
    assert every[0]["last"]["verdict"]["correct"] is False
    assert every[1]["draft"] == {"a": "1."}
    assert Api(builders.make_learner("bob")).get(f"attempts/{attempt}/presentations/").status == 404


def test_hints_come_one_by_one_and_stay(ann: Api) -> None:
    hints = ["First ${x}$.", "Then look."]
    builders.make_assessment(builders.make_item(builders.exercise_document(hints=hints)), slug="quiz")
    attempt = ann.start("quiz")
    path = f"attempts/{attempt}/presentations/1/"
    assert (ann.get(path).json["hints"], ann.get(path).json["hints_available"]) == ([], 2)
    first, second = ann.post(f"{path}hints/").json, ann.post(f"{path}hints/").json
    assert first["hints"] == second["hints"][:1] == [ann.get(path).json["hints"][0]]
    assert second["hints"][1] == "<p>Then look.</p>\n"
    reply = ann.post(f"{path}hints/")
    assert (reply.status, reply.code) == (409, "no_hints_left")


def test_submitting_ends_the_attempt_and_twice_is_once(ann: Api) -> None:
    attempt = ann.start(quiz())
    first, again = (ann.post(f"attempts/{attempt}/submit/") for _ in range(2))
    assert (first.status, first.json["state"]) == (200, "submitted")
    assert again.json == first.json
    for reply in (ann.respond(attempt, 1, {"a": "right"}), ann.get(f"attempts/{attempt}/next/")):
        assert (reply.status, reply.code) == (409, "attempt_closed")


def test_drafts_that_were_not_sent_are_graded_on_submitting(ann: Api) -> None:
    attempt = ann.start(quiz())
    saved = ann.put(f"attempts/{attempt}/presentations/1/draft/", {"answer": {"a": "right"}})
    assert datetime.fromisoformat(saved.json["saved_at"]) <= timezone.now()
    assert ann.post(f"attempts/{attempt}/submit/").json["score"] == 1.0


def test_a_settled_item_takes_neither_answers_nor_drafts(ann: Api) -> None:
    attempt = ann.start(quiz())
    ann.respond(attempt, 1, {"a": "right"})
    path = f"attempts/{attempt}/presentations/1/draft/"
    for reply in (ann.respond(attempt, 1, {"a": "right"}), ann.put(path, {"answer": {"a": "right"}})):
        assert (reply.status, reply.code) == (409, "presentation_settled")


@pytest.mark.parametrize("position", [0, 3, 99999999999999999999, 10**100])
def test_a_position_that_is_not_there_is_a_404(ann: Api, position: int) -> None:
    attempt = ann.start(quiz())
    assert ann.respond(attempt, position, {"a": "right"}).status == 404
    assert ann.get(f"attempts/{attempt}/presentations/{position}/").status == 404
    assert ann.put(f"attempts/{attempt}/presentations/{position}/draft/", {"answer": {}}).status == 404


def test_an_answer_after_the_deadline_is_refused_and_kept(ann: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = ann.start(quiz(time_limit_minutes=10))
    deadline = datetime.fromisoformat(ann.get(f"attempts/{attempt}/").json["deadline"])
    ann.put(f"attempts/{attempt}/presentations/1/draft/", {"answer": {"a": "right"}})
    at(monkeypatch, deadline + timedelta(seconds=1))
    reply = ann.respond(attempt, 2, {"a": "1"})
    assert (reply.status, reply.code) == (409, "attempt_expired")
    assert ann.get(f"attempts/{attempt}/").json["state"] == "grading"
    ended = ann.post(f"attempts/{attempt}/submit/").json
    assert (ended["state"], ended["score"]) == ("expired", 1.0)
    assert Response.objects.get(origin="late").answer == {"a": "1"}


def test_an_attempt_whose_time_is_up_is_being_graded_wherever_it_is_seen(
    ann: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = ann.start(quiz(time_limit_minutes=10))
    at(monkeypatch, timezone.now() + timedelta(minutes=11))
    assert ann.get("attempts/").json["results"][0]["state"] == "grading"
    assert ann.get(f"attempts/{attempt}/").json["state"] == "grading"
    assert Attempt.objects.get().state == "open"
    assert ann.get("assessments/quiz/").json["open_attempt"] is None
    assert ann.start("quiz") != attempt


@pytest.mark.parametrize(("feedback", "closes"), [("at_end", False), ("after_close", True)])
def test_what_is_withheld_is_null_and_comes_later(
    ann: Api, monkeypatch: pytest.MonkeyPatch, feedback: str, closes: bool
) -> None:
    closing = timezone.now() + timedelta(hours=1)
    attempt = ann.start(quiz(feedback=feedback, closes_at=closing if closes else None))
    reply = ann.respond(attempt, 1, {"a": "wrong"}).json
    withheld = ("score", "correct", "feedback", "solution")
    assert reply["valid"]
    assert all(reply[name] is None for name in withheld)
    assert reply["attempt"]["score"] is None
    assert reply["interactions"]["a"]["rule"] is reply["interactions"]["a"]["misconception"] is None
    assert ann.get(f"attempts/{attempt}/").json["score"] is None
    assert ann.get(f"attempts/{attempt}/review/").json["presentations"][0]["verdict"] is None
    ended = ann.post(f"attempts/{attempt}/submit/").json
    if closes:
        assert ended["score"] is None
        at(monkeypatch, closing)
    review = ann.get(f"attempts/{attempt}/review/").json
    assert review["released"]
    assert review["presentations"][0]["verdict"]["correct"] is False
    assert review["presentations"][0]["solution"] == "<p>This one is right.</p>\n"
    assert ann.get(f"attempts/{attempt}/").json["score"] == 0.0


def test_a_later_closing_for_one_learner_keeps_the_verdicts_back(
    ann: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = timezone.now() + timedelta(hours=1)
    attempt = ann.start(quiz(feedback="after_close", closes_at=closing))
    learner = builders.who(Attempt.objects.get())
    Accommodation.objects.create(user=learner, closes_at=closing + timedelta(hours=1))
    ann.post(f"attempts/{attempt}/submit/")
    at(monkeypatch, closing)
    assert ann.get(f"attempts/{attempt}/").json["score"] is None


def test_where_verdicts_wait_nothing_tells_right_from_wrong(ann: Api) -> None:
    attempt = ann.start(quiz(feedback="at_end"))
    for position, answer in ((1, "right"), (2, "-1")):
        ann.respond(attempt, position, {"a": answer})
    states = [
        {**p, "position": 0, "max_score": 0} for p in ann.get(f"attempts/{attempt}/").json["presentations"]
    ]
    assert states[0] == states[1]
    assert ann.get("progress/").json["skills"] == []


def test_the_review_has_the_last_answer_that_was_read(ann: Api) -> None:
    attempt = ann.start(quiz())
    for answer in ("wrong", "no-such-option"):
        ann.respond(attempt, 1, {"a": answer})
    review = ann.get(f"attempts/{attempt}/review/").json["presentations"]
    assert review[0]["answer"] == {"a": "wrong"}
    assert review[0]["verdict"]["feedback"] == "<p>Not that one.</p>\n"
    assert review[1]["answer"] is review[1]["verdict"] is None


def test_a_review_of_an_open_attempt_keeps_the_solutions_of_open_items(ann: Api) -> None:
    attempt = ann.start(quiz())
    ann.respond(attempt, 1, {"a": "wrong"})
    assert [p["solution"] for p in ann.get(f"attempts/{attempt}/review/").json["presentations"]] == [
        None,
        None,
    ]
    ann.post(f"attempts/{attempt}/submit/")
    assert all(p["solution"] for p in ann.get(f"attempts/{attempt}/review/").json["presentations"])


def test_attempts_are_listed_by_assessment_the_latest_first(ann: Api) -> None:
    quiz()
    builders.make_assessment(slug="another")
    first = ann.start("quiz")
    ann.post(f"attempts/{first}/submit/")
    second, other = ann.start("quiz"), ann.start("another")
    assert [row["id"] for row in ann.get("attempts/").json["results"]] == [other, second, first]
    assert [row["id"] for row in ann.get("attempts/?assessment=quiz").json["results"]] == [second, first]
    assert ann.get("attempts/?assessment=nothing").json["results"] == []


def test_a_learner_names_one_of_several_ways_in_which_an_assessment_is_given(ann: Api) -> None:
    assessment = builders.make_assessment(slug="quiz", attempts_allowed=3)
    course, other = builders.make_course(), builders.make_course()
    builders.enrol(User.objects.get(), course)
    everybodys = builders.assignment_of(assessment)
    courses = assessment.assignments.create(course=course, time_limit_minutes=5)
    foreign = assessment.assignments.create(course=other)
    listed = ann.get("assessments/").json["results"]
    assert [(row["assignment"], row["time_limit_minutes"]) for row in listed] == [(str(courses.pk), 5)]
    assert ann.get("assessments/quiz/").json["attempts_allowed"] is None
    assert ann.post("attempts/", {"assessment": "quiz"}).json["deadline"]
    named = {"assessment": "quiz", "assignment": str(everybodys.pk)}
    assert ann.post("attempts/", named).json["deadline"] is None
    assert ann.post("attempts/", named | {"assignment": str(foreign.pk)}).status == 404
    assert ann.post("attempts/", named | {"assignment": "x"}).status == 400
    assert [row["attempts_left"] for row in [Api().get("assessments/quiz/").json]] == [3]


def test_what_cannot_be_started_says_why(ann: Api) -> None:
    now = timezone.now()
    builders.make_assessment(slug="closed", closes_at=now - timedelta(hours=1))
    builders.make_assessment(slug="not-yet", opens_at=now + timedelta(hours=1))
    builders.make_assessment(slug="once", attempts_allowed=1)
    ann.post(f"attempts/{ann.start('once')}/submit/")
    expected = {"closed": "assessment_closed", "not-yet": "assessment_closed", "once": "no_attempts_left"}
    for slug, code in expected.items():
        reply = ann.post("attempts/", {"assessment": slug})
        assert (reply.status, reply.code) == (409, code)


def test_an_empty_bank_is_the_instructors_trouble_and_no_500(ann: Api) -> None:
    item = builders.make_item()
    builders.make_assessment(item, slug="quiz")
    item.retired_at = timezone.now()
    item.save()
    reply = ann.post("attempts/", {"assessment": "quiz"})
    assert (reply.status, reply.code) == (409, "bank_exhausted")


def test_an_assessment_of_a_course_is_for_its_members(ann: Api, api: Api) -> None:
    course = builders.make_course()
    builders.make_assessment(slug="of-a-course", course=course)
    for outsider in (ann, api):
        reply = outsider.post("attempts/", {"assessment": "of-a-course"})
        assert (reply.status, reply.code) == (404, "not_found")
        assert reply.json == outsider.post("attempts/", {"assessment": "never-was"}).json
    builders.enrol(User.objects.get(), course)
    assert ann.post("attempts/", {"assessment": "of-a-course"}).status == 201


def test_starting_tells_no_more_of_an_assessment_than_looking_for_it(ann: Api, api: Api) -> None:
    builders.make_assessment(slug="hidden", is_open=False)
    for somebody in (ann, api):
        never = somebody.post("attempts/", {"assessment": "never-was"})
        hidden = somebody.post("attempts/", {"assessment": "hidden"})
        assert (hidden.status, hidden.json) == (never.status, never.json) == (404, never.json)
    assert User.objects.filter(is_guest=True).count() == 0


def test_fifty_answers_that_cannot_be_read_earn_a_pause(ann: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = ann.start(quiz())
    assert {ann.respond(attempt, 1, {"a": "no such option"}).status for _ in range(FREE_INVALID)} == {201}
    key = uuid4()
    reply = ann.respond(attempt, 1, {"a": "right"}, key)
    assert (reply.status, reply.code) == (429, "too_many_invalid")
    assert 0 < int(reply.headers["Retry-After"]) <= PAUSE.total_seconds()
    presentation = Presentation.objects.get(attempt=UUID(attempt), position=1)
    assert presentation.draft.answer == {"a": "right"}
    assert ann.put(f"attempts/{attempt}/presentations/1/draft/", {"answer": {"a": "wrong"}}).status == 200
    Presentation.objects.update(paused_until=timezone.now())
    assert ann.respond(attempt, 1, {"a": "no such option"}).status == 201
    assert ann.respond(attempt, 1, {"a": "right"}, key).status == 429
    Presentation.objects.update(paused_until=timezone.now())
    assert ann.respond(attempt, 1, {"a": "right"}, key).json["correct"]


def test_without_an_account_an_attempt_belongs_to_a_guest(api: Api) -> None:
    attempt = api.start(quiz())
    assert api.respond(attempt, 1, {"a": "right"}).json["correct"]
    assert api.sign_up("ann").status == 201
    assert api.get(f"attempts/{attempt}/").json["score"] == 1.0


def test_answers_of_learners_stay_out_of_caches(ann: Api) -> None:
    attempt = ann.start(quiz())
    for path in ("me/", "attempts/", f"attempts/{attempt}/", f"attempts/{attempt}/next/", "progress/"):
        assert ann.get(path).headers["Cache-Control"] == "private, no-store"


def test_an_attempt_that_never_was_is_a_404(ann: Api) -> None:
    assert ann.get(f"attempts/{uuid4()}/").status == 404
    assert ann.respond(str(uuid4()), 1, {}).status == 404
    assert ann.post(f"attempts/{uuid4()}/submit/").status == 404


def test_a_score_that_a_person_gave_is_the_one_that_is_told(ann: Api) -> None:
    attempt = ann.start(quiz())
    ann.respond(attempt, 1, {"a": "right"})
    ann.post(f"attempts/{attempt}/submit/")
    override_score(
        attempt_id=UUID(attempt),
        position=None,
        score=1.0,
        reason="Seen on paper.",
        author=builders.make_learner(),
        now=builders.NOW,
    )
    shown = ann.get(f"attempts/{attempt}/").json
    assert (shown["score"], shown["max_score"]) == (2.0, 2.0)
    assert [one["score"] for one in ann.get("attempts/").json["results"]] == [2.0]


def test_what_an_attempt_is_worth_is_told_in_words_once_it_is_over(ann: Api) -> None:
    builders.make_assessment(*[builders.make_item() for _ in range(10)], slug="ten", pass_fraction=0.7)
    attempt = ann.start("ten")
    for position in range(1, 8):
        ann.respond(attempt, position, {"a": "right"})
    assert ann.get(f"attempts/{attempt}/").json["result"] is None
    ended = ann.post(f"attempts/{attempt}/submit/").json
    words = "7 of 10 points; 7 are needed to pass."
    assert ended["result"] == {"passed": True, "level": None, "words": words}
    assert ann.get("attempts/?assessment=ten").json["results"][0]["result"] == ended["result"]


def test_what_is_withheld_is_worth_nothing_yet(ann: Api) -> None:
    builders.make_assessment(
        slug="later", feedback="after_close", closes_at=builders.NOW + timedelta(days=36500)
    )
    attempt = ann.start("later")
    assert ann.post(f"attempts/{attempt}/submit/").json["result"] is None


def test_a_page_that_is_opened_again_shows_what_was_said(ann: Api) -> None:
    attempt = ann.start(quiz())
    at = f"attempts/{attempt}/presentations/1/"
    assert ann.get(at).json["last"] is None
    wrong = ann.respond(attempt, 1, {"a": "wrong"}).json
    last = ann.get(at).json["last"]
    assert (last["answer"], last["pending"]) == ({"a": "wrong"}, False)
    assert last["verdict"] == {name: wrong[name] for name in last["verdict"]}
    assert ann.get(f"attempts/{attempt}/next/").json["last"] == last
    settled = ann.respond(attempt, 1, {"a": "other"}).json
    assert ann.get(at).json["last"]["verdict"]["solution"] == settled["solution"] is not None


@pytest.mark.parametrize("feedback", ["at_end", "after_close"])
def test_it_says_no_more_than_was_said(ann: Api, feedback: str) -> None:
    attempt = ann.start(quiz(feedback=feedback))
    ann.respond(attempt, 1, {"a": "wrong"})
    verdict = ann.get(f"attempts/{attempt}/presentations/1/").json["last"]["verdict"]
    withheld = (verdict[name] for name in ("correct", "score", "standing", "solution", "right", "feedback"))
    assert not any(withheld)
    part = verdict["interactions"]["a"]
    assert not any(part[name] for name in ("score", "rule", "message", "compared", "parts", "misconception"))


def test_an_answer_that_waits_to_be_graded_says_so(ann: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = ann.start(quiz())
    monkeypatch.setattr("assessment.recording.deciding.grade", lambda *_, **__: 1 / 0)
    assert ann.respond(attempt, 1, {"a": "wrong"}).status == 409
    last = ann.get(f"attempts/{attempt}/presentations/1/").json["last"]
    assert last == {"answer": {"a": "wrong"}, "pending": True, "verdict": None}
    [entry, _] = ann.get(f"attempts/{attempt}/review/").json["presentations"]
    assert (entry["pending"], entry["answer"]) == (True, {"a": "wrong"})
