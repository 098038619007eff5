"""Uncertain dates in admin lists: shown as stated, sorted by their bounds, filtered by year and month.

Django's own date hierarchy would take the first day of a vague date for the date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, OrderBy, QuerySet
from django.db.models.functions import Coalesce

from records.fields.edtf import MONTHS, EdtfError, Precision, UncertainDate
from records.fields.uncertain_date import in_order, since, until

UNKNOWN = "unknown"
HELP = (
    "2018-10-31, 2021-07, 2017-22 (summer; 21 spring to 24 winter), 2018, 2018~ (about), 2006/2012 (between), "
    "2019-01-25/.. (since), ../2018-09-14 (by); empty if unknown. Another calendar is chosen beside it, or written: "
    "BS 2078-06-15 (SH Iran, Afghanistan; AH Hijri; UQ Saudi papers; BS Nepal; EC Ethiopia; BE Thailand; ROC Taiwan)."
)


class Began(Coalesce):
    """Stands for the order of an uncertain date in the heading of a column; RecordList writes it out."""

    def __init__(self, date_name: str) -> None:
        self.date_name = date_name
        super().__init__(f"{date_name}_earliest", f"{date_name}_latest")


class RecordList(ChangeList):
    """A list whose rows are named by their public reference and whose dates sort in their honest order."""

    model_admin: Any
    counting = False

    def get_queryset(self, request: Any, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Return the listed rows; for a filter that counts what it would find, in no order and without `listed`."""
        rows, self.counting = self.root_queryset, exclude_parameters is not None
        if not self.counting:
            self.root_queryset = self.model_admin.listed(rows, request.user)
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        self.root_queryset = rows
        return found

    def get_ordering(self, request: Any, queryset: QuerySet[Any]) -> list[Any]:
        ordering: list[Any] = []
        if self.counting:
            return ordering
        for term in super().get_ordering(request, queryset):
            if isinstance(term, OrderBy) and isinstance(term.expression, Began):
                ordering += (
                    newest_first(term.expression.date_name) if term.descending else in_order(term.expression.date_name)
                )
            else:
                ordering.append(term)
        return ordering

    def url_for_result(self, result: Any) -> str:
        return self.model_admin.address(result)


def newest_first(date_name: str) -> list[Any]:
    """Return the order of `in_order` the other way round: the undated last."""
    ordering = in_order(date_name)
    for term in ordering:
        term.reverse_ordering()
    return ordering


def date_column(name: str, title: str = "") -> Callable[[Any], str]:
    """Return a column that shows a date as it was stated: "July 2021"."""

    @admin.display(description=title or name.replace("_", " "), ordering=Began(name), empty_value="unknown")
    def column(record: Any) -> str:
        value = getattr(record, name)
        return value.label if value else ""

    column.__name__ = name
    return column


def by_date(name: str, title: str = "") -> type[admin.SimpleListFilter]:
    """Return a filter by year, then month, of an uncertain date; a vague date stands under each that it may mean."""
    texts = {"date_name": name, "parameter_name": name, "title": title or name.replace("_", " ")}
    return type("DateFilter", (DateFilter,), texts)


class DateFilter(admin.SimpleListFilter):
    date_name: str
    parameter_name: str

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(UNKNOWN, "date unknown")]  # `choices` knows the rest, which depends on the other filters

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        if value == UNKNOWN:
            return queryset.filter(**{f"{self.date_name}_precision": Precision.UNKNOWN})
        span = self._span(value)
        assert span.earliest and span.latest  # noqa: S101  # a year or a month has both
        return queryset.filter(since(self.date_name, span.earliest), until(self.date_name, span.latest))

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        value = self.value()
        spans = self._spans(changelist)
        yield self._choice(changelist, None, "Any date", value is None)
        for year in reversed(_years(spans)):
            yield from self._counted(changelist, str(year), str(year), spans)
            if value and value.startswith(str(year)):
                for month, name in enumerate(MONTHS, start=1):
                    yield from self._counted(changelist, f"{year}-{month:02}", f"– {name}", spans)
        if unknown := spans[None, None]:
            yield self._choice(changelist, UNKNOWN, f"date unknown ({unknown})", value == UNKNOWN)

    def _spans(self, changelist: ChangeList) -> Counter[tuple[date | None, date | None]]:
        """Count the listed rows by the first and last day that their date may mean, whatever this filter is set to."""
        others = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters())
        bounds = others.order_by().values_list(f"{self.date_name}_earliest", f"{self.date_name}_latest")
        return Counter({(first, last): rows for first, last, rows in bounds.annotate(rows=Count("pk", distinct=True))})

    def _counted(self, changelist: ChangeList, value: str, label: str, spans: Counter[Any]) -> Iterator[Any]:
        span = self._span(value)
        rows = sum(
            count for (first, last), count in spans.items() if (first or last) and span.possibly_overlaps(first, last)
        )
        if rows:
            yield self._choice(changelist, value, f"{label} ({rows})", self.value() == value)

    def _choice(self, changelist: ChangeList, value: str | None, label: str, selected: bool) -> dict[str, Any]:
        query = changelist.get_query_string({self.parameter_name: value}, [self.parameter_name])
        return {"selected": selected, "query_string": query, "display": label}

    def _span(self, value: str) -> UncertainDate:
        try:
            span = UncertainDate.parse(value)
        except EdtfError as error:
            raise IncorrectLookupParameters(error) from error
        if span.precision not in (Precision.YEAR, Precision.MONTH):
            raise IncorrectLookupParameters(f"{value} is neither a year nor a month")
        return span


def _years(spans: Counter[tuple[date | None, date | None]]) -> range:
    """Return the years from the first to the last that any date names."""
    named = [day.year for bounds in spans for day in bounds if day]
    return range(min(named), max(named) + 1) if named else range(0)
