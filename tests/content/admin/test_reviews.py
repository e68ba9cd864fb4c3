"""Reviews at the desk: asked for with a draft, decided on its preview, told on its page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessment.models import User
from content.authoring import draft_item
from content.documents.text import dump_document
from content.models import AuthorGrant, Item, ItemBank, ItemVersion, Misconception, Review
from content.models.grants import GrantRole
from content.reviewing import ask_for_review
from tests.builders import NOW, make_bank, make_item, make_learner, make_skill, publishable_choice
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> ItemBank:
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="t", explanation="e")
    return make_bank("reviewed", needs_review=True)


def granted(username: str, bank: ItemBank, *roles: GrantRole) -> User:
    user = make_instructor(username)
    for role in roles:
        AuthorGrant.objects.give(bank, user=user, granted_by=None, now=NOW, role=role)
    return user


@pytest.fixture
def ann(bank: ItemBank) -> User:
    return granted("ann", bank, GrantRole.AUTHOR)


@pytest.fixture
def ben(bank: ItemBank) -> User:
    return granted("ben", bank, GrantRole.REVIEWER)


@pytest.fixture
def version(bank: ItemBank, ann: User) -> ItemVersion:
    return draft_item(bank=bank, document=publishable_choice(), now=NOW, author=ann)


@pytest.fixture
def review(version: ItemVersion, ann: User) -> Review:
    return ask_for_review(version=version, asked_by=ann, now=NOW)


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(row: Any, way: str = "change", *more: str) -> str:
    return reverse(f"admin:content_{row._meta.model_name}_{way}", args=[row.pk, *more])


def save(user: User, version: ItemVersion, button: str, **changes: Any) -> Any:
    document = {**version.document, **changes}
    data = {"document": dump_document(document), "based_on": version.revision, button: "1"}
    return desk_of(user).post(page(version), data, follow=True)


def decide(user: User, review: Review, button: str, words: str = "") -> Any:
    data = {"review": str(review.pk), "words": words, button: "1"}
    return desk_of(user).post(page(review.version, "decide"), data, follow=True)


def messages(reply: Any) -> str:
    return " ".join(str(one) for one in reply.context["messages"])


def test_an_author_is_offered_to_ask_and_not_to_publish(ann: User, version: ItemVersion) -> None:
    form = desk_of(ann).get(page(version)).content.decode()
    assert "Save and ask for a review" in form
    assert "Save and publish" not in form


def test_without_review_an_author_is_offered_to_publish(ann: User) -> None:
    free = make_bank("free")
    AuthorGrant.objects.give(free, user=ann, granted_by=None, now=NOW)
    version = draft_item(bank=free, document=publishable_choice("free-one"), now=NOW, author=ann)
    form = desk_of(ann).get(page(version)).content.decode()
    assert "Save and publish" in form
    assert "ask for a review" not in form


def test_what_is_asked_for_is_what_was_saved(ann: User, version: ItemVersion) -> None:
    reply = save(ann, version, "_ask", title="A better title")
    assert "among what is to review" in messages(reply)
    asked = Review.objects.get()
    version.refresh_from_db()
    assert (asked.asked_by, asked.fingerprint) == (ann, version.fingerprint)
    assert version.written_by == ann
    assert "asked by ann: waiting" in desk_of(ann).get(page(version)).content.decode()


@pytest.mark.parametrize("button", ["_publish", "action"])
def test_a_form_made_by_hand_publishes_nothing(button: str, ann: User, version: ItemVersion) -> None:
    if button == "action":
        data = {"action": "publish_selected", "_selected_action": [str(version.pk)]}
        reply = desk_of(ann).post(reverse("admin:content_itemversion_changelist"), data, follow=True)
    else:
        reply = save(ann, version, button)
    assert "needs review" in messages(reply)
    version.refresh_from_db()
    assert version.is_draft


def test_an_administrator_publishes_nothing_alone_either(version: ItemVersion) -> None:
    root = make_learner("root", is_staff=True, is_superuser=True)
    assert "needs review" in messages(save(root, version, "_publish"))


def test_a_reviewer_finds_what_waits_and_approves_it(ben: User, review: Review) -> None:
    desk = desk_of(ben)
    listed = desk.get(reverse("admin:content_review_changelist")).content.decode()
    preview = page(review.version, "page", "preview")
    assert preview in listed
    shown = desk.get(preview).content.decode()
    assert "Approve and publish" in shown
    assert "is published" in messages(decide(ben, review, "_approve"))
    assert Item.objects.get(slug=review.version.item.slug).current == review.version
    assert preview not in desk.get(reverse("admin:content_review_changelist")).content.decode()
    assert (
        preview in desk.get(reverse("admin:content_review_changelist"), {"state": "decided"}).content.decode()
    )


def test_a_draft_is_sent_back_with_words_that_its_page_tells(ann: User, ben: User, review: Review) -> None:
    assert "Say what" in messages(decide(ben, review, "_send_back"))
    decide(ben, review, "_send_back", "<b>The key</b> is wrong.")
    shown = desk_of(ann).get(page(review.version)).content.decode()
    assert "sent back by ben" in shown
    assert "&lt;b&gt;The key&lt;/b&gt; is wrong." in shown


def test_an_edit_after_asking_needs_another_review(ann: User, ben: User, review: Review) -> None:
    save(ann, review.version, "_continue", title="Another title")
    assert "Approve" not in desk_of(ben).get(page(review.version, "page", "preview")).content.decode()
    assert "has changed since" in messages(decide(ben, review, "_approve"))
    assert "the draft has changed since" in desk_of(ann).get(page(review.version)).content.decode()


def test_what_certification_refuses_is_not_approved(ann: User, ben: User, version: ItemVersion) -> None:
    save(ann, version, "_ask", skills=["no-such-skill"])
    assert "there is no skill" in messages(decide(ben, Review.objects.get(), "_approve"))
    assert Review.objects.get().decided_at is None


def test_nobody_decides_on_an_own_draft(bank: ItemBank) -> None:
    both = granted("both", bank, GrantRole.AUTHOR, GrantRole.REVIEWER)
    version = draft_item(bank=bank, document=publishable_choice(), now=NOW, author=both)
    review = ask_for_review(version=version, asked_by=both, now=NOW)
    assert "Approve" not in desk_of(both).get(page(version, "page", "preview")).content.decode()
    data = {"review": str(review.pk), "_approve": "1"}
    assert desk_of(both).post(page(version, "decide"), data).status_code == 403


def test_an_author_who_reviews_the_bank_decides_on_others(bank: ItemBank, review: Review) -> None:
    both = granted("both", bank, GrantRole.AUTHOR, GrantRole.REVIEWER)
    assert "is published" in messages(decide(both, review, "_approve"))


@pytest.mark.parametrize("who", ["the author", "an author elsewhere", "a reviewer elsewhere"])
def test_nobody_else_decides(who: str, ann: User, review: Review) -> None:
    elsewhere = make_bank("elsewhere")
    people = {
        "the author": lambda: ann,
        "an author elsewhere": lambda: granted("else", elsewhere, GrantRole.AUTHOR),
        "a reviewer elsewhere": lambda: granted("else", elsewhere, GrantRole.REVIEWER),
    }
    data = {"review": str(review.pk), "_approve": "1"}
    assert desk_of(people[who]()).post(page(review.version, "decide"), data).status_code in (403, 404)
    review.refresh_from_db()
    assert review.decided_at is None


@pytest.mark.parametrize("named", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_review_that_does_not_exist_is_not_found(named: str, ben: User, review: Review) -> None:
    data = {"review": named, "_approve": "1"}
    assert desk_of(ben).post(page(review.version, "decide"), data).status_code == 404


def test_an_author_does_not_turn_review_off_nor_move_items_out(ann: User, bank: ItemBank) -> None:
    item, free = make_item(bank=bank), make_bank("free")
    AuthorGrant.objects.give(free, user=ann, granted_by=None, now=NOW)
    desk = desk_of(ann)
    desk.post(page(bank), {"title": "Mine", "use": "both"})
    desk.post(page(item, "page", "move"), {"bank": str(free.pk), "_confirmed": "1"})
    bank.refresh_from_db()
    item.refresh_from_db()
    assert (bank.title, bank.needs_review, item.bank) == ("Mine", True, bank)


def test_an_author_turns_review_on(ann: User) -> None:
    free = make_bank("free")
    AuthorGrant.objects.give(free, user=ann, granted_by=None, now=NOW)
    desk_of(ann).post(page(free), {"title": "Free", "use": "both", "needs_review": "on"})
    free.refresh_from_db()
    assert free.needs_review
