"""Names of records that may leave the site: in calendars, feeds and mails.

A person's name goes there only where the record of the person is open to people beyond the team; otherwise the
reference stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q

from cases.models import CcfRequest, Incident, Involvement, Notice, Person
from cases.watching.watches import Watched
from records.fields.direction import isolated, written_out
from records.history.snapshots import name_of
from records.models import BEYOND_THE_TEAM, clearance, is_open
from records.vocabulary import Review

#: Control characters, and what is no character: XML has no way to write them.
UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
PERSON_OPEN = Q(person__level__in=BEYOND_THE_TEAM, person__review=Review.PUBLISHED)


def without_broken_glass(user: Any) -> Any:
    """Return the reader as they read from outside: broken glass opens nothing there."""
    user._clearance = replace(clearance(user), everything=False)
    return user


def plain(text: str) -> str:
    """Return text as one line, kept apart from what stands beside it; see records.fields.direction.

    Joiners that scripts are written with (U+200C, U+200D) stay. What no line of text can hold is written out.
    """
    return isolated(UNWRITABLE.sub(written_out, " ".join(text.split())))


def safe_person_name(person: Person) -> str:
    """Return the label of a person who is open to people beyond the team, else the reference."""
    return plain(person.label) if is_open(person) else person.ref


def safe_names(records: Iterable[Any], user: Any) -> dict[str, str]:
    """Return what records are called outside, by reference. An incident has a title, which may name people: it is told
    where everybody in it whom `user` sees is open.
    """
    records = list(records)
    incidents = [record.pk for record in records if isinstance(record, Incident)]
    involved = Involvement.objects.visible_to(user).filter(incident__in=incidents)
    closed = set(involved.exclude(PERSON_OPEN).values_list("incident", flat=True))
    return {record.ref: plain(name_of(record)) if may_be_named(record, closed) else record.ref for record in records}


def may_be_named(record: Any, closed: set[int]) -> bool:
    """Whether a record, and everybody whom its name may name, is open to people beyond the team."""
    match record:
        case Incident():
            return is_open(record) and record.pk not in closed
        case Notice():
            return is_open(record) and is_open(record.person)
        case CcfRequest():
            return is_open(record) and may_be_named(record.notice, closed)
    return is_open(record)


def safe_reason(one: Watched, names: dict[str, str]) -> str:
    """Say why a change is told, without the words that the reader searched for or chose as a name."""
    return f"you follow {names[one.record.ref]}" if one.record else f"a saved filter of {one.resource.name}"
