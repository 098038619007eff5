"""Every route of the site, with addresses to try it by. A route without an entry here fails test_visibility.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from cases.codebook import RESOURCES
from cases.views import PAGES
from sources.codebook import Resource
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


def keys(world: Any, resource: Resource) -> list[str]:
    """Keys of a resource's records: a visible one, every hidden one, and one that does not exist."""
    if not issubclass(resource.model, Record):
        return ["NO", "ZZ"]
    shown = resource.model.objects.exclude(ref__in=world.refs).filter(level="public").values_list("ref", flat=True)[:1]
    return [*shown, *(row.ref for row in of_kind(world, resource.model)), f"{resource.model.prefix()}-{MISSING}"]


def questions(world: Any, resource: Resource, paged: bool) -> list[str]:
    """Query strings for a list: no question, every order, and each filter asked for something hidden."""
    asked = [""]
    if paged:
        asked += [f"ordering={sign}{ordering.name}" for ordering in resource.orderings for sign in ("", "-")]
    for name, question in resource.filterset.base_filters.items():
        prefix = getattr(question, "prefix", None) or ("PER" if name == "record" else None)
        if prefix:
            asked.append(f"{name}={next(ref for ref in world.refs if ref.startswith(prefix))}")
    others = {
        "q": WORD,
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


def asked(path: str, queries: list[str]) -> list[str]:
    return [f"{path}?{query}" if query else path for query in queries]


def api_entries() -> Iterator[tuple[str, Addresses]]:
    yield "api/v1/", lambda world: ["/api/v1/"]
    yield "api/v1/schema/", lambda world: ["/api/v1/schema/"]
    yield "api/v1/docs/", lambda world: ["/api/v1/docs/"]
    yield "api/v1/^(?P<rest>.*)/$", lambda world: [f"/api/v1/{world.refs[0]}/", f"/api/v1/people/{world.refs[0]}/x/"]
    for each in RESOURCES:
        path = f"/api/v1/{each.name}/"
        yield (
            path[1:],
            lambda world, path=path, each=each: asked(path, questions(world, each, True)) + [f"{path}?page_size=1"],
        )
        yield (
            f"{path[1:]}count/",
            lambda world, path=path, each=each: asked(f"{path}count/", questions(world, each, False)),
        )
        yield (
            f"{path[1:]}<slug:ref>/",
            lambda world, path=path, each=each: [f"{path}{key}/" for key in keys(world, each)],
        )


def page_entries() -> Iterator[tuple[str, Addresses]]:
    yield "", lambda world: ["/"]
    yield "search/", lambda world: ["/search/", f"/search/?q={WORD}", f"/search/?q={WORD.lower()}+1"]
    yield "codebook/", lambda world: ["/codebook/"]
    yield "healthz", lambda world: ["/healthz"]
    for each in (page.resource for page, _, _ in PAGES):
        path = f"/{each.name}/"
        yield path[1:], lambda world, path=path, each=each: asked(path, questions(world, each, True))
        yield (
            f"{path[1:]}export.csv",
            lambda world, path=path, each=each: asked(f"{path}export.csv", questions(world, each, True)),
        )
        yield (
            f"{path[1:]}<str:ref>/",
            lambda world, path=path, each=each: [f"{path}{key}/" for key in keys(world, each)],
        )


def admin_keys(world: Any, model: Any) -> list[Any]:
    """Keys by which the admin knows rows: of some hidden ones, and of a visible one."""
    if issubclass(model, Record):
        shown = model.objects.exclude(ref__in=world.refs).filter(level="public").first()
        return [row.pk for row in of_kind(world, model)][:4] + ([shown.pk] if shown else [])
    first = model._default_manager.first()
    return [first.pk] if first else ["nothing"]


def admin_entries() -> Iterator[tuple[str, Addresses]]:
    plain = ["", "login/", "logout/", "password_change/", "password_change/done/", "jsi18n/"]
    for path in plain:
        yield f"admin/{path}", lambda world, path=path: [f"/admin/{path}"]
    yield "admin/(?P<url>.*)$", lambda world: ["/admin/nothing/", "/admin/cases/person"]
    labels = {model._meta.app_label for model in admin.site._registry}
    app_list = "|".join(dict.fromkeys(model._meta.app_label for model in admin.site._registry))
    yield rf"admin/^(?P<app_label>{app_list})/$", lambda world: [f"/admin/{label}/" for label in sorted(labels)]
    yield "admin/autocomplete/", autocompletes
    yield "admin/auth/user/<id>/password/", lambda world: ["/admin/auth/user/1/password/"]
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield path[1:], lambda world, path=path: [path, f"{path}?q={WORD}", f"{path}?all=", f"{path}?level__exact=team"]
        yield f"{path[1:]}add/", lambda world, path=path: [f"{path}add/", f"{path}add/?person={world.refs[30]}"]
        for action in ("", "change/", "delete/", "history/"):
            yield (
                f"{path[1:]}<path:object_id>/{action}",
                lambda world, path=path, action=action, model=model: [
                    f"{path}{key}/{action}" for key in admin_keys(world, model)
                ],
            )


def autocompletes(world: Any) -> list[str]:
    """Ask every autocomplete of the admin for the word."""
    found = []
    for model, site in admin.site._registry.items():
        for name in site.autocomplete_fields:
            where = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={name}"
            found += [f"/admin/autocomplete/?{where}&term={term}" for term in (WORD, "")]
    return found


ENTRIES: dict[str, Addresses] = {**dict(page_entries()), **dict(api_entries()), **dict(admin_entries())}
