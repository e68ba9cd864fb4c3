"""The instructor's desk: people, courses, assessments and attempts."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.errors import AttemptExpired
from assessment.models import Accommodation, Assessment, AssessmentVersion, Attempt, Course, User
from assessment.models.corrections import ActionKind
from assessment.people.instructors import MAY, ensure_instructor_group, permissions_on
from assessment.recording.overruling import act
from content.authoring import retire
from content.documents.text import dump_document
from content.models import Misconception
from tests import sitting
from tests.builders import (
    NOW,
    assignment_of,
    choice_document,
    enrol,
    exercise_document,
    make_assessment,
    make_attempt,
    make_course,
    make_item,
    make_learner,
    who,
)
from tests.desks import OwnDesk, make_instructor, own_everything
from tests.measuring import make_adaptive, make_measuring_items, reply, start, upcoming
from tests.practicing import make_chain, make_mastery

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture
def desk():
    """A browser in which an instructor is signed in."""
    return OwnDesk(make_instructor())


@pytest.fixture
def attempt():
    """Two items: wrong, then right; unreadable, then never answered."""
    Misconception.objects.create(slug="forgot-the-two", title="The 2 is missing", explanation="It was 2w.")
    item = make_item(choice_document())
    attempt = make_attempt(
        item, make_item(exercise_document()), learner=make_learner("ada", first_name="Ada")
    )
    for position, entered in ((1, "wrong"), (1, "right"), (2, "about a half")):
        send(attempt, position, entered)
    return attempt


def send(attempt, position, entered, now=NOW):
    return sitting.answer(attempt, position, {"a": entered}, key=None, now=now)


def page(row, action="change", *args):
    return reverse(f"admin:assessment_{row._meta.model_name}_{action}", args=[row.pk, *args])


def listing(model):
    return reverse(f"admin:assessment_{model}_changelist")


# People


@pytest.mark.parametrize("model", ["user", "course", "enrolment", "accommodation", "assessment", "attempt"])
def test_lists_open_and_search(desk, attempt, model):
    course = make_course()
    enrol(who(attempt), course)
    Accommodation.objects.create(user=who(attempt), time_factor=1.5)
    assert desk.get(listing(model), {"q": "a"}).status_code == 200


@pytest.mark.parametrize("model", ["user", "course", "enrolment", "accommodation", "assessment", "attempt"])
def test_lists_cost_the_same_however_long_they_are(
    desk, model, django_assert_num_queries, django_assert_max_num_queries
):
    def grow():
        learner, course = make_learner(), make_course()
        enrol(learner, course)
        assessment = make_attempt(learner=learner).assessment
        Accommodation.objects.create(user=learner, assessment=assessment)
        own_everything(desk.user)

    desk.is_counted = True
    grow()
    with django_assert_max_num_queries(25) as few:
        desk.get(listing(model))
    grow()
    grow()
    with django_assert_num_queries(len(few.captured_queries)):
        desk.get(listing(model))


def test_saving_is_offered_only_where_something_can_be_entered(desk, attempt):
    course = make_course()
    own_everything(desk.user)
    offered = {
        row: 'name="_save"' in desk.get(page(row)).content.decode()
        for row in (attempt.assessment, attempt, course, assignment_of(attempt.assessment))
    }
    assert list(offered.values()) == [False, False, True, True]


def test_an_instructor_looks_at_people_and_changes_nobody(desk):
    learner = make_learner("ada")
    response = desk.get(page(learner))
    assert response.status_code == 200
    text = response.content.decode()
    assert "ada" in text
    assert learner.password not in text
    assert "user_permissions" not in text
    assert desk.post(page(learner), {"username": "eve", "is_superuser": "on"}).status_code == 403
    assert desk.get(reverse("admin:assessment_user_add")).status_code == 403
    assert not User.objects.filter(is_superuser=True).exists()


def test_an_admin_adds_people_and_deletes_nobody(admin_client):
    data = {
        "username": "new-person",
        "usable_password": "true",
        "password1": "a long phrase",
        "password2": "a long phrase",
    }
    admin_client.post(reverse("admin:assessment_user_add"), data)
    person = User.objects.get(username="new-person")
    assert person.check_password("a long phrase")
    assert admin_client.get(page(person)).status_code == 200
    assert admin_client.post(page(person, "delete"), {"post": "yes"}).status_code == 403


def test_learners_are_enrolled_in_a_course(desk):
    learner = make_learner()
    data = {
        "title": "Statistics",
        "slug": "statistics",
        "time_zone": "UTC",
        "enrolments-TOTAL_FORMS": "1",
        "enrolments-INITIAL_FORMS": "0",
        "enrolments-0-user": learner.username,
        "enrolments-0-role": "learner",
    }
    desk.post(reverse("admin:assessment_course_add"), data)
    course = Course.objects.get(slug="statistics")
    assert set(course.members.all()) == {learner, desk.user}
    assert course.enrolments.get(role="instructor").user == desk.user
    assert desk.get(page(course)).status_code == 200
    assert desk.get(page(course.enrolments.get(user=learner))).status_code == 200


def test_more_time_is_arranged_for_a_learner(desk):
    learner = make_learner()
    where = {"user": str(learner.pk), "assessment": str(make_assessment().pk)}
    more = {"time_factor": "1.5", "extra_minutes": "0", "extra_attempts": "1"}
    data = where | more | {"reason": "arranged"}
    desk.post(reverse("admin:assessment_accommodation_add"), data)
    assert Accommodation.objects.get().time_factor == 1.5
    response = desk.post(reverse("admin:assessment_accommodation_add"), data | {"time_factor": "0.5"})
    assert "This must be 1 (no extra time) to 100" in str(response.context["adminform"].form.errors)


# Assessments


def document(**changes):
    """The text of an assessment of one item that is there."""
    found = {
        "slug": "a-check",
        "title": "A check",
        "sections": [{"title": "Only part", "slots": [{"item": "one"}]}],
    }
    return dump_document(found | changes)


def begun(desk, **changes):
    """Begin an assessment at the desk, for the course that an instructor's assessment needs."""
    course, _ = Course.objects.get_or_create(slug="everybody", defaults={"title": "Everybody"})
    data = {"course": str(course.pk), "document": document(**changes)}
    return desk.post(reverse("admin:assessment_assessment_add"), data, follow=True)


