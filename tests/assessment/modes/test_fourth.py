"""A mode that the project does not have: one object in the table, and everything else serves it."""

import random

import pytest
from django.db.models import Q

from assessment.delivery.attempts import next_presentation, start_attempt, submit_attempt, submit_response
from assessment.delivery.hints import take_hint
from assessment.delivery.verifying import verify_attempt
from assessment.disclosure.replies import reply
from assessment.errors import BankExhausted, NoHintsLeft
from assessment.models import Presentation
from assessment.modes import MODES
from assessment.modes.base import Mode, Rehearsal, Unfounded, weighted_score
from assessment.psychometrics.stopping import Stop
from content.items.soundness import sound_variant
from content.models import Item
from tests.builders import NOW, make_assessment, make_bank, make_item, make_learner, who

pytestmark = pytest.mark.django_db


class Ladder(Mode):
    """Goes through the items of a bank from the easiest on, and ends at the first that was not solved."""

    grows = True
    no_hints = "Nobody holds the ladder."

    def begin(self, attempt, dice):
        self.rehearse(attempt.assessment, dice)
        attempt.save(force_insert=True)

    def next_item(self, attempt, now):
        shown = attempt.presentations.order_by("position")
        if (last := shown.last()) and last.score != 1:
            return Stop("fell")
        left = self._items(attempt.assessment).exclude(versions__presentations__in=shown)
        ranked = sorted(left, key=lambda item: item.version.definition.difficulty or 0.0)
        if not ranked:
            return Stop("top")
        return Presentation.objects.create(
            learner_id=attempt.learner_id,
            attempt=attempt,
            position=shown.count() + 1,
            item_version=ranked[0].version,
            variant_document=sound_variant(ranked[0].version.definition, random.Random(1)).to_json(),
            shown_at=now,
            choice={"reason": f"Rung {shown.count() + 1}."},
        )

    def fold(self, attempt, until=None):
        return weighted_score(attempt, Q(), until)

    def longest(self, assessment):
        return self._items(assessment).count()

    def rehearse(self, assessment, dice):
        if not self.longest(assessment):
            raise BankExhausted
        return Rehearsal()

    def why(self, presentation):
        return presentation.choice["reason"]

    def verify(self, attempt):
        for place in attempt.presentations.exclude(choice__has_key="reason"):
            yield Unfounded(place.position, "choice", None, "a reason")

    def _items(self, assessment):
        return Item.objects.asked().filter(bank=assessment.bank)


@pytest.fixture
def climbing(monkeypatch):
    monkeypatch.setitem(MODES, "ladder", Ladder())
    bank = make_bank()
    rungs = [make_item(bank=bank) for _ in range(2)]
    assessment = make_assessment(*rungs, bank=bank, mode="ladder")
    return start_attempt(user=make_learner(), assessment=assessment, now=NOW, dice=random.Random(1))[0]


def answer(attempt, position, option):
    return submit_response(
        attempt_id=attempt.pk,
        user=who(attempt),
        position=position,
        answer={"a": option},
        key=None,
        now=NOW,
    )


def test_a_fourth_mode_is_delivered_scored_and_verified(climbing):
    assert next_presentation(attempt=climbing, now=NOW).position == 1
    assert reply(answer(climbing, 1, "right")).attempt.score == 1.0
    assert next_presentation(attempt=climbing, now=NOW).position == 2
    answer(climbing, 2, "right")
    assert next_presentation(attempt=climbing, now=NOW) is None
    climbing.refresh_from_db()
    assert (climbing.stop_reason, climbing.score, climbing.max_score) == ("top", 2.0, 2.0)
    assert verify_attempt(attempt_id=climbing.pk) == []


def test_a_fourth_mode_ends_an_attempt_for_reasons_of_its_own(climbing):
    next_presentation(attempt=climbing, now=NOW)
    answer(climbing, 1, "wrong")
    answer(climbing, 1, "wrong")
    assert next_presentation(attempt=climbing, now=NOW) is None
    climbing.refresh_from_db()
    assert climbing.stop_reason == "fell"


def test_a_fourth_mode_gives_no_hints_in_its_own_words(climbing):
    next_presentation(attempt=climbing, now=NOW)
    with pytest.raises(NoHintsLeft, match="ladder"):
        take_hint(attempt_id=climbing.pk, user=who(climbing), position=1, now=NOW)


def test_what_a_fourth_mode_finds_unfounded_is_reported(climbing):
    next_presentation(attempt=climbing, now=NOW)
    climbing.presentations.update(choice={})
    [found] = verify_attempt(attempt_id=climbing.pk)
    assert (found.position, found.field) == (1, "choice")
    submit_attempt(attempt_id=climbing.pk, user=who(climbing), now=NOW)
