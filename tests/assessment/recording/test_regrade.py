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


def regrade(action: str, *arguments: Any, **options: Any) -> Any:
    out = io.StringIO()
    call_command("regrade", action, *arguments, "--json", stdout=out, stderr=io.StringIO(), **options)
    return json.loads(out.getvalue())


def new(**options: Any) -> Any:
    named = [f"--{name.rstrip('_').replace('_', '-')}={value}" for name, value in options.items()]
    return regrade("new", *named, "--reason=The key was wrong.")


@pytest.fixture
def attempt() -> Attempt:
    """A finished attempt that said ``other``, which the second wording has as its key."""
    item = make_item(choice_document("pick"))
    mended(item, with_key("pick", "other"))
    made = make_attempt(item, tries=1)
    sitting.answer(made, 1, OTHER)
    return sitting.submit(made)


def changed(attempt: Attempt, before: float, after: float) -> list[dict[str, Any]]:
    return [{"learner": str(attempt.learner_id), "attempt": str(attempt.pk), "from": before, "to": after}]


def test_a_preview_only_says_what_would_change(attempt: Attempt) -> None:
    made = new(item="pick", kind="key")
    assert (made["attempts"], made["changed"], made["versions"]) == (1, [], [1])
    told = regrade("preview", made["id"])
    assert (told["id"], told["attempts"], told["refused"]) == (made["id"], 1, [])
    assert told["changed"] == changed(attempt, 0.0, 1.0)
    assert Attempt.objects.get().score == 0.0
    assert regrade("list")[0]["state"] == "not applied"


def test_it_applies_and_takes_back(attempt: Attempt) -> None:
    made = new(item="pick", kind="key")
    previewed = regrade("preview", made["id"])
    applied = regrade("apply", made["id"])
    assert applied["changed"] == previewed["changed"]
    assert Attempt.objects.get().score == 1.0
    undone = regrade("undo", made["id"])
    assert undone["changed"] == changed(attempt, 1.0, 0.0)
    assert Attempt.objects.get().score == 0.0
    assert [one["state"] for one in regrade("list")] == ["applied", "applied"]


def test_words_say_it_too(attempt: Attempt) -> None:
    made = new(item="pick", kind="full_credit")
    out = io.StringIO()
    call_command("regrade", "preview", made["id"], stdout=out, stderr=io.StringIO())
    assert f"attempt {attempt.pk}: 0 of 1 becomes 1 of 1" in out.getvalue()
    assert "1 attempts: 1 change (1 better, 0 worse), 0 keep their verdicts; 1 pass now" in out.getvalue()
    listed = io.StringIO()
    call_command("regrade", "list", stdout=listed)
    assert f"{made['id']} pick full_credit, not applied: The key was wrong." in listed.getvalue()


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
    assert new(item="pick", kind="drop")["versions"] == [2, 3]
    mended(three_wordings, with_key("pick", "wrong"), 4)
    assert new(item="pick", kind="key")["versions"] == [2, 3]
    assert new(item="pick", kind="key", corrected=3)["versions"] == [2]
    assert new(item="pick", kind="drop", version=1)["versions"] == [1]


def test_the_number_of_the_corrected_version_is_understood(three_wordings: Item) -> None:
    mended(three_wordings, with_key("pick", "wrong"), 4)
    assert new(item="pick", kind="key", version=4)["versions"] == [2, 3]


def test_what_shows_a_misconception_can_be_accepted_too(attempt: Attempt) -> None:
    made = new(item="pick", kind="accept", interaction="a", answer='["other"]')
    assert regrade("apply", made["id"])["changed"] == changed(attempt, 0.0, 1.0)
    assert Attempt.objects.get().score == 1.0
    assert regrade("undo", made["id"])["changed"] == changed(attempt, 1.0, 0.0)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"item": "nothing", "kind": "drop"}, "no item"),
        ({"item": "pick", "kind": "drop", "corrected": 2}, "Only another key"),
        ({"item": "pick", "kind": "key", "corrected": 9}, "no published version"),
        ({"item": "pick", "kind": "drop", "assessment": "nothing"}, "no assessment"),
        ({"item": "pick", "kind": "drop", "version": 9}, "No version"),
        ({"item": "pick", "kind": "drop"}, "No version"),
        ({"item": "pick", "kind": "accept"}, "which answer"),
        ({"item": "pick", "kind": "accept", "interaction": "a", "answer": "["}, "JSON"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], why: str) -> None:
    make_item(choice_document("pick"))
    with pytest.raises(CommandError, match=why):
        new(**options)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("action", ["preview", "apply", "undo"])
def test_what_does_not_exist_is_said(action: str) -> None:
    with pytest.raises(CommandError, match="no correction"):
        regrade(action, "nothing")


def test_a_correction_is_signed_by_whoever_may_make_it(attempt: Attempt) -> None:
    item, ann = Item.objects.get(slug="pick"), make_learner("ann")
    AuthorGrant.objects.give(item.bank, user=ann, granted_by=None, now=NOW)
    made = new(item="pick", kind="key", as_="ann")
    regrade("apply", made["id"], "--as=ann")
    assert Correction.objects.get().author == ann
    assert Correction.objects.get().runs.get().asked_by == ann


def test_what_somebody_may_not_correct_is_refused(attempt: Attempt) -> None:
    make_learner("ann")
    with pytest.raises(CommandError, match="You may correct items of your own banks"):
        new(item="pick", kind="key", as_="ann")
    assert not Correction.objects.exists()
    made = new(item="pick", kind="key")
    for action in ("preview", "apply"):
        with pytest.raises(CommandError, match="You may correct items of your own banks"):
            regrade(action, made["id"], "--as=ann")
    assert Attempt.objects.get().score == 0.0


def test_nobody_of_that_name_signs_nothing(attempt: Attempt) -> None:
    with pytest.raises(CommandError, match="no user with username nobody"):
        new(item="pick", kind="key", as_="nobody")
