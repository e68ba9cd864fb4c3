"""Figures computed from a variant's numbers: data that the learner's side draws.

A curve is sampled, a table lists vectors, a contour samples a surface. What is not finite becomes a gap.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from content.documents.reader import Reader
from content.expressions import Expression, ExpressionError, Scope, Shape
from content.expressions.shapes import describe, elements
from content.items.display import MINUS, format_number
from content.items.interactions.base import Render
from content.items.interactions.fields import parse_expression
from content.items.stream import Floats

SAMPLES = 121
"""Points of a curve."""
GRID = 41
"""Points of a contour's grid along each axis."""
MAX_ROWS = 100
MAX_FIGURES = 6
MAX_PARTS = 12

Values = Mapping[str, Any]


class FigureFault(ValueError):
    """An expression of a figure does not fit; ``path`` is its place below the figure."""

    def __init__(self, path: str, text: str, fault: ExpressionError) -> None:
        super().__init__(path, text, fault)
        self.path = path
        self.text = text
        self.fault = fault


class Figure(ABC):
    kind: ClassVar[str]

    @classmethod
    @abstractmethod
    def parse(cls, reader: Reader, scope: Scope) -> Self | None:
        """Read the definition; faults go to the reader and give None."""

    @abstractmethod
    def cost(self, shapes: Mapping[str, Shape]) -> int:
        """Return the steps it takes to compute, given the shapes of values. Raises FigureFault."""

    @abstractmethod
    def data(self, values: Values, render: Render) -> dict[str, Any]:
        """Return what is drawn, as JSON."""

    @property
    @abstractmethod
    def written(self) -> tuple[tuple[str, str], ...]:
        """The author's texts that stand in it, each with its place below it."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The author's texts that stand in it."""
        return tuple(text for _, text in self.written)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """What its expressions may name beside the item's own values."""
        return ()

    @property
    def names(self) -> frozenset[str]:
        """The item's values that it is computed from."""
        used = {name for expression in (*self.marked, *self.drawn) for name in expression.names}
        return frozenset(used - {axis.name for axis in self.axes})

    @property
    @abstractmethod
    def marked(self) -> tuple[Expression, ...]:
        """The values that can be read from it as numbers: those of marked points and of a table."""

    @property
    @abstractmethod
    def drawn(self) -> tuple[Expression, ...]:
        """All other expressions that it is drawn from."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The variable ``name`` runs from ``start`` to ``end``."""

    name: str
    start: Expression
    end: Expression
    label: str

    @classmethod
    def parse(cls, reader: Reader, scope: Scope) -> Axis | None:
        name, label = reader.text("name"), reader.text("label", default="")
        start, end = parse_expression(reader, "from", scope), parse_expression(reader, "to", scope)
        reader.finish()
        if name in scope.names:
            reader.fault("name", "must be a name of its own")
        return cls(name, start, end, label) if start and end else None

    def cost(self, shapes: Mapping[str, Shape], path: str) -> int:
        return number_cost(self.start, shapes, f"{path}.from") + number_cost(self.end, shapes, f"{path}.to")

    def points(self, values: Values, count: int) -> Floats:
        with np.errstate(all="ignore"):  # an end that is not finite makes gaps
            return np.linspace(_number(self.start, values), _number(self.end, values), count)

    def data(self, render: Render) -> dict[str, Any]:
        return {"label": render(self.label)}


@dataclass(frozen=True, slots=True)
class Point:
    """A marked point with a label."""

    x: Expression
    y: Expression
    label: str

    @classmethod
    def parse(cls, reader: Reader, scope: Scope) -> Point | None:
        x, y = parse_expression(reader, "x", scope), parse_expression(reader, "y", scope)
        label = reader.text("label", default="")
        reader.finish()
        return cls(x, y, label) if x and y else None

    def cost(self, shapes: Mapping[str, Shape], path: str) -> int:
        return number_cost(self.x, shapes, f"{path}.x") + number_cost(self.y, shapes, f"{path}.y")

    def data(self, values: Values, render: Render) -> dict[str, Any]:
        x, y = _plain(np.array([_number(self.x, values), _number(self.y, values)]))
        return {"x": x, "y": y, "label": render(self.label)}


