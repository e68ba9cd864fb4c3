"""Items with planted faults are refused for the right reason, and sound ones of every documented policy are not."""

import pytest

from content.documents.reader import DefinitionError
from content.items.certification import certify
from content.items.parsing.document import parse_definition
from tests.builders import exercise_document, publishable_choice

TWO = {"p": {"integer": [1, 40]}, "q": {"integer": [1, 40]}}


def certificate(document):
    return certify(parse_definition(document), draws=2_000)


def exercise(**changes):
    """A sum of two drawn numbers, by two roads."""
    document = {
        "parameters": TWO,
        "steps": {"s": "p + q"},
        "check": {"s": "q - (0 - p)"},
        "body": "Add {p} and {q}. [[a]]",
        "interactions": {
            "a": {"kind": "numeric", "key": "s", "policy": {"name": "absolute", "tolerance": 0.1}}
        },
        "misconceptions": {},
        "hints": ["Count on."],
        "solution": "The sum is **{s}**.",
    }
    return exercise_document("add-them", **(document | changes))


def chosen(*texts, kind="choice"):
    options = [{"id": f"o{i}", "text": text, "key": i == 0} for i, text in enumerate(texts)]
    return {"a": {"kind": kind, "options": options}}


def ordered(*texts):
    return {"a": {"kind": "ordering", "entries": [{"id": f"e{i}x", "text": t} for i, t in enumerate(texts)]}}


def matched(*right):
    return {
        "a": {
            "kind": "matching",
            "left": [{"id": "u", "text": "one"}, {"id": "v", "text": "two"}],
            "right": [{"id": f"r{i}", "text": text} for i, text in enumerate(right)],
            "pairs": {"u": "r0", "v": "r1"},
        }
    }


def fixed(interactions, **changes):
    return publishable_choice("fixed-one", interactions=interactions, solution="So it is.", **changes)


def drawn(interactions, **changes):
    document = {"steps": {}, "check": {}, "solution": "See above.", "body": "With {p} and {q}: [[a]]"}
    return exercise(interactions=interactions, **(document | changes))


def number(**policy):
    return {"a": {"kind": "numeric", "key": "s", "policy": policy}}


def texts(*accepted, **settings):
    return {"a": {"kind": "text", "accepted": list(accepted), **settings}}


