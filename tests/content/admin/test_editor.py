"""The editor of a draft: what it makes of a text and its edits, what it saves, and whom it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content.authoring import draft_item
from content.documents.text import dump_document
from content.items.beginnings import BEGINNINGS, begun
from content.models import Item, ItemBank, ItemVersion, Misconception, Review, Skill, Status
from content.models.grants import AuthorGrant
from tests.builders import NOW, exercise_document, make_bank, make_skill, publishable_choice
from tests.desks import OwnDesk, make_instructor

pytestmark = pytest.mark.django_db

TEXT = """\
# What learners often miss
slug: double-it
title: Double it   # for now
skills: [l2-update]
parameters:
  x: {decimal: [1, 9], places: 1}
steps: {twice: 2*x}
check: {twice: x + x}
body: |
  What is twice ${x}$? [[a]]
interactions:
  a: {kind: numeric, key: twice, policy: {name: absolute, tolerance: 0.01}}
"""


@pytest.fixture
def instructor():
    make_skill()
    return make_instructor()


@pytest.fixture
def desk(instructor):
    return OwnDesk(instructor)


@pytest.fixture
def version(instructor) -> ItemVersion:
    return draft_item(bank=make_bank(), document=exercise_document(), source=TEXT, now=NOW, author=instructor)


def post(client: Client, version: ItemVersion, **sent: Any) -> Any:
    address = reverse("admin:content_itemversion_work", args=[version.pk])
    body = {"text": version.text, "based_on": version.revision, **sent}
    return client.post(address, body, content_type="application/json")


def work(client: Client, version: ItemVersion, **sent: Any) -> dict[str, Any]:
    response = post(client, version, **sent)
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def lines_of(answer: dict[str, Any]) -> list[tuple[str, int]]:
    return [(fault["path"], fault["line"]) for fault in answer["faults"] if fault["refuses"]]


# What it makes of a text


def test_an_edit_of_the_form_changes_its_line_alone(desk, version):
    answer = work(desk, version, edits=[{"path": ["title"], "value": "Twice"}])
    assert answer["text"] == TEXT.replace("Double it   #", "Twice   #")
    assert ItemVersion.objects.get().text == TEXT


def test_all_faults_come_at_once_with_their_lines(desk, version):
    text = TEXT.replace("skills: [l2-update]", "skills: [l2-updat]").replace("2*x}", "2*y}")
    text = text.replace("absolute", "absolut").replace("title:", "titel:")
    found = lines_of(work(desk, version, text=text))
    assert {("titel", 3), ("skills.0", 4), ("steps.twice", 7)} <= set(found)
    assert any(path.startswith("interactions.a.policy") and line == 12 for path, line in found)


def test_a_form_has_the_fields_of_each_kind(desk, version):
    form = work(desk, version, form=True)["form"]
    for label in (
        "Text of the question",
        "How exact it must be",
        "Numbers that are drawn",
        "Worked solution",
    ):
        assert label in form


def test_a_text_that_cannot_be_read_has_no_form_and_stays(desk, version):
    broken = TEXT.replace("[1, 9]", "[1, 9")
    answer = work(desk, version, text=broken, form=True)
    assert "cannot be read whole" in answer["form"]
    assert answer["text"] == broken
    assert ("parameters.x", 6) in lines_of(answer)


def test_an_edit_of_an_unreadable_text_is_refused_in_words(desk, version):
    broken = TEXT.replace("[1, 9]", "[1, 9")
    answer = work(desk, version, text=broken, edits=[{"path": ["title"], "value": "x"}])
    assert "mend it first" in answer["error"]
    assert answer["text"] == broken


def test_the_preview_is_of_the_unsaved_text(desk, version):
    answer = work(desk, version, text=TEXT.replace("What is twice", "Now double"), panel="preview")
    assert "Now double" in answer["panel"]["html"]
    assert "Now double" not in ItemVersion.objects.get().text


def test_an_answer_is_tried_as_in_delivery_and_recorded_nowhere(desk, version):
    options = {"seed": "7", "answer": {"seed": ["7"], "a": ["1000"]}}
    html = work(desk, version, panel="preview", options=options)["panel"]["html"]
    assert "a: wrong" in html
    assert "within 0.01" in html


@pytest.mark.parametrize("panel", ["preview", "parameters", "variants", "certificate"])
def test_each_panel_is_drawn_of_each_beginning(desk, version, panel):
    for name in BEGINNINGS:
        text = begun(name, {"slug": "double-it"})
        answer = work(desk, version, text=text, panel=panel)
        assert answer["panel"]["name"] == panel


@pytest.mark.parametrize("panel", ["preview", "parameters", "variants", "certificate"])
def test_a_panel_of_what_makes_no_item_says_so(desk, version, panel):
    html = work(desk, version, text="slug: double-it\n", panel=panel)["panel"]["html"]
    assert html.strip() == ""


def test_another_answer_comes_with_its_place_in_the_text(desk, version):
    text = work(desk, version, command="add", argument="choice")["text"]
    assert "\n  b:\n    kind: choice\n" in text
    assert text.count("[[b]]") == 1
    assert "# What learners often miss" in text


def test_an_answer_goes_with_its_place_and_its_misconceptions(desk, version):
    text = work(desk, version, command="add", argument="choice")["text"]
    answer = work(desk, version, text=text, command="remove", argument="b")
    assert "[[b]]" not in answer["text"]
    assert "  b:" not in answer["text"]


def test_a_new_option_has_an_id_that_no_other_has(desk, version):
    text = work(desk, version, command="add", argument="choice")["text"]
    path = ["interactions", "b", "options", 2]
    answer = work(
        desk, version, text=text, edits=[{"path": path, "action": "insert", "value": {"id": "", "text": "C"}}]
    )
    assert "{id: c, text: C}" in answer["text"]


def test_another_kind_keeps_what_both_have(desk, version):
    text = work(desk, version, command="add", argument="choice")["text"]
    switch = {"path": ["interactions", "b"], "action": "switch", "value": "inline_choice"}
    answer = work(desk, version, text=text, edits=[switch])
    assert "kind: inline_choice" in answer["text"]
    assert "Why it is right." in answer["text"]


# Saving and publishing


def test_what_is_saved_is_the_text_to_the_letter(desk, version):
    text = TEXT + "# a last word\n"
    answer = work(desk, version, text=text, do="save")
    saved = ItemVersion.objects.get()
    assert (saved.text, saved.revision) == (text, answer["saved"]["revision"])


def test_a_text_with_faults_is_kept_and_not_published(desk, version):
    broken = TEXT.replace("[1, 9]", "[1, 9")
    answer = work(desk, version, text=broken, do="publish")
    assert answer["saved"]
    assert any("line 6" in reason for reason in answer["refused"])
    saved = ItemVersion.objects.get()
    assert (saved.text, saved.status) == (broken, Status.DRAFT)


def test_what_is_sound_is_published(desk, version):
    answer = work(desk, version, do="publish")
    assert answer["published"]
    item = Item.objects.get()
    assert item.current
    assert item.current.source == TEXT


def test_an_inseparable_misconception_is_refused_at_its_line(desk, version):
    Misconception.objects.create(slug="the-key", title="The key", explanation="No mistake.")
    text = TEXT + "misconceptions:\n  a:\n    the-key: x * 2\n"
    answer = work(desk, version, text=text, do="publish")
    assert ("misconceptions.a.the-key", 15) in lines_of(answer)
    assert Item.objects.get().current is None


def test_a_text_that_was_saved_meanwhile_is_not_overwritten(desk, version):
    work(desk, version, text=TEXT + "# theirs\n", do="save")
    answer = work(desk, version, text=TEXT + "# mine\n", do="save")
    assert answer["conflict"]["text"].endswith("# theirs\n")
    assert ItemVersion.objects.get().text.endswith("# theirs\n")


def test_two_editors_are_told_of_each_other_by_the_revision(desk, version):
    work(desk, version, text=TEXT + "# theirs\n", do="save")
    assert work(desk, version)["revision"] != version.revision


def test_another_slug_is_a_fault_and_publishes_nothing(desk, version):
    answer = work(desk, version, text=TEXT.replace("slug: double-it", "slug: another"), do="publish")
    assert ("slug", 2) in lines_of(answer)
    assert not Item.objects.filter(slug="another").exists()
    assert Item.objects.get().current is None


def test_a_review_is_asked_for_from_the_editor(desk, version):
    ItemBank.objects.update(needs_review=True)
    assert "not yours to publish" in work(desk, version, do="publish")["refused"][0]
    answer = work(desk, version, text=TEXT + "# for review\n", do="ask", based_on=version.revision)
    version.refresh_from_db()
    assert answer["asked"]
    assert Review.objects.get().fingerprint == version.fingerprint


# What is refused


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"text": 1}',
        '{"text": "x", "edits": 5}',
        '{"text": "x", "edits": [1]}',
        '{"text": "x", "options": []}',
    ],
)
def test_what_no_editor_sends_is_refused(desk, version, body):
    address = reverse("admin:content_itemversion_work", args=[version.pk])
    assert desk.post(address, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"path": "title"},
        {"path": [[]]},
        {"path": ["title"], "action": "burn"},
        {"path": ["nothing", 5], "action": "remove"},
        {"path": ["interactions", "a"], "action": "switch", "value": "essay"},
        {"path": ["hints", 3], "action": "insert", "value": "x"},
        {"path": ["title"], "value": {"a": [None, 1e300, "\u0000"]}},
        {"path": ["skills", -1], "value": "x"},
    ],
)
def test_odd_edits_lose_nothing(desk, version, edit):
    answer = work(desk, version, edits=[edit])
    assert answer["text"]
    assert ItemVersion.objects.get().text == TEXT


def test_a_document_that_is_too_long_is_refused_in_words(desk, version):
    response = post(desk, version, text="#" * 262_145)
    assert response.status_code in (413, 422)


def test_nobody_works_on_drafts_of_others(version):
    stranger = Client()
    stranger.force_login(make_instructor("stranger"))
    assert post(stranger, version).status_code == 404


def test_a_published_version_is_not_worked_on(desk, version):
    work(desk, version, do="publish")
    response = post(desk, version)
    assert response.status_code == 409
    assert "published meanwhile" in response.json()["error"]


# The start page


def start(client: Client, **sent: str) -> Any:
    return client.post(reverse("admin:content_item_add"), sent)


def test_every_beginning_becomes_a_draft_of_its_own(desk, instructor):
    bank = make_bank()
    for name in BEGINNINGS:
        assert start(desk, bank=str(bank.pk), title="A step", begin=name).status_code == 302
    slugs = sorted(Item.objects.values_list("slug", flat=True))
    assert len(slugs) == len(BEGINNINGS)
    assert {"a-step", "a-step-2"} <= set(slugs)
    assert all(one.written_by == instructor for one in ItemVersion.objects.all())


@pytest.mark.parametrize(
    "sent",
    [{}, {"begin": "one-right"}, {"bank": "x", "begin": "one-right"}, {"title": "x" * 201, "begin": "empty"}],
)
def test_what_is_missing_at_the_start_is_said(desk, sent):
    make_bank()
    response = start(desk, **sent)
    assert response.status_code == 422
    assert response.context["faults"]
    assert not Item.objects.exists()


def test_a_bank_of_others_cannot_be_written_in():
    bank = make_bank()
    stranger = Client()
    stranger.force_login(make_instructor("stranger"))
    assert start(stranger, bank=str(bank.pk), begin="one-right").status_code == 422
    assert not Item.objects.exists()


# Names


def named(client: Client, **asked: str) -> list[str]:
    response = client.get(reverse("admin:content_names"), asked)
    return [one["slug"] for one in response.json()["results"]]


def test_names_are_found_by_any_of_their_words(desk):
    make_skill("l1-update", title="A step with an L1 penalty")
    assert named(desk, kind="skill", search="penalty step") == ["l1-update"]
    assert named(desk, kind="skill", search="l2") == ["l2-update"]


def test_items_of_others_are_not_found(version):
    stranger = make_instructor("stranger")
    client = Client()
    client.force_login(stranger)
    assert named(client, kind="item", search="double") == []
    AuthorGrant.objects.create(user=stranger, bank=version.item.bank, granted_at=NOW)
    assert named(client, kind="item", search="double") == ["double-it"]


def make(client: Client, **sent: Any) -> Any:
    return client.post(reverse("admin:content_new_name"), sent, content_type="application/json")


def test_a_skill_is_made_on_the_spot(desk):
    assert make(desk, kind="skill", title="Reading a plot").json()["slug"] == "reading-a-plot"
    assert make(desk, kind="skill", title="Reading a plot").json()["slug"] == "reading-a-plot-2"
    assert Skill.objects.filter(title="Reading a plot").count() == 2


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "misconception", "title": "No words"},
        {"kind": "skill", "title": " "},
        {"kind": "item", "title": "x"},
        {"kind": "skill", "title": "x" * 300},
        {"kind": "skill", "title": "nul \u0000"},
        [],
    ],
)
def test_a_name_that_cannot_be_made_is_refused_in_words(desk, sent):
    address = reverse("admin:content_new_name")
    response = desk.post(address, sent, content_type="application/json")
    assert response.status_code == 422
    assert response.json()["error"]


def test_a_document_of_a_program_is_edited_as_we_write_it(desk):
    version = draft_item(bank=make_bank(), document=publishable_choice(), now=NOW)
    assert version.text == dump_document(publishable_choice())
    assert work(desk, version, form=True)["text"] == version.text
