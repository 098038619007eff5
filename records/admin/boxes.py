"""The boxes of admin forms that stand in every row of a page: plain inputs, of which script makes lists.

What can be chosen is written once on a page, or asked of the server when somebody looks for it, and never in each row.
Without script the boxes work as they are: the browser suggests codes, and records are named by their reference.
"""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.urls import reverse

from records.fields.direction import TURNING
from records.models import Record

Choices = tuple[tuple[str, str], ...]


class CodeBox(forms.TextInput):
    """A box for one code of a list that stands elsewhere on the page, under the id `list_id`, in place of `select`."""

    def __init__(self, list_id: str, select: forms.Select) -> None:
        super().__init__({"list": list_id})
        self.select, self.choices = select, select.choices
        self.listed = frozenset(str(code) for code, _ in select.choices)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Name a code that the list does not have, such as a retired term that the row has already."""
        code = self.format_value(value)
        if code and code not in self.listed:
            labels = {str(own): label for own, label in self.choices}
            attrs = attrs | {"data-text": labels.get(code, code)}
        return super().get_context(name, value, attrs)

    def format_value(self, value: Any) -> str | None:
        shown: Any = self.select.format_value(value)
        return (shown[0] if isinstance(shown, list) else shown) or None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return self.select.value_from_datadict(data, files, name)


def share_lists(request: Any, fields: dict[str, forms.Field]) -> None:
    """Let boxes for one of a few codes point to lists that stand once on the page: see `lists_of`."""
    for field in fields.values():
        select = field.widget
        if isinstance(select, forms.Select) and not select.allow_multiple_selected:
            choices: Choices = tuple((str(code), str(label)) for code, label in select.choices)
            field.widget = CodeBox(lists_of(request).setdefault(choices, f"list-{len(lists_of(request))}"), select)


def lists_of(request: Any) -> dict[Choices, str]:
    """Return the lists that the boxes of a page point to: their choices, and their ids."""
    return request.__dict__.setdefault("lists_to_choose_from", {})


class Picker(forms.TextInput):
    """A box for one of many records or countries, which shows its words. A key comes back, or words that name it.

    `known` has the words for keys that came with the row, so that a page of rows asks nothing per row.
    """

    choices: Any = None
    known: dict[str, str] = {}

    def __init__(self, link: Any, described: Any) -> None:
        super().__init__({"data-of": f"{link.model._meta.label_lower}.{link.name}"})
        self.link, self.described = link, described

    @property
    def media(self) -> forms.Media:
        """What Django's own box for the same needs, which script makes of this one."""
        return AutocompleteSelect(self.link, self.described.admin_site).media

    @classmethod
    def of(cls, link: Any, site: AdminSite, request: HttpRequest) -> Self:
        """Return a box for what a foreign key leads to; the way to enter a new record beside it, where one may."""
        target = link.remote_field.model
        box = cls(link, site.get_model_admin(target))
        if issubclass(target, Record) and box.described.has_add_permission(request):
            box.attrs["data-add"] = reverse(f"admin:{target._meta.app_label}_{target._meta.model_name}_add")
        return box

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Show the words for a key that the reader may see. What is no key stays as it was typed."""
        key = str(value or "")
        if words := self.known.get(key) or self.words_for(key):
            # What script shows of them is no box: there, marks that turn text round are written out.
            turning = {"data-text": words} if TURNING.search(words) else {}
            return super().get_context(name, words, attrs | {"data-key": key} | turning)
        return super().get_context(name, "" if key.isdecimal() else key, attrs)

    def words_for(self, key: str) -> str:
        if not key or (issubclass(self.described.model, Record) and not key.isdecimal()):
            return ""
        row = self.choices.queryset.filter(pk=key).first()
        return self.choices.field.label_from_instance(row) if row is not None else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the key of what was chosen with script, or named without; what names nothing stays as it is."""
        text = super().value_from_datadict(data, files, name)
        if not text or text.isdecimal():
            return text
        if (key := next((key for key, words in self.known.items() if words == text), None)) is not None:
            return key
        found = self.described.pick(self.choices.queryset, text.replace("\0", "").strip())[:2]
        return str(found[0].pk) if len(found) == 1 else text


class Cell(forms.BoundField):
    """A box in a table. Its name and its help stand in the head of the column: the box repeats its name, unseen."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self.help_text = ""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        named = {} if (widget or self.field.widget).is_hidden else {"aria-label": str(self.label).capitalize()}
        return super().build_widget_attrs(attrs, widget) | named
