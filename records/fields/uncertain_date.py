"""The model field for uncertain dates: one text column, and three columns that follow from it.

`occurred = UncertainDateField()` also makes `occurred_earliest`, `occurred_latest` and `occurred_precision`.
The text says what is known; the three let the database filter and sort by it. All four are written or none:

- on an instance, assigning the date sets the others, and assigning the others does nothing;
- `save(update_fields=...)`, `update()`, `bulk_update()` and `bulk_create()` bring the others along, which is
  what DatedModel and DatedQuerySet are for; a system check insists on them;
- `update()` refuses a column expression for a date, because its bounds could not be read from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Coalesce
from django.db.models.query_utils import DeferredAttribute

from records.fields.edtf import ACCEPTED, MAX_LENGTH, EdtfError, Precision, UncertainDate

if TYPE_CHECKING:
    DateTextField = models.CharField[UncertainDate | date | str | None, UncertainDate | None]
else:
    DateTextField = models.CharField

Row = TypeVar("Row", bound=models.Model, covariant=True)
PARTS = ("earliest", "latest", "precision")


def parts(value: Any) -> dict[str, Any]:
    """The values of the three columns beside a date; text that could not be read has no bounds."""
    if isinstance(value, UncertainDate):
        return {"earliest": value.earliest, "latest": value.latest, "precision": value.precision.value}
    return {"earliest": None, "latest": None, "precision": Precision.UNKNOWN.value}


class DateAttribute(DeferredAttribute):
    """Reads text as soon as it is assigned; bad text stays, for full_clean() and save() to refuse."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        name = self.field.attname
        with suppress(ValidationError):
            value = self.field.to_python(value)
        instance.__dict__[name] = value
        for part, part_value in parts(value).items():
            instance.__dict__[f"{name}_{part}"] = part_value


class PartAttribute(DeferredAttribute):
    """Ignores what is assigned, such as Django's defaults, when the date that it follows from is loaded."""

    field: PartField

    def __set__(self, instance: models.Model, value: Any) -> None:
        if self.field.date_name not in instance.__dict__:
            instance.__dict__[self.field.attname] = value


