"""Whose rows somebody finds on the desk: every kind of row, every way to it, own and foreign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from assessment.authoring import draft_assessment
from assessment.knowledge.mastery import MasteryParameters
from assessment.models import (
    Accommodation,
    Assessment,
    AssessmentVersion,
    Assignment,
    Attempt,
    Calibration,
    Course,
    Enrolment,
    Grade,
    MasteryFit,
    OnlineDifficulty,
    ResourceLink,
    User,
)
from assessment.models.people import Role
from content.admin.scoped import Scoped
from content.authoring import draft_item, draft_lesson
from content.documents.text import dump_document
from content.models import AuthorGrant, Item, ItemBank, ItemVersion, Lesson, LessonVersion
from tests.assessment.admin.test_platforms import make_grade, make_link, make_platform
from tests.builders import (
    NOW,
    enrol,
    exercise_document,
    make_assessment,
    make_attempt,
    make_bank,
    make_course,
    make_item,
    make_learner,
    make_lesson,
)
from tests.desks import make_instructor
from tests.practicing import make_fit

pytestmark = pytest.mark.django_db


@dataclass
class Realm:
    """One row of each kind, of a course and a bank that bear a name."""

    name: str
    rows: dict[type[Model], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = self.name
        lesson = make_lesson(f"lesson-{name}", title=f"Lesson {name}")
        bank = make_bank(f"bank-{name}", lesson=lesson)
        item = make_item(exercise_document(f"item-{name}", title=f"Item {name}", skills=[name]), bank=bank)
        course = make_course(lesson, slug=f"course-{name}")
        learner = make_learner(f"learner-{name}", email=f"{name}@example.org")
        enrolment = enrol(learner, course)
        attempt = make_attempt(item, learner=learner, slug=f"assessment-{name}", course=course)
        assessment = attempt.assessment
        arranged = Accommodation.objects.create(user=learner, assessment=assessment, time_factor=1.5)
        calibration = Calibration.objects.create(
            bank=bank, number=1, model="2PL", parameters={}, report={}, created_at=NOW
        )
        online = OnlineDifficulty.objects.create(item=item, mean=0, variance=1, answers=1, updated_at=NOW)
        for row in (
            lesson,
            bank,
            item,
            course,
            learner,
            enrolment,
            attempt,
            assessment,
            arranged,
            calibration,
            online,
        ):
            self.rows[type(row)] = row
        link = make_link(course, attempt.assignment, title=f"Link {name}", platform=make_platform(name))
        self.rows[ResourceLink], self.rows[Grade] = link, make_grade(link, learner)
        self.rows[MasteryFit] = make_fit(name, MasteryParameters())
        self.rows[Assignment] = attempt.assignment
        self.rows[AssessmentVersion] = draft_assessment(document={"slug": assessment.slug}, now=NOW)
        self.rows[ItemVersion] = draft_item(bank=bank, document=exercise_document(item.slug), now=NOW)
        document = {"slug": lesson.slug, "title": f"Lesson {name}"}
        self.rows[LessonVersion] = draft_lesson(subject=lesson.subject, document=document, now=NOW)

    def give_to(self, user: User) -> User:
        enrol(user, self.rows[Course], Role.INSTRUCTOR)
        AuthorGrant.objects.give(self.rows[ItemBank], user=user, granted_by=None, now=NOW)
        return user


SCOPED = [model for model, desk in admin.site._registry.items() if isinstance(desk, Scoped)]
WAYS = ("change", "history", "delete")
PAGES = {
    Item: ["preview"],
    ItemVersion: ["preview"],
    Lesson: ["preview"],
    LessonVersion: ["preview"],
    Attempt: ["timeline"],
    Course: ["mastery"],
    Assessment: ["preview"],
    AssessmentVersion: ["preview"],
    Calibration: ["report"],
}
BUTTONS = {
    Item: ["draft", "retire", "restore"],
    Lesson: ["draft"],
    Assessment: ["draft", "retire", "restore"],
    Calibration: ["activate"],
    MasteryFit: ["activate"],
}


@pytest.fixture
def own() -> Realm:
    return Realm("own")


@pytest.fixture
def foreign() -> Realm:
    return Realm("foreign")


def every_permission(user: User) -> User:
    user.user_permissions.set(Permission.objects.all())
    return user


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(model: type[Model], *way: Any) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{way[0]}"
    return reverse(name, args=way[1:])


Maker = Callable[[Realm], User]
PEOPLE: dict[str, Maker] = {
    "instructor": lambda own: own.give_to(make_instructor()),
    "staff with every permission": lambda own: own.give_to(every_permission(make_learner(is_staff=True))),
}


def test_every_kind_of_row_is_tried(own: Realm) -> None:
    assert set(SCOPED) == set(own.rows)
    shared = {"content.Subject", "content.Skill", "content.Misconception"}
    superusers = {"content.AuthorGrant", "auth.Group", "api.ApiKey"}
    names = ("AuditEntry", "Platform", "Invitation", "ToolKey", "RefusedLaunch")
    superusers |= {f"assessment.{name}" for name in names}
    others = {model._meta.label for model in admin.site._registry if model._meta.app_label != "axes"}
    assert others - {model._meta.label for model in SCOPED} == shared | superusers


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("model", SCOPED)
def test_lists_hold_ones_own_rows_alone(model: Any, who: str, own: Realm, foreign: Realm) -> None:
    user = PEOPLE[who](own)
    listed = desk_of(user).get(address(model, "changelist")).context["cl"]
    found = set(listed.queryset)
    assert own.rows[model] in found
    assert foreign.rows[model] not in found
    told = " ".join(
        str(spec.lookup_choices) for spec in listed.filter_specs if hasattr(spec, "lookup_choices")
    )
    assert "foreign" not in told.replace("'foreign')", "")


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("model", SCOPED)
def test_no_way_leads_to_a_foreign_row(model: Any, who: str, own: Realm, foreign: Realm) -> None:
    desk, row = desk_of(PEOPLE[who](own)), foreign.rows[model]
    before = model.objects.filter(pk=row.pk).values().get()
    ways = [address(model, way, row.pk) for way in WAYS]
    ways += [address(model, "page", row.pk, name) for name in PAGES.get(model, [])]
    posts = [*ways, *(address(model, "do", row.pk, name) for name in BUTTONS.get(model, []))]
    for reply in [*map(desk.get, ways), *(desk.post(one, {"title": "Mine", "post": "yes"}) for one in posts)]:
        assert reply.status_code in (302, 403, 404)
        assert reply.status_code != 302 or reply.headers["Location"] == "/admin/"
    assert model.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("model", SCOPED)
def test_an_instructor_opens_what_is_his(model: Any, own: Realm) -> None:
    desk, row = desk_of(own.give_to(make_instructor())), own.rows[model]
    assert desk.get(address(model, "change", row.pk)).status_code == 200
    for name in PAGES.get(model, []):
        assert desk.get(address(model, "page", row.pk, name)).status_code == 200


@pytest.mark.parametrize("model", SCOPED)
def test_being_staff_shows_nothing(model: Any, foreign: Realm) -> None:
    bare, idle = make_learner(is_staff=True), every_permission(make_learner(is_staff=True))
    assert desk_of(bare).get(address(model, "changelist")).status_code == 403
    seen = desk_of(idle).get(address(model, "changelist")).context["cl"].queryset
    assert set(seen) == ({idle} if model is User else set())


@pytest.mark.parametrize("model", SCOPED)
def test_a_superuser_sees_all(model: Any, own: Realm, foreign: Realm) -> None:
    desk = desk_of(make_learner(is_staff=True, is_superuser=True))
    seen = set(desk.get(address(model, "changelist")).context["cl"].queryset)
    assert {own.rows[model], foreign.rows[model]} <= seen


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
    desk = desk_of(own.give_to(make_instructor()))
    asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
    reply = desk.get("/admin/autocomplete/", asked)
    assert reply.status_code == 200
    found = {entry["id"] for entry in reply.json()["results"]}
    kind = model._meta.get_field(name).remote_field.model
    assert str(own.rows[kind].pk) in found
    assert str(foreign.rows[kind].pk) not in found


def test_a_form_takes_no_foreign_row(own: Realm, foreign: Realm) -> None:
    desk = desk_of(own.give_to(make_instructor()))
    theirs = {model: str(row.pk) for model, row in foreign.rows.items()}
    tries = [
        (address(Item, "change", own.rows[Item].pk), {"bank": theirs[ItemBank]}, "bank"),
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
    desk = desk_of(own.give_to(make_instructor()))
    mine, theirs = own.rows[ItemBank], foreign.rows[Item]
    data = {"bank": str(mine.pk), "document": f"slug: {theirs.slug}\ntitle: Mine now"}
    assert "exists already" in str(desk.post(address(Item, "add"), data).context["adminform"].form.errors)
    draft = foreign.rows[ItemVersion]
    listed = {"action": "publish_selected", "_selected_action": [str(draft.pk)]}
    desk.post(address(ItemVersion, "changelist"), listed)
    draft.refresh_from_db()
    assert draft.is_draft
    theirs.refresh_from_db()
    assert theirs.bank == foreign.rows[ItemBank]


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
    desk, stranger = desk_of(own.give_to(make_instructor())), make_learner("somebody")
    data = {"user": "somebody", "course": str(own.rows[Course].pk), "role": "learner"}
    desk.post(address(Enrolment, "add"), data)
    enrolment = Enrolment.objects.get(user=stranger)
    form = desk.get(address(Enrolment, "change", enrolment.pk)).content.decode()
    assert 'value="somebody"' in form
    assert "somebody-else" in str(
        desk.post(address(Enrolment, "add"), data | {"user": "somebody-else"}).context["adminform"].form.data
    )


def test_what_holds_in_every_course_is_arranged_by_superusers(own: Realm) -> None:
    desk, learner = desk_of(own.give_to(make_instructor())), own.rows[User]
    general = Accommodation.objects.create(user=learner, time_factor=2)
    where = address(Accommodation, "change", general.pk)
    assert desk.get(where).status_code == 200
    assert desk.post(where, {"user": str(learner.pk), "time_factor": "9"}).status_code == 403
    assert desk.post(address(Accommodation, "delete", general.pk), {"post": "yes"}).status_code == 403


def test_a_course_keeps_the_lessons_that_its_instructor_does_not_write(own: Realm) -> None:
    course, premium = own.rows[Course], make_lesson("premium", premium=True)
    theirs = make_lesson("theirs", premium=True)
    course.lessons.add(premium)
    desk = desk_of(own.give_to(make_instructor()))
    offered = (
        desk.get(address(Course, "change", course.pk)).context["adminform"].form.fields["lessons"].queryset
    )
    assert {own.rows[Lesson], premium} <= set(offered)
    assert theirs not in offered
    assert len(offered) == len(set(offered))


def test_grants_are_given_by_superusers(own: Realm) -> None:
    admin_user, author = make_learner("root", is_staff=True, is_superuser=True), make_instructor()
    data = {"user": str(author.pk), "bank": str(own.rows[ItemBank].pk)}
    assert desk_of(author).post(address(AuthorGrant, "add"), data).status_code == 403
    desk_of(admin_user).post(address(AuthorGrant, "add"), data)
    assert AuthorGrant.objects.get(user=author).granted_by == admin_user
    assert desk_of(author).get(address(Item, "change", own.rows[Item].pk)).status_code == 200


def document_naming(item: Item, **changes: Any) -> dict[str, Any]:
    document = {"slug": "mine", "title": "Mine", "sections": [{"slots": [{"item": item.slug}]}]}
    return document | changes


def test_a_document_names_only_what_its_author_may_see(own: Realm, foreign: Realm) -> None:
    desk, course = desk_of(own.give_to(make_instructor())), str(own.rows[Course].pk)
    for named in (
        document_naming(foreign.rows[Item]),
        document_naming(own.rows[Item], lesson=foreign.rows[Lesson].slug),
        document_naming(own.rows[Item], sections=[{"slots": [{"bank": foreign.rows[ItemBank].slug}]}]),
    ):
        data = {"course": course, "document": dump_document(named)}
        reply = desk.post(address(Assessment, "add"), data)
        assert "there is no" in str(reply.context["adminform"].form.errors)
        assert not Assessment.objects.filter(slug="mine").exists()
    data = {"course": course, "document": dump_document(document_naming(own.rows[Item]))}
    desk.post(address(Assessment, "add"), data)
    draft = AssessmentVersion.objects.get(assessment__slug="mine")
    data = {"based_on": draft.fingerprint, "document": dump_document(document_naming(foreign.rows[Item]))}
    assert "there is no item" in str(
        desk.post(address(AssessmentVersion, "change", draft.pk), data).context["errors"]
    )


def test_what_stood_in_a_document_may_stay_there(own: Realm, foreign: Realm) -> None:
    desk = desk_of(own.give_to(make_instructor()))
    both = [{"slots": [{"item": own.rows[Item].slug}, {"item": foreign.rows[Item].slug}]}]
    document = document_naming(own.rows[Item], slug=own.rows[Assessment].slug, sections=both)
    draft = draft_assessment(document=document, now=NOW)
    data = {"based_on": draft.fingerprint, "document": dump_document(document | {"title": "Edited"})}
    assert desk.post(address(AssessmentVersion, "change", draft.pk), data).status_code == 302
    draft.refresh_from_db()
    assert draft.document["title"] == "Edited"


def test_whoever_assigns_what_is_everybodys_may_not_rewrite_it_nor_see_what_is_asked(own: Realm) -> None:
    assessment = make_assessment(make_item())
    desk, course = desk_of(own.give_to(make_instructor())), own.rows[Course]
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
    data = {"assessment": str(own.rows[Assessment].pk), "is_open": "on", "weight": "1", "grade_rule": "best"}
    desk = desk_of(own.give_to(make_instructor()))
    assert "course" in desk.post(address(Assignment, "add"), data).context["adminform"].form.errors
    root = desk_of(make_learner("root", is_staff=True, is_superuser=True))
    assert root.post(address(Assignment, "add"), data).status_code == 302
    assert own.rows[Assessment].assignments.count() == 2
