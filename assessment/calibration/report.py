"""What an instructor reads before activating a calibration: how it ended, how items and persons fit, what drifted.

Fit compares answers cell by cell, so it is computed on a sample of attempts where there are very many.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from assessment.calibration.log import BankLog
from assessment.models import Attempt, Calibration, Course
from assessment.psychometrics.calibration import Calibration as Fitted
from assessment.psychometrics.calibration import DegenerateItems, Settings, calibrate
from assessment.psychometrics.dif import logistic, mantel_haenszel, theta_strata
from assessment.psychometrics.drift import drift
from assessment.psychometrics.errors import ErrorMethod
from assessment.psychometrics.estimation import NormalPrior, eap
from assessment.psychometrics.fit import lz_star, mean_squares, s_x2
from assessment.psychometrics.irt import Floats, ItemParameters
from assessment.psychometrics.maximization import CalibrationModel

SAMPLE: Final = 5_000
"""Attempts that fit is computed on at most."""
COMPLETE: Final = 200
"""S-X2 compares groups of equal total score, so it needs this number of attempts that answered every item."""
ODD: Final = -1.645
"""lz* below this is found in one of twenty attempts that fit."""
ODDEST: Final = 20
IN_COMMON: Final = 5
"""Drift is seen against the other items, so it needs at least this number of items in common."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A calibration with the log it comes from, the items left out and why, an ``earlier`` one to compare, and
    the ``focal`` course whose members are compared with the others."""

    log: BankLog
    fitted: Fitted
    left_out: Mapping[str, str]
    earlier: Calibration | None
    focal: Course | None = None


def report(measured: Measured) -> dict[str, Any]:
    """Return the report as JSON: numbers that could not be had are null."""
    fitted = measured.fitted
    found = {
        "persons": int(fitted.persons),
        "answers": int(measured.log.answers.sum()),
        "items": len(measured.log.slugs),
        "left_out": dict(measured.left_out),
        "log_likelihood": fitted.log_likelihood,
        "iterations": fitted.iterations,
        "converged": fitted.converged,
        "errors_by": fitted.standard_errors.method.value,
        "group": {"mean": fitted.group_mean, "sd": fitted.group_sd},
        **_fit(measured),
        "drift": _drift(measured),
        "dif": _dif(measured),
    }
    safe: dict[str, Any] = json_safe(found)
    return safe


def json_safe(value: Any) -> Any:
    """Return a document with null for every number that JSON cannot hold."""
    if isinstance(value, dict):
        return {key: json_safe(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [json_safe(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _fit(measured: Measured) -> dict[str, Any]:
    fitted = measured.fitted
    matrix, chosen = measured.log.dense(SAMPLE)
    theta = eap(matrix, fitted.items, NormalPrior(fitted.group_mean, fitted.group_sd)).theta
    squares = mean_squares(matrix, fitted.items, theta)
    table = _score_table(matrix, fitted)
    by_item = {
        slug: {"infit": float(squares.infit[place]), "outfit": float(squares.outfit[place])}
        | {name: float(column[place]) for name, column in table.items()}
        for place, slug in enumerate(measured.log.slugs)
    }
    persons = lz_star(matrix, fitted.items)
    known = np.flatnonzero(~np.isnan(persons))
    odd = known[persons[known] < ODD]
    oddest = odd[np.argsort(persons[odd])][:ODDEST]
    return {
        "item_fit": by_item,
        "person_fit": {
            "attempts": len(known),
            "odd": len(odd),
            "oddest": [
                {"attempt": str(measured.log.attempts[chosen[row]]), "lz_star": float(persons[row])}
                for row in oddest
            ],
        },
    }


def _score_table(matrix: Floats, fitted: Fitted) -> dict[str, Floats]:
    """Return S-X2 where enough attempts are complete, else nothing."""
    if int((~np.isnan(matrix)).all(axis=1).sum()) < COMPLETE:
        return {}
    estimated = {CalibrationModel.ONE: 1, CalibrationModel.TWO: 2, CalibrationModel.THREE: 3}[fitted.model]
    found = s_x2(matrix, fitted.items, parameters=estimated)
    return {
        "s_x2": found.statistic,
        "degrees": found.degrees.astype(np.float64),
        "p_value": found.p_value,
    }


def _drift(measured: Measured) -> dict[str, Any] | None:
    """Compare with the earlier calibration; None where the two have too little in common."""
    if measured.earlier is None:
        return None
    earlier = measured.earlier.items()
    common = [slug for slug in measured.log.slugs if slug in earlier]
    new = _freely(measured, common)
    if new is None or np.any(new.a <= 0) or any(earlier[slug].a <= 0 for slug in common):
        return None
    table = np.array([[p.a, p.b, p.c, p.d] for p in (earlier[slug] for slug in common)])
    found = drift(ItemParameters(*table.T), new)
    return {
        "compared_with": measured.earlier.number,
        "slope": found.link.slope,
        "intercept": found.link.intercept,
        "items": {
            slug: {
                "a_z": float(found.a_z[n]),
                "b_z": float(found.b_z[n]),
                "distance": float(found.distance[n]),
            }
            for n, slug in enumerate(common)
        },
        "moved": [slug for n, slug in enumerate(common) if found.moved[n]],
    }


def _dif(measured: Measured) -> dict[str, Any] | None:
    """Compare the members of the focal course with everybody else of the same ability, item by item."""
    if measured.focal is None:
        return None
    fitted = measured.fitted
    matrix, chosen = measured.log.dense(SAMPLE)
    members = set(
        Attempt.objects.filter(learner__users__enrolments__course=measured.focal).values_list("pk", flat=True)
    )
    focal = np.array([measured.log.attempts[row] in members for row in chosen], dtype=np.bool_)
    theta = eap(matrix, fitted.items, NormalPrior(fitted.group_mean, fitted.group_sd)).theta
    table, shift = mantel_haenszel(matrix, focal, theta_strata(theta)), logistic(matrix, focal, theta)
    return {
        "course": measured.focal.slug,
        "focal": int(focal.sum()),
        "reference": int((~focal).sum()),
        "items": {
            slug: {
                "delta": float(table.delta[n]),
                "p_value": float(table.p_value[n]),
                "category": table.category[n],
                "uniform_p": float(shift.uniform_p[n]),
                "nonuniform_p": float(shift.nonuniform_p[n]),
                "effect": float(shift.effect[n]),
            }
            for n, slug in enumerate(measured.log.slugs)
        },
    }


def _freely(measured: Measured, common: list[str]) -> ItemParameters | None:
    """Return the common items as today's answers alone place them: what is anchored cannot show its drift."""
    if len(common) < IN_COMMON:
        return None
    settings = Settings(model=measured.fitted.model, errors=ErrorMethod.NONE)
    try:
        return calibrate(measured.log.only(common).triplets(), settings).items
    except DegenerateItems:
        return None
