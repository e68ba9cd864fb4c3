from xml.etree import ElementTree

import pytest

from assessment.psychometrics import charts
from assessment.psychometrics.regions import Region

NAN = float("nan")
DRAWN = {
    "distribution": charts.distribution([0, 3, 9, 4], (0, 8), "Scores", "points"),
    "nobody": charts.distribution([0, 0], (0, 8), "Scores", "points"),
    "scatter": charts.facility_and_discrimination([(0.4, 0.3, "1"), (0.9, -0.4, "2 & 3")]),
    "no items": charts.facility_and_discrimination([]),
    "curves": charts.distractor_curves([("A", (0.2, 0.5, 0.9), True), ("<B>", (0.8, NAN, 0.1), False)]),
    "unknown": charts.distractor_curves([("A", (NAN, NAN, NAN), True)]),
    "regions": charts.regions("lr", [Region(0.1, 0.1, 20, 0.8, 0.7), Region(0.2, 0.4, 30, 0.3, 0.35)]),
}


@pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)
def test_a_chart_is_wellformed_and_tells_what_it_shows(drawn):
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img"
    assert ". " in root.get("aria-label")
    assert "style" not in drawn
    assert "nan" not in drawn.lower()


def test_the_numbers_stand_in_the_text_alternative():
    assert "&lt;B&gt;: 80%, unknown, 10%." in DRAWN["curves"]
    assert "9 of 16" in DRAWN["distribution"]
