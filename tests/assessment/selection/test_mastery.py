"""The way through the skills of a mastery attempt, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from assessment.knowledge.tracing import DEFAULT, Answered, History, trace_histories
from assessment.rules.mastery import MasteryRules
from assessment.selection.mastery import (
    Candidate,
    Path,
    PathSkill,
    Shown,
    State,
    choose_item,
    grounds,
    in_order,
    next_skill,
    reason,
    standings,
)
from content.documents.reader import DefinitionError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TWO_OF_THREE = {"criterion": "m_of_n", "m": 2, "n": 3}


def path(*skills, seen=None, **rules):
    chain = skills or (PathSkill("count", "Count"), PathSkill("add", "Add", requires=("count",)))
    return Path(MasteryRules.from_json(rules or TWO_OF_THREE), 7, NOW, tuple(chain), seen or {})


def shown(*scores, skills=("count",), slug="count-it", hints=0):
    return [Shown(slug, skills, Answered(NOW, score, hints)) for score in scores]


def states(path, shown):
    return [one.state for one in standings(path, shown)]


# Rules


def test_rules_are_read_back_as_they_were_written():
    rules = MasteryRules(skills=("a", "b"), m=2, carry_over=False)
    assert MasteryRules.from_json(rules.to_json()) == rules


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"criterion": "luck"}, "criterion: must be one of probability, m_of_n"),
        ({"m": 5, "n": 4}, "m: is more than n"),
        ({"threshold": 0.6, "floor": 0.7}, "floor: is more than threshold"),
        ({"threshold": 1.0}, "threshold: must be a number of 0.5 to 0.999"),
        ({"max_items": 0}, "max_items: must be a whole number of 1 to 200"),
        ({"skills": ["a", "a"]}, "skills: names a skill twice"),
        ({"lenght": 3}, "lenght: is not known here"),
    ],
)
def test_rules_that_make_no_sense_are_refused_fault_by_fault(document, fault):
    with pytest.raises(DefinitionError, match=fault):
        MasteryRules.from_json(document)


# Order


def test_skills_come_after_what_they_build_on_and_else_as_they_are_named():
    graph = {"c": ["b"], "b": ["a"], "d": []}
    assert in_order(graph, ["c", "d", "b", "a"]) == [("d", ()), ("a", ()), ("b", ("a",)), ("c", ("a", "b"))]


def test_a_skill_between_that_is_not_wanted_still_tells_the_order():
    assert in_order({"c": ["b"], "b": ["a"]}, ["c", "a"]) == [("a", ()), ("c", ("a",))]


def test_skills_that_build_on_each_other_in_a_circle_hold_nobody_up():
    assert in_order({"a": ["b"], "b": ["a"]}, ["a", "b"]) == [("a", ()), ("b", ("a",))]


# Standing


def test_a_skill_is_locked_until_what_it_builds_on_is_mastered():
    assert states(path(), shown(1)) == [State.OPEN, State.LOCKED]
    assert states(path(), shown(1, 1)) == [State.MASTERED, State.OPEN]


@pytest.mark.parametrize(
    ("scores", "mastered"), [((1, 1), True), ((1, 0, 1), True), ((1, 0, 0, 1), False), ((0.9, 1), False)]
)
def test_m_of_n_looks_at_the_last_n_first_tries(scores, mastered):
    assert (states(path(), shown(*scores))[0] is State.MASTERED) is mastered


def test_a_right_answer_after_a_hint_is_none_of_the_m():
    assert states(path(), shown(1, 1, hints=1))[0] is State.OPEN


def test_a_skill_mastered_in_an_attempt_stays_so():
    assert states(path(), shown(1, 1, 0, 0, 0))[0] is State.MASTERED


def test_by_probability_the_low_end_of_the_band_counts_too():
    by_threshold = path(criterion="probability", threshold=0.9, floor=0.0)
    strict = path(criterion="probability", threshold=0.9, floor=0.9)
    two = shown(1, 1)
    assert (states(by_threshold, two)[0], states(strict, two)[0]) == (State.MASTERED, State.OPEN)
    assert states(strict, shown(1, 1, 1))[0] is State.MASTERED


def test_what_was_shown_before_counts_with_what_has_been_forgotten_since():
    earlier = tuple(Answered(NOW - timedelta(days=2), 1.0) for _ in range(4))
    faded = tuple(Answered(NOW - timedelta(days=300), 1.0) for _ in range(4))
    fresh, stale = (
        path(PathSkill("count", "Count", earlier=answers), criterion="probability")
        for answers in (earlier, faded)
    )
    assert (states(fresh, []), states(stale, [])) == ([State.MASTERED], [State.OPEN])


def test_an_item_of_two_skills_tells_of_both():
    both = standings(path(), shown(1, skills=("count", "add", "elsewhere")))
    assert [(one.right, one.practiced) for one in both] == [(1, 1), (1, 1)]


def test_the_first_open_skill_is_next_and_one_without_items_is_passed_over():
    three = path(PathSkill("a", "A"), PathSkill("b", "B"), PathSkill("c", "C", requires=("a", "b")))
    begun = standings(three, [])
    assert next_skill(begun).skill.slug == "a"
    assert next_skill(begun, {"a"}).skill.slug == "b"
    assert next_skill(begun, {"a", "b"}) is None


def test_a_path_is_read_back_as_it_was_written():
    earlier = (Answered(NOW, 0.25, 2),)
    whole = path(PathSkill("count", "Count", ("zero",), DEFAULT, earlier), seen={"count-it": 3})
    assert Path.from_json(whole.to_json()) == whole


# Items


def items(*slugs, exercise=True, skills=("count",)):
    return [Candidate(slug, exercise, skills) for slug in slugs]


def chosen(candidates, shown=(), **seen):
    way = path(seen={slug.replace("_", "-"): count for slug, count in seen.items()})
    return choose_item(candidates, way, standings(way, shown), shown).slug


def test_the_item_shown_least_often_is_next_in_this_attempt_and_before():
    three = items("one", "two", "three")
    assert chosen(three, shown(0, slug="one"), two=1) == "three"
    assert chosen(three, one=2, two=1, three=2) == "two"


def test_a_fixed_item_that_is_known_waits_behind_every_exercise():
    mixed = [*items("fixed", exercise=False), *items("fresh")]
    assert chosen(mixed, fixed=1, fresh=9) == "fresh"
    assert chosen(mixed, shown(0, slug="fresh")) == "fixed"


def test_a_fixed_item_is_repeated_when_there_is_nothing_else_but_not_at_once():
    fixed = items("one", "two", exercise=False)
    twice = [*shown(0, slug="one"), *shown(0, slug="two")]
    assert chosen(fixed, twice) == "one"
    assert chosen(items("one", exercise=False), shown(0, slug="one")) == "one"


def test_an_enemy_of_an_item_of_this_attempt_waits_behind_the_others():
    both = [Candidate("twin", True, ("count",), frozenset({"seen"})), *items("other")]
    assert chosen(both, shown(0, slug="seen"), other=9) == "other"
    assert chosen(both, seen=1, other=9) == "twin", "what was seen elsewhere is no matter"
    assert chosen(both[:1], shown(0, slug="seen")) == "twin", "nobody is left without an item"


def test_an_item_that_asks_for_a_locked_skill_as_well_waits():
    ahead = [*items("both", skills=("count", "add")), *items("only")]
    assert chosen(ahead, only=5) == "only"
    assert chosen(items("both", skills=("count", "add"))) == "both"


def test_ties_are_broken_by_the_dice_of_the_place_the_same_each_time():
    many = items(*(f"item-{number}" for number in range(20)))
    assert chosen(many) == chosen(list(reversed(many)))
    ways = [Path(MasteryRules(), seed, NOW, (PathSkill("count", "Count"),), {}) for seed in range(12)]
    assert len({choose_item(many, way, standings(way, []), []).slug for way in ways}) > 4


# Reasons


def test_the_reason_says_in_words_how_far_it_is():
    counted = path()
    assert reason(counted.rules, standings(counted, shown(0, 1))[0]) == (
        "Practices “Count”, which builds on nothing else here. "
        "It is mastered with 2 of the last 3 right at the first try; so far 1 of 2."
    )
    assert grounds(counted.rules, standings(counted, shown(0, 1))[0]) is None


def test_where_a_probability_decides_the_sentence_is_plain_and_the_numbers_stand_beside_it():
    traced = path(criterion="probability")
    needed = "Mastered means known with at least 95%, and with 80% at the low end of the band."
    before, after = standings(traced, [])[0], standings(traced, shown(1))[0]
    assert reason(traced.rules, before).endswith("You have not practiced it yet.")
    assert grounds(traced.rules, before) == needed
    assert reason(traced.rules, after).endswith("Your answers so far say that it is still shaky.")
    assert grounds(traced.rules, after) == (
        f"It is known with about 71%; the band runs from 43% to 94%. {needed}"
    )


def test_what_the_criterion_has_not_passed_is_called_mastered_nowhere():
    strict = path(criterion="probability", threshold=0.999, floor=0.99)
    [standing, *_] = standings(strict, shown(1, 1, 1, 1))
    assert standing.mastery.probability > 0.95
    assert (standing.state, standing.words) == (State.OPEN, "probably known")
    assert standings(strict, [])[0].estimate is None


# Tracing many


def test_histories_traced_together_are_the_same_as_one_by_one():
    days = [NOW + timedelta(days=day) for day in (0, 1, 5, 6)]
    logs = [
        [Answered(at, score) for at, score in zip(days, scores, strict=False)]
        for scores in ((1,), (), (0, 1, 1, 0.4))
    ]
    histories = [History(log, NOW + timedelta(days=9)) for log in logs] * 200
    together = trace_histories(histories)
    assert together == [trace_histories([one])[0] for one in histories[:3]] * 200
