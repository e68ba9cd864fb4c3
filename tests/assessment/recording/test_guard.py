"""The guard on the revision: a decision is written whole or not at all, and each write moves the attempt once."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.db import connection
from django.db.models import F

from assessment.delivery import responses
from assessment.delivery.attempts import GRACE, settle
from assessment.delivery.hints import take_hint
from assessment.delivery.practice import start_practice
from assessment.delivery.verifying import verify_attempt
from assessment.errors import (
    AttemptClosed,
    AttemptExpired,
    DeliveryError,
    DraftStale,
    KeyReused,
    NoHintsLeft,
    PresentationSettled,
    UnknownPosition,
)
from assessment.models import Attempt, Draft, Presentation, Response, Verdict
from assessment.modes import MODES
from assessment.modes.base import Exposed, Learned
from assessment.recording.deciding import (
    Decision,
    Submission,
    announce,
    counted,
    decide,
    grown,
    judged,
    response_to,
    verdict_on,
)
from assessment.recording.reading import read_place
from assessment.recording.rounds import ROUNDS
from assessment.recording.writing import write, write_practice
from assessment.rules.delivery import PRACTICE
from content.items.grading import ItemVerdict
from content.models import Item
from tests import sitting
from tests.builders import NOW, exercise_document, make_assessment, make_attempt, make_item, make_learner, who
from tests.measuring import make_adaptive, make_measuring_items
from tests.sitting import RIGHT, WRONG

pytestmark = pytest.mark.django_db

LATER: Final = NOW + timedelta(hours=1)
OTHER: Final = {"a": "other"}
WRITTEN: Final = {
    "assessment_attempt",
    "assessment_presentation",
    "assessment_response",
    "assessment_verdict",
    "assessment_draft",
    "assessment_exposureevent",
    "assessment_difficultyevent",
}
"""The tables that a decision can change."""


def all_rows() -> Mapping[str, tuple[int, str | None]]:
    """Return for each table how many rows it has and a hash of them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = "count(*), md5(string_agg(row::text, chr(10) ORDER BY row::text))"
            cursor.execute(f'SELECT {columns} FROM "{table}" AS row')
            found[table] = cursor.fetchone()
    return found


def changed_tables(before: Mapping[str, Any]) -> set[str]:
    after = all_rows()
    return {table for table in after if after[table] != before[table]}


def revision(attempt: Attempt) -> int:
    return Attempt.objects.get(pk=attempt.pk).revision


@pytest.fixture
def adaptive() -> Attempt:
    make_measuring_items(np.linspace(-2, 2, 12))
    return sitting.start(make_adaptive())[0]


def full_decision(attempt: Attempt) -> Decision:
    """A decision with rows of every kind: an answer where a draft lies, the next item, what both add."""
    sitting.draft(attempt, 1, OTHER)
    sent = Submission(RIGHT, uuid4(), NOW)
    seat = read_place(attempt_id=attempt.pk, user_id=who(attempt).pk, position=1, key=sent.key)
    decision = grown(decide(seat, sent), (), NOW)
    slug = seat.places[0].slug
    decision = replace(
        decision,
        exposed=(Exposed(0, 1, 1, (slug,), (slug,)),),
        learned=(Learned(slug, 0.5, 0.4, 1.0, 0.0),),
    )
    parts = ("responses", "verdicts", "changed", "shown", "exposed", "learned", "gone")
    assert all(getattr(decision, name) for name in parts)
    return decision


def test_a_decision_on_an_attempt_that_has_moved_changes_no_row_of_any_table(adaptive: Attempt) -> None:
    decision = full_decision(adaptive)
    Attempt.objects.update(revision=F("revision") + 1)
    before = all_rows()
    assert write(decision, NOW) is False
    assert changed_tables(before) == set()


def test_the_same_decision_on_an_attempt_that_stood_still_changes_every_table(adaptive: Attempt) -> None:
    decision = full_decision(adaptive)
    before = all_rows()
    assert write(decision, NOW) is True
    assert changed_tables(before) == WRITTEN
    assert write(decision, NOW) is False


