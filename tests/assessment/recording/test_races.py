"""Whatever comes at the same moment, what was acknowledged is there once, and all rows follow from the log."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import uuid4

import numpy as np
import pytest

from assessment.delivery.attempts import GRACE, settle
from assessment.delivery.hints import take_hint
from assessment.delivery.verifying import verify_attempt
from assessment.disclosure.replies import Recorded
from assessment.errors import AttemptClosed, AttemptExpired, DraftStale, PresentationSettled
from assessment.models import Assessment, Attempt, Correction, Draft, Presentation, Response
from assessment.modes import MODES
from assessment.recording.correcting import apply_correction
from content.models import Item, ItemVersion, Status
from tests import sitting
from tests.builders import (
    NOW,
    choice_document,
    exercise_document,
    make_assessment,
    make_item,
    vector_document,
    who,
)
from tests.measuring import make_adaptive, make_measuring_items
from tests.racing import PAIRS, pairs
from tests.sitting import RIGHT, WRONG

pytestmark = pytest.mark.django_db(transaction=True)

OTHER: Final = {"a": "other"}
DICE: Final = random.Random(1)


def attempts(assessment: Assessment) -> Iterator[Attempt]:
    """Begin attempts of as many learners as there are pairs."""
    for _ in range(PAIRS):
        yield sitting.start(assessment)[0]


def arrivals() -> tuple[datetime, datetime]:
    """Two moments within a second, in either order: who arrives first is not always written first."""
    return NOW + timedelta(seconds=DICE.random()), NOW + timedelta(seconds=DICE.random())


def log(attempt: Attempt) -> list[tuple[str, dict[str, Any]]]:
    """Return where each response came from and what it says, in the order of the sequence, which has no gap."""
    found = list(Response.objects.filter(attempt=attempt).order_by("sequence"))
    assert [one.sequence for one in found] == list(range(1, len(found) + 1))
    return [(str(one.origin), one.answer) for one in found]


def sound(attempt: Attempt, *, writes: int) -> Attempt:
    """Assert that the rows follow from the log and that so many writes were made; return the attempt as it stands."""
    assert verify_attempt(attempt_id=attempt.pk) == []
    stored = Attempt.objects.get(pk=attempt.pk)
    assert stored.revision == writes
    return stored


def drafts(attempt: Attempt) -> list[tuple[dict[str, Any], int]]:
    return list(Draft.objects.filter(presentation__attempt=attempt).values_list("answer", "after"))


def test_one_key_sent_twice_is_recorded_once() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment(tries=2)):
            key, now = uuid4(), arrivals()
            replies = at_once(
                partial(sitting.answer, attempt, 1, WRONG, key=key, now=now[0]),
                partial(sitting.answer, attempt, 1, WRONG, key=key, now=now[1]),
            )
            assert sorted(one.replayed for one in replies) == [False, True]
            assert len({one.response.pk for one in replies}) == 1
            assert replies[0].response.announcement == replies[1].response.announcement
            assert log(attempt) == [("learner", WRONG)]
            sound(attempt, writes=1)


def test_two_answers_to_one_place_are_two_tries() -> None:
    numeric = {"kind": "numeric", "key": "twice", "policy": {"name": "absolute", "tolerance": 0.01}}
    item = make_item(vector_document(interactions={"a": {**numeric, "credit": "each"}}))
    with pairs() as at_once:
        for attempt in attempts(make_assessment(item, tries=2)):
            first, *_ = attempt.presentations.get().variant.values["x"]
            one, other, now = {"a": [str(2 * first), "0", "0"]}, {"a": ["0", "0", "0"]}, arrivals()
            replies = at_once(
                partial(sitting.answer, attempt, 1, one, now=now[0]),
                partial(sitting.answer, attempt, 1, other, now=now[1]),
            )
            assert sorted(one.response.announcement["number"] for one in replies) == [1, 2]
            assert sorted(one.response.announcement["tries_left"] for one in replies) == [0, 1]
            assert sorted(entered["a"] for _, entered in log(attempt)) == sorted([one["a"], other["a"]])
            assert sound(attempt, writes=2).score == pytest.approx(1 / 3)


def test_the_last_try_is_given_to_one_of_two() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment(tries=1)):
            replies = at_once(
                partial(sitting.answer, attempt, 1, WRONG), partial(sitting.answer, attempt, 1, RIGHT)
            )
            [refused] = [one for one in replies if not isinstance(one, Recorded)]
            [recorded] = [one for one in replies if isinstance(one, Recorded)]
            assert isinstance(refused, PresentationSettled)
            assert log(attempt) == [("learner", recorded.response.answer)]
            sound(attempt, writes=1)


def test_an_answer_beside_the_end_counts_or_is_kept_as_late() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment()):
            now = arrivals()
            answered, ended = at_once(
                partial(sitting.answer, attempt, 1, RIGHT, now=now[0]),
                partial(sitting.submit, attempt, now=now[1]),
            )
            counts = isinstance(answered, Recorded)
            assert counts or isinstance(answered, AttemptClosed)
            assert log(attempt) == [("learner" if counts else "late", RIGHT)]
            stored = sound(attempt, writes=2)
            assert (stored.state, stored.score) == ("submitted", float(counts))
            assert ended.state == "submitted"


def test_an_answer_at_the_deadline_is_not_passed_by_a_settle_within_the_grace() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment(time_limit_minutes=10)):
            deadline = attempt.deadline or NOW
            answered, settled = at_once(
                partial(sitting.answer, attempt, 1, RIGHT, now=deadline),
                partial(settle, attempt_id=attempt.pk, now=deadline + GRACE),
            )
            assert (answered.attempt.score, settled.state) == (1.0, "open")
            sound(attempt, writes=1)


def test_an_answer_at_the_deadline_against_a_late_settle_counts_or_is_kept() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment(time_limit_minutes=10)):
            deadline = attempt.deadline or NOW
            answered, settled = at_once(
                partial(sitting.answer, attempt, 1, RIGHT, now=deadline),
                partial(settle, attempt_id=attempt.pk, now=deadline + 2 * GRACE),
            )
            counts = isinstance(answered, Recorded)
            assert counts or isinstance(answered, AttemptExpired)
            assert log(attempt) == [("learner" if counts else "late", RIGHT)]
            assert settled.state == "expired"
            assert sound(attempt, writes=2).score == float(counts)


def test_a_draft_typed_before_an_answer_never_stays_behind_it() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment(tries=3)):
            kept, recorded = at_once(
                partial(sitting.draft, attempt, 1, OTHER, after=0), partial(sitting.answer, attempt, 1, WRONG)
            )
            assert isinstance(recorded, Recorded)
            stale = isinstance(kept, DraftStale)
            assert stale or kept == NOW
            assert drafts(attempt) == []
            sound(attempt, writes=1 if stale else 2)
            sitting.submit(attempt)
            assert log(attempt) == [("learner", WRONG)]


def test_a_draft_that_does_not_say_when_it_was_typed_stays_if_it_comes_later_and_is_graded_once() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment(tries=3)):
            kept, _ = at_once(
                partial(sitting.draft, attempt, 1, RIGHT), partial(sitting.answer, attempt, 1, WRONG)
            )
            assert kept == NOW
            left = drafts(attempt)
            assert left in ([], [(RIGHT, 1)])
            sound(attempt, writes=2)
            sitting.submit(attempt)
            assert log(attempt) == [("learner", WRONG), *(("draft", RIGHT) for _ in left)]
            assert sound(attempt, writes=3).score == len(left)


def test_a_draft_of_what_is_sent_at_the_same_moment_is_no_second_try() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment(tries=3)):
            kept, _ = at_once(
                partial(sitting.draft, attempt, 1, WRONG), partial(sitting.answer, attempt, 1, WRONG)
            )
            assert kept == NOW
            assert drafts(attempt) == []
            sitting.submit(attempt)
            assert log(attempt) == [("learner", WRONG)]
            sound(attempt, writes=3)


def test_a_draft_beside_the_end_is_graded_once_or_refused() -> None:
    with pairs() as at_once:
        for attempt in attempts(make_assessment()):
            kept, _ = at_once(partial(sitting.draft, attempt, 1, RIGHT), partial(sitting.submit, attempt))
            refused = isinstance(kept, AttemptClosed)
            assert refused or kept == NOW
            assert log(attempt) == ([] if refused else [("draft", RIGHT)])
            assert drafts(attempt) == []
            stored = sound(attempt, writes=1 if refused else 2)
            assert (stored.state, stored.score) == ("submitted", float(not refused))


def test_one_hint_asked_for_twice_is_taken_once() -> None:
    item = make_item(exercise_document(hints=["Add it.", "To itself."]))
    with pairs() as at_once:
        for attempt in attempts(make_assessment(item)):
            take = partial(
                take_hint, attempt_id=attempt.pk, user_id=who(attempt).pk, position=1, now=NOW, number=1
            )
            assert [one.hints_taken for one in at_once(take, take)] == [1, 1]
            assert attempt.presentations.get().hints_taken == 1
            sound(attempt, writes=1)


def test_a_hint_beside_an_answer_leaves_both() -> None:
    item = make_item(exercise_document())
    with pairs() as at_once:
        for attempt in attempts(make_assessment(item)):
            hint = partial(take_hint, attempt_id=attempt.pk, user_id=who(attempt).pk, position=1)
            taken, recorded = at_once(
                partial(hint, now=NOW, number=1),
                partial(sitting.answer, attempt, 1, {"a": "-1"}),
            )
            assert taken.hints_taken == 1
            assert recorded.response.hints_taken in (0, 1)
            place = attempt.presentations.get()
            assert (place.hints_taken, place.tries_used) == (1, 1)
            assert place.first_hints == recorded.response.hints_taken
            sound(attempt, writes=2)


@pytest.fixture
def adaptive() -> Assessment:
    make_measuring_items(np.linspace(-2, 2, 6))
    return make_adaptive()


def positions(attempt: Attempt) -> list[int | None]:
    return [one.position for one in attempt.presentations.order_by("position")]


def without_a_next(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer the first place where no next item can be drawn."""
    with monkeypatch.context() as patch:
        patch.setattr(type(MODES["adaptive"]), "next_item", fail)
        sitting.answer(attempt, 1, RIGHT)


