"""What readers follow: single people, incidents and notices, and filtered lists of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.http import QueryDict

from cases.codebook import INCIDENTS, NOTICES, PEOPLE
from sources.codebook import Resource
from sources.controls import controls
from sources.images import links_told, name_of
from sources.listing import Listing, Refused
from sources.models import Record, Watch
from sources.pages import chips

RESOURCES = {resource.name: resource for resource in (PEOPLE, INCIDENTS, NOTICES)}
#: How much one reader can follow, and how many records a filter may match to be followed.
MOST_RECORDS, MOST_FILTERS, MOST_MATCHES = 200, 20, 500
LONGEST_QUERY = 2000
LONGEST_NAME = 120
#: What an address of a list may hold beside its filters; it says nothing about what is followed.
BESIDE = ("ordering", "cursor")
#: Filters that ask about a day in the past, in which nothing changes any more.
PAST = ("as_of", "known_on")


@dataclass(frozen=True)
class Followed:
    """Something that a reader follows: a record that they may see now, or a filtered list (`record` is None)."""

    watch: Watch
    resource: Resource
    record: Any = None

    @property
    def name(self) -> str:
        """What the reader calls it, else what it is called."""
        return self.watch.name or (name_of(self.record) if self.record else self.watch.query)

    @property
    def why(self) -> str:
        """Why a change is told: “you follow Kerem Mamut”."""
        return f"you follow {self.name}" if self.record else f"saved filter of {self.resource.name}: {self.name}"


def followed(user: Any) -> list[Followed]:
    """Return what `user` follows, in the order in which they began. A record that they may not see now is not there."""
    watches = [watch for watch in Watch.objects.visible_to(user) if watch.resource in RESOURCES]
    refs: dict[str, list[str]] = defaultdict(list)
    for watch in watches:
        if watch.ref:
            refs[watch.resource].append(watch.ref)
    records = {record.ref: record for name, some in refs.items() for record in seen(RESOURCES[name].model, some, user)}
    return [
        Followed(watch, RESOURCES[watch.resource], records.get(watch.ref))
        for watch in watches
        if not watch.ref or watch.ref in records
    ]


def seen(model: Any, refs: Iterable[str], user: Any) -> Iterable[Record]:
    return model.objects.visible_to(user).filter(ref__in=list(refs)).select_related(*links_told(model))


def filtered(resource: Resource, query: str, user: Any) -> Listing:
    """Return the question that a saved filter asks, checked by the filter of the list itself. Raises Refused."""
    if len(query) > LONGEST_QUERY:
        raise Refused({"query": [f"A filter is at most {LONGEST_QUERY} characters long."]})
    given = QueryDict(query.lstrip("?"), mutable=True)
    for name in BESIDE:
        given.pop(name, None)
    if not given:
        raise Refused({"query": ["This is the whole list: choose at least one filter first."]})
    listing = Listing(resource, SimpleNamespace(GET=given, user=user))
    past = {name: ["Leave this out: what is followed is followed as it is now."] for name in PAST if name in given}
    if problems := listing.problems | past:
        raise Refused(problems)
    return listing


def matches(one: Followed, user: Any) -> set[int]:
    """Return the keys of the records that a saved filter matches now. Raises Refused."""
    rows = filtered(one.resource, one.watch.query, user).rows.prefetch_related(None).order_by()
    found = set(rows.values_list("pk", flat=True)[: MOST_MATCHES + 1])
    if len(found) > MOST_MATCHES:
        raise Refused(
            {"query": [f"It matches more than {MOST_MATCHES} {one.resource.name}: follow a narrower filter."]}
        )
    return found


def follow_record(user: Any, resource: Resource, ref: str) -> Followed | None:
    """Let `user` follow a record. Returns None for one that they may not see, and for one that there is not."""
    record = next(iter(seen(resource.model, [ref], user)), None)
    if record is None:
        return None
    own, others = Watch.objects.visible_to(user), [one for one in followed(user) if one.record and one.record != record]
    if len(others) >= MOST_RECORDS:
        raise Refused({"ref": [f"One can follow {MOST_RECORDS} records: end one first."]})
    watch, _ = own.get_or_create(user=user, resource=resource.name, ref=ref, query="")
    return Followed(watch, resource, record)


def follow_filter(user: Any, resource: Resource, query: str, name: str = "") -> Followed:
    """Let `user` follow what a filter matches. Raises Refused with the parameters that make no sense."""
    listing = filtered(resource, query, user)
    kept = listing.parameters.urlencode()
    own = Watch.objects.visible_to(user)
    if own.filter(ref="").exclude(resource=resource.name, query=kept).count() >= MOST_FILTERS:
        raise Refused({"query": [f"One can follow {MOST_FILTERS} filters: end one first."]})
    called = (name or in_words(listing))[:LONGEST_NAME]
    matches(Followed(Watch(query=kept), resource), user)
    watch, _ = own.get_or_create(user=user, resource=resource.name, ref="", query=kept, defaults={"name": called})
    return Followed(watch, resource)


def in_words(listing: Listing) -> str:
    """Say what a filter asks: “Host: Morocco, Present phase: Detention”."""
    return ", ".join(f"{chip.label}: {chip.text}" for chip in chips(listing, controls(listing.filterset)))
