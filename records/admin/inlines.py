"""The base class of tables in which parts of a record are entered on the record's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin

from records.accounts.sign_in import recently_signed_in
from records.admin.boxes import Cell, share_lists
from records.admin.forms import RecordFormSet
from records.admin.records import VisibleRows


class RecordInline(VisibleRows, InlineModelAdmin):
    """Parts of a record on the record's page."""

    formset = RecordFormSet
    extra = 0

    def date_help(self, db_field: Any) -> str:
        """Return a short help: the box shows examples, and the same words in each row would drown the rows."""
        return db_field.help_text or "Such as 2021-07-19, 2021-07 or 2018~; another calendar is chosen beside it."

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "level":  # the record's own, on the same page, tells what levels are
            kwargs["help_text"] = ""
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def add_boxes(self, boxes: dict[str, forms.Field], request: Any) -> None:
        """Add boxes for what is no column of the rows."""

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.viewer = request.user
        self.add_boxes(formset.form.base_fields, request)
        share_lists(request, formset.form.base_fields)
        if isinstance(self, admin.TabularInline):
            formset.form.bound_field_class = Cell
        formset.form.errors_at = self.errors_at
        formset.form.viewer = request.user
        formset.form.usual_calendar = obj.calendar_for(request.user) if obj else ""
        formset.form.may_change_level = recently_signed_in(request)
        return formset
