"""Lists in pages: ``{"next", "previous", "results"}``, walked by links that carry a signed cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core import signing
from django.db.models import Model, QuerySet
from rest_framework import pagination
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

Row = TypeVar("Row", bound=Model)

SALT = "api.rest.pagination"


class CursorPagination(pagination.CursorPagination):
    """Stable under inserts. Cursors are ours alone: a made-up one is refused before it reaches a query."""

    page_size = 50

    def decode_cursor(self, request: Request) -> pagination.Cursor | None:
        text = request.query_params.get(self.cursor_query_param)
        if text is None:
            return None
        try:
            return pagination.Cursor(*signing.loads(text, salt=SALT))
        except (signing.BadSignature, UnicodeError, TypeError):
            raise ValidationError({"cursor": "This cursor is not one of ours."}, "invalid_cursor") from None

    def encode_cursor(self, cursor: pagination.Cursor) -> str:
        signed = signing.dumps([cursor.offset, cursor.reverse, cursor.position], salt=SALT)
        return replace_query_param(self.base_url or "", self.cursor_query_param, signed)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


def paged(
    view: APIView,
    rows: QuerySet[Row],
    ordering: str,
    serializer: type[BaseSerializer[Any]],
    show: Callable[[list[Row]], Iterable[object]] = iter,
) -> Response:
    """Return the page of ``rows`` that the request's cursor asks for; ``show`` gives what is serialized of them."""
    paginator = CursorPagination()
    paginator.ordering = ordering
    page = paginator.paginate_queryset(rows, view.request, view) or []
    return paginator.get_paginated_response(serializer(list(show(page)), many=True).data)
