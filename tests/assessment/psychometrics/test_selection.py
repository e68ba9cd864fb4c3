import numpy as np
import pytest

from assessment.psychometrics import bank, estimation, irt, selection
from assessment.psychometrics.estimation import GRID, NormalPrior, log_prior
from assessment.psychometrics.irt import ItemParameters
from assessment.psychometrics.selection import RULES, BankExhausted, Situation

DRAWS = np.random.default_rng(4)
LARGE = 20_000
BANKS = {
    "log-normal": ItemParameters(np.exp(DRAWS.normal(0.2, 0.3, LARGE)), DRAWS.normal(0, 1, LARGE)),
    "even discrimination": ItemParameters(DRAWS.uniform(0.5, 2.5, LARGE), DRAWS.normal(0, 1, LARGE)),
    "one discrimination": ItemParameters(1.0, DRAWS.normal(0, 1, LARGE)),
    "guessing": ItemParameters(1.5, DRAWS.normal(0, 1, LARGE), DRAWS.uniform(0, 0.3, LARGE)),
    "twins": ItemParameters(np.tile([0.8, 1.4], LARGE // 2), np.repeat(DRAWS.normal(0, 1, LARGE // 8), 8)),
    "small": ItemParameters([1.0, 0.5, 1.4], [0.0, 1.0, -1.0]),
}
SNAPSHOTS = {name: bank.snapshot(items) for name, items in BANKS.items()}
SMALL = bank.snapshot(BANKS["log-normal"][np.arange(300)])


def rng():
    return np.random.default_rng(9)


def exact(snapshot, situation):
    return selection.scores(snapshot, situation).max()


@pytest.mark.parametrize("name", BANKS)
@pytest.mark.parametrize(("mean", "sd"), [(0, 1), (0.33, 0.6), (-1.27, 0.3), (3.5, 0.5), (0.05, 0.08)])
def test_the_posterior_weighted_choice_is_the_best_of_a_full_pass(name, mean, sd):
    situation = Situation(-(((GRID - mean) / sd) ** 2) / 2)
    choice = selection.posterior_weighted(SNAPSHOTS[name], situation, rng())
    full = selection.scores(SNAPSHOTS[name], situation)
    assert full[choice.item] >= full.max() * (1 - 1e-13)
    assert choice.value == pytest.approx(full.max(), rel=1e-13)


@pytest.mark.parametrize("name", ["log-normal", "even discrimination", "guessing"])
def test_the_choice_stays_exact_through_an_attempt_and_with_favors(name):
    snapshot, draws = SNAPSHOTS[name], rng()
    favor = np.where(draws.random(LARGE) < 0.7, 0.0, draws.random(LARGE))
    situation = Situation(log_prior(), favor=favor)
    for _ in range(25):
        choice = selection.posterior_weighted(snapshot, situation, draws)
        assert choice.value == pytest.approx(exact(snapshot, situation), rel=1e-13)
        log_posterior = estimation.update(
            situation.log_posterior, snapshot.item(choice.item), draws.integers(2)
        )
        situation = Situation(log_posterior, (*situation.administered, choice.item), favor)


@pytest.mark.parametrize(
    "favor", [np.full(LARGE, 0.2), np.linspace(0.3, 0.1, LARGE)], ids=["even", "falling"]
)
def test_favors_below_one_do_not_send_the_choice_through_the_whole_bank(favor, monkeypatch):
    looks = []

    def highest_in(*args):
        looks.append(args)
        return found(*args)

    found = selection._highest_in
    monkeypatch.setattr(selection, "_highest_in", highest_in)
    snapshot, situation = SNAPSHOTS["one discrimination"], Situation(log_prior(), favor=favor)
    choice = selection.posterior_weighted(snapshot, situation)
    assert choice.value == pytest.approx(exact(snapshot, situation), rel=1e-13)
    assert len(looks) <= 10


def test_of_equal_items_the_first_is_chosen():
    twins, situation = SNAPSHOTS["twins"], Situation(log_prior())
    first = np.flatnonzero(selection.scores(twins, situation) >= exact(twins, situation) * (1 - 1e-13))[0]
    assert selection.posterior_weighted(twins, situation).item == first


def test_the_snapshot_lays_out_every_item_once():
    snapshot = SNAPSHOTS["log-normal"]
    assert sorted(snapshot.order) == list(range(LARGE))
    np.testing.assert_array_equal(snapshot.order[snapshot.place], np.arange(LARGE))
    np.testing.assert_allclose(snapshot.information, irt.information(GRID, snapshot.items).T[snapshot.order])


def test_no_item_is_above_the_envelope_of_its_cell():
    snapshot = SNAPSHOTS["even discrimination"]
    for cell, envelope in enumerate(snapshot.envelopes):
        rows = snapshot.information[snapshot.bounds[cell] : snapshot.bounds[cell + 1]]
        assert np.all(rows <= envelope)


def test_a_snapshot_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        SMALL.information[0, 0] = 1.0


def test_an_item_of_a_snapshot_is_a_bank_of_its_own():
    one = SMALL.item(7)
    assert len(one) == 1
    assert (one.a[0], one.b[0], one.c[0], one.d[0]) == tuple(getattr(SMALL.items, name)[7] for name in "abcd")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_no_rule_gives_an_item_twice_or_an_item_out_of_favor(rule):
    favor, draws = np.ones(300), rng()
    given: tuple[int, ...] = ()
    favor[:150] = 0.0
    for _ in range(150):
        given = (*given, rule(SMALL, Situation(log_prior(), given, favor), draws).item)
    assert sorted(given) == list(range(150, 300))
    with pytest.raises(BankExhausted):
        rule(SMALL, Situation(log_prior(), given, favor), draws)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_same_dice_give_the_same_choice(rule):
    assert rule(SMALL, Situation(log_prior()), rng()) == rule(SMALL, Situation(log_prior()), rng())


def test_maximum_information_is_the_most_informative_item_at_the_mean():
    situation = Situation(log_prior(NormalPrior(0.4, 0.5)))
    chosen = selection.maximum_information(SMALL, situation, rng()).item
    assert chosen == np.argmax(irt.information([0.4], SMALL.items)[0])


def test_kullback_leibler_is_the_expected_log_ratio():
    weights = np.exp(log_prior(NormalPrior(0.4, 0.5)))
    p, q = irt.probability([0.4], SMALL.items), irt.probability(GRID, SMALL.items)
    divergence = weights @ (p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q)))
    choice = selection.kullback_leibler(SMALL, Situation(log_prior(NormalPrior(0.4, 0.5))), rng())
    assert choice.item == np.argmax(divergence)
    assert choice.value == pytest.approx(divergence.max(), rel=1e-6)


