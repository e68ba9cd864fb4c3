"""The shape of each kind of interaction in the schema, derived from what the kind itself says that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from rest_framework import serializers

from api.rest.kinds import Shapes, kind_field
from content.items.interactions import INTERACTIONS, Interaction

Shape = type[serializers.Serializer[Any]]
Field = serializers.Field[Any, Any, Any, Any]

PLAIN: Final[Mapping[Any, type[Field]]] = {
    bool: serializers.BooleanField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    str: serializers.CharField,
}


class InteractionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(
        help_text="The same as in data-interaction, and the name of its part of an answer."
    )


def shapes() -> Shapes:
    """Return the serializer of every kind in the table."""
    return {name: _shape_of_kind(kind) for name, kind in INTERACTIONS.items()}


@cache
def _shape_of_kind(kind: type[Interaction]) -> Shape:
    name = "".join(word.capitalize() for word in kind.kind.split("_"))
    declared = {"kind": kind_field(kind.kind), **_fields_of(kind.shows)}
    return _serializer(f"{name}InteractionSerializer", InteractionSerializer, kind.shows, declared)


@cache
def _shape_of_part(shown: type[Any]) -> Shape:
    return _serializer(f"{shown.__name__}Serializer", serializers.Serializer, shown, _fields_of(shown))


def _serializer(name: str, base: Shape, shown: type[Any], declared: Mapping[str, Field]) -> Shape:
    return type(name, (base,), {"__doc__": shown.__doc__, "__module__": __name__, **declared})


def _fields_of(shown: type[Any]) -> dict[str, Field]:
    hints = get_type_hints(shown)
    return {each.name: _field(hints[each.name], each.metadata.get("about")) for each in fields(shown)}


def _field(hint: Any, about: str | None = None) -> Field:
    """Return the field for a type that a shown class uses. Raises KeyError for one that nothing shows yet."""
    if isinstance(hint, UnionType):
        (inner,) = (each for each in get_args(hint) if each is not NoneType)
        options: dict[str, Any] = {"allow_null": True, "help_text": about}
        listed = get_origin(inner) is tuple
        return _list_of(get_args(inner)[0], **options) if listed else PLAIN[inner](**options)
    if get_origin(hint) is tuple:
        inner, _ = get_args(hint)
        if isinstance(inner, type) and is_dataclass(inner):
            return _shape_of_part(inner)(many=True, help_text=about)
        return _list_of(inner, help_text=about)
    return PLAIN[hint](help_text=about)


def _list_of(hint: Any, **options: Any) -> Field:
    return serializers.ListField(child=_field(hint), **options)
