import re
from xml.etree import ElementTree

import numpy as np
import pytest

from assessment.psychometrics import bank, pictures, simulation
from assessment.psychometrics.adaptive import AdaptivePlan
from assessment.psychometrics.irt import ItemParameters

RNG = np.random.default_rng(51)
ITEMS = ItemParameters(np.exp(RNG.normal(0.2, 0.3, 40)), RNG.normal(0, 1, 40))
RAN = simulation.simulate(bank.snapshot(ITEMS), AdaptivePlan(length=6), RNG.normal(0, 1, 30), RNG)

DRAWN = {
    "estimates": pictures.estimates(RAN),
    "errors": pictures.errors(RAN),
    "exposures": pictures.exposures(RAN, ceiling=0.25),
    "item curves": pictures.item_curves(ITEMS[np.arange(3)], ["one", "two & a half", "<three>"]),
    "information": pictures.bank_information(ITEMS),
}


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_a_picture_is_wellformed_and_names_itself(drawn):
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert root.get("role") == "img"
    assert root.get("aria-label")


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_a_picture_needs_no_style_and_no_script(drawn):
    assert "style" not in drawn
    assert "script" not in drawn


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_everything_is_drawn_inside_the_picture(drawn):
    pairs = re.findall(r"(-?[\d.]+),(-?[\d.]+)", " ".join(re.findall(r'points="([^"]+)"', drawn)))
    places = np.array(pairs, dtype=float)
    assert len(places)
    assert np.all((places >= 0) & (places <= [pictures.WIDTH, pictures.HEIGHT]))


def test_names_are_escaped():
    assert "<title>&lt;three&gt;</title>" in DRAWN["item curves"]


def test_the_ceiling_is_drawn_where_it_is():
    without = pictures.exposures(RAN)
    assert DRAWN["exposures"].count("polyline points") == without.count("polyline points") + 1


@pytest.mark.parametrize(
    ("ends", "marks"),
    [
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((-4, 4), [-4, -2, 0, 2, 4]),
        ((0, 0.801), [0, 0.2, 0.4, 0.6, 0.8]),
        ((0, 114), [0, 20, 40, 60, 80, 100]),
        ((-0.55, 0.55), [-0.4, -0.2, 0, 0.2, 0.4]),
    ],
)
def test_axes_are_marked_with_round_numbers(ends, marks):
    assert pictures.ticks(*ends) == pytest.approx(marks)


def test_zero_has_no_sign():
    assert "−0<" not in "".join(DRAWN.values())


def test_no_share_of_learners_is_shown_above_all_of_them():
    assert ">1.1<" not in pictures.exposures(RAN)
