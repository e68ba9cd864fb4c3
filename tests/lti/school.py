"""Whom a platform has, and what they find there: people, courses, links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

MEMBERSHIP: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
LEARNER: Final = f"{MEMBERSHIP}Learner"
INSTRUCTOR: Final = f"{MEMBERSHIP}Instructor"
ADMINISTRATOR: Final = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"

ACTIVE, INACTIVE = "Active", "Inactive"

_serial = count(1)


@dataclass(frozen=True, slots=True)
class User:
    """A person as a platform shows them to a tool: perhaps without a name and an address."""

    sub: str
    name: str | None = None
    email: str | None = None
    roles: tuple[str, ...] = (LEARNER,)
    status: str = ACTIVE

    @property
    def is_gradable(self) -> bool:
        return LEARNER in self.roles and self.status == ACTIVE

    def profile(self) -> dict[str, str]:
        """Return the claims of OpenID Connect about a person, as far as they are shown."""
        given, _, family = (self.name or "").partition(" ")
        known = {"name": self.name, "given_name": given, "family_name": family, "email": self.email}
        return {claim: value for claim, value in known.items() if value}

    def has_role(self, role: str) -> bool:
        """Whether somebody has a role, which may be named without its vocabulary."""
        return role in self.roles or f"{MEMBERSHIP}{role}" in self.roles


def student(**changes: Any) -> User:
    """Return somebody new with a name and an address of their own."""
    number = next(_serial)
    fields = {"sub": f"user-{number}", "name": f"Ada Student{number}", "email": f"ada{number}@school.example"}
    return User(**fields | changes)


def teacher(**changes: Any) -> User:
    """As ``student``, for an instructor."""
    number = next(_serial)
    fields = {"sub": f"user-{number}", "name": f"Tom Teacher{number}", "email": f"tom{number}@school.example"}
    return User(**{"roles": (INSTRUCTOR,)} | fields | changes)


@dataclass(eq=False, slots=True)
class Course:
    """A context. ``history`` names the courses that it was copied from, the latest first."""

    id: str = field(default_factory=lambda: f"Course-{next(_serial)}")
    title: str = "Machine Learning"
    members: list[User] = field(default_factory=list)
    history: tuple[str, ...] = ()

    def member(self, sub: str) -> User | None:
        return next((one for one in self.members if one.sub == sub), None)

    def enter(self, user: User) -> None:
        """Take somebody in, or note who a member is now."""
        known = self.member(user.sub)
        if known is None:
            self.members.append(user)
        else:
            self.members[self.members.index(known)] = user

    def context(self) -> dict[str, Any]:
        return {"id": self.id, "label": self.title.split()[0], "title": self.title}


def new_link_id() -> str:
    return f"Link-{next(_serial)}"


@dataclass(frozen=True, eq=False, slots=True)
class Link:
    """A place in a course that opens the tool: at ``target``, or where the tool begins."""

    course: Course
    id: str = field(default_factory=new_link_id)
    title: str = "A quiz"
    custom: Mapping[str, str] = field(default_factory=dict)
    history: tuple[str, ...] = ()
    target: str | None = None


def substitutions(user: User, course: Course, link: Link | None) -> dict[str, str]:
    """Return what the variables of custom parameters stand for."""
    values = {
        "$User.id": user.sub,
        "$Person.name.full": user.name,
        "$Person.email.primary": user.email,
        "$Context.id": course.id,
        "$Context.title": course.title,
        "$Context.id.history": ",".join(course.history),
        "$ResourceLink.id": link.id if link else None,
        "$ResourceLink.title": link.title if link else None,
        "$ResourceLink.id.history": ",".join(link.history) if link else None,
    }
    return {name: value for name, value in values.items() if value is not None}
