"""Deadlines of cases: the clocks of requests to Interpol's review commission, and duties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Q, QuerySet
from django.urls import reverse

from cases.codebook.duties import duties_of_cases
from cases.codebook.notices import requests_with_events
from cases.commission.clocks import DateSpan, Due, dues
from cases.duties.recurrence import next_occurrence
from cases.models import CcfRequest, ClockRule, Duty, Involvement, Person
from cases.situation.keys import these
from cases.situation.standing import situation, standing
from cases.vocabulary import ClockStart, DutyKind, InvolvementRole, Rhythm
from records.models import Record

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Deadline:
    """One thing that a case waits for, as it stands on a day.

    `earliest` and `latest` are the first and the last day on which it can fall due; None where that side is open, both
    None where it cannot be told. `records` are the rows on which it rests, whose citations prove it, the request or the
    duty first. `kind` is "ccf" and the kind of the request, or the kind of the duty; `rhythm` the code of how often it
    comes round, "" where it comes once, and the days are then those of the next time.
    """

    what: str
    who: Person
    ref: str
    link: str
    earliest: date | None
    latest: date | None
    working: str
    records: tuple[Record, ...]
    kind: str
    rhythm: str = ""
    perhaps_overdue: bool = False
    perhaps_ended: bool = False

    @property
    def when(self) -> str:
        """The day or the days in English."""
        return DateSpan(self.earliest, self.latest).label

    @property
    def order(self) -> SortKey:
        return in_order(self.earliest, self.latest, self.who.label, self.what, self.ref)


#: By what deadlines are sorted. No two have the same.
SortKey = tuple[date, date, str, str, str]


def in_order(earliest: date | None, latest: date | None, who: str, what: str, ref: str) -> SortKey:
    """Return the place of a deadline among others: the soonest first."""
    return latest or earliest or date.max, earliest or date.min, who, what, ref


class HasDays(Protocol):
    """What can fall due between two days; None where that side is open."""

    @property
    def earliest(self) -> date | None: ...
    @property
    def latest(self) -> date | None: ...


Each = TypeVar("Each", bound=HasDays)


@dataclass(frozen=True)
class Deadlines(Generic[Each]):
    """Deadlines as they stand on a day, the soonest first.

    overdue        even the last possible day has passed
    next_30_days   it can fall due by the thirtieth day from now, or is perhaps overdue
    later          it cannot fall due before
    waiting        there is no day: what it runs from is not known
    """

    overdue: list[Each] = field(default_factory=list)
    next_30_days: list[Each] = field(default_factory=list)
    later: list[Each] = field(default_factory=list)
    waiting: list[Each] = field(default_factory=list)


def deadlines(
    user: Any, today: date, *, person: Person | None = None, involvements: Iterable[Involvement] | None = None
) -> list[Deadline]:
    """Return what the cases that `user` may see wait for, the soonest first, in a constant number of queries.

    With `person` only what is about that person; with `involvements`, which come with their situation, the duties of
    those, and without `person` the requests about notices against the people whom they are the subjects of. A clock
    that was stopped, a duty that has certainly ended, and the duties of a closed case are not waited for.
    """
    requests, parts = requests_with_events(user), None if involvements is None else list(involvements)
    if person is not None:
        requests = requests.filter(notice__person=person.pk)
    elif parts is not None:
        subjects = {part.person_id for part in parts if part.role == InvolvementRole.SUBJECT}
        requests = requests.filter(notice__person__in=subjects)
    duties = open_duties(user, person) if parts is None else duties_of(user, parts)
    return deadlines_of(requests, duties, list(ClockRule.objects.visible_to(user)), today)


def deadlines_of(
    requests: Iterable[CcfRequest], duties: Iterable[Duty], rules: list[ClockRule], today: date
) -> list[Deadline]:
    """Return what some requests, which come with their events, and some duties wait for, the soonest first."""
    found = [
        _of_clock(request, due, today)
        for request in requests
        for due in dues(request, request.visible_events, rules)
        if due.met is None
    ]
    found += [each for duty in duties if (each := _of_duty(duty, today)) is not None]
    return sorted(found, key=lambda each: each.order)


def groups(found: Iterable[Each], today: date) -> Deadlines[Each]:
    """Tell what is overdue from what comes; each group keeps the order of `found`."""
    grouped: Deadlines[Each] = Deadlines()
    for each in found:
        if each.earliest is None and each.latest is None:
            grouped.waiting.append(each)
        elif each.latest is not None and each.latest < today:
            grouped.overdue.append(each)
        elif each.earliest is None or each.earliest <= today + SOON:
            grouped.next_30_days.append(each)
        else:
            grouped.later.append(each)
    return grouped


def duties_of(user: Any, involvements: list[Any]) -> QuerySet[Duty]:
    """Return the duties that `user` may see, of those of some cases that are not closed."""
    still = [row.pk for row in involvements if situation(row).is_open is not False]
    return duties_of_cases(user).filter(involvement__in=these(still))


def open_duties(user: Any, person: Person | None = None) -> QuerySet[Duty]:
    """Return the duties that `user` may see, of cases, or a person's cases, that by what `user` may see are open."""
    not_closed = standing(Q(is_open=True) | Q(is_open__isnull=True), user, None, every_role=True)
    duties = duties_of_cases(user).filter(not_closed.through("involvement", "involvement"))
    return duties if person is None else duties.filter(involvement__person=person.pk)


