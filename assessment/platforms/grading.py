"""Grades for platforms: from the outbox to a ledger, from the ledger to the gradebooks.

A result that changes is noted by the database in the transaction that changes it. From there one process at a time
makes the next version of each grade that it concerns, and sends those that are due: at least once, each version under
a time of its own that never falls, so that a repetition changes nothing and an older one cannot win.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from assessment.grades.noting import latest_note
from assessment.grades.standing import CLOSED_PAUSE, Standing, standing
from assessment.models import (
    Assignment,
    Attempt,
    Grade,
    GradeNote,
    PlatformPerson,
    ResourceLink,
    ResultChange,
)
from assessment.models.attempts import AttemptState
from assessment.models.grades import LONGEST_REASON, GradeQuerySet, GradeState
from assessment.models.platforms import PlatformState
from assessment.platforms import line_items
from assessment.platforms.calling import PlatformFailure

MOST_AT_ONCE: Final = 500
"""Changes, and grades, in one turn: the next turn goes on."""
MOST_SECONDS: Final = 20.0
"""Other work waits for this."""
FIRST_PAUSE: Final = 10.0
LONGEST_PAUSE: Final = 6 * 3600.0
ENOUGH: Final = 3
"""Failures in a row, after which a platform is left alone for this turn."""
A_SECOND: Final = timedelta(seconds=1)

logger = logging.getLogger(__name__)


def note_changes(now: datetime) -> int:
    """Take the outbox, make the versions of grades that follow from it, and return how many were made."""
    with transaction.atomic():
        changes = list(ResultChange.objects.select_for_update(skip_locked=True)[:MOST_AT_ONCE])
        made = sum(_note(*pair, now) for pair in {(one.assignment_id, one.learner_id) for one in changes})
        ResultChange.objects.filter(pk__in=[one.pk for one in changes]).delete()
    return made


def note_results(link: ResourceLink) -> int:
    """Put all results of a link's assignment into the outbox, as when its column is new; return how many."""
    if link.assignment_id is None:
        return 0
    here = Assignment.objects.alongside(link.assignment_id)
    ended = Attempt.objects.filter(assignment__in=here).exclude(state=AttemptState.OPEN)
    noted = GradeNote.objects.filter(assignment__in=here)
    learners = ended.values_list("learner", flat=True).union(noted.values_list("learner", flat=True))
    changes = [ResultChange(assignment_id=link.assignment_id, learner_id=one) for one in learners]
    return len(ResultChange.objects.bulk_create(changes))


def resend(grades: GradeQuerySet, *, now: datetime) -> int:
    """Let those of some grades that are the latest of their people be sent again; return how many wait now."""
    again = grades.latest_versions().exclude(state=GradeState.WAITING)
    return again.update(state=GradeState.WAITING, due_at=now, tries=0, reason="")


def send_due(now: datetime, *, clock: Callable[[], float] = monotonic) -> tuple[int, int]:
    """Note what has changed, send what is due, and return how many were sent and how many were not.

    Run by one process at a time, for a while by ``clock``, in seconds. What one platform refuses stops no other.
    """
    began = clock()
    note_changes(now)
    due = Grade.objects.filter(state=GradeState.WAITING, due_at__lte=now).order_by("due_at", "version")
    waiting = due.select_related(
        "link__context__deployment__platform", "link__assignment__assessment__current", "person__user"
    )
    sent = failed = 0
    tired: dict[UUID, int] = {}
    for grade in waiting[:MOST_AT_ONCE]:
        platform = grade.link.context.deployment.platform
        if clock() - began > MOST_SECONDS:
            break
        if tired.get(platform.pk, 0) >= ENOUGH:
            continue
        if _send(grade, now):
            sent, tired[platform.pk] = sent + 1, 0
        else:
            failed, tired[platform.pk] = failed + 1, tired.get(platform.pk, 0) + 1
    return sent, failed


def _note(assignment_id: UUID, learner_id: UUID, now: datetime) -> int:
    """Make a version of each grade that a result concerns, where it is another one than before."""
    # What a section takes at dates of its own is sent to the link of its course.
    here = Assignment.objects.alongside(assignment_id)
    links = ResourceLink.objects.filter(assignment__in=here).select_related(
        "context__deployment__platform", "assignment__assessment__current"
    )
    made = 0
    for link in links:
        if not link.takes_grades:
            continue
        platform = link.context.deployment.platform_id
        for person in PlatformPerson.objects.filter(
            platform=platform, user__learners=learner_id
        ).select_related("user"):
            made += _version(link, person, now)
    return made


def _version(link: ResourceLink, person: PlatformPerson, now: datetime) -> bool:
    found = _standing(link, person, now)
    last = _latest(link, person)
    if found is None or found.is_excused:
        # There is nothing to tell; what was told before stays, as platforms know no taking back.
        _waiting(link, person).update(state=GradeState.REPLACED)
        return False
    if found.share is None and _was_final(link, person):
        # A platform would take an unfinished grade for a reason to forget the one that it has.
        return False
    maximum = _maximum(link, found.maximum)
    score = None if found.share is None else found.share * maximum
    due_at = _due(found, now)
    is_told = last and last.state not in {GradeState.PARKED, GradeState.REPLACED}
    if last and is_told and (last.score, last.maximum) == (score, maximum):
        if last.state == GradeState.WAITING and not last.tries:
            last.due_at = due_at
            last.save(update_fields=["due_at"])
        return False
    _waiting(link, person).update(state=GradeState.REPLACED)
    Grade.objects.create(
        link=link,
        person=person,
        version=last.version + 1 if last else 1,
        score=score,
        maximum=maximum,
        is_final=score is not None,
        timestamp=_next_time(last, now),
        due_at=due_at,
        created_at=now,
    )
    return True


