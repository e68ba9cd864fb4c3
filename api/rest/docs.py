"""The OpenAPI document, and a page for people made from it that needs neither scripts nor other hosts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    body: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it; ``body`` names a shape."""

    id: str
    group: str
    method: str
    path: str
    description: str
    access: str
    parameters: list[Mapping[str, Any]]
    body: str | None
    answers: list[Answer]


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document; it changes only with the program."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


@require_safe
@cache_control(public=True, max_age=300)
def schema(_: HttpRequest) -> HttpResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(public=True, max_age=300)
def page(request: HttpRequest) -> HttpResponse:
    """Show every operation and every shape."""
    grouped = groupby(operations(document()), key=lambda operation: operation.group)
    shapes = document()["components"]["schemas"]
    context = {
        "info": document()["info"],
        "groups": [{"name": name, "operations": list(members)} for name, members in grouped],
        "shapes": [(name, json.dumps(shape, indent=2, ensure_ascii=False)) for name, shape in shapes.items()],
    }
    return render(request, "api/docs.html", context)


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Return the operations of an OpenAPI document by group and path."""
    found = [
        _operation(path, method, item[method])
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]
    return sorted(found, key=lambda operation: operation.group)


def _operation(path: str, method: str, described: Mapping[str, Any]) -> Operation:
    return Operation(
        id=described["operationId"],
        group=described["tags"][0],
        method=method.upper(),
        path=path,
        description=described.get("description", ""),
        access=_access(described["security"]),
        parameters=described.get("parameters", []),
        body=_shape_name(described.get("requestBody", {})),
        answers=[
            Answer(status, _shape_name(answer), answer["description"])
            for status, answer in described["responses"].items()
        ],
    )


def _access(security: list[Mapping[str, Any]]) -> str:
    ways = {name for way in security for name in way}
    words = (
        ["a session"] * ("session" in ways)
        + ["a key"] * ("key" in ways)
        + ["nobody signed in"] * ({} in security)
    )
    return f"With {' or '.join(words)}."


def _shape_name(described: Mapping[str, Any]) -> str | None:
    """Return the name of the shape that a body refers to, if it has one."""
    shape: Mapping[str, str] = described.get("content", {}).get("application/json", {}).get("schema", {})
    return shape["$ref"].rpartition("/")[2] if "$ref" in shape else None
