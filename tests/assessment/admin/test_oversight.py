"""What the fields and documents of somebody at the desk may name. Who finds which rows is tried in `test_rights`."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from assessment.authoring import draft_assessment
from assessment.models import (
    Accommodation,
    Assessment,
    AssessmentVersion,
    Assignment,
    Course,
    Enrolment,
    User,
)
from assessment.models.people import Role
from content.documents.text import dump_document
from content.models import AuthorGrant, Item, ItemBank, ItemVersion, Lesson
from tests.builders import NOW, enrol, make_assessment, make_item, make_learner, make_lesson
from tests.desks import make_instructor
from tests.realms import Realm

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Realm:
    return Realm("own")


@pytest.fixture
def foreign() -> Realm:
    return Realm("foreign")


def both(realm: Realm) -> User:
    """Somebody who writes in the bank of a realm and teaches its course."""
    user = make_instructor()
    enrol(user, realm.course, Role.INSTRUCTOR)
    AuthorGrant.objects.give(realm.bank, user=user, granted_by=None, now=NOW)
    return user


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(model: type[Model], *way: Any) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{way[0]}"
    return reverse(name, args=way[1:])


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Accommodation, "user"),
        (Accommodation, "assessment"),
        (ItemBank, "lesson"),
    ],
)
def test_searches_for_a_field_find_ones_own_rows_alone(
    model: Any, name: str, own: Realm, foreign: Realm
) -> None:
    desk = desk_of(both(own))
    asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
    reply = desk.get("/admin/autocomplete/", asked)
    assert reply.status_code == 200
    found = {entry["id"] for entry in reply.json()["results"]}
    kind = model._meta.get_field(name).remote_field.model
    assert str(own.of[kind].pk) in found
    assert str(foreign.of[kind].pk) not in found


def test_a_form_takes_no_foreign_row(own: Realm, foreign: Realm) -> None:
    desk = desk_of(both(own))
    theirs = {model: str(row.pk) for model, row in foreign.of.items()}
    tries = [
        (address(Item, "add"), {"bank": theirs[ItemBank], "document": "slug: new"}, "bank"),
        (address(ItemBank, "add"), {"title": "B", "slug": "b", "lesson": theirs[Lesson]}, "lesson"),
        (address(Assessment, "add"), {"document": "slug: a", "course": theirs[Course]}, "course"),
        (address(Assignment, "add"), {"assessment": theirs[Assessment]}, "assessment"),
        (address(Assignment, "add"), {"course": theirs[Course]}, "course"),
        (
            address(Enrolment, "add"),
            {"user": "learner-own", "course": theirs[Course], "role": "instructor"},
            "course",
        ),
        (
            address(Accommodation, "add"),
            {"user": theirs[User], "assessment": theirs[Assessment]},
            "user",
        ),
    ]
    for where, data, fault in tries:
        reply = desk.post(where, data)
        assert reply.status_code == 200, where
        assert fault in reply.context["adminform"].form.errors, where


def test_an_item_is_not_published_over_anothers(own: Realm, foreign: Realm) -> None:
    desk = desk_of(both(own))
    mine, theirs = own.of[ItemBank], foreign.of[Item]
    data = {"bank": str(mine.pk), "document": f"slug: {theirs.slug}\ntitle: Mine now"}
    assert "exists already" in str(desk.post(address(Item, "add"), data).context["adminform"].form.errors)
    draft = foreign.of[ItemVersion]
    listed = {"action": "publish_selected", "_selected_action": [str(draft.pk)]}
    desk.post(address(ItemVersion, "changelist"), listed)
    draft.refresh_from_db()
    assert draft.is_draft
    theirs.refresh_from_db()
    assert theirs.bank == foreign.of[ItemBank]


def test_what_an_author_makes_is_the_authors() -> None:
    author = make_instructor()
    desk = desk_of(author)
    subject = make_lesson().subject
    desk.post(address(ItemBank, "add"), {"title": "Fresh", "slug": "fresh", "use": "both"})
    desk.post(address(Lesson, "add"), {"subject": str(subject.pk), "slug": "begun", "title": "Begun"})
    given = {str(grant.bank or grant.lesson): grant.granted_by for grant in author.grants.all()}
    assert given == {"Fresh": author, "Begun": author}
    lesson = Lesson.objects.get(slug="begun")
    assert desk.get(address(Lesson, "change", lesson.pk)).status_code == 200


def test_a_learner_is_enrolled_by_name_and_shown_by_name(own: Realm) -> None:
    desk, stranger = desk_of(both(own)), make_learner("somebody")
    data = {"user": "somebody", "course": str(own.of[Course].pk), "role": "learner"}
    desk.post(address(Enrolment, "add"), data)
    enrolment = Enrolment.objects.get(user=stranger)
    form = desk.get(address(Enrolment, "change", enrolment.pk)).content.decode()
    assert 'value="somebody"' in form
    assert "somebody-else" in str(
        desk.post(address(Enrolment, "add"), data | {"user": "somebody-else"}).context["adminform"].form.data
    )


def test_what_holds_in_every_course_is_arranged_by_superusers(own: Realm) -> None:
    desk, learner = desk_of(both(own)), own.of[User]
    general = Accommodation.objects.create(user=learner, time_factor=2)
    where = address(Accommodation, "change", general.pk)
    assert desk.get(where).status_code == 200
    assert desk.post(where, {"user": str(learner.pk), "time_factor": "9"}).status_code == 403
    assert desk.post(address(Accommodation, "delete", general.pk), {"post": "yes"}).status_code == 403


def test_a_course_keeps_the_lessons_that_its_instructor_does_not_write(own: Realm) -> None:
    course, premium = own.of[Course], make_lesson("premium", premium=True)
    theirs = make_lesson("theirs", premium=True)
    course.lessons.add(premium)
    desk = desk_of(both(own))
    offered = (
        desk.get(address(Course, "change", course.pk)).context["adminform"].form.fields["lessons"].queryset
    )
    assert {own.of[Lesson], premium} <= set(offered)
    assert theirs not in offered
    assert len(offered) == len(set(offered))


def test_grants_are_given_by_superusers(own: Realm) -> None:
    admin_user, author = make_learner("root", is_staff=True, is_superuser=True), make_instructor()
    data = {"user": str(author.pk), "role": "author", "bank": str(own.of[ItemBank].pk)}
    assert desk_of(author).post(address(AuthorGrant, "add"), data).status_code == 403
    desk_of(admin_user).post(address(AuthorGrant, "add"), data)
    assert AuthorGrant.objects.get(user=author).granted_by == admin_user
    assert desk_of(author).get(address(Item, "change", own.of[Item].pk)).status_code == 200


def document_naming(item: Item, **changes: Any) -> dict[str, Any]:
    document = {"slug": "mine", "title": "Mine", "sections": [{"slots": [{"item": item.slug}]}]}
    return document | changes


def test_a_document_names_only_what_its_author_may_see(own: Realm, foreign: Realm) -> None:
    desk, course = desk_of(both(own)), str(own.of[Course].pk)
    for named in (
        document_naming(foreign.of[Item]),
        document_naming(own.of[Item], lesson=foreign.of[Lesson].slug),
        document_naming(own.of[Item], sections=[{"slots": [{"bank": foreign.of[ItemBank].slug}]}]),
    ):
        data = {"course": course, "document": dump_document(named)}
        reply = desk.post(address(Assessment, "add"), data)
        assert "there is no" in str(reply.context["adminform"].form.errors)
        assert not Assessment.objects.filter(slug="mine").exists()
    data = {"course": course, "document": dump_document(document_naming(own.of[Item]))}
    desk.post(address(Assessment, "add"), data)
    draft = AssessmentVersion.objects.get(assessment__slug="mine")
    data = {"based_on": draft.revision, "document": dump_document(document_naming(foreign.of[Item]))}
    assert "there is no item" in str(
        desk.post(address(AssessmentVersion, "change", draft.pk), data).context["errors"]
    )


def test_what_stood_in_a_document_may_stay_there(own: Realm, foreign: Realm) -> None:
    desk = desk_of(both(own))
    sections = [{"slots": [{"item": own.of[Item].slug}, {"item": foreign.of[Item].slug}]}]
    document = document_naming(own.of[Item], slug=own.of[Assessment].slug, sections=sections)
    draft = draft_assessment(document=document, now=NOW)
    data = {"based_on": draft.revision, "document": dump_document(document | {"title": "Edited"})}
    assert desk.post(address(AssessmentVersion, "change", draft.pk), data).status_code == 302
    draft.refresh_from_db()
    assert draft.document["title"] == "Edited"


def test_whoever_assigns_what_is_everybodys_may_not_rewrite_it_nor_see_what_is_asked(own: Realm) -> None:
    assessment = make_assessment(make_item())
    desk, course = desk_of(both(own)), own.of[Course]
    assert desk.get(address(Assessment, "change", assessment.pk)).status_code == 302
    data = {"assessment": str(assessment.pk), "course": str(course.pk), "is_open": "on", "weight": "1"}
    desk.post(address(Assignment, "add"), data | {"grade_rule": "best"})
    assignment = course.assignments.get(assessment=assessment)
    assert [change.before for change in assignment.changes.all()] == [{}]
    shown = desk.get(address(Assessment, "change", assessment.pk)).content.decode()
    assert "Edit the draft" not in shown
    assert str(assessment.version) not in shown
    assert desk.get(address(Assessment, "page", assessment.pk, "preview")).status_code == 403
    assert desk.post(address(Assessment, "do", assessment.pk, "draft")).status_code == 403
    assert desk.get(address(AssessmentVersion, "change", assessment.version.pk)).status_code == 302
    everybodys = assessment.assignments.get(course=None)
    assert desk.get(address(Assignment, "change", everybodys.pk)).status_code == 302


def test_nobody_but_superusers_gives_something_to_everybody(own: Realm) -> None:
    data = {"assessment": str(own.of[Assessment].pk), "is_open": "on", "weight": "1", "grade_rule": "best"}
    desk = desk_of(both(own))
    assert "course" in desk.post(address(Assignment, "add"), data).context["adminform"].form.errors
    root = desk_of(make_learner("root", is_staff=True, is_superuser=True))
    assert root.post(address(Assignment, "add"), data).status_code == 302
    assert own.of[Assessment].assignments.count() == 2
