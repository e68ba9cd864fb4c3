"""docs/api.md keeps up with the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from api.models import Scope
from api.rest.answers import AnswerField
from api.rest.errors import DOMAIN
from assessment.models import Attempt
from tests import builders
from tests.sitting import fold

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_every_refusal_of_the_domain_is_in_the_docs() -> None:
    assert [code for _, code in DOMAIN.values() if f"`{code}`" not in TEXT] == []


def test_every_scope_is_in_the_docs() -> None:
    assert [scope for scope in Scope.values if f"| `{scope}` |" not in TEXT] == []


def test_the_codes_named_for_answers_exist() -> None:
    assert {"too_long", "too_deep", "null_characters_not_allowed"} <= set(AnswerField.default_error_messages)


@pytest.mark.django_db(transaction=True)
def test_the_script_in_the_docs_plays_a_learner(live_server: LiveServer) -> None:
    items = builders.make_item(builders.choice_document()), builders.make_item(builders.exercise_document())
    builders.make_assessment(*items, slug="regularization-quiz", tries=1)
    script = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert script
    exec(script[1], {"base": live_server.url, "some_answer": first_answer})
    attempt = Attempt.objects.get()
    assert (attempt.state, builders.who(attempt).username) == ("submitted", "ann")
    assert (attempt.score, attempt.max_score) == fold(attempt)


def first_answer(interaction: dict[str, Any]) -> str:
    return interaction["options"][0]["id"] if interaction["kind"] == "choice" else "1"
