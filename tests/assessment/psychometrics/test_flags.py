import math

import numpy as np
import pytest

from assessment.psychometrics import flags, groups, items, regions

NAN = float("nan")


def kinds(found):
    return [flag.kind for flag in found]


def item(scores, rest):
    scores, rest = np.asarray(scores, dtype=float), np.asarray(rest, dtype=float)
    return items.item_statistics(scores, rest, scores, scores + rest)


REST = np.arange(100.0)


@pytest.mark.parametrize(
    ("scores", "guess", "expected"),
    [
        (np.ones(29), None, ["few"]),
        (np.r_[np.zeros(3), np.ones(97)], None, ["easy"]),
        (np.r_[np.zeros(97), np.ones(3)], None, ["hard"]),
        (np.arange(100) % 10 == 5, 0.25, ["below_guessing"]),
        (np.arange(100) < 50, None, ["negative"]),
        (np.arange(100) >= 50, None, []),
    ],
)
def test_each_oddity_has_its_flag(scores, guess, expected):
    rest = REST[: len(scores)]
    assert kinds(flags.of_item(item(scores, rest), guess)) == expected


def test_an_item_that_tells_nothing_apart_is_weak():
    scores = np.arange(1000) % 2
    assert kinds(flags.of_item(item(scores, np.arange(1000) // 2), None)) == ["weak"]


def test_an_option_of_the_best_puts_the_key_in_doubt():
    ability = np.arange(90.0)
    best, rest = ability >= 60, ability < 60
    option, key = groups.taken([best, rest], ability)
    (flag,) = flags.of_option("b", option, key, 90)
    assert flag.kind == "attractive"
    assert "is the key right?" in flag.words
    assert kinds(flags.of_option("a", key, option, 90)) == []


def test_an_option_that_nobody_takes_is_none():
    nobody = np.zeros(200, dtype=bool)
    key, option = groups.taken([~nobody, nobody], np.arange(200.0))
    assert kinds(flags.of_option("c", option, key, 200)) == ["unused"]
    assert kinds(flags.of_option("c", option, key, 99)) == []


@pytest.mark.parametrize(
    ("strong", "known", "expected"),
    [(True, False, ["strong_but_wrong"]), (False, False, ["unexplained"]), (True, True, [])],
)
def test_a_common_wrong_answer_is_looked_at(strong, known, expected):
    ability = np.arange(100.0)
    gave = ability >= 85 if strong else ability < 15
    (answer,) = groups.taken([gave], ability)
    assert kinds(flags.of_wrong_answer("0.5", answer, 100, is_known=known)) == expected


def dependence(*adjusted):
    return regions.Dependence(
        tuple(regions.Region(n, n + 0.5, 50, a, a) for n, a in enumerate(adjusted)), 0.001
    )


def test_a_hard_region_is_named():
    (flag,) = flags.of_parameter("lr", dependence(0.8, 0.8, 0.5), 0.001)
    assert flag.words == "Learners with large lr (from 2) are right much less often."


@pytest.mark.parametrize(
    ("found", "corrected"),
    [(dependence(0.8, 0.75), 0.001), (dependence(0.8, 0.5), 0.2), (dependence(0.8, 0.5), NAN)],
)
def test_small_or_doubtful_differences_are_not_named(found, corrected):
    assert list(flags.of_parameter("lr", found, corrected)) == []


def test_one_value_is_named_by_itself():
    found = regions.Dependence(
        (regions.Region(1, 1, 50, 0.9, 0.9), regions.Region(2, 2, 50, 0.3, 0.3)), 0.001
    )
    (flag,) = flags.of_parameter("group", found, 0.001)
    assert "group = 2" in flag.words
    assert math.isclose(found.gap, 0.6)
