"""JSON on its way out, and serializers that are made once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

Kind = TypeVar("Kind", bound=serializers.Serializer[Any])


class JSONRenderer(BaseRenderer):
    """What serializers give, as JSON. Lazy texts and the like are written as text."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else msgspec.json.encode(data, enc_hook=str)


@cache
def shared(serializer: type[Kind]) -> Kind:
    """Return the one instance of a serializer, of which `run_validation` and `to_representation` may be asked.

    Both keep nothing in it. A new instance would copy all of its fields, which takes longer than to use them.
    """
    return serializer()
