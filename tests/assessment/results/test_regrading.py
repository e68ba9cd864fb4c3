"""Regrading from its proposal to its end: progress, interruption, and what holds where several corrections meet."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from assessment.delivery.verifying import verify_attempt
from assessment.errors import CorrectionRefused
from assessment.models import Attempt, Correction, CorrectionEffect, CorrectionRun, Verdict
from assessment.models.corrections import ActionKind
from assessment.models.regrading import RunKind
from assessment.recording import correcting
from assessment.recording.correcting import Watch, apply_correction
from assessment.recording.overruling import act
from assessment.results import regrading
from content.items.accepting import Accepted
from content.models import Item
from tests import sitting
from tests.assessment.recording.test_correcting import OTHER, mended, with_key
from tests.builders import (
    NOW,
    assignment_of,
    choice_document,
    enrol,
    exercise_document,
    make_assessment,
    make_course,
    make_item,
    make_learner,
)
from tests.launching import make_link

LATER = NOW + timedelta(hours=1)


def proposed(item: Item, kind: str = "key", **fields: Any) -> Correction:
    """A correction by which ``other`` is right, or of another kind."""
    if kind == "key" and not item.versions.filter(number=2).exists():
        mended(item, with_key(item.slug, "other"))
    wanted = regrading.Proposal(item=item, kind=kind, reason="The key was wrong.", **fields)
    return regrading.propose(wanted, LATER)


def sat(item: Item, count: int, *more: Item) -> list[Attempt]:
    """Finished attempts that said ``other`` everywhere."""
    assessment = make_assessment(item, *more, tries=1)
    attempts = []
    for _ in range(count):
        attempt, _ = sitting.start(assessment)
        for number in range(1, 2 + len(more)):
            sitting.answer(attempt, number, OTHER)
        attempts.append(sitting.submit(attempt))
    return attempts


def run(correction: Correction, kind: RunKind = RunKind.APPLY, **options: Any) -> CorrectionRun:
    asked = regrading.ask(correction=correction, kind=kind, by=None, now=LATER)
    regrading.carry_out(asked, LATER, **options)
    return asked


def shares(attempts: list[Attempt]) -> list[float]:
    for one in attempts:
        one.refresh_from_db()
        assert verify_attempt(attempt_id=one.pk, exact=True) == []
    return [one.score / one.max_score for one in attempts]


pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> Item:
    return make_item(choice_document("pick"))


@pytest.fixture
def _two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correcting, "AT_ONCE", 2)


@pytest.mark.usefixtures("_two_at_once")
def test_a_run_says_how_far_it_is(item: Item) -> None:
    sat(item, 5)
    told: list[tuple[int, int]] = []
    done = run(proposed(item), told=lambda *far: told.append(far))
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert (done.done, done.total, done.failure) == (5, 5, "")
    assert done.finished_at is not None


@pytest.mark.usefixtures("_two_at_once")
@pytest.mark.parametrize("kind", RunKind)
def test_what_time_has_cut_short_is_gone_on_with(item: Item, kind: RunKind) -> None:
    sat(item, 5)
    correction = proposed(item)
    asked = regrading.ask(correction=correction, kind=kind, by=None, now=LATER)
    turns = 0
    while not regrading.carry_out(asked, LATER, seconds=0.0, told=lambda *_: None):
        turns += 1
        if turns > 3:
            break
        verb = correcting.apply_correction if kind == RunKind.APPLY else correcting.preview_correction
        verb(correction_id=correction.pk, now=LATER, watch=once())
    regrading.carry_out(asked, LATER)
    assert correction.effects.count() == 5
    assert regrading.summary(correction).changed == 5


def once() -> Watch:
    """Leave after one batch."""
    seen: list[int] = []
    return Watch(seen.append, lambda: bool(seen))


def test_whoever_asks_twice_asks_once(item: Item) -> None:
    sat(item, 1)
    correction = proposed(item)
    one, other = (
        regrading.ask(correction=correction, kind=RunKind.PREVIEW, by=None, now=LATER) for _ in range(2)
    )
    assert one == other


def test_what_refuses_a_run_is_kept_with_it(item: Item) -> None:
    sat(item, 1)
    first, second = proposed(item), proposed(item, "full_credit")
    run(first)
    back = regrading.take_back(correction=first, author=None, reason="No.", now=LATER)
    run(second)
    with pytest.raises(CorrectionRefused, match="later correction"):
        run(back)
    assert "later correction" in back.runs.get().failure
    back.refresh_from_db()
    assert back.applied_at is None


def test_what_is_in_force_has_no_preview(item: Item) -> None:
    sat(item, 1)
    correction = proposed(item)
    run(correction)
    with pytest.raises(CorrectionRefused, match="applied already"):
        run(correction, RunKind.PREVIEW)


def test_a_summary_tells_who_passes_and_what_was_told_right(item: Item) -> None:
    sat(item, 2)
    right, _ = sitting.start(make_assessment(item, tries=1))
    sitting.answer(right, 1, sitting.RIGHT)
    sitting.submit(right)
    correction = proposed(item)
    run(correction, RunKind.PREVIEW)
    found = regrading.summary(correction)
    assert (found.attempts, found.changed, found.better, found.worse, found.learners) == (3, 2, 2, 0, 2)
    assert (found.now_pass, found.no_longer_pass, found.told_right, found.is_applied) == (2, 0, 1, False)
    exact = proposed(item, exact=True)
    run(exact, RunKind.PREVIEW)
    found = regrading.summary(exact)
    assert (found.worse, found.no_longer_pass, found.told_right) == (1, 1, 1)


def test_an_attempt_that_was_spared_is_spared_by_later_corrections_too(item: Item) -> None:
    """It would have lost by the first one: another correction brings nothing of that back in."""
    second = make_item(choice_document("second"))
    [attempt] = sat(item, 1, second)
    run(proposed(second))  # 1 of 2
    assert shares([attempt]) == [0.5]
    spared = proposed(second, "drop", keep_if_better=True)
    run(spared)
    assert spared.effects.get().kept
    run(proposed(item, "full_credit"))
    assert shares([attempt]) == [1.0]
    assert not attempt.presentations.get(position=2).is_dropped
    act(attempt_id=attempt.pk, kind=ActionKind.REOPEN, reason="Go on.", author=make_learner(), now=LATER)
    sitting.submit(attempt, LATER)
    assert shares([attempt]) == [1.0]


def test_a_place_that_nobody_answered_learns_at_the_end_of_an_earlier_correction(item: Item) -> None:
    other = make_item(choice_document("second"))
    sat(item, 1)
    run(proposed(item, "drop"))
    attempt, _ = sitting.start(make_assessment(item, other, tries=1))
    sitting.answer(attempt, 2, sitting.RIGHT)
    sitting.submit(attempt)
    assert shares([attempt]) == [1.0]
    assert attempt.presentations.get(position=1).is_dropped


def test_an_answer_can_be_accepted_besides_the_key(item: Item) -> None:
    attempts = sat(item, 2)
    wrong, _ = sitting.start(make_assessment(item, tries=1))
    sitting.answer(wrong, 1, sitting.WRONG)
    sitting.submit(wrong)
    accepted = proposed(item, "accept", accepted=Accepted("a", ["other"], credit=0.5))
    run(accepted)
    assert shares([*attempts, wrong]) == [0.5, 0.5, 0.0]
    verdict = Verdict.objects.current().filter(response__attempt=attempts[0]).get()
    assert "accepts this answer too" in verdict.document["interactions"]["a"]["rule"]
    run(proposed(item, "accept", accepted=Accepted("a", misconception="forgot-the-two")))
    assert shares([*attempts, wrong]) == [0.5, 0.5, 1.0]
    assert sitting.answer(sitting.start(make_assessment(item))[0], 1, OTHER).verdict.score == 0.5


def test_what_a_mended_key_and_an_accepted_answer_say_holds_together() -> None:
    item = make_item(exercise_document())
    attempt, _ = sitting.start(make_assessment(item, tries=1))
    x = attempt.presentations.get().variant.values["x"]
    sitting.answer(attempt, 1, {"a": repr(4 * x)})
    sitting.submit(attempt)
    mended(item, exercise_document(steps={"twice": "3*x"}, check={"twice": "x + x + x"}))
    keyed = proposed(item, "policy")
    run(keyed)
    run(proposed(item, "accept", accepted=Accepted("a", 4 * x)))
    assert shares([attempt]) == [1.0]
    assert attempt.presentations.get().correction == keyed


def test_undoing_restores_the_very_verdict_whatever_graders_say_by_then(
    item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    [attempt] = sat(item, 1)
    correction = proposed(item)
    run(correction)
    back = regrading.take_back(correction=correction, author=None, reason="No.", now=LATER)
    monkeypatch.setattr("assessment.recording.rejudging.judged", lambda *_: pytest.fail("judged again"))
    run(back)
    first, _, last = Verdict.objects.order_by("number")
    assert (last.document, last.judged_by, last.score) == (first.document, first.judged_by, first.score)
    assert shares([attempt]) == [0.0]


def test_what_was_answered_under_a_correction_is_judged_as_shown_when_it_is_undone(item: Item) -> None:
    sat(item, 1)
    correction = proposed(item)
    run(correction)
    attempt, _ = sitting.start(make_assessment(item, tries=1))
    attempt.presentations.update(item_version=item.versions.get(number=1))
    sitting.answer(attempt, 1, sitting.RIGHT)
    sitting.submit(attempt)
    assert shares([attempt]) == [0.0]
    run(regrading.take_back(correction=correction, author=None, reason="No.", now=LATER))
    assert shares([attempt]) == [1.0]


def test_taking_back_needs_a_reason_and_is_asked_for_once(item: Item) -> None:
    sat(item, 1)
    correction = proposed(item)
    run(correction)
    with pytest.raises(CorrectionRefused, match="why"):
        regrading.take_back(correction=correction, author=None, reason=" ", now=LATER)
    one, other = (
        regrading.take_back(correction=correction, author=None, reason="No.", now=LATER) for _ in range(2)
    )
    assert one == other


def test_the_number_of_statements_does_not_grow_with_the_attempts(
    item: Item, django_assert_max_num_queries: Any
) -> None:
    sat(item, 12)
    correction = proposed(item)
    asked = regrading.ask(correction=correction, kind=RunKind.APPLY, by=None, now=LATER)
    with django_assert_max_num_queries(40):
        regrading.carry_out(asked, LATER)
    assert correction.effects.count() == 12


def kill_after(batches: int, correction: Correction) -> None:
    """Apply a correction in a process that is killed from outside, as it were, between two batches."""
    pid = os.fork()
    if pid == 0:
        # The connection of the parent is kept as it is: closing it would end the parent's session.
        connection.ensure_connection()
        theirs, connection.connection = connection.connection, None
        seen: list[int] = []

        def progress(done: int) -> None:
            seen.append(done)
            if len(seen) == batches:
                os.kill(os.getpid(), signal.SIGKILL)

        apply_correction(correction_id=correction.pk, now=LATER, watch=Watch(progress))
        os._exit(0 if theirs else 1)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_two_at_once")
def test_a_killed_application_loses_nothing_and_is_gone_on_with() -> None:
    item = make_item(choice_document("pick"))
    attempts = sat(item, 7)
    correction = proposed(item)
    for batches in (1, 2):
        kill_after(batches, correction)
        for attempt in attempts:
            assert verify_attempt(attempt_id=attempt.pk, exact=True) == []
    assert CorrectionEffect.objects.filter(applied_at__isnull=False).count() == 6
    run(correction)
    assert shares(attempts) == [1.0] * 7
    assert Verdict.objects.count() == 14
    run(regrading.take_back(correction=correction, author=None, reason="No.", now=LATER))
    assert shares(attempts) == [0.0] * 7


def test_grades_are_counted_that_other_systems_are_told_anew(item: Item) -> None:
    """Of somebody with two attempts only the better one counts; where nothing is linked nothing is told."""
    course = make_course()
    given = make_assessment(item, tries=1, course=course)
    learners = [make_learner(name) for name in ("ann", "bob")]
    for one in learners:
        enrol(one, course)
        sitting.answer(attempt := sitting.start(given, one)[0], 1, OTHER)
        sitting.submit(attempt)
    sitting.answer(right := sitting.start(given, learners[1])[0], 1, sitting.RIGHT)
    sitting.submit(right)
    correction = proposed(item)
    run(correction, RunKind.PREVIEW)
    assert regrading.summary(correction).grades == 0
    make_link(assignment_of(given))
    found = regrading.summary(correction)
    assert (found.changed, found.grades) == (2, 1)
    run(correction)
    assert regrading.summary(correction).grades == 1
