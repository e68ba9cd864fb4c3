"""The certificate with what it rests on: figures that are known beforehand."""

import pytest

from content.documents.reader import DefinitionError
from content.items.certification import certify, examine
from content.items.drawing import draw_variant
from content.items.evidence.certificate import evidence, stored_findings
from content.items.evidence.grid import opened
from content.items.parsing.document import parse_definition
from tests.builders import choice_document, exercise_document, publishable_choice, vector_document

DRAWS = 2_000


def found(draws=DRAWS, **changes):
    return evidence(parse_definition(exercise_document(**changes)), draws=draws)


def dice(**changes):
    """A die is thrown, and its double is asked for."""
    return found(**{"parameters": {"x": {"integer": [1, 6]}}} | changes)


def pair(evidence, slug, other=None):
    return next(t for t in evidence.told if (t.separation.slug, t.separation.other) == (slug, other))


def exclusion(evidence, reason):
    return next(one for one in evidence.exclusions if one.reason == reason)


# One set of draws


@pytest.mark.parametrize("document", [exercise_document(), vector_document(), publishable_choice()])
def test_the_certificate_is_the_one_that_publishing_makes(document):
    definition = parse_definition(document)
    assert evidence(definition, draws=DRAWS).certificate == certify(definition, draws=DRAWS)


def test_draws_that_exist_are_not_drawn_again():
    definition = parse_definition(exercise_document())
    examined = examine(definition, draws=100)
    assert evidence(definition, examined).certificate is examined.certificate


# The keys


def test_the_keys_of_a_die_have_its_shares():
    (key,) = dice(misconceptions={}).keys
    assert [bar.start for bar in key.numbers.bars] == [2, 4, 6, 8, 10, 12]
    assert all(bar.share == pytest.approx(1 / 6, abs=0.03) for bar in key.numbers.bars)
    assert (key.zeros, key.ones, key.part) == (0, 0, 0)


def test_every_component_of_a_vector_has_its_own_picture():
    found = evidence(parse_definition(vector_document()), draws=DRAWS)
    assert [key.part for key in found.keys] == [1, 2, 3]
    assert all((key.numbers.smallest, key.numbers.largest) == (2, 18) for key in found.keys)


def test_keys_of_rejected_draws_are_left_out():
    (key,) = found(parameters={"x": {"integer": [0, 9]}}, misconceptions={"a": {"square": "x*x"}}).keys
    assert {0, 4}.isdisjoint(bar.start for bar in key.numbers.bars)


def test_a_constant_answer_is_told_with_its_share():
    (constant,) = dice(misconceptions={}).constants
    assert constant.share == pytest.approx(1 / 6, abs=0.03)
    assert constant.answer in {"2", "4", "6", "8", "10", "12"}


def test_text_keys_are_counted():
    text = {"a": {"kind": "text", "accepted": [{"text": "{x} apples"}]}}
    (keys,) = dice(interactions=text, misconceptions={}).texts
    assert keys.distinct == 6
    assert {text for text, _ in keys.shares} == {f"{n} apples" for n in range(1, 7)}


# Whether mistakes are told apart


def test_a_planted_inseparable_mistake_has_no_distance_in_any_draw():
    result = found(misconceptions={"a": {"another-way": "3*x - x", "forgot-the-two": "x"}})
    told = pair(result, "another-way")
    assert (told.separation.smallest, told.separation.median) == (0, 0)
    assert (told.separation.taken, told.separation.same) == (1, 1)
    assert "another-way equals the key in every draw" in told.words
    assert result.verdict == "No variant can be drawn, so this cannot be published."
    assert result.suggestions == (told.words,)


def test_what_follows_from_an_inseparable_mistake_is_no_fault_of_its_own():
    result = found(misconceptions={"a": {"another-way": "3*x - x", "near": "2*x + 0.005"}})
    assert pair(result, "another-way", "near").words == "This follows from another-way, which equals the key."
    assert pair(result, "another-way", "near").advice is None


def test_distances_are_in_tolerances_of_the_policy():
    separation = pair(found(), "forgot-the-two").separation
    assert separation.smallest == pytest.approx(100)
    assert separation.median == pytest.approx(500, rel=0.1)
    assert separation.taken == 0


