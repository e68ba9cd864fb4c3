"""The verbs of review: ask for one, approve, send back. In a bank that needs review nobody publishes alone.

An approval is of exactly the words that were read: an edit afterwards needs another. Who may ask and decide at all is
the business of `content.rights`; that nobody decides on an own draft holds for administrators as well.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from content.authoring import AuthoringError, NotADraft, publish_item
from content.models import ItemVersion, Review
from content.models.reviews import MOST_WORDS, Decision


class ReviewRefused(AuthoringError):
    """A review that cannot be asked for or decided; the text says why."""


@transaction.atomic
def ask_for_review(*, version: ItemVersion, asked_by: Any, now: datetime) -> Review:
    """Ask that a draft be read as it stands; twice is once. Locks the draft.

    Raises NotADraft, or ReviewRefused where the bank needs no review.
    """
    draft = _draft(version)
    if not draft.item.bank.needs_review:
        raise ReviewRefused("This bank needs no review: publish the draft.")
    asked = Review.objects.filter(version=draft, fingerprint=draft.fingerprint, decided_at__isnull=True)
    return asked.first() or Review.objects.create(
        version=draft, fingerprint=draft.fingerprint, asked_by=asked_by, asked_at=now
    )


@transaction.atomic
def approve(*, review: Review, reviewer: Any, words: str = "", now: datetime) -> Review:
    """Approve a draft and publish it, both or neither. Locks the review and the draft.

    Certification still decides whether it can be shown: raises DefinitionError where not, else as `send_back`.
    """
    decided = _decide(review, reviewer, Decision.APPROVED, words, now)
    publish_item(version=decided.version, now=now, published_by=reviewer)
    return decided


@transaction.atomic
def send_back(*, review: Review, reviewer: Any, words: str, now: datetime) -> Review:
    """Give a draft back to its author with words. Locks the review and the draft.

    Raises ReviewRefused where it has been decided, has changed since somebody asked, is the reviewer's own, or where
    there are no words; NotADraft where it is published.
    """
    if not words.strip():
        raise ReviewRefused("Say what is to be done, so that the author can do it.")
    return _decide(review, reviewer, Decision.SENT_BACK, words, now)


def _decide(review: Review, reviewer: Any, decision: Decision, words: str, now: datetime) -> Review:
    locked = Review.objects.select_for_update().get(pk=review.pk)
    draft = _draft(locked.version)
    if locked.decided_at:
        raise ReviewRefused("Somebody has decided this review already.")
    if draft.fingerprint != locked.fingerprint:
        raise ReviewRefused("The draft has changed since its review was asked for. Nothing was decided.")
    if draft.written_by_id == reviewer.pk:
        raise ReviewRefused("You wrote this draft: somebody else has to review it.")
    if len(words) > MOST_WORDS:
        raise ReviewRefused(f"This is longer than {MOST_WORDS} characters.")
    locked.decided_by, locked.decided_at = reviewer, now
    locked.decision, locked.words = decision, words.strip()
    locked.save()
    return locked


def _draft(version: ItemVersion) -> ItemVersion:
    """Return a draft as it stands behind its lock. Raises NotADraft."""
    locked = (
        ItemVersion.objects.select_for_update(of=("self",)).select_related("item__bank").get(pk=version.pk)
    )
    if not locked.is_draft:
        raise NotADraft(locked)
    return locked
