"""The clocks of requests to Interpol's review commission: when an answer is due, and by which rule.

A clock starts on a day that may be known only to lie between two days, so it runs out between two days as well. Nothing
here asks the database: a request, its steps and the rules are given.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from cases.vocabulary import CcfKind, CcfState, ClockStart, ClockUnit
from records.fields.edtf import MONTHS, UncertainDate

ONE_DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Rule(Protocol):
    """A row of ClockRule."""

    kind: str
    runs_from: str
    length: int
    unit: str
    valid_from: date
    valid_to: date | None
    basis: str


class ClockEvent(Protocol):
    """A row of CcfEvent."""

    state: str
    occurred: Any
    until: Any


class Request(Protocol):
    """A row of CcfRequest."""

    @property
    def kind(self) -> str: ...
    @property
    def new_fact(self) -> Any: ...


@dataclass(frozen=True)
class DateSpan:
    """From the first to the last day on which something can fall; None where that side is open."""

    earliest: date | None = None
    latest: date | None = None

    def __bool__(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.earliest or self.latest)

    @property
    def label(self) -> str:
        """The days in English, with their weekdays: "Friday 12 March 2027", "by Monday 1 March 2027"."""
        if not self:
            return "not known"
        if self.earliest is None or self.latest is None:
            return f"{deadline_label(self.earliest)} or later" if self.earliest else f"by {deadline_label(self.latest)}"
        if self.earliest == self.latest:
            return deadline_label(self.earliest)
        return f"between {deadline_label(self.earliest)} and {deadline_label(self.latest)}"


@dataclass(frozen=True)
class Due:
    """One clock of a request: what it runs from, when it runs out, and by which rules.

    Days: `earliest` and `latest` bound the day on which it runs out, and are both None where that cannot be told.
    `rules` are those that apply, of `all_rules` for what it runs from. `extended_from` is where it stood before the
    commission gave itself more time by `extension`. `met` is the step that stopped it, `rests_on` are the rows that the
    start, the extension and the stop come from.
    """

    kind: CcfKind
    runs_from: ClockStart
    start: UncertainDate | None
    rules: tuple[Rule, ...]
    earliest: date | None
    latest: date | None
    extended_from: DateSpan | None
    met: Any
    rests_on: tuple[Any, ...]
    all_rules: tuple[Rule, ...]
    extension: Any

    @property
    def working(self) -> str:
        """How the day was worked out, in words."""
        return "; ".join(_working(self))

    @property
    def span(self) -> DateSpan:
        return DateSpan(self.earliest, self.latest)

    @property
    def took(self) -> tuple[int | None, int | None]:
        """How many days it ran at least and at most; None where that is not known, or where it has not stopped."""
        start, end = self.start, self.met.occurred if self.met else None
        if not start or not end:
            return None, None
        least = max((end.earliest - start.latest).days, 0) if end.earliest and start.latest else None
        most = (end.latest - start.earliest).days if end.latest and start.earliest else None
        return least, most if most is None or most >= 0 else None

    @property
    def in_time(self) -> bool | None:
        """Whether it stopped before it ran out; None where that cannot be told."""
        end = self.met.occurred if self.met else None
        if end and end.latest and self.earliest and end.latest <= self.earliest:
            return True
        if end and end.earliest and self.latest and end.earliest > self.latest:
            return False
        return None


def day_label(day: date | None) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else ""


def deadline_label(day: date | None) -> str:
    """Return a day with its weekday, which shows whether an office is open on it: "Friday 12 March 2027"."""
    return f"{WEEKDAYS[day.weekday()]} {day_label(day)}" if day else ""


def add_months(day: date, months: int) -> date:
    """Return the same day so many calendar months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def runs_out(start: date, rule: Rule) -> date:
    """Return the day on which a clock that starts on `start` runs out under a rule."""
    if rule.unit == ClockUnit.MONTHS:
        return add_months(start, rule.length)
    return start + timedelta(days=rule.length * (7 if rule.unit == ClockUnit.WEEKS else 1))


def dues(request: Request, steps: Sequence[ClockEvent], rules: Iterable[Rule]) -> list[Due]:
    """Return the clocks of a request, one for each thing that the rules for its kind let a clock run from.

    `steps` are those that the reader may see, in their order: by date, then as told.
    """
    of_kind = sorted((rule for rule in rules if rule.kind == request.kind), key=lambda rule: rule.valid_from)
    starts = [start for start in ClockStart if any(rule.runs_from == start for rule in of_kind)]
    return [_due(request, steps, [rule for rule in of_kind if rule.runs_from == start], start) for start in starts]