def test_a_check_of_practice_that_somebody_came_before_changes_no_row() -> None:
    shown = start_practice(user=make_learner(), item=make_item(), now=NOW, dice=random.Random(1))
    verdict = judged(shown, RIGHT)
    assert isinstance(verdict, ItemVerdict)
    after = counted(shown, verdict, NOW, PRACTICE)
    response = response_to(shown, Submission(RIGHT, uuid4(), NOW), sequence=1, verdict=verdict)
    announce(response, None, after, PRACTICE, verdict)
    sitting.check(shown, "wrong")
    before = all_rows()
    assert write_practice(shown, after, [response], [verdict_on(response, verdict)]) is False
    assert changed_tables(before) == set()


# How far the revision moves


@pytest.fixture
def attempt() -> Attempt:
    return make_attempt(make_item(exercise_document()), make_item(), tries=2, time_limit_minutes=30)


def hint(attempt: Attempt, **options: Any) -> Presentation:
    wanted: dict[str, Any] = {"position": 1, "now": NOW, "number": 1} | options
    return take_hint(attempt_id=attempt.pk, user_id=who(attempt).pk, **wanted)


Act = Callable[[Attempt], Any]

WRITES: Final[Mapping[str, Act]] = {
    "a right answer": lambda attempt: sitting.answer(attempt, 2, RIGHT),
    "an unreadable answer": lambda attempt: sitting.answer(attempt, 1, {"a": "some"}),
    "a draft": lambda attempt: sitting.draft(attempt, 2, WRONG),
    "a hint": hint,
    "the end": sitting.submit,
    "the end by the clock": lambda attempt: settle(attempt_id=attempt.pk, now=LATER),
}


@pytest.mark.parametrize("act", WRITES.values(), ids=list(WRITES))
def test_whatever_is_acknowledged_moves_the_attempt_by_one(attempt: Attempt, act: Act) -> None:
    act(attempt)
    assert revision(attempt) == 1
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_the_end_is_one_write_however_many_drafts_there_are(attempt: Attempt) -> None:
    for position in (1, 2):
        sitting.draft(attempt, position, {"a": "1"})
    sitting.submit(attempt)
    assert revision(attempt) == 3


def test_an_answer_and_the_item_after_it_are_one_write(adaptive: Attempt) -> None:
    assert sitting.answer(adaptive, 1, RIGHT).following
    assert revision(adaptive) == 1


def test_an_answer_that_is_refused_and_kept_moves_the_attempt_as_well(attempt: Attempt) -> None:
    with pytest.raises(AttemptExpired):
        sitting.answer(attempt, 2, RIGHT, now=LATER)
    assert revision(attempt) == 1


REFUSED: Final[Mapping[str, tuple[Act, type[DeliveryError]]]] = {
    "an answer to what is settled": (lambda attempt: sitting.answer(attempt, 2, WRONG), PresentationSettled),
    "an answer to nothing": (lambda attempt: sitting.answer(attempt, 9, RIGHT), UnknownPosition),
    "a draft of nothing": (lambda attempt: sitting.draft(attempt, 9, RIGHT), UnknownPosition),
    "a draft for what is settled": (lambda attempt: sitting.draft(attempt, 2, WRONG), PresentationSettled),
    "a stale draft": (lambda attempt: sitting.draft(attempt, 1, WRONG, after=0), DraftStale),
    "a draft that is late": (lambda attempt: sitting.draft(attempt, 1, WRONG, now=LATER), AttemptExpired),
    "a hint too many": (partial(hint, number=2), NoHintsLeft),
    "a hint that is late": (partial(hint, now=LATER), AttemptExpired),
    "a hint for nothing": (partial(hint, position=9), UnknownPosition),
    "what comes next, late": (partial(sitting.upcoming, now=LATER), AttemptExpired),
}


