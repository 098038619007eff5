"""The filters of notices."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from cases.filters.fields import CountryFilter
from cases.models import Notice, Person, Warrant
from cases.situation.living import lived
from cases.vocabulary import Accusation, Instrument, NoticeState
from records.fields.uncertain_date import Certainty
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
    """Return the notices in circulation on a day: published by then, and not ended since (`Life.is_active`)."""
    question = Q(is_active=True) if certainty == Certainty.CERTAIN else Q(may_be_active=True)
    return lived(notices, user, day, question, lambda notice: is_active(notice, certainty))


def is_active(notice: Any, certainty: str) -> bool:
    """Whether a notice is in circulation on the day on which it is looked at."""
    certainly = certainty == Certainty.CERTAIN
    return notice.life.is_active(NoticeState.alive(), NoticeState.ending(), certainly=certainly)


class NoticeFilter(StrictFilterSet):
    q = SearchFilter("The name of the person it is against, in any spelling, or words of a charge.", method="search")
    instrument = CodesFilter(Instrument, help_text="The form of the request.")
    requested_by = CountryFilter(
        lambda user: Notice.objects.visible_to(user), "requested_by", help_text="The country that asked for it."
    )
    issuer = CountryFilter(
        lambda user: Warrant.objects.visible_to(user),
        "issuer",
        method="has_warrant",
        several=True,
        label="Warrant of",
        help_text="A country that issued a warrant behind it.",
    )
    accusation = CodesFilter(
        Accusation,
        method="has_warrant",
        several=True,
        help_text="The sort of offence that a warrant behind it is about.",
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
        if not value:
            return notices
        return lived(notices, self.user, self.day, Q(state__in=value), lambda notice: notice.state in value)

    def is_active_on(self, notices: QuerySet, name: str, value: date) -> QuerySet:
        return active_on(notices, value, self.certainty, self.user)
