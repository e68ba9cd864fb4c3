"""What the desk tells of rows that one does not see: neither addresses of e-mail nor answers to lookups."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client
from django.urls import reverse

from assessment.models import Attempt, Course, Enrolment, Grade, User
from assessment.models.people import Role
from content.models import AuthorGrant, Item, ItemVersion
from content.models.grants import GrantRole
from tests.builders import NOW, enrol, make_course, make_learner
from tests.desks import make_instructor
from tests.realms import Realm

pytestmark = pytest.mark.django_db


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listing(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page(row: Any, way: str = "change", *more: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{way}", args=[row.pk, *more])


def found(client: Client, model: Any, **asked: str) -> set[Any]:
    return set(client.get(listing(model), asked).context["cl"].queryset)


@pytest.fixture
def own() -> Realm:
    return Realm("own")


@pytest.fixture
def teacher(own: Realm) -> User:
    user = own.instructor()
    user.email = "teacher@example.org"
    user.save()
    return user


@pytest.fixture
def colleague(own: Realm) -> User:
    """Another instructor of the same course, with an address."""
    user = make_instructor("colleague")
    user.email = "colleague@secret.example"
    user.save()
    enrol(user, own.course, Role.INSTRUCTOR)
    return user


# Addresses


def test_addresses_of_ones_learners_are_seen_and_searched(own: Realm, teacher: User) -> None:
    desk = desk_of(teacher)
    assert "own@example.org" in desk.get(page(own.learner)).content.decode()
    assert found(desk, User, q="own@example.org") == {own.learner}


@pytest.mark.parametrize("asked", [{}, {"q": "colleague"}, {"o": "4"}])
def test_staff_are_seen_by_name_only(asked: dict[str, str], teacher: User, colleague: User) -> None:
    desk = desk_of(teacher)
    for where in (listing(User), page(colleague)):
        shown = desk.get(where, asked).content.decode()
        assert "colleague" in shown
        assert "secret.example" not in shown


def test_an_address_that_is_not_seen_is_not_searched(teacher: User, colleague: User) -> None:
    assert found(desk_of(teacher), User, q="secret.example") == set()
    asked = {"app_label": "assessment", "model_name": "accommodation", "field_name": "user"}
    reply = desk_of(teacher).get("/admin/autocomplete/", asked | {"term": "secret.example"})
    assert reply.json()["results"] == []


def test_a_list_is_not_sorted_by_addresses_that_are_not_seen(teacher: User, own: Realm) -> None:
    for name, address in (("x-first", "b@secret.example"), ("x-second", "a@secret.example")):
        user = make_learner(name, is_staff=True, email=address)
        enrol(user, own.course, Role.INSTRUCTOR)
    for order in ("4.1", "-4.1"):
        rows = desk_of(teacher).get(listing(User), {"o": order}).context["cl"].queryset
        names = [row.username for row in rows if row.username.startswith("x-")]
        assert names == ["x-first", "x-second"]


@pytest.mark.parametrize("role", GrantRole)
def test_authors_and_reviewers_see_no_addresses(role: GrantRole, own: Realm) -> None:
    user = own.author() if role == GrantRole.AUTHOR else own.reviewer()
    desk = desk_of(user)
    assert found(desk, User) == {user}
    for model in (Item, ItemVersion, User):
        assert "own@example.org" not in desk.get(listing(model)).content.decode()


@pytest.mark.parametrize("model", [Attempt, Grade, Enrolment])
def test_a_search_by_address_leads_to_no_other_rows(model: Any, own: Realm, teacher: User) -> None:
    assert found(desk_of(teacher), model, q="own@example.org") == set()
    assert found(desk_of(teacher), model, q="learner-own")
    root = make_learner("root", is_staff=True, is_superuser=True)
    if model is not Enrolment:
        assert found(desk_of(root), model, q="own@example.org")


def test_an_administrator_sees_and_searches_all_addresses(colleague: User) -> None:
    root = desk_of(make_learner("root", is_staff=True, is_superuser=True))
    assert found(root, User, q="secret.example") == {colleague}
    assert "secret.example" in root.get(page(colleague)).content.decode()


# Lookups


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (User, {"email__startswith": "c"}),
        (User, {"password__startswith": "p"}),
        (User, {"last_login__gt": "2020-01-01"}),
        (User, {"courses__slug": "elsewhere"}),
        (User, {"courses__id__in": "{elsewhere}"}),
        (User, {"courses__id__exact": "{elsewhere}"}),
        (User, {"courses": "{elsewhere}"}),
        (Attempt, {"learner__users__courses__id__exact": "{elsewhere}"}),
        (Attempt, {"learner__users__email__contains": "@"}),
        (Attempt, {"seed": "1"}),
        (Enrolment, {"user__email__startswith": "c"}),
        (Enrolment, {"user__password__startswith": "p"}),
        (Course, {"join_code__startswith": "A"}),
        (Course, {"members__email__startswith": "c"}),
    ],
)
def test_a_lookup_answers_nothing_that_the_list_does_not_show(
    model: Any, asked: dict[str, str], own: Realm, teacher: User
) -> None:
    elsewhere = make_course(slug="elsewhere")
    enrol(own.learner, elsewhere)
    named = {name: value.replace("{elsewhere}", str(elsewhere.pk)) for name, value in asked.items()}
    assert desk_of(teacher).get(listing(model), named).status_code in (302, 400)


def test_an_authors_lookups_find_no_secret_of_a_wording(own: Realm) -> None:
    desk = desk_of(own.author())
    for asked in ({"probing__a__startswith": "a"}, {"certificate__isnull": "1"}, {"item__bank__title": "x"}):
        assert desk.get(listing(ItemVersion), asked).status_code in (302, 400)


def test_the_filters_of_a_list_work(own: Realm, teacher: User) -> None:
    desk = desk_of(teacher)
    assert found(desk, User, courses__id__exact=str(own.course.pk)) == {own.learner, teacher}
    assert found(desk, User, is_staff__exact="1") == {teacher}
    assert found(desk, User, date_joined__year="2000") == set()
    assert found(desk, Attempt, state__exact="open")
    assert found(desk, Attempt, learner__users__courses__id__exact=str(own.course.pk))
    assert found(desk, Enrolment, ends_at__isnull="True")


@pytest.mark.parametrize("field", ["email", "password", "last_name"])
def test_no_popup_picks_rows_by_another_field(field: str, teacher: User, own: Realm) -> None:
    for where in (listing(User), page(own.learner)):
        reply = desk_of(teacher).get(where, {"_to_field": field, "_popup": "1"})
        assert reply.status_code == 400


# Histories


def test_the_history_of_anothers_row_does_not_exist(teacher: User) -> None:
    other = Realm("other")
    root = make_learner("root", is_staff=True, is_superuser=True)
    LogEntry.objects.log_actions(root.pk, [other.course, other.learner], CHANGE, "A secret.")
    for row in (other.course, other.learner):
        reply = desk_of(teacher).get(page(row, "history"))
        assert (reply.status_code, reply.headers["Location"]) == (302, "/admin/")
    assert "A secret." not in desk_of(teacher).get("/admin/").content.decode()


def test_a_history_names_who_acted_and_no_address(own: Realm, teacher: User, colleague: User) -> None:
    LogEntry.objects.log_actions(colleague.pk, [own.course], CHANGE, "Changed the title.")
    shown = desk_of(teacher).get(page(own.course, "history")).content.decode()
    assert "Changed the title." in shown
    assert "colleague" in shown
    assert "secret.example" not in shown


# Reviewers


def test_what_is_reviewed_is_no_bank_to_put_items_in(own: Realm) -> None:
    reviewer, other = own.reviewer(), Realm("other")
    AuthorGrant.objects.give(other.bank, user=reviewer, granted_by=None, now=NOW)
    desk = desk_of(reviewer)
    for where, data in (
        (page(other.item, "page", "move"), {"bank": str(own.bank.pk)}),
        (page(other.item, "page", "duplicate"), {"bank": str(own.bank.pk)}),
        (reverse("admin:content_item_add"), {"bank": str(own.bank.pk), "document": "slug: new"}),
    ):
        context = desk.post(where, data).context
        form = context["adminform"].form if "adminform" in context else context["form"]
        assert "bank" in form.errors
    assert desk.get(page(own.item)).context["has_change_permission"] is False
    assert desk.get(page(other.item)).context["has_change_permission"] is True


@pytest.mark.parametrize("action", ["retire", "publish_selected", "delete_selected"])
def test_no_action_on_many_rows_does_what_one_row_refuses(action: str, own: Realm) -> None:
    model = Item if action == "retire" else ItemVersion
    row = own.of[model]
    before = model.objects.filter(pk=row.pk).values().get()
    data = {"action": action, "_selected_action": [str(row.pk)], "post": "yes"}
    desk_of(own.reviewer()).post(listing(model), data)
    assert model.objects.filter(pk=row.pk).values().get() == before