PLANTED = [
    (fixed(chosen("the same", "the same", "other")), "two options of a read the same"),
    (fixed(chosen("$2.50$", "2.5", "3")), "two options of a read the same"),
    (fixed(chosen("same", "same", kind="inline_choice")), "two options of a read the same"),
    (drawn(chosen("{p}", "{q}", "none")), "two options of a read the same"),
    (drawn(chosen("none", "{p}", "{q}")), "two options of a read the same"),
    (fixed(ordered("one", "two", "two")), "two entries of a read the same"),
    (fixed(matched("uno", "uno")), "two entries on the right of a read the same"),
    (
        drawn(ordered("{p}", "{q}"), require=["p != q"], body="From small to large: [[a]]"),
        "their order is not the right one in every draw",
    ),
    (
        drawn(chosen("{p}", "{q}"), require=["p != q"], body="Which is larger? [[a]]"),
        "have another key in other draws",
    ),
    (
        fixed(texts({"text": "L1"}, {"text": "L2", "credit": 0}, edits=1)),
        "an answer to a that earns 0 is taken for another: 'L2'",
    ),
    (fixed(texts({"text": "step 45"}, edits=1)), "a wrong answer to a is graded right: 'step 55'"),
    (exercise(interactions=number(name="relative", tolerance=5)), "right too often"),
    (exercise(interactions=number(name="absolute", tolerance=50)), "right too often"),
    (exercise(steps={"s": "p - p + 7"}, check={"s": "7*p/p"}), "right too often"),
    (
        exercise(solution="The sum is **{r}**.", steps={"s": "p + q", "r": "p*q + 100"}),
        "never comes to the key",
    ),
    (exercise(solution="It is {r}.", steps={"s": "p + q", "r": "p + q + 1"}), "never comes to the key"),
    (
        exercise(solution="With {s} in mind: **{r}**", steps={"s": "p + q", "r": "p + q + 1"}),
        "no value in bold",
    ),
    (exercise(check={"s": "p + q"}), "is a copy of it"),
    (exercise(check={"s": "q + p"}), "is a copy of it"),
    (exercise(steps={"h": "p", "s": "h + q"}, check={"s": "q + p"}), "is a copy of it"),
    (exercise(steps={"s": "p + q", "t": "s + 0"}, check={"s": "t - 0"}), "computed from s itself"),
    (exercise(body="Add {p} and {q}, which is {s}. [[a]]"), "{s} in the body shows the key"),
    (exercise(hints=["It is {s}."]), "{s} in hint 1 shows the key"),
    (
        exercise(
            steps={"s": "p + q", "same": "q + p"},
            figures=[{"kind": "table", "columns": [{"label": "Sum", "values": "same"}]}],
        ),
        "same in a figure shows the key",
    ),
    (
        exercise(
            body="Add {p} and {q}. [[a]] [[b]]",
            interactions={**number(name="absolute", tolerance=0.1), "b": chosen("{s}", "odd", "even")["a"]},
        ),
        "an option or entry of b shows the key",
    ),
    (exercise(body="Add {p} and something. [[a]]"), "q is needed for the key of a"),
    (exercise(parameters={**TWO, "r": {"integer": [1, 9]}}), "r is drawn and never used"),
    (
        exercise(
            interactions={
                "a": {
                    "kind": "numeric",
                    "key": "s",
                    "unit": "m/s",
                    "policy": {"name": "absolute", "tolerance": 0.1, "unit": "kg"},
                }
            }
        ),
        "the field of a says m/s, and its policy wants kg",
    ),
    (exercise(body=r"Add $\frac{1$ {p} and {q}. [[a]]"), "cannot be set"),
    (exercise(solution=r"It is $\nosuchcommand$ **{s}**."), r"\nosuchcommand is not a command"),
    (
        exercise(hints=["![A slope](/media/nothing.png)"]),
        "the image '/media/nothing.png' cannot be shown",
    ),
    (exercise(body="![A slope](https://example.org/a.png) Add {p} and {q}. [[a]]"), "cannot be shown"),
    (
        exercise(
            steps={"s": "p + q", "d": "p*q", "z": "d + s"},
            body="Add {p} and {q}, [[a]], then add the product. [[b]]",
            interactions={
                **number(name="absolute", tolerance=0.1),
                "b": {"kind": "numeric", "key": "z", "policy": {"name": "absolute", "tolerance": 0.1}},
            },
            follow_through={"b": {"answer": "a", "step": "d"}},
            solution="{s}, {z}",
        ),
        "follow_through of b: d is not the key of a",
    ),
]


@pytest.mark.parametrize(("document", "reason"), PLANTED)
def test_a_planted_fault_is_refused_for_its_reason(document, reason):
    assert any(reason in refusal for refusal in certificate(document).refusals), certificate(document).reasons


@pytest.mark.parametrize("name", ["right", "wrong", "correct", "wrong-2", "key", "distractor1", "true"])
def test_an_id_that_tells_is_refused(name):
    document = fixed(chosen("one", "two"))
    document["interactions"]["a"]["options"][0]["id"] = name
    assert any(f"the id {name} in a tells" in refusal for refusal in certificate(document).refusals)


@pytest.mark.parametrize(
    "ids",
    [
        (("true", "True"), ("false", "False")),
        (("left", "to the left"), ("right", "to the right")),
        (("keys", "Keys"), ("x", "y")),
    ],
)
def test_an_id_that_says_what_its_option_says_is_no_tell(ids):
    options = [{"id": one, "text": text, "key": place == 0} for place, (one, text) in enumerate(ids)]
    assert certificate(fixed({"a": {"kind": "choice", "options": options}})).certified


SOUND = [
    {"name": "absolute", "tolerance": 0.1},
    {"name": "relative", "tolerance": 0.001},
    {"name": "significant_figures", "digits": 3},
    {"name": "significant_figures", "digits": 3, "strict": True},
    {"name": "decimal_places", "places": 2},
    {"name": "decimal_places", "places": 2, "strict": True},
    {"name": "absolute", "tolerance": 0.1, "unit": "m/s", "unit_penalty": 0.2},
    {"name": "edx.tolerance"},
    {"name": "edx.tolerance", "tolerance": "1%"},
    {"name": "stack.num_sig_figs", "digits": 3},
    {"name": "stack.num_dec_places", "digits": 2},
    {"name": "stack.num_relative"},
    {"name": "stack.num_absolute"},
    {"name": "moodle.nominal"},
    {"name": "moodle.relative"},
    {"name": "moodle.geometric"},
    {"name": "moodle.numerical"},
    {"name": "numbas.precision"},
    {"name": "numbas.range"},
    {"name": "prairielearn.relabs"},
    {"name": "prairielearn.sigfig"},
    {"name": "prairielearn.decdig"},
    {"name": "qti.equal"},
    {"name": "qti.equal_rounded"},
    {"name": "webwork.relative"},
    {"name": "webwork.absolute"},
]


