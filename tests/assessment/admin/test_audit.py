"""The audit at the desk: sentences that people read, filters, a table that no spreadsheet computes with."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.models import ApiKey, Scope
from assessment.admin.audit import tell
from assessment.admin.telling import sentence
from assessment.models import (
    Accommodation,
    Attempt,
    AuditEntry,
    Correction,
    Erasure,
    GradeNote,
    User,
)
from assessment.models.audit import Door
from assessment.models.corrections import ActionKind
from assessment.models.people import Role
from assessment.people.assignments import change_assignment
from assessment.people.auditing import audited
from assessment.people.erasing import erase_person
from assessment.people.second_factor import make_recovery_codes
from assessment.recording.overruling import act, override_score
from content.authoring import draft_item
from content.models import AuthorGrant, Item
from tests.assessment.people.test_second_factor import switched_on, wrong_code_of
from tests.builders import (
    NOW,
    assignment_of,
    enrol,
    exercise_document,
    give,
    learner_of,
    make_assessment,
    make_attempt,
    make_bank,
    make_course,
    make_item,
    make_learner,
)
from tests.desks import make_instructor
from tests.launching import make_platform

pytestmark = pytest.mark.django_db

LIST = "/admin/assessment/auditentry/"


@pytest.fixture
def ines() -> User:
    return make_learner("ines", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(ines: User) -> Client:
    client = Client()
    client.force_login(ines, "django.contrib.auth.backends.ModelBackend")
    return client


def told(**wanted: Any) -> list[str]:
    """Return the sentences of the audit, the latest first."""
    entries: list[Any] = list(AuditEntry.objects.filter(**wanted))
    tell(entries)
    return [sentence(entry.told) for entry in entries]


def latest() -> str:
    return told()[0]


# Sentences


def test_wordings_are_drafted_edited_and_deleted(ines: User) -> None:
    make_item(exercise_document())
    with audited(Door.DESK, ines):
        draft = draft_item(bank=make_bank(), document=exercise_document(title="Another"), now=NOW)
        assert latest() == "ines began the draft double-it v2."
        draft_item(bank=make_bank(), document=exercise_document(title="Yet another"), now=NOW)
        assert latest() == "ines edited the draft double-it v2."
        draft.delete()
        assert latest() == "ines deleted the draft double-it v2."


def test_items_are_published_retired_and_put_back(ines: User) -> None:
    item = make_item(exercise_document())
    assert "Somebody in the database published double-it v1." in told(what="content_itemversion")
    with audited(Door.DESK, ines):
        Item.objects.update(retired_at=NOW)
        assert latest() == "ines took double-it – Double it out of use."
        Item.objects.update(retired_at=None)
        assert latest() == "ines put double-it – Double it back into use."
        Item.objects.update(current=None)
        assert latest() == "ines put another version of double-it – Double it in force."
        Item.objects.update(slug="twice-it")
        assert "slug from double-it to twice-it" in latest()
    assert item.pk


def test_grades_are_told_with_their_reasons(ines: User) -> None:
    omar = make_learner("omar")
    attempt = make_attempt(make_item(exercise_document()), learner=omar)
    override_score(attempt_id=attempt.pk, position=1, score=0.8, reason="a second look", author=ines, now=NOW)
    assert latest() == f"ines gave 0.80 for {attempt}, place 1: a second look."
    override_score(attempt_id=attempt.pk, position=None, score=None, reason="no", author=ines, now=NOW)
    assert latest() == f"ines took back the score that was given for {attempt}: no."
    act(attempt_id=attempt.pk, kind=ActionKind.VOID, reason="copied", author=ines, now=NOW)
    assert latest() == f"ines let {attempt} count for nothing: copied."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"score": 0.25, "reason": "late"}, "gave omar at {} the grade 0.25: late."),
        ({"is_excused": True, "reason": "ill"}, "excused omar at {}: ill."),
        ({}, "left the grade of omar at {} as it is earned."),
    ],
)
def test_notes_on_grades_are_told(ines: User, given: dict[str, Any], said: str) -> None:
    assignment = assignment_of(make_assessment(make_item()))
    learner = learner_of(make_learner("omar"))
    GradeNote.objects.create(assignment=assignment, learner=learner, author=ines, created_at=NOW, **given)
    assert latest() == f"ines {said.format(assignment)}"


def test_corrections_are_told(ines: User) -> None:
    common = {"kind": "drop", "author": ines, "created_at": NOW}
    made = Correction.objects.create(reason="misprint", **common)
    assert latest() == "ines drafted a correction, does not count: misprint."
    Correction.objects.filter(pk=made.pk).update(applied_at=NOW)
    assert latest() == "ines put a correction in force, does not count: misprint."
    Correction.objects.create(reason="it was right", undoes=made, **common)
    assert latest() == "ines drafted the undoing of a correction, does not count: it was right."


def test_people_and_their_rights_are_told(ines: User) -> None:
    ann, course = make_learner("ann"), make_course()
    group, permission = make_instructor().groups.get(), Permission.objects.get(codename="grade_cases")
    with audited(Door.DESK, ines):
        enrolment = enrol(ann, course)
        assert latest() == "ines enrolled ann in A course as learner."
        enrolment.role = Role.INSTRUCTOR
        enrolment.save()
        assert latest() == (
            "ines changed the enrollment of ann in A course: role from learner to instructor."
        )
        enrolment.delete()
        assert latest() == "ines took ann out of A course."
        User.objects.filter(pk=ann.pk).update(is_staff=True, email="ann@example.org")
        assert latest() == "ines let ann work at the desk and changed the e-mail address of ann."
        User.objects.filter(pk=ann.pk).update(is_active=False, username="anna")
        assert latest() == "ines closed the account anna and renamed ann to anna."
        ann.groups.add(group)
        assert latest() == "ines put anna into the group Instructors."
        ann.groups.remove(group)
        assert latest() == "ines took anna out of the group Instructors."
        ann.user_permissions.add(permission)
        assert latest().startswith("ines gave anna the permission ")
        group.permissions.remove(permission)
        assert latest().startswith("ines took from the group Instructors the permission ")
        grant = AuthorGrant.objects.give(make_bank("a-bank"), user=ann, granted_by=ines, now=NOW)
        assert latest() == "ines let anna change a-bank."
        grant.delete()
        assert latest() == "ines no longer lets anna change a-bank."
        ines.set_password("a password of mine")
        ines.save()
        assert latest() == "ines changed the password of the own account."


def test_what_is_arranged_is_told(ines: User) -> None:
    ann = make_learner("ann")
    with audited(Door.DESK, ines):
        given = Accommodation.objects.create(user=ann, time_factor=1.5, reason="a letter")
        assert latest() == "ines arranged for ann in every assessment: time factor 1.5."
        given.extra_attempts, given.reason = 2, "two letters"
        given.save()
        assert "changed what is arranged for ann in every assessment: " in latest()
        assert "extra attempts from 0 to 2" in latest()
        assert "letters" not in latest()
        given.delete()
        assert latest() == "ines ended what was arranged for ann in every assessment."


def test_terms_are_told_in_words(ines: User) -> None:
    given = give(make_assessment(make_item()), course=make_course())
    given.closes_at = NOW + timedelta(days=1)
    given.is_open = False
    with audited(Door.REST, ines):
        change_assignment(assignment=given, author=ines, now=NOW)
    assert "closes at from – to 24 November 2026, 09:00 UTC" in latest()
    assert "is open from yes to no" in latest()


def test_keys_platforms_and_second_factors_are_told(ines: User) -> None:
    key = ApiKey(owner=ines, name="robot", scopes=[Scope.GRADE])
    key.issue(NOW)
    with audited(Door.REST, ines):
        key.save()
        assert latest() == "ines made the key robot of ines, which may: grade."
        key.revoke(NOW)
        key.save()
        assert latest() == "ines revoked the key robot of ines."
        make_platform("Moodle")
        assert "added the platform" in " ".join(told(what="assessment_platform"))
        switched_on(ines)
        assert latest() == "ines switched the second factor of ines on."
        make_recovery_codes(user=ines)
        assert latest() == "ines made recovery codes for ines."


def test_whoever_was_erased_has_no_name(ines: User) -> None:
    ann = make_learner("ann")
    learner = learner_of(ann)
    with audited(Door.DESK, ann):
        enrol(ann, make_course())
    erase_person(user=ann, reason="Asked by letter.", author=ines, now=NOW)
    assert f"ines had learner {learner.pk} forgotten: Asked by letter." in told(what="assessment_erasure")
    [_, enrolled] = told(what="assessment_enrolment")
    assert enrolled == "Somebody who was erased enrolled somebody who was erased in A course."
    assert Erasure.objects.exists()


def test_commands_and_the_database_have_names(ines: User) -> None:
    with audited(Door.COMMAND):
        course = make_course(slug="x")
        assert latest() == "A command added the course A course."
    with audited(Door.PLATFORM):
        enrol(ines, course)
        assert latest().startswith("A learning-management system enrolled ines")
    course.delete()
    assert latest() == "Somebody in the database removed the course x."


# The list


def test_the_list_is_for_superusers(desk: Client) -> None:
    page = desk.get(LIST)
    assert page.status_code == 200
    assert "Export as CSV" in page.content.decode()
    client = Client()
    client.force_login(make_instructor(), "django.contrib.auth.backends.ModelBackend")
    for place in (LIST, f"{LIST}export/", f"{LIST}failed/", f"{LIST}{AuditEntry.objects.first().pk}/change/"):
        assert client.get(place).status_code == 403
    assert "auditentry" not in client.get("/admin/").content.decode()


def test_nothing_in_it_can_be_touched(desk: Client) -> None:
    entry = AuditEntry.objects.first()
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    page = desk.get(f"{LIST}{entry.pk}/change/").content.decode()
    assert "ines signed in" in page
    assert "_save" not in page


def test_it_is_filtered_by_person_table_way_and_row(desk: Client, ines: User) -> None:
    omar, course = make_learner("omar", is_staff=True), make_course(slug="maths")
    with audited(Door.REST, omar):
        enrol(make_learner("ann"), course)
    other = make_course(slug="other")

    def found(query: str) -> set[str]:
        return {entry.what for entry in desk.get(f"{LIST}?{query}").context["cl"].result_list}

    assert found(f"person={omar.pk}") == {"assessment_enrolment"}
    assert found("table=assessment_course") == {"assessment_course"}
    assert found("door=rest") == {"assessment_enrolment"}
    assert found("q=omar") == {"assessment_enrolment"}
    assert found(f"concerns={course.pk}") == {"assessment_course", "assessment_enrolment"}
    assert found(f"concerns={other.pk}") == {"assessment_course"}
    assert found(f"concerns={omar.pk}") == {"assessment_user", "assessment_enrolment"}


@pytest.mark.parametrize(
    "query", ["concerns=%00", "concerns=99999999999999999999", "table=%00x", "person=x", "concerns=' OR 1"]
)
def test_a_hostile_filter_finds_nothing_or_all(desk: Client, query: str) -> None:
    assert desk.get(f"{LIST}?{query}").status_code == 200


def test_pages_lead_to_what_concerns_them(desk: Client) -> None:
    attempt: Attempt = make_attempt(make_item(exercise_document()))
    for row in (attempt, attempt.assessment, Item.objects.get(), make_learner("ann", is_staff=True)):
        place = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        assert f"{LIST}?concerns={row.pk}" in desk.get(place).content.decode()


def test_an_entry_leads_to_what_it_is_about(desk: Client, ines: User) -> None:
    attempt = make_attempt(make_item(exercise_document()))
    override_score(attempt_id=attempt.pk, position=1, score=0.8, reason="a look", author=ines, now=NOW)
    place = reverse("admin:assessment_attempt_change", args=[attempt.pk])
    assert place in desk.get(f"{LIST}?table=assessment_override").content.decode()


def test_the_list_costs_the_same_however_long(desk: Client, django_assert_max_num_queries: Any) -> None:
    def grow(number: int) -> None:
        for n in range(number):
            course = make_course(slug=f"c-{number}-{n}")
            enrol(make_learner(), course)
            make_attempt(make_item(exercise_document(f"e-{number}-{n}")))

    grow(2)
    desk.get(LIST)
    with django_assert_max_num_queries(30) as few:
        desk.get(LIST)
    grow(9)
    with django_assert_max_num_queries(len(few.captured_queries)):
        desk.get(LIST)


def test_the_filtered_list_is_exported(desk: Client) -> None:
    make_course(slug="maths")
    answer = desk.get(f"{LIST}export/?table=assessment_course")
    lines = list(csv.DictReader(answer.getvalue().decode().splitlines()))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    [line] = lines
    assert (line["who"], line["table"]) == ("Somebody in the database", "course")
    assert line["what"] == "Somebody in the database added the course A course."


def test_all_portions_are_exported(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.admin.audit.AT_ONCE", 3)
    for number in range(8):
        make_course(slug=f"c-{number}")
    answer = desk.get(f"{LIST}export/?table=assessment_course")
    rows = [line["row"] for line in csv.DictReader(answer.getvalue().decode().splitlines())]
    assert len(set(rows)) == len(rows) == 8


def test_failed_sign_ins_stand_beside(desk: Client, ines: User) -> None:
    for name in ("INES", "a-learner"):
        AccessAttempt.objects.create(
            username=name.lower(),
            failures_since_start=3,
            ip_address="203.0.113.9",
            attempt_time=timezone.now(),
        )
    omar = make_learner("omar", is_staff=True)
    device = switched_on(omar)
    device.verify_token(wrong_code_of(device))
    page = desk.get(f"{LIST}failed/").content.decode()
    assert "203.0.113.9" in page
    assert "a-learner" not in page
    assert "omar" in page