@pytest.mark.parametrize(("act", "refusal"), REFUSED.values(), ids=list(REFUSED))
def test_whatever_is_refused_changes_nothing(
    attempt: Attempt, act: Act, refusal: type[DeliveryError]
) -> None:
    sitting.answer(attempt, 1, {"a": "-1"})
    sitting.answer(attempt, 2, RIGHT)
    before = all_rows()
    with pytest.raises(refusal):
        act(attempt)
    assert changed_tables(before) == set()


TWICE: Final[Mapping[str, Act]] = {
    "an answer under its key": lambda attempt: sitting.answer(attempt, 2, RIGHT, key=UUID(int=1)),
    "a hint by its number": hint,
    "the end": sitting.submit,
    "the end by the clock": lambda attempt: settle(attempt_id=attempt.pk, now=LATER),
    "what comes next": sitting.upcoming,
    "a settle within the grace": lambda attempt: settle(
        attempt_id=attempt.pk, now=(attempt.deadline or NOW) + GRACE
    ),
}


@pytest.mark.parametrize("act", TWICE.values(), ids=list(TWICE))
def test_what_is_asked_for_twice_is_written_once(attempt: Attempt, act: Act) -> None:
    act(attempt)
    before = all_rows()
    act(attempt)
    assert changed_tables(before) == set()


# Drafts


def test_a_draft_says_after_how_many_answers_it_was_typed(attempt: Attempt) -> None:
    sitting.answer(attempt, 1, {"a": "-1"})
    with pytest.raises(DraftStale):
        sitting.draft(attempt, 1, {"a": "-2"}, after=0)
    sitting.draft(attempt, 1, {"a": "-3"}, after=1)
    assert Draft.objects.values_list("answer", "after").get() == ({"a": "-3"}, 1)


def test_going_back_to_what_was_sent_takes_the_draft_away(attempt: Attempt) -> None:
    sitting.answer(attempt, 1, {"a": "-1"})
    sitting.draft(attempt, 1, {"a": "-2"})
    sitting.draft(attempt, 1, {"a": "-1"})
    assert not Draft.objects.exists()
    sitting.submit(attempt)
    assert Response.objects.get().answer == {"a": "-1"}


def test_what_was_sent_too_late_can_be_typed_again_once_there_is_more_time(attempt: Attempt) -> None:
    with pytest.raises(AttemptExpired):
        sitting.answer(attempt, 2, RIGHT, now=LATER)
    Attempt.objects.update(deadline=LATER)
    sitting.draft(attempt, 2, RIGHT)
    assert sitting.submit(attempt).score == 1.0
    assert verify_attempt(attempt_id=attempt.pk) == []


# Somebody comes between reading and writing


def coming_between(patch: pytest.MonkeyPatch, act: Callable[[], Any], times: int = 1) -> None:
    """Let somebody else act each time that an answer has been read for and is not written, ``times`` times."""
    left = iter(range(times))

    def read(**wanted: Any) -> Any:
        seat = read_place(**wanted)
        if next(left, None) is not None:
            act()
        return seat

    patch.setattr(responses, "read_place", read)


