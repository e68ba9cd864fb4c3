"""Who may do what: every line of the policy table is tried with everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from api.models import ApiKey, Scope
from api.rest.policy import OWN, RULES, SEEN_BY_TEACHERS, Who
from assessment.models import Accommodation, Assessment, Attempt, Correction, Draft, User
from assessment.models.people import Role
from assessment.modes import MODES
from assessment.people.courses import set_join_code
from assessment.people.recovery import make_code
from assessment.platforms.arriving import begin_session
from assessment.recording.correcting import apply_correction
from assessment.results.regrading import Proposal, propose
from content.models import AuthorGrant, Item, ItemBank
from tests import builders, sitting
from tests.api.client import Api, Reply
from tests.desks import make_instructor
from tests.launching import launched, make_link, make_platform
from tests.measuring import make_adaptive
from tests.practicing import make_mastery

pytestmark = pytest.mark.django_db

ANSWER = {"answer": {"a": "right"}}


def bank_of_the_course() -> ItemBank:
    bank = builders.make_bank("of-the-course")
    for number in range(6):
        builders.make_item(builders.exercise_document(f"e-{number}", difficulty=float(number)), bank=bank)
    return bank


ASSESSMENTS: dict[str, Callable[[], Assessment]] = {
    "fixed": lambda: builders.make_assessment(
        builders.make_item(builders.exercise_document("e-0")),
        slug="of-the-course",
        solution_on_request=True,
    ),
    "adaptive": lambda: make_adaptive(bank_of_the_course(), slug="of-the-course"),
    "mastery": lambda: make_mastery(bank_of_the_course(), slug="of-the-course", skills=["l2-update"]),
}


@dataclass
class World:
    """One of everything: an attempt of ``owner`` at the assessment of a course, and a variant of a guest."""

    mode: str = "fixed"
    owner: User = field(default_factory=lambda: builders.make_learner("owner"))

    def __post_init__(self) -> None:
        builders.make_item(builders.exercise_document())
        builders.make_lesson()
        self.course = builders.make_course()
        builders.enrol(self.owner, self.course)
        self.open_to_all = builders.make_assessment(slug="open-to-all")
        self.of_the_course = ASSESSMENTS[self.mode]()
        builders.give(self.of_the_course, course=self.course)
        self.attempt = Api(self.owner).start("of-the-course")
        self.token = Api().post("exercises/double-it/variants/").json["token"]


Call = Callable[[Api, World], Reply]

PROOF = {"password": builders.PASSWORD}


def ask_for_recovery(api: Api, world: World) -> Reply:
    api.get("me/")
    return api.post("accounts/recovery/", {"name": "owner"})


def recover(api: Api, world: World) -> Reply:
    api.get("me/")
    code = make_code(user=world.owner, now=timezone.now())
    return api.post(
        "accounts/recovery/confirm/", {"name": "owner", "code": code, "password": "another-long-one"}
    )


def by_launch(method: str, path: str, body: Any = None) -> Call:
    """A call by whoever was launched into the course as its teacher; by nobody, and by a key, without a launch."""

    def call(api: Api, world: World) -> Reply:
        if api.user is None:
            return api.send(method, path, body)
        link = make_link(builders.assignment_of(world.of_the_course))
        token = launched(api.user, link=link, is_teacher=True)
        return Api(key=token).send(method, path, body)

    return call


def take_launch(api: Api, world: World) -> Reply:
    _, code = begin_session(world.owner, make_platform(), timezone.now(), {})
    return api.post("launch/", {"code": code})


def on_accommodation(method: str, *, at: bool) -> Call:
    """A call by somebody who teaches a learner of the course; everywhere, by a superuser. A key is the owner's."""

    def call(api: Api, world: World) -> Reply:
        learner, teacher = builders.make_learner(), api.user or world.owner
        builders.enrol(learner, world.course)
        if not teacher.is_guest:
            world.course.enrolments.update_or_create(user=teacher, defaults={"role": Role.INSTRUCTOR})
            User.objects.filter(pk=teacher.pk).update(is_superuser=not at, is_staff=not at)
        given = builders.assignment_of(world.of_the_course)
        Accommodation.objects.create(user=learner, assessment=given.assessment if at else None)
        path = f"accommodations/{learner.pk}/{f'{given.pk}/' if at else ''}"
        return api.send(method, path, {"time_factor": 2} if method == "PUT" else None)

    return call