NO_ROWS = {"changes-TOTAL_FORMS": "0", "changes-INITIAL_FORMS": "0"}


def draft():
    return AssessmentVersion.objects.get(status="draft")


def test_an_assessment_is_begun_drafted_and_published(desk):
    make_item(choice_document("one"))
    response = begun(desk, sections=[{"slots": [{"item": "one", "weight": 0}]}])
    assert response.context["original"] == draft()
    assert [path for path, _ in response.context["desk_faults"]] == ["sections.0.slots.0.weight"]
    assert Assessment.objects.get().current is None
    text = document(time_limit_minutes=20)
    desk.post(page(draft()), {"document": text, "based_on": draft().revision, "_publish": "yes"})
    assessment = Assessment.objects.get()
    assert (assessment.title, assessment.version.number) == ("A check", 1)
    assignment = assignment_of(assessment)
    assert (assignment.course.slug, assignment.time_limit_minutes) == ("everybody", 20)
    assert [change.before.get("time_limit_minutes") for change in assignment.changes.all()] == [None, None]


def test_what_could_not_be_taken_is_not_published(desk):
    item = make_item(choice_document("one"))
    begun(desk)
    retire(row=item, now=NOW)
    data = {"document": document(), "based_on": draft().revision, "_publish": "yes"}
    response = desk.post(page(draft()), data, follow=True)
    assert "sections: asks for retired items" in " ".join(map(str, response.context["messages"]))
    assert draft().is_draft


def test_a_document_that_is_none_is_told_where_it_stands(desk):
    for text, reason in (("slug: [", "line"), ("slug: A b", "slug"), ("title: x", "slug: is missing")):
        response = desk.post(reverse("admin:assessment_assessment_add"), {"document": text})
        assert reason in str(response.context["adminform"].form.errors["document"])
    assert not Assessment.objects.exists()


def test_a_draft_is_looked_at_before_it_is_published(desk):
    make_item(choice_document("one"))
    begun(desk)
    response = desk.get(page(draft(), "page", "preview"))
    assert [place["item"].slug for place in response.context["places"]] == ["one"]
    begun(desk, slug="unfinished", sections=[])
    unfinished = AssessmentVersion.objects.get(assessment__slug="unfinished")
    assert desk.get(page(unfinished, "page", "preview")).context["faults"]


