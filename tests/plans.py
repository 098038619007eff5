"""How the database would answer a query, and what in that takes longer with every row that it is asked for.

A subquery that refers to the row around it is carried out once for each row. Where such a subquery reads a whole table,
the work grows with the square of the data: a page that takes 0.1 s at 100 incidents takes minutes at 10,000.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection

#: A table of fewer rows may be read whole wherever the database likes, and anything for each of fewer rows: countries,
#: teams, terms.
LARGE = 500


class SlowPlan(AssertionError):
    """A query that reads a whole table again for every row."""


@contextmanager
def plans_are_checked(large: set[str]) -> Iterator[list[str]]:
    """Look at the plan of every SELECT before it is carried out, and collect the statements that were looked at.

    `large` names the tables that must not be read whole for every row. Raises SlowPlan.
    """
    looked_at: list[str] = []
    known: set[str] = set()

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and sql not in known:
            known.add(sql)
            looked_at.append(sql)
            with closing(connection.create_cursor()) as cursor:
                found = [*ordered_subqueries(sql), *PLANS[connection.vendor](cursor, sql, params or (), large)]
            if found:
                raise SlowPlan("\n".join([*found, sql]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield looked_at


def large_tables() -> set[str]:
    """Return the tables that have many rows now."""
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counted = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {quoted(table)}")
            counted[table] = cursor.fetchone()[0]
    return {table for table, rows in counted.items() if rows >= LARGE}


def ordered_subqueries(sql: str) -> Iterator[str]:
    """Yield the subqueries that are put in order though all their rows are taken.

    Such an order was inherited from the model. It is work for nothing, and the tables that it joins can take the names
    of those in the query around it: what refers to the row around it then means another row. A list of JSON has an
    order of its own.
    """
    texts = [""]
    for character in sql:
        if character == "(":
            texts.append("")
        elif character == ")" and len(texts) > 1:
            inside = texts.pop()
            is_listed = texts[-1] in ("SELECT json_group_array FROM ", "SELECT coalesce FROM ")
            if inside.startswith("SELECT ") and " ORDER BY " in inside and not (" LIMIT " in inside or is_listed):
                yield f"a subquery in an order for nothing: {inside[:200]}"
        else:
            texts[-1] += character


def sqlite(cursor: Any, sql: str, params: Any, large: set[str]) -> Iterator[str]:
    """Yield what SQLite would read whole, again and again: in a correlated subquery, or in the inner loop of a join.

    A list that does not depend on the row around it ("LIST SUBQUERY") is made once, wherever it stands.
    """
    cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
    tables: dict[str, set[str]] = {}
    for table, alias in re.findall(r'(?:FROM|JOIN) "(\w+)"(?: ([A-Z]+\d+|"\w+"))?', sql):
        tables.setdefault(alias.strip('"') or table, set()).add(table)
    lines: dict[int, tuple[int, str]] = {}
    read: set[int] = set()
    for line, above, _, told in cursor.fetchall():
        lines[line] = above, told
        if told.startswith(("SCAN ", "SEARCH ")):
            name = told.split()[1]
            inner, around = above in read, subquery_around(lines, above)
            if told.startswith("SCAN ") and tables.get(name, set()) & large and (inner or "CORRELATED" in around):
                yield f"{told} for every row of {around if 'CORRELATED' in around else 'a join'}"
            read.add(above)


def subquery_around(lines: dict[int, tuple[int, str]], line: int) -> str:
    """Return the line of the plan that begins the innermost subquery around a line; "" where there is none."""
    while line in lines:
        above, told = lines[line]
        if told.endswith(tuple("0123456789")) and "SUBQUERY" in told:
            return told
        line = above
    return ""


def postgresql(cursor: Any, sql: str, params: Any, large: set[str]) -> Iterator[str]:
    """Yield what PostgreSQL would read whole, again and again: in a subplan, or in the inner loop of a join.

    A hashed subplan is carried out once, and so is a plan for a value that does not depend on the row (InitPlan).
    """
    cursor.execute(f"EXPLAIN (FORMAT JSON, VERBOSE) {sql}", params)
    told = cursor.fetchone()[0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    hashed = set(re.findall(r"hashed (SubPlan \d+)", json.dumps(plan)))
    yield from whole_reads(plan, large, hashed, "")


def whole_reads(node: dict[str, Any], large: set[str], hashed: set[str], around: str) -> Iterator[str]:
    """Yield the tables read whole in a part of a plan that is carried out for every row of `around` ("" for once)."""
    kind, table = node["Node Type"], node.get("Relation Name")
    if around and table in large and "Scan" in kind and not {"Index Cond", "Recheck Cond", "TID Cond"} & node.keys():
        yield f"{kind} on {table} {node.get('Alias')} for every row of {around}"
    for child in node.get("Plans", []):
        name, part, inside = child.get("Subplan Name", ""), child.get("Parent Relationship"), around
        if part == "SubPlan":
            inside = "" if name in hashed else name
        elif kind == "Nested Loop" and part == "Inner" and node["Plans"][0]["Plan Rows"] >= LARGE:
            if child["Node Type"] != "Materialize":
                inside = around or "a join"
            elif child["Plan Rows"] >= LARGE:  # kept after the first time, and gone through for every row
                yield f"{child['Plan Rows']} rows gone through for every row of a join"
        yield from whole_reads(child, large, hashed, inside)


PLANS = {"sqlite": sqlite, "postgresql": postgresql}
