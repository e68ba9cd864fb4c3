"""What the latest calibration of a bank says of one item, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from assessment.models import Calibration
from assessment.selection.pool import Parameters

CLASSES: Final = {
    "B": "It works somewhat differently for the members of {course} than for others of the same ability.",
    "C": "It works very differently for the members of {course} than for others of the same ability.",
}
"""By the classes of the Educational Testing Service; A is negligible."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """``words`` say what has drifted and for whom it works differently; none, if nothing has."""

    calibration: Calibration
    parameters: Parameters
    answers: int
    words: tuple[str, ...]


def calibrated(bank: str, item: str) -> Calibrated | None:
    """Return what the latest calibration of a bank says of an item; None where it says nothing."""
    latest = Calibration.objects.filter(bank__slug=bank).select_related("bank").order_by("-number").first()
    if latest is None or item not in latest.parameters:
        return None
    stored = latest.parameters[item]
    words = tuple(_words(latest.report, item))
    return Calibrated(latest, Parameters.from_json(stored), int(stored.get("answers") or 0), words)


def _words(report: dict[str, Any], item: str) -> Iterator[str]:
    drift, dif = report.get("drift") or {}, report.get("dif") or {}
    if item in drift.get("moved", ()):
        yield f"It has become easier or harder since calibration {drift['compared_with']}."
    found = dif.get("items", {}).get(item)
    if found and found["category"] in CLASSES:
        yield CLASSES[found["category"]].format(course=dif["course"])
