"""The database triggers that log every change of a row, for SQLite and PostgreSQL.

They are compared after every migration, and only what differs is put in place: SQLite makes a table anew to alter it,
and drops its triggers with it. Nobody writes meanwhile, so that no row is changed between an old trigger and a new one.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection, models, transaction

from records.audit.beginning import begin, tables_begun
from records.audit.lane_triggers import lane_triggers
from records.audit.mark_triggers import mark_all, mark_triggers
from records.audit.trigger import DROP, Trigger, on_postgresql, on_sqlite
from records.fields.names import FoldedField, SkeletonField
from records.fields.uncertain_date import PartField
from records.models import (
    AuditEntry,
    Change,
    CurrentAct,
    Feed,
    LaneField,
    Record,
    Submission,
    Visit,
    Watch,
    settle,
    unsettle,
)

#: Models whose rows are not facts about anybody: the account itself, requests that were answered, what readers read.
UNTRACKED = (Change, AuditEntry, Feed, CurrentAct, Submission, Visit, Watch)
#: Tables of accounts and rights, with the columns that change at every sign-in or are secret.
ACCOUNTS = {"auth.User": {"password", "last_login"}, "auth.Group": set()}
#: Columns that follow from others, and would make every write a change.
DERIVED = (PartField, FoldedField, SkeletonField, LaneField)
BOOKKEEPING = {"version", "created_at", "updated_at"}
OPERATIONS = {"insert": ("NULL", "NEW"), "update": ("OLD", "NEW"), "delete": ("OLD", "NULL")}
#: Two starts at once take turns: the key of PostgreSQL's lock.
TURN = 0x57_41_59_54
#: How long one try to shut out PostgreSQL's writers takes, which is less than it waits before it looks for a deadlock.
PATIENCE, TRIES = "400ms", 150
#: What the catalogue tells of our triggers: name and table, then what makes each do what it does. One that is switched
#: off, or that fires for some rows or columns only, is as good as none.
CATALOGUES = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'waymark_*'",
    "postgresql": (
        "SELECT t.tgname, c.relname, t.tgtype::int, p.prosrc FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgname LIKE 'waymark\\_%' AND pg_table_is_visible(c.oid) AND NOT t.tgisinternal "
        "AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND t.tgattr::text = '' AND t.tgnargs = 0"
    ),
}


def tracked() -> list[type[models.Model]]:
    """Return the models whose rows are followed, with the links between them and the tables of accounts."""
    own = [model for label in settings.OWN_APPS for model in apps.get_app_config(label).get_models()]
    accounts = [apps.get_model(name) for name in ACCOUNTS]
    secret = [model for model in own if hasattr(model, "token_key")]
    derived = [model for model in own if getattr(model, "is_derived", False)]
    found = [model for model in own if model not in (*UNTRACKED, *secret, *derived)] + accounts
    for model in list(found):
        found += [link.remote_field.through for link in model._meta.local_many_to_many]
    return found


def columns(model: type[models.Model], present: Collection[str] | None = None) -> list[str]:
    """Return the columns that a snapshot of a row has, as far as they are `present` in the table."""
    left_out = BOOKKEEPING | ACCOUNTS.get(model._meta.label, set())
    fields: list[Any] = [field for field in model._meta.concrete_fields if not isinstance(field, DERIVED)]
    kept = [field.column for field in fields if field.name not in left_out]
    return kept if present is None else [column for column in kept if column in present]


def owners(model: type[models.Model]) -> dict[str, str]:
    """Return, by column, the table of the row that a row of `model` belongs to; the first that is not empty counts."""
    links: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields if field.related_model}
    if model._meta.auto_created:
        of: Any = model._meta.auto_created
        return {links[name].column: of._meta.db_table for name in links if links[name].related_model is of}
    names = model.belongs_through() if issubclass(model, Record) else ()
    return {links[name].column: links[name].related_model._meta.db_table for name in names}


def snapshot(model: type[models.Model], row: str, function: str, present: Collection[str] | None = None) -> str:
    """Return the SQL of a row as a JSON object."""
    if row == "NULL":
        return "''"
    pairs = ", ".join(f"'{column}', {row}.\"{column}\"" for column in columns(model, present))
    return f"{function}({pairs})"


def insertion(
    model: type[models.Model],
    operation: str,
    snapshots: tuple[str, str],
    now: str,
    act: str,
    present: Collection[str] | None = None,
) -> str:
    """Return the statement that writes a change down, with the owners of the row as far as they are `present`."""
    row = "OLD" if operation == "delete" else "NEW"
    ref = f'{row}."ref"' if any(field.name == "ref" for field in model._meta.concrete_fields) else "''"
    parts = [
        f'WHEN {row}."{name}" IS NOT NULL THEN \'{table}:\' || {row}."{name}"'
        for name, table in owners(model).items()
        if present is None or name in present
    ]
    part_of = f"CASE {' '.join(parts)} ELSE '' END" if parts else "''"
    before, after = snapshots
    key = model._meta.pk.column
    return (
        "INSERT INTO records_change "  # noqa: S608
        '(at, "table", "row", ref, part_of, operation, "before", "after", act, salt, digest) '
        f"VALUES ({now}, '{model._meta.db_table}', {row}.\"{key}\", {ref}, {part_of}, "
        f"'{operation}', {before}, {after}, {act}, '', '');"
    )


def sqlite(model: type[models.Model], operation: str, name: str, present: Collection[str] | None = None) -> Trigger:
    table = model._meta.db_table
    now, act = "strftime('%Y-%m-%d %H:%M:%f', 'now')", "coalesce((SELECT key FROM records_currentact), '')"
    before, after = (snapshot(model, row, "json_object", present) for row in OPERATIONS[operation])
    when = f"{before} IS NOT {after}" if operation == "update" else ""
    body = insertion(model, operation, (before, after), now, act, present)
    return on_sqlite(name, table, operation.upper(), when, body)


def postgresql(model: type[models.Model], operation: str, name: str, present: Collection[str] | None = None) -> Trigger:
    table = model._meta.db_table
    now, act = "clock_timestamp()", "coalesce(current_setting('waymark.act', true), '')"
    before, after = (
        snapshot(model, row, "jsonb_build_object", present) + ("::text" if row != "NULL" else "")
        for row in OPERATIONS[operation]
    )
    written = insertion(model, operation, (before, after), now, act, present)
    if operation == "update":  # asked in the function, whose text the catalogue keeps as it was written
        written = f"IF {before} IS DISTINCT FROM {after} THEN {written} END IF;"
    return on_postgresql(name, table, "AFTER", operation.upper(), f"{written} RETURN NULL;")


SQL = {"sqlite": sqlite, "postgresql": postgresql}


@cache
def wanted(vendor: str, *, derived: bool = True) -> dict[str, Trigger]:
    """Return the triggers that there should be, by name; `derived` counts those of lanes and marks in."""
    logging = {
        name: SQL[vendor](model, operation, name)
        for model in tracked()
        for operation in OPERATIONS
        for name in [f"waymark_{operation}_{model._meta.db_table}"]
    }
    return logging | lane_triggers(vendor) | mark_triggers(vendor) if derived else logging


def stored(connection: Any) -> dict[str, tuple[Any, ...]]:
    """Return what the catalogue tells of the triggers that are there, by name."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUES[connection.vendor])
        return {name: tuple(told) for name, *told in cursor.fetchall()}


