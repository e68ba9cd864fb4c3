"""Which attempts count in statistics, and what was shown and answered in them, as columns of numbers.

Finished attempts count that are neither void nor wait for a verdict, of learners alone: who teaches a course or tests
for it, and staff where something is given to everybody, are left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from assessment.models import Assessment, Attempt, Course, Enrolment, Presentation, UserLearner
from assessment.models.attempts import AttemptState
from assessment.models.people import Role
from assessment.models.statements import all_rows, statements
from assessment.modes import MODES
from assessment.psychometrics.estimation import expected
from assessment.psychometrics.irt import Bools, Floats, Integers
from assessment.scoring.tries import RIGHT
from content.models import ItemBank, ItemVersion

QUERIES: Final[Mapping[str, str]] = statements(Path(__file__).with_suffix(".sql"))
STRIDE: Final = 100_000
"""More places than any attempt has."""
MOST: Final = 20_000
"""The latest attempts are counted, up to this number: more would tell no more, and a page must come back."""
LONGEST: Final = 500
"""Characters of an answer by which it is told from others."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one item version, in the order of their keys; NaN where there is nothing.

    ``score`` is the fraction that counts, ``first`` that of the first try.
    """

    key: Integers
    score: Floats
    first: Floats
    weight: Floats
    seconds: Floats

    @property
    def attempt(self) -> Integers:
        numbers: Integers = self.key // STRIDE - 1
        return numbers

    def where(self, kept: Bools) -> Places:
        return Places(*(getattr(self, name)[kept] for name in ("key", "score", "first", "weight", "seconds")))

    def at(self, keys: Integers) -> Integers:
        """Return where some keys stand, those that are here."""
        where = np.searchsorted(self.key, keys)
        here = np.append(self.key, -1)[where] == keys
        found: Integers = where[here].astype(np.int64)
        return found


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to one interaction, and the places where it was given. ``parsed`` is as read, in JSON."""

    interaction: str
    misconception: str | None
    score: float
    parsed: str | None
    is_first: bool
    keys: Integers

    @property
    def is_right(self) -> bool:
        return self.score >= RIGHT

    @property
    def value(self) -> Any:
        """The answer as read; of one that is too long to be told, its beginning as it is stored."""
        if self.parsed is None or not self.is_whole:
            return self.parsed
        return json.loads(self.parsed)

    @property
    def is_whole(self) -> bool:
        return self.parsed is None or len(self.parsed) < LONGEST


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of the attempts that count. ``theta`` is NaN but in adaptive ones; ``totals``: it adds up."""

    attempts: tuple[UUID, ...]
    persons: tuple[UUID, ...]
    is_first: Bools
    totals: Bools
    theta: Floats
    theta_error: Floats
    places: Mapping[UUID, Places]
    answers: Mapping[UUID, Sequence[Given]]
    values: Mapping[tuple[UUID, str], tuple[Integers, Floats]]

    def firsts(self) -> Counted:
        """Return the first attempt of each person."""
        kept = self.is_first
        return Counted(
            attempts=self.attempts,
            persons=self.persons,
            is_first=kept,
            totals=self.totals & kept,
            theta=np.where(kept, self.theta, np.nan),
            theta_error=self.theta_error,
            places={version: one.where(kept[one.attempt]) for version, one in self.places.items()},
            answers={
                version: [kept_given for one in given if len((kept_given := _among(one, kept)).keys)]
                for version, given in self.answers.items()
            },
            values={
                name: (keys[kept[keys // STRIDE - 1]], drawn[kept[keys // STRIDE - 1]])
                for name, (keys, drawn) in self.values.items()
            },
        )


def counted_attempts() -> QuerySet[Attempt]:
    """Return the attempts that count in statistics, of whatever assessment."""
    people = UserLearner.objects.filter(learner=OuterRef("learner"))
    teaching = Enrolment.objects.filter(
        user__links__learner=OuterRef("learner"),
        course=OuterRef("assignment__course"),
        role__in=[Role.INSTRUCTOR, Role.TESTER],
    )
    staff = Q(Exists(people.filter(user__is_staff=True)), assignment__course__isnull=True)
    waiting = Presentation.objects.filter(attempt=OuterRef("pk"), is_pending=True)
    finished = Attempt.objects.exclude(state=AttemptState.OPEN).filter(is_void=False)
    return finished.exclude(Exists(teaching)).exclude(staff).exclude(Exists(waiting))


def count_assessment(assessment: Assessment, course: Course | None) -> Counted:
    """Return what is known of an assessment, in its present mode: in one course, or everywhere."""
    attempts = counted_attempts().filter(assignment__assessment=assessment, mode=assessment.mode)
    return _count(attempts.filter(assignment__course=course) if course else attempts, None)


def count_bank(bank: ItemBank) -> Counted:
    """Return what is known of the items of a bank, over all assessments that have shown them."""
    shown = Presentation.objects.filter(attempt=OuterRef("pk"), item_version__item__bank=bank)
    versions = ItemVersion.objects.filter(item__bank=bank).values_list("pk", flat=True)
    return _count(counted_attempts().filter(Exists(shown)), frozenset(versions))


def skills_practiced(attempts: Sequence[UUID]) -> Sequence[Sequence[Any]]:
    """Return by skill: places, answers, mean of first tries, attempts."""
    return all_rows(QUERIES["skills"], {"attempts": list(attempts)})


def _count(found: QuerySet[Attempt], only: Collection[UUID] | None) -> Counted:
    """Read the attempts and what belongs to them; answers and draws of ``only`` some versions. Four statements."""
    people = UserLearner.objects.filter(learner=OuterRef("learner")).order_by("pk")
    person = Coalesce(Subquery(people.values("user")[:1]), "learner_id", output_field=UUIDField())
    latest = found.annotate(person=person).order_by("-started_at", "-pk")
    rows = list(latest.values_list("pk", "person", "mode", "posterior")[:MOST])[::-1]
    attempts = [row[0] for row in rows]
    places = _places(attempts)
    versions = {
        version: one.definition
        for version, one in ItemVersion.objects.in_bulk(list(_among_only(places, only))).items()
    }
    theta, error = _abilities([row[3] for row in rows])
    return Counted(
        attempts=tuple(attempts),
        persons=tuple(row[1] for row in rows),
        is_first=_firsts([row[1] for row in rows]),
        totals=np.array([MODES[row[2]].adds_up for row in rows], dtype=np.bool_),
        theta=theta,
        theta_error=error,
        places=places,
        answers=_answers(attempts, versions),
        values=_values(attempts, versions),
    )


def _among_only(places: Iterable[UUID], only: Collection[UUID] | None) -> Iterable[UUID]:
    return (version for version in places if only is None or version in only)


def _firsts(persons: Sequence[UUID]) -> Bools:
    """Return which of the attempts, in the order of time, are the first of their persons."""
    first: dict[UUID, int] = {}
    return np.array([first.setdefault(one, n) == n for n, one in enumerate(persons)], dtype=np.bool_)


def _abilities(posteriors: Sequence[Sequence[float] | None]) -> tuple[Floats, Floats]:
    theta, error = np.full(len(posteriors), np.nan), np.full(len(posteriors), np.nan)
    known = [place for place, one in enumerate(posteriors) if one is not None]
    if known:
        estimate = expected(np.array([posteriors[place] for place in known], dtype=np.float64))
        theta[known], error[known] = estimate.theta, estimate.standard_error
    return theta, error


def _places(attempts: Sequence[UUID]) -> dict[UUID, Places]:
    rows = all_rows(QUERIES["places"], {"attempts": list(attempts), "stride": STRIDE})
    return {
        version: Places(np.array(key, dtype=np.int64), *(np.array(one, dtype=np.float64) for one in columns))
        for version, key, *columns in rows
    }


def _answers(attempts: Sequence[UUID], versions: Mapping[UUID, Any]) -> dict[UUID, list[Given]]:
    asked = {
        "attempts": list(attempts),
        "versions": list(versions),
        "exercises": [version for version, one in versions.items() if one.is_exercise],
        "stride": STRIDE,
        "right": RIGHT,
        "longest": LONGEST,
    }
    rows: dict[tuple[UUID, str], list[Sequence[Any]]] = defaultdict(list)
    for version, interaction, *row in all_rows(QUERIES["answers"], asked):
        rows[version, interaction].append(row)
    found: dict[UUID, list[Given]] = {version: [] for version in versions}
    for (version, interaction), answers in rows.items():
        found[version] += _given(interaction, answers)
    return found


def _given(interaction: str, answers: Sequence[Sequence[Any]]) -> Iterator[Given]:
    """Yield each answer to an interaction, that which came first at its place apart from later ones."""
    keys = [np.array(row[-2], dtype=np.int64) for row in answers]
    every, order = np.concatenate(keys), np.concatenate([row[-1] for row in answers])
    _, first = np.unique(every[by_place := np.lexsort((order, every))], return_index=True)
    is_first = np.zeros(len(every), dtype=np.bool_)
    is_first[by_place[first]] = True
    parts = np.split(is_first, np.cumsum([len(one) for one in keys])[:-1])
    for (misconception, score, parsed, *_), own, came_first in zip(answers, keys, parts, strict=True):
        for wanted in (True, False):
            if (came_first == wanted).any():
                yield Given(interaction, misconception, score, parsed, wanted, own[came_first == wanted])


def _values(
    attempts: Sequence[UUID], versions: Mapping[UUID, Any]
) -> dict[tuple[UUID, str], tuple[Integers, Floats]]:
    wanted = [(version, name) for version, one in versions.items() for name in one.parameters]
    if not wanted:
        return {}
    asked = {
        "attempts": list(attempts),
        "versions": [version for version, _ in wanted],
        "names": [name for _, name in wanted],
        "stride": STRIDE,
    }
    rows = all_rows(QUERIES["values"], asked)
    return {
        (version, name): (np.array(keys, dtype=np.int64), np.array(drawn, dtype=np.float64))
        for version, name, keys, drawn in rows
    }


def _among(given: Given, kept: Bools) -> Given:
    inside = kept[given.keys // STRIDE - 1]
    return Given(
        given.interaction, given.misconception, given.score, given.parsed, given.is_first, given.keys[inside]
    )
