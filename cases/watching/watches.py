"""What a reader watches: people, incidents, notices, and filtered lists of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.http import QueryDict

from cases.codebook import INCIDENTS, NOTICES, PEOPLE
from records.history.snapshots import label_links, name_of
from records.lists.codebook import Resource
from records.lists.controls import controls
from records.lists.listing import InvalidQuery, Listing
from records.lists.pages import chips
from records.models import Record, Watch

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
class Watched:
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


def watched_by(user: Any) -> list[Watched]:
    """Return what `user` follows, in the order in which they began. A record that they may not see now is not there."""
    watches = [watch for watch in Watch.objects.visible_to(user) if watch.resource in RESOURCES]
    refs: dict[str, list[str]] = defaultdict(list)
    for watch in watches:
        if watch.ref:
            refs[watch.resource].append(watch.ref)
    records = {
        record.ref: record
        for name, some in refs.items()
        for record in visible_records(RESOURCES[name].model, some, user)
    }
    return [
        Watched(watch, RESOURCES[watch.resource], records.get(watch.ref))
        for watch in watches
        if not watch.ref or watch.ref in records
    ]


def visible_records(model: Any, refs: Iterable[str], user: Any) -> Iterable[Record]:
    return model.objects.visible_to(user).filter(ref__in=list(refs)).select_related(*label_links(model))


def filtered(resource: Resource, query: str, user: Any) -> Listing:
    """Return the question that a saved filter asks, checked by the filter of the list itself. Raises InvalidQuery."""
    if len(query) > LONGEST_QUERY:
        raise InvalidQuery({"query": [f"A filter is at most {LONGEST_QUERY} characters long."]})
    given = _asked(query)
    if not given:
        raise InvalidQuery({"query": ["This is the whole list: choose at least one filter first."]})
    listing = Listing(resource, SimpleNamespace(GET=given, user=user))
    past = {name: ["Leave this out: what is followed is followed as it is now."] for name in PAST if name in given}
    if problems := listing.problems | past:
        raise InvalidQuery(problems)
    return listing


def _asked(query: str) -> QueryDict:
    given = QueryDict(query.lstrip("?"), mutable=True)
    for name in BESIDE:
        given.pop(name, None)
    return given


def kept_query(query: str) -> str:
    """Return the query of a list as it is kept for whoever follows it."""
    return _asked(query).urlencode()


def matches(one: Watched, user: Any) -> set[int]:
    """Return the keys of the records that a saved filter matches now. Raises InvalidQuery."""
    rows = filtered(one.resource, one.watch.query, user).rows.prefetch_related(None).order_by()
    found = set(rows.values_list("pk", flat=True)[: MOST_MATCHES + 1])
    if len(found) > MOST_MATCHES:
        raise InvalidQuery(
            {"query": [f"It matches more than {MOST_MATCHES} {one.resource.name}: follow a narrower filter."]}
        )
    return found


def watch_record(user: Any, resource: Resource, ref: str) -> Watched | None:
    """Let `user` follow a record. Returns None for one that they may not see, and for one that there is not."""
    record = next(iter(visible_records(resource.model, [ref], user)), None)
    if record is None:
        return None
    own, others = (
        Watch.objects.visible_to(user),
        [one for one in watched_by(user) if one.record and one.record != record],
    )
    if len(others) >= MOST_RECORDS:
        raise InvalidQuery({"ref": [f"One can follow {MOST_RECORDS} records: end one first."]})
    watch, _ = own.get_or_create(user=user, resource=resource.name, ref=ref, query="")
    return Watched(watch, resource, record)


def watch_filter(user: Any, resource: Resource, query: str, name: str = "") -> Watched:
    """Let `user` follow what a filter matches. Raises InvalidQuery with the parameters that make no sense."""
    listing = filtered(resource, query, user)
    kept = listing.parameters.urlencode()
    own = Watch.objects.visible_to(user)
    if own.filter(ref="").exclude(resource=resource.name, query=kept).count() >= MOST_FILTERS:
        raise InvalidQuery({"query": [f"One can follow {MOST_FILTERS} filters: end one first."]})
    called = (name or in_words(listing))[:LONGEST_NAME]
    matches(Watched(Watch(query=kept), resource), user)
    watch, _ = own.get_or_create(user=user, resource=resource.name, ref="", query=kept, defaults={"name": called})
    return Watched(watch, resource)


def in_words(listing: Listing) -> str:
    """Say what a filter asks: “Host: Morocco, Present phase: Detention”."""
    return ", ".join(f"{chip.label}: {chip.text}" for chip in chips(listing, controls(listing.filterset)))
