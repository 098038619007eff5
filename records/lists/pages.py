"""The base views of lists, exports, single records and histories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import unquote_plus, urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from records.accounts.tokens import refuse_export
from records.audit.acts import note
from records.history.known_on import acts_until, known_on, parse_day
from records.history.record_history import History, may_read_history
from records.history.snapshots import name_of
from records.lists.codebook import Resource
from records.lists.controls import Control, controls
from records.lists.counting import Count
from records.lists.csv_export import csv_lines, encoded
from records.lists.filters import TimeAsked, may_ask_history, wrong_parameters
from records.lists.listing import InvalidQuery, Listing, as_known_on, time_asked
from records.lists.paging import PAGE_SIZE, Page
from records.models import Record
from records.vocabulary import AuditKind

ACTS_ON_A_PAGE = 25
#: An empty list tries leaving out each of so many filters; more would cost a question each.
FILTERS_TO_TRY = 6


class MadeUpRequest:
    """A question that nobody sent: the parameters, and in whose name they are asked."""

    def __init__(self, parameters: Any, user: Any) -> None:
        self.GET = QueryDict(mutable=True)
        for name, values in dict(parameters).items():
            self.GET.setlist(name, values)
        self.user = user


@dataclass(frozen=True)
class Chip:
    """A filter that is on: what it says, and the address of the list without it."""

    label: str
    text: str
    without: str


@dataclass(frozen=True)
class WayOut:
    """A way out of an empty list: the filter to leave out, and how many rows there are without it."""

    chip: Chip
    count: Count


@dataclass(frozen=True)
class ColumnHead:
    """The head of a column: its text and, where the list can be sorted by it, how it is and the link that turns it."""

    text: str
    link: str = ""
    sort: str = ""
    number: bool = False


def chips(listing: Listing, sidebar: list[Control]) -> list[Chip]:
    """Return a chip for every filter that is on, value by value."""
    by_name = {control.name: control for control in sidebar}
    given = dict(listing.parameters.lists())
    made = []
    for name, values in given.items():
        for value in values if name in by_name else []:
            rest = {**given, name: [other for other in values if other != value]}
            made.append(Chip(by_name[name].label, by_name[name].text_of(value), query(rest)))
    return made


def query(parameters: dict[str, Any], **changes: str | None) -> str:
    """Return the query string of `parameters` with `changes`. None takes a parameter out; the cursor always goes."""
    merged = {**parameters, "cursor": None, **changes}
    return "?" + urlencode({name: value for name, value in merged.items() if value}, doseq=True)


def only_what_is_asked(listing: Listing) -> str | None:
    """Return the query string without the boxes that a form left empty, or None where there is none."""
    given = dict(listing.parameters.lists())
    empty = {name for name, values in given.items() if name in listing.filterset.filters and "" in values}
    if not empty:
        return None
    return query({name: [value for value in values if value or name not in empty] for name, values in given.items()})


def unanswered(request: HttpRequest, problems: dict[str, list[str]], resource: Resource | None = None) -> HttpResponse:
    """Return the page that says why a question makes no sense, and shows nothing else."""
    context = {"resource": resource, "section": resource.name if resource else "", "problems": problems}
    return render(request, "cases/unanswered.html", context, status=400)


class PageWithoutParameters(View):
    """A page that takes no parameters. Any is refused, so that a slip does not pass for an answer."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        problems = wrong_parameters(request.GET, ())
        return unanswered(request, problems) if problems else super().dispatch(request, *args, **kwargs)


class ListPage(View):
    """A resource as a page: filters, chips, sortable columns, a count, and links to the pages beside it.

    `columns` gives the heads of the table: the ordering that a click on it asks for ("" for none), and its text; a text
    that begins with # heads numbers.
    """

    resource: Resource
    template_name: str
    columns: ClassVar[tuple[tuple[str, str], ...]] = ()
    parameters: tuple[str, ...] = ("ordering", "cursor")

    def get(self, request: HttpRequest) -> HttpResponseBase:
        listing = Listing(self.resource, request, self.parameters, is_table=True, opens_with=self.resource.opens_with)
        address = only_what_is_asked(listing)
        if address is not None:
            return redirect(request.path + address.rstrip("?"))
        with listing.recall():
            return render(request, self.template_name, self.context(listing), status=400 if listing.problems else 200)

    def rows(self, records: list[Any], user: Any) -> list[Any]:
        """Return what the table shows of the records, one row each."""
        return records

    def context(self, listing: Listing) -> dict[str, Any]:
        sidebar = controls(listing.filterset)
        try:
            page, count, problems = listing.page(PAGE_SIZE), listing.count(), {}
        except InvalidQuery as refused:
            page, count, problems = Page([], None, None), Count(0), refused.problems
        given = dict(listing.parameters.lists())
        on = chips(listing, sidebar)
        return {
            "resource": self.resource,
            "section": self.resource.name,
            "controls": sidebar,
            "chips": on,
            "problems": problems,
            "rows": self.rows(page.rows, listing.user),
            "count": count.number,
            "counted": count.words,
            "noun": self.resource.singular if count.number == 1 else self.resource.name,
            "heads": self.heads(listing),
            "reasons": listing.reasons() if not count.number and not problems else [],
            "ways_out": ways_out(listing, on, self.parameters) if not count.number and not problems else [],
            "next": page.next and query(given, cursor=page.next),
            "previous": page.previous and query(given, cursor=page.previous),
            "ordering": given.get("ordering", [""])[0],
            "query": query(given).rstrip("?"),
            "moment": listing.moment,
            "now": query({**given, "as_of": None, "known_on": None}),
        }

    def heads(self, listing: Listing) -> list[ColumnHead]:
        """Return the heads of the table's columns."""
        present, given = listing.ordering, dict(listing.parameters.lists())
        orderings = {ordering.name: ordering for ordering in self.resource.orderings}
        made = []
        for name, text in self.columns:
            link = query(given, ordering=orderings[name].turned(present).code) if name else ""
            is_present = present is not None and present.name == name
            sort = ("descending" if present.descending else "ascending") if present and is_present else ""
            made.append(ColumnHead(text.removeprefix("#"), link, sort, text.startswith("#")))
        return made


