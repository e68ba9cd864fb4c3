"""What learners know, at the instructor's desk: fits, the table of a course, and the skills of an assessment."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.knowledge.mastery import Evidence, MasteryParameters, trace
from assessment.knowledge.tracing import DEFAULT
from assessment.models import Correction
from assessment.models.people import Role
from assessment.progress.course import course_mastery
from content.models import Item
from tests.builders import NOW, enrol, make_course, make_learner, make_lesson, make_skill
from tests.desks import OwnDesk, make_instructor, own_everything
from tests.practicing import DAY, begin, make_chain, make_fit, make_mastery, record_practice, sit

pytestmark = pytest.mark.django_db

FITTED = MasteryParameters(prior=0.2, guess=0.1)
XSS = "<script>alert(1)</script>"


@pytest.fixture
def desk():
    """A browser in which an instructor is signed in."""
    return OwnDesk(make_instructor())


@pytest.fixture
def course():
    """A course of one lesson with the chain of skills."""
    make_chain()
    lesson = make_lesson()
    lesson.skills.set([make_skill(slug) for slug in ("count", "add", "multiply")])
    return make_course(lesson)


def address(row, *way):
    return reverse(f"admin:assessment_{row._meta.model_name}_{way[0]}", args=[row.pk, *way[1:]])


# Fits


def test_fits_are_listed_and_activated_and_offer_nothing_to_save(desk):
    make_chain()
    fit = make_fit("count", FITTED)
    assert "count #1" in desk.get(reverse("admin:assessment_masteryfit_changelist")).content.decode()
    form = desk.get(address(fit, "change")).content.decode()
    assert "<button>Activate</button>" in form
    assert 'name="_save"' not in form
    assert desk.post(address(fit, "do", "activate")).status_code == 302
    fit.refresh_from_db()
    assert fit.is_active
    assert "<button>Activate</button>" not in desk.get(address(fit, "change")).content.decode()


def test_a_fit_says_that_answers_were_corrected_since(desk):
    items = make_chain()
    make_fit("count", FITTED)
    listed = reverse("admin:assessment_masteryfit_changelist")
    assert "yes: make it anew" not in desk.get(listed).content.decode()
    correction = Correction.objects.create(
        kind="drop", reason="Unclear.", created_at=NOW, applied_at=NOW + timedelta(days=1)
    )
    correction.versions.add(*[item.version for item in items])
    assert "yes: make it anew" in desk.get(listed).content.decode()


def test_nobody_adds_changes_or_deletes_a_fit(admin_client):
    fit = make_fit("count", FITTED)
    assert admin_client.get(reverse("admin:assessment_masteryfit_add")).status_code == 403
    assert admin_client.post(address(fit, "delete"), {"post": "yes"}).status_code == 403
    admin_client.post(address(fit, "change"), {"prior": "0.9"})
    fit.refresh_from_db()
    assert fit.prior == 0.2


# The table of a course


def test_the_table_is_the_trace_of_each_learner_in_each_skill(course):
    ada, bob = make_learner("ada"), make_learner("bob")
    count, add, _ = Item.objects.order_by("pk")
    record_practice(ada, count, [1.0, 1.0, 1.0], at=NOW - 2 * DAY)
    record_practice(bob, add, [0.0])
    table = course_mastery(course=course, learners=[ada, bob], now=NOW)
    assert [skill.slug for skill in table.skills] == ["count", "add", "multiply"]
    of_ada, of_bob = (row.known for row in table.learners)
    evidence = [Evidence(1.0), Evidence(1.0, 1.0), Evidence(1.0, 1.0)]
    assert of_ada[0].mastery == trace(DEFAULT, evidence, days_since_last=2.0)
    assert [known.level for known in of_ada] == ["mastered", "new", "new"]
    assert [known.level for known in of_bob] == ["new", "not_yet", "new"]


def test_the_page_of_a_course_links_to_the_table_and_shows_its_learners_only(desk, course):
    ada = make_learner("ada", first_name=XSS, last_name="Lovelace")
    enrol(ada, course)
    enrol(make_learner("teacher", last_name="Knows-it-all"), course, Role.INSTRUCTOR)
    gone = enrol(make_learner("gone", last_name="Left-already"), course)
    gone.ends_at = timezone.now() - timedelta(days=1)
    gone.save()
    record_practice(ada, Item.objects.get(slug="count-it"), [1.0] * 4, at=timezone.now())
    address_of_table = address(course, "page", "mastery")
    assert address_of_table in desk.get(address(course, "change")).content.decode()
    page = desk.get(address_of_table).content.decode()
    assert "Lovelace" in page
    assert '<td class="mastered">' in page
    assert XSS not in page
    assert "Knows-it-all" not in page
    assert "Left-already" not in page


def test_the_table_costs_the_same_however_many_there_are(desk, course, django_assert_num_queries):
    def grow(count):
        for _ in range(count):
            learner = make_learner()
            enrol(learner, course)
            record_practice(learner, Item.objects.get(slug="count-it"), [1.0, 0.0])

    grow(2)
    own_everything(desk.user)
    desk.is_counted = True
    desk.get(address(course, "page", "mastery"))
    with django_assert_num_queries(13):
        desk.get(address(course, "page", "mastery"))
    grow(25)
    with django_assert_num_queries(13):
        page = desk.get(address(course, "page", "mastery"))
    assert "27 learners" in page.content.decode()
    assert len(page.context["table"].learners) == 25


def test_a_table_without_learners_or_skills_says_so(desk):
    page = desk.get(address(make_course(make_lesson()), "page", "mastery")).content.decode()
    assert "No learners are enrolled." in page
    assert "name no skills" in page


def test_learners_see_no_table(client, course):
    client.force_login(make_learner())
    assert client.get(address(course, "page", "mastery")).status_code == 302


# Assessments and attempts


def test_the_preview_lists_the_skills_in_order_with_what_opens_them(desk, course):
    page = desk.get(address(make_mastery(), "page", "preview")).content.decode()
    assert page.index(">count<") < page.index(">add<") < page.index(">multiply<")
    assert "<td>count, add</td>" in page
    Item.objects.update(retired_at=NOW)
    page = desk.get(address(make_mastery(slug="empty"), "page", "preview")).content.decode()
    assert "This assessment cannot be started" in page


def test_the_answers_of_an_attempt_say_why_each_item_was_asked(desk, course):
    attempt = begin(make_mastery())
    sit(attempt, True, False)
    page = desk.get(address(attempt, "page", "timeline")).content.decode()
    assert "2 of the last 3 right at the first try." in page
    assert "2 of the last 3 right at the first try; so far 1 of 1." in page