def _has_perhaps_passed(span: DateSpan, today: date) -> bool:
    """Whether the day can lie before today and need not; not where nothing is known of it."""
    can = span.earliest is None or span.earliest < today
    return bool(span) and can and (span.latest is None or span.latest >= today)


def what_of_clock(due: Due) -> str:
    """Say what a clock waits for."""
    if due.runs_from == ClockStart.NEW_FACT:
        return f"last day to file the request for {due.kind.label}"
    return f"decision on the request for {due.kind.label}"


def days_of_duty(due: DateSpan, rhythm: str, ended_by: date | None, today: date) -> DateSpan | None:
    """Return the days of a duty, or those of the next time where it comes round; None where it has certainly ended."""
    if ended_by and ended_by <= today:
        return None
    if not rhythm:
        return due
    # Whether somebody reported last week is not known, and nothing is said of it: only the next time is shown.
    coming = next_occurrence(due, Rhythm(rhythm), today)
    return None if ended_by and coming.earliest and coming.earliest > ended_by else coming


def _of_clock(request: CcfRequest, due: Due, today: date) -> Deadline:
    return Deadline(
        what=what_of_clock(due),
        who=request.notice.person,
        ref=request.ref,
        link=reverse("ccf-request", args=[request.ref]),
        earliest=due.earliest,
        latest=due.latest,
        working=due.working,
        records=(request, *(row for row in due.rests_on if row is not request)),
        kind=f"ccf_{request.kind}",
        perhaps_overdue=_has_perhaps_passed(due.span, today),
    )


def _of_duty(duty: Duty, today: date) -> Deadline | None:
    """Return what a duty waits for, or None where it has certainly ended."""
    ended = duty.ended
    due = DateSpan(duty.due.earliest, duty.due.latest) if duty.due else DateSpan()
    span = days_of_duty(due, duty.rhythm, ended.latest if ended else None, today)
    if span is None:
        return None
    return Deadline(
        what=DutyKind(duty.kind).label,
        who=duty.involvement.person,
        ref=duty.ref,
        link=reverse("duty", args=[duty.ref]),
        earliest=span.earliest,
        latest=span.latest,
        working=_words(duty),
        records=(duty,),
        kind=duty.kind,
        rhythm=duty.rhythm,
        perhaps_overdue=_has_perhaps_passed(span, today),
        perhaps_ended=ended is not None and (ended.earliest is None or ended.earliest <= today),
    )


def _words(duty: Duty) -> str:
    """Say where the day of a duty comes from: "every seven days from 25 January 2019, to the migration office"."""
    if not duty.due:
        day = "no day is recorded"
    elif duty.rhythm:
        day = f"{Rhythm(duty.rhythm).meaning.rstrip('.').lower()}, first {duty.due.phrase}"
    else:
        day = f"as recorded: {duty.due.label}"
    parts = [day, duty.authority, f"ended {duty.ended.phrase}" if duty.ended else ""]
    return "; ".join(part for part in parts if part)
