"""The statistics of an assessment and of its items, as pages of the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessment.admin.accepting import Link, accepting_answer, accepting_option, correcting, no_link
from assessment.admin.calibrated import calibrated
from assessment.models import Assessment
from assessment.psychometrics import charts
from assessment.psychometrics.regions import Region
from assessment.results.answers import written
from assessment.results.computing import HALVES
from assessment.results.report import (
    AnswerRow,
    InteractionReport,
    ItemReport,
    Number,
    ParameterReport,
    Report,
)
from assessment.results.statistics import (
    Statistics,
    Subject,
    courses_to_look_at,
    may_look_everywhere,
    statistics_of,
    subject_for,
)
from assessment.results.wrong_answers import wrong_answers_to
from content.admin.desk import Page
from content.admin.scoped import account
from content.items.interactions.choice import Choice
from content.items.markup import render_inline
from content.models import AuthorGrant, Misconception
from content.models.items import published

UNKNOWN: Final = "–"
MOST_CURVES: Final = 6
"""Lines in one picture; the table has the rest."""
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0%}".replace("%", " %")


def decimal(value: float | None, places: int = 2) -> str:
    return UNKNOWN if value is None else f"{value:.{places}f}".replace("-", "−")


def percent_with_interval(one: Number) -> str:
    if one.low is None or one.high is None:
        return percent(one.value)
    return f"{percent(one.value)} ({100 * one.low:.0f}–{100 * one.high:.0f})"


def decimal_with_interval(one: Number) -> str:
    if one.low is None or one.high is None:
        return decimal(one.value)
    return f"{decimal(one.value)} ({decimal(one.low)} to {decimal(one.high)})"


def seconds(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    whole = round(value)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def statistics_page(assessment: Assessment, request: HttpRequest) -> dict[str, Any]:
    """Return the statistics of an assessment, or of one item version of it, as far as somebody may look."""
    user, now = account(request), timezone.now()
    subject = subject_for(user, assessment, _uuid(request.GET.get("course")), now)
    if subject is None:
        raise Http404
    of_all = request.GET.get("attempts") == "all"
    found = statistics_of(subject, now=now, of_all=of_all)
    context = {
        "found": found,
        "report": found.report,
        "subject": subject,
        "courses": courses_to_look_at(user, assessment, now),
        "everywhere": may_look_everywhere(user, assessment, now),
        "address": _query(subject, of_all),
    }
    if (version := _uuid(request.GET.get("item"))) is not None:
        item = next((one for one in found.report.items if one.version == str(version)), None)
        if item is None:
            raise Http404
        may_open = AuthorGrant.objects.banks(user).filter(slug=item.bank).exists()
        may_correct = user.has_perm("assessment.add_correction")
        shown = item_context(item, may_open=may_open, assessment=assessment if may_correct else None)
        return context | {"item": shown}
    return context | overview(found)


STATISTICS: Final = Page(
    "statistics",
    "Statistics",
    "admin/assessment/statistics.html",
    statistics_page,
    shown=lambda assessment: assessment.current_id is not None,
)


def overview(found: Statistics) -> dict[str, Any]:
    """Return what the page of a whole assessment shows: flags, totals, a row and a point for each item."""
    report = found.report
    rows = [_item_row(number, one) for number, one in enumerate(report.items, start=1)]
    return {
        "rows": rows,
        "looked_at": [row for row in rows if row["flags"] and not row["too_few"]],
        "too_few": sum(row["too_few"] for row in rows),
        "totals": _totals(report),
        "pictures": list(_pictures(report)),
    }


def _item_row(number: int, one: ItemReport) -> dict[str, Any]:
    return {
        "number": number,
        "item": one,
        "facility": percent_with_interval(one.facility),
        "first_try": percent(one.first_try.value),
        "sd": percent(one.sd),
        "weight": percent(one.weight),
        "effective": percent(one.effective_weight),
        "discrimination": decimal_with_interval(one.discrimination),
        "efficiency": percent(one.efficiency),
        "guess": percent(one.guess),
        "seconds": seconds(one.seconds.median),
        "flags": one.flags,
        "too_few": any(flag.kind == "few" for flag in one.flags),
    }


def _totals(report: Report) -> list[tuple[str, str, str]]:
    """Return the name, the number and the meaning of each figure about totals."""
    if (one := report.totals) is None:
        return []
    mean = f"{decimal(one.mean.value)} ({decimal(one.mean.low)} to {decimal(one.mean.high)}) of {one.most:g} points"
    return [
        ("Mean", mean, "with the interval that holds the true mean 19 times out of 20"),
        ("Median", decimal(one.median), "half of the attempts lie below"),
        ("Standard deviation", decimal(one.sd), "how far attempts lie apart"),
        ("Skewness", decimal(one.skewness), "below 0: a tail of weak attempts; above 0: of strong ones"),
        (
            "Kurtosis",
            decimal(one.kurtosis),
            "above 0: more attempts far from the middle than in a normal distribution",
        ),
        (
            "Reliability (alpha)",
            decimal_with_interval(one.consistency),
            "0.7 and more is usual for a test in class, 0.8 for one that decides something",
        ),
        ("Error ratio", percent(one.error_ratio), "the share of the spread that is chance"),
        (
            "Standard error",
            decimal(one.error),
            "points by which one attempt may miss what its learner can do",
        ),
    ]


def _pictures(report: Report) -> list[SafeString]:
    drawn = []
    if one := report.totals:
        drawn.append(charts.distribution(one.bars, (0, one.most), "Scores", "points"))
    if report.ability:
        edges = float(HALVES[0]), float(HALVES[-1])
        drawn.append(
            charts.distribution(report.ability.bars, edges, "Estimated abilities", "ability (theta)")
        )
    points = [
        (one.facility.value, one.discrimination.value, str(number))
        for number, one in enumerate(report.items, start=1)
        if one.facility.value is not None and one.discrimination.value is not None
    ]
    if points:
        drawn.append(charts.facility_and_discrimination(points))
    return [_safe(svg) for svg in drawn]


def item_context(one: ItemReport, *, may_open: bool, assessment: Assessment | None) -> dict[str, Any]:
    """Return what the page of one item version shows; with an assessment, links to what may be corrected there."""
    titles = _titles(one)
    link = partial(correcting, assessment, one) if assessment else no_link
    return {
        "one": one,
        "row": _item_row(0, one),
        "time": f"{seconds(one.seconds.low)} to {seconds(one.seconds.high)}",
        "interactions": [_interaction(one, part, titles, link) for part in one.interactions],
        "correct": link(),
        "parameters": [_parameter(part) for part in one.parameters],
        "wrong": [
            {
                "one": wrong,
                "share": percent(wrong.share),
                "title": titles.get(wrong.misconception or "", wrong.misconception),
                "third": decimal(wrong.third, 1),
                "accept": accepting_answer(one, wrong, link),
            }
            for wrong in wrong_answers_to(one)
        ],
        "calibrated": calibrated(one.bank, one.slug),
        "may_open": may_open,
    }


def _titles(one: ItemReport) -> Mapping[str, str]:
    slugs = {row.misconception for part in one.interactions for row in part.rows}
    slugs |= {row.misconception for part in one.interactions for row in part.wrong}
    found = Misconception.objects.filter(slug__in=[slug for slug in slugs if slug])
    return dict(found.values_list("slug", "title"))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of an answer table: its letter in the picture, its text, and the numbers in words."""

    letter: str
    text: SafeString
    row: AnswerRow
    share: str
    thirds: Sequence[str]
    correlation: str
    title: str | None
    accept: str


