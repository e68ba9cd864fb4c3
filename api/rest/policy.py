"""Who may do what over REST: one line per operation. ``PolicyPermission`` obeys it and tests are generated from it.

Whose rows an operation concerns says its ``rows``: a right of the table that the desk and the commands ask as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.models import ApiKey, Scope
from api.rights import RIGHTS
from assessment.models import Attempt, Correction, Course, Launch, User
from assessment.people.second_factor import Standing, standing
from content.rights import NOTHING, Right, Role

if TYPE_CHECKING:
    from rest_framework.views import APIView


class ScopeMissing(PermissionDenied):
    default_code = "scope_missing"

    def __init__(self, scope: str | None) -> None:
        super().__init__(f"This needs a key with the scope {scope}." if scope else "No key may do this.")


class NameNeeded(PermissionDenied):
    default_code = "sign_up_first"
    default_detail = "Sign up or sign in first: this needs somebody with a name."


class SecondFactorNeeded(PermissionDenied):
    default_code = "second_factor_needed"

    def __init__(self, lacks: Standing) -> None:
        super().__init__(
            "Set up a second factor at the desk first."
            if lacks is Standing.NEEDS_DEVICE
            else "Sign in again, with a code of your authenticator app."
        )


class Who(StrEnum):
    """Who asks. An instructor is who has the permission of instructors."""

    ANONYMOUS = "anonymous"
    GUEST = "guest"
    LEARNER = "learner"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True, slots=True)
class Rule:
    """``scope`` is what a key needs to act for its owner (None: no key may); ``rows`` is the right needed on a row.

    To whoever has not the right the row does not exist: 404. Without ``rows`` an operation concerns nobody's, or
    one's own account alone.

    ``of_machines``: a key with the scope may, whoever owns it. For what concerns nobody's rows. ``of_launches``: only
    whoever came by a launch. ``proven``: a session of staff must have shown its second factor, as it must wherever
    rows of others are read. ``audited``: the audit knows what it writes as the doing of who asks.
    """

    who: frozenset[Who]
    scope: Scope | None = None
    rows: Right | None = None
    of_machines: bool = False
    of_launches: bool = False
    proven: bool = False
    audited: bool = False

    @property
    def needs_proof(self) -> bool:
        return self.proven or self.who == {Who.INSTRUCTOR} or self._reads_others

    @property
    def _reads_others(self) -> bool:
        """Whether somebody who is not their owner may do it with rows."""
        lines = RIGHTS.lines_of(*self.rows) if self.rows else []
        return any(line.role is not Role.OWNER for line in lines)


INSTRUCTORS_ONLY = "assessment.grade_cases"
"""The permission that tells an instructor from a learner; being staff tells nothing."""

EVERYBODY = frozenset(Who)
SIGNED_IN = EVERYBODY - {Who.ANONYMOUS}
MEMBERS = SIGNED_IN - {Who.GUEST}
"""Those who have a name and a password."""
OWN = Right("take", Attempt)
SEEN_BY_TEACHERS = Right("read", Attempt)
ARRANGED = Right("arrange", User)
OWN_KEYS = Right("keep", ApiKey)
READ_COURSE, SEE_COURSE, RUN_COURSE = (Right(may, Course) for may in ("read", "view", "change"))
SEE_CORRECTION, APPLY_CORRECTION = Right("view", Correction), Right("apply", Correction)

RULES: Mapping[str, Rule] = {
    "list_subjects": Rule(EVERYBODY, Scope.CATALOGUE),
    "list_skills": Rule(EVERYBODY, Scope.CATALOGUE),
    "list_lessons": Rule(EVERYBODY, Scope.CATALOGUE),
    "get_lesson": Rule(EVERYBODY, Scope.CATALOGUE),
    "list_assessments": Rule(EVERYBODY, Scope.CATALOGUE),
    "get_assessment": Rule(EVERYBODY, Scope.CATALOGUE),
    "take_launch": Rule(EVERYBODY),
    "renew_launch": Rule(SIGNED_IN, of_launches=True),
    "list_grades_of_a_launch": Rule(SIGNED_IN, of_launches=True),
    "resend_grades_of_a_launch": Rule(SIGNED_IN, of_launches=True),
    "list_grades_sent": Rule(SIGNED_IN, Scope.ATTEMPTS_READ, SEEN_BY_TEACHERS),
    "list_attempts": Rule(SIGNED_IN, Scope.ATTEMPTS_READ, OWN),
    "start_attempt": Rule(EVERYBODY, Scope.ATTEMPTS_WRITE),
    "get_attempt": Rule(SIGNED_IN, Scope.ATTEMPTS_READ, SEEN_BY_TEACHERS),
    "review_attempt": Rule(SIGNED_IN, Scope.ATTEMPTS_READ, SEEN_BY_TEACHERS),
    "mark_corrections_seen": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "request_regrade": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "next_presentation": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "draw_presentation": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "list_presentations": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "get_presentation": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "save_draft": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "take_hint": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "show_solution": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "submit_response": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "submit_attempt": Rule(SIGNED_IN, Scope.ATTEMPTS_WRITE, OWN),
    "draw_variant": Rule(EVERYBODY, Scope.PRACTICE),
    "take_variant_hint": Rule(EVERYBODY, Scope.PRACTICE),
    "check_variant": Rule(EVERYBODY, Scope.PRACTICE),
    "show_variant_solution": Rule(EVERYBODY, Scope.PRACTICE),
    "grade_cases": Rule(frozenset({Who.INSTRUCTOR}), Scope.GRADE, of_machines=True),
    "make_accommodations": Rule(MEMBERS, Scope.ACCOMMODATIONS, ARRANGED, proven=True, audited=True),
    "get_accommodation": Rule(MEMBERS, Scope.ACCOMMODATIONS, ARRANGED, proven=True),
    "make_accommodation": Rule(MEMBERS, Scope.ACCOMMODATIONS, ARRANGED, proven=True, audited=True),
    "end_accommodation": Rule(MEMBERS, Scope.ACCOMMODATIONS, ARRANGED, proven=True, audited=True),
    "get_accommodation_at": Rule(MEMBERS, Scope.ACCOMMODATIONS, ARRANGED, proven=True),
    "make_accommodation_at": Rule(MEMBERS, Scope.ACCOMMODATIONS, ARRANGED, proven=True, audited=True),
    "end_accommodation_at": Rule(MEMBERS, Scope.ACCOMMODATIONS, ARRANGED, proven=True, audited=True),
    "list_courses": Rule(MEMBERS, Scope.PROGRESS),
    "get_course": Rule(MEMBERS, Scope.PROGRESS, READ_COURSE),
    "make_course": Rule(frozenset({Who.INSTRUCTOR}), audited=True),
    "show_invitation": Rule(EVERYBODY, Scope.CATALOGUE),
    "join_course": Rule(MEMBERS, audited=True),
    # Of these a course that somebody does not teach does not exist.
    "import_roster": Rule(MEMBERS, Scope.COURSES, RUN_COURSE, proven=True, audited=True),
    "set_join_code": Rule(MEMBERS, Scope.COURSES, RUN_COURSE, proven=True, audited=True),
    "clear_join_code": Rule(MEMBERS, Scope.COURSES, RUN_COURSE, proven=True, audited=True),
    "copy_course": Rule(MEMBERS, Scope.COURSES, RUN_COURSE, proven=True, audited=True),
    "get_gradebook": Rule(MEMBERS, Scope.GRADEBOOK_READ, SEE_COURSE, proven=True),
    "note_grade": Rule(MEMBERS, Scope.GRADEBOOK_WRITE, RUN_COURSE, proven=True, audited=True),
    "get_live": Rule(MEMBERS, Scope.GRADEBOOK_READ, SEE_COURSE, proven=True),
    "get_statistics": Rule(MEMBERS, Scope.STATISTICS, proven=True),
    "get_bank_statistics": Rule(MEMBERS, Scope.STATISTICS, proven=True),
    "list_corrections": Rule(MEMBERS, Scope.CORRECTIONS, proven=True),
    "propose_correction": Rule(MEMBERS, Scope.CORRECTIONS, proven=True, audited=True),
    "get_correction": Rule(MEMBERS, Scope.CORRECTIONS, SEE_CORRECTION, proven=True),
    "list_correction_changes": Rule(MEMBERS, Scope.CORRECTIONS, SEE_CORRECTION, proven=True),
    "preview_correction": Rule(MEMBERS, Scope.CORRECTIONS, APPLY_CORRECTION, proven=True, audited=True),
    "apply_correction": Rule(MEMBERS, Scope.CORRECTIONS, APPLY_CORRECTION, proven=True, audited=True),
    "undo_correction": Rule(MEMBERS, Scope.CORRECTIONS, APPLY_CORRECTION, proven=True, audited=True),
    "get_progress": Rule(SIGNED_IN, Scope.PROGRESS),
    "sign_up": Rule(frozenset({Who.ANONYMOUS, Who.GUEST})),
    "sign_in": Rule(EVERYBODY, audited=True),
    "sign_out": Rule(EVERYBODY),
    "get_me": Rule(EVERYBODY, Scope.CATALOGUE),
    "change_me": Rule(MEMBERS, proven=True, audited=True),
    "erase_me": Rule(SIGNED_IN, proven=True, audited=True),
    "get_account": Rule(SIGNED_IN),
    "export_me": Rule(SIGNED_IN, proven=True),
    "change_password": Rule(MEMBERS, proven=True, audited=True),
    "make_recovery_code": Rule(MEMBERS, proven=True),
    "end_sessions": Rule(MEMBERS),
    "list_keys": Rule(MEMBERS, rows=OWN_KEYS, proven=True),
    "make_key": Rule(MEMBERS, proven=True, audited=True),
    "revoke_key": Rule(MEMBERS, rows=OWN_KEYS, proven=True, audited=True),
    "rotate_key": Rule(MEMBERS, rows=OWN_KEYS, proven=True, audited=True),
    "ask_for_recovery": Rule(EVERYBODY),
    "recover": Rule(EVERYBODY, audited=True),
}

NEED_PROOF: Final = frozenset(name for name, rule in RULES.items() if rule.needs_proof)
"""Where a session of staff must have shown its second factor: known beforehand, as learners answer through it."""


def admits(rule: Rule, user: User | AnonymousUser) -> bool:
    """Whether the rule names who asks. What an instructor may is looked up only where a learner may not."""
    if isinstance(user, User) and not user.is_guest and Who.LEARNER in rule.who:
        return True
    return who_is(user) in rule.who


def who_is(user: User | AnonymousUser) -> Who:
    if not isinstance(user, User):
        return Who.ANONYMOUS
    if user.is_guest:
        return Who.GUEST
    return Who.INSTRUCTOR if user.has_perm(INSTRUCTORS_ONLY) else Who.LEARNER


def operation_of(view: APIView, method: str | None) -> str | None:
    """Return the operation that a method of a view performs; None for a method it does not have."""
    operations: Mapping[str, str] = getattr(view, "operations", {})
    return operations.get("GET" if method == "HEAD" else method or "")


def visible_attempts(operation: str, user: User, now: datetime) -> Q:
    """Return the condition on attempts that ``user`` may reach by an operation."""
    return reachable(operation, user, Attempt, now)


def reachable(operation: str, user: User, model: type[Model], now: datetime) -> Q:
    """Return the condition on the rows that ``user`` may reach by an operation; none where it is of another kind."""
    right = RULES[operation].rows
    if right is None or right.model is not model:
        return NOTHING
    return RIGHTS.rows(user, right.operation, model, now)


class PolicyPermission(BasePermission):
    """Looks the operation up in ``RULES``; rows are the business of the views' querysets."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        operation = operation_of(view, request.method)
        if operation is None:
            return True  # the view answers 405
        rule = RULES[operation]
        if isinstance(request.auth, ApiKey):
            if not (rule.scope and request.auth.allows(rule.scope)):
                raise ScopeMissing(rule.scope)
            if rule.of_machines:
                return True
        if rule.of_launches and not isinstance(request.auth, Launch):
            return False
        if operation in NEED_PROOF and request.auth is None:
            require_proof(request)
        if not admits(rule, request.user) and is_guest(request.user) and Who.LEARNER in rule.who:
            raise NameNeeded
        return admits(rule, request.user)


def is_guest(user: User | AnonymousUser) -> bool:
    return isinstance(user, User) and user.is_guest


def require_proof(request: Request) -> None:
    """Raise SecondFactorNeeded for a session of staff that has not shown what its account asks for.

    Keys were made by a session that had, and whoever comes by a launch has signed in to the platform. For learners it
    costs nothing.
    """
    user = request.user
    if not (isinstance(user, User) and (user.is_staff or user.is_superuser)):
        return
    found = standing(user, request._request.session)
    if found is not Standing.PROVEN:
        raise SecondFactorNeeded(found)
