"""The base forms of the admin: choices that the reader may see, and errors beside their field."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property

from records.admin.boxes import Picker
from records.admin.date_boxes import DateBox
from records.admin.lost_updates import OVERTAKEN, MarkedForm
from records.admin.recent_sign_in import LevelNeedsRecentSignIn
from records.models import Record, Term, VisibleUnique
from records.review import next_steps
from records.typed import AGAIN
from records.vocabulary import Level, Review

IN_DOUBT = "Nothing was saved: a date may not be the one that is meant. Say at the top which is."
ENTERED = (
    "Nothing was saved: this may be entered already. See what is like it at the top, and say whether it is another."
)


class RecordForm(LevelNeedsRecentSignIn, MarkedForm):
    """A form for one record.

    `errors_at` says beside which field a broken constraint is told, and perhaps in better words:
    {"person_role_only_for_standing_other": "role", "personname_one_primary": ("kind", "There is one already.")}.
    """

    errors_at: ClassVar[dict[str, str | tuple[str, str]]] = {}
    may_submit: ClassVar[bool] = False
    has_to_ask: ClassVar[bool] = False
    has_dates_to_ask: ClassVar[bool] = False
    usual_calendar: ClassVar[str] = ""
    common_media: ClassVar[forms.Media]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_steps()
        for name, field in self.fields.items():
            related = getattr(getattr(field, "queryset", None), "model", None)
            if name == "readers":
                self._offer_readers(field)
            elif related and issubclass(related, Term):
                self._offer_terms(name, field)
            elif isinstance(field.widget, Picker):
                self._label_own_value(name, field)
            elif isinstance(field.widget, DateBox):
                field.widget.usual = self.instance.calendar or self.usual_calendar
        if self.prefix is None:
            self._focus_first()

    def _focus_first(self) -> None:
        """Let whoever opens the page begin to type at once."""
        first = next((field for field in self.fields.values() if not field.widget.is_hidden), None)
        if first is not None:
            first.widget.attrs["autofocus"] = True

    @property
    def media(self) -> forms.Media:
        """The same for each row of a list, and put together once for all of them."""
        if "common_media" not in vars(type(self)):
            type(self).common_media = super().media
        return type(self).common_media

    def _offer_steps(self) -> None:
        """Offer the review states that one person can give the record now."""
        if (field := self.fields.get("review")) is not None:
            now = self.instance.review
            steps = [Review.DRAFT, Review.IN_REVIEW] if self.instance._state.adding else next_steps(now)
            offered = [step for step in steps if self.may_submit or step == now or step != Review.IN_REVIEW]
            field.choices = [(value, label) for value, label in field.choices if value in offered]  # type: ignore[attr-defined]  # radio buttons

    def _offer_terms(self, name: str, field: Any) -> None:
        """Keep retired terms off the form, but for those that the record has already."""
        chosen = self.initial.get(name) or []
        own = [getattr(term, "pk", term) for term in (chosen if isinstance(chosen, list) else [chosen])]
        terms: Any = getattr(field, "every_term", field.queryset)
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = terms.filter(Q(retired=False) | Q(pk__in=own))
        elif not set(own) <= {code for code, _ in field.choices}:
            field.queryset = terms.filter(Q(retired=False) | Q(pk__in=own))
            field.choices = [*field.choices, *((term.pk, f"{term} (retired)") for term in terms.filter(pk__in=own))]

    def _offer_readers(self, field: Any) -> None:
        """Offer whoever works here, and those who are named already."""
        named = [getattr(reader, "pk", reader) for reader in self.initial.get("readers") or ()]
        field.queryset = field.queryset.filter(Q(is_staff=True, is_active=True) | Q(pk__in=named))

    def _label_own_value(self, name: str, field: Any) -> None:
        """Name the row's own value without a query, where it came with the row and is as visible as the row."""
        if name not in {column.name for column in self._meta.model._meta.fields}:
            return
        column = self._meta.model._meta.get_field(name)
        with_row = column.is_cached(self.instance) and getattr(self.instance, name)
        if with_row and (name in getattr(self.instance, "parents", ()) or not isinstance(with_row, Record)):
            field.widget.known = {str(with_row.pk): field.label_from_instance(with_row)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._keep_what_was_hidden(cleaned)
        self.refuse_old_sign_in()
        if self.prefix is None and AGAIN in self.data:
            self.add_error(None, "This is what you typed. It is not saved yet: press Save.")
        if self.has_to_ask:
            self.add_error(None, ValidationError(ENTERED, code="similar"))
        if self.has_dates_to_ask:
            self.add_error(None, ValidationError(IN_DOUBT, code="in_doubt"))
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

    def _post_clean(self) -> None:
        """Refuse what stands there already, among the rows that the editor may see: others must not show by it."""
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        for once in self._once if self._changes_what_stands_once() else ():
            seen = type(self.instance)._default_manager.visible_to(self.viewer)
            if (twin := once.twins(self.instance, seen).first()) is not None:
                self.refuse_twin(once, twin)

    @property
    def _once(self) -> tuple[VisibleUnique, ...]:
        """What should stand once of a record. Rows of a list, such as a term or a rule, have a key for that."""
        return getattr(self.instance, "once", ())

    def _changes_what_stands_once(self) -> bool:
        compared = {name for once in self._once for name in (*once.fields, once.alike, *dict(once.when))}
        return self.instance._state.adding or bool(compared & set(self.changed_data))

    def refuse_twin(self, once: VisibleUnique, twin: Any) -> None:
        place = self.errors_at.get(once.name)
        name, text = (place, "") if isinstance(place, str) else place or ("", "")
        self.add_error(name if name in self.fields else None, text or once.words(self.instance, twin))

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
    forms: Any
    initial_forms: Any

    @cached_property
    def empty_form(self) -> Any:
        """The row that script adds copies of. A page asks for it again and again."""
        return super().empty_form

    def add_fields(self, form: Any, index: int | None) -> None:
        """Take no key but of the rows that were shown. A level alone makes no row."""
        super().add_fields(form, index)
        form.fields[self._pk_field.name].queryset = self.get_queryset()  # type: ignore[attr-defined]
        if form.instance._state.adding and (level := form.data.get(form.add_prefix("level"))):
            form.initial["level"] = level

    def removes(self, form: Any) -> bool:
        return self.can_delete and self._should_delete_form(form)  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        self._refuse_twins()
        for form in self.initial_forms:
            # Before all else: Django makes a new row of such a key, whose reference no record bears.
            if self._pk_field.name in form.errors:  # type: ignore[attr-defined]
                raise ValidationError("A row of this list is not there any more. Open the page again before you go on.")
            if self.removes(form) and form.is_stale:
                form.was_overtaken = True
                raise ValidationError(OVERTAKEN, code="overtaken")
            if self.removes(form) and rests_on(form.instance, self.viewer):
                raise ValidationError(
                    f"{form.instance} cannot be removed: other records rest on it. "
                    "Correct it instead, or raise its level."
                )

    def _refuse_twins(self) -> None:
        """Refuse two rows that say the same and are sent together."""
        stands: dict[tuple[Any, ...], Any] = {}
        for form in self.forms:
            if not form.has_changed() and form.instance._state.adding or self.removes(form) or form.errors:
                continue
            for once in form.instance.once:
                # The record they are all parts of may be so new that it has no key to compare.
                values = once.values_of(form.instance, but=self.fk.name) if once.holds_for(form.instance) else None
                if values is None:
                    continue
                told = (once.name, *sorted(values.items()))
                first = stands.setdefault(told, form.instance)
                if first is not form.instance and (
                    not once.alike or once.text_of(first) != once.text_of(form.instance)
                ):
                    form.refuse_twin(once, first)


def rests_on(record: models.Model, viewer: Any) -> bool:
    """Whether anything that `viewer` can see hangs on a row: citations above all, and the stages of an involvement.

    What hangs on it unseen would tell of itself by a refusal. It goes with the row, and the history keeps it: whoever
    sees it can bring it back.
    """
    links = [link for link in record._meta.related_objects if link.one_to_many]
    return any(
        link.related_model._default_manager.visible_to(viewer).filter(**{link.field.name: record.pk}).exists()
        for link in links
        if issubclass(link.related_model, Record)
    )
