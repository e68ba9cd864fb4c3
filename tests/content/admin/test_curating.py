"""The authoring desk: versions compared and published anew, items copied, moved, tagged, retired with a warning."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from assessment.desk.picking import Picker
from assessment.models import AssessmentVersion, User
from content.authoring import draft_item, publish_item
from content.catalogue import MOST_TAGS
from content.curating import tag_item
from content.models import AuthorGrant, Item, ItemBank, ItemVersion, LessonVersion, Misconception, Status
from content.models.grants import GrantRole
from tests.builders import (
    NOW,
    assessment_document,
    choice_document,
    exercise_document,
    make_assessment,
    make_attempt,
    make_bank,
    make_item,
    make_lesson,
    make_skill,
    publish,
    publishable_choice,
)
from tests.desks import OwnDesk, make_instructor

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture
def ann() -> User:
    return make_instructor("ann")


@pytest.fixture
def desk(ann: User) -> OwnDesk:
    return OwnDesk(ann)


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


def at(row: Any, action: str = "change", *args: str) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{action}", args=[row.pk, *args])


INLINE = {"versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0"}
"""What a browser sends of the table of versions, in which nothing can be entered."""
ITEMS = "admin:content_item_changelist"


def bulk(client: Client, action: str, rows: list[Item], **entered: Any) -> Any:
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows], "index": "0", **entered}
    return client.post(reverse(ITEMS), data)


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def text(response: Any) -> str:
    return str(response.content.decode())


# Comparing


def test_two_versions_stand_side_by_side_with_who_and_when(desk: OwnDesk, twice: Item, ann: User) -> None:
    draft = draft_item(bank=twice.bank, document=publishable_choice(title="Third"), now=NOW, author=ann)
    response = desk.get(at(twice, "page", "compare"), {"left": "1", "right": "3"})
    shown = text(response)
    assert "<del>First</del>" in shown
    assert "<ins>Third</ins>" in shown
    assert "by ann" in shown
    assert [pair[0].number for pair in response.context["pair"]] == [1, draft.number]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, (2, 3)),
        ({"right": "2"}, (1, 2)),
        ({"right": "1"}, (1, 1)),
        ({"left": "x", "right": "99"}, (2, 3)),
        ({"left": "9" * 5000}, (2, 3)),
    ],
)
def test_without_numbers_a_version_is_compared_with_the_one_before(
    desk: OwnDesk, twice: Item, asked: dict[str, str], numbers: tuple[int, int]
) -> None:
    draft_item(bank=twice.bank, document=publishable_choice(title="Third"), now=NOW)
    context = desk.get(at(twice, "page", "compare"), asked).context
    assert (context["left"].number, context["right"].number) == numbers


def test_both_versions_of_an_exercise_are_drawn_from_one_seed(desk: OwnDesk, vocabulary: None) -> None:
    for title in ("First", "Second"):
        document = exercise_document(title=title, solution="{x}, " + title)
        publish_item(version=draft_item(bank=make_bank(), document=document, now=NOW), now=NOW)
    address = at(Item.objects.get(), "page", "compare")
    left, right = desk.get(address).context["sides"]
    assert left.shown.variant.seed == right.shown.variant.seed
    assert left.shown.secrets[0].key == right.shown.secrets[0].key
    other, _ = desk.get(address, {"start": "1"}).context["sides"]
    assert other.shown.variant.seed != left.shown.variant.seed


def test_a_version_that_cannot_be_drawn_is_compared_by_its_text(desk: OwnDesk, twice: Item) -> None:
    draft_item(bank=twice.bank, document={"slug": "pick-one", "body": XSS}, now=NOW)
    response = desk.get(at(twice, "page", "compare"))
    assert response.context["sides"][1].faults
    assert XSS not in text(response)


def test_the_history_of_a_row_leads_to_the_comparison(desk: OwnDesk, twice: Item) -> None:
    assert f"{at(twice, 'page', 'compare')}?right=2" in text(desk.get(at(twice)))


def test_lessons_and_assessments_are_compared_as_well(desk: OwnDesk, twice: Item) -> None:
    lesson, assessment = make_lesson(), make_assessment(twice)
    again = LessonVersion(lesson=lesson, number=2, created_at=NOW)
    again.write({**lesson.current.document, "theory": "Another secret."})
    again.save()
    publish(assessment, assessment_document(assessment.slug, twice, title="Other"))
    assert "<ins>Another</ins>" in text(desk.get(at(lesson, "page", "compare")))
    assert "<ins>Other</ins>" in text(desk.get(at(assessment, "page", "compare")))


# Publishing anew


def test_a_retired_version_is_published_anew_by_one_button(desk: OwnDesk, twice: Item, ann: User) -> None:
    old = twice.versions.get(number=1)
    draft_item(bank=twice.bank, document=publishable_choice(title="Begun"), now=NOW)
    assert "Publish anew" in text(desk.get(at(old)))
    response = desk.post(at(old, "anew"), follow=True)
    twice.refresh_from_db()
    assert (twice.title, twice.current.number, twice.current.published_by) == ("First", 4, ann)
    assert any("published anew as pick-one v4" in line for line in messages(response))
    assert any("draft pick-one v3 stays" in line for line in messages(response))


def test_what_certification_refuses_now_is_not_published_anew(desk: OwnDesk, twice: Item) -> None:
    Misconception.objects.all().delete()
    response = desk.post(at(twice.versions.get(number=1), "anew"), follow=True)
    assert any("forgot-the-two" in line for line in messages(response))
    assert twice.versions.count() == 2


@pytest.mark.parametrize("number", [2, 3])
def test_only_what_gave_way_is_published_anew(desk: OwnDesk, twice: Item, number: int) -> None:
    draft_item(bank=twice.bank, document=publishable_choice(title="Begun"), now=NOW)
    version = twice.versions.get(number=number)
    assert "Publish anew" not in text(desk.get(at(version)))
    assert desk.post(at(version, "anew")).status_code == 403


def test_a_reviewer_publishes_nothing_anew(twice: Item) -> None:
    rita = make_instructor("rita")
    AuthorGrant.objects.give(twice.bank, user=rita, granted_by=None, now=NOW, role=GrantRole.REVIEWER)
    client = Client()
    client.force_login(rita)
    old = twice.versions.get(number=1)
    assert client.get(at(old)).status_code == 200
    assert client.post(at(old, "anew")).status_code == 403


def test_in_a_bank_with_reviews_an_old_wording_becomes_a_draft(desk: OwnDesk, twice: Item) -> None:
    ItemBank.objects.update(needs_review=True)
    old = twice.versions.get(number=1)
    assert "Begin a draft from this" in text(desk.get(at(old)))
    desk.post(at(old, "anew"))
    assert twice.versions.get(number=3).is_draft
    response = desk.post(at(old, "anew"), follow=True)
    assert any("is a draft: publish it or throw it away first" in line for line in messages(response))


def test_an_assessment_is_published_anew(desk: OwnDesk, twice: Item) -> None:
    assessment = make_assessment(twice, title="First")
    publish(assessment, assessment_document(assessment.slug, twice, title="Second"))
    desk.post(at(AssessmentVersion.objects.get(number=1), "anew"))
    assessment.refresh_from_db()
    assert (assessment.title, assessment.current.number) == ("First", 3)


# History


def test_the_history_tells_every_publication(desk: OwnDesk, twice: Item, ann: User) -> None:
    draft = draft_item(bank=twice.bank, document=publishable_choice(title="Third"), now=NOW, author=ann)
    desk.post(
        reverse("admin:content_itemversion_changelist"),
        {"action": "publish_selected", "_selected_action": [str(draft.pk)]},
    )
    desk.post(at(twice, "do", "retire"))
    events = desk.get(at(twice, "history")).context["events"]
    published = [(event.what, event.who) for event in events if event.words == "Published."]
    assert published == [("pick-one v3", "ann"), ("pick-one v2", ""), ("pick-one v1", "")]
    assert events[0].words == "This is retired: nobody is given it any more."


# Before something is retired


def test_retiring_an_item_tells_first_what_it_would_break(desk: OwnDesk) -> None:
    attempt = make_attempt(item := make_item())
    make_lesson("asking", theory=f"Text.\n\n[[check: {make_item(exercise_document()).slug}]]\n")
    address = at(item, "page", "retire")
    assert f'href="{address}"' in text(desk.get(at(item)))
    response = desk.get(address)
    (told,) = response.context["consequences"]
    assert told.breaks
    assert attempt.assignment.assessment.title in told.name
    assert "1 attempt is running" in told.details[0]
    assert Item.objects.servable().filter(pk=item.pk).exists()
    desk.post(at(item, "do", "retire"))
    assert not Item.objects.servable().filter(pk=item.pk).exists()


def test_retiring_an_item_tells_which_lessons_ask_it(desk: OwnDesk) -> None:
    item = make_item(exercise_document())
    make_lesson("asking", theory=f"Text.\n\n[[check: {item.slug}]]\n")
    (told,) = desk.get(at(item, "page", "retire")).context["consequences"]
    assert (told.name, told.breaks) == ("Lesson “A lesson”", True)


def test_assessments_of_others_are_told_without_their_names(twice: Item) -> None:
    make_assessment(twice, title="Hidden", slug="hidden-one")
    author = make_instructor("author")
    AuthorGrant.objects.give(twice.bank, user=author, granted_by=None, now=NOW)
    client = Client()
    client.force_login(author)
    response = client.get(at(twice, "page", "retire"))
    assert "An assessment of somebody else" in text(response)
    assert "Hidden" not in text(response)
    assert "hidden-one" not in text(response)


def test_retiring_an_assessment_tells_to_whom_it_is_given(desk: OwnDesk, twice: Item) -> None:
    assessment = make_attempt(twice).assignment.assessment
    (told,) = desk.get(at(assessment, "page", "retire")).context["consequences"]
    assert told.breaks
    assert "1 attempt is running" in told.details[0]


# Copies and moves


def test_an_item_is_duplicated_and_its_draft_opened(desk: OwnDesk, ann: User) -> None:
    item, other = make_item(), make_bank("other")
    response = desk.post(at(item, "page", "duplicate"), {"bank": str(other.pk)}, follow=True)
    draft = ItemVersion.objects.get(status=Status.DRAFT)
    assert response.redirect_chain[-1][0] == at(draft)
    assert (draft.item.bank, draft.item.slug, draft.written_by) == (other, f"{item.slug}-copy", ann)


def test_a_move_is_told_and_then_made(desk: OwnDesk) -> None:
    item, other = make_item(), make_bank("other")
    make_assessment(sections=[{"title": "Drawn", "slots": [{"bank": item.bank.slug, "draw": 1}]}])
    address = at(item, "page", "move")
    (told,) = desk.post(address, {"bank": str(other.pk)}).context["consequences"]
    item.refresh_from_db()
    assert (told.breaks, item.bank.slug) == (True, "bank")
    desk.post(address, {"bank": str(other.pk), "_confirmed": "1"})
    item.refresh_from_db()
    assert item.bank == other


@pytest.mark.parametrize("name", ["duplicate", "move", "retire"])
def test_pages_that_write_are_for_those_who_may_change(twice: Item, name: str) -> None:
    rita = make_instructor("rita")
    AuthorGrant.objects.give(twice.bank, user=rita, granted_by=None, now=NOW, role=GrantRole.REVIEWER)
    client = Client()
    client.force_login(rita)
    assert at(twice, "page", name) not in text(client.get(at(twice)))
    assert client.get(at(twice, "page", name)).status_code == 403
    assert client.post(at(twice, "page", name), {"bank": str(twice.bank_id)}).status_code == 403
    assert client.get(at(twice, "page", "compare")).status_code == 200


# Tags


def test_tags_are_edited_on_the_item_and_make_no_version(desk: OwnDesk) -> None:
    item = make_item()
    desk.post(at(item), {"tags": "Warm-up, exam 2026", **INLINE})
    item.refresh_from_db()
    assert (item.tags, item.versions.count()) == (["exam 2026", "warm-up"], 1)
    assert "exam 2026, warm-up" in text(desk.get(at(item)))


def test_saving_tags_keeps_those_that_somebody_else_gave_meanwhile(desk: OwnDesk, twice: Item) -> None:
    tag_item(item=twice, add=["old", "gone"])
    shown = text(desk.get(at(twice)))
    assert 'name="initial-tags" value="gone, old"' in shown
    tag_item(item=twice, add=["theirs"])
    desk.post(at(twice), {"tags": "mine, old", "initial-tags": "gone, old", **INLINE})
    twice.refresh_from_db()
    assert twice.tags == ["mine", "old", "theirs"]


@pytest.mark.parametrize(
    "entered", ["x" * 41, ",".join(map(str, range(MOST_TAGS + 1))), "a\u202eb", "x," * 600]
)
def test_a_line_that_is_no_tags_comes_back_with_its_fault(desk: OwnDesk, entered: str) -> None:
    item = make_item()
    response = desk.post(at(item), {"tags": entered})
    assert response.context["adminform"].form.errors["tags"]
    item.refresh_from_db()
    assert item.tags == []


def test_tags_of_others_are_not_suggested(twice: Item) -> None:
    tag_item(item=twice, add=["secret-tag"])
    own = make_item(bank=make_bank("own"))
    author = make_instructor("author")
    AuthorGrant.objects.give(own.bank, user=author, granted_by=None, now=NOW)
    client = Client()
    client.force_login(author)
    assert "secret-tag" not in text(client.get(at(own)))
    assert "secret-tag" not in text(client.get(reverse(ITEMS)))
    assert list(client.get(reverse(ITEMS), {"tag": "secret-tag"}).context["cl"].queryset) == [own]


# Many at once


@pytest.mark.parametrize("action", ["retire", "move", "tag", "untag", "publish_drafts"])
def test_what_can_hurt_is_asked_first(desk: OwnDesk, action: str) -> None:
    item = make_item()
    before = Item.objects.values().get()
    response = bulk(desk, action, [item])
    assert item.slug in text(response)
    assert Item.objects.values().get() == before


def test_items_are_moved_and_tagged_together(desk: OwnDesk) -> None:
    items, other = [make_item(), make_item()], make_bank("other")
    bulk(desk, "move", items, bank=str(other.pk), _confirmed="1")
    bulk(desk, "tag", items, tags="a, b", _confirmed="1")
    bulk(desk, "untag", items[:1], tags="a", _confirmed="1")
    assert [(one.bank, one.tags) for one in Item.objects.order_by("pk")] == [
        (other, ["b"]),
        (other, ["a", "b"]),
    ]


def test_each_item_has_its_own_outcome(desk: OwnDesk, vocabulary: None) -> None:
    sound, broken, without = (
        draft_item(bank=make_bank(), document=publishable_choice("sound"), now=NOW).item,
        draft_item(bank=make_bank(), document={"slug": "broken"}, now=NOW).item,
        make_item(),
    )
    outcomes = bulk(desk, "publish_drafts", [sound, broken, without], _confirmed="1").context["outcomes"]
    told = {one.row: (one.is_done, one.words) for one in outcomes}
    assert told[sound] == (True, "sound v1 published")
    assert "title: is missing" in told[broken][1]
    assert "has no draft" in told[without][1]
    assert list(Item.objects.servable()) == [without, sound]


def test_rights_are_asked_for_each_row(twice: Item) -> None:
    own, rita = make_item(bank=make_bank("own")), make_instructor("rita")
    AuthorGrant.objects.give(own.bank, user=rita, granted_by=None, now=NOW)
    AuthorGrant.objects.give(twice.bank, user=rita, granted_by=None, now=NOW, role=GrantRole.REVIEWER)
    client = Client()
    client.force_login(rita)
    assert bulk(client, "retire", [own, twice]).context["others"] == [twice]
    outcomes = bulk(client, "retire", [own, twice], _confirmed="1").context["outcomes"]
    assert [(one.row, one.is_done) for one in outcomes] == [(twice, False), (own, True)]
    assert list(Item.objects.servable()) == [twice]


def test_items_are_not_moved_into_banks_of_others(twice: Item) -> None:
    foreign, author = make_bank("foreign"), make_instructor("author")
    AuthorGrant.objects.give(twice.bank, user=author, granted_by=None, now=NOW)
    client = Client()
    client.force_login(author)
    bulk(client, "move", [twice], bank=str(foreign.pk), _confirmed="1")
    client.post(at(twice, "page", "move"), {"bank": str(foreign.pk), "_confirmed": "1"})
    client.post(at(twice, "page", "duplicate"), {"bank": str(foreign.pk)})
    assert not foreign.items.exists()


def test_an_item_under_review_stays_when_many_are_moved(desk: OwnDesk, twice: Item) -> None:
    ItemBank.objects.filter(pk=twice.bank_id).update(needs_review=True)
    other = make_bank("other")
    (told,) = bulk(desk, "move", [twice], bank=str(other.pk), _confirmed="1").context["outcomes"]
    assert (told.is_done, "needs review" in told.words) == (False, True)
    assert not other.items.exists()


def test_too_many_at_once_are_refused_and_nothing_is_done(desk: OwnDesk, vocabulary: None) -> None:
    for number in range(21):
        draft_item(bank=make_bank(), document=publishable_choice(f"item-{number}"), now=NOW)
    response = bulk(desk, "publish_drafts", list(Item.objects.all()), _confirmed="1")
    assert response.status_code == 302
    assert not Item.objects.servable().exists()


def test_what_was_retired_is_restored_without_a_question(desk: OwnDesk, twice: Item) -> None:
    bulk(desk, "retire", [twice], _confirmed="1")
    assert not Item.objects.servable().exists()
    (told,) = bulk(desk, "restore", [twice]).context["outcomes"]
    assert told.is_done
    assert Item.objects.servable().get() == twice


# The list


def test_the_list_finds_words_in_stems_and_shows_where(desk: OwnDesk) -> None:
    make_item()
    item = make_item(choice_document("found", body=f"A marzipan stem {XSS} [[a]]"))
    response = desk.get(reverse(ITEMS), {"q": "marzi"})
    assert list(response.context["cl"].queryset) == [item]
    assert "<mark>marzipan</mark>" in text(response)
    assert XSS not in text(response)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": "numeric"}, {"double-it"}),
        ({"kind": "nonsense"}, {"double-it", "pick-one"}),
        ({"tag": "warm-up"}, {"double-it"}),
        ({"tag": "none"}, set()),
        ({"state": "never"}, {"pick-one"}),
        ({"state": "mine"}, {"pick-one"}),
        ({"state": "returned"}, set()),
    ],
)
def test_the_list_is_filtered(desk: OwnDesk, ann: User, asked: dict[str, str], found: set[str]) -> None:
    tag_item(item=make_item(exercise_document()), add=["warm-up"])
    draft_item(bank=make_bank(), document=choice_document(), now=NOW, author=ann)
    response = desk.get(reverse(ITEMS), asked)
    assert {item.slug for item in response.context["cl"].queryset} == found


def test_the_list_says_who_changed_an_item_last(desk: OwnDesk, ann: User) -> None:
    draft_item(bank=make_bank(), document=choice_document(), now=NOW, author=ann)
    assert "2026-11-23 09:00<br>ann" in text(desk.get(reverse(ITEMS)))


def test_a_picker_shows_title_slug_and_bank() -> None:

    picker = Picker(admin_site=admin.site)
    picker.model_admin = admin.site._registry[Item]
    item = make_item()
    assert picker.serialize_result(item, "pk")["text"] == f"Pick one – {item.slug}, {item.bank}"
