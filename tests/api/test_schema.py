"""The API describes itself truly: valid, without warnings, and complete."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from openapi_spec_validator import validate

from api.rest import figures, interactions
from api.rest.docs import document, operations
from api.rest.policy import RULES
from content.items.figures import FIGURES
from content.items.interactions import INTERACTIONS
from tests.api.client import Api, strict


def test_the_schema_is_valid_openapi_3_1() -> None:
    assert document()["openapi"] == "3.1.0"
    validate(document())


def test_the_schema_is_made_without_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--format", "openapi-json")
    assert capsys.readouterr().err == ""


def test_every_operation_has_a_rule_and_every_rule_an_operation() -> None:
    assert {operation.id for operation in operations(document())} == set(RULES)


def test_every_operation_is_explained() -> None:
    assert [operation.id for operation in operations(document()) if not operation.description] == []


def test_every_kind_of_interaction_and_figure_has_its_shape() -> None:
    assert set(interactions.shapes()) == set(INTERACTIONS)
    assert set(figures.SHAPES) == set(FIGURES)


@pytest.mark.parametrize("name", ["Interaction", "Figure"])
def test_a_client_can_tell_kinds_apart(name: str) -> None:
    discriminator = document()["components"]["schemas"][name]["discriminator"]
    assert discriminator["propertyName"] == "kind"
    for kind, ref in discriminator["mapping"].items():
        shape = document()["components"]["schemas"][ref.rpartition("/")[2]]
        assert shape["properties"]["kind"] == {"type": "string", "const": kind}


def test_every_field_of_a_reply_is_required() -> None:
    """Whether something is there must not be left to a client's guess: what may be missing is null."""
    for name, shape in document()["components"]["schemas"].items():
        if "properties" in shape and not name.endswith("Request"):
            assert set(shape["properties"]) == set(shape["required"]), name


def test_every_refusal_has_the_one_shape() -> None:
    for operation in operations(document()):
        for answer in operation.answers:
            assert answer.status[0] == "2" or answer.body == "Error", operation.id


def test_the_schema_is_served_as_json(api: Api) -> None:
    response = api.browser.get("/api/v1/schema/")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["paths"].keys() == strict()["paths"].keys()


def test_the_docs_show_every_operation_without_scripts_or_other_hosts(api: Api) -> None:
    response = api.browser.get("/api/v1/docs/")
    page = response.content.decode()
    assert all(f'id="{operation}"' in page for operation in RULES)
    assert "<script" not in page
    assert "style=" not in page
    assert "https://" not in page
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