@dataclass(frozen=True, slots=True)
class Curve(Figure):
    """Curves over one axis, with marked points."""

    kind: ClassVar[str] = "curve"
    title: str
    x: Axis
    y_label: str
    curves: tuple[tuple[str, Expression], ...]
    points: tuple[Point, ...]

    @classmethod
    def parse(cls, reader: Reader, scope: Scope) -> Self | None:
        axis = Axis.parse(reader.mapping("x"), scope)
        inside = scope.beside(axis.name) if axis else _with_name(reader, scope, "x")
        curves = [_labeled(entry, "y", inside) for entry in _few(reader, "curves")]
        points = [Point.parse(entry, scope) for entry in _few(reader, "points")]
        title, y_label = reader.text("title", default=""), reader.text("y_label", default="")
        if not curves:
            reader.spoil("curves", "must have a curve")
        if axis is None or not all(curves) or not all(points):
            return None
        return cls(title, axis, y_label, tuple(filter(None, curves)), tuple(filter(None, points)))

    def cost(self, shapes: Mapping[str, Shape]) -> int:
        inside: dict[str, Shape] = {**shapes, self.x.name: ()}
        curves = sum(
            number_cost(expression, inside, f"curves.{place}.y")
            for place, (_, expression) in enumerate(self.curves)
        )
        return SAMPLES * curves + self.x.cost(shapes, "x") + _cost_of_points(self.points, shapes)

    def data(self, values: Values, render: Render) -> dict[str, Any]:
        x = self.x.points(values, SAMPLES)
        inside = _repeated(values, SAMPLES) | {self.x.name: x}
        return {
            "kind": self.kind,
            "title": render(self.title),
            "x": self.x.data(render) | {"values": _plain(x)},
            "y": {"label": render(self.y_label)},
            "curves": [
                {"label": render(label), "values": _plain(_numbers(expression, inside, SAMPLES))}
                for label, expression in self.curves
            ],
            "points": [point.data(values, render) for point in self.points],
        }

    @property
    def axes(self) -> tuple[Axis, ...]:
        return (self.x,)

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        curves = ((f"curves.{place}.label", label) for place, (label, _) in enumerate(self.curves))
        own = (("title", self.title), ("y_label", self.y_label), ("x.label", self.x.label))
        return (*own, *curves, *_labels(self.points))

    @property
    def marked(self) -> tuple[Expression, ...]:
        return _places(self.points)

    @property
    def drawn(self) -> tuple[Expression, ...]:
        return (self.x.start, self.x.end, *(expression for _, expression in self.curves))


