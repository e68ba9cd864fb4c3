"""Statistics and misconceptions at the desk: what the pages show, to whom, and what a click makes."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.models import Assessment, Calibration
from assessment.models.people import Role
from content.models import AuthorGrant, Misconception
from tests import builders, sitting
from tests.builders import NOW
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture
def course():
    """A course that an instructor teaches, with two attempts at an exercise, a choice and a written answer."""
    Misconception.objects.create(slug="forgot-the-two", title=f"Forgot {XSS}", explanation="There is a two.")
    written = {
        **builders.choice_document("written"),
        "interactions": {"a": {"kind": "text", "accepted": [{"text": "lasso"}]}},
    }
    items = [
        builders.make_item(document)
        for document in (builders.exercise_document(), builders.choice_document(title=XSS), written)
    ]
    course = builders.make_course()
    quiz = builders.make_assessment(*items, course=course, slug="the-quiz", tries=1)
    for choice, text in (("right", "lasso"), ("wrong", XSS)):
        user = builders.make_learner(first_name="Ada", last_name="Okafor", email=f"{uuid4()}@example.org")
        builders.enrol(user, course)
        attempt, _ = sitting.start(quiz, user)
        x = attempt.presentations.get(position=1).variant.values["x"]
        sitting.answer(attempt, 1, {"a": str(x)})
        sitting.answer(attempt, 2, {"a": choice})
        sitting.answer(attempt, 3, {"a": text})
        sitting.submit(attempt)
    return course


@pytest.fixture
def desk(client, course):
    """A browser of the instructor of the course, who has no grant."""
    teacher = make_instructor()
    builders.enrol(teacher, course, Role.INSTRUCTOR)
    client.force_login(teacher)
    return client


def page(row, name, **asked):
    address = reverse(f"admin:assessment_{row._meta.model_name}_page", args=[row.pk, name])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in asked.items()) if asked else "")


def quiz():
    return Assessment.objects.get(slug="the-quiz")


def text_of(reply):
    assert reply.status_code == 200
    text = reply.content.decode()
    assert XSS not in text
    assert "style=" not in re.sub(r"<(html|link)[^>]*>", "", text)
    assert "example.org" not in text
    return text


def items_in(text):
    return re.findall(r'item=([0-9a-f-]{36})">', text)


def test_the_form_leads_to_the_statistics(desk):
    assert page(quiz(), "statistics") in text_of(
        desk.get(reverse("admin:assessment_assessment_change", args=[quiz().pk]))
    )


def test_the_statistics_have_a_row_and_a_date(desk):
    text = text_of(desk.get(page(quiz(), "statistics")))
    assert "2 finished attempts of 2 learners" in text
    assert "As of" in text
    assert len(set(items_in(text))) == 3
    assert 'role="img"' in text


def test_each_item_has_a_page_with_its_answers(desk):
    found = dict.fromkeys(items_in(text_of(desk.get(page(quiz(), "statistics")))))
    pages = [text_of(desk.get(page(quiz(), "statistics", item=one))) for one in found]
    assert "Is one draw harder than another?" in pages[0]
    assert "This one" in pages[1]
    assert "(key)" in pages[1]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[2]
    assert all("Too few answers yet to tell" in one for one in pages)


def test_a_calibration_is_shown_where_there_is_one(desk):
    item = quiz().assignments.get().attempts.first().presentations.get(position=2).item_version.item
    stored = {"a": 1.25, "b": -0.5, "c": 0.0, "d": 1.0, "se": {}, "answers": 321}
    report = {
        "drift": {"compared_with": 1, "moved": [item.slug]},
        "dif": {"course": "a-course", "items": {item.slug: {"category": "C"}}},
    }
    Calibration.objects.create(
        bank=item.bank, number=2, model="2PL", parameters={item.slug: stored}, report=report, created_at=NOW
    )
    text = text_of(desk.get(page(quiz(), "statistics", item=item.current_id)))
    assert "321 answers" in text
    assert "has become easier or harder since calibration 1" in text
    assert "very differently for the members of a-course" in text


def test_the_item_at_the_desk_is_for_its_authors(desk):
    (item, *_) = items_in(text_of(desk.get(page(quiz(), "statistics"))))
    assert "The item at the desk" not in text_of(desk.get(page(quiz(), "statistics", item=item)))
    teacher = make_instructor("author")
    builders.enrol(teacher, quiz().assignments.get().course, Role.INSTRUCTOR)
    AuthorGrant.objects.give(builders.make_bank(), user=teacher, granted_by=None, now=NOW)
    desk.force_login(teacher)
    assert "The item at the desk" in text_of(desk.get(page(quiz(), "statistics", item=item)))


@pytest.mark.parametrize(
    "asked", [{"item": "nonsense"}, {"course": "nonsense"}, {"item": uuid4()}, {"course": uuid4()}]
)
def test_what_is_not_there_is_not_shown(desk, asked):
    assert desk.get(page(quiz(), "statistics", **asked)).status_code == 404


def test_who_teaches_and_may_not_write_sees_statistics_alone(desk, course):
    given = quiz().assignments.get()
    given.pk, given.course, given._state.adding = None, builders.make_course(), True
    given.save(force_insert=True)
    text = text_of(desk.get(page(quiz(), "statistics")))
    assert "All together" not in text
    assert desk.get(page(quiz(), "statistics", course=given.course.pk)).status_code == 404
    assert desk.get(page(quiz(), "preview")).status_code == 403
    form = text_of(desk.get(reverse("admin:assessment_assessment_change", args=[quiz().pk])))
    assert page(quiz(), "statistics") in form
    assert page(quiz(), "preview") not in form


def test_an_instructor_of_another_course_sees_nothing(client, course):
    stranger = make_instructor()
    builders.enrol(stranger, builders.make_course(), Role.INSTRUCTOR)
    client.force_login(stranger)
    assert client.get(page(quiz(), "statistics")).status_code == 404
    assert client.get(page(course, "misconceptions")).status_code == 404
    assert client.post(practice(course)).status_code == 404


# Misconceptions


def practice(course, misconception="forgot-the-two"):
    return reverse("admin:assessment_course_practice", args=[course.pk, misconception])


def test_the_misconceptions_of_a_course_are_listed_with_people(desk, course):
    text = text_of(desk.get(page(course, "misconceptions")))
    assert "There is a two." in text
    assert "Ada Okafor" in text
    assert "Double it" in text


def test_a_course_without_misconceptions_says_so(desk, course):
    other = builders.make_course()
    builders.enrol(course.enrolments.get(role=Role.INSTRUCTOR).user, other, Role.INSTRUCTOR)
    assert "No misconception has been recognized yet." in text_of(desk.get(page(other, "misconceptions")))


def test_one_click_makes_a_practice_set(desk, course):
    reply = desk.post(practice(course))
    made = Assessment.objects.get(slug__startswith="practice-")
    assert reply.url == reverse("admin:assessment_assessment_change", args=[made.pk])
    assert made.title in text_of(desk.get(page(course, "misconceptions"))).replace("&lt;", "<").replace(
        "&gt;", ">"
    )
    assert desk.post(practice(course)).url == reply.url
    assert Assessment.objects.filter(slug__startswith="practice-").count() == 1


def test_where_nothing_can_be_practiced_it_says_so(desk, course):
    builders.give(quiz(), exclusive=True)
    text = text_of(desk.post(practice(course), follow=True))
    assert "No exercise that may be practiced now" in text


def test_a_practice_set_is_made_by_post_and_of_what_there_is(desk, course):
    assert desk.get(practice(course)).status_code == 405
    assert desk.post(practice(course, "nothing")).status_code == 404


def test_the_pages_are_of_today(desk):
    assert timezone.now().strftime("%Y") in text_of(desk.get(page(quiz(), "statistics")))
