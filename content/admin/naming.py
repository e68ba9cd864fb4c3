"""What the editor asks while somebody types: which skills, misconceptions and items there are, and to make one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from itertools import count
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.text import slugify

from content.admin.scoped import rows_seen
from content.catalogue import LONGEST_SLUG
from content.documents.storable import is_storable
from content.expressions import exact
from content.models import Item, ItemBank, Lesson, Misconception, Skill

SHOWN: Final = 12
"""Names offered at once: more are found by typing on."""
LONGEST_SEARCH: Final = 100
LONGEST_WORDS: Final = 4000

NAMED: Final[dict[str, type[Model]]] = {
    "skill": Skill,
    "misconception": Misconception,
    "item": Item,
    "bank": ItemBank,
    "lesson": Lesson,
}
WORDS: Final = {"skill": "description", "misconception": "explanation"}
"""What can be made while somebody types, and the field that its words go to."""


def find_names(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the rows of a kind whose title or slug has every word that was typed, those that begin with it first."""
    model = NAMED.get(request.GET.get("kind", ""))
    if model is None:
        return _refused("There is nothing of that kind.")
    found = _seen(site, request, model)
    typed = request.GET.get("search", "")[:LONGEST_SEARCH].replace("\0", "")
    for word in typed.split():
        found = found.filter(Q(title__icontains=word) | Q(slug__icontains=word))
    rows = list(found.order_by("title").values_list("slug", "title")[: SHOWN * 4])
    rows.sort(
        key=lambda row: not (row[0].startswith(typed) or row[1].casefold().startswith(typed.casefold()))
    )
    return JsonResponse({"results": [{"slug": slug, "title": title} for slug, title in rows[:SHOWN]]})


def make_name(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """Make a skill or a misconception of a title, with a slug of its own. Refusals say why in words."""
    try:
        sent = json.loads(request.body, parse_int=exact.whole)
        kind, title, words = (str(sent.get(key, "")) for key in ("kind", "title", "words"))
    except (ValueError, AttributeError):
        return _refused("That is no name.")
    if kind not in WORDS:
        return _refused("There is nothing of that kind.")
    desk: Any = site.get_model_admin(NAMED[kind])
    if not desk.has_add_permission(request):
        raise PermissionDenied
    if not title.strip() or (kind == "misconception" and not words.strip()):
        return _refused("A title is needed, and for a misconception what is wrong.")
    if len(words) > LONGEST_WORDS or not is_storable(title + words):
        return _refused(f"This cannot be kept: at most {LONGEST_WORDS} ordinary characters.")
    try:
        row = _made(NAMED[kind], title.strip(), {WORDS[kind]: words.strip()})
    except ValidationError as error:
        return _refused(" ".join(error.messages))
    desk.log_addition(request, row, "Made while writing.")
    return JsonResponse({"slug": row.slug, "title": row.title})


def _seen(site: admin.AdminSite, request: HttpRequest, model: Any) -> QuerySet[Any]:
    condition = rows_seen(site, model, request)
    every: QuerySet[Any] = model._default_manager.all()
    return every if condition is None else every.filter(condition)


def _made(model: Any, title: str, words: dict[str, str]) -> Any:
    """Return a new row. Raises ValidationError."""
    for slug in _slugs(title):
        row = model(slug=slug, title=title, **words)
        row.full_clean(exclude=["slug"])
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # the slug is taken
            continue
        return row
    raise ValidationError("There are too many of that name.")


def _slugs(title: str) -> Iterator[str]:
    """Yield slugs for a title, the plain one first."""
    base = slugify(title)[: LONGEST_SLUG - 5].strip("-_").replace("_", "-") or "new"
    yield base
    yield from (f"{base}-{number}" for number in count(2) if number < 1000)


def _refused(reason: str) -> JsonResponse:
    return JsonResponse({"error": reason}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
