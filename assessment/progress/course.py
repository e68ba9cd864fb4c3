"""What the learners of a course know, skill by skill: for those who teach it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.knowledge.mastery import LEVEL_WORDS, Mastery, MasteryLevel, mastery_level
from assessment.knowledge.tracing import History, trace_histories
from assessment.models import Course, User
from assessment.progress.evidence import answers_of_people, mastery_parameters
from content.models import Skill


@dataclass(frozen=True, slots=True)
class Known:
    """What one learner knows of one skill."""

    mastery: Mastery
    level: MasteryLevel

    @property
    def words(self) -> str:
        return LEVEL_WORDS[self.level]


@dataclass(frozen=True, slots=True)
class LearnerMastery:
    """One learner's row: one entry for each skill of the table."""

    learner: User
    known: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class CourseMastery:
    skills: tuple[Skill, ...]
    learners: tuple[LearnerMastery, ...]


def course_mastery(*, course: Course, learners: Sequence[User], now: datetime) -> CourseMastery:
    """Return the mastery of some learners in the skills of a course's lessons.

    All first answers count, those whose verdicts the learner has not seen yet as well.
    """
    skills = list(Skill.objects.filter(lessons__courses=course).distinct().order_by("pk"))
    ids = [skill.pk for skill in skills]
    answered = answers_of_people([learner.pk for learner in learners], about=ids)
    parameters = mastery_parameters(ids)
    traced = iter(
        trace_histories(
            [
                History(answered[learner.pk].get(skill, ()), now, parameters[skill])
                for learner in learners
                for skill in ids
            ]
        )
    )
    rows = [LearnerMastery(learner, tuple(_known(next(traced)) for _ in ids)) for learner in learners]
    return CourseMastery(tuple(skills), tuple(rows))


def _known(mastery: Mastery) -> Known:
    return Known(mastery, mastery_level(mastery))