def test_an_answer_that_another_one_passed_is_decided_again(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = partial(sitting.answer, attempt, 1, {"a": "-2"}, key=UUID(int=2))
    with monkeypatch.context() as patch:
        coming_between(patch, other)
        recorded = sitting.answer(attempt, 1, {"a": "-1"}, key=UUID(int=1))
    assert (recorded.response.sequence, recorded.response.try_number) == (2, 2)
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_the_same_request_in_between_is_found_to_have_been_recorded(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = partial(sitting.answer, attempt, 2, RIGHT, key=UUID(int=1))
    coming_between(monkeypatch, same)
    assert same().replayed
    assert Response.objects.count() == revision(attempt) == 1


def test_an_end_in_between_makes_an_answer_late(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    coming_between(monkeypatch, partial(sitting.submit, attempt))
    with pytest.raises(AttemptClosed):
        sitting.answer(attempt, 2, RIGHT)
    assert Response.objects.get().origin == "late"
    assert verify_attempt(attempt_id=attempt.pk) == []


def test_a_draft_in_between_goes_with_the_answer(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    coming_between(monkeypatch, partial(sitting.draft, attempt, 1, {"a": "-2"}))
    sitting.answer(attempt, 1, {"a": "-1"})
    assert (Draft.objects.count(), revision(attempt)) == (0, 2)


def test_a_key_used_elsewhere_in_between_is_refused_and_spoils_no_transaction(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, _ = sitting.start(make_assessment(), who(attempt))
    coming_between(monkeypatch, partial(sitting.answer, elsewhere, 1, WRONG, key=UUID(int=1)))
    assert connection.in_atomic_block
    with pytest.raises(KeyReused):
        sitting.answer(attempt, 2, RIGHT, key=UUID(int=1))
    assert (Response.objects.get().attempt, revision(attempt)) == (elsewhere, 0)


def test_an_answer_that_is_passed_again_and_again_is_written_under_a_lock(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    coming_between(monkeypatch, partial(sitting.draft, attempt, 1, {"a": "-2"}), ROUNDS)
    assert sitting.answer(attempt, 2, RIGHT).attempt.score == 1.0
    assert revision(attempt) == ROUNDS + 1


def test_a_refusal_under_the_lock_keeps_the_answer(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    moves = partial(Attempt.objects.filter(pk=attempt.pk).update, revision=F("revision") + 1)
    coming_between(monkeypatch, moves, ROUNDS)
    with pytest.raises(AttemptExpired):
        sitting.answer(attempt, 1, {"a": "-2"}, now=LATER)
    assert Response.objects.get().origin == "late"


# Whatever fails beside an answer


def no_item(*_: Any) -> Any:
    raise RuntimeError("no item comes to mind")


def test_where_no_next_item_can_be_drawn_the_answer_is_recorded_and_it_can_be_asked_for(
    adaptive: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(MODES["adaptive"]), "next_item", no_item)
        recorded = sitting.answer(adaptive, 1, RIGHT)
        assert (recorded.following, recorded.response.announcement["next"]) == (None, None)
        with pytest.raises(RuntimeError):
            sitting.upcoming(adaptive)
    assert (Response.objects.count(), adaptive.presentations.count()) == (1, 1)
    shown = sitting.upcoming(adaptive)
    assert shown
    assert shown.position == 2
    assert verify_attempt(attempt_id=adaptive.pk) == []


def test_an_item_that_was_retired_meanwhile_is_not_drawn_when_it_is_asked_for(
    adaptive: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(MODES["adaptive"]), "next_item", no_item)
        sitting.answer(adaptive, 1, RIGHT)
    given = adaptive.presentations.get().item_version.item.slug
    Item.objects.exclude(slug__in=[given, "m-00"]).update(retired_at=LATER)
    shown = sitting.upcoming(adaptive)
    assert shown
    assert shown.item_version.item.slug == "m-00"


def test_one_grader_that_fails_leaves_its_draft_pending_and_grades_the_others() -> None:
    attempt = make_attempt(*(make_item(exercise_document(f"e-{n}")) for n in range(3)))
    for shown in attempt.presentations.order_by("position"):
        sitting.draft(attempt, shown.position, {"a": repr(shown.variant.interactions["a"]["key"])})
    middle = attempt.presentations.get(position=2)
    middle.variant_document["interactions"]["a"]["policy"] = {"name": "of-a-later-release"}
    middle.save(update_fields=["variant_document"])
    ended = sitting.submit(attempt)
    assert (ended.state, ended.score, ended.revision) == ("submitted", 2.0, 4)
    assert list(Response.objects.order_by("sequence").values_list("failure", flat=True)) == [
        "",
        "PolicyFault",
        "",
    ]
    assert (Verdict.objects.count(), Response.objects.pending().get().presentation) == (2, middle)
    assert not Draft.objects.exists()
    assert verify_attempt(attempt_id=attempt.pk) == []