def _interaction(
    item: ItemReport, part: InteractionReport, titles: Mapping[str, str], link: Link
) -> dict[str, Any]:
    texts = _texts(item, part, titles)
    lines = [
        Line(
            letter=LETTERS[number] if number < len(LETTERS) else str(number + 1),
            text=texts[number],
            row=row,
            share=percent(row.share),
            thirds=[percent(share) for share in row.thirds],
            correlation=decimal_with_interval(row.correlation),
            title=titles.get(row.misconception or "", row.misconception) if part.is_choice else None,
            accept=accepting_option(item, part, row, link),
        )
        for number, row in enumerate(part.rows)
    ]
    curves = [
        (line.letter, [np.nan if share is None else share for share in line.row.curve], line.row.is_key)
        for line in lines
        if line.row.count
    ][:MOST_CURVES]
    known = any(not np.isnan(share) for _, shares, _ in curves for share in shares)
    return {
        "part": part,
        "lines": lines,
        "picture": _safe(charts.distractor_curves(curves)) if known else None,
        "several": len(item.interactions) > 1,
    }


def _texts(item: ItemReport, part: InteractionReport, titles: Mapping[str, str]) -> list[SafeString]:
    """Return the text of each row: an option as its author wrote it, or what the answers have in common."""
    if part.is_choice:
        interaction = published(UUID(item.version)).definition.interactions[part.id]
        if not isinstance(interaction, Choice):
            raise TypeError(f"{part.id} of {item.slug} is no choice")
        return [_safe(render_inline(option.text)) for option in interaction.options]
    return [escape(_what(row, titles)) for row in part.rows]


def _what(row: AnswerRow, titles: Mapping[str, str]) -> str:
    if row.is_key:
        return "Right"
    if row.misconception:
        return titles.get(row.misconception, row.misconception)
    return "Other answers" if row.answer is None else written(row.answer)


def _parameter(part: ParameterReport) -> dict[str, Any]:
    regions = [
        Region(
            one.low,
            one.high,
            one.answers,
            np.nan if one.facility is None else one.facility,
            np.nan if one.adjusted is None else one.adjusted,
        )
        for one in part.regions
    ]
    return {
        "part": part,
        "rows": [
            {
                "span": f"{one.low:g}" if one.low == one.high else f"{one.low:g} to {one.high:g}",
                "answers": one.answers,
                "facility": percent(one.facility),
                "adjusted": percent(one.adjusted),
            }
            for one in part.regions
        ],
        "p_value": "too few answers yet" if part.p_value is None else f"{part.p_value:.3f}",
        "gap": percent(part.gap),
        "picture": _safe(charts.regions(part.name, regions)) if regions else None,
    }


def _query(subject: Subject, of_all: bool) -> str:
    """Return what is asked for, to be carried from page to page."""
    course = f"course={subject.course.pk}&" if subject.course else ""
    return f"{course}attempts={'all' if of_all else 'first'}"


def _uuid(text: str | None) -> UUID | None:
    """Return the id in an address; None for none. Raises Http404 for what is no id."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - our own marks around numbers and escaped names, or what markup has cleaned
