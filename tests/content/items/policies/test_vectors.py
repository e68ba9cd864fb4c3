"""Cases that our peers publish, or that were had by running them: every one must come out as it does there."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from content.items.policies import PolicyFault, grade_case
from content.items.verdict import Verdict
from tests.shared import shared_path

FILES = ("choice", "edx", "moodle", "numbas", "prairielearn", "probe", "qti", "stack", "webwork")
# What a case expects of the judgment; all else that it names must stand in the answer as parsed.
JUDGED = {"valid", "score", "state", "fault", "asserted"}


def cases() -> Iterator[Any]:
    folder = shared_path("vectors")
    for name in FILES:
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            yield pytest.param(case, id=case["id"])


def graded(case: Mapping[str, Any]) -> Verdict | PolicyFault:
    try:
        return grade_case(
            interaction=case["interaction"],
            key=case["key"],
            policy=case["policy"],
            answer=case["answer"],
            locale=case.get("locale", "en"),
            options=case.get("options"),
        )
    except PolicyFault as fault:
        return fault


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, float | int) and not isinstance(theirs, bool) and isinstance(ours, float | int):
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-9)
    return bool(ours == theirs)


@pytest.mark.parametrize("case", list(cases()))
def test_a_peers_case_comes_out_as_it_does_there(case: dict[str, Any]) -> None:
    expected = case["expect"]
    result = graded(case)
    if expected.get("fault") in ("key", "policy"):
        assert isinstance(result, PolicyFault)
        assert result.fault == expected["fault"]
        return
    assert isinstance(result, Verdict), result
    assert result.valid is expected["valid"], result
    if "score" in expected:
        assert same(result.score, expected["score"]), result
    if not expected["valid"]:
        return
    shown = {name: value for name, value in expected.items() if name not in JUDGED}
    parsed = result.parsed if isinstance(result.parsed, dict) else {"value": result.parsed}
    for name, value in shown.items():
        assert same(parsed[name], value), (name, result)
