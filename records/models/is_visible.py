"""Whether a reader may see the row that a key points to, asked of the database without putting the question anew.

What makes a row visible is a tree of conditions as deep as its parents go. To have Django put that tree together for
every query took most of the time of a page, so its SQL is kept for each kind of row and each kind of reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models.expressions import Expression, F, RawSQL

from records.access.clearance import Clearance, clearance

#: Stands in the SQL that is kept where each query names its own column.
KEY = "{key}"


@dataclass(frozen=True)
class Reader:
    """A reader reduced to what decides what they may read: equal readers read the same.

    It answers nothing else, so that no rule can rest on what the kept SQL does not depend on.
    """

    pk: int
    is_authenticated: bool
    is_active: bool
    _clearance: Clearance

    @classmethod
    def of(cls, user: Any) -> Reader:
        return cls(user.pk or 0, user.is_authenticated, user.is_active, clearance(user))


class IsVisible(Expression):
    """True where `reader` may see the row of `model` whose key stands in the column `key`."""

    output_field = models.BooleanField()

    def __init__(self, key: str, model: type[models.Model], reader: Reader) -> None:
        super().__init__()
        self.key, self.model, self.reader = F(key), model, reader

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.key,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, _ = compiler.compile(self.key)
        sql, params = visible_sql(self.model, self.reader, connection.alias)
        return sql.replace(KEY, column), params


@lru_cache(maxsize=2048)
def visible_sql(model: Any, reader: Reader, database: str) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL of IsVisible with KEY in the place of the column, and its parameters."""
    row = model._default_manager.visible_to(reader).filter(pk=RawSQL(KEY, ())).query.exists()  # noqa: S611
    # Names of its own, or its tables would hide those of the query around it.
    row.change_aliases({alias: f"seen_{model._meta.model_name}{n}" for n, alias in enumerate(row.alias_map)})
    sql, params = row.get_compiler(database).as_sql()
    return f"EXISTS({sql})", params
