"""The base classes of every record: reference, level, review, version, and who may read it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from records.access.teams import Team
from records.current_act import log_read
from records.fields.date_questions import DateQuestion, lies_ahead
from records.fields.scripts import is_seen
from records.fields.sort_keys import sorted_in_lanes
from records.fields.uncertain_date import DatedModel, date_fields
from records.models.lanes import UNSETTLED, LaneField, settled
from records.models.visibility import VisibleQuerySet
from records.models.visible_unique import UniqueAmongVisible
from records.vocabulary import Level, PartLevel, Review

#: Levels that people beyond the team can read.
BEYOND_THE_TEAM = (Level.PUBLIC, Level.PARTNER)

UNSEEN = "Nothing of this can be seen: it holds only spaces, joiners, or marks of direction. Write what it is called."

# Crockford's base 32: no I, L, O or U, so that a reference read out over the telephone is written down right.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class ReferenceField(models.CharField):
    """A random public name for a record: a prefix of three letters, a hyphen and 8 characters (40 random bits).

    Internal keys count upwards and would tell how many records there are and when one was made; this does not.
    """

    def __init__(self, prefix: str = "", **options: Any) -> None:
        self.prefix = prefix
        options |= {"max_length": 12, "unique": True, "editable": False, "default": self.new_reference}
        options["validators"] = [RegexValidator(rf"\A{prefix}-[{ALPHABET}]{{8}}\Z")]
        super().__init__(**options)

    def new_reference(self) -> str:
        return f"{self.prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(8))

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for option in ("max_length", "unique", "editable", "default", "validators"):
            options.pop(option, None)
        return name, path, args, options | {"prefix": self.prefix}


def code_is_known(field: str, codes: type[models.TextChoices]) -> models.CheckConstraint:
    """Return the constraint that `field` holds one of the codes of a closed list, or nothing."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": ["", *codes.values]}),
        name=f"%(class)s_{field}_is_known",
        violation_error_message=f"“{field}” must be one of: {', '.join(codes.values)}.",
    )


def part_level(default: PartLevel = PartLevel.RECORD) -> models.CharField:
    """Return the column that says who may read a part of a record."""
    words = "Who may read this at all. A part is never more visible than the record it belongs to."
    return models.CharField(max_length=10, choices=PartLevel, default=default, help_text=words)


class StaleVersion(ValueError):
    """Somebody else has changed the row since it was read; nothing was written."""

    def __init__(self, row: Record) -> None:
        super().__init__(f"{row.ref} was changed by somebody else since version {row.version} was read.")
        self.row = row


class RecordQuerySet(VisibleQuerySet):
    """Rows of one model; every read starts at `visible_to`, and every write counts up the version."""

    def update(self, **values: Any) -> int:
        if self._are_entered(values):
            values |= {"version": F("version") + 1}
        with settled(self.model, values):
            return super().update(**values)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows, names = list(objs), set(fields)
        if self._are_entered(names):
            names.add("version")
            for row in rows:
                row.version += 1
        with settled(self.model, names):
            return super().bulk_update(rows, names, batch_size)

    def bulk_create(self, *rows: Any, **how: Any) -> list[Any]:
        with settled(self.model, None):
            return super().bulk_create(*rows, **how)

    def _are_entered(self, names: Iterable[str]) -> bool:
        """Whether people enter any of these columns. What follows from others is no change to be overtaken by."""
        return any(self.model._meta.get_field(name).editable for name in names)


