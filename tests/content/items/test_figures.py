import json

import pytest

from content.documents.reader import DefinitionError
from content.items.drawing import draw_variant
from content.items.figures import GRID, SAMPLES
from content.items.parsing.document import parse_definition
from content.items.presenting import present
from tests.builders import exercise_document

CURVE = {
    "kind": "curve",
    "title": "Decay of ${x}$",
    "x": {"name": "t", "from": 0, "to": "x", "label": "steps"},
    "curves": [{"label": "square", "y": "t**2"}, {"label": "pole", "y": "1/(t - 0)"}],
    "points": [{"x": "x", "y": "x*x", "label": "here"}],
}
TABLE = {
    "kind": "table",
    "columns": [{"label": "n", "values": "[1, 2, x]", "places": 2}, {"values": "[x, 0/0]"}],
}
CONTOUR = {
    "kind": "contour",
    "x": {"name": "u", "from": -1, "to": 1},
    "y": {"name": "v", "from": -2, "to": 2},
    "z": "u**2 + x*v**2",
    "points": [{"x": 0, "y": 0}],
}


def figure(document):
    definition = parse_definition(exercise_document(figures=[document]))
    variant = draw_variant(definition, 1)
    shown = present(definition, variant)["figures"][0]
    json.dumps(shown, allow_nan=False)
    return shown, variant.values["x"]


def test_a_curve_is_sampled_from_the_learner_s_numbers():
    shown, x = figure(CURVE)
    assert len(shown["x"]["values"]) == len(shown["curves"][0]["values"]) == SAMPLES
    assert shown["curves"][0]["values"][-1] == pytest.approx(x * x, rel=1e-5)
    assert shown["points"] == [{"x": x, "y": pytest.approx(x * x), "label": "here"}]
    assert str(x) in shown["title"]


def test_a_pole_is_a_gap():
    assert figure(CURVE)[0]["curves"][1]["values"][0] is None


def test_a_table_lists_its_columns_and_fills_the_short_ones():
    shown, x = figure(TABLE)
    assert [row[0] for row in shown["rows"]] == ["1.00", "2.00", f"{x:.2f}"]
    assert [row[1] for row in shown["rows"]][1:] == ["–", ""]


def test_a_contour_has_a_row_for_each_height():
    shown, x = figure(CONTOUR)
    assert (len(shown["z"]), len(shown["z"][0])) == (GRID, GRID)
    assert shown["z"][0][0] == pytest.approx(1 + 4 * x, rel=1e-5)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"kind": "hologram"}, "figures.0.kind"),
        (CURVE | {"x": {"name": "x", "from": 0, "to": 1}}, "figures.0.x.name"),
        (CURVE | {"curves": []}, "figures.0.curves"),
        (CURVE | {"curves": [{"y": "z"}]}, "figures.0.curves.0.y"),
        (CURVE | {"colour": "red"}, "figures.0.colour"),
        (TABLE | {"columns": [{"values": "x", "places": -1}]}, "figures.0.columns.0.places"),
        (CONTOUR | {"z": "u + y"}, "figures.0.z"),
        (CURVE | {"curves": [{"y": "t + [1, 2]"}]}, "figures.0.curves.0.y"),
        (CURVE | {"points": [{"x": "[1, 2]", "y": 0}]}, "figures.0.points.0.x"),
        (CONTOUR | {"z": "u + sum(linspace(0, 1, 9000))"}, "figures.0"),
        (TABLE | {"columns": [{"values": "[[1, 2], [3, x]]"}]}, "figures.0.columns.0.values"),
        (TABLE | {"columns": [{"values": "linspace(0, x, 500)"}]}, "figures.0.columns.0.values"),
    ],
)
def test_a_bad_figure_names_its_place(document, path):
    with pytest.raises(DefinitionError) as raised:
        parse_definition(exercise_document(figures=[document]))
    assert path in dict(raised.value.faults)
