"""What people say of grades: whole, the latest holds, and never without a reason."""

from __future__ import annotations

from typing import Any

import pytest

from assessment.errors import GradeRefused
from assessment.grades.noting import LONGEST, latest_note
from assessment.models import GradeNote, UserLearner
from assessment.models.people import Way
from tests.builders import learner_of, make_learner
from tests.grading import Class

pytestmark = pytest.mark.django_db


def test_the_latest_note_holds_whole() -> None:
    group = Class()
    given, lea = group.assign(), group.learner()
    group.note(given, lea, score=0.5, reason="On paper.", comment="Good.")
    group.note(given, lea, comment="Better.")
    latest = latest_note(given, lea)
    assert latest
    assert (latest.score, latest.comment, latest.author) == (None, "Better.", group.teacher)
    assert GradeNote.objects.count() == 2


def test_the_same_said_twice_is_one_note() -> None:
    group = Class()
    given, lea = group.assign(), group.learner()
    first = group.note(given, lea, score=0.5, reason="On paper. ")
    assert group.note(given, lea, score=0.5, reason="On paper.") == first


def test_a_note_is_written_for_the_own_learner_and_read_of_all() -> None:
    group = Class()
    given, lea, guest = group.assign(), group.learner(), group.learner()
    old = group.note(given, guest, comment="Before.")
    UserLearner.objects.create(user=lea, learner=learner_of(guest), kind=Way.GUEST)
    assert latest_note(given, lea) == old
    assert group.note(given, lea, comment="Now.").learner == learner_of(lea)


@pytest.mark.parametrize(
    "said",
    [
        {"score": 1.01, "reason": "Why not"},
        {"score": -0.01, "reason": "Why not"},
        {"score": float("nan"), "reason": "Why not"},
        {"score": 0.5, "reason": " "},
        {"is_excused": True},
        {"score": 0.5, "is_excused": True, "reason": "Both"},
        {"comment": "x" * (LONGEST + 1)},
    ],
)
def test_what_makes_no_sense_is_refused(said: dict[str, Any]) -> None:
    group = Class()
    with pytest.raises(GradeRefused):
        group.note(group.assign(), group.learner(), **said)
    assert not GradeNote.objects.exists()


def test_who_is_not_in_the_course_gets_no_grade() -> None:
    group = Class()
    with pytest.raises(GradeRefused):
        group.note(group.assign(), make_learner(), score=0.5, reason="On paper.")