def _due(found: Standing, now: datetime) -> datetime:
    """Return when to look at a grade next: at its release, and meanwhile now and then, as that may be put forward."""
    return min(max(found.released_at, now), now + CLOSED_PAUSE)


def _standing(link: ResourceLink, person: PlatformPerson, now: datetime) -> Standing | None:
    if link.assignment is None:
        return None
    note = latest_note(link.assignment, person.user)
    return standing(assignment=link.assignment, attempts=_attempts(link, person), note=note, now=now)


def _waiting(link: ResourceLink, person: PlatformPerson) -> QuerySet[Grade]:
    return Grade.objects.filter(link=link, person=person, state=GradeState.WAITING)


def _attempts(link: ResourceLink, person: PlatformPerson) -> QuerySet[Attempt]:
    here = Assignment.objects.alongside(link.assignment_id)
    found = Attempt.objects.filter(assignment__in=here, learner__users=person.user_id)
    related = found.select_related("assignment__assessment", "learner")
    return related.prefetch_related("learner__users__accommodations").order_by("number", "started_at")


def _maximum(link: ResourceLink, of_result: float) -> float:
    """What a full score is called there stays what it was called first, whatever is dropped later."""
    if link.maximum is None:
        link.maximum = of_result
        link.save(update_fields=["maximum"])
    return link.maximum


def _latest(link: ResourceLink, person: PlatformPerson) -> Grade | None:
    return Grade.objects.filter(link=link, person=person).order_by("-version").first()


def _was_final(link: ResourceLink, person: PlatformPerson) -> bool:
    return Grade.objects.filter(link=link, person=person, is_final=True, sent_at__isnull=False).exists()


def _next_time(last: Grade | None, now: datetime) -> datetime:
    """Return a time in whole seconds that is later than that of the version before."""
    second = now.replace(microsecond=0)
    return max(second, last.timestamp + A_SECOND) if last else second


def _send(grade: Grade, now: datetime) -> bool:
    """Send one version and note what became of it. Returns whether it is there."""
    platform = grade.link.context.deployment.platform
    if platform.state != PlatformState.ACTIVE:
        return _later(grade, "This platform may not open us any more.", now + CLOSED_PAUSE)
    # A closing may have been put off since.
    by_now = _standing(grade.link, grade.person, now)
    if by_now and by_now.released_at > now:
        grade.reason, grade.due_at = "The results are not released yet.", _due(by_now, now)
        grade.save(update_fields=["reason", "due_at"])
        return False
    try:
        line_items.send_score(grade, now)
    except PlatformFailure as failure:
        return _failed(grade, failure, now)
    except Exception:
        # A fault of ours in one grade holds up no other.
        logger.exception("The grade %s could not be sent.", grade.pk)
        return _later(grade, "Something is wrong on our side.", _next_try(grade, None, now))
    grade.state, grade.sent_at, grade.reason = GradeState.SENT, now, ""
    grade.save(update_fields=["state", "sent_at", "reason"])
    return True


def _failed(grade: Grade, failure: PlatformFailure, now: datetime) -> bool:
    if failure.status == 409:
        return _reconciled(grade, now)
    if failure.status == 404 and grade.tries == 0 and grade.link.line_items and grade.link.line_item:
        # The column was deleted: it is looked for once more, or made.
        ResourceLink.objects.filter(pk=grade.link_id).update(line_item="")
        return _later(grade, str(failure), now + A_SECOND)
    if failure.is_passing or failure.status == 401:
        return _later(grade, str(failure), _next_try(grade, failure.wait, now))
    logger.warning("The grade %s was refused: %s", grade.pk, failure)
    grade.state, grade.reason = GradeState.PARKED, str(failure)[:LONGEST_REASON]
    grade.tries += 1
    grade.save(update_fields=["state", "reason", "tries"])
    return False


def _reconciled(grade: Grade, now: datetime) -> bool:
    """The platform has a grade of this second, or of a later one: where it is this one, all is well."""
    try:
        is_there = line_items.has_score(grade, now)
    except PlatformFailure as failure:
        return _later(grade, str(failure), _next_try(grade, failure.wait, now))
    if is_there:
        grade.state, grade.sent_at, grade.reason = GradeState.SENT, now, ""
        grade.save(update_fields=["state", "sent_at", "reason"])
        return True
    grade.timestamp = max(now.replace(microsecond=0), grade.timestamp) + A_SECOND
    grade.save(update_fields=["timestamp"])
    return _later(grade, "The platform has a grade of the same second.", now + 2 * A_SECOND)


def _later(grade: Grade, reason: str, due_at: datetime) -> bool:
    grade.tries += 1
    grade.reason, grade.due_at = reason[:LONGEST_REASON], due_at
    grade.save(update_fields=["tries", "reason", "due_at"])
    return False


def _next_try(grade: Grade, wait: float | None, now: datetime) -> datetime:
    """After what the platform asked for, else twice as late each time, and not all at the same moment."""
    doubled = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(grade.tries, 20))
    seconds = wait if wait is not None else doubled * random.uniform(0.5, 1.0)  # noqa: S311 - to spread them
    return now + timedelta(seconds=max(1.0, seconds))


def states_of(attempt: Attempt) -> Iterable[Grade]:
    """Return the latest grade at each link that an attempt counts for, for its learner."""
    people = PlatformPerson.objects.filter(user__learners=attempt.learner_id)
    here = Assignment.objects.alongside(attempt.assignment_id)
    grades = Grade.objects.filter(link__assignment__in=here, person__in=people)
    return grades.latest_versions().select_related("link__context__deployment__platform")
