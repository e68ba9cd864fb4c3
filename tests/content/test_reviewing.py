"""In a bank that needs review nobody publishes alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from assessment.models import User
from content.authoring import NotADraft, ReviewNeeded, draft_item, publish_item
from content.documents.reader import DefinitionError
from content.models import ItemBank, ItemVersion, Misconception, Review
from content.reviewing import ReviewRefused, approve, ask_for_review, send_back
from tests.builders import NOW, make_bank, make_learner, make_skill, publishable_choice

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> ItemBank:
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="t", explanation="e")
    return make_bank("reviewed", needs_review=True)


@pytest.fixture
def ann() -> User:
    return make_learner("ann")


@pytest.fixture
def ben() -> User:
    return make_learner("ben")


def drafted(bank: ItemBank, author: User | None, **changes: Any) -> ItemVersion:
    return draft_item(bank=bank, document=publishable_choice() | changes, now=NOW, author=author)


def asked(version: ItemVersion) -> Review:
    return ask_for_review(version=version, asked_by=version.written_by, now=NOW)


def test_an_author_alone_publishes_nothing_there(bank: ItemBank, ann: User) -> None:
    version = drafted(bank, ann)
    with pytest.raises(ReviewNeeded):
        publish_item(version=version, now=NOW)
    asked(version)
    with pytest.raises(ReviewNeeded):
        publish_item(version=version, now=NOW)


def test_without_review_nothing_changes(bank: ItemBank, ann: User) -> None:
    version = drafted(make_bank("free"), ann)
    publish_item(version=version, now=NOW)
    version.refresh_from_db()
    assert not version.is_draft
    assert version.written_by == ann


def test_a_bank_without_review_is_asked_for_none(bank: ItemBank, ann: User) -> None:
    with pytest.raises(ReviewRefused, match="needs no review"):
        asked(drafted(make_bank("free"), ann))


def test_an_approval_publishes(bank: ItemBank, ann: User, ben: User) -> None:
    version = drafted(bank, ann)
    done = approve(review=asked(version), reviewer=ben, words=" Good. ", now=NOW)
    version.refresh_from_db()
    assert version.item.current == version
    assert (done.decided_by, done.decision, done.words) == (ben, "approved", "Good.")


def test_nobody_reviews_an_own_draft_not_even_an_administrator(bank: ItemBank) -> None:
    root = make_learner("root", is_staff=True, is_superuser=True)
    review = asked(drafted(bank, root))
    for decide in (approve, send_back):
        with pytest.raises(ReviewRefused, match="You wrote this draft"):
            decide(review=review, reviewer=root, words="Fine.", now=NOW)


def test_whoever_edits_last_is_the_author(bank: ItemBank, ann: User, ben: User) -> None:
    drafted(bank, ann)
    review = asked(drafted(bank, ben, title="Another"))
    with pytest.raises(ReviewRefused, match="You wrote this draft"):
        approve(review=review, reviewer=ben, now=NOW)
    assert approve(review=review, reviewer=ann, now=NOW).decided_by == ann


def test_an_approval_is_of_exactly_what_was_read(bank: ItemBank, ann: User, ben: User) -> None:
    review = asked(drafted(bank, ann))
    changed = drafted(bank, ann, title="Another")
    with pytest.raises(ReviewRefused, match="has changed since"):
        approve(review=review, reviewer=ben, now=NOW)
    assert not Review.objects.waiting()
    again = asked(changed)
    assert list(Review.objects.waiting()) == [again]
    assert review.state == "waiting"
    review.refresh_from_db()
    assert review.state == "the draft has changed since"


def test_certification_still_decides(bank: ItemBank, ann: User, ben: User) -> None:
    review = asked(drafted(bank, ann, skills=["no-such-skill"]))
    with pytest.raises(DefinitionError):
        approve(review=review, reviewer=ben, now=NOW)
    review.refresh_from_db()
    assert review.decided_at is None


def test_what_is_sent_back_has_words_and_stays_a_draft(bank: ItemBank, ann: User, ben: User) -> None:
    version = drafted(bank, ann)
    review = asked(version)
    with pytest.raises(ReviewRefused, match="Say what"):
        send_back(review=review, reviewer=ben, words="  ", now=NOW)
    assert send_back(review=review, reviewer=ben, words="The key is wrong.", now=NOW).decision == "sent_back"
    version.refresh_from_db()
    assert version.is_draft
    assert not Review.objects.waiting()


def test_asked_twice_is_asked_once(bank: ItemBank, ann: User) -> None:
    version = drafted(bank, ann)
    assert asked(version) == asked(version)


def test_decided_twice_is_refused(bank: ItemBank, ann: User, ben: User) -> None:
    review = asked(drafted(bank, ann))
    send_back(review=review, reviewer=ben, words="No.", now=NOW)
    with pytest.raises(ReviewRefused, match="already"):
        approve(review=review, reviewer=ben, now=NOW)


def test_what_is_published_is_reviewed_no_more(bank: ItemBank, ann: User, ben: User) -> None:
    version = drafted(bank, ann)
    review = asked(version)
    approve(review=review, reviewer=ben, now=NOW)
    for decide in (approve, send_back):
        with pytest.raises(NotADraft):
            decide(review=review, reviewer=ben, words="Again.", now=NOW)
    with pytest.raises(NotADraft):
        asked(version)


@pytest.mark.parametrize("change", [{"fingerprint": "0"}, {"words": "Other words."}, {"asked_at": NOW}])
def test_a_decided_review_never_changes(bank: ItemBank, ann: User, ben: User, change: Any) -> None:
    review = send_back(review=asked(drafted(bank, ann)), reviewer=ben, words="No.", now=NOW)
    if "asked_at" in change:
        change = {"asked_at": review.asked_at.replace(year=2000)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**change)


def test_a_review_is_never_deleted(bank: ItemBank, ann: User) -> None:
    review = asked(drafted(bank, ann))
    with pytest.raises(IntegrityError), transaction.atomic():
        review.delete()


def test_reviews_and_wordings_outlive_the_accounts_of_their_people(
    bank: ItemBank, ann: User, ben: User
) -> None:
    version = drafted(bank, ann)
    review = approve(review=asked(version), reviewer=ben, now=NOW)
    ann.delete()
    ben.delete()
    review.refresh_from_db()
    version.refresh_from_db()
    assert (review.asked_by, review.decided_by, version.written_by) == (None, None, None)
