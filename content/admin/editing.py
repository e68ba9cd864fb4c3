"""The editor of a draft: a form and the text of the same document, and beside them what they make of it.

The text is the one truth. A field of the form sends an edit, which is made on the text (`content.documents.editing`);
what is seen beside it is made of the text as it stands in the browser, and stored nowhere before somebody saves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from content.admin.desk import REFUSED, address, sentences
from content.admin.formulas import built, formula_style
from content.admin.scoped import account
from content.admin.versions import VersionDesk
from content.authoring import DraftChanged, title_of
from content.documents.editing import Edit, ImpossibleEdit, edited
from content.documents.examining import Examination, Fault
from content.documents.form import Schema, edits_of, order_of
from content.documents.source import read_source
from content.documents.text import MAX_CHARACTERS
from content.expressions import exact
from content.items.form import Section
from content.models import Version

MOST_EDITS: Final = 200
NO_DRAFT: Final = "This draft has been published meanwhile. Copy your text into a new draft."


def document_of(text: str, slug: str) -> dict[str, Any]:
    """Return what can be read of a text, as the document of what has this slug."""
    document = read_source(text).document
    return {**(document if isinstance(document, dict) else {}), "slug": slug}


class UnreadableRequest(ValueError):
    """What arrived is nothing that the editor sends; the text says why."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the editor sent: the text as it stands there, what shall be done with it, and what shall be seen."""

    text: str
    based_on: str
    edits: Sequence[Mapping[str, Any]] = ()
    command: str = ""
    argument: str = ""
    form: bool = False
    panel: str = ""
    options: Mapping[str, Any] | None = None
    do: str = ""

    @classmethod
    def read(cls, body: bytes) -> Work:
        """Raises UnreadableRequest."""
        try:
            sent = json.loads(body, parse_int=exact.whole)
        except ValueError:
            raise UnreadableRequest("is no JSON") from None
        if not isinstance(sent, dict):
            raise UnreadableRequest("is no mapping")
        found = {key: sent[key] for key in cls.__dataclass_fields__ if sent.get(key) is not None}
        texts = ("text", "based_on", "command", "argument", "panel", "do")
        if not all(isinstance(found.get(key, ""), str) for key in texts) or "text" not in found:
            raise UnreadableRequest("lacks a text")
        edits = found.get("edits", [])
        if (
            not isinstance(edits, list)
            or len(edits) > MOST_EDITS
            or not all(isinstance(e, dict) for e in edits)
        ):
            raise UnreadableRequest("has no list of edits")
        if not isinstance(found.get("options", {}), dict):
            raise UnreadableRequest("has no options")
        return cls(**{"based_on": "", **found, "form": found.get("form") is True})


@dataclass(frozen=True, slots=True)
class Seen:
    """What a panel is made of: an examined text, its version, who looks, and what was chosen there."""

    found: Examination[Any]
    version: Any
    user: Any
    options: Mapping[str, Any]

    @property
    def definition(self) -> Any:
        """What the text defines: a panel is drawn of nothing else."""
        return self.found.definition


@dataclass(frozen=True, slots=True)
class Panel:
    """Something to be seen beside the text; ``html`` draws it of a text that makes a definition."""

    name: str
    label: str
    html: Callable[[Seen], str]


def drawn(template: str, context: Callable[[Seen], Mapping[str, Any]]) -> Callable[[Seen], str]:
    """Return what draws a panel by a template."""
    return lambda seen: render_to_string(template, context(seen))


