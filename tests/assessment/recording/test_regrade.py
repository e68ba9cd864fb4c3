"""``manage.py regrade``: first what would change, then the change, then back."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessment.models import Attempt, Correction
from content.models import AuthorGrant, Item
from tests import sitting
from tests.assessment.recording.test_correcting import OTHER, mended, with_key
from tests.builders import NOW, choice_document, make_attempt, make_item, make_learner

pytestmark = pytest.mark.django_db


def regrade(**options: Any) -> Any:
    out = io.StringIO()
    call_command("regrade", json=True, reason="The key was wrong.", stdout=out, **options)
    return json.loads(out.getvalue())


@pytest.fixture
def attempt() -> Attempt:
    """A finished attempt that said ``other``, which the second wording has as its key."""
    item = make_item(choice_document("pick"))
    mended(item, with_key("pick", "other"))
    made = make_attempt(item, tries=1)
    sitting.answer(made, 1, OTHER)
    return sitting.submit(made)


def test_without_apply_it_only_says_what_would_change(attempt: Attempt) -> None:
    told = regrade(item="pick", kind="key", corrected=2)
    assert told["changed"] == [{"attempt": str(attempt.pk), "before": [0.0, 1.0], "after": [1.0, 1.0]}]
    assert told["correction"] is None
    assert not Correction.objects.exists()
    assert Attempt.objects.get().score == 0.0


def test_it_applies_and_takes_back(attempt: Attempt) -> None:
    applied = regrade(item="pick", kind="key", corrected=2, apply=True)
    assert Attempt.objects.get().score == 1.0
    undone = regrade(undo=applied["correction"], apply=True)
    assert undone["changed"][0]["after"] == [0.0, 1.0]
    assert Attempt.objects.get().score == 0.0


def test_words_say_it_too(attempt: Attempt) -> None:
    out = io.StringIO()
    call_command("regrade", item="pick", kind="full_credit", reason="Unclear.", stdout=out)
    assert f"attempt {attempt.pk}: 0 of 1 becomes 1 of 1" in out.getvalue()
    assert "1 attempts, 1 would change, 0 keep their verdicts." in out.getvalue()


@pytest.fixture
def three_wordings() -> Item:
    """Of an item two wordings with one key were answered, and before them one with another."""
    item = make_item(with_key("pick", "other"))
    make_attempt(item)
    for number, text in ((2, "Another text"), (3, "Text")):
        version = mended(item, {**with_key("pick", "right"), "title": text}, number)
        Item.objects.filter(pk=item.pk).update(current=version)
        make_attempt(item)
    return item


def test_it_concerns_the_latest_wording_and_those_with_its_keys(three_wordings: Item) -> None:
    assert regrade(item="pick", kind="drop")["versions"] == [2, 3]
    mended(three_wordings, with_key("pick", "wrong"), 4)
    assert regrade(item="pick", kind="key", corrected=4)["versions"] == [2, 3]
    assert regrade(item="pick", kind="key", corrected=3)["versions"] == [2]
    assert regrade(item="pick", kind="drop", versions=[1])["versions"] == [1]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "--item"),
        ({"item": "pick", "kind": "key"}, "--corrected"),
        ({"item": "pick", "kind": "drop", "corrected": 2}, "--corrected"),
        ({"item": "nothing", "kind": "drop"}, "no item"),
        ({"item": "pick", "kind": "key", "corrected": 9}, "no item version"),
        ({"item": "pick", "kind": "drop", "assessment": "nothing"}, "no assessment"),
        ({"undo": "nothing"}, "no correction"),
        ({"item": "pick", "kind": "drop", "versions": [9]}, "no item version"),
        ({"item": "pick", "kind": "drop"}, "No other wording"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], why: str) -> None:
    make_item(choice_document("pick"))
    with pytest.raises(CommandError, match=why):
        regrade(**options)
    assert Item.objects.exists()
    assert not Correction.objects.exists()


def test_a_correction_is_signed_by_whoever_may_make_it(attempt: Attempt) -> None:
    item, ann = Item.objects.get(slug="pick"), make_learner("ann")
    AuthorGrant.objects.give(item.bank, user=ann, granted_by=None, now=NOW)
    regrade(item="pick", kind="key", corrected=2, apply=True, author="ann")
    assert Correction.objects.get().author == ann


@pytest.mark.parametrize("apply", [False, True])
def test_what_somebody_may_not_correct_is_refused_and_not_told(attempt: Attempt, apply: bool) -> None:
    make_learner("ann")
    with pytest.raises(CommandError, match="ann may not make this correction"):
        regrade(item="pick", kind="key", corrected=2, apply=apply, author="ann")
    assert not Correction.objects.exists()


def test_nobody_of_that_name_signs_nothing(attempt: Attempt) -> None:
    with pytest.raises(CommandError, match="no user with username nobody"):
        regrade(item="pick", kind="key", corrected=2, author="nobody")