class PartField(models.Field):
    """A column that follows from the date beside it, named after that date and the part of it."""

    descriptor_class = PartAttribute

    @property
    def date_name(self) -> str:
        return self.name.rpartition("_")[0]

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """Always what the date says, so that the two cannot be stored apart."""
        return parts(getattr(instance, self.date_name))[self.name.rpartition("_")[2]]

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Join the model, unless the date has put such a column there already (in a copy of a model)."""
        if not any(isinstance(field, PartField) and field.name == name for field in cls._meta.local_fields):
            super().contribute_to_class(cls, name, private_only=private_only)


class BoundField(PartField, models.DateField):  # type: ignore[misc]  # DateField itself departs from Field
    """The first or the last day of an uncertain date; null if that side is open or the date unknown."""


class PrecisionField(PartField, models.CharField):
    """How exactly an uncertain date is known."""


class UncertainDateField(DateTextField):
    """A date as a source states it, stored as EDTF text ('' = unknown) and read as UncertainDate or None.

    `happened`: what it dates has happened, so that a day after today is asked about before it is stored. Of what may
    lie ahead only a day far away is.
    """

    description = "Uncertain date (EDTF, up to %(max_length)s characters)"
    descriptor_class = DateAttribute

    def __init__(self, *args: Any, happened: bool = True, **kwargs: Any) -> None:
        self.happened = happened
        kwargs.setdefault("max_length", MAX_LENGTH)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Name `blank` always: Django leaves out the value that is the default elsewhere."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"blank": self.blank}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        # The heirs of an abstract model add the parts themselves; a migration names them.
        if cls._meta.abstract or cls.__module__ == "__fake__":
            return
        for part in ("earliest", "latest"):
            BoundField(null=True, editable=False, db_index=True).contribute_to_class(cls, f"{name}_{part}")
        precisions = [(precision.value, precision.value) for precision in Precision]
        PrecisionField(
            max_length=12, choices=precisions, default=Precision.UNKNOWN.value, editable=False
        ).contribute_to_class(cls, f"{name}_precision")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = super().check(**kwargs)
        managers = self.model._meta.managers
        whole = all(isinstance(manager.get_queryset(), DatedQuerySet) for manager in managers)
        if not whole or not issubclass(self.model, DatedModel):
            hint = "Derive the model from DatedModel and its querysets from DatedQuerySet."
            errors.append(checks.Error("This date could be written without its bounds.", hint, self, "records.E001"))
        return errors

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse comparisons of the text: '2018' is not earlier than '2018-10-31'."""
        if lookup_name in {"gt", "gte", "lt", "lte", "range"}:
            raise FieldError(f"{self.name}__{lookup_name} would compare text; use since(), until() or a bound.")
        return super().get_lookup(lookup_name)

    def to_python(self, value: Any) -> UncertainDate | None:
        if value is None or isinstance(value, UncertainDate):
            return value
        if isinstance(value, date):
            value = value.isoformat()
        if not isinstance(value, str):
            raise ValidationError(f"{value!r} is not the text of a date.", code="invalid")
        try:
            return UncertainDate.parse_or_none(value)
        except EdtfError as error:
            raise ValidationError(str(error), code="invalid") from error

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> UncertainDate | None:
        return UncertainDate.stored(value)

    def get_prep_value(self, value: Any) -> str:
        """Text for a query; it need not be a whole date, as in occurred__startswith='2018-'."""
        return "" if value is None else str(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Text for a column: always a date that can be read, in its one spelling."""
        if not hasattr(value, "as_sql"):
            value = self.to_python(value)
        return super().get_db_prep_save(value, connection)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate("" if value is None else value, model_instance)

    def run_validators(self, value: Any) -> None:
        super().run_validators("" if value is None else str(value))

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": UncertainDateFormField, **kwargs})


class UncertainDateFormField(forms.CharField):
    """A text box for an uncertain date: EDTF only, because 3/4/2018 means two different days."""

    examples = "2018-10-31, 2021-07, 2018, 2018~"

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        # For the browser only: text that is too long is refused like any other bad text.
        self.longest = max_length or MAX_LENGTH
        kwargs["help_text"] = kwargs.get("help_text") or f"{ACCEPTED} Leave empty if unknown."
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return value if isinstance(value, UncertainDate) else UncertainDate.parse_or_none(value)
        except EdtfError as error:
            raise ValidationError(str(error), code="invalid") from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = {"maxlength": str(self.longest), "placeholder": self.examples}
        return super().widget_attrs(widget) | ({} if widget.is_hidden else attrs)


def date_fields(model: type[models.Model]) -> list[UncertainDateField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, UncertainDateField)]


def with_parts(model: type[models.Model], names: Iterable[str]) -> list[str]:
    """The same columns; where one belongs to a date, all four of that date."""
    wanted = dict.fromkeys(names)
    for field in date_fields(model):
        columns = [field.name, *(f"{field.name}_{part}" for part in PARTS)]
        if not wanted.keys().isdisjoint(columns):
            wanted |= dict.fromkeys(columns)
    return list(wanted)


class DatedQuerySet(models.QuerySet[Row]):
    """A queryset that never writes one column of an uncertain date without the others."""

    def update(self, **values: Any) -> int:
        for field in date_fields(self.model):
            columns = {f"{field.name}_{part}" for part in PARTS}
            if field.name not in values:
                if given := columns & values.keys():
                    raise FieldError(f"{min(given)} follows from {field.name}: update that.")
            elif not hasattr(values[field.name], "resolve_expression"):
                value = field.to_python(values[field.name])
                values |= {field.name: value}
                values |= {f"{field.name}_{part}": part_value for part, part_value in parts(value).items()}
            elif not columns <= values.keys():
                raise FieldError(f"{field.name} cannot be set to an expression: its bounds would not follow.")
        return super().update(**values)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        return super().bulk_update(objs, with_parts(self.model, fields), batch_size)

    def bulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[Any]:
        columns = with_parts(self.model, update_fields) if update_fields else None
        return super().bulk_create(objs, batch_size, ignore_conflicts, update_conflicts, columns, unique_fields)


class DatedModel(models.Model):
    """A model whose uncertain dates are saved and checked whole. Its querysets derive from DatedQuerySet."""

    class Meta:
        abstract = True

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            update_fields = with_parts(type(self), update_fields)
        super().save(update_fields=update_fields, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check dates against each other in a form too: it has no boxes for the parts and would skip them."""
        names = {f"{field.name}_{part}" for field in date_fields(type(self)) for part in PARTS}
        super().validate_constraints(exclude=set(exclude or ()) - names)


def ends_not_before_starts(start: str, end: str, name: str) -> CheckConstraint:
    """Refuses an end that certainly lies before the start; what cannot be told (vague, unknown) may stand."""
    no_end, no_start = Q(**{f"{end}_latest__isnull": True}), Q(**{f"{start}_earliest__isnull": True})
    return CheckConstraint(
        condition=no_end | no_start | Q(**{f"{end}_latest__gte": F(f"{start}_earliest")}),
        name=name,
        violation_error_message=f"The date in “{end}” cannot be before the date in “{start}”.",
    )


def in_order(field: str) -> list[Any]:
    """Order by a date, by field name or path: the undated first, then by the first possible day.

    Of dates that begin on one day the exact one comes first, the vaguer later, an open end last. A date open
    towards the past stands at its last day. Add the key for a total order.
    """
    begins = Coalesce(f"{field}_earliest", f"{field}_latest")
    return [begins.asc(nulls_first=True), F(f"{field}_latest").asc(nulls_last=True)]


class Certainty(models.TextChoices):
    """What a question about a vague date asks for."""

    POSSIBLE = "possible", "possibly: the dates overlap"
    CERTAIN = "certain", "certainly: the date lies inside"


def since(field: str, day: date, certainty: str = Certainty.POSSIBLE) -> Q:
    """Rows whose date falls on or after a day.

    An unknown date matches under neither certainty: it has no interval that could overlap, and a reader who
    asks for 2018 does not ask for everything undated. `field` may be a path. As with any condition on several
    columns of a related row, put it in one filter() call, and inside Exists() to deny it.
    """
    earliest, latest = f"{field}_earliest", f"{field}_latest"
    if Certainty(certainty) is Certainty.CERTAIN:
        return Q(**{f"{earliest}__gte": day})
    return Q(**{f"{latest}__gte": day}) | Q(**{f"{latest}__isnull": True, f"{earliest}__isnull": False})


def until(field: str, day: date, certainty: str = Certainty.POSSIBLE) -> Q:
    """Rows whose date falls on or before a day; the rest as for since()."""
    earliest, latest = f"{field}_earliest", f"{field}_latest"
    if Certainty(certainty) is Certainty.CERTAIN:
        return Q(**{f"{latest}__lte": day})
    return Q(**{f"{earliest}__lte": day}) | Q(**{f"{earliest}__isnull": True, f"{latest}__isnull": False})


def started_by(field: str, day: date, certainty: str = Certainty.POSSIBLE) -> Q:
    """Rows that had begun by a day. A start of unknown date is no match, as in until()."""
    return until(field, day, certainty)


def ended_by(field: str, day: date, certainty: str = Certainty.POSSIBLE) -> Q:
    """Rows of endings (a release, a removal) that had come by a day; an undated ending possibly had.

    Made to be denied. What was certainly still open had no possible ending by then, and what was possibly
    still open had no certain one. Not for an end column that is empty while something goes on.
    """
    ended = until(field, day, certainty)
    if Certainty(certainty) is Certainty.CERTAIN:
        return ended
    return ended | Q(**{f"{field}_earliest__isnull": True, f"{field}_latest__isnull": True})
