"""Progress over the API: one estimate a skill, counts that agree, a next step, and nothing of what is withheld."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.models import Assessment, Attempt, User
from content.models import Item
from tests.api.client import Api
from tests.builders import (
    exercise_document,
    make_assessment,
    make_item,
    make_learner,
    make_lesson,
    make_skill,
)
from tests.practicing import make_mastery

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> Item:
    found = make_item(exercise_document())
    lesson = make_lesson(skills=["l2-update", "shrink-factor"])
    before, after = make_skill("l2-update"), make_skill("shrink-factor")
    after.prerequisites.add(before)
    lesson.skills.set([before, after])
    found.bank.lesson = lesson
    found.bank.save()
    return found


@pytest.fixture
def ann(item: Item) -> Api:
    make_assessment(item, slug="quiz", title="The quiz", lesson=item.bank.lesson, tries=1)
    return Api(make_learner("ann"))


def fail(api: Api, slug: str = "quiz", answer: str = "-1") -> str:
    """Take an assessment of one item and hand it in."""
    attempt = api.start(slug)
    api.respond(attempt, 1, {"a": answer})
    api.post(f"attempts/{attempt}/submit/")
    return attempt


def skills(progress: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["slug"]: one for one in progress["skills"]}


def test_who_has_done_nothing_is_told_to_choose_a_lesson(ann: Api) -> None:
    step = ann.get("progress/").json["next_step"]
    assert (step["kind"], step["title"], step["slug"]) == ("nothing", "Choose a lesson", None)


def test_after_a_poor_quiz_everything_leads_to_the_same_exercise(ann: Api) -> None:
    attempt = fail(ann)
    progress = ann.get("progress/").json
    link = {"slug": "double-it", "title": "Double it"}
    assert progress["next_step"] == {
        "kind": "review",
        "title": "l2 update",
        "why": "Your latest answers to it went wrong.",
        "slug": "double-it",
        "attempt": None,
    }
    assert [(one["slug"], one["exercise"]) for one in progress["review"]] == [("l2-update", link)]
    assert progress["mistakes"] == {"redo": [link], "explained_only": 0}
    assert skills(progress)["l2-update"]["exercise"] == link
    [best] = progress["lessons"][0]["best"]
    assert (best["attempt"], best["mode"], best["result"]["passed"]) == (attempt, "fixed", False)


def test_a_skill_without_answers_has_no_number_and_says_what_it_waits_for(ann: Api) -> None:
    fail(ann)
    shown = skills(ann.get("progress/").json)
    waiting = shown["shrink-factor"]
    assert [waiting[name] for name in ("probability", "low", "high")] == [None, None, None]
    assert (waiting["words"], waiting["is_locked"]) == ("not practiced yet", True)
    assert waiting["prerequisites"] == [{"slug": "l2-update", "title": "l2 update"}]
    assert shown["l2-update"]["probability"] is not None
    assert shown["l2-update"]["words"] == "not yet"


def test_the_counts_of_a_lesson_are_those_of_the_skills_it_lists(ann: Api) -> None:
    fail(ann)
    [lesson] = ann.get("progress/").json["lessons"]
    assert lesson["skills"] == ["l2-update", "shrink-factor"]
    assert lesson["skills_total"] == len(lesson["skills"])
    assert (lesson["skills_known"], lesson["skills_mastered"]) == (0, 0)


def test_an_open_attempt_is_the_next_step_with_its_address(ann: Api) -> None:
    attempt = ann.start("quiz")
    step = ann.get("progress/").json["next_step"]
    assert (step["kind"], step["slug"], step["attempt"]) == ("assessment", "quiz", attempt)


def test_the_words_of_the_best_are_those_of_its_own_mode(ann: Api, item: Item) -> None:
    Assessment.objects.filter(pk=make_mastery(item.bank, slug="by-skill", skills=["l2-update"]).pk).update(
        lesson=item.bank.lesson
    )
    fail(ann)
    skillwise = ann.start("by-skill")
    ann.post(f"attempts/{skillwise}/submit/")
    best = {one["assessment"]["slug"]: one for one in ann.get("progress/").json["lessons"][0]["best"]}
    assert best["quiz"]["result"]["words"] == "0 of 1 points; 0.7 are needed to pass."
    assert best["by-skill"]["result"]["words"] == "0 of 1 skills mastered."


@pytest.mark.parametrize("feedback", ["at_end", "after_close"])
def test_right_and_wrong_look_the_same_while_verdicts_wait(item: Item, feedback: str) -> None:
    make_assessment(item, slug="late", lesson=item.bank.lesson, feedback=feedback)
    told = []
    for answer in ("right", "wrong"):
        api = Api(make_learner(answer))
        attempt = api.start("late")
        place = Attempt.objects.get(pk=attempt).presentations.get()
        key = repr(place.variant.interactions["a"]["key"])
        api.respond(attempt, 1, {"a": key if answer == "right" else "-1"})
        if feedback == "after_close":
            api.post(f"attempts/{attempt}/submit/")
        told.append(api.get("progress/").text.replace(attempt, "the attempt"))
    assert told[0] == told[1]


def test_a_void_attempt_counts_nowhere_and_its_history_says_so(ann: Api) -> None:
    attempt = fail(ann)
    Attempt.objects.update(is_void=True)
    progress = ann.get("progress/").json
    assert (progress["skills"], progress["lessons"], progress["review"]) == ([], [], [])
    assert progress["mistakes"] == {"redo": [], "explained_only": 0}
    assert progress["next_step"]["title"] == "Choose a lesson"
    [listed] = ann.get("attempts/").json["results"]
    assert (listed["id"], listed["is_void"], listed["title"]) == (attempt, True, "The quiz")


def test_progress_is_of_the_one_who_asks(ann: Api) -> None:
    fail(ann)
    other = Api(make_learner("ben")).get("progress/").json
    assert (other["skills"], other["next_step"]["kind"]) == ([], "nothing")
    assert User.objects.count() == 2
