"""Names as they may stand outside: calendars, news readers and mails lie on telephones and other people's servers.

A person's name goes there only where the record of the person is open to people beyond the team; otherwise the
reference stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q

from cases.models import CcfRequest, Incident, Involvement, Notice, Person
from cases.watching import Followed
from sources.images import name_of
from sources.models import BEYOND_THE_TEAM, clearance, is_open
from sources.vocabulary import Review

PERSON_OPEN = Q(person__level__in=BEYOND_THE_TEAM, person__review=Review.PUBLISHED)


def outside(user: Any) -> Any:
    """Return the reader as they read from outside: broken glass opens nothing there."""
    user._clearance = replace(clearance(user), everything=False)
    return user


def plain(text: str) -> str:
    """Return text as one line of printable characters."""
    one_line = " ".join(text.split())
    return "".join(character if character.isprintable() else "\ufffd" for character in one_line)


def person_outside(person: Person) -> str:
    """Return the label of a person who is open to people beyond the team, else the reference."""
    return plain(person.label) if is_open(person) else person.ref


def names_outside(records: Iterable[Any], user: Any) -> dict[str, str]:
    """Return what records are called outside, by reference. An incident has a title, which may name people: it is told
    where everybody in it whom `user` sees is open.
    """
    records = list(records)
    incidents = [record.pk for record in records if isinstance(record, Incident)]
    involved = Involvement.objects.visible_to(user).filter(incident__in=incidents)
    closed = set(involved.exclude(PERSON_OPEN).values_list("incident", flat=True))
    return {record.ref: plain(name_of(record)) if is_told(record, closed) else record.ref for record in records}


def is_told(record: Any, closed: set[int]) -> bool:
    """Whether a record, and everybody whom its name may name, is open to people beyond the team."""
    match record:
        case Incident():
            return is_open(record) and record.pk not in closed
        case Notice():
            return is_open(record) and is_open(record.person)
        case CcfRequest():
            return is_open(record) and is_told(record.notice, closed)
    return is_open(record)


def why_outside(one: Followed, names: dict[str, str]) -> str:
    """Say why a change is told, without the words that the reader searched for or chose as a name."""
    return f"you follow {names[one.record.ref]}" if one.record else f"a saved filter of {one.resource.name}"
