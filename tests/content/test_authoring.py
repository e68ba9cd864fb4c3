"""The verbs of authoring."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from content.authoring import (
    DraftChanged,
    NotADraft,
    SlugTaken,
    draft_item,
    draft_lesson,
    publish_item,
    publish_lesson,
    restore,
    retire,
)
from content.documents.reader import DefinitionError
from content.items.certification import certify
from content.models import Item, ItemVersion, Lesson, LessonVersion, Misconception, Status
from tests.builders import (
    NOW,
    exercise_document,
    make_bank,
    make_item,
    make_lesson,
    make_skill,
    publishable_choice,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def vocabulary():
    """The skill and the misconception that the builders' documents refer to."""
    make_skill()
    return Misconception.objects.create(
        slug="forgot-the-two", title="Forgot", explanation="The 2 is missing."
    )


def draft(document=None, *, bank=None, based_on=None):
    return draft_item(
        bank=bank or make_bank(), document=document or publishable_choice(), now=NOW, based_on=based_on
    )


def lesson_document(**changes):
    return dict(make_lesson("other").current.document) | {"slug": "fresh", "title": "Fresh"} | changes


# Drafts


def test_a_draft_may_be_unfinished():
    version = draft({"slug": "just-begun"})
    assert version.is_draft
    assert (version.number, version.item.title, version.item.current) == (1, "just-begun", None)


def test_a_draft_needs_a_slug():
    with pytest.raises(DefinitionError, match="slug: is missing"):
        draft({"title": "No name"})
    assert not Item.objects.exists()


def test_drafting_twice_changes_the_one_draft():
    first = draft({"slug": "pick-one", "title": "One"})
    second = draft({"slug": "pick-one", "title": "Two"})
    assert first.pk == second.pk
    assert ItemVersion.objects.get().document["title"] == "Two"


def test_a_draft_keeps_the_order_of_its_keys():
    steps = {"zeta": "1", "a": "zeta + 1", "eta": "a + 1"}
    version = draft({"slug": "ordered", "steps": steps})
    version.refresh_from_db()
    assert list(version.document["steps"]) == list(steps)


def test_an_author_does_not_overwrite_what_another_has_saved_in_between():
    opened = draft({"slug": "pick-one", "title": "One"}).revision
    draft({"slug": "pick-one", "title": "Two"}, based_on=opened)
    with pytest.raises(DraftChanged):
        draft({"slug": "pick-one", "title": "Three"}, based_on=opened)
    assert ItemVersion.objects.get().document["title"] == "Two"


def test_an_item_is_drafted_in_its_own_bank_only():
    draft()
    with pytest.raises(SlugTaken, match="in the bank bank"):
        draft(bank=make_bank("another"))


@pytest.mark.django_db(transaction=True)
def test_two_authors_at_once_share_one_draft():
    bank = make_bank()

    def author(title):
        try:
            return draft({"slug": "pick-one", "title": title}, bank=bank).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(author, "abcd"))) == 1


# Publishing


@pytest.mark.usefixtures("vocabulary")
def test_a_published_draft_is_what_learners_are_given():
    version = publish_item(version=draft(exercise_document(title="Twice")), now=LATER)
    item = Item.objects.servable().get()
    assert item.current == version
    assert (item.title, item.is_exercise) == ("Twice", True)
    assert [skill.slug for skill in item.skills.all()] == ["l2-update"]
    assert (version.status, version.published_at) == (Status.PUBLISHED, LATER)
    assert version.certificate["certified"]


@pytest.mark.usefixtures("vocabulary")
def test_a_new_version_retires_the_one_before():
    first = publish_item(version=draft(), now=NOW)
    second = publish_item(version=draft(publishable_choice(title="Better")), now=LATER)
    first.refresh_from_db()
    assert (first.status, first.retired_at, first.document["title"]) == (Status.RETIRED, LATER, "Pick one")
    assert (second.number, second.item.current_id, second.item.title) == (2, second.pk, "Better")


# Keys by which formulas are tried

FORMULAS = {
    "a": {"kind": "expression", "key": "2*v", "variables": ["v"]},
    "b": {"kind": "expression", "key": "v/2", "variables": ["v"]},
    "c": {"kind": "numeric", "key": "2*x", "policy": {"name": "absolute", "tolerance": 0.01}},
}


def formulas_document():
    body = "Enter [[a]], [[b]] and [[c]] beside ${x}$."
    return exercise_document(body=body, interactions=FORMULAS, misconceptions={}, check={}, solution="")


@pytest.mark.usefixtures("vocabulary")
def test_each_formula_of_a_published_version_has_its_own_key():
    version = publish_item(version=draft(formulas_document()), now=NOW)
    assert set(version.probing) == {"a", "b"}
    assert version.probing["a"] != version.probing["b"]
    assert min(map(len, version.probing.values())) >= 32
    again = publish_item(version=draft(formulas_document() | {"title": "Again"}), now=LATER)
    assert set(again.probing.values()).isdisjoint(version.probing.values())


