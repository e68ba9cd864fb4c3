import numpy as np
import pytest

from assessment.psychometrics import exposure
from assessment.psychometrics.exposure import ExposureControl, ExposureCounts

CONTROL = ExposureControl(ceiling=0.25)


def run(control, attempts, demand, seed=1):
    """Attempts in which every eligible item with demand is given; return the final counters."""
    rng, counts = np.random.default_rng(seed), ExposureCounts.none(control, len(demand))
    for _ in range(attempts):
        drawn = exposure.draw(control, counts, rng)
        band = int(rng.integers(len(control.edges) + 1))
        wanted = rng.random(len(demand)) < demand
        given = tuple(np.flatnonzero(drawn.mask(band) & wanted).tolist())
        counts = counts.after(band, given, drawn.mask(band))
    return counts


def test_before_the_first_attempt_everything_is_eligible():
    drawn = exposure.draw(CONTROL, ExposureCounts.none(CONTROL, 4), np.random.default_rng(1))
    assert drawn.mask(0).all()
    assert len(drawn.demanded) == 0
    assert drawn.favor(CONTROL, 0).tolist() == [1.0] * 4


def test_an_item_that_all_want_is_given_to_the_ceiling_and_no_more():
    rates = run(CONTROL, 2000, np.array([1.0, 0.6, 0.3])).rates()
    np.testing.assert_allclose(rates, 0.25, atol=0.01)


def test_an_item_in_little_demand_is_left_alone():
    counts = run(CONTROL, 1000, np.array([0.1, 0.0]))
    assert counts.rates()[0] == pytest.approx(0.1, abs=0.03)
    assert exposure.chances(CONTROL, counts).min() == 1.0


def test_the_ceiling_holds_within_every_band():
    control = ExposureControl(edges=(-0.5, 0.5))
    counts = run(control, 3000, np.array([1.0, 0.5]))
    np.testing.assert_allclose(counts.given / counts.attempts[:, np.newaxis], 0.25, atol=0.02)


def test_what_was_given_too_much_is_made_up_for():
    counts = ExposureCounts(np.array([100.0]), np.array([[60.0]]), np.array([[100.0]]))
    patient = exposure.chances(ExposureControl(horizon=1000), counts)[0, 0]
    assert exposure.chances(CONTROL, counts)[0, 0] < patient < 0.25 / 0.6


def test_an_item_in_demand_counts_for_less_and_an_ineligible_one_for_nothing():
    drawn = exposure.Eligibility(
        4, np.array([1, 3]), np.array([[True, False], [True, True]]), np.array([[0.4, 0.4], [1.0, 0.4]])
    )
    np.testing.assert_allclose(drawn.favor(CONTROL, 0), [1.0, 0.7, 1.0, 0.0])
    assert drawn.mask(0).tolist() == [True, True, True, False]


def test_an_item_is_withheld_where_it_is_eligible_in_no_band():
    drawn = exposure.Eligibility(
        5, np.array([1, 4]), np.array([[True, False], [False, False]]), np.array([[0.9, 0.4], [0.4, 0.4]])
    )
    assert drawn.withheld().tolist() == [4]


def test_counting_an_attempt_leaves_the_old_counters_alone():
    before = ExposureCounts.none(CONTROL, 3)
    after = before.after(0, (1,), np.array([True, True, False]))
    assert before.attempts.sum() == 0
    assert (after.given.tolist(), after.eligible.tolist()) == ([[0, 1, 0]], [[1, 1, 0]])


def test_bands_are_told_apart_by_their_edges():
    control = ExposureControl(edges=(-1.0, 1.0))
    assert [control.band(theta) for theta in (-2.0, 0.0, 3.0)] == [0, 1, 2]


def test_overlap_is_the_share_of_items_that_two_learners_have_in_common():
    given = [np.array([0, 1, 2]), np.array([0, 1, 3]), np.array([0, 4, 5])]
    assert exposure.overlap(given) == pytest.approx((2 + 1 + 1) / 3 / 3)


@pytest.mark.parametrize(
    "fault", [{"ceiling": 0.0}, {"ceiling": 1.2}, {"edges": (1.0, 0.0)}, {"horizon": 0.0}, {"discount": 2.0}]
)
def test_an_impossible_control_is_refused(fault):
    with pytest.raises(ValueError, match=r"ceiling|edges|horizon"):
        ExposureControl(**fault)
