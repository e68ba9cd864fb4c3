"""What stands beside an assessment while it is written: panels of an unsaved definition, each a fragment of a page.

A panel is asked for with the choices of its own form (``options``), which its fragment shows in a ``form.panel`` sent
by GET; whoever puts it into a page of its own need not know what they are. `panel_html` is the one door for texts
that nobody has checked: it shows nothing that whoever asks may not see.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from assessment.admin.simulated import TOLD
from assessment.calibration.simulating import SimulationRefused, simulate_assessment
from assessment.errors import BankExhausted
from assessment.models import Accommodation, Assignment, User
from assessment.models.people import MOST_MINUTES, MOST_TIME, MOST_TRIES
from assessment.modes import mode_of
from assessment.modes.adaptive import worth
from assessment.modes.base import Planned, Practiced, rules_of
from assessment.people.oversight import overseen_courses
from assessment.rules.adaptive import AdaptiveRules
from assessment.rules.definition import AssessmentDefinition
from assessment.rules.document import parse_assessment
from assessment.rules.fixed import FixedRules
from assessment.rules.mastery import MasteryRules
from assessment.selection.pool import ItemPool
from content.admin.trying import preview
from content.documents.reader import DefinitionError
from content.expressions import exact
from content.items.drawing import ImpossibleDraw
from content.items.markup import render
from content.items.soundness import sound_variant
from content.models import AuthorGrant, Item, Lesson

Context = dict[str, Any]
Options = Mapping[str, Any]

MISSING: Final = (
    "This assessment cannot be started: it asks for an item that is not served, or for more than there are."
)
MOST_LEARNERS: Final = 500
MOST_BY_SHADOW: Final = 25
"""A page must come back within seconds; ``manage.py simulate`` takes more."""
MOST_ANSWERS: Final = 12_000
"""Of all learners of a practice until mastery, for the same reason."""
DEFAULT_LEARNERS: Final = 200
ABILITIES: Final = (-2.0, -1.0, 0.0, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Panel:
    """``context`` returns what the fragment ``template`` shows of a definition and the choices of its form."""

    name: str
    label: str
    template: str
    context: Callable[[AssessmentDefinition, Options], Context]


def panel_html(
    panel: Panel,
    document: Mapping[str, Any],
    options: Options,
    *,
    user: Any,
    before: Mapping[str, Any] | None = None,
) -> str:
    """Return a panel of an unsaved document as HTML, with what is wrong in place of what cannot be shown.

    ``before`` is the document as it is stored: what stood there may stay, whoever's it is.
    """
    try:
        definition = parse_assessment(document)
        refuse_foreign(user, document, before)
    except DefinitionError as error:
        return render_to_string("admin/assessment/panels/faults.html", {"panel_faults": error.faults})
    return render_to_string(panel.template, panel.context(definition, options))


# As a learner sees it


@dataclass(frozen=True, slots=True)
class SlotTold:
    """A line of the table of a section: ``item`` where it is named, ``points`` of all its items."""

    words: str
    item: Item | None
    count: int
    weight: float

    @property
    def points(self) -> float:
        return self.count * self.weight


@dataclass(frozen=True, slots=True)
class SectionTold:
    title: str
    shuffle: bool
    slots: Sequence[SlotTold]

    @property
    def count(self) -> int:
        return sum(slot.count for slot in self.slots)

    @property
    def points(self) -> float:
        return sum(slot.points for slot in self.slots)


@dataclass(frozen=True, slots=True)
class WorthTold:
    """What an ability is worth in an adaptive assessment."""

    theta: float
    score: float
    most: float
    level: str


def rehearsal(definition: AssessmentDefinition, options: Options) -> Context:
    """Return the items of an attempt as the dice of this page draw them, and what each part is worth.

    Of an adaptive one it is the whole pool, of one of mastery the skills in their order.
    """
    draw = _whole(options.get("draw"), 0, 0, 10**9)
    dice = random.Random(str(draw))  # noqa: S311 - so that a page can be looked at again
    context: Context = {
        "definition": definition,
        "instructions": mark_safe(render(definition.instructions)),  # noqa: S308 - markup has cleaned it
        "next_draw": draw + 1,
        "longest": mode_of(definition).longest(definition),
        "sections": list(_sections(definition)),
    }
    context["total"] = sum(one.points for one in context["sections"])
    try:
        found = mode_of(definition).rehearse(definition, dice)
        return context | {
            "pool": found.pool,
            "worth": list(_worth(definition, found.pool)) if found.pool else [],
            "skills": None if found.skills is None else list(_skills(found.skills)),
            "places": None if found.places is None else [_place(planned, dice) for planned in found.places],
        }
    except BankExhausted:
        return {**context, "panel_faults": [(definition.item_rules.key, MISSING)]}
    except ImpossibleDraw as error:
        return {**context, "panel_faults": [("items", str(error))]}


def _sections(definition: AssessmentDefinition) -> Iterator[SectionTold]:
    if not isinstance(definition.item_rules, FixedRules):
        return
    rules = definition.item_rules
    named = Item.objects.in_bulk([slot.item for slot in rules.slots if slot.item], field_name="slug")
    for section in rules.sections:
        slots = []
        for slot in section.slots:
            item = named.get(slot.item or "")
            drawn = f"drawn from {slot.bank}" + (f", skill {slot.skill}" if slot.skill else "")
            words = drawn if slot.item is None else item.title if item else slot.item
            slots.append(SlotTold(words, item, 1 if slot.item else slot.draw, slot.weight))
        yield SectionTold(section.title, section.shuffle, slots)


def _worth(definition: AssessmentDefinition, pool: ItemPool) -> Iterator[WorthTold]:
    by = rules_of(definition, AdaptiveRules).result
    for theta in ABILITIES:
        level = by.level(theta)
        score, most = worth(by, pool, theta)
        yield WorthTold(theta, score, most, level.name if level else "")


def _skills(order: Sequence[Practiced]) -> Iterator[Context]:
    """Yield the skills in the order of prerequisites with what they require and how many items they have."""
    titles = {one.skill.slug: one.skill.title for one in order}
    for one in order:
        requires = [titles[slug] for slug in one.requires]
        yield {"title": one.skill.title, "requires": requires, "items": one.items}


def _place(planned: Planned, dice: random.Random) -> Context:
    version = planned.item.current
    if version is None:
        raise BankExhausted
    variant = sound_variant(version.definition, dice)
    return {
        "section": planned.section_title,
        "weight": planned.weight,
        "item": planned.item,
        "shown": preview(version.definition, variant),
    }


# For somebody for whom something is arranged


class ArrangementForm(forms.Form):
    """What may be arranged for one person, to try out."""

    time_factor = forms.FloatField(
        label="The time, times",
        min_value=1,
        max_value=MOST_TIME,
        initial=1.5,
        error_messages={"min_value": "This must be 1 (no extra time) or more."},
        help_text="1.5 is half as much again.",
    )
    extra_minutes = forms.IntegerField(
        label="And more minutes", min_value=0, max_value=MOST_MINUTES, initial=0, required=False
    )
    no_limit = forms.BooleanField(label="No time limit", required=False)
    extra_attempts = forms.IntegerField(
        label="More attempts", min_value=0, max_value=MOST_TRIES, initial=0, required=False
    )
    tries = forms.IntegerField(
        label="Tries per question",
        min_value=1,
        max_value=MOST_TRIES,
        required=False,
        help_text="Empty: as usual.",
    )

    @property
    def arranged(self) -> Accommodation:
        """What was entered, or what the form begins with, as a row that is not saved."""
        entered = self.cleaned_data if self.is_bound else {}
        first = {name: field.initial for name, field in self.fields.items()}
        values = {name: entered.get(name, first[name]) for name in first}
        return Accommodation(
            time_factor=values["time_factor"],
            extra_minutes=values["extra_minutes"] or 0,
            no_limit=bool(values["no_limit"]),
            extra_attempts=values["extra_attempts"] or 0,
            tries=values["tries"],
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing for everybody and for the person; ``note`` says what else there is to know."""

    what: str
    usual: str
    arranged: str
    note: str = ""

    @property
    def differs(self) -> bool:
        return self.usual != self.arranged


