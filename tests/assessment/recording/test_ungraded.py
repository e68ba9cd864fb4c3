"""A grader that raises: a fault of ours that costs nobody an answer and holds up no attempt."""

from __future__ import annotations

import io
import json
import logging
import random
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from assessment.delivery.attempts import (
    presentation_at,
    settle,
    start_attempt,
)
from assessment.delivery.practice import start_practice
from assessment.delivery.verifying import verify_attempt
from assessment.errors import NotGraded
from assessment.models import Attempt, Draft, Presentation, Response, Verdict
from tests import sitting
from tests.api.client import Api
from tests.builders import (
    NOW,
    exercise_document,
    make_assessment,
    make_attempt,
    make_bank,
    make_item,
    make_learner,
    who,
)
from tests.measuring import make_adaptive
from tests.practicing import begin, make_chain, make_mastery
from tests.sitting import fold

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def broken(presentation: Presentation) -> Presentation:
    """A presentation whose stored policy no release of ours knows: its grader raises, whatever is answered."""
    presentation.variant_document["interactions"]["a"]["policy"] = {"name": "of-a-later-release"}
    presentation.save(update_fields=["variant_document"])
    return Presentation.objects.get(pk=presentation.pk)


def mended(presentation: Presentation) -> None:
    presentation.variant_document["interactions"]["a"]["policy"] = {"name": "absolute", "tolerance": 0.01}
    presentation.save(update_fields=["variant_document"])


@pytest.fixture
def attempt() -> Attempt:
    """Two exercises under a time limit; the first has a grader that raises."""
    made = make_attempt(
        make_item(exercise_document("one")), make_item(exercise_document("two")), time_limit_minutes=30
    )
    broken(presentation_at(made, 1))
    return made


def right(attempt: Attempt, position: int) -> dict[str, Any]:
    return {"a": str(2 * presentation_at(attempt, position).variant.values["x"])}


def answer(attempt: Attempt, position: int, entered: dict[str, Any], **options: Any) -> Any:
    wanted: dict[str, Any] = {"key": None, "now": NOW} | options
    return sitting.answer(attempt, position, entered, **wanted)


def left_with_drafts(attempt: Attempt) -> dict[str, Any]:
    entered = right(attempt, 1)
    sitting.draft(attempt, 1, entered, now=NOW)
    sitting.draft(attempt, 2, right(attempt, 2), now=NOW)
    return entered


def test_the_end_of_an_attempt_survives_a_grader_that_raises(attempt: Attempt) -> None:
    entered = left_with_drafts(attempt)
    ended = sitting.submit(attempt, NOW)
    kept = Response.objects.pending().get()
    assert (ended.state, ended.score, ended.max_score) == ("submitted", 1.0, 2.0)
    assert (kept.answer, kept.created_at, kept.failure) == (entered, NOW, "PolicyFault")
    assert Verdict.objects.get().response.presentation.position == 2


def test_an_attempt_whose_time_is_up_ends_as_well_and_twice_is_once(attempt: Attempt) -> None:
    left_with_drafts(attempt)
    for _ in range(2):
        ended = settle(attempt_id=attempt.pk, now=NOW + HOUR)
        assert (ended.state, ended.score) == ("expired", 1.0)
    assert Response.objects.pending().count() == 1


def test_the_next_attempt_can_be_started(attempt: Attempt) -> None:
    left_with_drafts(attempt)
    again, is_new, _ = start_attempt(
        user=who(attempt), assessment=attempt.assessment, now=NOW + HOUR, dice=random.Random(1)
    )
    assert is_new
    assert again.number == 2


