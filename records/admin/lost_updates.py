"""The version check of admin forms: nothing is saved over what somebody else wrote meanwhile.

Every form carries a mark of the values that its editor was shown. The number of the version would tell of changes to
what the editor may not see; the mark does not, and rows that nobody else touched stay free of conflict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from records.history.record_history import History, may_read_history
from records.history.snapshots import NOTHING, DisplayValue, Snapshot, key_of, name_of
from records.models import Record, StaleVersion

OVERTAKEN = "Somebody else changed this after you opened it. Nothing was saved: see the differences at the top."


class ShownValues(forms.CharField):
    """The mark of what the editor was shown. It is no change of its own."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, label="")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class MarkedForm(forms.ModelForm):
    """A form that knows what its editor started from. The admin sets `viewer` for each request."""

    viewer: Any = None
    seen = ShownValues()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The formset of an inline adds the row's key and its owner after this: they are no values of the row's own.
        self._names = self.fields.keys() | set(getattr(self._meta.model, "parents", ()))
        self.mark, self.was_overtaken = "", False
        if not self.instance._state.adding:
            self.mark = self.mark_of(self._shown())
            self.initial["seen"] = self.mark

    @property
    def started_from(self) -> str:
        """The mark that came back with the form."""
        return self.data.get(self.add_prefix("seen"), "")

    @property
    def is_stale(self) -> bool:
        return self.is_bound and not self.instance._state.adding and self.started_from != self.mark

    def marked_fields(self) -> list[Any]:
        """Return the fields whose values are marked: those of the form, and the links to its parents."""
        options = self._meta.model._meta
        return [field for field in (*options.concrete_fields, *options.many_to_many) if field.name in self._names]

    def mark_of(self, shown: dict[str, Any]) -> str:
        """Return the mark of values, for this editor and this row: it proves that they were shown to nobody else."""
        key = str(getattr(self.instance, "ref", self.instance.pk))
        stamped = [getattr(self.viewer, "pk", None), key, sorted(shown.items())]
        return salted_hmac("records.admin.lost_updates", json.dumps(stamped), algorithm="sha256").hexdigest()[:32]

    def _shown(self) -> dict[str, Any]:
        """Return the values as this editor is shown them: a link to a hidden record is none."""
        shown: dict[str, Any] = {}
        for field in self.marked_fields():
            if field.many_to_many:
                shown[field.name] = plain_keys(getattr(each, "pk", each) for each in self.initial.get(field.name) or ())
                continue
            value = getattr(self.instance, field.attname)
            offered = getattr(self.fields.get(field.name), "queryset", None)
            own_link = field.name in getattr(self.instance, "parents", ())
            if value is not None and not own_link and offered is not None and issubclass(offered.model, Record):
                value = value if offered.filter(pk=value).exists() else None
            shown[field.name] = plain(value)
        return shown

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_stale and self.changed_data:
            if self.mark_of(self._sent()) == self.started_from:
                return self._as_it_is_now(cleaned)
            self.was_overtaken = True
            self.add_error(None, ValidationError(OVERTAKEN, code="overtaken"))
        return cleaned

    def _sent(self) -> dict[str, Any]:
        """Return the values that came back with the form, as `_shown` has them."""
        sent = self._shown()
        for field in self.marked_fields():
            if field.name in self.fields:
                value = self.cleaned_data.get(field.name)
                if field.many_to_many:
                    sent[field.name] = plain_keys(each.pk for each in value or ())
                else:
                    sent[field.name] = plain(getattr(value, "pk", value))
        return sent

    def _as_it_is_now(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Leave a row as the other wrote it, where the editor touched nothing of it."""
        self.__dict__["changed_data"] = []
        for field in self.marked_fields():
            if field.name in self.fields:
                now = self.initial.get(field.name) if field.many_to_many else getattr(self.instance, field.name)
                cleaned[field.name] = now
        return cleaned


def plain(value: Any) -> str:
    """Return a value as text. Browsers send other ends of lines than those that are stored."""
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def plain_keys(keys: Iterable[Any]) -> list[str]:
    return sorted(str(key) for key in keys)


@dataclass(frozen=True)
class Collision:
    """One field that somebody else changed: what the editor started from, what stands there now, what they wrote."""

    row: str
    label: str
    started: str
    theirs: str
    who: str
    at: datetime | None
    yours: str


class Overtaking:
    """What somebody else did to a row while a form stood open, as far as its editor may see it."""

    def __init__(self, form: Any) -> None:
        self.form, self.started_from = form, form.started_from
        self.key = key_of(form.instance)
        self.history = History(form.instance, form.viewer)
        self.replay, self.words = self.history.replay, self.history.words

    def collisions(self) -> list[Collision]:
        started = self._started()
        title = f"{self.form.instance._meta.verbose_name} {name_of(self.form.instance)}"
        found = []
        for field in self.form.marked_fields():
            was = self._value_at(field, started) if started is not None else None
            theirs, yours = self._value_at(field, self.replay.last), self._yours(field)
            if theirs.words == (was.words if was else yours):
                continue
            who, at = self._by(field.name)
            label = str(field.verbose_name).capitalize()
            found.append(Collision(title, label, was.words if was else "", theirs.words, who, at, yours))
        return found

    def _started(self) -> int | None:
        """Return the moment whose values bear the mark that came back, the latest first."""
        for moment in sorted({step.number for steps in self.replay.steps.values() for step in steps}, reverse=True):
            snapshot = self.replay.snapshot(self.key, moment)
            if snapshot is not None and self.form.mark_of(self._shown(snapshot, moment)) == self.started_from:
                return moment
        return None

    def _shown(self, snapshot: Snapshot, moment: int) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for field in self.form.marked_fields():
            if field.many_to_many:
                shown[field.name] = plain_keys(self.replay.linked(self.key, field, moment))
                continue
            hidden = field.related_model and self._value_at(field, moment) == NOTHING
            shown[field.name] = "" if hidden else plain(snapshot.get(field.attname))
        return shown

    def _value_at(self, field: Any, moment: int) -> DisplayValue:
        if field.many_to_many:
            return self.words.value(field, self.replay.linked(self.key, field, moment))
        return self.words.value(field, (self.replay.snapshot(self.key, moment) or {}).get(field.attname))

    def _yours(self, field: Any) -> str:
        """Return what the editor wrote, in words; what could not be read stands as it was typed."""
        if field.name not in self.form.fields:
            return ""
        if field.name not in self.form.cleaned_data:
            return str(self.form[field.name].data or "")
        value = self.form.cleaned_data[field.name]
        if isinstance(value, models.Model):
            # What the editor may not see stays as it was, and was not written by them.
            offered = getattr(self.form.fields[field.name], "queryset", None)
            kept_unseen = offered is not None and not offered.filter(pk=value.pk).exists()
            return NOTHING.words if kept_unseen else name_of(value)
        if field.many_to_many:
            return ", ".join(sorted(name_of(each) for each in value))
        return self.words.value(field, value).words

    def _by(self, field: str) -> tuple[str, datetime | None]:
        """Return who changed a field last and when, where the editor may read the history."""
        for act in self.history.acts() if may_read_history(self.form.instance, self.form.viewer) else ():
            for change in act.changes:
                if change.key == self.key and any(each.field == field for each in change.differences):
                    return act.who, act.at
        return "", None


class NoLostUpdates(admin.ModelAdmin):
    """An admin whose page, when somebody else was faster, shows what they changed and what the editor wrote."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except StaleVersion:  # between reading and writing; read again, the form shows what happened
            return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        formsets = [inline.formset for inline in context.get("inline_admin_formsets", ())]
        shown = [context["adminform"].form, *(form for formset in formsets for form in formset.forms)]
        overtaken = [form for form in shown if getattr(form, "was_overtaken", False)]
        context["collisions"] = [each for form in overtaken for each in Overtaking(form).collisions()]
        for form in overtaken:
            go_on_from_here(form)
        return super().render_change_form(request, context, *args, **kwargs)


def go_on_from_here(form: Any) -> None:
    """Let a form that was told of the other's changes start from them, with the editor's input as it is."""
    form.data = form.data.copy()
    form.data[form.add_prefix("seen")] = form.mark