def on_many(api: Api, world: World) -> Reply:
    learner, teacher = builders.make_learner(), api.user or world.owner
    builders.enrol(learner, world.course)
    if not teacher.is_guest:
        world.course.enrolments.update_or_create(user=teacher, defaults={"role": Role.INSTRUCTOR})
    given = builders.assignment_of(world.of_the_course)
    wanted = {"learners": [str(learner.pk)], "assignment": str(given.pk), "time_factor": 2}
    return api.send("PUT", "accommodations/", wanted)


def in_course(method: str, path: str, body: Any = None, role: Role = Role.INSTRUCTOR) -> Call:
    """A call by somebody who teaches the course, or is in it otherwise. A key is the owner's."""

    def call(api: Api, world: World) -> Reply:
        somebody = api.user or world.owner
        if not somebody.is_guest:
            world.course.enrolments.update_or_create(user=somebody, defaults={"role": role})
        return api.send(method, f"courses/{world.course.pk}/{path}", body)

    return call


def on_correction(method: str, path: str = "", body: Any = None) -> Call:
    """A call about a correction of the item of the assessment, by somebody to whom its bank is granted."""

    def call(api: Api, world: World) -> Reply:
        correction = make_correction(world, api.user or world.owner)
        return api.send(method, f"corrections/{correction.pk}/{path}", body)

    return call


def on_gradebook(method: str, path: str, body: Callable[[World, UUID], Any] | None = None) -> Call:
    """A call by somebody who teaches the course; a key is the owner's."""

    def call(api: Api, world: World) -> Reply:
        learner, teacher = builders.make_learner(), api.user or world.owner
        builders.enrol(learner, world.course)
        if not teacher.is_guest:
            world.course.enrolments.update_or_create(user=teacher, defaults={"role": Role.INSTRUCTOR})
        given = builders.assignment_of(world.of_the_course).pk
        sent = body(world, learner.pk) if body else None
        return api.send(method, f"courses/{world.course.pk}/{path.format(given=given)}", sent)

    return call


def a_comment(world: World, learner: UUID) -> dict[str, str]:
    given = builders.assignment_of(world.of_the_course)
    return {"learner": str(learner), "assignment": str(given.pk), "comment": "Well done."}


def by_code(path: str) -> Call:
    return lambda api, world: api.post(path, {"code": set_join_code(course=world.course)})


def statistics_of_the_course(api: Api, world: World) -> Reply:
    """A call by somebody who teaches the course; a key is the owner's."""
    teacher = api.user or world.owner
    if not teacher.is_guest:
        world.course.enrolments.update_or_create(user=teacher, defaults={"role": Role.INSTRUCTOR})
    return api.get("assessments/of-the-course/statistics/")


def statistics_of_a_bank(api: Api, world: World) -> Reply:
    """A call by somebody to whom a bank is granted; a key is the owner's."""
    author = api.user or world.owner
    AuthorGrant.objects.give(builders.make_bank(), user=author, granted_by=None, now=builders.NOW)
    return api.get("banks/bank/statistics/")


def undo_correction(api: Api, world: World) -> Reply:
    correction = make_correction(world, api.user or world.owner)
    apply_correction(correction_id=correction.pk, now=timezone.now())
    return api.post(f"corrections/{correction.pk}/undo/", {"reason": "It was right."})


def propose_correction(api: Api, world: World) -> Reply:
    make_correction(world, api.user or world.owner)
    return api.post("corrections/", {"item": "pick-it", "kind": "drop", "reason": "It was wrong."})


def make_correction(world: World, author: User) -> Correction:
    finished_attempt(world)
    item = Item.objects.get(slug="pick-it")
    AuthorGrant.objects.give(item.bank, user=author, granted_by=None, now=timezone.now())
    wanted = Proposal(item=item, kind="full_credit", reason="It was unclear.")
    return propose(wanted, timezone.now())


def finished_attempt(world: World) -> Attempt:
    """An attempt of the owner that is over, its only answer wrong."""
    known = Item.objects.filter(slug="pick-it").first()
    item = known or builders.make_item(builders.choice_document("pick-it"))
    attempt = builders.make_attempt(item, learner=world.owner)
    sitting.answer(attempt, 1, sitting.WRONG)
    return sitting.submit(attempt)


def request_regrade(api: Api, world: World) -> Reply:
    attempt = finished_attempt(world)
    response = attempt.responses.get()
    path = f"attempts/{attempt.pk}/responses/{response.pk}/regrade-request/"
    return api.post(path, {"text": "Please look again."})


