"""The start page of a new item: what kinds of questions there are, each with a picture, to begin with."""

from __future__ import annotations

from itertools import chain, count
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify

from content import authoring
from content.admin.desk import address
from content.admin.scoped import account, rights_of
from content.admin.versions import RetirableDesk
from content.catalogue import LONGEST_SLUG, LONGEST_TITLE
from content.documents.source import read_source
from content.documents.storable import is_storable
from content.items.beginnings import BEGINNINGS, begun
from content.models import Item, ItemBank, ItemVersion


class Begins(RetirableDesk):
    """The desk of what begins with a choice among texts."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the start page, and begin what was chosen there; a document that was sent is taken as it is."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "document" in request.POST or "as_text" in request.GET:
            return super().add_view(request, form_url, extra_context)
        banks = self.writable(request)
        faults: list[str] = []
        if request.method == "POST":
            bank = banks.filter(pk__in=primary_keys(request.POST.get("bank", ""))).first()
            title = request.POST.get("title", "").strip()
            faults = _faults(bank, title, request.POST.get("begin", ""))
            if bank and not faults:
                draft = begin(bank, request.POST["begin"], title, account(request))
                self.log_addition(request, draft.item, "Begun.")
                return HttpResponseRedirect(address(draft))
        return self._start_page(request, list(banks), faults)

    def writable(self, request: HttpRequest) -> QuerySet[ItemBank]:
        """Return the banks in which somebody may write."""
        may = rights_of(self.admin_site).rows(request.user, "change", ItemBank, timezone.now())
        return ItemBank.objects.filter(may).order_by("title")

    def _start_page(self, request: HttpRequest, banks: list[ItemBank], faults: list[str]) -> HttpResponse:
        chosen = request.POST.get("bank") or request.GET.get("bank", "")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "A new question",
            "banks": [(bank, str(bank.pk) == chosen) for bank in banks],
            "beginnings": [(one, f"admin/content/pictures/{one.name}.html") for one in BEGINNINGS.values()],
            "entered": request.POST.get("title", ""),
            "faults": faults,
        }
        return TemplateResponse(request, "admin/content/begin.html", context, status=422 if faults else 200)


def begin(bank: ItemBank, name: str, title: str, author: Any) -> ItemVersion:
    """Return the draft of a new item in a bank, with the text of a beginning and a slug of its title."""
    title = title or BEGINNINGS[name].title
    text = begun(name, {"slug": free_slug(title), "title": title})
    document = read_source(text).document
    return authoring.draft_item(bank=bank, document=document, source=text, now=timezone.now(), author=author)


def free_slug(title: str, model: Any = Item) -> str:
    """Return a slug for a title that no row of the model has."""
    base = slugify(title)[: LONGEST_SLUG - 5].strip("-_").replace("_", "-") or model._meta.model_name
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in chain([base], (f"{base}-{n}" for n in count(2))) if slug not in taken)


def _faults(bank: ItemBank | None, title: str, name: str) -> list[str]:
    faults = []
    if bank is None:
        faults.append("Choose a bank for the question.")
    if name not in BEGINNINGS:
        faults.append("Choose what to begin with.")
    if len(title) > LONGEST_TITLE or not is_storable(title):
        faults.append(f"The title must be at most {LONGEST_TITLE} ordinary characters.")
    return faults


def primary_keys(text: str) -> list[UUID]:
    """Return the primary key that a form sent, as a list of none or one."""
    try:
        return [UUID(text)]
    except ValueError:
        return []
