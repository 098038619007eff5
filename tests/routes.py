"""Every route of the site, with addresses to try it by. A route without an entry here fails test_visibility.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from cases.codebook import RESOURCES
from cases.views import PAGES
from sources.codebook import Resource
from sources.filters import ReferenceFilter
from sources.models import Record
from tests.hidden import WORD

MISSING = "00000000"
Addresses = Callable[[Any], list[str]]


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Yield the pattern of every route that the site answers."""
    for pattern in (resolver or get_resolver()).url_patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, text)
        elif isinstance(pattern, URLPattern):
            yield text


def of_kind(world: Any, model: type[Record]) -> list[Any]:
    """The hidden rows of a model."""
    return [row for row in world.hidden if isinstance(row, model)]


def shown_of(world: Any, model: Any) -> Any:
    """The rows of a model that are not hidden."""
    return model.objects.exclude(ref__in=world.refs)


def keys(world: Any, resource: Resource) -> list[str]:
    """Keys of a resource's records: a visible one, every hidden one, and one that does not exist."""
    if not issubclass(resource.model, Record):
        return ["NO", "ZZ"]
    shown = shown_of(world, resource.model).values_list("ref", flat=True)[:1]
    return [*shown, *(row.ref for row in of_kind(world, resource.model)), f"{resource.model.prefix()}-{MISSING}"]