CALLS: dict[str, Call] = {
    "list_courses": lambda api, world: api.get("courses/"),
    "get_course": in_course("GET", "", role=Role.LEARNER),
    "make_course": lambda api, world: api.post("courses/", {"title": "Optics", "slug": "optics"}),
    "show_invitation": by_code("courses/invitation/"),
    "join_course": by_code("courses/join/"),
    "import_roster": in_course("POST", "roster/", {"rows": [{"email": "zoe@example.org"}]}),
    "set_join_code": in_course("PUT", "join-code/"),
    "clear_join_code": in_course("DELETE", "join-code/"),
    "copy_course": in_course("POST", "copies/", {"title": "Next", "slug": "next", "days": 7}),
    "get_gradebook": on_gradebook("GET", "gradebook/"),
    "get_live": on_gradebook("GET", "live/?assignment={given}"),
    "note_grade": on_gradebook("POST", "gradebook/notes/", a_comment),
    "get_statistics": statistics_of_the_course,
    "get_bank_statistics": statistics_of_a_bank,
    "list_corrections": lambda api, world: api.get("corrections/"),
    "propose_correction": propose_correction,
    "get_correction": on_correction("GET"),
    "list_correction_changes": on_correction("GET", "changes/"),
    "preview_correction": on_correction("POST", "preview/"),
    "apply_correction": on_correction("POST", "apply/"),
    "undo_correction": undo_correction,
    "mark_corrections_seen": lambda api, world: api.post(f"attempts/{world.attempt}/corrections/seen/"),
    "request_regrade": request_regrade,
    "make_accommodations": on_many,
    "get_accommodation": on_accommodation("GET", at=False),
    "make_accommodation": on_accommodation("PUT", at=False),
    "end_accommodation": on_accommodation("DELETE", at=False),
    "get_accommodation_at": on_accommodation("GET", at=True),
    "make_accommodation_at": on_accommodation("PUT", at=True),
    "end_accommodation_at": on_accommodation("DELETE", at=True),
    "take_launch": take_launch,
    "renew_launch": by_launch("POST", "launch/renewal/"),
    "list_grades_of_a_launch": by_launch("GET", "launch/grades/"),
    "resend_grades_of_a_launch": by_launch("POST", "launch/grades/", {"person": None}),
    "list_grades_sent": lambda api, world: api.get(f"attempts/{world.attempt}/grades/"),
    "grade_cases": lambda api, world: api.post("grade/", []),
    "list_subjects": lambda api, world: api.get("subjects/"),
    "list_skills": lambda api, world: api.get("skills/"),
    "list_lessons": lambda api, world: api.get("lessons/"),
    "get_lesson": lambda api, world: api.get("lessons/a-lesson/"),
    "list_assessments": lambda api, world: api.get("assessments/"),
    "get_assessment": lambda api, world: api.get("assessments/open-to-all/"),
    "list_attempts": lambda api, world: api.get("attempts/"),
    "start_attempt": lambda api, world: api.post("attempts/", {"assessment": "open-to-all"}),
    "get_attempt": lambda api, world: api.get(f"attempts/{world.attempt}/"),
    "review_attempt": lambda api, world: api.get(f"attempts/{world.attempt}/review/"),
    "next_presentation": lambda api, world: api.get(f"attempts/{world.attempt}/next/"),
    "draw_presentation": lambda api, world: api.post(f"attempts/{world.attempt}/next/"),
    "get_presentation": lambda api, world: api.get(f"attempts/{world.attempt}/presentations/1/"),
    "save_draft": lambda api, world: api.put(f"attempts/{world.attempt}/presentations/1/draft/", ANSWER),
    "take_hint": lambda api, world: api.post(f"attempts/{world.attempt}/presentations/1/hints/"),
    "show_solution": lambda api, world: api.post(f"attempts/{world.attempt}/presentations/1/solution/"),
    "list_presentations": lambda api, world: api.get(f"attempts/{world.attempt}/presentations/"),
    "take_variant_hint": lambda api, world: api.post("exercises/double-it/hints/", {"token": world.token}),
    "submit_response": lambda api, world: api.respond(world.attempt, 1, ANSWER["answer"]),
    "submit_attempt": lambda api, world: api.post(f"attempts/{world.attempt}/submit/"),
    "draw_variant": lambda api, world: api.post("exercises/double-it/variants/"),
    "show_variant_solution": lambda api, world: api.post(
        "exercises/double-it/solution/", {"token": world.token}
    ),
    "check_variant": lambda api, world: api.post(
        "exercises/double-it/check/", {"token": world.token, **ANSWER}
    ),
    "get_progress": lambda api, world: api.get("progress/"),
    "sign_up": lambda api, world: api.sign_up("somebody-new"),
    "sign_in": lambda api, world: api.sign_in("owner"),
    "sign_out": lambda api, world: api.delete("session/"),
    "get_me": lambda api, world: api.get("me/"),
    "change_me": lambda api, world: api.patch("me/", {"email": "a@example.org", **PROOF}),
    "erase_me": lambda api, world: api.delete("me/", PROOF),
    "get_account": lambda api, world: api.get("me/account/"),
    "export_me": lambda api, world: api.get("me/export/"),
    "change_password": lambda api, world: api.post(
        "me/password/", {"current": builders.PASSWORD, "new": "another-long-one"}
    ),
    "make_recovery_code": lambda api, world: api.post("me/recovery-code/", PROOF),
    "end_sessions": lambda api, world: api.delete("me/sessions/"),
    "list_keys": lambda api, world: api.get("me/keys/"),
    "make_key": lambda api, world: api.post(
        "me/keys/", {**PROOF, "name": "a", "scopes": ["practice"], "expires_at": None}
    ),
    "revoke_key": lambda api, world: api.delete(f"me/keys/{key_of(api, world)}/"),
    "rotate_key": lambda api, world: api.post(f"me/keys/{key_of(api, world)}/rotation/", PROOF),
    "ask_for_recovery": ask_for_recovery,
    "recover": recover,
}


