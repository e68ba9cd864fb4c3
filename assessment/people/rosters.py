"""A course's people from a table: what each row would do, and doing it.

A plan is made from a table and what stands in the database, and changes nothing. It is carried out by making it anew
under the course's lock, so what was shown is what is done, or nothing is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from assessment.errors import RosterChanged
from assessment.models import Course, Enrolment, Section, User
from assessment.models.people import Role
from assessment.people.invitations import invitation_for, mail_reaches_people, send_invitation
from content.sheets.reading import SheetFault, Table

COLUMNS: Final[Mapping[str, str]] = {
    name: field
    for field, names in {
        "email": "email, e mail, email address, e mail address, mail",
        "username": "username, user name, user, login, login name, account",
        "first_name": "first name, firstname, first, given name, given names, forename",
        "last_name": "last name, lastname, last, surname, family name",
        "section": "section, group, class, section name",
        "role": "role, course role",
    }.items()
    for name in names.split(", ")
}
"""What the headers of a table may be called, in small letters and with spaces for everything else."""

ROLES: Final[Mapping[str, Role]] = {
    "learner": Role.LEARNER,
    "student": Role.LEARNER,
    "instructor": Role.INSTRUCTOR,
    "teacher": Role.INSTRUCTOR,
    "tester": Role.TESTER,
}
LONGEST: Final[Mapping[str, int]] = {
    "email": 254,
    "username": 150,
    "first_name": 150,
    "last_name": 150,
    "section": 100,
}
TRIED: Final = 9
"""Numbers that are put behind a name that is taken, before a longer one is made of its row."""
AT_ONCE: Final = 1000


class Outcome(StrEnum):
    """What a row would do, or has done."""

    ENROL = "enrol"
    THERE = "there"
    CHANGE = "change"
    ACCOUNT = "account"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says of somebody; an empty text, and no role, say nothing."""

    row: int
    email: str = ""
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    section: str = ""
    role: str = ""

    @property
    def named(self) -> str:
        """How the row itself names the person: nothing of an account is told."""
        name = f"{self.first_name} {self.last_name}".strip()
        address = self.email or self.username
        return f"{name} ({address})" if name and address else name or address or "nobody"


@dataclass(frozen=True, slots=True)
class Step:
    """What a row does. ``username`` is that of an account to be made, ``user`` one that exists."""

    person: Person
    outcome: Outcome
    words: str
    role: Role | None = None
    user: User | None = None
    username: str = ""

    @property
    def writes(self) -> bool:
        return self.outcome in (Outcome.ENROL, Outcome.CHANGE, Outcome.ACCOUNT)


