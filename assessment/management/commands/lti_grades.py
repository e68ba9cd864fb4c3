"""``manage.py lti_grades``: what learning-management systems were told, what is on its way, what they refused."""

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.models import Grade
from assessment.models.grades import GradeQuerySet, GradeState
from assessment.platforms.grading import resend

ALL: Final = "all"


class Command(BaseCommand):
    help = (
        "Shows the ledger of grades, the newest first. With --resend grades wait to be sent again, and the scheduled "
        "work sends them within seconds. Of somebody's grades at a link only the latest is sent again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--state", choices=GradeState.values, help="only those in this state")
        parser.add_argument(
            "--resend",
            metavar="ID",
            help="send the grade with this id again, or all: those in --state, without it those that were refused",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        resent = _resent(options["resend"], options["state"]) if options["resend"] else None
        grades = Grade.objects.order_by("-created_at", "-version").select_related(
            "person__user", "link__context__course", "link__context__deployment__platform"
        )
        if options["state"]:
            grades = grades.filter(state=options["state"])
        if options["json"]:
            self.stdout.write(json.dumps({"resent": resent, "grades": [_as_json(one) for one in grades]}))
            return
        for grade in grades:
            self.stdout.write(_in_words(grade))
        if resent is not None:
            self.stdout.write(f"{resent} grades wait to be sent again.")


def _resent(which: str, state: str | None) -> int:
    """Let grades be sent again and return how many wait now. Raises CommandError where a single one does not."""
    now = timezone.now()
    if which == ALL:
        return resend(Grade.objects.filter(state=state or GradeState.PARKED), now=now)
    count = resend(_one(which), now=now)
    if not count:
        raise CommandError("This grade waits to be sent already, or there is a later one of the same person.")
    return count


def _one(identifier: str) -> GradeQuerySet:
    try:
        found = Grade.objects.filter(pk=identifier)
    except ValidationError:
        found = Grade.objects.none()
    if not found.exists():
        raise CommandError(f"There is no grade with id {identifier}.")
    return found


def _as_json(grade: Grade) -> dict[str, Any]:
    context = grade.link.context
    return {
        "id": str(grade.pk),
        "platform": context.deployment.platform.name,
        "course": context.course.title,
        "link": str(grade.link),
        "person": grade.person.user.username,
        "version": grade.version,
        "score": grade.score,
        "maximum": grade.maximum,
        "is_final": grade.is_final,
        "timestamp": grade.timestamp.isoformat(),
        "state": grade.state,
        "tries": grade.tries,
        "due_at": grade.due_at.isoformat(),
        "sent_at": grade.sent_at.isoformat() if grade.sent_at else None,
        "reason": grade.reason,
    }


def _in_words(grade: Grade) -> str:
    earned = "not judged yet" if grade.score is None else f"{grade.score:.4g}"
    where = f"{grade.link.context.deployment.platform}, {grade.link}"
    told = f"{grade.pk}  {grade.person.user.username} at {where}: {earned} of {grade.maximum:.4g}, "
    return f"{told}{grade.get_state_display()}. {grade.reason}".rstrip()