class VersionField(models.PositiveIntegerField):
    """How many times a row has been written: 1, and one more for every change."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"default": 1, "editable": False})

    def pre_save(self, instance: models.Model, add: bool) -> int:
        return instance.version if add else instance.version + 1  # type: ignore[attr-defined]


class Record(UniqueAmongVisible, DatedModel):
    """A row with a public reference and a level of its own.

    `parents` names the foreign keys without which a row is nothing: it is never more visible than those.
    `owner` names the one whose readers may open it when it is restricted ("" is the record itself).
    """

    parents: ClassVar[tuple[str, ...]] = ()
    owner: ClassVar[str] = ""
    reviewed: ClassVar[bool] = False
    #: The columns by which people tell one row from another, and those that no page ever shows.
    label_fields: ClassVar[tuple[str, ...]] = ()
    private: ClassVar[tuple[str, ...]] = ()
    #: The columns that an update took away, and of which histories still tell.
    former: ClassVar[tuple[str, ...]] = ()
    #: The columns that only the teams of a row read, however many read the row.
    for_team: ClassVar[tuple[str, ...]] = ()

    ref: Any
    version = VersionField()
    level = part_level()
    lane = LaneField()

    objects: ClassVar = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [code_is_known("level", Level)]
        indexes = [models.Index(fields=["lane"], condition=Q(lane=UNSETTLED), name="%(class)s_unsettled")]

    def __str__(self) -> str:
        return self.ref

    def clean_fields(self, exclude: Any = None) -> None:
        """Refuse, beside what columns refuse themselves, a text to tell a row by of which nothing can be seen."""
        super().clean_fields(exclude)
        for name in self.label_fields:
            text = getattr(self, name, None)
            if name not in (exclude or ()) and isinstance(text, str) and text and not is_seen(text):
                raise ValidationError({name: ValidationError(UNSEEN, code="unseen")})

    def kept_from(self, user: Any) -> tuple[str, ...]:
        """Return the columns that `user` does not read: those for the team, unless the row is of one of theirs."""
        rows = type(self)._default_manager.visible_to(user)
        return () if not self.for_team or rows.of_own_teams(user).filter(pk=self.pk).exists() else self.for_team

    def usual_level(self) -> PartLevel:
        """Return the level of a part for which nobody asked another: it follows its record."""
        return PartLevel.RECORD

    @property
    def calendar(self) -> str:
        """Return the letters of the calendar that papers about this row likely carry, "" for ours."""
        return ""

    def calendar_for(self, user: Any) -> str:
        """Return the same for what is entered on the row's page, as far as `user` sees what it rests on."""
        return self.calendar

    def date_questions(self, changed: Collection[str], user: Any) -> list[DateQuestion]:
        """Return what is to be asked of the dates among columns that were just given, as far as `user` sees reasons."""
        asked = [lies_ahead(self, field) for field in date_fields(type(self)) if field.name in changed]
        return [question for question in asked if question]

    def address_for_readers(self) -> str:
        """Return the address at which its readers find the row, "" where they find nothing."""
        return ""

    def reviewed_with(self, user: Any) -> list[tuple[str, str]]:
        """Return what `user` has to know to decide who may read the row, and what nobody enters: label and words."""
        return []

    @classmethod
    def from_db(cls, db: Any, field_names: Collection[str], values: Collection[Any], **how: Any) -> Self:
        """Read a row, and remember that somebody did where it is restricted, or stands on its own."""
        row = super().from_db(db, field_names, values, **how)
        restricted = row.__dict__.get("level") == Level.RESTRICTED
        if restricted or cls.reviewed:
            log_read(row.__dict__.get("ref", ""), restricted=restricted)
        return row

    def save(self, **options: Any) -> None:
        """Write the row unless somebody else did so since it was read. Raises StaleVersion."""
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "version"}
        is_new = self._state.adding
        with settled(type(self), options.get("update_fields")):
            super().save(**options)
        if not is_new:
            self.version += 1

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        """Update the row in the version that was read, and no other: one statement checks and writes."""
        updated: Any = super()._do_update(base_qs.filter(version=self.version), using, pk_val, values, *rest)
        if not updated and base_qs.filter(pk=pk_val).exists():
            raise StaleVersion(self)
        return updated

    @classmethod
    def path_of(cls, name: str) -> str:
        """Return the path to a column that a part shares with its owner: its team, its review state."""
        return f"{cls.owner}__{name}" if cls.owner else name

    @classmethod
    def belongs_through(cls) -> tuple[str, ...]:
        """Return the foreign keys, one of them filled in, to what a row belongs to; none where it stands on its own."""
        return (cls.owner,) if cls.owner else ()

    def owning(self) -> ReviewedRecord:
        """Return the record that this row is a part of, or the row itself where it stands on its own."""
        return getattr(self, self.owner).owning()

    @classmethod
    def prefix(cls) -> str:
        """The letters that begin the reference of every record of this kind."""
        field: Any = cls._meta.get_field("ref")
        return field.prefix


class ReviewedRecord(Record):
    """A record that stands on its own: it passes through review, and can name readers of its restricted parts."""

    reviewed: ClassVar[bool] = True
    #: The name of the route of its own page, where it has one.
    page: ClassVar[str] = ""
    #: What its readers look for, by the name of a column or of the rows of a part: what to say where there is none.
    expected: ClassVar[dict[str, str]] = {}

    level = models.CharField(
        max_length=10,
        choices=Level,
        default=Level.TEAM,
        help_text="Who may read this at all. A part is never more visible than the record it belongs to.",
    )
    review = models.CharField(max_length=10, choices=Review, default=Review.DRAFT)
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose record it is: only this team reads what is of level team or unpublished. Empty: every team.",
    )
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="Who may read this record and its parts where they are restricted.",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who sent it in from outside the team, and reads it back before it is published.",
    )
    one_person = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whoever approved its publication was not independent of who proposed or wrote it.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(Record.Meta):
        abstract = True
        constraints = [code_is_known("level", Level), code_is_known("review", Review)]
        indexes = [*Record.Meta.indexes, sorted_in_lanes(F("updated_at"), "%(class)s_by_update")]

    def owning(self) -> ReviewedRecord:
        return self

    def address_for_readers(self) -> str:
        return reverse(self.page, args=[self.ref]) if self.page and self.ref else ""

    def lacking(self, user: Any) -> list[str]:
        """Say what is missing, as far as `user` sees it, before this record can be published."""
        return []

    def told_without_source(self, user: Any) -> list[str]:
        """Say what of this record has no evidence and should have, as far as `user` sees it, and why it is told."""
        return []

    def missing(self, user: Any) -> list[str]:
        """Say what of that which readers look for nothing is told of, as far as `user` sees it."""
        return [words for name, words in self.expected.items() if not self._tells(name, user)]

    def _tells(self, name: str, user: Any) -> bool:
        told = getattr(self, name)
        return bool(told.visible_to(user).exists() if hasattr(told, "visible_to") else told)


def is_open(row: Record) -> bool:
    """Whether people beyond the team can read a row, as far as it and the record that it is a part of decide."""
    owner = row.owning()
    return {row.level, owner.level} <= {*BEYOND_THE_TEAM} and owner.review == Review.PUBLISHED
