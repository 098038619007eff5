"""What is asked of lists, counts, records and exports, in the API and on the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import django_filters

from cases.models import Incident
from config.surfaces import Surface
from records.lists.codebook import Resource
from records.lists.filters import KnownOnFilter, ReferenceFilter, SearchFilter
from tests.leaks.marks import day, word
from tests.leaks.request import Asked, Grammar, Request, get
from tests.leaks.writing import submissions

LOOKUPS = ("startswith", "icontains", "regex", "gte", "in", "isnull", "ref__startswith")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
#: Codes and terms that hidden rows have; asked for, they would find those.
TELLING = {
    "death",
    "release",
    "detention",
    "published",
    "cancelled",
    "deleted",
    "group",
    "target",
    "NO",
    "MA",
    "terrorism",
}
#: Combinations of parameters drawn at random, for each list.
DRAWN = 1


def values(grammar: Grammar, name: str, question: Any, model: Any) -> list[str]:
    """Return what a filter is asked for: something visible, something hidden, and something that is not there."""
    if isinstance(question, ReferenceFilter) or name == "record":
        prefix = getattr(question, "prefix", "PER")
        rows = [each for each in grammar.world.rows if each.ref.startswith(prefix)]
        shown = [each.ref for each in rows if grammar.role in each.audience]
        hidden = [each.ref for each in rows if grammar.role not in each.audience]
        return [*hidden[:: max(len(hidden) // 2, 1)][:2], *shown[:1], f"{prefix}-00000000"]
    if isinstance(question, SearchFilter):
        *told, of_nobody = grammar.words(model)
        return [*reversed(told), of_nobody]
    if isinstance(question, django_filters.ChoiceFilter | django_filters.MultipleChoiceFilter):
        codes = [str(code) for code, _ in question.field.choices]
        return [code for code in codes if code in TELLING][:2] or codes[-1:]
    if isinstance(question, KnownOnFilter):
        return [today(), "1990-01-01"]
    rows = grammar.hidden_rows(model, 1) + grammar.world.shown_to(grammar.role, model)[:1]
    if isinstance(question, django_filters.DateFilter):
        return [day(each.mark) for each in rows] or ["1900-01-01"]
    return [f"{word(each.mark)} {name}" for each in rows] or ["Northern Europe"]


def filters(grammar: Grammar, resource: Resource) -> list[tuple[str, list[str]]]:
    asked = resource.filterset.base_filters.items()
    model = resource.model
    return [(name, values(grammar, name, question, model)) for name, question in asked]


def filtered(grammar: Grammar, path: str, resource: Resource, first: int, more: int) -> Iterator[Asked]:
    """Ask each filter for its first value, which is hidden where it can be, and for the others.

    Every role searches for something hidden: a name is what people look for.
    """
    for name, (value, *others) in filters(grammar, resource):
        yield from get(path, urlencode({name: value}), share=1 if name == "q" else first)
        yield from get(path, *(urlencode({name: other}) for other in others), share=more)


def drawn(grammar: Grammar, path: str, resource: Resource) -> Iterator[Asked]:
    """Ask for several things at once, as they come."""
    pool = filters(grammar, resource)
    for _ in range(DRAWN):
        some = grammar.random.sample(pool, min(grammar.random.choice((2, 3)), len(pool)))
        asked = {name: grammar.random.choice(options) for name, options in some}
        ordering = grammar.random.choice(resource.orderings).name
        yield from get(path, urlencode(asked | {"ordering": grammar.random.choice(("", "-")) + ordering}), share=2)


def nothing(grammar: Grammar, path: str, resource: Resource) -> Iterator[Asked]:
    """Ask for what can only be empty: the answer says why, on the page or in a header, and tells of nothing hidden."""
    asked = resource.filterset.base_filters
    if "status" in asked:
        begun = grammar.world.shown_to(grammar.role, Incident)[0].mark
        yield from get(path, f"status=ended&as_of={day(begun)}")
    if "since" in asked and "as_of" in asked:
        yield from get(path, "since=2020-01-01&as_of=2018-01-01", share=8)


def refused(path: str, resource: Resource) -> Iterator[Asked]:
    """Ask by every column, in every way that a query language has. None of it is a parameter."""
    names = [field.name for field in [*resource.model._meta.get_fields()]]
    for name in names:
        yield from get(path, *(urlencode({f"{name}__{lookup}": "Q"}) for lookup in LOOKUPS), share=8)
        yield from get(path, f"ordering={name}", f"ordering=-{name}__ref", f"fields={name}", share=8)
    yield from get(
        path, "_connector=OR", "ordering=pk", "cursor=e30", "page_size=0", "format=csv", "as_of=2020", share=2
    )


def api_list(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    path, resource = f"/{surface.pattern}", surface.of
    yield from get(path)
    yield from get(path, "page_size=1", follow=True, share=4)
    for ordering in resource.orderings:
        yield from get(path, f"ordering={ordering.name}&page_size=2", follow=True, share=8)
        yield from get(path, f"ordering=-{ordering.name}", share=8)
    yield from get(path, *(f"fields={column.name}" for column in resource.columns), share=8)
    yield from filtered(grammar, path, resource, first=8, more=8)
    yield from drawn(grammar, path, resource)
    yield from nothing(grammar, path, resource)
    yield from refused(path, resource)
    yield from methods(path)
    yield from submissions(grammar, surface)


def methods(path: str) -> Iterator[Asked]:
    """Use every method that does not read on an address that only reads."""
    for method in UNSAFE:
        yield Asked(Request(method, path, json='{"ref": "PER-00000000", "label": "x", "level": "public"}'))
    yield Asked(Request("OPTIONS", path))
    yield Asked(Request("HEAD", path), 4)


def api_count(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    path = f"/{surface.pattern}"
    yield from get(path)
    yield from filtered(grammar, path, surface.of, first=8, more=16)
    yield from nothing(grammar, path, surface.of)
    yield from methods(path)
    yield from get(path, "ordering=ref", "page_size=1", "label__startswith=Q", "level=team", "review=draft", share=2)


def api_record(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    path = f"/{surface.pattern}"
    for key in grammar.keys(surface.of.model, 2):
        address = path.replace("<slug:ref>", key)
        yield from get(address)
        yield from get(address, f"fields={surface.of.columns[1].name}", "fields=text", "level=team", share=3)
        yield from get(f"{address}history/", share=4)
        yield from other_days(address, surface.of)
        yield from methods(address)


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def other_days(address: str, resource: Resource) -> Iterator[Asked]:
    """Ask for a record as of a day, and as it was known on one."""
    if resource.moments:
        yield from get(address, "as_of=2018-11-15", "as_of=soon", f"known_on={today()}", share=2)


def history(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    """Ask what was done to records, and what was known of them: today, before there was anything, and on no day."""
    for key in grammar.keys(surface.of.model, 4):
        address = f"/{surface.pattern}".replace("<slug:ref>", key)
        yield from get(address)
        yield from get(address, f"known_on={today()}", "known_on=1990-01-01", "known_on=soon", "page=2", share=3)


def page_list(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    path, resource = f"/{surface.pattern}", surface.of
    yield from get(path)
    yield from get(path, *(f"ordering=-{ordering.name}" for ordering in resource.orderings), share=8)
    yield from filtered(grammar, path, resource, first=16, more=16)
    yield from nothing(grammar, path, resource)
    yield from get(path, "level=team", "label__startswith=Q", "cursor=e30", share=2)
    yield from methods(path)


def export(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    path, resource = f"/{surface.pattern}", surface.of
    yield from get(path)
    yield from get(path, *(f"ordering=-{ordering.name}" for ordering in resource.orderings), share=8)
    yield from filtered(grammar, path, resource, first=16, more=16)
    yield from nothing(grammar, path, resource)
    yield from get(path, "level=team", "fields=text", "format=xlsx", "format=parquet", "label__startswith=Q", share=2)
    yield from methods(path)


def page_record(grammar: Grammar, surface: Surface) -> Iterator[Asked]:
    path = f"/{surface.pattern}"
    for key in grammar.keys(surface.of.model, 2):
        address = path.replace("<slug:ref>", key)
        yield from get(address)
        yield from get(address, "level=team", share=8)
        yield from other_days(address, surface.of)
        yield from get(f"{address}export.csv", share=4)
        yield from (Asked(Request(method, address), 2) for method in ("OPTIONS", "POST", "DELETE"))
