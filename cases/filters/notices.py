"""The filters of notices."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.filters.fields import CountryFilter
from cases.models import Notice, NoticeEvent, Person, Warrant
from cases.vocabulary import Accusation, Instrument, NoticeState
from records.fields.uncertain_date import Certainty, ended_by
from records.lists.filters import (
    CertaintyFilter,
    CodesFilter,
    DayFilter,
    ReferenceFilter,
    SearchFilter,
    StrictFilterSet,
    as_of_filter,
    iso_day,
    known_on_filter,
)


def active_on(notices: QuerySet, day: date, certainty: str, user: Any) -> QuerySet:
    """Return the notices in circulation on a day: published by then, and not ended since.

    Possibly active: perhaps published by then, and not certainly ended by then. Certainly active: certainly
    published by then, and not even perhaps ended. Where vague dates leave the order of two events open, the order
    of telling decides.
    """
    denied = Certainty.CERTAIN if certainty == Certainty.POSSIBLE else Certainty.POSSIBLE
    events = NoticeEvent.objects.visible_to(user)
    alive = events.filter(ended_by("occurred", day, certainty), state__in=NoticeState.alive(), notice=OuterRef("pk"))
    ends = events.filter(ended_by("occurred", day, denied), state__in=NoticeState.ending(), notice=OuterRef("notice"))
    later = Q(occurred_earliest__gt=OuterRef("occurred_latest"))
    earlier = Q(occurred_latest__lt=OuterRef("occurred_earliest"), occurred_latest__isnull=False)
    ended_since = ends.filter(later | (Q(position__gt=OuterRef("position")) & ~earlier))
    return notices.filter(Exists(alive.filter(~Exists(ended_since))))


class NoticeFilter(StrictFilterSet):
    q = SearchFilter("The name of the person it is against, in any spelling, or words of a charge.", method="search")
    instrument = CodesFilter(Instrument, help_text="The form of the request.")
    requested_by = CountryFilter(
        lambda user: Notice.objects.visible_to(user).values("requested_by"), help_text="The country that asked for it."
    )
    issuer = CountryFilter(
        lambda user: Warrant.objects.visible_to(user).values("issuer"),
        method="has_warrant",
        label="Warrant of",
        help_text="A country that issued a warrant behind it.",
    )
    accusation = CodesFilter(
        Accusation, method="has_warrant", help_text="The sort of offence that a warrant behind it is about."
    )
    state = CodesFilter(
        NoticeState, method="in_state", label="Present state", help_text="Its present state: that of its last event."
    )
    active_on = iso_day(
        "Active on", "events", DayFilter, "Published by that day, and not ended since.", method="is_active_on"
    )
    certainty = CertaintyFilter()
    person = ReferenceFilter("PER", field_name="person__ref", help_text="Against whom it is.")

    as_of = as_of_filter()
    known_on = known_on_filter()

    class Meta:
        model = Notice
        fields: ClassVar[list[str]] = []

    def search(self, notices: Any, name: str, value: str) -> QuerySet:
        people = Person.objects.visible_to(self.user).search(value, self.user)
        charged = Warrant.objects.visible_to(self.user).possibly_by(self.day).search(value)
        return notices.filter(Q(person__in=people) | Q(pk__in=charged.values("notice")))

    def has_warrant(self, notices: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Leave the notices of which a warrant has one of some values in the column called `name`."""
        having = Warrant.objects.visible_to(self.user).possibly_by(self.day).filter(**{f"{name}__in": value})
        return notices.filter(pk__in=having.values("notice")) if value else notices

    def in_state(self, notices: Any, name: str, value: list[str]) -> QuerySet:
        return notices.with_state(self.user, self.day).filter(state__in=value) if value else notices

    def is_active_on(self, notices: QuerySet, name: str, value: date) -> QuerySet:
        return active_on(notices, value, self.certainty, self.user)
