"""The base classes of the admin of records: every row, choice and count starts at what its reader may see.

Stock admin checks who may open a list, not which rows; each override here closes a door that this leaves open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from records.accounts.sign_in import recently_signed_in
from records.admin.boxes import Picker, lists_of
from records.admin.date_boxes import CALENDAR_CHOICES, LIST, DateBox
from records.admin.date_questions import AsksOfDates
from records.admin.dates import HELP, RecordList
from records.admin.entered import Entered
from records.admin.forms import RecordForm, rests_on
from records.admin.history import Restorable, WithHistory
from records.admin.lost_updates import MarkedForm, NoLostUpdates
from records.admin.proposing import MovesMany, Proposes
from records.admin.sent_once import SentOnce
from records.admin.similar import AsksOfSimilar
from records.fields.names import search
from records.fields.uncertain_date import UncertainDateField
from records.models import Record, Team, Term
from records.vocabulary import Level, PartLevel, Review, Vocabulary

REFERENCE = re.compile(r"[A-Z]{3}-[0-9A-Z]{8}", re.IGNORECASE)


def visible(rows: Any, user: Any) -> Any:
    """Narrow rows to what `user` may see; what knows no levels (users, terms) is open to all staff."""
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def count_of(rows: QuerySet[Any], link: str) -> Coalesce:
    """Return an annotation: how many of `rows` point to the row through `link`."""
    counted = rows.filter(**{link: OuterRef("pk")}).order_by().values(link).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class Link(NamedTuple):
    text: str
    address: str


@dataclass
class ListTable:
    """Rows to read below a form; a cell is text, a number or a Link. `links` stand below them, and are no rows."""

    title: str
    headings: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


class VisibleRows(BaseModelAdmin):
    """What forms and inlines share: rows and choices that are visible to whoever asks.

    `meanings` names the closed lists whose meanings stand beside their labels.
    """

    meanings: ClassVar[dict[str, type[Vocabulary]]] = {}
    errors_at: ClassVar[dict[str, str | tuple[str, str]]] = {}
    related: ClassVar[tuple[str, ...]] = ()
    form: Any = RecordForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # the default from Django 6 on

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = visible(super().get_queryset(request), request.user)
        return rows.select_related(*self.related) if self.related else rows

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Let the form of a record carry the mark of what its editor is shown."""
        (name, first), *more = super().get_fieldsets(request, obj)
        if not issubclass(self.form, MarkedForm) or not self.has_change_permission(request, obj):
            return [(name, first), *more]
        return [(name, {**first, "fields": (*(each for each in first["fields"] if each != "seen"), "seen")}), *more]

    def get_field_queryset(self, db: Any, db_field: Any, request: Any) -> Any:
        rows = super().get_field_queryset(db, db_field, request)
        if rows is None:
            rows = db_field.remote_field.model._default_manager.all()
        return visible(rows, request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Picker.of(db_field, self.admin_site, request)
        box: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        target = db_field.remote_field.model
        if issubclass(target, Term):
            # One query for all rows of an inline. A form adds the retired term that its own row may have.
            box.every_term = box.queryset
            box.queryset = box.every_term.filter(retired=False)
            box.choices = [("", "---------"), *((term.pk, str(term)) for term in box.queryset)]
        elif box and issubclass(target, Record):
            described: Any = self.admin_site.get_model_admin(target)
            box.label_from_instance = described.describe
        return box

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name not in self.get_autocomplete_fields(request):
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, UncertainDateField):
            kwargs |= {"help_text": self.date_help(db_field), "widget": DateBox}
            lists_of(request).setdefault(CALENDAR_CHOICES, LIST)
        box = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(box, forms.ModelChoiceField):
            # Without the links that Django puts round it. A list changes on its own page, where it can be seen whole.
            box.widget = getattr(box.widget, "widget", box.widget)
            box.widget.attrs.pop("data-context", None)  # by which those find each other
        if isinstance(box, forms.SplitDateTimeField):
            for part, name in zip(box.widget.widgets, ("date", "time"), strict=True):
                part.attrs["aria-label"] = f"{box.label}: {name}"
        if box is not None:  # a browser cuts what is pasted at such a limit, and says nothing
            box.widget.attrs.pop("maxlength", None)
        return box

    def date_help(self, db_field: Any) -> str:
        return f"{db_field.help_text} {HELP}".strip()

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        box: Any = super().formfield_for_choice_field(db_field, request, **kwargs)
        if codes := self.meanings.get(db_field.name):
            explained = {code.value: f"{code.label}: {code.meaning}" for code in codes}
            box.choices = [(value, explained.get(value, label)) for value, label in box.choices]
        return box


