"""Made-up learners who answer through the same verbs as everybody: for the demo, where no screen may be empty."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from assessment.delivery.attempts import next_presentation, start_attempt, submit_attempt
from assessment.delivery.practice import check_practice, start_practice
from assessment.delivery.responses import submit_response
from assessment.errors import AttemptExpired
from assessment.models import Assignment, Attempt, Presentation, User
from assessment.recording.deciding import Answer, Submission
from content.items.interactions import Interaction, Record
from content.models import Item
from content.models.versions import new_id

SECOND_THOUGHTS: Final = 1.0
"""How much a learner gains in logits from having been told that a try was wrong."""
UNREADABLE: Final = 0.03
"""Share of numbers that are typed in a way that cannot be read."""


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up learner. ``ability`` is in logits, ``pace`` the time that one answer takes."""

    user: User
    ability: float
    pace: timedelta
    dice: random.Random

    def knows(self, presentation: Presentation) -> bool:
        """Decide by the Rasch model whether this try is right."""
        difficulty = presentation.item_version.definition.difficulty or 0.0
        logit = self.ability - difficulty + SECOND_THOUGHTS * presentation.tries_used
        return self.dice.random() < 1 / (1 + math.exp(-logit))

    def answer(self, presentation: Presentation) -> Answer:
        """Return a right answer, or the one that a misconception leads to."""
        knows = self.knows(presentation)
        records = presentation.variant.interactions
        return {
            identifier: self._entered(interaction, records[identifier], knows=knows)
            for identifier, interaction in presentation.item_version.definition.interactions.items()
        }

    def _entered(self, interaction: Interaction, record: Record, *, knows: bool) -> Any:
        samples = interaction.samples(record)
        if interaction.kind == "numeric" and self.dice.random() < UNREADABLE:
            return "about a half"
        mistaken = [
            interaction.samples({**record, "key": key}).right[0]
            for key in record.get("misconceptions", {}).values()
        ]
        wrong = mistaken or list(samples.wrong)
        entered = self.dice.choice(wrong) if wrong and not knows else samples.right[0]
        return _as_typed(entered) if interaction.kind in ("numeric", "matrix") else entered


def sit(person: Person, assignment: Assignment, now: datetime, *, until: datetime) -> Attempt:
    """Take what is assigned from ``now`` on and hand it in; what is not done by ``until`` stays open."""
    attempt = start_attempt(
        user=person.user,
        assessment=assignment.assessment,
        assignment=assignment,
        now=now,
        dice=person.dice,
    ).attempt
    try:
        while (now := now + person.pace * person.dice.uniform(0.5, 1.5)) < until:
            presentation = next_presentation(attempt_id=attempt.pk, user_id=person.user.pk, now=now)
            if presentation is None:
                return submit_attempt(attempt_id=attempt.pk, user_id=person.user.pk, now=now)
            _submit(person, attempt, presentation, now)
    except AttemptExpired:
        attempt = submit_attempt(attempt_id=attempt.pk, user_id=person.user.pk, now=now)
    return attempt


def practice(person: Person, item: Item, now: datetime) -> None:
    """Check an answer to one variant of an exercise, and another one if the first was wrong."""
    presentation = start_practice(user=person.user, item=item, now=now, dice=person.dice)
    for _ in range(2):
        now += person.pace
        checked = check_practice(
            presentation_id=presentation.pk,
            user=person.user,
            sent=Submission(person.answer(presentation), new_id(), now),
        )
        presentation = checked.presentation
        if checked.verdict.score >= 1:
            return


def _submit(person: Person, attempt: Attempt, presentation: Presentation, now: datetime) -> None:
    submit_response(
        attempt_id=attempt.pk,
        user_id=person.user.pk,
        position=presentation.position or 0,
        sent=Submission(person.answer(presentation), new_id(), now),
    )


def _as_typed(entered: Any) -> Any:
    """Write numbers with six digits, as a person would; the parts of a vector one by one."""
    return [_as_typed(part) for part in entered] if isinstance(entered, list) else f"{float(entered):.6g}"
