"""Assessments at the desk: begun from a text, assembled by blueprint, looked at for some, given to courses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from assessment.admin.panels import ACCOMMODATED, PANELS, REHEARSAL, SIMULATION, panel_html
from assessment.admin.starts import TEMPLATES
from assessment.authoring import draft_assessment
from assessment.models import Accommodation, Assessment, AssessmentVersion, Assignment, Section
from assessment.models.people import Role
from assessment.rules.document import parse_assessment
from content.documents.reader import DefinitionError
from content.documents.text import load_document
from content.models import Item
from tests.builders import (
    NOW,
    choice_document,
    enrol,
    exercise_document,
    make_assessment,
    make_course,
    make_item,
    make_learner,
    make_skill,
)
from tests.desks import OwnDesk, make_instructor, own_everything
from tests.measuring import make_adaptive, make_measuring_items
from tests.practicing import make_chain, make_mastery

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return OwnDesk(make_instructor())


def page(row, name):
    return reverse(f"admin:assessment_{row._meta.model_name}_page", args=[row.pk, name])


def draft_of(**changes) -> AssessmentVersion:
    """A draft of an assessment for everybody, so that it belongs to who owns everything."""
    document = {"slug": "quiz", "title": "Quiz", "sections": []} | changes
    draft = draft_assessment(document=document, now=NOW)
    Assignment.objects.create(assessment=draft.assessment)
    return draft


def row(skill="", difficulty="", kind="", count=1, points="1"):
    return {"skill": skill, "difficulty": difficulty, "kind": kind, "count": str(count), "points": points}


def sent(*rows, **more):
    names = ("skill", "difficulty", "kind", "count", "points")
    return {name: [one[name] for one in rows] for name in names} | {"title": "Sums", "seed": "1"} | more


@pytest.fixture
def bank():
    """Two easy and one hard choice of one skill, and an exercise that nobody has judged."""
    make_skill("dropout")
    make_skill("l2-update")
    for number, level in enumerate((-1.0, -1.2, 1.5)):
        make_item(
            choice_document(f"pick-{number}", title=f"Pick {number}", difficulty=level, skills=["dropout"])
        )
    return make_item(exercise_document("double-it")).bank


# Begun from a text


@pytest.mark.parametrize("start", TEMPLATES, ids=lambda one: one.slug)
def test_every_start_is_a_sound_document_with_comments(start):
    document = load_document(start.text)
    parse_assessment(document)
    assert document["slug"] == "a-name-of-its-own"
    assert "#" in start.text


def test_an_assessment_begins_with_the_text_that_was_chosen(desk):
    address = reverse("admin:assessment_assessment_add")
    html = desk.get(address + "?template=mastery-check").content.decode()
    assert "mode: mastery" in html
    assert all(one.title in html for one in TEMPLATES)
    assert "mode: fixed" in desk.get(address + "?template=../../x").content.decode()


# By blueprint


def test_what_there_is_stands_in_a_table(desk, bank):
    html = desk.get(page(draft_of(), "blueprint")).content.decode()
    assert 'value="dropout|easy|choice"' in html
    assert 'value="l2-update|unknown|numeric"' in html
    assert "choice 2<" in html


def test_a_number_of_the_table_adds_a_row(desk, bank):
    html = desk.post(page(draft_of(), "blueprint"), sent(add="dropout|hard|choice")).content.decode()
    assert '<option value="hard" selected>' in html
    assert 'aria-label="Remove row 1"' in html


def test_a_proposal_names_titles_and_difficulties_and_is_inserted_as_looked_at(desk, bank):
    draft, rows = (
        draft_of(sections=[{"slots": [{"item": "double-it"}]}]),
        [row("dropout", "easy", count=2, points="2")],
    )
    shown = desk.post(page(draft, "blueprint"), sent(*rows, do="propose"))
    html = shown.content.decode()
    assert all(text in html for text in ("Pick 0", "Pick 1", "difficulty -1.2", "2 questions, 4 points"))
    desk.post(page(draft, "blueprint"), sent(*rows, do="insert", shown=shown.context["shown"]))
    draft.refresh_from_db()
    added = draft.document["sections"][1]
    assert (draft.document["sections"][0]["slots"], added["title"]) == ([{"item": "double-it"}], "Sums")
    assert {slot["item"] for slot in added["slots"]} == {"pick-0", "pick-1"}
    assert {slot["weight"] for slot in added["slots"]} == {2.0}


def insert(desk, draft):
    """Insert a section of one question, and return the page that comes then."""
    rows = [row("dropout", "hard")]
    shown = desk.post(page(draft, "blueprint"), sent(*rows, do="propose")).context["shown"]
    return desk.post(page(draft, "blueprint"), sent(*rows, do="insert", shown=shown), follow=True)


def test_a_section_is_inserted_into_the_text_and_comments_stay(desk, bank):
    text = "slug: quiz\ntitle: Quiz  # mine\nsections: []\n"
    draft_of()
    draft = draft_assessment(document=load_document(text), source=text, now=NOW)
    insert(desk, draft)
    draft.refresh_from_db()
    assert "title: Quiz  # mine" in draft.source
    assert load_document(draft.source) == draft.document
    assert draft.document["sections"][0]["slots"][0]["item"] == "pick-2"
    assert draft.written_by is not None


def test_nothing_is_inserted_into_a_text_that_cannot_be_read(desk, bank):
    text = "slug: quiz\ntitle: [Quiz\n"
    draft_of()
    draft = draft_assessment(document={"slug": "quiz"}, source=text, now=NOW)
    assert "cannot be read as it stands" in insert(desk, draft).content.decode()
    draft.refresh_from_db()
    assert draft.source == text


def test_what_is_short_is_said_at_its_row(desk, bank):
    html = desk.post(
        page(draft_of(), "blueprint"), sent(row("dropout", "hard", count=3), do="propose")
    ).content
    assert "This row asks for 3, and there is only 1." in html.decode()


def test_nothing_is_inserted_that_was_not_looked_at(desk, bank):
    draft, rows = draft_of(), [row("dropout", "easy", count=2)]
    Item.objects.filter(slug="pick-0").update(retired_at=NOW)
    html = desk.post(
        page(draft, "blueprint"), sent(*rows, do="insert", shown="pick-0 pick-1")
    ).content.decode()
    assert "look at the questions again" in html
    draft.refresh_from_db()
    assert draft.document["sections"] == []


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"count": "0"}, "How many"),
        ({"count": "x" * 50}, "How many"),
        ({"points": "-1"}, "Points"),
        ({"points": "1e999999"}, "Points"),
        ({"points": "nan"}, "Points"),
    ],
)
def test_nonsense_in_a_row_is_told_at_the_row(desk, bank, bad, reason):
    response = desk.post(page(draft_of(), "blueprint"), sent(row() | bad, do="propose"))
    assert reason in response.content.decode()
    assert response.context["proposed"] is None


def test_items_of_others_are_not_offered(bank):
    user = make_instructor("other")
    course = make_course()
    enrol(user, course, Role.INSTRUCTOR)
    draft = draft_of()
    draft.assessment.assignments.update(course=course)
    browser = Client()
    browser.force_login(user)
    html = browser.post(page(draft, "blueprint"), sent(row(), do="propose")).content.decode()
    assert "Pick 0" not in html
    assert "there is none" in html


def test_only_drafts_of_sections_are_assembled(desk, bank):
    assert desk.get(page(draft_of(mode="mastery"), "blueprint")).status_code == 404
    assert desk.get(page(make_assessment(slug="done").version, "blueprint")).status_code == 404


# Panels


def test_points_and_numbers_are_totaled_by_section_and_over_all(desk, bank):
    slots = [{"item": "pick-0", "weight": 3}, {"bank": "bank", "skill": "dropout", "draw": 2, "weight": 2}]
    draft = draft_of(sections=[{"title": "One", "slots": slots}, {"slots": [{"item": "double-it"}]}])
    context = desk.get(page(draft, "preview")).context
    assert [(one.count, one.points) for one in context["sections"]] == [(3, 7.0), (1, 1.0)]
    assert (context["longest"], context["total"]) == (4, 8.0)


def test_an_adaptive_attempt_has_a_worth_for_every_ability(desk):
    make_measuring_items([-1.0, 0.0, 1.0, 0.5, -0.5])
    assessment = make_adaptive(result={"reference": ["m-00", "m-02"]})
    shown = desk.get(page(assessment, "preview")).context["worth"]
    assert [one.most for one in shown] == [2.0] * 5
    assert [one.score for one in shown] == sorted(one.score for one in shown)


def test_more_time_moves_the_clock_and_nothing_else(desk, bank):
    draft = draft_of(time_limit_minutes=60, sections=[{"slots": [{"item": "pick-0"}]}])
    context = desk.get(page(draft, "arrangements") + "?time_factor=1.5&extra_minutes=5").context
    told = {one.what: (one.usual, one.arranged) for one in context["differences"]}
    assert told["Clock at the start"] == ("1:00:00", "1:35:00")
    assert [one.what for one in context["differences"] if one.differs] == ["Clock at the start"]


def test_more_tries_do_not_reach_an_adaptive_assessment():
    make_measuring_items([0.0] * 6)
    options = {"time_factor": "1", "tries": "3"}
    (tries,) = (
        one
        for one in ACCOMMODATED.context(make_adaptive().definition, options)["differences"]
        if one.what == "Tries per question"
    )
    assert not tries.differs
    assert "keeps to one" in tries.note


@pytest.mark.parametrize("query", ["?time_factor=0.5", "?time_factor=x", "?time_factor=2&tries=0"])
def test_arrangements_that_make_no_sense_are_told_at_their_field(desk, bank, query):
    draft = draft_of(sections=[{"slots": [{"item": "pick-0"}]}])
    response = desk.get(page(draft, "arrangements") + query)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert "differences" not in response.context


def test_every_panel_is_a_fragment_of_an_unsaved_document():
    make_chain()
    documents = [make_assessment(*Item.objects.all()), make_mastery()]
    admin = make_learner("root", is_superuser=True, is_staff=True)
    for assessment in documents:
        for panel in PANELS:
            html = panel_html(panel, assessment.version.document, {"learners": "10"}, user=admin)
            assert "<html" not in html
            assert "style=" not in html.partition("math")[0]


def test_a_panel_of_a_broken_document_says_what_is_wrong(bank):
    admin = make_learner("root", is_superuser=True, is_staff=True)
    html = panel_html(SIMULATION, {"slug": "x", "title": "X", "sections": []}, {}, user=admin)
    assert "must hold at least one item" in html


def test_a_panel_shows_nobody_the_items_of_others(bank):
    document = {"slug": "x", "title": "X", "sections": [{"slots": [{"item": "pick-0"}]}]}
    html = panel_html(REHEARSAL, document, {}, user=make_instructor("stranger"))
    assert "there is no item called pick-0" in html
    assert "Pick 0" not in html


# Given to a course


def given(desk, assessment, **fields):
    return desk.post(page(assessment, "give"), fields)


def test_an_assessment_is_given_from_its_own_page_by_the_clock_of_the_course(desk):
    assessment, course = make_assessment(time_limit_minutes=40), make_course()
    course.time_zone = "America/New_York"
    course.save()
    html = desk.get(page(assessment, "give")).content.decode()
    assert 'name="time_limit_minutes" value="40"' in html
    dates = {"opens_at": "2026-12-01T09:00", "closes_at": "2026-12-02T09:00"}
    assert given(desk, assessment, course=course.pk, attempts_allowed="2", **dates).status_code == 302
    made = Assignment.objects.get(course=course)
    assert (made.opens_at, made.attempts_allowed) == (datetime(2026, 12, 1, 14, tzinfo=UTC), 2)
    assert made.changes.get().author == desk.user
    assert "Tue 1 Dec 2026, 09:00 (America/New York)" in desk.get(page(assessment, "give")).content.decode()


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"attempts_allowed": "0"}, "attempts_allowed"),
        ({"time_limit_minutes": "0"}, "time_limit_minutes"),
        ({"opens_at": "2026-12-02T09:00", "closes_at": "2026-12-01T09:00"}, "closes_at"),
    ],
)
def test_terms_that_make_no_sense_are_told_at_their_field(desk, fields, at):
    response = given(desk, make_assessment(), course=make_course().pk, **fields)
    assert list(response.context["form"].errors) == [at]
    assert "onstraint" not in response.content.decode()


def test_a_section_of_another_course_is_told_at_its_field(desk):
    foreign = Section.objects.create(course=make_course(slug="other"), title="Tuesday")
    response = given(desk, make_assessment(), course=make_course().pk, section=foreign.pk)
    assert list(response.context["form"].errors) == ["section"]


def test_what_somebody_else_wrote_is_given_to_no_course(bank):
    user, course, own = make_instructor("other"), make_course(), make_course(slug="own")
    enrol(user, own, Role.INSTRUCTOR)
    enrol(make_instructor("third"), course, Role.INSTRUCTOR)
    assessment = make_assessment(course=course)
    Assignment.objects.create(assessment=assessment, course=own)
    browser = Client()
    browser.force_login(user)
    assert "somebody else" in browser.get(page(assessment, "give")).content.decode()
    assert given(browser, assessment, course=own.pk).status_code == 403


# Arrangements by the clock of the course


def test_a_later_closing_is_entered_by_the_clock_of_the_course(desk):
    course, learner = make_course(), make_learner("ada")
    course.time_zone = "Asia/Tokyo"
    course.save()
    enrol(learner, course)
    assessment = make_assessment(course=course)
    data = {
        "user": learner.pk,
        "assessment": assessment.pk,
        "time_factor": "1",
        "extra_minutes": "0",
        "extra_attempts": "0",
        "closes_at_0": "2026-12-24",
        "closes_at_1": "18:00:00",
    }
    assert desk.post(reverse("admin:assessment_accommodation_add"), data).status_code == 302
    arranged = Accommodation.objects.get()
    assert arranged.closes_at == datetime(2026, 12, 24, 9, tzinfo=UTC)
    html = desk.get(reverse("admin:assessment_accommodation_change", args=[arranged.pk])).content.decode()
    assert 'value="18:00:00"' in html
    assert "by the clock of Asia/Tokyo" in html
    listed = desk.get(reverse("admin:assessment_accommodation_changelist")).content.decode()
    assert "Thu 24 Dec 2026, 18:00 (Asia/Tokyo)" in listed


def test_an_assessment_offers_to_be_given_once_it_is_published(desk):
    made = make_assessment()
    assert (
        "Give it to a course"
        in desk.get(reverse("admin:assessment_assessment_change", args=[made.pk])).content.decode()
    )
    begun = draft_of(slug="only-begun").assessment
    assert Assessment.objects.get(pk=begun.pk).current is None
    assert desk.get(page(begun, "give")).status_code == 404


# The start page


def begin(desk, **sent):
    return desk.post(reverse("admin:assessment_assessment_add"), sent)


@pytest.mark.parametrize("start", TEMPLATES, ids=lambda one: one.slug)
def test_a_start_becomes_a_draft_that_lacks_only_what_is_to_be_chosen(desk, bank, start):
    course = make_course()
    own_everything(desk.user)
    assert begin(desk, begin=start.slug, title="Week 3", course=str(course.pk)).status_code == 302
    draft = AssessmentVersion.objects.get()
    assert (draft.assessment.slug, draft.document["title"]) == ("week-3", "Week 3")
    assert "the-slug-of" not in draft.text
    assert "#" in draft.text
    assert [one.course for one in draft.assessment.assignments.all()] == [course]
    with pytest.raises(DefinitionError) as error:
        parse_assessment(draft.document)
    assert {reason for _, reason in error.value.faults} <= {
        "is missing",
        "must name an item, or a bank to draw from",
    }


@pytest.mark.parametrize("sent", [{}, {"begin": "exam"}, {"begin": "exam", "course": "x"}, {"begin": "none"}])
def test_what_is_missing_at_the_start_of_an_assessment_is_said(desk, sent):
    response = begin(desk, **sent)
    assert response.status_code == 422
    assert response.context["faults"]
    assert not AssessmentVersion.objects.exists()
