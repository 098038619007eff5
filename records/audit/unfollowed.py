"""Writing rows of which the trail does not tell one by one: a whole database that one act makes.

The triggers would write a change for each of millions of rows. They are out of the way as long as one transaction
writes, in which nobody else does, and the trail of the tables begins anew with the rows that they hold then: as for a
table that was there before it was followed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models

from records.audit.beginning import begin
from records.audit.mark_triggers import mark_all
from records.audit.trigger import DROP
from records.audit.triggers import shut_out_writers, wanted
from records.current_act import current_act


@contextmanager
def unfollowed(connection: Any, written: Collection[type[models.Model]]) -> Iterator[None]:
    """Write rows of these models past the trail, and begin it after them. Their tables have to be empty.

    Raises RuntimeError outside an act: the beginning is an entry of that act.
    """
    if current_act() is None:
        raise RuntimeError("Only an act may write past the trail: with act(...).")
    tables = {model._meta.db_table for model in written}
    triggers = {name: each for name, each in wanted(connection.vendor).items() if each.table in tables}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            shut_out_writers(connection, cursor, sorted(tables))
        for name, trigger in triggers.items():
            cursor.execute(DROP[connection.vendor].format(name=name, table=trigger.table))
        yield
        for trigger in triggers.values():
            for statement in trigger.statements:
                cursor.execute(statement)
    begin(connection, [(model, True) for model in written])
    mark_all()
