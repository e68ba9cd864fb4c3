"""The audit in sentences. They are made when they are read, with the names of today; who was erased has none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from assessment.models import (
    Assessment,
    AssessmentVersion,
    Assignment,
    Attempt,
    AuditEntry,
    Course,
    Deployment,
    Enrolment,
    Learner,
    Platform,
    Presentation,
    Section,
    User,
)
from assessment.models.audit import Door, Operation
from content.models import AuthorGrant, Item, ItemBank, ItemVersion, Lesson, LessonVersion

WITHHELD: Final = "…"
"""Stands for both values where only the fact is kept."""
GONE: Final = "somebody who was erased"

REFERS: Final[Mapping[str, type[Model]]] = {
    "assessment_id": Assessment,
    "assignment_id": Assignment,
    "attempt_id": Attempt,
    "bank_id": ItemBank,
    "corrected_version_id": ItemVersion,
    "course_id": Course,
    "group_id": Group,
    "item_id": Item,
    "learner_id": Learner,
    "lesson_id": Lesson,
    "owner_id": User,
    "permission_id": Permission,
    "platform_id": Platform,
    "presentation_id": Presentation,
    "section_id": Section,
    "user_id": User,
}
"""Whose number stands in a column."""

DOCUMENTS: Final = ("adaptive_document", "mastery_document", "posterior")
READ: Final[Mapping[type[Model], Callable[[], QuerySet[Any]]]] = {
    Assignment: lambda: Assignment.objects.select_related("assessment", "course", "section"),
    AssessmentVersion: lambda: AssessmentVersion.objects.select_related("assessment").defer("document"),
    Attempt: lambda: (
        Attempt.objects.select_related("assignment__assessment", "learner")
        .prefetch_related("learner__users")
        .defer(*DOCUMENTS)
    ),
    AuthorGrant: lambda: AuthorGrant.objects.select_related("user", "bank", "lesson"),
    Deployment: lambda: Deployment.objects.select_related("platform"),
    Enrolment: lambda: Enrolment.objects.select_related("user", "course"),
    ItemVersion: lambda: ItemVersion.objects.select_related("item").defer("document"),
    Learner: lambda: Learner.objects.prefetch_related("users"),
    LessonVersion: lambda: LessonVersion.objects.select_related("lesson").defer("document"),
    Permission: lambda: Permission.objects.select_related("content_type"),
    Presentation: lambda: Presentation.objects.only("id", "position"),
}
"""How rows are read whose names stand in other tables."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the entries of a page are about, read kind by kind: the same few statements for any number of entries."""

    found: Mapping[type[Model], Mapping[str, Model]]

    @classmethod
    def of(cls, entries: Iterable[AuditEntry]) -> Rows:
        wanted: dict[type[Model], set[str]] = defaultdict(set)
        for entry in entries:
            for model, key in _named(entry):
                wanted[model].add(key)
        return cls({model: _read(model, keys) for model, keys in wanted.items()})

    def row(self, model: type[Model] | None, key: Any) -> Any:
        """Return a row, or None where it is gone."""
        return self.found.get(model, {}).get(str(key)) if model else None

    def name(self, column: str, key: Any) -> str:
        """Return what the row in a column is called."""
        model = REFERS[column]
        found = self.row(model, key)
        if isinstance(found, Presentation):
            return f"place {found.position}"
        if found is None:
            return GONE if model in (User, Learner) else f"{model._meta.verbose_name} {key}, which is gone"
        return str(found)


def _named(entry: AuditEntry) -> Iterable[tuple[type[Model], str]]:
    """Yield the rows that the sentence of an entry names."""
    if model := model_of(entry.what):
        yield model, entry.row_id
    for document in (entry.about, entry.before, entry.after):
        for column, key in document.items():
            if column in REFERS and key is not None:
                yield REFERS[column], str(key)


def _read(model: type[Model], keys: Iterable[str]) -> Mapping[str, Model]:
    """Return the rows of a kind by their keys as text. An id that is none of this kind names none."""
    queryset = READ.get(model, model._default_manager.all)()
    sound = [key for key in keys if _is_key(model, key)]
    return {str(row.pk): row for row in queryset.filter(pk__in=sound)}