class Editor(VersionDesk):
    """The desk of versions whose drafts are edited by a form, as text, or both."""

    change_form_template = "admin/content/editor/page.html"
    panels: Sequence[Panel] = ()
    pages_beside: Sequence[str] = ()
    """The pages that the editor leads to: the others show what its panels show."""

    def schema(self) -> Schema:
        """Return the schema of the documents, with what a form needs to know."""
        raise NotImplementedError

    def form_of(self, document: Mapping[str, Any]) -> Sequence[Section]:
        """Return the form of a document, part by part."""
        raise NotImplementedError

    def examined(
        self, request: HttpRequest, text: str, version: Any, *, certified: bool = False
    ) -> Examination[Any]:
        """Return what is wrong with a text; ``certified`` tries it out as publishing does."""
        raise NotImplementedError

    def keep(self, request: HttpRequest, version: Any, text: str, based_on: str) -> Any:
        """Call the verb that keeps a draft. Raises what the verb raises."""
        raise NotImplementedError

    def complete(self, edit: Edit, document: Mapping[str, Any]) -> Sequence[Edit]:
        """Return an edit with what goes along with it."""
        return (edit,)

    def commanded(self, document: Mapping[str, Any], command: str, argument: str) -> Sequence[Edit]:
        """Return the edits of a button that changes several places. Raises ImpossibleEdit for an unknown one."""
        raise ImpossibleEdit(f"Nobody knows how to {command:.40}.")

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_work"
        work = self.admin_site.admin_view(require_POST(self.work))
        return [path("<uuid:pk>/work/", work, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **options: Any
    ) -> HttpResponse:
        version = context.get("original")
        if isinstance(version, Version) and version.is_draft and self.has_change_permission(request, version):
            context |= self._editor(version, context["adminform"].form)
        return super().render_change_form(request, context, *arguments, **options)

    def _editor(self, version: Version, form: Any) -> dict[str, Any]:
        """Return what the page of the editor shows."""
        posted = form.data.get("document") if form.is_bound else None
        return {
            "editor": True,
            "title": f"Edit: {title_of({'slug': version, **version.document})}",
            "subtitle": None,
            # Two columns need the room that the list of all pages takes.
            "is_nav_sidebar_enabled": False,
            "editor_text": version.text if posted is None else posted,
            "editor_revision": form.data.get("based_on", version.revision)
            if form.is_bound
            else version.revision,
            "editor_panels": self.panels,
            "editor_pages": [page for page in self.pages if page.name in self.pages_beside],
            "editor_page": f"admin:{self.opts.app_label}_{self.opts.model_name}_page",
            "editor_reviews": self.reviews(version) if hasattr(self, "reviews") else "none",
            "editor_upload": reverse("admin:content_media_upload"),
            "editor_pick": reverse("admin:content_media_pick"),
            "editor_work": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_work", args=[version.pk]
            ),
            "editor_schema": json.dumps(self.schema()),
            "editor_script": built("desk", ".js"),
            "formulas": formula_style(),
        }

    def work(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Make the edits that were sent, do what was asked, and tell what the text is now and what it makes."""
        version = self._row(request, pk)
        if isinstance(version, Version) and not version.is_draft:
            return JsonResponse({"error": NO_DRAFT}, status=HTTPStatus.CONFLICT)
        if not self.has_change_permission(request, version):
            raise PermissionDenied
        try:
            work = Work.read(request.body)
        except UnreadableRequest as error:
            return JsonResponse({"error": f"The request {error}."}, status=HTTPStatus.BAD_REQUEST)
        if len(work.text) > MAX_CHARACTERS:
            reason = f"The document is longer than {MAX_CHARACTERS} characters."
            return JsonResponse({"error": reason}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return JsonResponse(self._answer(request, version, work))

    def _answer(self, request: HttpRequest, version: Any, work: Work) -> dict[str, Any]:
        told: dict[str, Any] = {}
        text = work.text
        try:
            text = self._with_edits(work)
        except ImpossibleEdit as error:
            told["error"] = str(error)
        if work.do and "error" not in told:
            told |= self._done(request, version, text, work)
        is_refused = work.do == "publish" and "refused" in told
        examination = self.examined(request, text, version, certified=is_refused)
        told |= {"text": text, "faults": [self._fault(one) for one in examination.faults]}
        if work.form:
            told["form"] = self._form(examination)
        if panel := next((one for one in self.panels if one.name == work.panel), None):
            seen = Seen(examination, version, account(request), work.options or {})
            # Of what makes no definition nothing is drawn: what was drawn last stays to be seen.
            html = panel.html(seen) if examination.definition else ""
            told["panel"] = {"name": panel.name, "html": html}
        version.refresh_from_db()
        return told | {"revision": version.revision, "is_draft": version.is_draft}

    def _with_edits(self, work: Work) -> str:
        """Return the text with the edits that were sent, each with what goes along with it. Raises ImpossibleEdit."""
        text = work.text
        schema = self.schema()
        for one in work.edits:
            document = read_source(text).document
            for edit in edits_of([one], schema, document):
                text = edited(text, self.complete(edit, document or {}), order_of(schema, document))
        if work.command:
            document = read_source(text).document
            edits = self.commanded(
                document if isinstance(document, dict) else {}, work.command, work.argument
            )
            text = edited(text, edits, order_of(schema, document))
        return text

    def _done(self, request: HttpRequest, version: Any, text: str, work: Work) -> dict[str, Any]:
        """Save, and publish or ask for a review if that was wanted. Returns what came of it."""
        try:
            kept = self.keep(request, version, text, work.based_on)
        except DraftChanged:
            version.refresh_from_db()
            return {
                "conflict": {"text": version.text, "revision": version.revision, "by": self.writer(version)}
            }
        except REFUSED as error:
            return {"refused": sentences(error)}
        told: dict[str, Any] = {
            "saved": {"revision": kept.revision, "at": timezone.localtime().strftime("%H:%M:%S")}
        }
        if work.do == "publish":
            told |= self._published(request, kept)
        elif work.do == "ask":
            told |= self.ask(request, kept)
        return told

    def _published(self, request: HttpRequest, version: Any) -> dict[str, Any]:
        if not self.may(request, "change", version) or not self.is_published_alone(version):
            return {"refused": [f"{version} is not yours to publish."]}
        try:
            self.publish(version, account(request))
        except REFUSED as error:
            return {"refused": sentences(error)}
        self.log_change(request, version, "Published.")
        self.message_user(request, f"{version} is published: learners are given it from now on.")
        return {"published": address(version)}

    def ask(self, _request: HttpRequest, _version: Any) -> dict[str, Any]:
        """Ask for a review of a draft that was saved."""
        return {"refused": ["Nobody reviews this."]}

    def writer(self, version: Any) -> str:
        """Return who saved the draft last, as far as that is known."""
        return str(getattr(version, "written_by", None) or "somebody")

    def _form(self, examination: Examination[Any]) -> str:
        document = examination.document
        context: dict[str, Any] = {
            "unread": not isinstance(document, dict) or bool(examination.source.faults)
        }
        if not context["unread"]:
            context["sections"] = self.form_of(document or {})
        return render_to_string("admin/content/editor/form.html", context)

    def _fault(self, fault: Fault) -> dict[str, Any]:
        return asdict(fault)

    def _row(self, request: HttpRequest, pk: UUID) -> Model:
        return super()._row(request, pk)
