"""Whatever an author saves, the desk answers with a page that still holds it: no slip stops it or costs a text."""

import json
import random
from html import unescape

import pytest
from django.db import IntegrityError
from django.urls import reverse

from assessment.authoring import draft_assessment
from content.admin.desk import CONFLICT
from content.authoring import draft_item, draft_lesson
from content.documents.text import DocumentFault, dump_document, load_document
from content.items.policies import POLICIES
from content.models import Item, ItemVersion, LessonVersion, Misconception, Status, Subject
from tests.builders import (
    NOW,
    assignment_of,
    choice_document,
    exercise_document,
    make_assessment,
    make_bank,
    make_item,
    make_skill,
)
from tests.desks import OwnDesk, make_instructor
from tests.mutations import mutations

pytestmark = pytest.mark.django_db

WORDS = ["", " ", "-1", "0", "x" * 300, "{}", "[1]", "null", "1e400", "9" * 40, "\0", "é", "My Vector", "<b>"]


@pytest.fixture
def desk():
    """A browser in which an instructor is signed in; an error of the server is an answer, as in production."""
    desk = OwnDesk(make_instructor())
    desk.raise_request_exception = False
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="The 2 is missing", explanation="It was 2w.")
    return desk


def page(row, action="change", *args):
    app, model = row._meta.app_label, row._meta.model_name
    return reverse(f"admin:{app}_{model}_{action}", args=[row.pk, *args])


def written(document):
    """Return a document as YAML, or as JSON where it holds what YAML cannot."""
    try:
        text = dump_document(document)
        return text if load_document(text) == document else json.dumps(document)
    except (DocumentFault, ValueError):
        return json.dumps(document)


def add_item(desk, text):
    data = {"bank": str(make_bank().pk), "document": text, "_save": "1"}
    return desk.post(reverse("admin:content_item_add"), data, follow=True)


def save_draft(desk, version, text, button="_continue"):
    version.refresh_from_db()
    data = {"document": text, "based_on": version.revision, button: "1"}
    return desk.post(page(version), data, follow=True)


def form_of(response):
    return response.context["adminform"].form


def messages(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("My Vector", "must be lower-case words joined by hyphens"),
        ("my_vector", "must be lower-case words joined by hyphens"),
        ("x" * 101, "is longer than 100 characters"),
        ("", "must be a text"),
        ("  ", "must be a text"),
        (None, "is missing"),
        (7, "must be a text"),
        ("taken", "exists already"),
    ],
)
def test_a_slug_that_is_none_is_a_fault_beside_the_text(desk, slug, reason):
    draft_item(bank=make_bank("other"), document={"slug": "taken"}, now=NOW)
    text = dump_document(choice_document(slug))
    response = add_item(desk, text)
    assert response.status_code == 200
    assert "slug: " in str(form_of(response).errors["document"])
    assert reason in str(form_of(response).errors["document"])
    assert text in unescape(response.content.decode())
    assert Item.objects.count() == 1


def test_an_item_with_any_slip_is_begun_or_comes_back(desk):
    dice = random.Random(1)
    for what, document in dice.sample(list(mutations(exercise_document())), 30):
        text = written(document)
        response = add_item(desk, text)
        assert response.status_code == 200, what
        if "adminform" in response.context and response.redirect_chain:
            Item.objects.all().update(current=None)
            ItemVersion.objects.all().delete()
            Item.objects.all().delete()
        else:
            assert form_of(response)["document"].value() == text, what


def test_a_draft_with_any_slip_is_kept_published_or_refused_and_previewed(desk):
    version = draft_item(bank=make_bank(), document=exercise_document(), now=NOW)
    for what, document in random.Random(2).sample(list(mutations(exercise_document())), 25):
        text = written(document)
        response = save_draft(desk, version, text)
        assert response.status_code == 200, what
        assert load_or_none(form_of(response)["document"].value()) == load_or_none(text), what
        assert desk.get(page(version)).status_code == 200, what
        assert desk.get(page(version, "page", "preview")).status_code == 200, what
        assert desk.post(page(version, "page", "preview"), {"seed": "1", "a": "1"}).status_code == 200, what


