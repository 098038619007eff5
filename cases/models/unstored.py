"""What stored answers do not hold of: it is worked out when it is read."""

from __future__ import annotations

from typing import Any, ClassVar, Self, cast

from django.db import connection, models

from records.models import circles_of, clearance


class UnstoredReason(models.TextChoices):
    """Why something is worked out when it is read: of some readers, or since something was written."""

    WRITTEN = "written", "since something was written"
    NAMED = "named", "of readers who are named"
    TEAMS = "teams", "of several teams"


class UnstoredQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return those that `user` may have to have worked out: what is for names or teams is not for strangers."""
        cleared = clearance(user)
        if cleared.everything:
            return self.all()
        reasons = [UnstoredReason.WRITTEN, *([UnstoredReason.TEAMS] if cleared.team else [])]
        return self.filter(reason__in=[*reasons, *([UnstoredReason.NAMED] if circles_of(user) else [])])

    def keys_for(self, user: Any) -> list[int]:
        """Return the keys of those that have to be worked out for `user`: of the named ones those that name them."""
        circles, marks = circles_of(user), cast("type[Unstored]", self.model)
        column = marks.key
        if not circles:
            return list(self.values_list(column, flat=True))
        named = self.filter(reason=UnstoredReason.NAMED).values(column)
        seen = [
            model.objects.visible_to(user)
            .filter(lane__in=circles, **{f"{path}__in": named})
            .order_by()
            .values_list(path)
            for model, path in marks.bearing
        ]
        others = self.exclude(reason=UnstoredReason.NAMED).values_list(column)
        return [key for (key,) in others.union(*seen)]


class Unstored(models.Model):
    """One of which nothing stored holds.

    Database triggers enter it when something that bears on it is written; it is struck off at the end of the `act`.
    Where somebody went round the acts that is "", or names a transaction of PostgreSQL. It stays for some readers where
    no lane has those who see the same of it.
    """

    is_derived: ClassVar = True
    #: The column that names it, and the model whose rows they are.
    key: ClassVar[str]
    of: ClassVar[Any]
    #: Which rows bear on what is stored of which of them, as SQL; and which columns, where not all of them do.
    marked_by: ClassVar[dict[str, tuple[str, tuple[str, ...]]]]
    #: The rows that bear on what is stored, and the path from each.
    bearing: ClassVar[tuple[tuple[Any, str], ...]]

    reason = models.CharField(max_length=10, choices=UnstoredReason, default=UnstoredReason.WRITTEN)
    act = models.CharField(max_length=32, blank=True)

    objects: ClassVar = UnstoredQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{getattr(self, self.key)}"

    @classmethod
    def mark_all(cls) -> None:
        """Let every one be worked out anew."""
        marks, all_of_them = map(connection.ops.quote_name, (cls._meta.db_table, cls.of._meta.db_table))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {marks} ({cls.key}, reason, act) SELECT id, 'written', '' FROM {all_of_them}"  # noqa: S608
            )
