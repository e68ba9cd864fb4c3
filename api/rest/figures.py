"""The shape of each kind of figure in the schema: data that the learner's side draws."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.rest.kinds import Shapes, kind_field


def numbers(help_text: str = "null is a gap.") -> serializers.ListField:
    return serializers.ListField(child=serializers.FloatField(allow_null=True), help_text=help_text)


def html_label() -> Any:
    """Declare a field called ``label``, which serializers themselves have as a text."""
    return serializers.CharField(help_text="HTML.")


class AxisSerializer(serializers.Serializer[Any]):
    label = html_label()


class SampledAxisSerializer(AxisSerializer):
    values = numbers("Where it is sampled.")


class SeriesSerializer(serializers.Serializer[Any]):
    label = html_label()
    values = numbers()


class PointSerializer(serializers.Serializer[Any]):
    x = serializers.FloatField(allow_null=True)
    y = serializers.FloatField(allow_null=True)
    label = html_label()


class FigureSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(help_text="HTML.")


class CurveFigureSerializer(FigureSerializer):
    """Curves over one axis, with marked points."""

    kind = kind_field("curve")
    x = SampledAxisSerializer()
    y = AxisSerializer()
    curves = SeriesSerializer(many=True)
    points = PointSerializer(many=True)


class TableFigureSerializer(FigureSerializer):
    """Columns of numbers, as text."""

    kind = kind_field("table")
    columns = serializers.ListField(child=serializers.CharField(), help_text="HTML of their heads.")
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class ContourFigureSerializer(FigureSerializer):
    """A surface over two axes, row by row from the lowest y, with marked points."""

    kind = kind_field("contour")
    x = SampledAxisSerializer()
    y = SampledAxisSerializer()
    z = serializers.ListField(child=numbers())
    points = PointSerializer(many=True)


SHAPES: Shapes = {
    "curve": CurveFigureSerializer,
    "table": TableFigureSerializer,
    "contour": ContourFigureSerializer,
}