def test_a_relative_tolerance_is_a_share_of_the_key():
    policy = {"name": "relative", "tolerance": 0.05}
    result = found(interactions={"a": {"kind": "numeric", "key": "twice", "policy": policy}})
    assert pair(result, "forgot-the-two").separation.quantiles == pytest.approx([10] * 7)


def test_a_vector_is_as_far_as_its_worst_component():
    document = vector_document(misconceptions={"a": {"last-one": "[2*x[0], 2*x[1], 2*x[2] + 0.5]"}})
    separation = pair(evidence(parse_definition(document), draws=DRAWS), "last-one").separation
    assert separation.quantiles == pytest.approx([50] * 7)


def test_a_policy_without_a_width_is_only_asked_yes_or_no():
    policy = {"name": "moodle.relative", "tolerance": 0.05}
    result = found(interactions={"a": {"kind": "numeric", "key": "twice", "policy": policy}})
    separation = pair(result, "forgot-the-two").separation
    assert separation.quantiles is None
    assert any("no tolerance to measure in" in words for words in result.unchecked)


def test_the_closest_seeds_show_the_smallest_distance():
    definition = parse_definition(exercise_document())
    separation = pair(evidence(definition, draws=DRAWS), "forgot-the-two").separation
    assert draw_variant(definition, separation.seeds[0]).values["x"] == 1


# What was excluded, and what helps


def test_exclusions_have_shares_and_seeds_that_show_them():
    parameters = {"x": {"integer": [0, 9]}}
    definition = parse_definition(
        exercise_document(parameters=parameters, misconceptions={"a": {"square": "x*x"}})
    )
    square = exclusion(evidence(definition, draws=DRAWS), "square is taken for the key")
    assert square.share == pytest.approx(0.2, abs=0.03)
    assert square.count == round(square.share * DRAWS)
    for seed in square.seeds:
        assert opened(definition, seed).rejected == ("square is taken for the key",)


def test_advice_keeps_the_wrong_draws_away():
    changes = {"parameters": {"x": {"integer": [0, 9]}}, "misconceptions": {"a": {"square": "x*x"}}}
    advice = exclusion(found(**changes), "square is taken for the key").advice
    mended = found(**changes, require=[advice.condition])
    assert mended.exclusions == ()
    assert mended.served == DRAWS


def test_advice_for_a_division_names_what_may_not_be_0():
    changes = {
        "parameters": {"x": {"integer": [1, 99]}, "d": {"integer": [0, 9]}},
        "body": "${x}/{d}$ [[a]]",
        "steps": {"twice": "x/d"},
        "check": {},
        "misconceptions": {},
    }
    advice = exclusion(found(**changes), "twice is not finite or out of range").advice
    assert advice.condition == "d != 0"
    assert advice.costs == 0


def test_a_pair_that_no_parameter_parts_is_parted_by_its_difference():
    changes = {
        "parameters": {"x": {"decimal": [1, 9], "places": 1}, "y": {"decimal": [1, 9], "places": 1}},
        "body": "${x} {y}$ [[a]]",
        "steps": {"total": "x + y", "twice": "2*total"},
        "check": {},
        "interactions": {
            "a": {"kind": "numeric", "key": "twice", "policy": {"name": "absolute", "tolerance": 1}}
        },
        "misconceptions": {"a": {"product": "x*y"}},
    }
    told = pair(found(**changes), "product")
    assert told.advice.condition == "abs(x*y - (2*(x + y))) > 2"
    assert told.words == f"Add to require: {told.advice.condition}"


def test_rare_exclusions_need_no_advice():
    result = found(
        parameters={"x": {"integer": [0, 999]}}, misconceptions={"a": {"square": "x*x"}}, draws=10_000
    )
    assert all(one.advice is None for one in result.exclusions)
    assert result.certificate.certified


# Where nothing can be drawn


def test_a_condition_that_rejects_everything_is_named():
    result = found(require=["x > 0", "x > 10"])
    assert not result.is_drawn
    assert result.suggestions == (
        "x > 10 rejects every draw: nothing in the ranges of the parameters satisfies it.",
    )
    assert len(result.examples) == 5
    assert all(row.rejected[0].endswith("fail x > 10") for row in result.examples)


