"""The forms of the admin: they offer what their reader may see, and a refusal stands beside the field it is about."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.forms.models import BaseInlineFormSet

from sources.models import Record, Term
from sources.vocabulary import Level


class KnownSelect(AutocompleteSelect):
    """An autocomplete that is told the label of its row's own value, so that a page of rows asks nothing per row."""

    known: dict[str, str] = {}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        if not value or not set(value) <= self.known.keys():
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [self.create_option(name, key, self.known[key], True, 1) for key in value]
        return [(None, options, 0)]


def bare(widget: Any) -> Any:
    """Return a widget without the links that the admin puts round it."""
    return getattr(widget, "widget", widget)


class RecordForm(forms.ModelForm):
    """A form for one record.

    `errors_at` says beside which field a broken constraint is told, and perhaps in better words:
    {"person_role_only_for_standing_other": "role", "personname_one_primary": ("kind", "There is one already.")}.
    """

    errors_at: ClassVar[dict[str, str | tuple[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            related = getattr(getattr(field, "queryset", None), "model", None)
            if related and issubclass(related, Term):
                self._offer_terms(name, field)
            elif isinstance(bare(field.widget), KnownSelect):
                self._label_own_value(name, field)

    def _offer_terms(self, name: str, field: Any) -> None:
        """Keep retired terms off the form, but for those that the record has already."""
        chosen = self.initial.get(name) or []
        own = [getattr(term, "pk", term) for term in (chosen if isinstance(chosen, list) else [chosen])]
        terms = field.queryset
        field.queryset = terms.filter(Q(retired=False) | Q(pk__in=own))
        if isinstance(field, forms.ModelMultipleChoiceField):
            return
        offered = {code for code, _ in field.choices}
        if own and not offered.issuperset(own):
            field.choices = [*field.choices, *((term.pk, f"{term} (retired)") for term in terms.filter(pk__in=own))]

    def _label_own_value(self, name: str, field: Any) -> None:
        """Name the row's own value without a query, where it came with the row and is as visible as the row."""
        if name not in {column.name for column in self._meta.model._meta.fields}:
            return
        column = self._meta.model._meta.get_field(name)
        with_row = column.is_cached(self.instance) and getattr(self.instance, name)
        if with_row and (name in getattr(self.instance, "parents", ()) or not isinstance(with_row, Record)):
            bare(field.widget).known = {str(with_row.pk): field.label_from_instance(with_row)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._keep_what_was_hidden(cleaned)
        if cleaned.get("level") == Level.RESTRICTED and "readers" in cleaned and not cleaned["readers"]:
            self.add_error("readers", "Name at least one reader, or nobody can open a restricted record again.")
        return cleaned

    def _keep_what_was_hidden(self, cleaned: dict[str, Any]) -> None:
        """Put back a value that the form did not show, for its editor may not see it: an empty box is no decision."""
        if self.instance._state.adding:
            return
        for name, field in self.fields.items():
            own, offered = self.initial.get(name), getattr(field, "queryset", None)
            if (
                offered is None
                or not issubclass(offered.model, Record)
                or not isinstance(own, int)
                or cleaned.get(name)
            ):
                continue
            if not offered.filter(pk=own).exists():
                cleaned[name] = offered.model._default_manager.get(pk=own)

    def _update_errors(self, errors: ValidationError) -> None:
        """Move what broken constraints say from the top of the form to the field that can mend it."""
        placed: dict[str, list[ValidationError]] = defaultdict(list)
        places = self._places()
        for field, found in errors.error_dict.items():
            for error in found:
                name, text = places.get(str(error.message), (field, "")) if field == NON_FIELD_ERRORS else (field, "")
                placed[name].append(ValidationError(text, code=error.code) if text else error)
        super()._update_errors(ValidationError(dict(placed)))  # type: ignore[misc]  # the stubs leave it out

    def _places(self) -> dict[str, tuple[str, str]]:
        """Return field and better words by the message of each constraint named in `errors_at`."""
        places = {}
        for constraint in self._meta.model._meta.constraints:
            place = self.errors_at.get(constraint.name)
            name, text = (place, "") if isinstance(place, str) else place or ("", "")
            if name in self.fields:
                places[constraint.get_violation_error_message()] = (name, text)
        return places


class RecordFormSet(BaseInlineFormSet):
    """The rows of one inline, with the person who edits them as `viewer`."""

    viewer: Any = None

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give a new row the level of the record that it joins, and take no key but of the rows that were shown."""
        super().add_fields(form, index)
        form.fields[self._pk_field.name].queryset = self.get_queryset()  # type: ignore[attr-defined]
        if form.instance._state.adding and self.instance.pk and "level" in form.fields:
            form.initial["level"] = self.instance.level

    def removes(self, form: Any) -> bool:
        return self.can_delete and self._should_delete_form(form)  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            if self.removes(form) and rests_on(form.instance):
                raise ValidationError(
                    f"{form.instance} cannot be removed: other records rest on it. "
                    "Correct it instead, or raise its level."
                )


def rests_on(record: models.Model) -> bool:
    """Whether anything, seen or not, hangs on a row: citations above all, and the stages of an involvement."""
    links = [link for link in record._meta.related_objects if link.one_to_many]
    return any(link.related_model._base_manager.filter(**{link.field.name: record.pk}).exists() for link in links)
