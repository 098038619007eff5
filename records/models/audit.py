"""The log of changes, and the entries of the audit trail that seal it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from records.vocabulary import AuditKind, Operation


class AppendOnly(models.QuerySet):
    """Rows that are written once. The chain shows whoever goes round this."""

    def update(self, **values: Any) -> int:
        raise TypeError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> Any:
        raise TypeError(f"{self.model.__name__} rows are never deleted.")


class ChangeQuerySet(AppendOnly):
    def visible_to(self, user: Any) -> Self:
        """Nobody reads snapshots as they stand: `records.history.record_history` shows what a reader may see."""
        return self.none()

    def of_row(self, row: models.Model) -> Self:
        return self.filter(table=row._meta.db_table, row=str(row.pk))

    def below(self, row: models.Model) -> Self:
        """Return the changes of the rows that belong to `row` directly."""
        return self.filter(part_of=f"{row._meta.db_table}:{row.pk}")


class Change(models.Model):
    """One row before and after a write, put here by the database itself, whatever path the write took.

    `before` and `after` are JSON objects of the row's columns; `part_of` names the row it belongs to ("table:key").
    `act` is the key of the act that wrote it, empty for a write from outside the application. `entry` is the number of
    the audit entry that seals it: `digest` is the SHA-256 of `salt` and the snapshots, and lives on where those were
    expunged.
    """

    at = models.DateTimeField(db_index=True)
    table = models.CharField(max_length=63)
    row = models.CharField(max_length=40)
    ref = models.CharField(max_length=12)
    part_of = models.CharField(max_length=110, db_index=True)
    operation = models.CharField(max_length=6, choices=Operation)
    before = models.TextField()
    after = models.TextField()
    act = models.CharField(max_length=32, db_index=True)
    entry = models.BigIntegerField(null=True, db_index=True)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)

    objects: ClassVar = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["table", "row"], name="change_of_row"),
            models.Index(fields=["id"], condition=Q(entry__isnull=True), name="change_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.ref or self.table}"


class AuditQuerySet(AppendOnly):
    def visible_to(self, user: Any) -> Self:
        """Return the entries of `user`'s own acts and, for whoever may read the audit trail, those of everybody.

        `records.history.record_history` leaves out entries about records that the reader may not see.
        """
        return self if user.has_perm("records.read_audit") else self.filter(actor=user.get_username() or None)


class AuditEntry(models.Model):
    """One link of the chain: who did what, when and why, tied by `hash` to everything before it.

    `details` is a JSON object with the reason and what else is worth keeping; only its digest, made with `salt`, goes
    into the hash, so that it can be expunged without breaking the chain. `changes` is the digest of the sealed changes.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=27, db_index=True)
    kind = models.CharField(max_length=20, choices=AuditKind)
    actor = models.CharField(max_length=150, db_index=True)
    channel = models.CharField(max_length=40)
    act = models.CharField(max_length=32, db_index=True)
    subjects = models.TextField()
    details = models.TextField()
    salt = models.CharField(max_length=32)
    details_digest = models.CharField(max_length=64)
    changes = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.at[:16]} {self.actor}: {self.kind}"


class InvisibleQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Nobody reads these."""
        return self.none()


class CurrentAct(models.Model):
    """The act that is going on, where the database has no variable for it (SQLite): one row, inside a transaction."""

    key = models.CharField(max_length=32)

    objects: ClassVar = InvisibleQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key