def test_conditions_that_contradict_each_other_are_weighed():
    result = dice(require=["x > 4", "x < 3"], misconceptions={})
    assert {one.split(",")[0] for one in result.suggestions} == {"Without x > 4", "Without x < 3"}


def test_of_conditions_that_contradict_each_other_twice_none_is_to_blame():
    result = dice(require=["x > 4", "x < 3", "x >= 5", "x <= 2"], misconceptions={})
    assert result.suggestions == (
        "No condition rejects everything by itself: they contradict each other. Take away one after the other.",
    )


# What was tested, and what could not be


def test_a_certified_item_says_how_many_variants_there_are():
    result = found()
    assert result.verdict == (
        f"This can be published: 2,000 of 2,000 draws may be given to learners, "
        f"with {result.certificate.distinct} different variants."
    )


def test_every_refusal_stands_among_what_refuses():
    result = found(check={"twice": "3*x"})
    assert not result.certificate.certified
    assert len(result.refusals) == sum(one.refuses for one in result.certificate.findings)


def test_what_was_tested_is_counted():
    words = " ".join(found().tested)
    assert "they agree in 2,000 of 2,000 draws" in words
    assert "1 right, 1 wrong, 6 unreadable, on 5 variants" in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"check": {}}, "Whether the key of a is right: nothing else confirms it."),
        ({"misconceptions": {}}, "no misconception is given"),
        ({}, "whether learners make it at all"),
        ({"solution": ""}, "there is no worked solution"),
        ({}, "fewer than 0.15% of the variants"),
    ],
)
def test_what_could_not_be_checked_is_said(changes, words):
    assert words in " ".join(found(**changes).unchecked)


def test_each_kind_says_what_it_cannot_know():
    text = {"kind": "text", "accepted": [{"text": "ridge"}, {"pattern": "r.*", "credit": 0.5}]}
    document = choice_document(
        body="[[a]] [[b]] [[c]]",
        interactions={
            **choice_document()["interactions"],
            "b": text,
            "c": {"kind": "expression", "key": "2*v", "variables": ["v"]},
        },
    )
    words = " ".join(evidence(parse_definition(document)).unchecked)
    assert "options of a that are no key" in words
    assert "patterns of b match" in words
    assert "formula of c" in words
    assert "of the variants may not have shown" not in words


def test_a_costly_item_is_tried_on_fewer_draws_and_says_so():
    big = {"x": {"decimal": [1, 9], "places": 1, "shape": [20, 20]}}
    result = found(
        10_000,
        parameters=big,
        steps={"twice": "2*sum(x)"},
        check={},
        misconceptions={},
        solution="",
    )
    assert result.is_partial
    assert result.certificate.draws < 10_000


def test_options_with_numbers_are_tried_as_often_as_others():
    options = [{"id": "one", "text": "{x}", "key": True}, {"id": "two", "text": "{twice}"}]
    result = found(interactions={"a": {"kind": "choice", "options": options}}, misconceptions={})
    assert result.certificate.draws == DRAWS
    assert "on 2,000 variants" in " ".join(result.tested)


def test_misconceptions_without_end_are_refused_at_once():
    parts = [f"p{letter}" for letter in "abcdefghijklmnopqrst"]
    field = {"kind": "numeric", "key": "2*x", "policy": {"name": "absolute", "tolerance": 0.01}}
    document = vector_document(
        parameters={"x": {"decimal": [1, 9], "places": 1, "shape": [100]}},
        body="{x} " + " ".join(f"[[{part}]]" for part in parts),
        interactions=dict.fromkeys(parts, field),
        misconceptions={part: {f"m{n}": f"x + {n}" for n in range(20)} for part in parts},
    )
    with pytest.raises(DefinitionError, match="numbers to be graded"):
        evidence(parse_definition(document))


# Stored certificates


def test_a_stored_certificate_tells_its_findings():
    certificate = certify(parse_definition(exercise_document(check={"twice": "3*x"})), draws=50)
    findings = stored_findings(certificate.to_json())
    assert [one.reason for one in findings] == [one.reason for one in certificate.findings]
    assert findings[0].seeds[0] == 0


def test_an_older_certificate_has_its_texts():
    (one,) = stored_findings({"reasons": ["something was found"]})
    assert (one.reason, one.refuses) == ("something was found", False)