def test_a_change_of_an_assignment_is_recorded_with_its_author(desk):
    assignment = assignment_of(make_assessment())
    desk.get("/admin/")
    data = {"is_open": "on", "time_limit_minutes": "30", "grade_rule": "last", "weight": "1", **NO_ROWS}
    assert desk.post(page(assignment), data).status_code == 302
    assignment.refresh_from_db()
    assert (assignment.time_limit_minutes, assignment.grade_rule) == (30, "last")
    change = assignment.changes.get()
    assert (change.author, change.before["grade_rule"], change.after["grade_rule"]) == (
        desk.user,
        "best",
        "last",
    )
    assert "time_limit_minutes: None → 30" in unescape(desk.get(page(assignment)).content.decode())
    assert desk.post(page(assignment), data | {"changes-TOTAL_FORMS": "1"}).status_code == 302
    assert assignment.changes.count() == 1


def test_verdicts_are_not_withheld_where_the_mode_goes_on_from_them(desk):
    make_chain()
    assignment = assignment_of(make_mastery())
    data = {"is_open": "on", "release": "at_end", "grade_rule": "best", "weight": "1", **NO_ROWS}
    errors = desk.post(page(assignment), data).context["adminform"].form.errors
    assert errors["release"] == ["The mode mastery needs immediate."]


def test_a_rehearsal_shows_what_a_learner_would_be_given(desk):
    assessment = make_assessment(
        make_item(choice_document(body="First [[a]]")), make_item(exercise_document())
    )
    first = desk.get(page(assessment, "page", "preview"))
    assert [place["item"].slug for place in first.context["places"]] == ["pick-one", "double-it"]
    other = desk.get(page(assessment, "page", "preview"), {"draw": "1"})
    seeds = {response.context["places"][1]["shown"].variant.seed for response in (first, other)}
    assert len(seeds) == 2
    assert not Attempt.objects.exists()


def test_a_rehearsal_says_when_nothing_can_begin(desk):
    item = make_item()
    assessment = make_assessment(item)
    retire(row=item, now=NOW)
    response = desk.get(page(assessment, "page", "preview"))
    assert response.context["panel_faults"][0][0] == "sections"


# Adaptive assessments


def test_an_adaptive_assessment_shows_its_pool(desk):
    make_measuring_items([-1.0, -0.5, 0.0, 0.5, 1.0])
    response = desk.get(page(make_adaptive(), "page", "preview"))
    assert [item.slug for item in response.context["pool"].measuring] == [f"m-{n:02}" for n in range(5)]
    assert "its author's guess" in unescape(response.content.decode())


def test_an_adaptive_assessment_whose_bank_is_too_small_says_so(desk):
    make_measuring_items([0.0])
    response = desk.get(page(make_adaptive(), "page", "preview"))
    assert response.context["panel_faults"]


def test_why_an_item_was_chosen_is_told(desk):
    make_measuring_items([-1.0, -0.5, 0.0, 0.5, 1.0])
    attempt = start(make_adaptive())
    reply(attempt, upcoming(attempt), right=True)
    assert "that might be given, this one" in desk.get(page(attempt, "page", "timeline")).content.decode()
    assert "±" in desk.get(page(attempt)).content.decode()


# Attempts


def told(response):
    places = response.context["places"]
    return [[one.outcome for told in place.told for one in told.judged] for place in places]


def test_an_attempt_is_told_answer_by_answer(desk, attempt):
    response = desk.get(page(attempt, "page", "timeline"))
    assert told(response) == [["wrong", "right"], ["invalid"]]
    text = response.content.decode()
    for part in (
        "The 2 is missing",
        "It was 2w.",
        "Not that one.",
        "about a half",
        "Graded by assay, version",
    ):
        assert part in text


def test_a_draft_that_was_judged_and_is_a_draft_again_is_told_with_its_judge(desk):
    author = make_learner("teacher")
    attempt = make_attempt()
    sitting.draft(attempt, 1, {"a": "right"})
    sitting.submit(attempt)
    act(attempt_id=attempt.pk, kind=ActionKind.REOPEN, reason="Too soon.", author=author, now=NOW)
    text = desk.get(page(attempt, "page", "timeline")).content.decode()
    assert ": void, right" in text
    assert f"a draft again, as {author} let the attempt go on" in text


