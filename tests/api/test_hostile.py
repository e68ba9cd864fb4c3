"""Whatever is sent, the answer is a clear refusal or an invalid verdict: nothing is lost, and nothing is a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assessment.models import Response, User
from tests import builders
from tests.api.client import Api, Reply, a_key

pytestmark = pytest.mark.django_db

UNREADABLE = [
    "", " ", "1,5", "1e400", "-1e400", "nan", "NaN", "inf", "Infinity", "1/0", "0x10", "1_000", "１２", "٣",
    "__import__('os').system('id')", "9**9**9", "{x}", "x" * 20_000, "<script>", None, True, [], {}, ["1"],
    ["1", "2", "3"], [["1"]], {"a": "1"}, {"a": None}, {"a": {"b": "1"}},
    [None], [[None]], [{"a": True}], "1;2", "1e", "--1", "+-1", "1 2", "\u202e1",
]  # fmt: skip

REFUSED: dict[str, tuple[str | bytes, int]] = {
    "nothing": (b"", 400),
    "no json": (b"answer=1", 400),
    "half of it": (b'{"answer": {"a": ', 400),
    "a list": (b"[]", 400),
    "a text": (b'"answer"', 400),
    "null": (b"null", 400),
    "no answer": (b'{"responses": 1}', 400),
    "an answer that is null": (b'{"answer": null}', 400),
    "an answer that is a text": (b'{"answer": "a"}', 400),
    "an answer that is a list": (b'{"answer": ["a"]}', 400),
    "NaN": (b'{"answer": {"a": NaN}}', 400),
    "Infinity": (b'{"answer": {"a": -Infinity}}', 400),
    "a null character": (b'{"answer": {"a": "x\\u0000y"}}', 400),
    "a null character in a name": (b'{"answer": {"a\\u0000": "x"}}', 400),
    "half of a surrogate pair": (b'{"answer": {"a": "\\ud800"}}', 400),
    "half of a surrogate pair in a list": (b'{"answer": {"a": ["\\udfff"]}}', 400),
    "other bytes than UTF-8": (b'{"answer": {"a": "\xff\xfe"}}', 400),
    "too deep a nest": (b'{"answer": {"a": [[[["1"]]]]}}', 400),
    "a nest that no stack holds": (b"[" * 60_000, 400),
    "an object that no stack holds": (b'{"a":' * 12_000, 400),
    "a long text": (json.dumps({"answer": {"a": "x" * 20_001}}), 400),
    "a long list": (json.dumps({"answer": {"a": ["1"] * 1_001}}), 400),
    "many parts": (json.dumps({"answer": {str(n): "1" for n in range(1_001)}}), 400),
    "more than the parser takes": (json.dumps({"answer": {"a": ["x" * 1_000] * 100}}), 413),
    "more than the server takes": (json.dumps({"answer": {"a": "x" * 1_000_000}}), 413),
}


@pytest.fixture
def ann() -> Api:
    return Api(builders.make_learner("ann"))


def begin(ann: Api, document: dict[str, Any] | None = None, **rules: Any) -> str:
    builders.make_assessment(
        builders.make_item(document or builders.exercise_document()), slug="quiz", **rules
    )
    return ann.start("quiz")


def clear(reply: Reply) -> None:
    """Assert that a refusal says what is wrong, in the one shape."""
    assert 400 <= reply.status < 500, reply
    assert reply.json["type"] in ("client_error", "validation_error")
    assert all(error["code"] and error["detail"] for error in reply.json["errors"])


@pytest.mark.parametrize("entered", UNREADABLE, ids=lambda entered: repr(entered)[:30])
def test_an_answer_that_is_no_number_is_invalid_and_costs_nothing(ann: Api, entered: Any) -> None:
    attempt = begin(ann)
    reply = ann.respond(attempt, 1, {"a": entered})
    assert (reply.status, reply.json["valid"], reply.json["correct"]) == (201, False, None)
    assert reply.json["interactions"]["a"]["message"]
    assert Response.objects.get().answer == {"a": entered}
    assert ann.get(f"attempts/{attempt}/presentations/1/").json["last"]["answer"] == {"a": entered}
    assert ann.get(f"attempts/{attempt}/presentations/1/").json["tries_left"] == 2


@pytest.mark.parametrize(
    "number", ["1e400", "-0.0", "1" * 5_000, "123456789012345678901234567890", "1.5E-400"]
)
def test_a_json_number_of_any_size_is_read_as_it_was_typed(ann: Api, number: str) -> None:
    attempt = begin(ann)
    reply = ann.post(
        f"attempts/{attempt}/presentations/1/responses/", f'{{"answer": {{"a": {number}}}}}', headers=a_key()
    )
    assert reply.status == 201
    assert Response.objects.get().answer == {"a": number}


@pytest.mark.parametrize(
    "entered",
    [[], ["1"], ["1"] * 4, ["1", "2", "x"], ["1", "2", "1e400"], ["1", "2", None], [["1", "2", "3"]], "1,2,3", "1"],
)  # fmt: skip
def test_a_vector_of_the_wrong_make_is_invalid(ann: Api, entered: Any) -> None:
    attempt = begin(ann, builders.vector_document())
    reply = ann.respond(attempt, 1, {"a": entered})
    assert (reply.status, reply.json["valid"]) == (201, False)


@pytest.mark.parametrize(
    "entered", ["no-such-option", "", "RIGHT", ["right", "wrong"], {"right": True}, None, 7]
)
def test_an_option_that_is_not_there_is_invalid(ann: Api, entered: Any) -> None:
    attempt = begin(ann, builders.choice_document())
    reply = ann.respond(attempt, 1, {"a": entered})
    assert (reply.status, reply.json["valid"]) == (201, False)


@pytest.mark.parametrize("answer", [{}, {"b": "1"}, {"a": "1", "b": "2"}, {"": ""}, {"__class__": "1"}])
def test_an_answer_to_something_else_is_invalid(ann: Api, answer: dict[str, str]) -> None:
    reply = ann.respond(begin(ann), 1, answer)
    assert (reply.status, reply.json["valid"]) == (201, False)
    messages = [verdict["message"] for verdict in reply.json["interactions"].values()]
    assert reply.json["feedback"] or all(messages)


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("door", ["responses", "draft", "check"])
def test_a_body_that_cannot_be_an_answer_is_refused_and_nothing_is_stored(
    ann: Api, door: str, name: str
) -> None:
    body, status = REFUSED[name]
    attempt = begin(ann)
    match door:
        case "responses":
            reply = ann.post(f"attempts/{attempt}/presentations/1/responses/", body, headers=a_key())
        case "draft":
            reply = ann.put(f"attempts/{attempt}/presentations/1/draft/", body)
        case _:
            reply = ann.post("exercises/double-it/check/", body)
    assert reply.status == status, reply
    clear(reply)
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "",
        "nonsense",
        "application/xml",
    ],
)
def test_another_content_type_is_a_415(ann: Api, content_type: str) -> None:
    attempt = begin(ann)
    path = f"attempts/{attempt}/presentations/1/responses/"
    reply = ann.post(path, '{"answer": {"a": "1"}}', content_type=content_type)
    assert reply.status == 415, reply
    clear(reply)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"username": {}, "password": []}',
        b'{"username": "a\\ud800", "password": "x"}',
        b'{"username": 1e999, "password": 1e999}',
        b"[" * 16_000,
        b'"' + b"x" * 17_000,
    ],
)
@pytest.mark.parametrize(
    "path", ["accounts/", "session/", "attempts/", "accounts/recovery/", "accounts/recovery/confirm/"]
)
def test_other_bodies_are_refused_as_clearly(api: Api, path: str, body: bytes) -> None:
    api.get("me/")
    clear(api.post(path, body))
    assert not User.objects.exists()


@pytest.mark.parametrize("assessment", ["", "no such", "a/b", "ä", "x" * 101, None, 7, [], {"a": 1}, "a\0b"])
def test_an_assessment_that_cannot_be_is_refused(ann: Api, assessment: Any) -> None:
    clear(ann.post("attempts/", {"assessment": assessment}))


@pytest.mark.parametrize("cursor", ["x", "", "cD0x", "cD0yMDI2", "%00", "a:b:c", "x" * 5_000, "%ff"])
@pytest.mark.parametrize("path", ["lessons/", "subjects/", "skills/", "assessments/", "attempts/"])
def test_a_cursor_of_ones_own_making_is_refused(ann: Api, path: str, cursor: str) -> None:
    reply = ann.get(f"{path}?cursor={cursor}")
    assert (reply.status, reply.code) == (400, "invalid_cursor")


@pytest.mark.parametrize("value", ["%00", "%ff", "x" * 5_000, "'; drop table", "ä"])
@pytest.mark.parametrize("query", ["lessons/?subject", "skills/?lesson", "attempts/?assessment"])
def test_a_filter_that_cannot_be_is_refused(ann: Api, query: str, value: str) -> None:
    assert ann.get(f"{query}=nothing").json["results"] == []
    reply = ann.get(f"{query}={value}")
    assert reply.status == 400
    clear(reply)


@pytest.mark.parametrize(
    "path",
    [
        "", "nothing/", "lessons", "attempts/1/", "attempts/not-a-uuid/next/", "attempts/%00/", "lessons/%00/",
        "lessons/a%20b/", "lessons/ä/", f"lessons/{'x' * 500}/", "assessments/../", "exercises/none/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_there_is_a_404_in_the_one_shape(ann: Api, path: str) -> None:
    reply = ann.get(path)
    assert (reply.status, reply.code) == (404, "not_found")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_a_method_that_is_not_there_is_a_405(ann: Api, method: str) -> None:
    reply = ann.send(method, "lessons/")
    assert (reply.status, reply.code) == (405, "method_not_allowed")


def test_a_head_is_a_get_without_its_body(ann: Api) -> None:
    attempt = begin(ann)
    for path in ("lessons/", "attempts/", f"attempts/{attempt}/", "progress/"):
        response = ann.browser.head(f"/api/v1/{path}")
        assert (response.status_code, response.content) == (200, b"")


def test_an_accept_header_of_any_kind_gets_json(api: Api) -> None:
    for accept in ("text/html", "application/xml", "*/*", "nonsense", ""):
        assert api.get("lessons/", Accept=accept).json is not None


def test_fields_that_nobody_knows_are_ignored(ann: Api) -> None:
    attempt = begin(ann)
    reply = ann.post(
        f"attempts/{attempt}/presentations/1/responses/", {"answer": {"a": "1"}, "score": 1}, headers=a_key()
    )
    assert reply.status == 201
