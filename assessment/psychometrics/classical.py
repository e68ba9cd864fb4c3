"""Classical item analysis: difficulty, discrimination, reliability (Lord & Novick 1968; Cronbach 1951).

Responses are scores, persons x items, NaN for missing. Items need not be right-or-wrong: scores in [0, 1] do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessment.psychometrics.irt import Floats, Integers


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """One entry per item: answers, mean score (the p-value), and the correlation with the rest of the items.

    The correlation is the point-biserial for right-or-wrong items, corrected for the item itself; NaN where
    nothing varies.
    """

    answers: Integers
    mean: Floats
    item_rest_correlation: Floats


def item_analysis(responses: Floats) -> ItemAnalysis:
    """Return the analysis of each item; the rest of a person is the mean over the other items answered."""
    answered = ~np.isnan(responses)
    scores = np.where(answered, responses, 0.0)
    others = answered.sum(axis=1, keepdims=True) - answered
    rest = (scores.sum(axis=1, keepdims=True) - scores) / np.maximum(others, 1)
    used = answered & (others > 0)
    number = answered.sum(axis=0)
    mean = np.divide(scores.sum(axis=0), number, out=np.full(len(number), np.nan), where=number > 0)
    return ItemAnalysis(number, mean, _correlations(scores, rest, used))


def alpha(responses: Floats) -> float:
    """Return Cronbach's alpha over the persons who answered everything; NaN where nothing varies."""
    complete = responses[~np.isnan(responses).any(axis=1)]
    count = complete.shape[1]
    if len(complete) < 2 or count < 2:
        return float("nan")
    total = complete.sum(axis=1).var(ddof=1)
    if total == 0:
        return float("nan")
    return float(count / (count - 1) * (1 - complete.var(axis=0, ddof=1).sum() / total))


def standard_error_of_measurement(responses: Floats) -> float:
    """Return the standard error of the total score over the persons who answered everything."""
    complete = responses[~np.isnan(responses).any(axis=1)]
    return float(complete.sum(axis=1).std(ddof=1) * np.sqrt(max(0.0, 1 - alpha(responses))))


def _correlations(
    one: Floats, other: Floats, used: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> Floats:
    """Return the correlation of each pair of columns over the rows in use."""
    number = np.maximum(used.sum(axis=0), 1)

    def centered(columns: Floats) -> Floats:
        mean = np.where(used, columns, 0.0).sum(axis=0) / number
        deviations: Floats = np.where(used, columns - mean, 0.0)
        return deviations

    first, second = centered(one), centered(other)
    scale = np.sqrt((first**2).sum(axis=0) * (second**2).sum(axis=0))
    product = (first * second).sum(axis=0)
    correlation: Floats = np.divide(product, scale, out=np.full_like(product, np.nan), where=scale > 0)
    return correlation
