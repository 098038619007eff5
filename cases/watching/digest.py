"""The digest: what changed in what a reader watches, and why each change is shown."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cases.models import CcfRequest, Incident, Involvement, Notice, Person
from cases.vocabulary import InvolvementRole
from cases.watching.watches import Watched, matches, watched_by
from records.history.changes_since import RecordChanges, changes_since
from records.history.snapshots import label_links, name_of
from records.lists.listing import InvalidQuery
from records.vocabulary import Level

#: How far back a digest looks where nothing was read yet.
FIRST_LOOK = timedelta(days=7)
KINDS: dict[str, Any] = {"people": Person, "incidents": Incident, "notices": Notice, "requests": CcfRequest}


@dataclass(frozen=True)
class DigestEntry:
    """A record that changed, what changed of it, and what of all that is followed led to it."""

    news: RecordChanges
    because: list[Watched]

    @property
    def record(self) -> Any:
        return self.news.record

    @property
    def name(self) -> str:
        return name_of(self.record)

    @property
    def noun(self) -> str:
        return str(self.record._meta.verbose_name)


@dataclass(frozen=True)
class Digest:
    """Entries, the latest first. `refused` are the saved filters that cannot be answered, each with the reason."""

    entries: list[DigestEntry]
    refused: list[tuple[Watched, str]]
    follows_anything: bool


@dataclass
class Reach:
    """The keys of the records that something followed leads to, by kind."""

    keys: dict[str, set[int]] = field(default_factory=lambda: {kind: set() for kind in KINDS})


def digest(user: Any, now: datetime, since: datetime | None = None, *, restricted: bool = True) -> Digest:
    """Return what changed in what `user` follows: since a moment, else since they read it last, else in seven days.

    A person brings the incidents that happened to them, the notices against them, and the requests about those; a
    notice brings the requests about it. Without `restricted`, records of that level are left out.
    """
    reached, refused = reach(user, restricted=restricted)
    start = {one.watch.pk: since or one.watch.seen_at or now - FIRST_LOOK for one, _ in reached}
    because: dict[Any, list[Watched]] = defaultdict(list)
    for kind, model in KINDS.items():
        wanted = {key for _, found in reached for key in found.keys[kind]}
        records = model.objects.visible_to(user).filter(pk__in=wanted).select_related(*label_links(model))
        for record in records if wanted else ():
            because[record] = [one for one, found in reached if record.pk in found.keys[kind]]
    earliest = {record: min(start[one.watch.pk] for one in why) for record, why in because.items()}
    entries = []
    for each in changes_since(earliest, user, restricted=restricted):
        why = [one for one in because[each.record] if start[one.watch.pk] <= each.at]
        if why:
            entries.append(DigestEntry(each, why))
    entries.sort(key=lambda entry: (entry.news.at, entry.record.ref), reverse=True)
    return Digest(entries, refused, bool(reached or refused))


def reach(user: Any, *, restricted: bool) -> tuple[list[tuple[Watched, Reach]], list[tuple[Watched, str]]]:
    """Return what is followed with what it leads to, and the saved filters that cannot be answered."""
    found, refused = [], []
    for one in watched_by(user):
        if one.record and not restricted and one.record.level == Level.RESTRICTED:
            continue
        direct = Reach()
        try:
            direct.keys[one.resource.name] = {one.record.pk} if one.record else matches(one, user)
        except InvalidQuery as error:
            refused.append((one, " ".join(f"{name}: {' '.join(said)}" for name, said in error.problems.items())))
            continue
        found.append((one, direct))
    extend(found, user, restricted=restricted)
    return found, refused


def extend(found: list[tuple[Watched, Reach]], user: Any, *, restricted: bool) -> None:
    """Add what people and notices bring with them."""
    people = {key for _, direct in found for key in direct.keys["people"]}
    own = Involvement.objects.visible_to(user).filter(role=InvolvementRole.SUBJECT, person__in=people)
    own = own if restricted else own.exclude(level=Level.RESTRICTED)
    lead(found, "people", "incidents", own.values_list("person", "incident"))
    against = Notice.objects.visible_to(user).filter(person__in=people)
    lead(found, "people", "notices", against.values_list("person", "pk"))
    notices = {key for _, direct in found for key in direct.keys["notices"]}
    about = CcfRequest.objects.visible_to(user).filter(notice__in=notices)
    lead(found, "notices", "requests", about.values_list("notice", "pk"))


def lead(found: list[tuple[Watched, Reach]], start: str, end: str, links: Any) -> None:
    """Let everything that reaches the start of a link reach its end."""
    ends: dict[int, set[int]] = defaultdict(set)
    for one, other in links:
        ends[one].add(other)
    for _, direct in found:
        direct.keys[end] |= {key for one in direct.keys[start] for key in ends.get(one, ())}
