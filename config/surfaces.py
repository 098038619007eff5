"""The register of every route of the site. The leak test asks all of them.

What is made from the codebook, the pages and the admin is found there; what is written by hand is listed in BY_HAND.
A route that is not in the register fails the system check (config.checks), and with it every start of the site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from cases.codebook import RESOURCES
from cases.views import PAGES
from records.models import Record


@dataclass(frozen=True)
class Surface:
    """One route: its pattern, the kind of thing that answers, and the resource or model that it shows, if any.

    The leak test knows what to ask of each kind. Of `by hand` it is told in tests/leaks/grammar.py, address by address.
    """

    pattern: str
    kind: str
    of: Any = None


#: Routes that stand alone.
BY_HAND = (
    "",
    "search/",
    "silence/",
    "board/",
    "codebook/",
    "deadlines/",
    "watching/",
    "watching/digest/",
    "feeds/<slug:secret>/deadlines.ics",
    "feeds/<slug:secret>/changes.atom",
    "healthz",
    "sources/<slug:source>/captures/<slug:ref>/",
    "sources/<slug:source>/captures/<slug:ref>/sealed/",
    "people/<slug:ref>/dossier/",
    "people/<slug:ref>/dossier.docx",
    "account/",
    "account/feeds/",
    "account/inactive/",
    "account/login/",
    "account/logout/",
    "account/password/",
    "account/reauthenticate/",
    "account/second-factor/",
    "account/second-factor/authenticate/",
    "account/second-factor/codes/add/",
    "account/second-factor/codes/remove/",
    "account/second-factor/passkeys/",
    "account/second-factor/passkeys/<int:pk>/remove/",
    "account/second-factor/passkeys/<int:pk>/rename/",
    "account/second-factor/passkeys/add/",
    "account/second-factor/passkeys/login/",
    "account/second-factor/passkeys/reauthenticate/",
    "account/second-factor/reauthenticate/",
    "account/second-factor/recovery/",
    "account/second-factor/recovery/new/",
    "account/sessions/",
    "account/sessions/end/",
    "account/tokens/",
    "api/v1/",
    "api/v1/schema/",
    "api/v1/docs/",
    "api/v1/^(?P<rest>(?s:.*))/$",
    "admin/",
    "admin/login/",
    "admin/logout/",
    "admin/password_change/",
    "admin/password_change/done/",
    "admin/jsi18n/",
    "admin/(?P<url>.*)$",
    "admin/auth/user/<id>/password/",
    "admin/records/breakglass/close/",
    "admin/records/proposal/<slug:ref>/as/<slug:reader>/",
    "admin/sources/sourcedocument/<slug:ref>/case/",
    "admin/sources/sourcedocument/<slug:ref>/passages/",
    "admin/sources/sourcedocument/<slug:ref>/passages/cite/",
)
#: What the admin has for each model, and the kind of each.
ADMIN_ROUTES = {
    "": "admin list",
    "add/": "admin add",
    "<path:object_id>/": "admin row",
    "<path:object_id>/change/": "admin change",
    "<path:object_id>/delete/": "admin delete",
    "<path:object_id>/history/": "admin history",
}


def surfaces() -> dict[str, Surface]:
    """Return the register, by pattern."""
    found = [*(Surface(pattern, "by hand") for pattern in BY_HAND), *of_resources(), *of_admin()]
    return {surface.pattern: surface for surface in found}


def of_resources() -> Iterator[Surface]:
    for resource in RESOURCES:
        yield Surface(f"api/v1/{resource.name}/", "api list", resource)
        yield Surface(f"api/v1/{resource.name}/count/", "api count", resource)
        yield Surface(f"api/v1/{resource.name}/<slug:ref>/", "api record", resource)
        if issubclass(resource.model, Record):
            yield Surface(f"api/v1/{resource.name}/<slug:ref>/history/", "history", resource)
    for resource in (list_page.resource for list_page, _, _ in PAGES):
        yield Surface(f"{resource.name}/", "list", resource)
        yield Surface(f"{resource.name}/export.csv", "export", resource)
        yield Surface(f"{resource.name}/<slug:ref>/", "record", resource)
        if issubclass(resource.model, Record):
            yield Surface(f"{resource.name}/<slug:ref>/history/", "history", resource)


def of_admin() -> Iterator[Surface]:
    models = admin.site._registry
    labels = dict.fromkeys(model._meta.app_label for model in models)
    yield Surface(rf"admin/^(?P<app_label>{'|'.join(labels)})/$", "admin apps", tuple(labels))
    yield Surface("admin/autocomplete/", "autocomplete")
    for model in models:
        path = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield from (Surface(path + rest, kind, model) for rest, kind in ADMIN_ROUTES.items())
        if issubclass(model, Record):
            yield Surface(f"{path}<path:object_id>/history/<slug:act>/", "admin restore", model)


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Yield the pattern of every route that the site answers."""
    for pattern in (resolver or get_resolver()).url_patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, text)
        elif isinstance(pattern, URLPattern):
            yield text
