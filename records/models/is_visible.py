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
from django.db.models.sql import Query

from records.access.clearance import Clearance

#: Stand in what is kept where each query names its own column, and where the rows are asked for.
KEY = "{key}"
ROWS = "{rows}"


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
    def put(model: Any, cleared: Clearance) -> tuple[str, Query]:
        """Return the condition with KEY for the column and ROWS for a query, and the query."""
        return with_key(model._default_manager.visible_to(Reader(cleared)))

    def get_source_expressions(self) -> list[Any]:
        return [self.key]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.key,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, _ = compiler.compile(self.key)
        sql, params = kept_sql(self.put, self.model, self.cleared, connection.alias)
        return sql.replace(KEY, column), params


class IsOfTeams(IsVisible):
    """True where the row of `model` whose key stands in the column `key` is of the reader's teams, or of none."""

    @staticmethod
    def put(model: Any, cleared: Clearance) -> tuple[str, Query]:
        rows = model._default_manager.all()
        return with_key(rows.filter(rows.of_teams(cleared)))


class NamesReader(IsVisible):
    """True where the row of `model` whose key stands in the column `key` names the reader.

    The rows that do are found once for all rows that ask: they are few.
    """

    @staticmethod
    def put(model: Any, cleared: Clearance) -> tuple[str, Query]:
        named = model._default_manager.filter(readers=cleared.reader).order_by().values("pk")
        return f"{KEY} IN ({ROWS})", named.query


def with_key(rows: Any) -> tuple[str, Query]:
    """Return the condition that the key is that of one of these rows."""
    return f"EXISTS({ROWS})", rows.filter(pk=RawSQL(KEY, ())).query.exists()  # noqa: S611


@lru_cache(maxsize=2048)
def kept_sql(
    put: Callable[[Any, Clearance], tuple[str, Query]], model: Any, cleared: Clearance, database: str
) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL of a condition with KEY in the place of the column, and its parameters."""
    condition, rows = put(model, cleared)
    # Names of its own, or its tables would hide those of the query around it.
    rows.change_aliases({alias: f"seen_{model._meta.model_name}{n}" for n, alias in enumerate(rows.alias_map)})
    sql, params = rows.get_compiler(database).as_sql()
    return condition.replace(ROWS, sql), params
