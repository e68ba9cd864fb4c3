"""Whoever asks to be forgotten is forgotten: no word of theirs and no name is left in any table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from assessment.delivery.verifying import verify_attempt
from assessment.errors import ErasureRefused
from assessment.models import (
    Accommodation,
    Attempt,
    Enrolment,
    Erasure,
    GradeNote,
    Learner,
    RegradeRequest,
    Response,
    User,
    Verdict,
)
from assessment.models.corrections import ActionKind
from assessment.people.erasing import erase_person
from assessment.people.learners import adopt_guest
from assessment.recording.overruling import act, override_score
from content.models import Item
from tests import sitting
from tests.builders import NOW, enrol, exercise_document, make_attempt, make_course, make_item, make_learner

pytestmark = pytest.mark.django_db

NAME = "Xanthippe"
LATER = NOW + timedelta(days=1)


def tables_with(word: str) -> list[str]:
    """Return every table in which a row says a word, wherever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{word}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found


@pytest.fixture
def root() -> User:
    return make_learner("root", is_staff=True, is_superuser=True)


@pytest.fixture
def attempt(root: User) -> Attempt:
    """An attempt of somebody whose name stands in everything that can hold it."""
    user = make_learner(NAME.lower(), first_name=NAME, email=f"{NAME}@example.org")
    made = make_attempt(make_item(exercise_document()), make_item(), learner=user)
    sitting.answer(made, 1, {"a": f"{NAME} does not know"})
    sitting.draft(made, 2, {"a": NAME})
    sitting.answer(made, 1, {"a": "2"})
    enrol(user, make_course())
    Accommodation.objects.create(user=user, reason=f"{NAME} asked for it")
    override_score(
        attempt_id=made.pk, position=1, score=0.5, reason=f"{NAME} explained it", author=root, now=NOW
    )
    act(attempt_id=made.pk, kind=ActionKind.ALLOW_ANOTHER, reason=f"for {NAME}", author=root, now=NOW)
    RegradeRequest.objects.create(
        response=made.responses.earliest("sequence"),
        text=f"{NAME} asks again",
        created_at=NOW,
        closed_at=NOW,
        reply=f"Dear {NAME}",
    )
    GradeNote.objects.create(
        assignment=made.assignment,
        learner=made.learner,
        score=0.5,
        comment=f"Well done, {NAME}",
        reason=f"{NAME} came to see me",
        created_at=NOW,
    )
    AccessAttempt.objects.create(
        username=NAME, failures_since_start=1, ip_address="10.0.0.1", attempt_time=NOW
    )
    LogEntry.objects.create(
        user=root,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=NAME,
        action_flag=CHANGE,
        change_message=f"{NAME} renamed",
    )
    LogEntry.objects.create(
        user=root,
        content_type=ContentType.objects.get_for_model(Enrolment),
        object_id="1",
        object_repr=f"{NAME} in a course",
        action_flag=CHANGE,
    )
    return made


def erase(attempt: Attempt, root: User, **options: bool) -> list[Erasure]:
    user = attempt.learner.users.get()
    return erase_person(user=user, reason="Asked by letter.", author=root, now=LATER, **options)


def test_no_table_says_a_word_of_who_was_erased(attempt: Attempt, root: User) -> None:
    told = tables_with(NAME)
    assert len(told) > 8
    assert {"assessment_regraderequest", "assessment_gradenote"} <= set(told)
    [erasure] = erase(attempt, root)
    assert tables_with(NAME) == []
    assert erasure.done_at == LATER
    assert not Learner.objects.exists()
    assert not Attempt.objects.exists()


def test_where_grades_are_kept_numbers_stay_and_words_go(attempt: Attempt, root: User) -> None:
    sitting.submit(attempt)
    attempt.refresh_from_db()
    before = (attempt.score, attempt.max_score, Response.objects.count(), Verdict.objects.count())
    erase(attempt, root, keeps_grades=True)
    assert tables_with(NAME) == []
    assert (RegradeRequest.objects.count(), GradeNote.objects.get().score) == (0, 0.5)
    attempt.refresh_from_db()
    after = (attempt.score, attempt.max_score, Response.objects.count(), Verdict.objects.count())
    assert after == before
    assert verify_attempt(attempt_id=attempt.pk, exact=True) == []


