"""Lists, their exports and single records as pages: the same for every resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views import View

from sources.codebook import Resource
from sources.exports import csv_lines, written
from sources.filters import StrictFilterSet
from sources.listing import Listing, Refused
from sources.paging import Page

PAGE_SIZE = 50


@dataclass(frozen=True)
class Option:
    """A choice in the sidebar: its code, what people read, what it means, and whether it is chosen."""

    code: str
    label: str
    meaning: str
    chosen: bool


@dataclass(frozen=True)
class Control:
    """One filter in the sidebar: a box to type in, or `options` to choose from."""

    name: str
    label: str
    value: str
    options: list[Option]
    placeholder: str


@dataclass(frozen=True)
class Chip:
    """A filter that is on: what it says, and the address of the list without it."""

    label: str
    text: str
    without: str


def controls(filterset: StrictFilterSet) -> list[Control]:
    """Return the sidebar: each filter, with its choices as far as the reader may see where they occur."""
    made = []
    for name, question in filterset.filters.items():
        given = filterset.data.getlist(name)
        choices = (
            question.options(filterset.user) if hasattr(question, "options") else question.extra.get("choices", [])
        )
        options = [Option(code, label, (meaning or [""])[0], code in given) for code, label, *meaning in choices]
        placeholder = question.field.widget.attrs.get("placeholder", "")
        made.append(Control(name, question.label or name, given[0] if given else "", options, placeholder))
    return made


def chips(listing: Listing, sidebar: list[Control]) -> list[Chip]:
    """Return a chip for every filter that is on, value by value."""
    by_name = {control.name: control for control in sidebar}
    made = []
    for name, values in listing.parameters.lists():
        for value in values if name in by_name else []:
            labels = {option.code: option.label for option in by_name[name].options}
            rest = {**dict(listing.parameters.lists()), name: [other for other in values if other != value]}
            made.append(Chip(by_name[name].label, labels.get(value, value), query(rest)))
    return made


def query(parameters: dict[str, Any], **changes: str | None) -> str:
    """Return the query string of `parameters` with `changes`; a change to None takes the parameter out, as it does the cursor."""
    merged = {**parameters, "cursor": None, **changes}
    return "?" + urlencode({name: value for name, value in merged.items() if value}, doseq=True)


class ListPage(View):
    """A resource as a page: filters, chips, sortable columns, a count, and links to the pages beside it."""

    resource: Resource
    template_name: str
    parameters: tuple[str, ...] = ("ordering", "cursor")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if any(value == "" for values in request.GET.lists() for value in values[1]):
            filled = {name: [value for value in values if value] for name, values in request.GET.lists()}
            return redirect(request.path + query(filled))  # an address that says only what was asked
        listing = Listing(self.resource, request, self.parameters)
        return render(request, self.template_name, self.context(listing))

    def context(self, listing: Listing) -> dict[str, Any]:
        sidebar = controls(listing.filterset)
        try:
            page, count, problems = listing.page(PAGE_SIZE), listing.count(), {}
        except Refused as refused:
            page, count, problems = Page([], None, None), 0, refused.problems
        given = dict(listing.parameters.lists())
        return {
            "resource": self.resource,
            "controls": sidebar,
            "chips": chips(listing, sidebar),
            "problems": problems,
            "records": page.rows,
            "count": count,
            "next": page.next and query(given, cursor=page.next),
            "previous": page.previous and query(given, cursor=page.previous),
            "ordering": listing.ordering,
            "sort_links": {
                ordering.name: query(given, ordering=ordering.turned(listing.ordering).code)
                for ordering in self.resource.orderings
            },
            "query": query({name: value for name, value in given.items() if name not in problems}),
        }


class Export(View):
    """The list as a CSV file: the same rows, the same filters, no pages."""

    resource: Resource
    parameters: tuple[str, ...] = ("ordering",)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        listing = Listing(self.resource, request, self.parameters)
        try:
            rows = listing.sorted()
        except Refused as refused:
            return JsonResponse(refused.problems, status=400)
        response = StreamingHttpResponse(
            written(csv_lines(self.resource, rows)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="waymark-{self.resource.name}.csv"'
        return response


class DetailPage(View):
    """One record as a page. What a reader may not see and what does not exist are one and the same 404."""

    resource: Resource
    template_name: str

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.resource.rows(request.user).filter(**{self.resource.key: ref}).first()
        if record is None:
            raise Http404
        return render(request, self.template_name, self.context(record))

    def context(self, record: Any) -> dict[str, Any]:
        return {"resource": self.resource, "record": record}