def test_minimum_expected_variance_leaves_the_least_variance_behind():
    situation = Situation(log_prior(NormalPrior(0.4, 0.9)))

    def left(item):
        p = (np.exp(situation.log_posterior) @ irt.probability(GRID, SMALL.items))[item]
        after = [
            estimation.expected(estimation.update(situation.log_posterior, SMALL.item(item), x))
            for x in (0, 1)
        ]
        return (1 - p) * after[0].standard_error ** 2 + p * after[1].standard_error ** 2

    choice = selection.minimum_expected_variance(SMALL, situation, rng())
    before = estimation.expected(situation.log_posterior).standard_error ** 2
    assert choice.item == min(range(len(SMALL)), key=left)
    assert choice.value == pytest.approx(before - left(choice.item), rel=1e-9)


def test_randomesque_draws_from_the_five_best_and_uses_them_all():
    situation, draws = Situation(log_prior()), rng()
    best = set(np.argsort(-selection.scores(SMALL, situation))[:5].tolist())
    assert {selection.randomesque(SMALL, situation, draws).item for _ in range(100)} == best


def test_the_progressive_rule_ends_at_the_posterior_weighted_choice():
    given = tuple(range(30))
    late = Situation(log_prior(), given, length=30)
    assert (
        selection.progressive(SMALL, late, rng()).item
        == selection.posterior_weighted(SMALL, late, rng()).item
    )
    early = {
        selection.progressive(SMALL, Situation(log_prior()), np.random.default_rng(n)).item for n in range(40)
    }
    assert len(early) > 20


def full_kullback_leibler(snapshot, log_posterior):
    weights = estimation.posterior(log_posterior)
    p, q = irt.probability([weights @ GRID], snapshot.items), irt.probability(GRID, snapshot.items)
    return weights @ (p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q)))


def full_explained_variance(snapshot, log_posterior):
    weights = estimation.posterior(log_posterior)
    chance = irt.probability(GRID, snapshot.items)
    right, pull = weights @ chance, (weights * (GRID - weights @ GRID)) @ chance
    return pull**2 / (right * (1 - right))


@pytest.mark.parametrize(
    ("rule", "full"),
    [
        (selection.kullback_leibler, full_kullback_leibler),
        (selection.minimum_expected_variance, full_explained_variance),
    ],
)
@pytest.mark.parametrize("name", ["log-normal", "guessing"])
@pytest.mark.parametrize("mean", [-3.0, 0.0, 2.5])
def test_rules_without_an_envelope_look_at_the_whole_bank(rule, full, name, mean):
    """Among the items that are not the most informative anywhere, some serve these criteria best."""
    snapshot, log_posterior = SNAPSHOTS[name], -((GRID - mean) ** 2) / 2
    values = full(snapshot, log_posterior)
    assert values[rule(snapshot, Situation(log_posterior), rng()).item] >= values.max() * (1 - 1e-12)


def test_randomesque_draws_from_the_best_five_of_the_whole_bank():
    situation = Situation(log_prior(NormalPrior(-1.0, 2.0)))
    best = set(np.argsort(-selection.scores(SNAPSHOTS["log-normal"], situation), kind="stable")[:5].tolist())
    draws = rng()
    drawn = {selection.randomesque(SNAPSHOTS["log-normal"], situation, draws).item for _ in range(60)}
    assert drawn == best