def somebody(who: Who) -> User | None:
    match who:
        case Who.ANONYMOUS:
            return None
        case Who.GUEST:
            return builders.make_learner(is_guest=True)
        case Who.LEARNER:
            return builders.make_learner()
        case Who.INSTRUCTOR:
            return make_instructor()


ROWS = [name for name, rule in RULES.items() if rule.rows in (OWN, SEEN_BY_TEACHERS)]


class Relation(StrEnum):
    """What somebody is to the attempt of the world."""

    OWNER = "owner"
    INSTRUCTOR = "instructor of its course"
    SUPERUSER = "superuser"


REACHES = {OWN: {Relation.OWNER}, SEEN_BY_TEACHERS: set(Relation)}


def related(relation: Relation, world: World) -> User:
    """Somebody who stands to the attempt of the world as ``relation`` says, and in no other way."""
    match relation:
        case Relation.OWNER:
            return world.owner
        case Relation.INSTRUCTOR:
            instructor = builders.make_learner()
            builders.enrol(instructor, world.course, Role.INSTRUCTOR)
            return instructor
        case Relation.SUPERUSER:
            return builders.make_learner(is_staff=True, is_superuser=True)


def staff_with_every_permission() -> User:
    user = builders.make_learner(is_staff=True)
    user.user_permissions.set(Permission.objects.all())
    return user


def instructor_of_another_course(world: World) -> User:
    """Somebody who teaches, but there the owner is a learner as well."""
    user, elsewhere = make_instructor(), builders.make_course()
    builders.enrol(user, elsewhere, Role.INSTRUCTOR)
    builders.enrol(world.owner, elsewhere)
    return user


def classmate(world: World) -> User:
    user = builders.make_learner()
    builders.enrol(user, world.course)
    return user


STRANGERS: dict[str, Callable[[World], User | None]] = {
    "guest": lambda world: somebody(Who.GUEST),
    "learner": lambda world: somebody(Who.LEARNER),
    "instructor of no course": lambda world: somebody(Who.INSTRUCTOR),
    "bare staff": lambda world: builders.make_learner(is_staff=True),
    "staff with every permission": lambda world: staff_with_every_permission(),
    "instructor of another course": instructor_of_another_course,
    "classmate": classmate,
}


def make_key(owner: User, *scopes: str) -> str:
    key = ApiKey(owner=owner, name="a test", scopes=list(scopes))
    token = key.issue(timezone.now())
    key.save()
    return token


def key_of(api: Api, world: World) -> UUID:
    """A key of who asks."""
    make_key(api.user or world.owner, Scope.PRACTICE)
    return ApiKey.objects.latest("id").pk


def test_every_rule_is_tried() -> None:
    assert set(CALLS) == set(RULES)


