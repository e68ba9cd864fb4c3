"""Forms in which authors write documents."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from content.admin.bases import ModelForm
from content.authoring import slug_of
from content.documents.reader import DefinitionError
from content.documents.text import MAX_CHARACTERS, DocumentFault, dump_document, load_document
from content.models import Item, ItemVersion

TEMPLATE = """\
slug: a-name-of-its-own
title: What it is about
skills: []
body: |
  The text, with formulas such as $w^2$, and a place for the answer.

  [[a]]
interactions:
  a:
    kind: choice
    options:
      - {id: a, text: The key, key: true, feedback: Why it is right.}
      - {id: b, text: A distractor, feedback: What is wrong with it.}
solution: |
  How to get there.
"""

WHAT_MAY_STAND_HERE: Final = (
    'As in a course folder; <a href="/docs/authoring/">Writing questions</a> says what may stand here.'
)


class DocumentField(forms.CharField):
    """A YAML document; the value is the mapping that stands in it."""

    widget = forms.Textarea(attrs={"class": "document", "rows": 40, "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": MAX_CHARACTERS, "strip": False, **options})

    def prepare_value(self, value: Any) -> Any:
        return dump_document(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        try:
            document = load_document(super().to_python(value) or "")
        except DocumentFault as fault:
            raise forms.ValidationError(str(fault)) from fault
        if not isinstance(document, dict):
            raise forms.ValidationError("This must be a mapping, as in the template.")
        return document

    def validate(self, value: Any) -> None:
        """Let nothing through that could not be kept as a draft: one needs a slug and no more."""
        try:
            slug_of(value)
        except DefinitionError as error:
            raise forms.ValidationError([f"{path}: {reason}" for path, reason in error.faults]) from error

    def run_validators(self, value: Any) -> None:
        """The length of the text has been checked where it was read."""


def written(form: forms.BaseForm) -> str:
    """Return the text of the document as its author sent it, with the line breaks of a file."""
    return str(form.data.get("document", "")).replace("\r\n", "\n").replace("\r", "\n")


class NewItemForm(ModelForm):
    """An item begins with its bank and a draft."""

    document = DocumentField(initial=TEMPLATE, help_text=WHAT_MAY_STAND_HERE)

    class Meta:
        model = Item
        fields = ["bank"]

    def clean_document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.cleaned_data["document"]
        if Item.objects.filter(slug=document["slug"]).exists():
            raise forms.ValidationError(f"slug: {document['slug']} exists already")
        return document


class DocumentForm(ModelForm):
    """A draft as text. ``based_on`` is what the author saw: somebody else's work is not overwritten."""

    document = DocumentField(help_text=WHAT_MAY_STAND_HERE)
    based_on = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial["document"] = self.instance.text
            self.initial["based_on"] = self.instance.revision

    def slug(self) -> str:
        """Return the slug that the document must keep."""
        raise NotImplementedError

    def clean_document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.cleaned_data["document"]
        if document["slug"] != self.slug():
            raise forms.ValidationError(f"slug: must stay {self.slug()}")
        return document

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_still_draft(type(self.instance), self.instance.pk, cleaned.get("based_on"))
        return cleaned


class DraftForm(DocumentForm):
    """The draft of an item."""

    class Meta:
        model = ItemVersion
        fields: list[str] = []

    def slug(self) -> str:
        return str(self.instance.item.slug)


def check_still_draft(model: Any, pk: Any, based_on: str | None) -> None:
    """Raise ValidationError when the draft has changed or been published since the form was made.

    Locks the version until the form is saved, in the same transaction.
    """
    version = model.objects.select_for_update().get(pk=pk)
    if not version.is_draft:
        raise forms.ValidationError(
            "This draft has been published meanwhile. Copy your text into a new draft."
        )
    if version.revision != based_on:
        raise forms.ValidationError(
            "Somebody else has changed this draft since you opened it. Copy your text, and open it again."
        )