@pytest.mark.parametrize("per_decade", [{}, [1], None, "1", True, 1.0])
def test_a_bad_grid_can_be_opened_mended_and_previewed(desk, per_decade):
    broken = exercise_document(parameters={"x": {"log_grid": [0.1, 10], "per_decade": per_decade}})
    version = draft_item(bank=make_bank(), document=broken, now=NOW)
    shown = unescape(desk.get(page(version)).content.decode())
    assert "must be 1, 2 or 3" in shown
    assert desk.get(page(version, "page", "preview")).context["faults"]
    save_draft(desk, version, dump_document(exercise_document()))
    assert desk.get(page(version, "page", "preview")).context["previews"]


@pytest.mark.parametrize("kind", ["numeric", "choice", "matrix"])
def test_a_policy_that_does_not_fit_is_refused_at_publishing(desk, kind):
    own = {
        "numeric": {"key": "twice"},
        "matrix": {"key": "[[twice]]"},
        "choice": {"options": choice_document()["interactions"]["a"]["options"]},
    }[kind]
    for name in random.Random(4).sample(sorted(POLICIES), 12):
        document = exercise_document(f"under-{name.replace('.', '-').replace('_', '-')}", misconceptions={})
        document["interactions"]["a"] = {"kind": kind, **own, "policy": {"name": name}}
        version = draft_item(bank=make_bank(), document=document, now=NOW)
        response = save_draft(desk, version, dump_document(document), "_publish")
        assert response.status_code == 200, name
        version.refresh_from_db()
        assert (version.status == Status.PUBLISHED) == ("is published" in messages(response)[-1]), name
        assert desk.get(page(version, "page", "preview")).status_code == 200, name


def test_a_save_that_the_database_refuses_gives_the_form_back(desk, monkeypatch):
    def raced(**_: object) -> None:
        raise IntegrityError("duplicate key value violates unique constraint")

    monkeypatch.setattr("content.authoring.draft_item", raced)
    text = dump_document(choice_document())
    response = add_item(desk, text)
    assert response.status_code == 200
    assert CONFLICT in unescape(response.content.decode())
    assert form_of(response)["document"].value() == text


# Lessons and the catalogue


@pytest.mark.parametrize("model", ["lesson", "subject", "skill", "misconception", "itembank"])
@pytest.mark.parametrize("slug", ["My-Vector", "my_vector", "-a", "a--b", "a-", "x" * 101])
def test_a_slug_that_no_document_could_have_is_refused_everywhere(desk, model, slug):
    subject = Subject.objects.create(slug="maths", title="Maths")
    data = {"subject": str(subject.pk), "slug": slug, "title": "A thing", "explanation": "Why", "_save": "1"}
    response = desk.post(reverse(f"admin:content_{model}_add"), data)
    assert response.status_code == 200
    assert "slug" in form_of(response).errors
    assert form_of(response)["title"].value() == "A thing"


def test_a_lesson_takes_any_words_in_any_field(desk):
    subject = Subject.objects.create(slug="maths", title="Maths")
    version = draft_lesson(subject=subject, document={"slug": "fresh", "title": "Fresh"}, now=NOW)
    fields = [
        "title",
        "summary",
        "level",
        "minutes",
        "updated_on",
        "objectives",
        "skills",
        "related",
        "theory",
    ]
    for name in fields:
        for word in random.Random(name).sample(WORDS, 4):
            version.refresh_from_db()
            data = {"title": "Fresh", "based_on": version.revision, "_continue": "1"} | {name: word}
            response = desk.post(page(version), data, follow=True)
            assert response.status_code == 200, (name, word)
            assert desk.get(page(version)).status_code == 200, (name, word)


