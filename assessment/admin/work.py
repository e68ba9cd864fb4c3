"""The work of one learner at one assessment of a course: attempts, grade, what people did, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone

from assessment.admin.grade_forms import GradeForm, ReasonForm, ReopenForm, ScoreForm, UntilForm, said_before
from assessment.errors import DeliveryError
from assessment.grades.noting import latest_note, note_grade
from assessment.grades.outcomes import Outcome
from assessment.models import (
    Accommodation,
    Assignment,
    Attempt,
    AttemptAction,
    Course,
    Enrolment,
    GradeNote,
    Override,
    User,
)
from assessment.models.attempts import AttemptState
from assessment.models.corrections import ActionKind
from assessment.models.people import Role
from assessment.recording.overruling import act, override_score
from assessment.results.gradebook import Column, cell_of, columns_of


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done with an attempt, where ``shown`` says so, and how it is told when it is done."""

    name: str
    label: str
    done: str
    form: type[ReasonForm]
    shown: Callable[[Attempt], bool]


DEEDS: Final[Mapping[str, Deed]] = {
    one.name: one
    for one in (
        Deed(
            ActionKind.EXTEND,
            "Give more time",
            "This attempt has more time.",
            UntilForm,
            lambda one: (
                not one.is_void
                and one.deadline is not None
                and one.state in (AttemptState.OPEN, AttemptState.EXPIRED)
            ),
        ),
        Deed(
            ActionKind.REOPEN,
            "Reopen",
            "This attempt is open again.",
            ReopenForm,
            lambda one: not one.is_void and one.state != AttemptState.OPEN,
        ),
        Deed(
            "score",
            "Score a place by hand",
            "The score is changed.",
            ScoreForm,
            lambda one: not one.is_void,
        ),
        Deed(
            ActionKind.ALLOW_ANOTHER,
            "Allow another attempt",
            "Another attempt may be begun.",
            ReasonForm,
            lambda one: not one.is_void,
        ),
        Deed(
            ActionKind.VOID,
            "Void",
            "This attempt counts for nothing.",
            ReasonForm,
            lambda one: not one.is_void,
        ),
        Deed(
            ActionKind.RESTORE,
            "Let it count again",
            "This attempt counts again.",
            ReasonForm,
            lambda one: one.is_void,
        ),
    )
}
"""What can be done with an attempt, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did about a grade or an attempt."""

    at: datetime
    author: User | None
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A form of something that can be done with an attempt; open where it was refused."""

    deed: Deed
    form: forms.Form


class Work:
    """One learner at one assessment of a course. ``do`` keeps a form that was refused, to be shown with faults."""

    def __init__(self, course: Course, enrolment: Enrolment, column: Column, now: datetime) -> None:
        self.course, self.enrolment, self.column, self.now = course, enrolment, column, now
        self.refused: tuple[str, forms.Form] | None = None

    @classmethod
    def of(cls, course: Course, enrolment_id: UUID, assessment_id: UUID, now: datetime) -> Work | None:
        """Return the work of a learner of a course at what is assigned there; None where there is none."""
        found = Enrolment.objects.filter(pk=enrolment_id, course=course, role=Role.LEARNER)
        enrolment = found.select_related("user", "section").first()
        column = next((one for one in columns_of(course) if one.assessment.pk == assessment_id), None)
        return cls(course, enrolment, column, now) if enrolment and column else None

    @property
    def user(self) -> User:
        return self.enrolment.user

    def attempts(self) -> list[Attempt]:
        found = Attempt.objects.filter(
            assignment__in=[one.pk for one in self.column.assignments], learner__users=self.user
        )
        found = found.select_related("assignment__assessment", "assignment__section", "learner")
        return list(found.order_by("started_at", "number"))

    def assignment(self, cell: Outcome | None) -> Assignment:
        """Return where a grade is noted: the assignment that holds for this learner."""
        return cell.assignment if cell else self.column.main

    def do(self, entered: Any, author: User) -> str | None:
        """Do what a form says and return how it went; None where it was refused."""
        name = str(entered.get("do", ""))
        form = self._bound(name, entered)
        if form is None:
            return None
        if form.is_valid():
            try:
                return self._done(name, form, author)
            except DeliveryError as error:
                form.add_error(None, str(error))
        self.refused = name, form
        return None

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        cell = cell_of(self.column, self.enrolment, self.now)
        attempts = self.attempts()
        return {
            "title": f"{self.column.assessment.title}: {self.user.get_full_name() or self.user.username}",
            "learner": self.user,
            "enrolment": self.enrolment,
            "assessment": self.column.assessment,
            "cell": cell,
            "assignment": self.assignment(cell),
            "attempts": [(one, self._offers(one)) for one in attempts],
            "grade": self._grade_form(cell),
            "history": self._history(attempts),
            "arranged": Accommodation.objects.filter(
                user=self.user, assessment=self.column.assessment
            ).first(),
            "refused": self.refused is not None,
        }

    def _bound(self, name: str, entered: Any) -> forms.Form | None:
        if name == "grade":
            cell = cell_of(self.column, self.enrolment, self.now)
            note = latest_note(self.assignment(cell), self.user)
            return GradeForm(entered, prefix="grade", initial=said_before(note))
        deed, _, attempt = name.partition(":")
        mine = any(str(one.pk) == attempt for one in self.attempts())
        return DEEDS[deed].form(entered, prefix=name) if deed in DEEDS and mine else None

    def _done(self, name: str, form: forms.Form, author: User) -> str:
        now = timezone.now()
        if isinstance(form, GradeForm):
            cell = cell_of(self.column, self.enrolment, self.now)
            note_grade(assignment=self.assignment(cell), user=self.user, author=author, now=now, **form.said)
            return "The grade is noted."
        deed, _, attempt = name.partition(":")
        said = {**form.cleaned_data, "attempt_id": UUID(attempt), "author": author, "now": now}
        if isinstance(form, ScoreForm):
            override_score(**said)
        else:
            act(kind=ActionKind(deed), **said)
        return DEEDS[deed].done

    def _offers(self, attempt: Attempt) -> list[Offered]:
        return [
            Offered(deed, self._form(f"{name}:{attempt.pk}", deed, attempt))
            for name, deed in DEEDS.items()
            if deed.shown(attempt)
        ]

    def _form(self, name: str, deed: Deed, attempt: Attempt) -> forms.Form:
        if self.refused and self.refused[0] == name:
            return self.refused[1]
        is_to_come = attempt.deadline is not None and attempt.deadline > self.now
        return deed.form(prefix=name, initial={"until": attempt.deadline if is_to_come else None})

    def _grade_form(self, cell: Outcome | None) -> forms.Form:
        if self.refused and self.refused[0] == "grade":
            return self.refused[1]
        note = latest_note(self.assignment(cell), self.user)
        return GradeForm(prefix="grade", initial=said_before(note))

    def _history(self, attempts: Sequence[Attempt]) -> list[Event]:
        events = [*self._notes(), *_overrides(attempts), *_actions(attempts)]
        return sorted(events, key=lambda one: one.at, reverse=True)

    def _notes(self) -> Iterator[Event]:
        found = GradeNote.objects.filter(
            assignment__in=[one.pk for one in self.column.assignments], learner__users=self.user
        )
        for one in found.select_related("author"):
            yield Event(one.created_at, one.author, _noted(one), one.reason)


def _noted(note: GradeNote) -> str:
    if note.score is not None:
        what = f"Grade given: {round(100 * note.score, 4):g} %"
    else:
        what = "Excused" if note.is_excused else "The attempts count"
    return f"{what}. Comment: {note.comment}" if note.comment else what


def _overrides(attempts: Sequence[Attempt]) -> Iterator[Event]:
    numbers = {one.pk: one.number for one in attempts}
    for one in Override.objects.filter(attempt__in=attempts).select_related("author", "presentation"):
        place = f", place {one.presentation.position}" if one.presentation else ""
        score = "taken back" if one.score is None else f"{round(100 * one.score, 4):g} %"
        what = f"Score by hand, attempt {numbers[one.attempt_id]}{place}: {score}"
        yield Event(one.created_at, one.author, what, one.reason)


def _actions(attempts: Sequence[Attempt]) -> Iterator[Event]:
    numbers = {one.pk: one.number for one in attempts}
    for one in AttemptAction.objects.filter(attempt__in=attempts).select_related("author"):
        ends = one.kind in (ActionKind.EXTEND, ActionKind.REOPEN)
        until = f", until {_told(one.until)}" if ends and one.until else ", without an end" if ends else ""
        what = f"Attempt {numbers[one.attempt_id]}: {one.get_kind_display()}{until}"
        yield Event(one.created_at, one.author, what, one.reason)


def _told(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
