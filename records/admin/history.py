"""The history page of a record in the admin, in place of Django's own log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from records.admin.chosen_rows import ChosenRows
from records.history.record_history import ActChanges, History, may_read_history
from records.history.restore import CannotRestore, Restore
from records.lists.pages import history_context
from records.review import proposing

OVERTAKEN = "Somebody changed the record in the meantime: look at the difference again."


class Unlogged(admin.ModelAdmin):
    """Writes nothing into Django's own log, which would keep words out of reach of the levels of records."""

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        return None

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        return None

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        return None


class WithHistory(ChosenRows, Unlogged):
    """An admin whose history page tells old and new values side by side, act by act."""

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        context["history_is_open"] = row is not None and may_read_history(row, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self._visible_row(request, object_id)
        chosen = history_context(request, History(row, request.user))
        status = 400 if chosen["problem"] else 200
        context = self._past_context(request, row, f"History of {row}") | chosen | (extra_context or {})
        return TemplateResponse(request, "admin/record_history.html", context, status=status)

    def _visible_row(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, unquote(object_id))
        if row is None or not may_read_history(row, request.user):
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return row

    def _past_context(self, request: HttpRequest, row: Any, title: str) -> dict[str, Any]:
        address = self._address_of(row, "change")
        return self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "object": row,
            "address": address,
        }

    def _address_of(self, row: Any, page: str) -> str:
        key = quote(getattr(row, "ref", row.pk))
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=(key,))


class Restorable(WithHistory):
    """An admin in which a record can be brought back to any state that its history tells of."""

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        restore = path("<path:object_id>/history/<slug:act>/", self.admin_site.admin_view(self.restore_view), name=name)
        return [restore, *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self._visible_row(request, object_id)
        restores = self._address_of(row, "history") if self.has_change_permission(request, row) else ""
        return super().history_view(request, object_id, {"restores": restores} | (extra_context or {}))

    def restore_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """Show what a past state would bring back, and bring it back when that is confirmed."""
        row = self._visible_row(request, object_id)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        history = History(row, request.user)
        chosen = next((each for each in history.acts() if each.key == act), None)
        moment = history.after(act)
        if chosen is None or moment is None:
            raise Http404
        restoring = Restore(history, moment, lambda verb, model: may(request.user, verb, model))
        problems = self._restored(request, row, restoring) if request.method == "POST" else {}
        if problems is None:
            return redirect(self._address_of(row, "history"))
        context = self._past_context(request, row, f"Restore {row}") | self._offer(request, restoring, chosen, problems)
        context["history"] = self._address_of(row, "history")
        return TemplateResponse(request, "admin/record_restore.html", context)

    def _restored(self, request: HttpRequest, row: Any, restoring: Restore) -> dict[str, list[str]] | None:
        """Bring back what was ticked; return what stands against it, or None."""
        if request.POST.get("stamp") != restoring.stamp():
            return {"The record": [OVERTAKEN]}
        try:
            with proposing(row) as sent:
                count = restoring.carry_out(set(request.POST.getlist("row")))
        except CannotRestore as refusal:
            return refusal.problems
        if sent.proposal is not None:
            messages.warning(request, f"Readers can see this record: {sent.proposal.ref} waits for a second person.")
        else:
            messages.success(request, f"Restored: {count} {'row' if count == 1 else 'rows'}.")
        return None

    def _offer(
        self, request: HttpRequest, restoring: Restore, chosen: ActChanges, problems: dict[str, list[str]] | None
    ) -> dict[str, Any]:
        why = request.POST.get("why") or f"Restored as it was on {chosen.at:%Y-%m-%d %H:%M} UTC."
        return {
            "rows": restoring.rows(),
            "stamp": restoring.stamp(),
            "chosen": request.POST.getlist("row"),
            "problems": problems,
            "why": why,
        }


def may(user: Any, verb: str, model: type[models.Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}")