def test_an_ungraded_answer_counts_nothing_and_the_log_agrees(attempt: Attempt) -> None:
    left_with_drafts(attempt)
    ended = sitting.submit(attempt, NOW)
    assert fold(ended) == (ended.score, ended.max_score)
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_an_answer_that_is_sent_is_kept_and_the_refusal_says_so(attempt: Attempt) -> None:
    key = uuid4()
    for _ in range(2):
        with pytest.raises(NotGraded, match="saved"):
            answer(attempt, 1, {"a": "4"}, key=key)
    kept = Response.objects.pending().get()
    assert (kept.answer, kept.try_number) == ({"a": "4"}, None)
    assert not Draft.objects.exists()
    assert answer(attempt, 2, right(attempt, 2)).verdict.score == 1


def test_once_the_grader_is_mended_the_end_grades_what_was_kept(attempt: Attempt) -> None:
    entered = right(attempt, 1)
    with pytest.raises(NotGraded):
        answer(attempt, 1, entered)
    mended(presentation_at(attempt, 1))
    ended = sitting.submit(attempt, NOW)
    assert ended.score == 1
    assert not Draft.objects.exists()


def test_a_place_whose_answer_waits_holds_nobody_up_and_takes_another(attempt: Attempt) -> None:
    with pytest.raises(NotGraded):
        answer(attempt, 1, {"a": "4"})
    shown = sitting.upcoming(attempt)
    assert shown
    assert shown.position == 2
    mended(presentation_at(attempt, 1))
    assert answer(attempt, 1, right(attempt, 1)).verdict.score == 1


