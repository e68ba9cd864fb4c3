"""Calibrations and simulations at the instructor's desk."""

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse

from assessment.authoring import draft_assessment
from assessment.calibration.calibrating import Request, calibrate_bank
from assessment.models import Calibration, Correction, OnlineDifficulty
from assessment.psychometrics import irt
from tests.builders import NOW, give, make_assessment, make_bank, make_learner
from tests.desks import OwnDesk, make_instructor
from tests.measuring import make_adaptive, make_measuring_items, record_answers
from tests.practicing import make_chain, make_mastery

pytestmark = pytest.mark.django_db

BUTTON = "<button>Activate</button>"
PICTURE = 'role="img" aria-label='


@pytest.fixture
def desk():
    """A browser in which an instructor is signed in."""
    return OwnDesk(make_instructor())


@pytest.fixture
def items():
    return make_measuring_items(np.linspace(-2, 2, 15))


@pytest.fixture
def calibration(items):
    rng = np.random.default_rng(1)
    truth = irt.ItemParameters(np.ones(15), np.linspace(-2, 2, 15))
    record_answers(items, irt.simulate(rng.normal(size=150), truth, rng))
    return calibrate_bank(Request(make_bank()), now=NOW)


def address(row, *way):
    kind = f"admin:assessment_{row._meta.model_name}"
    return reverse(f"{kind}_{way[0]}", args=[row.pk, *way[1:]])


def test_a_calibration_is_listed_and_shown_and_offers_nothing_to_save(desk, calibration):
    listed = desk.get(reverse("admin:assessment_calibration_changelist")).content.decode()
    assert "bank #1 (2PL)" in listed
    form = desk.get(address(calibration, "change")).content.decode()
    assert BUTTON in form
    assert 'name="_save"' not in form


def test_a_calibration_says_that_answers_were_corrected_since(desk, calibration, items):
    listed = reverse("admin:assessment_calibration_changelist")
    assert "yes: make it anew" not in desk.get(listed).content.decode()
    correction = Correction.objects.create(
        kind="drop", reason="Unclear.", created_at=NOW, applied_at=NOW + timedelta(days=1)
    )
    correction.versions.add(items[0].version)
    assert "yes: make it anew" in desk.get(listed).content.decode()
    assert "yes: make it anew" in desk.get(address(calibration, "change")).content.decode()


def test_its_report_tells_of_every_item_and_of_odd_attempts(desk, calibration):
    page = desk.get(address(calibration, "page", "report")).content.decode()
    assert all(f'<th scope="row">{slug}</th>' in page for slug in calibration.parameters)
    assert "2250 of 150 attempts" in page
    assert 'aria-label="Information of the bank"' in page
    oddest = calibration.report["person_fit"]["oddest"]
    assert oddest[0]["attempt"] in page


def test_the_button_activates(desk, calibration):
    assert desk.post(address(calibration, "do", "activate")).status_code == 302
    calibration.refresh_from_db()
    assert calibration.is_active
    assert BUTTON not in desk.get(address(calibration, "change")).content.decode()


def test_nothing_of_a_calibration_can_be_edited_or_deleted(desk, calibration):
    before = Calibration.objects.values().get()
    desk.post(address(calibration, "change"), {"number": 9, "is_active": "on", "report": "{}"})
    assert desk.get(address(calibration, "delete")).status_code == 403
    assert Calibration.objects.values().get() == before


def test_an_assessment_that_is_not_open_is_simulated_at_the_desk(desk, items):
    assessment = make_adaptive(exposure={"ceiling": 0.5})
    give(assessment, is_open=False)
    assert "Simulate" in desk.get(address(assessment, "change")).content.decode()
    page = desk.get(address(assessment, "page", "simulation") + "?learners=20&seed=3").content.decode()
    assert "20 learners, 15 items" in page
    drawn = page.partition(PICTURE)[2].partition("</main>")[0]
    assert page.count(PICTURE) == 4
    assert "style=" not in drawn
    assert "<script" not in drawn


def test_before_it_is_asked_for_nothing_is_simulated(desk, items):
    page = desk.get(address(make_adaptive(), "page", "simulation")).content.decode()
    assert PICTURE not in page
    assert 'name="learners"' in page


def test_a_page_simulates_only_so_many_learners_as_it_may(desk, items, monkeypatch):
    monkeypatch.setattr("assessment.admin.panels.MOST_LEARNERS", 10)
    page = desk.get(address(make_adaptive(), "page", "simulation") + "?learners=100000").content.decode()
    assert "10 learners, 15 items" in page


@pytest.mark.parametrize("query", ["?learners=many", "?learners=-1&seed=x", "?learners=" + "9" * 400])
def test_nonsense_in_the_address_is_no_error(desk, items, monkeypatch, query):
    monkeypatch.setattr("assessment.admin.panels.DEFAULT_LEARNERS", 5)
    assert desk.get(address(make_adaptive(), "page", "simulation") + query).status_code == 200


def test_what_cannot_be_simulated_says_why(desk):
    page = desk.get(address(make_adaptive(), "page", "simulation") + "?learners=5").content.decode()
    assert "too few items" in page


def test_a_draft_is_simulated_once_its_rules_can_be_read(desk, items):
    document = make_adaptive().version.document
    rules = {**document["adaptive"], "selection": "clairvoyance"}
    broken = draft_assessment(document=document | {"adaptive": rules}, now=NOW)
    assert "adaptive.selection" in desk.get(address(broken, "page", "simulation")).content.decode()
    draft = draft_assessment(document=document | {"title": "Again"}, now=NOW)
    assert "15 items" in desk.get(address(draft, "page", "simulation") + "?learners=5").content.decode()


def test_assessments_of_the_other_modes_are_simulated_as_well(desk, items):
    fixed = make_assessment(*items[:4])
    page = desk.get(address(fixed, "page", "simulation") + "?learners=20").content.decode()
    assert "20 learners, 4 items" in page
    assert "Right at the first try" in page
    make_chain()
    page = desk.get(address(make_mastery(), "page", "simulation") + "?learners=20").content.decode()
    assert "20 learners, 3 skills" in page
    assert "Passed without having it" in page


def test_what_unscored_items_told_is_listed(desk, items):
    OnlineDifficulty.objects.create(item=items[0], mean=0.7, variance=0.25, answers=9, updated_at=NOW)
    page = desk.get(reverse("admin:assessment_onlinedifficulty_changelist")).content.decode()
    assert all(text in page for text in ("m-00", "0.70", "0.50"))


def test_a_learner_gets_none_of_this(client, calibration):
    client.force_login(make_learner())
    for way in (("change",), ("page", "report"), ("do", "activate")):
        assert client.post(address(calibration, *way)).status_code == 302
    simulation = address(make_adaptive(), "page", "simulation")
    assert client.get(simulation).headers["Location"].startswith("/admin/login/")
    calibration.refresh_from_db()
    assert not calibration.is_active


def test_staff_without_the_permission_may_not_activate(calibration):
    staff = OwnDesk(make_learner(is_staff=True))
    assert staff.post(address(calibration, "do", "activate")).status_code == 403