def test_an_answer_that_came_too_late_can_be_seen(desk):
    attempt = make_attempt(make_item(), make_item(), time_limit_minutes=10)
    sitting.draft(attempt, 1, {"a": "right"}, now=NOW)
    with pytest.raises(AttemptExpired):
        send(attempt, 2, "other", NOW + timedelta(minutes=11))
    response = desk.get(page(attempt, "page", "timeline"))
    text = response.content.decode()
    assert "Came after the end, and is not judged" in text
    assert "Not sent: <code>" in text
    sitting.submit(attempt, NOW + timedelta(minutes=12))
    response = desk.get(page(attempt, "page", "timeline"))
    assert told(response) == [["right"], []]
    assert "A draft, graded when the attempt ended" in response.content.decode()


@pytest.mark.parametrize("staff", ["desk", "admin_client"])
def test_nobody_changes_what_a_learner_did(request, staff, attempt):
    browser = request.getfixturevalue(staff)
    sitting.submit(attempt, NOW)
    before = Attempt.objects.values().get()
    response = browser.get(page(attempt))
    assert response.status_code == 200
    assert b'name="_save"' not in response.content
    assert browser.post(page(attempt), {"score": "2"}).status_code == 403
    assert browser.post(page(attempt, "delete"), {"post": "yes"}).status_code == 403
    assert browser.get(reverse("admin:assessment_attempt_add")).status_code == 403
    assert Attempt.objects.values().get() == before


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"state__exact": "open"}, 1),
        ({"state__exact": "submitted"}, 0),
        ({"q": "Ada"}, 1),
        ({"q": "nobody"}, 0),
    ],
)
def test_attempts_are_found(desk, attempt, filters, expected):
    response = desk.get(listing("attempt"), filters)
    assert response.context["cl"].result_count == expected


def test_attempts_are_found_by_the_course_of_the_learner(desk, attempt):
    mine, other = make_course(), make_course()
    enrol(who(attempt), mine)
    found = [
        desk.get(listing("attempt"), {"learner__users__courses__id__exact": str(course.pk)})
        .context["cl"]
        .result_count
        for course in (mine, other)
    ]
    assert found == [1, 0]


def test_the_desk_is_closed_to_learners(client, attempt):
    client.force_login(who(attempt))
    for address in (page(attempt), page(attempt, "page", "timeline"), page(who(attempt))):
        assert client.get(address).status_code == 302


def test_what_learners_and_authors_write_is_shown_as_text(desk):
    learner = make_learner("eve", first_name=XSS)
    options = [{"id": "right", "text": XSS, "key": True}, {"id": "wrong", "text": "W", "feedback": XSS}]
    item = make_item(
        choice_document(
            title=XSS, body=f"{XSS} [[a]]", interactions={"a": {"kind": "choice", "options": options}}
        )
    )
    attempt = make_attempt(item, learner=learner, title=XSS, tries=None)
    for entered in (XSS, "wrong", [XSS], {"x": XSS}):
        send(attempt, 1, entered)
    addresses = [
        page(attempt),
        page(attempt, "page", "timeline"),
        page(attempt.assessment, "page", "preview"),
    ]
    addresses += [listing("attempt"), listing("user"), page(learner), page(attempt.assessment)]
    for address in addresses:
        assert not re.search(r"<script>alert", desk.get(address).content.decode()), address


# The group


def test_the_group_may_do_what_is_written_and_no_more():
    group = ensure_instructor_group()
    group.permissions.clear()
    assert ensure_instructor_group() == group
    expected = {name for label in MAY for name in permissions_on(label)}
    user = make_learner(is_staff=True)
    user.groups.add(group)
    assert user.get_all_permissions() == expected


def test_more_time_that_is_arranged_reaches_an_attempt_that_runs(desk):
    now = timezone.now()
    attempt = make_attempt(time_limit_minutes=60, now=now)
    where = {"user": str(who(attempt).pk), "assessment": str(attempt.assessment.pk)}
    own_everything(desk.user)
    more = {"time_factor": "2", "extra_minutes": "0", "extra_attempts": "0"}
    data = where | more | {"reason": "", "closes_at_0": "", "closes_at_1": ""}
    response = desk.post(reverse("admin:assessment_accommodation_add"), data)
    assert response.status_code == 302
    attempt.refresh_from_db()
    assert attempt.deadline == now + timedelta(hours=2)
