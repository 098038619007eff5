"""What every record has: a public reference, a level of protection, and one rule for who may read it."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from sources.dates import DatedModel, DatedQuerySet
from sources.vocabulary import Level, Review

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


def known(field: str, codes: type[models.TextChoices]) -> models.CheckConstraint:
    """Return the constraint that `field` holds one of the codes of a closed list, or nothing."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": ["", *codes.values]}),
        name=f"%(class)s_{field}_is_known",
        violation_error_message=f"“{field}” must be one of: {', '.join(codes.values)}.",
    )


class RecordQuerySet(DatedQuerySet[Any]):
    """Rows of one model; every read starts at `visible_to`."""

    def visible_to(self, user: Any) -> Self:
        """Return the rows that `user` may read: by level, by review state, and never without every parent.

        public: everybody. partner: whoever may read partner records. team: whoever may read team records.
        restricted: the readers named on the record, and nobody else. Only the team reads what is not published.
        """
        model: type[Record] = self.model
        rows = self.filter(self._level_open_to(user))
        if model.reviewed and not user.has_perm("sources.read_team"):
            rows = rows.filter(review=Review.PUBLISHED)
        for parent in model.parents:
            # By key and row by row: a list of all visible parents would be made anew for every row that asks.
            seen = self._related(parent).visible_to(user).filter(pk=OuterRef(f"{parent}_id"))
            rows = rows.filter(Exists(seen))
        return rows

    def _level_open_to(self, user: Any) -> Q:
        levels = [Level.PUBLIC]
        if user.has_perm("sources.read_team"):
            levels += [Level.PARTNER, Level.TEAM]
        elif user.has_perm("sources.read_partner"):
            levels += [Level.PARTNER]
        is_open = Q(level__in=levels)
        if user.is_authenticated:
            owner = self.model.owner
            named = (self._related(owner) if owner else self.model._default_manager.all()).filter(readers=user)
            is_open |= Q(**{"level": Level.RESTRICTED, f"{owner or 'pk'}__in": named.values("pk")})
        return is_open

    def _related(self, field: str) -> Any:
        related: Any = self.model._meta.get_field(field).related_model
        return related._default_manager.all()


class Record(DatedModel):
    """A row with a public reference and a level of its own.

    `parents` names the foreign keys without which a row is nothing: it is never more visible than those.
    `owner` names the one whose readers may open it when it is restricted ("" is the record itself).
    """

    parents: ClassVar[tuple[str, ...]] = ()
    owner: ClassVar[str] = ""
    reviewed: ClassVar[bool] = False

    ref: Any
    level = models.CharField(
        max_length=10,
        choices=Level,
        default=Level.TEAM,
        help_text="Who may read this at all. A part is never more visible than the record it belongs to.",
    )

    objects: ClassVar = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [known("level", Level)]

    def __str__(self) -> str:
        return self.ref

    @classmethod
    def prefix(cls) -> str:
        """The letters that begin the reference of every record of this kind."""
        field: Any = cls._meta.get_field("ref")
        return field.prefix


class ReviewedRecord(Record):
    """A record that stands on its own: it passes through review, and can name readers of its restricted parts."""

    reviewed: ClassVar[bool] = True

    review = models.CharField(max_length=10, choices=Review, default=Review.DRAFT)
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="Who may read this record and its parts where they are restricted.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        constraints = [known("level", Level), known("review", Review)]