def fail(*_: Any) -> Any:
    raise RuntimeError("no item comes to mind")


def test_two_tabs_that_ask_for_the_next_item_get_one(
    adaptive: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pairs() as at_once:
        for attempt in attempts(adaptive):
            without_a_next(attempt, monkeypatch)
            shown = at_once(partial(sitting.upcoming, attempt), partial(sitting.upcoming, attempt))
            assert len({one.pk for one in shown}) == 1
            assert positions(attempt) == [1, 2]
            sound(attempt, writes=2)


def test_an_answer_and_another_tab_that_asks_on_draw_one_item(adaptive: Assessment) -> None:
    with pairs() as at_once:
        for attempt in attempts(adaptive):
            recorded, shown = at_once(
                partial(sitting.answer, attempt, 1, RIGHT), partial(sitting.upcoming, attempt)
            )
            assert recorded.following.position == 2
            assert shown.position in (1, 2)
            assert positions(attempt) == [1, 2]
            assert Presentation.objects.filter(pk=recorded.following.pk, attempt=attempt).exists()
            sound(attempt, writes=1)


def test_two_tabs_that_answer_and_ask_on_see_one_way(adaptive: Assessment) -> None:
    def tab(attempt: Attempt, entered: dict[str, Any]) -> Any:
        shown = sitting.upcoming(attempt)
        return sitting.answer(attempt, shown.position, entered) if shown and shown.position else None

    with pairs() as at_once:
        for attempt in attempts(adaptive):
            replies = at_once(partial(tab, attempt, RIGHT), partial(tab, attempt, WRONG))
            recorded = [one for one in replies if isinstance(one, Recorded)]
            refused = [one for one in replies if isinstance(one, PresentationSettled)]
            assert len(recorded) + len(refused) == 2
            assert positions(attempt) == list(range(1, len(recorded) + 2))
            assert len(log(attempt)) == len(recorded)
            sound(attempt, writes=len(recorded))


def make_correction(item: Item) -> Correction:
    """A correction that makes ``other`` the right option."""
    document = choice_document(item.slug)
    for option in document["interactions"]["a"]["options"]:
        option["key"] = option["id"] == "other"
        option.pop("misconception", None)
    version = ItemVersion(item=item, number=2, created_at=NOW, status=Status.PUBLISHED, published_at=NOW)
    version.write(document)
    version.save()
    made = Correction.objects.create(kind="key", corrected_version=version, reason="Wrong.", created_at=NOW)
    made.versions.add(item.version)
    return made


def test_an_answer_beside_a_correction_is_judged_by_the_new_key_in_the_end() -> None:
    with pairs() as at_once:
        for _ in range(PAIRS):
            item = make_item()
            correction = make_correction(item)
            attempt, _ = sitting.start(make_assessment(item, tries=2))
            recorded, _ = at_once(
                partial(sitting.answer, attempt, 1, OTHER),
                partial(apply_correction, correction_id=correction.pk, now=NOW + timedelta(seconds=1)),
            )
            assert [one.attempt_id for one in correction.effects.all()] == [recorded.attempt.pk]
            assert log(attempt) == [("learner", OTHER)]
            # An answer under the new key that came before its attempt was reached leaves nothing to be written.
            stored = Attempt.objects.get(pk=attempt.pk)
            assert stored.revision in (1, 2)
            assert sound(attempt, writes=stored.revision).score == 1.0
