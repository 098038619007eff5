"""The filters of cases without news."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet

from cases.filters.incident_parts import country_filter, parts_with
from cases.filters.questions import in_phase
from cases.models import Involvement
from cases.situation.keys import leads_to
from cases.situation.standing import standing
from cases.vocabulary import Phase, Scope
from records.lists.filters import CodesFilter, StrictFilterSet, as_of_filter


class SilenceFilter(StrictFilterSet):
    phase = CodesFilter(
        Phase, method="in_phase", label="Present phase", help_text="The phase of the stage at which the case stands."
    )
    host = country_filter("host", "Host", "A country where it happened, other than a state behind it.")
    origin = country_filter("origin", "State behind it", "A state behind the incident.")
    scope = CodesFilter(
        Scope,
        field_name="incident__scope",
        help_text="Whether it reached across a border. Without it, all but the domestic cases.",
    )

    as_of = as_of_filter()

    class Meta:
        model = Involvement
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Leave out the domestic cases, unless the question is about the scope."""
        cases = super().filter_queryset(queryset)
        return cases if self._is_about_scope else cases.exclude(incident__scope=Scope.DOMESTIC)

    @property
    def left_out(self) -> QuerySet:
        """The cases that match, and are left out because they are domestic."""
        if self._is_about_scope:
            return self.queryset.none()
        return super().filter_queryset(self.queryset).filter(incident__scope=Scope.DOMESTIC)

    @property
    def _is_about_scope(self) -> bool:
        return any(self.form.cleaned_data.get(name) for name in ("scope", "scope_not"))

    def has_part(self, cases: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return cases
        return cases.filter(leads_to("incident", parts_with(name, value, self.user, self.day), "incident"))

    def in_phase(self, cases: QuerySet, name: str, value: list[str]) -> QuerySet:
        if not value:
            return cases
        return cases.filter(standing(in_phase(value), self.user, self.day).through("pk", "involvement"))
