"""What waits for whoever opens the admin: drafts, what came back, what they can approve, what is due, who is silent.

Every list is short, with how many there are and the way to all of them. However many records there are, it takes the
same few statements, and no more than so many rows of a kind are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.urls import reverse
from django.utils.formats import date_format

from cases.duties.soonest import soonest
from cases.models import Person
from cases.silence import silent_cases
from records.current_day import current_day
from records.history.snapshots import label_links, name_of
from records.lists.counting import Count
from records.lists.together import asked_together
from records.models import Proposal, Record
from records.review import entered_by, names_of, proposals_for, refusals, sent_back_to
from records.vocabulary import ProposalState, Review

#: How many rows of a list are shown, and how many are counted one by one.
SHOWN, MOST = 5, 50


@dataclass(frozen=True)
class WorkItem:
    """A line of a list: what it is about, the page where it goes on, and what else to know."""

    text: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class WorkList:
    """What waits for somebody: how much, the first lines, and where all of it stands."""

    name: str
    title: str
    count: str
    items: list[WorkItem]
    all_of_it: list[WorkItem]
    nothing: str


@dataclass
class Drafts:
    """The drafts of one kind of record that somebody entered: keys and moments, the latest first."""

    model: type[Record]
    rows: list[tuple[int, datetime]] = field(default_factory=list)


def work_of(user: Any, site: AdminSite) -> list[WorkList]:
    """Return what waits for `user`, as far as they may see it and their rights go."""
    lists = []
    if models := enters(user, site):
        lists += [own_drafts(user, models), sent_back(user)]
    if user.has_perm("records.review_records"):
        lists.append(waiting(user))
    if user.has_module_perms("cases"):
        lists += [due(user), silent(user)]
    return lists


def enters(user: Any, site: AdminSite) -> list[type[Record]]:
    """Return the kinds of records, of those that stand on their own, which `user` may change."""
    kinds = [model for model in site._registry if issubclass(model, Record) and model.reviewed]
    return [model for model in kinds if user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")]


def admin_page(model: type[Any], page: str, *args: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def up_to_most(found: int, is_more: bool = False) -> str:
    return Count(min(found, MOST), is_more or found > MOST).words


def own_drafts(user: Any, models: Iterable[type[Any]]) -> WorkList:
    """Return the drafts that `user` entered: the latest by name, and the list of each kind."""
    kinds = [Drafts(model) for model in models]
    asked = (
        entered_by(each.model.objects.visible_to(user).filter(review=Review.DRAFT), user)
        .order_by("-updated_at", "-pk")
        .values_list("pk", "updated_at")[: MOST + 1]
        for each in kinds
    )
    for each, rows in zip(kinds, asked_together(asked), strict=True):
        each.rows = [(key, at) for key, at in rows]
    latest = sorted(((at, key, each.model) for each in kinds for key, at in each.rows), key=by_moment, reverse=True)
    found = sum(len(each.rows) for each in kinds)
    return WorkList(
        "drafts",
        "My drafts",
        up_to_most(found),
        list(named(user, latest[:SHOWN])),
        [
            WorkItem(kind_words(each), f"{admin_page(each.model, 'changelist')}?review__exact=draft&entered=me")
            for each in kinds
            if each.rows
        ],
        "No draft that you entered.",
    )


def by_moment(draft: tuple[datetime, int, type[Record]]) -> tuple[datetime, int]:
    return draft[:2]


def kind_words(drafts: Drafts) -> str:
    """Say how many drafts of a kind there are: "3 people"."""
    names = drafts.model._meta
    kind = names.verbose_name if len(drafts.rows) == 1 else names.verbose_name_plural
    return f"{up_to_most(len(drafts.rows))} {kind}"


def named(user: Any, drafts: list[tuple[datetime, int, type[Any]]]) -> Iterable[WorkItem]:
    """Yield drafts as lines."""
    keys: dict[type[Any], list[int]] = defaultdict(list)
    for _, key, model in drafts:
        keys[model].append(key)
    rows = {
        model: model.objects.visible_to(user).select_related(*label_links(model)).in_bulk(some)
        for model, some in keys.items()
    }
    for at, key, model in drafts:
        if (row := rows[model].get(key)) is not None:
            note = f"{model._meta.verbose_name}, {date_format(at, 'j F Y')}"
            yield WorkItem(name_of(row), admin_page(model, "change", row.ref), note)


def sent_back(user: Any) -> WorkList:
    """Return the proposals of `user` that came back, each with what was said."""
    keys = sent_back_to(Proposal.objects.visible_to(user), user).order_by("-decided_at", "-pk")
    found = list(known_proposals(user, keys).select_related("decided_by").order_by("-decided_at", "-pk"))
    return of_proposals(
        ("sent-back", "Sent back to me", "sent_back", "Nothing was sent back to you."),
        found,
        lambda each: f"{each.decided_by}: {each.answer}",
    )


def waiting(user: Any) -> WorkList:
    """Return what `user` can decide on, the oldest first; of what others proposed, the first MOST are looked at."""
    keys = Proposal.objects.visible_to(user).filter(state=ProposalState.OPEN).exclude(proposed_by=user)
    found = list(known_proposals(user, keys.order_by("proposed_at", "pk")).order_by("proposed_at", "pk"))
    said = refusals(found, user)
    return of_proposals(
        ("waiting", "Waiting for my approval", "waiting", "Nothing waits for you."),
        [each for each in found if not said[each]],
        lambda each: f"{each.get_kind_display()}, by {each.proposed_by}, {date_format(each.proposed_at, 'j F Y')}",
        is_more=len(found) > MOST,
    )


def known_proposals(user: Any, asked: Any) -> Any:
    """Return the first of some proposals, as far as `user` may know of them."""
    keys = list(asked.values_list("pk", flat=True)[: MOST + 1])
    return proposals_for(user, pk__in=keys).select_related("proposed_by")


def of_proposals(
    words: tuple[str, str, str, str], found: list[Proposal], note: Callable[[Any], str], *, is_more: bool = False
) -> WorkList:
    """Return a list of proposals; `words` are its name, title, the queue that has all, and what an empty one says."""
    name, title, queue, nothing = words
    names = names_of(found[:SHOWN])
    items = [WorkItem(names[each.ref], admin_page(Proposal, "change", each.ref), note(each)) for each in found[:SHOWN]]
    all_of_it = WorkItem("All of them", f"{admin_page(Proposal, 'changelist')}?queue={queue}")
    return WorkList(
        name, title, up_to_most(len(found), is_more), items, [all_of_it] if found or is_more else [], nothing
    )


def due(user: Any) -> WorkList:
    """Return what is overdue or due within 30 days."""
    coming = soonest(user, current_day(), SHOWN)
    items = [
        WorkItem(f"{each.what}, {each.who.label}", each.link, f"overdue: {each.when}") for each in coming.first.overdue
    ]
    items += [WorkItem(f"{each.what}, {each.who.label}", each.link, each.when) for each in coming.first.next_30_days]
    count = coming.number["overdue"] + coming.number["next_30_days"]
    link = WorkItem("All deadlines", reverse("deadlines"))
    return WorkList("due", "Due", Count(count).words, items[:SHOWN], [link], "Nothing is due in the next 30 days.")


def silent(user: Any) -> WorkList:
    """Return the cases of which nothing was heard for longest."""
    found = silent_cases(user, current_day(), most=MOST + 1)
    people = Person.objects.visible_to(user).defer("folded").in_bulk([each.case.person_id for each in found[:SHOWN]])
    items = [
        WorkItem(
            people[each.case.person_id].label, reverse("person", args=(people[each.case.person_id].ref,)), each.words
        )
        for each in found[:SHOWN]
        if each.case.person_id in people
    ]
    link = WorkItem("All silent cases", reverse("silence"))
    return WorkList(
        "silent", "Silent", up_to_most(len(found)), items, [link], "No case is silent beyond its threshold."
    )
