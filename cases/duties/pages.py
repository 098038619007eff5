"""The list of duties, the page of one duty, and the deadlines shown on other pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cases.codebook import DUTIES
from cases.codebook.duties import duties_of_cases
from cases.duties.deadlines import Deadline, groups
from cases.views.cited_sources import cited_sources
from cases.views.evidence import Evidence, Proof, known_and_not
from cases.views.links import Item, page_of, term
from cases.vocabulary import DutyKind, Rhythm
from records.lists.pages import DetailPage, Export, ListPage
from records.models import Record


@dataclass(frozen=True)
class Coming:
    """A deadline with its sources."""

    deadline: Deadline
    proof: Proof


@dataclass(frozen=True)
class DeadlineGroup:
    """Deadlines that stand together, under one heading."""

    name: str
    rows: list[Coming]


def resting_on(found: Iterable[Deadline]) -> set[Record]:
    """Return the records that deadlines rest on."""
    return {record for each in found for record in each.records}


def what_comes_next(found: list[Deadline], evidence: Evidence, today: date) -> list[DeadlineGroup]:
    """Return deadlines as a page shows them: overdue, soon, later, and without a day, each with its evidence.

    It is shown by includes/deadlines.html with `groups`. A group with nothing in it is left out.
    """
    grouped = groups(found, today)
    named = {
        "Overdue": grouped.overdue,
        "In the next 30 days": grouped.next_30_days,
        "Later": grouped.later,
        "No day is known": grouped.waiting,
    }
    return [
        DeadlineGroup(name, [Coming(each, evidence.of_all(each.records)) for each in rows])
        for name, rows in named.items()
        if rows
    ]


class DutiesList(ListPage):
    resource = DUTIES
    template_name = "cases/duties.html"
    columns = (("kind", "Duty"), ("", "Whose"), ("due", "Due"), ("", "Comes round"), ("", "Ended"), ("", "#Sources"))

    def rows(self, records: list[Any], user: Any) -> list[dict[str, Any]]:
        cited = DUTIES.column("sources")
        return [
            {
                "duty": duty,
                "kind": DutyKind(duty.kind),
                "rhythm": Rhythm(duty.rhythm) if duty.rhythm else None,
                "sources": len(cited.read(duty)),
            }
            for duty in records
        ]


class DutiesExport(Export):
    resource = DUTIES


class DutyPage(DetailPage):
    resource = DUTIES
    template_name = "cases/duty.html"

    def rows(self, user: Any) -> QuerySet:
        return duties_of_cases(user)

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        evidence, person = Evidence(user, [record]), record.involvement.person
        kind = DutyKind(record.kind)
        incident = Item(record.incident.title, page_of("incident", record.incident.ref))
        return {
            "kind": kind,
            "used": cited_sources(evidence.of(record)),
            **known_and_not(
                [
                    evidence.fact("Kind", record, "kind", term(kind)),
                    evidence.fact("Whose", record, "involvement", Item(person.label, page_of("person", person.ref))),
                    evidence.fact("Incident", record, "incident", incident),
                    evidence.fact("First time" if record.rhythm else "Due", record, "due"),
                    evidence.fact(
                        "Comes round", record, "rhythm", term(Rhythm(record.rhythm)) if record.rhythm else "once"
                    ),
                    evidence.fact("Ended", record, "ended"),
                    evidence.fact("To whom", record, "authority"),
                    evidence.fact("Note", record, "note"),
                ]
            ),
        }
