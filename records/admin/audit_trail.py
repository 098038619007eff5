"""The admin page of the audit trail, read only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from records.admin.records import ListAdmin
from records.history.audit_trail import TrailEntry, TrailQuery, page_of
from records.models import AuditEntry
from records.vocabulary import AuditKind

MOMENT = r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z"


class TrailForm(forms.Form):
    """Which entries to show."""

    kind = forms.ChoiceField(choices=[("", "everything"), *AuditKind.choices], required=False)
    actor = forms.CharField(label="Who", max_length=150, required=False)
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"placeholder": "2026-11-22"}))
    before = forms.RegexField(MOMENT, required=False, widget=forms.HiddenInput)


@admin.register(AuditEntry)
class TrailAdmin(ListAdmin):
    """A page of its own: Django's list would count the entries, and tell their numbers."""

    section = "Access"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Give no entry a page of its own: its address would tell how many came before it."""
        return AuditEntry.objects.none()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("records.read_audit")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        given = {name: value for name, value in request.GET.items() if name in TrailForm.base_fields}
        unknown = sorted(request.GET.keys() - given.keys())
        form = TrailForm(given)
        entries: list[TrailEntry] = []
        following = ""
        if form.is_valid() and not unknown:
            entries, following = page_of(TrailQuery(**form.cleaned_data), request.user)
        context = self.admin_site.each_context(request) | {
            "title": "Audit trail",
            "opts": self.opts,
            "form": form,
            "unknown": unknown,
            "entries": entries,
            "older": urlencode(given | {"before": following}) if following else "",
        }
        return TemplateResponse(request, "admin/audit.html", context)