@pytest.mark.parametrize("policy", SOUND)
def test_a_sound_item_of_each_policy_is_certified(policy):
    interactions = {"a": {"kind": "numeric", "key": "s", "policy": policy}}
    parameters = {"p": {"decimal": [1, 40], "places": 1}, "q": {"decimal": [1, 40], "places": 1}}
    found = certificate(exercise(parameters=parameters, interactions=interactions))
    assert found.certified, found.refusals


@pytest.mark.parametrize(
    "document",
    [
        fixed(texts({"text": "lasso"}, {"text": "ridge", "credit": 0}, edits=1)),
        fixed(ordered("one", "two", "three")),
        fixed(matched("uno", "due", "tre")),
        drawn(ordered("{p}", "{q}"), require=["p < q"], body="From small to large: [[a]]"),
        drawn(chosen("{p}", "{q}", "neither"), require=["p < q"], body="Which is smaller? [[a]]"),
        exercise(
            steps={"s": "p + q", "t": "p - q"},
            body="The sum is {s}, the difference {t}. What is the first number? [[a]]",
            interactions={
                "a": {"kind": "numeric", "key": "p", "policy": {"name": "absolute", "tolerance": 0.1}}
            },
            check={"p": "(s + t)/2"},
            require=["p != q", "q != 2*p", "abs(p - q) != p"],
            solution="Half of {s} and {t} together is **{p}**.",
        ),
    ],
)
def test_a_sound_item_of_each_kind_is_certified(document):
    found = certificate(document)
    assert found.certified, found.refusals


def test_a_missing_check_is_a_remark():
    found = certificate(exercise(check={}))
    assert found.certified
    assert found.reasons == ["the key of a has no check: nothing else confirms it"]


def test_a_recognized_formula_that_is_sometimes_the_key_is_counted():
    interactions = {
        "a": {
            "kind": "expression",
            "key": "{p}*x + {q}",
            "variables": {"x": [1, 3]},
            "recognise": [{"formula": "{p}*x + {p}"}],
        }
    }
    found = certificate(drawn(interactions))
    (finding,) = [one for one in found.findings if "is taken for the key" in one.reason]
    assert found.certified
    assert 0.01 < finding.share < 0.05


def test_a_key_formula_without_values_in_some_draws_is_rejected():
    interactions = {"a": {"kind": "expression", "key": "x/({p} - {q})", "variables": {"x": [1, 3]}}}
    found = certificate(drawn(interactions))
    assert "the key of a has too few values in its domain" in found.reasons[0]
    assert 0.01 < found.fenced < 0.05


@pytest.mark.parametrize(
    ("kind", "policy"), [("numeric", "single"), ("matrix", "edx.choice"), ("numeric", "moodle.parse")]
)
def test_a_policy_of_another_kind_is_a_fault_at_its_field(kind, policy):
    document = exercise(interactions={"a": {"kind": kind, "key": "s", "policy": {"name": policy}}})
    with pytest.raises(DefinitionError) as error:
        parse_definition(document)
    assert any(path == "interactions.a.policy.name" for path, _ in error.value.faults)


def test_a_weight_that_the_policy_cannot_use_is_a_fault_at_the_options():
    options = [{"id": "a", "text": "x", "weight": 1}, {"id": "b", "text": "y", "weight": 0.5}]
    with pytest.raises(DefinitionError, match=r"interactions\.a\.options"):
        parse_definition(fixed({"a": {"kind": "choice", "options": options}}))


@pytest.mark.parametrize(
    ("key", "domain", "sound"),
    [
        ("2*log(x)", [-3, 3], False),
        ("2*log(x)", [0.1, 3], True),
        ("sqrt(x + 1)", [-2, 4], False),
        ("1/x", [-1, 2], True),
    ],
)
def test_a_formula_has_a_value_on_all_of_its_domain(key, domain, sound):
    """An answer that has values elsewhere than the key is wrong, so the domain must be the key's own."""
    item = fixed({"a": {"kind": "expression", "key": key, "variables": {"x": domain}}})
    refused = [one for one in certify(parse_definition(item)).refusals if "of its domain only" in one]
    assert bool(refused) is not sound
