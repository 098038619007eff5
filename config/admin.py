"""The admin site: Waymark's name, a front page grouped by what staff do, and none of the stock side doors."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.text import slugify

from sources.history import of_visible_records

RECENT = 50
#: The groups of the front page, in order; an admin class says to which it belongs.
SECTIONS = ["Cases", "Evidence", "Parts of a record", "Lists", "Access"]


class DescribedChoices(AutocompleteJsonView):
    """Answers an autocomplete with the words that the record's own admin has for it."""

    model_admin: Any

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        describe = getattr(self.model_admin, "describe", str)
        return {"id": str(getattr(obj, to_field_name)), "text": describe(obj)}


class WaymarkSite(AdminSite):
    site_header = "Waymark"
    site_title = "Waymark"
    index_title = "Records"
    empty_value_display = "–"
    enable_nav_sidebar = False  # the lists need its room

    def get_urls(self) -> list[Any]:
        """Leave out the redirect to a record's page, which answers for records that its reader may not see."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return DescribedChoices.as_view(admin_site=self)(request)

    def get_log_entries(self, request: HttpRequest) -> Any:
        """Return the reader's own latest entries, as long as they may see the records; read on the front page only."""
        return SimpleLazyObject(lambda: of_visible_records(self._latest(request), request.user))

    def _latest(self, request: HttpRequest) -> Any:
        entries = LogEntry.objects.filter(user=request.user.pk)
        latest = entries.order_by("-pk").values_list("pk", flat=True)[:RECENT]
        return entries.filter(pk__in=list(latest)).select_related("content_type", "user")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Group the models of all apps by what they are for; the list of one app stays as Django makes it."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        groups: dict[str, list[Any]] = {section: [] for section in SECTIONS}
        for model in (model for app in apps for model in app["models"]):
            groups[getattr(self._registry[model["model"]], "section", "Access")].append(model)
        home = reverse("admin:index", current_app=self.name)
        return [
            {"name": name, "app_label": slugify(name), "app_url": f"{home}#{slugify(name)}", "has_module_perms": True}
            | {"models": models}
            for name, models in groups.items()
            if models
        ]