def test_an_answer_judged_later_spends_no_try(attempt: Attempt) -> None:
    with pytest.raises(NotGraded):
        answer(attempt, 1, {"a": "-1"})
    mended(presentation_at(attempt, 1))
    sitting.submit(attempt)
    place = presentation_at(attempt, 1)
    assert (place.tries_used, place.score, place.is_pending) == (0, 0.0, False)
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_a_draft_beside_an_answer_judged_later_counts_as_well(attempt: Attempt) -> None:
    entered = right(attempt, 1)
    with pytest.raises(NotGraded):
        answer(attempt, 1, {"a": "-1"})
    sitting.draft(attempt, 1, entered)
    mended(presentation_at(attempt, 1))
    assert sitting.submit(attempt).score == 1
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_an_answer_judged_later_costs_what_was_spent_before_it() -> None:
    attempt = make_attempt(make_item(exercise_document()), penalty=0.5, tries=3)
    entered = right(attempt, 1)
    with pytest.raises(NotGraded):
        answer(broken(presentation_at(attempt, 1)).attempt, 1, entered)
    mended(presentation_at(attempt, 1))
    answer(attempt, 1, {"a": "-1"})
    assert sitting.submit(attempt, NOW + HOUR).score == 1
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_an_answer_judged_later_does_not_replace_the_one_after_it() -> None:
    attempt = make_attempt(make_item(exercise_document()), feedback="at_end")
    entered = right(attempt, 1)
    with pytest.raises(NotGraded):
        answer(broken(presentation_at(attempt, 1)).attempt, 1, {"a": "-1"})
    mended(presentation_at(attempt, 1))
    answer(attempt, 1, entered)
    assert sitting.submit(attempt, NOW + HOUR).score == 1
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_the_log_has_the_traceback(attempt: Attempt, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(NotGraded):
        answer(attempt, 1, {"a": "4"})
    (record,) = caplog.records
    assert str(attempt.pk) in record.getMessage()
    assert record.exc_info


def test_practice_keeps_what_its_grader_fails_on() -> None:
    item = make_item(exercise_document())
    shown = broken(start_practice(user=make_learner(), item=item, now=NOW, dice=random.Random(1)))
    with pytest.raises(NotGraded):
        sitting.check(shown, "4", key=None, now=NOW)
    assert Response.objects.pending().get().presentation == shown


def test_a_mastery_attempt_ends_with_an_ungraded_answer() -> None:
    items = make_chain()
    attempt = begin(make_mastery(items[0].bank))
    shown = sitting.upcoming(attempt, NOW)
    assert shown
    broken(shown)
    with pytest.raises(NotGraded):
        answer(attempt, 1, {"a": "4"})
    ended = sitting.submit(attempt, NOW)
    assert ended.state == "submitted"
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_an_answer_to_a_place_that_waited_does_not_go_on_twice() -> None:
    items = make_chain()
    attempt = begin(make_mastery(items[0].bank))
    shown = broken(presentation_at(attempt, 1))
    with pytest.raises(NotGraded):
        answer(attempt, 1, {"a": "4"})
    assert attempt.presentations.count() == 2
    mended(shown)
    assert answer(attempt, 1, right(attempt, 1)).following is None
    assert attempt.presentations.count() == 2


def adaptive_attempt() -> Attempt:
    bank = make_bank()
    for number in range(12):
        make_item(exercise_document(f"e-{number}", difficulty=float(number - 6)), bank=bank)
    return begin(make_adaptive(bank))


def test_an_ability_takes_in_an_answer_judged_later() -> None:
    attempt = adaptive_attempt()
    shown = broken(presentation_at(attempt, 1))
    with pytest.raises(NotGraded):
        answer(attempt, 1, right(attempt, 1))
    mended(shown)
    before = attempt.score
    assert sitting.submit(attempt).score > before
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_an_adaptive_attempt_ends_with_an_ungraded_answer() -> None:
    attempt = adaptive_attempt()
    shown = sitting.upcoming(attempt, NOW)
    assert shown
    broken(shown)
    sitting.draft(attempt, 1, {"a": "4"}, now=NOW)
    ended = sitting.submit(attempt, NOW)
    assert ended.state == "submitted"
    assert Response.objects.pending().count() == 1
    assert verify_attempt(attempt_id=attempt.pk) == []


# At the doors


def test_no_door_answers_500_for_such_an_attempt() -> None:
    assessment = make_assessment(make_item(exercise_document("one")), make_item(exercise_document("two")))
    api = Api(make_learner())
    at = f"attempts/{api.post('attempts/', {'assessment': assessment.slug}).json['id']}/"
    broken(Presentation.objects.get(position=1))
    refused = api.respond(at.split("/")[1], 1, {"a": "4"})
    assert (refused.status, refused.code) == (409, "not_graded")
    assert api.get(f"{at}presentations/1/").json["answers"] == 1
    assert api.get(f"{at}next/").status == 200
    assert api.post(f"{at}submit/").json["state"] == "submitted"
    assert [api.get(path).status for path in (at, f"{at}review/", "attempts/", "progress/")] == [200] * 4
    assert api.get(f"{at}review/").json["presentations"][0]["answer"] == {"a": "4"}
    assert api.post("attempts/", {"assessment": assessment.slug}).status == 201


def test_an_instructor_sees_what_is_not_graded_yet(attempt: Attempt, client: Any) -> None:
    left_with_drafts(attempt)
    sitting.submit(attempt, NOW)
    client.force_login(make_learner("root", is_staff=True, is_superuser=True))
    page = client.get(
        reverse("admin:assessment_attempt_page", args=[attempt.pk, "timeline"])
    ).content.decode()
    assert page.count("Not graded yet: the grader failed (PolicyFault") == 1
    assert "Not sent" not in page


def test_the_doctor_lists_attempts_with_ungraded_answers(attempt: Attempt) -> None:
    left_with_drafts(attempt)
    sitting.submit(attempt, NOW)
    finding = doctor()
    assert finding["state"] == "warning"
    assert finding["detail"].startswith("1 kept but not graded")
    assert str(attempt.pk) in finding["detail"]


def test_the_doctor_finds_nothing_where_all_is_graded() -> None:
    assert doctor()["state"] == "ok"


def doctor() -> dict[str, str]:
    out = io.StringIO()
    with suppress(SystemExit):  # whatever else this checkout lacks
        call_command("doctor", json=True, stdout=out)
    return next(one for one in json.loads(out.getvalue()) if one["subject"] == "answers")
