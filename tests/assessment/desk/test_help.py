"""Every page of the desk leads to the page of the help that is about it."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from api.handbook import shelf
from assessment.desk.help import FIRST, MODELS, PAGES, help_of
from content.admin.desk import Desk
from tests.builders import make_course, make_learner

DESKS = dict(admin.site._registry)


def name_of(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def fitting(address: str) -> str:
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address)
    return help_of(request)


@pytest.mark.parametrize("place", sorted({FIRST, *MODELS.values(), *PAGES.values()}))
def test_each_page_of_the_help_that_is_named_exists_with_its_place(place: str) -> None:
    name, _, heading = place.partition("#")
    found = shelf.document(shelf.documents()[name])
    assert not heading or heading in {one.name for one in found.headings}


def test_every_kind_of_row_at_the_desk_has_its_help() -> None:
    assert {name_of(model) for model in DESKS} == set(MODELS)


def test_what_has_help_of_its_own_is_a_page_of_the_desk() -> None:
    pages = {
        (name_of(model), page.name)
        for model, desk in DESKS.items()
        if isinstance(desk, Desk)
        for page in desk.pages
    }
    assert set(PAGES) <= pages


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/admin/", "/docs/instructors/"),
        ("/admin/content/item/add/", "/docs/authoring/"),
        ("/admin/content/itemversion/", "/docs/authoring/"),
        ("/admin/assessment/course/00000000-0000-0000-0000-000000000007/page/live/", "/docs/gradebook/#live"),
        ("/admin/assessment/course/00000000-0000-0000-0000-000000000007/page/overview/", "/docs/courses/"),
        ("/admin/second-factor/", "/docs/instructors/"),
    ],
)
def test_a_page_leads_to_what_it_is_about(address: str, place: str) -> None:
    assert fitting(address) == place


@pytest.mark.django_db
def test_the_help_stands_in_the_header_of_every_page() -> None:
    client = Client()
    client.force_login(make_learner("root", is_staff=True, is_superuser=True))
    course = make_course()
    lists = [reverse(f"admin:{name_of(model)}_changelist") for model in DESKS]
    for address in ["/admin/", *lists, reverse("admin:assessment_course_page", args=[course.pk, "roster"])]:
        page = client.get(address).content.decode()
        assert f'<a href="{fitting(address)}">Help</a>' in page, address


def test_nobody_is_told_of_help_before_signing_in(client: Client) -> None:
    assert b">Help</a>" not in client.get("/admin/login/").content


@pytest.mark.django_db
def test_forms_of_documents_link_to_what_may_stand_in_them() -> None:
    client = Client()
    client.force_login(make_learner("root", is_staff=True, is_superuser=True))
    assert 'href="/docs/assessments/"' in client.get("/admin/assessment/assessment/add/").content.decode()
    begun = client.get("/admin/content/item/add/?as_text=1").content.decode()
    assert '<a href="/docs/authoring/">Writing questions</a>' in begun