def missing(connection: Any) -> list[str]:
    """Return the names of the triggers that should be there and are not, or that were altered."""
    there = stored(connection)
    return [name for name, trigger in wanted(connection.vendor).items() if there.get(name) != trigger.stored]


def install(connection: Any, *, derived: bool = True) -> None:
    """Replace the triggers that differ, remove those that nothing needs any more, and begin the trail of new tables.

    One transaction, in which nobody else writes to the tables concerned. Where nothing differs, nothing is locked.
    All lanes are worked out anew where a trigger that watches over them was missing. What is `derived` is left out
    where a migration stopped before the tables have it.
    """
    if _Work.of(connection, derived).is_done:
        return
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
            work = _Work.of(connection, derived)
            if work.is_done:  # by whoever started at the same time
                return
            if connection.vendor == "postgresql":
                shut_out_writers(connection, cursor, work.tables)
            for statement in work.statements(connection.vendor):
                cursor.execute(statement)
        if derived:
            work_out_derived(work)
        if work.new:
            # A trigger that is there already has begun the trail before anybody wrote down when.
            already = {table for table, *_ in work.there.values()}
            begin(connection, [(model, model._meta.db_table not in already) for model in work.new])


def work_out_derived(work: _Work) -> None:
    """Work out lanes, and mark what has to be worked out, as far as nobody watched over them."""
    if not work.lanes_were_watched:
        unsettle()
    settle()
    if not work.marks_were_kept:
        mark_all()


