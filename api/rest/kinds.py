"""Shapes that come in kinds: in the schema a choice of named shapes, told apart by ``kind``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.serializers import PolymorphicProxySerializerExtension
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

Shape = serializers.Serializer[Any]
Shapes = dict[str, Shape | type[Shape]]


class Kinds(PolymorphicProxySerializer):
    """A choice of shapes that is asked for anew each time the schema is made: the tables may have grown."""

    @property
    def serializers(self) -> Any:
        return self._serializers() if callable(self._serializers) else self._serializers

    @serializers.setter
    def serializers(self, value: Any) -> None:
        self._serializers = value


class KindsExtension(PolymorphicProxySerializerExtension):
    """Described as the class that it derives from."""

    target_class = "api.rest.kinds.Kinds"


def kind_field(name: str) -> serializers.CharField:
    """Return the field that says which kind it is."""

    @extend_schema_field({"type": "string", "const": name})
    class KindField(serializers.CharField):
        pass

    return KindField()


def one_of(name: str, shapes: Shapes | Callable[[], Shapes]) -> serializers.DictField:
    """Return a field for a mapping in one of ``shapes``, passed on as the core made it.

    A function is called whenever the schema is made, and so sees the tables as they are then.
    """

    @extend_schema_field(
        Kinds(component_name=name, serializers=shapes, resource_type_field_name="kind", many=False)
    )
    class KindsField(serializers.DictField):
        pass

    return KindsField()
