"""The pages of the handbook: open to everybody, as the documents are."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from api.handbook import shelf
from content.admin.formulas import formula_style

PAGE = "api/handbook/page.html"


@require_safe
@cache_control(max_age=60, public=True)
def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """Show a document; what there is none of is said by a page with the table of contents."""
    path = shelf.documents().get(name)
    if path is None:
        return render(request, PAGE, {**_around(), "title": "There is no such page"}, status=404)
    document = shelf.document(path)
    return render(request, PAGE, _around() | {"document": document, "title": document.title, "name": name})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show where words stand."""
    asked = request.GET.get("q", "")[: shelf.LONGEST_SEARCH]
    context = {"title": "Search", "asked": asked, "found": shelf.search(asked), "is_search": True}
    return render(request, PAGE, _around() | context)


@require_safe
@cache_control(max_age=300, public=True)
def picture(_request: HttpRequest, name: str) -> HttpResponse:
    path = shelf.pictures().get(name)
    if path is None:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type=shelf.PICTURES[path.suffix])


def _around() -> dict[str, object]:
    return {"contents": shelf.contents(), "formulas": formula_style()}
