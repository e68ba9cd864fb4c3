"""The key never leaves the server before its time: canaries in every secret, and every door tried."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assessment.models import Presentation, User, Verdict
from content.models import Misconception
from tests import builders
from tests.api.client import Api, Reply
from tests.measuring import make_adaptive
from tests.practicing import make_mastery

pytestmark = pytest.mark.django_db

KEY, MISTAKE, TOLERANCE = "314.159", "271.828", "0.00271828"
WORDS = [f"CANARY-{word}" for word in ("solution", "hint", "feedback", "title", "explanation", "recognized")]
SECRETS = [KEY, MISTAKE, TOLERANCE, "canary-slug", *WORDS]
FIELDS = {
    "certificate", "credit", "distance", "document", "fingerprint", "grader", "key", "misconceptions", "policy",
    "policy_version", "probing", "seed", "tolerance", "values", "variant", "weight",
}  # fmt: skip

WRONG = {"a": "wrong", "b": "271.829"}
EXPLAINED = {"canary-slug", "CANARY-feedback", "CANARY-recognized", "CANARY-title", "CANARY-explanation"}
"""What a wrong try is told of itself."""
DIFFICULTY = 0.577215
DIFFICULTY_SHOWN = "577215"
CHOICE = {
    "calibrated", "calibration", "candidates", "choice", "difficulty", "information", "is_seeded", "parameters",
    "posterior", "reason", "seeded", "shadow", "standard_error", "theta",
}  # fmt: skip
"""Why an item was chosen would tell what an answer was worth."""


def item_with_canaries(slug: str = "canaries", **changes: Any) -> dict[str, Any]:
    document = {
        "slug": slug,
        "title": "Mind the birds",
        "skills": ["l2-update"],
        "parameters": {"x": {"decimal": [1, 9], "places": 1}},
        "body": "Choose [[a]] and enter [[b]] beside ${x}$.",
        "interactions": {
            "a": {
                "kind": "choice",
                "options": [
                    {"id": "right", "text": "One", "key": True, "feedback": "CANARY-feedback"},
                    {
                        "id": "wrong",
                        "text": "Two",
                        "misconception": "canary-slug",
                        "feedback": "CANARY-feedback",
                    },
                ],
            },
            "b": {
                "kind": "numeric",
                "key": KEY,
                "policy": {"name": "absolute", "tolerance": float(TOLERANCE)},
            },
        },
        "misconceptions": {"b": {"canary-slug": {"value": MISTAKE, "feedback": "CANARY-recognized"}}},
        "hints": ["CANARY-hint"],
        "solution": "CANARY-solution",
    }
    return document | changes


@pytest.fixture
def ann() -> Api:
    Misconception.objects.create(slug="canary-slug", title="CANARY-title", explanation="CANARY-explanation")
    return Api(builders.make_learner("ann"))


def begin(ann: Api, **rules: Any) -> str:
    lesson = builders.make_lesson()
    item = builders.make_item(item_with_canaries())
    item.bank.lesson = lesson
    item.bank.save()
    lesson.skills.set(item.skills.all())
    builders.make_assessment(item, slug="quiz", lesson=lesson, **rules)
    return ann.start("quiz")


def begin_growing(ann: Api, mode: str, **given: Any) -> str:
    """Begin an attempt that is given items one by one, all of them with canaries."""
    items = [
        builders.make_item(item_with_canaries(slug, difficulty=DIFFICULTY + step))
        for step, slug in enumerate(["canaries", *(f"c-{number}" for number in range(5))])
    ]
    lesson = builders.make_lesson()
    lesson.skills.set(items[0].skills.all())
    if mode == "adaptive":
        assessment = make_adaptive(items[0].bank, slug="quiz")
    else:
        assessment = make_mastery(items[0].bank, slug="quiz", skills=["l2-update"], m=3, n=3)
    builders.give(assessment, **given)
    return ann.start("quiz")


def crawl(api: Api, attempt: str) -> list[Reply]:
    """Knock at every door that a learner can open."""
    places = [
        "me/", "me/account/", "me/export/", "me/export/?format=csv",
        "subjects/", "skills/", "lessons/", "lessons/a-lesson/", "assessments/", "assessments/quiz/",
        "attempts/", f"attempts/{attempt}/", f"attempts/{attempt}/next/", f"attempts/{attempt}/presentations/1/",
        f"attempts/{attempt}/presentations/", f"attempts/{attempt}/review/",
        "progress/", "schema/", "docs/", "nothing/",
    ]  # fmt: skip
    replies = [Reply(api.browser.get(f"/api/v1/{place}")) for place in places]
    replies.append(api.put(f"attempts/{attempt}/presentations/1/draft/", {"answer": {"a": "wrong"}}))
    replies.append(api.post(f"attempts/{attempt}/presentations/1/solution/"))
    replies.append(api.post("attempts/", {"assessment": "quiz"}))
    replies.append(api.post("exercises/canaries/variants/"))
    replies.append(api.post("exercises/canaries/check/", {"token": "x", "answer": {}}))
    return replies


def leaks(reply: Reply) -> list[str]:
    """Return the secrets in a reply, and the seeds of everything drawn so far."""
    is_data = reply.json is not None and "openapi" not in reply.json
    return leaks_in(reply.text, reply.json if is_data else None)


def leaks_in(text: str, data: Any) -> list[str]:
    seeds = [str(one.variant.seed) for one in Presentation.objects.all()]
    return [secret for secret in [*SECRETS, *seeds] if secret in text] + sorted(FIELDS & names_in(data))


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(names_in, value.values()))
    return set().union(*map(names_in, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("feedback", ["immediate", "at_end", "after_close"])
def test_before_an_answer_nothing_tells_what_it_is(ann: Api, feedback: str) -> None:
    for reply in crawl(ann, begin(ann, feedback=feedback)):
        assert leaks(reply) == []


@pytest.mark.parametrize("feedback", ["at_end", "after_close"])
@pytest.mark.parametrize("answer", [WRONG, {"a": "right", "b": "314.160"}, {"a": "none", "b": "x"}])
def test_where_verdicts_wait_an_answer_opens_nothing(ann: Api, feedback: str, answer: dict[str, str]) -> None:
    attempt = begin(ann, feedback=feedback)
    assert leaks(ann.respond(attempt, 1, answer)) == []
    for reply in crawl(ann, attempt):
        assert leaks(reply) == []


def test_where_the_assessment_must_close_the_end_of_an_attempt_opens_nothing(ann: Api) -> None:
    attempt = begin(ann, feedback="after_close")
    ann.respond(attempt, 1, WRONG)
    assert leaks(ann.post(f"attempts/{attempt}/submit/")) == []
    assert leaks(ann.get(f"attempts/{attempt}/review/")) == []


def test_a_wrong_try_gives_its_own_explanation_and_not_the_key(ann: Api) -> None:
    reply = ann.respond(begin(ann), 1, WRONG)
    assert set(leaks(reply)) == EXPLAINED


def test_where_verdicts_wait_nothing_tells_that_only_the_digits_are_wrong(ann: Api) -> None:
    policy = {"name": "decimal_places", "places": 2, "strict": True}
    document = builders.exercise_document(
        interactions={"a": {"kind": "numeric", "key": "2 * x", "policy": policy}}, misconceptions={}
    )
    builders.make_assessment(builders.make_item(document), slug="digits", feedback="at_end")
    attempt = ann.start("digits")
    key = Presentation.objects.get().variant.interactions["a"]["key"]
    told = ann.respond(attempt, 1, {"a": f"{key:.3f}"}).json
    assert told["interactions"]["a"]["message"] is None
    ann.post(f"attempts/{attempt}/submit/")
    [entry] = ann.get(f"attempts/{attempt}/review/").json["presentations"]
    assert "exactly 2 decimal places" in entry["verdict"]["interactions"]["a"]["message"]


# Attempts that are given items one by one


@pytest.mark.parametrize(
    ("mode", "given"),
    [
        ("adaptive", {}),
        ("adaptive", {"release": "immediate"}),
        ("adaptive", {"release": "after_close"}),
        ("mastery", {}),
    ],
)
def test_before_an_answer_an_item_that_was_chosen_tells_nothing(
    ann: Api, mode: str, given: dict[str, str]
) -> None:
    for reply in crawl(ann, begin_growing(ann, mode, **given)):
        assert leaks(reply) == []
        assert DIFFICULTY_SHOWN not in reply.text
        if "openapi" not in reply.text:
            assert not CHOICE & names_in(reply.json)


@pytest.mark.parametrize("release", ["at_end", "after_close"])
@pytest.mark.parametrize("answer", [WRONG, {"a": "right", "b": "314.160"}, {"a": "none", "b": "x"}])
def test_where_verdicts_wait_an_adaptive_attempt_opens_nothing(
    ann: Api, release: str, answer: dict[str, str]
) -> None:
    attempt = begin_growing(ann, "adaptive", release=release)
    replies = [ann.respond(attempt, 1, answer)]
    assert bool(replies[0].json["next"]) == replies[0].json["valid"]
    for reply in [*replies, *crawl(ann, attempt), ann.get(f"attempts/{attempt}/presentations/2/")]:
        assert leaks(reply) == []
        if "openapi" not in reply.text:
            assert not CHOICE & names_in(reply.json)


def sit(ann: Api, attempt: str) -> list[Reply]:
    """Answer wrongly to the end, and return the replies."""
    replies, position = [], 1
    while position:
        replies.append(ann.respond(attempt, position, WRONG))
        position = (replies[-1].json["next"] or {}).get("position")
    assert replies[-1].json["attempt"]["state"] == "submitted"
    return replies


def test_where_the_assessment_must_close_the_end_of_an_adaptive_attempt_opens_nothing(ann: Api) -> None:
    attempt = begin_growing(ann, "adaptive", release="after_close")
    for reply in [*sit(ann, attempt), *crawl(ann, attempt)]:
        assert leaks(reply) == []


def test_after_an_adaptive_attempt_all_is_told_but_why_its_items_were_chosen(ann: Api) -> None:
    attempt = begin_growing(ann, "adaptive")
    assert [leaks(reply) for reply in sit(ann, attempt)] == [[]] * 6
    review = ann.get(f"attempts/{attempt}/review/")
    assert {"CANARY-solution", "canary-slug", "CANARY-feedback"} <= set(leaks(review))
    assert DIFFICULTY_SHOWN not in review.text
    assert not CHOICE & names_in(review.json)


@pytest.mark.parametrize("mode", ["adaptive", "mastery"])
def test_the_next_item_in_a_reply_tells_nothing_of_itself(ann: Api, mode: str) -> None:
    attempt = begin_growing(ann, mode, release="immediate")
    reply = ann.respond(attempt, 1, WRONG)
    if not reply.json["next"]:
        reply = ann.respond(attempt, 1, WRONG)
    following = reply.json["next"]
    assert following["position"] == 2
    assert leaks_in(json.dumps(following), following) == []
    assert not CHOICE & names_in(following)
    again = ann.post(f"attempts/{attempt}/next/")
    assert (again.json, leaks(again)) == (following, [])


@pytest.mark.parametrize("choice", ["right", "wrong"])
def test_an_answer_that_costs_no_try_tells_nothing_of_its_readable_parts(ann: Api, choice: str) -> None:
    reply = ann.respond(begin(ann), 1, {"a": choice, "b": "one"})
    assert leaks(reply) == []
    told = reply.json["interactions"]
    assert (told["a"]["score"], told["a"]["rule"], told["b"]["valid"]) == (None, None, False)
    assert told["b"]["message"]


def test_everything_is_told_in_its_time(ann: Api) -> None:
    """The canaries do sing: without this, the tests above could not fail."""
    attempt = begin(ann, feedback="at_end")
    ann.respond(attempt, 1, WRONG)
    ann.post(f"attempts/{attempt}/submit/")
    assert {"CANARY-solution", "canary-slug", "CANARY-feedback"} <= set(
        leaks(ann.get(f"attempts/{attempt}/review/"))
    )


def test_a_variant_of_practice_shows_neither_key_nor_seed(api: Api) -> None:
    builders.make_item(item_with_canaries())
    reply = api.post("exercises/canaries/variants/")
    assert leaks(reply) == []
    assert str(Presentation.objects.get().variant.seed) not in reply.json["token"]


FORMULA = {
    "kind": "expression",
    "key": "log(v^2)",
    "variables": {"v": [0.1, 3]},
    "recognise": [{"formula": "log(v)", "misconception": "canary-slug", "feedback": "CANARY-recognized"}],
}


def formula_item() -> dict[str, Any]:
    return item_with_canaries(
        body="Enter [[a]] beside ${x}$.", interactions={"a": FORMULA}, misconceptions={}
    )


@pytest.mark.parametrize(
    "answer", ["2*log(v)", "log(v)", "sqrt(v)", "log(v - 1)", "v + 1e99*(sin(v)^2 + cos(v)^2 - 1)"]
)
@pytest.mark.parametrize("feedback", ["immediate", "at_end"])
def test_the_key_by_which_formulas_are_tried_is_never_told(ann: Api, answer: str, feedback: str) -> None:
    builders.make_assessment(builders.make_item(formula_item()), slug="quiz", feedback=feedback)
    attempt = ann.start("quiz")
    replies = [ann.respond(attempt, 1, {"a": answer}), *crawl(ann, attempt)]
    replies += [ann.post(f"attempts/{attempt}/submit/"), *crawl(ann, attempt)]
    judged = Verdict.objects.earliest("id").document["interactions"]["a"]
    assert judged["probing"] == builders.PROBING
    for reply in replies:
        assert builders.PROBING not in reply.text
        assert "probing" not in names_in(reply.json)


def test_practice_does_not_tell_the_key_by_which_formulas_are_tried(api: Api) -> None:
    builders.make_item(formula_item())
    drawn = api.post("exercises/canaries/variants/")
    checked = api.post(
        "exercises/canaries/check/", {"token": drawn.json["token"], "answer": {"a": "2*log(v)"}}
    )
    assert checked.json["correct"] is True
    assert Verdict.objects.get().document["interactions"]["a"]["probing"] == builders.PROBING
    for reply in (drawn, checked):
        assert builders.PROBING not in reply.text
        assert "probing" not in names_in(reply.json)


def test_the_theory_of_a_premium_lesson_is_for_those_enrolled(ann: Api, api: Api) -> None:
    lesson = builders.make_lesson(premium=True, theory="CANARY-theory")
    for outsider in (ann, api):
        for path in ("lessons/", "lessons/a-lesson/"):
            assert "CANARY-theory" not in outsider.get(path).text
    builders.enrol(User.objects.get(username="ann"), builders.make_course(lesson))
    assert "CANARY-theory" in ann.get("lessons/a-lesson/").text