def ways_out(listing: Listing, on: list[Chip], parameters: tuple[str, ...]) -> list[WayOut]:
    """Return, for a list that is empty, the filters that can be left out to find something."""
    ways = []
    for chip in on[:FILTERS_TO_TRY]:
        without = MadeUpRequest(dict(QueryDict(chip.without[1:]).lists()), listing.user)
        ways.append(WayOut(chip, Listing(listing.resource, without, parameters).count()))
    return [way for way in ways if way.count.number]


class Export(View):
    """The list as a CSV file: the same rows, the same filters, no pages."""

    resource: Resource
    parameters: tuple[str, ...] = ("ordering",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return refuse_export(request) or super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        listing = Listing(self.resource, request, self.parameters, opens_with=self.resource.opens_with)
        if listing.problems:
            return JsonResponse(listing.problems, status=400)
        with listing.recall():
            return self.answer(request, listing)

    def answer(self, request: HttpRequest, listing: Listing) -> HttpResponseBase:
        if request.user.is_authenticated:  # strangers take what everybody may, and have no name to keep
            asked = unquote_plus(request.GET.urlencode())
            rows = listing.bare_rows.count()
            details: dict[str, Any] = {"resource": self.resource.name, "query": asked, "rows": rows}
            note(AuditKind.EXPORT, who=request.user, channel="page", **details)
        lines = encoded(csv_lines(listing))
        # What was known on a day is only there for as long as this function runs.
        whole = [b"".join(lines)] if listing.moment.known_on else lines
        response = StreamingHttpResponse(whole, content_type="text/csv; charset=utf-8", headers=listing.note())
        response["Content-Disposition"] = f'attachment; filename="waymark-{self.resource.name}.csv"'
        return response


class DetailPage(View):
    """One record as a page. What a reader may not see and what does not exist are one and the same 404."""

    resource: Resource
    template_name: str
    moment: TimeAsked

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        try:
            self.moment = time_asked(request, self.resource)
        except InvalidQuery as refused:
            return unanswered(request, refused.problems, self.resource)
        with as_known_on(request.user, self.moment):
            return self.answer(request, ref)

    def answer(self, request: HttpRequest, ref: str) -> HttpResponse:
        record = self.rows(request.user).filter(**{self.resource.key: ref}).first()
        if record is None:
            raise Http404
        context = {"resource": self.resource, "section": self.resource.name, "record": record, "moment": self.moment}
        context["hears_history"] = may_ask_history(request.user)
        if isinstance(record, Record) and may_read_history(record, request.user):
            context["history"] = reverse(f"{self.resource.singular}-history", args=(record.ref,))
        return render(request, self.template_name, context | self.context(record, request.user))

    def rows(self, user: Any) -> QuerySet:
        """Return the rows among which the record is, with as much as the page tells of it."""
        return self.resource.rows_at(user, self.moment.as_of)

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        """Return what the page shows beside the record itself."""
        return {}


class HistoryPage(View):
    """What was done to one record, act by act, and what was known of it on a day.

    It is for the team. Others get the answer that a missing record gets.
    """

    resource: Resource = None  # type: ignore[assignment]  # given with the address

    def get(self, request: HttpRequest, ref: str) -> HttpResponse:
        model: Any = self.resource.model
        record = model.objects.visible_to(request.user).filter(ref=ref).first()
        if record is None or not may_read_history(record, request.user):
            raise Http404
        details = history_context(request, History(record, request.user))
        context = {"resource": self.resource, "section": self.resource.name, "record": record, "name": name_of(record)}
        return render(request, "history/page.html", context | details, status=400 if details["problem"] else 200)


def history_context(request: HttpRequest, history: History) -> dict[str, Any]:
    """Return what a history page shows: one page of acts and, with `known_on`, what was known on that day."""
    given, problem, day = request.GET.get("known_on", ""), "", None
    if wrong := wrong_parameters(request.GET, ("known_on", "page")):
        problem = str(InvalidQuery(wrong))
    elif "known_on" in request.GET:
        try:
            day = parse_day(given)
        except ValueError as error:
            problem = str(error)
    acts = [] if problem else acts_until(history, day)
    return {
        "given": given if day else "",
        "problem": problem,
        "day": day,
        "known": known_on(history, day) if day else [],
        "acts": Paginator(acts, ACTS_ON_A_PAGE).get_page(request.GET.get("page", 1)),
    }
