"""What is entered about grades and attempts at the desk; times are in the zone that is current."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils import timezone

from assessment.grades.noting import LONGEST
from assessment.models import GradeNote
from assessment.recording.arranging import MOST_ADDED

PERCENT: Final = re.compile(r"(\d{1,3})(?:[.,](\d{1,6}))?\s*%?", re.ASCII)
TYPED_TIME: Final = "%Y-%m-%dT%H:%M"
"""What a browser sends for a time, and wants back."""

ATTEMPTS, GRADE, EXCUSED = "attempts", "grade", "excused"
COUNTS: Final = (
    (ATTEMPTS, "What the attempts are worth"),
    (GRADE, "Another grade"),
    (EXCUSED, "Nothing: excused"),
)


class PercentField(forms.Field):
    """A share of everything, typed in percent with a point or a comma."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "size": 8}

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        found = PERCENT.fullmatch(text)
        if not found:
            raise forms.ValidationError("Write a number from 0 to 100, as 87.5 or 87,5.")
        percent = float(f"{found[1]}.{found[2] or 0}")
        if percent > 100:
            raise forms.ValidationError("This is more than everything: a grade is 0 to 100 %.")
        return percent / 100

    def prepare_value(self, value: Any) -> Any:
        return f"{round(100 * value, 6):g}" if isinstance(value, float) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(data or "").strip() != str(self.prepare_value(initial) or "")


class ReasonForm(forms.Form):
    """Why something is done; everything that is done to an attempt says it."""

    reason = forms.CharField(
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"size": 40}),
        help_text="For those who teach.",
        error_messages={"required": "Say why: whoever looks at this later has nothing else."},
    )


class UntilForm(ReasonForm):
    """Until when an attempt goes on."""

    until = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TYPED_TIME),
        error_messages={
            "required": "Say until when.",
            "invalid": "Write a date and a time, as 2026-05-13 14:30.",
        },
    )
    field_order = ("until", "reason")

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until and until <= timezone.now():
            raise forms.ValidationError("This time is past.")
        return until


class ReopenForm(UntilForm):
    """Until when an attempt that has ended goes on; one that never had a deadline needs none."""

    until = forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TYPED_TIME),
        help_text="Empty: without a deadline.",
        error_messages={"invalid": "Write a date and a time, as 2026-05-13 14:30."},
    )


class ScoreForm(ReasonForm):
    """A score of one place instead of the one that was found."""

    position = forms.IntegerField(
        min_value=1, label="Place", widget=forms.NumberInput(attrs={"min": 1, "class": "short"})
    )
    score = PercentField(
        required=False, label="Score in %", help_text="Empty takes back what was given before."
    )
    field_order = ("position", "score", "reason")


class GradeForm(forms.Form):
    """What counts for somebody at an assessment, and what the learner is told of it."""

    counts = forms.ChoiceField(label="What counts", choices=COUNTS, widget=forms.RadioSelect)
    score = PercentField(required=False, label="Grade in %")
    comment = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        label="Comment for the learner",
        help_text="Shown where results are shown.",
    )
    reason = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text="For those who teach; needed for another grade and for an excuse.",
    )

    def clean(self) -> dict[str, Any]:
        """Say at each field what is missing, and let nothing that was typed be ignored."""
        entered = super().clean() or {}
        counts, score = entered.get("counts"), entered.get("score")
        if counts == GRADE and score is None and "score" not in self.errors:
            self.add_error("score", "Write the grade in percent.")
        if counts in (ATTEMPTS, EXCUSED) and score is not None and "score" in self.changed_data:
            self.add_error("counts", "You have written a grade: choose “Another grade”, or take it out.")
        if counts in (GRADE, EXCUSED) and not entered.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why: whoever looks at this later has nothing else.")
        return entered

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, as the verb takes it."""
        entered = self.cleaned_data
        return {
            "score": entered["score"] if entered["counts"] == GRADE else None,
            "is_excused": entered["counts"] == EXCUSED,
            "comment": entered["comment"],
            "reason": entered["reason"],
        }


def said_before(note: GradeNote | None) -> dict[str, Any]:
    """Return what a form begins with: what holds now."""
    if note is None:
        return {"counts": ATTEMPTS}
    counts = GRADE if note.score is not None else EXCUSED if note.is_excused else ATTEMPTS
    return {"counts": counts, "score": note.score, "comment": note.comment, "reason": note.reason}


class MinutesForm(ReasonForm):
    """More time for some who work at an assignment, or for all."""

    minutes = forms.IntegerField(
        min_value=1, max_value=MOST_ADDED, widget=forms.NumberInput(attrs={"min": 1, "class": "short"})
    )
    whom = forms.ChoiceField(label="For", widget=forms.RadioSelect)
    learner = forms.MultipleChoiceField(required=False)
    field_order = ("minutes", "reason", "whom")

    def __init__(self, *args: Any, sections: Any, learners: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        of_sections = [(str(one.pk), f"all of section {one.title}") for one in sections]
        whom: Any = self.fields["whom"]
        whom.choices = [("chosen", "those ticked in the table"), *of_sections, ("all", "everybody")]
        chosen: Any = self.fields["learner"]
        chosen.choices = [(str(one), "") for one in learners]
        chosen.error_messages = {"invalid_choice": "Somebody ticked is no learner of this course any more."}

    def clean(self) -> dict[str, Any]:
        """Say where nobody is chosen."""
        entered = super().clean() or {}
        if entered.get("whom") == "chosen" and not entered.get("learner") and "learner" not in self.errors:
            self.add_error("whom", "Nobody is ticked in the table.")
        return entered
