"""The matrix of rights at the desk: everybody, every admin, every way to a row, one's own and others' and nobody's.

What is expected follows from the lines of the table alone. An admin of a kind of row without a line fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from api.rights import RIGHTS
from content.admin.desk import Desk
from content.admin.scoped import Scoped
from content.rights import Role
from tests.builders import make_learner
from tests.realms import PEOPLE, Person, World, built, untouched

pytestmark = pytest.mark.django_db

OF_FRAMEWORKS = {"axes"}
"""Whose admins are the packages' own; nobody but administrators has their permissions."""

DESKS = {model: desk for model, desk in admin.site._registry.items() if isinstance(desk, Scoped)}
OWNED = [
    model
    for model in DESKS
    if any(line.model is model and line.role is not Role.STAFF for line in RIGHTS.lines)
]
"""Kinds of rows that belong to somebody: images are shared by all at the desk."""
MIRRORED = ("author of another bank", "instructor of another course")
"""Whose rows are others' to those who are tried on every way; lists and lines are tried with them as well."""
AT_THE_DESK = [who for who in PEOPLE if who not in ("learner", "guest", "administrator")]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with built(django_db_blocker) as world:
        yield world


def desk_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def address(model: type[Model], *way: Any) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{way[0]}"
    return reverse(name, args=way[1:])


def opened(reply: Any) -> bool:
    """Whether a page was shown or something was done; rows that one may not see lead to the index."""
    assert reply.status_code in (200, 302, 403, 404), reply
    return reply.status_code == 200 or (reply.status_code == 302 and reply.headers["Location"] != "/admin/")


def test_every_admin_has_a_line_in_the_table() -> None:
    registered = {model for model in admin.site._registry if model._meta.app_label not in OF_FRAMEWORKS}
    assert registered <= RIGHTS.models


def test_what_is_not_scoped_is_shared_or_administered() -> None:
    shared = {line.model for line in RIGHTS.lines if line.role is Role.STAFF and "view" in line.operations}
    owner_alone = {
        model
        for model in RIGHTS.models
        if {line.role for line in RIGHTS.lines if line.model is model} == {"owner"}
    }
    open_to_all = {model for model in admin.site._registry if model._meta.app_label not in OF_FRAMEWORKS}
    assert open_to_all - set(DESKS) <= shared | set(RIGHTS.administered) | owner_alone


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("who", AT_THE_DESK)
def test_a_list_holds_what_the_table_gives(who: str, model: type[Model], world: World) -> None:
    person = world.people[who]
    listed = desk_of(person).get(address(model, "changelist"), {"state": "all"} if waits(model) else {})
    found = set(listed.context["cl"].queryset)
    for row in world.rows[model]:
        assert (row in found) == person.may("view", row), row
    told = " ".join(str(getattr(spec, "lookup_choices", "")) for spec in listed.context["cl"].filter_specs)
    assert person.realm
    for realm in {"own", "other", "nobodys"} - {person.realm.name}:
        assert not re.search(rf"(bank|course|assessment|open|Lesson)[- ]{realm}", told)


def waits(model: type[Model]) -> bool:
    return model._meta.model_name == "review"


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("who", [who for who in AT_THE_DESK if who not in MIRRORED])
def test_every_way_to_a_row_is_open_to_those_whom_the_table_names(
    who: str, model: type[Model], world: World
) -> None:
    person, client = world.people[who], desk_of(world.people[who])
    for row in world.rows[model]:
        sees, changes = person.may("view", row), person.may("change", row)
        form = client.get(address(model, "change", row.pk))
        assert opened(form) == sees, row
        if sees:
            # A row that nobody changes may lead to the page where it is looked at.
            offers = bool(form.context and form.context["has_change_permission"])
            assert offers == (changes and changeable(model)), row
        assert opened(client.get(address(model, "history", row.pk))) == sees, row
        deletes = sees and person.may("delete", row)
        assert opened(client.get(address(model, "delete", row.pk))) == deletes, row
        try_pages(client, person, row)
        try_posts(client, person, row)


