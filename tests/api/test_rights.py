"""The matrix of rights over REST: everybody, every operation on somebody's rows, one's own and others' and nobody's.

What is expected follows from the lines of the table alone, and what is tried from the addresses of the API: an
operation or a kind of row that is new is tried, or fails for want of a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from api.management.commands.rights import document
from api.models import ApiKey, Scope
from api.rest.policy import RULES
from api.rest.urls import urlpatterns
from api.rights import RIGHTS
from assessment.models import Assignment, Attempt, Correction, Course, User
from content.rights import Role
from tests.api.client import Api, Reply, a_key
from tests.api.test_policy import make_key
from tests.builders import PASSWORD
from tests.realms import PEOPLE, Person, Realm, World, built, untouched

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with built(django_db_blocker) as world:
        yield world


Addresses = dict[str, tuple[str, str]]


def addresses() -> Addresses:
    """Return method and address of every operation."""
    found: Addresses = {}
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "view_class", getattr(pattern.callback, "cls", None))
        for method, operation in getattr(view, "operations", {}).items():
            found.setdefault(operation, (method, str(pattern.pattern)))
    return found


ADDRESSES = addresses()
OF_ROWS = [name for name, rule in RULES.items() if rule.rows]
BODIES: dict[str, Any] = {
    "save_draft": {"answer": {"a": "1"}},
    "submit_response": {"answer": {"a": "1"}},
    "rotate_key": {"password": PASSWORD},
    "import_roster": {"rows": [{"email": "zoe@example.org"}]},
    "copy_course": {"title": "Next", "slug": "next-term", "days": 7},
    "undo_correction": {"reason": "It was right."},
    "request_regrade": {"text": "Please look again."},
}


def whose(realm: Realm) -> list[Model]:
    """The rows that addresses name."""
    correction = realm.rows[Role.INSTRUCTOR][Correction]
    return [realm.attempt, realm.learner, realm.rows[Role.OWNER][ApiKey], realm.course, correction]


def call(api: Api, operation: str, realm: Realm) -> Reply:
    method, address = ADDRESSES[operation]
    given = realm.rows[Role.INSTRUCTOR][Assignment]
    names = {
        "<uuid:id>": realm.attempt.pk,
        "<int:position>": 1,
        "<uuid:learner>": realm.learner.pk,
        "<uuid:assignment>": given.pk,
        "<uuid:course>": realm.course.pk,
        "<uuid:key>": realm.rows[Role.OWNER][ApiKey].pk,
    }
    rule = RULES[operation].rows
    if rule and rule.model in (Course, Correction):
        names["<uuid:id>"] = row_of(operation, realm).pk
    names["<uuid:response_id>"] = realm.attempt.responses.get().pk
    for name, value in names.items():
        address = address.replace(name, str(value))
    body = BODIES.get(operation)
    if operation == "get_live":
        address += f"?assignment={given.pk}"
    if operation == "note_grade":
        body = {"learner": str(realm.learner.pk), "assignment": str(given.pk), "comment": "Well done."}
    if operation == "make_accommodations":
        body = {"learners": [str(realm.learner.pk)], "assignment": str(given.pk)}
    return api.send(method, address, body, headers=a_key())


def row_of(operation: str, realm: Realm) -> Model:
    rule = RULES[operation].rows
    assert rule is not None
    return next(row for row in whose(realm) if type(row) is rule.model)


def reaches(operation: str, person: Person, realm: Realm) -> bool:
    """Whether the table lets somebody reach the row of a realm that an operation is about."""
    rule = RULES[operation].rows
    assert rule is not None
    return person.may(rule.operation, row_of(operation, realm))


LISTS = ("list_attempts", "list_keys")
EVERYWHERE = ("get_accommodation", "make_accommodation", "end_accommodation")
"""What holds in every course, which administrators arrange: of one's own learners others are told so, by a 403."""


def test_every_address_that_names_a_row_has_a_line_in_the_table() -> None:
    naming = {name for name, (_, address) in ADDRESSES.items() if "<uuid:" in address}
    assert naming <= set(OF_ROWS), "say in RULES which right of the table it needs"
    assert {rule.rows.model for rule in RULES.values() if rule.rows} <= {type(row) for row in (*_kinds(),)}


def _kinds() -> list[Model]:
    return [Attempt(), User(), ApiKey(), Course(), Correction()]


def test_the_table_has_rows_of_every_kind_to_try(world: World) -> None:
    shared = {line.model for line in RIGHTS.lines if line.role is Role.STAFF}
    assert {line.model for line in RIGHTS.lines} - set(world.rows) <= shared


@pytest.mark.parametrize("who", PEOPLE)
def test_every_line_holds_for_ones_own_rows_alone(who: str, world: World) -> None:
    person, now = world.people[who], timezone.now()
    for line in RIGHTS.lines:
        for operation in line.operations if line.role is not Role.STAFF else ():
            found = set(
                line.model._default_manager.filter(RIGHTS.rows(person.user, operation, line.model, now))
            )
            for row in world.rows[line.model]:
                assert (row in found) == person.may(operation, row), (operation, row)


@pytest.mark.parametrize("realm", ["own", "other", "nobodys"])
@pytest.mark.parametrize("who", PEOPLE)
def test_a_row_exists_for_those_whom_the_table_names(who: str, realm: str, world: World) -> None:
    person, place = world.people[who], getattr(world, realm)
    before, api = Attempt.objects.values().get(pk=place.attempt.pk), Api(person.user)
    for operation in OF_ROWS:
        with untouched():
            reply = call(api, operation, place)
            expect(operation, person, place, reply)
            if not reaches(operation, person, place):
                assert Attempt.objects.values().get(pk=place.attempt.pk) == before


def expect(operation: str, person: Person, realm: Realm, reply: Reply) -> None:
    may = reaches(operation, person, realm)
    if operation in LISTS and reply.status == 200:
        assert (str(row_of(operation, realm).pk) in reply.text) == may, operation
    elif operation == "make_accommodations":
        assert (reply.status < 300) == may, (operation, reply)
    elif may and operation in EVERYWHERE and not person.user.is_superuser:
        assert reply.status == 403, (operation, reply)
    elif not may:
        assert reply.status in (403, 404), (operation, reply)
        assert reply.status == 404 or reply.code in ("permission_denied", "sign_up_first"), (operation, reply)
    else:
        # A row that exists may still refuse: there is no hint, no draft is wanted, nothing is arranged.
        assert reply.status not in (401, 403), (operation, reply)
        assert reply.status != 404 or "Nothing is arranged" in reply.text, (operation, reply)


@pytest.mark.parametrize("realm", ["own", "other", "nobodys"])
def test_a_key_of_an_instructor_reaches_what_its_owner_does(realm: str, world: World) -> None:
    person, place = world.people["instructor"], getattr(world, realm)
    everything = Api(key=make_key(person.user, *Scope.values))
    nothing = Api(key=make_key(person.user))
    for operation in OF_ROWS:
        with untouched():
            bare = call(nothing, operation, place)
            assert (bare.status, bare.code) == (403, "scope_missing"), operation
            if RULES[operation].scope:
                expect(operation, person, place, call(everything, operation, place))


def test_the_page_about_rights_is_what_the_command_prints() -> None:
    page = (settings.BASE_DIR / "docs" / "rights.md").read_text()
    assert page == document(), "manage.py rights > docs/rights.md"
