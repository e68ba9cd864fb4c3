from itertools import combinations

import numpy as np
import pytest

from assessment.psychometrics import shadow
from assessment.psychometrics.constraints import Constraint, bounded_counts, violations
from assessment.psychometrics.shadow import Infeasible, assemble, blueprint

RNG = np.random.default_rng(6)
AREAS = ["red", "green", "blue"] * 4
WORDS = Constraint("words", RNG.integers(10, 60, 12).astype(float), upper=150)
ROWS = (*bounded_counts("area", AREAS, {"red": (1, 2), "green": (2, 3), "blue": (0, 2)}), WORDS)
PLAN = blueprint(ROWS, 5)
VALUES = RNG.uniform(0.1, 1.0, 12)


def best_by_trying_all(values, given=()):
    tests = (test for test in combinations(range(12), 5) if set(given) <= set(test))
    return max(values[list(test)].sum() for test in tests if not violations(ROWS, test))


@pytest.mark.parametrize("given", [(), (3,), (3, 8)])
def test_the_shadow_test_is_the_best_of_all_that_meet_the_rows(given):
    test = assemble(PLAN, VALUES, given)
    assert test.value == pytest.approx(best_by_trying_all(VALUES, given), rel=2e-4)
    assert set(given) <= set(test.items)
    assert violations(ROWS, test.items) == {}
    assert len(test.items) == 5
    assert test.proven


def test_the_next_item_is_the_best_of_the_test_not_given_yet():
    test = assemble(PLAN, VALUES, (3,))
    item = test.next_item(VALUES, (3,))
    assert item != 3
    assert VALUES[item] == max(VALUES[list(set(test.items) - {3})])


def test_any_path_through_shadow_tests_ends_without_violation():
    given: tuple[int, ...] = ()
    test = None
    for step in range(5):
        values = np.random.default_rng(step).uniform(0.1, 1.0, 12)
        test = assemble(PLAN, values, given, before=test)
        given = (*given, test.next_item(values, given))
    assert violations(ROWS, given) == {}


def test_rows_that_nothing_meets_are_infeasible():
    rows = (*ROWS, Constraint("too many", np.ones(12), lower=6))
    with pytest.raises(Infeasible):
        assemble(blueprint(rows, 5), VALUES)


def test_items_that_are_not_allowed_are_left_out_but_given_ones_stay():
    allowed = np.ones(12, dtype=bool)
    allowed[[0, 3]] = False
    items = assemble(PLAN, VALUES, (3,), allowed=allowed).items
    assert 3 in items
    assert 0 not in items


def test_when_the_nodes_run_out_the_test_of_the_step_before_serves(monkeypatch):
    before = assemble(PLAN, VALUES)
    monkeypatch.setattr(shadow, "_solve", lambda *_: (None, False))
    given = before.items[:2]
    test = assemble(PLAN, VALUES[::-1], given, before=before)
    assert test.items == before.items
    assert not test.proven
    with pytest.raises(Infeasible):
        assemble(PLAN, VALUES, given)


def test_a_cut_too_narrow_for_the_rows_is_widened():
    """Thirteen costly items of one kind hide the only one that fits the words."""
    words = Constraint("words", np.array([100.0] * 13 + [1.0]), upper=50)
    plan = blueprint((Constraint("one kind", np.ones(14), upper=1), words), 1)
    assert assemble(plan, np.linspace(2, 1, 14)).items == (13,)


def test_the_search_is_bounded_by_nodes_and_never_by_a_clock(monkeypatch):
    """A clock would give another test on a busy machine than on a quiet one."""
    from scipy import optimize

    asked = []

    def milp(*arguments, options, **others):
        asked.append(dict(options))
        return solve(*arguments, options=options, **others)

    solve = optimize.milp
    monkeypatch.setattr(optimize, "milp", milp)
    first = assemble(PLAN, VALUES)
    assemble(PLAN, VALUES, first.items[:1], before=first)
    assert [options["node_limit"] for options in asked] == [shadow.FIRST_NODES, shadow.NODES]
    assert not any("time_limit" in options for options in asked)
