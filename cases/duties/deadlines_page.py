"""The page of deadlines: what is overdue, what comes, and what has no day yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, ClassVar

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from cases.duties.deadlines import Deadline
from cases.duties.soonest import DaysOfDeadline, soonest
from cases.models import Duty
from cases.views.evidence import Evidence, Proof
from cases.vocabulary import CcfKind, DutyKind
from records.current_day import current_day
from records.lists.controls import controls
from records.lists.filters import ReferenceFilter, StrictFilterSet
from records.lists.pages import chips, only_what_is_asked

#: A group shows its soonest so many; a filter finds the others.
SHOWN = 200
KINDS = [
    *((f"ccf_{kind.value}", f"request: {kind.label}", kind.meaning) for kind in CcfKind),
    *((kind.value, kind.label, kind.meaning) for kind in DutyKind),
]
GROUPS = {
    "overdue": ("Overdue", "Even the last possible day has passed."),
    "next_30_days": ("In the next 30 days", "What can fall due by then, and what is perhaps overdue."),
    "later": ("Later", "What cannot fall due before."),
    "waiting": ("No day is known", "What it runs from is not known, or no rule is recorded for that time."),
}


class KindFilter(django_filters.MultipleChoiceFilter):
    """One or more kinds of deadline; one matches that is any of them."""

    def options(self, user: Any) -> list[tuple[str, str, str]]:
        return KINDS


class DeadlineFilter(StrictFilterSet):
    """The questions that can be asked about deadlines. They are worked out, not stored: no database is asked."""

    kind = KindFilter(choices=[(code, label) for code, label, _ in KINDS], help_text="What is waited for.")
    person = ReferenceFilter("PER", help_text="Whose case it is.")

    class Meta:
        model = Duty
        fields: ClassVar[list[str]] = []

    def admits(self, deadline: DaysOfDeadline) -> bool:
        kinds, person = self.form.cleaned_data["kind"], self.form.cleaned_data["person"]
        return (not kinds or deadline.kind in kinds) and (not person or deadline.person == person)


@dataclass(frozen=True)
class DeadlineRow:
    """A deadline with the evidence for what it rests on."""

    deadline: Deadline
    proof: Proof


@dataclass(frozen=True)
class DeadlineSection:
    """Deadlines that stand together. `more` are there beyond those that are shown."""

    name: str
    title: str
    meaning: str
    rows: list[DeadlineRow]
    more: int

    @property
    def count(self) -> int:
        return len(self.rows) + self.more


class DeadlinesPage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        filterset = DeadlineFilter(request.GET, Duty.objects.none(), request=request)
        asked: Any = SimpleNamespace(parameters=request.GET, filterset=filterset)
        address = only_what_is_asked(asked)
        if address is not None:
            return redirect(request.path + address.rstrip("?"))
        sidebar, today = controls(filterset), current_day()
        context = {
            "section": "deadlines",
            "resource": SimpleNamespace(name="deadlines"),
            "controls": sidebar,
            "chips": chips(asked, sidebar),
            "problems": filterset.problems,
            "groups": [] if filterset.problems else shown(request.user, today, filterset),
            "today": today,
        }
        return render(request, "cases/deadlines.html", context, status=400 if filterset.problems else 200)


def shown(user: Any, today: date, asked: DeadlineFilter) -> list[DeadlineSection]:
    """Return the deadlines that are asked for, group by group, with their evidence."""
    found = soonest(user, today, SHOWN, asked.admits)
    grouped: dict[str, list[Deadline]] = {name: getattr(found.first, name) for name in GROUPS}
    records = {row for some in grouped.values() for deadline in some for row in deadline.records}
    evidence = Evidence(user, records)
    return [
        DeadlineSection(
            name,
            *GROUPS[name],
            rows=[DeadlineRow(deadline, evidence.of_all(deadline.records)) for deadline in some],
            more=found.number[name] - len(some),
        )
        for name, some in grouped.items()
    ]
