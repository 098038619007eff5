"""The filters of requests to Interpol's review commission."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet

from cases.models import CcfRequest, Person
from cases.situation.living import living
from cases.vocabulary import CcfKind, CcfOutcome, CcfState
from records.lists.filters import (
    CodesFilter,
    ReferenceFilter,
    SearchFilter,
    StrictFilterSet,
    as_of_filter,
    known_on_filter,
)


class CcfRequestFilter(StrictFilterSet):
    q = SearchFilter("The name of the person it is about, in any spelling.", method="search")
    kind = CodesFilter(CcfKind, help_text="What it asks for.")
    state = CodesFilter(
        CcfState, method="in_state", label="Present state", help_text="Its present state: that of its last event."
    )
    outcome = CodesFilter(CcfOutcome, help_text="What the commission decided.")
    notice = ReferenceFilter("NOT", field_name="notice__ref", help_text="The notice that it is about.")
    person = ReferenceFilter(
        "PER", field_name="notice__person__ref", help_text="The person whom the notice is against."
    )

    as_of = as_of_filter()
    known_on = known_on_filter()

    class Meta:
        model = CcfRequest
        fields: ClassVar[list[str]] = []

    def search(self, requests: Any, name: str, value: str) -> QuerySet:
        return requests.filter(notice__person__in=Person.objects.visible_to(self.user).search(value, self.user))

    def in_state(self, requests: Any, name: str, value: list[str]) -> QuerySet:
        return living(requests, self.user, self.day, lambda row: row.state in value) if value else requests