class ListAdmin(VisibleRows, WithHistory):
    """A reference list that records point to. Its rows are never deleted."""

    section = "Lists"
    actions = None
    show_full_result_count = False
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Allow the list's own filters and nothing else: any other lookup would read columns letter by letter."""
        for item in self.get_list_filter(request):
            if isinstance(item, type):
                allowed = {item.parameter_name}  # type: ignore[attr-defined]
            else:
                name = str(item[0] if isinstance(item, tuple) else item)
                target = self.opts.get_field(name).remote_field
                key = f"__{target.model._meta.pk.name}" if target else ""
                allowed = {f"{name}{key}__exact", f"{name}__isnull", f"{name}__isempty"}
            if lookup in allowed:
                return True
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordList

    def listed(self, rows: Any, user: Any) -> Any:
        """Return the rows with what columns of the list need and a form does not, such as counts."""
        return rows

    def address(self, row: Any) -> str:
        """Return the address of the page on which a row is changed."""
        key = quote(getattr(row, "ref", row.pk))
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=(key,))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if "\0" in term:  # PostgreSQL has no such character
            return queryset.none(), False
        if REFERENCE.fullmatch(term) and issubclass(self.model, Record):
            return queryset.filter(ref=term.upper()), False
        return self.find(queryset, term, request.user), False

    def find(self, rows: Any, text: str, user: Any) -> Any:
        """Return the rows that answer to what somebody typed into a search box."""
        return rows.filter(search("folded", text))

    def pick(self, rows: Any, words: str) -> Any:
        """Return the row that a box of a form names in words, as it does without script; or more than one, or none."""
        return rows.filter(pk=words)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Take from the address only records that its reader may see, by key or reference."""
        initial = {}
        for name, value in request.GET.dict().items():
            column = next((column for column in self.opts.fields if column.name == name and column.is_relation), None)
            if column is None:
                continue
            rows = self.get_field_queryset(None, column, request)
            key = "ref" if REFERENCE.fullmatch(value) and issubclass(rows.model, Record) else "pk"
            if key == "pk" and issubclass(rows.model, Record) and not value.isdecimal():
                continue
            if (row := rows.filter(**{key: value[:40].replace("\0", "")}).first()) is not None:
                initial[name] = row.pk
        return initial

    def _get_obj_does_not_exist_redirect(self, request: Any, opts: Any, object_id: str) -> HttpResponse:
        raise Http404


class TermAdmin(ListAdmin):
    """A controlled list: terms are added and retired, never removed, and a code never changes once it is in use."""

    list_display: tuple[str, ...] = ("label", "code", "meaning", "version", "retired")
    list_filter: ClassVar[tuple[str, ...]] = ("retired",)
    search_fields = ("code", "label", "meaning")

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(
            models.Q(label__icontains=text) | models.Q(code__icontains=text) | models.Q(meaning__icontains=text)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


class RecordAdmin(SentOnce, NoLostUpdates, Restorable, Proposes, AsksOfSimilar, AsksOfDates, MovesMany, ListAdmin):
    """A record that stands on its own. It is withdrawn rather than deleted."""

    section = "Cases"
    change_form_template = "admin/record_change_form.html"
    save_on_top = True  # the pages are long
    is_shown_again: ClassVar = True
    radio_fields = {"level": admin.VERTICAL, "review": admin.VERTICAL}
    meanings: ClassVar[dict[str, type[Vocabulary]]] = {"level": Level, "review": Review}
    search_fields = ("ref",)  # switches the search box on; `find` does the work

    def get_list_filter(self, request: HttpRequest) -> Any:
        chosen = super().get_list_filter(request)
        return (*chosen, Entered) if self.model.reviewed else chosen

    def describe(self, record: Any) -> str:
        """Return the words by which people choose this record from a list."""
        return str(record)

    def pick(self, rows: Any, words: str) -> Any:
        """A record is named by its reference, whatever stands beside that."""
        refs = {ref for ref in REFERENCE.findall(words.upper()) if ref.startswith(f"{self.model.prefix()}-")}
        return rows.filter(ref__in=refs)

    def address_of_similar(self, similar: Any) -> str:
        return self.address(similar.record)

    def tables(self, record: Any, user: Any) -> list[ListTable]:
        """Return what else there is to read about a record, as `user` may see it."""
        return []

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Find a visible record by its reference, which is what addresses show, or by its key."""
        if from_field is None and REFERENCE.fullmatch(object_id):
            from_field = "ref"
        return super().get_object(request, object_id, from_field)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a new record with its editor's team, where they are on one: of no team it is every team's."""
        initial = super().get_changeform_initial_data(request)
        own = Team.objects.visible_to(request.user).filter(members=request.user.pk)[:2]
        if any(column.name == "team" for column in self.opts.fields) and len(own) == 1:
            initial.setdefault("team", own[0].pk)
        return initial

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.errors_at = self.errors_at
        form.may_change_level = recently_signed_in(request)
        form.may_submit = request.user.has_perm("records.submit_records")
        form.viewer = request.user
        form.usual_calendar = obj.calendar_for(request.user) if obj else ""
        return form

    def get_formset_kwargs(self, request: Any, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """Look for no parts of a record that is only being made."""
        if obj.pk is not None:
            return super().get_formset_kwargs(request, obj, inline, prefix)
        sent = {"data": request.POST.copy(), "files": request.FILES} if request.method == "POST" else {}
        return {"instance": obj, "prefix": prefix, "queryset": inline.model._default_manager.none(), **sent}

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        return (obj is not None and obj.address_for_readers()) or None

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        record = kwargs.get("obj")
        tables = self.tables(record, request.user) if record else []
        context["lists"] = lists_of(request)
        context["why"] = request.POST.get("why", "")
        context["tables"] = [table for table in tables if table.rows or table.links]
        return super().render_change_form(request, context, *args, **kwargs)


class PartAdmin(RecordAdmin):
    """A part of a record, on a page of its own. It may be removed as long as nothing rests on it."""

    section = "Parts of a record"
    radio_fields = {"level": admin.VERTICAL}
    meanings: ClassVar[dict[str, type[Vocabulary]]] = {"level": PartLevel}
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = request.user.has_perm(f"{self.opts.app_label}.delete_{self.opts.model_name}")
        return may and (obj is None or not rests_on(obj, request.user))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name the rows alone: nothing that the reader can see goes with them, and nothing else is told."""
        return [str(row) for row in objs], {self.opts.verbose_name_plural: len(objs)}, set(), []
