"""Deadlines of cases: the clocks of requests to Interpol's review commission, and duties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

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
    def order(self) -> tuple[Any, ...]:
        last = self.latest or self.earliest or date.max
        return last, self.earliest or date.min, self.who.label, self.what, self.ref


@dataclass(frozen=True)
class Deadlines:
    """Deadlines as they stand on a day, the soonest first.

    overdue        even the last possible day has passed
    next_30_days   it can fall due by the thirtieth day from now, or is perhaps overdue
    later          it cannot fall due before
    waiting        there is no day: what it runs from is not known
    """

    overdue: list[Deadline] = field(default_factory=list)
    next_30_days: list[Deadline] = field(default_factory=list)
    later: list[Deadline] = field(default_factory=list)
    waiting: list[Deadline] = field(default_factory=list)


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
    rules = list(ClockRule.objects.visible_to(user))
    found = [
        _of_clock(request, due, today)
        for request in requests
        for due in dues(request, request.visible_events, rules)
        if due.met is None
    ]
    found += [each for duty in duties if (each := _of_duty(duty, today)) is not None]
    return sorted(found, key=lambda each: each.order)


def groups(found: Iterable[Deadline], today: date) -> Deadlines:
    """Tell what is overdue from what comes; each group keeps the order of `found`."""
    grouped = Deadlines()
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


def _of_clock(request: CcfRequest, due: Due, today: date) -> Deadline:
    asked = request.get_kind_display()
    to_file = due.runs_from == ClockStart.NEW_FACT
    return Deadline(
        what=f"last day to file the request for {asked}" if to_file else f"decision on the request for {asked}",
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
    if ended and ended.latest and ended.latest <= today:
        return None
    span = DateSpan(duty.due.earliest, duty.due.latest) if duty.due else DateSpan()
    if duty.rhythm and duty.due:
        # Whether somebody reported last week is not known, and nothing is said of it: only the next time is shown.
        span = next_occurrence(duty.due, Rhythm(duty.rhythm), today)
        if ended and ended.latest and span.earliest and span.earliest > ended.latest:
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
