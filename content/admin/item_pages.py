"""What is done with items beside their wording: copied, moved to another bank, tagged; one or many."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone

from content import authoring
from content.admin.bases import ModelForm
from content.admin.bulk import CONFIRMED, Bulk, Entered, action
from content.admin.consequences import Change, to_confirm
from content.admin.desk import REFUSED, Page, address, tell
from content.admin.item_list import tags_seen
from content.admin.scoped import account, rights_of
from content.catalogue import MOST_TAGS
from content.curating import (
    TagRefused,
    duplicate_item,
    move_item,
    tag_item,
    tags_of,
)
from content.models import Item, ItemBank, Status

MOST_PUBLISHED: Final = 20
"""Drafts at once: each is certified, which takes the better part of a second."""


LONGEST_LINE: Final = 1000
"""Of tags, more than the most of the longest."""


class TagsInput(forms.TextInput):
    """A line that suggests the ``known`` tags."""

    class Media:
        js = ("content/tags.js",)

    def __init__(self, known: Sequence[str] = ()) -> None:
        super().__init__({"class": "vTextField tags", "spellcheck": "false", "data-known": json.dumps(known)})


class TagsField(forms.CharField):
    """Tags in a line, with commas between them; what others have is suggested while typing."""

    def __init__(self, known: Sequence[str] = (), **options: Any) -> None:
        defaults = {"required": False, "widget": TagsInput(known), "max_length": LONGEST_LINE}
        super().__init__(**{**defaults, **options})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if len(value or "") > LONGEST_LINE:
            raise forms.ValidationError(f"This is longer than {LONGEST_LINE} characters.")
        try:
            return tags_of(super().to_python(value) or "")
        except TagRefused as error:
            raise forms.ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError("Enter a tag.")

    def run_validators(self, value: Any) -> None:
        """The tags have been checked where they were read."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != tags_of(data or "")
        except TagRefused:
            return True


class ItemForm(ModelForm):
    """What of an item is no part of its wording."""

    tags = TagsField()

    class Meta:
        model = Item
        fields = ["tags"]

    def clean_tags(self) -> list[str]:
        tags: list[str] = self.cleaned_data["tags"]
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(f"These are {len(tags)} tags; {MOST_TAGS} is the most.")
        return tags


def banks_of(user: Any) -> Any:
    """Return the banks into which somebody may put items."""
    writable = rights_of(admin.site).rows(user, "change", ItemBank, timezone.now())
    return ItemBank.objects.filter(writable).order_by("title")


def bank_form(request: HttpRequest, label: str = "Bank") -> type[forms.Form]:
    """Return a form that asks for a bank in which the user writes."""
    field = forms.ModelChoiceField(banks_of(account(request)), label=label)
    return type("BankForm", (forms.Form,), {"bank": field})


def item_form(known: Sequence[str]) -> type[ItemForm]:
    """Return the form of an item, which suggests the ``known`` tags."""
    words = f"Words of your own to find it by, with commas between them; {MOST_TAGS} at most."
    return type(
        "KnowingItemForm", (ItemForm,), {"tags": TagsField(known, help_text=words, show_hidden_initial=True)}
    )


def _tag_form(request: HttpRequest, label: str) -> type[forms.Form]:
    field = TagsField(tags_seen(request), label=label, required=True, help_text="With commas between them.")
    return type("TagForm", (forms.Form,), {"tags": field})


def _duplicate(item: Item, request: HttpRequest) -> dict[str, Any] | HttpResponseRedirect:
    """Copy an item into a bank and go on with the draft of the copy."""
    form = bank_form(request, "Into the bank")(request.POST or None, initial={"bank": item.bank_id})
    if request.method == "POST" and form.is_valid():
        try:
            draft = duplicate_item(
                item=item, bank=form.cleaned_data["bank"], now=timezone.now(), author=account(request)
            )
        except REFUSED as error:
            tell(request, error)
        else:
            messages.success(
                request, f"{item.slug} was copied. This is the draft of the copy, {draft.item.slug}."
            )
            return HttpResponseRedirect(address(draft))
    return {"form": form, "wording": item.current or item.versions.filter(status=Status.DRAFT).first()}


def _move(item: Item, request: HttpRequest) -> dict[str, Any] | HttpResponseRedirect:
    """Move an item into another bank, once it was told what that does to others."""
    form = bank_form(request, "To the bank")(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return {"form": form}
    bank = form.cleaned_data["bank"]
    if CONFIRMED not in request.POST:
        return {"form": form, "bank": bank, **to_confirm(Change([item], bank), request)}
    try:
        move_item(item=item, bank=bank, despite_review=bool(request.user.is_superuser))
    except REFUSED as error:
        tell(request, error)
    else:
        messages.success(request, f"{item.slug} is in the bank {bank} now.")
    return HttpResponseRedirect(address(item))


DUPLICATE = Page("duplicate", "Duplicate", "admin/content/duplicate.html", _duplicate, writes=True)
MOVE = Page("move", "Move to another bank", "admin/content/move.html", _move, writes=True)


def _moved(item: Item, entered: Entered, request: HttpRequest) -> str:
    move_item(item=item, bank=entered["bank"], despite_review=bool(request.user.is_superuser))
    return f"moved to the bank {entered['bank']}"


def _tagged(item: Item, entered: Entered, _request: HttpRequest) -> str:
    return f"tags now: {', '.join(tag_item(item=item, add=entered['tags']).tags)}"


def _untagged(item: Item, entered: Entered, _request: HttpRequest) -> str:
    return f"tags now: {', '.join(tag_item(item=item, remove=entered['tags']).tags) or 'none'}"


def _published(item: Item, _entered: Entered, request: HttpRequest) -> str:
    draft = item.versions.filter(status=Status.DRAFT).first()
    if draft is None:
        raise authoring.NoDraft(item)
    return f"{authoring.publish_item(version=draft, now=timezone.now(), published_by=account(request))} published"


ACTIONS: Final = (
    action(
        Bulk(
            "move",
            "Move to another bank",
            _moved,
            lambda request: bank_form(request, "To the bank"),
            lambda rows, entered: Change(rows, entered["bank"]),
        )
    ),
    action(Bulk("tag", "Add tags", _tagged, lambda request: _tag_form(request, "Tags to add"))),
    action(Bulk("untag", "Remove tags", _untagged, lambda request: _tag_form(request, "Tags to remove"))),
    action(Bulk("publish_drafts", "Publish the drafts", _published, most=MOST_PUBLISHED)),
)
"""What the list of items offers for many of them, beside retiring and restoring."""
