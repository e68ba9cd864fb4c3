"""From course folders to rows."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection

from content.authoring import draft_item, publish_item, retire
from content.formats.course_folder import CourseError, CourseFolder, LessonFolder, Source
from content.importing import import_course
from content.models import (
    Item,
    ItemBank,
    ItemVersion,
    Lesson,
    LessonVersion,
    Misconception,
    Skill,
    Status,
    Subject,
)
from tests.builders import NOW, exercise_document, make_item, publishable_choice

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)

LESSON = {
    "slug": "adding",
    "title": "Adding",
    "summary": "Sums.",
    "level": "Easy",
    "minutes": 5,
    "updated_on": "2026-01-01",
    "skills": ["l2-update"],
    "theory": "One and one is two.",
}
SKILLS = (
    {"slug": "counting", "title": "Count"},
    {"slug": "l2-update", "title": "Add", "prerequisites": ["counting"]},
)
FORGOT = {"slug": "forgot-the-two", "title": "Forgot", "explanation": "It was 2."}


def course(*items, lesson=LESSON, skills=SKILLS, misconceptions=(FORGOT,)):
    """A course of one lesson, by default with a choice and an exercise."""
    items = items or (publishable_choice(), exercise_document())
    folder = LessonFolder(
        lesson=Source("maths/adding/lesson.yaml", lesson),
        skills=tuple(Source("maths/adding/skills.yaml", d, str(i)) for i, d in enumerate(skills)),
        misconceptions=tuple(
            Source("maths/adding/misconceptions.yaml", d, str(i)) for i, d in enumerate(misconceptions)
        ),
        bank=Source("maths/adding/bank.yaml", {"slug": "sums", "title": "Sums"}),
        items=tuple(Source(f"maths/adding/items/{d['slug']}.yaml", deepcopy(d)) for d in items),
    )
    return CourseFolder(Source("maths/subject.yaml", {"slug": "maths", "title": "Maths"}), (folder,))


def totals(report):
    return tuple(report.total(outcome) for outcome in ("created", "updated", "unchanged"))


def rows():
    models = (Subject, Skill, Misconception, Lesson, LessonVersion, ItemBank, Item, ItemVersion)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def test_an_import_brings_everything_into_force():
    report = import_course(course=course(), now=NOW)
    assert totals(report) == (8, 0, 0)
    assert Lesson.objects.published().get().subject.slug == "maths"
    assert [item.slug for item in Item.objects.servable()] == ["double-it", "pick-one"]
    assert [item.slug for item in Item.objects.exercises()] == ["double-it"]
    assert [s.slug for s in Skill.objects.get(slug="l2-update").prerequisites.all()] == ["counting"]
    assert ItemBank.objects.get().lesson.slug == "adding"


def test_twice_gives_the_same_rows():
    import_course(course=course(), now=NOW)
    before = rows()
    assert totals(import_course(course=course(), now=LATER)) == (0, 0, 8)
    assert rows() == before


def test_an_edited_item_is_a_new_version_and_the_old_one_stays():
    import_course(course=course(), now=NOW)
    old = ItemVersion.objects.get(item__slug="pick-one")
    report = import_course(course=course(publishable_choice(title="Better"), exercise_document()), now=LATER)
    assert report.to_json()["items"] == {"created": 0, "updated": 1, "unchanged": 1}
    item = Item.objects.select_related("current").get(slug="pick-one")
    assert (item.title, item.current.number, item.current.published_at) == ("Better", 2, LATER)
    old.refresh_from_db()
    assert (old.status, old.document["title"]) == (Status.RETIRED, "Pick one")


def test_an_edited_lesson_is_a_new_version():
    import_course(course=course(), now=NOW)
    import_course(course=course(lesson=LESSON | {"theory": "It is two.", "premium": True}), now=LATER)
    lesson = Lesson.objects.published().get()
    assert (lesson.current.number, lesson.premium) == (2, True)
    assert LessonVersion.objects.count() == 2


def test_going_back_to_an_earlier_wording_is_a_new_version_too():
    for number, title in enumerate(("One", "Two", "One"), start=1):
        import_course(course=course(publishable_choice(title=title)), now=NOW)
        current = Item.objects.get().current
        assert (current.number, current.document["title"]) == (number, title)


def test_what_an_instructor_has_published_is_not_undone_by_the_same_files():
    import_course(course=course(), now=NOW)
    version = draft_item(bank=ItemBank.objects.get(), document=publishable_choice(title="By hand"), now=NOW)
    publish_item(version=version, now=NOW)
    Skill.objects.filter(slug="counting").update(title="By hand")
    retire(row=Item.objects.get(slug="double-it"), now=NOW)
    assert totals(import_course(course=course(), now=LATER)) == (0, 0, 8)
    assert Item.objects.servable().get().title == "By hand"
    assert Skill.objects.get(slug="counting").title == "By hand"


def test_a_draft_survives_an_import_of_a_newer_file():
    import_course(course=course(), now=NOW)
    draft = draft_item(bank=ItemBank.objects.get(), document=publishable_choice(title="By hand"), now=NOW)
    import_course(course=course(publishable_choice(title="Newer file")), now=LATER)
    draft.refresh_from_db()
    assert (draft.status, draft.document["title"]) == (Status.DRAFT, "By hand")
    assert Item.objects.get(slug="pick-one").title == "Newer file"


def test_one_broken_item_leaves_everything_as_it_was():
    broken = publishable_choice("broken", skills=["unheard-of"], body="No place")
    with pytest.raises(CourseError) as caught:
        import_course(course=course(publishable_choice(), broken), now=NOW)
    assert [str(fault) for fault in caught.value.faults] == [
        "maths/adding/items/broken.yaml: body: must show [[a]] exactly once",
        "maths/adding/items/broken.yaml: skills.0: there is no skill called unheard-of",
    ]
    assert not any(rows().values())


def test_an_exercise_without_a_certificate_stops_the_import():
    wrong = [exercise_document(slug, check={"twice": "3*x"}) for slug in ("wrong-one", "wrong-two")]
    with pytest.raises(CourseError) as caught:
        import_course(course=course(publishable_choice(), *wrong), now=NOW)
    refused = {fault.file for fault in caught.value.faults if fault.path == "certificate"}
    assert refused == {"maths/adding/items/wrong-one.yaml", "maths/adding/items/wrong-two.yaml"}
    assert not any(rows().values())


def test_items_may_refer_to_skills_that_exist_already():
    import_course(course=course(), now=NOW)
    import_course(course=course(publishable_choice(title="Newer"), skills=(), misconceptions=()), now=LATER)
    assert Item.objects.get(slug="pick-one").title == "Newer"


def test_an_item_of_another_bank_is_not_taken_over():
    make_item(publishable_choice())
    with pytest.raises(CourseError, match=r"pick-one\.yaml: slug: pick-one exists already, in the bank bank"):
        import_course(course=course(), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_import_once():
    def run(_):
        try:
            return totals(import_course(course=course(), now=NOW))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(run, range(3))) == [(0, 0, 8), (0, 0, 8), (8, 0, 0)]


def test_an_import_passes_over_review_and_says_so():
    import_course(course=course(), now=NOW)
    ItemBank.objects.update(needs_review=True)
    edited = publishable_choice() | {"title": "Another title"}
    report = import_course(course=course(edited, exercise_document()), now=LATER)
    assert Item.objects.get(slug=edited["slug"]).title == "Another title"
    assert report.remarks == [f"{edited['slug']} v2 is published without the review that its bank needs"]
    assert ItemBank.objects.get().needs_review