@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("operation", [name for name in RULES if name not in ROWS])
def test_an_operation_is_open_to_those_whom_the_table_names(operation: str, who: Who) -> None:
    reply = CALLS[operation](Api(somebody(who)), World())
    if who in RULES[operation].who:
        assert reply.status < 300, reply
    else:
        assert reply.status == (401 if who is Who.ANONYMOUS else 403), reply


@pytest.mark.parametrize("operation", [name for name, rule in RULES.items() if Who.ANONYMOUS not in rule.who])
def test_nobody_signed_in_is_asked_for_credentials(operation: str) -> None:
    reply = CALLS[operation](Api(), World())
    assert (reply.status, reply.code) == (401, "not_authenticated")
    assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_the_rights_are_tried_in_every_mode() -> None:
    assert set(ASSESSMENTS) == set(MODES)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("operation", ROWS)
def test_a_row_exists_only_for_those_whom_the_table_names(
    operation: str, relation: Relation, mode: str
) -> None:
    world = World(mode)
    reply = CALLS[operation](Api(related(relation, world)), world)
    if operation == "list_attempts":
        assert (world.attempt in reply.text) == (relation in REACHES[RULES[operation].rows])
    elif relation not in REACHES[RULES[operation].rows]:
        assert (reply.status, reply.code) == (404, "not_found")
    elif operation == "take_hint" and MODES[mode].no_hints:
        assert (reply.status, reply.code) == (409, "no_hints_left")
    elif operation == "show_solution" and MODES[mode].grows:
        assert (reply.status, reply.code) == (409, "solution_withheld")
    else:
        assert reply.status < 300, reply


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stranger", STRANGERS)
def test_another_learners_row_does_not_exist_and_stays_as_it_is(stranger: str, mode: str) -> None:
    world = World(mode)
    api = Api(STRANGERS[stranger](world))
    before = Attempt.objects.values().get(pk=UUID(world.attempt))
    for operation in ROWS:
        reply = CALLS[operation](api, world)
        if operation == "list_attempts":
            assert reply.json["results"] == []
        else:
            assert (reply.status, reply.code) == (404, "not_found"), operation
    assert Attempt.objects.values().get(pk=UUID(world.attempt)) == before
    assert not Draft.objects.exists()


@pytest.mark.parametrize("operation", RULES)
def test_a_key_may_do_what_its_scopes_say(operation: str) -> None:
    world, scope = World(), RULES[operation].scope
    others = [one for one in Scope.values if one != scope]
    without = CALLS[operation](Api(key=make_key(world.owner, *others)), world)
    assert (without.status, without.code) == (403, "scope_missing")
    if scope:
        reply = CALLS[operation](Api(key=make_key(world.owner, scope)), world)
        assert reply.status < 300, reply


def test_a_key_cannot_do_what_its_owner_cannot() -> None:
    world = World()
    reply = CALLS["get_attempt"](Api(key=make_key(builders.make_learner(), *Scope.values)), world)
    assert reply.status == 404


def test_an_instructor_of_another_course_sees_nothing() -> None:
    world, stranger = World(), builders.make_learner()
    builders.enrol(stranger, builders.make_course(), Role.INSTRUCTOR)
    assert CALLS["review_attempt"](Api(stranger), world).status == 404


def test_an_instructor_whose_enrolment_has_ended_sees_nothing() -> None:
    world = World()
    instructor = related(Relation.INSTRUCTOR, world)
    instructor.enrolments.update(ends_at=timezone.now())
    assert CALLS["review_attempt"](Api(instructor), world).status == 404


def test_being_staff_opens_nothing_that_a_learner_has_not() -> None:
    world, staff = World(), builders.make_learner(is_staff=True)
    assert CALLS["grade_cases"](Api(staff), world).status == 403
    assert CALLS["grade_cases"](Api(key=make_key(staff, Scope.GRADE)), world).status == 200


def test_a_request_of_a_learner_costs_no_look_at_permissions(django_assert_max_num_queries: Any) -> None:
    learner = Api(builders.make_learner())
    with django_assert_max_num_queries(4) as asked:
        learner.get("attempts/")
    assert not any("permission" in query["sql"] for query in asked.captured_queries)


def test_a_method_that_an_address_does_not_have_is_a_405(api: Api) -> None:
    reply = api.put("lessons/", {})
    assert (reply.status, reply.code) == (405, "method_not_allowed")
