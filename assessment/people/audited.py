"""What the audit records of which table, and why. Triggers of the migrations obey it; a test compares them.

What learners do, their answers, drafts and attempts, has a log of its own and is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Audited:
    """What is recorded of a table.

    ``about`` are columns with the numbers of what a row belongs to, kept with every entry; ``kept`` those whose
    values are kept where they change; ``facts`` those of which only the fact is kept: secrets, and texts that may
    name somebody, which are read from the row itself for as long as it is there. ``author`` is the column that says
    who did it where nobody else does. An operation that is not among ``operations`` is impossible, or no news.
    """

    why: str
    about: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    author: str = ""
    operations: tuple[str, ...] = ("insert", "update", "delete")


ONLY_ADDED: Final = ("insert",)
"""For rows that never change, and go by an erasure alone, which is an entry of its own."""

VERSION: Final = ("status", "fingerprint")
"""Of a document the fingerprint: that it changed. What it says stands in the version itself."""

AUDITED: Final[Mapping[str, Audited]] = {
    "content_itembank": Audited(
        "What its items are for.", kept=("slug", "title", "use", "lesson_id", "needs_review")
    ),
    "content_item": Audited("What learners are given.", ("bank_id",), ("slug", "retired_at", "current_id")),
    "content_itemversion": Audited("Published, retired; keys changed.", ("item_id", "number"), VERSION),
    "content_lesson": Audited("What learners read.", kept=("slug", "premium", "current_id")),
    "content_lessonversion": Audited("Published, retired.", ("lesson_id", "number"), VERSION),
    "content_authorgrant": Audited(
        "Who may change or review content.",
        ("user_id", "bank_id", "lesson_id", "role"),
        author="granted_by_id",
    ),
    "assessment_assessment": Audited(
        "What can be given to courses.", kept=("slug", "lesson_id", "retired_at", "current_id")
    ),
    "assessment_assessmentversion": Audited("Published, retired.", ("assessment_id", "number"), VERSION),
    "assessment_assignment": Audited(
        "When, how often and on which terms it is taken.",
        ("assessment_id", "course_id", "section_id"),
        (
            "is_open",
            "opens_at",
            "closes_at",
            "time_limit_minutes",
            "attempts_allowed",
            "release",
            "grade_rule",
            "weight",
            "exclusive",
        ),
    ),
    "assessment_correction": Audited(
        "Grades of many change by it.",
        ("assessment_id", "corrected_version_id", "undoes_id"),
        ("kind", "keep_if_better", "exact", "applied_at"),
        author="author_id",
        operations=("insert", "update"),
    ),
    "assessment_override": Audited(
        "A grade changes.",
        ("attempt_id", "presentation_id"),
        ("score",),
        author="author_id",
        operations=ONLY_ADDED,
    ),
    "assessment_attemptaction": Audited(
        "An attempt counts, or goes on, or not.",
        ("attempt_id",),
        ("kind", "until"),
        author="author_id",
        operations=ONLY_ADDED,
    ),
    "assessment_gradenote": Audited(
        "A grade changes.",
        ("assignment_id", "learner_id"),
        ("score", "is_excused"),
        author="author_id",
        operations=ONLY_ADDED,
    ),
    "assessment_accommodation": Audited(
        "Somebody has more time, or more attempts.",
        ("user_id", "assessment_id"),
        ("time_factor", "extra_minutes", "no_limit", "extra_attempts", "tries", "closes_at"),
        ("reason",),
    ),
    "assessment_enrolment": Audited(
        "Who sees a course, and who teaches it.", ("course_id", "user_id"), ("role", "section_id", "ends_at")
    ),
    "assessment_section": Audited("Terms are given to it.", ("course_id",), ("title",)),
    "assessment_course": Audited(
        "Who has its code joins it.", kept=("slug", "title", "time_zone"), facts=("join_code",)
    ),
    "assessment_user": Audited(
        "Who may do what, and sign-ins of staff. Guests, and that learners sign up or in, are not.",
        kept=("username", "is_staff", "is_superuser", "is_active"),
        facts=("email", "password"),
    ),
    "assessment_user_groups": Audited(
        "Who may do what.", ("user_id", "group_id"), operations=("insert", "delete")
    ),
    "assessment_user_user_permissions": Audited(
        "Who may do what.", ("user_id", "permission_id"), operations=("insert", "delete")
    ),
    "auth_group": Audited("Who may do what.", kept=("name",)),
    "auth_group_permissions": Audited(
        "Who may do what.", ("group_id", "permission_id"), operations=("insert", "delete")
    ),
    "api_apikey": Audited(
        "A program acts for its owner.",
        ("owner_id",),
        ("name", "scopes", "expires_at", "revoked_at"),
        ("digest",),
    ),
    "assessment_platform": Audited(
        "Lets people in whom we have not seen.",
        kept=("name", "state", "trusts_new_deployments"),
        facts=("issuer", "client_id", "authorization_url", "token_url", "jwks_url", "other_hosts"),
    ),
    "assessment_deployment": Audited("As its platform.", ("platform_id",), ("state",)),
    "assessment_erasure": Audited(
        "Somebody was forgotten.",
        ("learner_id",),
        ("keeps_grades",),
        author="author_id",
        operations=ONLY_ADDED,
    ),
    "otp_totp_totpdevice": Audited(
        "A second factor was switched on, or taken away.",
        ("user_id",),
        ("confirmed",),
        operations=("update", "delete"),
    ),
    "otp_static_staticdevice": Audited(
        "Recovery codes were made, or one was used.",
        ("user_id",),
        ("last_used_at",),
        operations=("insert", "update"),
    ),
}

SIGN_INS: Final = "assessment_user"
"""The table whose trigger of another name notes that somebody of the staff has signed in."""
