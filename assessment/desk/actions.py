"""What people come to the desk for, one press away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Action:
    """A link to a form or a list, for those who may use it."""

    label: str
    model: str
    is_list: bool = False


ACTIONS: Final = (
    Action("New question", "content.item"),
    Action("New assessment", "assessment.assessment"),
    Action("New lesson", "content.lesson"),
    Action("New course", "assessment.course"),
    Action("Pictures", "content.media", is_list=True),
    Action("Import", "content.importrun"),
)
"""Those of models that the desk has."""


def actions_of(site: AdminSite, request: HttpRequest) -> list[tuple[str, str]]:
    """Return the label and address of each action that is somebody's to do."""
    desks: dict[str, Any] = {model._meta.label_lower: desk for model, desk in site._registry.items()}
    return [
        (action.label, _address(action))
        for action in ACTIONS
        if (desk := desks.get(action.model)) and _may(desk, action, request)
    ]


def _may(desk: Any, action: Action, request: HttpRequest) -> bool:
    return bool(desk.has_view_permission(request) if action.is_list else desk.has_add_permission(request))


def _address(action: Action) -> str:
    return reverse(f"admin:{action.model.replace('.', '_')}_{'changelist' if action.is_list else 'add'}")