@pytest.mark.usefixtures("vocabulary")
def test_the_dice_for_keys_are_an_argument():
    tokens = iter(["first", "second"])
    version = publish_item(version=draft(formulas_document()), now=NOW, token=lambda: next(tokens))
    assert version.probing == {"a": "first", "b": "second"}


@pytest.mark.usefixtures("vocabulary")
def test_the_keys_of_a_published_version_never_change():
    version = publish_item(version=draft(formulas_document()), now=NOW)
    version.probing = {"a": "known"}
    with pytest.raises(IntegrityError, match="never changes"):
        version.save()


@pytest.mark.usefixtures("vocabulary")
def test_publishing_twice_is_refused():
    version = draft()
    publish_item(version=version, now=NOW)
    with pytest.raises(NotADraft, match="published"):
        publish_item(version=version, now=LATER)


@pytest.mark.usefixtures("vocabulary")
@pytest.mark.parametrize(
    ("document", "path", "reason"),
    [
        (publishable_choice(body="No place for an answer"), "body", "exactly once"),
        (publishable_choice(skills=["unheard-of"]), "skills.0", "no skill called unheard-of"),
        (
            exercise_document(misconceptions={"a": {"unheard-of": "x"}}),
            "misconceptions.a.unheard-of",
            "no misconception called unheard-of",
        ),
        (exercise_document(check={"twice": "x + 1"}), "certificate", "check of twice disagrees"),
        (exercise_document(require=["x > 10"]), "certificate", "no draw satisfies require"),
    ],
)
def test_what_must_not_be_shown_is_not_published(document, path, reason):
    version = draft(document)
    with pytest.raises(DefinitionError) as caught:
        publish_item(version=version, now=LATER)
    assert any(place == path and reason in why for place, why in caught.value.faults), caught.value.faults
    assert not Item.objects.servable().exists()
    assert ItemVersion.objects.get().is_draft


@pytest.mark.usefixtures("vocabulary")
def test_an_item_does_not_change_its_slug():
    version = draft()
    version.write(publishable_choice("renamed"))
    version.save()
    with pytest.raises(DefinitionError, match="slug: must stay pick-one"):
        publish_item(version=version, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("vocabulary")
def test_two_who_publish_at_once_publish_once():
    version = draft()

    def publish(_):
        try:
            return publish_item(version=version, now=LATER)
        except NotADraft:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(result is not None for result in pool.map(publish, range(4))) == 1


# Retiring


def test_a_retired_item_is_given_to_nobody_until_it_is_restored():
    item = make_item()
    assert retire(row=item, now=NOW).retired_at == NOW
    assert retire(row=item, now=LATER).retired_at == NOW
    assert not Item.objects.servable().exists()
    restore(row=item)
    assert Item.objects.servable().get() == item


# Lessons


def test_a_lesson_is_drafted_and_published_in_versions():
    document = lesson_document(premium=True, skills=["l2-update"])
    make_skill()
    subject = Lesson.objects.get().subject
    first = publish_lesson(version=draft_lesson(subject=subject, document=document, now=NOW), now=NOW)
    changed = document | {"title": "Fresher", "premium": False}
    second = publish_lesson(version=draft_lesson(subject=subject, document=changed, now=NOW), now=LATER)
    first.refresh_from_db()
    lesson = Lesson.objects.published().get(slug="fresh")
    assert (lesson.current, lesson.title, lesson.premium) == (second, "Fresher", False)
    assert [skill.slug for skill in lesson.skills.all()] == ["l2-update"]
    assert (first.status, first.retired_at) == (Status.RETIRED, LATER)


def test_a_lesson_that_is_not_finished_is_not_published():
    subject = make_lesson().subject
    version = draft_lesson(subject=subject, document={"slug": "fresh"}, now=NOW)
    with pytest.raises(DefinitionError, match="theory: is missing"):
        publish_lesson(version=version, now=NOW)
    unknown_skill = lesson_document(skills=["unheard-of"])
    version = draft_lesson(subject=subject, document=unknown_skill, now=NOW, based_on=version.revision)
    with pytest.raises(DefinitionError, match="no skill called unheard-of"):
        publish_lesson(version=version, now=NOW)
    assert LessonVersion.objects.get(lesson__slug="fresh").is_draft


def test_a_lesson_published_already_is_no_draft():
    with pytest.raises(NotADraft):
        publish_lesson(version=make_lesson().current, now=NOW)


def test_a_draft_that_changed_while_it_was_tried_is_not_published(vocabulary, monkeypatch):
    version = draft(exercise_document())

    def meanwhile(definition):
        changed = version.item.versions.get(pk=version.pk)
        changed.write(exercise_document(title="Changed"))
        changed.save()
        return certify(definition, draws=50)

    monkeypatch.setattr("content.authoring.certify", meanwhile)
    with pytest.raises(DraftChanged):
        publish_item(version=version, now=NOW)
    assert version.item.versions.get(pk=version.pk).is_draft


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_an_item_is_tried(vocabulary, monkeypatch):
    version = draft(exercise_document())
    seen = []

    def watched(definition):
        seen.append(connection.in_atomic_block)
        return certify(definition, draws=50)

    monkeypatch.setattr("content.authoring.certify", watched)
    publish_item(version=version, now=NOW)
    assert seen == [False]
