"""A client of the API that is hard to please: every answer must be as the schema says, with nothing added."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from api.rest.docs import document
from assessment.models import User
from tests import builders

ROOT = "/api/v1/"


def a_key() -> dict[str, str]:
    """Return the header that makes a request one of its own."""
    return {"Idempotency-Key": str(uuid4())}


class Reply:
    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.text: str = response.getvalue().decode()
        self.headers = response.headers
        self.json: Any = json.loads(self.text) if self.text.startswith(("{", "[")) else None

    @property
    def code(self) -> str:
        """The code of the first error."""
        return self.json["errors"][0]["code"]

    def __repr__(self) -> str:
        return f"{self.status} {self.text[:500]}"


class Api:
    """A browser's way in: cookies kept, the CSRF token sent along, CSRF enforced."""

    def __init__(self, user: User | None = None, *, key: str | None = None) -> None:
        self.user = user
        self.browser = Client(
            enforce_csrf_checks=True, headers={"Authorization": f"Bearer {key}"} if key else None
        )
        if user:
            self.browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
            self.get("me/")

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **options: Any) -> Reply:
        return self.send("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Reply:
        return self.send("PUT", path, body, **options)

    def patch(self, path: str, body: Any = None) -> Reply:
        return self.send("PATCH", path, body)

    def delete(self, path: str, body: Any = None) -> Reply:
        return self.send("DELETE", path, body)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
        csrf: bool = True,
    ) -> Reply:
        """``body`` is sent as JSON; text and bytes as they are."""
        sent = dict(headers or {})
        if csrf and "csrftoken" in self.browser.cookies and method != "GET":
            sent["X-CSRFToken"] = self.browser.cookies["csrftoken"].value
        data = body if isinstance(body, str | bytes) else b"" if body is None else json.dumps(body)
        response = self.browser.generic(method, ROOT + path, data, content_type, headers=sent)
        reply = Reply(response)
        conform(method, path, reply)
        return reply

    def start(self, slug: str) -> str:
        """Start an attempt and return its id."""
        reply = self.post("attempts/", {"assessment": slug})
        assert reply.status in (200, 201), reply
        return reply.json["id"]

    def respond(self, attempt: str, position: int, answer: Any, key: UUID | None = None) -> Reply:
        return self.post(
            f"attempts/{attempt}/presentations/{position}/responses/",
            {"answer": answer},
            headers={"Idempotency-Key": str(key or uuid4())},
        )

    def sign_up(self, username: str = "ann", password: str = builders.PASSWORD) -> Reply:
        self.get("me/")
        return self.post("accounts/", {"username": username, "password": password})

    def sign_in(self, username: str = "ann", password: str = builders.PASSWORD) -> Reply:
        self.get("me/")
        return self.post("session/", {"username": username, "password": password})


def conform(method: str, path: str, reply: Reply) -> None:
    """Assert that the reply is one that the schema declares for the operation."""
    assert reply.status < 500, reply
    operation = _operation(method, path.partition("?")[0])
    if operation is None:
        assert reply.status in (404, 405), reply
        return
    assert str(reply.status) in operation["responses"], f"{method} {path}: {reply} is not in the schema"
    content = operation["responses"][str(reply.status)].get("content")
    if content is None:
        assert reply.text == "", reply
        return
    kind = reply.headers["Content-Type"].partition(";")[0]
    if kind == "application/json":
        validator(json.dumps(content[kind]["schema"])).validate(reply.json)
    else:
        assert content[kind]["schema"] == {"type": "string"}


@cache
def validator(schema: str) -> Draft202012Validator:
    components = strict()["components"]
    return Draft202012Validator(
        {**json.loads(schema), "components": components}, format_checker=FormatChecker()
    )


@cache
def strict() -> dict[str, Any]:
    """The document with every shape closed: a field that is not declared is a leak or an omission."""
    closed = copy.deepcopy(document())
    for shape in closed["components"]["schemas"].values():
        if "properties" in shape:
            shape["additionalProperties"] = False
    return closed


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, item in document()["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if re.fullmatch(pattern, ROOT + path) and method.lower() in item:
            return item[method.lower()]
    return None
