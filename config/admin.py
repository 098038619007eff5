"""The admin site: its name, its front page, and none of the stock views that show too much."""

from __future__ import annotations

from functools import wraps
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.text import slugify

from config.staff_home import work_of
from records.fields.direction import with_marks_shown
from records.history.record_history import RecentWork, recent_work
from records.typed import SIGNED_OUT, give_back

#: Whose tables nobody browses: what the libraries for signing in keep, sealed secrets among it.
UNSEEN = {"account", "mfa", "usersessions", "knox"}
#: The groups of the front page, in order; an admin class says to which it belongs.
SECTIONS = ["Cases", "Evidence", "Review", "Parts of a record", "Lists", "Access"]


class DescribedChoices(AutocompleteJsonView):
    """Answers an autocomplete with the words that the record's own admin has for it."""

    model_admin: Any

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        describe = getattr(self.model_admin, "describe", str)
        return {"id": str(getattr(obj, to_field_name)), "text": with_marks_shown(describe(obj))}


class WaymarkSite(AdminSite):
    site_header = "Waymark"
    site_title = "Waymark"
    index_title = "Your work"
    empty_value_display = "–"
    enable_nav_sidebar = False  # the lists need its room

    def get_urls(self) -> list[Any]:
        """Leave out the redirect to a record's page, which answers for records that its reader may not see."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Give back what was typed to whoever is not signed in any more: Django would forget it."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST" and not request.user.is_authenticated:
                return give_back(request, SIGNED_OUT)
            return inner(request, *args, **kwargs)

        return asked

    def register(self, model_or_iterable: Any, *args: Any, **kwargs: Any) -> None:
        """Leave out the models of the libraries for signing in, which register themselves."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().register([model for model in models if model._meta.app_label not in UNSEEN], *args, **kwargs)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Send staff through the one door: a form of its own here would ask for no second factor."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return DescribedChoices.as_view(admin_site=self)(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show what waits for the reader, and their own latest work, as long as they may see the records."""
        done = [{"what": each, "address": self._address(each)} for each in recent_work(request.user)]
        return super().index(request, {"recent": done, "work": work_of(request.user, self)} | (extra_context or {}))

    def _address(self, done: RecentWork) -> str:
        name = f"admin:{done.model._meta.app_label}_{done.model._meta.model_name}_change"
        return reverse(name, args=(done.ref,), current_app=self.name)

    def get_log_entries(self, request: HttpRequest) -> Any:
        """Django's own log is not written."""
        return LogEntry.objects.none()

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Group the models of all apps by what they are for; the list of one app stays as Django makes it."""
        if app_label:
            return super().get_app_list(request, app_label)
        # Every page asks for it, and the front page alone shows it.
        return cast(list[Any], SimpleLazyObject(lambda: self._sections(request)))

    def _sections(self, request: HttpRequest) -> list[Any]:
        apps = super().get_app_list(request)
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
