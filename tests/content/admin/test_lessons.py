"""The authoring desk: lessons, skills and the rest of the catalogue."""

import pytest
from django.urls import reverse

from content.authoring import draft_lesson
from content.models import Lesson, LessonVersion, Misconception, Skill, Status, Subject
from tests.builders import NOW, make_item, make_lesson, make_skill
from tests.desks import OwnDesk, make_instructor

pytestmark = pytest.mark.django_db

FIELDS = {
    "title": "Fresh",
    "summary": "What it is about.",
    "level": "Advanced",
    "minutes": "12",
    "updated_on": "2026-05-13",
    "premium": "on",
    "objectives": "Know it.\n\nUse it.\n",
    "skills": ["l2-update"],
    "related": "project: AI project templates\nlesson: More: and more",
    "theory": "The weight $w$.\r\n\r\nAnd *so* on.",
}


@pytest.fixture
def desk():
    """A browser in which an instructor is signed in."""
    return OwnDesk(make_instructor())


def page(row, action="change", *args):
    return reverse(f"admin:content_{row._meta.model_name}_{action}", args=[row.pk, *args])


def draft(**changes):
    subject = Subject.objects.get_or_create(slug="maths", title="Maths")[0]
    return draft_lesson(subject=subject, document={"slug": "fresh", "title": "Fresh"} | changes, now=NOW)


def save(desk, version, button="_continue", **changes):
    data = {**FIELDS, "based_on": version.revision, button: "1", **changes}
    return desk.post(page(version), data, follow=True)


def test_a_lesson_is_begun_written_and_published(desk):
    make_skill()
    subject = Subject.objects.create(slug="maths", title="Maths")
    data = {"subject": str(subject.pk), "slug": "fresh", "title": "Fresh"}
    response = desk.post(reverse("admin:content_lesson_add"), data, follow=True)
    version = LessonVersion.objects.get()
    assert response.redirect_chain[-1][0] == page(version)
    save(desk, version, "_publish")
    lesson = Lesson.objects.published().get()
    assert lesson.premium
    assert lesson.current.document == {
        "slug": "fresh",
        "title": "Fresh",
        "summary": "What it is about.",
        "level": "Advanced",
        "minutes": 12,
        "updated_on": "2026-05-13",
        "premium": True,
        "objectives": ["Know it.", "Use it."],
        "related": [
            {"title": "AI project templates", "kind": "project"},
            {"title": "More: and more", "kind": "lesson"},
        ],
        "skills": ["l2-update"],
        "theory": "The weight $w$.\n\nAnd *so* on.",
    }


def test_a_form_that_is_saved_as_it_came_changes_nothing(desk):
    make_skill("z-first")
    make_skill("a-second")
    save(desk, draft(skills=["z-first"]), skills=["a-second", "z-first"])
    version = LessonVersion.objects.get()
    assert version.document["skills"] == ["z-first", "a-second"]
    form = desk.get(page(version)).context["adminform"].form
    shown = {name: value for name, value in form.initial.items() if name not in ("slug", "based_on")}
    desk.post(page(version), {**shown, "based_on": version.revision, "_save": "1"})
    assert LessonVersion.objects.get().document == version.document


def test_an_unfinished_draft_is_kept_and_says_what_is_missing(desk):
    response = save(desk, draft(), "_publish", theory="", minutes="", skills=[])
    said = [str(message) for message in response.context["messages"]]
    assert "theory: must be a text" in said
    assert LessonVersion.objects.get().is_draft
    assert ("theory", "must be a text") in response.context["desk_faults"]


def test_related_lines_need_a_kind(desk):
    response = save(desk, draft(), related="no kind")
    assert "must be written as kind: title" in str(response.context["adminform"].form.errors)


def test_the_work_of_another_author_is_not_overwritten(desk):
    version = draft()
    draft(title="Theirs")
    response = save(desk, version)
    assert "Somebody else has changed this draft" in str(response.context["adminform"].form.errors)
    assert LessonVersion.objects.get().document["title"] == "Theirs"


def test_a_new_draft_begins_with_the_current_wording_and_a_published_one_is_only_read(desk):
    lesson = make_lesson()
    desk.post(page(lesson, "do", "draft"))
    version = lesson.versions.get(status=Status.DRAFT)
    assert version.document == lesson.current.document
    assert save(desk, lesson.current).status_code == 403
    assert b"The secret of" in desk.get(page(lesson.current)).content


def test_a_preview_shows_formulas_and_no_scripts(desk):
    lesson = make_lesson(theory="Take $w^2$. <script>alert(1)</script>", title="<b>Bold</b>")
    text = desk.get(page(lesson.current, "page", "preview")).content.decode()
    assert "<msup><mi>w</mi><mn>2</mn></msup>" in text
    assert "<script>alert" not in text
    assert "&lt;b&gt;Bold" in text
    faults = desk.get(page(draft(), "page", "preview")).context["faults"]
    assert ("theory", "is missing") in faults


@pytest.mark.parametrize("built", [False, True])
def test_formulas_look_as_in_the_learners_app(desk, settings, tmp_path, built):
    settings.FRONTEND_DIST = tmp_path
    if built:
        (tmp_path / "assets").mkdir()
        (tmp_path / "assets" / "math-ijklmnop.css").touch()
    text = desk.get(page(make_lesson().current, "page", "preview")).content.decode()
    assert ('href="/assets/math-ijklmnop.css"' in text) is built
    assert "<script" not in text.split('id="content-main"')[1]


# The catalogue


@pytest.mark.parametrize("make", [make_skill, lambda: make_item().bank, lambda: make_lesson().subject])
def test_a_slug_is_kept_once_something_may_refer_to_it(desk, make):
    row = make()
    fields = desk.get(page(row)).context["adminform"].form.fields
    assert "title" in fields
    assert "slug" not in fields


@pytest.mark.parametrize("model", [Skill, Misconception])
def test_what_published_documents_refer_to_is_not_deleted(admin_client, model):
    row = model.objects.create(slug="a-row", title="A row")
    assert admin_client.post(page(row, "delete"), {"post": "yes"}).status_code == 403


def test_a_draft_may_be_thrown_away_and_a_published_version_not(desk):
    version, published = draft(), make_lesson().current
    assert desk.post(page(version, "delete"), {"post": "yes"}).status_code == 302
    assert desk.post(page(published, "delete"), {"post": "yes"}).status_code == 403
    assert list(LessonVersion.objects.all()) == [published]
