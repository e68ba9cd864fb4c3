"""Who did what is written by the database, whoever writes, and changed by nobody."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from api.models import ApiKey, Scope
from assessment.delivery.attempts import start_attempt
from assessment.models import (
    Accommodation,
    AuditEntry,
    Course,
    Enrolment,
    Erasure,
    GradeNote,
    User,
)
from assessment.models.audit import Door, Operation
from assessment.people.accounts import change_email, change_password
from assessment.people.audited import AUDITED, SIGN_INS
from assessment.people.auditing import act_as, audited, network_of
from assessment.people.erasing import erase_person
from assessment.people.instructors import ensure_instructor_group
from assessment.people.second_factor import make_recovery_codes
from assessment.recording.overruling import override_score
from content.authoring import draft_item, publish_item
from content.models import AuthorGrant, Misconception
from tests import sitting
from tests.assessment.people.test_erasing import tables_with
from tests.builders import (
    NOW,
    choice_document,
    enrol,
    exercise_document,
    learner_of,
    make_attempt,
    make_bank,
    make_course,
    make_item,
    make_learner,
    make_skill,
    publishable_choice,
)
from tests.desks import make_instructor
from tests.wire import statements

pytestmark = pytest.mark.django_db

NAME = "Xanthippe"


@pytest.fixture
def root() -> User:
    return make_learner("root", is_staff=True, is_superuser=True)


@contextmanager
def new_entries() -> Iterator[list[AuditEntry]]:
    """Collect what is added to the audit inside, the first one first."""
    last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    found: list[AuditEntry] = []
    yield found
    found.extend(AuditEntry.objects.filter(pk__gt=last).order_by("pk"))


def of(found: list[AuditEntry], what: str) -> list[AuditEntry]:
    return [entry for entry in found if entry.what == what]


# What is recorded


def triggers() -> dict[str, dict[str, list[list[str]]]]:
    """Return by table and operation the arguments of the triggers that there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, encode(tgargs, 'hex') FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'audit'"
        )
        rows = cursor.fetchall()
    found: dict[str, dict[str, list[list[str]]]] = {}
    for table, name, arguments in rows:
        parts = [part.strip("{}") for part in bytes.fromhex(arguments).decode().split("\x00")[:-1]]
        columns = [part.split(",") if part else [] for part in parts]
        found.setdefault(table, {})[name.removeprefix("audited_")] = columns
    return found


def test_triggers_are_those_of_the_table() -> None:
    wanted = {
        table: {
            operation: [list(one.about), list(one.kept), list(one.facts), [one.author] if one.author else []]
            for operation in one.operations
        }
        for table, one in AUDITED.items()
    }
    assert triggers() == wanted
    assert SIGN_INS in AUDITED


def test_every_audited_column_exists() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns")
        columns = set(cursor.fetchall())
    for table, one in AUDITED.items():
        for column in (*one.about, *one.kept, *one.facts, *filter(None, [one.author])):
            assert (table, column) in columns


def test_what_has_changed_is_kept_with_both_values(root: User) -> None:
    course = make_course(slug="maths")
    with new_entries() as found, audited(Door.DESK, root):
        course.title = "Analysis"
        course.save()
    [entry] = found
    assert (entry.what, entry.row_id) == ("assessment_course", str(course.pk))
    assert (entry.actor, entry.actor_name, entry.door) == (root.pk, "root", Door.DESK)
    assert (entry.operation, entry.before, entry.after) == (
        Operation.UPDATE,
        {"title": "A course"},
        {"title": "Analysis"},
    )


def test_a_row_that_is_made_or_goes_is_kept_whole(root: User) -> None:
    ann, course = make_learner("ann"), make_course(slug="maths")
    with new_entries() as found:
        enrol(ann, course)
        Enrolment.objects.get().delete()
    made, gone = found
    assert made.about == gone.about == {"course_id": str(course.pk), "user_id": str(ann.pk)}
    assert (made.operation, made.before, made.after) == (Operation.INSERT, {}, {"role": "learner"})
    assert (gone.operation, gone.before, gone.after) == (Operation.DELETE, {"role": "learner"}, {})


def test_a_save_that_changes_nothing_is_no_entry(root: User) -> None:
    course = make_course(slug="maths")
    with new_entries() as found:
        course.save()
        root.save()
    assert found == []


def test_of_secrets_only_the_fact_is_kept(root: User) -> None:
    with new_entries() as found:
        change_password(user=root, password="quite another one", session_key=None)
        change_email(user=root, email="root@example.org")
    root.refresh_from_db()
    assert [entry.after for entry in found] == [{"password": "…"}, {"email": "…"}]
    assert [entry.before for entry in found] == [{"password": "…"}, {"email": "…"}]
    assert root.password not in str([vars(entry) for entry in found])