def test_a_name_of_one_letter_does_not_blank_the_history_of_the_desk(root: User) -> None:
    person, kinds = make_learner("e"), ContentType.objects.get_for_models(Item, Enrolment)
    told = [
        (Item, "One e to do"),
        (Enrolment, "bob in e as learner"),
        (Enrolment, "e in a course as learner"),
    ]
    for model, words in told:
        LogEntry.objects.create(
            user=root, content_type=kinds[model], object_id="1", object_repr=words, action_flag=CHANGE
        )
    erase_person(user=person, reason="", author=None, now=LATER)
    left = LogEntry.objects.order_by("id").values_list("object_repr", flat=True)
    assert list(left) == ["One e to do", "bob in e as learner", "erased"]


def test_nobody_else_is_touched(attempt: Attempt, root: User) -> None:
    other = make_attempt(Item.objects.get(slug="double-it"), learner=make_learner("ann"))
    sitting.answer(other, 1, {"a": "2"})
    erase(attempt, root)
    assert Attempt.objects.get() == other
    assert Response.objects.get().answer == {"a": "2"}


def test_the_log_stays_closed_to_everybody_else(attempt: Attempt, root: User) -> None:
    Erasure.objects.create(learner=attempt.learner, reason="Only asked for.", created_at=NOW)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Verdict.objects.all().delete()
    erase(attempt, root, keeps_grades=True)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Response.objects.update(answer={})


def test_an_erasure_is_carried_out_once(attempt: Attempt, root: User) -> None:
    [erasure] = erase(attempt, root, keeps_grades=True)
    with pytest.raises(Exception, match="no rows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT erase_learner(%s)", [erasure.pk])


def test_what_two_people_share_stays_the_others(root: User) -> None:
    ann, bob, guest = make_learner("ann"), make_learner("bob"), make_learner("guest-1", is_guest=True)
    attempt = make_attempt(learner=guest)
    adopt_guest(guest=guest, user=ann)
    attempt.learner.links.create(user=bob, kind="guest")
    erase_person(user=bob, reason="Asked.", author=root, now=LATER)
    assert str(Attempt.objects.get().learner) == "ann"


@pytest.mark.parametrize("reason", ["", "  ", f"{NAME} wants it"])
def test_a_reason_is_needed_and_names_nobody(attempt: Attempt, root: User, reason: str) -> None:
    with pytest.raises(ErasureRefused):
        erase_person(user=attempt.learner.users.get(), reason=reason, author=root, now=LATER)


def test_sums_of_exposure_stay(attempt: Attempt, root: User) -> None:
    from assessment.models import ExposureTotal

    ExposureTotal.objects.create(assessment=attempt.assessment, band=0, attempts=7)
    erase(attempt, root)
    assert ExposureTotal.objects.get().attempts == 7


def test_the_command_asks_first(attempt: Attempt, root: User, capsys: pytest.CaptureFixture[str]) -> None:
    options = {"by": "root", "reason": "Asked by letter."}
    call_command("erase_person", NAME.lower(), **options)
    assert "Say --yes" in capsys.readouterr().out
    assert Attempt.objects.exists()
    call_command("erase_person", NAME.lower(), yes=True, **options)
    assert tables_with(NAME) == []
    with pytest.raises(CommandError, match="no account"):
        call_command("erase_person", NAME.lower(), yes=True, **options)


@pytest.mark.parametrize("yes", [False, True])
def test_a_stranger_does_not_answer_for_it(attempt: Attempt, yes: bool) -> None:
    make_learner("stranger", is_staff=True)
    with pytest.raises(CommandError, match="stranger may not answer"):
        call_command("erase_person", NAME.lower(), by="stranger", reason="Asked by letter.", yes=yes)
    assert Attempt.objects.exists()
