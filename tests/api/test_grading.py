import json

import pytest

from api.rest.grading import MAX_CASES, CasesParser, as_typed
from tests import builders
from tests.api.client import Api
from tests.desks import make_instructor
from tests.shared import shared_path

pytestmark = pytest.mark.django_db

ABSOLUTE = {"name": "absolute", "tolerance": 0.01}


@pytest.fixture
def api():
    return Api(make_instructor("teacher"))


def case(**changes):
    return {"interaction": "numeric", "key": 2, "policy": ABSOLUTE, "answer": "2.005"} | changes


def grade(api, *cases):
    reply = api.post("grade/", list(cases))
    assert reply.status == 200, reply
    return reply.json


def test_verdicts_come_in_the_order_asked(api):
    answers = ["2", "3", "two", "2.01"]
    found = grade(api, *[case(answer=answer) for answer in answers])
    assert [(one["valid"], one["score"]) for one in found] == [(True, 1), (True, 0), (False, 0), (True, 1)]
    assert set(found[0]) == {"valid", "score", "parsed", "rule", "message", "fault"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"policy": {"name": "vague"}}, "policy"),
        ({"policy": {}}, "policy"),
        ({"policy": ABSOLUTE | {"tolerance": -1}}, "policy"),
        ({"policy": "absolute"}, "case"),
        ({"key": "two"}, "key"),
        ({"key": None}, "key"),
        ({"interaction": "essay"}, "policy"),
        ({"interaction": None}, "case"),
    ],
)
def test_a_bad_case_spoils_no_other(api, changes, fault):
    bad, good = grade(api, case(**changes), case())
    assert (bad["valid"], bad["fault"]) == (False, fault)
    assert bad["message"]
    assert (good["score"], good["fault"]) == (1, None)


@pytest.mark.parametrize("bad", [7, "case", None, []])
def test_what_is_no_case_is_the_fault_of_that_one(api, bad):
    assert grade(api, bad, case())[0]["fault"] == "case"


def test_json_numbers_count_as_typed(api):
    policy = {"name": "significant_figures", "digits": 3, "strict": True}
    body = json.dumps([case(policy=policy, key=0.1, answer="TYPED")]).replace('"TYPED"', "0.100")
    assert api.post("grade/", body).json[0]["score"] == 1


def test_numbers_inside_lists_keep_their_digits():
    parser = CasesParser()
    numbers = [parser.read_float("0.10"), [parser.read_int("007"), parser.read_float("1e400")]]
    assert as_typed(numbers) == ["0.10", ["007", "1e400"]]


def test_a_thousand_cases_and_not_one_more(api):
    assert len(grade(api, *[case()] * MAX_CASES)) == MAX_CASES
    assert api.post("grade/", [case()] * (MAX_CASES + 1)).code == "too_many_cases"


def test_a_large_batch_fits_and_an_absurd_one_does_not(api):
    assert len(grade(api, *[case(answer="2" + " " * 1000)] * 500)) == 500
    assert api.post("grade/", "[" + " " * 2048 * 1024 + "]").status == 413


@pytest.mark.parametrize("body", ["{}", "null", "3", '"x"', "[", "[NaN]"])
def test_what_is_no_list_is_refused(api, body):
    assert api.post("grade/", body).status == 400


def test_learners_may_not_ask(api):
    assert Api(builders.make_learner()).post("grade/", [case()]).status == 403


def test_the_peers_cases_come_out_the_same_over_http(api):
    lines = (shared_path("vectors") / "moodle.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    found = grade(api, *cases)
    for one, wanted in zip(found, cases, strict=True):
        assert one["valid"] is wanted["expect"]["valid"], (wanted, one)
        assert one["score"] == pytest.approx(wanted["expect"].get("score", one["score"])), (wanted, one)


@pytest.mark.parametrize("bound", ["1e-400000", "1e99999999", "0.1e99999999999", "1/" + "9" * 1_500])
def test_an_absurd_bound_is_a_fault_of_its_policy(api, bound):
    absurd = case(policy={"name": "numbas.range", "minvalue": bound})
    bad, good = grade(api, absurd, case())
    assert (bad["fault"], good["score"]) == ("policy", 1)


def test_a_bound_of_zero_is_zero_whatever_its_exponent(api):
    policy = {"name": "numbas.range", "minvalue": "0e3000000", "maxvalue": "0e-3000000"}
    assert grade(api, case(policy=policy, answer="0"))[0]["score"] == 1


def test_a_whole_number_of_too_many_digits_is_refused_with_the_body(api):
    reply = api.post("grade/", '[{"interaction": "numeric", "answer": ' + "9" * 1_001 + "}]")
    assert (reply.status, reply.code) == (400, "parse_error")
    assert "at most 1,000 digits" in reply.text
