"""The page on which a blueprint is filled: what there is by skill, difficulty and kind, and what is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils import timezone

from assessment import authoring
from assessment.models import AssessmentVersion, Calibration
from assessment.people.rights import may
from assessment.rules.definition import MOST
from assessment.rules.sections import text_with_section
from assessment.selection.blueprint import (
    MOST_ITEMS,
    MOST_ROWS,
    Candidate,
    Difficulty,
    Proposal,
    Row,
    available,
    propose,
    section_of,
)
from content.admin.desk import REFUSED, Page, address, tell
from content.admin.scoped import account
from content.documents.text import DocumentFault, load_document
from content.expressions import exact
from content.models import AuthorGrant, Item, ItemBank, Skill

BANDS: Final = {
    Difficulty.EASY: "easy (below −0.5)",
    Difficulty.MEDIUM: "medium",
    Difficulty.HARD: "hard (above 0.5)",
    Difficulty.UNKNOWN: "nobody has said",
}
LONGEST_TITLE: Final = 200
MOST_SEED: Final = 999_999


@dataclass(frozen=True, slots=True)
class Catalog:
    """The items that may be taken, with the titles that a teacher knows them by."""

    candidates: Sequence[Candidate]
    titles: Mapping[str, str]
    skills: Mapping[str, str]

    @property
    def kinds(self) -> list[str]:
        return sorted({kind for one in self.candidates for kind in one.kinds})

    @property
    def by_slug(self) -> dict[str, Candidate]:
        return {one.slug: one for one in self.candidates}


@dataclass(frozen=True, slots=True)
class Entered:
    """What the form of the page says. ``faults`` are by the number of a row, and None for the whole."""

    rows: Sequence[Row]
    title: str
    seed: int
    faults: Sequence[tuple[int | None, str]] = ()

    @property
    def wanted(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def points(self) -> float:
        return sum(row.count * row.points for row in self.rows)


def catalog(banks: QuerySet[ItemBank]) -> Catalog:
    """Return the items of some banks that assessments may ask. A difficulty that was measured goes before a guess."""
    asked = Item.objects.asked().filter(bank__in=banks.values("pk"))
    measured = {
        slug: one.b
        for calibration in Calibration.objects.filter(bank__in=banks.values("pk"), is_active=True)
        for slug, one in calibration.items().items()
    }
    skills: dict[str, list[str]] = {}
    for slug, skill in asked.order_by("slug").values_list("slug", "skills__slug"):
        skills.setdefault(slug, []).extend([skill] if skill else [])
    said = asked.order_by("slug").values_list(
        "slug",
        "title",
        "current__document__difficulty",
        "current__document__interactions",
        "current__document__enemies",
    )
    candidates, titles = [], {}
    for slug, title, guess, interactions, enemies in said:
        titles[slug] = title
        kinds = sorted({one["kind"] for one in interactions.values()})
        difficulty = measured.get(slug, guess)
        candidates.append(
            Candidate(slug, tuple(skills[slug]), difficulty, tuple(kinds), tuple(enemies or ()))
        )
    used = {skill for one in candidates for skill in one.skills}
    named = Skill.objects.filter(slug__in=used).order_by("title").values_list("slug", "title")
    return Catalog(candidates, titles, dict(named))


def blueprint(version: AssessmentVersion, request: HttpRequest) -> dict[str, Any] | HttpResponseRedirect:
    """Show the table of rows and what is proposed for it; insert the proposal where that is asked for."""
    banks = AuthorGrant.objects.banks(account(request)).order_by("title")
    sent = request.POST if request.method == "POST" else QueryDict()
    bank = sent.get("bank") or request.GET.get("bank", "")
    found = catalog(banks.filter(slug=bank) if bank else banks)
    entered, proposal = _entered(sent), None
    if sent.get("do") in ("propose", "another", "insert"):
        entered = _checked(entered if sent["do"] != "another" else replace(entered, seed=entered.seed + 1))
        if not entered.faults:
            proposal = propose(entered.rows, found.candidates, entered.seed)
    if proposal and sent.get("do") == "insert" and sent.get("shown") == _shown(proposal):
        return _inserted(version, request, section_of(entered.title, entered.rows, proposal))
    return {
        "entered": entered,
        "rows": [(row, _faults_of(entered, number)) for number, row in enumerate(entered.rows)],
        "blank": Row(),
        "faults_of_all": _faults_of(entered, None),
        "banks": banks,
        "bank": bank,
        "skills": found.skills,
        "bands": {band.value: words for band, words in BANDS.items()},
        "kinds": {kind: kind.replace("_", " ") for kind in found.kinds},
        "there_is": _table(found),
        "proposed": _proposed(entered, proposal, found) if proposal else None,
        "shown": _shown(proposal) if proposal else "",
        "changed": sent.get("do") == "insert",
        "most_items": MOST_ITEMS,
    }


BLUEPRINT: Final = Page(
    "blueprint",
    "Assemble by blueprint",
    "admin/assessment/blueprint.html",
    blueprint,
    shown=lambda version: version.is_draft and version.document.get("mode", "fixed") == "fixed",
)


def _entered(sent: QueryDict) -> Entered:
    """Return the rows as they were sent, with the one that a button of the table adds, less the one to remove."""
    columns = [sent.getlist(name) for name in ("skill", "difficulty", "kind", "count", "points")]
    rows = [
        Row(skill, difficulty, kind, _count(count), _points(points))
        for skill, difficulty, kind, count, points in zip(*columns, strict=False)
    ]
    removed = sent.get("remove", "")
    if removed and (place := _count(removed)) < len(rows):
        del rows[place]
    if (added := sent.get("add")) is not None:
        skill, _, rest = added.partition("|")
        difficulty, _, kind = rest.partition("|")
        rows.append(Row(skill, difficulty, kind))
    title = sent.get("title", "").strip()[:LONGEST_TITLE]
    return Entered(rows[:MOST_ROWS], title, min(_count(sent.get("seed", "1")), MOST_SEED))


def _checked(entered: Entered) -> Entered:
    faults: list[tuple[int | None, str]] = []
    for number, row in enumerate(entered.rows):
        if not 1 <= row.count <= MOST_ITEMS:
            faults.append((number, f"How many: a whole number of 1 to {MOST_ITEMS}."))
        if not 0 < row.points <= MOST:
            faults.append((number, f"Points: more than 0 and at most {MOST}."))
    if not entered.rows:
        faults.append((None, "Add a row first: choose what you want in the table, or press “Add a row”."))
    if entered.wanted > MOST_ITEMS:
        faults.append(
            (None, f"These are {entered.wanted} questions; a section has at most {MOST_ITEMS} here.")
        )
    return replace(entered, faults=faults)


def _faults_of(entered: Entered, row: int | None) -> list[str]:
    return [reason for number, reason in entered.faults if number == row]


def _count(text: str) -> int:
    """Return a number of a form; 0 where it is none, which no row may have."""
    return exact.whole(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _points(text: str) -> float:
    try:
        return exact.nearest(exact.fraction(text.strip().replace(",", "."))) if len(text) < 20 else 0.0
    except exact.UnusableNumber:
        return 0.0


def _table(found: Catalog) -> list[tuple[str, list[tuple[str, list[tuple[str, str, int]]]]]]:
    """Return what there is: by skill, then by band, the kinds with what their button adds and how many there are."""
    counts = available(found.candidates)
    skills = {**found.skills, **({"": "(no skill)"} if any(skill == "" for skill, _, _ in counts) else {})}
    return [
        (
            title,
            [
                (
                    BANDS[band],
                    [
                        (
                            kind.replace("_", " "),
                            f"{skill}|{band.value}|{kind}",
                            counts[skill, band.value, kind],
                        )
                        for kind in found.kinds
                        if (skill, band.value, kind) in counts
                    ],
                )
                for band in Difficulty
            ],
        )
        for skill, title in skills.items()
    ]


def _proposed(entered: Entered, proposal: Proposal, found: Catalog) -> dict[str, Any]:
    short = {one.row: one.words for one in proposal.short}
    by_slug = found.by_slug
    return {
        "rows": [
            {
                "number": number + 1,
                "row": row,
                "short": short.get(number),
                "items": [(by_slug[slug], found.titles[slug]) for slug in taken],
            }
            for number, (row, taken) in enumerate(zip(entered.rows, proposal.taken, strict=True))
        ],
        "count": sum(map(len, proposal.taken)),
        "points": sum(
            row.points * len(taken) for row, taken in zip(entered.rows, proposal.taken, strict=True)
        ),
        "is_whole": not proposal.short,
    }


def _shown(proposal: Proposal) -> str:
    """Return a proposal as its page sends it back: what is inserted is what was looked at."""
    return " ".join(slug for taken in proposal.taken for slug in taken)


def _inserted(
    version: AssessmentVersion, request: HttpRequest, section: dict[str, Any]
) -> HttpResponseRedirect:
    if not section["slots"]:
        messages.error(request, "There is nothing to insert.")
        return HttpResponseRedirect(request.path)
    if not may(request.user, "change", version, timezone.now()):
        raise PermissionDenied
    try:
        text = text_with_section(version.text, section)
        authoring.draft_assessment(
            document=load_document(text),
            source=text,
            now=timezone.now(),
            based_on=version.revision,
            author=account(request),
        )
    except DocumentFault as fault:
        messages.error(request, f"The text of the draft cannot be read as it stands: {fault}")
        return HttpResponseRedirect(request.path)
    except REFUSED as error:
        tell(request, error)
        return HttpResponseRedirect(request.path)
    messages.success(request, f"A section of {len(section['slots'])} questions stands in the draft now.")
    return HttpResponseRedirect(address(version))