def make_way(connection: Any) -> None:
    """Remove the triggers of lanes and marks before tables are altered; `install` puts them back, and begins anew.

    SQLite does not rename a table while a trigger of another names it, and makes a table anew under another name. And
    what a migration writes has no lane: it knows nothing of them.
    """
    with connection.cursor() as cursor:
        for name, (table, *_) in stored(connection).items():
            # All but those that log: also what an older Waymark called otherwise.
            if name not in {f"waymark_{operation}_{table}" for operation in OPERATIONS}:
                cursor.execute(DROP[connection.vendor].format(name=name, table=table))


def follow(connection: Any, *labels: str) -> None:
    """Let the trail follow what a migration changes in the rows of some models ("cases.Stage").

    Called by the migration itself, between its schema and its data: SQLite has dropped the triggers with the tables
    that it made anew. Columns that a later migration adds are left out; `install` puts the final triggers in place.
    """
    with connection.cursor() as cursor:
        for label in labels:
            model = apps.get_model(label)
            table = model._meta.db_table
            there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for operation in OPERATIONS:
                trigger = SQL[connection.vendor](model, operation, f"waymark_{operation}_{table}", there)
                for statement in trigger.statements:
                    cursor.execute(statement)


class _Work(NamedTuple):
    """What is to be done: triggers that differ, names that nothing needs, models whose trail begins."""

    differing: dict[str, Trigger]
    unneeded: list[str]
    new: list[type[models.Model]]
    there: dict[str, tuple[Any, ...]]

    @classmethod
    def of(cls, connection: Any, derived: bool) -> _Work:
        present = set(connection.introspection.table_names())
        if Change._meta.db_table not in present:
            return cls({}, [], [], {})
        those_wanted = wanted(connection.vendor, derived=derived)
        triggers = {name: each for name, each in those_wanted.items() if each.table in present}
        there, begun = stored(connection), tables_begun()
        return cls(
            {name: each for name, each in triggers.items() if there.get(name) != each.stored},
            [name for name in there if name not in triggers],
            [model for model in tracked() if model._meta.db_table in present - begun],
            there,
        )

    @property
    def is_done(self) -> bool:
        return not (self.differing or self.unneeded or self.new)

    @property
    def lanes_were_watched(self) -> bool:
        """Whether every trigger that takes away the lane of a row was there."""
        return self.differing.keys().isdisjoint(lane_triggers(connection.vendor))

    @property
    def marks_were_kept(self) -> bool:
        """Whether every trigger that marks what has to be worked out anew was there."""
        return self.differing.keys().isdisjoint(mark_triggers(connection.vendor))

    @property
    def tables(self) -> list[str]:
        tables = {self.there[name][0] for name in self.unneeded}
        tables |= {each.table for each in self.differing.values()} | {model._meta.db_table for model in self.new}
        return sorted(tables)

    def statements(self, vendor: str) -> list[str]:
        drop = 'DROP TRIGGER "{}"' if vendor == "sqlite" else 'DROP FUNCTION "{}"() CASCADE'
        removed = [drop.format(name) for name in self.unneeded]
        return removed + [statement for each in self.differing.values() for statement in each.statements]


def shut_out_writers(connection: Any, cursor: Any, tables: list[str]) -> None:
    """Lock tables of PostgreSQL against writers; SQLite's transaction keeps them out already.

    Writers lock the same tables in an order of their own. So it waits briefly, lets go of all of them, and tries again:
    a deadlock would cost somebody their work.
    """
    names = ", ".join(map(connection.ops.quote_name, tables))
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
            return
        except OperationalError:
            if not left:
                raise
