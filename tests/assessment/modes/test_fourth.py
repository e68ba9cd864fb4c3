"""A mode that the project does not have: one object in the table, and everything else serves it."""

import random

import pytest

from assessment.delivery.attempts import start_attempt
from assessment.delivery.hints import take_hint
from assessment.delivery.verifying import verify_attempt
from assessment.disclosure.replies import reply
from assessment.errors import BankExhausted, NoHintsLeft
from assessment.models import Presentation
from assessment.modes import MODES
from assessment.modes.base import Begun, Grown, Mode, Rehearsal, Result, Unfounded, final, weighed
from assessment.psychometrics.stopping import Stop
from content.items.soundness import sound_variant
from content.models import Item
from tests import sitting
from tests.builders import NOW, make_assessment, make_bank, make_item, make_learner, who

pytestmark = pytest.mark.django_db


class Ladder(Mode):
    """Goes through the items of a bank from the easiest on, and ends at the first that was not solved."""

    grows = True
    no_hints = "Nobody holds the ladder."

    def begin(self, attempt, dice):
        self.rehearse(attempt.assessment, dice)
        return Begun()

    def next_item(self, attempt, places, retired, now):
        if places and places[-1].credit != 1:
            return Stop("fell")
        left = self._items(attempt.assessment).exclude(slug__in=[one.slug for one in places])
        ranked = sorted(left, key=lambda item: item.version.definition.difficulty or 0.0)
        if not ranked:
            return Stop("top")
        version, rung = ranked[0].version, len(places) + 1
        return Grown(
            Presentation(
                learner_id=attempt.learner_id,
                attempt=attempt,
                position=rung,
                item_version=version,
                variant_document=sound_variant(version.definition, random.Random(1)).to_json(),
                shown_at=now,
                choice={"reason": f"Rung {rung}."},
            )
        )

    def total(self, attempt, places):
        return weighed(places)

    def result(self, attempt):
        score, most = final(attempt)
        return Result(score, most, None, None, f"{score:g} rungs.")

    def longest(self, assessment):
        return self._items(assessment).count()

    def rehearse(self, assessment, dice):
        if not self.longest(assessment):
            raise BankExhausted
        return Rehearsal()

    def why(self, presentation):
        return presentation.choice["reason"]

    def verify(self, attempt, places, before):
        for place in places:
            if "reason" not in place.choice:
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
    return sitting.answer(attempt, position, {"a": option}, key=None, now=NOW)


def test_a_fourth_mode_is_delivered_scored_and_verified(climbing):
    assert sitting.upcoming(climbing, NOW).position == 1
    assert reply(answer(climbing, 1, "right")).attempt.score == 1.0
    assert sitting.upcoming(climbing, NOW).position == 2
    answer(climbing, 2, "right")
    assert sitting.upcoming(climbing, NOW) is None
    climbing.refresh_from_db()
    assert (climbing.stop_reason, climbing.score, climbing.max_score) == ("top", 2.0, 2.0)
    assert verify_attempt(attempt_id=climbing.pk) == []


def test_a_fourth_mode_ends_an_attempt_for_reasons_of_its_own(climbing):
    sitting.upcoming(climbing, NOW)
    answer(climbing, 1, "wrong")
    answer(climbing, 1, "wrong")
    assert sitting.upcoming(climbing, NOW) is None
    climbing.refresh_from_db()
    assert climbing.stop_reason == "fell"


def test_a_fourth_mode_gives_no_hints_in_its_own_words(climbing):
    sitting.upcoming(climbing, NOW)
    with pytest.raises(NoHintsLeft, match="ladder"):
        take_hint(attempt_id=climbing.pk, user_id=who(climbing).pk, position=1, now=NOW)


def test_what_a_fourth_mode_finds_unfounded_is_reported(climbing):
    sitting.upcoming(climbing, NOW)
    climbing.presentations.update(choice={})
    [found] = [one for one in verify_attempt(attempt_id=climbing.pk) if one.field == "choice"]
    assert (found.position, found.field) == (1, "choice")
    sitting.submit(climbing, NOW)
