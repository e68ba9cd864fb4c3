"""What the desk shows of an item's draws: panels for an editor, and pages about versions."""

import re

import numpy as np
import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse

from assessment.models import Response
from content.admin.evidence import (
    CERTIFICATE,
    PARAMETERS,
    VARIANTS,
    certificate_panel,
    parameters_panel,
    variants_panel,
)
from content.admin.pictures import apart, histogram, percent, strip
from content.authoring import draft_item, publish_item
from content.items.evidence.summaries import summary
from content.items.parsing.document import parse_definition
from tests.builders import (
    NOW,
    choice_document,
    exercise_document,
    make_bank,
    make_item,
    make_learner,
    make_skill,
    vector_document,
)
from tests.desks import OwnDesk, make_instructor

pytestmark = pytest.mark.django_db

PAGES = ("parameters", "variants", "certificate")
XSS = "<script>alert(1)</script>"


@pytest.fixture
def desk():
    return OwnDesk(make_instructor())


def page(row, name):
    return reverse(f"admin:content_{row._meta.model_name}_page", args=[row.pk, name])


def draft(document):
    return draft_item(bank=make_bank(), document=document, now=NOW)


def text_of(response):
    return response.content.decode()


# Pages


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("document", [exercise_document(), vector_document(), choice_document()])
def test_versions_and_items_have_the_pages(desk, name, document):
    item = make_item(document)
    for row in (item, item.current):
        assert desk.get(page(row, name)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_an_unfinished_draft_says_what_is_missing(desk, name):
    response = desk.get(page(draft({"slug": "begun"}), name))
    assert ("title", "is missing") in response.context["faults"]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_else_sees_the_pages(client, name):
    client.force_login(make_learner(is_staff=True))
    assert client.get(page(make_item().current, name)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_neither_styles_nor_scripts_of_their_own(desk, name):
    html = text_of(desk.get(page(make_item(exercise_document()).current, name), {"seed": "1"}))
    main = html[html.index('id="content-main"') :]
    assert not re.search(r"\sstyle=|<script>|javascript:|\son[a-z]+=", main)


def test_an_authors_html_stays_text(desk):
    options = [{"id": "r", "text": XSS, "key": True}, {"id": "w", "text": f"{XSS} w"}]
    document = choice_document(interactions={"a": {"kind": "choice", "options": options}})
    for name in PAGES:
        assert XSS not in text_of(desk.get(page(draft(document), name), {"seed": "0"}))


# Variants


def test_twenty_variants_stand_side_by_side_and_more_follow(desk):
    version = make_item(exercise_document()).current
    context = desk.get(page(version, "variants")).context
    assert [row["seed"] for row in context["rows"]] == list(range(20))
    following = desk.get(page(version, "variants"), {"start": context["next_start"]}).context
    assert following["rows"][0]["seed"] == 20


def test_a_seed_is_opened_beside_the_grid_that_holds_it(desk):
    version = make_item(exercise_document()).current
    response = desk.get(page(version, "variants"), {"seed": "5000"})
    assert response.context["opened"].shown.variant.seed == 5000
    assert response.context["rows"][0]["seed"] == 5000
    assert 'data-seed="5000" aria-current="true"' in text_of(response)


@pytest.mark.parametrize("seed", ["", "-1", "x", "9" * 40, str(2**63), "1.5"])
def test_what_is_no_seed_opens_nothing(desk, seed):
    version = make_item(exercise_document()).current
    response = desk.get(page(version, "variants"), {"seed": seed, "start": seed})
    assert response.status_code == 200
    assert response.context["opened"] is None


def test_the_last_seeds_of_all_can_be_looked_at(desk):
    version = make_item(exercise_document()).current
    response = desk.get(page(version, "variants"), {"seed": str(2**63 - 1)})
    assert response.context["opened"].seed == 2**63 - 1


def test_an_answer_is_graded_and_recorded_nowhere(desk):
    make_skill()
    version = make_item(exercise_document()).current
    shown = desk.get(page(version, "variants"), {"seed": "3"}).context["opened"].shown
    entered = {"seed": "3", "a": str(2 * shown.variant.values["x"])}
    response = desk.post(page(version, "variants") + "?start=0&seed=3", entered)
    (tried,) = response.context["opened"].shown.tried
    assert tried.outcome == "right"
    assert not Response.objects.exists()


def test_a_rejected_variant_opens_and_says_why(desk):
    document = exercise_document(misconceptions={"a": {"same": "x + x"}})
    response = desk.get(page(draft(document), "variants"), {"seed": "2"})
    assert response.context["opened"].shown is not None
    assert "<li>same is taken for the key</li>" in text_of(response)


def test_a_variant_without_numbers_says_so(desk):
    document = exercise_document(steps={"twice": "x/(x - x)"}, check={})
    response = desk.get(page(draft(document), "variants"), {"seed": "2"})
    assert "It has no numbers to show." in text_of(response)


# The certificate


def test_a_published_version_shows_its_stored_certificate_too(desk):
    make_skill()
    document = exercise_document(misconceptions={})
    version = publish_item(version=draft(document), now=NOW)
    response = desk.get(page(version, "certificate"))
    assert "When it was published" in text_of(response)
    assert response.context["stored"]["draws"] == 10_000


def test_seeds_lead_to_the_page_that_opens_them(desk):
    document = exercise_document(misconceptions={"a": {"same": "x + x"}})
    version = draft(document)
    html = text_of(desk.get(page(version, "certificate")))
    assert f'href="{page(version, "variants")}?seed=0#variant" data-seed="0"' in html


def test_an_inseparable_mistake_is_named_where_it_stands(desk):
    document = exercise_document(misconceptions={"a": {"another-way": "3*x - x"}})
    html = text_of(desk.get(page(draft(document), "certificate")))
    assert "another-way equals the key in every draw" in html
    assert "No variant can be drawn" in html


def test_what_cannot_be_computed_is_refused_in_words():
    document = exercise_document(
        parameters={"x": {"decimal": [1, 9], "places": 1, "shape": [20, 20]}},
        steps={"twice": "sum(inv(inv(x)))"},
        check={},
        misconceptions={},
        solution="",
    )
    panel = certificate_panel(parse_definition(document))
    assert "found" not in panel
    assert "This cannot be shown yet" in render_to_string(CERTIFICATE, panel)


# Panels stand alone


def test_panels_are_fragments_without_a_page():
    definition = parse_definition(exercise_document())
    for template, panel in (
        (PARAMETERS, parameters_panel(definition.parameters, definition.require)),
        (VARIANTS, variants_panel(definition, 0, 3)),
        (CERTIFICATE, certificate_panel(definition)),
    ):
        html = render_to_string(template, panel)
        assert html.strip().startswith("<section")
        assert "<html" not in html


def test_a_panel_grades_what_was_entered():
    definition = parse_definition(exercise_document())
    opened = variants_panel(definition, 0, 3, QueryDict("a=nonsense"))["opened"]
    assert opened.shown.tried[0].outcome == "invalid"


def test_parameters_are_shown_where_the_rest_is_broken():
    definition = parse_definition(exercise_document(require=["x > 5"]))
    panel = parameters_panel(definition.parameters, definition.require, start=100)
    assert panel["parameters"][0]["smallest"] == "5.1"
    assert panel["parameters"][0]["before"] == "1 to 9"
    assert "Seed 100" in render_to_string(PARAMETERS, panel)


def test_no_parameters_are_said_to_be_none():
    assert "no parameters" in render_to_string(PARAMETERS, parameters_panel({}))


# Pictures


def test_bars_are_as_high_as_their_shares():
    svg = histogram(summary(np.array([1.0, 1, 1, 2])), "Throws")
    heights = [float(height) for height in re.findall(r'class="bar"[^>]* height="([0-9.]+)"', svg)]
    assert heights[0] == pytest.approx(3 * heights[1], rel=0.01)
    assert 'role="img" aria-label="Throws: from 1 to 2, 2 different values, most often 1 (75%)"' in svg


def test_a_strip_keeps_what_is_infinitely_far_within_its_picture():
    inf = float("inf")
    svg = strip([0, 0.5, 1, 20, inf, inf, inf], inf, "far")
    assert "inf" not in svg
    assert "nan" not in svg


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (0.0001, "less than 0.1%"),
        (0.0123, "1.23%"),
        (0.5, "50%"),
        (0.99999, "more than 99.9%"),
        (1, "100%"),
    ],
)
def test_a_share_is_never_none_or_all_where_it_is_neither(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("distance", "text"),
    [(0, "0"), (0.5, "0.5"), (1234.6, "1,235"), (None, "not measured"), (1e-9, "less than 0.001")],
)
def test_distances_are_written_briefly(distance, text):
    assert apart(distance) == text
