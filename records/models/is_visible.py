"""Whether a reader may see the row that a key points to, asked of the database without putting the question anew.

What makes a row visible is a tree of conditions as deep as its parents go. To have Django put that tree together for
every query took most of the time of a page, so its SQL is kept for each kind of row and each kind of reader.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models.expressions import Expression, F, RawSQL

from records.access.clearance import Clearance

#: Stands in the SQL that is kept where each query names its own column.
KEY = "{key}"


class Reader:
    """Stands for every reader of one clearance, and answers nothing but that.

    A rule that asks a reader for more fails here: what is kept could not tell such readers apart.
    """

    is_authenticated = is_active = True

    def __init__(self, cleared: Clearance) -> None:
        self._clearance = cleared


class IsVisible(Expression):
    """True where a reader of this clearance may see the row of `model` whose key stands in the column `key`."""

    output_field = models.BooleanField()

    def __init__(self, key: str, model: type[models.Model], cleared: Clearance) -> None:
        super().__init__()
        self.key, self.model, self.cleared = F(key), model, cleared

    @staticmethod
    def rows(model: Any, cleared: Clearance) -> Any:
        """Return the rows of which it is asked whether the key leads to one."""
        return model._default_manager.by_full_rule(Reader(cleared))

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.key,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, _ = compiler.compile(self.key)
        sql, params = kept_sql(self.rows, self.model, self.cleared, connection.alias)
        return sql.replace(KEY, column), params


class IsOfTeams(IsVisible):
    """True where the row of `model` whose key stands in the column `key` is of the reader's teams, or of none."""

    @staticmethod
    def rows(model: Any, cleared: Clearance) -> Any:
        rows = model._default_manager.all()
        return rows.filter(rows.of_teams(cleared))


@lru_cache(maxsize=2048)
def kept_sql(
    rows: Callable[[Any, Clearance], Any], model: Any, cleared: Clearance, database: str
) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL of “the key leads to one of these rows”, KEY in the place of the key, and its parameters."""
    row = rows(model, cleared).filter(pk=RawSQL(KEY, ())).query.exists()  # noqa: S611
    # Names of its own, or its tables would hide those of the query around it.
    row.change_aliases({alias: f"seen_{model._meta.model_name}{n}" for n, alias in enumerate(row.alias_map)})
    sql, params = row.get_compiler(database).as_sql()
    return f"EXISTS({sql})", params