def accommodated(definition: AssessmentDefinition, options: Options) -> Context:
    """Return what changes for somebody for whom something is arranged: clock, attempts, tries, closing."""
    form = ArrangementForm(options if "time_factor" in options else None)
    if form.is_bound and not form.is_valid():
        return {"form": form}
    return {"form": form, "differences": list(_differences(definition, form.arranged))}


def _differences(definition: AssessmentDefinition, arranged: Accommodation) -> Iterator[Difference]:
    usual, tells = Assignment(), definition.rules.feedback
    usual.take(definition.usual)
    yield Difference(
        "Clock at the start",
        _clock(usual.minutes_for(None)),
        _clock(usual.minutes_for(arranged)),
        "Attempts under way get the time that is arranged at once.",
    )
    yield Difference("Attempts", _count(usual.attempts_for(None)), _count(usual.attempts_for(arranged)))
    yield Difference(
        "Tries per question",
        _count(definition.rules.tries),
        _count(definition.rules_under(tells, arranged.tries).tries),
        ""
        if definition.item_rules.takes_more_tries
        else "This kind of assessment keeps to one for everybody.",
    )
    yield Difference(
        "Closing",
        "as assigned",
        "as assigned",
        "More time does not open what has closed: an attempt ends at the closing at the latest. A later closing "
        "can be arranged for the person as well.",
    )


