"""Several questions to the database in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet


def asked_together(questions: Iterable[QuerySet]) -> list[list[tuple[Any, ...]]]:
    """Return what each of several questions finds, its rows in no order.

    They are `values_list` of as many columns, of the same types one by one; each may be sorted and cut off.
    """
    asked = list(questions)
    found: list[list[tuple[Any, ...]]] = [[] for _ in asked]
    compilers, statements, params = {}, [], []
    for number, question in enumerate(asked):
        compiler = question.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, given = compiler.as_sql()
        except EmptyResultSet:  # Django sees that some questions find nothing
            continue
        compilers[number] = compiler
        statements.append(f"SELECT {number} AS question, each{number}.* FROM ({sql}) AS each{number}")  # noqa: S608
        params += given
    if not statements:
        return found
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), params)
        for number, *row in cursor.fetchall():
            found[number].append(tuple(row))
    for number, compiler in compilers.items():
        found[number] = list(compiler.results_iter([found[number]], tuple_expected=True))
    return found
