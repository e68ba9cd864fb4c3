"""Copying, moving and tagging items, and publishing an old wording anew."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from content.authoring import (
    DraftStands,
    NotRetired,
    ReviewNeeded,
    draft_item,
    draft_item_anew,
    draft_lesson,
    publish_item,
    publish_item_anew,
    publish_lesson,
    publish_lesson_anew,
)
from content.catalogue import MOST_TAGS
from content.curating import (
    MoveRefused,
    NothingToCopy,
    TagRefused,
    as_if,
    duplicate_item,
    lessons_asking,
    move_item,
    tag_item,
    tags_of,
)
from content.documents.reader import DefinitionError
from content.models import Item, ItemBank, ItemVersion, Misconception, Status
from tests.builders import (
    NOW,
    exercise_document,
    make_bank,
    make_item,
    make_learner,
    make_lesson,
    make_skill,
    publishable_choice,
)
from tests.content.formats.test_course_folder import FILES, course

pytestmark = pytest.mark.django_db


@pytest.fixture
def vocabulary() -> None:
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="The 2 is missing", explanation="It was 2w.")


@pytest.fixture
def twice(vocabulary: None) -> Item:
    """An item whose first wording gave way to a second."""
    for title in ("First", "Second"):
        draft = draft_item(bank=make_bank(), document=publishable_choice(title=title), now=NOW)
        publish_item(version=draft, now=NOW)
    return Item.objects.get()


def version(item: Item, number: int) -> ItemVersion:
    return item.versions.get(number=number)


def titles(item: Item) -> list[tuple[int, str, str]]:
    return [(one.number, one.status, one.document["title"]) for one in item.versions.order_by("number")]


# Who wrote and who published


def test_a_version_says_who_wrote_and_who_published_it(vocabulary: None) -> None:
    ann, ben = make_learner("ann"), make_learner("ben")
    draft = draft_item(bank=make_bank(), document=publishable_choice(), now=NOW, author=ann)
    published = publish_item(version=draft, now=NOW, published_by=ben)
    assert (published.written_by, published.written_at, published.published_by) == (ann, NOW, ben)


def test_a_lesson_says_so_as_well() -> None:
    ann, lesson = make_learner("ann"), make_lesson()
    document = {**lesson.current.document, "title": "Anew"}
    draft = draft_lesson(subject=lesson.subject, document=document, now=NOW, author=ann)
    published = publish_lesson(version=draft, now=NOW, published_by=ann)
    assert (published.written_by, published.published_by) == (ann, ann)


def test_an_erased_account_is_forgotten_by_what_it_published(vocabulary: None) -> None:
    ann = make_learner("ann")
    draft = draft_item(bank=make_bank(), document=publishable_choice(), now=NOW, author=ann)
    published = publish_item(version=draft, now=NOW, published_by=ann)
    ann.delete()
    published.refresh_from_db()
    assert (published.written_by, published.published_by) == (None, None)


def test_nobody_becomes_the_publisher_afterwards(twice: Item) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.filter(pk=twice.current_id).update(published_by=make_learner("ann"))


# Publishing anew


def test_an_old_wording_is_published_anew(twice: Item) -> None:
    ann = make_learner("ann")
    again = publish_item_anew(version=version(twice, 1), now=NOW, published_by=ann)
    assert titles(twice) == [(1, "retired", "First"), (2, "retired", "Second"), (3, "published", "First")]
    twice.refresh_from_db()
    assert (twice.current, twice.title, again.published_by) == (again, "First", ann)
    assert again.certificate["draws"]


def test_a_draft_survives_that_an_old_wording_is_published_anew(twice: Item) -> None:
    draft = draft_item(bank=twice.bank, document=publishable_choice(title="Begun"), now=NOW)
    publish_item_anew(version=version(twice, 1), now=NOW)
    draft.refresh_from_db()
    assert (draft.is_draft, draft.document["title"]) == (True, "Begun")
    publish_item(version=draft, now=NOW)
    twice.refresh_from_db()
    assert twice.title == "Begun"


def test_what_is_in_force_is_not_published_anew(twice: Item) -> None:
    with pytest.raises(NotRetired, match="only a retired version"):
        publish_item_anew(version=twice.current, now=NOW)


def test_an_old_wording_is_certified_again(twice: Item) -> None:
    Misconception.objects.all().delete()
    with pytest.raises(DefinitionError, match="forgot-the-two"):
        publish_item_anew(version=version(twice, 1), now=NOW)
    assert titles(twice)[-1] == (2, "published", "Second")


def test_where_review_is_needed_nobody_publishes_anew_alone(twice: Item) -> None:
    ItemBank.objects.update(needs_review=True)
    with pytest.raises(ReviewNeeded):
        publish_item_anew(version=version(twice, 1), now=NOW)
    ann = make_learner("ann")
    begun = draft_item_anew(version=version(twice, 1), now=NOW, author=ann)
    assert (begun.is_draft, begun.document["title"], begun.written_by) == (True, "First", ann)


def test_a_draft_is_not_written_over_by_an_old_wording(twice: Item) -> None:
    draft_item(bank=twice.bank, document=publishable_choice(title="Begun"), now=NOW)
    with pytest.raises(DraftStands):
        draft_item_anew(version=version(twice, 1), now=NOW)
    assert titles(twice)[-1] == (3, "draft", "Begun")


def test_an_old_lesson_is_published_anew() -> None:
    lesson = make_lesson()
    document = {**lesson.current.document, "title": "Other"}
    draft = draft_lesson(subject=lesson.subject, document=document, now=NOW)
    publish_lesson(version=draft, now=NOW)
    again = publish_lesson_anew(version=lesson.versions.get(number=1), now=NOW)
    lesson.refresh_from_db()
    assert (again.number, lesson.current, lesson.title) == (3, again, "A lesson")


# Copies


def test_a_copy_is_a_draft_under_a_name_of_its_own(vocabulary: None) -> None:
    item = make_item(exercise_document())
    tag_item(item=item, add=["warm-up"])
    item.refresh_from_db()
    ann = make_learner("ann")
    draft = duplicate_item(item=item, bank=item.bank, now=NOW, author=ann)
    assert (draft.item.slug, draft.item.title, draft.item.tags) == (
        "double-it-copy",
        f"{item.title} (copy)",
        ["warm-up"],
    )
    assert (draft.is_draft, draft.written_by, draft.item.current) == (True, ann, None)
    changed = {"slug": "double-it-copy", "title": f"{item.title} (copy)"}
    assert draft.document == {**item.current.document, **changed}


def test_each_copy_takes_the_next_free_name() -> None:
    item, other = make_item(), make_bank("other")
    drafts = [duplicate_item(item=item, bank=bank, now=NOW) for bank in (item.bank, other, item.bank)]
    assert [one.item.slug for one in drafts] == [
        f"{item.slug}-copy",
        f"{item.slug}-copy-2",
        f"{item.slug}-copy-3",
    ]
    assert drafts[1].item.bank == other


def test_a_copy_of_a_draft_leaves_the_draft_alone() -> None:
    draft = draft_item(bank=make_bank(), document=publishable_choice(), now=NOW)
    copy = duplicate_item(item=draft.item, bank=draft.item.bank, now=NOW)
    draft.refresh_from_db()
    assert (draft.document["slug"], copy.document["slug"]) == ("pick-one", "pick-one-copy")


def test_names_and_titles_of_copies_stay_within_their_length() -> None:
    document = publishable_choice("a" * 100, title="t" * 200)
    draft = draft_item(bank=make_bank(), document=document, now=NOW)
    copy = duplicate_item(item=draft.item, bank=draft.item.bank, now=NOW)
    assert (len(copy.item.slug), copy.item.slug[-6:]) == (100, "a-copy")
    assert (len(copy.item.title), copy.item.title[-7:]) == (200, " (copy)")


def test_an_item_without_a_wording_is_not_copied() -> None:
    item = Item.objects.create(bank=make_bank(), slug="empty", title="Empty")
    with pytest.raises(NothingToCopy):
        duplicate_item(item=item, bank=item.bank, now=NOW)


# Banks


def test_an_item_moves_to_another_bank() -> None:
    item, other = make_item(), make_bank("other")
    move_item(item=item, bank=other)
    item.refresh_from_db()
    assert item.bank == other


def test_an_item_leaves_a_bank_that_needs_review_by_a_superuser_alone() -> None:
    item, other = make_item(), make_bank("other")
    ItemBank.objects.filter(pk=item.bank_id).update(needs_review=True)
    with pytest.raises(MoveRefused, match="needs review"):
        move_item(item=item, bank=other)
    assert move_item(item=item, bank=other, despite_review=True).bank == other


def test_what_would_be_is_never_kept() -> None:
    item, other = make_item(), make_bank("other")
    with as_if([item], other, NOW):
        assert Item.objects.get().bank == other
    with as_if([item], None, NOW):
        assert not Item.objects.servable().exists()
    with pytest.raises(ZeroDivisionError), as_if([item], None, NOW):
        raise ZeroDivisionError
    assert Item.objects.servable().get().bank == item.bank


def test_lessons_that_ask_an_item_are_found() -> None:
    item, other = make_item(), make_item()
    asking = make_lesson("asking", theory=f"Text.\n\n[[check: {item.slug}]]\n")
    make_lesson("silent", theory=f"It names {item.slug} only.")
    assert lessons_asking([item, other]) == {asking: [item.slug]}
    assert lessons_asking([other]) == {}


# Tags


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", []),
        (" , ", []),
        ("Warm-up, exam 2026 ,warm-up", ["exam 2026", "warm-up"]),
        ("STRASSE, straße", ["strasse"]),
        ("a   b", ["a b"]),
    ],
)
def test_a_line_is_read_as_tags(text: str, tags: list[str]) -> None:
    assert tags_of(text) == tags


@pytest.mark.parametrize("text", ["x" * 41, "a\u200bb", "a\x00b", "a\u202eb"])
def test_what_cannot_be_a_tag_is_refused(text: str) -> None:
    with pytest.raises(TagRefused):
        tags_of(text)


def test_tags_are_added_and_removed_without_a_version() -> None:
    item = make_item()
    tag_item(item=item, add=["b", "a"])
    assert tag_item(item=item, add=["c"], remove=["b", "never"]).tags == ["a", "c"]
    assert item.versions.count() == 1
    assert item.bank.tags_by_item() == {item.slug: ["a", "c"]}


def test_an_item_has_no_more_tags_than_the_most() -> None:
    item = make_item()
    tag_item(item=item, add=[str(number) for number in range(MOST_TAGS)])
    with pytest.raises(TagRefused, match="is the most"):
        tag_item(item=item, add=["one more"])


# Kinds


@pytest.mark.parametrize(
    "interactions", [None, [], "a", {"a": None}, {"a": {"kind": ["choice"]}}, {"a": {"kind": "no such"}}]
)
def test_a_draft_without_known_kinds_has_none(interactions: Any) -> None:
    draft = draft_item(bank=make_bank(), document={"slug": "begun", "interactions": interactions}, now=NOW)
    assert draft.item.kinds == []


def test_kinds_follow_the_wording_in_force(twice: Item) -> None:
    assert twice.kinds == ["choice"]
    document = {**exercise_document("pick-one"), "skills": ["l2-update"]}
    draft = draft_item(bank=twice.bank, document=document, now=NOW)
    twice.refresh_from_db()
    assert twice.kinds == ["choice"]
    publish_item(version=draft, now=NOW)
    twice.refresh_from_db()
    assert (twice.kinds, draft.status) == (["numeric"], Status.DRAFT)


def test_tags_travel_in_course_folders(tmp_path: Path) -> None:
    folder = course(tmp_path / "in")
    call_command("import_content", folder, yes=True, stdout=io.StringIO())
    item = Item.objects.get(slug="one")
    tag_item(item=item, add=["week 1", "hard"])
    call_command("export_content", tmp_path / "out", stdout=io.StringIO())
    bank = tmp_path / "out" / "maths" / "adding" / "bank.yaml"
    assert "tags: {one: [hard, week 1]}" in bank.read_text()
    tag_item(item=item, remove=["hard", "week 1"])
    call_command("import_content", tmp_path / "out" / "maths", yes=True, stdout=io.StringIO())
    item.refresh_from_db()
    assert item.tags == ["hard", "week 1"]


@pytest.mark.parametrize("tags", ["{one: [Hard]}", "{one: hard}", "{one: ['a,b']}", "{one: ['']}", "[one]"])
def test_what_is_no_tag_is_refused_in_a_file(tmp_path: Path, tags: str) -> None:
    text = FILES["maths/adding/bank.yaml"] + f"tags: {tags}\n"
    folder = course(tmp_path, **{"maths/adding/bank.yaml": text})
    with pytest.raises(CommandError):
        call_command("import_content", folder, yes=True, stdout=io.StringIO())
    assert not Item.objects.exists()