def _clock(minutes: float | None) -> str:
    """Return what the learner's clock begins with."""
    return "no clock" if minutes is None else str(timedelta(seconds=round(minutes * 60)))


def _count(number: int | None) -> str:
    return "any number" if number is None else str(number)


# Simulated


def simulation(definition: AssessmentDefinition, options: Options) -> Context:
    """Return the form, and when it was sent the report on this number of simulated learners."""
    most = _most_learners(definition)
    learners = _whole(options.get("learners"), min(DEFAULT_LEARNERS, most), 2, most)
    seed = _whole(options.get("seed"), 1, 0, 2**31 - 1)
    context: Context = {"learners": learners, "seed": seed, "most": most, "definition": definition}
    if options.get("learners") is None:
        return context
    try:
        found = simulate_assessment(definition=definition, learners=learners, seed=seed)
    except (SimulationRefused, BankExhausted) as error:
        return {**context, "panel_faults": [(definition.item_rules.key, str(error))]}
    drawn = [mark_safe(svg) for svg in found.pictures().values()]  # noqa: S308 - numbers in our own marks
    return {
        **context,
        "told": TOLD[found.mode](found),
        "remarks": found.remarks,
        "pictures": drawn,
    }


def _most_learners(definition: AssessmentDefinition) -> int:
    match definition.item_rules:
        case AdaptiveRules() as rules if rules.shadow:
            return MOST_BY_SHADOW
        case MasteryRules() as rules:
            return min(MOST_LEARNERS, max(2, MOST_ANSWERS // rules.max_items))
        case _:
            return MOST_LEARNERS


def _whole(text: Any, default: int, least: int, most: int) -> int:
    """Return a number from an address, brought into its bounds."""
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal() or len(text) > 10:
        return default
    return min(max(exact.whole(text), least), most)


REHEARSAL: Final = Panel(
    "preview", "As a learner sees it", "admin/assessment/panels/rehearsal.html", rehearsal
)
ACCOMMODATED: Final = Panel(
    "arrangements", "With more time", "admin/assessment/panels/accommodated.html", accommodated
)
SIMULATION: Final = Panel("simulation", "Simulate", "admin/assessment/panels/simulation.html", simulation)
PANELS: Final = (REHEARSAL, ACCOMMODATED, SIMULATION)


# What somebody's documents may name


def refuse_foreign(user: Any, document: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
    """Refuse a document that names what the user may not see, unless it stood there ``before``.

    Whoever names an item may rehearse it, with its solution. An unfinished document is let through: it can be neither
    rehearsed nor published. Raises DefinitionError.
    """
    if user.is_superuser or (definition := read(document)) is None:
        return
    earlier = read(before) if before else None
    stood = {(one.kind, one.slug) for one in earlier.references()} if earlier else set()
    seen = nameable(user)
    faults = [
        (one.path, f"there is no {one.kind} called {one.slug}")
        for one in definition.references()
        if one.kind in seen and (one.kind, one.slug) not in stood and not seen[one.kind].filter(slug=one.slug)
    ]
    if faults:
        raise DefinitionError(faults)


def nameable(user: User) -> dict[str, QuerySet[Any]]:
    """Return what somebody's documents may name: one's own, and the lessons of one's courses."""
    banks, lessons = AuthorGrant.objects.banks(user), AuthorGrant.objects.lessons(user)
    taught = Lesson.objects.filter(courses__in=overseen_courses(user, timezone.now()))
    return {
        "lesson": Lesson.objects.filter(Q(pk__in=lessons.values("pk")) | Q(pk__in=taught.values("pk"))),
        "bank": banks,
        "item": Item.objects.filter(bank__in=banks.values("pk")),
    }


def read(document: Mapping[str, Any]) -> AssessmentDefinition | None:
    """Return what a document defines; None of one that is not finished."""
    try:
        return parse_assessment(document)
    except DefinitionError:
        return None