def _due(request: Request, steps: Sequence[ClockEvent], rules: list[Rule], runs_from: ClockStart) -> Due:
    row = _started_by(request, steps, runs_from)
    start = request.new_fact if row is request else row.occurred if row else None
    applied = [rule for rule in rules if start and _overlap(rule, start)]
    span = due_span(start, applied)
    # Only the commission's own time can be extended by it.
    extension = _last(steps, CcfState.EXTENDED) if runs_from != ClockStart.NEW_FACT else None
    before = span if extension else None
    if extension:
        until = extension.until
        span = DateSpan(until.earliest, until.latest) if until else DateSpan(span.earliest, None)
    met = _stopped_by(steps, runs_from)
    return Due(
        kind=CcfKind(request.kind),
        runs_from=runs_from,
        start=start,
        rules=tuple(applied),
        earliest=span.earliest,
        latest=span.latest,
        extended_from=before,
        met=met,
        rests_on=tuple(each for each in (row, extension, met) if each),
        all_rules=tuple(rules),
        extension=extension,
    )


def due_span(start: UncertainDate | None, rules: Sequence[Rule]) -> DateSpan:
    """Return when a clock runs out under the rules, by their first day, in force while it can have started.

    Where these are several, each holds for the days of its own, and the span takes in all of them. It is open to the
    side on which the start is open, or has days for which no rule is known; to both sides where those lie between two
    rules.
    """
    if start is None or not rules:
        return DateSpan()
    opens_left, opens_right = _open_sides(start, rules)
    firsts = [max(start.earliest or rule.valid_from, rule.valid_from) for rule in rules]
    earliest = min(runs_out(first, rule) for first, rule in zip(firsts, rules, strict=True))
    lasts = [min(end for end in (start.latest, rule.valid_to, date.max) if end) for rule in rules]
    if opens_right:
        return DateSpan(None if opens_left else earliest)
    latest = max(runs_out(last, rule) for last, rule in zip(lasts, rules, strict=True))
    return DateSpan(None if opens_left else earliest, latest)


def _open_sides(start: UncertainDate, rules: Sequence[Rule]) -> tuple[bool, bool]:
    """Return whether some day on which a clock can have started lies before, or after, all that the rules cover."""
    opens_left = start.earliest is None or start.earliest < rules[0].valid_from
    covered_to = rules[0].valid_to
    for rule in rules[1:]:
        if covered_to and rule.valid_from > covered_to + ONE_DAY:
            return True, True
        covered_to = max(covered_to, rule.valid_to) if covered_to and rule.valid_to else None
    return opens_left, start.latest is None or (covered_to is not None and start.latest > covered_to)


def _overlap(rule: Rule, start: UncertainDate) -> bool:
    return start.possibly_overlaps(rule.valid_from, rule.valid_to)


def _last(steps: Sequence[ClockEvent], *states: CcfState) -> Any:
    return next((step for step in reversed(steps) if step.state in states), None)


def _started_by(request: Request, steps: Sequence[ClockEvent], runs_from: ClockStart) -> Any:
    """Return the row that says when the clock started: a step, or the request itself for a new fact."""
    if runs_from == ClockStart.NEW_FACT:
        return request if request.new_fact else None
    return _last(steps, CcfState(runs_from.value))


def _stopped_by(steps: Sequence[ClockEvent], runs_from: ClockStart) -> Any:
    """Return the step that stopped the clock, if any.

    The time that a person has is kept by sending the request, and not by one that came back as incomplete and was not
    sent again. The commission's time stops at the first step that ends the matter.
    """
    if runs_from == ClockStart.NEW_FACT:
        sent = _last(steps, CcfState.FILED, CcfState.RETURNED_INCOMPLETE)
        return sent if sent and sent.state == CcfState.FILED else None
    return next((step for step in steps if step.state in CcfState.ending()), None)


def _working(due: Due) -> Iterator[str]:
    """Say how the day was worked out, part by part."""
    start, applied, runs_from, before = due.start, due.rules, due.runs_from, due.extended_from
    for rule in applied:
        yield f"{runs_from.label} {start.label if start else ''} + {_length(rule)}, {rule.basis}{_where(rule, applied)}"
    if start and not applied:
        yield f"{runs_from.label} {start.label}; no rule is recorded for that day"
    elif start and _is_bounded(start) and any(_open_sides(start, applied)):
        yield "for some of these days no rule is recorded"
    if not start:
        rule = due.all_rules[-1]
        yield f"{_length(rule)} from the day that is not known yet ({runs_from.label}), {rule.basis}"
    if due.extension:
        until = due.extension.until.label if due.extension.until else "a day that is not known"
        yield f"extended until {until}{f', before that {before.label}' if before else ''}"


def _is_bounded(start: UncertainDate) -> bool:
    return start.earliest is not None and start.latest is not None


def _length(rule: Rule) -> str:
    """Say how long a rule gives: "9 months", "1 week"."""
    return f"{rule.length} {rule.unit.removesuffix('s') if rule.length == 1 else rule.unit}"


def _where(rule: Rule, applied: Sequence[Rule]) -> str:
    """Where several rules apply, say for which days each does."""
    if len(applied) == 1:
        return ""
    return f" (if from {day_label(rule.valid_from)}{f' to {day_label(rule.valid_to)}' if rule.valid_to else ''})"