def _is_key(model: type[Model], key: str) -> bool:
    try:
        model._meta.pk.to_python(key)
    except ValidationError:
        return False
    return True


@cache
def _models() -> Mapping[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def model_of(what: str) -> type[Model] | None:
    """Return the rows of a table; None for one that only joins others."""
    return _models().get(what)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry with the rows that its sentence names."""

    entry: AuditEntry
    rows: Rows

    @property
    def row(self) -> Any:
        return self.rows.row(model_of(self.entry.what), self.entry.row_id)

    def named(self, column: str) -> str:
        """Return what the row in a column of ``about`` is called."""
        if column not in self.entry.about:
            return ""
        key = self.entry.about[column]
        return GONE if key is None else self.rows.name(column, key)

    def moved_to(self, column: str) -> Any:
        return self.entry.after.get(column)

    @property
    def reason(self) -> str:
        """What its author gave as the reason, for as long as the row is there."""
        text = getattr(self.row, "reason", "")
        return f": {text}" if text else ""


def sentence(told: Told) -> str:
    """Return who did what, in a sentence."""
    make = SENTENCES.get(told.entry.what, _plain)
    text = f"{who(told.entry)} {make(told)}"
    # Reasons are sentences of their authors, with a period or without.
    return text if text.endswith((".", "!", "?")) else f"{text}."


def who(entry: AuditEntry) -> str:
    return entry.actor_name or NOBODY[Door(entry.door)]


NOBODY: Final[Mapping[Door, str]] = {
    Door.DESK: "Somebody",
    Door.REST: "Somebody",
    Door.PLATFORM: "A learning-management system",
    Door.COMMAND: "A command",
    Door.DATABASE: "Somebody in the database",
}


def goal(told: Told) -> tuple[str, str] | None:
    """Return where to look on, and its address: the row itself, or what it belongs to."""
    rows = [
        told.row,
        *(told.rows.row(REFERS[name], key) for name, key in told.entry.about.items() if name in REFERS),
    ]
    for row in rows:
        if row is not None and type(row) in admin.site._registry:
            place = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
            return str(row), reverse(place, args=[row.pk])
    return None


def changes(told: Told) -> list[tuple[str, str, str]]:
    """Return column by column what was there before and since; the withheld has neither."""
    columns = dict.fromkeys([*told.entry.before, *told.entry.after])
    return [
        (_words(name), _value(told, name, told.entry.before), _value(told, name, told.entry.after))
        for name in columns
    ]


def _value(told: Told, name: str, values: Mapping[str, Any]) -> str:
    value = values.get(name)
    if value is None:
        return "–"
    if name in REFERS:
        return told.rows.name(name, value)
    return _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    moment = parse_datetime(value) if isinstance(value, str) and "T" in value[:11] else None
    return _at(moment) if moment else str(value)


def _at(moment: datetime) -> str:
    return f"{moment:%d %B %Y, %H:%M} UTC"


def _words(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")


def kind(what: str) -> str:
    """Return what people call a row of a table."""
    model = model_of(what)
    return KINDS.get(what) or (str(model._meta.verbose_name) if model else what)


KINDS: Final[Mapping[str, str]] = {
    "assessment_attemptaction": "decision about an attempt",
    "assessment_gradenote": "grade given by hand",
    "assessment_override": "score given by hand",
    "assessment_user_groups": "group of a user",
    "assessment_user_user_permissions": "permission of a user",
    "auth_group_permissions": "permission of a group",
    "content_authorgrant": "right to change content",
    "otp_static_staticdevice": "recovery codes",
    "otp_totp_totpdevice": "second factor",
}


def _name(told: Told) -> str:
    """Return what the row is called, or was."""
    if told.row is not None:
        return str(told.row)
    for column in ("slug", "title", "name", "username"):
        if known := told.entry.before.get(column) or told.entry.after.get(column):
            return str(known)
    return f"{told.entry.row_id}, which is gone"


def _moves(told: Told) -> str:
    """Return in words what has changed."""
    parts = []
    for (name, before, after), column in zip(
        changes(told), dict.fromkeys([*told.entry.before, *told.entry.after]), strict=True
    ):
        withheld = told.entry.after.get(column) == WITHHELD
        parts.append(name if withheld else f"{name} from {before} to {after}")
    return ", ".join(parts)


def _plain(told: Told) -> str:
    """Say what can be said of any row."""
    match told.entry.operation:
        case Operation.INSERT:
            return f"added the {kind(told.entry.what)} {_name(told)}"
        case Operation.DELETE:
            return f"removed the {kind(told.entry.what)} {_name(told)}"
    return f"changed the {kind(told.entry.what)} {_name(told)}: {_moves(told)}"


def _version(column: str) -> Callable[[Told], str]:
    """Return the sentences of versions of what ``column`` names."""

    def say(told: Told) -> str:
        owner = told.rows.row(REFERS[column], told.entry.about.get(column))
        name = f"{owner.slug if owner else 'something that is gone'} v{told.entry.about.get('number')}"
        if told.entry.operation == Operation.DELETE:
            return f"deleted the draft {name}"
        status = told.moved_to("status")
        if told.entry.operation == Operation.INSERT:
            return f"published {name}" if status == "published" else f"began the draft {name}"
        return {"published": f"published {name}", "retired": f"retired {name}"}.get(
            status, f"edited the draft {name}"
        )

    return say


def _content(told: Told) -> str:
    """Items, lessons and assessments: what they say stands in their versions."""
    if told.entry.operation != Operation.UPDATE:
        return _plain(told)
    after = told.entry.after
    said = []
    if "current_id" in after:
        said.append(f"put another version of {_name(told)} in force")
    if "retired_at" in after:
        said.append(
            f"took {_name(told)} out of use" if after["retired_at"] else f"put {_name(told)} back into use"
        )
    if set(after) - {"current_id", "retired_at"}:
        said.append(_plain(told))
    return " and ".join(said)


def _override(told: Told) -> str:
    where = ", ".join(filter(None, (told.named("attempt_id"), told.named("presentation_id"))))
    score = told.moved_to("score")
    if score is None:
        return f"took back the score that was given for {where}{told.reason}"
    return f"gave {score:.2f} for {where}{told.reason}"


def _grade(told: Told) -> str:
    where = f"{told.named('learner_id')} at {told.named('assignment_id')}"
    score = told.moved_to("score")
    if score is not None:
        return f"gave {where} the grade {score:.2f}{told.reason}"
    if told.moved_to("is_excused"):
        return f"excused {where}{told.reason}"
    return f"left the grade of {where} as it is earned{told.reason}"


ACTIONS: Final[Mapping[str, str]] = {
    "void": "let {} count for nothing",
    "reopen": "opened {} again",
    "extend": "gave more time for {}",
    "allow_another": "allowed another attempt after {}",
}


def _action(told: Told) -> str:
    said = ACTIONS.get(str(told.moved_to("kind")), "decided about {}")
    return said.format(told.named("attempt_id")) + told.reason


def _correction(told: Told) -> str:
    kind = told.row.get_kind_display() if told.row else "a correction that is gone"
    if told.moved_to("applied_at"):
        return f"put a correction in force, {kind}{told.reason}"
    if told.entry.about.get("undoes_id"):
        return f"drafted the undoing of a correction, {kind}{told.reason}"
    return f"drafted a correction, {kind}{told.reason}"


def _erasure(told: Told) -> str:
    kept = "; grades stay without a name" if told.moved_to("keeps_grades") else ""
    return f"had learner {told.entry.about.get('learner_id')} forgotten{kept}{told.reason}"


def _enrolment(told: Told) -> str:
    person, course = told.named("user_id"), told.named("course_id")
    match told.entry.operation:
        case Operation.INSERT:
            role = f" as {told.moved_to('role')}" if told.moved_to("role") else ""
            return f"enrolled {person} in {course}{role}"
        case Operation.DELETE:
            return f"took {person} out of {course}"
    return f"changed the enrollment of {person} in {course}: {_moves(told)}"


def _accommodation(told: Told) -> str:
    person, where = told.named("user_id"), told.named("assessment_id") or "every assessment"
    if told.entry.operation == Operation.DELETE:
        return f"ended what was arranged for {person} in {where}"
    if told.entry.operation == Operation.UPDATE:
        return f"changed what is arranged for {person} in {where}: {_moves(told)}"
    usual = ("1", "1.0", "0", "no", "–")
    given = [f"{name} {value}" for name, _, value in changes(told) if value not in usual]
    return f"arranged for {person} in {where}: {', '.join(given) or 'nothing yet'}"


RIGHTS: Final[Mapping[str, tuple[str, str]]] = {
    "is_staff": ("let {} work at the desk", "kept {} from the desk"),
    "is_superuser": ("made {} a superuser", "made {} no superuser any more"),
    "is_active": ("opened the account {} again", "closed the account {}"),
}
FACTS: Final[Mapping[str, str]] = {
    "password": "changed the password of {}",
    "email": "changed the e-mail address of {}",
}


def _user(told: Told) -> str:
    entry = told.entry
    if entry.operation == Operation.SIGN_IN:
        return f"signed in, from {entry.after['network']}" if entry.after.get("network") else "signed in"
    person = str(told.row) if told.row else GONE
    if str(entry.actor) == entry.row_id:
        person = "the own account"
    if entry.operation == Operation.INSERT:
        return f"made the account {person}, which may work at the desk"
    if entry.operation == Operation.DELETE:
        return f"deleted the account of {GONE}"
    said = [RIGHTS[name][not entry.after[name]].format(person) for name in RIGHTS if name in entry.after]
    said += [words.format(person) for name, words in FACTS.items() if name in entry.after]
    if "username" in entry.after:
        said.append(f"renamed {entry.before['username']} to {entry.after['username']}")
    return " and ".join(said) or f"changed {person}"


def _joined(given: str, taken: str) -> Callable[[Told], str]:
    """Return the sentences of rows that only join two others."""

    def say(told: Told) -> str:
        words = taken if told.entry.operation == Operation.DELETE else given
        return words.format(**{name.removesuffix("_id"): told.named(name) for name in told.entry.about})

    return say


def _grant(told: Told) -> str:
    person = told.named("user_id")
    what = told.named("bank_id") or told.named("lesson_id")
    if told.entry.operation == Operation.DELETE:
        return f"no longer lets {person} change {what}"
    return f"let {person} change {what}"


def _key(told: Told) -> str:
    name = told.row.name if told.row else told.moved_to("name") or "that is gone"
    key = f"the key {name} of {told.named('owner_id')}"
    if told.entry.operation == Operation.INSERT:
        return f"made {key}, which may: {_shown(told.moved_to('scopes') or [])}"
    if told.moved_to("revoked_at"):
        return f"revoked {key}"
    return f"removed {key}" if told.entry.operation == Operation.DELETE else f"changed {key}: {_moves(told)}"


def _device(told: Told) -> str:
    on = told.entry.operation == Operation.UPDATE
    return f"switched the second factor of {told.named('user_id')} {'on' if on else 'off'}"


def _recovery(told: Told) -> str:
    if told.entry.operation == Operation.INSERT:
        return f"made recovery codes for {told.named('user_id')}"
    return f"used a recovery code of {told.named('user_id')}"


SENTENCES: Final[Mapping[str, Callable[[Told], str]]] = {
    "content_item": _content,
    "content_itemversion": _version("item_id"),
    "content_lesson": _content,
    "content_lessonversion": _version("lesson_id"),
    "content_authorgrant": _grant,
    "assessment_assessment": _content,
    "assessment_assessmentversion": _version("assessment_id"),
    "assessment_correction": _correction,
    "assessment_override": _override,
    "assessment_gradenote": _grade,
    "assessment_attemptaction": _action,
    "assessment_accommodation": _accommodation,
    "assessment_enrolment": _enrolment,
    "assessment_erasure": _erasure,
    "assessment_user": _user,
    "assessment_user_groups": _joined(
        "put {user} into the group {group}", "took {user} out of the group {group}"
    ),
    "assessment_user_user_permissions": _joined(
        "gave {user} the permission {permission}", "took from {user} the permission {permission}"
    ),
    "auth_group_permissions": _joined(
        "gave the group {group} the permission {permission}",
        "took from the group {group} the permission {permission}",
    ),
    "api_apikey": _key,
    "otp_totp_totpdevice": _device,
    "otp_static_staticdevice": _recovery,
}
"""What is said of the rows of a table; of all others what can be said of any row."""
