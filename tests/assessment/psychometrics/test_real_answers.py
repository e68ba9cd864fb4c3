"""What is published of answers of real people, found again. The data stay where they are."""

import csv

import numpy as np
import pytest

from assessment.psychometrics import classical, dif, flags, groups, intervals, items, regions
from tests.shared import shared_path


def table(name):
    with (shared_path("reference/real") / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def exam():
    """A university exam: scores, and which of two batches of templates everybody had."""
    rows = table("MathExam14W.csv")
    solved = np.array([[float(row[f"solved{n}"]) for n in range(1, 14)] for row in rows])
    return solved, np.array([float(row["group"]) for row in rows])


@pytest.fixture(scope="module")
def inventory():
    """The Homeostasis Concept Inventory: chosen options, the key, scores."""
    key = [row["key"] for row in table("HCIkey.csv")]
    chosen = np.array([[row[f"Item {n}"] for n in range(1, 21)] for row in table("HCItest.csv")])
    return chosen, key, (chosen == key).astype(float)


def rest_of(scores, item):
    return np.delete(scores, item, axis=1).sum(axis=1)


def test_templates_that_were_meant_to_be_equal_are_not(exam):
    solved, batch = exam
    found = [regions.dependence(batch, solved[:, n], rest_of(solved, n)) for n in range(13)]
    first, ninth = (sorted(one.facility for one in found[n].regions) for n in (0, 8))
    assert first == pytest.approx([0.37, 0.71], abs=0.005)
    assert ninth == pytest.approx([0.26, 0.59], abs=0.005)
    corrected = regions.holm([one.p_value for one in found])
    flagged = [n + 1 for n in range(13) if list(flags.of_parameter("batch", found[n], corrected[n]))]
    assert {1, 9} <= set(flagged)
    widest = np.argsort([-one.gap for one in found])[:2]
    assert {int(n) + 1 for n in widest} == {1, 9}


def test_mantel_and_haenszel_agree_on_the_templates(exam):
    solved, batch = exam
    harder = batch == max((1.0, 2.0), key=lambda one: -solved[batch == one, 0].mean())
    found = dif.mantel_haenszel(solved, harder, dif.score_strata(solved)).delta
    assert np.abs(found[[0, 8]]) == pytest.approx([3.96, 4.16], abs=0.02)


def test_a_published_item_favors_one_gender():
    rows = table("MSATB.csv")
    names = [name for name in rows[0] if name != "gender"]
    scores = np.array([[float(row[name]) for name in names] for row in rows])
    focal = np.array([row["gender"] == "1" for row in rows])
    found = dict(
        zip(names, dif.mantel_haenszel(scores, focal, dif.score_strata(scores)).chi_square, strict=True)
    )
    assert found.pop("Item49") == pytest.approx(12.45, abs=0.01)
    assert found.pop("Item68") == pytest.approx(5.09, abs=0.01)
    assert max(found.values()) < 3.84


def test_the_inventory_counts_its_options(inventory):
    chosen, key, scores = inventory
    options = sorted(set(chosen[:, 0]))
    taken = groups.taken([chosen[:, 0] == one for one in options], rest_of(scores, 0))
    assert sum(one.count for one in taken) == len(chosen) == 651
    right = taken[options.index(key[0])]
    assert right.share == pytest.approx(scores[:, 0].mean())
    assert list(right.thirds) == sorted(right.thirds)


def test_the_key_of_the_inventory_is_in_no_doubt_where_it_discriminates(inventory):
    chosen, key, scores = inventory
    for n in range(20):
        rest = rest_of(scores, n)
        options = sorted(set(chosen[:, n]))
        taken = dict(zip(options, groups.taken([chosen[:, n] == one for one in options], rest), strict=True))
        if intervals.correlation(scores[:, n], rest).low < 0.2:
            continue
        right = taken.pop(key[n])
        told = [flag.kind for name, one in taken.items() for flag in flags.of_option(name, one, right, 651)]
        assert "attractive" not in told


def test_the_inventory_is_as_reliable_as_published(inventory):
    # McFarland et al. 2017 (CBE Life Sciences Education 16): alpha 0.72.
    _, _, scores = inventory
    found = items.totals(scores.sum(axis=1), 20, scores.var(axis=0, ddof=1)).consistency
    assert found.value == pytest.approx(classical.alpha(scores))
    assert found.low < 0.72 < found.high
