"""A mode that the project does not have: two objects in two tables, and everything else serves it."""

import random
from dataclasses import dataclass

import pytest

from assessment.authoring import draft_assessment, publish_assessment
from assessment.delivery.attempts import start_attempt
from assessment.delivery.hints import take_hint
from assessment.delivery.verifying import verify_attempt
from assessment.disclosure.replies import reply
from assessment.errors import BankExhausted, NoHintsLeft
from assessment.models import Presentation
from assessment.modes import MODES
from assessment.modes.base import (
    Begun,
    Grown,
    Mode,
    Rehearsal,
    Result,
    Unfounded,
    final,
    rules_of,
    weighed,
)
from assessment.people.assignments import give_on_usual_terms
from assessment.psychometrics.stopping import Stop
from assessment.rules.definition import ItemRules, ItemSource
from assessment.rules.delivery import Feedback
from assessment.rules.document import RULES, parse_assessment
from content.documents.reader import DefinitionError
from content.items.soundness import sound_variant
from content.models import Item
from tests import sitting
from tests.builders import NOW, make_item, make_learner, who

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class LadderRules(ItemRules):
    """The bank, and how many rungs of it are climbed at most."""

    key = "ladder"
    grows = True
    feedbacks = (Feedback.IMMEDIATE,)

    title = "ladder: from the easiest on, to the first that is not solved"

    bank: str
    rungs: int

    @classmethod
    def part(cls):
        return {"type": "object", "required": ["bank"], "properties": {"bank": {"type": "string"}}}

    @classmethod
    def read(cls, reader):
        entry = reader.mapping("ladder")
        rules = cls(entry.text("bank"), entry.whole("rungs", 10, most=20))
        entry.finish()
        return rules

    def sources(self):
        yield ItemSource("ladder.bank", bank=self.bank)


class Ladder(Mode):
    """Goes through the items of a bank from the easiest on, and ends at the first that was not solved."""

    item_rules = LadderRules
    no_hints = "Nobody holds the ladder."

    def begin(self, attempt, dice):
        self.rehearse(attempt.definition, dice)
        return Begun()

    def next_item(self, attempt, places, retired, now):
        if places and places[-1].credit != 1:
            return Stop("fell")
        given = {place.slug for place in places}
        left = [item for item in self._items(attempt.definition) if item.slug not in given]
        ranked = sorted(left, key=lambda item: item.version.definition.difficulty or 0.0)
        if not ranked:
            return Stop("top")
        rung = len(places) + 1
        return Grown(
            Presentation(
                learner_id=attempt.learner_id,
                attempt=attempt,
                position=rung,
                item_version=ranked[0].version,
                variant_document=sound_variant(ranked[0].version.definition, random.Random(1)).to_json(),
                shown_at=now,
                choice={"reason": f"Rung {rung}."},
            )
        )

    def total(self, attempt, places):
        return weighed(places)

    def result(self, attempt):
        return Result(*final(attempt), None, None, "Rungs climbed.")

    def longest(self, definition):
        return min(self._items(definition).count(), rules_of(definition, LadderRules).rungs)

    def rehearse(self, definition, dice):
        if not self.longest(definition):
            raise BankExhausted
        return Rehearsal()

    def why(self, presentation):
        return presentation.choice["reason"]

    def verify(self, attempt, places, before):
        for place in places:
            if "reason" not in place.choice:
                yield Unfounded(place.position, "choice", None, "a reason")

    def _items(self, definition):
        return Item.objects.asked().filter(bank__slug=rules_of(definition, LadderRules).bank)


@pytest.fixture
def climbing(monkeypatch):
    monkeypatch.setitem(MODES, "ladder", Ladder())
    monkeypatch.setitem(RULES, "ladder", LadderRules)
    for _ in range(2):
        make_item()
    document = {"slug": "up", "title": "Up", "mode": "ladder", "tries": 2, "ladder": {"bank": "bank"}}
    assessment = publish_assessment(version=draft_assessment(document=document, now=NOW), now=NOW).assessment
    give_on_usual_terms(assessment=assessment, usual=assessment.definition.usual, now=NOW)
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


def test_the_document_of_a_fourth_mode_is_read_by_its_rules_alone(climbing):
    assert climbing.definition.item_rules == LadderRules("bank", 10)
    [source] = climbing.version.sources.all()
    assert (source.bank.slug, source.item) == ("bank", None)
    with pytest.raises(DefinitionError) as caught:
        parse_assessment(
            climbing.version.document | {"feedback": "at_end", "ladder": {"rungs": 0}, "sections": []}
        )
    paths = [path for path, _ in caught.value.faults]
    assert paths == ["feedback", "ladder.bank", "ladder.rungs", "sections"]


def test_both_tables_have_the_same_modes():
    assert list(MODES) == list(RULES)
    assert all(mode.item_rules is RULES[name] for name, mode in MODES.items())
