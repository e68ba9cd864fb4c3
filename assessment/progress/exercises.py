"""What a learner may practice now: only this is ever suggested."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from assessment.models import User
from assessment.people.access import accessible, for_practice
from assessment.progress.next_step import Named
from content.models import Item, Lesson
from content.models.items import ItemQuerySet


def closed_lessons(user: User, now: datetime) -> set[UUID]:
    """Return the ids of the premium lessons that are not for the user."""
    premium = list(Lesson.objects.filter(premium=True))
    return {lesson.pk for lesson in premium} - accessible(premium, user, now)


def open_to_practice(user: User, closed: Collection[UUID], now: datetime) -> ItemQuerySet:
    """Return the items that a practice could begin with now, without their texts."""
    found = for_practice(user, now).exclude(bank__lesson__in=closed)
    return found.select_related(None).only("pk", "slug", "title")


def exercises_for(
    skills: Collection[UUID], locked: Collection[UUID], allowed: ItemQuerySet
) -> dict[UUID, Named]:
    """Return for each skill that has any the exercise that asks for least besides it, and for nothing locked.

    One query.
    """
    links = Item.skills.through.objects.filter(skill__in=skills, item__in=allowed.values("pk"))
    asked: Mapping[tuple[str, str], set[UUID]] = defaultdict(set)
    for slug, title, skill in links.values_list("item__slug", "item__title", "skill"):
        asked[slug, title].add(skill)
    found: dict[UUID, Named] = {}
    for (slug, title), needed in sorted(
        asked.items(), key=lambda one: (len(one[1] & set(locked)), len(one[1]), one[0])
    ):
        for skill in needed:
            found.setdefault(skill, Named(slug, title))
    return found
