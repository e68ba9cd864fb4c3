"""Who may work at the authoring desk without being a superuser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from assessment.people.rights import at_the_desk

NAME: Final = "Instructors"

MAY: Final[Mapping[str, tuple[str, ...]]] = at_the_desk()
"""What somebody who teaches, writes or reviews may do with rows of each kind, as the table of rights says. What
learners did is looked at and never touched; of versions only drafts can be deleted by anybody."""


def permissions_on(label: str) -> list[str]:
    """Return the names of the permissions on rows of a kind; an action with an underscore is a name already."""
    app, model = label.split(".")
    return [f"{app}.{action if '_' in action else f'{action}_{model}'}" for action in MAY[label]]


def ensure_instructor_group() -> Group:
    """Return the group of instructors with exactly the permissions of ``MAY``. Twice is once."""
    group, _ = Group.objects.get_or_create(name=NAME)
    group.permissions.set(_permissions())
    return group


def _permissions() -> list[Permission]:
    wanted = Q(pk__in=())
    for label in MAY:
        app, model = label.split(".")
        codenames = [name.split(".")[1] for name in permissions_on(label)]
        wanted |= Q(content_type__app_label=app, content_type__model=model, codename__in=codenames)
    return list(Permission.objects.filter(wanted))