def test_a_key_leaves_nothing_that_opens_anything(root: User) -> None:
    key = ApiKey(owner=root, name="robot", scopes=[Scope.GRADE])
    token = key.issue(NOW)
    with new_entries() as found:
        key.save()
        key.note_use(NOW)
        key.revoke(NOW)
        key.save()
    made, revoked = found
    assert (made.after, made.about) == ({"name": "robot", "scopes": ["grade"]}, {"owner_id": str(root.pk)})
    assert list(revoked.after) == ["revoked_at"]
    told = str([vars(entry) for entry in found])
    assert key.digest not in told
    assert token not in told


def test_a_published_wording_leaves_its_fingerprint_and_no_key() -> None:
    bank = make_bank()
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="t", explanation="e")
    with new_entries() as found:
        version = draft_item(bank=bank, document=publishable_choice(), now=NOW)
        publish_item(version=version, now=NOW)
    drafted, published = of(found, "content_itemversion")
    assert drafted.after["fingerprint"] == version.fingerprint
    assert (published.before, published.after) == ({"status": "draft"}, {"status": "published"})
    assert "This one" not in str([vars(entry) for entry in found])


def test_rights_are_kept(root: User) -> None:
    ann, group = make_learner("ann"), ensure_instructor_group()
    permission = Permission.objects.get(codename="grade_cases")
    with new_entries() as found, audited(Door.DESK, root):
        ann.is_staff = True
        ann.save()
        ann.groups.add(group)
        ann.user_permissions.add(permission)
        ann.groups.clear()
        group.permissions.remove(permission)
        AuthorGrant.objects.give(make_bank(), user=ann, granted_by=None, now=NOW)
    assert {entry.actor_name for entry in found} == {"root"}
    assert [(entry.what, entry.operation.value) for entry in map(typed, found)] == [
        ("assessment_user", "update"),
        ("assessment_user_groups", "insert"),
        ("assessment_user_user_permissions", "insert"),
        ("assessment_user_groups", "delete"),
        ("auth_group_permissions", "delete"),
        ("content_itembank", "insert"),
        ("content_authorgrant", "insert"),
    ]


def typed(entry: AuditEntry) -> Any:
    entry.operation = Operation(entry.operation)
    return entry


# What is not


def test_learners_who_come_and_answer_leave_nothing(root: User) -> None:
    make_item(choice_document())
    attempt = make_attempt(make_item(exercise_document()))
    with new_entries() as found:
        guest = make_learner("guest-1", is_guest=True)
        guest.is_guest, guest.username = False, "ann"
        guest.save()
        guest.last_login = NOW
        guest.save()
        sitting.answer(attempt, 1, {"a": "2"})
        sitting.submit(attempt)
        make_learner("guest-2", is_guest=True).delete()
    assert found == []


def test_an_answer_costs_no_statement_more() -> None:
    attempt = make_attempt(make_item(exercise_document()))
    with statements() as sent:
        sitting.answer(attempt, 1, {"a": "2"})
    assert not [text for text in sent if "set_config" in str(text)]


# Who


def test_without_a_word_it_is_the_author_of_the_row(root: User) -> None:
    attempt = make_attempt(make_item(exercise_document()))
    with new_entries() as found:
        override_score(
            attempt_id=attempt.pk, position=1, score=0.8, reason="a second look", author=root, now=NOW
        )
        Erasure.objects.create(learner=attempt.learner, reason="asked", author=root, created_at=NOW)
    assert [(entry.actor_name, entry.door) for entry in found] == [("root", "database")] * 2
    assert "a second look" not in str([vars(entry) for entry in found])


def test_whoever_writes_past_us_is_in_the_database() -> None:
    course = make_course(slug="maths")
    with new_entries() as found, connection.cursor() as cursor:
        cursor.execute("UPDATE assessment_course SET title = 'x' WHERE id = %s", [course.pk])
    assert [(entry.actor, entry.actor_name, entry.door) for entry in found] == [(None, "", "database")]


def test_it_ends_with_its_block_and_the_outer_one_goes_on(root: User) -> None:
    ann, course = make_learner("ann"), make_course(slug="maths")
    with new_entries() as found:
        with audited(Door.COMMAND):
            Course.objects.update(title="1")
            with audited(Door.DESK, ann):
                Course.objects.update(title="2")
            Course.objects.update(title="3")
            act_as(root)
            Course.objects.update(title="4")
        Course.objects.update(title="5")
    told = [(entry.after["title"], entry.actor_name, entry.door) for entry in found]
    assert told == [
        ("1", "", "command"),
        ("2", "ann", "desk"),
        ("3", "", "command"),
        ("4", "root", "command"),
        ("5", "", "database"),
    ]
    assert course.pk


