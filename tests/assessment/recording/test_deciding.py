"""What an answer comes to, decided on rows that no database has seen."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final
from uuid import uuid4

import pytest

from assessment.disclosure.announcing import Announcement
from assessment.errors import (
    AttemptClosed,
    AttemptExpired,
    NotGraded,
    PresentationSettled,
    TooManyInvalid,
    UnknownPosition,
)
from assessment.models import Attempt, Draft, Presentation
from assessment.models.attempts import FREE_INVALID, PAUSE, AttemptState
from assessment.modes import MODES
from assessment.modes.base import Begun, Change, Exposed, Grown, Learned, Mode, Rehearsal, Result, weighed
from assessment.modes.places import place_of
from assessment.psychometrics.stopping import Stop
from assessment.recording.deciding import (
    Decision,
    Submission,
    answered,
    decide,
    ended,
    fingerprint,
    grown,
    has_to_grow,
    judged_late,
)
from assessment.recording.reading import Seat
from assessment.recording.refolding import Entry
from assessment.rules.definition import ItemRules
from assessment.rules.delivery import DeliveryRules, Feedback
from assessment.scoring.tries import Keep
from content.models import Item, ItemVersion
from tests.builders import NOW, choice_document, exercise_document
from tests.sitting import RIGHT, WRONG

UNREADABLE: Final = {"a": "about seven"}
MINUTE: Final = timedelta(minutes=1)
RULES: Final = DeliveryRules(
    tries=2, penalty=0.25, keep=Keep.BEST, feedback=Feedback.IMMEDIATE, pass_fraction=0.5
)
WITHHELD: Final = DeliveryRules(
    tries=2,
    penalty=0.25,
    keep=Keep.BEST,
    feedback=Feedback.AT_END,
    pass_fraction=0.5,
    answers_may_change=True,
)


class Stairs(Mode):
    """Stand-in for a mode that grows: ``steps`` places, each answer told to the posterior; as many more as it is."""

    item_rules: ClassVar[type[ItemRules]] = type("StairsRules", (ItemRules,), {"grows": True})

    def __init__(self, steps: int = 9) -> None:
        self.steps = steps

    def begin(self, attempt: Attempt, dice: Any) -> Begun:
        return Begun()

    def next_item(self, attempt: Attempt, places: Any, retired: Any, now: Any) -> Grown | Stop:
        if len(places) == self.steps:
            return Stop("length")
        following = make_place(attempt, len(places) + 1)
        return Grown(following, (Exposed(0, given=(following.item_version.item.slug,)),))

    def observe(self, attempt: Attempt, places: Any, position: int) -> Change:
        posterior = [*(attempt.posterior or []), float(position)]
        return Change(posterior, (Exposed(1, 1, 1),), (Learned("one", 0.0, 1.0, 1.0, 0.0),))

    def refold(self, attempt: Attempt, places: Any) -> Change:
        return Change([float(one.position) for one in places if one.score is not None])

    def total(self, attempt: Attempt, places: Any) -> tuple[float, float]:
        return weighed(places)

    def result(self, attempt: Attempt) -> Result:
        return Result(attempt.score, attempt.max_score, None, None, "")

    def longest(self, definition: Any) -> int:
        return self.steps

    def rehearse(self, definition: Any, dice: Any) -> Rehearsal:
        return Rehearsal()


@pytest.fixture
def stairs(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(MODES, "stairs", Stairs(3))
    return "stairs"


CHOICE: Final = {
    "order": ["right", "wrong", "other"],
    "key": {"right": 1.0, "wrong": 0.0, "other": 0.0},
    "policy": {"name": "single", "version": 1},
    "misconceptions": {},
}
NUMERIC: Final = {
    "key": 6.0,
    "policy": {"name": "absolute", "version": 1, "tolerance": 0.01},
    "misconceptions": {"forgot-the-two": 3.0},
}


def make_attempt(rules: DeliveryRules = RULES, mode: str = "fixed", **fields: Any) -> Attempt:
    attempt = Attempt(
        learner_id=uuid4(), mode=mode, number=1, started_at=NOW, release=rules.feedback.value, **fields
    )
    attempt.rules = rules
    return attempt


def make_place(
    attempt: Attempt,
    position: int = 1,
    *,
    exercise: bool = False,
    draft: Any = None,
    after: int = 0,
    **fields: Any,
) -> Presentation:
    """A place as if it had been read: a choice, or an exercise with the key 6."""
    version = ItemVersion(item=Item(slug=f"item-{position}"), number=1)
    version.write(exercise_document() if exercise else choice_document())
    place = Presentation(
        learner_id=attempt.learner_id,
        attempt=attempt,
        position=position,
        item_version=version,
        variant_document={
            "seed": 1,
            "values": {"x": 3.0, "twice": 6.0} if exercise else {},
            "interactions": {"a": copy.deepcopy(NUMERIC if exercise else CHOICE)},
            "stream_version": 1,
        },
        shown_at=NOW,
        **fields,
    )
    place._state.adding = False
    place._state.fields_cache["draft"] = None
    if draft is not None:
        Draft(presentation=place, answer=draft, after=after, saved_at=NOW)
    return place


def broken(place: Presentation) -> Presentation:
    """Give a place a policy that no release of ours knows: its grader raises."""
    place.variant_document["interactions"]["a"]["policy"] = {"name": "of-a-later-release"}
    return place


def make_seat(attempt: Attempt, *places: Presentation, at: int = 1) -> Seat:
    found = next((one for one in places if one.position == at), None)
    return Seat(attempt, found, [place_of(one) for one in places])


def send(entered: Any, **fields: Any) -> Submission:
    return Submission(**{"answer": entered, "key": uuid4(), "now": NOW + MINUTE} | fields)


def decided(entered: Any, *, rules: DeliveryRules = RULES, exercise: bool = False, **place: Any) -> Decision:
    attempt = make_attempt(rules)
    return decide(make_seat(attempt, make_place(attempt, exercise=exercise, **place)), send(entered))


def told(decision: Decision) -> Announcement:
    return Announcement.from_json(decision.responses[-1].announcement or {})


def columns(row: Any) -> dict[str, Any]:
    return {one.attname: copy.deepcopy(getattr(row, one.attname)) for one in row._meta.concrete_fields}


def place_state(decision: Decision) -> tuple[int, float | None, bool]:
    [place] = decision.changed
    return place.tries_used, place.score, place.is_settled


# Answers that count


def test_a_right_answer_settles_its_place_and_counts() -> None:
    decision = decided(RIGHT)
    assert place_state(decision) == (1, 1.0, True)
    assert (decision.attempt.score, decision.attempt.max_score, decision.attempt.answers) == (1.0, 1.0, 1)
    assert decision.refusal is None


def test_a_wrong_answer_spends_a_try_and_leaves_the_place_open() -> None:
    decision = decided(WRONG)
    assert place_state(decision) == (1, 0.0, False)
    assert (told(decision).number, told(decision).tries_left, told(decision).correct) == (1, 1, False)


def test_the_last_try_closes_its_place_whatever_it_says() -> None:
    assert place_state(decided(WRONG, tries_used=1, score=0.0)) == (2, 0.0, True)


def test_a_later_try_costs_the_penalty() -> None:
    decision = decided(RIGHT, tries_used=1, score=0.0)
    assert place_state(decision) == (2, 0.75, True)
    assert told(decision).score == 0.75


def test_the_response_says_where_it_stands_and_the_verdict_follows_it() -> None:
    attempt = make_attempt(answers=4)
    place = make_place(attempt, 2, hints_taken=1)
    sent = send(RIGHT)
    decision = decide(make_seat(attempt, make_place(attempt), place, at=2), sent)
    [response], [verdict] = decision.responses, decision.verdicts
    assert (response.sequence, response.try_number, response.origin) == (5, 1, "learner")
    assert (response.presentation_id, response.attempt_id) == (place.pk, attempt.pk)
    assert (response.key, response.hints_taken) == (sent.key, 1)
    assert response.fingerprint == fingerprint(place.pk, RIGHT)
    assert (verdict.response_id, verdict.number, verdict.valid, verdict.score) == (response.pk, 1, True, 1.0)
    assert response.created_at == verdict.created_at == sent.now


def test_the_first_try_is_kept_with_the_hints_before_it() -> None:
    [first] = decided(WRONG, hints_taken=2).changed
    assert (first.first_at, first.first_score, first.first_hints) == (NOW + MINUTE, 0.0, 2)
    [second] = decided(RIGHT, tries_used=1, score=0.0, first_at=NOW, first_score=0.0, hints_taken=3).changed
    assert (second.first_at, second.first_score, second.first_hints) == (NOW, 0.0, 0)


def test_only_the_place_that_was_answered_changes_in_the_total() -> None:
    attempt = make_attempt()
    places = [make_place(attempt, 1, weight=3.0, score=1.0), make_place(attempt, 2, weight=2.0)]
    decision = decide(make_seat(attempt, *places, at=2), send(RIGHT))
    assert (decision.attempt.score, decision.attempt.max_score) == (5.0, 5.0)
    assert [one.score for one in decision.places] == [1.0, 1.0]
    assert (told(decision).attempt_score, told(decision).attempt_max_score) == (5.0, 5.0)


def test_an_answer_takes_the_draft_of_its_place_away() -> None:
    attempt = make_attempt()
    place = make_place(attempt, draft=RIGHT)
    assert decide(make_seat(attempt, place), send(WRONG)).gone == (place.pk,)


@pytest.mark.parametrize(("said", "kept"), [(None, None), (30.0, 30.0), (600.0, 60.0), (0.0, 0.0)])
def test_time_in_view_is_bounded_by_the_clock(said: float | None, kept: float | None) -> None:
    attempt = make_attempt()
    decision = decide(make_seat(attempt, make_place(attempt)), send(RIGHT, seconds=said))
    assert decision.responses[0].seconds == kept


# Answers that cost no try


def test_an_unreadable_answer_is_recorded_and_costs_nothing() -> None:
    decision = decided(UNREADABLE, exercise=True)
    assert place_state(decision) == (0, None, False)
    assert (decision.changed[0].answers, decision.changed[0].invalid_answers) == (1, 1)
    assert (decision.responses[0].try_number, told(decision).number, told(decision).valid) == (None, 1, False)
    assert [one.valid for one in decision.verdicts] == [False]


def test_many_unreadable_answers_earn_a_pause() -> None:
    [place] = decided(UNREADABLE, exercise=True, invalid_answers=FREE_INVALID - 1).changed
    assert place.paused_until == NOW + MINUTE + PAUSE
    [place] = decided(UNREADABLE, exercise=True, invalid_answers=FREE_INVALID - 2).changed
    assert place.paused_until is None


def test_in_a_pause_an_answer_is_only_kept_as_a_draft() -> None:
    decision = decided(RIGHT, paused_until=NOW + 3 * MINUTE)
    assert isinstance(decision.refusal, TooManyInvalid)
    assert (decision.is_draft, decision.refusal.wait) == (True, 2 * MINUTE)
    assert (decision.responses, decision.changed, decision.attempt.answers) == ((), (), 0)


def test_after_a_pause_answers_count_again() -> None:
    assert place_state(decided(RIGHT, paused_until=NOW + MINUTE)) == (1, 1.0, True)


def test_where_the_grader_fails_the_answer_is_kept_without_a_verdict() -> None:
    attempt = make_attempt()
    decision = decide(make_seat(attempt, broken(make_place(attempt, exercise=True))), send({"a": "6"}))
    [response], [place] = decision.responses, decision.changed
    assert (response.failure, response.announcement, response.try_number) == ("PolicyFault", None, None)
    assert (place.is_pending, place.answers, place.tries_used, place.score) == (True, 1, 0, None)
    assert (decision.verdicts, decision.attempt.answers) == ((), 1)
    assert isinstance(decision.refusal, NotGraded)
    assert decision.refusal.cause == "PolicyFault"


# Answers that come to nothing


def test_there_is_nothing_at_another_position() -> None:
    attempt = make_attempt()
    with pytest.raises(UnknownPosition):
        decide(make_seat(attempt, make_place(attempt), at=2), send(RIGHT))


def test_a_settled_place_takes_no_more() -> None:
    with pytest.raises(PresentationSettled):
        decided(RIGHT, is_settled=True)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"deadline": NOW}, AttemptExpired),
        ({"state": AttemptState.EXPIRED, "finished_at": NOW}, AttemptExpired),
        ({"state": AttemptState.SUBMITTED, "finished_at": NOW}, AttemptClosed),
    ],
)
def test_a_late_answer_is_kept_and_judged_by_nobody(fields: Any, refusal: type[Exception]) -> None:
    attempt = make_attempt(answers=2, **fields)
    decision = decide(make_seat(attempt, make_place(attempt, score=0.5)), send(RIGHT))
    [late] = decision.responses
    assert type(decision.refusal) is refusal
    assert (late.origin, late.sequence, late.announcement, late.try_number) == ("late", 3, None, None)
    assert (decision.verdicts, decision.changed, decision.gone) == ((), (), ())
    assert (decision.attempt.answers, decision.attempt.score) == (3, attempt.score)


def test_a_late_answer_to_a_settled_place_is_not_kept() -> None:
    attempt = make_attempt(deadline=NOW)
    decision = decide(make_seat(attempt, make_place(attempt, is_settled=True)), send(RIGHT))
    assert (decision.responses, decision.attempt.answers) == ((), 0)
    assert isinstance(decision.refusal, AttemptExpired)


def test_an_answer_that_arrives_at_the_deadline_counts() -> None:
    attempt = make_attempt(deadline=NOW + MINUTE)
    assert decide(make_seat(attempt, make_place(attempt)), send(RIGHT)).attempt.score == 1.0


# Verdicts that are withheld


def test_where_verdicts_wait_a_right_answer_closes_nothing_and_costs_nothing() -> None:
    decision = decided(RIGHT, rules=WITHHELD, tries_used=3, score=0.0)
    assert place_state(decision) == (4, 1.0, False)
    assert (told(decision).released, told(decision).tries_left) == (False, None)


def test_where_verdicts_wait_the_last_answer_counts() -> None:
    assert place_state(decided(WRONG, rules=WITHHELD, tries_used=1, score=1.0)) == (2, 0.0, False)


# Several answers in one decision


def test_answers_are_counted_on_from_those_before_them() -> None:
    attempt = make_attempt(answers=1)
    places = [make_place(attempt, n) for n in (1, 2)]
    decision = Decision(attempt, [place_of(one) for one in places])
    for place, entered in zip(places, (RIGHT, WRONG), strict=True):
        decision = answered(decision, place, send(entered))
    assert [one.sequence for one in decision.responses] == [2, 3]
    assert [one.position for one in decision.changed] == [1, 2]
    assert (decision.attempt.score, decision.attempt.answers) == (1.0, 3)
    assert decision.gone == tuple(one.pk for one in places)


# The inputs stay as they were


@pytest.mark.parametrize(
    ("entered", "fields"),
    [
        ({"a": "6"}, {}),
        ({"a": "1"}, {"tries_used": 1, "score": 0.0}),
        (UNREADABLE, {"invalid_answers": FREE_INVALID}),
        ({"a": "6"}, {"paused_until": NOW + 3 * MINUTE}),
        ({"a": "6"}, {"draft": WRONG}),
    ],
)
@pytest.mark.parametrize("is_broken", [False, True])
@pytest.mark.parametrize("deadline", [None, NOW])
def test_what_was_read_is_not_changed(entered: Any, fields: Any, is_broken: bool, deadline: Any) -> None:
    attempt = make_attempt(deadline=deadline)
    place = make_place(attempt, exercise=True, **fields)
    seat = make_seat(attempt, broken(place) if is_broken else place)
    before = columns(attempt), columns(place), list(seat.places)
    decide(seat, send(entered))
    assert (columns(attempt), columns(place), list(seat.places)) == before


def test_going_on_and_ending_change_no_decision_before_them(stairs: str) -> None:
    attempt = make_attempt(mode=stairs)
    place = make_place(attempt, draft=RIGHT)
    first = decide(make_seat(attempt, place), send(RIGHT))
    before = columns(first.attempt), columns(first.responses[0]), list(first.places)
    grown(first, (), NOW)
    ended(first, [place], AttemptState.SUBMITTED, NOW)
    assert (columns(first.attempt), columns(first.responses[0]), list(first.places)) == before
    assert (attempt.answers, attempt.state, place.answers) == (0, "open", 0)


# What the mode makes of it


def test_a_valid_answer_is_told_to_the_mode_as_the_places_stand_after_it(stairs: str) -> None:
    attempt = make_attempt(mode=stairs, posterior=[0.5])
    decision = decide(make_seat(attempt, make_place(attempt)), send(RIGHT))
    assert decision.attempt.posterior == [0.5, 1.0]
    assert (decision.exposed, len(decision.learned)) == ((Exposed(1, 1, 1),), 1)


@pytest.mark.parametrize("is_broken", [False, True])
def test_an_answer_without_a_score_teaches_the_mode_nothing(stairs: str, is_broken: bool) -> None:
    attempt = make_attempt(mode=stairs, posterior=[0.5])
    place = make_place(attempt, exercise=True)
    decision = decide(make_seat(attempt, broken(place) if is_broken else place), send(UNREADABLE))
    assert (decision.attempt.posterior, decision.exposed, decision.learned) == ([0.5], (), ())


def growing(mode: str, entered: Any, *, at: int = 1, places: int = 1, **fields: Any) -> Decision:
    attempt = make_attempt(mode=mode)
    shown = [make_place(attempt, n, **fields if n == at else {}) for n in range(1, places + 1)]
    return decide(make_seat(attempt, *shown, at=at), send(entered))


def test_an_attempt_goes_on_once_its_last_place_is_through(stairs: str) -> None:
    assert has_to_grow(growing(stairs, RIGHT))
    assert not has_to_grow(growing(stairs, WRONG))
    assert has_to_grow(growing(stairs, WRONG, tries_used=1))


def test_an_answer_to_an_earlier_place_does_not_go_on(stairs: str) -> None:
    """Where its grader failed before, the attempt has gone on already."""
    assert not has_to_grow(growing(stairs, RIGHT, at=1, places=2, is_pending=True))
    assert has_to_grow(growing(stairs, RIGHT, at=2, places=2))


def test_an_attempt_that_has_all_its_items_never_goes_on() -> None:
    assert not has_to_grow(decided(RIGHT))


def test_an_attempt_goes_on_past_an_answer_that_waits_for_its_verdict(stairs: str) -> None:
    attempt = make_attempt(mode=stairs)
    decision = decide(make_seat(attempt, broken(make_place(attempt, exercise=True))), send({"a": "6"}))
    assert has_to_grow(decision)
    assert grown(decision, (), NOW).responses[0].announcement is None


def test_the_next_item_is_shown_and_the_answer_says_where(stairs: str) -> None:
    decision = grown(growing(stairs, RIGHT), (), NOW)
    assert [one.position for one in decision.shown] == [2]
    assert (told(decision).next, told(decision).state) == (2, "open")
    assert decision.exposed == (Exposed(1, 1, 1), Exposed(0, given=("item-2",)))


def test_where_no_item_follows_the_attempt_ends_and_the_answer_says_so(stairs: str) -> None:
    decision = grown(growing(stairs, RIGHT, at=3, places=3), (), NOW)
    assert (decision.attempt.state, decision.attempt.stop_reason) == ("submitted", "length")
    assert (decision.attempt.finished_at, decision.shown) == (NOW, ())
    assert (told(decision).next, told(decision).state) == (None, "submitted")


# The end


def ending(*places: dict[str, Any], rules: DeliveryRules = RULES) -> Decision:
    attempt = make_attempt(rules)
    shown = [make_place(attempt, n, **fields) for n, fields in enumerate(places, start=1)]
    begun = Decision(attempt, [place_of(one) for one in shown])
    return ended(begun, shown, AttemptState.SUBMITTED, NOW)


def test_the_end_judges_drafts_in_the_order_of_the_places() -> None:
    decision = ending({"draft": RIGHT}, {}, {"draft": WRONG})
    assert [(one.sequence, one.answer, one.origin, one.after) for one in decision.responses] == [
        (1, RIGHT, "draft", 0),
        (2, WRONG, "draft", 0),
    ]
    assert (decision.attempt.score, decision.attempt.max_score, decision.attempt.answers) == (1.0, 3.0, 2)
    assert (decision.attempt.state, decision.attempt.finished_at) == ("submitted", NOW)
    assert len({one.key for one in decision.responses}) == 2


def test_the_end_leaves_a_draft_that_is_older_than_the_last_answer() -> None:
    assert ending({"draft": RIGHT, "after": 1, "answers": 2}).responses == ()
    assert len(ending({"draft": RIGHT, "after": 2, "answers": 2}).responses) == 1


def test_the_end_leaves_the_draft_of_a_settled_place() -> None:
    decision = ending({"draft": WRONG, "is_settled": True, "score": 1.0})
    assert (decision.responses, decision.attempt.score) == ((), 1.0)


def test_one_grader_that_fails_holds_up_neither_the_other_drafts_nor_the_end() -> None:
    attempt = make_attempt()
    places = [make_place(attempt, n, exercise=True, draft={"a": "6"}) for n in (1, 2, 3)]
    broken(places[1])
    begun = Decision(attempt, [place_of(one) for one in places])
    decision = ended(begun, places, AttemptState.EXPIRED, NOW)
    assert [one.failure for one in decision.responses] == ["", "PolicyFault", ""]
    assert [one.is_pending for one in decision.changed] == [False, True, False]
    assert (decision.attempt.state, decision.attempt.score, decision.refusal) == ("expired", 2.0, None)
    assert len(decision.verdicts) == 2


# Verdicts that were missing


def waiting(
    *scores: float | None, rules: DeliveryRules = RULES, **fields: Any
) -> tuple[Presentation, list[Entry]]:
    """A place with an answer for each score; where it is None the grader had failed, and the answer is right."""
    attempt = make_attempt(rules)
    spent = [one for one in scores if one is not None]
    place = make_place(
        attempt,
        exercise=True,
        answers=len(scores),
        tries_used=len(spent),
        score=spent[-1] if spent else None,
        is_pending=True,
        **fields,
    )
    entries, decision = [], Decision(attempt, [])
    for number, score in enumerate(scores, start=1):
        sent = send({"a": "6" if score is None else "1"}, now=NOW + number * MINUTE)
        decision = answered(decision, broken_copy(place) if score is None else place, sent)
        verdicts = [one for one in decision.verdicts if one.response_id == decision.responses[-1].pk]
        response = decision.responses[-1]
        response.try_number = (
            None if score is None else len([one for one in scores[:number] if one is not None])
        )
        entries.append(Entry(response, verdicts))
    return place, entries


def broken_copy(place: Presentation) -> Presentation:
    other = copy.copy(place)
    other.__dict__.pop("variant", None)
    other.__dict__.pop("graded_by", None)
    other.variant_document = copy.deepcopy(place.variant_document)
    return broken(other)


def judged_then(place: Presentation, entries: Sequence[Entry]) -> Decision:
    begun = Decision(place.attempt, [place_of(place)])
    return judged_late(begun, [(place, entries)], NOW + 9 * MINUTE)


def test_a_verdict_that_was_missing_counts_and_spends_no_try() -> None:
    place, entries = waiting(None)
    decision = judged_then(place, entries)
    assert place_state(decision) == (0, 1.0, False)
    assert decision.changed[0].is_pending is False
    assert [one.created_at for one in decision.verdicts] == [NOW + 9 * MINUTE]
    assert decision.verdicts[0].response_id == entries[0].response.pk


def test_a_verdict_that_was_missing_costs_what_was_spent_before_it_and_no_more() -> None:
    assert judged_then(*waiting(None, 0.0)).changed[0].score == 1.0
    assert judged_then(*waiting(0.0, None)).changed[0].score == 0.75


def test_a_verdict_that_was_missing_does_not_go_before_a_later_answer_that_counts() -> None:
    assert judged_then(*waiting(None, 0.0, rules=WITHHELD)).changed[0].score == 0.0
    assert judged_then(*waiting(0.0, None, rules=WITHHELD)).changed[0].score == 1.0


def test_a_place_waits_until_none_of_its_verdicts_is_missing() -> None:
    place, entries = waiting(None, None)
    entries[1].response.answer = {"a": ["no", "grader"] * 3}
    assert judged_then(place, entries).changed[0].is_pending is False
    assert judged_then(broken_copy(place), entries).changed == ()


def test_a_draft_at_a_place_that_waited_changes_it_once() -> None:
    place, entries = waiting(None, draft={"a": "1"}, after=1)
    decision = judged_then(place, entries)
    decision = ended(decision, [decision.changed[0]], AttemptState.SUBMITTED, NOW)
    assert [one.pk for one in decision.changed] == [place.pk]
    assert place_state(decision) == (1, 1.0, False)


def test_a_mode_that_keeps_a_posterior_takes_in_a_verdict_that_was_missing(stairs: str) -> None:
    place, entries = waiting(None)
    place.attempt.mode = stairs
    assert judged_then(place, entries).attempt.posterior == [1.0]
