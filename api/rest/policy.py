"""Who may do what: one line per operation. ``PolicyPermission`` obeys it and tests are generated from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.models import ApiKey, Scope
from assessment.models import Launch, User
from assessment.people.oversight import overseen_attempts

if TYPE_CHECKING:
    from rest_framework.views import APIView


class ScopeMissing(PermissionDenied):
    default_code = "scope_missing"

    def __init__(self, scope: str | None) -> None:
        super().__init__(f"This needs a key with the scope {scope}." if scope else "No key may do this.")


class Who(StrEnum):
    """Who asks. An instructor is who has the permission of instructors."""

    ANONYMOUS = "anonymous"
    GUEST = "guest"
    LEARNER = "learner"
    INSTRUCTOR = "instructor"


class Relation(StrEnum):
    """What the one who asks is to the row asked for. To anybody else the row does not exist: 404."""

    OWNER = "owner"
    INSTRUCTOR = "instructor of its course"
    SUPERUSER = "superuser"


@dataclass(frozen=True, slots=True)
class Rule:
    """``scope`` is what a key needs to act for its owner (None: no key may); ``rows`` says whose rows.

    ``of_machines``: a key with the scope may, whoever owns it. For what concerns nobody's rows. ``of_launches``: only
    whoever came by a launch.
    """

    who: frozenset[Who]
    scope: Scope | None = None
    rows: frozenset[Relation] = frozenset()
    of_machines: bool = False
    of_launches: bool = False


INSTRUCTORS_ONLY = "assessment.grade_cases"
"""The permission that tells an instructor from a learner; being staff tells nothing."""

EVERYBODY = frozenset(Who)
SIGNED_IN = EVERYBODY - {Who.ANONYMOUS}
MEMBERS = SIGNED_IN - {Who.GUEST}
"""Those who have a name and a password."""
OWN = frozenset({Relation.OWNER})
SEEN_BY_TEACHERS = frozenset(Relation)

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
    "make_accommodations": Rule(MEMBERS, Scope.ACCOMMODATIONS),
    "get_accommodation": Rule(MEMBERS, Scope.ACCOMMODATIONS),
    "make_accommodation": Rule(MEMBERS, Scope.ACCOMMODATIONS),
    "end_accommodation": Rule(MEMBERS, Scope.ACCOMMODATIONS),
    "get_accommodation_at": Rule(MEMBERS, Scope.ACCOMMODATIONS),
    "make_accommodation_at": Rule(MEMBERS, Scope.ACCOMMODATIONS),
    "end_accommodation_at": Rule(MEMBERS, Scope.ACCOMMODATIONS),
    "list_corrections": Rule(MEMBERS, Scope.CORRECTIONS),
    "propose_correction": Rule(MEMBERS, Scope.CORRECTIONS),
    "get_correction": Rule(MEMBERS, Scope.CORRECTIONS),
    "list_correction_changes": Rule(MEMBERS, Scope.CORRECTIONS),
    "preview_correction": Rule(MEMBERS, Scope.CORRECTIONS),
    "apply_correction": Rule(MEMBERS, Scope.CORRECTIONS),
    "undo_correction": Rule(MEMBERS, Scope.CORRECTIONS),
    "get_progress": Rule(SIGNED_IN, Scope.PROGRESS),
    "sign_up": Rule(frozenset({Who.ANONYMOUS, Who.GUEST})),
    "sign_in": Rule(EVERYBODY),
    "sign_out": Rule(EVERYBODY),
    "get_me": Rule(EVERYBODY, Scope.CATALOGUE),
    "change_me": Rule(MEMBERS),
    "erase_me": Rule(SIGNED_IN),
    "get_account": Rule(SIGNED_IN),
    "export_me": Rule(SIGNED_IN),
    "change_password": Rule(MEMBERS),
    "make_recovery_code": Rule(MEMBERS),
    "end_sessions": Rule(MEMBERS),
    "list_keys": Rule(MEMBERS),
    "make_key": Rule(MEMBERS),
    "revoke_key": Rule(MEMBERS),
    "rotate_key": Rule(MEMBERS),
    "ask_for_recovery": Rule(EVERYBODY),
    "recover": Rule(EVERYBODY),
}


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
    rows = RULES[operation].rows
    visible = Q(pk__in=())
    if Relation.OWNER in rows:
        visible |= Q(learner__users=user)
    if Relation.INSTRUCTOR in rows:
        visible |= overseen_attempts(user, now)
    return visible


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
        return admits(rule, request.user)