def test_a_broken_draft_of_a_lesson_opens_and_is_previewed(desk):
    subject = Subject.objects.create(slug="maths", title="Maths")
    lesson = {
        "slug": "fresh",
        "title": "Fresh",
        "summary": "s",
        "level": "l",
        "minutes": 1,
        "updated_on": "2026-05-13",
        "objectives": ["Know it."],
        "related": [{"title": "t", "kind": "k"}],
        "skills": ["l2-update"],
        "theory": "x",
    }
    named = [(what, document) for what, document in mutations(lesson) if document.get("slug") == "fresh"]
    for what, document in random.Random(3).sample(named, 25):
        version = draft_lesson(subject=subject, document=storable(document), now=NOW)
        assert desk.get(page(version)).status_code == 200, what
        assert desk.get(page(version, "page", "preview")).status_code == 200, what
        data = {"title": "Fresh", "based_on": version.revision, "_publish": "1"}
        assert desk.post(page(version), data, follow=True).status_code == 200, what
    assert LessonVersion.objects.get().is_draft


# Assessments

ASSESSMENT = {
    "slug": "quiz",
    "title": "Quiz",
    "mode": "fixed",
    "time_limit_minutes": 5,
    "tries": 1,
    "feedback": "immediate",
    "sections": [
        {
            "title": "All",
            "shuffle": True,
            "slots": [{"item": "one", "weight": 2}, {"draw": 1, "bank": "bank"}],
        }
    ],
}
GROWN = [
    {"slug": "quiz", "title": "Quiz", "mode": mode, mode: {"bank": "bank", **rules}}
    for mode, rules in (
        ("adaptive", {"stop": {"max_items": 3}}),
        ("mastery", {"skills": ["l2-update"], "m": 2}),
    )
]


def test_a_broken_draft_of_an_assessment_opens_and_is_rehearsed(desk):
    make_item(choice_document("one"))
    make_assessment(make_item(choice_document("two")), slug="quiz")
    found = [
        (what, document)
        for sound in (ASSESSMENT, *GROWN)
        for what, document in mutations(sound)
        if document.get("slug") == "quiz"
    ]
    for what, document in random.Random(3).sample(found, 60):
        version = draft_assessment(document=storable(document), now=NOW)
        assert desk.get(page(version)).status_code == 200, what
        assert desk.get(page(version, "page", "preview")).status_code == 200, what
        text = {"document": dump_document(storable(document)), "based_on": version.revision}
        response = desk.post(page(version), text, follow=True)
        assert response.status_code == 200, what
        assert "Constraint" not in response.content.decode(), what


TERMS = {
    "is_open": "on",
    "opens_at_0": "2026-05-13",
    "opens_at_1": "12:00",
    "time_limit_minutes": "5",
    "attempts_allowed": "2",
    "release": "at_end",
    "grade_rule": "best",
    "weight": "1",
    "exclusive": "unknown",
    "changes-TOTAL_FORMS": "0",
    "changes-INITIAL_FORMS": "0",
}


@pytest.mark.parametrize("name", TERMS)
def test_an_assignment_takes_any_words_in_any_field(desk, name):
    assignment = assignment_of(make_assessment())
    for word in WORDS:
        response = desk.post(page(assignment), TERMS | {name: word}, follow=True)
        assert response.status_code == 200, word
        assert "Constraint" not in response.content.decode(), word


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"attempts_allowed": "0"}, "attempts_allowed"),
        ({"time_limit_minutes": "0"}, "time_limit_minutes"),
        ({"weight": "-1"}, "weight"),
        ({"release": "never"}, "release"),
        ({"closes_at_0": "2026-05-13", "closes_at_1": "11:00"}, "closes_at"),
    ],
)
def test_a_term_that_is_out_of_bounds_is_told_at_its_field(desk, changes, field):
    assignment = assignment_of(make_assessment())
    errors = form_of(desk.post(page(assignment), TERMS | changes)).errors
    assert field in errors
    assert "Constraint" not in str(errors)
    assert not assignment.changes.exists()


def load_or_none(text):
    try:
        return load_document(text)
    except DocumentFault:
        return text


def storable(value):
    """Return a value without the numbers that JSON does not have, and PostgreSQL does not take."""
    if isinstance(value, dict):
        return {key: storable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [storable(entry) for entry in value]
    return str(value) if isinstance(value, float) and not -1e308 < value < 1e308 else value