def changeable(model: type[Model]) -> bool:
    """Whether the desk has a form for rows of a kind: grades are sent again, and nothing else of them changes."""
    return model._meta.model_name != "grade"


def try_pages(client: Client, person: Person, row: Model) -> None:
    desk = DESKS[type(row)]
    for page in desk.pages if isinstance(desk, Desk) else ():
        if not page.shown(row):
            continue
        # What is asked stands on the pages of an assessment, so they are for those who write it.
        needed = "change" if page.writes or row._meta.model_name == "assessment" else "view"
        shown = client.get(address(type(row), "page", row.pk, page.name))
        assert opened(shown) == person.may(needed, row), (row, page.name)


def try_posts(client: Client, person: Person, row: Model) -> None:
    """Press every button and send every form: where the table says no, nothing happens."""
    desk, model = DESKS[type(row)], type(row)
    before = stored(row)
    for button in desk.buttons if isinstance(desk, Desk) else ():
        with untouched():
            pressed = client.post(address(model, "do", row.pk, button.name))
            assert opened(pressed) == person.may("change", row), (row, button.name)
    for way, operation in (("change", "change"), ("delete", "delete")):
        with untouched():
            if not person.may(operation, row):
                assert not opened(client.post(address(model, way, row.pk), {"post": "yes", "title": "Mine"}))
                assert stored(row) == before, (row, way)


def stored(row: Model) -> Any:
    return type(row)._default_manager.filter(pk=row.pk).values().get()


@pytest.mark.parametrize("model", DESKS, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("who", ["learner", "guest"])
def test_whoever_is_no_staff_has_no_desk(who: str, model: type[Model], world: World) -> None:
    client = desk_of(world.people[who])
    ways = [address(model, "changelist"), address(model, "add")]
    ways += [address(model, "change", row.pk) for row in world.rows.get(model, [])]
    for way in ways:
        assert client.get(way).headers["Location"].startswith("/admin/login/"), way


@pytest.mark.parametrize("model", DESKS, ids=lambda model: model._meta.model_name)
def test_staff_without_a_role_finds_nothing(model: type[Model], world: World) -> None:
    bare, idle = make_learner(is_staff=True), make_learner(is_staff=True)
    idle.user_permissions.set(Permission.objects.all())
    assert desk_of(Person(bare)).get(address(model, "changelist")).status_code == 403
    client = desk_of(Person(idle))
    assert set(client.get(address(model, "changelist")).context["cl"].queryset) <= {idle}
    for row in world.rows.get(model, []):
        assert not opened(client.get(address(model, "change", row.pk)))


@pytest.mark.parametrize("model", DESKS, ids=lambda model: model._meta.model_name)
def test_an_administrator_sees_all(model: type[Model], world: World) -> None:
    client = desk_of(world.people["administrator"])
    shown = {"state": "all"} if waits(model) else {}
    found = set(client.get(address(model, "changelist"), shown).context["cl"].queryset)
    rows = world.rows.get(model, [])
    assert set(rows) <= found
    assert all(opened(client.get(address(model, "change", row.pk))) for row in rows)


@pytest.mark.parametrize("model", RIGHTS.administered, ids=lambda model: model._meta.model_name)
@pytest.mark.parametrize("who", AT_THE_DESK)
def test_what_is_administered_is_nobody_elses(who: str, model: type[Model], world: World) -> None:
    client = desk_of(world.people[who])
    assert client.get(address(model, "changelist")).status_code == 403
    assert client.get(address(model, "add")).status_code == 403


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model._meta.model_name)
def test_rows_are_added_where_a_line_says_so(model: type[Model], world: World) -> None:
    adds = any(
        "add" in line.operations and line.role is not Role.OWNER for line in RIGHTS.lines_of("add", model)
    )
    shown = desk_of(world.people["author"]).get(address(model, "add"))
    assert (shown.status_code == 200) <= adds
