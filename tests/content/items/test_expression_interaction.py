"""Formulas as answers: how they may be typed, what a verdict says, and what authors are told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from content.documents.reader import DefinitionError
from content.items.certification import certify
from content.items.drawing import draw_variant
from content.items.equivalence import DRAFT, ELEMENTARY, MAX_LENGTH, FormulaFault, Grammar, read
from content.items.grading import grade
from content.items.interactions.expression import ExpressionEntry
from content.items.parsing.document import parse_definition
from content.items.presenting import comparisons, present
from content.items.verdict import Verdict
from tests.builders import exercise_document

STEP = {
    "kind": "expression",
    "key": "w*(1 - 2*lr*lam) - lr*g",
    "variables": {"w": [-2, 2], "g": [-1, 1], "lr": [0.01, 0.5], "lam": [0.01, 1]},
    "aliases": {"λ": "lam", "eta": "lr"},
    "recognise": [
        {
            "formula": "w*(1 - lr*lam) - lr*g",
            "misconception": "forgot-the-two",
            "feedback": "What is the derivative of the penalty?",
            "credit": 0.25,
        },
        {"formula": "w - lr*g", "misconception": "penalty-left-out"},
    ],
}


def document(interaction=STEP, *, parameters=None, **changes):
    return exercise_document(
        parameters=parameters or {},
        steps={},
        check={},
        body="One step: [[a]]",
        interactions={"a": {**interaction, **changes}},
        misconceptions={},
        solution="",
    )


def graded(answer, interaction=STEP, *, parameters=None, seed=1, **changes) -> Verdict:
    definition = parse_definition(document(interaction, parameters=parameters, **changes))
    return grade(definition, draw_variant(definition, seed), {"a": answer}).interactions["a"]


def faults(**changes) -> str:
    with pytest.raises(DefinitionError) as caught:
        parse_definition(document(**changes))
    return str(caught.value)


# Grading


@pytest.mark.parametrize(
    "answer",
    [
        "w*(1 - 2*lr*lam) - lr*g",
        "w(1-2 lr lam) - lr g",
        "w - lr*(g + 2λw)",
        "w − eta·g − 2·eta·λ·w",
        "  w - lr*g - 2*lr*lam*w\n",
    ],
)
def test_a_right_formula_may_be_written_in_many_ways(answer):
    verdict = graded(answer)
    assert verdict.correct
    assert verdict.rule == "the same by exact algebra, wherever both have a value"


def test_a_wrong_formula_is_wrong_and_says_how_that_is_known():
    verdict = graded("w*(1 + 2*lr*lam) - lr*g")
    assert (verdict.valid, verdict.score, verdict.misconception) == (True, 0, None)
    assert verdict.rule == "different by exact algebra"


def test_a_verdict_holds_the_formula_as_it_was_understood():
    assert graded("w(1 − 2ηλ)", aliases={"λ": "lam", "η": "lr"}).parsed == "w*(1-2*lr*lam)"


def test_a_mistake_is_recognized_however_it_is_written():
    verdict = graded("w - lr*(g + w*lam)")
    assert (verdict.misconception, verdict.score) == ("forgot-the-two", 0.25)
    assert verdict.feedback == "What is the derivative of the penalty?"
    assert graded("-lr*g + w").misconception == "penalty-left-out"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("2(w - lr*(g + 2λw))", "It is everywhere 2 times the formula asked for."),
        ("w - lr*(g + 2λw)", ""),
        ("w/(lr - lr)", ""),
        ("w(1", ""),
        ("w" * (MAX_LENGTH - 1) + "w", ""),
    ],
)
def test_with_the_solution_a_wrong_formula_is_told_how_it_differs(answer, words):
    definition = parse_definition(document())
    variant = draw_variant(definition, 1)
    verdicts = grade(definition, variant, {"a": answer}).interactions
    assert comparisons(definition, variant, verdicts) == {"a": words}


def test_a_formula_that_became_too_long_by_its_signs_is_graded_and_not_compared():
    definition = parse_definition(document())
    variant = draw_variant(definition, 1)
    verdicts = grade(definition, variant, {"a": "+".join(["λλλλλλλλλ"] * 30)}).interactions
    assert len(verdicts["a"].parsed) > MAX_LENGTH
    assert comparisons(definition, variant, verdicts) == {"a": ""}


def test_a_formula_that_cannot_be_judged_is_invalid_and_says_why():
    verdict = graded("w/(lr - lr)")
    assert (verdict.valid, verdict.message) == (
        False,
        "Your formula cannot be judged: it divides by 0, whatever the variables are.",
    )
    assert "no value" in graded("sqrt(-1 - w^2)").message


def test_the_domain_decides_where_algebra_cannot():
    root = {
        "kind": "expression",
        "key": "v",
        "recognise": [{"formula": "-v", "misconception": "stepped-uphill"}],
    }
    assert graded("sqrt(v^2)", root, variables={"v": [0, 2]}).correct
    assert graded("sqrt(v^2)", root, variables={"v": [-2, 0]}).misconception == "stepped-uphill"
    assert graded("sqrt(v^2)", root, variables={"v": [-2, 2]}).score == 0


def test_the_same_answer_has_the_same_verdict_in_every_variant():
    shown = {"kind": "expression", "key": "log(v^2)", "variables": {"v": [0.1, 2]}}
    parameters = {"x": {"integer": [1, 100]}}
    verdicts = [graded("2*log(v)", shown, parameters=parameters, seed=seed) for seed in range(5)]
    assert len(set(verdicts)) == 1
    assert verdicts[0].rule == "the same to 1e-09 of the value at the places tried, 768 of them spread evenly"


# Numbers of a draw

DRAWN = {"kind": "expression", "key": "{rate}*v + {shift}", "variables": ["v"]}
DRAWS = {"rate": {"decimal": [0.1, 0.9], "places": 1}, "shift": {"decimal": [-3, 3], "places": 1}}


def test_a_key_may_hold_the_numbers_of_a_draw():
    definition = parse_definition(document(DRAWN, parameters=DRAWS))
    for seed in range(20):
        variant = draw_variant(definition, seed)
        rate, shift = variant.values["rate"], variant.values["shift"]
        assert grade(definition, variant, {"a": f"{shift} + v*{rate}"}).correct
        assert not grade(definition, variant, {"a": f"{shift} + v*{rate + 0.1:.1f}"}).correct


def test_numbers_that_were_computed_are_held_with_all_their_digits():
    steps = {"third": "rate/13"}
    definition = parse_definition(document(DRAWN | {"key": "{third}*v"}, parameters=DRAWS) | {"steps": steps})
    variant = draw_variant(definition, 3)
    assert grade(definition, variant, {"a": f"v*{variant.values['rate']}/13"}).correct
    assert not grade(definition, variant, {"a": f"v*{variant.values['third']:.4f}"}).correct


def test_such_an_exercise_can_be_certified():
    told = "A rate of {rate} and a shift of {shift}: [[a]]"
    drawn = parse_definition(document(DRAWN, parameters=DRAWS) | {"body": told})
    certificate = certify(drawn, draws=200)
    assert certificate.certified, certificate.reasons


def test_certification_notices_a_mistake_that_is_none():
    recognise = [{"formula": "{rate}*v + {rate}"}]
    parameters = {"rate": {"choice": [1, 2, 3]}, "shift": {"choice": [1, 2, 3]}}
    certificate = certify(
        parse_definition(document(DRAWN, parameters=parameters, recognise=recognise)), draws=200
    )
    assert any("is taken for the key" in reason for reason in certificate.reasons)
    assert any("are rejected" in reason for reason in certificate.refusals)


# What the learner sees


def test_the_learner_sees_the_variables_and_the_functions():
    definition = parse_definition(document(functions=["sqrt"]))
    shown = present(definition, draw_variant(definition, 1))["interactions"][0]
    assert shown == {
        "id": "a",
        "kind": "expression",
        "variables": ["w", "g", "lr", "lam"],
        "functions": ["sqrt"],
        "max_length": MAX_LENGTH,
    }


def test_a_verdict_can_be_given_from_what_was_stored():
    definition = parse_definition(document())
    variant = draw_variant(definition, 1)
    stored = type(variant).from_json(json.loads(json.dumps(variant.to_json())))
    assert grade(definition, stored, {"a": "w - lr*(g + 2λw)"}).correct


# Reading

GRAMMAR = Grammar(
    {"x": (-2.0, 2.0), "y": (0.1, 3.0), "lam": (0.01, 1.0), "lr": (0.01, 1.0), "beta": (0.0, 1.0)},
    aliases={"λ": "lam", "lambda": "lam"},
)
HANDWRITING = Grammar(
    dict.fromkeys(
        ("x", "y", "a", "b", "c", "p", "n", "w", "lr", "lam", "l1", "l2", "sigma_1", "mu"), (0.1, 1.0)
    )
)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("2x", "2*x"),
        ("2 x", "2*x"),
        ("x y", "x*y"),
        ("2(x+1)", "2*(x+1)"),
        ("x(y+1)", "x*(y+1)"),
        ("(x+1)(x-1)", "(x+1)*(x-1)"),
        ("(x+1)y", "(x+1)*y"),
        ("2sin(x)cos(y)", "2*sin(x)*cos(y)"),
        ("2x^3", "2*x**3"),
        ("x/y*lam lr", "x/y*lam*lr"),
        ("x/y+2lr", "x/y+2*lr"),
        ("x/(2y)", "x/(2*y)"),
        ("x²y", "x**(2)*y"),
        ("x⁻¹²", "x**(-12)"),
        ("-x²", "-x**(2)"),
        ("2^-x", "2**-x"),
        ("x^(1/2)", "x**(1/2)"),
        ("3·x×y⋅lr", "3*x*y*lr"),
        ("x−y–lr÷2", "x-y-lr/2"),
        ("2λ", "2*lam"),
        ("λx", "lam*x"),
        ("lambda*β", "lam*beta"),
        ("2πx", "2*pi*x"),
        ("e^x", "e**x"),
        ("2e3x", "2e3*x"),
        ("ln(y)", "log(y)"),
        ("max(1,5)", "max(1,5)"),
        ("clip(x, 0, 1)", "clip(x,0,1)"),
        ("\tx\n+ y ", "x+y"),
        ("x\u00a0+\u2009y", "x+y"),
        ("xy", "x*y"),
        ("2 + lrlam", "2+lr*lam"),
        ("sin x", "sin(x)"),
        ("ln y", "log(y)"),
        ("sin²(x)", "sin(x)**(2)"),
        ("|x|", "abs(x)"),
        ("√x", "sqrt(x)"),
    ],
)
def test_formulas_are_read_as_people_write_them(typed, understood):
    assert read(typed, GRAMMAR).text == understood


@pytest.mark.parametrize(
    ("typed", "column", "reason"),
    [
        ("z", 1, "there is no z here; use x, y, lam, lr, beta"),
        ("x + z", 5, "there is no z here"),
        ("X", 1, "there is no X here"),
        ("2ex", 2, "write e*x for a product"),
        ("σ", 1, "there is no σ (U+03C3) here"),
        ("х", 1, "there is no х (U+0445) here"),
        ("x" * 65, 1, "there is no " + "x" * 20 + " here"),
        ("1/2x", 4, "this can be read in two ways: as /(2*x) or as /2*x; write one of them"),
        ("x/y(x+1)", 4, "two ways"),
        ("x/-y y", 6, "two ways"),
        ("x/y²lr", 5, "two ways"),
        ("e^2x", 4, "two ways: as ^(2*x) or as ^2*x; write one of them"),
        ("2^-x y", 6, "two ways"),
        ("x^y²", 4, "power of a power"),
        ("x²^2", 3, "power of a power"),
        ("0,5", 2, "write a decimal number with a point, as in 0.5"),
        ("x + 0,5*y", 6, "with a point"),
        ("sqrt(0,5)", 7, "with a point"),
        ("max(1,,5)", 7, "missing before this comma"),
        ("2 3", 3, "an operator is missing before 3"),
        ("x 2", 3, "an operator is missing before 2"),
        ("1.2.3", 4, "an operator is missing before .3"),
        ("", 1, "missing at the end"),
        ("x +", 4, "missing at the end"),
        ("(x + )", 6, "missing before this bracket"),
        ("* x", 1, "before * a number or a name is missing"),
        ("x */ y", 4, "before / a number or a name is missing"),
        ("((x)", 1, "this bracket is never closed"),
        ("x)", 2, "this bracket closes nothing"),
        ("()", 2, "missing before this bracket"),
        ("sqrt", 5, "after sqrt a bracket is missing"),
        ("sin -x", 5, "write sin(...), with brackets around what sin is taken of"),
        ("ln -y", 4, "write ln(...)"),
        ("tahn(x)", 1, "use x, y, lam, lr, beta, tan"),
        ("det(x)", 1, "the function det cannot be used here"),
        ("x if y else 1", 3, "there is no if here"),
        ("max(x)", 1, "max compares two values or more"),
        ("clip(x, 1)", 1, "clip does not take 2 arguments"),
        ("y = x", 3, "write the formula alone, without 'y ='"),
        ("y := x", 4, "write the formula alone, without 'y :='"),
        ("2y = x", 4, "write the formula alone, without '='"),
        ("2y := x", 4, "write the formula alone, without ':='"),
        ("w = y = x", 7, "write the formula alone, without '='"),
        ("|x", 1, "this bar is never closed"),
        ("2 + x|", 6, "this bar is never closed"),
        ("(|x)|", 4, "a bar before this bracket is never closed"),
        ("|x|y|x|", 5, "two ways: as |a|*b*|c| or as |a*|b|*c|"),
        ("√x²", 3, "two ways: as √(x)² or as √(x²)"),
        ("√2x", 3, "two ways: as √(2)*x or as √(2*x)"),
        ("√-x", 1, "write √(...)"),
        ("√|x|^2", 5, "whether the root or this power comes first"),
        ("sin 2x", 6, "two ways: as sin(2)*x or as sin(2*x)"),
        ("sin x/2", 6, "two ways: as sin(x)/... or as sin(x/...)"),
        ("sin x y", 7, "two ways: as sin(x)*y or as sin(x*y)"),
        ("sin⁻¹(x)", 4, "two ways; write 1/sin(...)"),
        ("sin^-1(x)", 4, "two ways; write 1/sin(...)"),
        ("sin^y(x)", 4, "write sin(...) first, and its power behind it"),
        ("1/xy", 4, "two ways: as /(x*y) or as /x*y"),
        ("1/x^2 y", 7, "two ways: as /(x^2*y) or as /x^2*y"),
        ("x^y x", 5, "two ways: as ^(y*x) or as ^y*x"),
        ("2^3 x", 5, "two ways: as ^(3*x) or as ^3*x"),
        ("2^x sin(y)", 5, "two ways: as ^(x*sin(...)) or as ^x*sin(...)"),
        ("½x", 1, "write 1/2"),
        ("[x]", 1, "use round brackets"),
        ("\\frac{1}{2}", 1, "without TeX"),
        ("x < y", 3, "'<' cannot be read here"),
        ("x\x00", 2, "'U+0000' cannot be read here"),
        ("\ud800", 1, "'U+D800' cannot be read here"),
        ("x^101", 3, "an exponent that is a number is at most 100"),
        ("x^1000000", 3, "at most 100"),
        ("9^9^9", 4, "at most 100"),
        ("x^-(60+60)", 3, "at most 100"),
        ("x^(1/0)", 5, "this exponent divides by 0"),
        ("1e400", 1, "too large"),
        ("x + 2·1e-400", 7, "too small"),
        ("(" * 70 + "x" + ")" * 70, 65, "deeper than 64 levels"),
        ("1" * (MAX_LENGTH + 1), MAX_LENGTH + 1, "a formula has at most 500 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_column_and_the_reason(typed, column, reason):
    with pytest.raises(FormulaFault) as caught:
        read(typed, GRAMMAR)
    assert reason in caught.value.reason
    assert caught.value.column == column
    assert "line" not in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("a^2 p/(1-p)", "a**2*p/(1-p)"),
        ("a^2p/(1-p)", "a**2*p/(1-p)"),
        ("6x^2 y", "6*x**2*y"),
        ("x^(n+1) y", "x**(n+1)*y"),
        ("e^(-x) y", "e**(-x)*y"),
        ("x^-1 y", "x**-1*y"),
        ("||x|-1|", "abs(abs(x)-1)"),
        ("|x-|y||", "abs(x-abs(y))"),
        ("2|x| + |y|", "2*abs(x)+abs(y)"),
        ("|x||y|", "abs(x)*abs(y)"),
        ("|x|²/|y|", "abs(x)**(2)/abs(y)"),
        ("(|x| + 1)|y|", "(abs(x)+1)*abs(y)"),
        ("√(x+1)", "sqrt(x+1)"),
        ("2√x/√2 + 1", "2*sqrt(x)/sqrt(2)+1"),
        ("√|x|", "sqrt(abs(x))"),
        ("√(√x)", "sqrt(sqrt(x))"),
        ("2 sin x cos y + 1", "2*sin(x)*cos(y)+1"),
        ("(ln x)/n", "(log(x))/n"),
        ("max(sin x, cos y)", "max(sin(x),cos(y))"),
        ("sin^2(x) + cos²(x)", "sin(x)**2+cos(x)**(2)"),
        ("sin^2 x", "sin(x)**2"),
        ("ln²(sin²(x))y", "log(sin(x)**(2))**(2)*y"),
        ("xⁿ", "x**(n)"),
        ("xⁿ⁻¹ + x²ⁿ", "x**(n-1)+x**(2*n)"),
        ("λ1/(λ1+λ2)", "l1/(l1+l2)"),
        ("λ₁/(λ₁+λ_2)", "l1/(l1+l2)"),
        ("l_1 + σ₁ + sigma1", "l1+sigma_1+sigma_1"),
        ("\\lambda w", "lam*w"),
        ("\\lambda_1 + \\lambda_{2}", "l1+l2"),
        ("2\\cdot\\mu", "2*mu"),
        ("lambda*w + λw", "lam*w+lam*w"),
        ("cb/(c+lam)", "c*b/(c+lam)"),
        ("w(1 - 2lrlam)", "w*(1-2*lr*lam)"),
        ("w_new = w - lr", "w-lr"),
        ("w_new := w", "w"),
        ("d/dw = 2λw", "2*lam*w"),
        ("dL/dw = 2w", "2*w"),
        ("∂L/∂w=2w", "2*w"),
        ("f(x) = 2x", "2*x"),
        ("f'(x) = 2", "2"),
        ("= 2x", "2*x"),
    ],
)
def test_what_everybody_writes_by_hand_is_understood(typed, understood):
    assert read(typed, HANDWRITING).text == understood


def test_a_product_of_letters_that_can_be_read_in_two_ways_shows_both():
    grammar = Grammar(dict.fromkeys(("l", "r", "lr", "w"), (0.1, 1.0)))
    with pytest.raises(
        FormulaFault, match=r"lrw can be read in two ways: as .*; write one of them"
    ) as caught:
        read("2lrw", grammar)
    assert "l*r*w" in caught.value.reason
    assert "lr*w" in caught.value.reason


def test_letters_of_a_longer_name_are_no_product_where_the_name_means_something():
    assert read("exp(x)", Grammar(dict.fromkeys("exp", (0.1, 1.0)) | {"x": (0.1, 1.0)})).text == "exp(x)"


def test_a_greek_letter_is_its_variable_whatever_the_author_called_it():
    for name in ("lambda", "lam"):
        grammar = Grammar({name: (0.1, 1.0)})
        assert [read(typed, grammar).text for typed in ("λ", "lam", "lambda", "\\lambda")] == [name] * 4
    both = Grammar({"lam": (0.1, 1.0), "lambda": (0.1, 1.0)})
    assert [read(typed, both).text for typed in ("lam", "lambda", "λ")] == ["lam", "lambda", "lambda"]


def test_bars_and_roots_need_their_functions():
    bare = Grammar({"x": (0.1, 1.0)}, functions=())
    for typed, name in (("|x|", "abs"), ("√x", "sqrt")):
        with pytest.raises(FormulaFault, match=f"the function {name} cannot be used here"):
            read(typed, bare)


def test_a_fault_is_told_to_the_learner_with_its_column():
    verdict = graded("w*(1 - 2*lr*x)")
    assert (verdict.valid, verdict.message) == (False, "At column 13: there is no x here; use w, g, lr, lam.")


def test_functions_can_be_left_out():
    assert "sqrt cannot be used" in graded("sqrt(w)", functions=["exp"]).message
    assert graded("w", functions=["exp"]).valid


def test_a_variable_goes_before_every_other_meaning_of_its_letters():
    assert read("ln x", Grammar({"x": (0.0, 1.0), "ln": (0.0, 1.0)})).text == "ln*x"
    assert read("2λ", Grammar({"lambda": (0.0, 1.0)})).text == "2*lambda"


# What authors are told


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"key": "w*(1 - 2*mu)"}, "interactions.a.key: column 10: there is no mu here"),
        ({"key": ""}, "interactions.a.key: must be a text"),
        ({"key": None}, "interactions.a.key: is missing"),
        ({"key": ["w"]}, "interactions.a.key: must be a text"),
        ({"key": "w*{unknown}"}, "interactions.a.key: shows {unknown}, which is no parameter or step"),
        ({"key": "log(-1 - w^2)"}, "has a value at too few places of the domain"),
        ({"key": "1/(w - w)"}, "has a value at too few places of the domain"),
        ({"variables": {}}, "interactions.a.variables: must be 1 to 12 names"),
        ({"variables": "w"}, "interactions.a.variables: must be a mapping"),
        ({"variables": {"w": [1, 1]}}, "interactions.a.variables.w: must be a pair"),
        ({"variables": {"w": [2, 1]}}, "interactions.a.variables.w: must be a pair"),
        ({"variables": {"w": [0, 1e9]}}, "interactions.a.variables.w: must be a pair"),
        ({"variables": {"w": [0, float("nan")]}}, "interactions.a.variables.w: must be a pair"),
        ({"variables": {"w": None}}, "interactions.a.variables.w: must be a pair"),
        ({"variables": ["pi"]}, "interactions.a.variables.pi: must be a name"),
        ({"variables": ["sqrt"]}, "interactions.a.variables.sqrt: must be a name"),
        ({"variables": ["a-b"]}, "interactions.a.variables.a-b: must be a name"),
        ({"functions": ["det"]}, "interactions.a.functions.0: must be among"),
        ({"functions": "sqrt"}, "interactions.a.functions: must be a list"),
        ({"aliases": {"λ": "mu"}}, "interactions.a.aliases.λ: must stand for a variable"),
        ({"aliases": {"λ": ["lam"]}}, "interactions.a.aliases.λ: must stand for a variable"),
        ({"aliases": {"sin": "lam"}}, "interactions.a.aliases.sin: must be a letter or a name"),
        ({"aliases": {"w": "lam"}}, "interactions.a.aliases.w: must be a letter or a name"),
        ({"aliases": {"+": "lam"}}, "interactions.a.aliases.+: must be a letter or a name"),
        ({"recognise": [{"formula": "w +"}]}, "interactions.a.recognise.0.formula: column 4"),
        (
            {"recognise": [{"formula": "w - lr*(g + 2*lam*w)"}]},
            "interactions.a.recognise.0.formula: is the key",
        ),
        ({"recognise": [{"formula": "w", "credit": 1}]}, "interactions.a.recognise.0.credit: must be"),
        ({"recognise": [{"formula": "w", "points": 1}]}, "interactions.a.recognise.0.points: is not known"),
        (
            {"recognise": [{"formula": f"w + {n}"} for n in range(11)]},
            "interactions.a.recognise: must be at most",
        ),
        ({"recognise": [{"formula": "w", "feedback": "{nobody}"}]}, "shows {nobody}"),
        ({"tolerance": 0.1}, "interactions.a.tolerance: is not known here"),
    ],
)
def test_what_no_learner_could_answer_is_refused(changes, fault):
    assert fault in faults(**changes)


def entry(document: dict[str, Any]) -> ExpressionEntry:
    interaction = parse_definition(document).interactions["a"]
    assert isinstance(interaction, ExpressionEntry)
    return interaction


def test_every_function_may_be_used_unless_the_author_says_otherwise():
    assert entry(document()).grammar.functions == ELEMENTARY
    assert entry(document(functions=[])).grammar.functions == ()


def test_a_number_may_be_a_key():
    assert graded("6/4", key=1.5).correct


def test_misconceptions_of_the_entries_are_those_of_the_item():
    assert parse_definition(document()).misconception_slugs == {"forgot-the-two", "penalty-left-out"}


def test_a_computed_misconception_is_compared_as_a_number():
    definition = parse_definition(document() | {"misconceptions": {"a": {"zero-for-divergence": "0"}}})
    variant = draw_variant(definition, 1)
    verdict = grade(definition, variant, {"a": "w - w"}).interactions["a"]
    assert verdict.misconception == "zero-for-divergence"


def test_a_stored_key_that_cannot_be_read_makes_no_answer_wrong():
    definition = parse_definition(
        document(DRAWN, parameters={**DRAWS, "rate": {"decimal": [0, 1], "shape": [2]}})
    )
    verdict = grade(definition, draw_variant(definition, 1), {"a": "v"}).interactions["a"]
    assert (verdict.valid, "cannot be graded" in verdict.message) == (False, True)


# The key by which a formula is tried

ROOT = {"kind": "expression", "key": "log(v^2)", "variables": {"v": [0.1, 2]}}


def test_a_verdict_names_the_key_by_which_it_can_be_given_again():
    definition = parse_definition(document(ROOT))
    variant = draw_variant(definition, 1)
    verdict = grade(definition, variant, {"a": "2*log(v)"}, probing={"a": "5f0c"})
    assert verdict.interactions["a"].probing == "5f0c"
    assert grade(definition, variant, {"a": "2*log(v)"}, probing={"a": "5f0c"}) == verdict
    undecided = grade(definition, variant, {"a": "v + 1e99*(sin(v)^2 + cos(v)^2 - 1)"}, probing={"a": "5f0c"})
    assert (undecided.valid, undecided.interactions["a"].probing) == (False, "5f0c")


def test_what_is_no_version_yet_is_tried_by_the_key_of_drafts():
    assert graded("2*log(v)", ROOT).probing == DRAFT


def test_the_places_of_the_draft_decide_nothing_about_a_version():
    """A bump between the places of one key passes by it, and is found by another: the record has to name its key."""
    definition = parse_definition(
        document({"kind": "expression", "key": "sin(v)", "variables": {"v": [-3, 3]}})
    )
    variant = draw_variant(definition, 1)
    bump = {"a": "sin(v) + relu(0.002 - abs(v - 1.2345))"}
    found = {grade(definition, variant, bump, probing={"a": f"key {n}"}).correct for n in range(20)}
    assert found == {True, False}


def test_a_formula_without_a_value_where_one_is_needed_is_wrong_and_told_so():
    verdict = graded("log(v - 1) + log(v + 1)", ROOT | {"key": "log(abs(v^2 - 1))"})
    assert (verdict.valid, verdict.score) == (True, 0)
    assert verdict.message == (
        "Your formula is not the one asked for: "
        "it has no value for some numbers that the letters may stand for."
    )