@dataclass(frozen=True, slots=True)
class Plan:
    """``new_sections`` would be made; ``unread`` are columns that mean nothing here."""

    steps: tuple[Step, ...]
    new_sections: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(step.outcome for step in self.steps)
        return {outcome.value: found[outcome] for outcome in Outcome}

    @property
    def fingerprint(self) -> str:
        """What changes when any row would do something else."""
        said = [
            [one.person.row, one.outcome, one.words, one.username, str(one.user and one.user.pk)]
            for one in self.steps
        ]
        return hashlib.sha256(json.dumps([said, self.new_sections]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody whose account was made, with the link that opens it. Nothing can show the link again."""

    person: Person
    username: str
    address: str
    is_mailed: bool


@dataclass(frozen=True, slots=True)
class Imported:
    plan: Plan
    invited: tuple[Invited, ...]


def people_in(table: Table) -> tuple[list[Person], tuple[str, ...]]:
    """Return what the rows of a table say, and the headers that mean nothing here.

    Raises SheetFault where no column names people, or two columns are the same.
    """
    fields = [COLUMNS.get(_plain(header)) for header in table.headers]
    for column, field in enumerate(fields, start=1):
        if field and field in fields[: column - 1]:
            raise SheetFault(f"Two columns say the {field.replace('_', ' ')}.", 1, column)
    if not {"email", "username"} & set(fields):
        raise SheetFault(
            "No column is called e-mail or username. The first row holds the names of the columns: e-mail, "
            "username, first name, last name, section, role."
        )
    unread = tuple(
        header for header, field in zip(table.headers, fields, strict=True) if header and not field
    )
    return [_person(row.number, zip(fields, row.cells, strict=True)) for row in table.rows], unread


def plan_roster(
    *, course: Course, people: Sequence[Person], unread: Sequence[str], appoints: bool, now: datetime
) -> Plan:
    """Return what each row would do. ``appoints``: whoever asks may make instructors. A handful of queries."""
    known = _Known.of(course, people, now)
    names = _free_names([one for one in people if known.account_of(one) is None])
    seen: dict[str, int] = {}
    steps = []
    for person in people:
        step = _refusal(person, appoints) or _doubled(person, known, seen) or _step(person, known, names)
        steps.append(step := _on_terms(step, known))
        if step.outcome is not Outcome.REFUSED:
            seen |= dict.fromkeys(_marks(person, known), person.row)
    sections = {step.person.section.lower(): step.person.section for step in steps if step.writes}
    new = tuple(title for folded, title in sections.items() if title and folded not in known.sections)
    return Plan(tuple(steps), new, tuple(unread))


@transaction.atomic
def import_roster(
    *,
    course: Course,
    people: Sequence[Person],
    unread: Sequence[str] = (),
    appoints: bool,
    expected: str | None,
    address_of: Callable[[str], str],
    mails: bool = True,
    now: datetime,
) -> Imported:
    """Carry out a plan: make accounts and sections, enroll and move. Twice is once. Locks the course.

    ``expected`` is the fingerprint of the plan that was looked at, where one was; ``address_of`` makes the link of a
    token; without ``mails`` nobody is written to. Rows that are refused stop nothing else. Raises RosterChanged where
    the plan is another one by now.
    """
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    plan = plan_roster(course=course, people=people, unread=unread, appoints=appoints, now=now)
    if expected is not None and expected != plan.fingerprint:
        raise RosterChanged
    try:
        with transaction.atomic():
            made = _make_accounts(plan, now)
            _enrol(course, plan, made)
    except IntegrityError:
        raise RosterChanged from None
    mails = mails and mail_reaches_people()
    invited = [_invited(step, made[step.username], address_of, mails) for step in plan.steps if step.username]
    transaction.on_commit(lambda: _mail(course, invited, made))
    return Imported(plan, tuple(invited))


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[^a-z]+", " ", header.lower()).split())


def _person(number: int, cells: Iterable[tuple[str | None, str]]) -> Person:
    return Person(number, **{field: " ".join(cell.split()) for field, cell in cells if field})


class _Known:
    """What the database knows of the people of a table, read at once."""

    def __init__(self, accounts: Iterable[User], enrolments: Iterable[Enrolment], now: datetime) -> None:
        self.by_name = {}
        self.by_email = {}
        for user in accounts:
            self.by_name[user.username.lower()] = user
            if user.email:
                self.by_email[user.email.lower()] = user
        self.enrolments = {one.user_id: one for one in enrolments}
        self.sections: dict[str, Section] = {}
        self.now = now

    @classmethod
    def of(cls, course: Course, people: Sequence[Person], now: datetime) -> _Known:
        names = {User.normalize_username(one.username).lower() for one in people if one.username}
        emails = {one.email.lower() for one in people if one.email}
        found = User.objects.filter(is_guest=False).alias(name=Lower("username"), address=Lower("email"))
        accounts = list(found.filter(Q(name__in=names) | Q(address__in=emails)))
        enrolled = course.enrolments.filter(user__in=accounts).select_related("section")
        known = cls(accounts, enrolled, now)
        known.sections = {one.title.lower(): one for one in course.sections.all()}
        return known

    def account_of(self, person: Person) -> User | None:
        return self.named(person) or self.by_email.get(person.email.lower())

    def named(self, person: Person) -> User | None:
        return self.by_name.get(User.normalize_username(person.username).lower()) if person.username else None


def _refusal(person: Person, appoints: bool) -> Step | None:
    reason = next(_faults(person, appoints), None)
    return Step(person, Outcome.REFUSED, reason) if reason else None


def _faults(person: Person, appoints: bool) -> Iterator[str]:
    if not person.email and not person.username:
        yield "It names neither an e-mail address nor a username."
    for field, most in LONGEST.items():
        if len(getattr(person, field)) > most:
            yield f"The {field.replace('_', ' ')} has more than {most} characters."
    if person.email and not _is_valid(validate_email, person.email):
        yield "This is no e-mail address."
    if person.username and not _is_valid(User.username_validator, User.normalize_username(person.username)):
        yield "A username has letters, digits and @ . + - _ only."
    role = ROLES.get(person.role.lower())
    if person.role and role is None:
        yield "A role is learner, instructor or tester."
    if role == Role.INSTRUCTOR and not appoints:
        yield "You may not make instructors."


def _is_valid(check: Callable[[str], None], text: str) -> bool:
    try:
        check(text)
    except ValidationError:
        return False
    return True


def _doubled(person: Person, known: _Known, seen: dict[str, int]) -> Step | None:
    """Return the refusal of a row whose person an earlier row has named."""
    earlier = next((seen[mark] for mark in _marks(person, known) if mark in seen), None)
    if earlier is None:
        return None
    return Step(person, Outcome.REFUSED, f"Row {earlier} names the same person.")


def _marks(person: Person, known: _Known) -> list[str]:
    """Return what tells that two rows mean one person."""
    account = known.account_of(person)
    named = [f"{kind} {text.lower()}" for kind, text in (("@", person.email), ("#", person.username)) if text]
    return [str(account.pk), *named] if account else named


def _step(person: Person, known: _Known, names: Mapping[int, str]) -> Step:
    by_name, by_email = known.named(person), known.by_email.get(person.email.lower())
    account = by_name or by_email
    role = ROLES.get(person.role.lower())
    if account is None:
        username = names[person.row]
        words = f"An account will be made, with the name {username}."
        return Step(person, Outcome.ACCOUNT, words, role or Role.LEARNER, username=username)
    if by_name and person.email and by_email != by_name and (by_email or by_name.email):
        return Step(
            person, Outcome.REFUSED, "The username and the e-mail address belong to different accounts."
        )
    if not account.is_active:
        return Step(person, Outcome.REFUSED, "This account cannot be enrolled.")
    return Step(person, Outcome.ENROL, "Will be enrolled.", role, account)


def _on_terms(step: Step, known: _Known) -> Step:
    """Return the step as it stands to somebody's enrollment now."""
    enrolled = known.enrolments.get(step.user.pk) if step.user else None
    if step.outcome is not Outcome.ENROL or enrolled is None:
        return replace(step, role=step.role or Role.LEARNER) if step.outcome is Outcome.ENROL else step
    if enrolled.role == Role.INSTRUCTOR and step.role not in (None, Role.INSTRUCTOR):
        return replace(step, outcome=Outcome.REFUSED, words="Teaches this course. Change the role by hand.")
    if enrolled.ends_at and enrolled.ends_at <= known.now:
        return replace(step, role=step.role or Role(enrolled.role), words="Will be enrolled again.")
    words = _changes(step, enrolled)
    role = step.role or Role(enrolled.role)
    if words:
        return replace(step, outcome=Outcome.CHANGE, words=words, role=role)
    return replace(step, outcome=Outcome.THERE, words="Is there already.", role=role)


def _changes(step: Step, enrolled: Enrolment) -> str:
    words = []
    title = enrolled.section.title if enrolled.section else ""
    if step.person.section and step.person.section.lower() != title.lower():
        words.append(f"Moves to section {step.person.section}.")
    if step.role and step.role != enrolled.role:
        words.append(f"Becomes {step.role.value}.")
    return " ".join(words)


def _free_names(people: Sequence[Person]) -> dict[int, str]:
    """Return by rows how the accounts to be made are called: as the file says, or like the e-mail address."""
    wanted = {one.row: _wanted(one) for one in people}
    tried = {f"{name}{number or ''}" for name in wanted.values() for number in range(TRIED + 1)}
    taken: set[str] = set()
    every = sorted({name.lower() for name in tried})
    for start in range(0, len(every), 10 * AT_ONCE):
        some = every[start : start + 10 * AT_ONCE]
        found = User.objects.alias(folded=Lower("username")).filter(folded__in=some)
        taken |= {name.lower() for name in found.values_list("username", flat=True)}
    names = {}
    for row, name in wanted.items():
        names[row] = _first_free(name, row, taken)
        taken.add(names[row].lower())
    return names


def _wanted(person: Person) -> str:
    name = User.normalize_username(person.username or person.email.partition("@")[0])
    return re.sub(r"[^\w.+-]+" if not person.username else r"[^\w.@+-]+", "", name)[:140] or "learner"


def _first_free(name: str, row: int, taken: set[str]) -> str:
    """Return a name that nobody has, the same for the same table."""
    for number in ("", *range(2, TRIED + 1)):
        if f"{name}{number}".lower() not in taken:
            return f"{name}{number}"
    return f"{name}-{hashlib.sha256(f'{name} {row}'.encode()).hexdigest()[:8]}"


def _make_accounts(plan: Plan, now: datetime) -> dict[str, User]:
    """Return the new accounts by their names; none of them has a password."""
    wanted = [step for step in plan.steps if step.outcome is Outcome.ACCOUNT]
    users = [
        User(
            username=step.username,
            email=step.person.email,
            first_name=step.person.first_name,
            last_name=step.person.last_name,
            password=make_password(None),
            date_joined=now,
        )
        for step in wanted
    ]
    User.objects.bulk_create(users, batch_size=AT_ONCE)
    return {user.username: user for user in users}


def _enrol(course: Course, plan: Plan, made: Mapping[str, User]) -> None:
    Section.objects.bulk_create(Section(course=course, title=title) for title in plan.new_sections)
    sections = {one.title.lower(): one for one in course.sections.all()}
    stands = {one.user_id: one for one in course.enrolments.all()}
    rows = []
    for step in plan.steps:
        user = made.get(step.username) or step.user
        if not step.writes or user is None:
            continue
        before = stands.get(user.pk)
        section = sections.get(step.person.section.lower()) or (before.section if before else None)
        ends_at = before.ends_at if before and step.outcome is Outcome.CHANGE else None
        role = step.role or Role.LEARNER
        rows.append(Enrolment(course=course, user=user, role=role, section=section, ends_at=ends_at))
    Enrolment.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["course", "user"],
        update_fields=["role", "section", "ends_at"],
    )


def _invited(step: Step, user: User, address_of: Callable[[str], str], mails: bool) -> Invited:
    return Invited(step.person, user.username, address_of(invitation_for(user)), mails and bool(user.email))


def _mail(course: Course, invited: Iterable[Invited], made: Mapping[str, User]) -> None:
    for one in invited:
        if one.is_mailed:
            send_invitation(user=made[one.username], course=course.title, address=one.address)
