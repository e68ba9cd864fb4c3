"""Nobody sees anything of the desk before the second factor, and the audit knows who works there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from assessment.models import AuditEntry, Course, User
from assessment.people import second_factor
from assessment.people.second_factor import RECOVERY_CODES
from tests.assessment.people.test_second_factor import code_of, later, switched_on, wrong_code_of
from tests.builders import PASSWORD, make_course, make_learner

pytestmark = pytest.mark.django_db

OWN = "/admin/second-factor/"
LOGIN = "/admin/login/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def root() -> User:
    return make_learner("root", is_staff=True, is_superuser=True)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def proven(user: User) -> Client:
    """A browser of somebody who has signed in with a code."""
    client = browser(user)
    device = second_factor.device_of(user)
    assert device
    client.post(LOGIN, {"code": code_of(device)})
    return client


def addresses(patterns: Any, before: str = "/admin/") -> Iterator[str]:
    """Yield an address for each pattern of the desk."""
    kinds = {"uuid": str(UUID(int=7)), "slug": "a-name", "path": "7", "int": "7", "str": "a-name"}
    for pattern in patterns:
        route = str(pattern.pattern)
        if route.startswith("^") or "(?P" in route:
            route = "assessment/" if "app_label" in route else "nothing/"
        place = before + re.sub(r"<(?:(\w+):)?\w+>", lambda found: kinds[found[1] or "str"], route)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, place)
        elif isinstance(pattern, URLPattern):
            yield place


EVERYWHERE = sorted(set(addresses(admin.site.get_urls())) - {LOGIN, "/admin/second-factor/leave/"})


def test_no_page_opens_before_the_code(root: User) -> None:
    switched_on(root)
    client = browser(root)
    assert len(EVERYWHERE) > 150
    for place in EVERYWHERE:
        for send in (client.get, client.post):
            answer = send(place)
            assert answer.status_code in (301, 302, 405), place
            if answer.status_code == 302 and "logout" not in place:
                assert answer.headers["Location"].startswith(LOGIN), place


def test_the_code_comes_after_the_password(root: User) -> None:
    device, client = switched_on(root), Client()
    wanted = reverse("admin:assessment_course_changelist")
    answer = client.post(LOGIN, {"username": "root", "password": PASSWORD, "next": wanted}, follow=True)
    assert "Code of your authenticator app" in answer.content.decode()
    answer = client.post(LOGIN, {"code": code_of(device), "next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, wanted)
    assert client.get(wanted).status_code == 200


def test_a_wrong_code_and_a_pause_are_told(root: User) -> None:
    device, client = switched_on(root), browser(root)
    wrong = wrong_code_of(device)
    assert "wrong, or was used" in client.post(LOGIN, {"code": wrong}).content.decode()
    assert "Wait 1 seconds" in client.post(LOGIN, {"code": code_of(device)}).content.decode()
    assert client.get("/admin/").status_code == 302
    later(root)
    assert client.post(LOGIN, {"code": code_of(device)}).status_code == 302
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("goal", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_the_code_leads_nowhere_else(root: User, goal: str) -> None:
    device, client = switched_on(root), browser(root)
    answer = client.post(LOGIN, {"code": code_of(device), "next": goal})
    assert answer.headers["Location"] == "/admin/"


def test_a_session_has_another_name_after_the_code(root: User) -> None:
    switched_on(root)
    client = browser(root)
    before = client.cookies["sessionid"].value
    device = second_factor.device_of(root)
    client.post(LOGIN, {"code": code_of(device)})
    assert client.cookies["sessionid"].value != before


def test_whoever_has_no_code_can_sign_out(root: User) -> None:
    switched_on(root)
    client = browser(root)
    assert client.get(f"{OWN}leave/").status_code == 405
    client.post(f"{OWN}leave/")
    assert "id_username" in client.get(LOGIN).content.decode()


def test_it_is_set_up_page_by_page(root: User) -> None:
    client = browser(root)
    assert "It is off" in client.get(OWN).content.decode()
    page = client.post(OWN, {"do": "begin"}, follow=True).content.decode()
    waiting = second_factor.begin(user=root)
    assert "<svg" in page
    assert " style=" not in page
    assert second_factor.secret_of(waiting) in page
    assert "wrong" in client.post(OWN, {"do": "confirm", "code": wrong_code_of(waiting)}).content.decode()
    later(root)
    page = client.post(OWN, {"do": "confirm", "code": code_of(waiting)}).content.decode()
    codes = re.findall(r"<code>([0-9A-Z-]{19})</code>", page)
    assert len(codes) == RECOVERY_CODES
    assert "logout-form" in page
    again = client.get(OWN).content.decode()
    assert "It is on" in again
    assert not [code for code in codes if code in again]
    assert client.get("/admin/").status_code == 200, "this session has shown a code"
    assert browser(root).get("/admin/").status_code == 302, "others have not"


def test_new_codes_take_a_code(root: User) -> None:
    device = switched_on(root)
    client = proven(root)
    assert "wrong" in client.post(OWN, {"do": "codes", "code": code_of(device)}).content.decode()
    later(root)
    page = client.post(OWN, {"do": "codes", "code": code_of(device)}).content.decode()
    assert len(re.findall(r"<code>[0-9A-Z-]{19}</code>", page)) == RECOVERY_CODES


def test_switching_off_takes_code_and_password(root: User) -> None:
    device = switched_on(root)
    client = proven(root)
    given = {"do": "off", "code": code_of(device), "password": "another"}
    assert "not your password" in client.post(OWN, given).content.decode()
    assert "wrong" in client.post(OWN, {**given, "code": "1", "password": PASSWORD}).content.decode()
    assert second_factor.device_of(root)
    later(root)
    client.post(OWN, {**given, "password": PASSWORD})
    assert second_factor.device_of(root) is None
    assert client.get("/admin/").status_code == 200


def test_where_it_is_required_setting_it_up_comes_first(root: User, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "required"
    client = browser(root)
    answer = client.get("/admin/assessment/course/", follow=True)
    assert answer.request["PATH_INFO"] == OWN
    assert "One more step" in answer.content.decode()
    assert "nav-sidebar" not in answer.content.decode()
    client.post(OWN, {"do": "begin"})
    client.post(OWN, {"do": "confirm", "code": code_of(second_factor.begin(user=root))})
    assert client.get("/admin/assessment/course/").status_code == 200


def test_a_learner_finds_no_page_of_it() -> None:
    client = browser(make_learner("ann"))
    for place in (OWN, "/admin/"):
        assert client.get(place).headers["Location"].startswith(LOGIN)
    assert Client().post(OWN, {"do": "begin"}).headers["Location"].startswith(LOGIN)


def test_a_superuser_takes_a_lost_one_away(root: User) -> None:
    ines = make_learner("ines", is_staff=True)
    device = switched_on(ines)
    place = reverse("admin:assessment_user_second_factor", args=[ines.pk])
    assert browser(make_learner("omar", is_staff=True)).post(place).status_code == 403
    desk = browser(root)
    page = desk.get(place).content.decode()
    assert "It is on" in page
    assert device.key not in page
    desk.post(place)
    assert second_factor.device_of(ines) is None
    entry = AuditEntry.objects.filter(what="otp_totp_totpdevice", operation="delete").get()
    assert (entry.actor_name, entry.about) == ("root", {"user_id": str(ines.pk)})


def test_secrets_have_no_page() -> None:
    assert not {"otp_totp", "otp_static"} & {model._meta.app_label for model in admin.site._registry}


# The audit


def test_whatever_is_written_at_the_desk_is_known(root: User) -> None:
    course, desk = make_course(slug="maths"), browser(root)
    page = reverse("admin:assessment_course_change", args=[course.pk])
    given = {
        "title": "Analysis",
        "slug": "maths",
        "time_zone": "UTC",
        "enrolments-TOTAL_FORMS": "0",
        "enrolments-INITIAL_FORMS": "0",
    }
    assert desk.post(page, given).status_code == 302
    assert Course.objects.get().title == "Analysis"
    entry = AuditEntry.objects.first()
    assert (entry.what, entry.actor_name, entry.door) == ("assessment_course", "root", "desk")


def test_a_sign_in_at_the_desk_is_known(root: User) -> None:
    Client(REMOTE_ADDR="203.0.113.9").post(LOGIN, {"username": "root", "password": PASSWORD})
    entry = AuditEntry.objects.first()
    assert (entry.operation, entry.actor_name, entry.door) == ("sign_in", "root", "desk")
    assert entry.after == {"network": "203.0.113.0/24"}
