"""What is measured: every list, filter, order, count, deep page and page, by name and address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count

from cases.codebook import INCIDENTS, PEOPLE, RESOURCES
from cases.models import Incident, IncidentCountry, Notice, Person, TacticUsed
from cases.views import PAGES
from records.lists.codebook import Resource
from records.lists.paging import FORWARD, encode, in_order
from sources.models import SourceDocument

#: The day on which cases are asked about: in the middle of the years that are told of.
DAY = date(2018, 6, 1)
API = "/api/v1"


@dataclass(frozen=True)
class Work:
    """One thing to ask for. `kind` decides its bound; a list of incidents can be answered by hand too."""

    name: str
    kind: str
    address: str
    by_hand: bool = False
    readers: tuple[str, ...] = ("stranger", "analyst")


class Picks:
    """What is asked about: what is most frequent among what everybody reads, so that no filter has an easy life."""

    def __init__(self, user: Any) -> None:
        self.user = user
        parts = IncidentCountry.objects.visible_to(user)
        self.host, self.origin = (self.commonest(parts.filter(part=part), "country") for part in ("location", "origin"))
        self.tactic = self.commonest(TacticUsed.objects.visible_to(user), "tactic")
        humans = Person.objects.visible_to(user).filter(kind="individual", notices__isnull=False)
        self.person = self.first(humans)
        self.incident = self.first(Incident.objects.visible_to(user))
        self.source = self.first(SourceDocument.objects.visible_to(user))
        self.notice = self.first(Notice.objects.visible_to(user))
        self.word: str = self.person.label.split()[0]

    @staticmethod
    def first(rows: Any) -> Any:
        return rows.order_by("pk")[0]

    @staticmethod
    def commonest(rows: Any, column: str) -> Any:
        found = rows.order_by().values(column).annotate(n=Count("pk")).order_by("-n", column)
        return found.values_list(column, flat=True)[0]

    def middle(self, resource: Resource) -> str:
        """Return the cursor of the page in the middle of a list."""
        ordering = resource.orderings[0]
        rows: Any = resource.rows(self.user)
        half = rows.count() // 2
        return encode(ordering, FORWARD, in_order(rows, ordering, resource.key)[half])


def works(picks: Picks) -> Iterator[Work]:
    """Yield everything that is measured; the exports first, while the process holds little memory of its own."""
    for name in ("people", "incidents", "notices", "sources"):
        yield Work(f"export {name}.csv", "export", f"/{name}/export.csv", readers=("stranger",))
    yield from lists()
    yield from filters(picks)
    yield from deep(picks)
    yield from pages(picks)


def lists() -> Iterator[Work]:
    """Yield every list of the API in each of its orders, and how many rows each has."""
    for resource in RESOURCES:
        yield Work(f"list {resource.name}", "list", f"{API}/{resource.name}/", by_hand=resource is INCIDENTS)
        for ordering in resource.orderings:
            for code in (ordering.code, ordering.turned(ordering).code):
                if code != resource.orderings[0].code:
                    address = f"{API}/{resource.name}/?ordering={code}"
                    yield Work(f"{resource.name} by {code}", "list", address, by_hand=resource is INCIDENTS)
        yield Work(f"count {resource.name}", "count", f"{API}/{resource.name}/count/")


def filters(picks: Picks) -> Iterator[Work]:
    """Yield the filters that people use most, and the counts of some of them."""
    of_incidents = {
        "host": picks.host,
        "origin": picks.origin,
        "tactic": picks.tactic,
        "stage": "detention",
        "phase": "detention",
        "liberty": "held",
        "procedure": "extradition_requested",
        "open": "true",
        "followed": "true",
        "open_on": DAY,
        "held_on": DAY,
        "reached": "deportation",
        "status": "ongoing",
        "since": DAY,
        "until": DAY,
        "q": picks.word,
        "person": picks.person.ref,
        "source": picks.source.ref,
        "as_of": DAY,
    }
    for name, value in of_incidents.items():
        query = urlencode({name: value})
        yield Work(f"incidents {name}=", "filter", f"{API}/incidents/?{query}", by_hand=name != "as_of")
    for name in ("host", "stage", "open_on", "q"):
        query = urlencode({name: of_incidents[name]})
        yield Work(f"count incidents {name}=", "count", f"{API}/incidents/count/?{query}")
    of_people = {
        "q": picks.word,
        "standing": "target",
        "residence": picks.host,
        "citizenship": picks.origin,
        "phase": "detention",
        "open": "true",
        "held_on": DAY,
    }
    for name, value in of_people.items():
        yield Work(f"people {name}=", "filter", f"{API}/people/?{urlencode({name: value})}")
    others: dict[str, dict[str, Any]] = {
        "stages": {"kind": "detention", "since": DAY},
        "notices": {"instrument": "red_notice", "state": "published", "active_on": DAY},
        "sources": {"language": "en", "q": "lantern"},
        "citations": {"source": picks.source.ref, "field": "occurred"},
    }
    for resource, asked in others.items():
        for name, value in asked.items():
            yield Work(f"{resource} {name}=", "filter", f"{API}/{resource}/?{urlencode({name: value})}")


def deep(picks: Picks) -> Iterator[Work]:
    """Yield the pages in the middle of the longest lists."""
    for resource in (INCIDENTS, PEOPLE):
        address = f"{API}/{resource.name}/?{urlencode({'cursor': picks.middle(resource)})}"
        yield Work(f"middle of {resource.name}", "deep page", address, by_hand=resource is INCIDENTS)


def pages(picks: Picks) -> Iterator[Work]:
    """Yield every page: those of lists, one of each record, and those that look over all cases."""
    for list_page, _, _ in PAGES:
        name = list_page.resource.name
        yield Work(f"page of {name}", "page", f"/{name}/")
    yield Work("page of a person", "page", f"/people/{picks.person.ref}/")
    yield Work("dossier", "page", f"/people/{picks.person.ref}/dossier/")
    yield Work("page of an incident", "page", f"/incidents/{picks.incident.ref}/")
    yield Work("page of a notice", "page", f"/notices/{picks.notice.ref}/")
    yield Work("page of a source", "page", f"/sources/{picks.source.ref}/")
    for name, address in {"home": "/", "board": "/board/", "silence": "/silence/", "deadlines": "/deadlines/"}.items():
        yield Work(name, "page", address)
    yield Work("search", "page", f"/search/?{urlencode({'q': picks.word})}")
    yield Work("codebook", "page", "/codebook/")
    for name, row in {"person": picks.person, "incident": picks.incident}.items():
        address = f"/admin/cases/{name}/{row.pk}/change/"
        yield Work(f"admin form of {name}", "form", address, readers=("analyst",))
