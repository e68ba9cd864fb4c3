"""What a page of the app is about, for programs that do not run it, and for people whose browser does not.

Only what anybody may read is told. Of everything else there is one sentence, the same whether it exists or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.rest.assessments import visible_assessments
from api.rest.lessons import text
from assessment.people.access import for_practice
from content.models import Lesson

WORDS: Final = "Lessons, quizzes and exercises whose every mark is explained."


@dataclass(frozen=True, slots=True)
class About:
    """A page: its heading, a sentence or two, and the text that can be read without the app.

    ``theory`` is safe HTML, or empty. ``is_public``: worth finding; else it is somebody's own.
    """

    title: str
    description: str = WORDS
    kind: str = "website"
    is_public: bool = True
    is_premium: bool = False
    theory: str = ""
    lessons: Iterable[Lesson] = ()

    @property
    def heading(self) -> str:
        return self.title if self.title == "Assay" else f"{self.title} · Assay"


HOME: Final = About("Assay")
NOWHERE: Final = About("Nothing here", "No page has this address.", is_public=False)
OWN: Final = About("Assay", is_public=False)
"""What belongs to somebody: an attempt, a result, progress."""


def _catalogue(_slug: str, _now: datetime) -> About:
    return About("Assay", lessons=Lesson.objects.filter(current__isnull=False).only("slug", "title"))


def _lesson(slug: str, _now: datetime) -> About | None:
    lesson = Lesson.objects.published().filter(slug=slug).first()
    if lesson is None:
        return None
    said = text(lesson.current)
    return About(
        said.definition.title,
        said.definition.summary,
        kind="article",
        is_premium=lesson.premium,
        theory="" if lesson.premium else said.theory,
    )


def _assessment(slug: str, now: datetime) -> About | None:
    found = visible_assessments(None, now).filter(slug=slug).first()
    return About(found.title, found.definition.summary or WORDS) if found else None


def _practice(slug: str, now: datetime) -> About | None:
    title = for_practice(None, now).filter(slug=slug).values_list("title", flat=True).first()
    if title is None:
        return None
    return About(title, "An exercise with numbers of your own, and a worked solution in them.")


READERS: Final[Mapping[str, Callable[[str, datetime], About | None]]] = {
    "catalogue": _catalogue,
    "lesson": _lesson,
    "assessment": _assessment,
    "practice": _practice,
    "signIn": lambda _slug, _now: About("Sign in"),
    "signUp": lambda _slug, _now: About("Create an account"),
}
SOMEBODYS: Final = {"assessment", "practice"}
"""Screens of things that may be there for some and not for all."""


def about(screen: str | None, slug: str, now: datetime, *, has_session: bool) -> About:
    """Return what a screen of the app shows; NOWHERE where that is nothing. Asks the database once at most.

    Whether somebody with a session may see more is found out by the app: it is not told here, and costs no query.
    """
    if screen is None:
        return NOWHERE
    if screen not in READERS:
        return OWN
    return READERS[screen](slug, now) or (OWN if has_session and screen in SOMEBODYS else NOWHERE)