@dataclass(frozen=True, slots=True)
class Table(Figure):
    """Columns of numbers, each a vector, with their decimal places."""

    kind: ClassVar[str] = "table"
    title: str
    columns: tuple[tuple[str, Expression, int | None], ...]

    @classmethod
    def parse(cls, reader: Reader, scope: Scope) -> Self | None:
        columns = []
        for entry in _few(reader, "columns"):
            places = entry.raw("places")
            if places is not None and (type(places) is not int or not 0 <= places <= 12):
                entry.fault("places", "must be an integer of 0 to 12")
            if column := _labeled(entry, "values", scope):
                columns.append((*column, places))
        title = reader.text("title", default="")
        if not columns:
            if not reader.faults.is_faulty(reader.at("columns")):
                reader.fault("columns", "must have a column")
            return None
        return cls(title, tuple(columns))

    def cost(self, shapes: Mapping[str, Shape]) -> int:
        return sum(
            _cost_of_column(expression, shapes, f"columns.{place}.values")
            for place, (_, expression, _) in enumerate(self.columns)
        )

    def data(self, values: Values, render: Render) -> dict[str, Any]:
        once = _repeated(values, 1)
        columns = [np.atleast_1d(_array(e.evaluate(once, 1))[0]) for _, e, _ in self.columns]
        cells = [
            [_cell(float(value), places) if np.isfinite(value) else "–" for value in column]
            for column, (_, _, places) in zip(columns, self.columns, strict=True)
        ]
        height = max(map(len, cells))
        padded = [column + [""] * (height - len(column)) for column in cells]
        return {
            "kind": self.kind,
            "title": render(self.title),
            "columns": [render(label) for label, _, _ in self.columns],
            "rows": [list(row) for row in zip(*padded, strict=True)],
        }

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        columns = ((f"columns.{place}.label", label) for place, (label, _, _) in enumerate(self.columns))
        return (("title", self.title), *columns)

    @property
    def marked(self) -> tuple[Expression, ...]:
        return tuple(expression for _, expression, _ in self.columns)

    @property
    def drawn(self) -> tuple[Expression, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Contour(Figure):
    """A surface over two axes, with marked points."""

    kind: ClassVar[str] = "contour"
    title: str
    x: Axis
    y: Axis
    z: Expression
    points: tuple[Point, ...]

    @classmethod
    def parse(cls, reader: Reader, scope: Scope) -> Self | None:
        x = Axis.parse(reader.mapping("x"), scope)
        y = Axis.parse(reader.mapping("y"), scope.beside(x.name) if x else scope)
        inside = _with_name(reader, _with_name(reader, scope, "x"), "y")
        z = parse_expression(reader, "z", inside)
        points = [Point.parse(entry, scope) for entry in _few(reader, "points")]
        title = reader.text("title", default="")
        if x is None or y is None or z is None or not all(points):
            return None
        return cls(title, x, y, z, tuple(filter(None, points)))

    def cost(self, shapes: Mapping[str, Shape]) -> int:
        inside: dict[str, Shape] = {**shapes, self.x.name: (), self.y.name: ()}
        axes = self.x.cost(shapes, "x") + self.y.cost(shapes, "y")
        return GRID * GRID * number_cost(self.z, inside, "z") + axes + _cost_of_points(self.points, shapes)

    def data(self, values: Values, render: Render) -> dict[str, Any]:
        x, y = self.x.points(values, GRID), self.y.points(values, GRID)
        across, up = np.meshgrid(x, y)
        inside = _repeated(values, GRID * GRID) | {self.x.name: across.ravel(), self.y.name: up.ravel()}
        surface = _numbers(self.z, inside, GRID * GRID).reshape(GRID, GRID)
        return {
            "kind": self.kind,
            "title": render(self.title),
            "x": self.x.data(render) | {"values": _plain(x)},
            "y": self.y.data(render) | {"values": _plain(y)},
            "z": [_plain(row) for row in surface],
            "points": [point.data(values, render) for point in self.points],
        }

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.x, self.y

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        own = (("title", self.title), ("x.label", self.x.label), ("y.label", self.y.label))
        return (*own, *_labels(self.points))

    @property
    def marked(self) -> tuple[Expression, ...]:
        return _places(self.points)

    @property
    def drawn(self) -> tuple[Expression, ...]:
        return (self.x.start, self.x.end, self.y.start, self.y.end, self.z)


FIGURES: dict[str, type[Figure]] = {figure.kind: figure for figure in (Curve, Table, Contour)}


def parse_figures(reader: Reader, scope: Scope) -> tuple[Figure, ...]:
    """Read the list of figures of a document."""
    figures = []
    for entry in reader.readers("figures")[:MAX_FIGURES]:
        kind = entry.text("kind")
        if kind not in FIGURES:
            entry.refuse_choice("kind", kind, FIGURES)
        elif figure := FIGURES[kind].parse(entry, scope):
            entry.finish()
            figures.append(figure)
    return tuple(figures)


def _cost_of_points(points: tuple[Point, ...], shapes: Mapping[str, Shape]) -> int:
    return sum(point.cost(shapes, f"points.{place}") for place, point in enumerate(points))


def _labels(points: tuple[Point, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((f"points.{place}.label", point.label) for place, point in enumerate(points))


def _places(points: tuple[Point, ...]) -> tuple[Expression, ...]:
    return tuple(coordinate for point in points for coordinate in (point.x, point.y))


def _with_name(reader: Reader, scope: Scope, key: str) -> Scope:
    """Return a scope with the name of an axis; where that cannot be read, any name may be its name."""
    axis = reader.raw(key)
    name = axis.get("name") if isinstance(axis, Mapping) else None
    return scope.beside(name) if isinstance(name, str) else replace(scope, open=True)


def _few(reader: Reader, key: str) -> list[Reader]:
    entries = reader.readers(key)
    if len(entries) > MAX_PARTS:
        reader.fault(key, f"must be at most {MAX_PARTS}")
    return entries[:MAX_PARTS]


def _labeled(reader: Reader, key: str, scope: Scope) -> tuple[str, Expression] | None:
    label, expression = reader.text("label", default=""), parse_expression(reader, key, scope)
    reader.finish()
    return (label, expression) if expression else None


def _repeated(values: Values, count: int) -> dict[str, Floats]:
    """Return the variant's values as a batch in which every row is the same."""
    arrays = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}
    return {name: np.repeat(array[np.newaxis], count, axis=0) for name, array in arrays.items()}


def _number(expression: Expression, values: Values) -> float:
    return float(_numbers(expression, _repeated(values, 1), 1)[0])


def _numbers(expression: Expression, values: Mapping[str, Floats], count: int) -> Floats:
    """Evaluate to one number for each row."""
    return _array(expression.evaluate(values, count))


def _array(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _cell(value: float, places: int | None) -> str:
    """Write a number as running text does: a table is no formula."""
    return format_number(value, places).replace("-", MINUS)


def _plain(values: Floats) -> list[float | None]:
    """Return numbers for JSON, to the precision that a screen can show; a gap for what is not finite."""
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in values.ravel()]


def number_cost(expression: Expression, shapes: Mapping[str, Shape], path: str) -> int:
    """Return the cost of an expression that must be a number. Raises FigureFault."""
    if shape := _shape_of(expression, shapes, path):
        fault = ExpressionError(f"a figure needs a number here, not {describe(shape)}", 1, 1)
        raise FigureFault(path, expression.text, fault)
    return expression.cost(shapes)


def _cost_of_column(expression: Expression, shapes: Mapping[str, Shape], path: str) -> int:
    shape = _shape_of(expression, shapes, path)
    if len(shape) > 1 or elements(shape) > MAX_ROWS:
        fault = ExpressionError(f"a column is a number or a vector of at most {MAX_ROWS}", 1, 1)
        raise FigureFault(path, expression.text, fault)
    return expression.cost(shapes)


def _shape_of(expression: Expression, shapes: Mapping[str, Shape], path: str) -> Shape:
    try:
        return expression.shape(shapes)
    except ExpressionError as error:
        raise FigureFault(path, expression.text, error) from error
