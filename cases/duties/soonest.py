"""The first deadlines of each group, without fetching more of all the others than their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.codebook.duties import duties_of_cases
from cases.commission.clocks import DateSpan, dues
from cases.duties.deadlines import (
    Deadline,
    Deadlines,
    SortKey,
    days_of_duty,
    deadlines_of,
    groups,
    in_order,
    open_duties,
    what_of_clock,
)
from cases.models import CcfEvent, CcfRequest, ClockRule, Duty
from cases.situation.keys import these
from cases.situation.life import Life
from cases.vocabulary import CcfState, ClockStart, DutyKind
from records.fields.edtf import UncertainDate
from records.models import Record

#: What is fetched of each request, as `AskedRequest` has it, and of each duty.
REQUEST = ("pk", "ref", "kind", "new_fact", "notice__person__ref", "notice__person__label")
DUTY = (
    *("pk", "ref", "kind", "rhythm", "due_earliest", "due_latest", "ended_latest"),
    *("involvement__person__ref", "involvement__person__label"),
)


class DaysOfDeadline(NamedTuple):
    """One deadline as far as its place and its group go: its days, its kind, whose it is, and the row it is of."""

    order: SortKey
    earliest: date | None
    latest: date | None
    kind: str
    person: str
    model: type[Record]
    row: int


class AskedRequest(NamedTuple):
    """A request as far as its clocks go."""

    pk: int
    ref: str
    kind: str
    new_fact: UncertainDate | None
    person: str
    label: str


class Soonest(NamedTuple):
    """The first deadlines of each group, and how many there are in it."""

    first: Deadlines[Deadline]
    number: dict[str, int]


def soonest(user: Any, today: date, most: int, admits: Callable[[DaysOfDeadline], bool] | None = None) -> Soonest:
    """Return the first deadlines of each group, at most `most`, of those that `user` may see and that are admitted.

    They are those of `cases.duties.deadlines.deadlines`, in their order.
    """
    rules = list(ClockRule.objects.visible_to(user))
    requests = [AskedRequest(*row) for row in _unanswered(user, rules).values_list(*REQUEST)]
    events = _events(user, requests)
    coming = [*_clocks(requests, events, rules, today), *_duties(user, today)]
    grouped = groups(sorted(filter(admits, coming), key=lambda each: each.order), today)
    found = {each.name: getattr(grouped, each.name) for each in fields(grouped)}
    chosen = [each for some in found.values() for each in some[:most]]
    keys = {model: [each.row for each in chosen if each.model is model] for model in (CcfRequest, Duty)}
    duties = duties_of_cases(user).filter(pk__in=these(keys[Duty])) if keys[Duty] else ()
    whole = deadlines_of(_with_events(user, keys[CcfRequest], events), duties, rules, today)
    wanted = {each.order for each in chosen}
    first = groups([each for each in whole if each.order in wanted], today)
    return Soonest(first, {name: len(some) for name, some in found.items()})


Events = dict[int, list[CcfEvent]]


def _events(user: Any, requests: list[AskedRequest]) -> Events:
    """Return the events that `user` may see, by the key of their request, as far as clocks go by them."""
    found: Events = defaultdict(list)
    told = CcfEvent.objects.visible_to(user).filter(request__in=these(each.pk for each in requests)).order_by()
    for event in told.only("ref", "level", "request", "state", "occurred", "until", "position"):
        found[event.request_id].append(event)
    return found


def _with_events(user: Any, keys: list[int], events: Events) -> Iterator[CcfRequest]:
    """Yield the requests with these keys and their events."""
    requests = CcfRequest.objects.visible_to(user).select_related("notice__person").filter(pk__in=these(keys))
    for request in requests if keys else ():
        request.told_events = events[request.pk]
        yield request


def _clocks(
    requests: list[AskedRequest], events: Events, rules: list[ClockRule], today: date
) -> Iterator[DaysOfDeadline]:
    """Yield the clocks that nothing has stopped."""
    for request in requests:
        for due in dues(request, Life(events[request.pk], today, today).listed(ahead=True), rules):
            if due.met is None:
                order = in_order(due.earliest, due.latest, request.label, what_of_clock(due), request.ref)
                kind = f"ccf_{request.kind}"
                yield DaysOfDeadline(order, due.earliest, due.latest, kind, request.person, CcfRequest, request.pk)


def _unanswered(user: Any, rules: list[ClockRule]) -> QuerySet[CcfRequest]:
    """Return the requests with a clock that may run: the commission's stops with the step that ends the matter."""
    ended = CcfEvent.objects.visible_to(user).filter(request=OuterRef("pk"), state__in=CcfState.ending())
    to_file = {rule.kind for rule in rules if rule.runs_from == ClockStart.NEW_FACT}
    return CcfRequest.objects.visible_to(user).filter(~Exists(ended) | Q(kind__in=to_file)).order_by()


def _duties(user: Any, today: date) -> Iterator[DaysOfDeadline]:
    """Yield the duties that have not certainly ended, of cases that are not closed."""
    standing = open_duties(user).filter(Q(ended_latest__isnull=True) | Q(ended_latest__gt=today)).order_by()
    for pk, ref, kind, rhythm, earliest, latest, ended_by, person, label in standing.values_list(*DUTY):
        days = days_of_duty(DateSpan(earliest, latest), rhythm, ended_by, today)
        if days is not None:
            order = in_order(days.earliest, days.latest, label, DutyKind(kind).label, ref)
            yield DaysOfDeadline(order, days.earliest, days.latest, kind, person, Duty, pk)