def asked_of(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield the filters that take a reference, with the letters that it begins with."""
    for name, question in resource.filterset.base_filters.items():
        if isinstance(question, ReferenceFilter):
            yield name, question.prefix
        elif name == "record":
            yield name, "PER"


def neighbours(world: Any, prefix: str) -> list[str]:
    """Visible records to which hidden rows belong: asked about, they must not give those away."""
    found: dict[Any, str] = {}
    for row in world.hidden:
        links = [field.name for field in row._meta.fields if issubclass(field.related_model or object, Record)]
        others = {name: other for name in links if (other := getattr(row, name)) and other.ref not in world.refs}
        for name, other in others.items():
            if other.ref.startswith(prefix):
                found.setdefault((type(row), name, *others), other.ref)  # one of each kind is enough
    return list(dict.fromkeys(found.values()))


def briefly(world: Any, resource: Resource) -> list[str]:
    """Query strings for a list: no question, each order, the word, and each filter asked for something hidden."""
    asked = ["", *(f"ordering={ordering.name}" for ordering in resource.orderings)]
    asked += [f"q={WORD}"] if "q" in resource.filterset.base_filters else []
    return asked + [
        f"{name}={next(ref for ref in world.refs if ref.startswith(prefix))}" for name, prefix in asked_of(resource)
    ]


def at_length(world: Any, resource: Resource) -> list[str]:
    """The same, and each filter asked for what could give something hidden away."""
    asked = [f"{name}={ref}" for name, prefix in asked_of(resource) for ref in neighbours(world, prefix)]
    others = {
        "outlet": f"{WORD} 1",
        "ethnicity": f"{WORD} 1",
        "since": "1850-01-01",
        "until": "1900-01-01",
        "open_on": "1900-01-01",
        "active_on": "1900-01-01",
        "stage": "death",
        "reached": "death",
        "phase": "harm",
        "host": "NO",
        "location": "NO",
        "origin": "CN",
        "citizenship": "NO",
        "residence": "NO",
        "requested_by": "NO",
        "country": "NO",
        "state": "published",
        "kind": "death" if resource.name == "stages" else "",
    }
    return asked + [f"{name}={others[name]}" for name in resource.filterset.base_filters if others.get(name)]


def fixed(*addresses: str) -> Addresses:
    return lambda world: list(addresses)


def lists(path: str, resource: Resource) -> Addresses:
    """Addresses of a list. The API is asked every question: the filters of the pages are the same ones."""

    def addresses(world: Any) -> list[str]:
        queries = briefly(world, resource)
        if path.endswith("count/"):
            queries = [query for query in queries if "ordering" not in query]
        if path.startswith("/api/"):
            queries += at_length(world, resource)
        return [f"{path}?{query}" if query else path for query in queries]

    return addresses


def records(path: str, resource: Resource) -> Addresses:
    return lambda world: [f"{path}{key}/" for key in keys(world, resource)]


def api_entries() -> Iterator[tuple[str, Addresses]]:
    yield "api/v1/", fixed("/api/v1/")
    yield "api/v1/schema/", fixed("/api/v1/schema/")
    yield "api/v1/docs/", fixed("/api/v1/docs/")
    yield "api/v1/^(?P<rest>.*)/$", lambda world: [f"/api/v1/{world.refs[0]}/", f"/api/v1/people/{world.refs[0]}/x/"]
    for resource in RESOURCES:
        path = f"/api/v1/{resource.name}/"
        yield path[1:], both(lists(path, resource), fixed(f"{path}?page_size=1"))
        yield f"{path[1:]}count/", lists(f"{path}count/", resource)
        yield f"{path[1:]}<slug:ref>/", records(path, resource)


def both(first: Addresses, second: Addresses) -> Addresses:
    return lambda world: first(world) + second(world)


def page_entries() -> Iterator[tuple[str, Addresses]]:
    yield "", fixed("/")
    yield "search/", fixed("/search/", f"/search/?q={WORD}", f"/search/?q={WORD.lower()}+1")
    yield "codebook/", fixed("/codebook/")
    yield "healthz", fixed("/healthz")
    for resource in (page.resource for page, _, _ in PAGES):
        path = f"/{resource.name}/"
        yield path[1:], lists(path, resource)
        yield f"{path[1:]}export.csv", lists(f"{path}export.csv", resource)
        yield f"{path[1:]}<slug:ref>/", records(path, resource)


def admin_keys(world: Any, model: Any) -> list[Any]:
    """Keys by which the admin knows rows: of a hidden one, and of a visible one."""
    if issubclass(model, Record):
        shown = shown_of(world, model).values_list("pk", flat=True)[:1]
        return [*(row.pk for row in of_kind(world, model)[1:2]), *shown]
    return list(model._default_manager.values_list("pk", flat=True)[:1]) or ["nothing"]


def admin_rows(path: str, action: str, model: Any) -> Addresses:
    return lambda world: [f"{path}{key}/{action}" for key in admin_keys(world, model)]


def additions(path: str) -> Addresses:
    """Address of a form for a new row, empty and begun with something hidden."""
    return lambda world: [path, *(f"{path}?{row._meta.model_name}={row.pk}" for row in world.hidden[::20])]


def admin_entries() -> Iterator[tuple[str, Addresses]]:
    for path in ("", "login/", "logout/", "password_change/", "password_change/done/", "jsi18n/"):
        yield f"admin/{path}", fixed(f"/admin/{path}")
    yield "admin/(?P<url>.*)$", fixed("/admin/nothing/", "/admin/cases/person")
    labels = list(dict.fromkeys(model._meta.app_label for model in admin.site._registry))
    yield rf"admin/^(?P<app_label>{'|'.join(labels)})/$", fixed(*(f"/admin/{label}/" for label in labels))
    yield "admin/autocomplete/", autocompletes
    yield "admin/auth/user/<id>/password/", fixed("/admin/auth/user/1/password/")
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield path[1:], fixed(path, f"{path}?q={WORD}", f"{path}?all=", f"{path}?level__exact=team")
        yield f"{path[1:]}add/", additions(f"{path}add/")
        for action in ("", "change/", "delete/", "history/"):
            yield f"{path[1:]}<path:object_id>/{action}", admin_rows(path, action, model)


def autocompletes(world: Any) -> list[str]:
    """Ask every autocomplete of the admin for the word."""
    found = []
    for model, site in admin.site._registry.items():
        for name in site.autocomplete_fields:
            where = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={name}"
            found += [f"/admin/autocomplete/?{where}&term={term}" for term in (WORD, "")]
    return found


ENTRIES: dict[str, Addresses] = {**dict(page_entries()), **dict(api_entries()), **dict(admin_entries())}
