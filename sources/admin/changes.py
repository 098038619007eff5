"""What was changed in a form, in words: 'Changed stage “detention” of Idris Hasan: occurred “July 2021” → “2021”.'"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model
from django.forms.models import ModelChoiceField
from django.utils.text import Truncator

from sources.edtf import UncertainDate
from sources.history import About, drawn_from, part
from sources.models import Record

LONGEST = 80
Describe = Callable[[Any], str]


def changes(form: Any, formsets: Any, add: bool, brief: Describe) -> list[dict[str, Any]]:
    """Return the parts of a log message; `brief` names a row in words."""
    told = []
    if add:
        told.append(part("added", "Added.", {}))
    elif form.changed_data:
        text, about = _values(form, brief)
        if text:
            told.append(part("changed", f"Changed {text}.", about, fields=_labels(form)))
    for formset in formsets or []:
        told += _rows(formset, brief)
    return told


def _rows(formset: Any, brief: Describe) -> Iterator[dict[str, Any]]:
    """Tell the rows of one inline that were added, changed or removed, and what was made beside them."""
    for row in formset.deleted_objects:
        yield part("deleted", f"Removed {row._meta.verbose_name} {brief(row)}.", drawn_from(row), of=row)
    changed = {row.pk for row, _ in formset.changed_objects}
    new = {row.pk for row in formset.new_objects}
    for form in formset.forms:
        row = form.instance
        if row.pk not in changed | new:
            continue
        name = f"{row._meta.verbose_name} {brief(row)}"
        if row.pk in new:
            yield part("added", f"Added {name}.", drawn_from(row), of=row)
        elif own := [
            field for field in form.changed_data if field in {column.name for column in row._meta.get_fields()}
        ]:
            text, about = _values(form, brief, own)
            yield part("changed", f"Changed {name}: {text}.", drawn_from(row) | about, of=row, fields=_labels(form))
        for beside in getattr(form, "made_beside", []):
            text = f"Added {beside._meta.verbose_name} {brief(beside)} to {name}."
            yield part("added", text, drawn_from(beside) | drawn_from(row), of=beside)


def _labels(form: Any) -> list[str]:
    return [str(form.fields[name].label or name) for name in form.changed_data]


def _values(form: Any, brief: Describe, names: list[str] | None = None) -> tuple[str, About]:
    """Return 'title “old” → “new”; ...' for the changed fields, and the records that the values name."""
    texts: list[str] = []
    about: About = {}
    for name in form.changed_data if names is None else names:
        field, was, now = form.fields[name], form.initial.get(name), form.cleaned_data.get(name)
        if was == getattr(now, "pk", now):  # a hidden value that was kept
            continue
        old, new = _plain(field, was), _plain(field, now)
        for record in [*old, *new]:
            if isinstance(record, Record):
                about |= drawn_from(record)
        label, codes = str(field.label or name), dict(form._meta.model._meta.get_field(name).flatchoices or ())
        texts.append(f"{label[:1].lower()}{label[1:]} {_quoted(old, codes, brief)} → {_quoted(new, codes, brief)}")
    return "; ".join(texts), about


def _plain(field: Any, value: Any) -> list[Any]:
    """Return a value as a list of the things it holds, keys read as the rows that the editor may choose."""
    values = list(value) if isinstance(value, (list, tuple)) or hasattr(value, "all") else [value]
    values = [each for each in values if each not in (None, "")]
    keys = [each for each in values if not isinstance(each, Model)]
    if isinstance(field, ModelChoiceField) and field.queryset is not None and keys:
        rows = {row.pk: row for row in field.queryset.filter(pk__in=keys)}
        values = [rows.get(each, each) for each in values if isinstance(each, Model) or each in rows]
    return values


def _quoted(values: list[Any], codes: dict[Any, Any], brief: Describe) -> str:
    return ", ".join(_words(value, codes, brief) for value in values) or "nothing"


def _words(value: Any, codes: dict[Any, Any], brief: Describe) -> str:
    if isinstance(value, Record):
        return brief(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, UncertainDate):
        value = value.label
    return f"“{Truncator(codes.get(value, value)).chars(LONGEST)}”"
