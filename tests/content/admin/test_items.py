"""The authoring desk: items."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from content.authoring import draft_item
from content.documents.text import dump_document
from content.models import Item, ItemVersion, Misconception, Status
from tests.builders import (
    NOW,
    choice_document,
    exercise_document,
    make_bank,
    make_item,
    make_learner,
    make_skill,
    publishable_choice,
    vector_document,
)
from tests.desks import OwnDesk, make_instructor, own_everything

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def instructor():
    return make_instructor()


@pytest.fixture
def desk(instructor):
    """A browser in which an instructor is signed in."""
    return OwnDesk(instructor)


@pytest.fixture
def looker():
    """A browser in which somebody is signed in who may look at items and no more."""
    user = make_learner("looker", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_item", "view_itemversion"]))
    return OwnDesk(user)


@pytest.fixture
def vocabulary():
    make_skill()
    Misconception.objects.create(slug="forgot-the-two", title="The 2 is missing", explanation="It was 2w.")


def draft(document=None):
    return draft_item(bank=make_bank(), document=document or publishable_choice(), now=NOW)


def page(row, action="change", *args):
    return reverse(f"admin:content_{row._meta.model_name}_{action}", args=[row.pk, *args])


def press(client, row, name):
    return client.post(page(row, "do", name), follow=True)


def save(client, version, document, button="_continue", **changes):
    text = document if isinstance(document, str) else dump_document(document)
    data = {"document": text, "based_on": version.revision, button: "1", **changes}
    return client.post(page(version), data, follow=True)


def messages(response):
    return [str(message) for message in response.context["messages"]]


# Looking


@pytest.mark.parametrize(
    "model", ["item", "itemversion", "itembank", "skill", "misconception", "subject", "lesson"]
)
def test_lists_open_and_search(desk, vocabulary, model):
    make_item()
    draft()
    response = desk.get(reverse(f"admin:content_{model}_changelist"), {"q": "one"})
    assert response.status_code == 200


@pytest.mark.parametrize("state", ["served", "draft", "retired"])
def test_items_are_filtered_by_their_state(desk, state):
    served, retired = make_item(), make_item()
    retired.retired_at = NOW
    retired.save()
    begun = draft().item
    expected = {"served": served, "draft": begun, "retired": retired}[state]
    response = desk.get(reverse("admin:content_item_changelist"), {"state": state})
    assert list(response.context["cl"].queryset) == [expected]


def test_a_list_costs_the_same_however_long_it_is(
    desk, django_assert_num_queries, django_assert_max_num_queries
):
    address = reverse("admin:content_item_changelist")
    make_item()
    own_everything(desk.user)
    desk.is_counted = True
    with django_assert_max_num_queries(20) as few:
        desk.get(address)
    for _ in range(5):
        make_item()
    with django_assert_num_queries(len(few.captured_queries)):
        desk.get(address)


# From a draft to a served item


def test_an_item_goes_from_a_draft_to_being_served(desk, vocabulary):
    bank = make_bank()
    data = {"bank": str(bank.pk), "document": dump_document(exercise_document(title="Twice")), "_save": "1"}
    response = desk.post(reverse("admin:content_item_add"), data, follow=True)
    version = ItemVersion.objects.get()
    assert response.redirect_chain[-1][0] == page(version)
    assert version.is_draft
    response = save(desk, version, exercise_document(title="Double"), "_publish")
    assert Item.objects.servable().get().title == "Double"
    assert b"10000 draws tried" in response.content


def test_a_published_version_is_shown_and_cannot_be_changed(desk, vocabulary):
    item = make_item()
    response = desk.get(page(item.current))
    assert response.status_code == 200
    assert b"<textarea" not in response.content
    assert save(desk, item.current, choice_document(item.slug, title="Other")).status_code == 403
    item.current.refresh_from_db()
    assert item.current.document["title"] == "Pick one"


def test_a_new_draft_begins_with_the_current_wording(desk):
    item = make_item()
    response = press(desk, item, "draft")
    version = item.versions.get(status=Status.DRAFT)
    assert response.redirect_chain[-1][0] == page(version)
    assert (version.number, version.document) == (2, item.current.document)
    assert press(desk, item, "draft").redirect_chain[-1][0] == page(version)


def test_an_item_is_retired_and_restored(desk):
    item = make_item()
    press(desk, item, "retire")
    assert not Item.objects.servable().exists()
    press(desk, item, "restore")
    assert Item.objects.servable().get() == item


def test_several_items_are_retired_at_once(desk):
    items = [make_item(), make_item()]
    data = {"action": "retire", "_selected_action": [str(item.pk) for item in items], "_confirmed": "1"}
    desk.post(reverse("admin:content_item_changelist"), data)
    assert not Item.objects.servable().exists()


def test_drafts_are_published_from_the_list_and_the_rest_is_told_apart(desk, vocabulary):
    sound, broken = draft(), draft({"slug": "broken"})
    data = {"action": "publish_selected", "_selected_action": [str(sound.pk), str(broken.pk)]}
    response = desk.post(reverse("admin:content_itemversion_changelist"), data, follow=True)
    assert Item.objects.servable().get() == sound.item
    assert "1 of 2 are published." in messages(response)
    assert any("title: is missing" in message for message in messages(response))


# What is wrong is said, and nothing typed is lost


def test_a_draft_with_faults_is_saved_and_lists_them_by_path(desk, vocabulary):
    version = draft()
    response = save(desk, version, choice_document(body="No place"))
    assert ItemVersion.objects.get().document["body"] == "No place"
    assert "must show [[a]] exactly once" in unescape(response.content.decode())
    response = save(desk, ItemVersion.objects.get(), choice_document(body="No place"), "_publish")
    assert "body: must show [[a]] exactly once" in messages(response)
    assert ItemVersion.objects.get().is_draft


def test_an_exercise_that_certification_refuses_stays_a_draft(desk, vocabulary):
    version = draft()
    document = exercise_document("pick-one", check={"twice": "3*x"})
    response = save(desk, version, document, "_publish")
    assert any("check of twice disagrees" in message for message in messages(response))
    assert ItemVersion.objects.get().is_draft


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("slug: pick-one\ntitle: [", "line 3:"),
        ("- one", "must be a mapping"),
        ("title: nameless", "slug: is missing"),
        ("slug: renamed", "slug: must stay pick-one"),
        ("slug: pick-one\na: &x [1]\nb: *x", "anchors and aliases are not allowed"),
    ],
)
def test_a_text_that_is_no_document_comes_back_with_its_fault(desk, text, error):
    version = draft()
    response = save(desk, version, text)
    form = response.context["adminform"].form
    assert error in str(form.errors)
    assert text in unescape(response.content.decode())
    assert ItemVersion.objects.get().document == version.document


def test_the_work_of_another_author_is_not_overwritten(desk):
    version = draft()
    draft(choice_document(title="Theirs"))
    response = save(desk, version, choice_document(title="Mine"))
    assert "Somebody else has changed this draft" in str(response.context["adminform"].form.errors)
    assert "title: Mine" in response.content.decode()
    assert ItemVersion.objects.get().document["title"] == "Theirs"


def test_an_item_is_not_begun_twice(desk):
    draft()
    data = {"bank": str(make_bank().pk), "document": dump_document(choice_document())}
    response = desk.post(reverse("admin:content_item_add"), data)
    assert "pick-one exists already" in str(response.context["adminform"].form.errors)


# Who may


def test_buttons_take_posts_only(desk):
    assert desk.get(page(make_item(), "do", "retire")).status_code == 405


def test_those_who_may_look_may_not_press(looker):
    item = make_item()
    assert looker.get(page(item)).status_code == 200
    assert looker.get(page(item.current, "page", "preview")).status_code == 200
    assert b">Retire<" not in looker.get(page(item)).content
    assert looker.post(page(item, "do", "retire")).status_code == 403
    assert save(looker, draft(), choice_document(title="Mine"), "_publish").status_code == 403
    assert Item.objects.servable().get() == item


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_desk_is_closed_to_learners(client, signed_in):
    if signed_in:
        client.force_login(make_learner())
    item = make_item()
    for address in (page(item), page(item.current, "page", "preview"), page(item, "do", "retire")):
        response = client.post(address)
        assert response.status_code == 302
        assert "/login/" in response["Location"]
    assert Item.objects.servable().exists()


def test_unknown_rows_buttons_and_pages_are_not_found(desk):
    item = make_item()
    assert desk.post(page(item, "do", "explode")).status_code == 404
    assert desk.get(page(item.current, "page", "explode")).status_code == 404
    gone = page(item, "do", "retire").replace(str(item.pk), str(item.current.pk))
    assert desk.post(gone).status_code == 404


# The preview


def variants(response):
    return response.context["previews"]


def test_a_preview_shows_several_variants_and_more_on_demand(desk):
    version = make_item(exercise_document()).current
    first = desk.get(page(version, "page", "preview"))
    other = desk.get(page(version, "page", "preview"), {"start": "1"})
    seeds = {shown.variant.seed for response in (first, other) for shown in variants(response)}
    assert len(variants(first)) == 3
    assert len(seeds) == 6


def test_the_key_stands_in_the_authors_panel_only(desk):
    version = make_item(exercise_document()).current
    shown = variants(desk.get(page(version, "page", "preview")))[0]
    key = shown.secrets[0].key
    assert float(key) == pytest.approx(2 * shown.variant.values["x"])
    assert key not in shown.body
    assert key in shown.solution


@pytest.mark.parametrize(
    ("factor", "outcome", "misconception"),
    [(2, "right", None), (1, "wrong", "The 2 is missing"), (7, "wrong", None)],
)
def test_an_answer_can_be_tried_and_is_explained(desk, vocabulary, factor, outcome, misconception):
    version = make_item(exercise_document()).current
    shown = variants(desk.get(page(version, "page", "preview")))[1]
    entered = str(factor * shown.variant.values["x"])
    data = {"seed": str(shown.variant.seed), "a": entered}
    response = desk.post(page(version, "page", "preview"), data)
    (tried,) = variants(response)[1].tried
    assert tried.outcome == outcome
    assert (tried.misconception and tried.misconception.title) == misconception
    assert f'value="{entered}"' in response.content.decode()
    assert not variants(response)[0].tried


def test_an_unreadable_answer_is_invalid_and_says_why(desk):
    version = make_item(vector_document()).current
    shown = variants(desk.get(page(version, "page", "preview")))[0]
    data = {"seed": str(shown.variant.seed), "a": ["1", "two", "3"]}
    (tried,) = variants(desk.post(page(version, "page", "preview"), data))[0].tried
    assert (tried.outcome, tried.verdict.message.split(":")[0]) == ("invalid", "Component 2")


def test_a_variant_that_is_not_on_the_page_any_more_is_tried_all_the_same(desk):
    version = make_item(exercise_document()).current
    response = desk.post(page(version, "page", "preview"), {"seed": "5", "a": "1"})
    assert variants(response)[0].variant.seed == 5
    for seed in ("", "-1", "x", "9" * 40):
        assert desk.post(page(version, "page", "preview"), {"seed": seed, "a": "1"}).status_code == 200


def test_an_unfinished_draft_shows_its_faults_instead(desk):
    response = desk.get(page(draft({"slug": "begun"}), "page", "preview"))
    assert ("title", "is missing") in response.context["faults"]
    impossible = draft(exercise_document(require=["x > 10"]))
    assert desk.get(page(impossible, "page", "preview")).context["faults"][0][0] == "parameters"


KINDS = {
    "choice": {
        "kind": "choice",
        "multiple": True,
        "options": [{"id": "r", "text": "R", "key": True}, {"id": "w", "text": "W $w^2$"}],
    },
    "inline_choice": {
        "kind": "inline_choice",
        "options": [{"id": "r", "text": "R", "key": True}, {"id": "w", "text": "W"}],
    },
    "expression": {"kind": "expression", "key": "2*v", "variables": ["v"]},
    "matrix": {"kind": "matrix", "key": "[[1, 2], [3, 4]]"},
    "text": {"kind": "text", "accepted": [{"text": "ridge"}]},
    "ordering": {"kind": "ordering", "entries": [{"id": x, "text": x} for x in "abc"]},
    "matching": {
        "kind": "matching",
        "left": [{"id": "l1", "text": "one"}, {"id": "l2", "text": "two"}],
        "right": [{"id": "r1", "text": "1"}, {"id": "r2", "text": "2"}],
        "pairs": {"l1": "r1", "l2": "r2"},
    },
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_an_input_that_takes_a_right_answer(desk, kind):
    document = choice_document(interactions={"a": KINDS[kind]})
    version = make_item(document).current
    response = desk.get(page(version, "page", "preview"))
    shown = variants(response)[0]
    assert 'data-interaction="a"' not in shown.body
    right = version.definition.interactions["a"].samples(shown.variant.interactions["a"]).right[0]
    entered = list(right.values()) if isinstance(right, dict) else right
    if kind == "matrix":
        entered = [cell for row in right for cell in row]
    response = desk.post(page(version, "page", "preview"), {"seed": str(shown.variant.seed), "a": entered})
    assert variants(response)[0].tried[0].outcome == "right"


def test_figures_are_sketched_from_the_variants_numbers(desk):
    axis = {"name": "t", "from": "0", "to": "x", "label": "step $t$"}
    point = {"x": "0", "y": "twice", "label": "here"}
    figures = [
        {"kind": "curve", "x": axis, "curves": [{"label": "c", "y": "1/(t - x/2)"}], "points": [point]},
        {
            "kind": "contour",
            "x": axis,
            "y": {"name": "u", "from": "0", "to": "1"},
            "z": "t*u",
            "points": [],
        },
        {"kind": "table", "title": "T", "columns": [{"label": "n", "values": "twice"}]},
    ]
    version = make_item(exercise_document(figures=figures)).current
    curve, contour, table = variants(desk.get(page(version, "page", "preview")))[0].figures
    assert curve.count("<polyline") == 2
    assert curve.count("<circle") == 1
    assert contour.count("<rect") == 41 * 41
    assert " 0 … 1; darker is higher" in contour
    assert "<td>" in table


# Hostile authors


def test_an_authors_html_is_shown_as_text(desk, vocabulary):
    options = [
        {"id": "right", "text": f"R {XSS}", "key": True, "feedback": XSS},
        {"id": "wrong", "text": XSS, "feedback": XSS},
    ]
    kinds = [{"kind": kind, "options": options} for kind in ("choice", "inline_choice")]
    for number, interaction in enumerate(kinds):
        document = choice_document(
            f"hostile-{number}",
            title=XSS,
            body=f"{XSS} [[a]]",
            interactions={"a": interaction},
            solution=XSS,
            hints=[XSS],
        )
        version = draft(document)
        response = desk.post(page(version, "page", "preview"), {"seed": "1", "a": "wrong"})
        for text in (response.content.decode(), desk.get(page(version)).content.decode()):
            assert not re.search(r"<script>alert|<img src=x", text)
        assert "&lt;script&gt;" in response.content.decode()


def test_pages_hold_no_inline_script_or_style(desk):
    version = make_item(exercise_document()).current
    for address in (page(version), page(version, "page", "preview"), page(draft())):
        text = desk.get(address).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
        assert not re.search(r"<style|\son[a-z]+=", text)