def test_a_savepoint_that_is_undone_forgets_nothing(root: User) -> None:
    make_course(slug="maths")
    with new_entries() as found, audited(Door.DESK, root):
        with transaction.atomic():
            Course.objects.update(title="undone")
            transaction.set_rollback(True)
        Course.objects.update(title="done")
    assert [(entry.after["title"], entry.actor_name) for entry in found] == [("done", "root")]


@pytest.mark.django_db(transaction=True)
def test_a_statement_without_a_transaction_is_known_too() -> None:
    root = make_learner("root")
    make_course(slug="maths")
    with new_entries() as found:
        with audited(Door.REST, root):
            Course.objects.update(title="1")
            assert not connection.in_atomic_block
            with transaction.atomic():
                Course.objects.update(title="2")
        Course.objects.update(title="3")
    assert [entry.actor_name for entry in found] == ["root", "root", ""]


@pytest.mark.django_db(transaction=True)
def test_reading_opens_no_transaction_and_says_nothing() -> None:
    with statements() as sent, audited(Door.DESK):
        assert not Course.objects.exists()
    assert len(sent) == 1


def test_sign_ins_of_staff_are_kept_with_their_network(root: User) -> None:
    with new_entries() as found, audited(Door.REST, network=network_of("203.0.113.77")):
        root.last_login = timezone.now()
        root.save(update_fields=["last_login"])
    [entry] = found
    assert (entry.actor_name, entry.operation, entry.door) == ("root", "sign_in", "rest")
    assert entry.after == {"network": "203.0.113.0/24"}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::5", "2001:db8:1::/48"),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_of_an_address_the_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network


# Kept, and forgotten


def test_nobody_changes_or_deletes_it(root: User) -> None:
    assert AuditEntry.objects.filter(row_id=root.pk).exists()
    for change in (AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(actor_name="nobody")):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


def test_an_erased_person_has_no_name_in_it(root: User) -> None:
    person = make_instructor(NAME.lower())
    bob, attempt = make_learner("bob"), make_attempt(make_item(exercise_document()))
    with audited(Door.DESK, person):
        Enrolment.objects.create(course=make_course(slug="maths"), user=bob)
        GradeNote.objects.create(
            assignment=attempt.assignment,
            learner=attempt.learner,
            score=0.5,
            reason=f"{NAME} said so",
            author=None,
            created_at=NOW,
        )
    with audited(Door.DESK, root):
        person.username = f"{NAME}-2"
        person.save()
        ApiKey.objects.create(owner=person, name=f"{NAME}'s robot", created_at=NOW)
        Accommodation.objects.create(user=person, time_factor=1.5, reason=f"for {NAME}")
    learner_of(person)
    make_recovery_codes(user=person)
    assert "assessment_auditentry" in tables_with(NAME)
    erase_person(user=person, reason="Asked by letter.", author=root, now=NOW + timedelta(days=1))
    assert "assessment_auditentry" not in tables_with(NAME)
    assert "assessment_auditentry" not in tables_with(str(person.pk))
    left = AuditEntry.objects.filter(actor_name="Somebody who was erased")
    assert left.filter(what="assessment_enrolment", about__has_key="course_id", actor=None).exists()
    assert not AuditEntry.objects.filter(what="assessment_accommodation").exclude(after={}).exists()
    assert AuditEntry.objects.filter(what="assessment_erasure", actor_name="root").count() == 1


def test_an_own_wish_leaves_no_name_either() -> None:
    person = make_instructor(NAME.lower())
    learner_of(person)
    with audited(Door.REST, person):
        erase_person(user=person, reason="own wish", author=None, now=NOW)
    assert tables_with(NAME) == []


# Many at once


def test_a_thousand_enrollments_are_one_statement(root: User) -> None:
    course = make_course(slug="large")
    people = User.objects.bulk_create(User(username=f"learner-of-{n}") for n in range(1000))
    with new_entries() as found, audited(Door.DESK, root), statements() as sent:
        Enrolment.objects.bulk_create(Enrolment(course=course, user=one) for one in people)
    assert len(sent) == 2
    assert len(found) == 1000
    assert {entry.actor_name for entry in found} == {"root"}


def test_an_attempt_that_begins_leaves_nothing() -> None:
    attempt = make_attempt(make_item(exercise_document()))
    with new_entries() as found:
        start_attempt(user=make_learner(), assessment=attempt.assessment, now=NOW, dice=random.Random(1))
    assert found == []
